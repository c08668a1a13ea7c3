//! How high everything stands: within its lane every item goes to where its
//! lines are straight, as far as its neighbours in the column leave room. Lanes
//! are then set one under the other, and the columns of callers beside them.

use super::polish::{COMPARED, polish};
use super::{Grid, Item, Side, idle};
use crate::sketch::LaneKind;

/// Kept free above and below a box (what hangs over its edge included) and a way.
const BOX_MARGIN: f64 = 13.0;
const WAY_MARGIN: f64 = 4.5;
/// The head of a lane: the system's name, the zones' names.
pub(super) const SYSTEM_HEAD: f64 = 30.0;
pub(super) const ZONE_HEAD: f64 = 34.0;
/// Under the lowest box of a lane, up to the frame of its zone.
pub(super) const LANE_FOOT: f64 = 18.0;
/// Between the frame of a zone and that of its system.
pub(super) const FRAME_FOOT: f64 = 14.0;
/// Around the picture, and between lanes.
pub(super) const EDGE: f64 = 24.0;
const LANE_GAP: f64 = 22.0;
/// How strongly an item without lines holds to its place.
const IDLE: f64 = 0.01;
/// Above so many items fewer sweeps must do.
const MANY: usize = 20_000;
/// How often neighbours are exchanged and everything placed anew.
const POLISHED: usize = 3;
/// How often ways are aligned, each time with the room that others left.
const ROUNDS: usize = 4;
/// Jogs up to this are straightened by moving a port.
const JOG: f64 = 16.0;

/// Where the boxes of a lane lie.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Band {
    pub top: f64,
    pub bottom: f64,
}

/// Sets the height of every item; gives the band of every lane.
pub(super) fn place(grid: &mut Grid, idle: &[usize]) -> Vec<Band> {
    set_margins(grid);
    let mut runs = self::runs(grid);
    for run in runs.iter().flatten() {
        stack(grid, run);
    }
    let (n_first, n_second) = match grid.items.len() {
        n if n > MANY => (2, 0),
        _ => (6, 4),
    };
    sweep(grid, &runs, n_first);
    sort_ports(grid);
    let mut left = COMPARED;
    for _ in 0..POLISHED {
        if !polish(grid, &mut left) {
            break;
        }
        runs = self::runs(grid);
        sweep(grid, &runs, n_second);
        sort_ports(grid);
    }
    sweep(grid, &runs, n_second);
    hang(grid, &runs);
    align_ways(grid);
    close_up(grid);
    idle::put_back(grid, idle);
    let bands = set_lanes(grid);
    let open = open_runs(grid);
    for run in &open {
        stack(grid, run);
    }
    for _ in 0..3 {
        for run in open.iter().chain(open.iter().rev()) {
            relax(grid, run, None);
        }
        sort_ports(grid);
    }
    settle_whole(grid);
    straighten(grid);
    bands
}

/// The items of every closed column, lane by lane.
fn runs(grid: &Grid) -> Vec<Vec<Vec<usize>>> {
    let closed = grid.columns.iter().filter(|column| !column.open);
    closed
        .map(|column| {
            let by_lane = |a: &usize, b: &usize| grid.items[*a].lane == grid.items[*b].lane;
            let runs = column.items.chunk_by(by_lane);
            runs.map(<[usize]>::to_vec).collect()
        })
        .collect()
}

fn open_runs(grid: &Grid) -> Vec<Vec<usize>> {
    let open = grid.columns.iter().filter(|column| column.open);
    open.map(|column| column.items.clone()).collect()
}

