//! Small projects, each with the screen a person sees and the facts a program
//! reads. The facts of `examples/orders` were checked by hand against its template.

use crate::door::{AS_OF, model, run};
use crate::facts;
use crate::golden::check;

#[track_caller]
fn project(name: &str, path: &str) {
    let screen = run(&["model", path, "--as-of", AS_OF]).ended(0);
    assert_eq!(screen.err, "");
    check(&format!("{name}/summary.txt"), &screen.out);
    check(&format!("{name}/facts.txt"), &facts::lines(&model(&[path])));
}

#[test]
fn the_example_shop_comes_out_as_expected() {
    project("orders", "examples/orders");
}

#[test]
fn a_nested_application_comes_out_as_expected() {
    project("nested", "tests/projects/nested");
}

#[test]
fn joined_stacks_come_out_as_expected() {
    project("joined", "tests/projects/joined");
}

#[test]
fn synthesised_code_comes_out_as_expected() {
    project("cdk", "tests/projects/cdk");
}

#[test]
fn a_project_full_of_mistakes_comes_out_as_expected() {
    project("mistakes", "tests/projects/mistakes");
}

#[test]
fn no_line_of_a_summary_is_wider_than_asked() {
    for path in [
        "examples/orders",
        "tests/projects/mistakes",
        "tests/projects/cdk",
    ] {
        let screen = run(&["model", path, "--as-of", AS_OF]).ended(0);
        // Commands to copy stay in one piece.
        for line in screen
            .out
            .lines()
            .filter(|line| !line.contains(" underbelly "))
        {
            assert!(line.chars().count() <= 80, "{path}: {line}");
        }
    }
}
