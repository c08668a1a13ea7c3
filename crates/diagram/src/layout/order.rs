//! The order of items within columns: lane by lane, then such that lines cross
//! seldom. Sweeps left and right move items to the middle of what they are
//! joined to; the best order seen is kept. It starts from the order of names,
//! so that equals stay where their names put them.

use super::{Grid, Side, sift};

/// A crossing is as bad as so many rows of way up or down.
const CROSSING: usize = 4;
const SWEEPS: usize = 12;
/// Above so many items fewer sweeps must do.
const MANY: usize = 3000;

pub(super) fn order(grid: &mut Grid) {
    for column in &mut grid.columns {
        let items = &grid.items;
        // Boxes come in the order of their keys, ways in that of their nets.
        match column.open {
            true => column.items.sort_unstable(),
            false => column.items.sort_by_key(|&item| (items[item].lane, item)),
        }
    }
    let n_sweeps = if grid.items.len() > MANY { 4 } else { SWEEPS };
    let mut best = rows(grid);
    let mut least = cost(grid);
    let n_columns = grid.columns.len();
    let mut place = vec![0.0; grid.items.len()];
    for column in 0..n_columns {
        note(grid, column, &mut place);
    }
    for sweep in 0..n_sweeps {
        for turn in 0..n_columns {
            match sweep % 2 {
                0 => settle(grid, turn, Side::Left, &mut place),
                _ => settle(grid, n_columns - 1 - turn, Side::Right, &mut place),
            }
        }
        let cost = cost(grid);
        if cost < least {
            least = cost;
            best = rows(grid);
        }
    }
    for (column, items) in grid.columns.iter_mut().zip(best) {
        column.items = items;
    }
    sift::sift(grid);
}

fn rows(grid: &Grid) -> Vec<Vec<usize>> {
    grid.columns
        .iter()
        .map(|column| column.items.clone())
        .collect()
}

/// Notes every item's place in a column, from 0 to 1.
fn note(grid: &Grid, column: usize, place: &mut [f64]) {
    let items = &grid.columns[column].items;
    for (row, &item) in items.iter().enumerate() {
        place[item] = (row as f64 + 0.5) / items.len() as f64;
    }
}

/// Sorts one column by what its items are joined to on one side.
fn settle(grid: &mut Grid, column: usize, side: Side, place: &mut [f64]) {
    let mut keyed: Vec<(usize, f64, usize)> = Vec::new();
    for &index in &grid.columns[column].items {
        let item = &grid.items[index];
        let pins = match side {
            Side::Left => &item.left,
            Side::Right => &item.right,
        };
        let (mut sum, mut n) = (0.0, 0.0);
        for &pin in pins {
            for &joined in grid.joined(pin) {
                let other = grid.pins[joined].item;
                // A way follows the box it turns round at, never the reverse.
                let turns = grid.items[other].column == column && item.node.is_some();
                if other != index && !turns {
                    sum += place[other];
                    n += 1.0;
                }
            }
        }
        let wanted = if n > 0.0 { sum / n } else { place[index] };
        let lane = if grid.columns[column].open {
            0
        } else {
            item.lane
        };
        keyed.push((lane, wanted, index));
    }
    keyed.sort_by(|a, b| (a.0.cmp(&b.0)).then(a.1.total_cmp(&b.1)));
    grid.columns[column].items = keyed.into_iter().map(|(_, _, item)| item).collect();
    note(grid, column, place);
}

/// How often lines cross, counted between neighbouring columns, and how far
/// they lead up and down.
fn cost(grid: &Grid) -> usize {
    let mut row = vec![0; grid.items.len()];
    for column in &grid.columns {
        for (at, &item) in column.items.iter().enumerate() {
            row[item] = at;
        }
    }
    let mut edges: Vec<Vec<(usize, usize)>> = vec![Vec::new(); grid.columns.len() + 1];
    let mut rows_passed = 0;
    for bundle in &grid.bundles {
        let root = &grid.pins[bundle.root];
        for &other in &bundle.others {
            let other = &grid.pins[other];
            let (a, b) = (row[root.item], row[other.item]);
            rows_passed += a.abs_diff(b);
            match (root.side, other.side) {
                (Side::Left, Side::Right) => edges[bundle.gap].push((a, b)),
                (Side::Right, Side::Left) => edges[bundle.gap].push((b, a)),
                (Side::Left, Side::Left) | (Side::Right, Side::Right) => {}
            }
        }
    }
    let crossings: usize = edges.iter_mut().map(|edges| inversions(edges)).sum();
    CROSSING * crossings + rows_passed
}

/// How many pairs of edges are ordered one way left and the other way right.
fn inversions(edges: &mut [(usize, usize)]) -> usize {
    edges.sort_unstable();
    let n = edges.iter().map(|edge| edge.1 + 1).max().unwrap_or(0);
    // A binary indexed tree of how many edges ended at or above each row.
    let mut ended = vec![0usize; n + 1];
    let mut crossings = 0;
    for (so_far, (_, row)) in edges.iter().enumerate() {
        let mut at = row + 1;
        let mut above = 0;
        while at > 0 {
            above += ended[at];
            at &= at - 1;
        }
        crossings += so_far - above;
        let mut at = row + 1;
        while at <= n {
            ended[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    crossings
}
