//! The list of ids given out, which only grows: `library/ids.txt`.

use std::collections::BTreeSet;

use crate::{EntryStatus, Knowledge};

const HEAD: &str = "\
# Ids given out, one a line. They stand in reports and decisions, so none ever vanishes:
# what is no longer wanted stays as `status: { deprecated: … }`. Drafts are not listed.
# Made by `cargo xtask ready`; lines are only added.
";

/// The list with all entries that are not drafts added to what `old` holds.
pub fn ids_file(knowledge: &Knowledge, old: &str) -> String {
    let listed = old.lines().map(str::trim);
    let listed = listed.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let library = &knowledge.library;
    let threats = library.threats.iter().map(|def| (&def.id, &def.status));
    let measures = library.countermeasures.iter();
    let measures = measures.map(|def| (&def.id, &def.status));
    let entries = threats.chain(measures);
    let entries = entries.filter(|(_, status)| **status != EntryStatus::Draft);
    let ids: BTreeSet<&str> = listed.chain(entries.map(|(id, _)| &**id)).collect();
    let lines = ids.into_iter().map(|id| format!("{id}\n"));
    std::iter::once(HEAD.to_owned()).chain(lines).collect()
}
