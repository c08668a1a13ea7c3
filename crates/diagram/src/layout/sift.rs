//! Items moved up and down their column, one at a time, to where their lines
//! cross fewest others. It never makes an order worse.

use super::Grid;

/// How often every column is gone through, unless nothing moves any more, and
/// how far away an item tries places.
const ROUNDS: usize = 10;
const REACH: usize = 60;
/// With more items than this it must do with less.
const MANY: usize = 1500;
const FEWER_ROUNDS: usize = 2;
const LESS_REACH: usize = 6;

pub(super) fn sift(grid: &mut Grid) {
    let (n_rounds, reach) = match grid.items.len() {
        n if n > MANY => (FEWER_ROUNDS, LESS_REACH),
        _ => (ROUNDS, REACH),
    };
    let mut ends = Ends::of(grid);
    for round in 0..n_rounds {
        let mut moved = false;
        for turn in 0..grid.columns.len() {
            let column = match round % 2 {
                0 => turn,
                _ => grid.columns.len() - 1 - turn,
            };
            moved |= sift_column(grid, &mut ends, column, reach);
        }
        if !moved {
            return;
        }
    }
}

/// Where the lines of every item end in the columns beside its own.
struct Ends {
    /// The items at the other ends, at its left and at its right.
    others: Vec<[Vec<usize>; 2]>,
    /// Their rows, sorted.
    rows: Vec<[Vec<usize>; 2]>,
    row: Vec<usize>,
}

impl Ends {
    fn of(grid: &Grid) -> Self {
        let mut others: Vec<[Vec<usize>; 2]> = vec![Default::default(); grid.items.len()];
        for (index, item) in grid.items.iter().enumerate() {
            for (side, pins) in [&item.left, &item.right].into_iter().enumerate() {
                let joined = pins.iter().flat_map(|&pin| grid.joined(pin));
                let joined = joined.map(|&pin| grid.pins[pin].item);
                others[index][side]
                    .extend(joined.filter(|&other| grid.items[other].column != item.column));
            }
        }
        let mut ends = Self {
            rows: others.clone(),
            others,
            row: vec![0; grid.items.len()],
        };
        for column in &grid.columns {
            ends.note(&column.items);
        }
        ends
    }

    fn note(&mut self, items: &[usize]) {
        for (row, &item) in items.iter().enumerate() {
            self.row[item] = row;
        }
    }

    /// Notes the rows of what the items are joined to.
    fn read(&mut self, items: &[usize]) {
        for &item in items {
            for side in 0..2 {
                let rows = self.others[item][side].iter().map(|&other| self.row[other]);
                let rows: Vec<usize> = rows.collect();
                let own = &mut self.rows[item][side];
                own.clear();
                own.extend(rows);
                own.sort_unstable();
            }
        }
    }

    /// How often lines of two items cross if the first is above the second, less
    /// how often they do if it is below.
    fn crossings(&self, above: usize, below: usize) -> i64 {
        let sides = self.rows[above].iter().zip(&self.rows[below]);
        sides.map(|(above, below)| inverted(above, below)).sum()
    }
}

/// How many pairs of the sorted rows are in the wrong order, less how many are
/// in the right one.
fn inverted(above: &[usize], below: &[usize]) -> i64 {
    let (mut less, mut equal) = (0, 0);
    let mut sum = 0;
    for row in above {
        while below.get(less).is_some_and(|other| other < row) {
            less += 1;
        }
        equal = equal.max(less);
        while below.get(equal).is_some_and(|other| other <= row) {
            equal += 1;
        }
        sum += less as i64 - (below.len() - equal) as i64;
    }
    sum
}

fn sift_column(grid: &mut Grid, ends: &mut Ends, column: usize, reach: usize) -> bool {
    let mut order = std::mem::take(&mut grid.columns[column].items);
    ends.read(&order);
    let open = grid.columns[column].open;
    let lane = |item: usize| if open { 0 } else { grid.items[item].lane };
    let mut moved = false;
    for item in order.clone() {
        let Some(at) = order.iter().position(|&other| other == item) else {
            continue;
        };
        let (mut least, mut best) = (0, at);
        let mut change = 0;
        let first = at.saturating_sub(reach);
        for to in (first..at)
            .rev()
            .take_while(|&to| lane(order[to]) == lane(item))
        {
            change += ends.crossings(item, order[to]);
            if change < least {
                (least, best) = (change, to);
            }
        }
        change = 0;
        let last = order.len().min(at + 1 + reach);
        for to in (at + 1..last).take_while(|&to| lane(order[to]) == lane(item)) {
            change += ends.crossings(order[to], item);
            if change < least {
                (least, best) = (change, to);
            }
        }
        if best < at {
            order[best..=at].rotate_right(1);
            moved = true;
        } else if best > at {
            order[at..=best].rotate_left(1);
            moved = true;
        }
    }
    ends.note(&order);
    grid.columns[column].items = order;
    moved
}

#[cfg(test)]
mod tests {
    use super::inverted;

    #[test]
    fn pairs_in_the_wrong_order_count_against_those_in_the_right_one() {
        assert_eq!(inverted(&[0, 1], &[2, 3]), -4);
        assert_eq!(inverted(&[2, 3], &[0, 1]), 4);
        assert_eq!(inverted(&[1, 5], &[1, 3]), 1);
    }
}
