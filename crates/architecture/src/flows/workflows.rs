//! Workflow definitions: every task at any depth, and what it calls.

use std::collections::VecDeque;

use underbelly_expression::{Fact, Guard, Reason, Unknown};
use underbelly_iac::Resource;
use underbelly_source::Place;

use crate::draft::Draft;

use super::order;
use super::tasks::{self, Task};

/// No definition has more states than this.
const MOST_STATES: usize = 20_000;

/// No states are nested deeper than this.
const DEEPEST: usize = 64;

/// Draws them, and adds the parts.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for workflow in draft.of_kind("workflow") {
        let Some((id, resource)) = draft.resource_of(workflow) else {
            continue;
        };
        let definition = resource.properties.field("Definition").into_owned();
        for (guard, case) in definition.cases() {
            let Some(guard) = resource.guard.and(&guard) else {
                continue;
            };
            if let Some(unknown) = unread(resource, case) {
                draft.may_have_more(workflow, "tasks", unknown);
            }
            for task in walk(case, guard) {
                tasks::add(draft, workflow, id, &task);
            }
        }
    }
}

/// Why a definition could not be walked.
fn unread(resource: &Resource, definition: &Fact) -> Option<Unknown> {
    match definition {
        Fact::Unknown(unknown) => Some(unknown.clone()),
        Fact::Known(_) if definition.as_map().is_some() => None,
        Fact::Known(_) | Fact::Absent(_) | Fact::OneOf(_) => Some(Unknown {
            reason: Reason::Elsewhere("its definition".into()),
            place: Some(Place::missing(definition.head(resource.head))),
        }),
    }
}

/// States that hold states, still to be looked into.
struct Open {
    machine: Fact,
    path: String,
    guard: Guard,
    depth: usize,
    /// How many tasks come before it.
    before: Option<u32>,
}

/// The tasks of a definition, outer ones first.
fn walk(definition: &Fact, guard: Guard) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut open = VecDeque::from([Open {
        machine: definition.clone(),
        path: String::new(),
        guard,
        depth: 0,
        before: Some(0),
    }]);
    let mut n_states = 0_usize;
    while let Some(next) = open.pop_front() {
        let states = next.machine.field("States").into_owned();
        let (entries, _) = states.entries();
        let order = order::tasks_before(&next.machine);
        for (inner, entry) in entries {
            let inside_it = order.get(&entry.key).copied();
            let before = next.before.zip(inside_it);
            let before = before.map(|(outer, inner)| outer.saturating_add(inner));
            n_states = n_states.saturating_add(1);
            let Some(guard) = next.guard.and(&inner) else {
                continue;
            };
            if n_states > MOST_STATES {
                return tasks;
            }
            let path = match next.path.is_empty() {
                true => entry.key.to_string(),
                false => format!("{}/{}", next.path, entry.key),
            };
            if next.depth < DEEPEST {
                for (guard, machine) in inside(&entry.fact, &guard) {
                    open.push_back(Open {
                        machine,
                        path: path.clone(),
                        guard,
                        depth: next.depth.saturating_add(1),
                        before,
                    });
                }
            }
            if entry.fact.field("Type").as_text() == Some("Task") {
                tasks.push(Task {
                    path,
                    guard,
                    before,
                    place: entry.key_span,
                    state: entry.fact.clone(),
                });
            }
        }
    }
    tasks
}

/// The machines inside a state: of a map what it does with each item, of parallel
/// states their branches.
fn inside(state: &Fact, outer: &Guard) -> Vec<(Guard, Fact)> {
    let mut found = Vec::new();
    for name in ["ItemProcessor", "Iterator"] {
        let machine = state.field(name);
        if !machine.is_absent() {
            found.push((outer.clone(), machine.into_owned()));
        }
    }
    let branches = state.field("Branches").into_owned();
    for (guard, branch) in branches.items().0 {
        if let Some(guard) = outer.and(&guard) {
            found.push((guard, branch.clone()));
        }
    }
    found
}
