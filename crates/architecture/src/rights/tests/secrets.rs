//! Variables, parameters, outputs and attributes that look like something.

use super::super::testing::{draw, of, parts};

const HEAD: &str = "
Parameters:
  Stage: {Type: String, Default: dev}
  DbPassword: {Type: String}
  Hidden: {Type: String, NoEcho: true}
  ApiToken: {Type: String, NoEcho: true, Default: changeme}
";

/// A variable of a function, as `looks_secret plain is_reference`.
fn check(name: &str, value: &str, expected: &str) {
    let template = format!(
        "{HEAD}
Resources:
  Orders: {{Type: AWS::DynamoDB::Table}}
  Work: {{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: {{{name}: {value}}}}}}}}}
"
    );
    draw(&template, |draft| {
        let found = parts(
            draft,
            "Work",
            "variables",
            &["looks_secret", "plain", "is_reference"],
        );
        assert_eq!(found, [format!("{name}: {expected}")], "{value}");
    });
}

#[test]
fn a_literal_with_a_secret_name_stands_in_the_open() {
    check(
        "DB_PASSWORD",
        "hunter2",
        "looks_secret=true plain=true is_reference=false",
    );
    check(
        "DB_PASSWORD",
        "''",
        "looks_secret=false plain=false is_reference=false",
    );
    check(
        "STAGE",
        "dev",
        "looks_secret=false plain=true is_reference=false",
    );
    check(
        "KEY",
        "AKIAIOSFODNN7EXAMPLE",
        "looks_secret=true plain=true is_reference=false",
    );
    check(
        "TOKEN_TTL",
        "3600",
        "looks_secret=false plain=true is_reference=false",
    );
}

#[test]
fn a_parameter_may_be_masked() {
    check(
        "DB_PASSWORD",
        "!Ref DbPassword",
        "looks_secret=true plain=true is_reference=?Parameter(\"DbPassword\")",
    );
    check(
        "DB_PASSWORD",
        "!Ref Hidden",
        "looks_secret=true plain=false is_reference=?Parameter(\"Hidden\")",
    );
    check(
        "DB_PASSWORD",
        "!Sub 'x-${Hidden}'",
        "looks_secret=true plain=false is_reference=false",
    );
    check(
        "STAGE",
        "!Ref Stage",
        "looks_secret=false plain=true is_reference=false",
    );
}

#[test]
fn a_name_of_something_is_no_secret() {
    check(
        "TABLE",
        "!Ref Orders",
        "looks_secret=false plain=false is_reference=true",
    );
    check(
        "TOKEN",
        "!GetAtt Orders.Arn",
        "looks_secret=false plain=false is_reference=true",
    );
    check(
        "SECRET_ARN",
        "!Ref Hidden",
        "looks_secret=false plain=false is_reference=?Parameter(\"Hidden\")",
    );
    check(
        "DB_PASSWORD",
        "'{{resolve:secretsmanager:db:SecretString:password}}'",
        "looks_secret=true plain=false is_reference=false",
    );
}

#[test]
fn a_function_without_variables_has_none() {
    draw(
        "Resources: {Work: {Type: AWS::Lambda::Function}}",
        |draft| {
            assert_eq!(of(draft, "Work", "variables"), "[]");
        },
    );
}

#[test]
fn a_stack_says_what_it_shows() {
    let template = format!(
        "{HEAD}
Resources:
  Db: {{Type: AWS::RDS::DBInstance, Properties: {{MasterUserPassword: hunter2}}}}
  Work: {{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: {{API_TOKEN: abc}}}}}}}}
Outputs:
  Password: {{Value: !Ref Hidden}}
  Table: {{Value: orders}}
"
    );
    draw(&template, |draft| {
        assert_eq!(
            of(draft, "shop", "literal_secrets"),
            "[Db.MasterUserPassword, ApiToken]"
        );
        assert_eq!(of(draft, "shop", "unmasked_parameters"), "[DbPassword]");
        assert_eq!(of(draft, "shop", "secret_outputs"), "[Password]");
    });
    draw(
        "Resources: {Work: {Type: AWS::Lambda::Function}}",
        |draft| {
            assert_eq!(of(draft, "shop", "literal_secrets"), "[]");
            assert_eq!(of(draft, "shop", "unmasked_parameters"), "[]");
            assert_eq!(of(draft, "shop", "secret_outputs"), "[]");
        },
    );
}

#[test]
fn a_stored_parameter_may_look_secret() {
    let template = "
Resources:
  One: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/db-password, Type: String}}
  Other: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/stage, Type: String}}
  DbCredentials15122902: {Type: AWS::SSM::Parameter, Properties: {Name: /shop/db-credentials-arn, Type: String}}
  ApiToken: {Type: AWS::SSM::Parameter, Properties: {Type: String}}
";
    draw(template, |draft| {
        assert_eq!(of(draft, "One", "looks_secret"), "true");
        assert_eq!(of(draft, "Other", "looks_secret"), "false");
        assert_eq!(of(draft, "DbCredentials15122902", "looks_secret"), "false");
        assert_eq!(of(draft, "ApiToken", "looks_secret"), "true");
    });
}

#[test]
fn a_client_may_write_attributes_that_decide_on_rights() {
    let pool = |schema: &str, client: &str| {
        format!(
            "Resources:
  Pool: {{Type: AWS::Cognito::UserPool, Properties: {{{schema}}}}}
  Web: {{Type: AWS::Cognito::UserPoolClient, Properties: {{UserPoolId: !Ref Pool, {client}}}}}
"
        )
    };
    let role = "Schema: [{Name: role, AttributeDataType: String}, {Name: city, AttributeDataType: String}]";
    let fixed = "Schema: [{Name: role, Mutable: false}]";
    for (schema, client, attributes, writes) in [
        ("", "", "[]", "false"),
        (role, "", "[custom:role]", "true"),
        (role, "WriteAttributes: [email]", "[custom:role]", "false"),
        (
            role,
            "WriteAttributes: ['custom:role']",
            "[custom:role]",
            "true",
        ),
        (fixed, "", "[]", "false"),
    ] {
        draw(&pool(schema, client), |draft| {
            assert_eq!(
                of(draft, "Pool", "role_like_attributes"),
                attributes,
                "{schema}"
            );
            let clients = parts(draft, "Pool", "clients", &["writes_privilege"]);
            assert_eq!(
                clients,
                [format!("Web: writes_privilege={writes}")],
                "{schema} {client}"
            );
        });
    }
}
