//! `docs/noise.md`: what the library says of real systems, which are not part of
//! the project. Where they are absent that is said, and the page stays as it is.

use std::fs;
use std::process::Stdio;

use crate::root;
use crate::run::{cargo, command};

const ARGUMENTS: &[&str] = &[
    "run",
    "--release",
    "--quiet",
    "--package",
    "underbelly-cli",
    "--example",
    "noise",
];

/// Measures, and writes the page.
pub(crate) fn noise() -> bool {
    let output = command(cargo(), ARGUMENTS)
        .stderr(Stdio::inherit())
        .output();
    let page = match output {
        Ok(output) if output.status.success() => output.stdout,
        Ok(_) => {
            eprintln!("docs/noise.md stays as it is");
            return false;
        }
        Err(error) => {
            eprintln!("{error}");
            return false;
        }
    };
    let path = root().join("docs/noise.md");
    match fs::write(path, page) {
        Ok(()) => true,
        Err(error) => {
            eprintln!("docs/noise.md: {error}");
            false
        }
    }
}
