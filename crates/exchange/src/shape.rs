//! Version 1 of the threat model as JSON. Keys are snake_case; a key without
//! value is left out; lists are always there.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

/// The version written into every document. It grows when a reader of the old
/// one would misunderstand the new one; new keys do not count.
pub const VERSION: &str = "1";

/// A text, mostly the model's own.
pub type Text<'a> = Cow<'a, str>;

/// Values made one by one while they are written: the threats of a big system
/// with all their evidence need not be in memory twice.
pub struct Each<'a, T>(Box<dyn Fn() -> Values<'a, T> + 'a>);

type Values<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

impl<'a, T: 'a> Each<'a, T> {
    /// Values as an iterator gives them that is begun for every writing.
    pub fn of<I: Iterator<Item = T> + 'a>(begin: impl Fn() -> I + 'a) -> Self {
        Self(Box::new(move || Box::new(begin())))
    }

    /// The values.
    pub fn iter(&self) -> impl Iterator<Item = T> + 'a {
        (self.0)()
    }
}

impl<'a, T: Serialize + 'a> Serialize for Each<'a, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'a, T: fmt::Debug + 'a> fmt::Debug for Each<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The end of a place, exclusive.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct End {
    /// Last line.
    pub line: u32,
    /// The column after the last one.
    pub column: u32,
}

/// Positions in a list, from 0.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Positions(pub Vec<u32>);

