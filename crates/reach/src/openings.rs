//! What opens the roads to the data, and which few settings to close first.
//!
//! A road closed may leave another open that was worse and so not shown. So what
//! is chosen is taken away, the search is made again, and what it finds joins the
//! roads to be closed, until nothing is left that a setting closes.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::SubjectId;
use underbelly_model::{Architecture, Held, How, Step};

use crate::{Cut, Graph, Path, StepId, Survey, cut, ease, targets};

/// A fact on which steps rest: when it changes, they may be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    /// How far inside: of two that close as much, the door is closed.
    depth: Depth,
    /// Whose fact.
    pub subject: SubjectId,
    /// Which: `open_to`, `public_read`, `abilities` …
    pub fact: &'static str,
}

/// Where on a road something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    /// It lets people in.
    Door,
    /// It lets those go on who are in.
    Inside,
}

/// How often the search is made again.
const MOST_ROUNDS: usize = 12;

/// What to close so that no road leads from outside to data: the roads are the best
/// of each entrance, and those that come to light once they are closed. `None`
/// where the rounds did not suffice.
pub fn openings(architecture: &Architecture, graph: &Graph) -> Option<Cut<Opening>> {
    let targets = targets(architecture);
    let ends: Vec<Held> = targets.iter().map(|target| target.held).collect();
    close(graph, &ends, &by_opening(graph))
}

/// What closes every road to these ends that anything closes.
pub(crate) fn close<M: Clone + Ord>(
    graph: &Graph,
    ends: &[Held],
    closes: &BTreeMap<M, BTreeSet<StepId>>,
) -> Option<Cut<M>> {
    let mut roads: Vec<Path> = Vec::new();
    let mut known: BTreeSet<Vec<StepId>> = BTreeSet::new();
    let mut closed: BTreeSet<StepId> = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let survey = Survey::over(graph, &|step| !closed.contains(&step));
        let before = roads.len();
        for end in ends {
            for path in survey.paths(graph, *end) {
                if known.insert(path.steps.clone()) {
                    roads.push(path);
                }
            }
        }
        let found = cut(&roads, closes);
        if roads.len() == before {
            return Some(found);
        }
        let measures = found.measures.iter();
        let steps = measures.filter_map(|(measure, _)| closes.get(measure));
        closed = steps.flatten().copied().collect();
    }
    None
}

/// The steps that rest on each fact somebody can change. Under which role code runs
/// is no such fact: it runs under one in any case. Nor is a right that is used.
pub fn by_opening(graph: &Graph) -> BTreeMap<Opening, BTreeSet<StepId>> {
    let used = graph.steps().filter(|(_, step)| is_use(step));
    let used = used.flat_map(|(_, step)| &step.rests_on);
    let used: BTreeSet<&(SubjectId, &str)> = used.collect();
    let mut found: BTreeMap<Opening, BTreeSet<StepId>> = BTreeMap::new();
    for (id, step) in graph.steps() {
        for rest in &step.rests_on {
            let (subject, fact) = *rest;
            if fact == "runs_as" || used.contains(rest) {
                continue;
            }
            let opening = Opening {
                depth: match step.from {
                    None => Depth::Door,
                    Some(_) => Depth::Inside,
                },
                subject,
                fact,
            };
            found.entry(opening).or_default().insert(id);
        }
    }
    found
}

/// Whether a step is what the system is there for, by a right that it needs.
fn is_use(step: &Step) -> bool {
    match step.how {
        How::Purpose | How::Defined | How::HandedOn(_) => step.from.is_some(),
        How::Rights => step.ease > ease::UNUSED_RIGHTS,
        How::Open(_)
        | How::Admitted(_)
        | How::Forwarded
        | How::Flaw
        | How::Granted(_)
        | How::RunsAs
        | How::Guest
        | How::SignedIn
        | How::Account
        | How::Escalation(_) => false,
    }
}
