//! What a role is, all its grants together, and who runs under it.

use super::super::testing::{draw, of};
use super::grants::{statements, template};

/// A fact of a component, in a template whose role `Run` has these policies.
fn check(policies: &str, others: &str, facts: &[(&str, &str, &str)]) {
    draw(&template("", policies, others), |draft| {
        for (owner, name, expected) in facts {
            assert_eq!(
                &of(draft, owner, name),
                expected,
                "{owner}.{name}: {policies}{others}"
            );
        }
    });
}

const FUNCTION: &str = "
Work: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Run.Arn}}
";

#[test]
fn a_role_without_policies_may_do_nothing() {
    check(
        "",
        FUNCTION,
        &[
            ("Run", "grants", "[]"),
            ("Run", "abilities", "[]"),
            ("Run", "admin", "false"),
            ("Run", "full_access_policies", "[]"),
            ("Run", "escalations", "[]"),
            ("Run", "boundary", "false"),
            ("Run", "workload", "true"),
            ("Run", "pipeline", "false"),
            ("Run", "users", "[Work]"),
            ("Run", "unused_abilities", "?Code"),
            ("Work", "runs_as", "Run"),
            ("Work", "role_shared", "false"),
            ("Work", "can_log", "false"),
        ],
    );
}

#[test]
fn abilities_are_those_of_all_grants() {
    check(
        &statements(&[
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*'}",
            "{Effect: Allow, Action: 'sqs:*', Resource: '*'}",
        ]),
        FUNCTION,
        &[
            (
                "Run",
                "abilities",
                "[change_access, read_data, receive, send]",
            ),
            (
                "Run",
                "abilities_everywhere",
                "[change_access, receive, send]",
            ),
        ],
    );
}

#[test]
fn an_administrator_may_do_everything() {
    check(
        &statements(&["{Effect: Allow, Action: '*', Resource: '*'}"]),
        FUNCTION,
        &[("Run", "admin", "true"), ("Work", "can_log", "true")],
    );
    check(
        "ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']",
        FUNCTION,
        &[
            ("Run", "admin", "true"),
            ("Run", "full_access_policies", "[AdministratorAccess]"),
        ],
    );
    check(
        "ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/ours']",
        FUNCTION,
        &[(
            "Run",
            "admin",
            "?OtherComponent(\"the policy `arn:aws:iam::123456789012:policy/ours`\")",
        )],
    );
}

#[test]
fn rights_that_lead_to_more_rights_are_escalations() {
    let wide = |actions: &str| {
        statements(&[&format!(
            "{{Effect: Allow, Action: {actions}, Resource: '*'}}"
        )])
    };
    check(
        &wide("['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction']"),
        "",
        &[("Run", "escalations", "[create_function]")],
    );
    check(
        &wide("['lambda:*']"),
        "",
        &[(
            "Run",
            "escalations",
            "[replace_code, change_config, open_function, hijack_event_source]",
        )],
    );
    check(&wide("'iam:PassRole'"), "", &[("Run", "escalations", "[]")]);
    check(
        &statements(&[
            "{Effect: Allow, Action: 'lambda:UpdateFunctionCode', Resource: 'arn:aws:lambda:*:*:function:one'}",
        ]),
        "",
        &[("Run", "escalations", "[]")],
    );
    let passed = "{Effect: Allow, Action: 'iam:PassRole', Resource: '*', \
                  Condition: {StringEquals: {'iam:PassedToService': lambda.amazonaws.com}}}";
    check(
        &statements(&[
            passed,
            "{Effect: Allow, Action: ['lambda:*', 'ec2:*'], Resource: '*'}",
        ]),
        "",
        &[(
            "Run",
            "escalations",
            "[create_function, replace_code, change_config, open_function, hijack_event_source]",
        )],
    );
}

#[test]
fn two_functions_share_a_role() {
    check(
        "",
        &format!(
            "{FUNCTION}Other: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Run.Arn}}}}"
        ),
        &[
            ("Run", "users", "[Work, Other]"),
            ("Work", "role_shared", "true"),
            ("Other", "role_shared", "true"),
        ],
    );
}

#[test]
fn a_role_from_elsewhere_is_drawn_outside() {
    check(
        "",
        "Work: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/team/shared'}}",
        &[
            ("Work", "runs_as", "shared"),
            (
                "Work",
                "role_shared",
                "?Elsewhere(\"who else runs under this role\")",
            ),
            (
                "Work",
                "can_log",
                "?OtherComponent(\"the role it runs under\")",
            ),
            ("shared", "users", "[Work]"),
        ],
    );
}

#[test]
fn those_who_run_under_a_role_are_found_wherever_they_say_so() {
    check(
        "",
        "
Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: !GetAtt Run.Arn}}
Api: {Type: AWS::ApiGateway::RestApi}
Method:
  Type: AWS::ApiGateway::Method
  Properties: {RestApiId: !Ref Api, Integration: {Credentials: !GetAtt Run.Arn}}
Timer: {Type: AWS::Scheduler::Schedule, Properties: {Target: {RoleArn: !GetAtt Run.Arn}}}
",
        &[
            ("Run", "users", "[Flow, Api, Timer]"),
            ("Flow", "runs_as", "Run"),
            ("Timer", "runs_as", "Run"),
        ],
    );
}

#[test]
fn a_pipeline_signs_in_with_a_token() {
    let trust = |provider: &str| {
        format!(
            "Resources:
  Run:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
        - Effect: Allow
          Action: sts:AssumeRoleWithWebIdentity
          Principal: {{Federated: {provider}}}
"
        )
    };
    let declared = |url: &str| {
        format!(
            "!Ref Provider}}\n  Provider: {{Type: AWS::IAM::OIDCProvider, Properties: {{Url: '{url}'}}"
        )
    };
    for (provider, expected) in [
        (
            "'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'",
            "true",
        ),
        (
            &*declared("https://token.actions.githubusercontent.com"),
            "true",
        ),
        (&declared("https://cognito-identity.amazonaws.com"), "false"),
        ("cognito-identity.amazonaws.com", "false"),
        (
            "'arn:aws:iam::123456789012:oidc-provider/id.example.com'",
            "?Unsupported(\"who signs in through `arn:aws:iam::123456789012:oidc-provider/id.example.com`\")",
        ),
    ] {
        draw(&trust(provider), |draft| {
            assert_eq!(of(draft, "Run", "pipeline"), expected, "{provider}");
            assert_eq!(of(draft, "Run", "workload"), "false", "{provider}");
        });
    }
}

#[test]
fn a_boundary_nobody_can_read_opens_no_way_that_was_shut() {
    let capped = |statement: &str| {
        format!(
            "{}PermissionsBoundary: !ImportValue Cap\n",
            statements(&[statement])
        )
    };
    check(
        &capped("{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}"),
        FUNCTION,
        &[("Run", "admin", "false"), ("Run", "escalations", "[]")],
    );
    let unknown = "[?Import(\"Cap\")]";
    check(
        &capped("{Effect: Allow, Action: 'lambda:UpdateFunctionCode', Resource: '*'}"),
        FUNCTION,
        &[("Run", "admin", "false"), ("Run", "escalations", unknown)],
    );
}
