//! What is wrong with the input: what happened, where, what to do.
//!
//! Never a security result: those are threats, and neither becomes the other.

use std::sync::Arc;

use crate::Span;

/// How much of the input a problem cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something could not be understood and is missing from the model.
    Error,
    /// Something was read, but perhaps not as meant.
    Warning,
    /// Something worth knowing: left out on purpose, or taken as given.
    Note,
}

impl Severity {
    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// One problem with the input. Messages are lower case, without full stop, in
/// the user's words; names stand in back-ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable kebab-case name of the problem, such as `duplicate-key`.
    pub code: &'static str,
    /// How much it cost.
    pub severity: Severity,
    /// What happened.
    pub message: String,
    /// Where; `None` for a file or folder as a whole, named by `path`.
    pub span: Option<Span>,
    /// The path as shown, for problems that have no place inside a file.
    pub path: Option<Arc<str>>,
    /// Other places that matter, each with what it is.
    pub related: Vec<(Span, String)>,
    /// Why it matters, or what was done anyway.
    pub note: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem that cost part of the model.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    /// A problem that may have cost part of the model.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    /// Something worth knowing.
    pub fn note_only(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message.into())
    }

    fn new(code: &'static str, severity: Severity, message: String) -> Self {
        Self {
            code,
            severity,
            message,
            span: None,
            path: None,
            related: Vec::new(),
            note: None,
            help: None,
        }
    }

    /// Where it happened.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The file or folder it is about, where there is no place inside it.
    pub fn in_path(mut self, path: impl Into<Arc<str>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Another place that matters, and what it is.
    pub fn and(mut self, span: Span, what: impl Into<String>) -> Self {
        self.related.push((span, what.into()));
        self
    }

    /// Why it matters, or what was done anyway.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// What to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
