//! The JSON is what its published schema says. Only the words of JSON Schema
//! that the generated schema uses are understood; any other fails the test.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::door::{AS_OF, root, run};

const UNDERSTOOD: &[&str] = &[
    "$schema",
    "$defs",
    "$ref",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "format",
    "minimum",
    "maximum",
    "const",
    "enum",
];

const PROJECTS: [&str; 5] = [
    "examples/orders",
    "tests/projects/mistakes",
    "tests/projects/nested",
    "tests/projects/joined",
    "tests/projects/cdk",
];

fn model(path: &str) -> Value {
    run(&["model", path, "--format", "json", "--as-of", AS_OF])
        .ended(0)
        .json()
}

#[test]
fn every_model_fits_the_schema() {
    let text = std::fs::read_to_string(root().join("docs/schema/model-1.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    for path in PROJECTS {
        let model = model(path);
        let mut problems = Vec::new();
        fits(&schema, &schema, &model, path, &mut problems);
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}

#[test]
fn the_library_as_json_fits_its_schema() {
    let text = std::fs::read_to_string(root().join("docs/schema/library-1.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let part = run(&["library", "export", "--format", "json"])
        .ended(0)
        .json();
    let mut problems = Vec::new();
    fits(&schema, &schema, &part, "library", &mut problems);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn points_name_all_facts_of_their_threat_and_no_others() {
    for path in PROJECTS {
        for threat in model(path)["threats"].as_array().unwrap() {
            let facts = threat["evidence"].as_array().unwrap().len() as u64;
            let points = threat["points"].as_array().unwrap().iter();
            let named = points.flat_map(|point| point["evidence"].as_array().unwrap());
            let named: BTreeSet<u64> = named.map(|at| at.as_u64().unwrap()).collect();
            assert_eq!(named, (0..facts).collect(), "{path}: {}", threat["id"]);
        }
    }
}

fn fits(whole: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    let Some(rules) = schema.as_object() else {
        return;
    };
    for word in rules
        .keys()
        .filter(|word| !UNDERSTOOD.contains(&word.as_str()))
    {
        problems.push(format!(
            "the schema says `{word}`, which this test does not know"
        ));
    }
    if let Some(name) = rules.get("$ref").and_then(Value::as_str) {
        let name = name.trim_start_matches("#/$defs/");
        fits(whole, &whole["$defs"][name], value, at, problems);
    }
    if let Some(one_of) = rules.get("anyOf").and_then(Value::as_array) {
        let good = one_of.iter().any(|one| {
            let mut found = Vec::new();
            fits(whole, one, value, at, &mut found);
            found.is_empty()
        });
        if !good {
            problems.push(format!("{at}: none of the allowed shapes"));
        }
    }
    if let Some(kind) = rules.get("type")
        && !is_of(kind, value)
    {
        problems.push(format!("{at}: not {kind}"));
    }
    if let Some(allowed) = rules.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        problems.push(format!("{at}: not one of {allowed:?}"));
    }
    if let Some(object) = value.as_object() {
        let required = rules.get("required").and_then(Value::as_array);
        for key in required.into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(key) {
                problems.push(format!("{at}: lacks `{key}`"));
            }
        }
        for (key, inner) in object {
            match rules.get("properties").and_then(|all| all.get(key)) {
                Some(schema) => fits(whole, schema, inner, &format!("{at}.{key}"), problems),
                None if rules.get("additionalProperties") == Some(&Value::Bool(false)) => {
                    problems.push(format!("{at}: `{key}` is not in the schema"));
                }
                None => {}
            }
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), rules.get("items")) {
        for (index, item) in items.iter().enumerate() {
            fits(whole, schema, item, &format!("{at}[{index}]"), problems);
        }
    }
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| is_of(kind, value)),
        Value::String(kind) => match kind.as_str() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_u64() || value.is_i64(),
            "number" => value.is_number(),
            "null" => value.is_null(),
            _ => false,
        },
        _ => false,
    }
}
