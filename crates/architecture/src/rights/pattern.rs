//! Texts with wildcards and holes, compared: may two of them mean the same thing,
//! and does one take in all of the other.

use underbelly_expression::{Cause, Piece, Text};

/// Longer texts are not compared letter by letter.
const LONGEST: usize = 1024;

/// One sign of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sign {
    /// This letter.
    Letter(char),
    /// Any one letter.
    One,
    /// Any letters, or none.
    Any,
    /// Something that is not known here, but the same wherever it stands.
    Hole(Cause),
}

/// A text in which `*` and `?` are wildcards, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    signs: Vec<Sign>,
}

impl Pattern {
    /// The pattern that a text is.
    pub(crate) fn of(text: &Text) -> Self {
        let mut signs = Vec::new();
        for piece in text.pieces() {
            match piece {
                Piece::Literal(literal) => push(literal, &mut signs),
                Piece::Hole(hole) => signs.push(Sign::Hole(hole.cause.clone())),
            }
        }
        Self { signs }
    }

    /// The pattern that a known text is.
    pub(crate) fn literal(text: &str) -> Self {
        let mut signs = Vec::with_capacity(text.len());
        push(text, &mut signs);
        Self { signs }
    }

    /// Whether it certainly matches all that `other` matches.
    pub(crate) fn covers(&self, other: &Pattern) -> bool {
        self.walk(other, |sign, against| match (sign, against) {
            (Sign::Any, _) | (Sign::One, Sign::Letter(_) | Sign::One) => true,
            // Two things nobody knows need not be the same thing.
            (_, Sign::Hole(Cause::Runtime | Cause::Unresolved)) => false,
            (sign, against) => sign == against,
        })
    }

    /// Whether some text may match both.
    pub(crate) fn overlaps(&self, other: &Pattern) -> bool {
        if self.parts_from(other) {
            return false;
        }
        if self.signs.len().saturating_mul(other.signs.len()) > LONGEST * LONGEST {
            return true;
        }
        let wide = |sign: &Sign| matches!(sign, Sign::Any | Sign::Hole(_));
        // Most pairs begin differently.
        let letters = self.signs.iter().zip(&other.signs);
        let letters = letters.take_while(|pair| matches!(pair, (Sign::Letter(_), Sign::Letter(_))));
        let mut alike = 0;
        for (one, other) in letters {
            if one != other {
                return false;
            }
            alike += 1;
        }
        let rows = self.signs.get(alike..).unwrap_or_default();
        let columns = other.signs.get(alike..).unwrap_or_default();
        // `reached[j]`: the first `i` signs of one and `j` of the other may match alike.
        let mut reached = vec![false; columns.len() + 1];
        for i in 0..=rows.len() {
            let mut next = vec![false; columns.len() + 1];
            for j in 0..=columns.len() {
                let row = i.checked_sub(1).and_then(|i| rows.get(i));
                let column = j.checked_sub(1).and_then(|j| columns.get(j));
                let above = reached.get(j).copied().unwrap_or(false);
                let left = j.checked_sub(1).and_then(|j| next.get(j).copied());
                let left = left.unwrap_or(false);
                let both = j.checked_sub(1).and_then(|j| reached.get(j).copied());
                let both = both.unwrap_or(false);
                let met = match (row, column) {
                    (None, None) => true,
                    (Some(row), None) => above && wide(row),
                    (None, Some(column)) => left && wide(column),
                    (Some(row), Some(column)) => {
                        let alike = row == column || *row == Sign::One || *column == Sign::One;
                        ((wide(row) || wide(column)) && (above || left || both)) || (alike && both)
                    }
                };
                if let Some(cell) = next.get_mut(j) {
                    *cell = met;
                }
            }
            reached = next;
        }
        reached.last().copied().unwrap_or(false)
    }

    /// Whether they begin or end in different letters, which settles most pairs
    /// at a glance.
    fn parts_from(&self, other: &Pattern) -> bool {
        let differ = |(one, another): (&Sign, &Sign)| match (one, another) {
            (Sign::Letter(one), Sign::Letter(another)) => (one != another).then_some(true),
            _ => Some(false),
        };
        let mut forward = self.signs.iter().zip(&other.signs);
        let mut backward = self.signs.iter().rev().zip(other.signs.iter().rev());
        forward.find_map(differ) == Some(true) || backward.find_map(differ) == Some(true)
    }

    /// Greedy matching of `other`'s signs, its wildcards taken as signs of their own.
    fn walk(&self, other: &Pattern, fits: impl Fn(&Sign, &Sign) -> bool) -> bool {
        let (mut at, mut against) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while against < other.signs.len() {
            match (self.signs.get(at), other.signs.get(against)) {
                (Some(Sign::Any), _) => {
                    star = Some((at, against));
                    at += 1;
                }
                (Some(sign), Some(wanted)) if fits(sign, wanted) => {
                    at += 1;
                    against += 1;
                }
                _ => match star {
                    Some((from, taken)) => {
                        star = Some((from, taken + 1));
                        at = from + 1;
                        against = taken + 1;
                    }
                    None => return false,
                },
            }
        }
        let left = self.signs.get(at..).unwrap_or_default();
        left.iter().all(|sign| *sign == Sign::Any)
    }
}

fn push(literal: &str, signs: &mut Vec<Sign>) {
    for letter in literal.chars() {
        let sign = match letter {
            '*' => Sign::Any,
            '?' => Sign::One,
            letter => Sign::Letter(letter.to_ascii_lowercase()),
        };
        if sign != Sign::Any || signs.last() != Some(&Sign::Any) {
            signs.push(sign);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, covers: bool, overlaps: bool) {
        let (a, b) = (Pattern::literal(one), Pattern::literal(other));
        assert_eq!(a.covers(&b), covers, "{one} covers {other}");
        assert_eq!(a.overlaps(&b), overlaps, "{one} overlaps {other}");
        assert_eq!(b.overlaps(&a), overlaps, "{other} overlaps {one}");
    }

    #[test]
    fn patterns_are_compared_with_patterns() {
        check("s3:GetObject", "s3:getobject", true, true);
        check("s3:Get*", "s3:GetObject", true, true);
        check("s3:GetObject", "s3:Get*", false, true);
        check("s3:Get*", "s3:Put*", false, false);
        check("*", "s3:Get*", true, true);
        check("s3:*Object", "s3:Get*", false, true);
        check("s3:*Object", "s3:GetObject", true, true);
        check("s3:*Object", "s3:GetObjectAcl", false, false);
        check("a?c", "abc", true, true);
        check("a?c", "ac", false, false);
        check("a*", "a?", true, true);
        check("a?", "a*", false, true);
        check("", "", true, true);
        check("", "*", false, true);
    }
}
