//! The same boxes and lines laid out by ELK: `cargo xtask oracle` writes what
//! came of it to `tests/layout.tsv`, names and numbers only.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::measures::{crossings, length};
use super::picture::{Picture, Rect};
use crate::door::root;

/// From the least trusted.
const ZONES: [&str; 6] = [
    "internet",
    "partner",
    "edge",
    "application",
    "data",
    "control",
];

/// How good the reference is at each of the pictures: crossings and length.
pub(super) fn measured(pictures: &[Picture]) -> Vec<(usize, f64)> {
    let graphs: Vec<Value> = pictures.iter().map(graph).collect();
    let answer = run("elk.mjs", &Value::from(graphs));
    let of = |graph: &Value| {
        let point = |p: &Value| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap());
        let line = |line: &Value| line.as_array().unwrap().iter().map(point).collect();
        let lines: Vec<Vec<(f64, f64)>> = graph["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(line)
            .collect();
        let lines = || lines.iter().map(Vec::as_slice);
        (crossings(lines()), length(lines()))
    };
    answer.as_array().unwrap().iter().map(of).collect()
}

fn graph(picture: &Picture) -> Value {
    let boxes = picture.boxes.iter().enumerate().map(|(index, boxed)| {
        let mut own = json!({"width": boxed.rect.width, "height": boxed.rect.height});
        // What is only called stands where it is called, in ours too.
        let calls = picture.lines.iter().any(|line| line.source == index);
        let outside = matches!(&*boxed.zone, "internet" | "partner");
        if calls || !outside {
            own["partition"] = json!(ZONES.iter().position(|zone| *zone == boxed.zone));
        }
        own
    });
    let lines = picture.lines.iter().map(|line| {
        let port = |end: Option<&(f64, f64)>| format!("{end:?}");
        let mut own = json!({
            "source": line.source,
            "start": port(line.points.first()),
            "destination": line.destination,
            "end": port(line.points.last()),
        });
        if let Some(label) = line.label {
            let at = if near(&label, line.points.last()) {
                "HEAD"
            } else {
                "TAIL"
            };
            own["label"] = json!({"width": label.width, "height": label.height, "at": at});
        }
        own
    });
    json!({"boxes": boxes.collect::<Vec<_>>(), "lines": lines.collect::<Vec<_>>()})
}

fn near(label: &Rect, end: Option<&(f64, f64)>) -> bool {
    end.is_some_and(|(x, y)| {
        (label.y + label.height - y).abs() < 8.0
            && label.x < *x
            && label.x + label.width + 80.0 > *x
    })
}

/// Runs a script of `tests/oracle`.
pub(crate) fn run(script: &str, input: &Value) -> Value {
    let mut child = Command::new("node")
        .arg(script)
        .current_dir(root().join("tests/oracle"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = input.to_string();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script} failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Whether other people's programs are at hand; says so aloud if not.
pub(crate) fn at_hand(what: &str) -> bool {
    let found = root().join("tests/oracle/node_modules").join(what).is_dir();
    if !found {
        println!("{what} absent: `npm ci` in tests/oracle brings it");
    }
    found
}
