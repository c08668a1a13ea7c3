//! Everything CI runs, in the order in which failures are cheap to find.
//!
//! One profile for all of it, release: what `cargo run --release` built is used
//! again, and the corpus runs in seconds.

use std::time::Instant;

use crate::run::{Tally, counted, succeeds};
use crate::{browser, deny, generated, tidy};

/// A thing that is checked.
struct Step {
    name: &'static str,
    run: fn() -> Tally,
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        run: || Tally::one(succeeds(&["fmt", "--all", "--check"])),
    },
    Step {
        name: "tidy: layers, purity, names, words, sizes",
        run: || match tidy::tidy() {
            Ok(checks) => Tally {
                passed: checks,
                failed: 0,
            },
            Err(problems) => Tally {
                passed: 0,
                failed: problems,
            },
        },
    },
    Step {
        name: "licences, bans and sources of dependencies",
        run: deny::deny,
    },
    Step {
        name: "lints, warnings denied",
        run: || {
            Tally::one(succeeds(&[
                "clippy",
                "--release",
                "--workspace",
                "--all-targets",
                "--quiet",
                "--",
                "-D",
                "warnings",
            ]))
        },
    },
    Step {
        name: "tests",
        run: || {
            counted(&[
                "test",
                "--release",
                "--workspace",
                "--quiet",
                "--no-fail-fast",
            ])
        },
    },
    Step {
        name: "examples of the library",
        run: || {
            counted(&[
                "run",
                "--release",
                "--quiet",
                "--package",
                "underbelly-cli",
                "--",
                "library",
                "test",
                "--library",
                "library",
            ])
        },
    },
    Step {
        name: "the HTML report in a browser",
        run: browser::browser,
    },
    Step {
        name: "generated files",
        run: generated::unchanged,
    },
];

/// Runs the steps until one fails, and sums up on the last line.
pub(crate) fn test() -> bool {
    let mut total = Tally::default();
    for step in STEPS {
        println!("== {}", step.name);
        let begun = Instant::now();
        let tally = (step.run)();
        total.add(tally);
        println!(
            "   {} passed, {} failed, {} s",
            tally.passed,
            tally.failed,
            begun.elapsed().as_secs()
        );
        if tally.failed > 0 {
            println!("stopped at `{}`", step.name);
            break;
        }
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    total.failed == 0
}

/// Measures what docs/performance.md states. Never part of the tests: a busy
/// machine must not fail them.
pub(crate) fn measure() -> bool {
    succeeds(&["bench", "--package", "underbelly-cli", "--bench", "speed"])
}
