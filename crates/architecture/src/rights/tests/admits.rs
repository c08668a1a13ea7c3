//! Whom components let in.

use super::super::testing::{draw, of, parts};

/// What `owner` admits in a template of these resources.
fn check(resources: &str, owner: &str, expected: &[&str]) {
    let facts = ["principal", "principal_name", "abilities", "narrowed_by"];
    let found = draw(&template(resources), |draft| {
        parts(draft, owner, "admits", &facts)
    });
    let found: Vec<String> = found
        .iter()
        .map(|line| super::grants::without_digest(line))
        .collect();
    assert_eq!(found, expected, "{resources}");
}

fn template(resources: &str) -> String {
    format!(
        "Resources:\n  {}\n",
        resources.trim_matches('\n').replace('\n', "\n  ")
    )
}

/// The same resources with other properties of the permission.
fn permission(properties: &str, expected: &[&str]) {
    let resources = format!(
        "
Files: {{Type: AWS::S3::Bucket}}
Alerts: {{Type: AWS::SNS::Topic}}
Work: {{Type: AWS::Lambda::Function}}
Let:
  Type: AWS::Lambda::Permission
  Properties: {{FunctionName: !Ref Work, Action: 'lambda:InvokeFunction', {properties}}}
"
    );
    check(&resources, "Work", expected);
}

#[test]
fn nobody_is_let_in_where_nothing_says_so() {
    check("Work: {Type: AWS::Lambda::Function}", "Work", &[]);
    draw(&template("Work: {Type: AWS::Lambda::Function}"), |draft| {
        assert_eq!(of(draft, "Work", "admits"), "[]");
    });
}

#[test]
fn a_service_may_call_on_behalf_of_a_source() {
    permission(
        "Principal: s3.amazonaws.com",
        &[
            "Let: principal=service principal_name=s3.amazonaws.com abilities=[invoke] narrowed_by=[]",
        ],
    );
    permission(
        "Principal: sns.amazonaws.com, SourceArn: !Ref Alerts",
        &[
            "Let: principal=service principal_name=sns.amazonaws.com abilities=[invoke] narrowed_by=[source_arn, source_account]",
        ],
    );
    // A bucket's ARN holds no account: its name may pass to somebody else.
    permission(
        "Principal: s3.amazonaws.com, SourceArn: !GetAtt Files.Arn",
        &[
            "Let: principal=service principal_name=s3.amazonaws.com abilities=[invoke] narrowed_by=[source_arn]",
        ],
    );
    permission(
        "Principal: s3.amazonaws.com, SourceArn: 'arn:aws:s3:::shop', SourceAccount: !Ref AWS::AccountId",
        &[
            "Let: principal=service principal_name=s3.amazonaws.com abilities=[invoke] narrowed_by=[source_arn, source_account]",
        ],
    );
    permission(
        "Principal: apigateway.amazonaws.com, SourceArn: !Sub 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:abc/*'",
        &[
            "Let: principal=service principal_name=apigateway.amazonaws.com abilities=[invoke] narrowed_by=[source_arn, source_account]",
        ],
    );
    permission(
        "Principal: events.amazonaws.com, SourceArn: '*'",
        &[
            "Let: principal=service principal_name=events.amazonaws.com abilities=[invoke] narrowed_by=[]",
        ],
    );
    permission(
        "Principal: alexa-appkit.amazon.com, EventSourceToken: amzn1.skill",
        &[
            "Let: principal=service principal_name=alexa-appkit.amazon.com abilities=[invoke] narrowed_by=[source_token]",
        ],
    );
}

