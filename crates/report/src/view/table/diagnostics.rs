//! The tables of what is not known: questions to answer, and input that was
//! not understood.

use underbelly_source::Diagnostic;

use super::super::once::Once;
use super::super::{QuestionRow, Report, View};
use super::{Cell, Table, asked, columns, places};
use crate::paint::clean;

/// Names given in one cell.
const NAMES: usize = 10;

/// Questions somebody can answer, with room for the answer; then what is not
/// looked at yet.
pub(super) fn questions(report: &Report<'_>, view: &View<'_>) -> Table {
    let rows = view.questions.iter().chain(&view.not_analysed);
    let mut headings = columns([("Question", 60)]);
    headings.extend(asked([("Answer", 40, &[])]));
    headings.extend(columns([
        ("Decides", 9),
        ("Threats it decides", 48),
        ("Asked because", 44),
        ("Asked of", 32),
        ("Where", 64),
    ]));
    Table {
        name: "Questions",
        about: "what nobody could tell from the templates, those first whose answers decide most",
        columns: headings,
        kept: 1,
        printed: 7,
        rows: rows.map(|row| question(report, row)).collect(),
    }
}

fn question(report: &Report<'_>, row: &QuestionRow<'_>) -> Vec<Cell> {
    let architecture = &report.model.architecture;
    let decides: Vec<String> = row.decides().into_iter().map(|id| shown(id)).collect();
    let subjects = row.questions.iter().map(|question| question.key.subject);
    let subjects = subjects.map(|subject| shown(&architecture.label(subject)));
    let subjects = Once::of(subjects);
    let spans = row.questions.iter().filter_map(|question| question.place);
    let spans = spans.map(|place| place.span);
    let reason = row.questions.first();
    let reason = reason.map_or_else(String::new, |question| question.reason.to_string());
    vec![
        Cell::Name(row.ask()),
        Cell::Empty,
        Cell::number(decides.len()),
        Cell::first(decides, NAMES),
        Cell::text(shown(&reason)),
        Cell::first(subjects, NAMES),
        Cell::first(places(report, spans), NAMES),
    ]
}

/// What was not understood or left out, in the order of the source.
pub(super) fn table(report: &Report<'_>) -> Table {
    let rows = report.diagnostics.iter();
    Table {
        name: "Diagnostics",
        about: "what was not understood or left out",
        columns: columns([
            ("Severity", 10),
            ("What", 64),
            ("Where", 64),
            ("Why it matters", 48),
            ("What to do", 48),
            ("Code", 28),
        ]),
        kept: 0,
        printed: 6,
        rows: rows.map(|one| row(report, one)).collect(),
    }
}

fn row(report: &Report<'_>, one: &Diagnostic) -> Vec<Cell> {
    let place = match (one.span, &one.path) {
        (Some(span), _) => report.at(span),
        (None, Some(path)) => shown(path),
        (None, None) => String::new(),
    };
    vec![
        Cell::severity(one.severity),
        Cell::text(shown(&one.message)),
        Cell::text(place),
        Cell::maybe(one.note.as_deref().map(shown)),
        Cell::maybe(one.help.as_deref().map(shown)),
        Cell::text(one.code),
    ]
}

fn shown(text: &str) -> String {
    clean(text).into_owned()
}
