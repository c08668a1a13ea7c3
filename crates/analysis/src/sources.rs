//! What an analysis is given to read.

use std::sync::Arc;

use underbelly_iac::Input;
use underbelly_source::{Diagnostic, FileId, Files};

/// Gives the text of a file that a template refers to, by the path joined to
/// the referring file's folder; or says in a few words why it cannot be had.
/// It must never give a file outside the roots.
pub type Load<'a> = dyn FnMut(&str) -> Result<Arc<str>, String> + 'a;

/// Files to begin with, and what went wrong in finding them.
#[derive(Debug, Default)]
pub struct Sources {
    /// The texts.
    pub files: Files,
    /// Which of them to start from.
    pub inputs: Vec<Input>,
    /// Which of them the user named one by one: of these it is said when there
    /// is no template in them.
    pub named: Vec<FileId>,
    /// Which of them say what a team knows of its own system, `underbelly.yaml`.
    pub projects: Vec<FileId>,
    /// What was left out, and why.
    pub diagnostics: Vec<Diagnostic>,
}
