//! What people decided about a threat, beside what the templates show of it.

use std::sync::Arc;

use underbelly_source::Place;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decided {
    /// It is real, and somebody lives with it for a while.
    Accepted,
    /// It is not real here.
    Dismissed,
    /// What it is on is somebody else's to model.
    OutOfScope,
}

impl Decided {
    /// All, in the order they are told.
    pub const ALL: [Decided; 3] = [Decided::Accepted, Decided::Dismissed, Decided::OutOfScope];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Decided::Accepted => "accepted",
            Decided::Dismissed => "dismissed",
            Decided::OutOfScope => "out-of-scope",
        }
    }
}

/// A person's decision. It stands beside a threat's state and never changes it:
/// what was decided no longer counts among what is exposed, and can still be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub decided: Decided,
    /// Why.
    pub reason: Arc<str>,
    /// By whom, if that was said.
    pub by: Option<Arc<str>>,
    /// The last day it holds, `YYYY-MM-DD`; none for always.
    pub until: Option<Arc<str>>,
    /// Where it is written.
    pub place: Place,
}