/// Sets what is kept free around every item.
fn set_margins(grid: &mut Grid) {
    for item in &mut grid.items {
        let margin = if item.node.is_some() {
            BOX_MARGIN
        } else {
            WAY_MARGIN
        };
        (item.above, item.below) = (margin, margin);
    }
    // Frames of callers stand among ways: their heads are kept free too.
    for column in grid.columns.iter().filter(|column| column.open) {
        let is_box = |item: &&usize| grid.items[**item].node.is_some();
        let first = column.items.iter().find(is_box).copied();
        let last = column.items.iter().rfind(is_box).copied();
        if let (Some(first), Some(last)) = (first, last) {
            grid.items[first].above = ZONE_HEAD + WAY_MARGIN;
            grid.items[last].below = LANE_FOOT + WAY_MARGIN;
        }
    }
}

/// From the top of one item to the top of the next below it, at least.
pub(super) fn step(above: &Item, below: &Item) -> f64 {
    above.height + above.below + below.above
}

/// Sets the items of a run one under the other.
fn stack(grid: &mut Grid, run: &[usize]) {
    let mut top = 0.0;
    let mut above: Option<usize> = None;
    for &item in run {
        if let Some(above) = above {
            top += step(&grid.items[above], &grid.items[item]);
        }
        grid.items[item].top = top;
        above = Some(item);
    }
}

fn sweep(grid: &mut Grid, runs: &[Vec<Vec<usize>>], n_sweeps: usize) {
    for _ in 0..n_sweeps {
        for run in runs.iter().flatten() {
            relax(grid, run, Some(Side::Left));
        }
        for run in runs.iter().rev().flatten() {
            relax(grid, run, Some(Side::Right));
        }
    }
    for run in runs.iter().flatten().chain(runs.iter().rev().flatten()) {
        relax(grid, run, None);
    }
}

/// Moves the items of a run as near as they can be to where their lines, on
/// one side or both, want them, without changing their order.
fn relax(grid: &mut Grid, run: &[usize], side: Option<Side>) {
    // Less the room that the items above take, wishes need only not decrease.
    let mut offsets = Vec::with_capacity(run.len());
    let mut offset = 0.0;
    for (at, &index) in run.iter().enumerate() {
        if let Some(above) = at.checked_sub(1).map(|above| run[above]) {
            offset += step(&grid.items[above], &grid.items[index]);
        }
        offsets.push(offset);
    }
    let mut scratch = Vec::new();
    let wishes = run.iter().map(|&item| wish(grid, item, side, &mut scratch));
    let wishes: Vec<Option<(f64, f64)>> = wishes.collect();
    let wished = wishes.iter().zip(&offsets);
    let mut wished = wished.filter_map(|(wish, offset)| Some(wish.as_ref()?.0 - offset));
    let Some(first) = wished.next() else { return };
    let mut blocks: Vec<Block> = Vec::with_capacity(run.len());
    for (wish, offset) in wishes.iter().zip(&offsets) {
        // What wishes nothing keeps close to what is above it.
        let mean = blocks.last().map_or(first, Block::mean);
        let (wanted, weight) = wish.map_or((mean, IDLE), |wish| (wish.0 - offset, wish.1));
        let mut block = Block {
            n_items: 1,
            weight,
            sum: weight * wanted,
        };
        while let Some(above) = blocks.pop_if(|above| above.mean() > block.mean()) {
            block.n_items += above.n_items;
            block.weight += above.weight;
            block.sum += above.sum;
        }
        blocks.push(block);
    }
    let means = blocks
        .iter()
        .flat_map(|b| std::iter::repeat_n(b.mean(), b.n_items));
    for ((&item, offset), mean) in run.iter().zip(offsets).zip(means) {
        grid.items[item].top = (mean + offset).round();
    }
}

/// Neighbours that move together.
struct Block {
    n_items: usize,
    weight: f64,
    sum: f64,
}

impl Block {
    fn mean(&self) -> f64 {
        self.sum / self.weight
    }
}

