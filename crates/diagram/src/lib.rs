//! Pictures of an architecture: geometry only, no threats and no rules.
//!
//! [`draw`] goes in stages, each a file and each bounded and free of recursion:
//!
//! ```text
//! Architecture ─choose─▶ Sketch ─group─▶ Sketch ─rank─▶ columns ─thread─▶ nets
//!              ─order─▶ rows ─place─▶ heights ─route─▶ tracks ─label─▶ Diagram
//! ```
//!
//! Trust grows from left to right: every zone has columns of its own, every
//! system a band of rows. A component is called on its left side and calls on
//! its right. Flows with the same start (or the same end) share a line until
//! they part, so that a hundred flows are a handful of lines. What a picture
//! says beside the architecture (numbers, colours) comes in as plain [`Mark`]s.
//! The same architecture gives the same bytes, in whatever order it lists things.

#![warn(missing_docs)]

mod choose;
mod diagram;
mod group;
mod label;
mod layout;
mod measure;
mod options;
mod sketch;
mod svg;
#[cfg(test)]
mod testing;
mod text;
mod way;

pub use diagram::Diagram;
pub use measure::clean as shown;
pub use options::{Mark, Options, Way};
#[cfg(feature = "png")]
pub use svg::NotPainted;
pub use svg::{Colour, Theme, palette, style};

use underbelly_model::Architecture;

/// Draws an architecture.
pub fn draw(architecture: &Architecture, options: &Options) -> Diagram {
    let chosen = choose::choose(architecture, options);
    let sketch = group::group(chosen, options);
    let mut diagram = layout::lay_out(sketch, options);
    diagram.lit = way::lit(&diagram.sketch, architecture, options);
    diagram
}
