//! What stands in a cell, and what it says as text.

use std::sync::Arc;

use underbelly_model::{Band, State, Status};
use underbelly_source::Severity;

use super::super::words::{self, prose, spaced};

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cell {
    #[default]
    Empty,
    Text(String),
    /// What the row is about.
    Name(String),
    /// Texts one below the other.
    Lines(Vec<String>),
    Number(i64),
    /// A band of risk; shown in its colour only where it is real.
    Band(Band, Real),
    /// A word of ours that is good or bad news.
    Word(&'static str, News),
    /// An address, `https://…`.
    Link(String),
}

/// Whether a risk is there, or would be if a question were answered badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Real {
    Yes,
    Perhaps,
}

/// How a word is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Good,
    Open,
    Bad,
    None,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    pub(super) fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Cell::Empty, Cell::text)
    }

    pub(super) fn lines(mut lines: Vec<String>) -> Self {
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            Cell::Empty
        } else {
            Cell::Lines(lines)
        }
    }

    /// At most so many lines, and how many more there are.
    pub(super) fn first(mut lines: Vec<String>, most: usize) -> Self {
        let more = lines.len().saturating_sub(most);
        // What one line would say can be said in one line.
        if more > 1 {
            lines.truncate(most);
            lines.push(format!("and {more} more"));
        }
        Cell::lines(lines)
    }

    /// The number, or nothing in place of none.
    pub(super) fn number(n: usize) -> Self {
        match i64::try_from(n) {
            Ok(0) => Cell::Empty,
            Ok(n) => Cell::Number(n),
            Err(_) => Cell::Number(i64::MAX),
        }
    }

    pub(super) fn link(address: Option<&Arc<str>>) -> Self {
        address.map_or(Cell::Empty, |address| Cell::Link(prose(address)))
    }

    pub(super) fn state(state: State) -> Self {
        let news = match state {
            State::Exposed => News::Bad,
            State::Question => News::Open,
            State::Mitigated => News::Good,
            State::NotApplicable => News::None,
        };
        Cell::Word(words::state(state), news)
    }

    pub(super) fn status(status: Status) -> Self {
        let news = match status {
            Status::InPlace => News::Good,
            Status::Partial | Status::Unknown => News::Open,
            Status::Missing => News::Bad,
            Status::NotApplicable => News::None,
        };
        Cell::Word(words::status(status), news)
    }

    pub(super) fn severity(severity: Severity) -> Self {
        let news = match severity {
            Severity::Error => News::Bad,
            Severity::Warning => News::Open,
            Severity::Note => News::None,
        };
        Cell::Word(severity.word(), news)
    }

    /// What the cell says, lines joined by `between`.
    pub(crate) fn said(&self, between: &str) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Name(text) | Cell::Link(text) => text.clone(),
            Cell::Lines(lines) => lines.join(between),
            Cell::Number(n) => n.to_string(),
            Cell::Band(band, _) => spaced(band.word()),
            Cell::Word(word, _) => (*word).to_owned(),
        }
    }
}
