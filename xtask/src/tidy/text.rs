//! What is looked for in the text of files.

use super::File;
use super::rules::Rules;

/// What no crate below the rim may name.
const IMPURE: &[&str] = &["fs", "env", "net", "process", "thread", "io"];
const IMPURE_TYPES: &[&str] = &["SystemTime", "Instant::now", "thread_rng", "Command::new"];
/// What is in `std::net` or `std::io` and touches nothing.
const HARMLESS: &[&str] = &[
    "std::net::Ipv4Addr",
    "std::net::Ipv6Addr",
    "std::net::IpAddr",
    // Writing to what the caller hands in.
    "std::io::Write",
    "std::io::{self, Write}",
    "std::io::{self, BufWriter, Write}",
    "std::io::{self, Cursor, Write}",
];

/// Lines of core crates that reach for files, clock, environment or network.
pub(super) fn impure(rules: &Rules, files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        let Some((folder, _)) = source(&file.path) else {
            continue;
        };
        if rules.impure.contains(&format!("underbelly-{folder}")) {
            continue;
        }
        for (number, line) in shipped(&file.text) {
            if let Some(found) = impurity(line) {
                problems.push(format!("{}:{number}: `{found}` below the rim", file.path));
            }
        }
    }
    problems
}

fn impurity(line: &str) -> Option<String> {
    let line = line.trim();
    if line.starts_with("//") || HARMLESS.iter().any(|harmless| line.contains(harmless)) {
        return None;
    }
    let types = IMPURE_TYPES.iter().find(|name| line.contains(**name));
    let grouped = line.strip_prefix("use std::{");
    let modules = IMPURE.iter().find(|name| {
        let in_group = grouped.is_some_and(|group| {
            let mut words = group.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            words.any(|word| word.split(':').next() == Some(**name))
        });
        let path = format!("std::{name}");
        let whole = line.match_indices(&path).any(|(at, _)| {
            let after = line
                .get(at + path.len()..)
                .and_then(|rest| rest.chars().next());
            after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
        });
        in_group || whole
    });
    let module = modules.map(|name| format!("std::{name}"));
    module.or_else(|| types.map(|name| (*name).to_owned()))
}

/// Modules whose name says nothing.
pub(super) fn vague_modules(files: &[File]) -> Vec<String> {
    const VAGUE: &[&str] = &[
        "util", "utils", "helper", "helpers", "manager", "common", "misc",
    ];
    let vague = files.iter().filter(|file| {
        let below = source(&file.path).map(|(_, below)| below);
        below.is_some_and(|below| below.split(['/', '.']).any(|part| VAGUE.contains(&part)))
    });
    vague
        .map(|file| format!("{}: a name that says what it is", file.path))
        .collect()
}

/// Strings that must not be there.
pub(super) fn words(rules: &Rules, files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path != "xtask/layers.toml") {
        for word in rules
            .words
            .iter()
            .filter(|word| !word.except.contains(&file.path))
        {
            let mut lines = file.text.lines().zip(1..);
            if let Some((_, number)) = lines.find(|(line, _)| line.contains(&word.text)) {
                problems.push(format!("{}:{number}: `{}`", file.path, word.text));
            }
        }
    }
    for word in &rules.words {
        for path in &word.except {
            let holds = |file: &File| file.path == *path && file.text.contains(&word.text);
            if !files.iter().any(holds) {
                problems.push(format!(
                    "xtask/layers.toml: `{path}` needs no exception for `{}`",
                    word.text
                ));
            }
        }
    }
    problems
}

/// Crates that should warn of public items without words and do not.
pub(super) fn undocumented(rules: &Rules, files: &[File]) -> Vec<String> {
    let lacking = rules.documented.iter().filter(|name| {
        let folder = name.trim_start_matches("underbelly-");
        let path = format!("crates/{folder}/src/lib.rs");
        let warns = |file: &File| file.path == path && file.text.contains("#![warn(missing_docs)]");
        !files.iter().any(warns)
    });
    lacking
        .map(|name| format!("`{name}` lacks `#![warn(missing_docs)]`"))
        .collect()
}

/// Files of which one asks what the second idea is.
pub(super) fn long(files: &[File]) -> Vec<String> {
    const LINES: usize = 600;
    let rust = files.iter().filter(|file| file.path.ends_with(".rs"));
    rust.filter_map(|file| {
        let n_lines = file.text.lines().count();
        (n_lines > LINES).then(|| format!("{} has {n_lines} lines", file.path))
    })
    .collect()
}

/// The crate's folder and the path below its `src`.
fn source(path: &str) -> Option<(&str, &str)> {
    let (folder, rest) = path.strip_prefix("crates/")?.split_once('/')?;
    let below = rest.strip_prefix("src/")?;
    below.ends_with(".rs").then_some((folder, below))
}

/// The lines before the tests at the end, numbered from 1.
fn shipped(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text
        .lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"));
    lines.enumerate().map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaching_outside_is_seen() {
        for (line, found) in [
            ("use std::fs;", Some("std::fs")),
            ("use std::{fmt, fs};", Some("std::fs")),
            ("let home = std::env::var(\"HOME\");", Some("std::env")),
            ("let now = SystemTime::now();", Some("SystemTime")),
            ("use std::net::Ipv4Addr;", None),
            ("// std::fs is for the rim", None),
            ("use std::fmt;", None),
            ("let offset = 1;", None),
            ("env!(\"CARGO_PKG_VERSION\")", None),
        ] {
            assert_eq!(impurity(line).as_deref(), found, "{line}");
        }
    }

    #[test]
    fn tests_at_the_end_may_read_files() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(shipped(text).count(), 1);
    }
}
