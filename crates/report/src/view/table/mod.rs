//! Tables of a report: what a spreadsheet has sheets of and CSV is.

mod cell;
mod components;
mod countermeasures;
mod diagnostics;
pub(crate) mod library;
mod pages;
mod references;
mod threats;

pub(crate) use cell::{Cell, News, Real};
pub(crate) use components::{flows, table as components};
pub(crate) use countermeasures::{Measure, fixes, measures};
pub(crate) use pages::Index;

use underbelly_library::{Library, Pages};
use underbelly_source::{Place, Span};

use super::once::Once;
use super::{Report, View};
use crate::paint::clean;

/// A table with a heading for each column.
#[derive(Debug)]
pub(crate) struct Table {
    pub name: &'static str,
    /// What a row is, for those who look for it.
    pub about: &'static str,
    pub columns: Vec<Column>,
    /// How many of the columns, from the first, stay while one looks further right.
    pub kept: u16,
    /// How many of them are worth paper.
    pub printed: usize,
    /// Each as long as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// A column: its heading and how many characters it is wide.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub title: String,
    pub narrowest: usize,
    pub widest: usize,
    /// Empty, for people to write in, and what they may choose from, if that is
    /// not free.
    pub asked: Option<&'static [&'static str]>,
}

/// A table of threats, one row for each and each component, worst first.
pub(crate) fn threats(report: &Report<'_>, pages: &Pages) -> Table {
    threats::table(report, &Index::of(pages))
}

/// All tables, in the order of a spreadsheet's sheets, each made when it is asked
/// for: those of a big model are better not held all at once.
pub(crate) fn each<'a>(
    report: &'a Report<'_>,
    pages: &'a Pages,
    view: &'a View<'_>,
) -> impl Iterator<Item = Table> + use<'a> {
    type Make<'a> = fn(&Report<'_>, &Index<'_>, &View<'_>) -> Table;
    let index = Index::of(pages);
    let tables: [Make<'a>; 7] = [
        |report, index, _| threats::table(report, index),
        |report, index, _| countermeasures::table(report, index),
        |report, _, _| components::table(report),
        |report, _, _| components::flows(report),
        |report, _, view| diagnostics::questions(report, view),
        |report, _, _| diagnostics::table(report),
        |report, index, _| references::table(report, index),
    ];
    tables
        .into_iter()
        .map(move |make| make(report, &index, view))
}

/// Columns of what we found, by title and width at most.
fn columns<const N: usize>(columns: [(&str, usize); N]) -> Vec<Column> {
    let columns = columns.into_iter();
    columns
        .map(|(title, widest)| Column {
            title: title.to_owned(),
            narrowest: 0,
            widest,
            asked: None,
        })
        .collect()
}

/// Columns that people fill in.
fn asked<const N: usize>(
    columns: [(&str, usize, &'static [&'static str]); N],
) -> impl Iterator<Item = Column> {
    columns.into_iter().map(|(title, width, choices)| Column {
        title: title.to_owned(),
        narrowest: width,
        widest: width,
        asked: Some(choices),
    })
}

/// Each of these places once, as `file:line`.
fn places(report: &Report<'_>, places: impl Iterator<Item = Span>) -> Vec<String> {
    Once::of(places.map(|span| report.at(span)))
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
