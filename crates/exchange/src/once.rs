//! The facts of a threat's points, each once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use underbelly_model::{Evidence, Point};

/// Facts in order, and where each stands.
#[derive(Debug)]
pub(crate) struct Once<'a> {
    pub(crate) facts: Vec<&'a Evidence>,
    at: HashMap<&'a Evidence, u32>,
}

impl<'a> Once<'a> {
    /// What made the threat what it is comes first.
    pub(crate) fn over(points: &'a [Point]) -> Self {
        let mut once = Self {
            facts: Vec::new(),
            at: HashMap::new(),
        };
        let mut points: Vec<&Point> = points.iter().collect();
        points.sort_by_key(|point| point.state);
        for fact in points.into_iter().flat_map(|point| &point.evidence) {
            if let Entry::Vacant(free) = once.at.entry(fact) {
                free.insert(once.facts.len() as u32);
                once.facts.push(fact);
            }
        }
        once
    }

    /// Where the facts of one of the points stand.
    pub(crate) fn positions(&self, point: &Point) -> Vec<u32> {
        let known = point.evidence.iter();
        known
            .filter_map(|fact| self.at.get(fact).copied())
            .collect()
    }
}
