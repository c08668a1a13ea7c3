//! The same small application in three notations gives the same model: ids
//! differ where a notation has none of its own, and nothing else.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::door::model;
use crate::facts::{items, s};
use crate::golden::difference;

#[test]
fn cloudformation_in_yaml_and_json_is_the_same() {
    same("cloudformation-yaml", "cloudformation-json");
}

#[test]
fn serverless_shorthand_is_what_it_stands_for() {
    same("sam", "cloudformation-yaml");
}

#[track_caller]
fn same(one: &str, other: &str) {
    let of = |name: &str| canonical(&model(&[&format!("tests/projects/twins/{name}")]));
    let (left, right) = (of(one), of(other));
    let difference = difference(&left, &right);
    assert!(difference.is_empty(), "- {one}, + {other}\n{difference}");
    assert!(left.contains("function"), "{left}");
}

/// Everything with components named by their logical ids, in the order of names.
fn canonical(model: &Value) -> String {
    let names: BTreeMap<&str, String> = items(model, "components")
        .iter()
        .map(|component| (s(component, "id"), name(component)))
        .collect();
    let named = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    // A key may hold the id of the other end, or the name of a policy that only
    // one of the notations gives.
    let key = |part: &Value| {
        let key = s(part, "key");
        let other = names
            .iter()
            .find(|(id, _)| id.split_once('/').is_some_and(|(_, id)| id == key));
        other
            .map(|(_, name)| name.clone())
            .unwrap_or_else(|| match key.rsplit_once('/') {
                Some((_, last)) if !key.contains(' ') => last.to_owned(),
                _ => key.to_owned(),
            })
    };
    let mut lines = Vec::new();
    for component in items(model, "components") {
        let about = format!(
            "{} {} in {}",
            name(component),
            s(component, "kind"),
            s(component, "zone")
        );
        for part in items(component, "parts") {
            lines.push(format!(
                "part {} of {about}: {}",
                s(part, "group"),
                key(part)
            ));
        }
        lines.push(format!("component {about}"));
    }
    for flow in items(model, "flows") {
        let (source, destination) = (named(s(flow, "source")), named(s(flow, "destination")));
        let (kind, label, strength) = (s(flow, "kind"), s(flow, "label"), s(flow, "strength"));
        lines.push(format!(
            "flow {source} -> {destination} {kind} {label} {strength}"
        ));
    }
    for threat in items(model, "threats") {
        let id = format!("{}@{}", s(threat, "entry"), named(s(threat, "component")));
        lines.push(format!(
            "threat {} {id} {}",
            s(threat, "state"),
            s(&threat["risk"], "band")
        ));
        for point in items(threat, "points") {
            lines.push(format!(
                "point {} {id} # {}",
                s(point, "status"),
                key(point)
            ));
        }
        for one in items(threat, "countermeasures") {
            lines.push(format!(
                "countermeasure {} {} of {id}",
                s(one, "status"),
                s(one, "entry")
            ));
        }
    }
    for question in items(model, "questions") {
        let (fact, subject) = s(question, "key").split_once(" @ ").unwrap_or_default();
        let whole = names.keys().find(|id| {
            id.rsplit_once(subject)
                .is_some_and(|(_, rest)| rest.is_empty())
        });
        lines.push(format!(
            "question {fact} @ {}",
            whole.map_or(subject, |id| &names[id])
        ));
    }
    lines.sort();
    lines.dedup();
    lines.join("\n")
}

/// The logical id of what a component stands for; the system's name differs by folder.
fn name(component: &Value) -> String {
    match s(&component["resource"], "logical_id") {
        "" if s(component, "kind") == "stack" => "the stack".to_owned(),
        "" => s(component, "id")
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        logical_id => logical_id.to_owned(),
    }
}
