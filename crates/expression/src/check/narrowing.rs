//! What a condition, being true, tells of what else is there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Paths known to be present, and of which kinds components on a path can be.
/// What `when` narrows is handed on to the check of `exposed`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    present: BTreeSet<String>,
    kinds: BTreeMap<String, BTreeSet<Arc<str>>>,
}

impl Narrowing {
    pub(super) fn present(path: String) -> Self {
        Self {
            present: BTreeSet::from([path]),
            kinds: BTreeMap::new(),
        }
    }

    pub(super) fn kinds(path: String, kinds: BTreeSet<Arc<str>>) -> Self {
        Self {
            present: BTreeSet::new(),
            kinds: BTreeMap::from([(path, kinds)]),
        }
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.present.contains(path)
    }

    pub(super) fn kinds_at(&self, path: &str) -> Option<&BTreeSet<Arc<str>>> {
        self.kinds.get(path)
    }

    /// Both hold: everything either tells.
    pub(super) fn add(&mut self, other: &Narrowing) {
        self.present.extend(other.present.iter().cloned());
        for (path, kinds) in &other.kinds {
            let known = self
                .kinds
                .entry(path.clone())
                .or_insert_with(|| kinds.clone());
            known.retain(|kind| kinds.contains(kind));
        }
    }

    /// One of them holds: only what both tell.
    pub(super) fn common(mut self, other: &Narrowing) -> Narrowing {
        self.present.retain(|path| other.present.contains(path));
        self.kinds.retain(|path, kinds| {
            let found = other.kinds.get(path);
            kinds.extend(found.into_iter().flatten().cloned());
            found.is_some()
        });
        self
    }
}
