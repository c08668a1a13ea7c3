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
    if text.chars().any(steers) {
        text = escaped(&text);
    }
    text
}

/// Names may hold characters that steer a terminal or hide text; they stand only
/// within strings, where JSON has another way to write them.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if steers(character) {
            // All of them are in the plane where one escape is enough.
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn steers(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// The JSON Schema of [`Document`], pretty-printed.
#[cfg(feature = "schema")]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
