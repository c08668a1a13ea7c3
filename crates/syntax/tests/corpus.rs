//! Every template of the corpus, where there is one, is read; nothing panics,
//! every place fits, and every decoded text is found again in its file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use underbelly_source::{Files, Limits, Severity};
use underbelly_syntax::read;

#[path = "../../../tests/corpus_folder.rs"]
mod corpus_folder;
use corpus_folder::corpus_folder;

#[test]
fn the_corpus_is_read() {
    let Some(corpus) = corpus_folder() else {
        return;
    };
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    let mut n_errors = 0;
    let paths = templates(corpus);
    for path in &paths {
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let mut files = Files::default();
        let file = files.add("input", text.as_str());
        let (documents, problems) = read(&files, file, &Limits::default());
        for problem in &problems {
            *tally.entry(problem.code).or_default() += 1;
        }
        let failed = problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        n_errors += usize::from(failed);
        for document in &documents {
            walk(document.root(), &files, path);
        }
    }
    println!(
        "{} files read, {n_errors} with errors, {tally:?}",
        paths.len()
    );
}

fn walk(root: underbelly_syntax::Node<'_>, files: &Files, path: &Path) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        open.extend(node.items());
        for entry in node.entries() {
            open.extend([entry.key, entry.value]);
        }
        let Some(text) = node.text().filter(|text| text.len() < 5_000) else {
            continue;
        };
        for (at, word) in words(text) {
            let found = files.excerpt(node.inner_span(at..at + word.len()));
            let same = found == word || found.contains(['\\', '\'']);
            assert!(same, "{path:?}: {word:?} found as {found:?}");
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = text.split_ascii_whitespace();
    words.map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn templates(root: PathBuf) -> Vec<PathBuf> {
    let mut folders = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            let extension = path.extension().and_then(|extension| extension.to_str());
            if kind.as_ref().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if matches!(extension, Some("yaml" | "yml" | "json" | "template")) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
