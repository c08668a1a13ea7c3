//! The library to judge by: the built-in one, with a folder of the user's beside it.

use std::path::Path;

use anyhow::{Result, bail};
use ignore::WalkBuilder;
use underbelly_library::{Library, Pages};
use underbelly_report::Sources;
use underbelly_source::{Diagnostic, Files, Limits, Severity};

use crate::arguments::OwnLibrary;
use crate::roots::{Roots, shown};
use crate::terminal;

/// What is known, and the texts it was read from where that was just now.
pub(crate) struct Knowledge {
    pub library: Library,
    pub pages: Pages,
    pub files: Files,
}

/// The built-in library, with the entries of a folder over it. What is wrong there
/// is told and left out; the rest stands, unless the user wants it strict.
pub(crate) fn knowledge(own: &OwnLibrary) -> Result<Knowledge> {
    let Some(folder) = own.library.as_deref() else {
        return Ok(Knowledge {
            library: underbelly_builtin::rules(),
            pages: underbelly_builtin::pages(),
            files: Files::default(),
        });
    };
    let (files, unread) = read(folder)?;
    let limits = Limits::default();
    // A whole library stands for itself; a folder of entries extends the built-in one.
    let root = shown(folder);
    let whole = folder.join("kinds").is_dir();
    let (known, mut diagnostics) = if whole {
        underbelly_library::load(&files, &root, &limits)
    } else {
        underbelly_builtin::knowledge().extended_with(&files, &root, &limits)
    };
    diagnostics.extend(unread);
    let sources = Sources {
        files: &files,
        secrets: &[],
        words: &known.library.data.words,
    };
    let paper = terminal::error_paper();
    for diagnostic in &diagnostics {
        terminal::complain(&sources.diagnostic(paper, diagnostic));
    }
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    match errors.count() {
        0 => {}
        _ if own.strict => bail!("the library in `{}` has errors", shown(folder)),
        n => {
            let what = if n == 1 { "error" } else { "errors" };
            terminal::complain_plainly(&format!(
                "the library in `{}` has {n} {what}: what is wrong is left out, the rest stands; \
                 `--strict` makes it fail",
                shown(folder)
            ));
        }
    }
    Ok(Knowledge {
        library: known.library,
        pages: known.pages,
        files,
    })
}

/// What an analysis judges by, without the pages: a run that prints none does
/// not unpack them.
pub(crate) fn library(own: &OwnLibrary) -> Result<Library> {
    match own.library {
        None => Ok(underbelly_builtin::rules()),
        Some(_) => Ok(knowledge(own)?.library),
    }
}

/// Every YAML file below a folder, by path from there, and what is said of those
/// that cannot be read.
fn read(folder: &Path) -> Result<(Files, Vec<Diagnostic>)> {
    if !folder.is_dir() {
        bail!("there is no folder `{}`", shown(folder));
    }
    let roots = Roots::of(&[folder.to_path_buf()]);
    let limits = Limits::default();
    let mut files = Files::default();
    let mut unread = Vec::new();
    let walk = WalkBuilder::new(folder).sort_by_file_name(Ord::cmp).build();
    for entry in walk.flatten() {
        let path = entry.path();
        let ending = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        if !matches!(ending, "yaml" | "yml" | "txt") || !path.is_file() {
            continue;
        }
        match roots.read(path, &limits) {
            Ok(text) => {
                files.add(shown(path), text);
            }
            Err(reason) => {
                let message = format!("a file of the library is not read: {reason}");
                unread.push(Diagnostic::error("file-not-read", message).in_path(shown(path)));
            }
        }
    }
    Ok((files, unread))
}