#[test]
fn everybody_may_call_through_the_address_only() {
    permission(
        "Principal: '*'",
        &["Let: principal=anyone principal_name=* abilities=[invoke] narrowed_by=[]"],
    );
    permission(
        "Principal: '*', FunctionUrlAuthType: NONE",
        &["Let: principal=anyone principal_name=* abilities=[invoke] narrowed_by=[function_url]"],
    );
    permission(
        "Principal: '*', PrincipalOrgID: o-12345",
        &[
            "Let: principal=organisation principal_name=* abilities=[invoke] narrowed_by=[organisation]",
        ],
    );
    permission(
        "Principal: '123456789012'",
        &[
            "Let: principal=foreign_account principal_name=123456789012 abilities=[invoke] narrowed_by=[]",
        ],
    );
    permission(
        "Principal: !Ref AWS::AccountId",
        &[
            "Let: principal=own_account principal_name=${AWS::AccountId} abilities=[invoke] narrowed_by=[]",
        ],
    );
}

#[test]
fn a_queue_policy_lets_in_each_of_its_principals() {
    let policy = |statement: &str| {
        format!(
            "
Jobs: {{Type: AWS::SQS::Queue}}
Policy: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref Jobs], PolicyDocument: {{Statement: {statement}}}}}}}
"
        )
    };
    check(
        &policy(
            "{Sid: Open, Effect: Allow, Principal: '*', Action: 'SQS:SendMessage', Resource: '*'}",
        ),
        "Jobs",
        &["Open: principal=anyone principal_name=* abilities=[send] narrowed_by=[]"],
    );
    check(
        &policy(
            "[{Sid: Two, Effect: Allow, Principal: {Service: [sns.amazonaws.com, s3.amazonaws.com]}, Action: 'sqs:*', Condition: {StringEquals: {'aws:SourceAccount': !Ref 'AWS::AccountId'}}}]",
        ),
        "Jobs",
        &[
            "Two:sns.amazonaws.com: principal=service principal_name=sns.amazonaws.com abilities=[change_access, receive, send] narrowed_by=[source_account]",
            "Two:s3.amazonaws.com: principal=service principal_name=s3.amazonaws.com abilities=[change_access, receive, send] narrowed_by=[source_account]",
        ],
    );
    check(
        &policy(
            "[{Effect: Allow, Principal: {AWS: '*'}, Action: 'sqs:SendMessage'}, \
             {Effect: Deny, Principal: '*', Action: 'sqs:*', Condition: {StringNotEquals: {'aws:PrincipalOrgID': o-1}}}]",
        ),
        "Jobs",
        &[
            "anyone: principal=organisation principal_name=* abilities=[send] narrowed_by=[organisation]",
        ],
    );
    check(
        &policy(
            "[{Sid: Open, Effect: Allow, Principal: '*', Action: ['sqs:SendMessage', 'sqs:ReceiveMessage']}, \
             {Sid: But, Effect: Deny, Principal: '*', Action: 'sqs:SendMessage', Condition: {IpAddress: {'aws:SourceIp': 10.0.0.0/8}}}]",
        ),
        "Jobs",
        &[
            "Open: principal=anyone principal_name=* abilities=[receive, ?NotAnalysed(\"the condition of a Deny on some of it\")] narrowed_by=[]",
        ],
    );
    check(
        &policy(
            "{Sid: Most, Effect: Allow, NotPrincipal: {AWS: 'arn:aws:iam::123456789012:root'}, Action: 'sqs:SendMessage'}",
        ),
        "Jobs",
        &["Most: principal=anyone principal_name=* abilities=[send] narrowed_by=[]"],
    );
}

