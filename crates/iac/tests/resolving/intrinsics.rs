use crate::{check, check_all, check_value};

#[test]
fn references_keep_the_resource_they_mean() {
    check_value("!Ref Q", "'${Q}'");
    check_value("{Ref: Q}", "'${Q}'");
    check_value("!GetAtt Q.Arn", "'${Q.Arn}'");
    check_value("!GetAtt [Q, Arn]", "'${Q.Arn}'");
    check_value("{'Fn::GetAtt': [Q, Arn]}", "'${Q.Arn}'");
    check_value("{'Fn::GetAtt': Q.Arn}", "'${Q.Arn}'");
    check_value("!GetAtt [Q, !Ref Stage]", "'${Q.dev}'");
}

#[test]
fn pseudo_parameters_are_holes_and_no_value_is_nothing() {
    check_value("!Ref AWS::Region", "'${AWS::Region}'");
    check_value(
        "{a: !Ref AWS::NoValue, b: [1, !Ref AWS::NoValue]}",
        "{b: [1]}",
    );
    check_value(
        "!If [C, !Ref AWS::NoValue, 1]",
        "<C is true: - | C is false: 1>",
    );
}

#[test]
fn sub_replaces_names_and_keeps_literals() {
    check_value(
        "!Sub 'a-${Q.Arn}-${AWS::Region}'",
        "'a-${Q.Arn}-${AWS::Region}'",
    );
    check_value("{'Fn::Sub': '${Q}/x'}", "'${Q}/x'");
    check_value(
        "!Sub ['${A}-${Stage}', {A: !GetAtt Q.QueueName}]",
        "'${Q.QueueName}-dev'~",
    );
    check_value("!Sub '${!Literal} ${ Q }'", "'${Literal} ${Q}'");
    check_value("!Sub 'no end ${Q'", "'no end ${Q'");
    check_value("!Sub ''", "''");
}

#[test]
fn holes_point_at_their_own_letters() {
    let template = "Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\n  R:\n    Type: T::T::T\n    Properties:\n      X: !Sub \"é-${Q.Arn}\"\n";
    let (files, resolution) = crate::resolved(&[("a.yaml", template)], &[]);
    let fact = resolution.graph.resources[1]
        .properties
        .field("X")
        .into_owned();
    let hole = fact
        .as_pattern()
        .and_then(|text| text.holes().next())
        .unwrap()
        .clone();
    assert_eq!(files.excerpt(hole.span), "${Q.Arn}");
}

#[test]
fn join_split_and_select_work_on_what_is_known() {
    check_value("!Join ['-', [a, !Ref Q, 1]]", "'a-${Q}-1'");
    check_value("!Join [',', !Ref Zones]", "'a,b'~");
    check_value("!Join ['', [x, !Ref AWS::NoValue]]", "'x'");
    check_value("!Join [',', !Ref Nets]", "'${parameter Nets}'");
    check_value("!Split [',', 'a,b']", "['a', 'b']");
    check_value("!Select [1, !Split ['-', 'a-b-c']]", "'b'");
    check_value("!Select ['0', !Ref Zones]", "'a'~");
    check_value(
        "!Select [5, !Split [':', !GetAtt Q.Arn]]",
        "'${Q.Arn (part)}'",
    );
    check_value("!Select [0, !GetAZs '']", "'${? Select 0}'");
    check_value("{'Fn::Select': [0, {'Fn::Split': ['/', 'x/y']}]}", "'x'");
}

#[test]
fn mappings_are_looked_up_for_every_allowed_value() {
    check_value("!FindInMap [M, dev, n]", "1");
    check_value("!FindInMap [M, !Ref Stage, n]", "1~");
    check_value("!FindInMap [M, dev, l]", "['x', 'y']");
    check_value("!FindInMap [M, nope, n, {DefaultValue: 7}]", "7");
    check_value(
        "{'Fn::FindInMap': [M, !Ref Size, s]}",
        "<*Size is small: 'same' | Size is large: 'same'>",
    );
    check_value("!FindInMap [M, !Ref AWS::Region, n]", "'${AWS::Region}'");
}

