//! The easiest ways to everything, by Dijkstra's search over holds.
//!
//! A state keeps the best road for each of a few entrances, so that a second way
//! in is not hidden behind a first. Work is bounded by steps times entrances; no
//! road visits a state twice.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use underbelly_expression::Guard;
use underbelly_model::Held;

use crate::graph::{Node, OUTSIDE};
use crate::{Graph, Path, StepId};

/// How many entrances are told apart at one state.
pub const MOST_ENTRANCES: usize = 3;

/// How far one gets from where one starts.
#[derive(Debug)]
pub struct Survey {
    /// For each state the best ways to it, the easiest first.
    reached: Vec<Vec<Label>>,
    labels: Vec<Way>,
}

/// The number of a way.
type Label = u32;

#[derive(Debug)]
struct Way {
    node: Node,
    step: Option<StepId>,
    before: Option<Label>,
    /// The first step of the road.
    entrance: Option<StepId>,
    effort: Effort,
    guard: Guard,
}

/// What a road costs: thousandths of a nat, so that sums are exact and order
/// hangs on no rounding.
type Effort = u32;

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
        Self::from_nodes(graph, &[(OUTSIDE, 0)], &|_| true)
    }

    /// From these, as if an attacker had them.
    pub fn from_holds(graph: &Graph, holds: &[Held]) -> Self {
        let weighted: Vec<(Held, f64)> = holds.iter().map(|held| (*held, 1.0)).collect();
        Self::from_weighted(graph, &weighted)
    }

    /// From these, some of which count less than others from the start.
    pub fn from_weighted(graph: &Graph, holds: &[(Held, f64)]) -> Self {
        let nodes = holds.iter();
        let nodes = nodes.filter_map(|(held, weight)| Some((graph.node(*held)?, effort(*weight))));
        Self::from_nodes(graph, &nodes.collect::<Vec<_>>(), &|_| true)
    }

    /// From outside, over the steps that are left.
    pub fn over(graph: &Graph, is_left: &dyn Fn(StepId) -> bool) -> Self {
        Self::from_nodes(graph, &[(OUTSIDE, 0)], is_left)
    }

    fn from_nodes(
        graph: &Graph,
        starts: &[(Node, Effort)],
        is_left: &dyn Fn(StepId) -> bool,
    ) -> Self {
        let mut survey = Self {
            reached: vec![Vec::new(); graph.n_nodes()],
            labels: Vec::new(),
        };
        let mut open: BinaryHeap<Reverse<(Effort, Label)>> = BinaryHeap::new();
        for (node, effort) in starts {
            let start = Way {
                node: *node,
                step: None,
                before: None,
                entrance: None,
                effort: *effort,
                guard: Guard::always(),
            };
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

    /// Whether a way is among the best to its state.
    fn settle(&mut self, label: Label) -> bool {
        let Some(way) = self.labels.get(label as usize) else {
            return false;
        };
        let entrance = way.entrance;
        let Some(reached) = self.reached.get_mut(way.node as usize) else {
            return false;
        };
        let labels = &self.labels;
        let known = |label: &Label| labels.get(*label as usize).map(|way| way.entrance);
        if reached.len() >= MOST_ENTRANCES || reached.iter().any(|l| known(l) == Some(entrance)) {
            return false;
        }
        reached.push(label);
        true
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
            let full = |at: &Vec<Label>| at.len() >= MOST_ENTRANCES;
            if self.reached.get(node as usize).is_none_or(full) {
                continue;
            }
            next.push(Way {
                node,
                step: Some(*id),
                before: Some(label),
                entrance: way.entrance.or(Some(*id)),
                effort: way.effort.saturating_add(effort(step.ease)),
                guard,
            });
        }
        next
    }

    /// The best ways to a hold, the easiest first, each with another entrance.
    pub fn paths(&self, graph: &Graph, to: Held) -> Vec<Path> {
        let node = graph.node(to);
        let reached = node.and_then(|node| self.reached.get(node as usize));
        let labels = reached.into_iter().flatten();
        labels.filter_map(|label| self.path(*label)).collect()
    }

    /// The easiest way to something.
    pub fn best(&self, graph: &Graph, to: Held) -> Option<Path> {
        let reached = self.reached.get(graph.node(to)? as usize)?;
        self.path(*reached.first()?)
    }

    /// How easily a hold is reached, if at all: 1 at the start.
    pub fn ease(&self, graph: &Graph, to: Held) -> Option<f64> {
        let reached = self.reached.get(graph.node(to)? as usize)?;
        let best = self.labels.get(*reached.first()? as usize)?;
        Some(ease(best.effort))
    }

    /// Where the easiest way to something starts.
    pub fn start(&self, graph: &Graph, to: Held) -> Option<Held> {
        let reached = self.reached.get(graph.node(to)? as usize)?;
        let mut way = self.labels.get(*reached.first()? as usize)?;
        while let Some(before) = way.before {
            way = self.labels.get(before as usize)?;
        }
        graph.state(way.node)
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

    fn path(&self, label: Label) -> Option<Path> {
        let end = self.labels.get(label as usize)?;
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
