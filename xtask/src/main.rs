//! Chores of the workspace.
//!
//! `cargo xtask test` runs everything CI runs; `cargo xtask ready` writes what
//! is generated; `cargo xtask tidy` checks layers and the like alone.

mod actions;
mod browser;
mod deny;
mod generated;
mod managed;
mod noise;
mod oracle;
mod packages;
mod run;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test     everything CI runs, stopping at the first failure
cargo xtask tidy     layers, purity, names, words and sizes
cargo xtask ready    format, and write the generated files anew
cargo xtask browser  the HTML report in a real browser
cargo xtask measure  the figures of docs/performance.md (some minutes)
cargo xtask noise    docs/noise.md: what the library says of real systems
cargo xtask actions  all actions of AWS anew (needs python3 and the network)
cargo xtask policies the policies AWS manages anew (likewise)
cargo xtask oracle   compare layouts with ELK's (wants node and npm)";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next();
    if arguments.next().is_some() {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    let good = match command.as_deref() {
        Some("test") => test::test(),
        Some("tidy") => tidy::tidy().is_ok(),
        Some("ready") => generated::ready(),
        Some("browser") => browser::browser().failed == 0,
        Some("measure") => test::measure(),
        Some("noise") => noise::noise(),
        Some("actions") => actions::write(),
        Some("policies") => managed::write(),
        Some("oracle") => oracle::oracle(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
