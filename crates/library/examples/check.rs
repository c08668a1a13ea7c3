//! Checks a library's folder: `cargo run -p underbelly-library --example check -- library`.

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::Path;

use underbelly_source::Severity;

fn main() {
    let argument = std::env::args().nth(1);
    let root = argument.unwrap_or_else(|| "library".to_owned());
    let (files, (knowledge, problems)) = common::loaded(Path::new(&root));
    print!("{}", common::render(&files, &problems));
    let errors = problems.iter();
    let errors = errors.filter(|problem| problem.severity == Severity::Error);
    println!(
        "{} threats, {} countermeasures, {} errors",
        knowledge.library.threats.len(),
        knowledge.library.countermeasures.len(),
        errors.count(),
    );
}
