//! What stands at a line, and how much room it takes.

use crate::measure::{Weight, clean, fit, width};
use crate::sketch::Line;

/// The size labels are set in.
pub(crate) const SIZE: f64 = 10.5;
/// How high a label is.
pub(crate) const HEIGHT: f64 = 12.0;
/// The widest label.
const WIDEST: f64 = 100.0;
/// Between a label and what is left and right of it.
pub(crate) const BESIDE: f64 = 8.0;

/// The first label of a line, and how many more it has.
pub(crate) fn of(line: &Line) -> String {
    let Some(first) = line.labels.first() else {
        return String::new();
    };
    let first = clean(first);
    let more = match line.labels.len() {
        1 => String::new(),
        n => format!(" +{}", n - 1),
    };
    let room = WIDEST - width(&more, SIZE, Weight::Regular);
    format!("{}{more}", fit(&first, room, SIZE, Weight::Regular))
}

/// The room a label takes along its line.
pub(crate) fn room(label: &str) -> f64 {
    match label {
        "" => 0.0,
        label => width(label, SIZE, Weight::Regular) + 2.0 * BESIDE,
    }
}
