//! The grants of roles.

use super::super::testing::{draw, parts};

/// The grants of the role `Run` in a template: `head` are its sections before
/// `Resources`, `policies` stand in the role, `others` beside it.
fn check(policies: &str, others: &str, expected: &[&str]) {
    let template = template("", policies, others);
    let facts = [
        "abilities",
        "reach",
        "wildcard_actions",
        "narrowed_by",
        "target",
    ];
    let found = draw(&template, |draft| parts(draft, "Run", "grants", &facts));
    let found: Vec<String> = found.iter().map(|line| without_digest(line)).collect();
    assert_eq!(found, expected, "{policies}{others}");
}

pub(super) fn template(head: &str, policies: &str, others: &str) -> String {
    let policies = policies.trim_matches('\n').replace('\n', "\n      ");
    let others = others.trim_matches('\n').replace('\n', "\n  ");
    format!(
        "{head}
Resources:
  Run:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Principal: {{Service: lambda.amazonaws.com}}}}
      {policies}
  {others}
"
    )
}

/// Digests say nothing to a reader.
pub(super) fn without_digest(line: &str) -> String {
    let Some((before, after)) = line.split_once('~') else {
        return line.to_owned();
    };
    let digest = after
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(after.len());
    format!("{before}~{}", &after[digest..])
}

/// A policy `Orders` of these statements.
pub(super) fn statements(statements: &[&str]) -> String {
    let statements = statements.join("\n    - ");
    format!(
        "
Policies:
- PolicyName: Orders
  PolicyDocument:
    Statement:
    - {statements}
"
    )
}

/// A policy `Orders` of one statement, on lines of its own.
fn inline(statement: &str) -> String {
    statements(&[&statement.trim_matches('\n').replace('\n', "\n      ")])
}

const ORDERS: &str = "
Orders: {Type: AWS::DynamoDB::Table}
Files: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-files}}
";

#[test]
fn an_inline_statement_is_a_grant_on_what_it_names() {
    check(
        &inline(
            "
Effect: Allow
Action: [dynamodb:GetItem, DynamoDB:PutItem]
Resource: !GetAtt Orders.Arn",
        ),
        ORDERS,
        &[
            "Orders/Orders: abilities=[read_data, write_data] reach=one wildcard_actions=none narrowed_by=[] target=Orders",
        ],
    );
    check(
        &inline(
            "
Sid: ReadFiles
Effect: Allow
Action: s3:GetObject
Resource: !Sub '${Files.Arn}/*'",
        ),
        ORDERS,
        &[
            "Orders/ReadFiles: abilities=[read_data] reach=one wildcard_actions=none narrowed_by=[] target=Files",
        ],
    );
    check(
        &inline("{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::shop-files/*'}"),
        ORDERS,
        &[
            "Orders/shop-files/*: abilities=[administer, change_access, delete_data, list, read_data, write_data] reach=one wildcard_actions=service narrowed_by=[] target=Files",
        ],
    );
}

#[test]
fn no_policy_is_no_grant() {
    check("", "", &[]);
}

#[test]
fn the_widest_of_several_resources_counts() {
    check(
        &inline(
            "{Effect: Allow, Action: 'dynamodb:GetItem', Resource: [!GetAtt Orders.Arn, 'arn:aws:dynamodb:*:*:table/*']}",
        ),
        ORDERS,
        &[
            "Orders/Orders and table/*: abilities=[read_data] reach=service wildcard_actions=none narrowed_by=[] target=Orders",
        ],
    );
    check(
        &inline(
            "{Effect: Allow, Action: ['dynamodb:GetItem', 's3:GetObject'], Resource: [!GetAtt Orders.Arn, !GetAtt Files.Arn]}",
        ),
        ORDERS,
        &[
            "Orders/Files and Orders: abilities=[read_data] reach=one wildcard_actions=none narrowed_by=[] target=?Unsupported(\"it names more than one component\")",
        ],
    );
}

#[test]
fn a_managed_policy_is_what_the_provider_publishes() {
    check(
        "ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', !Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess']",
        "",
        &[
            "AWSLambdaBasicExecutionRole: abilities=[] reach=everything wildcard_actions=none narrowed_by=[] target=absent",
            "AmazonS3FullAccess: abilities=[administer, change_access, delete_data, list, read_data, write_data] reach=everything wildcard_actions=service narrowed_by=[] target=absent",
        ],
    );
}

#[test]
fn a_policy_nobody_read_is_unknown() {
    check(
        "ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/ours']",
        "",
        &[
            "ours: abilities=[?OtherComponent(\"the policy `arn:aws:iam::123456789012:policy/ours`\")] \
           reach=?OtherComponent(\"the policy `arn:aws:iam::123456789012:policy/ours`\") \
           wildcard_actions=?OtherComponent(\"the policy `arn:aws:iam::123456789012:policy/ours`\") \
           narrowed_by=[?OtherComponent(\"the policy `arn:aws:iam::123456789012:policy/ours`\")] \
           target=?OtherComponent(\"the policy `arn:aws:iam::123456789012:policy/ours`\")",
        ],
    );
}

