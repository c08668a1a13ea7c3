//! Functions: globals, roles, policies in every form, URLs, aliases.

use crate::{check, check_ids, template};

const ROLE: &str = "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Policies:\n";

fn check_policies(policies: &str, expected: &str) {
    let indented: String = policies
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect();
    let text = template(
        "",
        &format!("{ROLE}{indented}T:\n  Type: AWS::DynamoDB::Table\n"),
    );
    let printed = crate::printed(&text);
    let role = printed.lines().find(|line| line.starts_with("FRole "));
    let role = role.unwrap_or_default();
    assert!(role.contains(expected), "no\n{expected}\nin\n{printed}");
}

#[test]
fn globals_lie_below_what_the_function_says() {
    let globals = "Globals:\n  Function:\n    Timeout: 3\n    Runtime: python3.14\n    Layers: [base]\n    \
                   Environment: {Variables: {A: global, B: global}}\n";
    check(
        &template(
            globals,
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Role: r\n    Timeout: 9\n    \
             Layers: [own]\n    Environment: {Variables: {B: own}}\n\
             G:\n  Type: AWS::Serverless::Function\n  IgnoreGlobals: [Timeout, Layers, Environment]\n  \
             Properties:\n    Role: r\n\
             H:\n  Type: AWS::Serverless::Function\n  IgnoreGlobals: '*'\n  Properties:\n    Role: r\n",
        ),
        "F AWS::Lambda::Function {Timeout: 9, Runtime: 'python3.14', Layers: ['base', 'own'], Environment: {Variables: {A: 'global', B: 'own'}}, Role: 'r'}
         G AWS::Lambda::Function {Runtime: 'python3.14', Role: 'r'}
         H AWS::Lambda::Function {Role: 'r'}",
    );
}

#[test]
fn a_function_without_a_role_gets_one_at_its_own_line() {
    check_ids(
        &template("", "F:\n  Type: AWS::Serverless::Function\n"),
        "3 F AWS::Lambda::Function
         3 FRole AWS::IAM::Role",
    );
    check(
        &template("", "F:\n  Type: AWS::Serverless::Function\n  Properties: {Handler: a.b}\n"),
        "F AWS::Lambda::Function {Handler: 'a.b', Role: '${FRole.Arn}'}
         FRole (F:role) AWS::IAM::Role {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: {Service: ['lambda.amazonaws.com']}}]}, ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']}",
    );
}

#[test]
fn a_role_given_in_some_worlds_is_implied_in_the_others() {
    check(
        &template(
            "Parameters:\n  Own: {Type: String, AllowedValues: ['yes', 'no'], Default: 'no'}\nConditions:\n  HasOwn: !Equals [!Ref Own, 'yes']\n",
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Role: !If [HasOwn, given, !Ref AWS::NoValue]\n",
        ),
        "F AWS::Lambda::Function {Role: <HasOwn is true: 'given' | *HasOwn is false: '${FRole.Arn}'>}
         FRole (F:role) AWS::IAM::Role when HasOwn is false {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: {Service: ['lambda.amazonaws.com']}}]}, ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']}",
    );
}

#[test]
fn policies_are_read_in_every_form() {
    check_policies(
        "- AmazonS3ReadOnlyAccess\n- arn:aws:iam::123456789012:policy/own\n- !Ref Own",
        "ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess', 'arn:aws:iam::123456789012:policy/own', '${? Own}']",
    );
    check_policies(
        "- Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]",
        "Policies: [{PolicyName: 'FRolePolicy0', PolicyDocument: {Statement: [{Effect: 'Allow', Action: 's3:*', Resource: '*'}]}}]",
    );
    check_policies(
        "Statement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'",
        "Policies: [{PolicyName: 'FRolePolicy0', PolicyDocument: {Statement: [{Effect: 'Allow', Action: 's3:GetObject', Resource: '*'}]}}]",
    );
    check_policies(
        "- CloudWatchPutMetricPolicy: {}",
        "PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['cloudwatch:PutMetricData'], Resource: ['*']}]}",
    );
    check_policies(
        "- DynamoDBReadPolicy: {TableName: !Ref T}",
        "Resource: ['arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${T}']",
    );
}

