//! Pictures are read by other people's programs, whatever names a template has:
//! SVG by an XML parser, DOT by Graphviz, Mermaid by Mermaid.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};
use underbelly_analysis::{Analysis, Options, Sources, analyze};
use underbelly_diagram::{Diagram, Theme};
use underbelly_iac::Input;
use underbelly_source::Limits;

use crate::door::AS_OF;
use crate::layout::reference::{at_hand, run};

const NAMES: &[&str] = &[
    "plain",
    "it's \"quoted\" `name`",
    "<script>alert(1)</script>",
    "\"/><image/href='x'/onerror=alert(1)>",
    "]]>&lt;&amp;&#0;",
    "</title></svg><!-- --><?x?>",
    "\u{202e}evil\u{202c}\u{2066}x\u{2069}\u{200f}",
    "red\u{1b}[31m\u{7}\u{0}\u{7f}\u{9b}",
    "two\nlines\r\nand\ttabs",
    "a\"];b[label=\"<br/>#quot;",
    "end",
    "subgraph x",
    "%% comment",
    "--> |x| graph LR;",
    "back\\slash\\n\\",
    "{a|b|<c>d}",
    "click n0 href \"javascript:alert(1)\"",
    "字🦀é\u{301}",
    "\u{fffe}\u{ffff}\u{feff}",
    "",
    " ",
];

/// A system with each of the names in every place where one may stand.
fn hostile() -> Diagram {
    let mut resources = Map::new();
    for (index, name) in NAMES.iter().enumerate() {
        let queue = format!("{name}Queue{index}");
        let function = json!({
            "Type": "AWS::Serverless::Function",
            "Condition": name,
            "Properties": {
                "Handler": "a.b", "Runtime": "python3.13", "CodeUri": "x",
                "Environment": { "Variables": { "TABLE": { "Ref": format!("{name}Table{index}") } } },
                "Policies": [{ "Statement": [{
                    "Sid": name, "Effect": "Allow", "Action": "dynamodb:PutItem",
                    "Resource": [{ "Fn::GetAtt": [format!("{name}Table{index}"), "Arn"] },
                                 format!("arn:aws:dynamodb:eu-west-1:1:table/{name}")]
                }] }],
                "Events": {
                    *name: { "Type": "Api", "Properties": { "Path": format!("/{name}"), "Method": "get" } },
                    "Work": { "Type": "SQS", "Properties": { "Queue": { "Fn::GetAtt": [queue, "Arn"] } } }
                }
            }
        });
        resources.insert(format!("{name}Function{index}"), function);
        resources.insert(queue, json!({ "Type": "AWS::SQS::Queue" }));
        let table = json!({ "Type": "AWS::DynamoDB::Table", "Properties": { "TableName": name } });
        resources.insert(format!("{name}Table{index}"), table);
    }
    let conditions: Map<String, Value> = NAMES
        .iter()
        .map(|name| {
            let condition = json!({ "Fn::Equals": [{ "Ref": "Stage" }, name] });
            ((*name).to_owned(), condition)
        })
        .collect();
    let template = json!({
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": NAMES[2],
        "Parameters": { "Stage": { "Type": "String" } },
        "Conditions": conditions,
        "Resources": resources,
    });
    let library = underbelly_builtin::rules();
    let analysis = analysed(&template.to_string(), &library);
    underbelly_report::picture(&analysis.model, &library)
}

fn analysed(template: &str, library: &underbelly_library::Library) -> Analysis {
    let mut sources = Sources::default();
    let file = sources.files.add("shop/<b>/template.json", template);
    sources.inputs.push(Input { file });
    let options = Options {
        as_of: AS_OF.to_owned(),
        parameters: BTreeMap::new(),
        limits: Limits::default(),
    };
    analyze(
        sources,
        library,
        &options,
        &mut |_| Err("absent".to_owned()),
    )
}

#[test]
fn pictures_are_well_formed_whatever_the_names() {
    let diagram = hostile();
    assert!(diagram.n_boxes() > NAMES.len() && diagram.n_lines() > NAMES.len());
    for svg in [
        diagram.svg(Theme::Auto),
        diagram.svg(Theme::Dark),
        diagram.svg_element(),
    ] {
        let document = roxmltree::Document::parse(&svg).unwrap();
        let known = [
            "svg", "title", "desc", "style", "defs", "pattern", "g", "rect", "circle", "path",
            "text",
        ];
        for element in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(known.contains(&element.tag_name().name()), "{element:?}");
            assert!(element.attribute("style").is_none(), "{element:?}");
        }
    }
    assert!(
        diagram
            .png(Theme::Light, 0.5)
            .unwrap()
            .starts_with(b"\x89PNG")
    );
}

#[test]
fn graphviz_reads_what_is_written_for_it() {
    let diagram = hostile();
    let child = Command::new("dot")
        .arg("-Tjson0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("dot absent: what is written for Graphviz was not read");
        return;
    };
    let text = diagram.dot();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !said.contains("syntax"),
        "{said}"
    );
    let graph: Value = serde_json::from_slice(&output.stdout).unwrap();
    let boxes = graph["objects"].as_array().unwrap().iter();
    let boxes = boxes.filter(|object| object.get("nodes").is_none());
    assert_eq!(boxes.count(), diagram.n_boxes());
    assert_eq!(graph["edges"].as_array().unwrap().len(), diagram.n_lines());
}

#[test]
fn mermaid_reads_what_is_written_for_it() {
    if !at_hand("mermaid") {
        return;
    }
    let texts = json!([hostile().mermaid(), "flowchart LR\n  a[\"x\"]]"]);
    let answers = run("mermaid.mjs", &texts);
    assert_eq!(answers[0], Value::Null);
    assert_ne!(answers[1], Value::Null, "a wrong text was taken for right");
}