#[test]
fn policies_of_their_own_belong_to_the_roles_they_name() {
    let document = "PolicyDocument: {Statement: {Effect: Allow, Action: 'dynamodb:Query', Resource: !GetAtt Orders.Arn}}";
    let expected = "More/Orders: abilities=[read_data] reach=one wildcard_actions=none narrowed_by=[] target=Orders";
    for more in [
        format!(
            "More: {{Type: AWS::IAM::Policy, Properties: {{PolicyName: more, Roles: [!Ref Run], {document}}}}}"
        ),
        format!(
            "More: {{Type: AWS::IAM::ManagedPolicy, Properties: {{Roles: [!Ref Run], {document}}}}}"
        ),
        format!(
            "More: {{Type: AWS::IAM::RolePolicy, Properties: {{PolicyName: more, RoleName: !Ref Run, {document}}}}}"
        ),
    ] {
        check("", &format!("{ORDERS}{more}"), &[expected]);
    }
    let more = format!("More: {{Type: AWS::IAM::ManagedPolicy, Properties: {{{document}}}}}");
    check(
        "ManagedPolicyArns: [!Ref More]",
        &format!("{ORDERS}{more}"),
        &[expected],
    );
}

#[test]
fn conditions_narrow() {
    check(
        &inline(
            "
Effect: Allow
Action: dynamodb:Query
Resource: !GetAtt Orders.Arn
Condition: {ForAllValues:StringEquals: {dynamodb:LeadingKeys: ['${aws:PrincipalTag/Tenant}']}}",
        ),
        ORDERS,
        &[
            "Orders/Orders: abilities=[read_data] reach=one wildcard_actions=none narrowed_by=[leading_keys] target=Orders",
        ],
    );
    check(
        &inline("
Effect: Allow
Action: iam:PassRole
Resource: '*'
Condition: {StringEquals: {iam:PassedToService: lambda.amazonaws.com}, StringLikeIfExists: {aws:SourceIp: '10.*'}}"),
        "",
        &["Orders/everything: abilities=[pass_role] reach=everything wildcard_actions=none narrowed_by=[passed_to_service, other] target=absent"],
    );
}

#[test]
fn a_deny_takes_away_what_it_covers() {
    let allow = "{Effect: Allow, Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], Resource: '*'}";
    let careful =
        "{Sid: Careful, Effect: Deny, Action: 's3:Put*', Resource: 'arn:aws:s3:::shop-files/*'}";
    check(
        &statements(&[allow, careful]),
        "",
        &[
            "Orders/everything: abilities=[delete_data, read_data, write_data] \
           reach=everything wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
    let never = "{Effect: Deny, Action: 's3:DeleteObject', Resource: '*'}";
    let elsewhere = "{Effect: Deny, Action: 'sqs:*', Resource: '*'}";
    check(
        &statements(&[allow, never, elsewhere]),
        "",
        &[
            "Orders/everything: abilities=[read_data, write_data] reach=everything \
           wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
    let all = "{Effect: Allow, Action: 's3:*', Resource: '*'}";
    check(
        &statements(&[all, careful]),
        "",
        &[
            "Orders/everything: abilities=[administer, change_access, delete_data, list, read_data, write_data] \
           reach=everything wildcard_actions=service narrowed_by=[] target=absent",
        ],
    );
    let only_there = "{Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::other/*'}";
    check(
        &statements(&[
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop-files/*'}",
            only_there,
        ]),
        ORDERS,
        &[
            "Orders/shop-files/*: abilities=[read_data] reach=one wildcard_actions=none narrowed_by=[] target=Files",
        ],
    );
}

#[test]
fn denying_what_lacks_tls_narrows() {
    check(
        &statements(&[
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop-files/*'}",
            "{Effect: Deny, Action: '*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}",
        ]),
        ORDERS,
        &[
            "Orders/shop-files/*: abilities=[read_data] reach=one wildcard_actions=none narrowed_by=[tls] target=Files",
        ],
    );
}

#[test]
fn a_boundary_lets_through_what_it_allows() {
    let policy = |boundary: &str| {
        let allow = "{Effect: Allow, Action: ['s3:GetObject', 'sqs:SendMessage'], Resource: '*'}";
        format!("{}PermissionsBoundary: {boundary}\n", statements(&[allow]))
    };
    let cap = |statement: &str| {
        format!(
            "Cap: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: {statement}}}}}}}"
        )
    };
    check(
        &policy("!Ref Cap"),
        &cap("[{Effect: Allow, Action: 's3:*', Resource: '*'}]"),
        &[
            "Orders/everything: abilities=[read_data] reach=everything wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
    check(
        &policy("!Ref Cap"),
        &cap("[{Effect: Allow, Action: ['s3:*', 'sqs:*'], Resource: 'arn:aws:s3:::shop-files/*'}]"),
        &[
            "Orders/everything: abilities=[read_data, send] reach=one wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
    // A boundary makes nothing wider: what is narrow or harmless stays so.
    let narrow =
        "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:eu-west-1:1:jobs'}";
    let harmless = "{Effect: Allow, Action: 's3:GetObjectTagging', Resource: '*'}";
    check(
        &format!(
            "{}PermissionsBoundary: !ImportValue Cap\n",
            statements(&[narrow, harmless])
        ),
        "",
        &[
            "Orders/jobs: abilities=[send] reach=one wildcard_actions=none \
           narrowed_by=[?Import(\"Cap\")] target=absent",
            "Orders/everything: abilities=[] \
           reach=?Import(\"Cap\") wildcard_actions=none narrowed_by=[?Import(\"Cap\")] target=absent",
        ],
    );
    let template = template(
        "Parameters: {Cap: {Type: String, Default: ''}}
Conditions: {Capped: !Not [!Equals [!Ref Cap, '']]}",
        &policy("!If [Capped, !Ref Cap, !Ref AWS::NoValue]"),
        "",
    );
    let found = draw(&template, |draft| {
        parts(draft, "Run", "grants", &["abilities", "reach"]).join("\n")
    });
    let expected = "abilities=[read_data, send] \
        reach=<everything if Capped is false | ?Parameter(\"Cap\") if Capped is true>";
    assert!(found.ends_with(expected), "{found}");
    check(
        &policy("'arn:aws:iam::aws:policy/AdministratorAccess'"),
        "",
        &[
            "Orders/everything: abilities=[read_data, send] reach=everything wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
}

#[test]
fn what_depends_on_a_condition_is_said_by_cases() {
    let head = "
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}, Table: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}";
    let found = |policies: &str| {
        let template = template(head, policies, ORDERS);
        let facts = ["reach", "target"];
        let found = draw(&template, |draft| parts(draft, "Run", "grants", &facts));
        let found = found.iter().map(|line| without_digest(line));
        found.collect::<Vec<_>>()
    };
    assert_eq!(
        found(&statements(&[
            "{Effect: Allow, Action: 'dynamodb:Query', Resource: !If [IsProd, !GetAtt Orders.Arn, '*']}"
        ])),
        [
            "Orders/Orders and everything: reach=<everything if IsProd is false | one if IsProd is true> target=<absent if IsProd is false | Orders if IsProd is true>"
        ],
    );
    assert_eq!(
        found(&statements(&[
            "!If [IsProd, !Ref AWS::NoValue, {Effect: Allow, Action: 'dynamodb:Query', Resource: '*'}]"
        ])),
        ["Orders/everything if IsProd is false: reach=everything target=absent"],
    );
    assert_eq!(
        found(&statements(&[
            "{Effect: Allow, Action: 'dynamodb:Query', Resource: !Sub 'arn:aws:dynamodb:*:*:table/${Table}'}"
        ])),
        ["Orders/table/${Table}: reach=one target=?Parameter(\"Table\")"],
    );
}

#[test]
fn all_but_some_is_what_is_left() {
    check(
        &inline(
            "{Effect: Allow, NotAction: ['iam:*', 's3:*', 'sts:*', 'lambda:*', 'sns:*', 'kms:*', 'dynamodb:*'], Resource: '*'}",
        ),
        "",
        &[
            "Orders/everything: abilities=[change_access, read_secret, receive, send, tamper_logs] \
           reach=everything wildcard_actions=service narrowed_by=[] target=absent",
        ],
    );
    check(
        &inline(
            "{Effect: Allow, Action: 's3:GetObject', NotResource: 'arn:aws:s3:::shop-files/*'}",
        ),
        "",
        &[
            "Orders/all but shop-files/*: abilities=[read_data] reach=everything \
           wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
}

#[test]
fn denying_all_but_some_leaves_those() {
    check(
        &statements(&[
            "{Effect: Allow, Action: '*', Resource: '*'}",
            "{Effect: Deny, Action: '*', NotResource: !GetAtt Orders.Arn}",
            "{Effect: Deny, NotAction: 'dynamodb:*', Resource: '*'}",
        ]),
        ORDERS,
        &[
            "Orders/everything: abilities=[change_access, delete_data, read_data, write_data] \
           reach=one wildcard_actions=service narrowed_by=[] target=Orders",
        ],
    );
}

#[test]
fn several_denies_take_away_together_what_none_does_alone() {
    check(
        &statements(&[
            "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}",
            "{Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::shop-*'}",
            "{Effect: Deny, Action: 's3:*', NotResource: 'arn:aws:s3:::shop-*'}",
        ]),
        "",
        &[
            "Orders/everything: abilities=[] reach=everything wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
}

#[test]
fn a_boundary_leaves_the_resources_both_name() {
    let capped = |allow: &str| format!("{}PermissionsBoundary: !Ref Cap\n", statements(&[allow]));
    let cap = "
Orders: {Type: AWS::DynamoDB::Table}
Cap: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: [
  {Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt Orders.Arn},
  {Effect: Allow, NotAction: ['iam:*', 'dynamodb:*'], Resource: 'arn:aws:s3:::prod-*'},
  {Effect: Allow, Action: 'iam:PassRole', Resource: '*', Condition: {StringEquals: {'iam:PassedToService': lambda.amazonaws.com}}}]}}}";
    check(
        &capped("{Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*'}"),
        cap,
        &[
            "Orders/everything: abilities=[read_data] reach=one wildcard_actions=none narrowed_by=[] target=Orders",
        ],
    );
    check(
        &capped("{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::*-logs/*'}"),
        cap,
        &[
            "Orders/*-logs/*: abilities=[read_data] reach=prefix wildcard_actions=none narrowed_by=[] target=absent",
        ],
    );
    check(
        &capped("{Effect: Allow, Action: 'iam:*', Resource: '*'}"),
        cap,
        &[
            "Orders/everything: abilities=[pass_role] reach=everything wildcard_actions=none narrowed_by=[passed_to_service] target=absent",
        ],
    );
    check(
        &capped("{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:jobs'}"),
        cap,
        &["Orders/jobs: abilities=[] reach=one wildcard_actions=none narrowed_by=[] target=absent"],
    );
}

#[test]
fn a_policy_of_five_thousand_statements_is_read_whole() {
    let said: Vec<String> = (0..5000)
        .map(|n| {
            let effect = if n % 100 == 0 { "Deny" } else { "Allow" };
            format!("{{Effect: {effect}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b{n}/*'}}")
        })
        .collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    draw(&template("", &statements(&said), ""), |draft| {
        let grants = parts(draft, "Run", "grants", &["reach"]);
        assert_eq!(grants.len(), 4950);
        assert!(grants.iter().all(|line| line.ends_with("reach=one")));
    });
}

/// What bears on the grants of `Run` from elsewhere.
fn bearing(policies: &str, expected: &[&str]) {
    let template = template("", policies, ORDERS);
    let facts = ["denied", "let_through"];
    let found = draw(&template, |draft| parts(draft, "Run", "grants", &facts));
    let found: Vec<String> = found.iter().map(|line| without_digest(line)).collect();
    assert_eq!(found, expected, "{policies}");
}

#[test]
fn the_lines_that_bear_on_a_grant_are_told() {
    let allow = "{Sid: A, Effect: Allow, Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: !GetAtt Orders.Arn}";
    bearing(
        &statements(&[allow]),
        &["Orders/A: denied=[] let_through=[]"],
    );
    bearing(
        &statements(&[
            allow,
            "{Effect: Deny, Action: 'dynamodb:Put*', Resource: '*'}",
            "{Effect: Deny, Action: 'dynamodb:Delete*', Resource: '*'}",
            "{Effect: Deny, Action: 'dynamodb:*', Resource: !GetAtt Files.Arn}",
            "{Effect: Deny, NotAction: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': 'false'}}}",
        ]),
        &[
            "Orders/A: denied=[dynamodb:Put* on *, all but s3:* on * where aws:SecureTransport] let_through=[]",
        ],
    );
    bearing(
        &format!(
            "{}\nPermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonS3FullAccess'",
            statements(&[allow])
        ),
        &["Orders/A: denied=[] let_through=[]"],
    );
}

#[test]
fn thousands_of_denies_take_away_what_they_name() {
    let said: Vec<String> = (0..2_000)
        .map(|n| match n % 2 {
            0 => format!("{{Effect: Allow, Action: ['s3:*', '*'], Resource: 'arn:aws:s3:::b{n}'}}"),
            _ => format!(
                "{{Effect: Deny, Action: ['s3:*', 'sqs:Send*'], Resource: 'arn:aws:s3:::b{}'}}",
                if n % 4 == 1 { n - 1 } else { n }
            ),
        })
        .collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    draw(&template("", &statements(&said), ""), |draft| {
        let grants = parts(draft, "Run", "grants", &["wildcard_actions"]);
        assert_eq!(grants.len(), 1_000);
        let ends = |end: &str| grants.iter().filter(|line| line.ends_with(end)).count();
        // All but some is no longer all.
        assert_eq!(ends("wildcard_actions=service"), 500);
        assert_eq!(ends("wildcard_actions=all"), 500);
    });
}
