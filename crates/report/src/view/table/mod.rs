//! Tables of a report: what a spreadsheet has sheets of and CSV is.

mod components;
mod countermeasures;
mod diagnostics;
mod references;
mod threats;

pub(crate) use countermeasures::fixes;

use std::collections::BTreeMap;

use underbelly_library::{CountermeasurePage, Library, Pages, Requirements, ThreatPage};
use underbelly_model::Band;
use underbelly_source::{Place, Span};

use super::words::{prose, spaced};
use super::{Report, View};
use crate::paint::clean;

/// A table with a heading for each column.
#[derive(Debug)]
pub(crate) struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
    /// How many of the columns, from the first, stay while one looks further right.
    pub kept: u16,
    /// How many of them are worth paper.
    pub printed: usize,
    /// Each as long as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column: its heading and how many characters it is wide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub title: &'static str,
    pub narrowest: usize,
    pub widest: usize,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cell {
    #[default]
    Empty,
    Text(String),
    /// Texts one below the other.
    Lines(Vec<String>),
    Number(i64),
    /// A band of risk; shown in its colour only where it is real.
    Band(Band, Real),
    /// An address, `https://…`.
    Link(String),
}

/// Whether a risk is there, or would be if a question were answered badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Real {
    Yes,
    Perhaps,
}

/// A table of threats, one row for each and each component, worst first.
pub(crate) fn threats(report: &Report<'_>, pages: &Pages) -> Table {
    threats::table(report, &Index::of(pages))
}

/// All tables, in the order of a spreadsheet's sheets.
pub(crate) fn all(report: &Report<'_>, pages: &Pages, view: &View<'_>) -> Vec<Table> {
    let index = Index::of(pages);
    vec![
        threats::table(report, &index),
        countermeasures::table(report, &index),
        components::table(report),
        components::flows(report),
        diagnostics::questions(report, view),
        diagnostics::table(report),
        references::table(report, &index),
    ]
}

fn columns<const N: usize>(columns: [(&'static str, usize); N]) -> Vec<Column> {
    let columns = columns.into_iter();
    columns
        .map(|(title, widest)| Column {
            title,
            narrowest: 0,
            widest,
        })
        .collect()
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Cell::Empty, Cell::text)
    }

    fn lines(mut lines: Vec<String>) -> Self {
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            Cell::Empty
        } else {
            Cell::Lines(lines)
        }
    }

    /// At most so many lines, and how many more there are.
    fn first(mut lines: Vec<String>, most: usize) -> Self {
        let more = lines.len().saturating_sub(most);
        // What one line would say can be said in one line.
        if more > 1 {
            lines.truncate(most);
            lines.push(format!("and {more} more"));
        }
        Cell::lines(lines)
    }

    /// The number, or nothing in place of none.
    fn number(n: usize) -> Self {
        match i64::try_from(n) {
            Ok(0) => Cell::Empty,
            Ok(n) => Cell::Number(n),
            Err(_) => Cell::Number(i64::MAX),
        }
    }

    fn link(address: Option<&std::sync::Arc<str>>) -> Self {
        address.map_or(Cell::Empty, |address| Cell::Link(prose(address)))
    }

    /// What the cell says, lines joined by `between`.
    pub(crate) fn said(&self, between: &str) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Link(text) => text.clone(),
            Cell::Lines(lines) => lines.join(between),
            Cell::Number(n) => n.to_string(),
            Cell::Band(band, _) => spaced(band.word()),
        }
    }
}

/// Pages by the id of their entry.
pub(crate) struct Index<'p> {
    pub pages: &'p Pages,
    threats: BTreeMap<&'p str, &'p ThreatPage>,
    countermeasures: BTreeMap<&'p str, &'p CountermeasurePage>,
}

impl<'p> Index<'p> {
    pub(crate) fn of(pages: &'p Pages) -> Self {
        let threats = pages.threats.iter();
        let countermeasures = pages.countermeasures.iter();
        Index {
            pages,
            threats: threats.map(|page| (&*page.id, page)).collect(),
            countermeasures: countermeasures.map(|page| (&*page.id, page)).collect(),
        }
    }

    pub(crate) fn threat(&self, entry: &str) -> Option<&'p ThreatPage> {
        self.threats.get(entry).copied()
    }

    pub(crate) fn countermeasure(&self, entry: &str) -> Option<&'p CountermeasurePage> {
        self.countermeasures.get(entry).copied()
    }
}

/// The items of standards, a line for each standard.
fn standards(standards: &[Requirements]) -> Vec<String> {
    let standards = standards.iter();
    standards
        .map(|requirements| {
            let items: Vec<&str> = requirements.items.iter().map(|item| &**item).collect();
            prose(&format!("{}: {}", requirements.standard, items.join(", ")))
        })
        .collect()
}

/// Each of these places once, as `file:line`.
fn places(report: &Report<'_>, places: impl Iterator<Item = Span>) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for span in places {
        let place = report.at(span);
        if !said.contains(&place) {
            said.push(place);
        }
    }
    said
}

fn spans(places: &[Place]) -> impl Iterator<Item = Span> {
    places.iter().map(|place| place.span)
}

/// A component's name of its kind for people.
fn kind(library: &Library, id: &str) -> String {
    let kind = library.kind(id);
    clean(kind.map_or(id, |kind| &kind.name)).into_owned()
}

fn when(report: &Report<'_>, guard: &underbelly_expression::Guard) -> Cell {
    if guard.is_always() {
        return Cell::Empty;
    }
    let said = report.model.architecture.worlds.describe(guard);
    Cell::text(clean(&said))
}
