//! All steps, indexed by the state they start from and the one they lead to.

use std::collections::HashMap;

use underbelly_model::{Architecture, Held, Step};

use crate::steps;

/// The number of a step in its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub u32);

/// The number of a state; 0 is outside.
pub(crate) type Node = u32;

/// Where attackers start.
pub(crate) const OUTSIDE: Node = 0;

/// Every step that an architecture offers.
#[derive(Debug)]
pub struct Graph {
    steps: Vec<Step>,
    states: Vec<Held>,
    nodes: HashMap<Held, Node>,
    /// For each node where its steps begin in `leaving`.
    first: Vec<u32>,
    leaving: Vec<StepId>,
}

impl Graph {
    /// The steps that what was drawn offers.
    pub fn of(architecture: &Architecture) -> Self {
        Self::from_steps(steps::all(architecture))
    }

    /// A graph of these steps.
    pub fn from_steps(steps: Vec<Step>) -> Self {
        let mut graph = Self {
            states: Vec::new(),
            nodes: HashMap::new(),
            first: Vec::new(),
            leaving: Vec::new(),
            steps: Vec::new(),
        };
        for step in &steps {
            for state in step.from.into_iter().chain([step.to]) {
                let next = graph.states.len() as Node + 1;
                let states = &mut graph.states;
                graph.nodes.entry(state).or_insert_with(|| {
                    states.push(state);
                    next
                });
            }
        }
        let mut counts = vec![0u32; graph.states.len() + 2];
        for step in &steps {
            if let Some(count) = counts.get_mut(graph.start(step) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut counts {
            sum += *count;
            *count = sum;
        }
        graph.first = counts;
        // Stable: steps of one state stay in the order they were found in.
        let mut order: Vec<u32> = (0..steps.len() as u32).collect();
        order.sort_by_key(|index| steps.get(*index as usize).map(|step| graph.start(step)));
        graph.leaving = order.into_iter().map(StepId).collect();
        graph.steps = steps;
        graph
    }

    /// The same steps the other way round, without those from outside: what leads
    /// to something, found by starting there.
    pub fn reversed(&self) -> Self {
        let turned = self.steps.iter().filter_map(|step| {
            let from = step.from?;
            Some(Step {
                from: Some(step.to),
                to: from,
                ..step.clone()
            })
        });
        Self::from_steps(turned.collect())
    }

    /// A step.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.get(id.0 as usize)
    }

    /// All steps.
    pub fn steps(&self) -> impl Iterator<Item = (StepId, &Step)> {
        let numbered = self.steps.iter().enumerate();
        numbered.map(|(index, step)| (StepId(index as u32), step))
    }

    /// How many states there are, outside included.
    pub(crate) fn n_nodes(&self) -> usize {
        self.states.len() + 1
    }

    pub(crate) fn node(&self, state: Held) -> Option<Node> {
        self.nodes.get(&state).copied()
    }

    pub(crate) fn state(&self, node: Node) -> Option<Held> {
        let index = (node as usize).checked_sub(1)?;
        self.states.get(index).copied()
    }

    pub(crate) fn start(&self, step: &Step) -> Node {
        let from = step.from.and_then(|state| self.node(state));
        from.unwrap_or(OUTSIDE)
    }

    pub(crate) fn end(&self, step: &Step) -> Node {
        self.node(step.to).unwrap_or(OUTSIDE)
    }

    /// The steps that start here.
    pub(crate) fn leaving(&self, node: Node) -> &[StepId] {
        let bound = |at: usize| self.first.get(at).map_or(0, |at| *at as usize);
        let range = bound(node as usize)..bound(node as usize + 1);
        self.leaving.get(range).unwrap_or_default()
    }
}
