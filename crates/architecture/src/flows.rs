//! What triggers, calls and feeds what: data flows, triggers, consumers, workflow tasks.

use crate::draft::Draft;

/// Adds its facts, parts and flows to the draft.
pub(crate) fn add(_draft: &mut Draft<'_>) {}
