//! Boxes that no line leads to. They are left out while everything else finds
//! its place, so that they never push anything about, and then stand where their
//! column has room, from the top.

use super::Grid;
use super::place::step;

/// Takes idle boxes out of their columns; gives them in the order of their keys.
pub(super) fn take(grid: &mut Grid) -> Vec<usize> {
    let items = &grid.items;
    let idle = |item: &usize| items[*item].left.is_empty() && items[*item].right.is_empty();
    let mut taken = Vec::new();
    for column in grid.columns.iter_mut().filter(|column| !column.open) {
        taken.extend(column.items.extract_if(.., |item| idle(item)));
    }
    taken.sort_unstable();
    taken
}

/// Puts them back where there is room between the others, or under them.
pub(super) fn put_back(grid: &mut Grid, idle: &[usize]) {
    let mut tops = vec![f64::INFINITY; grid.sketch.lanes.len()];
    for &item in grid.columns.iter().flat_map(|column| &column.items) {
        let item = &grid.items[item];
        tops[item.lane] = tops[item.lane].min(item.top);
    }
    for &index in idle {
        let (lane, column) = (grid.items[index].lane, grid.items[index].column);
        let own = |item: &&usize| grid.items[**item].lane == lane;
        let beside: Vec<usize> = grid.columns[column]
            .items
            .iter()
            .filter(own)
            .copied()
            .collect();
        let top = if tops[lane].is_finite() {
            tops[lane]
        } else {
            0.0
        };
        grid.items[index].top = first_room(grid, index, &beside, top);
        let top = grid.items[index].top;
        let after = |item: &usize| {
            let item = &grid.items[*item];
            (item.lane, item.top) > (lane, top)
        };
        let items = &grid.columns[column].items;
        let place = items.iter().position(after).unwrap_or(items.len());
        grid.columns[column].items.insert(place, index);
    }
}

/// The highest place, not above `top`, that is free among items from top to bottom.
fn first_room(grid: &Grid, index: usize, beside: &[usize], top: f64) -> f64 {
    let own = &grid.items[index];
    let mut top = top;
    for &other in beside {
        let other = &grid.items[other];
        if top + step(own, other) <= other.top {
            break;
        }
        top = top.max(other.top + step(other, own));
    }
    top
}
