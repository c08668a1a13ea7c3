//! Nets: lines that share a start (or an end) and a look run together, past the
//! boxes between, until they part. Every line belongs to one net only, so that
//! what runs together never leaves open which line goes where.

use std::collections::BTreeMap;

use underbelly_model::Strength;

use super::{Bundle, Grid, Item, Pin, Side, Step, Thread};
use crate::label;
use crate::sketch::{LaneKind, Line, Look};

/// Between ports of a box, with labels at them and without.
pub(super) const LABELLED_PORT: f64 = 17.0;
pub(super) const PORT: f64 = 10.0;
/// Between the outermost port and the edge.
pub(super) const PORT_MARGIN: f64 = 15.0;

/// Fills the grid's items, pins, bundles and threads.
pub(super) fn thread(grid: &mut Grid, column_of: &[usize], heights: &[f64], with_labels: bool) {
    for (index, node) in grid.sketch.nodes.iter().enumerate() {
        let column = column_of[index];
        grid.items.push(Item {
            node: Some(index),
            lane: node.lane,
            column,
            top: 0.0,
            height: heights[index],
            above: 0.0,
            below: 0.0,
            left: Vec::new(),
            right: Vec::new(),
        });
        grid.columns[column].items.push(index);
    }
    grid.threads = grid
        .sketch
        .lines
        .iter()
        .map(|line| Thread {
            label: if with_labels {
                label::of(line)
            } else {
                String::new()
            },
            ..Thread::default()
        })
        .collect();
    for (hub, lines) in nets(&grid.sketch.lines) {
        Net::draw(grid, hub, &lines);
    }
    for item in grid.items.iter_mut().filter(|item| item.node.is_some()) {
        for side in [&item.left, &item.right] {
            let labelled = side.iter().any(|&pin| grid.pins[pin].label > 0.0);
            let step = if labelled { LABELLED_PORT } else { PORT };
            let needed = side.len().saturating_sub(1) as f64 * step + 2.0 * PORT_MARGIN;
            item.height = item.height.max(needed);
        }
    }
}

/// Where a net starts or ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hub {
    From(usize),
    To(usize),
}

type Looks = (Look, Strength);

/// The lines of every net, by hub and look.
fn nets(lines: &[Line]) -> Vec<(Hub, Vec<usize>)> {
    let look = |line: &Line| (line.look, line.strength);
    let mut n_from: BTreeMap<(usize, Looks), usize> = BTreeMap::new();
    let mut n_to: BTreeMap<(usize, Looks), usize> = BTreeMap::new();
    for line in lines {
        *n_from.entry((line.source, look(line))).or_default() += 1;
        *n_to.entry((line.destination, look(line))).or_default() += 1;
    }
    let mut nets: BTreeMap<(Hub, Looks), Vec<usize>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        let look = look(line);
        let from = n_from.get(&(line.source, look));
        let to = n_to.get(&(line.destination, look));
        let hub = match from >= to {
            true => Hub::From(line.source),
            false => Hub::To(line.destination),
        };
        nets.entry((hub, look)).or_default().push(index);
    }
    nets.into_iter()
        .map(|((hub, _), lines)| (hub, lines))
        .collect()
}

/// A net while it is drawn.
struct Net<'a> {
    grid: &'a mut Grid,
    /// The ways laid so far, by the bundle they go on from, direction and lane.
    ways: BTreeMap<(usize, bool, usize), Way>,
}

/// A way past a column: where the net enters and leaves it, and the bundle after.
#[derive(Clone, Copy)]
struct Way {
    enter: usize,
    leave: usize,
    bundle: usize,
}

