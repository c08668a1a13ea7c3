//! Texts with holes: whether two can be the same, or one can begin, end or
//! contain the other. A hole may stand for any text, also none.

use crate::syntax::TextTest;
use crate::{Piece, Text, Truth};

/// A text to compare: literal in the condition, or a pattern.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words<'a> {
    Literal(&'a str),
    Pattern(&'a Text),
}

impl<'a> Words<'a> {
    pub(super) fn known(self) -> Option<&'a str> {
        match self {
            Words::Literal(text) => Some(text),
            Words::Pattern(text) => text.known(),
        }
    }

    fn prefix(self) -> &'a str {
        match self {
            Words::Literal(text) => text,
            Words::Pattern(text) => text.prefix(),
        }
    }

    fn suffix(self) -> &'a str {
        match self {
            Words::Literal(text) => text,
            Words::Pattern(text) => text.suffix(),
        }
    }

    fn pieces(self) -> &'a [Piece] {
        match self {
            Words::Literal(_) => &[],
            Words::Pattern(text) => text.pieces(),
        }
    }

    /// Whether filling the holes can give `text`, more text being allowed
    /// before or after.
    pub(super) fn can_give(self, text: &str, before: bool, after: bool) -> bool {
        let Words::Pattern(pattern) = self else {
            return part(text, self.prefix(), before, after);
        };
        if let Some(known) = pattern.known() {
            return part(text, known, before, after);
        }
        let mut rest = text;
        if !before {
            let Some(found) = rest.strip_prefix(pattern.prefix()) else {
                return false;
            };
            rest = found;
        }
        if !after {
            let Some(found) = rest.strip_suffix(pattern.suffix()) else {
                return false;
            };
            rest = found;
        }
        let count = self.pieces().len();
        for (index, piece) in self.pieces().iter().enumerate() {
            let taken = (index == 0 && !before) || (index + 1 == count && !after);
            let Piece::Literal(literal) = piece else {
                continue;
            };
            if taken {
                continue;
            }
            // The earliest match leaves the most for the rest.
            let Some((_, found)) = rest.split_once(&**literal) else {
                return false;
            };
            rest = found;
        }
        true
    }
}

fn part(text: &str, known: &str, before: bool, after: bool) -> bool {
    match (before, after) {
        (false, false) => text == known,
        (true, false) => text.ends_with(known),
        (false, true) => text.starts_with(known),
        (true, true) => text.contains(known),
    }
}

/// Whether two texts are the same.
pub(super) fn equal(left: Words<'_>, right: Words<'_>) -> Truth {
    match (left.known(), right.known()) {
        (Some(left), Some(right)) => Truth::from(left == right),
        (Some(known), None) => possible(right.can_give(known, false, false)),
        (None, Some(known)) => possible(left.can_give(known, false, false)),
        (None, None) => possible(
            begin_alike(left.prefix(), right.prefix()) && end_alike(left.suffix(), right.suffix()),
        ),
    }
}

/// Whether a text begins with, ends with or contains another.
pub(super) fn test(test: TextTest, text: Words<'_>, wanted: Words<'_>) -> Truth {
    let (before, after) = match test {
        TextTest::StartsWith => (false, true),
        TextTest::EndsWith => (true, false),
        TextTest::Contains => (true, true),
    };
    match (text.known(), wanted.known()) {
        (Some(text), Some(wanted)) => Truth::from(part(text, wanted, before, after)),
        (Some(text), None) => possible(wanted.can_give(text, before, after)),
        (None, Some(wanted)) => certain(test, text, wanted),
        (None, None) => match test {
            TextTest::StartsWith => possible(begin_alike(text.prefix(), wanted.prefix())),
            TextTest::EndsWith => possible(end_alike(text.suffix(), wanted.suffix())),
            TextTest::Contains => Truth::Unknown,
        },
    }
}

/// A text with holes, against a known one.
fn certain(test: TextTest, text: Words<'_>, wanted: &str) -> Truth {
    match test {
        TextTest::StartsWith if text.prefix().starts_with(wanted) => Truth::Yes,
        TextTest::StartsWith => possible(begin_alike(text.prefix(), wanted)),
        TextTest::EndsWith if text.suffix().ends_with(wanted) => Truth::Yes,
        TextTest::EndsWith => possible(end_alike(text.suffix(), wanted)),
        TextTest::Contains => {
            let found = text.pieces().iter().any(|piece| match piece {
                Piece::Literal(literal) => literal.contains(wanted),
                Piece::Hole(_) => wanted.is_empty(),
            });
            if found { Truth::Yes } else { Truth::Unknown }
        }
    }
}

fn begin_alike(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

fn end_alike(one: &str, other: &str) -> bool {
    one.ends_with(other) || other.ends_with(one)
}

fn possible(possible: bool) -> Truth {
    if possible { Truth::Unknown } else { Truth::No }
}
