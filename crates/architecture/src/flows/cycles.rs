//! Functions that can start themselves again: by what they write, call or send,
//! directly or through others.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::{Basis, Fact, SubjectId, Value};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::Place;

use crate::derived::no;
use crate::draft::Draft;
use crate::worlds::{Variables, World};

use super::consequences::writes;

/// A circle is shown by at most so many of its lines.
const MOST_PLACES: usize = 8;

/// Sets `in_cycle` of every function.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let steps = Steps::of(draft);
    let groups = steps.groups();
    for function in draft.of_kind("function") {
        let Some(head) = draft.place_of(function) else {
            continue;
        };
        let group = groups.get(&function);
        let inside = match group {
            Some(group) => steps.within(group),
            None => Vec::new(),
        };
        let mut variables = Variables::default();
        for index in &inside {
            if let Some(flow) = draft.flows.get(*index) {
                variables.add_guard(&flow.guard);
            }
        }
        let within = draft.guard_of(function);
        let fact = variables.by_case(&draft.graph.worlds, &within, |world| {
            let around = around(draft, &inside, function, world);
            around.unwrap_or_else(|| no(head))
        });
        draft.set(function, "in_cycle", fact);
    }
}

/// A shortest way from a function back to itself in one world, as a fact.
fn around(draft: &Draft<'_>, inside: &[usize], function: SubjectId, world: &World) -> Option<Fact> {
    let mut from: BTreeMap<SubjectId, Vec<usize>> = BTreeMap::new();
    for index in inside {
        let flow = draft.flows.get(*index)?;
        if flow.guard.holds(world) != Some(false) {
            from.entry(flow.source).or_default().push(*index);
        }
    }
    let mut came_by: BTreeMap<SubjectId, usize> = BTreeMap::new();
    let mut open = std::collections::VecDeque::from([function]);
    while let Some(at) = open.pop_front() {
        for index in from.get(&at).map_or(&[][..], Vec::as_slice) {
            let flow = draft.flows.get(*index)?;
            if came_by.contains_key(&flow.destination) {
                continue;
            }
            came_by.insert(flow.destination, *index);
            if flow.destination == function {
                return Some(way_back(draft, &came_by, function));
            }
            open.push_back(flow.destination);
        }
    }
    None
}

fn way_back(draft: &Draft<'_>, came_by: &BTreeMap<SubjectId, usize>, function: SubjectId) -> Fact {
    let mut places: Vec<Place> = Vec::new();
    let mut basis = Basis::Written;
    let mut at = function;
    for _ in 0..=came_by.len() {
        let flow = came_by.get(&at).and_then(|index| draft.flows.get(*index));
        let Some(flow) = flow else { break };
        if flow.strength != Strength::Strong {
            basis = Basis::LibraryAssumption;
        }
        let first = flow.places.first().filter(|place| !places.contains(place));
        places.extend(first.filter(|_| places.len() < MOST_PLACES));
        at = flow.source;
        if at == function {
            break;
        }
    }
    places.reverse();
    let mut fact = Fact::known(Value::Bool(true), basis, places);
    if let (Fact::Known(known), Basis::LibraryAssumption) = (&mut fact, basis) {
        known.note = Some("what is permitted is taken to happen".into());
    }
    fact
}

/// Steps by which one run causes another.
struct Steps {
    from: BTreeMap<SubjectId, Vec<(SubjectId, usize)>>,
}

impl Steps {
    fn of(draft: &Draft<'_>) -> Self {
        let mut from: BTreeMap<SubjectId, Vec<(SubjectId, usize)>> = BTreeMap::new();
        for (index, flow) in draft.flows.iter().enumerate() {
            let causes = match flow.kind {
                FlowKind::Trigger | FlowKind::Call => true,
                FlowKind::Access => {
                    flow.strength != Strength::NoPermission
                        && (writes(&flow.label) || draft.kind_of(flow.destination) == "function")
                }
                FlowKind::Delivery => false,
            };
            if causes {
                let steps = from.entry(flow.source).or_default();
                steps.push((flow.destination, index));
            }
        }
        Self { from }
    }

    /// Components that reach one another, by component; Tarjan's algorithm, with
    /// a stack of its own instead of recursion.
    fn groups(&self) -> BTreeMap<SubjectId, BTreeSet<SubjectId>> {
        let mut walk = Walk::default();
        for start in self.from.keys() {
            if !walk.number.contains_key(start) {
                self.visit(*start, &mut walk);
            }
        }
        let mut groups = BTreeMap::new();
        for group in walk.groups {
            let alone = group.len() == 1;
            for member in &group {
                let to_itself = || {
                    let steps = self.from.get(member).map_or(&[][..], Vec::as_slice);
                    steps.iter().any(|(to, _)| to == member)
                };
                if !alone || to_itself() {
                    groups.insert(*member, group.clone());
                }
            }
        }
        groups
    }

    fn visit(&self, start: SubjectId, walk: &mut Walk) {
        let mut frames = vec![(start, 0_usize)];
        walk.enter(start);
        while let Some((at, next)) = frames.pop() {
            let steps = self.from.get(&at).map_or(&[][..], Vec::as_slice);
            match steps.get(next) {
                Some((to, _)) => {
                    frames.push((at, next.saturating_add(1)));
                    if !walk.number.contains_key(to) {
                        walk.enter(*to);
                        frames.push((*to, 0));
                    } else if walk.on_stack.contains(to) {
                        walk.lower(at, walk.number.get(to).copied());
                    }
                }
                None => {
                    walk.leave(at);
                    if let Some((above, _)) = frames.last() {
                        walk.lower(*above, walk.low.get(&at).copied());
                    }
                }
            }
        }
    }

    /// The flows between members of a group.
    fn within(&self, group: &BTreeSet<SubjectId>) -> Vec<usize> {
        let members = group.iter().filter_map(|member| self.from.get(member));
        let steps = members.flatten();
        steps
            .filter(|(to, _)| group.contains(to))
            .map(|(_, index)| *index)
            .collect()
    }
}

#[derive(Default)]
struct Walk {
    number: BTreeMap<SubjectId, usize>,
    low: BTreeMap<SubjectId, usize>,
    stack: Vec<SubjectId>,
    on_stack: BTreeSet<SubjectId>,
    groups: Vec<BTreeSet<SubjectId>>,
}

impl Walk {
    fn enter(&mut self, at: SubjectId) {
        let number = self.number.len();
        self.number.insert(at, number);
        self.low.insert(at, number);
        self.stack.push(at);
        self.on_stack.insert(at);
    }

    fn lower(&mut self, at: SubjectId, to: Option<usize>) {
        if let (Some(low), Some(to)) = (self.low.get_mut(&at), to) {
            *low = (*low).min(to);
        }
    }

    fn leave(&mut self, at: SubjectId) {
        if self.low.get(&at) != self.number.get(&at) {
            return;
        }
        let mut group = BTreeSet::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack.remove(&member);
            group.insert(member);
            if member == at {
                break;
            }
        }
        self.groups.push(group);
    }
}
