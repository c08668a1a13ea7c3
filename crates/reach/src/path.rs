//! A chain of steps.

use underbelly_expression::Guard;
use underbelly_model::{Held, Step};

use crate::{Graph, StepId};

/// A way from a start to a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Its steps, in order; never none.
    pub steps: Vec<StepId>,
    /// The share of attackers at its start who get to its end.
    pub ease: f64,
    /// When it is open.
    pub guard: Guard,
}

impl Path {
    /// Its end.
    pub fn end(&self, graph: &Graph) -> Option<Held> {
        let last = self.steps.last()?;
        graph.step(*last).map(|step| step.to)
    }

    /// Its steps themselves.
    pub fn walk<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = &'a Step> {
        self.steps.iter().filter_map(|id| graph.step(*id))
    }

    /// Whether every step of it is shown, none hangs on something unknown.
    pub fn is_known(&self, graph: &Graph) -> bool {
        self.walk(graph).all(|step| step.unknown.is_none())
    }
}
