//! What is told of policies that are written wrongly.

use super::super::testing::{draw, graph};
use super::grants::{statements, template};

/// What is told of a template: where, what, why, what to do.
fn told(template: &str) -> Vec<String> {
    draw(template, |draft| {
        let shown = draft.diagnostics.iter().map(|told| {
            let at = told.span.map_or("", |span| {
                let range = span.start as usize..span.end as usize;
                template.get(range).unwrap_or("?")
            });
            let more = [&told.note, &told.help];
            let more = more.map(|more| more.as_deref().unwrap_or("-"));
            format!("{at} | {} | {} | {}", told.message, more[0], more[1])
        });
        shown.collect::<Vec<_>>()
    })
}

fn check(statement: &str, expected: &[&str]) {
    let template = template("", &statements(&[statement]), "");
    assert_eq!(told(&template), expected, "{statement}");
}

#[test]
fn actions_that_exist_are_not_spoken_of() {
    check(
        "{Effect: Allow, Action: [dynamodb:getitem, 's3:*', 'S3:Get*', '*', 'atlas:DrawMap', 'SNS:Receive'], Resource: '*'}",
        &[],
    );
}

#[test]
fn an_action_that_does_not_exist_is_told_with_what_was_meant() {
    check(
        "{Effect: Allow, Action: [dynamodb:GetItems, sqs:SendMessage], Resource: '*'}",
        &[
            "dynamodb:GetItems | there is no action `dynamodb:GetItems` | it allows nothing, by the provider's list as of 2026-11-23 | did you mean `dynamodb:GetItem`?",
        ],
    );
    check(
        "{Effect: Deny, Action: s3:Teleport*, Resource: '*'}",
        &[
            "s3:Teleport* | `s3:Teleport*` takes in no action of S3 | it denies nothing, by the provider's list as of 2026-11-23 | -",
        ],
    );
    check(
        "{Effect: Allow, NotAction: dynamodb:GetItems, Resource: '*'}",
        &[
            "dynamodb:GetItems | there is no action `dynamodb:GetItems` | it leaves nothing out, by the provider's list as of 2026-11-23 | did you mean `dynamodb:GetItem`?",
        ],
    );
    check(
        "{Effect: Allow, Action: GetItem, Resource: '*'}",
        &[
            "GetItem | `GetItem` is not the name of an action | it allows nothing | write it as `service:Action`",
        ],
    );
}

#[test]
fn a_call_that_is_no_action_is_told_with_the_action() {
    check(
        "{Effect: Allow, Action: sqs:SendMessageBatch, Resource: '*'}",
        &[
            "sqs:SendMessageBatch | there is no action `sqs:SendMessageBatch` | it allows nothing, by the provider's list as of 2026-11-23 | it is a call that `sqs:SendMessage` allows: write that",
        ],
    );
}

#[test]
fn a_service_that_does_not_exist_is_told() {
    check(
        "{Effect: Allow, Action: [dynamoDBB:GetItem, ddb:Query], Resource: '*'}",
        &[
            "dynamoDBB:GetItem | no service has the prefix `dynamoDBB` | what it allows is unknown here, by the provider's list as of 2026-11-23 | did you mean `dynamodb:GetItem`?",
            "ddb:Query | no service has the prefix `ddb` | what it allows is unknown here, by the provider's list as of 2026-11-23 | did you mean `dynamodb:Query`?",
        ],
    );
}

#[test]
fn what_the_provider_would_refuse_is_told() {
    check(
        "{Action: s3:GetObject}",
        &[
            "{Action: s3:GetObject} | a statement lacks `Effect` and `Resource` | the provider refuses the policy | -",
        ],
    );
    check(
        "{Effect: allow, Action: s3:GetObject, Resource: '*'}",
        &[
            "allow | `Effect` is `allow`, neither `Allow` nor `Deny` | what the statement does is unknown here | -",
        ],
    );
    check(
        "{Effect: Allow, Action: s3:GetObject, Resource: [shop, 'arn:aws:s3::shop', 'arn:aws:s3:::shop/*']}",
        &[
            "shop | `shop` is not the address of a resource | it matches nothing | write an ARN: `arn:aws:service:region:account:resource`",
            "'arn:aws:s3::shop' | `arn:aws:s3::shop` is not the address of a resource | it matches nothing | write an ARN: `arn:aws:service:region:account:resource`",
        ],
    );
}

#[test]
fn an_old_policy_fills_in_no_variables() {
    let document = |version: &str| {
        format!(
            "
Policies:
- PolicyName: Home
  PolicyDocument:
    {version}Statement: {{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::home/${{aws:username}}/*'}}
"
        )
    };
    let lines = |version: &str| told(&template("", &document(version), ""));
    assert_eq!(lines("Version: '2012-10-17'\n    "), [] as [&str; 0]);
    let expected = [
        "'arn:aws:s3:::home/${aws:username}/*' | a policy of version `2008-10-17` does not fill in `${aws:…}` | it matches only what is called so | write `Version: '2012-10-17'`",
    ];
    assert_eq!(lines(""), expected);
    assert_eq!(lines("Version: '2008-10-17'\n    "), expected);
    let told = lines("Version: '2012-10-18'\n    ");
    assert_eq!(
        told,
        [
            "'2012-10-18' | there is no version `2012-10-18` of the policy language | the provider refuses the policy | write `2012-10-17`"
        ]
    );
}

#[test]
fn documents_that_are_no_policies_are_told() {
    let document = |document: &str| {
        let policies = format!("Policies: [{{PolicyName: Odd, PolicyDocument: {document}}}]");
        told(&template("", &policies, ""))
    };
    assert_eq!(
        document("{Statement: []}"),
        ["{Statement: []} | a policy without statements allows nothing | - | -"]
    );
    assert_eq!(
        document("[]"),
        [
            "[] | a policy written as a list is not read | what it allows is unknown here | write a mapping with `Version` and `Statement`"
        ]
    );
    assert_eq!(
        document("allow everything"),
        [
            "allow everything | a policy written as one text is not read | what it allows is unknown here | write a mapping with `Version` and `Statement`"
        ]
    );
}

#[test]
fn a_mistake_in_a_policy_of_many_roles_is_told_once() {
    let more = "
More:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument: {Statement: {Effect: Allow, Action: s3:GetObjects, Resource: '*'}}
Other:
  Type: AWS::IAM::Role
  Properties: {ManagedPolicyArns: [!Ref More]}
";
    let template = template("", "ManagedPolicyArns: [!Ref More]", more);
    assert_eq!(graph(&template).resources.len(), 3);
    assert_eq!(told(&template).len(), 1);
}
