//! The easiest ways to everything, by Dijkstra's search over holds.
//!
//! A state keeps the best road for each of a few entrances, so that a second way
//! in is not hidden behind a first, and of one entrance those that are open at
//! other times. Work is bounded by steps times roads kept; no road visits a state
//! twice.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use underbelly_expression::Guard;
use underbelly_model::Held;

use crate::graph::{Node, OUTSIDE};
use crate::{Graph, Path, StepId};

/// How many entrances are told apart at one state.
pub(crate) const MOST_ENTRANCES: usize = 3;

/// How many weighted starts are told apart at one state.
pub(crate) const MOST_STARTS: usize = 6;

/// How many roads are kept at one state for each entrance or start that is told apart,
/// on the whole: further ones where they are open when the better ones are closed.
const WAYS_EACH: usize = 2;

/// How far one gets from where one starts.
#[derive(Debug)]
pub struct Survey {
    /// For each state the best ways to it, the easiest first.
    reached: Vec<Vec<Label>>,
    labels: Vec<Way>,
    /// How many entrances or starts are told apart.
    most: usize,
}

/// What makes two roads to one state two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// Their first steps.
    Entrance(StepId),
    /// Where they start.
    Start(Node),
}

/// The number of a way.
type Label = u32;

#[derive(Debug)]
struct Way {
    node: Node,
    step: Option<StepId>,
    before: Option<Label>,
    /// What tells it from others; nothing where its first step is still to come.
    origin: Option<Origin>,
    effort: Effort,
    guard: Guard,
}

/// What a road costs: thousandths of a nat, so that sums are exact and order
/// hangs on no rounding.
type Effort = u32;

impl Way {
    fn start(node: Node, effort: Effort, origin: Option<Origin>) -> Self {
        Self {
            node,
            step: None,
            before: None,
            origin,
            effort,
            guard: Guard::always(),
        }
    }
}

fn effort(ease: f64) -> Effort {
    let ease = ease.clamp(1e-6, 1.0);
    (-ease.ln() * 1000.0).round() as Effort
}

fn ease(effort: Effort) -> f64 {
    (-f64::from(effort) / 1000.0).exp()
}

impl Survey {
    /// From outside.
    pub fn from_outside(graph: &Graph) -> Self {
        Self::over(graph, &|_| true)
    }

    /// From these, as if an attacker had them.
    pub fn from_holds(graph: &Graph, holds: &[Held]) -> Self {
        let nodes = holds.iter().filter_map(|held| graph.node(*held));
        let starts = nodes.map(|node| Way::start(node, 0, None));
        Self::from_starts(graph, starts.collect(), MOST_ENTRANCES, &|_| true)
    }

    /// From these, some of which count less than others from the start. Each state
    /// keeps the few of them that it is reached from most easily.
    pub fn from_weighted(graph: &Graph, holds: &[(Held, f64)]) -> Self {
        let starts = holds.iter().filter_map(|(held, weight)| {
            let node = graph.node(*held)?;
            Some(Way::start(node, effort(*weight), Some(Origin::Start(node))))
        });
        Self::from_starts(graph, starts.collect(), MOST_STARTS, &|_| true)
    }

    /// From outside, over the steps that are left.
    pub fn over(graph: &Graph, is_left: &dyn Fn(StepId) -> bool) -> Self {
        let start = Way::start(OUTSIDE, 0, None);
        Self::from_starts(graph, vec![start], MOST_ENTRANCES, is_left)
    }

    fn from_starts(
        graph: &Graph,
        starts: Vec<Way>,
        most: usize,
        is_left: &dyn Fn(StepId) -> bool,
    ) -> Self {
        let mut survey = Self {
            reached: vec![Vec::new(); graph.n_nodes()],
            labels: Vec::new(),
            most,
        };
        let mut open: BinaryHeap<Reverse<(Effort, Label)>> = BinaryHeap::new();
        for start in starts {
            survey.push(start, &mut open);
        }
        while let Some(Reverse((_, label))) = open.pop() {
            if !survey.settle(label) {
                continue;
            }
            for way in survey.onward(graph, label, is_left) {
                survey.push(way, &mut open);
            }
        }
        survey
    }

    fn push(&mut self, way: Way, open: &mut BinaryHeap<Reverse<(Effort, Label)>>) {
        let label = self.labels.len() as Label;
        open.push(Reverse((way.effort, label)));
        self.labels.push(way);
    }

    /// Whether a way is among the best to its state; if so it is kept.
    fn settle(&mut self, label: Label) -> bool {
        let Some(way) = self.labels.get(label as usize) else {
            return false;
        };
        let keeps = self.has_room(way.node, way.origin, &way.guard);
        if keeps && let Some(reached) = self.reached.get_mut(way.node as usize) {
            reached.push(label);
        }
        keeps
    }

