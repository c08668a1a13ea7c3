//! Who can reach what: one table, every kind of entry point against every exposure.
//!
//! A row is a template of a few lines, whose exposure it asks for, and the answer. The
//! lines marked `§` are those that decide: the fact points at them and at no others.
//! [`cannot`] holds the cells that cannot exist at the provider, each with the reason;
//! a kind is complete when every cell is a row or stands there, and none is both.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

#[path = "../common/mod.rs"]
mod common;

mod apis;
mod cannot;
mod channels;
mod doors;
mod graphs;
mod stores;
mod trust;

use std::collections::{BTreeMap, BTreeSet};

use common::mapped_files;
use underbelly_expression::{Fact, Reason, SubjectId, Value};
use underbelly_model::Architecture;
use underbelly_source::{Files, Span};

/// A row.
pub(crate) struct Row {
    /// What it shows.
    pub(crate) shows: &'static str,
    /// Whose exposure: `Api`, `Api/GET /orders`; or which other fact, `Fn.untrusted_input`.
    pub(crate) of: &'static str,
    /// The answer: a word, `unknown: reason`, or both sides of a condition.
    pub(crate) expected: &'static str,
    /// The template, or its resources.
    pub(crate) template: String,
}

/// A row without ceremony.
pub(crate) fn row(
    shows: &'static str,
    of: &'static str,
    expected: &'static str,
    template: impl Into<String>,
) -> Row {
    Row {
        shows,
        of,
        expected,
        template: template.into(),
    }
}

/// The exposures, from the widest on, and the two ways not to have one of them.
const CELLS: [&str; 10] = [
    "anyone",
    "key_holder",
    "signed_in",
    "any_account",
    "partner",
    "deputy",
    "account",
    "nobody",
    "unknown",
    "depends",
];

fn table() -> BTreeMap<&'static str, Vec<Row>> {
    BTreeMap::from([
        ("rest-api", apis::rest()),
        ("http-api", apis::http()),
        ("websocket-api", apis::websocket()),
        ("graphql-api", graphs::graphql()),
        ("function-url", doors::function_url()),
        ("cdn", doors::cdn()),
        ("load-balancer", doors::load_balancer()),
        ("user-pool", doors::user_pool()),
        ("identity-pool", doors::identity_pool()),
        ("email-receiver", doors::email_receiver()),
        ("device-rule", doors::device_rule()),
        ("object-store", stores::bucket()),
        ("function", stores::function()),
        ("queue", channels::queue()),
        ("topic", channels::topic()),
        ("event-bus", channels::event_bus()),
    ])
}

/// The cell a row fills.
fn cell(row: &Row) -> &str {
    match row.expected {
        both if both.contains(" if ") => "depends",
        other => other.split(':').next().unwrap(),
    }
}

/// The one door: draws the template and compares the fact and the lines it rests on.
fn check(row: &Row) -> Result<(), String> {
    let marked = match row.template.contains("Resources:") {
        true => row.template.trim_start_matches('\n').to_owned(),
        false => format!("Resources:\n{}", row.template.trim_start_matches('\n')),
    };
    let lines = marked.lines().zip(1..);
    let lines = lines.filter(|(line, _)| line.contains('§'));
    let expected_at: BTreeSet<u32> = lines.map(|(_, number)| number).collect();
    let template = marked.replace('§', "");
    let (files, mapping) = mapped_files(&template);
    let all = &mapping.architecture;
    let (subject, name) = match row.of.contains('/') {
        true => (row.of, "open_to"),
        false => row.of.split_once('.').unwrap_or((row.of, "open_to")),
    };
    let Some(fact) = fact(all, subject, name) else {
        let parts: Vec<&str> = all.parts.iter().map(|part| &*part.key).collect();
        return Err(format!(
            "{}: no `{}` beside {parts:?}\n{template}",
            row.shows, row.of
        ));
    };
    let mut at = BTreeSet::new();
    let found = shown(all, &files, fact, &mut at);
    if found == row.expected && at == expected_at {
        return Ok(());
    }
    Err(format!(
        "{}: `{}` is `{found}` by lines {at:?}, expected `{}` by lines {expected_at:?}\n{template}",
        row.shows, row.of, row.expected
    ))
}

fn fact<'a>(all: &'a Architecture, subject: &str, name: &str) -> Option<&'a Fact> {
    let (component, part) = match subject.split_once('/') {
        Some((component, part)) => (component, Some(part)),
        None => (subject, None),
    };
    let mut components = all.components.iter();
    let at = components.position(|found| {
        let resource = found.resource.as_ref();
        resource.is_some_and(|resource| *resource.logical_id == *component)
            || *found.name == *component
    })?;
    let id = SubjectId::component(at);
    let Some(part) = part else {
        return all.component(id)?.facts.get(name);
    };
    let parts = all.component(id)?.parts.iter();
    let mut parts = parts.filter_map(|part| all.part(*part));
    parts.find(|found| *found.key == *part)?.facts.get(name)
}

fn shown(all: &Architecture, files: &Files, fact: &Fact, at: &mut BTreeSet<u32>) -> String {
    let mut line = |span: Span| at.insert(files.position(span).line);
    match fact {
        Fact::Known(known) => {
            for place in &known.places {
                line(place.span);
            }
            match &known.value {
                Value::Text(text) => text.to_string(),
                Value::Bool(value) => value.to_string(),
                other => panic!("{other:?}"),
            }
        }
        Fact::Unknown(unknown) => {
            if let Some(place) = &unknown.place {
                line(place.span);
            }
            format!("unknown: {}", reason(&unknown.reason))
        }
        Fact::OneOf(one_of) => {
            let cases = one_of.alternatives.iter().map(|alternative| {
                let value = shown(all, files, &alternative.fact, at);
                format!("{value} if {}", all.worlds.describe(&alternative.guard))
            });
            cases.collect::<Vec<_>>().join("; ")
        }
        Fact::Absent(_) => "absent".to_owned(),
    }
}

fn reason(reason: &Reason) -> &str {
    match reason {
        Reason::Parameter(name)
        | Reason::MissingFile(name)
        | Reason::Import(name)
        | Reason::Lookup(name)
        | Reason::Unsupported(name)
        | Reason::Limit(name)
        | Reason::OtherComponent(name)
        | Reason::Elsewhere(name)
        | Reason::NotAnalysed(name) => name,
        Reason::Code => "code",
        Reason::People => "people",
    }
}

fn all_right(rows: &[Row]) {
    let wrong: Vec<String> = rows.iter().filter_map(|row| check(row).err()).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_row_gives_its_exposure_by_the_lines_that_decide() {
    let rows: Vec<Row> = table().into_values().flatten().collect();
    assert!(rows.len() > 100, "{} rows", rows.len());
    all_right(&rows);
}

#[test]
fn every_cell_is_shown_or_cannot_exist() {
    let mut wrong = Vec::new();
    for (kind, rows) in table() {
        let shown: BTreeSet<&str> = rows.iter().map(cell).collect();
        for cell in CELLS {
            let reasons = cannot::CANNOT.iter();
            let reasons =
                reasons.filter(|(kinds, cells, _)| kinds.contains(&kind) && cells.contains(&cell));
            match (shown.contains(cell), reasons.count()) {
                (true, 0) | (false, 1) => {}
                (true, _) => wrong.push(format!("{kind}: {cell} is shown and cannot exist")),
                (false, 0) => wrong.push(format!("{kind}: {cell} is neither shown nor excused")),
                (false, _) => wrong.push(format!("{kind}: {cell} has several reasons")),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_is_written_to_is_trusted_like_its_least_trusted_writer() {
    all_right(&trust::rows());
}
