//! How many tasks of a workflow come before each of its states, on the shortest way
//! from where it starts.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use underbelly_expression::Fact;

/// The states that somebody can tell a way to, each with how many states that call
/// something lie before it. A state without a way from the start is not among them.
pub(crate) fn tasks_before(machine: &Fact) -> BTreeMap<Arc<str>, u32> {
    let states = machine.field("States").into_owned();
    let (entries, _) = states.entries();
    let states: BTreeMap<&str, (&Arc<str>, &Fact)> = entries
        .iter()
        .map(|(_, entry)| (&*entry.key, (&entry.key, &entry.fact)))
        .collect();
    let mut known = BTreeMap::new();
    let start = machine.field("StartAt").into_owned();
    // What costs nothing more goes to the front, so that the first way is the shortest.
    let mut open: VecDeque<(String, u32)> = names(&start).map(|name| (name, 0)).collect();
    while let Some((name, before)) = open.pop_front() {
        let Some((key, state)) = states.get(name.as_str()) else {
            continue;
        };
        if known.contains_key(*key) {
            continue;
        }
        known.insert((*key).clone(), before);
        let calls = matches!(
            state.field("Type").as_text(),
            Some("Task" | "Map" | "Parallel")
        );
        for next in following(state) {
            match calls {
                true => open.push_back((next, before.saturating_add(1))),
                false => open.push_front((next, before)),
            }
        }
    }
    known
}

/// The states that may come next.
fn following(state: &Fact) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for field in ["Next", "Default"] {
        found.extend(names(&state.field(field)));
    }
    for field in ["Choices", "Catch"] {
        let rules = state.field(field).into_owned();
        for (_, rule) in rules.items().0 {
            found.extend(names(&rule.field("Next")));
        }
    }
    found
}

/// The name in each case of a fact.
fn names(fact: &Fact) -> impl Iterator<Item = String> + use<> {
    let cases = fact.cases();
    let names = cases.filter_map(|(_, case)| Some(case.as_text()?.to_owned()));
    names.collect::<Vec<_>>().into_iter()
}
