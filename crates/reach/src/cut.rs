//! What would close the most roads: a small set of measures, each of which takes
//! away steps. Greedy, then thinned out until each is needed; not the smallest
//! there is, and said to be so where it is shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Path, StepId};

/// Measures that close roads together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut<M> {
    /// The measures, the one that closes most first, each with how many roads it
    /// closes that the ones before it leave open.
    pub measures: Vec<(M, usize)>,
    /// How many roads are closed.
    pub closed: usize,
    /// How many stay open because nothing known closes any step of them.
    pub left: usize,
}

/// Chooses measures: `closes` says which steps each takes away.
pub fn cut<M: Clone + Ord>(roads: &[Path], closes: &BTreeMap<M, BTreeSet<StepId>>) -> Cut<M> {
    let by_measure: BTreeMap<&M, BTreeSet<usize>> = closes
        .iter()
        .map(|(measure, steps)| (measure, closed_by(roads, steps)))
        .filter(|(_, closed)| !closed.is_empty())
        .collect();
    let closable: BTreeSet<usize> = by_measure.values().flatten().copied().collect();
    let mut open = closable.clone();
    let mut chosen: Vec<&M> = Vec::new();
    while !open.is_empty() {
        let gain = |closed: &BTreeSet<usize>| closed.intersection(&open).count();
        // The first of equals, so that the same roads give the same cut.
        let best = by_measure
            .iter()
            .rev()
            .max_by_key(|(_, closed)| gain(closed));
        let Some((measure, closed)) = best.filter(|(_, closed)| gain(closed) > 0) else {
            break;
        };
        chosen.push(measure);
        open.retain(|road| !closed.contains(road));
    }
    let chosen = needed(chosen, &by_measure, &closable);
    let mut open = closable.clone();
    let mut measures = Vec::new();
    for measure in chosen {
        let before = open.len();
        if let Some(closed) = by_measure.get(measure) {
            open.retain(|road| !closed.contains(road));
        }
        measures.push((measure.clone(), before - open.len()));
    }
    Cut {
        measures,
        closed: closable.len(),
        left: roads.len() - closable.len(),
    }
}

fn closed_by(roads: &[Path], steps: &BTreeSet<StepId>) -> BTreeSet<usize> {
    let closed = |road: &Path| road.steps.iter().any(|step| steps.contains(step));
    let numbered = roads.iter().enumerate();
    let found = numbered.filter(|(_, road)| closed(road));
    found.map(|(index, _)| index).collect()
}

/// Leaves out, from the last chosen on, whatever the others make needless.
fn needed<'a, M: Ord>(
    mut chosen: Vec<&'a M>,
    by_measure: &BTreeMap<&'a M, BTreeSet<usize>>,
    all: &BTreeSet<usize>,
) -> Vec<&'a M> {
    let mut at = chosen.len();
    while at > 0 {
        at -= 1;
        let others = chosen.iter().enumerate().filter(|(other, _)| *other != at);
        let covered: BTreeSet<usize> = others
            .filter_map(|(_, measure)| by_measure.get(*measure))
            .flatten()
            .copied()
            .collect();
        if covered.is_superset(all) {
            chosen.remove(at);
        }
    }
    chosen
}
