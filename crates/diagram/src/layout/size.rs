//! How large boxes are, from their texts.

use crate::measure::{Weight, width as text_width, wrap};
use crate::sketch::{Node, Sketch};

/// The height of a line of a shared box.
pub(crate) const ROW_HEIGHT: f64 = 19.0;
/// The height of a box, or of the head of a shared one.
pub(crate) const TITLE_HEIGHT: f64 = 52.0;
/// The second line of a long name.
const SECOND_LINE: f64 = 18.0;
/// What stands beside the name: the glyph, and room on both sides.
pub(crate) const BESIDE_NAME: f64 = 58.0;
const NARROWEST: f64 = 148.0;
const WIDEST: f64 = 180.0;

/// One width for all boxes: that of the longest name, within bounds.
pub(super) fn width(sketch: &Sketch) -> f64 {
    let name = |node: &Node| text_width(&node.name, 13.0, Weight::SemiBold) + BESIDE_NAME;
    let row = |node: &Node| {
        let rows = node.rows.iter();
        let wide = rows.map(|row| text_width(&row.name, 12.0, Weight::Regular) + 44.0);
        wide.fold(0.0, f64::max)
    };
    let widths = sketch.nodes.iter().map(|node| name(node).max(row(node)));
    widths.fold(NARROWEST, f64::max).min(WIDEST).ceil()
}

/// How high a box is before its ports ask for more.
pub(super) fn height(node: &Node, width: f64) -> f64 {
    let n_lines = wrap(&node.name, width - BESIDE_NAME, 13.0, Weight::SemiBold).len();
    let second = if n_lines > 1 { SECOND_LINE } else { 0.0 };
    let n_rows = node.rows.len() + usize::from(!node.hidden.is_empty());
    let rows = match n_rows {
        0 => 0.0,
        n => n as f64 * ROW_HEIGHT + 14.0,
    };
    TITLE_HEIGHT + second + rows
}
