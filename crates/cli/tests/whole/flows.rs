//! Flows of ten real templates, read off by hand. Each file of `tests/flows`
//! names its template and lists the flows a reviewer would draw; a flow that is
//! not found yet, or found and wrong, is marked with its reason and must stay so.

use std::collections::BTreeSet;

use crate::corpus_folder::corpus_folder;
use crate::door::{model, root};
use crate::facts::{items, s};

#[test]
fn flows_read_off_by_hand_are_found() {
    let Some(corpus) = corpus_folder() else {
        return;
    };
    let mut problems = Vec::new();
    let mut n_files = 0;
    for entry in std::fs::read_dir(root().join("tests/flows"))
        .unwrap()
        .flatten()
    {
        n_files += 1;
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let path = text
            .lines()
            .find_map(|line| line.strip_prefix("template: "))
            .unwrap();
        let found = found(corpus.join(path).to_str().unwrap());
        problems.extend(
            judged(&text, &found)
                .into_iter()
                .map(|problem| format!("{path}: {problem}")),
        );
    }
    assert_eq!(n_files, 10);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// `source -> destination kind`, components by what follows the stack's name.
fn found(path: &str) -> BTreeSet<String> {
    let model = model(&[path]);
    let short = |id: &str| id.split_once('/').map_or(id, |(_, rest)| rest).to_owned();
    let flows = items(&model, "flows").iter().map(|flow| {
        let (source, destination) = (short(s(flow, "source")), short(s(flow, "destination")));
        format!("{source} -> {destination} {}", s(flow, "kind"))
    });
    flows.collect()
}

/// Lines: `A -> B kind`; `missing: A -> B kind (why)` for what should be found;
/// `wrong: A -> B kind (why)` for what should not.
fn judged(text: &str, found: &BTreeSet<String>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut named = BTreeSet::new();
    for line in text.lines().filter(|line| line.contains(" -> ")) {
        let without_reason = line.split(" (").next().unwrap_or(line);
        let (mark, flow) = match without_reason.split_once(": ") {
            Some((mark, flow)) => (mark, flow),
            None => ("", without_reason),
        };
        named.insert(flow.to_owned());
        let is_there = found.contains(flow);
        match mark {
            "" | "wrong" if !is_there => problems.push(format!("not found: {line}")),
            "missing" if is_there => problems.push(format!("found now, unmark it: {line}")),
            "" | "wrong" | "missing" => {}
            _ => problems.push(format!("not understood: {line}")),
        }
    }
    let unexpected = found.difference(&named);
    problems.extend(unexpected.map(|flow| format!("not expected: {flow}")));
    problems
}

#[test]
fn marks_that_no_longer_hold_are_told() {
    let found = BTreeSet::from(["a -> b call".to_owned(), "c -> d access".to_owned()]);
    let text = "a -> b call\nmissing: c -> d access (one day)\ne -> f trigger\n";
    assert_eq!(
        judged(text, &found),
        [
            "found now, unmark it: missing: c -> d access (one day)",
            "not found: e -> f trigger"
        ]
    );
}
