//! The shapes other programs read: our JSON, versioned.
//!
//! The types of `underbelly-model` may change with the code; these may only
//! grow. [`document`] turns one into the other, [`write_json`] writes it.

#![warn(missing_docs)]

mod document;
pub mod extract;
mod json;
mod lists;
mod once;
mod shape;

use std::io::{self, Write};

pub use document::{Header, document, roads};
pub use json::{Json, Writer};
pub use lists::{Each, Places, Positions};
pub use shape::{
    Assumption, Component, Countermeasure, Diagnostic, Document, End, Evidence, Factor, Flow, Part,
    Place, Point, Question, Resource, Risk, Road, Roads, Step, System, Text, Threat, Unknown,
    VERSION, Zone,
};

/// Writes a document, or another of the shapes, as JSON with a final line break.
/// The same document always gives the same bytes.
pub fn write_json(document: &impl Json, mut out: impl Write) -> io::Result<()> {
    json::write(document, &mut out)
}

/// Whether a text is what [`write_json`] once wrote, of whatever version.
pub fn is_document(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let mut begins = |with: &str| lines.next().is_some_and(|line| line.starts_with(with));
    begins("{") && begins("\"version\": ") && begins("\"tool\": \"underbelly ")
}

/// The JSON Schema of [`Document`], pretty-printed.
#[cfg(feature = "schema")]
pub fn schema() -> String {
    pretty(&schemars::schema_for!(Document<'_>))
}

/// The JSON Schema of [`extract::Extract`], pretty-printed.
#[cfg(feature = "schema")]
pub fn library_schema() -> String {
    pretty(&schemars::schema_for!(extract::Extract<'_>))
}

#[cfg(feature = "schema")]
fn pretty(schema: &schemars::Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
