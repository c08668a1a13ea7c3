//! Text as a pattern: pieces that are known and holes that are not.
//!
//! `orders-${Stage}` is a literal and a hole. A hole keeps what it stands for,
//! so a reference resolves although the text does not.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use underbelly_source::Span;

/// What a hole stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// An attribute of a resource in the same graph; `resource` is its index
    /// there, `attribute` is empty for the plain reference (`Ref`).
    Resource {
        /// Index of the resource in its graph.
        resource: u32,
        /// The attribute asked for, such as `Arn`; empty for a plain reference.
        attribute: Arc<str>,
    },
    /// A parameter without a value.
    Parameter(Arc<str>),
    /// A value the provider fills in: account, region, partition, stack name …
    Pseudo(Arc<str>),
    /// A value exported by something that was not read.
    Import(Arc<str>),
    /// A value looked up when deployed, such as a secret: its service and key.
    Lookup {
        /// The service asked: `secretsmanager`, `ssm`, `ssm-secure`.
        service: Arc<str>,
        /// What is asked for, as written.
        key: Arc<str>,
    },
    /// A value only known while the system runs (a stage variable, a path in a message).
    Runtime,
    /// An expression we could not resolve.
    Unresolved,
}

/// A part of a text that is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hole {
    /// What it stands for.
    pub cause: Cause,
    /// How people would write it: `Stage`, `Orders.Arn`.
    pub label: Arc<str>,
    /// The expression's place.
    pub span: Span,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// Known text, never empty.
    Literal(Arc<str>),
    /// An unknown part.
    Hole(Arc<Hole>),
}

/// A text of known and unknown pieces. Adjacent literals are always joined, so
/// equal texts have equal pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    pieces: Pieces,
}

/// Pieces, which are nearly always one; several are at least two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum Pieces {
    #[default]
    None,
    One(Piece),
    Several(Vec<Piece>),
}

impl Text {
    /// A wholly known text.
    pub fn literal(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            return Self::default();
        }
        Self {
            pieces: Pieces::One(Piece::Literal(text)),
        }
    }

    /// A text that is one hole.
    pub fn hole(hole: impl Into<Arc<Hole>>) -> Self {
        Self {
            pieces: Pieces::One(Piece::Hole(hole.into())),
        }
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        match &self.pieces {
            Pieces::None => &[],
            Pieces::One(piece) => std::slice::from_ref(piece),
            Pieces::Several(pieces) => pieces,
        }
    }

    /// The whole text, if it has no hole.
    pub fn known(&self) -> Option<&str> {
        match self.pieces() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The hole, if the text is exactly one.
    pub fn only_hole(&self) -> Option<&Hole> {
        match self.pieces() {
            [Piece::Hole(hole)] => Some(hole),
            _ => None,
        }
    }

    /// All holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces().iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(&**hole),
            Piece::Literal(_) => None,
        })
    }

    /// Whether nothing at all is in it.
    pub fn is_empty(&self) -> bool {
        self.pieces().is_empty()
    }

    /// The known text before the first hole.
    pub fn prefix(&self) -> &str {
        match self.pieces().first() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// The known text after the last hole.
    pub fn suffix(&self) -> &str {
        match self.pieces().last() {
            Some(Piece::Literal(text)) => text,
            _ => "",
        }
    }

    /// Adds known text at the end.
    pub fn push_literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let last = match &mut self.pieces {
            Pieces::None => None,
            Pieces::One(piece) => Some(piece),
            Pieces::Several(pieces) => pieces.last_mut(),
        };
        if let Some(Piece::Literal(last)) = last {
            *last = [&**last, text].concat().into();
        } else {
            self.add(Piece::Literal(text.into()));
        }
    }

    /// Adds a hole at the end.
    pub fn push_hole(&mut self, hole: impl Into<Arc<Hole>>) {
        self.add(Piece::Hole(hole.into()));
    }

    /// Adds another text at the end.
    pub fn push(&mut self, other: &Text) {
        for piece in other.pieces() {
            match piece {
                Piece::Literal(text) => self.push_literal(text),
                Piece::Hole(hole) => self.push_hole(hole.clone()),
            }
        }
    }

    fn add(&mut self, piece: Piece) {
        self.pieces = match std::mem::take(&mut self.pieces) {
            Pieces::None => Pieces::One(piece),
            Pieces::One(first) => Pieces::Several(vec![first, piece]),
            Pieces::Several(mut pieces) => {
                pieces.push(piece);
                Pieces::Several(pieces)
            }
        };
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Piece by piece, however many there are.
impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.pieces().cmp(other.pieces())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::literal(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.pieces() {
            match piece {
                Piece::Literal(text) => f.write_str(text)?,
                Piece::Hole(hole) => write!(f, "${{{}}}", hole.label)?,
            }
        }
        Ok(())
    }
}
