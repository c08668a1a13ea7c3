//! Events: each gives what calls the function, with its permission or rights.

use crate::{check, check_ids, template};

fn with_event(event: &str) -> String {
    template(
        "",
        &format!(
            "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Role: r\n    Events:\n      E:\n{event}\
             B:\n  Type: AWS::S3::Bucket\nQ:\n  Type: AWS::SQS::Queue\nT:\n  Type: AWS::SNS::Topic\n\
             P:\n  Type: AWS::Cognito::UserPool\n"
        ),
    )
}

fn event(kind: &str, properties: &str) -> String {
    with_event(&format!(
        "        Type: {kind}\n        Properties: {properties}\n"
    ))
}

#[test]
fn a_bucket_notifies_the_function() {
    check(
        &event("S3", "{Bucket: !Ref B, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*']}"),
        "FEPermission (F:E permission) AWS::Lambda::Permission {SourceAccount: '${AWS::AccountId}', Action: 'lambda:InvokeFunction', FunctionName: '${F}', Principal: 's3.amazonaws.com'}
         B AWS::S3::Bucket {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: '${F.Arn}'}, {Event: 's3:ObjectRemoved:*', Function: '${F.Arn}'}]}}",
    );
}

#[test]
fn a_bucket_that_stands_elsewhere_is_said() {
    check(
        &event("S3", "{Bucket: elsewhere, Events: 's3:ObjectCreated:*'}"),
        "# sam-unknown-resource at 10: event `E` does not refer to a resource of this template",
    );
}

#[test]
fn a_topic_calls_the_function_or_fills_a_queue() {
    check(
        &event("SNS", "{Topic: !Ref T, FilterPolicy: {a: [b]}}"),
        "FEPermission (F:E permission) AWS::Lambda::Permission {SourceArn: '${T}', Action: 'lambda:InvokeFunction', FunctionName: '${F}', Principal: 'sns.amazonaws.com'}
         FE (F:E) AWS::SNS::Subscription {TopicArn: '${T}', FilterPolicy: {a: ['b']}, Protocol: 'lambda', Endpoint: '${F.Arn}'}",
    );
    check_ids(
        &event("SNS", "{Topic: !Ref T, SqsSubscription: true}"),
        "3 F AWS::Lambda::Function
         8 FEQueue AWS::SQS::Queue
         8 FEQueuePolicy AWS::SQS::QueuePolicy
         8 FEEventSourceMapping AWS::Lambda::EventSourceMapping
         8 FE AWS::SNS::Subscription
         11 B AWS::S3::Bucket
         13 Q AWS::SQS::Queue
         15 T AWS::SNS::Topic
         17 P AWS::Cognito::UserPool",
    );
}

#[test]
fn a_queue_is_polled() {
    check(
        &event("SQS", "{Queue: !GetAtt Q.Arn, BatchSize: 3}"),
        "FE (F:E) AWS::Lambda::EventSourceMapping {FunctionName: '${F}', BatchSize: 3, EventSourceArn: '${Q.Arn}'}",
    );
}

#[test]
fn a_stream_sends_what_failed_to_a_destination() {
    check(
        &event(
            "Kinesis",
            "{Stream: s, StartingPosition: LATEST, DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt Q.Arn}}}",
        ),
        "FE (F:E) AWS::Lambda::EventSourceMapping {FunctionName: '${F}', StartingPosition: 'LATEST', EventSourceArn: 's', DestinationConfig: {OnFailure: {Destination: '${Q.Arn}'}}}",
    );
}

#[test]
fn rules_and_schedules_call_the_function() {
    check(
        &event("EventBridgeRule", "{EventBusName: bus, Pattern: {source: [shop]}}"),
        "FEPermission (F:E permission) AWS::Lambda::Permission {SourceArn: '${FE.Arn}', Action: 'lambda:InvokeFunction', FunctionName: '${F}', Principal: 'events.amazonaws.com'}
         FE (F:E) AWS::Events::Rule {EventPattern: {source: ['shop']}, EventBusName: 'bus', Targets: [{Arn: '${F.Arn}', Id: 'FELambdaTarget'}]}",
    );
    check(
        &event("Schedule", "{Schedule: rate(1 day), Enabled: false}"),
        "FE (F:E) AWS::Events::Rule {ScheduleExpression: 'rate(1 day)', Targets: [{Arn: '${F.Arn}', Id: 'FELambdaTarget'}], State: 'DISABLED'}",
    );
    check(
        &event("ScheduleV2", "{ScheduleExpression: rate(1 day)}"),
        "FERole (F:E role) AWS::IAM::Role {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: {Service: ['scheduler.amazonaws.com']}}]}, Policies: [{PolicyName: 'FELambdaPolicy', PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: ['${F.Arn}']}]}}]}
         FE (F:E) AWS::Scheduler::Schedule {ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: '${F.Arn}', RoleArn: '${FERole.Arn}'}, Name: 'FE'}",
    );
}

#[test]
fn a_user_pool_has_triggers() {
    check(
        &event("Cognito", "{UserPool: !Ref P, Trigger: [PreSignUp, PostConfirmation]}"),
        "FCognitoPermission (F:E permission) AWS::Lambda::Permission {SourceArn: '${P.Arn}', Action: 'lambda:InvokeFunction', FunctionName: '${F}', Principal: 'cognito-idp.amazonaws.com'}
         P AWS::Cognito::UserPool {LambdaConfig: {PreSignUp: '${F.Arn}', PostConfirmation: '${F.Arn}'}}",
    );
}

#[test]
fn other_services_get_leave_to_call() {
    check(
        &event("CloudWatchLogs", "{LogGroupName: group, FilterPattern: error}"),
        "FEPermission (F:E permission) AWS::Lambda::Permission {SourceArn: 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:group:*', Action: 'lambda:InvokeFunction', FunctionName: '${F}', Principal: 'logs.amazonaws.com'}
         FE (F:E) AWS::Logs::SubscriptionFilter {LogGroupName: 'group', FilterPattern: 'error', DestinationArn: '${F.Arn}'}",
    );
    check(
        &event("AlexaSkill", "{SkillId: skill}"),
        "FEPermission (F:E permission) AWS::Lambda::Permission {EventSourceToken: 'skill', Action: 'lambda:InvokeFunction', FunctionName: '${F}', Principal: 'alexa-appkit.amazon.com'}",
    );
    check(
        &event("IoTRule", "{Sql: select}"),
        "FE (F:E) AWS::IoT::TopicRule {TopicRulePayload: {Sql: 'select', RuleDisabled: false, Actions: [{Lambda: {FunctionArn: '${F.Arn}'}}]}}",
    );
}

#[test]
fn an_event_of_no_known_type_is_said() {
    check(
        &event("Carrier", "{}"),
        "# sam-unknown-event at 8: event `E` has the unknown type `Carrier`",
    );
}

#[test]
fn an_event_may_be_there_only_in_some_worlds() {
    let text = with_event(
        "        Fn::If:\n          - C\n          - {Type: SQS, Properties: {Queue: q}}\n          - !Ref AWS::NoValue\n",
    );
    let text = format!(
        "Parameters:\n  A: {{Type: String}}\nConditions:\n  C: !Equals [!Ref A, x]\n{text}"
    );
    check(
        &text,
        "FE (F:E) AWS::Lambda::EventSourceMapping when C is true {FunctionName: '${F}', EventSourceArn: 'q'}",
    );
}
