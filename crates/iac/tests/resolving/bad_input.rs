use crate::{check, check_all, resolved};

#[test]
fn empty_and_wrong_sections_cost_only_themselves() {
    check(
        "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\nConditions: []\nResources:\n",
        "a: CloudFormation
         # empty-section at 2: `Parameters` is empty
         # wrong-type at 3: `Conditions` wants a mapping, not a list
         # empty-section at 4: `Resources` is empty",
    );
}

#[test]
fn resources_of_no_type_are_still_there() {
    check(
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A:\n  B: text\n  C: {Type: T::T::T, Properties: [1]}\n  D: {Properties: {X: 1}}\n",
        "a: CloudFormation
         A untyped {}
         B untyped {}
         C T::T::T {}
         D untyped {X: 1}
         # wrong-type at 3: the resource `A` wants a mapping, not nothing
         # wrong-type at 4: the resource `B` wants a mapping, not a text
         # wrong-type at 5: `Properties` wants a mapping, not a list
         # no-type at 6: the resource `D` has no `Type`",
    );
}

#[test]
fn a_property_beside_properties_is_told() {
    check(
        "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Description: for jobs\n    DependsOn: R\n    RedrivePolicy: {maxReceiveCount: 3}\n    Properties: {QueueName: jobs}\n  R: {Type: T::T::T}\n",
        "a: CloudFormation
         Q AWS::SQS::Queue {QueueName: 'jobs'}
         R T::T::T {}
         # misplaced-property at 6: `RedrivePolicy` stands beside `Properties`, where it has no effect",
    );
}

#[test]
fn unknown_names_are_told_with_a_better_one() {
    check(
        "Resources:\n  Queue: {Type: 'AWS::SQS::Queue'}\n  R: {Type: T::T::T, Properties: {A: !Ref Queu, B: !GetAtt Qeue.Arn, C: !Sub '${Nothing}'}}\n",
        "a: CloudFormation
         Queue AWS::SQS::Queue {}
         R T::T::T {A: '${? Queu}', B: '${? Qeue}', C: '${? Nothing}'}
         # unknown-reference at 3: there is no parameter or resource `Queu`; did you mean `Queue`?
         # unknown-reference at 3: there is no parameter or resource `Qeue`; did you mean `Queue`?
         # unknown-reference at 3: there is no parameter or resource `Nothing`",
    );
}

#[test]
fn functions_given_nonsense_are_unknown() {
    check(
        "Resources:\n  R:\n    Type: T::T::T\n    Properties:\n      A: !Join [a]\n      B: !Select [9, [a]]\n      C: !Sub [1, 2, 3]\n      D: !If x\n      E: !Foo y\n      F: !GetAtt R\n      G: !FindInMap [M, a, b]\n      H: {'Fn::Bar': 1}\n",
        "a: CloudFormation
         R T::T::T {A: ?`Join`, B: ?`Select` beyond the list, C: '1', D: ?`If`, E: ?!Foo, F: ?`GetAtt`, G: ?no mapping has `M`, H: ?Fn::Bar}
         # wrong-arguments at 5: `Join` wants a separator and a list
         # out-of-range at 6: `Select` asks for item 9 of 1
         # wrong-arguments at 8: `If` wants a condition and two values
         # unknown-function at 9: `!Foo` is not a function we know
         # wrong-arguments at 10: `GetAtt` wants a resource and an attribute
         # unknown-mapping-key at 11: no mapping has `M` here
         # unknown-function at 12: `Fn::Bar` is not a function we know",
    );
}

#[test]
fn what_is_not_read_has_a_name_and_an_advice() {
    check_all(
        &[
            ("main.tf", "resource \"x\" \"y\" {}"),
            ("+b.tf", ""),
            ("+serverless.yml", "service: x\nprovider: {name: aws}\n"),
            ("+openapi.yaml", "openapi: 3.0.0\npaths: {}\n"),
            ("+package.json", "{\"name\": \"x\"}"),
            ("+broken.json", "{\"name\": "),
        ],
        &[],
        "# json-syntax at 1: the JSON cannot be read on: the text ends too early
         # not-read: `serverless.yml` is a Serverless Framework service, which is not read
         # not-read: `b.tf` and 1 more: Terraform, not read
         # not-read: `openapi.yaml` is an OpenAPI document that no template refers to, which is not read",
    );
}

