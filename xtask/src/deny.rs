//! `cargo deny`, where it is installed; else it is said aloud that nothing was
//! checked, because building it takes longer than all tests.

use std::process::Stdio;

use crate::run::{Tally, cargo, command, succeeds};

pub(crate) fn deny() -> Tally {
    let installed = command(cargo(), &["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !installed {
        println!(
            "   SKIPPED: cargo-deny is not installed; licences, bans, sources and advisories are unchecked"
        );
        println!("   (`cargo install --locked cargo-deny` makes this step run)");
        return Tally::default();
    }
    // The database of advisories is the network's to give, so it cannot fail the tests.
    if !succeeds(&["deny", "--log-level", "error", "check", "advisories"]) {
        println!("   advisories: unchecked, or see above");
    }
    Tally::one(succeeds(&[
        "deny",
        "--log-level",
        "error",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}
