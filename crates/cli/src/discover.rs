//! Which files count, and which are left out: stated, never silent.
//!
//! A folder is walked for files that may hold a template. `.gitignore` is
//! honoured, but for CDK output, which is ignored by habit and wanted here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder};
use underbelly_analysis::Sources;
use underbelly_iac::Input;
use underbelly_project::FILE_NAME;
use underbelly_source::{Diagnostic, FileId, Limits};

use crate::ignored::{Ignored, is_ignored};
use crate::roots::{Roots, reason, shown};
use crate::samconfig;

/// Folders that hold built or fetched copies, never the source.
const SKIPPED: &[&str] = &[
    "node_modules",
    ".aws-sam",
    ".serverless",
    ".git",
    ".terraform",
    ".venv",
    "venv",
    "__pycache__",
    "site-packages",
    "target",
];

/// What was found under the paths the user gave.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub sources: Sources,
    /// Files with a template's ending that were looked into.
    pub candidates: usize,
    /// Settings of the serverless tool.
    pub settings: Vec<PathBuf>,
}

/// Finds and reads what may hold a template. `step` is told how many files were
/// read so far, so that a slow walk can be shown.
pub(crate) fn discover(
    paths: &[PathBuf],
    roots: &Roots,
    limits: &Limits,
    mut step: impl FnMut(usize),
) -> Found {
    let mut found = Found::default();
    found.sources.files = roots.files();
    let mut unread: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut ignored = Ignored::default();
    for path in paths {
        if path.is_dir() {
            for file in walk(path, &mut found.sources.diagnostics, &mut ignored) {
                if found.candidates >= limits.files {
                    let message = format!("more than {} files; the rest is left out", limits.files);
                    let diagnostic = Diagnostic::error("too-many-files", message);
                    found
                        .sources
                        .diagnostics
                        .push(diagnostic.in_path(shown(path)));
                    break;
                }
                if samconfig::is_one(&file) {
                    found.settings.push(file.clone());
                }
                if is_project(&file) {
                    project(&file, roots, limits, &mut found);
                    continue;
                }
                match endings(&file) {
                    Ending::Template => {
                        read(&file, roots, limits, &mut found);
                    }
                    Ending::Unread(format) => unread.entry(format).or_default().push(shown(&file)),
                    Ending::Other => {}
                }
                step(found.candidates);
            }
        } else {
            let file = read(path, roots, limits, &mut found);
            found.sources.named.extend(file);
        }
        // What a team says lies beside a template that is named alone.
        let beside = path.with_file_name(FILE_NAME);
        if !path.is_dir() && beside.is_file() {
            project(&beside, roots, limits, &mut found);
        }
    }
    for (format, files) in unread {
        found.sources.diagnostics.push(not_read_yet(format, &files));
    }
    let inputs = found.sources.inputs.iter();
    let read: BTreeSet<&str> = inputs
        .map(|input| found.sources.files.shown(input.file))
        .collect();
    let told = ignored.diagnostics(|path| read.contains(path));
    found.sources.diagnostics.extend(told);
    found
}

/// Every file below a folder that may count, in the order of paths.
fn walk(folder: &Path, diagnostics: &mut Vec<Diagnostic>, ignored: &mut Ignored) -> Vec<PathBuf> {
    let honoured = !is_ignored(folder);
    let mut files = Vec::new();
    let mut met = BTreeSet::new();
    let mut folders = BTreeSet::new();
    let mut outputs = Vec::new();
    let left_out: Arc<Mutex<BTreeSet<PathBuf>>> = Arc::default();
    let noted = left_out.clone();
    let walk = WalkBuilder::new(folder)
        .standard_filters(false)
        .git_ignore(honoured)
        .parents(honoured)
        .require_git(false)
        .filter_entry(move |entry| {
            let name = entry.file_name().to_string_lossy();
            if is_asset(entry) {
                return false;
            }
            let skipped = entry.depth() > 0 && is_left_out(&name);
            if let (true, Ok(mut left_out)) = (skipped, noted.lock()) {
                left_out.insert(entry.path().to_path_buf());
            }
            !skipped
        })
        .sort_by_file_name(Ord::cmp)
        .build();
    for entry in walk {
        if let Ok(entry) = &entry
            && honoured
        {
            met.insert(entry.path().to_path_buf());
            if entry.file_type().is_some_and(|t| t.is_dir()) {
                folders.insert(entry.path().to_path_buf());
            }
        }
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                files.push(entry.into_path());
            }
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_symlink()) => {
                let may_hold = matches!(endings(entry.path()), Ending::Template);
                if may_hold || entry.path().is_dir() {
                    diagnostics.push(link(entry.path()));
                }
            }
            Ok(entry) => {
                let output = entry.path().join("cdk.out");
                if entry.file_type().is_some_and(|t| t.is_dir()) && output.is_dir() {
                    outputs.push(output);
                }
            }
            Err(error) => {
                diagnostics.push(not_looked_into(&error, folder));
            }
        }
    }
    ignored.look(&folders, &met);
    let left_out = left_out.lock().map(|found| found.clone());
    for folder in left_out.unwrap_or_default() {
        if !folder.ends_with(".git") {
            diagnostics.push(copies(&folder));
        }
    }
    for output in outputs {
        let inside = WalkBuilder::new(&output)
            .standard_filters(false)
            .filter_entry(|entry| !is_asset(entry))
            .sort_by_file_name(Ord::cmp)
            .build();
        for entry in inside.flatten() {
            if entry.file_type().is_some_and(|t| t.is_file()) {
                files.push(entry.into_path());
            }
        }
    }
    files.sort();
    files.dedup();
    files
}

