//! Which column a box stands in: zones from left to right, within a zone what
//! is called right of what calls it, and no column much higher than wide.

use std::collections::BTreeMap;

use super::Column;
use crate::sketch::{LaneKind, Node, Sketch};

/// A zone has at most so many columns for its own calls.
const DEEPEST: usize = 12;
/// Room between boxes one above the other, and beside one another.
const ROW_GAP: f64 = 26.0;
const COLUMN_GAP: f64 = 120.0;
/// A column may always be this high.
const LOW: f64 = 640.0;
/// How many times wider than high a band should be.
const PROPORTION: f64 = 1.5;

/// The columns, and the column of every box.
pub(super) fn rank(sketch: &Sketch, heights: &[f64], width: f64) -> (Vec<Column>, Vec<usize>) {
    let depths = depths(sketch);
    let called = |node: &Node| sketch.lanes[node.lane].kind == LaneKind::Called;
    let mut cells: BTreeMap<(usize, usize), BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
    for (index, node) in sketch.nodes.iter().enumerate() {
        if !called(node) {
            let cell = cells.entry((node.zone, depths[index])).or_default();
            cell.entry(node.lane).or_default().push(index);
        }
    }
    let highest = highest(sketch, heights, width);
    let leaning = leaning(sketch);
    let mut columns: Vec<Column> = Vec::new();
    let mut column_of = vec![0; sketch.nodes.len()];
    for ((zone, _), lanes) in cells {
        let first = columns.len();
        let mut n_columns = 1;
        let mut open = false;
        for (lane, mut nodes) in lanes {
            open |= sketch.lanes[lane].kind == LaneKind::Callers;
            nodes.sort_by_key(|&node| (leaning[node], node));
            let total: f64 = nodes.iter().map(|&node| heights[node] + ROW_GAP).sum();
            let n_own = (total / highest[lane]).ceil().max(1.0);
            let share = total / n_own;
            let mut above = 0.0;
            for node in nodes {
                let column = (above / share).floor().min(n_own - 1.0) as usize;
                above += heights[node] + ROW_GAP;
                column_of[node] = first + column;
                n_columns = n_columns.max(column + 1);
            }
        }
        columns.extend((0..n_columns).map(|_| Column {
            zone,
            open,
            ..Column::default()
        }));
    }
    let first_shut = columns.iter().position(|column| !column.open).unwrap_or(0);
    place_called(sketch, first_shut, columns.len(), &mut column_of);
    if columns.is_empty() && !sketch.nodes.is_empty() {
        columns.push(Column::default());
    }
    (columns, column_of)
}

/// How high a column of each lane may be.
fn highest(sketch: &Sketch, heights: &[f64], width: f64) -> Vec<f64> {
    let mut areas = vec![0.0; sketch.lanes.len()];
    for (node, height) in sketch.nodes.iter().zip(heights) {
        areas[node.lane] += (height + ROW_GAP) * (width + COLUMN_GAP);
    }
    let high = areas
        .into_iter()
        .map(|area: f64| (area / PROPORTION).sqrt());
    high.map(|high| high.max(LOW)).collect()
}

/// How far right the neighbours of a box stand on average, in thousandths of a zone.
fn leaning(sketch: &Sketch) -> Vec<usize> {
    let mut sums = vec![(0, 0); sketch.nodes.len()];
    for line in &sketch.lines {
        for (near, far) in [
            (line.source, line.destination),
            (line.destination, line.source),
        ] {
            sums[near].0 += sketch.nodes[far].zone * 1000;
            sums[near].1 += 1;
        }
    }
    let mean = |(sum, n): (usize, usize)| sum.checked_div(n).unwrap_or(usize::MAX);
    sums.into_iter().map(mean).collect()
}

/// For every box the longest chain of calls within its zone that ends at it.
fn depths(sketch: &Sketch) -> Vec<usize> {
    let n = sketch.nodes.len();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut entered = vec![false; n];
    for line in &sketch.lines {
        let (source, destination) = (line.source, line.destination);
        let within = sketch.nodes[source].zone == sketch.nodes[destination].zone;
        if within && source != destination {
            next[source].push(destination);
            entered[destination] = true;
        }
    }
    let roots = (0..n).filter(|&node| !entered[node]);
    let others = (0..n).filter(|&node| entered[node]);
    let starts: Vec<usize> = roots.chain(others).collect();
    let (order, forward) = without_cycles(&next, &starts);
    let mut depths = vec![0; n];
    for &node in order.iter().rev() {
        for &to in &forward[node] {
            depths[to] = depths[to].max((depths[node] + 1).min(DEEPEST - 1));
        }
    }
    draw_near(sketch, &forward, &mut depths);
    depths
}

/// What nothing calls stands right before what it calls.
fn draw_near(sketch: &Sketch, forward: &[Vec<usize>], depths: &mut [usize]) {
    let mut called = vec![false; sketch.nodes.len()];
    for line in &sketch.lines {
        called[line.destination] |= line.source != line.destination;
    }
    for node in (0..forward.len()).filter(|&node| !called[node]) {
        if let Some(first) = forward[node].iter().map(|&to| depths[to]).min() {
            depths[node] = first.saturating_sub(1);
        }
    }
}

/// Nodes such that what a node leads to comes before it, and for each node
/// where it leads to, without what would close a circle.
fn without_cycles(next: &[Vec<usize>], starts: &[usize]) -> (Vec<usize>, Vec<Vec<usize>>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        Open,
        Done,
    }
    let mut seen = vec![Seen::Not; next.len()];
    let mut forward: Vec<Vec<usize>> = vec![Vec::new(); next.len()];
    let mut order = Vec::with_capacity(next.len());
    for &start in starts {
        if seen[start] != Seen::Not {
            continue;
        }
        seen[start] = Seen::Open;
        let mut path = vec![(start, 0)];
        while let Some((node, turn)) = path.last_mut() {
            let (from, at) = (*node, *turn);
            *turn += 1;
            match next[from].get(at) {
                Some(&to) => {
                    if seen[to] != Seen::Open {
                        forward[from].push(to);
                    }
                    if seen[to] == Seen::Not {
                        seen[to] = Seen::Open;
                        path.push((to, 0));
                    }
                }
                None => {
                    seen[from] = Seen::Done;
                    order.push(from);
                    path.pop();
                }
            }
        }
    }
    (order, forward)
}

/// What is only called stands right of most of its callers, a few to a column.
fn place_called(sketch: &Sketch, first: usize, n_columns: usize, column_of: &mut [usize]) {
    const IN_A_COLUMN: usize = 5;
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); sketch.nodes.len()];
    for line in &sketch.lines {
        callers[line.destination].push(column_of[line.source]);
    }
    let last = n_columns.saturating_sub(1);
    let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (index, node) in sketch.nodes.iter().enumerate() {
        if sketch.lanes[node.lane].kind != LaneKind::Called {
            continue;
        }
        let callers = &mut callers[index];
        callers.sort_unstable();
        let middle = callers.get(callers.len() / 2).copied().unwrap_or(first);
        let wanted = (middle + 1).clamp(first.min(last), last);
        // The first column with room, from there to the right, then to the left.
        let places = (wanted..=last).chain((first..wanted).rev());
        let free = places.clone().find(|&column| {
            taken
                .get(&(node.lane, column))
                .is_none_or(|n| *n < IN_A_COLUMN)
        });
        let least = |&column: &usize| taken.get(&(node.lane, column)).copied();
        let column = free.or_else(|| places.clone().min_by_key(least));
        let column = column.unwrap_or(wanted);
        *taken.entry((node.lane, column)).or_default() += 1;
        column_of[index] = column;
    }
}
