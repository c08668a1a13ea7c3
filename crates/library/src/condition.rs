//! What entries hang on: paths of facts, and what they apply to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use underbelly_expression::Expression;

/// A way from one component or part to others, fact by fact: `target`,
/// `runs_as`, `component.account`, `targets`. Checked when loaded: every step
/// exists, and it ends in components or parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// Ready to be followed.
    pub expression: Expression,
    /// The kind or trait it ends in, or the part, such as `grant`.
    pub ends_in: Arc<str>,
    /// Whether it ends in parts.
    pub in_parts: bool,
    /// Whether some step is a set, so that it may end in several.
    pub several: bool,
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
