//! What entries hang on: conditions, paths of facts, and what they apply to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A checked condition and how it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// As written in the entry.
    pub text: Arc<str>,
}

/// A way from one component or part to others, fact by fact: `target`,
/// `runs_as`, `component.account`, `targets`. Typed when loaded: it ends in
/// components (or parts) and every step exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// As written.
    pub text: Arc<str>,
    /// The facts to follow, in order; `component` first where it starts from a
    /// part's owner.
    pub steps: Vec<Arc<str>>,
    /// The kind or trait it ends in.
    pub ends_in: Arc<str>,
    /// Whether some step is a set, so that it may end in several.
    pub many: bool,
}

/// What an entry is judged on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AppliesTo {
    /// A kind or a trait, as written.
    pub kind: Arc<str>,
    /// The fact that lists the parts, such as `routes`; none: the component as a whole.
    pub part: Option<Arc<str>>,
}

impl std::fmt::Display for AppliesTo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{}/{part}", self.kind),
            None => f.write_str(&self.kind),
        }
    }
}
