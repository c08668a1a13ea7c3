//! Files that are written by a program and committed: each is made anew and
//! compared (`cargo xtask test`) or written (`cargo xtask ready`).

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::root;
use crate::run::{Tally, cargo, command, succeeds};

mod blocks;
mod reference;

/// A program whose output is a file.
struct Generated {
    path: &'static str,
    arguments: &'static [&'static str],
}

const FILES: &[Generated] = &[
    Generated {
        path: "docs/orders.svg",
        arguments: &[
            "run",
            "--release",
            "--quiet",
            "--",
            "model",
            "examples/orders",
            "--as-of",
            "2026-11-23",
            "--format",
            "svg",
        ],
    },
    Generated {
        path: "docs/schema/library-1.json",
        arguments: &schema("underbelly-exchange", "library"),
    },
    Generated {
        path: "docs/schema/model-1.json",
        arguments: &schema("underbelly-exchange", ""),
    },
    Generated {
        path: "library/ids.txt",
        arguments: &[
            "run",
            "--release",
            "--quiet",
            "--package",
            "underbelly-library",
            "--features",
            "schema",
            "--example",
            "ids",
        ],
    },
    Generated {
        path: "library/schema/catalogue.json",
        arguments: &schema("underbelly-library", "catalogue"),
    },
    Generated {
        path: "library/schema/countermeasure.json",
        arguments: &schema("underbelly-library", "countermeasure"),
    },
    Generated {
        path: "library/schema/kind.json",
        arguments: &schema("underbelly-library", "kind"),
    },
    Generated {
        path: "library/schema/threat.json",
        arguments: &schema("underbelly-library", "threat"),
    },
];

/// What runs a crate's example `schema`; `name` says which one, where it has several.
const fn schema(package: &'static str, name: &'static str) -> [&'static str; 11] {
    [
        "run",
        "--release",
        "--quiet",
        "--package",
        package,
        "--features",
        "schema",
        "--example",
        "schema",
        "--",
        name,
    ]
}

/// Formats, and writes all generated files.
pub(crate) fn ready() -> bool {
    let mut good = succeeds(&["fmt", "--all"]);
    let files = all();
    for path in reference::stale(&files) {
        println!("removed {}", shown(&path));
        good &= fs::remove_file(&path).is_ok();
    }
    for (path, text) in files {
        let Ok(text) = text.inspect_err(|error| eprintln!("{error}")) else {
            good = false;
            continue;
        };
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        println!("wrote {}", shown(&path));
        let folder = path.parent().map(fs::create_dir_all).transpose();
        if let Err(error) = folder.and_then(|_| fs::write(&path, text)) {
            eprintln!("{}: {error}", shown(&path));
            good = false;
        }
    }
    good
}

/// Whether every generated file is what its program would write now.
pub(crate) fn unchanged() -> Tally {
    let mut tally = Tally::default();
    let files = all();
    for path in reference::stale(&files) {
        println!(
            "   {} is of no entry: run `cargo xtask ready`",
            shown(&path)
        );
        tally.add(Tally::one(false));
    }
    for (path, text) in files {
        let same = match text {
            Ok(text) => fs::read_to_string(&path).is_ok_and(|old| old == text),
            Err(error) => {
                println!("   {error}");
                false
            }
        };
        if !same {
            println!(
                "   {} is out of date: run `cargo xtask ready`",
                shown(&path)
            );
        }
        tally.add(Tally::one(same));
    }
    tally
}

type Text = Result<String, String>;

fn all() -> Vec<(PathBuf, Text)> {
    let files = FILES.iter().map(|generated| {
        let text = output(&mut command(cargo(), generated.arguments));
        (root().join(generated.path), text)
    });
    let pages = reference::pages();
    files.chain(pages).chain(blocks::documents()).collect()
}

fn output(command: &mut Command) -> Text {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{command:?} ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn shown(path: &std::path::Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.display().to_string()
}
