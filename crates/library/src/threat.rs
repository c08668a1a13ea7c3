//! A threat as knowledge: when it applies, what the gap is, what stands against it.
//!
//! One YAML file each, `library/threats/<topic>/<id>.yaml`; the prose and the
//! examples of the same file are its [`ThreatPage`](crate::ThreatPage).
//!
//! ```yaml
//! id: function-url-open                        # the file's name
//! name: Function URL open to anyone            # names the problem, not the cure
//! status: stable                               # draft | stable | { deprecated: { since, instead, reason } }
//! applies-to: function-url                     # a kind, a trait, kind/part, or a list of these
//! when: "true"                                 # the situation
//! exposed: open_to == "anyone"                 # the gap; left out: no sufficient countermeasure is in place
//! absorbs:                                     # not shown beside this one
//!   - function-url-cors: {}                    # … at the same point or component
//!   - function-policy-public: { on: target }   # … along a path of facts
//!
//! threat:                                      # one sentence: source action, which impact
//!   source: anyone on the internet
//!   action: calls {component} directly, skipping the API in front of it
//!   impact: runs {target} with its permissions, and at our cost
//!   harms: [integrity, availability]
//! why: >
//!   A function URL is a public HTTPS address. With no authorisation, the only
//!   gate left is whatever the handler checks for itself.
//! hint: A webhook that verifies a signature in code is fine.   # optional
//!
//! rate:                                        # negligible | low | medium | high | critical
//!   likelihood: high
//!   impact: { confidentiality: medium, integrity: medium, availability: medium }
//! stride: [spoofing, elevation-of-privilege]
//! standards: { cwe: [CWE-306], attack: [T1190] }
//! countermeasures:
//!   - function-url-iam: { sufficient: true }   # alone settles it
//!   - reserved-concurrency: { on: target }     # on another component, along a path
//!   - waf                                      # nothing more to say
//! references: [https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html]
//!
//! examples:
//!   - case: no authorisation at all
//!     expect: exposed                          # or question, mitigated, not-applicable, depends
//!     sam: |                                   # or cloudformation
//!       Resources:
//!         Resize:
//!           Type: AWS::Serverless::Function
//!           Properties:
//!             Handler: app.handler
//!             FunctionUrlConfig:
//!               AuthType: NONE          # <- evidence
//!   - case: one route of two
//!     expect: { state: exposed, points: { GET /orders: exposed, GET /health: mitigated } }
//!     sam: …
//!   - case: only a person knows
//!     expect: { state: question, asks: [sensitive], on: Orders }   # `on`: which component, where there are several
//!     known-gap: table classes are not read yet                    # it must fail as written
//!     sam: …
//! ```

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use underbelly_expression::Expression;

use crate::{AppliesTo, CountermeasureIndex, Level, Path, ThreatIndex};

/// What the engine needs of a threat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThreatDef {
    /// Its id, such as `function-url-open`.
    pub id: Arc<str>,
    /// The problem in a few words.
    pub name: Arc<str>,
    /// How far it may be relied on.
    pub status: EntryStatus,
    /// Only for components of this provider, where it is not for all.
    pub provider: Option<Arc<str>>,
    /// What it is judged on; not empty.
    pub applies_to: Vec<AppliesTo>,
    /// The situation.
    pub when: Expression,
    /// The gap; none: that no sufficient countermeasure is in place.
    pub exposed: Option<Expression>,
    /// Threats that are not shown beside this one.
    pub absorbs: Vec<Absorb>,
    /// How likely and how bad, before anything known of the system counts.
    pub rate: Rate,
    /// What stands against it, the best first.
    pub countermeasures: Vec<Link>,
    /// Whether only code can decide it once the situation is there.
    pub only_code: bool,
}

/// How far an entry may be relied on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryStatus {
    /// Being written: judged like others, and said to be a draft.
    #[default]
    Draft,
    /// Examples pass, references stand.
    Stable,
    /// No longer judged; its id stays known.
    Deprecated(Deprecated),
}

/// Why an entry is no longer judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deprecated {
    /// Since which day, `YYYY-MM-DD`.
    pub since: Arc<str>,
    /// What took its place.
    pub instead: Option<Arc<str>>,
    /// Why.
    pub reason: Arc<str>,
}

impl EntryStatus {
    /// The word people and programs read.
    pub fn word(&self) -> &'static str {
        match self {
            EntryStatus::Draft => "draft",
            EntryStatus::Stable => "stable",
            EntryStatus::Deprecated(_) => "deprecated",
        }
    }

    /// Whether entries of this status are judged.
    pub fn is_judged(&self) -> bool {
        !matches!(self, EntryStatus::Deprecated(_))
    }
}

/// A threat that is not shown where another one says more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorb {
    /// Which.
    pub id: Arc<str>,
    /// The same, ready to use.
    pub threat: ThreatIndex,
    /// Where it stands; none: at the same point, or, for a threat on a whole
    /// component, anywhere on it.
    pub on: Option<Path>,
}

/// A countermeasure as far as one threat is concerned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Which.
    pub id: Arc<str>,
    /// The same, ready to use.
    pub countermeasure: CountermeasureIndex,
    /// The component or components it is to be put on; none: the threat's own
    /// point or component.
    pub on: Option<Path>,
    /// Whether it alone settles the threat.
    pub sufficient: bool,
    /// A group of this name of which the best member counts and one is enough.
    pub any: Option<Arc<str>>,
    /// What it takes off this threat, where that differs from the usual.
    pub lowers: Option<Lowers>,
}

/// The share a countermeasure takes off while it is in place, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lowers {
    /// Of the likelihood.
    pub likelihood: f32,
    /// Of the impact.
    pub impact: f32,
}

/// How likely and how bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// How likely somebody tries and succeeds where the gap is open:
    /// `negligible` several other failures are needed; `low` needs rights or
    /// knowledge few have; `medium` a skilled outsider or any insider; `high`
    /// anyone with common tools; `critical` scanners find and use it.
    pub likelihood: Level,
    /// How bad it is then, on data of ordinary worth.
    pub impact: Impact,
}

/// How bad, by what is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Somebody learns what they should not.
    pub confidentiality: Level,
    /// Somebody changes what they should not.
    pub integrity: Level,
    /// It stops, or costs more than it may.
    pub availability: Level,
}
