//! Where a component stands on an attacker's roads: how near to outside, and what
//! lies behind it.

use std::collections::BTreeMap;

use underbelly_expression::SubjectId;
use underbelly_model::{Architecture, Held, Hold, Road, Step, Target};

use crate::search::{MOST_ENTRANCES, MOST_STARTS};
use crate::{Graph, StepId, Survey, roads, targets};

/// All roads of an architecture, looked at from both ends.
#[derive(Debug)]
pub struct Position {
    graph: Graph,
    outside: Survey,
    turned: Graph,
    inside: Survey,
    targets: BTreeMap<Held, Target>,
}

/// How near something stands to outside.
#[derive(Clone, Debug)]
pub struct Near<'a> {
    /// How many steps the easiest road there has.
    pub n_steps: usize,
    /// The first of them.
    pub entrance: Option<&'a Step>,
    /// The share of attackers who get that far by each of a few entrances, the easiest
    /// first; never none.
    pub eases: Vec<f64>,
}

/// Something that lies behind something.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind<'a> {
    /// How easily it is had from there times its worth.
    pub weight: f64,
    /// What.
    pub target: &'a Target,
}

impl Position {
    /// Of what was drawn.
    pub fn of(architecture: &Architecture) -> Self {
        let graph = Graph::of(architecture);
        let targets = targets(architecture);
        let turned = graph.reversed();
        let ends: Vec<(Held, f64)> = targets.iter().map(|t| (t.held, t.worth)).collect();
        Self {
            outside: Survey::from_outside(&graph),
            inside: Survey::from_weighted(&turned, &ends),
            graph,
            turned,
            targets: targets.into_iter().map(|t| (t.held, t)).collect(),
        }
    }

    /// The roads from outside, those that matter most first.
    pub fn roads(&self, architecture: &Architecture) -> Vec<Road> {
        roads(architecture, &self.graph, &self.outside)
    }

    /// How near these components and parts stand to outside, if a road leads to any.
    pub fn near(&self, subjects: &[SubjectId]) -> Option<Near<'_>> {
        let each = subjects
            .iter()
            .flat_map(|subject| Hold::ALL.map(|hold| Held::new(*subject, hold)));
        let mut entrances: BTreeMap<StepId, f64> = BTreeMap::new();
        let mut best: Option<(usize, f64, StepId)> = None;
        for held in each {
            let ways = self.outside.entrances(&self.graph, held);
            if let Some((entrance, ease)) = ways.first()
                && best.is_none_or(|(_, known, _)| *ease >= known)
                && let Some(path) = self.outside.best(&self.graph, held)
            {
                let n = path.steps.len();
                if best.is_none_or(|(known_n, known, _)| *ease > known || n < known_n) {
                    best = Some((n, *ease, *entrance));
                }
            }
            for (entrance, ease) in ways {
                let known = entrances.entry(entrance).or_default();
                *known = known.max(ease);
            }
        }
        let (n_steps, _, entrance) = best?;
        let mut eases: Vec<f64> = entrances.into_values().collect();
        eases.sort_by(|a, b| b.total_cmp(a));
        eases.truncate(MOST_ENTRANCES);
        Some(Near {
            n_steps,
            entrance: self.graph.step(entrance),
            eases,
        })
    }

    /// The best of what lies behind these components and parts, what counts most
    /// first: at most a few.
    pub fn behind(&self, subjects: &[SubjectId]) -> Vec<Behind<'_>> {
        let mut found: BTreeMap<Held, f64> = BTreeMap::new();
        for subject in subjects {
            for hold in Hold::ALL {
                let held = Held::new(*subject, hold);
                let own = self.targets.get(&held).map(|own| (held, own.worth));
                let onward = self.inside.starts(&self.turned, held);
                for (target, weight) in onward.into_iter().chain(own) {
                    let best = found.entry(target).or_default();
                    *best = best.max(weight);
                }
            }
        }
        let known = found.into_iter().filter_map(|(held, weight)| {
            let target = self.targets.get(&held)?;
            Some(Behind { weight, target })
        });
        let mut behind: Vec<Behind<'_>> = known.collect();
        // Stable: of equals, in the order of the components.
        behind.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        behind.truncate(MOST_STARTS);
        behind
    }
}
