//! A picture: boxes, frames, lines and labels, each with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Mark;
use crate::sketch::Sketch;
use crate::way::Lit;

/// A laid-out picture of an architecture. Lengths are in pixels.
#[derive(Clone, Debug)]
pub struct Diagram {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) title: Arc<str>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) boxes: Vec<Boxed>,
    pub(crate) wires: Vec<Wire>,
    pub(crate) labels: Vec<Label>,
    pub(crate) sketch: Sketch,
    /// Marks by component, for those drawn as badges.
    pub(crate) marks: BTreeMap<usize, Mark>,
    /// What stands out.
    pub(crate) lit: Lit,
}

impl Diagram {
    /// How many boxes there are.
    pub fn n_boxes(&self) -> usize {
        self.boxes.len()
    }

    /// How many lines there are.
    pub fn n_lines(&self) -> usize {
        self.wires.len()
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub x: f64,
    pub y: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    /// The smallest that holds both.
    pub(crate) fn around(&self, other: &Rect) -> Rect {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Rect {
            x,
            y,
            width: right - x,
            height: bottom - y,
        }
    }
}

/// What frames a zone or a system.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub kind: FrameKind,
    pub name: Arc<str>,
    pub rect: Rect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    System,
    /// A zone, by its index from the least trusted.
    Zone(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Boxed {
    pub node: usize,
    pub rect: Rect,
}

/// A line with right angles.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub line: usize,
    /// From box to box; the first is that of the net's hub.
    pub points: Vec<Point>,
    /// Whether the first point is where the line starts.
    pub from_source: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub line: usize,
    pub text: String,
    pub rect: Rect,
}