#[test]
fn policies_stand_in_many_places() {
    check(
        "
Bus: {Type: AWS::Events::EventBus}
Flat: {Type: AWS::Events::EventBusPolicy, Properties: {EventBusName: !Ref Bus, Action: 'events:PutEvents', Principal: '*', StatementId: any}}
Whole: {Type: AWS::Events::EventBusPolicy, Properties: {EventBusName: !Ref Bus, StatementId: org, Statement: {Effect: Allow, Principal: '*', Action: 'events:PutEvents', Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}}}}
",
        "Bus",
        &[
            "Flat: principal=anyone principal_name=* abilities=[send] narrowed_by=[]",
            "Whole: principal=organisation principal_name=* abilities=[send] narrowed_by=[organisation]",
        ],
    );
    check(
        "
Shared: {Type: AWS::Lambda::LayerVersion}
Let: {Type: AWS::Lambda::LayerVersionPermission, Properties: {LayerVersionArn: !Ref Shared, Action: 'lambda:GetLayerVersion', Principal: '*'}}
",
        "Shared",
        &["Let: principal=anyone principal_name=* abilities=[read_config] narrowed_by=[]"],
    );
    check(
        "
Key:
  Type: AWS::KMS::Key
  Properties:
    KeyPolicy: {Statement: [{Sid: Root, Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}]}
",
        "Key",
        &["Root: principal=own_account principal_name=arn:aws:iam::${AWS::AccountId}:root abilities=[decrypt] narrowed_by=[]"],
    );
    check(
        "
Run:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '123456789012'}, Action: 'sts:AssumeRole', Condition: {StringEquals: {'sts:ExternalId': x}}}]}
",
        "Run",
        &["123456789012: principal=foreign_account principal_name=123456789012 abilities=[assume] narrowed_by=[external_id]"],
    );
}

#[test]
fn what_depends_on_a_condition_is_said_by_cases() {
    let template = "
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}, Partner: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Work: {Type: AWS::Lambda::Function}
  Let:
    Type: AWS::Lambda::Permission
    Condition: IsProd
    Properties:
      FunctionName: !Ref Work
      Action: lambda:InvokeFunction
      Principal: !Ref Partner
  Other:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Work
      Action: lambda:InvokeFunction
      Principal: sns.amazonaws.com
      SourceAccount: !If [IsProd, !Ref AWS::AccountId, !Ref AWS::NoValue]
";
    let found = draw(template, |draft| {
        parts(draft, "Work", "admits", &["principal", "narrowed_by"])
    });
    assert_eq!(
        found,
        [
            "Let if IsProd is true: principal=?Parameter(\"Partner\") narrowed_by=[]",
            "Other: principal=service narrowed_by=<[] if IsProd is false | [source_account] if IsProd is true>",
        ]
    );
}

#[test]
fn tls_is_forced_by_a_deny() {
    let tls = |kind: &str, policy: &str, expected: &str| {
        let resources = format!("It: {{Type: {kind}}}\n{policy}");
        draw(&template(&resources), |draft| {
            assert_eq!(of(draft, "It", "tls_only"), expected, "{resources}");
        });
    };
    tls("AWS::SQS::Queue", "", "false");
    tls("AWS::Events::EventBus", "", "true");
    let deny = |action: &str, resource: &str| {
        format!(
            "Policy: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref It, PolicyDocument: {{Statement: \
             {{Effect: Deny, Principal: '*', Action: '{action}', Resource: {resource}, \
             Condition: {{Bool: {{'aws:SecureTransport': false}}}}}}}}}}}}"
        )
    };
    tls(
        "AWS::S3::Bucket",
        &deny("s3:*", "[!GetAtt It.Arn, !Sub '${It.Arn}/*']"),
        "true",
    );
    tls(
        "AWS::S3::Bucket",
        &deny("s3:*", "!GetAtt It.Arn"),
        "?NotAnalysed(\"a Deny that refuses only some calls without TLS\")",
    );
    tls(
        "AWS::S3::Bucket",
        &deny("s3:GetObject", "'*'"),
        "?NotAnalysed(\"a Deny that refuses only some calls without TLS\")",
    );
}

#[test]
fn roles_that_trust_each_other_are_read_once_each() {
    let role = |name: &str, other: &str| {
        format!(
            "{name}: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: \
             [{{Effect: Allow, Principal: {{AWS: !GetAtt {other}.Arn}}, Action: 'sts:AssumeRole'}}]}}}}}}"
        )
    };
    let both = format!("{}\n{}", role("One", "Two"), role("Two", "One"));
    let admits = |other: &str| {
        format!(
            "{other}: principal=role principal_name=${{{other}.Arn}} abilities=[assume] narrowed_by=[]"
        )
    };
    check(&both, "One", &[&admits("Two")]);
    check(&both, "Two", &[&admits("One")]);
}
