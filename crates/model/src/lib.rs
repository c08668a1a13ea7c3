//! The nouns of a threat model: components, parts, zones, flows, threats,
//! countermeasures, questions. Values, not behaviour; nothing here is a wire shape.

#![warn(missing_docs)]

mod architecture;
mod counts;
mod decision;
mod level;
mod right;
mod road;
mod sam;
mod threat;

pub use architecture::{
    Architecture, Asset, Component, DataFlow, DeclaredAs, Drawn, Facts, FlowKind, Part, Strength,
    System, TrustZone,
};
pub use counts::Counts;
pub use decision::{Decided, Decision};
pub use level::Level;
pub use right::Right;
pub use road::{Held, Hold, How, Road, Step, Target};
pub use sam::{Connector, PolicyTemplate, SamKnowledge, TemplateStatement};
pub use threat::{
    Band, Countermeasure, Evidence, Factor, Point, Question, QuestionKey, Risk, State, Status,
    Threat, ThreatModel,
};
