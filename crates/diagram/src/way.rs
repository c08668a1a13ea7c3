//! Which boxes and lines a way through the picture leads over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_model::Architecture;

use crate::Options;
use crate::sketch::Sketch;

/// What of a picture stands out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lit {
    /// What the legend calls it; empty if nothing stands out.
    pub name: Arc<str>,
    pub nodes: BTreeSet<usize>,
    pub lines: BTreeSet<usize>,
}

/// Finds the boxes of a way and the lines from each to the next. What has no box
/// of its own, such as a role, is passed over.
pub(crate) fn lit(sketch: &Sketch, architecture: &Architecture, options: &Options) -> Lit {
    let Some(way) = &options.way else {
        return Lit::default();
    };
    let nodes = sketch.nodes.iter().enumerate();
    let node_of: BTreeMap<&str, usize> = nodes
        .flat_map(|(node, drawn)| drawn.components().into_iter().map(move |id| (&**id, node)))
        .collect();
    let mut lines: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, line) in sketch.lines.iter().enumerate() {
        let ends = (line.source, line.destination);
        lines.entry(ends).or_default().push(index);
    }
    let mut lit = Lit::default();
    for stops in &way.stops {
        let stops = stops.iter().filter_map(|stop| {
            let component = architecture.components.get(*stop)?;
            node_of.get(&*component.id).copied()
        });
        let mut stops: Vec<usize> = stops.collect();
        stops.dedup();
        for (from, to) in stops.iter().zip(stops.iter().skip(1)) {
            // What is read comes from what was called for it.
            let there = lines.get(&(*from, *to));
            let found = there.or_else(|| lines.get(&(*to, *from)));
            lit.lines.extend(found.into_iter().flatten());
        }
        lit.nodes.extend(stops);
    }
    if !lit.nodes.is_empty() {
        lit.name = way.name.clone();
    }
    lit
}
