//! Texts with wildcards and holes, compared: may two of them mean the same thing,
//! and does one take in all of the other.

use underbelly_expression::{Cause, Piece, Text};
use underbelly_iac::ResourceId;

use crate::draft::Draft;

/// Longer texts are not compared letter by letter.
const LONGEST: usize = 1024;

/// A letter that no name has.
const ODD: char = '\u{1}';

/// More letters than anybody spells out with `?`.
const MANY: usize = 48;

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

/// A text in which `*` and `?` are wildcards; names of actions in lower case,
/// addresses of resources as they are.
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

    /// The pattern that the address of a resource is. There is one partition, however
    /// it is written, and what a policy fills in when it is used is not known.
    pub(crate) fn address(text: &Text) -> Self {
        let mut signs = Vec::new();
        let mut field = 0;
        let colons = text.pieces().iter().map(|piece| match piece {
            Piece::Literal(literal) => literal.matches(':').count(),
            Piece::Hole(_) => 0,
        });
        // In `arn:*` the wildcard stands for more than the partition.
        let is_arn = text.prefix().starts_with("arn:") && colons.sum::<usize>() > 1;
        for piece in text.pieces() {
            match piece {
                Piece::Literal(literal) => {
                    for (index, part) in literal.split(':').enumerate() {
                        if index > 0 {
                            field += 1;
                            signs.push(Sign::Letter(':'));
                        }
                        match is_arn && field == 1 {
                            true if part.is_empty() || !signs.ends_with(&[Sign::Letter(':')]) => {}
                            true => signs.extend("aws".chars().map(Sign::Letter)),
                            false => push_address(part, &mut signs),
                        }
                    }
                }
                Piece::Hole(hole) if is_arn && field == 1 => {
                    let is_partition =
                        matches!(&hole.cause, Cause::Pseudo(name) if &**name == "AWS::Partition");
                    match is_partition {
                        true => signs.extend("aws".chars().map(Sign::Letter)),
                        false => signs.push(Sign::Hole(hole.cause.clone())),
                    }
                }
                Piece::Hole(hole) => signs.push(Sign::Hole(hole.cause.clone())),
            }
        }
        Self { signs }
    }

    /// Texts that it matches and that hardly anything else does: its wildcards stand
    /// for nothing, for one odd letter, or for many.
    pub(crate) fn samples(&self) -> Vec<Pattern> {
        let filled = |n: usize| {
            let signs = self.signs.iter().flat_map(|sign| match sign {
                Sign::Any => vec![Sign::Letter(ODD); n],
                Sign::One => vec![Sign::Letter(ODD)],
                Sign::Letter(_) | Sign::Hole(_) => vec![sign.clone()],
            });
            Pattern {
                signs: signs.collect(),
            }
        };
        match self.signs.contains(&Sign::Any) {
            true => [1, MANY, 0].map(filled).into(),
            false => vec![filled(0)],
        }
    }

    /// Whether something in it is not known.
    pub(crate) fn has_holes(&self) -> bool {
        self.signs.iter().any(|sign| matches!(sign, Sign::Hole(_)))
    }

    /// Whether it would take in all of `other`, were what is not known so.
    pub(crate) fn may_cover(&self, other: &Pattern) -> bool {
        let widened = |pattern: &Pattern| {
            let signs = pattern.signs.iter().map(|sign| match sign {
                Sign::Hole(_) => Sign::Any,
                Sign::Letter(_) | Sign::One | Sign::Any => sign.clone(),
            });
            Pattern {
                signs: signs.collect(),
            }
        };
        other.has_holes() || (self.has_holes() && widened(self).covers(other))
    }

    /// All that both take in, and perhaps a little more; nothing where they have
    /// nothing in common.
    pub(crate) fn meet(&self, other: &Pattern) -> Option<Pattern> {
        if !self.overlaps(other) {
            return None;
        }
        let (rows, columns) = (&self.signs, &other.signs);
        let width = columns.len().saturating_add(1);
        let size = rows.len().saturating_add(1).saturating_mul(width);
        if size > LONGEST * LONGEST {
            return Some(self.clone());
        }
        let wide = |sign: Option<&Sign>| matches!(sign, Some(Sign::Any | Sign::Hole(_)));
        let alike = |one: &Sign, other: &Sign| {
            one == other
                || matches!(
                    (one, other),
                    (Sign::One, Sign::Letter(_)) | (Sign::Letter(_), Sign::One)
                )
        };
        // `open[i][j]`: from the sign `i` of one and `j` of the other both can end.
        let mut open = vec![false; size];
        let at = |i: usize, j: usize| i.saturating_mul(width).saturating_add(j);
        let is = |open: &[bool], i: usize, j: usize| open.get(at(i, j)).copied().unwrap_or(false);
        for i in (0..=rows.len()).rev() {
            for j in (0..=columns.len()).rev() {
                let (row, column) = (rows.get(i), columns.get(j));
                let met = (row.is_none() && column.is_none())
                    || (wide(row)
                        && (is(&open, i + 1, j) || column.is_some() && is(&open, i, j + 1)))
                    || (wide(column)
                        && (is(&open, i, j + 1) || row.is_some() && is(&open, i + 1, j)))
                    || matches!((row, column), (Some(one), Some(other)) if alike(one, other))
                        && is(&open, i + 1, j + 1);
                if let Some(cell) = open.get_mut(at(i, j)) {
                    *cell = met && (i <= rows.len() && j <= columns.len());
                }
            }
        }
        let mut signs = Vec::new();
        let mut runs = Runs::default();
        let (mut i, mut j) = (0, 0);
        let put = |signs: &mut Vec<Sign>, sign: &Sign| {
            if *sign != Sign::Any || signs.last() != Some(&Sign::Any) {
                signs.push(sign.clone());
            }
        };
        while i < rows.len() || j < columns.len() {
            let (row, column) = (rows.get(i), columns.get(j));
            let down = i < rows.len() && is(&open, i + 1, j);
            let right = j < columns.len() && is(&open, i, j + 1);
            match (row, column) {
                (Some(one), Some(other)) if alike(one, other) && is(&open, i + 1, j + 1) => {
                    let narrower = if *one == Sign::One { other } else { one };
                    put(&mut signs, narrower);
                    runs.end();
                    (i, j) = (i + 1, j + 1);
                }
                // A wildcard takes in what stands against it; that stays.
                (_, Some(other)) if wide(row) && right => {
                    put(&mut signs, other);
                    runs.put(Side::Other, other, signs.len());
                    j += 1;
                }
                (Some(one), _) if wide(column) && down => {
                    put(&mut signs, one);
                    runs.put(Side::Own, one, signs.len());
                    i += 1;
                }
                (Some(_), _) if wide(row) && down => i += 1,
                (_, Some(_)) if wide(column) && right => j += 1,
                _ => return Some(self.clone()),
            }
        }
        runs.end();
        for (end, n) in runs.cuts.into_iter().rev() {
            if let Some(from) = end.checked_sub(n).filter(|_| end <= signs.len()) {
                signs.drain(from..end);
            }
        }
        Some(Pattern { signs })
    }

    /// The pattern that a known text is.
    pub(crate) fn literal(text: &str) -> Self {
        let mut signs = Vec::with_capacity(text.len());
        push(text, &mut signs);
        Self { signs }
    }

    /// The service that an action or a pattern of actions names outright.
    pub(crate) fn service(&self) -> Option<String> {
        let end = self
            .signs
            .iter()
            .position(|sign| *sign == Sign::Letter(':'))?;
        let letters = self.signs.iter().take(end).map(|sign| match sign {
            Sign::Letter(letter) => Some(*letter),
            Sign::One | Sign::Any | Sign::Hole(_) => None,
        });
        letters.collect()
    }

    /// Whether it certainly matches all that `other` matches.
    pub(crate) fn covers(&self, other: &Pattern) -> bool {
        !self.parts_from(other)
            && self.walk(other, |sign, against| match (sign, against) {
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
        if are_two_resources(rows, columns) {
            return false;
        }
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
    /// at a glance: then neither takes in anything of the other.
    pub(crate) fn parts_from(&self, other: &Pattern) -> bool {
        let differ = |(one, another): (&Sign, &Sign)| match (one, another) {
            (Sign::Letter(one), Sign::Letter(another)) => (one != another).then_some(true),
            _ => Some(false),
        };
        // What is named stands at the end of most.
        let mut forward = self.signs.iter().zip(&other.signs);
        let mut backward = self.signs.iter().rev().zip(other.signs.iter().rev());
        backward.find_map(differ) == Some(true) || forward.find_map(differ) == Some(true)
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

impl Draft<'_> {
    /// The address of a resource as a pattern. Of what a reference leads to, the
    /// service and the type are known though the name need not be.
    pub(crate) fn address_pattern(&self, text: &Text) -> Pattern {
        let pattern = Pattern::address(text);
        let Some(Sign::Hole(Cause::Resource {
            resource,
            attribute,
        })) = pattern.signs.first()
        else {
            return pattern;
        };
        // Streams, versions and aliases have addresses of their own.
        if !matches!(&**attribute, "" | "Arn" | "TopicArn" | "QueueArn") {
            return pattern;
        }
        let entry = self.entry_of(ResourceId(*resource));
        let Some(address) = entry.and_then(|entry| entry.addresses.first()) else {
            return pattern;
        };
        let mut signs = Vec::new();
        push_address(&format!("arn:aws:{}:", address.service), &mut signs);
        let of = |name: &str| Sign::Hole(Cause::Pseudo(name.into()));
        match &*address.service {
            "s3" => push_address("::", &mut signs),
            "iam" => {
                push_address(":", &mut signs);
                signs.extend([of("AWS::AccountId"), Sign::Letter(':')]);
            }
            _ => signs.extend([
                of("AWS::Region"),
                Sign::Letter(':'),
                of("AWS::AccountId"),
                Sign::Letter(':'),
            ]),
        }
        push_address(&address.prefix, &mut signs);
        signs.push(Sign::Hole(Cause::Resource {
            resource: *resource,
            attribute: "".into(),
        }));
        signs.extend(pattern.signs.into_iter().skip(1));
        Pattern { signs }
    }
}

/// Whether what follows begins with two different resources: these are not called
/// alike, nor is one called as the other begins.
fn are_two_resources(rows: &[Sign], columns: &[Sign]) -> bool {
    let first = |signs: &[Sign]| match signs.first() {
        Some(Sign::Hole(Cause::Resource { resource, .. })) => Some(*resource),
        _ => None,
    };
    matches!((first(rows), first(columns)), (Some(one), Some(other)) if one != other)
}

/// Literal letters of an address: `${…}` in it is filled in when it is used.
fn push_address(literal: &str, signs: &mut Vec<Sign>) {
    let mut rest = literal;
    loop {
        let (before, hole) = match rest.split_once("${") {
            Some((before, hole)) => (before, hole.split_once('}')),
            None => (rest, None),
        };
        let before = if hole.is_some() { before } else { rest };
        for letter in before.chars() {
            let sign = match letter {
                '*' => Sign::Any,
                '?' => Sign::One,
                letter => Sign::Letter(letter),
            };
            if sign != Sign::Any || signs.last() != Some(&Sign::Any) {
                signs.push(sign);
            }
        }
        let Some((_, after)) = hole else { return };
        signs.push(Sign::Hole(Cause::Runtime));
        rest = after;
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

/// Of which of two patterns a sign is that a wildcard of the other takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Own,
    Other,
}

/// Signs of one pattern and then of the other, each under the other's wildcard. Where
/// the end of the first may be the beginning of the second, `bb*` and `*bz`, they may
/// also stand closer, `bbz`: what is common to both ends is said once, `b*bz`.
#[derive(Debug, Default)]
struct Runs {
    before: Vec<Sign>,
    /// Where what was before ends.
    before_end: usize,
    now: Vec<Sign>,
    now_end: usize,
    side: Option<Side>,
    /// How many signs at the end of what was before may be those now.
    n_shared: usize,
    /// Where signs are said twice: up to where, and how many.
    cuts: Vec<(usize, usize)>,
}

impl Runs {
    fn put(&mut self, side: Side, sign: &Sign, end: usize) {
        if matches!(sign, Sign::Any | Sign::Hole(_)) {
            return;
        }
        if self.side.is_some_and(|known| known != side) {
            self.cut();
            self.before = std::mem::take(&mut self.now);
            self.before_end = self.now_end;
        }
        self.side = Some(side);
        self.now.push(sign.clone());
        self.now_end = end;
        self.look();
    }

    /// Both patterns said the same here: nothing moves past it.
    fn end(&mut self) {
        self.cut();
        *self = Self {
            cuts: std::mem::take(&mut self.cuts),
            ..Self::default()
        };
    }

    fn cut(&mut self) {
        if self.n_shared > 0 {
            self.cuts.push((self.before_end, self.n_shared));
            self.n_shared = 0;
        }
    }

    /// Whether what is there now, as a whole, may be the end of what was before. Colons
    /// part the fields of addresses, which never overlap.
    fn look(&mut self) {
        let n = self.now.len();
        let from = self.before.len().checked_sub(n);
        let end = from.and_then(|from| self.before.get(from..));
        let alike = |(one, other): (&Sign, &Sign)| {
            one == other || matches!(one, Sign::One) || matches!(other, Sign::One)
        };
        let all = end.is_some_and(|end| end.iter().zip(&self.now).all(alike));
        let is_colon = |sign: &Sign| matches!(sign, Sign::Letter(letter) if *letter == ':');
        if all && !self.now.iter().all(is_colon) {
            self.n_shared = n;
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
    fn what_two_patterns_have_in_common_is_a_pattern() {
        let check = |one: &str, other: &str, expected: Option<&str>| {
            let found = Pattern::literal(one).meet(&Pattern::literal(other));
            assert_eq!(found, expected.map(Pattern::literal), "{one} and {other}");
            let found = Pattern::literal(other).meet(&Pattern::literal(one));
            assert_eq!(found, expected.map(Pattern::literal), "{other} and {one}");
        };
        // `prod-logs` is in both, too.
        check("*-logs", "prod-*", Some("prod*-logs"));
        check("bb*", "*bz", Some("b*bz"));
        check("aba*", "*bac", Some("a*bac"));
        check("a*", "*b", Some("a*b"));
        check(
            "arn:aws:s3:::a*",
            "arn:aws:s3:::*z",
            Some("arn:aws:s3:::a*z"),
        );
        check("*", "a*", Some("a*"));
        check("a?c", "*c", Some("a?c"));
        check("a*", "b*", None);
        check("a*c", "abc", Some("abc"));
        check("a?", "a?*", Some("a?"));
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
