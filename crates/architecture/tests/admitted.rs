//! Whom the policies of every kind of resource let in, by the library as it is, and
//! what each condition makes of it.

mod common;

use common::{fact, mapped};
use underbelly_expression::SubjectId;

/// Whom a component lets in: its line `S` of a policy, or the permission of that name.
fn check(resources: &str, owner: &str, line: &str, expected: &str) {
    let template = format!("Resources:\n  {}\n", resources.trim().replace('\n', "\n  "));
    let mapping = mapped(&template);
    let components = &mapping.architecture.components;
    let at = components
        .iter()
        .position(|component| &*component.name == owner);
    assert!(at.is_some(), "no component `{owner}`");
    let owner = SubjectId::component(at.unwrap_or_default());
    let said = |name: &str| {
        let path = format!("admits/{line}/{name}");
        fact(&mapping.architecture, owner, &path)
    };
    let found = format!(
        "{} {} {}",
        said("principal"),
        said("abilities"),
        said("narrowed_by")
    );
    assert_eq!(found.trim_end(), expected, "{resources}");
}

/// A policy of one line `S` that lets another account do something.
fn policy(action: &str) -> String {
    format!(
        "{{Statement: [{{Sid: S, Effect: Allow, Principal: {{AWS: '111111111111'}}, Action: '{action}', Resource: '*'}}]}}"
    )
}

#[test]
fn every_kind_of_policy_is_read() {
    let beside = [
        (
            "AWS::S3::Bucket",
            "AWS::S3::BucketPolicy",
            "Bucket: !Ref X, PolicyDocument",
            "s3:GetObject",
            "read_data",
        ),
        (
            "AWS::SQS::Queue",
            "AWS::SQS::QueuePolicy",
            "Queues: [!Ref X], PolicyDocument",
            "sqs:SendMessage",
            "send",
        ),
        (
            "AWS::SNS::Topic",
            "AWS::SNS::TopicPolicy",
            "Topics: [!Ref X], PolicyDocument",
            "sns:Publish",
            "publish",
        ),
        (
            "AWS::SecretsManager::Secret",
            "AWS::SecretsManager::ResourcePolicy",
            "SecretId: !Ref X, ResourcePolicy",
            "secretsmanager:GetSecretValue",
            "read_secret",
        ),
        (
            "AWS::Kinesis::Stream",
            "AWS::Kinesis::ResourcePolicy",
            "ResourceArn: !GetAtt X.Arn, ResourcePolicy",
            "kinesis:PutRecord",
            "send",
        ),
    ];
    for (kind, of, property, action, gives) in beside {
        let policy = policy(action);
        let resources =
            format!("X: {{Type: {kind}}}\nP: {{Type: {of}, Properties: {{{property}: {policy}}}}}");
        check(&resources, "X", "S", &format!("foreign_account {gives}"));
    }
    let own = [
        ("AWS::KMS::Key", "KeyPolicy", "kms:Decrypt", "decrypt"),
        (
            "AWS::DynamoDB::Table",
            "ResourcePolicy: {PolicyDocument",
            "dynamodb:GetItem",
            "read_data",
        ),
        (
            "AWS::Events::EventBus",
            "Name: x, Policy",
            "events:PutEvents",
            "send",
        ),
        (
            "AWS::ApiGateway::RestApi",
            "Name: x, Policy",
            "execute-api:Invoke",
            "invoke",
        ),
        (
            "AWS::ECR::Repository",
            "RepositoryPolicyText",
            "ecr:BatchGetImage",
            "read_config",
        ),
        (
            "AWS::EFS::FileSystem",
            "FileSystemPolicy",
            "elasticfilesystem:ClientMount",
            "read_data",
        ),
        (
            "AWS::IAM::Role",
            "AssumeRolePolicyDocument",
            "sts:AssumeRole",
            "assume",
        ),
    ];
    for (kind, property, action, gives) in own {
        let policy = policy(action);
        let close = if property.contains(": {") { "}" } else { "" };
        let resources = format!("X: {{Type: {kind}, Properties: {{{property}: {policy}{close}}}}}");
        check(&resources, "X", "S", &format!("foreign_account {gives}"));
    }
}

