//! Names of systems and stacks: made from the files' own names, unique within
//! one analysis, and the same wherever the analysis is started from.

use std::collections::HashMap;

use crate::paths;

/// File names that say nothing of what is in them.
const GENERIC: [&str; 8] = [
    "template",
    "main",
    "cloudformation",
    "sam",
    "index",
    "serverless",
    "stack",
    "cfn",
];

/// The names a template may have, shortest first: its stem or the folder's name,
/// then with more and more folders before it, at last the whole path.
pub(crate) fn candidates(path: &str) -> Vec<String> {
    let stem = paths::stem(path);
    let folders: Vec<&str> = paths::folder(path)
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let generic = GENERIC.iter().any(|name| stem.eq_ignore_ascii_case(name));
    let (mut name, mut left) = match folders.split_last() {
        Some((folder, rest)) if generic => ((*folder).to_owned(), rest),
        _ => (stem.to_owned(), folders.as_slice()),
    };
    let mut names = vec![name.clone()];
    while let Some((folder, rest)) = left.split_last() {
        name = format!("{folder}/{name}");
        names.push(name.clone());
        left = rest;
    }
    if generic && !folders.is_empty() {
        names.push(format!("{}/{stem}", folders.join("/")));
    }
    names.push(path.to_owned());
    names
}

/// Gives each its shortest name that no other one has.
pub(crate) fn unique(candidates: &[Vec<String>]) -> Vec<String> {
    let mut level = vec![0_usize; candidates.len()];
    let name = |index: usize, level: usize| {
        let names = candidates.get(index).map_or(&[][..], Vec::as_slice);
        names
            .get(level)
            .or(names.last())
            .cloned()
            .unwrap_or_default()
    };
    let longest = candidates.iter().map(Vec::len).max().unwrap_or(0);
    for _ in 0..longest {
        let mut holders: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, level) in level.iter().enumerate() {
            holders.entry(name(index, *level)).or_default().push(index);
        }
        let shared: Vec<usize> = holders
            .into_values()
            .filter(|held| held.len() > 1)
            .flatten()
            .collect();
        if shared.is_empty() {
            break;
        }
        for index in shared {
            if let Some(level) = level.get_mut(index) {
                *level += 1;
            }
        }
    }
    level
        .iter()
        .enumerate()
        .map(|(index, level)| name(index, *level))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], expected: &[&str]) {
        let candidates: Vec<_> = paths.iter().map(|path| candidates(path)).collect();
        assert_eq!(unique(&candidates), expected);
    }

    #[test]
    fn a_file_is_named_by_its_stem_or_its_folder() {
        check(
            &["shop/template.yaml", "pay/billing.yaml"],
            &["shop", "billing"],
        );
        check(&["template.yaml"], &["template"]);
    }

    #[test]
    fn names_that_clash_get_their_folders() {
        check(
            &["a/orders/template.yaml", "b/orders/template.yaml"],
            &["a/orders", "b/orders"],
        );
        check(
            &["a/template.yaml", "a/template.json"],
            &["a/template.yaml", "a/template.json"],
        );
    }
}
