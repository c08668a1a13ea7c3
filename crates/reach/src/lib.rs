//! How far an attacker gets: what one foothold gives next, and the roads that
//! lead from outside to the data.
//!
//! An attacker *holds* something of a component (reaches it, controls it, reads or
//! writes its data). A *step* leads from one hold to the next and says by what
//! line of the template it is possible. A *road* is a chain of steps to something
//! worth having. Steps are an upper bound of what the template shows: a step that hangs on
//! something unknown is there and says so.
//!
//! Nothing here knows a threat, a file's text or a provider's notation.

#![warn(missing_docs)]

mod cut;
mod ease;
mod graph;
mod holders;
mod openings;
mod path;
mod position;
mod roads;
mod search;
mod step;
mod steps;
mod targets;
#[cfg(test)]
mod tests;

pub use cut::{Cut, cut};
pub use graph::{Graph, StepId};
pub use openings::{Opening, by_opening, openings};
pub use path::Path;
pub use position::{Behind, Near, Position};
pub use roads::{roads, to_holds};
pub use search::Survey;
pub use targets::targets;