#[test]
fn a_policy_template_nobody_knows_grants_something_unknown() {
    check(
        &template("", &format!("{ROLE}      - S3ReadAndMorePolicy: {{}}\n")),
        "# sam-unknown-policy-template at 7: `S3ReadAndMorePolicy` is not a policy template we know",
    );
    check_policies(
        "- S3ReadAndMorePolicy: {}",
        "PolicyDocument: ?`S3ReadAndMorePolicy` is not a policy template we know",
    );
}

#[test]
fn tracing_and_a_network_add_what_they_need() {
    check_ids(
        &template(
            "",
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Tracing: Active\n    VpcConfig: {SubnetIds: [a]}\n    DeadLetterQueue: {Type: SNS, TargetArn: t}\n",
        ),
        "3 F AWS::Lambda::Function
         3 FRole AWS::IAM::Role",
    );
    check(
        &template(
            "",
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Tracing: Active\n    VpcConfig: {SubnetIds: [a]}\n    DeadLetterQueue: {Type: SNS, TargetArn: t}\n",
        ),
        "F AWS::Lambda::Function {VpcConfig: {SubnetIds: ['a']}, Role: '${FRole.Arn}', TracingConfig: {Mode: 'Active'}, DeadLetterConfig: {TargetArn: 't'}}
         FRole (F:role) AWS::IAM::Role {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: {Service: ['lambda.amazonaws.com']}}]}, ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess', 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'], Policies: [{PolicyName: 'DeadLetterQueuePolicy', PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sns:Publish'], Resource: ['t']}]}}]}",
    );
}

#[test]
fn an_open_url_is_a_component_with_its_two_permissions() {
    let with_url = |auth: &str| {
        template(
            "",
            &format!(
                "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Role: r\n    FunctionUrlConfig:\n      AuthType: {auth}\n"
            ),
        )
    };
    check_ids(
        &with_url("NONE"),
        "3 F AWS::Lambda::Function
         7 FUrl AWS::Lambda::Url
         8 FUrlPublicPermissions AWS::Lambda::Permission
         8 FURLInvokeAllowPublicAccess AWS::Lambda::Permission",
    );
    check(
        &with_url("NONE"),
        "FUrl (F:url) AWS::Lambda::Url {TargetFunctionArn: '${F.Arn}', AuthType: 'NONE'}
         FUrlPublicPermissions (F:url-public) AWS::Lambda::Permission {Action: 'lambda:InvokeFunctionUrl', FunctionName: '${F.Arn}', Principal: '*', FunctionUrlAuthType: 'NONE'}
         FURLInvokeAllowPublicAccess (F:url-public-invoke) AWS::Lambda::Permission {Action: 'lambda:InvokeFunction', FunctionName: '${F.Arn}', Principal: '*', InvokedViaFunctionUrl: true}",
    );
    check_ids(
        &with_url("AWS_IAM"),
        "3 F AWS::Lambda::Function
         7 FUrl AWS::Lambda::Url",
    );
}

#[test]
fn what_refers_to_an_alias_means_the_function() {
    check(
        &template(
            "",
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Role: r\n    AutoPublishAlias: live\nQ:\n  Type: T::T::T\n  Properties:\n    X: !Ref F.Alias\n    Y: !Ref FAliaslive\n    Z: !GetAtt F.Version\n",
        ),
        "FAliaslive (F:alias) AWS::Lambda::Alias {FunctionName: '${F}', Name: 'live'}
         Q T::T::T {X: '${F}', Y: '${FAliaslive}', Z: '${F.Version}'}",
    );
}

#[test]
fn outcomes_of_asynchronous_calls_have_destinations() {
    check_ids(
        &template(
            "",
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    EventInvokeConfig:\n      DestinationConfig:\n        OnFailure:\n          Type: SQS\n        OnSuccess: {Type: EventBridge, Destination: bus}\n",
        ),
        "3 F AWS::Lambda::Function
         10 FEventInvokeConfigOnFailureQueue AWS::SQS::Queue
         6 FEventInvokeConfig AWS::Lambda::EventInvokeConfig
         3 FRole AWS::IAM::Role"
            .replace("10 F", "8 F")
            .as_str(),
    );
}

#[test]
fn policies_beside_a_role_are_told_to_do_nothing() {
    check(
        &template(
            "",
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Role: r\n    Policies: [AWSLambdaExecute]\n",
        ),
        "# sam-ignored-property at 7: the `Policies` of `F` are not attached, because it has a `Role` of its own
         F AWS::Lambda::Function {Role: 'r'}",
    );
}
