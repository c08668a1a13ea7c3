//! From a sketch to places: columns, nets, rows, heights, tracks.
//!
//! A [`Grid`] has columns of items (boxes, and ways that lines take past boxes)
//! with gaps between them. A bundle is the part of a net within one gap: it
//! joins pins on either side of the gap by one upright line. Lengths are in
//! pixels; `y` grows downwards.

mod frame;
mod idle;
mod order;
mod place;
mod polish;
mod rank;
mod route;
mod sift;
mod size;
mod thread;

#[cfg(test)]
mod tests;

use crate::sketch::{LaneKind, Sketch};
use crate::{Diagram, Options};

pub(crate) use size::{BESIDE_NAME, ROW_HEIGHT, TITLE_HEIGHT};

/// Everything a layout knows while it comes about.
#[derive(Debug)]
pub(crate) struct Grid {
    pub sketch: Sketch,
    /// How wide boxes are.
    pub width: f64,
    pub columns: Vec<Column>,
    pub items: Vec<Item>,
    pub pins: Vec<Pin>,
    pub bundles: Vec<Bundle>,
    /// One for each line of the sketch.
    pub threads: Vec<Thread>,
}

#[derive(Debug, Default)]
pub(crate) struct Column {
    pub zone: usize,
    /// Its items stand free of lanes, over the whole height.
    pub open: bool,
    /// From top to bottom, lane by lane.
    pub items: Vec<usize>,
    pub x: f64,
}

#[derive(Debug)]
pub(crate) struct Item {
    /// The box; none for a way.
    pub node: Option<usize>,
    pub lane: usize,
    pub column: usize,
    pub top: f64,
    pub height: f64,
    /// What is kept free above and below it.
    pub above: f64,
    pub below: f64,
    /// Pins on its left and right side.
    pub left: Vec<usize>,
    pub right: Vec<usize>,
}

/// Where a net touches an item.
#[derive(Debug)]
pub(crate) struct Pin {
    pub item: usize,
    pub bundle: usize,
    pub side: Side,
    /// From the top of the item.
    pub offset: f64,
    /// The width of the label at it; 0 for none.
    pub label: f64,
}

/// A side of a gap: a pin on the left side of a gap is on the right of its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Left,
    Right,
}

/// A net within one gap: a star around the pin nearest to the net's hub.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// The gap before the column of this index.
    pub gap: usize,
    pub root: usize,
    pub others: Vec<usize>,
}

/// The way of one line from its net's hub to its other end.
#[derive(Debug, Default)]
pub(crate) struct Thread {
    /// The hub is where the line starts.
    pub from_source: bool,
    /// From pin to pin, each within a bundle.
    pub steps: Vec<Step>,
    /// What stands at its other end.
    pub label: String,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub bundle: usize,
    pub from: usize,
    pub to: usize,
}

impl Grid {
    /// The height of a pin in the picture.
    pub(crate) fn y(&self, pin: usize) -> f64 {
        let pin = &self.pins[pin];
        self.items[pin.item].top + pin.offset
    }

    /// The pins that a pin is joined to, seen from the hub.
    pub(crate) fn joined(&self, pin: usize) -> &[usize] {
        let bundle = &self.bundles[self.pins[pin].bundle];
        if bundle.root == pin {
            &bundle.others
        } else {
            std::slice::from_ref(&bundle.root)
        }
    }

    pub(crate) fn lane_kind(&self, item: &Item) -> LaneKind {
        self.sketch.lanes[item.lane].kind
    }
}

/// Gives everything its place.
pub(crate) fn lay_out(sketch: Sketch, options: &Options) -> Diagram {
    let with_labels = sketch.nodes.len() <= options.label_up_to;
    let width = size::width(&sketch);
    let heights: Vec<f64> = sketch
        .nodes
        .iter()
        .map(|n| size::height(n, width))
        .collect();
    let (columns, column_of) = rank::rank(&sketch, &heights, width);
    let mut grid = Grid {
        width,
        columns,
        items: Vec::new(),
        pins: Vec::new(),
        bundles: Vec::new(),
        threads: Vec::new(),
        sketch,
    };
    thread::thread(&mut grid, &column_of, &heights, with_labels);
    let idle = idle::take(&mut grid);
    order::order(&mut grid);
    let bands = place::place(&mut grid, &idle);
    let tracks = route::route(&mut grid);
    frame::picture(&grid, &bands, &tracks, options)
}
