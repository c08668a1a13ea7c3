//! The HTML report in a real browser, where there is one; else it is said aloud
//! that nothing was looked at.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::root;
use crate::run::{Tally, command, succeeds};

/// Where browsers of this kind are installed; `CHROMIUM` names another.
const BROWSERS: &[&str] = &[
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
];

pub(crate) fn browser() -> Tally {
    let browser = match wanted() {
        Ok(browser) => browser,
        Err(missing) => {
            println!("   SKIPPED: {missing}; the HTML report is not looked at in a browser");
            println!(
                "   (`apt-get install chromium nodejs npm` and `npm ci` in tests/browser make this step run)"
            );
            return Tally::default();
        }
    };
    if !succeeds(&[
        "build",
        "--release",
        "--quiet",
        "--package",
        "underbelly-cli",
    ]) {
        return Tally::one(false);
    }
    let child = command("node", &["--test", "--test-reporter=tap", "tests/browser/"])
        .env("CHROMIUM", browser)
        .stdout(Stdio::piped())
        .spawn();
    match child {
        Ok(mut child) => {
            let mut tally = Tally::default();
            if let Some(out) = child.stdout.take() {
                tally = told(BufReader::new(out));
            }
            let good = child.wait().is_ok_and(|status| status.success());
            if !good && tally.failed == 0 {
                tally.failed = 1;
            }
            tally
        }
        Err(error) => {
            eprintln!("{error}");
            Tally::one(false)
        }
    }
}

/// The browser, if everything the tests need is there; else what is missing.
fn wanted() -> Result<PathBuf, &'static str> {
    let given = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let mut known = given
        .into_iter()
        .chain(BROWSERS.iter().map(|path| PathBuf::from(*path)));
    let browser = known
        .find(|path| path.exists())
        .ok_or("Chromium is absent")?;
    let node = Command::new("node")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !node.is_ok_and(|status| status.success()) {
        return Err("Node.js is absent");
    }
    if !Path::new(&root().join("tests/browser/node_modules/playwright-core")).exists() {
        return Err("the modules of tests/browser are absent");
    }
    Ok(browser)
}

/// Counts the tests of a TAP report; what failed is shown with why.
fn told(report: impl BufRead) -> Tally {
    let mut tally = Tally::default();
    let mut failing = false;
    for line in report.split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        let words = line.trim_start();
        // Suites are counted by what is in them.
        let nested = line.starts_with(' ');
        if words.starts_with("ok ") && nested {
            tally.passed += 1;
        }
        if words.starts_with("not ok ") && nested {
            tally.failed += 1;
            failing = true;
        }
        if failing {
            println!("{line}");
            failing = words != "...";
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_and_suites_are_not() {
        let report = "TAP version 13\n# Subtest: a\n    ok 1 - one\n      ---\n      ...\n    \
                      not ok 2 - two\n      ---\n      error: no\n      ...\n    1..2\nnot ok 1 - a\n";
        let tally = told(report.as_bytes());
        assert_eq!(
            tally,
            Tally {
                passed: 1,
                failed: 1
            }
        );
    }
}
