//! What holds for every project: order, names and paths change nothing, and
//! knowing more never overturns what is known.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use underbelly_source::{Files, Limits};
use underbelly_syntax::{Kind, Node};

use crate::door::{AS_OF, Folder, root, run, run_in};
use crate::facts::{self, items, s};
use crate::golden::difference;

fn orders() -> String {
    std::fs::read_to_string(root().join("examples/orders/template.yaml")).unwrap()
}

/// The shop from a template, with its workflow.
fn shop(name: &str, template: &str) -> Folder {
    let folder = Folder::of(&[(name, template)]);
    let workflow = root().join("examples/orders/workflows/fulfilment.asl.json");
    folder.write(
        "workflows/fulfilment.asl.json",
        std::fs::read(workflow).unwrap(),
    );
    folder
}

/// The facts without places, in the order of their lines: what must not depend
/// on how a template is written.
fn essence(model: &Value) -> String {
    let text = facts::lines(model);
    let (text, _) = text.split_once("# diagnostics").unwrap();
    let mut head = "";
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with(' ') {
            lines.push(format!("{head}: {}", line.trim()));
        } else {
            head = line;
            lines.push(line.to_owned());
        }
    }
    lines.sort();
    without_digests(&lines.join("\n"))
}

/// A digest of a statement covers the names of what it refers to.
fn without_digests(text: &str) -> String {
    let mut pieces = text.split('~');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digest = piece.chars().take_while(char::is_ascii_hexdigit).count();
        plain += "~";
        plain += &piece[digest..];
    }
    plain
}

#[track_caller]
fn same(left: &str, right: &str) {
    let difference = difference(left, right);
    assert!(difference.is_empty(), "\n{difference}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for path in [
        "examples/orders",
        "tests/projects/mistakes",
        "tests/projects/joined",
    ] {
        for format in ["json", "summary"] {
            let arguments = ["model", path, "--format", format, "--as-of", AS_OF];
            assert_eq!(run(&arguments).ended(0).out, run(&arguments).ended(0).out);
        }
    }
}

#[test]
fn ids_do_not_depend_on_the_path_given() {
    let ids = |model: &Value| -> Vec<String> {
        let of = |key: &str| {
            items(model, key)
                .iter()
                .map(|item| s(item, "id").to_owned())
                .collect::<Vec<_>>()
        };
        [of("components"), of("flows"), of("threats")].concat()
    };
    let root = root();
    let inside = root.join("examples/orders");
    let absolute = inside.to_string_lossy().into_owned();
    let expected = ids(&run(&["model", "examples/orders", "--format", "json"])
        .ended(0)
        .json());
    assert!(expected.len() > 20);
    for (folder, path) in [
        (root.as_path(), "./examples/../examples/orders/"),
        (root.as_path(), &absolute),
        (root.as_path(), "examples/orders/template.yaml"),
        (inside.as_path(), "."),
        (inside.as_path(), "template.yaml"),
        (inside.as_path(), "../orders"),
    ] {
        let found = ids(&run_in(folder, &["model", path, "--format", "json"])
            .ended(0)
            .json());
        same(&expected.join("\n"), &found.join("\n"));
    }
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let tree = as_json(&orders());
    let expected = essence(&shop("template.json", &written(&tree, &mut |_| {})).model());
    let mut dice = 11_u64;
    for round in 0..4 {
        let text = written(&tree, &mut |keys| {
            match round {
                0 => keys.reverse(),
                _ => keys.sort_by_cached_key(|key| {
                    dice = dice
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(key.len() as u64);
                    dice >> 33
                }),
            };
        });
        same(&expected, &essence(&shop("template.json", &text).model()));
    }
}

#[test]
fn yaml_and_json_of_the_same_template_give_the_same() {
    let yaml = essence(&shop("template.yaml", &orders()).model());
    let json = written(&as_json(&orders()), &mut |_| {});
    same(&yaml, &essence(&shop("template.json", &json).model()));
}

#[test]
fn renaming_a_logical_id_only_renames() {
    let before = essence(&shop("template.yaml", &orders()).model());
    for (old, new) in [
        ("ResizePicture", "ShrinkPhoto"),
        ("PaymentWebhook", "Webhook"),
        ("ShopApi", "FrontDoor"),
        ("CustomerPool", "People"),
        ("Fulfilment", "Shipping"),
        ("ShopEvents", "Bus"),
        ("ListOrders", "Aaa"),
        ("Parcels", "Zzz"),
    ] {
        let after = shop("template.yaml", &orders().replace(old, new)).model();
        let expected = before.replace(old, new);
        let mut expected: Vec<&str> = expected.lines().collect();
        let after = essence(&after);
        let mut found: Vec<&str> = after.lines().collect();
        expected.sort();
        found.sort();
        same(&expected.join("\n"), &found.join("\n"));
    }
}

