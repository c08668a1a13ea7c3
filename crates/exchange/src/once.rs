//! The facts of a threat's points, each once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use underbelly_model::{Evidence, Point};

/// Facts in order, and where each stands.
#[derive(Debug)]
pub(crate) struct Once<'a> {
    pub(crate) facts: Vec<&'a Evidence>,
    /// Empty where there is one point, whose facts differ as they are.
    at: HashMap<&'a Evidence, u32>,
}

impl<'a> Once<'a> {
    /// What made the threat what it is comes first.
    pub(crate) fn over(points: &'a [Point]) -> Self {
        let mut at = HashMap::new();
        if let [only] = points {
            let facts = only.evidence.iter().map(Arc::as_ref).collect();
            return Self { facts, at };
        }
        let mut facts = Vec::new();
        let mut points: Vec<&Point> = points.iter().collect();
        points.sort_by_key(|point| point.state);
        for fact in points.into_iter().flat_map(|point| &point.evidence) {
            if let Entry::Vacant(free) = at.entry(&**fact) {
                free.insert(facts.len() as u32);
                facts.push(&**fact);
            }
        }
        Self { facts, at }
    }

    /// Where the facts of one of the points stand.
    pub(crate) fn positions(&self, point: &Point) -> Vec<u32> {
        if self.at.is_empty() {
            return (0..self.facts.len() as u32).collect();
        }
        let known = point.evidence.iter();
        known
            .filter_map(|fact| self.at.get(&**fact).copied())
            .collect()
    }
}
