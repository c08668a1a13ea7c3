//! Reads an entry's examples.

use std::sync::Arc;

use underbelly_source::Files;
use underbelly_syntax::{Kind, Node};

use super::strict::{Fields, Sheet};
use crate::{Example, Expect, Format, Outcome};

const KEYS: [&str; 7] = [
    "case",
    "expect",
    "sam",
    "cloudformation",
    "parameters",
    "as-of",
    "known-gap",
];

/// What marks a line as evidence.
const EVIDENCE: &str = "# <- evidence";

/// The examples of an entry; `outcomes` are what may come out of one.
pub(super) fn read(
    sheet: &mut Sheet,
    files: &Files,
    entry: Fields<'_>,
    outcomes: &[Outcome],
) -> Vec<Example> {
    let items = sheet.items_of(entry, "examples");
    let examples = items
        .into_iter()
        .map(|item| example(sheet, files, item, outcomes));
    examples.flatten().collect()
}

fn example(
    sheet: &mut Sheet,
    files: &Files,
    node: Node<'_>,
    outcomes: &[Outcome],
) -> Option<Example> {
    let fields = sheet.fields(node, "an example", &KEYS)?;
    let case = sheet.needed_text(fields, "case");
    let expect = sheet.need(fields, "expect");
    let expect = expect.and_then(|expect| read_expect(sheet, expect, outcomes));
    let (format, body) = body(sheet, fields)?;
    let text = body.text().unwrap_or("");
    let first = text.find(|c: char| !c.is_whitespace()).unwrap_or(0);
    let start = files.position(body.inner_span(first..text.len()));
    let before = text.get(..first).unwrap_or("").matches('\n').count() as u32;
    Some(Example {
        case,
        expect: expect?,
        format,
        text: text.into(),
        line: start.line.saturating_sub(before),
        indent: start.column.saturating_sub(1),
        evidence: evidence(text),
        parameters: parameters(sheet, fields),
        as_of: fields
            .get("as-of")
            .and_then(|node| sheet.date(node, "as-of")),
        known_gap: sheet.text_of(fields, "known-gap"),
    })
}

fn body<'d>(sheet: &mut Sheet, fields: Fields<'d>) -> Option<(Format, Node<'d>)> {
    let found = Format::ALL.map(|format| Some((format, fields.get(format.word())?)));
    let mut found = found.into_iter().flatten();
    let Some((format, node)) = found.next() else {
        let message = "an example lacks its template: `sam` or `cloudformation`";
        sheet.report("missing-key", fields.head(), message);
        return None;
    };
    if let Some((_, second)) = found.next() {
        let message = "an example has one template, not two";
        sheet.report("wrong-value", second.span(), message);
    }
    if node.kind() != Kind::Text {
        sheet.wrong(
            node,
            &format!("`{}`", format.word()),
            "a text, begun with `|`",
        );
        return None;
    }
    Some((format, node))
}

/// The numbers, from 1, of the lines marked as evidence.
fn evidence(text: &str) -> Vec<u32> {
    let lines = text.lines().zip(1..);
    let marked = lines.filter(|(line, _)| line.contains(EVIDENCE));
    marked.map(|(_, number)| number).collect()
}

fn parameters(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<(Arc<str>, Arc<str>)> {
    let entries = sheet.entries_of(fields, "parameters");
    let values = entries
        .into_iter()
        .map(|entry| Some((entry.name().into(), sheet.text(entry.value, entry.name())?)));
    values.flatten().collect()
}

fn read_expect(sheet: &mut Sheet, node: Node<'_>, outcomes: &[Outcome]) -> Option<Expect> {
    if node.kind() != Kind::Mapping {
        return Some(Expect {
            outcome: sheet.choice(node, "expect", outcomes, Outcome::word)?,
            on: None,
            points: Vec::new(),
            asks: Vec::new(),
        });
    }
    let fields = sheet.fields(node, "`expect`", &["state", "on", "points", "asks"])?;
    let state = sheet.need(fields, "state")?;
    let points = sheet.entries_of(fields, "points");
    let points = points.into_iter().map(|entry| {
        let outcome = sheet.choice(entry.value, entry.name(), outcomes, Outcome::word)?;
        Some((entry.name().into(), outcome))
    });
    let points = points.flatten().collect();
    Some(Expect {
        outcome: sheet.choice(state, "state", outcomes, Outcome::word)?,
        on: sheet.text_of(fields, "on"),
        points,
        asks: sheet.texts_of(fields, "asks"),
    })
}
