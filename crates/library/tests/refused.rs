//! Entries that are wrong and what is said of them: the table `refused.txt`.

mod common;

use std::fmt::Write;

use common::render;
use common::small::{GROUND, MEASURE, THREAT, small};
use underbelly_source::Severity;

/// One row: what is changed in which file, and what is said.
struct Case {
    name: String,
    file: String,
    /// Lines, and what stands in their place.
    changes: Vec<(String, String)>,
    expected: String,
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/refused.txt");
    let table = std::fs::read_to_string(path).unwrap();
    let (head, rows) = table.split_once("\n## ").unwrap();
    let cases: Vec<Case> = rows.split("\n## ").map(case).collect();
    if std::env::var_os("UNDERBELLY_WRITE").is_some() {
        let mut table = format!("{head}\n");
        for case in &cases {
            let _ = write!(table, "\n{}", written(case));
        }
        std::fs::write(path, table).unwrap();
        return;
    }
    for case in cases {
        assert_eq!(said(&case), case.expected, "{}", case.name);
    }
}

#[test]
fn nothing_is_said_of_what_is_right() {
    let (files, (_, problems)) = small(&[]);
    let errors = problems
        .into_iter()
        .filter(|p| p.severity == Severity::Error);
    assert_eq!(render(&files, &errors.collect::<Vec<_>>()), "");
}

fn case(row: &str) -> Case {
    let (before, expected) = row.split_once("\n=\n").unwrap_or((row, ""));
    let mut lines = before.lines();
    let name = lines.next().unwrap_or("").to_owned();
    let file = lines.next().unwrap_or("").to_owned();
    Case {
        name,
        file,
        changes: changes(lines),
        expected: expected.trim_end().to_owned(),
    }
}

/// Lines marked `-` with the lines marked `+` that follow.
fn changes<'r>(lines: impl Iterator<Item = &'r str>) -> Vec<(String, String)> {
    let mut changes: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for line in lines {
        let fresh = changes.last().is_none_or(|(_, new)| !new.is_empty());
        if line.starts_with("- ") && fresh {
            changes.push((Vec::new(), Vec::new()));
        }
        let Some((old, new)) = changes.last_mut() else {
            continue;
        };
        old.extend(line.strip_prefix("- "));
        new.extend(line.strip_prefix("+ "));
    }
    let changes = changes.into_iter();
    changes
        .map(|(old, new)| (old.join("\n"), new.join("\n")))
        .collect()
}

fn said(case: &Case) -> String {
    let (path, text) = match &*case.file {
        "threat" => ("threats/url-open.yaml", THREAT),
        "countermeasure" => ("countermeasures/url-iam.yaml", MEASURE),
        _ => GROUND[2],
    };
    let mut changed = text.to_owned();
    for (old, new) in &case.changes {
        assert!(changed.contains(old), "{old} is not in {path}");
        changed = changed.replacen(old, new, 1);
    }
    let (files, (_, mut problems)) = small(&[(path, &changed)]);
    problems.retain(|problem| problem.severity == Severity::Error);
    render(&files, &problems).trim_end().to_owned()
}

fn written(case: &Case) -> String {
    let mut row = format!("## {}\n{}\n", case.name, case.file);
    for (old, new) in &case.changes {
        for (mark, text) in [("-", old), ("+", new)] {
            for line in text.lines() {
                let _ = writeln!(row, "{mark} {line}");
            }
        }
    }
    let _ = writeln!(row, "=\n{}", said(case));
    row
}