impl Net<'_> {
    fn draw(grid: &mut Grid, hub: Hub, lines: &[usize]) {
        let (item, hub_end) = match hub {
            Hub::From(node) => (node, Side::Left),
            Hub::To(node) => (node, Side::Right),
        };
        let root = add_pin(grid, item, hub_end, 0.0);
        let bundle = add_bundle(grid, root);
        let mut net = Net {
            grid,
            ways: BTreeMap::new(),
        };
        for &line in lines {
            let steps = net.lead(hub, root, bundle, line);
            let thread = &mut net.grid.threads[line];
            thread.from_source = matches!(hub, Hub::From(_));
            thread.steps = steps;
        }
    }

    /// Leads one line from the hub to its other end.
    fn lead(&mut self, hub: Hub, root: usize, bundle: usize, line: usize) -> Vec<Step> {
        let ends = &self.grid.sketch.lines[line];
        let (near, far, far_end) = match hub {
            Hub::From(node) => (node, ends.destination, Side::Right),
            Hub::To(node) => (node, ends.source, Side::Left),
        };
        let a = self.grid.items[near].column;
        let b = self.grid.items[far].column;
        let (rightwards, columns) = between(hub, a, b);
        let lane = self.lane(near, far);
        let mut steps = Vec::with_capacity(columns.len() + 1);
        let (mut from, mut bundle) = (root, bundle);
        for column in columns {
            // In the columns of callers lanes do not part yet.
            let lane = if self.grid.columns[column].open {
                0
            } else {
                lane
            };
            let key = (bundle, rightwards, lane);
            let way = match self.ways.get(&key) {
                Some(way) => *way,
                None => {
                    let way = self.add_way(column, lane, rightwards, bundle);
                    self.ways.insert(key, way);
                    way
                }
            };
            steps.push(Step {
                bundle,
                from,
                to: way.enter,
            });
            (from, bundle) = (way.leave, way.bundle);
        }
        let label = label::room(&self.grid.threads[line].label);
        let to = add_pin(self.grid, far, far_end, label);
        join(self.grid, bundle, to);
        steps.push(Step { bundle, from, to });
        steps
    }

    /// The lane that ways lie in: that of the far end, unless it has none.
    fn lane(&self, near: usize, far: usize) -> usize {
        let items = &self.grid.items;
        match self.grid.lane_kind(&items[far]) {
            LaneKind::Callers => items[near].lane,
            LaneKind::System | LaneKind::Shared | LaneKind::Called => items[far].lane,
        }
    }

    fn add_way(&mut self, column: usize, lane: usize, rightwards: bool, bundle: usize) -> Way {
        let grid = &mut *self.grid;
        let item = grid.items.len();
        grid.items.push(Item {
            node: None,
            lane,
            column,
            top: 0.0,
            height: 0.0,
            above: 0.0,
            below: 0.0,
            left: Vec::new(),
            right: Vec::new(),
        });
        grid.columns[column].items.push(item);
        let (entered, left) = match rightwards {
            true => (Side::Right, Side::Left),
            false => (Side::Left, Side::Right),
        };
        let enter = add_pin(grid, item, entered, 0.0);
        join(grid, bundle, enter);
        let leave = add_pin(grid, item, left, 0.0);
        let bundle = add_bundle(grid, leave);
        Way {
            enter,
            leave,
            bundle,
        }
    }
}

/// Whether a net runs rightwards to reach column `b` from its hub in column
/// `a`, and the columns it passes. Against the order it turns round first.
fn between(hub: Hub, a: usize, b: usize) -> (bool, Vec<usize>) {
    match hub {
        Hub::From(_) if b > a => (true, (a + 1..b).collect()),
        Hub::From(_) => (false, (b..=a).rev().collect()),
        Hub::To(_) if b < a => (false, (b + 1..a).rev().collect()),
        Hub::To(_) => (true, (a..=b).collect()),
    }
}

fn add_pin(grid: &mut Grid, item: usize, side: Side, label: f64) -> usize {
    let pin = grid.pins.len();
    let height = grid.items[item].height;
    grid.pins.push(Pin {
        item,
        bundle: usize::MAX,
        side,
        offset: height / 2.0,
        label,
    });
    match side {
        Side::Left => grid.items[item].right.push(pin),
        Side::Right => grid.items[item].left.push(pin),
    }
    pin
}

fn add_bundle(grid: &mut Grid, root: usize) -> usize {
    let bundle = grid.bundles.len();
    let pin = &mut grid.pins[root];
    pin.bundle = bundle;
    let column = grid.items[pin.item].column;
    let gap = match pin.side {
        Side::Left => column + 1,
        Side::Right => column,
    };
    grid.bundles.push(Bundle {
        gap,
        root,
        others: Vec::new(),
    });
    bundle
}

fn join(grid: &mut Grid, bundle: usize, pin: usize) {
    grid.pins[pin].bundle = bundle;
    grid.bundles[bundle].others.push(pin);
}
