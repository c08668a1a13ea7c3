//! Small projects, each with the screen a person sees and the facts a program
//! reads. The facts of `examples/orders` were checked by hand against its template.

use crate::door::{AS_OF, model, run, run_at};
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
fn no_line_is_wider_than_asked() {
    for arguments in [
        &["model", "examples/orders"][..],
        &["model", "examples/orders", "--all", "--diagnostics"],
        &["model", "tests/projects/mistakes", "--all", "--diagnostics"],
        &["model", "tests/projects/cdk"],
        &["explain", "@PaymentWebhook", "examples/orders"],
        &["explain", "@ShopApi", "examples/orders"],
        &["explain", "nothing@ShopApi", "examples/orders"],
        &["library", "list", "queue"],
        &["library", "show", "function-url-open"],
        &["library", "show", "function-url-iam"],
        &["library", "facts", "queue"],
    ] {
        for columns in [40, 59, 60, 80] {
            let screen = run_at(columns, arguments);
            for line in (screen.out + &screen.err).lines() {
                // What is to be copied stays in one piece, and so does a word.
                let words = line.split_whitespace().count();
                if !line.contains("underbelly ") && words > 2 {
                    let wide = line.chars().count();
                    assert!(wide <= columns, "{arguments:?} at {columns}: {line}");
                }
            }
        }
    }
}
