//! The nouns of a threat model: components, parts, zones, flows, threats,
//! countermeasures, questions. Values, not behaviour; nothing here is a wire shape.

mod sam;

pub use sam::{Connector, PolicyTemplate, SamKnowledge, TemplateStatement};
