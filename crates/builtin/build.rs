//! Loads and checks the `library` folder and writes it out compiled. What does
//! not check is shown with its line, and the build fails.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use underbelly_library::load;
use underbelly_source::{Diagnostic, Files, Limits, Severity};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
    println!("cargo:rerun-if-changed={}", root.display());
    let files = read(&root)?;
    let (knowledge, problems) = load(&files, "library", &Limits::default());
    let errors: Vec<&Diagnostic> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .collect();
    if !errors.is_empty() {
        let shown: String = errors.iter().map(|error| shown(&files, error)).collect();
        return Err(format!("the built-in library does not check\n\n{shown}").into());
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    fs::write(
        out.join("rules"),
        postcard::to_allocvec(&knowledge.library)?,
    )?;
    fs::write(out.join("pages"), postcard::to_allocvec(&knowledge.pages)?)?;
    let types = postcard::to_allocvec(&knowledge.resource_types)?;
    fs::write(out.join("resource-types"), types)?;
    Ok(())
}

fn read(root: &Path) -> Result<Files, Box<dyn Error>> {
    let mut paths = Vec::new();
    collect(root, &mut paths)?;
    paths.sort();
    let mut files = Files::default();
    for path in paths {
        let below: Vec<_> = path.strip_prefix(root)?.iter().collect();
        let below: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
        let text = fs::read_to_string(&path)?;
        files.add(format!("library/{}", below.join("/")), text);
    }
    Ok(files)
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

fn shown(files: &Files, problem: &Diagnostic) -> String {
    let mut shown = format!("error: {}\n", problem.message);
    if let Some(span) = problem.span {
        let start = files.position(span);
        let line = files.line(span.file, start.line);
        let before = " ".repeat((start.column as usize).saturating_sub(1));
        let width = files.excerpt(span).lines().next().unwrap_or("");
        let carets = "^".repeat(width.chars().count().max(1));
        let path = files.path(span.file);
        let _ = write!(
            shown,
            "  --> {path}:{start}\n   | {line}\n   | {before}{carets}\n"
        );
    }
    if let Some(path) = &problem.path {
        let _ = writeln!(shown, "  --> {path}");
    }
    for (span, what) in &problem.related {
        let (path, place) = (files.path(span.file), files.position(*span));
        let _ = writeln!(shown, "  {what}: {path}:{place}");
    }
    let notes = [("note", &problem.note), ("help", &problem.help)];
    for (word, text) in notes {
        if let Some(text) = text {
            let _ = writeln!(shown, "  {word}: {text}");
        }
    }
    shown.push('\n');
    shown
}
