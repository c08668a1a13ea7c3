//! The shapes other programs read: our JSON, versioned.
//!
//! The types of `underbelly-model` may change with the code; these may only
//! grow. [`document`] turns one into the other, [`write_json`] writes it.

#![warn(missing_docs)]

mod document;
mod plain;
mod shape;

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;

use plain::Plain;

pub use document::{Header, document};
pub use shape::{
    Assumption, Component, Countermeasure, Diagnostic, Document, Each, End, Evidence, Factor, Flow,
    Part, Place, Point, Question, Resource, Risk, System, Text, Threat, Unknown, VERSION, Zone,
};

/// Writes the document as pretty-printed JSON with a final line break. The same
/// document always gives the same bytes.
pub fn write_json(document: &Document<'_>, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut serializer = Serializer::with_formatter(&mut out, Plain::default());
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    out.flush()
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
    let schema = schemars::schema_for!(Document<'_>);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
