//! Files as trees: each parsed once per call, with what is wanted and what is wrong.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use underbelly_expression::{Fact, Text};
use underbelly_source::{Diagnostic, FileId, Files, Limits, Severity, Span};
use underbelly_syntax::Document;

use crate::graph::{IsSecret, Options, Wanted};
use crate::paths::{self, Target};
use crate::{embedded, plain};

/// The parsed files of one call, in a place of their own so that nodes outlive
/// every change of the [`Reader`].
#[derive(Debug)]
pub(crate) struct Shelf {
    slots: Vec<OnceCell<(Vec<Document>, Vec<Diagnostic>)>>,
}

impl Shelf {
    /// An empty place for every file.
    pub(crate) fn new(files: &Files) -> Self {
        Self {
            slots: files.iter().map(|_| OnceCell::new()).collect(),
        }
    }
}

/// What reads and remembers, shared by all stacks of one analysis.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) files: &'a Files,
    pub(crate) shelf: &'a Shelf,
    pub(crate) limits: &'a Limits,
    pub(crate) missing: &'a BTreeMap<Arc<str>, Arc<str>>,
    pub(crate) is_secret: IsSecret<'a>,
    /// What to load, by path, each with the first reference.
    pub(crate) wanted: BTreeMap<Arc<str>, Wanted>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Files that were read because a template refers to them.
    pub(crate) used: BTreeSet<FileId>,
    told: BTreeSet<FileId>,
    /// Where in the diagnostics a problem of a file was first said.
    said: HashMap<(&'static str, Option<FileId>, String), usize>,
}

/// Places shown for one problem beside the first.
const MOST_PLACES: usize = 8;

/// What became of a path that a template names.
pub(crate) enum Found {
    /// It is here.
    File(FileId),
    /// It is not, and has been reported or asked for.
    Not,
}

impl<'a> Reader<'a> {
    /// A reader that has read nothing yet.
    pub(crate) fn new(files: &'a Files, shelf: &'a Shelf, options: &'a Options<'_>) -> Self {
        Self {
            files,
            shelf,
            limits: &options.limits,
            missing: &options.missing,
            is_secret: options.is_secret,
            wanted: BTreeMap::new(),
            diagnostics: Vec::new(),
            used: BTreeSet::new(),
            told: BTreeSet::new(),
            said: HashMap::new(),
        }
    }

    /// A problem for the user. Of one that is said again in the same file the
    /// first stays, with the places of some others.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        let file = diagnostic.span.map(|span| span.file);
        let key = (diagnostic.code, file, diagnostic.message.clone());
        let at = self.diagnostics.len();
        let first = *self.said.entry(key).or_insert(at);
        let Some(earlier) = self.diagnostics.get_mut(first) else {
            self.diagnostics.push(diagnostic);
            return;
        };
        if let Some(span) = diagnostic.span
            && earlier.span != Some(span)
            && earlier.related.len() < MOST_PLACES
            && earlier.related.iter().all(|(related, _)| *related != span)
        {
            earlier.related.push((span, "here too".into()));
        }
    }

    /// The documents of a file; what is wrong in it is not told yet.
    pub(crate) fn documents(&self, file: FileId) -> &'a [Document] {
        match self.shelf.slots.get(file.0 as usize) {
            Some(slot) => {
                let read = || underbelly_syntax::read(self.files, file, self.limits);
                &slot.get_or_init(read).0
            }
            None => &[],
        }
    }

    /// Whether something is wrong in a file that was read.
    pub(crate) fn is_broken(&self, file: FileId) -> bool {
        let slot = self.shelf.slots.get(file.0 as usize);
        let problems = slot.and_then(OnceCell::get).map(|(_, problems)| problems);
        let mut problems = problems.into_iter().flatten();
        problems.any(|problem| problem.severity == Severity::Error)
    }

    /// Tells what is wrong in a file, once.
    pub(crate) fn tell(&mut self, file: FileId) {
        if !self.told.insert(file) {
            return;
        }
        let slot = self.shelf.slots.get(file.0 as usize);
        if let Some((_, problems)) = slot.and_then(OnceCell::get) {
            self.diagnostics.extend(problems.iter().cloned());
        }
    }

    /// The first document of a file that a template refers to.
    pub(crate) fn referred(&mut self, file: FileId) -> Option<&'a Document> {
        self.used.insert(file);
        let document = self.documents(file).first();
        self.tell(file);
        document
    }

    /// Says of something a template refers to that it is not at hand.
    pub(crate) fn report_remote(&mut self, what: &str, from: Span) {
        self.report(
            Diagnostic::note_only("remote-file", format!("{what} is not a local file"))
                .at(from)
                .note("what it holds is not known here")
                .help("name a local copy to have it read"),
        );
    }

    /// Finds the file that a path names from where it is written.
    pub(crate) fn locate(&mut self, path: &str, from: Span) -> Found {
        let inside = match paths::join(self.files.path(from.file), path) {
            Target::Remote => {
                self.report_remote(&format!("`{path}`"), from);
                return Found::Not;
            }
            Target::Outside(outside) => {
                self.report(
                    Diagnostic::warning(
                        "outside-roots",
                        format!("`{outside}` lies outside what was given to read"),
                    )
                    .at(from)
                    .help("analyse a folder that holds both files"),
                );
                return Found::Not;
            }
            Target::Inside(inside) => inside,
        };
        if let Some(file) = self.files.find(&inside) {
            return Found::File(file);
        }
        let inside: Arc<str> = inside.into();
        match self.missing.get(&inside) {
            Some(reason) => {
                self.report(
                    Diagnostic::warning(
                        "file-not-read",
                        format!("`{}` was not read: {reason}", self.files.show(&inside)),
                    )
                    .at(from)
                    .note("what it holds is unknown")
                    .help("put it there, or analyse the folder that holds it"),
                );
            }
            None => {
                let wanted = Wanted {
                    path: inside.clone(),
                    from,
                };
                self.wanted.entry(inside).or_insert(wanted);
            }
        }
        Found::Not
    }

    /// A local file as a tree of plain values.
    pub(crate) fn file(&mut self, path: &str, from: Span) -> Option<Fact> {
        match self.locate(path, from) {
            Found::File(file) => Some(plain::fact(self.referred(file)?.root())),
            Found::Not => None,
        }
    }

    /// The document that a text holds.
    pub(crate) fn json_text(&mut self, text: &Text, span: Span) -> Option<Fact> {
        embedded::read(self.files, self.limits, text, span)
    }
}
