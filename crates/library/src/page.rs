//! What people read of an entry: prose, standards, references, examples.
//!
//! Kept apart from what the engine needs, so that a run decodes only that.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::CatalogueExample;

/// The pages of all entries, in the order of the entries.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pages {
    /// One for each threat, by id.
    pub threats: Vec<ThreatPage>,
    /// One for each countermeasure, by id.
    pub countermeasures: Vec<CountermeasurePage>,
    /// Lists of requirements and weaknesses, by id.
    pub standards: Vec<Standard>,
    /// One for each entry of the catalogue, by id.
    pub catalogue: Vec<CataloguePage>,
}

/// What people and tests read of an entry of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CataloguePage {
    /// The entry's id.
    pub id: Arc<str>,
    /// The file it is written in.
    pub path: Arc<str>,
    /// Its own tests.
    pub examples: Vec<CatalogueExample>,
}

/// What people read of a threat.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThreatPage {
    /// The threat's id.
    pub id: Arc<str>,
    /// The file it is written in.
    pub path: Arc<str>,
    /// What can happen, in one sentence.
    pub threat: Sentence,
    /// Why that is so.
    pub why: Arc<str>,
    /// When it may be fine after all.
    pub hint: Option<Arc<str>>,
    /// Who can tell whether it is there.
    pub decided_by: Vec<Decider>,
    /// What kinds of threat it is.
    pub stride: Vec<Stride>,
    /// Weaknesses and attacks it is known as.
    pub standards: Vec<Requirements>,
    /// Where to read more.
    pub references: Vec<Arc<str>>,
    /// Its own tests.
    pub examples: Vec<Example>,
}

/// What people read of a countermeasure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountermeasurePage {
    /// The countermeasure's id.
    pub id: Arc<str>,
    /// The file it is written in.
    pub path: Arc<str>,
    /// What to do.
    pub action: Arc<str>,
    /// What to write, by format.
    pub fix: Vec<Fix>,
    /// Who can tell whether it is in place.
    pub decided_by: Vec<Decider>,
    /// How to see that it works.
    pub verify: Arc<str>,
    /// Controls it satisfies.
    pub standards: Vec<Requirements>,
    /// Where to read more.
    pub references: Vec<Arc<str>>,
    /// Its own tests.
    pub examples: Vec<Example>,
}

/// Who can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Decider {
    /// The template shows it.
    Template,
    /// Only the code does.
    Code,
    /// Somebody must be asked.
    Person,
}

impl Decider {
    /// All.
    pub const ALL: [Decider; 3] = [Decider::Template, Decider::Code, Decider::Person];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Decider::Template => "template",
            Decider::Code => "code",
            Decider::Person => "person",
        }
    }
}

/// What to write in one format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// In which.
    pub format: Format,
    /// One `Property.Path: value` a line, or a snippet.
    pub text: Arc<str>,
}

/// The parts of one sentence: *source* *action* and so *impact*. `{component}`
/// and paths such as `{target}` stand for names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Who: `anyone on the internet`.
    pub source: Arc<str>,
    /// Does what: `calls {component} directly`.
    pub action: Arc<str>,
    /// With what result: `runs {target} with its permissions`.
    pub impact: Arc<str>,
    /// What is lost.
    pub harms: Vec<Harm>,
}

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Harm {
    /// Somebody learns what they should not.
    Confidentiality,
    /// Somebody changes what they should not.
    Integrity,
    /// It stops, or costs more than it may.
    Availability,
}

impl Harm {
    /// All.
    pub const ALL: [Harm; 3] = [Harm::Confidentiality, Harm::Integrity, Harm::Availability];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Harm::Confidentiality => "confidentiality",
            Harm::Integrity => "integrity",
            Harm::Availability => "availability",
        }
    }
}

/// Kinds of threat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stride {
    /// Acting as somebody else.
    Spoofing,
    /// Changing data or code.
    Tampering,
    /// Denying what one did.
    Repudiation,
    /// Learning what one should not.
    InformationDisclosure,
    /// Stopping it, or making it cost too much.
    DenialOfService,
    /// Getting rights one should not have.
    ElevationOfPrivilege,
}

impl Stride {
    /// All, in the order of the letters.
    pub const ALL: [Stride; 6] = [
        Stride::Spoofing,
        Stride::Tampering,
        Stride::Repudiation,
        Stride::InformationDisclosure,
        Stride::DenialOfService,
        Stride::ElevationOfPrivilege,
    ];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Stride::Spoofing => "spoofing",
            Stride::Tampering => "tampering",
            Stride::Repudiation => "repudiation",
            Stride::InformationDisclosure => "information-disclosure",
            Stride::DenialOfService => "denial-of-service",
            Stride::ElevationOfPrivilege => "elevation-of-privilege",
        }
    }
}

