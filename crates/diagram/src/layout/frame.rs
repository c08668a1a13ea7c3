//! The finished picture: frames around boxes, points of lines, labels at ends.

use super::place::{Band, EDGE, FRAME_FOOT, LANE_FOOT, SYSTEM_HEAD, ZONE_HEAD};
use super::route::{SYSTEM_MARGIN, Trunk, ZONE_MARGIN, columns_of, frame_rooms};
use super::{Grid, Side};
use crate::diagram::{Boxed, Frame, FrameKind, Label, Point, Rect, Wire};
use crate::sketch::LaneKind;
use crate::way::Lit;
use crate::{Diagram, Options, label};

pub(super) fn picture(grid: &Grid, bands: &[Band], trunks: &[Trunk], options: &Options) -> Diagram {
    let boxes = boxes(grid);
    let frames = frames(grid, bands, &boxes);
    let wires = wires(grid, trunks);
    let labels = labels(grid);
    let rects = boxes.iter().map(|boxed| &boxed.rect);
    let rects = rects.chain(frames.iter().map(|frame| &frame.rect));
    let (mut width, mut height) = (0.0f64, 0.0f64);
    for rect in rects {
        width = width.max(rect.x + rect.width);
        height = height.max(rect.y + rect.height);
    }
    for point in wires.iter().flat_map(|wire| &wire.points) {
        width = width.max(point.x);
        height = height.max(point.y);
    }
    Diagram {
        lit: Lit::default(),
        width: width + EDGE,
        height: height + EDGE,
        title: options.title.clone(),
        frames,
        boxes,
        wires,
        labels,
        sketch: grid.sketch.clone(),
        marks: options.marks.clone(),
    }
}

fn boxes(grid: &Grid) -> Vec<Boxed> {
    let boxed = |item: &super::Item| {
        item.node.map(|node| Boxed {
            node,
            rect: Rect {
                x: grid.columns[item.column].x,
                y: item.top,
                width: grid.width,
                height: item.height,
            },
        })
    };
    grid.items.iter().filter_map(boxed).collect()
}

/// Frames of systems first, so that those of zones lie on them.
fn frames(grid: &Grid, bands: &[Band], boxes: &[Boxed]) -> Vec<Frame> {
    let mut systems = Vec::new();
    let mut zones = Vec::new();
    for (lane, band) in bands.iter().enumerate() {
        match grid.sketch.lanes[lane].kind {
            LaneKind::System => {
                systems.extend(system(grid, lane, band));
                zones.extend(lane_zones(grid, lane, band));
            }
            LaneKind::Shared => zones.extend(lane_zones(grid, lane, band)),
            LaneKind::Called | LaneKind::Callers => zones.extend(tight(grid, lane, boxes)),
        }
    }
    systems.extend(zones);
    systems
}

fn system(grid: &Grid, lane: usize, band: &Band) -> Option<Frame> {
    let (first, last) = columns_of(grid, lane)?;
    let margin = ZONE_MARGIN + SYSTEM_MARGIN;
    let x = grid.columns[first].x - margin;
    let y = band.top - ZONE_HEAD - SYSTEM_HEAD;
    Some(Frame {
        kind: FrameKind::System,
        name: grid.sketch.lanes[lane].name.clone(),
        rect: Rect {
            x,
            y,
            width: grid.columns[last].x + grid.width + margin - x,
            height: band.bottom + LANE_FOOT + FRAME_FOOT - y,
        },
    })
}

/// The zones of a lane, over the columns that the zone has in any lane.
fn lane_zones(grid: &Grid, lane: usize, band: &Band) -> Vec<Frame> {
    let frame = |(index, zone): (usize, &crate::sketch::Zone)| {
        let inside = |column: &super::Column| column.zone == index && !column.open;
        let first = grid.columns.iter().position(inside)?;
        let last = grid.columns.iter().rposition(inside)?;
        let own = |item: &&super::Item| item.node.is_some() && item.lane == lane;
        let mut own = grid.items.iter().filter(own);
        own.find(|item| (first..=last).contains(&item.column))?;
        let x = grid.columns[first].x - ZONE_MARGIN;
        let y = band.top - ZONE_HEAD;
        Some(Frame {
            kind: FrameKind::Zone(index),
            name: zone.name.clone(),
            rect: Rect {
                x,
                y,
                width: grid.columns[last].x + grid.width + ZONE_MARGIN - x,
                height: band.bottom + LANE_FOOT - y,
            },
        })
    };
    let zones = grid.sketch.zones.iter().enumerate();
    zones.filter_map(frame).collect()
}

