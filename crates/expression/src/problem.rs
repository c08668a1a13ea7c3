//! What is wrong with an expression, and where in its text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A stretch of an expression's text, in bytes from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Extent {
    /// From `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: short(start),
            end: short(end),
        }
    }

    /// The smallest stretch that covers both.
    pub fn to(self, other: Extent) -> Extent {
        Extent {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// For slicing the text.
    pub fn bytes(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Something wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What to underline, in the expression's text.
    pub range: Extent,
    /// What is wrong: lower case, no full stop, names in back-ticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    pub(crate) fn new(range: Extent, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}
