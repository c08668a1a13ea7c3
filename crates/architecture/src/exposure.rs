//! What follows from the drawn graph: who can reach a component, and whether untrusted data does.

use crate::draft::Draft;

/// Adds its facts, parts and flows to the draft.
pub(crate) fn add(_draft: &mut Draft<'_>) {}