/// Where an item's lines want its top, and how strongly; none if it has none.
fn wish(
    grid: &Grid,
    index: usize,
    side: Option<Side>,
    wishes: &mut Vec<(f64, f64)>,
) -> Option<(f64, f64)> {
    let item = &grid.items[index];
    wishes.clear();
    if side != Some(Side::Right) {
        wishes_of(grid, index, &item.left, wishes);
    }
    if side != Some(Side::Left) {
        wishes_of(grid, index, &item.right, wishes);
    }
    if wishes.is_empty() && side.is_some() {
        return wish(grid, index, None, wishes);
    }
    // The middle wish: then at least one line is straight.
    wishes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let half = wishes.iter().map(|wish| wish.1).sum::<f64>() / 2.0;
    let mut so_far = 0.0;
    let middle = wishes.iter().find(|wish| {
        so_far += wish.1;
        so_far >= half
    });
    let strength = if item.node.is_some() { 1.0 } else { 3.0 };
    middle.map(|wish| (wish.0, strength))
}

fn wishes_of(grid: &Grid, index: usize, pins: &[usize], wishes: &mut Vec<(f64, f64)>) {
    let item = &grid.items[index];
    let open = grid.columns[item.column].open;
    for &pin in pins {
        for &joined in grid.joined(pin) {
            let other = &grid.items[grid.pins[joined].item];
            let beside = other.lane == item.lane && !grid.columns[other.column].open;
            if other.column == item.column || !(open || beside) {
                continue;
            }
            let weight = match (item.node, other.node) {
                (None, None) => 6.0,
                (None, Some(_)) | (Some(_), None) => 2.0,
                (Some(_), Some(_)) => 1.0,
            };
            wishes.push((grid.y(joined) - grid.pins[pin].offset, weight));
        }
    }
}

/// Orders the ports of every box by where their lines go, and spreads them.
fn sort_ports(grid: &mut Grid) {
    for index in 0..grid.items.len() {
        if grid.items[index].node.is_none() {
            continue;
        }
        let left = sorted(grid, &grid.items[index].left);
        let right = sorted(grid, &grid.items[index].right);
        for pins in [&left, &right] {
            let step = port_step(grid, pins);
            let span = pins.len().saturating_sub(1) as f64 * step;
            let first = ((grid.items[index].height - span) / 2.0).round();
            for (turn, &pin) in pins.iter().enumerate() {
                grid.pins[pin].offset = first + turn as f64 * step;
            }
        }
        grid.items[index].left = left;
        grid.items[index].right = right;
    }
}

fn port_step(grid: &Grid, pins: &[usize]) -> f64 {
    let labelled = pins.iter().any(|&pin| grid.pins[pin].label > 0.0);
    if labelled {
        super::thread::LABELLED_PORT
    } else {
        super::thread::PORT
    }
}

