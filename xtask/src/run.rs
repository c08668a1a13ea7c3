//! Commands run and what they said.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::root;

/// How many things were checked, and how many of them held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub passed: usize,
    pub failed: usize,
}

impl Tally {
    /// One thing that was checked as a whole.
    pub(crate) fn one(good: bool) -> Self {
        Tally {
            passed: usize::from(good),
            failed: usize::from(!good),
        }
    }

    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The cargo that runs us.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A command in the workspace, told as it would be typed.
pub(crate) fn command(program: impl Into<OsString>, arguments: &[&str]) -> Command {
    let program = program.into();
    let name = std::path::Path::new(&program)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    eprintln!("$ {} {}", name.unwrap_or_default(), arguments.join(" "));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null());
    command
}

/// Runs cargo and says whether it went well.
pub(crate) fn succeeds(arguments: &[&str]) -> bool {
    command(cargo(), arguments)
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs cargo and counts the results of test binaries, `N passed; N failed`,
/// and of the library, `N passed, N failed`. Passing tests are not echoed.
pub(crate) fn counted(arguments: &[&str]) -> Tally {
    let child = command(cargo(), arguments).stdout(Stdio::piped()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            eprintln!("{error}");
            return Tally::one(false);
        }
    };
    let mut tally = Tally::default();
    if let Some(out) = child.stdout.take() {
        // A line that is not UTF-8 is still only a line to show.
        for line in BufReader::new(out).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            tally.add(results(&line));
            if !is_noise(&line) {
                println!("{line}");
            }
        }
    }
    let good = child.wait().is_ok_and(|status| status.success());
    if !good && tally.failed == 0 {
        tally.failed = 1;
    }
    tally
}

/// The numbers before `passed` and `failed`.
fn results(line: &str) -> Tally {
    if !line.contains(" passed") || !line.contains(" failed") {
        return Tally::default();
    }
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || c == ';' || c == ',')
        .collect();
    let before = |word: &str| {
        let mut pairs = words.iter().zip(words.iter().skip(1));
        let found = pairs.find(|(_, next)| **next == word);
        found
            .and_then(|(number, _)| number.parse().ok())
            .unwrap_or(0)
    };
    Tally {
        passed: before("passed"),
        failed: before("failed"),
    }
}

fn is_noise(line: &str) -> bool {
    let test =
        line.starts_with("test ") && (line.ends_with("... ok") || line.ends_with("... ignored"));
    test || line.is_empty()
        || (line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test")))
        || (line.starts_with("test result: ok.") && line.contains(" 0 passed; 0 failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_tests_and_examples_are_counted() {
        for (line, passed, failed) in [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
                12,
                0,
            ),
            ("test result: FAILED. 3 passed; 2 failed; 0 ignored", 3, 2),
            (
                "33 entries, 90 examples: 89 passed, 1 failed, 2 known gaps",
                89,
                1,
            ),
            ("nothing passed here", 0, 0),
        ] {
            assert_eq!(results(line), Tally { passed, failed }, "{line}");
        }
    }
}
