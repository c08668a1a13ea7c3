//! The serverless transform through the crate's own entry: what a template stands
//! for, and which line causes it. `ids` gives every resource, `has` single ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod apis;
mod documents;
mod events;
mod functions;
#[path = "../resolving/print.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod print;
mod wiring;
mod wrong_types;

use std::collections::BTreeMap;

use underbelly_iac::{Input, Options, Resolution, resolve};
use underbelly_model::{Connector, PolicyTemplate, SamKnowledge, TemplateStatement};
use underbelly_source::{Files, Limits};

fn statement(action: &str, resource: &str) -> TemplateStatement {
    TemplateStatement {
        actions: vec![action.into()],
        resources: vec![resource.into()],
        conditions: Vec::new(),
    }
}

/// A little knowledge of our own, so that the data can change.
fn knowledge() -> SamKnowledge {
    let mut sam = SamKnowledge::default();
    let table =
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}";
    sam.policy_templates.insert(
        "DynamoDBReadPolicy".into(),
        PolicyTemplate {
            parameters: vec!["TableName".into()],
            statements: vec![statement("dynamodb:GetItem", table)],
        },
    );
    sam.policy_templates.insert(
        "CloudWatchPutMetricPolicy".into(),
        PolicyTemplate {
            parameters: Vec::new(),
            statements: vec![statement("cloudwatch:PutMetricData", "*")],
        },
    );
    let managed = ("AWSLambdaBasicExecutionRole", "service-role/");
    sam.managed_policies
        .insert(managed.0.into(), managed.1.into());
    let mut to_queue = Connector {
        on_destination: true,
        principal: Some("sns.amazonaws.com".into()),
        ..Connector::default()
    };
    let mut send = statement("sqs:SendMessage", "${Destination.Arn}");
    let source = vec!["${Source.Arn}".to_owned()];
    send.conditions
        .push(("ArnEquals".into(), "aws:SourceArn".into(), source));
    to_queue.write.push(send);
    let to_table = Connector {
        read: vec![statement("dynamodb:GetItem", "${Destination.Arn}")],
        write: vec![statement("dynamodb:PutItem", "${Destination.Arn}/index/*")],
        ..Connector::default()
    };
    let to_function = Connector {
        write: vec![statement("lambda:InvokeFunction", "${Destination.Arn}")],
        on_destination: true,
        principal: Some("sns.amazonaws.com".into()),
        ..Connector::default()
    };
    let joins = [
        ("AWS::SNS::Topic", "AWS::SQS::Queue", to_queue),
        ("AWS::SNS::Topic", "AWS::Lambda::Function", to_function),
        ("AWS::Lambda::Function", "AWS::DynamoDB::Table", to_table),
    ];
    for (source, destination, connector) in joins {
        let of_source = sam.connectors.entry(source.into()).or_default();
        of_source.insert(destination.into(), connector);
    }
    sam
}

fn resolved(files: &[(&str, &str)]) -> (Files, Resolution) {
    let mut all = Files::default();
    let mut first = None;
    for (path, text) in files {
        let file = all.add(*path, *text);
        first = first.or(Some(Input { file }));
    }
    let options = Options {
        parameters: BTreeMap::new(),
        missing: BTreeMap::new(),
        sam: &knowledge(),
        is_secret: Default::default(),
        limits: Limits::default(),
    };
    let inputs: Vec<Input> = first.into_iter().collect();
    let resolution = resolve(&all, &inputs, &options);
    (all, resolution)
}

/// A template of these resources, after whatever stands before `Resources`.
fn template(before: &str, resources: &str) -> String {
    let indented: String = resources
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    format!("Transform: AWS::Serverless-2016-10-31\n{before}Resources:\n{indented}")
}

fn printed(text: &str) -> String {
    let (files, resolution) = resolved(&[("t/a.yaml", text)]);
    print::resolution(&files, &resolution)
}

/// Every resource with its line and kind, and every problem.
fn ids(text: &str) -> Vec<String> {
    let (files, resolution) = resolved(&[("t/a.yaml", text)]);
    let mut found: Vec<String> = resolution
        .graph
        .iter()
        .map(|(_, resource)| {
            let line = files.position(resource.head).line;
            format!("{line} {} {}", resource.logical_id, resource.kind)
        })
        .collect();
    found.extend(resolution.diagnostics.iter().map(|problem| {
        let line = problem.span.map_or(0, |span| files.position(span).line);
        format!("{line} {}: {}", problem.code, problem.message)
    }));
    found
}

fn check_ids(text: &str, expected: &str) {
    let found = ids(text).join("\n");
    let lines = expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let expected = lines.collect::<Vec<_>>().join("\n");
    assert!(
        found == expected,
        "got:\n{found}\n\nexpected:\n{expected}\n"
    );
}

/// Each expected line is one of those printed.
fn check(text: &str, expected: &str) {
    has(&printed(text), expected);
}

fn has(printed: &str, expected: &str) {
    for line in expected
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        assert!(
            printed.lines().any(|found| found.trim() == line),
            "no line\n{line}\nin\n{printed}\n"
        );
    }
}
