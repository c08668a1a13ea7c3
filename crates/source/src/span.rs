//! Where something stands: byte ranges, and what part a place plays in a claim.

use serde::{Deserialize, Serialize};

/// A file of one analysis: an index into its [`Files`](crate::Files).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub u32);

/// A byte range in a file, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A range in `file` from byte `start` up to, not including, `end`.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// The smallest range that covers both; `self` where the files differ.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span::new(
            self.file,
            self.start.min(other.start),
            self.end.max(other.end),
        )
    }

    /// Whether `other` lies within this range.
    pub fn covers(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// What a place does in a chain of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The value is written here.
    Here,
    /// Nothing is written; this is the head of what lacks it.
    MissingHere,
    /// Another place that took part in the decision.
    Related,
}

/// A span and the part it plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Where.
    pub span: Span,
    /// In which part.
    pub role: Role,
}

impl Place {
    /// A value written at `span`.
    pub const fn here(span: Span) -> Self {
        Self {
            span,
            role: Role::Here,
        }
    }

    /// A value missing from what begins at `span`.
    pub const fn missing(span: Span) -> Self {
        Self {
            span,
            role: Role::MissingHere,
        }
    }

    /// A place that took part.
    pub const fn related(span: Span) -> Self {
        Self {
            span,
            role: Role::Related,
        }
    }
}
