//! Walking property trees: fields, paths and items, through guards.

use std::borrow::Cow;

use underbelly_source::Span;

use crate::{Alternative, Fact, Guard, Set, Unknown, Value};

/// The cases of a fact, each with its guard.
#[derive(Clone, Debug)]
pub enum Cases<'a> {
    /// It does not depend on anything; none once it is taken.
    One(Option<&'a Fact>),
    /// Those that are left.
    Several(std::slice::Iter<'a, Alternative>),
}

impl<'a> Iterator for Cases<'a> {
    type Item = (Guard, &'a Fact);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Cases::One(fact) => Some((Guard::always(), fact.take()?)),
            Cases::Several(alternatives) => {
                let next = alternatives.next()?;
                Some((next.guard.clone(), &next.fact))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match self {
            Cases::One(fact) => usize::from(fact.is_some()),
            Cases::Several(alternatives) => alternatives.len(),
        };
        (left, Some(left))
    }
}

impl ExactSizeIterator for Cases<'_> {}

impl Fact {
    /// The fact by cases: itself under no guard, or each alternative under its own.
    pub fn cases(&self) -> Cases<'_> {
        match self {
            Fact::OneOf(one_of) => Cases::Several(one_of.alternatives.iter()),
            Fact::Known(_) | Fact::Unknown(_) | Fact::Absent(_) => Cases::One(Some(self)),
        }
    }

    /// The same fact with every alternative changed by `change`; guards are kept.
    pub fn map(&self, mut change: impl FnMut(&Fact) -> Fact) -> Fact {
        match self {
            Fact::OneOf(one_of) => Fact::one_of(
                one_of
                    .alternatives
                    .iter()
                    .map(|a| (a.guard.clone(), change(&a.fact))),
            ),
            Fact::Known(_) | Fact::Unknown(_) | Fact::Absent(_) => change(self),
        }
    }

    /// A named value. Absent in what is absent or not a map; unknown in what is
    /// unknown; by cases where the map itself depends on conditions.
    pub fn field(&self, name: &str) -> Cow<'_, Fact> {
        match self {
            Fact::Known(known) => match &known.value {
                Value::Map(map) => match (map.entry(name), &map.rest) {
                    (Some(entry), _) => Cow::Borrowed(&entry.fact),
                    (None, Some(rest)) => Cow::Owned(Fact::Unknown(rest.clone())),
                    (None, None) => Cow::Owned(Fact::absent(self.span())),
                },
                _ => Cow::Owned(Fact::absent(self.span())),
            },
            Fact::OneOf(_) => Cow::Owned(self.map(|fact| fact.field(name).into_owned())),
            Fact::Unknown(unknown) => Cow::Owned(Fact::Unknown(unknown.clone())),
            Fact::Absent(_) => Cow::Borrowed(self),
        }
    }

    /// A value by a dotted path, such as `VpcConfig.SubnetIds`.
    pub fn path(&self, path: &str) -> Cow<'_, Fact> {
        let mut at = Cow::Borrowed(self);
        for name in path.split('.') {
            at = match at {
                Cow::Borrowed(fact) => fact.field(name),
                Cow::Owned(fact) => Cow::Owned(fact.field(name).into_owned()),
            };
        }
        at
    }

    /// What is in a list, each with the guard under which it is there, and why
    /// there may be more. A single value counts as a list of one; absence as none.
    pub fn items(&self) -> (Vec<(Guard, &Fact)>, Option<&Unknown>) {
        let mut items = Vec::new();
        let mut rest = None;
        for (outer, fact) in self.cases() {
            match fact {
                Fact::Known(known) => match &known.value {
                    Value::Set(set) => {
                        rest = rest.or(set.rest.as_ref());
                        push_items(&outer, set, &mut items);
                    }
                    _ => items.push((outer, fact)),
                },
                Fact::Unknown(unknown) => rest = rest.or(Some(unknown)),
                Fact::OneOf(_) | Fact::Absent(_) => {}
            }
        }
        (items, rest)
    }

    /// The named values, each with the guard under which it is there, and why
    /// there may be more.
    pub fn entries(&self) -> (Vec<(Guard, &crate::Entry)>, Option<&Unknown>) {
        let mut entries = Vec::new();
        let mut rest = None;
        for (guard, fact) in self.cases() {
            match fact {
                Fact::Known(known) => {
                    if let Value::Map(map) = &known.value {
                        rest = rest.or(map.rest.as_ref());
                        entries.extend(map.entries.iter().map(|entry| (guard.clone(), entry)));
                    }
                }
                Fact::Unknown(unknown) => rest = rest.or(Some(unknown)),
                Fact::OneOf(_) | Fact::Absent(_) => {}
            }
        }
        (entries, rest)
    }

    /// The head to point at when something is missing from this fact.
    pub fn head(&self, otherwise: Span) -> Span {
        self.span().unwrap_or(otherwise)
    }
}

fn push_items<'a>(outer: &Guard, set: &'a Set, into: &mut Vec<(Guard, &'a Fact)>) {
    for item in &set.items {
        let Some(guard) = outer.and(&item.guard) else {
            continue;
        };
        for (inner, fact) in item.fact.cases() {
            if let Some(guard) = guard.and(&inner)
                && !fact.is_absent()
            {
                into.push((guard, fact));
            }
        }
    }
}
