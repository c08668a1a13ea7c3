//! The pages of `docs/library`: many files, written by one program, and none
//! beside them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Text, output, root};
use crate::run::{cargo, command};

const ARGUMENTS: &[&str] = &[
    "run",
    "--release",
    "--quiet",
    "--package",
    "underbelly-report",
    "--example",
    "reference",
];

/// What a page's path follows.
const PAGE: &str = "%%% ";

fn folder() -> PathBuf {
    root().join("docs/library")
}

/// Every page with its text.
pub(super) fn pages() -> Vec<(PathBuf, Text)> {
    match output(&mut command(cargo(), ARGUMENTS)) {
        Ok(printed) => {
            let pages = parted(&printed).into_iter();
            pages
                .map(|(path, text)| (folder().join(path), Ok(text)))
                .collect()
        }
        Err(error) => vec![(folder().join("README.md"), Err(error))],
    }
}

fn parted(printed: &str) -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = Vec::new();
    for line in printed.split_inclusive('\n') {
        match (line.strip_prefix(PAGE), pages.last_mut()) {
            (Some(path), _) => pages.push((path.trim_end().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    pages
}

/// Pages of entries that are no longer there.
pub(super) fn stale(written: &[(PathBuf, Text)]) -> Vec<PathBuf> {
    let failed = |(path, text): &(PathBuf, Text)| text.is_err() && path.starts_with(folder());
    if written.iter().any(failed) {
        return Vec::new();
    }
    let written: BTreeSet<&Path> = written.iter().map(|(path, _)| &**path).collect();
    let mut found = Vec::new();
    let mut open = vec![folder()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if !written.contains(&*path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_parted() {
        let page = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let found = parted("%%% a.md\none\n\ntwo\n%%% b/c.md\nthree\n");
        assert_eq!(
            found,
            [page("a.md", "one\n\ntwo\n"), page("b/c.md", "three\n")]
        );
    }
}
