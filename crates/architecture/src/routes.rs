//! The routes of APIs and what is attached to each, in one shape for every notation.

use crate::draft::Draft;

/// Adds its facts, parts and flows to the draft.
pub(crate) fn add(_draft: &mut Draft<'_>) {}