macro_rules! shape {
    ($($(#[$meta:meta])* pub struct $name:ident<'a> { $($(#[$field_meta:meta])* pub $field:ident: $ty:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Serialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
            pub struct $name<'a> {
                $(
                    $(#[$field_meta])*
                    pub $field: $ty,
                )*
            }
        )*
    };
}

shape! {
    /// A threat model.
    pub struct Document<'a> {
        /// The version of this shape.
        pub version: &'static str,
        /// The tool that wrote it, with its version.
        pub tool: Text<'a>,
        /// The date the analysis was made for, `YYYY-MM-DD`.
        pub as_of: Text<'a>,
        /// Wholes that belong together.
        pub systems: Vec<System<'a>>,
        /// Trust zones, least trusted first.
        pub zones: Vec<Zone<'a>>,
        /// Components, actors among them.
        pub components: Vec<Component<'a>>,
        /// Data flows.
        pub flows: Vec<Flow<'a>>,
        /// Threats, worst first; those that do not apply are left out.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Threat<'a>>"))]
        pub threats: Each<'a, Threat<'a>>,
        /// The roads an attacker could walk, those that matter most first.
        pub roads: Vec<Road<'a>>,
        /// Open questions, those that decide most first.
        pub questions: Vec<Question<'a>>,
        /// What was taken as given.
        pub assumptions: Vec<Assumption<'a>>,
        /// What was not understood, or left out.
        pub diagnostics: Vec<Diagnostic<'a>>,
    }

    /// A whole: one application.
    pub struct System<'a> {
        /// Its name.
        pub name: Text<'a>,
        /// What its templates say it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub description: Option<Text<'a>>,
        /// One sentence on what it is made of.
        pub summary: Text<'a>,
        /// The files it stands in.
        pub files: Vec<Text<'a>>,
        /// How many resources it declares.
        pub resources: usize,
    }

    /// A trust zone.
    pub struct Zone<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// How far it is trusted, 0 to 100.
        pub rating: u8,
    }

    /// A component.
    pub struct Component<'a> {
        /// `stack/logical-id[:sub]`.
        pub id: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// Its kind, such as `function`.
        pub kind: Text<'a>,
        /// The id of its trust zone.
        pub zone: Text<'a>,
        /// The name of its system.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub system: Option<Text<'a>>,
        /// The resource it stands for.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub resource: Option<Resource<'a>>,
        /// Where it is declared.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place<'a>>,
        /// When it exists, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<Text<'a>>,
        /// Named but not declared in what was read.
        pub outside: bool,
        /// Its parts.
        pub parts: Vec<Part<'a>>,
    }

    /// A declared resource.
    pub struct Resource<'a> {
        /// Its type as written.
        pub r#type: Text<'a>,
        /// Its logical id.
        pub logical_id: Text<'a>,
        /// The path of its stack.
        pub stack: Text<'a>,
    }

    /// A named thing inside a component.
    pub struct Part<'a> {
        /// The list it is in, such as `routes`.
        pub group: Text<'a>,
        /// What it is, such as `route`.
        pub kind: Text<'a>,
        /// The name people use, such as `GET /orders`.
        pub key: Text<'a>,
        /// Where it is declared.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place<'a>>,
        /// When it exists, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<Text<'a>>,
    }

    /// A data flow.
    pub struct Flow<'a> {
        /// Its id, made from the names of its ends.
        pub id: Text<'a>,
        /// The id of the component where it starts.
        pub source: Text<'a>,
        /// The id of the component where it ends.
        pub destination: Text<'a>,
        /// `trigger`, `access`, `call` or `delivery`.
        pub kind: &'static str,
        /// `strong`, `possible` or `no-permission`.
        pub strength: &'static str,
        /// What moves: `read`, `write`, an event, a route; may be empty.
        pub label: Text<'a>,
        /// When it exists, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<Text<'a>>,
        /// Where it is declared.
        pub places: Vec<Place<'a>>,
    }

    /// A threat on a component.
    pub struct Threat<'a> {
        /// `entry@component`.
        pub id: Text<'a>,
        /// The library entry.
        pub entry: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// The id of the component.
        pub component: Text<'a>,
        /// `exposed`, `question` or `mitigated`: the worst of the points.
        pub state: &'static str,
        /// Under which conditions it is exposed, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<Text<'a>>,
        /// Whether only code can decide it.
        pub only_code: bool,
        /// What people decided; none yet.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub decision: Option<Text<'a>>,
        /// How bad, and why.
        pub risk: Risk<'a>,
        /// Where on the component.
        pub points: Vec<Point<'a>>,
        /// The facts that decided, over all points, each once.
        pub evidence: Vec<Evidence<'a>>,
        /// What stands against it.
        pub countermeasures: Vec<Countermeasure<'a>>,
        /// The facts that would decide it, as `fact @ component`.
        pub questions: Vec<Text<'a>>,
        /// Ids of threats that this one includes and that are not shown beside it.
        pub absorbs: Vec<Text<'a>>,
        /// The id of the threat that includes this one and is shown instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub absorbed_by: Option<Text<'a>>,
        /// Every place of the evidence once, the first written first.
        pub places: Vec<Place<'a>>,
    }

    /// The answer to a question about roads.
    pub struct Roads<'a> {
        /// The version of this shape.
        pub version: &'static str,
        /// The tool that wrote it, with its version.
        pub tool: Text<'a>,
        /// The roads.
        pub roads: Vec<Road<'a>>,
    }

    /// A chain of steps from outside to something worth having.
    pub struct Road<'a> {
        /// `entrance -> component (hold)`; the same as long as its ends are.
        pub id: Text<'a>,
        /// The id of the component that is had at its end.
        pub target: Text<'a>,
        /// What is had of it: `reads`, `writes`, `controls` or `reaches`.
        pub hold: &'static str,
        /// The share of attackers who get to its end, above 0 and at most 1.
        pub ease: f64,
        /// What is worth having there, above 0 and at most 1.
        pub worth: f64,
        /// When it is open, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<Text<'a>>,
        /// Its steps, in order; the first starts outside.
        pub steps: Vec<Step<'a>>,
    }

    /// One step of an attacker.
    pub struct Step<'a> {
        /// The component or route it leads to, as `component # route`.
        pub to: Text<'a>,
        /// What is had of it then.
        pub hold: &'static str,
        /// Why it is possible: `open`, `admitted`, `handed-on`, `defined`,
        /// `forwarded`, `purpose`, `flaw`, `rights`, `granted`, `runs-as`, `guest` or
        /// `escalation`.
        pub how: &'static str,
        /// Who, which route or event, which statement, which way of escalation;
        /// may be empty.
        pub by: Text<'a>,
        /// The share of attackers who get past it.
        pub ease: f64,
        /// Why nobody can tell whether it is possible, if so.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub unknown: Option<Unknown<'a>>,
        /// The lines that make it possible.
        pub places: Vec<Place<'a>>,
    }

    /// How bad a threat is here.
    pub struct Risk<'a> {
        /// 0 to 100.
        pub value: u8,
        /// `very-low`, `low`, `medium`, `high` or `critical`.
        pub band: &'static str,
        /// What made it so.
        pub factors: Vec<Factor<'a>>,
    }

    /// One reason for a risk's size.
    pub struct Factor<'a> {
        /// Its name.
        pub name: Text<'a>,
        /// What it was found to be.
        pub finding: Text<'a>,
        /// What it contributes.
        pub weight: f64,
    }

    /// One place on a component where a threat was judged.
    pub struct Point<'a> {
        /// The part's key; empty for the component as a whole.
        pub key: Text<'a>,
        /// `exposed`, `question`, `mitigated` or `not-applicable`.
        pub status: &'static str,
        /// Under which conditions, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<Text<'a>>,
        /// Whether it is so by default, where conditions decide and have defaults.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub by_default: Option<bool>,
        /// The id of the threat that includes this point and shows it instead.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub absorbed_by: Option<Text<'a>>,
        /// The facts that decided: their positions in the threat's `evidence`.
        pub evidence: Positions,
    }

    /// A fact that took part in a decision.
    pub struct Evidence<'a> {
        /// The component or part whose fact it is.
        pub subject: Text<'a>,
        /// The fact.
        pub fact: Text<'a>,
        /// Its value, for people.
        pub value: Text<'a>,
        /// What it rests on; missing if it is unknown.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub basis: Option<&'static str>,
        /// Why it is unknown, if it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub unknown: Option<Unknown<'a>>,
        /// When it holds, if not always.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub guard: Option<Text<'a>>,
        /// What was taken as given.
        pub assumptions: Vec<Text<'a>>,
        /// Where it stands.
        pub places: Vec<Place<'a>>,
    }

    /// Why something is unknown.
    pub struct Unknown<'a> {
        /// A word for programs: `parameter`, `import`, `code`, `people` …
        pub reason: &'static str,
        /// A phrase for people.
        pub detail: Text<'a>,
    }

    /// Whether a countermeasure is there.
    pub struct Countermeasure<'a> {
        /// `entry@component`.
        pub id: Text<'a>,
        /// The library entry.
        pub entry: Text<'a>,
        /// Its name.
        pub name: Text<'a>,
        /// The id of the component it is to be put on; several joined by `, `.
        pub target: Text<'a>,
        /// `in-place`, `partial`, `unknown`, `missing` or `not-applicable`.
        pub status: &'static str,
        /// Whether it alone settles the threat.
        pub sufficient: bool,
        /// How we know.
        pub evidence: Vec<Evidence<'a>>,
    }

    /// A question, asked once for everything that hangs on it.
    pub struct Question<'a> {
        /// `fact @ component`.
        pub key: Text<'a>,
        /// The question.
        pub ask: Text<'a>,
        /// Why nobody could tell.
        pub why: Unknown<'a>,
        /// The unresolved expression.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place<'a>>,
        /// Ids of the threats it would decide.
        pub decides: Vec<Text<'a>>,
    }

    /// Something taken as given.
    pub struct Assumption<'a> {
        /// What.
        pub text: Text<'a>,
    }

    /// Something wrong with the input, or left out.
    pub struct Diagnostic<'a> {
        /// A stable name.
        pub code: Text<'a>,
        /// `error`, `warning` or `note`.
        pub severity: &'static str,
        /// What happened.
        pub message: Text<'a>,
        /// Where.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub place: Option<Place<'a>>,
        /// The file or folder, where there is no place inside it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub path: Option<Text<'a>>,
        /// Other places, each with what it is.
        pub related: Vec<Place<'a>>,
        /// Why it matters.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub note: Option<Text<'a>>,
        /// What to do.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub help: Option<Text<'a>>,
    }

    /// A place in a file; lines and columns count from 1, columns in characters.
    pub struct Place<'a> {
        /// The file.
        pub file: Text<'a>,
        /// First line.
        pub line: u32,
        /// First column.
        pub column: u32,
        /// Where it ends.
        pub end: End,
        /// `here`, `missing-here` or `related`.
        pub role: &'static str,
    }
}
