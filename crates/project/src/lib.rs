//! What a team says of its own system, and no template shows: `underbelly.yaml`.
//!
//! Read strictly ([`read`]): a key nobody knows is an error with its line. What it
//! says of the system ([`Project::describe`]) is laid over what the templates show
//! before anything follows from it; what it decides of threats ([`Project::decide`]) stands beside them
//! afterwards. A name that leads nowhere is reported, never skipped in silence.
//!
//! ```yaml
//! assets:
//!   customer data: { held-by: [Customers], confidentiality: high }
//! answers:
//!   sensitive @ Orders: true
//! accepted:
//!   - { threat: function-url-open@Resize, reason: a public demo, until: 2027-01-31 }
//! ```

#![warn(missing_docs)]

mod answer;
mod decide;
mod describe;
mod edit;
mod fill;
mod names;
mod read;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use underbelly_model::{Decided, Level};
use underbelly_source::Span;

pub use answer::{Form, form};
pub use decide::threat_named;
pub use edit::{Entry, added};
pub use names::{fact_and_subject, subject_named, subjects_named};
pub use read::read;

/// The name of the file.
pub const FILE_NAME: &str = "underbelly.yaml";

/// What one `underbelly.yaml` says.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The folder it lies in, with a slash at its end: it speaks of what lies
    /// below. Empty for everything.
    pub folder: Arc<str>,
    /// Systems that no template declares.
    pub components: Vec<Declared>,
    /// People and programs that use the system.
    pub actors: Vec<Declared>,
    /// Zones of its own, and who stands in which.
    pub zones: Vec<Zone>,
    /// Data worth protecting.
    pub assets: Vec<Asset>,
    /// Facts that people know.
    pub answers: Vec<Answer>,
    /// Threats that people decided on, and components left to others.
    pub decisions: Vec<Decision>,
    /// Countermeasures that people plan.
    pub planned: Vec<Planned>,
}

/// A name and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

/// A component or actor that no template declares.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its name.
    pub name: Named,
    /// Its kind; `external` or `actor` unless said.
    pub kind: Option<Named>,
    /// The zone it stands in.
    pub zone: Option<Named>,
    /// What it calls.
    pub calls: Vec<Named>,
    /// Who calls it.
    pub called_by: Vec<Named>,
}

/// A trust zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its id.
    pub id: Named,
    /// Its name for people, for a new one.
    pub name: Option<Arc<str>>,
    /// How far it is trusted, 0 to 100, for a new one.
    pub rating: Option<u8>,
    /// Who stands in it.
    pub holds: Vec<Named>,
}

/// Data worth protecting.
#[derive(Clone, Debug)]
pub struct Asset {
    /// What it is called.
    pub name: Named,
    /// The components that hold it.
    pub held_by: Vec<Named>,
    /// How bad it would be if others learned it.
    pub confidentiality: Option<Level>,
    /// How bad it would be if others changed it.
    pub integrity: Option<Level>,
    /// How bad it would be to lose it.
    pub availability: Option<Level>,
}

/// A fact that somebody knows: `sensitive @ Orders: true`.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The question's key, as written.
    pub key: Named,
    /// The value, as written; a list has several.
    pub value: Vec<Named>,
    /// Whether it is written as a list.
    pub is_list: bool,
    /// Who says so.
    pub by: Option<Arc<str>>,
}

/// Something decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What.
    pub decided: Decided,
    /// The threat with its point, or the component out of scope.
    pub of: Named,
    /// Why.
    pub reason: Arc<str>,
    /// By whom.
    pub by: Option<Arc<str>>,
    /// The last day it holds, `YYYY-MM-DD`.
    pub until: Option<Named>,
    /// The points it saw; without them it covers all there will ever be.
    pub points: Option<Vec<Named>>,
}

/// A countermeasure that people plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// `entry@component`.
    pub countermeasure: Named,
    /// Until when, `YYYY-MM-DD`.
    pub until: Option<Named>,
}
