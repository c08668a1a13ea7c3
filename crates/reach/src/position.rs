//! Where a component stands on an attacker's roads: how near to outside, and what
//! lies behind it.

use underbelly_expression::SubjectId;
use underbelly_model::{Architecture, Held, Hold, Road, Step, Target};

use crate::{Graph, Survey, roads, targets};

/// All roads of an architecture, looked at from both ends.
#[derive(Debug)]
pub struct Position {
    graph: Graph,
    outside: Survey,
    turned: Graph,
    inside: Survey,
    targets: Vec<Target>,
}

/// How near something stands to outside.
#[derive(Clone, Debug)]
pub struct Near<'a> {
    /// The share of attackers who get that far.
    pub ease: f64,
    /// How many steps lead there.
    pub n_steps: usize,
    /// The first of them.
    pub entrance: Option<&'a Step>,
}

/// The best of what lies behind something.
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
            targets,
        }
    }

    /// The roads from outside, those that matter most first.
    pub fn roads(&self, architecture: &Architecture) -> Vec<Road> {
        roads(architecture, &self.graph, &self.outside)
    }

    /// How near a component or part stands to outside, if a road leads there.
    pub fn near(&self, subject: SubjectId) -> Option<Near<'_>> {
        let ways = Hold::ALL.into_iter().filter_map(|hold| {
            let held = Held::new(subject, hold);
            self.outside.best(&self.graph, held)
        });
        let best = ways.max_by(|a, b| {
            let shorter = b.steps.len().cmp(&a.steps.len());
            a.ease.total_cmp(&b.ease).then(shorter)
        })?;
        Some(Near {
            ease: best.ease,
            n_steps: best.steps.len(),
            entrance: best.steps.first().and_then(|first| self.graph.step(*first)),
        })
    }

    /// The best of what lies behind a component or part, if anything does.
    pub fn behind(&self, subject: SubjectId) -> Option<Behind<'_>> {
        let mut best: Option<Behind<'_>> = None;
        for hold in Hold::ALL {
            let held = Held::new(subject, hold);
            let own = self.targets.iter().find(|target| target.held == held);
            let found = match own {
                Some(target) => Some((target.worth, target)),
                None => self.onward(held),
            };
            if let Some((weight, target)) = found
                && best.as_ref().is_none_or(|best| weight > best.weight)
            {
                best = Some(Behind { weight, target });
            }
        }
        best
    }

    fn onward(&self, held: Held) -> Option<(f64, &Target)> {
        let weight = self.inside.ease(&self.turned, held)?;
        let end = self.inside.start(&self.turned, held)?;
        let target = self.targets.iter().find(|target| target.held == end)?;
        Some((weight, target))
    }
}
