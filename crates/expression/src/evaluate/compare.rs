//! Whether two values are the same, and which is more.

use crate::Truth;
use crate::syntax::{Comparison, TextTest};
use crate::{SubjectId, Value};

use super::pattern::{self, Words};
use super::sight::Seen;
use super::values::Operand;

/// A value reduced to what comparing needs.
#[derive(Clone, Copy)]
enum Plain<'a> {
    Truth(bool),
    /// From, to; open above where there is no `to`.
    Number(i64, Option<i64>),
    Text(Words<'a>),
    Subject(SubjectId),
    /// A set or map: never the same as a single value.
    Several,
    Unknown,
    Absent,
}

impl<'a> Operand<'a> {
    fn plain(&self) -> Plain<'a> {
        match self {
            Operand::Seen(sight) => match sight.seen {
                Seen::Known(known) => match &known.value {
                    Value::Bool(value) => Plain::Truth(*value),
                    Value::Number(number) => Plain::Number(*number, Some(*number)),
                    Value::Text(text) => Plain::Text(Words::Pattern(text)),
                    Value::Subject(subject) => Plain::Subject(*subject),
                    Value::Set(_) | Value::Map(_) => Plain::Several,
                },
                Seen::Unknown(_) => Plain::Unknown,
                Seen::Absent(_) => Plain::Absent,
            },
            Operand::Text(text) => Plain::Text(Words::Literal(text)),
            Operand::Number(number) => Plain::Number(*number, Some(*number)),
            Operand::Truth(Truth::Yes) => Plain::Truth(true),
            Operand::Truth(Truth::No) => Plain::Truth(false),
            Operand::Truth(Truth::Unknown) => Plain::Unknown,
            Operand::Size(size) => Plain::Number(size.low, size.high),
            Operand::List(_) | Operand::Filtered(_) => Plain::Several,
        }
    }

    /// A value that stands as a condition.
    pub(super) fn as_condition(&self) -> Truth {
        match self.plain() {
            Plain::Truth(value) => Truth::from(value),
            Plain::Text(words) => reads_as(words, true),
            Plain::Unknown => Truth::Unknown,
            Plain::Number(..) | Plain::Subject(_) | Plain::Several | Plain::Absent => Truth::No,
        }
    }

    /// Whether anything is there.
    pub(super) fn is_there(&self) -> Truth {
        match self.plain() {
            Plain::Unknown => Truth::Unknown,
            Plain::Absent => Truth::No,
            Plain::Truth(_)
            | Plain::Number(..)
            | Plain::Text(_)
            | Plain::Subject(_)
            | Plain::Several => Truth::Yes,
        }
    }
}

pub(super) fn compare(comparison: Comparison, left: &Operand<'_>, right: &Operand<'_>) -> Truth {
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::Unequal => !equal(left, right),
        Comparison::Less => less(left, right),
        Comparison::More => less(right, left),
        Comparison::AtMost => at_most(left, right),
        Comparison::AtLeast => at_most(right, left),
    }
}

/// What is absent is the same as nothing.
pub(super) fn equal(left: &Operand<'_>, right: &Operand<'_>) -> Truth {
    match (left.plain(), right.plain()) {
        (Plain::Absent, _) | (_, Plain::Absent) => Truth::No,
        (Plain::Unknown, _) | (_, Plain::Unknown) => Truth::Unknown,
        (Plain::Truth(one), Plain::Truth(other)) => Truth::from(one == other),
        (Plain::Text(one), Plain::Text(other)) => pattern::equal(one, other),
        (Plain::Subject(one), Plain::Subject(other)) => Truth::from(one == other),
        (Plain::Number(low, high), Plain::Number(from, to)) => same_range((low, high), (from, to)),
        (Plain::Truth(value), Plain::Text(words)) | (Plain::Text(words), Plain::Truth(value)) => {
            reads_as(words, value)
        }
        (Plain::Number(low, high), Plain::Text(words))
        | (Plain::Text(words), Plain::Number(low, high)) => match words.known() {
            None => Truth::Unknown,
            Some(text) => match number(text) {
                Some(number) => same_range((low, high), (number, Some(number))),
                None => Truth::No,
            },
        },
        // A reference that was not resolved may lead to any component.
        (Plain::Subject(_), Plain::Text(words)) | (Plain::Text(words), Plain::Subject(_))
            if words.known().is_none() =>
        {
            Truth::Unknown
        }
        (Plain::Several, Plain::Several) => Truth::Unknown,
        _ => Truth::No,
    }
}

type Range = (i64, Option<i64>);

fn same_range((low, high): Range, (from, to): Range) -> Truth {
    let apart = high.is_some_and(|high| high < from) || to.is_some_and(|to| to < low);
    if apart {
        Truth::No
    } else if high == Some(low) && to == Some(from) {
        Truth::Yes
    } else {
        Truth::Unknown
    }
}

fn less(left: &Operand<'_>, right: &Operand<'_>) -> Truth {
    ordered(left, right, |(low, high), (from, to)| {
        if high.is_some_and(|high| high < from) {
            Truth::Yes
        } else if to.is_some_and(|to| low >= to) {
            Truth::No
        } else {
            Truth::Unknown
        }
    })
}

fn at_most(left: &Operand<'_>, right: &Operand<'_>) -> Truth {
    ordered(left, right, |(low, high), (from, to)| {
        if high.is_some_and(|high| high <= from) {
            Truth::Yes
        } else if to.is_some_and(|to| low > to) {
            Truth::No
        } else {
            Truth::Unknown
        }
    })
}

/// What is no number, or not there, is in no order: the answer is no.
fn ordered(
    left: &Operand<'_>,
    right: &Operand<'_>,
    compare: impl Fn(Range, Range) -> Truth,
) -> Truth {
    match (range(left), range(right)) {
        (Ranged::Never, _) | (_, Ranged::Never) => Truth::No,
        (Ranged::Unknown, _) | (_, Ranged::Unknown) => Truth::Unknown,
        (Ranged::Between(left), Ranged::Between(right)) => compare(left, right),
    }
}

enum Ranged {
    Between(Range),
    Unknown,
    Never,
}

fn range(operand: &Operand<'_>) -> Ranged {
    match operand.plain() {
        Plain::Number(low, high) => Ranged::Between((low, high)),
        Plain::Unknown => Ranged::Unknown,
        Plain::Text(words) => match words.known() {
            None => Ranged::Unknown,
            Some(text) => match number(text) {
                Some(number) => Ranged::Between((number, Some(number))),
                None => Ranged::Never,
            },
        },
        Plain::Truth(_) | Plain::Subject(_) | Plain::Several | Plain::Absent => Ranged::Never,
    }
}

fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

/// Whether a text reads as yes or no, as templates write `"true"`.
fn reads_as(words: Words<'_>, value: bool) -> Truth {
    let spellings = if value {
        ["true", "True", "TRUE"]
    } else {
        ["false", "False", "FALSE"]
    };
    match words.known() {
        Some(text) => Truth::from(spellings.contains(&text)),
        None if spellings.iter().any(|s| words.can_give(s, false, false)) => Truth::Unknown,
        None => Truth::No,
    }
}

pub(super) fn text_test(test: TextTest, of: &Operand<'_>, wanted: &Operand<'_>) -> Truth {
    match (of.plain(), wanted.plain()) {
        (Plain::Text(of), Plain::Text(wanted)) => pattern::test(test, of, wanted),
        (Plain::Unknown, Plain::Unknown | Plain::Text(_)) | (Plain::Text(_), Plain::Unknown) => {
            Truth::Unknown
        }
        _ => Truth::No,
    }
}
