//! Files as trees: each read once per call, with what is wanted and what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_expression::{Fact, Text};
use underbelly_source::{Diagnostic, Files, Limits, Span};

use crate::graph::Wanted;

/// What reads and remembers, shared by all stacks of one analysis.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) files: &'a Files,
    pub(crate) limits: &'a Limits,
    pub(crate) missing: &'a BTreeMap<Arc<str>, Arc<str>>,
    pub(crate) wanted: BTreeSet<Wanted>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A problem for the user.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A local file as a tree of plain values.
    pub(crate) fn file(&mut self, _path: &str, _from: Span) -> Option<Fact> {
        None
    }

    /// The document that a text holds.
    pub(crate) fn json_text(&mut self, _text: &Text, _span: Span) -> Option<Fact> {
        None
    }
}
