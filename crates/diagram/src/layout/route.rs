//! The upright pieces of lines: which track of its gap each bundle runs in.
//!
//! Level pieces from the left reach up to their track, those from the right
//! too; so where one of each lies at the same height, the left one's track must
//! be left of the right one's. Where such demands form a circle one bundle is
//! split over two tracks. Among what remains crossings decide.

use std::collections::BTreeSet;

use super::{Grid, Side};
use crate::sketch::LaneKind;

/// Between tracks, and between the outermost and what is beside them.
const TRACK: f64 = 9.0;
const BESIDE_TRACKS: f64 = 9.0;
/// From a box to the frame of its zone, and from there to that of its system.
pub(super) const ZONE_MARGIN: f64 = 16.0;
pub(super) const SYSTEM_MARGIN: f64 = 14.0;
/// Level pieces nearer than this count as at the same height.
const NEAR: f64 = 4.0;
/// Above so many bundles in a gap their order is only estimated.
const MANY: usize = 600;

/// How a bundle crosses its gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Trunk {
    /// All its pins are at one height.
    Level,
    /// By one upright line.
    One(f64),
    /// By one for its left pins and one for its right pins, joined at `y`.
    Two { left: f64, y: f64, right: f64 },
}

/// Sets the columns' places; gives every bundle's trunk.
pub(super) fn route(grid: &mut Grid) -> Vec<Trunk> {
    let mut in_gap: Vec<Vec<usize>> = vec![Vec::new(); grid.columns.len() + 1];
    for (index, bundle) in grid.bundles.iter().enumerate() {
        in_gap[bundle.gap].push(index);
    }
    let labels = label_rooms(grid);
    let frames = frame_rooms(grid);
    let mut trunks = vec![Trunk::Level; grid.bundles.len()];
    let mut x = 0.0;
    for (gap, bundles) in in_gap.iter().enumerate() {
        let mut pieces = pieces(grid, bundles);
        let n_levels = levels(&mut pieces);
        let has_left = gap > 0;
        let has_right = gap < grid.columns.len();
        if has_left {
            x += grid.width;
        } else {
            x += super::place::EDGE;
        }
        x += frames[gap].0 + labels[gap].0;
        if n_levels > 0 || (has_left && has_right) {
            x += BESIDE_TRACKS;
        }
        for piece in &pieces {
            let at = (x + piece.level as f64 * TRACK).round();
            trunks[piece.bundle] = match (trunks[piece.bundle], piece.joint) {
                (Trunk::Level, None) => Trunk::One(at),
                (Trunk::Level, Some(y)) | (Trunk::One(_), Some(y)) => Trunk::Two {
                    left: at,
                    y,
                    right: at,
                },
                (Trunk::Two { left, y, right }, _) => match piece.lefts.as_slice() {
                    [only] if *only == y => Trunk::Two { left, y, right: at },
                    _ => Trunk::Two { left: at, y, right },
                },
                (other, None) => other,
            };
        }
        x += n_levels.saturating_sub(1) as f64 * TRACK;
        if n_levels > 0 || (has_left && has_right) {
            x += BESIDE_TRACKS;
        }
        x += labels[gap].1 + frames[gap].1;
        if let Some(column) = grid.columns.get_mut(gap) {
            x = x.round();
            column.x = x;
        }
    }
    trunks
}

/// The widest label at the left and at the right of every gap.
fn label_rooms(grid: &Grid) -> Vec<(f64, f64)> {
    let mut rooms = vec![(0.0f64, 0.0f64); grid.columns.len() + 1];
    for pin in &grid.pins {
        let column = grid.items[pin.item].column;
        match pin.side {
            Side::Left => rooms[column + 1].0 = rooms[column + 1].0.max(pin.label),
            Side::Right => rooms[column].1 = rooms[column].1.max(pin.label),
        }
    }
    rooms
}

/// The room that frames take at the left and right of every gap.
pub(super) fn frame_rooms(grid: &Grid) -> Vec<(f64, f64)> {
    let mut rooms = vec![(0.0, 0.0); grid.columns.len() + 1];
    let kind = |column: usize| {
        grid.columns
            .get(column)
            .map(|column| (column.zone, column.open))
    };
    let mut framed = vec![false; grid.columns.len()];
    for item in grid.items.iter().filter(|item| item.node.is_some()) {
        // What is only called has a frame wherever it stands.
        framed[item.column] |= grid.lane_kind(item) == LaneKind::Called;
    }
    for column in 0..grid.columns.len() {
        let first = column.checked_sub(1).and_then(kind) != kind(column);
        let last = kind(column + 1) != kind(column);
        if first || framed[column] {
            rooms[column].1 = ZONE_MARGIN;
        }
        if last || framed[column] {
            rooms[column + 1].0 = ZONE_MARGIN;
        }
    }
    for lane in 0..grid.sketch.lanes.len() {
        if grid.sketch.lanes[lane].kind != LaneKind::System {
            continue;
        }
        if let Some((first, last)) = columns_of(grid, lane) {
            rooms[first].1 = ZONE_MARGIN + SYSTEM_MARGIN;
            rooms[last + 1].0 = ZONE_MARGIN + SYSTEM_MARGIN;
        }
    }
    rooms
}

