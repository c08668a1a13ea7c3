//! What was taken as given, each once, in order of first use.

use std::collections::HashSet;
use std::sync::Arc;

#[derive(Debug, Default)]
pub(crate) struct Assumptions {
    all: Vec<Arc<str>>,
    known: HashSet<Arc<str>>,
}

impl Assumptions {
    pub(crate) fn note(&mut self, notes: &[Arc<str>]) {
        for note in notes {
            if !self.known.contains(note) {
                self.known.insert(note.clone());
                self.all.push(note.clone());
            }
        }
    }

    pub(crate) fn all(self) -> Vec<Arc<str>> {
        self.all
    }
}
