//! How much was read: the first lines of a summary.

use std::collections::BTreeSet;

/// How much was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files read, those that templates refer to among them.
    pub files: usize,
    /// Templates among them, each once.
    pub templates: usize,
    /// Resources declared, implied ones left out.
    pub resources: usize,
    /// Functions declared.
    pub functions: usize,
    /// The formats found, in words.
    pub formats: BTreeSet<&'static str>,
    /// Where values of parameters were taken from, if from a file: a sentence.
    pub parameters: Option<String>,
}
