//! Lists that are not kept as shapes: made while they are written, or of numbers.

use std::borrow::Cow;
use std::fmt;

use underbelly_source::{self as source, Files};

use crate::json::{Json, Writer};
use crate::shape::{End, Place};

/// Values made one by one while they are written: the threats of a big system
/// with all their evidence need not be in memory twice.
pub struct Each<'a, T>(Box<dyn Fn() -> Values<'a, T> + 'a>);

type Values<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

impl<'a, T: 'a> Each<'a, T> {
    /// Values as an iterator gives them that is begun for every writing.
    pub fn of<I: Iterator<Item = T> + 'a>(begin: impl Fn() -> I + 'a) -> Self {
        Self(Box::new(move || Box::new(begin())))
    }

    /// The values.
    pub fn iter(&self) -> impl Iterator<Item = T> + 'a {
        (self.0)()
    }
}

impl<'a, T: Json + 'a> Json for Each<'a, T> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.list(self.iter());
    }
}

impl<'a, T: fmt::Debug + 'a> fmt::Debug for Each<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Positions in a list, from 0.
#[derive(Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Positions(pub Vec<u32>);

impl Json for Positions {
    fn write(&self, writer: &mut Writer<'_>) {
        for (index, position) in self.0.iter().enumerate() {
            writer.put(if index == 0 { "[" } else { ", " });
            position.write(writer);
        }
        writer.put(if self.0.is_empty() { "[]" } else { "]" });
    }
}

/// Places in the order of what they belong to, worked out while they are written.
pub struct Places<'a> {
    pub(crate) files: &'a Files,
    pub(crate) places: Cow<'a, [source::Place]>,
}

impl Places<'_> {
    /// The places.
    pub fn iter(&self) -> impl Iterator<Item = Place<'_>> {
        let places = self.places.iter();
        places.map(|place| Place::of(place.span, place.role, self.files))
    }
}

impl fmt::Debug for Places<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Json for Places<'_> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.list(self.iter());
    }
}

impl<'a> Place<'a> {
    pub(crate) fn of(span: source::Span, role: source::Role, files: &'a Files) -> Self {
        let (start, end) = files.range(span);
        Place {
            file: files.shown(span.file).into(),
            line: start.line,
            column: start.column,
            end: End {
                line: end.line,
                column: end.column,
            },
            role: match role {
                source::Role::Here => "here",
                source::Role::MissingHere => "missing-here",
                source::Role::Related => "related",
            },
        }
    }
}