/// Threats by id: the state where it holds in all worlds, and the risk.
fn threats(folder: &Folder, more: &[&str]) -> BTreeMap<String, (String, u64)> {
    let mut arguments = vec!["model", ".", "--format", "json", "--as-of", AS_OF];
    arguments.extend(more);
    let model = folder.run(&arguments).ended(0).json();
    let threats = items(&model, "threats").iter().map(|threat| {
        let guarded = !s(threat, "guard").is_empty();
        let state = if guarded {
            "depends"
        } else {
            s(threat, "state")
        };
        let risk = threat["risk"]["value"].as_u64().unwrap_or_default();
        (s(threat, "id").to_owned(), (state.to_owned(), risk))
    });
    threats.collect()
}

#[test]
fn a_parameter_given_never_overturns_an_answer() {
    let text = "\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Auth: { Type: String }
  Key: { Type: String }
  Name: { Type: String }
  Days: { Type: Number }
Conditions:
  Keyed: !Not [!Equals [!Ref Key, '']]
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs22.x
      FunctionUrlConfig: { AuthType: !Ref Auth }
      Environment: { Variables: { NAME: !Ref Name } }
  Queue:
    Type: AWS::SQS::Queue
    Properties: { KmsMasterKeyId: !If [Keyed, !Ref Key, !Ref 'AWS::NoValue'] }
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: { RetentionInDays: !Ref Days }
";
    let folder = Folder::of(&[("template.yaml", text)]);
    let before = threats(&folder, &[]);
    for given in [
        "Auth=NONE",
        "Auth=AWS_IAM",
        "Key=",
        "Key=k",
        "Name=x",
        "Days=1",
        "Days=400",
    ] {
        let after = threats(&folder, &["--parameters", given]);
        for (id, (state, _)) in &before {
            let now = after.get(id).map_or("not-applicable", |(state, _)| state);
            let decided = matches!(state.as_str(), "exposed" | "mitigated");
            // A gap that is closed is told before anyone knows whether the situation is there.
            let moot = state == "mitigated" && now == "not-applicable";
            assert!(
                !decided || now == state || moot,
                "{given}: {id} was {state}, is {now}"
            );
        }
    }
}

#[test]
fn putting_right_what_is_wrong_never_raises_a_risk() {
    let before = threats(&shop("template.yaml", &orders()), &[]);
    for (wrong, right) in [
        ("AuthType: NONE", "AuthType: AWS_IAM"),
        ("BlockPublicPolicy: false", "BlockPublicPolicy: true"),
        (
            "RestrictPublicBuckets: false",
            "RestrictPublicBuckets: true",
        ),
        ("Action: dynamodb:*", "Action: dynamodb:Query"),
        ("Runtime: python3.9", "Runtime: python3.13"),
        ("MfaConfiguration: OPTIONAL", "MfaConfiguration: 'ON'"),
    ] {
        let text = orders();
        assert!(text.contains(wrong), "{wrong}");
        let after = threats(&shop("template.yaml", &text.replace(wrong, right)), &[]);
        for (id, (state, risk)) in &after {
            let was = before.get(id);
            let rose =
                state == "exposed" && was.is_some_and(|(old, was)| old == "exposed" && was < risk);
            assert!(
                !rose,
                "{right}: the risk of {id} rose from {was:?} to {risk}"
            );
        }
    }
}

/// A YAML template as JSON, short forms written long.
fn as_json(yaml: &str) -> Value {
    let mut files = Files::default();
    let file = files.add("template.yaml", yaml);
    let (documents, problems) = underbelly_syntax::read(&files, file, &Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    value(documents[0].root())
}

fn value(node: Node<'_>) -> Value {
    let plain = match node.kind() {
        Kind::Mapping => {
            let entries = node.entries();
            let pairs = entries.map(|entry| (entry.name().to_owned(), value(entry.value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        Kind::Sequence => Value::Array(node.items().map(value).collect()),
        _ if node.tag().is_some() || node.is_quoted() => json!(node.text()),
        _ => match (node.boolean(), node.integer(), node.text()) {
            (Some(truth), _, _) => json!(truth),
            (None, Some(number), _) => json!(number),
            (None, None, text) => json!(text),
        },
    };
    let Some(tag) = node.tag() else {
        return plain;
    };
    let name = tag.name.trim_start_matches('!');
    let argument = match (name, &plain) {
        ("GetAtt", Value::String(text)) => json!(text.splitn(2, '.').collect::<Vec<_>>()),
        _ => plain,
    };
    match name {
        "Ref" | "Condition" => json!({ name: argument }),
        _ => json!({ format!("Fn::{name}"): argument }),
    }
}

/// JSON text with the keys of every object in the order `arrange` gives.
fn written(value: &Value, arrange: &mut dyn FnMut(&mut Vec<&String>)) -> String {
    match value {
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            arrange(&mut keys);
            let pairs: Vec<String> = keys
                .into_iter()
                .map(|key| format!("{}: {}", json!(key), written(&object[key], arrange)))
                .collect();
            format!("{{{}}}", pairs.join(",\n"))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| written(item, arrange)).collect();
            format!("[{}]", items.join(",\n"))
        }
        plain => plain.to_string(),
    }
}
