//! Queues, topics and event buses: who may write to them.

use crate::{Row, row};

const GIVEN: &str = "
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}, Who: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:";

/// A channel under a policy of one statement.
pub(crate) struct Channel {
    pub(crate) head: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) action: &'static str,
}

pub(crate) const QUEUE: Channel = Channel {
    head: "\n  It: {Type: AWS::SQS::Queue}",
    policy: "Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref It], PolicyDocument: {Statement: [",
    action: "sqs:SendMessage",
};

pub(crate) const TOPIC: Channel = Channel {
    head: "\n  It: {Type: AWS::SNS::Topic}",
    policy: "Type: AWS::SNS::TopicPolicy, Properties: {Topics: [!Ref It], PolicyDocument: {Statement: [",
    action: "sns:Publish",
};

impl Channel {
    /// It, with whom it lets in under which condition.
    pub(crate) fn lets(&self, principal: &str, condition: &str) -> String {
        let condition = match condition {
            "" => String::new(),
            _ => format!(", Condition: {{{condition}}}"),
        };
        format!(
            "{}\n  Policy: {{{}{{Effect: Allow, Principal: {principal}, Action: '{}', Resource: '*'{condition}}}]}}}}}}§\n",
            self.head, self.policy, self.action
        )
    }
}

/// What holds for queues and topics alike; `service` is one that may write to it.
fn alike(channel: &Channel, service: &str) -> Vec<Row> {
    let lets = |principal: &str, condition: &str| channel.lets(principal, condition);
    let by = |condition: &str| lets(&format!("{{Service: {service}}}"), condition);
    let tied = "ArnEquals: {'aws:SourceArn': !GetAtt Files.Arn}";
    let user = "
  Keys: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: false}}
  Attached: {Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {IdentityPoolId: !Ref Keys, Roles: {authenticated: !GetAtt User.Arn}}}
  User: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}, Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: 'ACTION', Resource: ARN}]}}]}}§
";
    let arn = if channel.action.starts_with("sqs") {
        "!GetAtt It.Arn"
    } else {
        "!Ref It"
    };
    let user = user.replace("ACTION", channel.action).replace("ARN", arn);
    vec![
        row(
            "nobody is let in",
            "It",
            "nobody",
            format!("{}§\n", channel.head),
        ),
        row("everybody", "It", "anyone", lets("'*'", "")),
        row(
            "everybody, under the other spelling",
            "It",
            "anyone",
            lets("{AWS: '*'}", ""),
        ),
        row(
            "everybody who uses TLS",
            "It",
            "anyone",
            lets("'*'", "Bool: {'aws:SecureTransport': true}"),
        ),
        row(
            "people who signed in, by the role they are given",
            "It",
            "signed_in",
            format!("{}{user}", channel.head),
        ),
        row(
            "another account",
            "It",
            "partner",
            lets("{AWS: '111122223333'}", ""),
        ),
        row(
            "an organisation",
            "It",
            "partner",
            lets("'*'", "StringEquals: {'aws:PrincipalOrgID': o-1}"),
        ),
        row(
            "known addresses",
            "It",
            "partner",
            lets("'*'", "IpAddress: {'aws:SourceIp': 192.0.2.0/24}"),
        ),
        row("a service for whoever asks it", "It", "deputy", by("")),
        row(
            "a service for one bucket",
            "It",
            "nobody",
            format!("{}  Files: {{Type: AWS::S3::Bucket}}\n", by(tied)),
        ),
        row(
            "a service for our account",
            "It",
            "nobody",
            by("StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}"),
        ),
        row(
            "a service for an organisation",
            "It",
            "nobody",
            by("StringEquals: {'aws:SourceOrgID': o-1}"),
        ),
        row(
            "a service under a condition we cannot read",
            "It",
            "unknown: the condition of an Allow for a service",
            by("StringEquals: {'aws:PrincipalServiceName': x}"),
        ),
        row(
            "our account",
            "It",
            "account",
            lets("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", ""),
        ),
        row(
            "everybody, from one bucket",
            "It",
            "account",
            format!("{}  Files: {{Type: AWS::S3::Bucket}}\n", lets("'*'", tied)),
        ),
        row(
            "everybody, through one endpoint",
            "It",
            "account",
            lets("'*'", "StringEquals: {'aws:SourceVpce': vpce-1}"),
        ),
        row(
            "an account nobody said",
            "It",
            "unknown: Who",
            format!("{GIVEN}{}", lets("{AWS: !Ref Who}", "")),
        ),
        row(
            "an imported account",
            "It",
            "unknown: partner-account",
            lets("{AWS: !ImportValue partner-account}", ""),
        ),
        row(
            "everybody in production only",
            "It",
            "nobody if IsProd is false; anyone if IsProd is true",
            format!(
                "{GIVEN}{}",
                lets("'*'", "")
                    .replace("Policy: {Type", "Policy: {Condition: IsProd, Type")
                    .replacen("}\n", "}§\n", 1)
            ),
        ),
    ]
}

