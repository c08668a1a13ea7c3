//! Values by path, through lists and maps as if each item stood there alone.

use std::borrow::Cow;

use underbelly_expression::{Fact, Guard, Unknown, Worlds};

/// Values of a property tree under guards; only what a walk makes anew is owned.
pub(super) type Found<'f> = Vec<(Guard, Cow<'f, Fact>)>;

/// Every value under a path with its guard; `*` stands for any name, and a dot
/// after a backslash is part of a name. What is absent is left out.
pub(super) fn each<'f>(fact: &'f Fact, path: &str) -> Found<'f> {
    let mut found = items(vec![(Guard::always(), Cow::Borrowed(fact))]);
    for name in names(path) {
        let mut next = Vec::new();
        for (guard, fact) in found {
            step(&guard, fact, &name, &mut next);
        }
        found = items(next);
    }
    found
}

/// The names in a path: `Parameters.rds\.force_ssl` has two.
fn names(path: &str) -> Vec<Cow<'_, str>> {
    let mut names: Vec<Cow<'_, str>> = Vec::new();
    let mut continued = false;
    for piece in path.split('.') {
        let (piece, goes_on) = match piece.strip_suffix('\\') {
            Some(piece) => (piece, true),
            None => (piece, false),
        };
        match names.last_mut() {
            Some(last) if continued => *last = format!("{last}.{piece}").into(),
            _ => names.push(piece.into()),
        }
        continued = goes_on;
    }
    names.retain(|name| !name.is_empty());
    names
}

fn step<'f>(outer: &Guard, fact: Cow<'f, Fact>, name: &str, into: &mut Found<'f>) {
    let mut add = |guard: &Guard, value: Cow<'f, Fact>| {
        if let Some(guard) = outer.and(guard) {
            into.push((guard, value));
        }
    };
    if name == "*" {
        for (guard, value) in entries(fact) {
            add(&guard, value);
        }
        return;
    }
    let value = match fact {
        Cow::Borrowed(fact) => fact.field(name),
        Cow::Owned(fact) => Cow::Owned(fact.field(name).into_owned()),
    };
    match value {
        Cow::Borrowed(Fact::OneOf(one_of)) => {
            for alternative in &one_of.alternatives {
                if !alternative.fact.is_absent() {
                    add(&alternative.guard, Cow::Borrowed(&alternative.fact));
                }
            }
        }
        Cow::Owned(Fact::OneOf(one_of)) => {
            for alternative in one_of.alternatives {
                if !alternative.fact.is_absent() {
                    add(&alternative.guard, Cow::Owned(alternative.fact));
                }
            }
        }
        value if value.is_absent() => {}
        value => add(&Guard::always(), value),
    }
}

fn entries(fact: Cow<'_, Fact>) -> Found<'_> {
    match fact {
        Cow::Borrowed(fact) => {
            let entries = fact.entries().0.into_iter();
            let values = entries.map(|(guard, entry)| (guard, Cow::Borrowed(&entry.fact)));
            values.collect()
        }
        Cow::Owned(fact) => {
            let entries = fact.entries().0.into_iter();
            let values = entries.map(|(guard, entry)| (guard, Cow::Owned(entry.fact.clone())));
            values.collect()
        }
    }
}

/// Lists replaced by their items.
fn items(found: Found<'_>) -> Found<'_> {
    if !found.iter().any(|(_, fact)| is_list(fact)) {
        return found;
    }
    let mut flat = Vec::new();
    for (guard, fact) in found {
        if !is_list(&fact) {
            flat.push((guard, fact));
            continue;
        }
        let (items, rest) = items_of(fact);
        for (inner, item) in items {
            if let Some(guard) = guard.and(&inner) {
                flat.push((guard, item));
            }
        }
        if let Some(rest) = rest {
            flat.push((guard, Cow::Owned(Fact::Unknown(rest))));
        }
    }
    flat
}

fn items_of(list: Cow<'_, Fact>) -> (Found<'_>, Option<Unknown>) {
    match list {
        Cow::Borrowed(list) => {
            let (items, rest) = list.items();
            let items = items.into_iter();
            let items = items.map(|(guard, item)| (guard, Cow::Borrowed(item)));
            (items.collect(), rest.cloned())
        }
        Cow::Owned(list) => {
            let (items, rest) = list.items();
            let items = items.into_iter();
            let items = items.map(|(guard, item)| (guard, Cow::Owned(item.clone())));
            (items.collect(), rest.cloned())
        }
    }
}

fn is_list(fact: &Fact) -> bool {
    let is_set = |fact: &Fact| fact.as_set().is_some();
    match fact {
        Fact::OneOf(one_of) => one_of.alternatives.iter().any(|a| is_set(&a.fact)),
        Fact::Known(_) | Fact::Unknown(_) | Fact::Absent(_) => is_set(fact),
    }
}

/// Guards that hold exactly where this one does not; they are disjoint.
pub(super) fn elsewhere(guard: &Guard, worlds: &Worlds) -> Vec<Guard> {
    let mut all = Vec::new();
    let mut so_far = Guard::always();
    for (variable, value) in guard.choices() {
        let n_values = worlds.variable(*variable).map_or(0, |v| v.values.len());
        for other in 0..n_values as u16 {
            if other != *value
                && let Some(guard) = so_far.and(&Guard::when(*variable, other))
            {
                all.push(guard);
            }
        }
        if let Some(next) = so_far.and(&Guard::when(*variable, *value)) {
            so_far = next;
        }
    }
    all
}

/// One fact from values under guards: where none holds, `otherwise`. Where
/// several hold at once the first counts.
pub(super) fn first_of(
    found: impl IntoIterator<Item = (Guard, Fact)>,
    otherwise: Fact,
    worlds: &Worlds,
) -> Fact {
    let mut open = vec![Guard::always()];
    let mut cases: Vec<(Guard, Fact)> = Vec::new();
    for (guard, fact) in found {
        if guard.is_always() && cases.is_empty() {
            return fact;
        }
        let mut left = Vec::new();
        for space in &open {
            let Some(inside) = space.and(&guard) else {
                left.push(space.clone());
                continue;
            };
            cases.push((inside, fact.clone()));
            let others = elsewhere(&guard, worlds).into_iter();
            left.extend(others.filter_map(|other| space.and(&other)));
        }
        open = left;
        // Conditions on many variables would split without end.
        if open.is_empty() || open.len() > 64 {
            break;
        }
    }
    let rest = open.into_iter().map(|guard| (guard, otherwise.clone()));
    Fact::one_of(cases.into_iter().chain(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_after_a_backslash_is_part_of_a_name() {
        let check = |path: &str, expected: &[&str]| assert_eq!(names(path), expected, "{path}");
        check("", &[]);
        check("Tags.Key", &["Tags", "Key"]);
        check(
            r"Parameters.rds\.force_ssl",
            &["Parameters", "rds.force_ssl"],
        );
        check(r"a\.b\.c.d", &["a.b.c", "d"]);
        check(r"a\", &["a"]);
    }
}
