//! Who may do what: identity policies become grants of roles, resource policies and trust policies become what a component admits.

use crate::draft::Draft;

/// Adds its facts, parts and flows to the draft.
pub(crate) fn add(_draft: &mut Draft<'_>) {}