pub(crate) fn queue() -> Vec<Row> {
    alike(&QUEUE, "sns.amazonaws.com")
}

pub(crate) fn topic() -> Vec<Row> {
    alike(&TOPIC, "s3.amazonaws.com")
}

pub(crate) fn event_bus() -> Vec<Row> {
    let bus = "\n  It: {Type: AWS::Events::EventBus, Properties: {Name: shop}}";
    let lets = |properties: &str| {
        format!(
            "{bus}\n  Policy: {{Type: AWS::Events::EventBusPolicy, Properties: {{EventBusName: !Ref It, StatementId: one, {properties}}}}}§\n"
        )
    };
    let statement = |principal: &str, condition: &str| {
        lets(&format!(
            "Statement: {{Effect: Allow, Principal: {principal}, Action: 'events:PutEvents', Resource: !GetAtt It.Arn{condition}}}"
        ))
    };
    vec![
        row("nobody is let in", "It", "nobody", format!("{bus}§\n")),
        row("every account", "It", "any_account", lets("Action: 'events:PutEvents', Principal: '*'")),
        row("every account, in a whole statement", "It", "any_account", statement("'*'", "")),
        row("another account", "It", "partner", lets("Action: 'events:PutEvents', Principal: '111122223333'")),
        row("an organisation", "It", "partner", lets("Action: 'events:PutEvents', Principal: '*', Condition: {Type: StringEquals, Key: 'aws:PrincipalOrgID', Value: o-1}")),
        row("a seller of events", "It", "partner", "  It: {Type: AWS::Events::EventBus, Properties: {Name: aws.partner/shop.example/one, EventSourceName: aws.partner/shop.example/one}}§\n"),
        row("people who signed in, by the role they are given", "It", "signed_in", format!("{bus}
  Keys: {{Type: AWS::Cognito::IdentityPool, Properties: {{AllowUnauthenticatedIdentities: false}}}}
  Attached: {{Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: {{IdentityPoolId: !Ref Keys, Roles: {{authenticated: !GetAtt User.Arn}}}}}}
  User: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: []}}, Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 'events:PutEvents', Resource: !GetAtt It.Arn}}]}}}}]}}}}§
")),
        row("a service for whoever asks it", "It", "deputy", statement("{Service: s3.amazonaws.com}", "")),
        row("a service for our account", "It", "nobody", statement("{Service: s3.amazonaws.com}", ", Condition: {StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}}")),
        row("our account", "It", "account", lets("Action: 'events:PutEvents', Principal: !Ref AWS::AccountId")),
        row("an account nobody said", "It", "unknown: Who", format!("{GIVEN}{}", lets("Action: 'events:PutEvents', Principal: !Ref Who"))),
        row("every account in production only", "It", "nobody if IsProd is false; any_account if IsProd is true", format!("{GIVEN}{}", lets("Action: 'events:PutEvents', Principal: '*'").replace("Policy: {Type", "Policy: {Condition: IsProd, Type").replacen("}}\n", "}}§\n", 1))),
    ]
}
