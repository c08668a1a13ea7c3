//! The steps that an architecture offers, by what makes them possible.

mod entrances;
mod flows;
mod rights;

use underbelly_model::{Architecture, Step};

/// All of them, in the order of what was drawn.
pub(crate) fn all(architecture: &Architecture) -> Vec<Step> {
    let mut steps = entrances::steps(architecture);
    steps.extend(flows::steps(architecture));
    steps.extend(rights::steps(architecture));
    steps
}