/// Frames close around the boxes of a lane, one for each zone.
fn tight(grid: &Grid, lane: usize, boxes: &[Boxed]) -> Vec<Frame> {
    let frame = |(index, zone): (usize, &crate::sketch::Zone)| {
        let node = |boxed: &&Boxed| {
            let node = &grid.sketch.nodes[boxed.node];
            node.lane == lane && node.zone == index
        };
        let mut own = boxes.iter().filter(node).map(|boxed| boxed.rect);
        let mut around = own.next()?;
        for rect in own {
            around = around.around(&rect);
        }
        Some(Frame {
            kind: FrameKind::Zone(index),
            name: zone.name.clone(),
            rect: Rect {
                x: around.x - ZONE_MARGIN,
                y: around.y - ZONE_HEAD,
                width: around.width + 2.0 * ZONE_MARGIN,
                height: around.height + ZONE_HEAD + LANE_FOOT,
            },
        })
    };
    let zones = grid.sketch.zones.iter().enumerate();
    zones.filter_map(frame).collect()
}

fn wires(grid: &Grid, trunks: &[Trunk]) -> Vec<Wire> {
    let wire = |(line, thread): (usize, &super::Thread)| {
        let mut points = Vec::new();
        if let Some(first) = thread.steps.first() {
            points.push(end(grid, first.from));
        }
        for step in &thread.steps {
            points.extend(bends(grid, trunks[step.bundle], step.from, step.to));
        }
        if let Some(last) = thread.steps.last() {
            points.push(end(grid, last.to));
        }
        Wire {
            line,
            from_source: thread.from_source,
            points: without_idle(points),
        }
    };
    grid.threads.iter().enumerate().map(wire).collect()
}

/// Where a line touches its box.
fn end(grid: &Grid, pin: usize) -> Point {
    let item = &grid.items[grid.pins[pin].item];
    let x = grid.columns[item.column].x;
    Point {
        x: match grid.pins[pin].side {
            Side::Left => x + grid.width,
            Side::Right => x,
        },
        y: grid.y(pin),
    }
}

/// The corners of a line within one gap.
fn bends(grid: &Grid, trunk: Trunk, from: usize, to: usize) -> Vec<Point> {
    let (a, b) = (grid.y(from), grid.y(to));
    let at = |x: f64, y: f64| Point { x, y };
    match trunk {
        Trunk::Level => Vec::new(),
        Trunk::One(x) => vec![at(x, a), at(x, b)],
        Trunk::Two { left, y, right } => {
            let x = |pin: usize| match grid.pins[pin].side {
                Side::Left => left,
                Side::Right => right,
            };
            let (from, to) = (x(from), x(to));
            vec![at(from, a), at(from, y), at(to, y), at(to, b)]
        }
    }
}

/// The points without those that change nothing.
fn without_idle(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = kept.as_slice() {
            let level = before.y == last.y && last.y == point.y;
            let upright = before.x == last.x && last.x == point.x;
            if level || upright {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}

/// Labels stand on their line, where it leaves or reaches their box's frame.
fn labels(grid: &Grid) -> Vec<Label> {
    let frames = frame_rooms(grid);
    let label = |(line, thread): (usize, &super::Thread)| {
        let pin = thread.steps.last()?.to;
        let room = label::room(&thread.label);
        if room == 0.0 {
            return None;
        }
        let end = end(grid, pin);
        let column = grid.items[grid.pins[pin].item].column;
        let x = match grid.pins[pin].side {
            Side::Left => end.x + frames[column + 1].0,
            Side::Right => end.x - frames[column].1 - room,
        };
        Some(Label {
            line,
            text: thread.label.clone(),
            rect: Rect {
                x: x + label::BESIDE,
                y: end.y - label::HEIGHT - 2.0,
                width: room - 2.0 * label::BESIDE,
                height: label::HEIGHT,
            },
        })
    };
    let threads = grid.threads.iter().enumerate();
    threads.filter_map(label).collect()
}
