//! What templates come to: a template in, one line per resource out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bad_input;
mod conditions;
mod corpus;
mod intrinsics;
mod loops;
mod mangled;
mod parameters;
mod print;
mod several;

use std::collections::BTreeMap;

use underbelly_iac::{Input, Options, Resolution, resolve};
use underbelly_model::SamKnowledge;
use underbelly_source::{Files, Limits};

/// Files by path; the first one, and every one that begins with `+`, is an input.
fn resolved(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> (Files, Resolution) {
    let mut all = Files::default();
    let mut inputs = Vec::new();
    for (index, (path, text)) in files.iter().enumerate() {
        let file = all.add(path.trim_start_matches('+'), *text);
        if index == 0 || path.starts_with('+') {
            inputs.push(Input { file });
        }
    }
    let given = parameters
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let options = Options {
        parameters: given.collect(),
        missing: BTreeMap::new(),
        sam: &SamKnowledge::default(),
        is_secret: Default::default(),
        limits: Limits::default(),
    };
    let resolution = resolve(&all, &inputs, &options);
    (all, resolution)
}

fn check_all(files: &[(&str, &str)], parameters: &[(&str, &str)], expected: &str) {
    let (files, resolution) = resolved(files, parameters);
    let printed = print::resolution(&files, &resolution);
    let trimmed = |text: &str| {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join("\n")
    };
    let (printed, expected) = (trimmed(&printed), trimmed(expected));
    assert!(
        printed == expected,
        "got:\n{printed}\n\nexpected:\n{expected}\n"
    );
}

/// One template, given as its whole text.
fn check(template: &str, expected: &str) {
    check_all(&[("t/a.yaml", template)], &[], expected);
}

/// One property `X` of a resource `R` beside a queue `Q`, given as YAML.
fn check_value(value: &str, expected: &str) {
    let template = format!(
        "Parameters:\n  Stage: {{Type: String, Default: dev}}\n  Name: {{Type: String}}\n  \
         Size: {{Type: String, AllowedValues: [small, large], Default: small}}\n  \
         Zones: {{Type: CommaDelimitedList, Default: 'a,b'}}\n  Nets: {{Type: 'List<AWS::EC2::Subnet::Id>'}}\n\
         Mappings:\n  M: {{dev: {{n: 1, l: [x, y]}}, prod: {{n: 2, l: [z]}}, small: {{s: same}}, large: {{s: same}}}}\n\
         Conditions:\n  C: !Equals [!Ref Name, x]\n\
         Resources:\n  Q: {{Type: 'AWS::SQS::Queue'}}\n  R:\n    Type: T::T::T\n    Properties:\n      X: {value}\n"
    );
    check(
        &template,
        &format!("a: CloudFormation\nQ AWS::SQS::Queue {{}}\nR T::T::T {{X: {expected}}}"),
    );
}
