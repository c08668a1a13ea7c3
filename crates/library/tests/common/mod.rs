//! Loads libraries and shows what is wrong with them.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses some of it; a test may panic"
)]

pub(crate) mod small;

use std::fmt::Write;
use std::path::Path;

use underbelly_library::{Knowledge, load};
use underbelly_source::{Diagnostic, Files, Limits, Span};

/// The repository's `library` folder.
fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library")
}

/// The files of the repository's `library` folder, loaded.
pub(crate) fn built_in() -> (Files, (Knowledge, Vec<Diagnostic>)) {
    loaded(&root())
}

/// They and one more.
pub(crate) fn built_in_with(path: &str, text: &str) -> (Files, (Knowledge, Vec<Diagnostic>)) {
    let mut files = read(&root());
    files.add(path, text);
    let loaded = load(&files, "library", &Limits::default());
    (files, loaded)
}

/// The files of a folder, loaded as a library of its own.
pub(crate) fn loaded(root: &Path) -> (Files, (Knowledge, Vec<Diagnostic>)) {
    let files = read(root);
    let loaded = load(&files, "library", &Limits::default());
    (files, loaded)
}

fn read(root: &Path) -> Files {
    let mut paths = Vec::new();
    collect(root, &mut paths);
    paths.sort();
    let mut files = Files::default();
    for path in paths {
        let shown = path.strip_prefix(root).unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        files.add(format!("library/{}", shown.replace('\\', "/")), text);
    }
    files
}

fn collect(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// Messages with the line underlined.
pub(crate) fn render(files: &Files, problems: &[Diagnostic]) -> String {
    let mut shown = String::new();
    for problem in problems {
        let word = problem.severity.word();
        let _ = writeln!(shown, "{word}: {}", problem.message);
        if let Some(span) = problem.span {
            excerpt(&mut shown, files, span, "^");
        }
        if let Some(path) = &problem.path {
            let _ = writeln!(shown, " in {path}");
        }
        for (span, what) in &problem.related {
            let place = files.position(*span);
            let _ = writeln!(shown, " {what}: {}:{place}", files.path(span.file));
        }
        if let Some(note) = &problem.note {
            let _ = writeln!(shown, " note: {note}");
        }
        if let Some(help) = &problem.help {
            let _ = writeln!(shown, " help: {help}");
        }
    }
    shown
}

fn excerpt(shown: &mut String, files: &Files, span: Span, mark: &str) {
    let start = files.position(span);
    let line = files.line(span.file, start.line);
    let indent = " ".repeat(start.column as usize - 1);
    let width = files.excerpt(span).lines().next().unwrap_or("");
    let width = width.chars().count().max(1);
    let _ = writeln!(shown, " {}:{start}", files.path(span.file));
    let _ = writeln!(shown, "  | {line}");
    let _ = writeln!(shown, "  | {indent}{}", mark.repeat(width));
}
