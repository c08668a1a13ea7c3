//! Steps by which one run causes another, and which components reach one another by
//! them.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::SubjectId;
use underbelly_model::{FlowKind, Strength};

use crate::draft::Draft;
use crate::worlds::{Variables, World};

use super::consequences::writes;

/// Components that reach one another.
pub(super) type Group = BTreeSet<SubjectId>;

/// For each component where its flows lead, and their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    from: BTreeMap<SubjectId, Vec<(SubjectId, usize)>>,
}

impl Steps {
    /// All that are drawn.
    pub(super) fn of(draft: &Draft<'_>) -> Self {
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

    /// Those that start at a component.
    pub(super) fn from(&self, component: SubjectId) -> &[(SubjectId, usize)] {
        self.from.get(&component).map_or(&[], Vec::as_slice)
    }

    /// Those between members of a group.
    pub(super) fn within(&self, group: &Group) -> Self {
        self.only(group.iter(), |to, _| group.contains(&to))
    }

    /// Those that are there in one world.
    pub(super) fn in_world(&self, draft: &Draft<'_>, world: &World) -> Self {
        self.only(self.from.keys(), |_, index| {
            let flow = draft.flows.get(index);
            flow.is_some_and(|flow| flow.guard.holds(world) != Some(false))
        })
    }

    fn only<'s>(
        &self,
        starts: impl Iterator<Item = &'s SubjectId>,
        stays: impl Fn(SubjectId, usize) -> bool,
    ) -> Self {
        let from = starts.map(|start| {
            let steps = self.from(*start).iter().copied();
            (
                *start,
                steps.filter(|(to, index)| stays(*to, *index)).collect(),
            )
        });
        Self {
            from: from.collect(),
        }
    }

    /// What it depends on whether they are there.
    pub(super) fn variables(&self, draft: &Draft<'_>) -> Variables {
        let mut variables = Variables::default();
        for (_, index) in self.from.values().flatten() {
            if let Some(flow) = draft.flows.get(*index) {
                variables.add_guard(&flow.guard);
            }
        }
        variables
    }

    /// The groups in which one gets back to where one was; Tarjan's algorithm, with
    /// a stack of its own instead of recursion.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut walk = Walk::default();
        for start in self.from.keys() {
            if !walk.number.contains_key(start) {
                self.visit(*start, &mut walk);
            }
        }
        let to_itself = |one: &SubjectId| self.from(*one).iter().any(|(to, _)| to == one);
        let mut groups = walk.groups;
        groups.retain(|group| group.len() > 1 || group.iter().any(to_itself));
        groups
    }

    fn visit(&self, start: SubjectId, walk: &mut Walk) {
        let mut frames = vec![(start, 0_usize)];
        walk.enter(start);
        while let Some((at, next)) = frames.pop() {
            match self.from(at).get(next) {
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
}

#[derive(Default)]
struct Walk {
    number: BTreeMap<SubjectId, usize>,
    low: BTreeMap<SubjectId, usize>,
    stack: Vec<SubjectId>,
    on_stack: BTreeSet<SubjectId>,
    groups: Vec<Group>,
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
        let mut group = Group::new();
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
