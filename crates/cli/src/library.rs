//! `underbelly library`: look at, check and extend the knowledge.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use underbelly_analysis::{Failure, test_examples};

use underbelly_library::{EntryKind, new_entry};
use underbelly_report::Sources;
use underbelly_source::{Diagnostic, Files, Span};

use crate::arguments::{LibraryCommand, NewEntry, OwnLibrary};
use crate::knowledge::knowledge;
use crate::outcome::Outcome;
use crate::roots::shown;
use crate::{explain, export, terminal};

/// The date examples are judged by unless they say their own: results must not
/// change from one day to the next.
const EXAMPLES_AS_OF: &str = "2026-11-23";

pub(crate) fn run(command: &LibraryCommand) -> Result<Outcome> {
    match command {
        LibraryCommand::List { kind, own } => {
            let knowledge = knowledge(own)?;
            if let Some(kind) = kind
                && knowledge.library.kind(kind).is_none()
            {
                bail!("there is no kind `{kind}`; `underbelly library facts` shows all");
            }
            let text =
                underbelly_report::list(&knowledge.library, kind.as_deref(), terminal::paper());
            terminal::print(&text)?;
            Ok(Outcome::Done)
        }
        LibraryCommand::Show { id, own } => explain::page(&knowledge(own)?, id),
        LibraryCommand::Export(arguments) => export::export(arguments),
        LibraryCommand::Coverage { format, own } => export::coverage(*format, own),
        LibraryCommand::New { what, id, library } => new(*what, id, library),
        LibraryCommand::Test { id, library } => test(id.as_deref(), library.as_deref()),
        LibraryCommand::Facts { kind, own } => {
            let knowledge = knowledge(own)?;
            match underbelly_library::facts_page(&knowledge.library, kind.as_deref()) {
                Some(text) => {
                    terminal::print(&underbelly_report::fit(&text, terminal::paper()))?;
                }
                None => bail!(
                    "there is no kind `{}`; `underbelly library facts` shows all",
                    kind.as_deref().unwrap_or_default()
                ),
            }
            Ok(Outcome::Done)
        }
    }
}

fn new(what: NewEntry, id: &str, library: &Path) -> Result<Outcome> {
    let kind = match what {
        NewEntry::Threat => EntryKind::Threat,
        NewEntry::Countermeasure => EntryKind::Countermeasure,
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(plain) {
        bail!("`{id}` is not an id: use small letters, digits and `-`");
    }
    let folder = library.join(kind.folder());
    fs::create_dir_all(&folder)
        .with_context(|| format!("`{}` could not be made", shown(&folder)))?;
    let path = folder.join(format!("{id}.yaml"));
    if path.exists() {
        bail!("`{}` is already there", shown(&path));
    }
    fs::write(&path, new_entry(kind, id))
        .with_context(|| format!("`{}` could not be written", shown(&path)))?;
    terminal::print(&format!(
        "wrote {}\nfill it in, then: underbelly library test {id} --library {}\n",
        shown(&path),
        shown(library)
    ))?;
    Ok(Outcome::Done)
}

fn test(id: Option<&str>, library: Option<&Path>) -> Result<Outcome> {
    // What does not check is a failed test.
    let own = OwnLibrary {
        library: library.map(Path::to_path_buf),
        strict: true,
    };
    let knowledge = knowledge(&own)?;
    if let Some(id) = id
        && knowledge.library.threat(id).is_none()
        && knowledge.library.countermeasure(id).is_none()
    {
        return explain::page(&knowledge, id);
    }
    let tested = test_examples(&knowledge.library, &knowledge.pages, id, EXAMPLES_AS_OF);
    let sources = Sources {
        files: &knowledge.files,
        secrets: &[],
        words: &knowledge.library.data.words,
    };
    for failure in &tested.failures {
        let text = sources.diagnostic(terminal::error_paper(), &told(failure, &knowledge.files));
        terminal::complain(&text);
    }
    let gaps = match tested.known_gaps {
        0 => String::new(),
        n => format!(", {n} known gaps"),
    };
    let entries = if tested.entries == 1 {
        "entry"
    } else {
        "entries"
    };
    let (n, failed) = (tested.examples, tested.failures.len());
    let said = format!(
        "{} {entries}, {n} examples: {} passed, {failed} failed{gaps}\n",
        tested.entries,
        n - failed,
    );
    terminal::print(&underbelly_report::fit(&said, terminal::paper()))?;
    Ok(if tested.failures.is_empty() {
        Outcome::Done
    } else {
        Outcome::GateFailed
    })
}

/// A failed example as people read it, its line underlined where the file is at hand.
fn told(failure: &Failure, files: &Files) -> Diagnostic {
    let message = format!("`{}`: {}", failure.entry, failure.case);
    let diagnostic = Diagnostic::error("example-failed", message)
        .note(format!("expected {}", failure.expected))
        .help(format!("got {}", failure.got.replace('\n', "; ")));
    match files.find(&failure.path) {
        Some(file) => {
            let start: usize = files
                .text(file)
                .split_inclusive('\n')
                .take(failure.line.saturating_sub(1) as usize)
                .map(str::len)
                .sum();
            let line = files.line(file, failure.line);
            let from = start + (line.len() - line.trim_start().len());
            let span = Span::new(file, from as u32, (start + line.len()) as u32);
            diagnostic.at(span)
        }
        None => diagnostic.in_path(format!("{}:{}", failure.path, failure.line)),
    }
}