#[test]
fn includes_that_circle_or_leave_are_told() {
    let include = |path: &str| {
        format!(
            "Resources:\n  R:\n    Type: T::T::T\n    Properties:\n      'Fn::Transform': {{Name: 'AWS::Include', Parameters: {{Location: '{path}'}}}}\n      X: 1\n"
        )
    };
    let circle = "'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: b.yaml}}\nY: 2\n";
    check_all(
        &[("a.yaml", &include("b.yaml")), ("b.yaml", circle)],
        &[],
        "a: CloudFormation\nR T::T::T {Y: 2, X: 1}\n# circular-include at 1: `b.yaml` includes itself",
    );
    check_all(
        &[("a.yaml", &include("/etc/passwd"))],
        &[],
        "a: CloudFormation\nR T::T::T {X: 1}\n# outside-roots at 5: `/etc/passwd` lies outside what was given to read",
    );
}

#[test]
fn the_deepest_nesting_that_is_read_is_resolved() {
    let shapes = [
        ("[", "]", 190),
        ("{\"Fn::Base64\":", "}", 190),
        ("{\"Fn::If\":[\"C\",1,", "]}", 95),
        ("{\"Fn::Join\":[\"-\",[\"a\",", "]]}", 63),
        ("{\"Fn::Sub\":[\"${A}\",{\"A\":", "}]}", 63),
        ("{\"a\":", "}", 5000),
        ("[", "]", 100_000),
    ];
    for (open, close, n_levels) in shapes {
        let deep = format!("{}1{}", open.repeat(n_levels), close.repeat(n_levels));
        let text = format!(
            "{{\"Conditions\": {{\"C\": {{\"Fn::Equals\": [{{\"Ref\": \"AWS::Region\"}}, \"x\"]}}}},
             \"Resources\": {{\"R\": {{\"Type\": \"T::T::T\", \"Properties\": {{\"X\": {deep}}}}}}}}}"
        );
        let (_, resolution) = resolved(&[("a.json", &text)], &[]);
        assert_eq!(resolution.graph.resources.len(), 1, "{open}");
    }
}

#[test]
fn alternatives_that_multiply_are_cut() {
    let names: Vec<String> = (0..12).map(|index| format!("P{index}")).collect();
    let parameters: String = names
        .iter()
        .map(|name| format!("  {name}: {{Type: String, AllowedValues: [a, b]}}\n"))
        .collect();
    let parts: Vec<String> = names
        .iter()
        .map(|name| format!("!If [C{name}, a, b]"))
        .collect();
    let conditions: String = names
        .iter()
        .map(|name| format!("  C{name}: !Equals [!Ref {name}, a]\n"))
        .collect();
    let template = format!(
        "Parameters:\n{parameters}Conditions:\n{conditions}Resources:\n  R: {{Type: T::T::T, Properties: {{X: !Join ['', [{}]]}}}}\n",
        parts.join(", ")
    );
    check(
        &template,
        "a: CloudFormation\nR T::T::T {X: ?Limit(\"combinations\")}\n# limit at 28: the limit of combinations is reached here",
    );
}

#[test]
fn limits_of_resources_and_steps_are_told() {
    let template = "Resources:\n  A: {Type: T::T::T}\n  B: {Type: T::T::T}\n  C: {Type: T::T::T, Properties: {X: 1}}\n";
    let mut files = underbelly_source::Files::default();
    let file = files.add("a.yaml", template);
    let options = underbelly_iac::Options {
        parameters: Default::default(),
        missing: Default::default(),
        sam: &Default::default(),
        is_secret: Default::default(),
        limits: underbelly_source::Limits {
            resources: 2,
            ..Default::default()
        },
    };
    let resolution = underbelly_iac::resolve(&files, &[underbelly_iac::Input { file }], &options);
    assert_eq!(resolution.graph.resources.len(), 2);
    assert!(
        resolution
            .diagnostics
            .iter()
            .any(|problem| problem.code == "limit")
    );
}
