//! The shapes other programs read: our JSON, versioned.
//!
//! The types of `underbelly-model` may change with the code; these may only
//! grow. [`document`] turns one into the other, [`to_json`] writes it.

#![warn(missing_docs)]

mod document;
mod shape;

pub use document::{Header, document};
pub use shape::{
    Assumption, Component, Countermeasure, Diagnostic, Document, End, Evidence, Factor, Flow, Part,
    Place, Point, Question, Resource, Risk, System, Threat, Unknown, VERSION, Zone,
};

/// The document as pretty-printed JSON with a final line break. The same
/// document always gives the same bytes.
pub fn to_json(document: &Document) -> String {
    let mut text = serde_json::to_string_pretty(document)
        .unwrap_or_else(|error| format!("{{\"error\": {:?}}}", error.to_string()));
    text.push('\n');
    text
}

/// The JSON Schema of [`Document`], pretty-printed.
#[cfg(feature = "schema")]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