/// The first and last column of the zones a lane has boxes in.
pub(super) fn columns_of(grid: &Grid, lane: usize) -> Option<(usize, usize)> {
    let items = grid.items.iter();
    let own = items.filter(|item| item.node.is_some() && item.lane == lane);
    let zones: BTreeSet<usize> = own.map(|item| grid.columns[item.column].zone).collect();
    let mut columns = grid.columns.iter();
    let first = columns.position(|column| zones.contains(&column.zone))?;
    let last = grid
        .columns
        .iter()
        .rposition(|column| zones.contains(&column.zone))?;
    Some((first, last))
}

/// A bundle in its gap, or one half of a split one.
#[derive(Debug)]
pub(super) struct Piece {
    bundle: usize,
    /// The heights of its pins, sorted.
    lefts: Vec<f64>,
    rights: Vec<f64>,
    pub low: f64,
    pub high: f64,
    /// Where its halves meet, if it is one.
    joint: Option<f64>,
    level: usize,
}

impl Piece {
    fn new(bundle: usize, mut lefts: Vec<f64>, mut rights: Vec<f64>, joint: Option<f64>) -> Self {
        lefts.sort_by(f64::total_cmp);
        rights.sort_by(f64::total_cmp);
        let all = || lefts.iter().chain(&rights).copied();
        Self {
            low: all().fold(f64::INFINITY, f64::min),
            high: all().fold(f64::NEG_INFINITY, f64::max),
            bundle,
            lefts,
            rights,
            joint,
            level: 0,
        }
    }

    /// A bundle as its pins stand now.
    pub(super) fn of(grid: &Grid, index: usize) -> Self {
        let bundle = &grid.bundles[index];
        let pins = || bundle.others.iter().chain([&bundle.root]);
        let heights = |side: Side| {
            let on_side = pins().filter(move |pin| grid.pins[**pin].side == side);
            on_side.map(|pin| grid.y(*pin)).collect::<Vec<f64>>()
        };
        Self::new(index, heights(Side::Left), heights(Side::Right), None)
    }

    /// How often the two cross at best.
    pub(super) fn crossings(&self, other: &Piece) -> usize {
        let first = self.crossings_before(other);
        first.min(other.crossings_before(self))
    }

    /// How often the two cross if `self` is left of `other`.
    fn crossings_before(&self, other: &Piece) -> usize {
        within(&self.rights, other.low, other.high) + within(&other.lefts, self.low, self.high)
    }

    /// Before what it should be to cross little: the lower one first of those
    /// that lead down, the upper one first of those that lead up.
    fn lean(&self) -> (u8, f64) {
        let mean = |heights: &[f64]| heights.iter().sum::<f64>() / heights.len() as f64;
        match (self.lefts.is_empty(), self.rights.is_empty()) {
            (false, true) => (0, self.high - self.low),
            (true, _) => (2, self.low - self.high),
            (false, false) if mean(&self.lefts) < mean(&self.rights) => (1, -self.high),
            (false, false) => (1, self.low),
        }
    }
}

/// How many of the sorted heights lie strictly between two.
fn within(heights: &[f64], low: f64, high: f64) -> usize {
    let from = heights.partition_point(|&height| height <= low);
    let to = heights.partition_point(|&height| height < high);
    to.saturating_sub(from)
}

fn pieces(grid: &Grid, bundles: &[usize]) -> Vec<Piece> {
    let pieces = bundles.iter().map(|&bundle| Piece::of(grid, bundle));
    pieces.filter(|piece| piece.high > piece.low).collect()
}

/// Gives every piece a level, from the left; how many levels there are.
fn levels(pieces: &mut Vec<Piece>) -> usize {
    sort(pieces);
    obey(pieces);
    let mut n_levels = 0;
    for at in 0..pieces.len() {
        let (before, rest) = pieces.split_at_mut(at);
        let piece = &mut rest[0];
        // What must precede it overlaps it too.
        let blocked = before
            .iter()
            .filter(|other| other.low < piece.high + NEAR && piece.low < other.high + NEAR);
        piece.level = blocked.map(|other| other.level + 1).max().unwrap_or(0);
        n_levels = n_levels.max(piece.level + 1);
    }
    n_levels
}

