//! Flows that follow from rights, and what follows for stores.

use super::super::testing::{draw, flows, of};
use super::grants::{statements, template};

/// The flows of a function `Work` under the role `Run` with these policies.
fn check(policies: &str, others: &str, expected: &[&str]) {
    draw(&template("", policies, others), |draft| {
        assert_eq!(flows(draft), expected, "{policies}{others}");
    });
}

fn function(variables: &str) -> String {
    format!(
        "
Orders: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: orders}}}}
Jobs: {{Type: AWS::SQS::Queue}}
Files: {{Type: AWS::S3::Bucket}}
Db: {{Type: AWS::RDS::DBInstance}}
Work:
  Type: AWS::Lambda::Function
  Properties: {{Role: !GetAtt Run.Arn, Environment: {{Variables: {{{variables}}}}}}}
"
    )
}

#[test]
fn a_right_and_a_name_make_a_strong_flow() {
    let policies = statements(&[
        "{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: !GetAtt Orders.Arn}",
    ]);
    check(
        &policies,
        &function("TABLE: !Ref Orders"),
        &["Work -> Orders (access) read+write"],
    );
    check(
        &policies,
        &function("TABLE: orders"),
        &["Work -> Orders (access) read+write"],
    );
    check(
        &policies,
        &function(""),
        &["Work -> Orders (access) read+write possible"],
    );
    check(
        "",
        &function("TABLE: !Ref Orders"),
        &["Work -> Orders (access) no-permission"],
    );
    check("", &function(""), &[]);
}

#[test]
fn a_right_of_another_service_says_nothing_of_what_a_variable_names() {
    let elsewhere = "Resource: 'arn:aws:athena:*:*:workgroup/logs*'";
    check(
        &statements(&[&format!(
            "{{Effect: Allow, Action: 'athena:StartQueryExecution', {elsewhere}}}"
        )]),
        &function("FILES: !Ref Files"),
        &["Work -> Files (access) no-permission"],
    );
}

#[test]
fn a_right_that_reads_and_writes_nothing_is_no_lack_of_rights() {
    let flow = "
Flow: {Type: AWS::StepFunctions::StateMachine}
";
    check(
        &statements(&["{Effect: Allow, Action: 'states:SendTaskSuccess', Resource: '*'}"]),
        &format!("{flow}{}", function("FLOW: !Ref Flow")),
        &["Work -> Flow (call)"],
    );
    check(
        "",
        &format!("{flow}{}", function("FLOW: !Ref Flow")),
        &["Work -> Flow (access) no-permission"],
    );
}

#[test]
fn what_a_stack_puts_out_is_not_that_stack() {
    let nested = "
Pages: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://example.com/pages.yaml'}}
";
    check(
        &statements(&[
            "{Effect: Allow, Action: 'wafv2:UpdateIPSet', Resource: !GetAtt Pages.Outputs.Set}",
        ]),
        &format!("{nested}{}", function("SET: !GetAtt Pages.Outputs.Set")),
        &[],
    );
}

#[test]
fn nobody_reads_itself() {
    let copying = "
Copies: {Type: AWS::S3::Bucket}
From:
  Type: AWS::S3::Bucket
  Properties:
    ReplicationConfiguration: {Role: !GetAtt Run.Arn, Rules: [{Status: Enabled, Destination: {Bucket: !GetAtt Copies.Arn}}]}
";
    check(
        &statements(&[
            "{Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${From.Arn}/*'}",
            "{Effect: Allow, Action: 's3:PutObject', Resource: !Sub '${Copies.Arn}/*'}",
        ]),
        copying,
        &["From -> Copies (access) write possible"],
    );
}

#[test]
fn messages_are_calls() {
    check(
        &statements(&["{Effect: Allow, Action: 'sqs:*', Resource: !GetAtt Jobs.Arn}"]),
        &function("QUEUE: !Ref Jobs"),
        &["Work -> Jobs (access) read", "Work -> Jobs (call) send"],
    );
}

#[test]
fn a_right_on_everything_is_used_on_what_is_named() {
    check(
        &statements(&["{Effect: Allow, Action: ['dynamodb:*', 's3:GetObject'], Resource: '*'}"]),
        &function("TABLE: !Ref Orders, QUEUE: !Ref Jobs"),
        &[
            "Work -> Jobs (access) no-permission",
            "Work -> Orders (access) read+write",
        ],
    );
}

