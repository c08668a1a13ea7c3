//! The HTML page of whole projects: what is read off it, beside the JSON.

use crate::door::{AS_OF, Folder, model, run};
use crate::facts::{items, s};

fn page(paths: &[&str]) -> String {
    let mut arguments = vec!["model", "--format", "html", "--as-of", AS_OF];
    arguments.extend(paths);
    run(&arguments).ended(0).out
}

#[test]
fn every_threat_of_the_example_is_on_its_page() {
    let html = page(&["examples/orders"]);
    let model = model(&["examples/orders"]);
    let threats = items(&model, "threats");
    assert!(threats.len() > 50);
    for threat in threats {
        let id = s(threat, "id");
        // What is told alike stands together, each by its component.
        let (entry, component) = id.split_once('@').unwrap();
        let row = format!("<tr data-e=\"{entry}\"");
        let mut lists = html.split(&row).skip(1);
        let listed = lists.any(|list| {
            let list = list.split("</tr>").next().unwrap();
            list.contains(&format!(">{component}<")) || list.contains(&format!(">{component} <"))
        });
        assert!(listed || html.contains(&format!(" id=\"{id}\"")), "{id}");
    }
    for said in [
        "<h1>Threat model of orders</h1>",
        "8 functions and 1 workflow behind 1 function URL",
        "Everything was understood.",
        "Judged as of 2026-11-23.",
        "AuthType: <mark>NONE</mark>",
        "Does Orders hold or handle personal",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn worst_threats_come_first_as_on_the_terminal() {
    let html = page(&["examples/orders"]);
    let screen = run(&["model", "examples/orders", "--as-of", AS_OF]).ended(0);
    let lines = screen
        .out
        .lines()
        .skip_while(|line| !line.contains("exposed threats, worst first"));
    let names = lines.skip(1).take_while(|line| line.starts_with(' '));
    let names: Vec<&str> = names
        .filter(|line| line.chars().nth(2).is_some_and(|c| c.is_ascii_digit()))
        .map(|line| line.get(14..).unwrap_or("").trim())
        .collect();
    assert!(names.len() > 5, "{}", screen.out);
    let table = html.split_once("<table id=\"threat-rows\"").unwrap().1;
    let mut rest = table;
    for name in names {
        let found = rest.split_once(&format!(">{name}</a>"));
        rest = found.unwrap_or_else(|| panic!("{name} is not next")).1;
    }
}

#[test]
fn secrets_are_on_no_page() {
    let folder = Folder::of(&[(
        "template.yaml",
        "Transform: AWS::Serverless-2016-10-31\n\
         Resources:\n  Pay:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
         Handler: app.handler\n      Runtime: python3.13\n      Environment:\n        \
         Variables: { API_SECRET: hunter2-and-more }\n      FunctionUrlConfig: { AuthType: NONE }\n",
    )]);
    let html = folder
        .run(&["model", ".", "--format", "html", "--as-of", AS_OF])
        .ended(0)
        .out;
    assert!(html.contains("Secret in plain text"));
    assert!(!html.contains("hunter2"));
    assert!(html.contains("****"));
}

#[test]
fn several_systems_are_told_apart() {
    let one = "Resources:\n  Jobs: { Type: AWS::SQS::Queue }\n  Open: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs12.x } }\n";
    let folder = Folder::of(&[("a/template.yaml", one), ("b/template.yaml", one)]);
    let html = folder
        .run(&["model", ".", "--format", "html", "--as-of", AS_OF])
        .ended(0)
        .out;
    assert!(html.contains("<h1>Threat model of 2 systems</h1>"));
    for system in ["a", "b"] {
        assert!(html.contains(&format!("<dt>{system}</dt>")));
        assert!(html.contains(&format!("<small class=\"system\">{system}</small>")));
    }
}
