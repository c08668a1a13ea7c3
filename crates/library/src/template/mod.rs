//! The file of a new entry: headings, comments that teach, two empty examples.

/// What kind of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A threat.
    Threat,
    /// A countermeasure.
    Countermeasure,
}

impl EntryKind {
    /// The folder of a library in which entries of this kind stand.
    pub fn folder(self) -> &'static str {
        match self {
            EntryKind::Threat => "threats",
            EntryKind::Countermeasure => "countermeasures",
        }
    }
}

/// The text of a new entry's file. What is to be filled in is left empty, so
/// that checking it says what is still to do.
pub fn new_entry(kind: EntryKind, id: &str) -> String {
    let template = match kind {
        EntryKind::Threat => include_str!("threat.yaml"),
        EntryKind::Countermeasure => include_str!("countermeasure.yaml"),
    };
    template.replace("ENTRY-ID", id)
}