/// Items of one standard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Requirements {
    /// The standard's id, such as `cwe`.
    pub standard: Arc<str>,
    /// Its items, such as `CWE-306`.
    pub items: Vec<Arc<str>>,
}

/// A list of requirements or weaknesses that somebody publishes:
/// `library/standards/<id>.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Its id, such as `cwe`.
    pub id: Arc<str>,
    /// Its name for people.
    pub title: Arc<str>,
    /// Its name where there is little room, such as `CWE`.
    pub short: Arc<str>,
    /// Which edition.
    pub version: Arc<str>,
    /// Where it is published.
    pub source: Arc<str>,
    /// The day it was last compared, `YYYY-MM-DD`.
    pub checked: Arc<str>,
    /// Where one item is published: `{number}` stands for the digits of its id,
    /// `{path}` for the id with `/` for `.`.
    pub link: Option<Arc<str>>,
    /// Its items and their titles, by id; only those somebody may name here.
    pub items: Vec<(Arc<str>, Arc<str>)>,
}

/// What an example is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    /// AWS SAM.
    Sam,
    /// AWS CloudFormation.
    CloudFormation,
}

impl Format {
    /// All.
    pub const ALL: [Format; 2] = [Format::Sam, Format::CloudFormation];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Format::Sam => "sam",
            Format::CloudFormation => "cloudformation",
        }
    }

    /// Its name as its makers write it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Sam => "SAM",
            Format::CloudFormation => "CloudFormation",
        }
    }
}

/// A template and what its entry must say of it, judged with that entry alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The case in a few words.
    pub case: Arc<str>,
    /// What must come out.
    pub expect: Expect,
    /// What the text is written in.
    pub format: Format,
    /// The template.
    pub text: Arc<str>,
    /// The line in the entry's file on which the template begins, from 1.
    pub line: u32,
    /// By how many columns it stands further right there.
    pub indent: u32,
    /// Lines of the template, from 1, that must be among the evidence.
    pub evidence: Vec<u32>,
    /// Values of the template's parameters.
    pub parameters: Vec<(Arc<str>, Arc<str>)>,
    /// The day it is judged for, `YYYY-MM-DD`; none: the runner's own.
    pub as_of: Option<Arc<str>>,
    /// Why it fails as written, if it must.
    pub known_gap: Option<Arc<str>>,
}

/// What must come out of an example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expect {
    /// Over all points of all components it applies to: the worst.
    pub outcome: Outcome,
    /// Which component alone, where the template has several.
    pub on: Option<Arc<str>>,
    /// What must come out of single points, by key.
    pub points: Vec<(Arc<str>, Outcome)>,
    /// The facts that must be asked for.
    pub asks: Vec<Arc<str>>,
}

/// What may come out: of a threat the first five, of a countermeasure
/// `NotApplicable` and the last four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// The situation is there and so is the gap.
    Exposed,
    /// Exposed, but not in every world.
    Depends,
    /// It hangs on something unknown.
    Question,
    /// The gap is closed.
    Mitigated,
    /// The situation is not there; there is nothing to put it on.
    NotApplicable,
    /// The countermeasure is there.
    InPlace,
    /// In some worlds, or on some of several.
    Partial,
    /// Nobody can tell.
    Unknown,
    /// It is not there.
    Missing,
}

impl Outcome {
    /// Of a threat.
    pub const OF_THREATS: [Outcome; 5] = [
        Outcome::Exposed,
        Outcome::Depends,
        Outcome::Question,
        Outcome::Mitigated,
        Outcome::NotApplicable,
    ];

    /// Of a countermeasure.
    pub const OF_COUNTERMEASURES: [Outcome; 5] = [
        Outcome::InPlace,
        Outcome::Partial,
        Outcome::Unknown,
        Outcome::Missing,
        Outcome::NotApplicable,
    ];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Exposed => "exposed",
            Outcome::Depends => "depends",
            Outcome::Question => "question",
            Outcome::Mitigated => "mitigated",
            Outcome::NotApplicable => "not-applicable",
            Outcome::InPlace => "in-place",
            Outcome::Partial => "partial",
            Outcome::Unknown => "unknown",
            Outcome::Missing => "missing",
        }
    }
}
