//! Which column a box stands in: zones from left to right, within a zone what
//! is called right of what calls it, and no column much higher than its lane is
//! wide. Boxes that no line leads to fill the columns that are lowest.

use std::collections::BTreeMap;

use super::Column;
use crate::sketch::{LaneKind, Node, Sketch};

/// A zone has at most so many columns for its own calls.
const DEEPEST: usize = 12;
/// Room between boxes one above the other, and beside one another.
const ROW_GAP: f64 = 26.0;
const COLUMN_GAP: f64 = 100.0;
/// A column may always be this high.
const LOW: f64 = 760.0;
/// How high a lane may be, as part of its width.
const PROPORTION: f64 = 0.75;

/// The columns, and the column of every box.
pub(super) fn rank(sketch: &Sketch, heights: &[f64], width: f64) -> (Vec<Column>, Vec<usize>) {
    let depths = depths(sketch);
    let joined = joined(sketch);
    let called = |node: &Node| sketch.lanes[node.lane].kind == LaneKind::Called;
    let mut cells: Cells = BTreeMap::new();
    let mut idle: Vec<usize> = Vec::new();
    for (index, node) in sketch.nodes.iter().enumerate() {
        if called(node) {
            continue;
        }
        if !joined[index] {
            idle.push(index);
            continue;
        }
        let lanes = cells.entry((node.zone, depths[index])).or_default();
        let cell = lanes.entry(node.lane).or_default();
        cell.boxes.push(index);
        cell.total += heights[index] + ROW_GAP;
    }
    let leaning = leaning(sketch);
    for lane in 0..sketch.lanes.len() {
        let highest = split(&mut cells, lane, width);
        let own = idle
            .iter()
            .filter(|&&index| sketch.nodes[index].lane == lane);
        make_room(
            &mut cells,
            lane,
            highest,
            own.map(|&index| (sketch.nodes[index].zone, heights[index])),
        );
    }
    let mut columns: Vec<Column> = Vec::new();
    let mut column_of = vec![0; sketch.nodes.len()];
    // What each lane has in its columns so far.
    let mut filled: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for ((zone, _), lanes) in cells {
        let first = columns.len();
        let mut n_columns = 1;
        let mut open = false;
        for (
            lane,
            Cell {
                mut boxes,
                total,
                n_own,
            },
        ) in lanes
        {
            open |= sketch.lanes[lane].kind == LaneKind::Callers;
            n_columns = n_columns.max(n_own);
            for own in 0..n_own {
                filled.insert((lane, first + own), 0.0);
            }
            boxes.sort_by_key(|&node| (leaning[node], node));
            let share = total / n_own as f64;
            let mut above = 0.0;
            for node in boxes {
                let own = (above / share).floor().min(n_own as f64 - 1.0) as usize;
                let high = heights[node] + ROW_GAP;
                above += high;
                column_of[node] = first + own;
                *filled.entry((lane, first + own)).or_default() += high;
            }
        }
        columns.extend((0..n_columns).map(|_| Column {
            zone,
            open,
            ..Column::default()
        }));
    }
    for index in idle {
        let node = &sketch.nodes[index];
        let own = |&(&(lane, column), _): &(&(usize, usize), &f64)| {
            lane == node.lane && columns[column].zone == node.zone
        };
        let lowest = filled.iter().filter(own).min_by(|a, b| a.1.total_cmp(b.1));
        if let Some((&(lane, column), _)) = lowest {
            column_of[index] = column;
            *filled.entry((lane, column)).or_default() += heights[index] + ROW_GAP;
        }
    }
    let first_shut = columns.iter().position(|column| !column.open).unwrap_or(0);
    place_called(sketch, first_shut, columns.len(), &mut column_of);
    if columns.is_empty() && !sketch.nodes.is_empty() {
        columns.push(Column::default());
    }
    (columns, column_of)
}

/// By zone and depth, then by lane.
type Cells = BTreeMap<(usize, usize), BTreeMap<usize, Cell>>;

/// The boxes of one lane at one depth of one zone, and over how many columns.
#[derive(Debug)]
struct Cell {
    boxes: Vec<usize>,
    total: f64,
    n_own: usize,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            boxes: Vec::new(),
            total: 0.0,
            n_own: 1,
        }
    }
}

impl Cell {
    /// How high its columns are.
    fn high(&self) -> f64 {
        self.total / self.n_own as f64
    }
}

/// Gives the highest cells of a lane more columns until it is not too high; how
/// high it may be.
fn split(cells: &mut Cells, lane: usize, width: f64) -> f64 {
    let own = cells.values_mut().filter_map(|lanes| lanes.get_mut(&lane));
    let mut own: Vec<&mut Cell> = own.collect();
    let mut n_columns = own.len();
    loop {
        let wide = n_columns as f64 * (width + COLUMN_GAP);
        let limit = (wide * PROPORTION).max(LOW);
        match own.iter_mut().max_by(|a, b| a.high().total_cmp(&b.high())) {
            Some(cell) if cell.high() > limit => cell.n_own += 1,
            Some(_) | None => return limit,
        }
        n_columns += 1;
    }
}

