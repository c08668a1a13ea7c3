//! Every value of a large template replaced by one of another type: something is
//! always left, and nothing panics.

use crate::{printed, resolved};

const LARGE: &str = include_str!("large.yaml");

/// The lines of the template that hold `key: value` or `key:` with more below, each
/// with the number of lines it takes.
fn values(lines: &[&str]) -> Vec<(usize, usize)> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.contains(':') || line.trim_start().starts_with('#') {
            continue;
        }
        let below = lines[at + 1..]
            .iter()
            .take_while(|next| next.trim().is_empty() || indent(next) > indent(line));
        found.push((at, below.count()));
    }
    found
}

/// Replaces every value in turn; each kind is a test of its own, to run side by side.
fn check_replaced_by(wrong: &str, every: usize, from: usize) {
    let lines: Vec<&str> = LARGE.lines().collect();
    let resources_at = lines.iter().position(|line| *line == "Resources:").unwrap();
    let mut n_tried = 0;
    for (at, below) in values(&lines).into_iter().skip(from).step_by(every) {
        let key = lines[at].split_once(':').map_or("", |(key, _)| key);
        let replaced = format!("{key}: {wrong}");
        let mut changed = lines[..at].to_vec();
        changed.push(&replaced);
        changed.extend(&lines[at + 1 + below..]);
        let (_, resolution) = resolved(&[("t/a.yaml", &changed.join("\n"))]);
        let mut all = resolution.graph.iter();
        let is_left = all.any(|(_, resource)| &*resource.logical_id == "Other");
        assert!(is_left || at <= resources_at, "line {}: {replaced}", at + 1);
        n_tried += 1;
    }
    assert!(n_tried > 250 / every, "{n_tried}");
}

#[test]
fn nothing_in_place_of_any_value_loses_no_other_resource() {
    check_replaced_by("null", 1, 0);
}

#[test]
fn a_list_in_place_of_any_value_loses_no_other_resource() {
    check_replaced_by("[x, {y: [z]}]", 1, 0);
}

#[test]
fn a_map_in_place_of_any_value_loses_no_other_resource() {
    check_replaced_by("{a: {b: c}}", 1, 0);
}

#[test]
fn text_in_place_of_any_value_loses_no_other_resource() {
    // Text and numbers are told apart in few places: they share the lines.
    check_replaced_by("text", 2, 0);
}

#[test]
fn a_number_in_place_of_any_value_loses_no_other_resource() {
    check_replaced_by("-7", 2, 1);
}

#[test]
fn the_large_template_itself_is_understood() {
    let printed = printed(LARGE);
    let problems: Vec<&str> = printed
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    assert_eq!(problems, Vec::<&str>::new());
}

#[test]
fn a_wrong_type_is_said_where_it_stands() {
    let found = crate::ids(&crate::template(
        "",
        "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Events: [a]\n    Timeout: {b: 1}\n    Policies: [[x]]\n    FunctionUrlConfig: yes please\n    Environmnt: {}\n",
    ));
    let problems: Vec<&str> = found
        .iter()
        .map(String::as_str)
        .filter(|line| line.contains(": "))
        .collect();
    assert_eq!(
        problems,
        [
            "6 sam-wrong-type: `Events` is a list, not a map",
            "7 sam-wrong-type: `Timeout` is a map, not a single value",
            "9 sam-wrong-type: `FunctionUrlConfig` is text, not a map",
            "10 sam-unknown-property: `AWS::Serverless::Function` has no property `Environmnt`",
            "8 sam-wrong-type: an entry of `Policies` is neither text nor a map",
        ]
    );
}