#[test]
fn both_branches_of_an_if_are_kept() {
    check_value("!If [C, 1, !Ref Q]", "<C is true: 1 | C is false: '${Q}'>");
    check_value(
        "{'Fn::If': [C, !If [C, 1, 2], 3]}",
        "<C is true: 1 | C is false: 3>",
    );
    check_value(
        "!Sub ['${A}!', {A: !If [C, x, y]}]",
        "<C is true: 'x!' | C is false: 'y!'>",
    );
}

#[test]
fn imports_lookups_and_the_rest() {
    check_value("!ImportValue net-Vpc", "'${import net-Vpc}'");
    check_value(
        "{'Fn::ImportValue': !Sub '${Name}-Vpc'}",
        "'${import ${Name}-Vpc}'",
    );
    check_value("'{{resolve:ssm:/a:1}}'", "'${lookup ssm /a:1}'");
    check_value(
        "!Sub '{{resolve:secretsmanager:${Q}::pw}}'",
        "'${lookup secretsmanager ${Q}::pw}'",
    );
    check_value("!Base64 abc", "'abc'");
    check_value("{'Fn::Base64': !Sub 'x${Q}'}", "'x${Q}'");
    check_value(
        "!Cidr [10.0.0.0/16, 2, 8]",
        "['10.0.0.0/24', '10.0.1.0/24']",
    );
    check_value("!Cidr [!Ref Name, 2, 8]", "[…?lookup `Cidr`]");
    check_value("!GetAZs", "[…?lookup availability zones]");
    check_value("{'Fn::ToJsonString': {a: !Ref Q}}", "{a: '${Q}'}");
    check_value("{'Fn::Length': [a, b]}", "2");
    check_value("{'Fn::Length': !Ref Zones}", "2~");
}

#[test]
fn digits_stay_what_they_are() {
    check_value(
        "[012345678901, 5, 1.5, true, '5', yes]",
        "['012345678901', 5, '1.5', true, '5', 'yes']",
    );
}

#[test]
fn a_condition_block_alone_is_no_function() {
    check_value(
        "{Condition: {Bool: {'aws:SecureTransport': 'false'}}}",
        "{Condition: {Bool: {aws:SecureTransport: 'false'}}}",
    );
}

#[test]
fn included_files_stand_in_place() {
    let template = "Resources:\n  R:\n    Type: T::T::T\n    Properties:\n      Body:\n        'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: ./api.yaml}}\n      More:\n        own: 1\n        'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: api.yaml}}\n";
    check_all(
        &[("t/a.yaml", template)],
        &[],
        "a: CloudFormation\nR T::T::T {Body: ?MissingFile(\"`Fn::Transform`\"), More: {own: 1}}\nwanted t/api.yaml",
    );
    check_all(
        &[
            ("t/a.yaml", template),
            ("t/api.yaml", "paths: {arn: !GetAtt R.Arn}\n"),
        ],
        &[],
        "a: CloudFormation\nR T::T::T {Body: {paths: {arn: '${R.Arn}'}}, More: {own: 1, paths: {arn: '${R.Arn}'}}}",
    );
}

#[test]
fn documents_in_texts_become_trees() {
    check(
        "Resources:\n  F: {Type: 'AWS::Lambda::Function'}\n  S:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionSubstitutions: {G: !GetAtt F.Arn}\n      DefinitionString: !Sub |\n        {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${F.Arn}\", \"Next\": \"x-${!G}\"}}}\n",
        "a: CloudFormation
         F AWS::Lambda::Function {}
         S AWS::StepFunctions::StateMachine {DefinitionSubstitutions: {G: '${F.Arn}'}, DefinitionString: '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${F.Arn}\", \"Next\": \"x-${G}\"}}}
         ', Definition: {StartAt: 'A', States: {A: {Type: 'Task', Resource: '${F.Arn}', Next: 'x-${F.Arn}'}}}}",
    );
}

#[test]
fn a_tree_in_a_text_knows_its_lines() {
    let template = "Resources:\n  S:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: !Sub |\n        {\n          \"StartAt\": \"A\",\n          \"R\": \"${S.Arn}\"\n        }\n";
    let (files, resolution) = crate::resolved(&[("a.yaml", template)], &[]);
    let fact = resolution.graph.resources[0]
        .properties
        .path("Definition.R")
        .into_owned();
    assert_eq!(files.excerpt(fact.span().unwrap()), "\"${S.Arn}\"");
}
