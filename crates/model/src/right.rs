//! What a role may do with one component.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_source::Place;

/// What one grant lets a role do with one component: an upper bound, after Deny and
/// boundary.
#[derive(Clone, Debug)]
pub struct Right {
    /// The role.
    pub role: SubjectId,
    /// The grant: a part of the role.
    pub grant: SubjectId,
    /// The component.
    pub target: SubjectId,
    /// The abilities it gives there.
    pub abilities: Arc<BTreeSet<Arc<str>>>,
    /// Why nobody can tell whether it gives them.
    pub unsure: Option<Reason>,
    /// When it does.
    pub guard: Guard,
    /// The line that says so.
    pub place: Option<Place>,
}
