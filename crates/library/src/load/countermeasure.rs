//! Reads one countermeasure: what it says, not yet whether that makes sense.

use std::fmt::Write;

use underbelly_source::Files;
use underbelly_syntax::{Kind, Node};

use super::entry;
use super::example;
use super::raw::{RawCountermeasure, Written};
use super::strict::{Fields, Sheet};
use crate::{CountermeasurePage, Effort, Fix, Format, Outcome};

const KEYS: [&str; 13] = [
    "id",
    "name",
    "status",
    "applies-to",
    "in-place",
    "lowers",
    "effort",
    "do",
    "fix",
    "verify",
    "standards",
    "references",
    "examples",
];

/// The countermeasure in a file.
pub(super) fn read<'d>(
    sheet: &mut Sheet,
    files: &Files,
    path: &str,
    root: Node<'d>,
) -> Option<RawCountermeasure<'d>> {
    let fields = sheet.fields(root, "a countermeasure", &KEYS)?;
    let id = entry::id(sheet, fields, path)?;
    let page = CountermeasurePage {
        id: id.clone(),
        path: path.into(),
        action: sheet.needed_text(fields, "do"),
        fix: fixes(sheet, files, fields),
        decided_by: Vec::new(),
        verify: sheet.needed_text(fields, "verify"),
        standards: entry::standards(sheet, fields),
        references: entry::references(sheet, fields),
        examples: example::read(sheet, files, fields, &Outcome::OF_COUNTERMEASURES),
    };
    let effort = sheet.need(fields, "effort");
    sheet.need(fields, "lowers");
    Some(RawCountermeasure {
        id,
        root,
        name: sheet.needed_text(fields, "name"),
        status: entry::status(sheet, fields),
        applies_to: entry::applies_to(sheet, fields),
        in_place: Written::needed(sheet, fields, "in-place"),
        lowers: entry::lowers(sheet, fields).unwrap_or_default(),
        effort: effort
            .and_then(|node| sheet.choice(node, "effort", &Effort::ALL, Effort::word))
            .unwrap_or_default(),
        page,
    })
}

fn fixes(sheet: &mut Sheet, files: &Files, fields: Fields<'_>) -> Vec<Fix> {
    let Some(node) = fields.get("fix") else {
        return Vec::new();
    };
    let words = Format::ALL.map(Format::word);
    let Some(fields) = sheet.fields(node, "`fix`", &words) else {
        return Vec::new();
    };
    let fix = |format: Format| {
        let node = fields.get(format.word())?;
        let text = match node.kind() {
            Kind::Mapping => lines(files, node).into(),
            _ => sheet.text(node, format.word())?,
        };
        Some(Fix { format, text })
    };
    Format::ALL.into_iter().filter_map(fix).collect()
}

/// Settings as they are written, one a line.
fn lines(files: &Files, node: Node<'_>) -> String {
    let mut lines = String::new();
    for entry in node.entries() {
        let value = files.excerpt(entry.value.span());
        let _ = writeln!(lines, "{}: {value}", entry.name());
    }
    lines.truncate(lines.trim_end().len());
    lines
}