/// Whether a file or folder is left out by its name.
pub(crate) fn is_left_out(name: &str) -> bool {
    SKIPPED.contains(&name)
}

/// Whether a file may hold a template by its name.
pub(crate) fn is_template(path: &Path) -> bool {
    matches!(endings(path), Ending::Template)
}

/// Whether it is a folder of packaged code within CDK output. What lies in there
/// are copies of sources and their packages: no part of what is deployed as a stack.
fn is_asset(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let beside_manifest = |path: &Path| path.with_file_name("manifest.json").is_file();
    entry.depth() > 0
        && name.starts_with("asset.")
        && entry.file_type().is_some_and(|t| t.is_dir())
        && beside_manifest(entry.path())
}

enum Ending {
    Template,
    Unread(&'static str),
    Other,
}

fn endings(path: &Path) -> Ending {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = name.rsplit('.').next().unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "yaml" | "yml" | "json" | "template" => Ending::Template,
        "tf" => Ending::Unread("Terraform"),
        "bicep" => Ending::Unread("Bicep"),
        _ => Ending::Other,
    }
}

/// Reads one file; nothing where that is not possible, and then it is said why.
fn read(path: &Path, roots: &Roots, limits: &Limits, found: &mut Found) -> Option<FileId> {
    found.candidates += 1;
    let sources = &mut found.sources;
    match roots.read(path, limits) {
        Ok(text) if underbelly_exchange::is_document(&text) => {
            let message = format!(
                "`{}` was left out: it is a model written before",
                shown(path)
            );
            let diagnostic = Diagnostic::note_only("own-output", message);
            sources.diagnostics.push(diagnostic.in_path(shown(path)));
            None
        }
        Ok(text) => {
            let file = sources.files.add(roots.key(path)?, text);
            sources.inputs.push(Input { file });
            Some(file)
        }
        Err(reason) => {
            let message = format!("`{}` was left out: {reason}", shown(path));
            let diagnostic = Diagnostic::error("file-not-read", message);
            sources.diagnostics.push(diagnostic.in_path(shown(path)));
            None
        }
    }
}

/// Whether a file says what a team knows of its own system.
fn is_project(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == FILE_NAME)
}

fn project(path: &Path, roots: &Roots, limits: &Limits, found: &mut Found) {
    let sources = &mut found.sources;
    match roots.read(path, limits) {
        Ok(text) => {
            let Some(key) = roots.key(path) else { return };
            let file = sources.files.add(key, text);
            if !sources.projects.contains(&file) {
                sources.projects.push(file);
            }
        }
        Err(reason) => {
            let message = format!("`{}` was left out: {reason}", shown(path));
            let diagnostic = Diagnostic::error("file-not-read", message);
            sources.diagnostics.push(
                diagnostic
                    .in_path(shown(path))
                    .note("nothing that was decided or answered in it counts"),
            );
        }
    }
}

fn not_looked_into(error: &ignore::Error, under: &Path) -> Diagnostic {
    let path = shown(path_of(error).unwrap_or(under));
    let why = error.io_error().map(reason);
    let why = why.unwrap_or_else(|| error.to_string());
    let message = format!("`{path}` was left out: {why}");
    let diagnostic = Diagnostic::error("folder-not-read", message);
    diagnostic
        .in_path(path)
        .note("nothing below it is part of the model")
}

/// Where an error occurred, if it says so.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    use ignore::Error;
    match error {
        Error::WithPath { path, .. } => Some(path),
        Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

fn link(path: &Path) -> Diagnostic {
    let message = format!(
        "`{}` is a symbolic link, which is not followed",
        shown(path)
    );
    let diagnostic = Diagnostic::note_only("link-not-followed", message);
    diagnostic
        .in_path(shown(path))
        .help("name what it leads to, if that is to be read too")
}

fn copies(folder: &Path) -> Diagnostic {
    let message = format!(
        "`{}` was left out: it holds built or fetched copies",
        shown(folder)
    );
    let diagnostic = Diagnostic::note_only("folder-left-out", message);
    diagnostic
        .in_path(shown(folder))
        .help("name the folder itself to have it read")
}

fn not_read_yet(format: &str, files: &[String]) -> Diagnostic {
    let first = files.first().map_or("", |file| file);
    let message = match files.len() {
        1 => format!("`{first}` is {format}, which is not read yet"),
        n => format!("{n} {format} files are not read yet, `{first}` the first"),
    };
    let diagnostic = Diagnostic::warning("format-not-read", message);
    diagnostic
        .in_path(first)
        .note("nothing in them is part of the model")
}