#[test]
fn what_a_deny_takes_away_on_one_component_is_not_drawn() {
    let allow = "{Effect: Allow, Action: ['dynamodb:*', 's3:*'], Resource: '*'}";
    let settings = function("TABLE: !Ref Orders, FILES: !Ref Files");
    let both = &[
        "Work -> Files (access) read+write",
        "Work -> Orders (access) read+write",
    ];
    let no_orders = &[
        "Work -> Files (access) read+write",
        "Work -> Orders (access) no-permission",
    ];
    let deny = |what: &str| {
        let deny = format!("{{Effect: Deny, {what}}}");
        statements(&[allow, &deny])
    };
    let cases: &[(&str, &[&str])] = &[
        ("Action: 'sqs:*', Resource: '*'", both),
        (
            "Action: 'dynamodb:*', Resource: !GetAtt Orders.Arn",
            no_orders,
        ),
        ("Action: '*', Resource: !GetAtt Orders.Arn", no_orders),
        (
            "Action: 'dynamodb:*', Resource: 'arn:aws:dynamodb:*:*:table/ord*'",
            no_orders,
        ),
        (
            "NotAction: 's3:*', Resource: !Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}'",
            no_orders,
        ),
        (
            "Action: ['dynamodb:Put*', 'dynamodb:UpdateItem', 'dynamodb:Delete*'], Resource: !GetAtt Orders.Arn",
            &[
                "Work -> Files (access) read+write",
                "Work -> Orders (access) read",
            ],
        ),
        // What is left is what is in the bucket, or the list of it.
        ("Action: 's3:*', Resource: !GetAtt Files.Arn", both),
        (
            "Action: 's3:*', Resource: !Sub '${Files.Arn}/*'",
            &[
                "Work -> Files (access) read",
                "Work -> Orders (access) read+write",
            ],
        ),
        (
            "Action: 's3:*', Resource: [!GetAtt Files.Arn, !Sub '${Files.Arn}/*']",
            &[
                "Work -> Files (access) no-permission",
                "Work -> Orders (access) read+write",
            ],
        ),
        // Under a condition it is taken away from some, not from all.
        (
            "Action: 'dynamodb:*', Resource: !GetAtt Orders.Arn, Condition: {Bool: {'aws:SecureTransport': 'false'}}",
            both,
        ),
        (
            "Action: 'dynamodb:*', Resource: 'arn:aws:dynamodb:*:*:table/jobs'",
            both,
        ),
    ];
    for (what, expected) in cases {
        check(&deny(what), &settings, expected);
    }
    check(
        &statements(&[
            "{Effect: Allow, Action: 'dynamodb:*', NotResource: !GetAtt Orders.Arn}",
            "{Effect: Allow, Action: 's3:*', Resource: '*'}",
        ]),
        &settings,
        no_orders,
    );
    // Each action counts for itself where a statement names several resources.
    check(
        &statements(&[
            "{Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 's3:*'], Resource: [!GetAtt Orders.Arn, '*']}",
            "{Effect: Deny, Action: 'dynamodb:PutItem', Resource: !GetAtt Orders.Arn}",
        ]),
        &settings,
        &[
            "Work -> Files (access) read+write",
            "Work -> Orders (access) read",
        ],
    );
}

#[test]
fn unknown_rights_are_not_missing_rights() {
    check(
        "ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/ours']",
        &function("TABLE: !Ref Orders"),
        &["Work -> Orders (access) possible"],
    );
}

#[test]
fn a_database_is_reached_by_password() {
    let others = function("HOST: !GetAtt Db.Endpoint.Address");
    check("", &others, &["Work -> Db (access) read+write"]);
    draw(&template("", "", &others), |draft| {
        assert_eq!(of(draft, "Db", "readers_functions"), "true");
        assert_eq!(of(draft, "Work", "db_credentials"), "?Code");
    });
    let others = function("HOST: !GetAtt Db.Endpoint.Address, DB_PASSWORD: hunter2");
    draw(&template("", "", &others), |draft| {
        assert_eq!(of(draft, "Work", "db_credentials"), "static");
    });
    draw(&template("", "", &function("")), |draft| {
        assert_eq!(of(draft, "Work", "db_credentials"), "none");
        assert_eq!(of(draft, "Db", "readers_functions"), "false");
    });
}

#[test]
fn what_nothing_declares_is_drawn_outside() {
    check(
        &statements(&[
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::company-shared/*'}",
        ]),
        &function(""),
        &["Work -> company-shared (access) read possible"],
    );
}

#[test]
fn several_statements_are_one_flow() {
    check(
        &statements(&[
            "{Effect: Allow, Action: 's3:GetObject', Resource: !Sub '${Files.Arn}/*'}",
            "{Effect: Allow, Action: ['s3:PutObject', 's3:ListBucket'], Resource: [!GetAtt Files.Arn, !Sub '${Files.Arn}/*']}",
        ]),
        &function("BUCKET: !Ref Files"),
        &["Work -> Files (access) read+write"],
    );
}

#[test]
fn stores_know_their_readers_and_writers() {
    let policies =
        statements(&["{Effect: Allow, Action: 'dynamodb:Query', Resource: !GetAtt Orders.Arn}"]);
    draw(
        &template("", &policies, &function("TABLE: !Ref Orders")),
        |draft| {
            assert_eq!(of(draft, "Orders", "readers"), "[Work]");
            assert_eq!(of(draft, "Orders", "writers"), "[]");
            assert_eq!(of(draft, "Orders", "row_scoped"), "false");
        },
    );
    draw(&template("", "", &function("")), |draft| {
        assert_eq!(of(draft, "Orders", "readers"), "[]");
        assert_eq!(
            of(draft, "Orders", "row_scoped"),
            "?Elsewhere(\"who uses it\")"
        );
    });
}

#[test]
fn rows_are_scoped_where_every_grant_is() {
    let scoped = "{Effect: Allow, Action: 'dynamodb:Query', Resource: !GetAtt Orders.Arn, \
                  Condition: {ForAllValues:StringEquals: {'dynamodb:LeadingKeys': ['x']}}}";
    let also = "{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}";
    for (list, expected) in [(vec![scoped], "true"), (vec![scoped, also], "false")] {
        draw(&template("", &statements(&list), &function("")), |draft| {
            assert_eq!(of(draft, "Orders", "row_scoped"), expected, "{list:?}");
        });
    }
}
