//! Every property of every serverless resource with a value of every wrong
//! type: nothing panics, and every resource still comes out.

use crate::door::{Folder, root};
use crate::facts::{items, s};

const VALUES: &[&str] = &[
    "null",
    "true",
    "-1",
    "1e400",
    "text",
    "''",
    "[]",
    "{}",
    "[[[]]]",
    "[null, {}, [1]]",
    "{ a: null }",
    "{ a: [ { b: 1 } ] }",
    "!Ref Nowhere",
    "!GetAtt Nowhere.X",
    "!Sub '${Nowhere}'",
    "!If [Nowhere, 1, 2]",
    "{ 'Fn::If': 3 }",
    "!Join [',', text]",
    "2026-11-23",
];

/// Lines of `tests/bad/serverless-properties.txt`: a type and the path of a property.
fn properties() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("tests/bad/serverless-properties.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(kind, path)| (kind.to_owned(), path.to_owned()))
        .collect()
}

#[test]
fn wrong_types_are_told_and_not_fatal() {
    let properties = properties();
    assert!(properties.len() > 150);
    for value in VALUES {
        let mut template = String::from("Transform: AWS::Serverless-2016-10-31\nResources:\n");
        for (index, (kind, path)) in properties.iter().enumerate() {
            template +=
                &format!("  R{index}:\n    Type: AWS::Serverless::{kind}\n    Properties:\n");
            template += &nested(path, value);
        }
        let folder = Folder::of(&[("template.yaml", &template)]);
        let model = folder.model();
        let declared: std::collections::BTreeSet<&str> = items(&model, "components")
            .iter()
            .map(|component| s(&component["resource"], "logical_id"))
            .collect();
        let spoken_of = |index: usize| {
            let from = template
                .lines()
                .position(|line| line == format!("  R{index}:"))
                .unwrap()
                + 1;
            items(&model, "diagnostics").iter().any(|d| {
                let line = d["place"]["line"].as_u64().unwrap_or_default() as usize;
                (from..from + 12).contains(&line)
            })
        };
        for (index, (kind, path)) in properties.iter().enumerate() {
            // It stands for nothing a reviewer would draw.
            if kind == "CapacityProvider" {
                continue;
            }
            let name = format!("R{index}");
            assert!(
                declared.contains(&*name) || spoken_of(index),
                "{kind} {path}: {value} is lost"
            );
        }
    }
}

/// `A.B.C` as nested maps, an index `[]` as a list of one.
fn nested(path: &str, value: &str) -> String {
    let mut text = String::new();
    let mut indent = 6;
    let keys: Vec<&str> = path.split('.').collect();
    for (index, key) in keys.iter().enumerate() {
        let (name, is_list) = match key.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (*key, false),
        };
        let last = index + 1 == keys.len();
        let (fixed, name) = name
            .split_once('=')
            .map_or((None, name), |(name, kind)| (Some(kind), name));
        text += &format!("{}{name}:", " ".repeat(indent));
        text += &match (last, is_list) {
            (true, false) => format!(" {value}\n"),
            (true, true) => format!(" [{value}]\n"),
            (false, false) => "\n".to_owned(),
            (false, true) => format!("\n{}-\n", " ".repeat(indent + 2)),
        };
        indent += if is_list { 4 } else { 2 };
        // `Event=Api` is an event of that type.
        if let Some(kind) = fixed {
            text += &format!("{}Type: {kind}\n", " ".repeat(indent));
        }
    }
    text
}