/// An order with few crossings.
fn sort(pieces: &mut [Piece]) {
    pieces.sort_by(|a, b| {
        let (a, b) = (a.lean(), b.lean());
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    if pieces.len() > MANY {
        return;
    }
    // Each piece goes back past those before it as far as that saves most.
    for _ in 0..3 {
        let mut moved = false;
        for at in 1..pieces.len() {
            let mut saved = 0i64;
            let (mut most, mut best) = (0, at);
            for before in (0..at).rev() {
                let now = pieces[before].crossings_before(&pieces[at]) as i64;
                let then = pieces[at].crossings_before(&pieces[before]) as i64;
                saved += now - then;
                if saved > most {
                    (most, best) = (saved, before);
                }
            }
            if best < at {
                pieces[best..=at].rotate_right(1);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
}

/// For every piece those whose track must be right of its own, because a level
/// piece of theirs from the right would meet one of its own from the left.
fn followers(pieces: &[Piece]) -> Vec<Vec<usize>> {
    let own = |(index, piece): (usize, &Piece)| {
        let rights = piece.rights.iter();
        rights.map(|right| (*right, index)).collect::<Vec<_>>()
    };
    let mut rights: Vec<(f64, usize)> = pieces.iter().enumerate().flat_map(own).collect();
    rights.sort_by(|a, b| a.0.total_cmp(&b.0));
    let met = |(index, piece): (usize, &Piece)| {
        let mut met = Vec::new();
        for left in &piece.lefts {
            let from = rights.partition_point(|(right, _)| *right <= left - NEAR);
            let near = rights[from..]
                .iter()
                .take_while(|(right, _)| *right < left + NEAR);
            met.extend(
                near.map(|(_, other)| *other)
                    .filter(|other| *other != index),
            );
        }
        met
    };
    pieces.iter().enumerate().map(met).collect()
}

/// Reorders as little as the demands want, splitting pieces in circles of them.
fn obey(pieces: &mut Vec<Piece>) {
    let followers = followers(pieces);
    let mut n_before = vec![0usize; pieces.len()];
    for &follower in followers.iter().flatten() {
        n_before[follower] += 1;
    }
    let heights = pieces
        .iter()
        .flat_map(|piece| piece.lefts.iter().chain(&piece.rights));
    let mut heights: Vec<f64> = heights.copied().collect();
    heights.sort_by(f64::total_cmp);
    let mut waiting: Vec<Option<Piece>> = std::mem::take(pieces).into_iter().map(Some).collect();
    // Pieces nothing must precede any more, and all others, in the order so far.
    let mut free: BTreeSet<usize> = (0..waiting.len()).filter(|at| n_before[*at] == 0).collect();
    let mut bound: BTreeSet<usize> = (0..waiting.len()).filter(|at| n_before[*at] > 0).collect();
    // Right halves that still wait; nothing waits for them.
    let mut halves: BTreeSet<usize> = BTreeSet::new();
    loop {
        let (at, whole) = match (free.pop_first(), bound.first()) {
            (Some(at), _) => (at, true),
            (None, Some(at)) => (*at, false),
            (None, None) => break,
        };
        let is_half = waiting[at]
            .as_ref()
            .is_some_and(|piece| piece.joint.is_some());
        let Some(piece) = waiting[at].take() else {
            continue;
        };
        if whole {
            pieces.push(piece);
            bound.remove(&at);
            if is_half {
                continue;
            }
        } else {
            // All wait for one another. The left half of one need wait for none;
            // its right half waits as the whole did, but none waits for that.
            let y = free_height(&heights, (piece.low + piece.high) / 2.0);
            let place = heights.partition_point(|height| *height < y);
            heights.insert(place, y);
            pieces.push(Piece::new(piece.bundle, piece.lefts, vec![y], Some(y)));
            let right = Piece::new(piece.bundle, vec![y], piece.rights, Some(y));
            waiting[at] = Some(right);
            bound.remove(&at);
            if n_before[at] == 0 {
                free.insert(at);
            } else {
                halves.insert(at);
            }
        }
        for &follower in &followers[at] {
            n_before[follower] -= 1;
            if n_before[follower] == 0 {
                bound.remove(&follower);
                halves.remove(&follower);
                free.insert(follower);
            }
        }
    }
}

/// The height nearest to `wanted` that nothing is near to.
fn free_height(taken: &[f64], wanted: f64) -> f64 {
    let free = |y: f64| {
        let next = taken.partition_point(|height| *height <= y - NEAR);
        taken.get(next).is_none_or(|height| *height >= y + NEAR)
    };
    let wanted = wanted.round();
    let steps = (0..=taken.len() * 2 + 2).flat_map(|n| {
        let away = n as f64 * NEAR;
        [wanted + away, wanted - away]
    });
    steps.into_iter().find(|&y| free(y)).unwrap_or(wanted)
}
