//! Neighbours in a column change places where that saves crossings, counted as
//! they will be drawn: by the heights that everything has for now. Of equally
//! many crossings shorter lines are better.

use super::Grid;
use super::place::step;
use super::route::Piece;

/// A crossing is as bad as so many pixels of way up or down.
const CROSSING: f64 = 80.0;
/// How often every column is gone through, unless nothing moves any more.
const ROUNDS: usize = 4;
/// So many times two lines are compared in all, in a picture of any size.
pub(super) const COMPARED: usize = 600_000;

/// Whether anything changed its place. It takes what it compared from `left`.
pub(super) fn polish(grid: &mut Grid, left: &mut usize) -> bool {
    let mut gaps: Vec<Vec<usize>> = vec![Vec::new(); grid.columns.len() + 1];
    for (index, bundle) in grid.bundles.iter().enumerate() {
        gaps[bundle.gap].push(index);
    }
    let columns = grid.columns.iter().enumerate();
    let round =
        columns.map(|(at, column)| column.items.len() * (gaps[at].len() + gaps[at + 1].len()));
    if round.sum::<usize>() > *left {
        return false;
    }
    let pieces: Vec<Piece> = (0..grid.bundles.len())
        .map(|bundle| Piece::of(grid, bundle))
        .collect();
    let mut polish = Polish {
        spans: pieces.iter().map(|piece| (piece.low, piece.high)).collect(),
        gaps,
        pieces,
        left,
    };
    let n_columns = grid.columns.len();
    // Where nothing has changed since the last time nothing will.
    let mut stirred = vec![true; n_columns];
    let mut moved = false;
    for _ in 0..ROUNDS {
        let before = std::mem::replace(&mut stirred, vec![false; n_columns]);
        for (column, stirs) in stirred.iter_mut().enumerate() {
            let near = column.saturating_sub(1)..(column + 2).min(n_columns);
            if !before[near.clone()].contains(&true) || grid.columns[column].open {
                continue;
            }
            for at in 1..grid.columns[column].items.len() {
                if *polish.left > 0 && polish.exchange(grid, column, at) {
                    *stirs = true;
                }
            }
        }
        if !stirred.contains(&true) {
            break;
        }
        moved = true;
    }
    moved
}

struct Polish<'a> {
    /// The bundles of every gap.
    gaps: Vec<Vec<usize>>,
    /// Every bundle as its pins stand now, and from where to where it reaches.
    pieces: Vec<Piece>,
    spans: Vec<(f64, f64)>,
    left: &'a mut usize,
}

impl Polish<'_> {
    /// Exchanges an item with the one above it if that is better.
    fn exchange(&mut self, grid: &mut Grid, column: usize, at: usize) -> bool {
        let items = &grid.columns[column].items;
        let (above, below) = (items[at - 1], items[at]);
        if grid.items[above].lane != grid.items[below].lane {
            return false;
        }
        let mut touched: Vec<usize> = Vec::new();
        for item in [above, below] {
            let item = &grid.items[item];
            let pins = item.left.iter().chain(&item.right);
            touched.extend(pins.map(|&pin| grid.pins[pin].bundle));
        }
        touched.sort_unstable();
        touched.dedup();
        let before = self.cost(grid, &touched);
        let (upper, lower) = (&grid.items[above], &grid.items[below]);
        let tops = (upper.top, lower.top);
        let lowered = (tops.1 + lower.height - upper.height).max(tops.0 + step(lower, upper));
        self.set(grid, [(above, lowered), (below, tops.0)], &touched);
        if self.cost(grid, &touched) < before - 0.5 {
            grid.columns[column].items.swap(at - 1, at);
            return true;
        }
        self.set(grid, [(above, tops.0), (below, tops.1)], &touched);
        false
    }

    fn set(&mut self, grid: &mut Grid, tops: [(usize, f64); 2], touched: &[usize]) {
        for (item, top) in tops {
            grid.items[item].top = top;
        }
        for &bundle in touched {
            self.pieces[bundle] = Piece::of(grid, bundle);
            self.spans[bundle] = (self.pieces[bundle].low, self.pieces[bundle].high);
        }
    }

    /// What bundles cost: crossings among them and with others, and length.
    fn cost(&mut self, grid: &Grid, touched: &[usize]) -> f64 {
        let mut crossings = 0;
        let mut long = 0.0;
        for &bundle in touched {
            let (low, high) = self.spans[bundle];
            long += high - low;
            let gap = &self.gaps[grid.bundles[bundle].gap];
            *self.left = self.left.saturating_sub(gap.len());
            for &other in gap {
                let span = self.spans[other];
                // A pair of touched ones is met twice.
                let again = || other <= bundle && touched.binary_search(&other).is_ok();
                if high > span.0 && span.1 > low && !again() {
                    crossings += self.pieces[bundle].crossings(&self.pieces[other]);
                }
            }
        }
        CROSSING * crossings as f64 + long
    }
}
