//! Files of what is expected, compared whole.

use std::path::Path;

use crate::door::root;

/// Compares with `tests/expected/NAME`, or writes it where `UPDATE_EXPECTED` is set.
#[track_caller]
pub(crate) fn check(name: &str, found: &str) {
    check_file(&root().join("tests/expected").join(name), found);
}

/// Compares with a file, or writes it where `UPDATE_EXPECTED` is set.
#[track_caller]
pub(crate) fn check_file(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected != found {
        panic!(
            "{} differs (- expected, + found); UPDATE_EXPECTED=1 writes it anew\n{}",
            path.display(),
            difference(&expected, found)
        );
    }
}

/// The lines only one of two texts has, in order, each run with a line before it.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let mut shown = String::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        // The nearest place where both go on alike.
        let meets = (0..400).find_map(|distance: usize| {
            (0..=distance).find_map(|k| {
                let (a, b) = (i + k, j + distance - k);
                let same = a < old.len() && b < new.len() && old[a] == new[b];
                same.then_some((a, b))
            })
        });
        let (a, b) = meets.unwrap_or((old.len(), new.len()));
        old[i..a]
            .iter()
            .for_each(|line| shown += &format!("- {line}\n"));
        new[j..b]
            .iter()
            .for_each(|line| shown += &format!("+ {line}\n"));
        (i, j) = (a, b);
    }
    shown
}

#[test]
fn only_what_differs_is_shown() {
    assert_eq!(difference("a\nb\nc\n", "a\nx\nc\nd\n"), "- b\n+ x\n+ d\n");
}
