//! What follows from the drawn graph: who can reach a component, and whether
//! untrusted data does.

mod admitted;
mod audience;
mod entrances;
mod open;
mod seeds;
#[cfg(test)]
mod tests;
mod untrusted;
mod uploads;
mod users;

use crate::draft::Draft;

/// Adds its facts, parts and flows to the draft.
pub(crate) fn add(draft: &mut Draft<'_>) {
    entrances::add(draft);
    open::add(draft);
    uploads::add(draft);
    untrusted::add(draft);
    open::behind_cdns(draft);
}