/// Pins by the height of what they are joined to.
fn sorted(grid: &Grid, pins: &[usize]) -> Vec<usize> {
    let height = |pin: usize| {
        let joined = grid.joined(pin);
        let sum: f64 = joined.iter().map(|&joined| grid.y(joined)).sum();
        sum / joined.len().max(1) as f64
    };
    let mut keyed: Vec<(f64, usize)> = pins.iter().map(|&pin| (height(pin), pin)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    keyed.into_iter().map(|(_, pin)| pin).collect()
}

/// Hangs items that no line leads to from the top of their lane.
fn hang(grid: &mut Grid, runs: &[Vec<Vec<usize>>]) {
    let mut scratch = Vec::new();
    let mut idle_item = |item: usize| wish(grid, item, None, &mut scratch).is_none();
    let idle = |run: &&Vec<usize>| run.iter().all(|&item| idle_item(item));
    let (idle, joined): (Vec<_>, Vec<_>) = runs.iter().flatten().partition(idle);
    let mut tops = vec![f64::INFINITY; grid.sketch.lanes.len()];
    for &item in joined.into_iter().flatten() {
        let item = &grid.items[item];
        tops[item.lane] = tops[item.lane].min(item.top);
    }
    for run in idle {
        stack(grid, run);
        for &item in run {
            let top = tops[grid.items[item].lane];
            grid.items[item].top += if top.is_finite() { top } else { 0.0 };
        }
    }
}

/// Sets ways that follow one another at one height, as long as all of them
/// have room for it; the height of what the line ends at, if it can be.
fn align_ways(grid: &mut Grid) {
    let mut row = vec![0; grid.items.len()];
    for column in &grid.columns {
        for (at, &item) in column.items.iter().enumerate() {
            row[item] = at;
        }
    }
    // In the order of columns, so that a piece is met at its left end.
    let mut ways: Vec<usize> = (0..grid.items.len())
        .filter(|&item| grid.items[item].node.is_none())
        .collect();
    ways.sort_by_key(|&way| (grid.items[way].column, way));
    for _ in 0..ROUNDS {
        let mut done = vec![false; grid.items.len()];
        for &start in &ways {
            if done[start] {
                continue;
            }
            let mut piece = vec![start];
            let (mut low, mut high) = room(grid, &row, start);
            while let Some(next) = piece.last().and_then(|&last| next_way(grid, last)) {
                let (above, below) = room(grid, &row, next);
                if done[next] || low.max(above) > high.min(below) {
                    break;
                }
                (low, high) = (low.max(above), high.min(below));
                piece.push(next);
            }
            let height = height_for(grid, &piece).max(low).min(high);
            for way in piece {
                done[way] = true;
                grid.items[way].top = height;
            }
        }
    }
}

/// The height of an end of a piece if that is near its middle height, else that.
fn height_for(grid: &Grid, piece: &[usize]) -> f64 {
    let mut tops: Vec<f64> = piece.iter().map(|&way| grid.items[way].top).collect();
    tops.sort_by(f64::total_cmp);
    let middle = tops.get(tops.len() / 2).copied().unwrap_or(0.0);
    let left = piece.first().map(|&way| &grid.items[way].left);
    let right = piece.last().map(|&way| &grid.items[way].right);
    let ends = left
        .into_iter()
        .chain(right)
        .flatten()
        .flat_map(|&pin| grid.joined(pin));
    let away = |y: f64| (y - middle).abs();
    let ends = ends.map(|&pin| grid.y(pin)).filter(|y| away(*y) < 60.0);
    ends.min_by(|a, b| away(*a).total_cmp(&away(*b)))
        .unwrap_or(middle)
}

/// How high and how low an item may go before it meets its neighbours.
fn room(grid: &Grid, row: &[usize], index: usize) -> (f64, f64) {
    let item = &grid.items[index];
    let items = &grid.columns[item.column].items;
    let neighbour = |at: Option<usize>| {
        let other = &grid.items[*items.get(at?)?];
        (other.lane == item.lane || grid.columns[item.column].open).then_some(other)
    };
    let above = neighbour(row[index].checked_sub(1));
    let below = neighbour(row[index].checked_add(1));
    (
        above.map_or(f64::NEG_INFINITY, |above| above.top + step(above, item)),
        below.map_or(f64::INFINITY, |below| below.top - step(item, below)),
    )
}

/// The only way that a way goes on into at its right, if that is so.
fn next_way(grid: &Grid, way: usize) -> Option<usize> {
    let item = &grid.items[way];
    let [pin] = item.right[..] else { return None };
    let joined = grid
        .joined(pin)
        .iter()
        .map(|&joined| grid.pins[joined].item);
    let mut ways = joined.filter(|&other| {
        let other = &grid.items[other];
        other.node.is_none() && other.column == item.column + 1 && other.lane == item.lane
    });
    ways.next()
}

/// Takes out strips of a lane that nothing stands in.
fn close_up(grid: &mut Grid) {
    let closed = grid.columns.iter().filter(|column| !column.open);
    let mut items: Vec<usize> = closed.flat_map(|column| &column.items).copied().collect();
    let start = |item: &Item| item.top - item.above;
    items.sort_by(|a, b| {
        let (a, b) = (&grid.items[*a], &grid.items[*b]);
        a.lane.cmp(&b.lane).then(start(a).total_cmp(&start(b)))
    });
    let mut lane = usize::MAX;
    let (mut end, mut surplus) = (0.0, 0.0);
    for index in items {
        let item = &mut grid.items[index];
        if item.lane != lane {
            lane = item.lane;
            (end, surplus) = (f64::INFINITY, 0.0);
        }
        surplus += (start(item) - end).max(0.0);
        let below = item.top + item.height + item.below;
        end = if end == f64::INFINITY {
            below
        } else {
            below.max(end)
        };
        item.top -= surplus;
    }
}

/// Sets the lanes one under the other.
fn set_lanes(grid: &mut Grid) -> Vec<Band> {
    let n_lanes = grid.sketch.lanes.len();
    let mut extents = vec![(f64::INFINITY, f64::NEG_INFINITY); n_lanes];
    for item in grid
        .items
        .iter()
        .filter(|item| !grid.columns[item.column].open)
    {
        let extent = &mut extents[item.lane];
        extent.0 = extent.0.min(item.top);
        extent.1 = extent.1.max(item.top + item.height);
    }
    let mut bands = vec![Band::default(); n_lanes];
    let mut below = EDGE;
    for (lane, (top, bottom)) in extents.iter().enumerate() {
        if top > bottom {
            continue;
        }
        let framed = grid.sketch.lanes[lane].kind == LaneKind::System;
        let head = ZONE_HEAD + if framed { SYSTEM_HEAD } else { 0.0 };
        let foot = LANE_FOOT + if framed { FRAME_FOOT } else { 0.0 };
        let band = Band {
            top: below + head,
            bottom: below + head + bottom - top,
        };
        bands[lane] = band;
        below = band.bottom + foot + LANE_GAP;
    }
    for item in &mut grid.items {
        if !grid.columns[item.column].open {
            item.top += bands[item.lane].top - extents[item.lane].0;
        }
    }
    bands
}

/// Moves the whole picture so that nothing stands above its edge.
fn settle_whole(grid: &mut Grid) {
    let open = grid
        .items
        .iter()
        .filter(|item| grid.columns[item.column].open);
    let highest = open.map(|item| item.top).fold(f64::INFINITY, f64::min);
    let short = EDGE + ZONE_HEAD - highest;
    if short > 0.0 {
        let open: Vec<usize> = open_runs(grid).into_iter().flatten().collect();
        for item in open {
            grid.items[item].top += short;
        }
    }
}

/// Moves ports so that lines of one piece do not jog by a few pixels.
fn straighten(grid: &mut Grid) {
    for bundle in 0..grid.bundles.len() {
        let root = grid.bundles[bundle].root;
        let [other] = grid.bundles[bundle].others[..] else {
            continue;
        };
        let jog = grid.y(other) - grid.y(root);
        if jog == 0.0 || jog.abs() > JOG || grid.pins[root].side == grid.pins[other].side {
            continue;
        }
        if !shift(grid, root, jog) {
            shift(grid, other, -jog);
        }
    }
}

/// Moves a port if its box and its neighbours leave room.
fn shift(grid: &mut Grid, pin: usize, by: f64) -> bool {
    let item = &grid.items[grid.pins[pin].item];
    if item.node.is_none() {
        return false;
    }
    let pins = match grid.pins[pin].side {
        Side::Left => &item.right,
        Side::Right => &item.left,
    };
    let step = port_step(grid, pins);
    let wanted = grid.pins[pin].offset + by;
    let margin = super::thread::PORT_MARGIN;
    let inside = wanted >= margin && wanted <= item.height - margin;
    let mut others = pins.iter().filter(|&&other| other != pin);
    let free = inside && others.all(|&other| (grid.pins[other].offset - wanted).abs() >= step);
    if free {
        grid.pins[pin].offset = wanted;
    }
    free
}
