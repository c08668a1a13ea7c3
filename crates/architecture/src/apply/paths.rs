//! Values by path, through lists and maps as if each item stood there alone.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, Value, Worlds};

/// Every value under a path with its guard; `*` stands for any name, and a dot
/// after a backslash is part of a name. What is absent is left out.
pub(super) fn each(fact: &Fact, path: &str) -> Vec<(Guard, Fact)> {
    let mut found = vec![(Guard::always(), fact.clone())];
    found = items(found);
    for name in names(path) {
        let mut next = Vec::new();
        for (guard, fact) in found {
            step(&guard, &fact, &name, &mut next);
        }
        found = items(next);
    }
    found
}

/// The names in a path: `Parameters.rds\.force_ssl` has two.
fn names(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut continued = false;
    for piece in path.split('.') {
        let (piece, goes_on) = match piece.strip_suffix('\\') {
            Some(piece) => (piece, true),
            None => (piece, false),
        };
        match names.last_mut() {
            Some(last) if continued => {
                last.push('.');
                last.push_str(piece);
            }
            _ => names.push(piece.to_owned()),
        }
        continued = goes_on;
    }
    names.retain(|name| !name.is_empty());
    names
}

fn step(outer: &Guard, fact: &Fact, name: &str, into: &mut Vec<(Guard, Fact)>) {
    if name == "*" {
        let (entries, _) = fact.entries();
        for (guard, entry) in entries {
            if let Some(guard) = outer.and(&guard) {
                into.push((guard, entry.fact.clone()));
            }
        }
        return;
    }
    let value = fact.field(name);
    for (guard, value) in value.cases() {
        match value {
            Fact::Absent(_) => {}
            Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) => {
                if let Some(guard) = outer.and(&guard) {
                    into.push((guard, value.clone()));
                }
            }
        }
    }
}

/// Lists replaced by their items.
fn items(found: Vec<(Guard, Fact)>) -> Vec<(Guard, Fact)> {
    let mut flat = Vec::new();
    for (guard, fact) in found {
        let is_list = fact.cases().iter().any(
            |(_, case)| matches!(case, Fact::Known(known) if matches!(known.value, Value::Set(_))),
        );
        if !is_list {
            flat.push((guard, fact));
            continue;
        }
        let (items, rest) = fact.items();
        for (inner, item) in items {
            if let Some(guard) = guard.and(&inner) {
                flat.push((guard, item.clone()));
            }
        }
        if let Some(rest) = rest {
            flat.push((guard, Fact::Unknown(rest.clone())));
        }
    }
    flat
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
pub(super) fn first_of(found: Vec<(Guard, Fact)>, otherwise: Fact, worlds: &Worlds) -> Fact {
    let mut open = vec![Guard::always()];
    let mut cases: BTreeMap<usize, (Guard, Fact)> = BTreeMap::new();
    for (guard, fact) in found {
        let mut left = Vec::new();
        for space in &open {
            let Some(inside) = space.and(&guard) else {
                left.push(space.clone());
                continue;
            };
            cases.insert(cases.len(), (inside, fact.clone()));
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
    Fact::one_of(cases.into_values().chain(rest))
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
