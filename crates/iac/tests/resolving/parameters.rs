use crate::{check_all, check_value};

#[test]
fn what_is_default_allowed_or_neither_is_told_apart() {
    check_value("!Ref Stage", "'dev'~");
    check_value("!Ref Name", "'${parameter Name}'");
    check_value(
        "!Ref Size",
        "<*Size is small: 'small' | Size is large: 'large'>",
    );
    check_value("!Sub 'a-${Size}'", "'a-small'~");
    check_value(
        "!Sub '${Size}'",
        "<*Size is small: 'small' | Size is large: 'large'>",
    );
    check_value("!Ref Zones", "['a', 'b']~");
    check_value("!Ref Nets", "?parameter Nets");
}

fn check(declaration: &str, given: &[(&str, &str)], expected: &str) {
    let template = format!(
        "Parameters:\n  P: {declaration}\nResources:\n  R:\n    Type: T::T::T\n    Properties: {{X: !Ref P}}\n"
    );
    let expected = format!("a: CloudFormation\nR T::T::T {{X: {expected}}}");
    check_all(&[("t/a.yaml", &template)], given, &expected);
}

#[test]
fn every_shape_of_parameter() {
    check("{Type: Number, Default: 5}", &[], "5~");
    check("{Type: Number, Default: '5'}", &[], "5~");
    check("{Type: Number}", &[], "?parameter P");
    check("{Type: String, Default: 5}", &[], "'5'~");
    check("{Type: String, AllowedValues: [only]}", &[], "'only'");
    check(
        "{Type: String, Default: secret, NoEcho: true}",
        &[],
        "'${parameter P}'",
    );
    check(
        "{Type: 'AWS::SSM::Parameter::Value<String>', Default: /x/y}",
        &[],
        "'${lookup ssm /x/y}'",
    );
    check("{Type: String, Default: a}", &[("P", "b")], "'b'");
    check(
        "{Type: String, AllowedValues: [a, b]}",
        &[("P", "b")],
        "'b'",
    );
    check("{Type: CommaDelimitedList}", &[("P", "x, y")], "['x', 'y']");
    check("{}", &[], "'${parameter P}'");
    check("", &[], "'${parameter P}'");
}

#[test]
fn values_that_are_to_be_masked_are_listed() {
    let template = "Parameters:\n  P: {Type: String, Default: hunter2, NoEcho: true}\nResources: {R: {Type: T::T::T}}\n";
    let (files, resolution) = crate::resolved(&[("a.yaml", template)], &[]);
    let secrets: Vec<_> = resolution
        .graph
        .secrets
        .iter()
        .map(|span| files.excerpt(*span))
        .collect();
    assert_eq!(secrets, ["hunter2"]);
}

#[test]
fn a_given_name_that_nothing_takes_is_told() {
    let template = "Parameters: {Stage: {Type: String}}\nResources: {R: {Type: T::T::T}}\n";
    check_all(
        &[("t/a.yaml", template)],
        &[("Stge", "x")],
        "a: CloudFormation\nR T::T::T {}\n# unknown-parameter: no template has a parameter `Stge`; did you mean `Stage`?",
    );
}

#[test]
fn a_given_value_that_is_not_allowed_is_told() {
    let template = "Parameters:\n  Stage: {Type: String, AllowedValues: [dev, prod]}\n  Key: {Type: String, NoEcho: true, AllowedValues: [a]}\n  Zones: {Type: CommaDelimitedList, AllowedValues: [x, y]}\nResources: {R: {Type: T::T::T, Properties: {A: !Ref Stage}}}\n";
    check_all(
        &[("t/a.yaml", template)],
        &[("Stage", "prd"), ("Key", "secret"), ("Zones", "x, y")],
        "a: CloudFormation\nR T::T::T {A: 'prd'}\n# value-not-allowed at 2: `Stage` cannot be `prd`; did you mean `prod`?",
    );
}