/// Whom a statement of a queue lets in, from its principal on.
fn queue(statement: &str, expected: &str) {
    let resources = format!(
        "X: {{Type: AWS::SQS::Queue}}\nP: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref X], \
         PolicyDocument: {{Statement: [{{Sid: S, Effect: Allow, Resource: '*', {statement}}}]}}}}}}"
    );
    check(&resources, "X", "S", expected);
}

#[test]
fn each_condition_narrows_or_stays_unknown() {
    let with = |condition: &str, expected: &str| {
        let statement =
            format!("Principal: '*', Action: 'sqs:SendMessage', Condition: {{{condition}}}");
        queue(&statement, expected);
    };
    with(
        "ArnEquals: {'aws:SourceArn': 'arn:aws:sns:eu-west-1:111111111111:x'}",
        "anyone send source_arn, source_account",
    );
    with(
        "ArnLike: {'aws:SourceArn': 'arn:aws:s3:::x'}",
        "anyone send source_arn",
    );
    with(
        "StringEquals: {'aws:SourceAccount': '111111111111'}",
        "anyone send source_account",
    );
    with(
        "StringEquals: {'aws:SourceVpce': vpce-1}",
        "anyone send network",
    );
    with(
        "StringEquals: {'aws:PrincipalOrgID': o-1}",
        "organisation send organisation",
    );
    with("Bool: {'aws:SecureTransport': 'true'}", "anyone send tls");
    with(
        "Bool: {'aws:SecureTransport': 'false'}",
        "anyone send other",
    );
    with("IpAddress: {'aws:SourceIp': 10.0.0.0/8}", "anyone send ip");
    with("IpAddress: {'aws:SourceIp': 0.0.0.0/0}", "anyone send");
    with("StringLike: {'aws:PrincipalOrgID': '*'}", "anyone send");
    with(
        "StringEqualsIfExists: {'aws:SourceVpce': vpce-1}",
        "anyone send other",
    );
    with(
        "StringNotEquals: {'aws:SourceAccount': '111111111111'}",
        "anyone send other",
    );
}

#[test]
fn principals_and_actions_may_be_left_out() {
    queue(
        "NotPrincipal: {AWS: '111111111111'}, Action: 'sqs:SendMessage'",
        "anyone send",
    );
    queue(
        "Principal: {AWS: '111111111111'}, NotAction: ['sqs:ReceiveMessage', 'sqs:Delete*']",
        "foreign_account change_access, change_config, delete_data, receive, send",
    );
    queue(
        "Principal: {AWS: '111111111111'}, Action: 'sqs:Send*'",
        "foreign_account send",
    );
    // The policy of a queue can be about queues only.
    queue(
        "Principal: {AWS: '111111111111'}, Action: '*'",
        "foreign_account administer, change_access, change_config, delete_data, receive, send",
    );
    queue(
        "Principal: {AWS: '111111111111'}, Action: 'sqs:Sned*'",
        "foreign_account",
    );
}

#[test]
fn tokens_are_told_apart_by_whom_they_are_for() {
    let with = |federated: &str, condition: &str, expected: &str| {
        let resources = format!(
            "X: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: [{{Sid: S, Effect: Allow, \
             Principal: {{Federated: {federated}}}, Action: 'sts:AssumeRoleWithWebIdentity', Condition: {{{condition}}}}}]}}}}}}"
        );
        check(&resources, "X", "S", expected);
    };
    let git = "'arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com'";
    with(
        git,
        "StringEquals: {'token.actions.githubusercontent.com:aud': sts.amazonaws.com}",
        "federated assume other",
    );
    with(
        git,
        "StringLike: {'token.actions.githubusercontent.com:sub': 'repo:shop/orders:*'}",
        "federated assume sub",
    );
    with(
        "cognito-identity.amazonaws.com",
        "StringEquals: {'cognito-identity.amazonaws.com:aud': pool}, \
         'ForAnyValue:StringLike': {'cognito-identity.amazonaws.com:amr': authenticated}",
        "federated assume other",
    );
}

#[test]
fn a_policy_may_be_a_text_or_of_the_old_version() {
    let text = r#"'{"Version": "2008-10-17", "Statement": {"Sid": "S", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}}'"#;
    let resources = format!(
        "X: {{Type: AWS::SQS::Queue}}\nP: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref X], PolicyDocument: {text}}}}}"
    );
    check(&resources, "X", "S", "anyone send");
}
