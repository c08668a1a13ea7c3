//! Other people's programs, as references for our own results. They are no part
//! of what is shipped and nothing builds with them.

use std::path::Path;
use std::process::Command;

use crate::root;
use crate::run::{cargo, command};

/// Lays the pictures of the corpus out with ELK and writes `tests/layout.tsv`.
pub(crate) fn oracle() -> bool {
    let folder = root().join("tests/oracle");
    if !folder.join("node_modules").is_dir() && !install(&folder) {
        eprintln!("npm could not bring the packages of tests/oracle");
        return false;
    }
    let arguments = [
        "test",
        "--release",
        "--package",
        "underbelly-cli",
        "--test",
        "whole",
        "layout",
    ];
    command(cargo(), &arguments)
        .env("UNDERBELLY_ORACLE", "1")
        .status()
        .is_ok_and(|status| status.success())
}

fn install(folder: &Path) -> bool {
    Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .status()
        .is_ok_and(|status| status.success())
}