/// Adds columns for those idle boxes of a lane, given by zone and height, that
/// find no room in the columns of their zone.
fn make_room(
    cells: &mut Cells,
    lane: usize,
    highest: f64,
    idle: impl Iterator<Item = (usize, f64)>,
) {
    let mut wanted: BTreeMap<usize, f64> = BTreeMap::new();
    for (zone, height) in idle {
        *wanted.entry(zone).or_default() += height + ROW_GAP;
    }
    for (zone, wanted) in wanted {
        let of_zone = (zone, 0)..=(zone, DEEPEST);
        let own = cells
            .range(of_zone.clone())
            .filter_map(|(_, lanes)| lanes.get(&lane));
        let room: f64 = own
            .map(|cell| (highest - cell.high()) * cell.n_own as f64)
            .sum();
        if wanted <= room {
            continue;
        }
        // Columns that other lanes have there anyway come first.
        let others = cells
            .range(of_zone)
            .filter(|(_, lanes)| !lanes.contains_key(&lane));
        let at = others.map(|(at, _)| *at).next().unwrap_or((zone, DEEPEST));
        let n_own = ((wanted - room) / highest).ceil() as usize;
        let cell = Cell {
            n_own,
            ..Cell::default()
        };
        cells.entry(at).or_default().insert(lane, cell);
    }
}

/// Whether a line joins a box to another.
fn joined(sketch: &Sketch) -> Vec<bool> {
    let mut joined = vec![false; sketch.nodes.len()];
    for line in sketch
        .lines
        .iter()
        .filter(|line| line.source != line.destination)
    {
        joined[line.source] = true;
        joined[line.destination] = true;
    }
    joined
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

/// How deep every box stands in its zone: after all that calls it there, and as
/// near as can be to what it calls, unless something left of the zone calls it.
fn depths(sketch: &Sketch) -> Vec<usize> {
    let n = sketch.nodes.len();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut entered = vec![false; n];
    // What a line joins to a zone at the left, or at the right.
    let (mut leftwards, mut rightwards) = (vec![false; n], vec![false; n]);
    for line in &sketch.lines {
        let (source, destination) = (line.source, line.destination);
        let (from, to) = (sketch.nodes[source].zone, sketch.nodes[destination].zone);
        if from == to && source != destination {
            next[source].push(destination);
            entered[destination] = true;
        }
        leftwards[destination] |= from < to;
        rightwards[source] |= from < to;
    }
    let roots = (0..n).filter(|&node| !entered[node]);
    let others = (0..n).filter(|&node| entered[node]);
    let starts: Vec<usize> = roots.chain(others).collect();
    // What a box leads to comes before it in this order.
    let (order, forward) = without_cycles(&next, &starts);
    let mut depths = vec![0; n];
    push(&order, &forward, &mut depths);
    let mut deepest = vec![0; sketch.zones.len()];
    for (node, depth) in sketch.nodes.iter().zip(&depths) {
        deepest[node.zone] = deepest[node.zone].max(*depth);
    }
    // Nothing at the left holds what is reached from nothing there; nothing at
    // the right holds what leads to nothing there.
    let (mut held_left, mut held_right) = (leftwards, rightwards);
    for &node in order.iter().rev() {
        for &to in &forward[node] {
            held_left[to] |= held_left[node];
        }
    }
    for &node in &order {
        held_right[node] |= forward[node].iter().any(|&to| held_right[to]);
    }
    let mut latest: Vec<usize> = sketch.nodes.iter().map(|node| deepest[node.zone]).collect();
    for &node in &order {
        for &to in &forward[node] {
            let before = if held_right[to] {
                depths[to]
            } else {
                latest[to]
            };
            latest[node] = latest[node].min(before.saturating_sub(1));
        }
        if !held_left[node] && (held_right[node] || !forward[node].is_empty()) {
            let first = forward[node].iter().map(|&to| depths[to]).min();
            let near = match first {
                Some(first) if !held_right[node] => first.saturating_sub(1),
                Some(_) | None => latest[node],
            };
            depths[node] = depths[node].max(near.min(latest[node]));
        }
    }
    push(&order, &forward, &mut depths);
    depths
}

/// Moves everything after what leads to it.
fn push(order: &[usize], forward: &[Vec<usize>], depths: &mut [usize]) {
    for &node in order.iter().rev() {
        for &to in &forward[node] {
            depths[to] = depths[to].max((depths[node] + 1).min(DEEPEST - 1));
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