    /// Whether one more way to a state tells something that those before do not.
    fn has_room(&self, node: Node, origin: Option<Origin>, guard: &Guard) -> bool {
        let Some(reached) = self.reached.get(node as usize) else {
            return false;
        };
        if reached.len() >= self.most * WAYS_EACH {
            return false;
        }
        let mut others: Vec<Option<Origin>> = Vec::new();
        for known in reached
            .iter()
            .filter_map(|label| self.labels.get(*label as usize))
        {
            if known.origin == origin {
                // An easier road that is open whenever this one is leaves it nothing.
                if known.guard.is_wider_than(guard) {
                    return false;
                }
            } else if !others.contains(&known.origin) {
                others.push(known.origin);
            }
        }
        others.len() < self.most
    }

    fn onward(&self, graph: &Graph, label: Label, is_left: &dyn Fn(StepId) -> bool) -> Vec<Way> {
        let Some(way) = self.labels.get(label as usize) else {
            return Vec::new();
        };
        let mut next = Vec::new();
        for id in graph.leaving(way.node) {
            let Some(step) = graph.step(*id).filter(|_| is_left(*id)) else {
                continue;
            };
            let Some(guard) = way.guard.and(&step.guard) else {
                continue;
            };
            let node = graph.end(step);
            let origin = way.origin.or(Some(Origin::Entrance(*id)));
            if !self.has_room(node, origin, &guard) {
                continue;
            }
            next.push(Way {
                node,
                step: Some(*id),
                before: Some(label),
                origin,
                effort: way.effort.saturating_add(effort(step.ease)),
                guard,
            });
        }
        next
    }

    /// The best ways to a hold, the easiest first, each with another entrance.
    pub fn paths(&self, graph: &Graph, to: Held) -> Vec<Path> {
        let ways = self.apart(graph, to).into_iter();
        ways.filter_map(|way| self.path(way)).collect()
    }

    /// The easiest way to something.
    pub fn best(&self, graph: &Graph, to: Held) -> Option<Path> {
        let reached = self.reached.get(graph.node(to)? as usize)?;
        self.path(self.labels.get(*reached.first()? as usize)?)
    }

    /// From which of the weighted starts a hold is reached most easily: the few best,
    /// each with its weight times the ease of the way.
    pub fn starts(&self, graph: &Graph, to: Held) -> Vec<(Held, f64)> {
        let ways = self.apart(graph, to).into_iter();
        ways.filter_map(|way| match way.origin? {
            Origin::Start(node) => Some((graph.state(node)?, ease(way.effort))),
            Origin::Entrance(_) => None,
        })
        .collect()
    }

    /// By which first steps a hold is reached most easily: the few best, each with
    /// the ease of the way.
    pub fn entrances(&self, graph: &Graph, to: Held) -> Vec<(StepId, f64)> {
        let ways = self.apart(graph, to).into_iter();
        ways.filter_map(|way| match way.origin? {
            Origin::Entrance(step) => Some((step, ease(way.effort))),
            Origin::Start(_) => None,
        })
        .collect()
    }

    /// The best way of each entrance or start, the easiest first.
    fn apart(&self, graph: &Graph, to: Held) -> Vec<&Way> {
        let node = graph.node(to);
        let reached = node.and_then(|node| self.reached.get(node as usize));
        let labels = reached.into_iter().flatten();
        let ways = labels.filter_map(|label| self.labels.get(*label as usize));
        let mut best: Vec<&Way> = Vec::new();
        for way in ways {
            if best.iter().all(|known| known.origin != way.origin) {
                best.push(way);
            }
        }
        best
    }

    /// Every hold that is reached by a step, the easiest first.
    pub fn holds(&self, graph: &Graph) -> Vec<(Held, f64)> {
        let best = |labels: &Vec<Label>| {
            let way = self.labels.get(*labels.first()? as usize)?;
            way.step?;
            Some((way.effort, graph.state(way.node)?))
        };
        let mut found: Vec<(Effort, Held)> = self.reached.iter().filter_map(best).collect();
        found.sort();
        let found = found.into_iter();
        found.map(|(effort, state)| (state, ease(effort))).collect()
    }

    fn path(&self, end: &Way) -> Option<Path> {
        let mut steps = Vec::new();
        let mut at = Some(end);
        while let Some(way) = at {
            steps.extend(way.step);
            at = way
                .before
                .and_then(|before| self.labels.get(before as usize));
        }
        steps.reverse();
        (!steps.is_empty()).then(|| Path {
            steps,
            ease: ease(end.effort),
            guard: end.guard.clone(),
        })
    }
}
