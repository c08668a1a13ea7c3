//! What events start.

use crate::testing::{check_facts, check_flows};

#[test]
fn mappings_read_queues_streams_and_tables() {
    let resources = r"
  Fn: {Type: AWS::Lambda::Function, Properties: {Timeout: 10}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn}}}
  Lost: {Type: AWS::SQS::Queue}
  Orders: {Type: AWS::DynamoDB::Table}
  FromQueue:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn}
  FromTable:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Fn
      EventSourceArn: !GetAtt Orders.StreamArn
      BisectBatchOnFunctionError: true
      MaximumRetryAttempts: 3
      DestinationConfig: {OnFailure: {Destination: !GetAtt Lost.Arn}}
";
    check_flows(
        resources,
        &[
            "Fn -> Lost (delivery) failed",
            "Jobs -> Fn (trigger)",
            "Jobs -> Lost (delivery) failed",
            "Orders -> Fn (trigger)",
        ],
    );
    check_facts(
        resources,
        &[
            "Fn#Jobs.style = queue written 6",
            "Fn#Jobs.failure_destination = true written 3",
            "Fn#Jobs.retries = absent",
            "Fn#Orders.style = stream written 9",
            "Fn#Orders.retries = 3 written 15",
            "Fn#Orders.bisects = true written 14",
            "Fn#Orders.failure_destination = true written 16",
            "Fn#Orders.filtered = false provider-default 9",
            "Fn.invoked_async = false provider-default 2",
            "Fn.answers_caller = false provider-default 2",
            "Jobs.consumers = [Fn] written 6",
            "Jobs.feeds_function = true written 6",
            "Jobs.is_dead_letter = false provider-default 3",
            "Lost.is_dead_letter = true written 16,3",
            "Jobs.visibility_short = true provider-default 2",
            "Lost.visibility_short = false provider-default 4",
        ],
    );
}

#[test]
fn a_mapping_without_settings_has_the_providers() {
    check_facts(
        r"
  Fn: {Type: AWS::Lambda::Function}
  Flow: {Type: AWS::Kinesis::Stream}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Flow.Arn}
",
        &[
            "Fn#Flow.retries = -1 provider-default 4",
            "Fn#Flow.bisects = false provider-default 4",
            "Fn#Flow.failure_destination = false provider-default 4",
        ],
    );
}

#[test]
fn what_a_parameter_names_stays_outside_and_unknown() {
    let resources = r"
Parameters:
  Queue: {Type: String}
  Retries: {Type: Number}
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Fn, EventSourceArn: !Ref Queue, MaximumRetryAttempts: !Ref Retries}
";
    check_flows(resources, &["external:Queue -> Fn (trigger)"]);
    check_facts(
        resources,
        &["Fn#external:Queue.retries = unknown parameter"],
    );
}

#[test]
fn what_a_mapping_gives_is_named_after_the_mapping() {
    check_flows(
        r"
Parameters:
  Stage: {Type: String}
Mappings:
  Queues: {dev: {jobs: 'arn:aws:sqs:eu-west-1:1:a'}, prod: {jobs: 'arn:aws:sqs:eu-west-1:2:b'}}
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Map:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Fn, EventSourceArn: !FindInMap [Queues, !Ref Stage, jobs]}
",
        &["external:Queues.${Stage}.jobs -> Fn (trigger)"],
    );
}

#[test]
fn a_source_nobody_knows_is_a_stream_only_if_there_is_a_position_to_start_from() {
    check_facts(
        r"
Parameters:
  Jobs: {Type: String}
  Clicks: {Type: String}
Resources:
  Fn: {Type: AWS::Lambda::Function}
  FromQueue:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Fn, EventSourceArn: !Ref Jobs}
  FromStream:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Fn, EventSourceArn: !Ref Clicks, StartingPosition: LATEST}
",
        &[
            "Fn#external:Jobs.style = queue written 6",
            "Fn#external:Jobs.retries = absent",
            "Fn#external:Clicks.style = stream written 9",
        ],
    );
}

#[test]
fn a_conditional_trigger_is_conditional() {
    let resources = r"
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Topic: {Type: AWS::SNS::Topic}
  Sub:
    Type: AWS::SNS::Subscription
    Condition: IsProd
    Properties: {TopicArn: !Ref Topic, Protocol: lambda, Endpoint: !GetAtt Fn.Arn}
";
    check_flows(resources, &["Topic -> Fn (trigger) if IsProd is true"]);
    check_facts(
        resources,
        &[
            "Fn.invoked_async = false provider-default 6 if IsProd is false; true written 8 if IsProd is true",
            "Topic.consumers = [Fn if IsProd is true] written 8",
            "Topic.feeds_function = false provider-default 7 if IsProd is false; true written 8 if IsProd is true",
        ],
    );
}

#[test]
fn buckets_tell_functions_queues_topics_and_the_bus() {
    check_flows(
        r"
  Files:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Fn.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}]
        QueueConfigurations: [{Event: 's3:ObjectRemoved:*', Queue: !GetAtt Jobs.Arn}]
        TopicConfigurations: [{Event: 's3:ObjectRestore:*', Topic: !Ref Topic}]
        EventBridgeConfiguration: {EventBridgeEnabled: true}
  Fn: {Type: AWS::Lambda::Function}
  Jobs: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
",
        &[
            "Files -> Fn (trigger) s3:ObjectCreated:*",
            "Files -> Jobs (trigger) s3:ObjectRemoved:*",
            "Files -> Topic (trigger) s3:ObjectRestore:*",
            "Files -> event-bus:default (trigger)",
        ],
    );
}

#[test]
fn topics_reach_their_subscribers() {
    let resources = r"
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Subscription:
        - {Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}
        - {Protocol: email, Endpoint: team@example.com}
  Hook:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: https, Endpoint: 'https://partner.example.com/in', FilterPolicy: {kind: [a]}}
  Jobs: {Type: AWS::SQS::Queue}
";
    check_flows(
        resources,
        &[
            "Topic -> Jobs (trigger)",
            "Topic -> external:mail (trigger)",
            "Topic -> external:partner.example.com (trigger)",
        ],
    );
    check_facts(
        resources,
        &[
            "Topic#sqs ${Jobs.Arn}.target = Jobs written 6",
            "Topic#sqs ${Jobs.Arn}.protocol = sqs written 6",
            "Topic#https https://partner.example.com/in.target = external:partner.example.com written 10",
            "Topic.feeds_function = false provider-default 2",
            "Jobs.producers = [Topic] written 6",
        ],
    );
}

#[test]
fn rules_pass_events_on() {
    let resources = r"
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
  Paid:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {source: [shop.pay], detail-type: [paid]}
      Targets:
        - {Id: fn, Arn: !GetAtt Fn.Arn, DeadLetterConfig: {Arn: !GetAtt Lost.Arn}}
  Uploaded:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.s3], account: [!Ref AWS::AccountId]}
      Targets:
        - {Id: partner, Arn: !GetAtt Partner.Arn, RoleArn: !GetAtt Role.Arn}
  Partner: {Type: AWS::Events::ApiDestination, Properties: {InvocationEndpoint: 'https://partner.example.com/in'}}
  Role: {Type: AWS::IAM::Role}
  Fn: {Type: AWS::Lambda::Function}
  Lost: {Type: AWS::SQS::Queue}
";
    check_flows(
        resources,
        &[
            "Bus -> Fn (trigger) Paid",
            "Bus -> Lost (delivery) failed",
            "event-bus:default -> external:partner.example.com (trigger) Uploaded",
            "s3.amazonaws.com -> event-bus:default (trigger)",
        ],
    );
    check_facts(
        resources,
        &[
            "Bus#Paid.pattern_pins_source = true written 7",
            "Bus#Paid.pattern_pins_account = false written 7",
            "Bus#Paid.targets = [Fn] written 9",
            "Bus#Paid.dead_letter = true written 9",
            "Bus#Paid.runs_as = absent",
            "event-bus:default#Uploaded.pattern_pins_account = true written 13",
            "event-bus:default#Uploaded.dead_letter = false provider-default 15",
            "event-bus:default#Uploaded.runs_as = Role written 15",
            "Fn#Bus Paid.style = async written 9",
            "Fn#Bus Paid.retries = 2 provider-default 9",
            "Fn#Bus Paid.failure_destination = false provider-default 18",
            "Fn.failure_destination = false provider-default 18",
        ],
    );
}

#[test]
fn asynchronous_failures_are_kept_where_the_function_says() {
    check_facts(
        r"
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt Fn.Arn}]}}
  Fn: {Type: AWS::Lambda::Function}
  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Fn
      Qualifier: $LATEST
      MaximumRetryAttempts: 0
      DestinationConfig: {OnFailure: {Destination: !GetAtt Lost.Arn}}
  Lost: {Type: AWS::SQS::Queue}
",
        &[
            "Fn.invoked_async = true written 2",
            "Fn.failure_destination = true written 10",
            "Fn#Topic.failure_destination = true written 10",
            "Fn#Topic.retries = 0 written 9",
        ],
    );
}

#[test]
fn schedules_start_targets_and_universal_targets() {
    let resources = r#"
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target: {Arn: !GetAtt Fn.Arn, RoleArn: !GetAtt Role.Arn}
  Hourly:
    Type: AWS::Scheduler::Schedule
    Properties:
      Target:
        Arn: arn:aws:scheduler:::aws-sdk:sqs:sendMessage
        RoleArn: !GetAtt Role.Arn
        Input: !Sub '{"QueueUrl": "${Jobs}", "MessageBody": "go"}'
  Old:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: a, Arn: !GetAtt Fn.Arn}]}
  Role: {Type: AWS::IAM::Role}
  Fn: {Type: AWS::Lambda::Function}
  Jobs: {Type: AWS::SQS::Queue}
"#;
    check_flows(
        resources,
        &[
            "Hourly -> Jobs (trigger)",
            "Nightly -> Fn (trigger)",
            "schedule -> Fn (trigger)",
        ],
    );
    check_facts(
        resources,
        &[
            "Nightly.targets = [Fn] written 7",
            "Fn.invoked_async = true written 17,7",
            "Fn.untrusted_input = false provider-default 19",
            "Jobs.producers = [Hourly] written 14",
        ],
    );
}

#[test]
fn pipes_lead_from_a_source_through_an_enrichment() {
    let resources = r"
  Pipe:
    Type: AWS::Pipes::Pipe
    Properties:
      RoleArn: !GetAtt Role.Arn
      Source: !GetAtt Orders.StreamArn
      Enrichment: !GetAtt Fn.Arn
      Target: !Ref Flow
  Orders: {Type: AWS::DynamoDB::Table}
  Fn: {Type: AWS::Lambda::Function}
  Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: '{}'}}
  Role: {Type: AWS::IAM::Role}
";
    check_flows(
        resources,
        &[
            "Orders -> Pipe (trigger)",
            "Pipe -> Flow (trigger)",
            "Pipe -> Fn (call)",
        ],
    );
    check_facts(
        resources,
        &[
            "Flow.starters = [Pipe] written 8",
            "Fn.answers_caller = true written 7",
            "Orders.consumers = [Pipe] written 6",
        ],
    );
}

#[test]
fn logs_are_delivered_and_read_along() {
    check_flows(
        r"
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Fn}'}}
  Access: {Type: AWS::Logs::LogGroup}
  Fn: {Type: AWS::Lambda::Function}
  Watch: {Type: AWS::Lambda::Function}
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: !Ref Group, DestinationArn: !GetAtt Watch.Arn, FilterPattern: ''}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: $default, AccessLogSettings: {DestinationArn: !GetAtt Access.Arn, Format: x}}
",
        &[
            "Api -> Access (delivery) access log",
            "Fn -> Group (delivery) log",
            "Group -> Watch (trigger)",
            "internet -> Api (call)",
        ],
    );
}

#[test]
fn mail_devices_and_sign_ins_start_functions() {
    let resources = r"
  Mail:
    Type: AWS::SES::ReceiptRule
    Properties:
      RuleSetName: all
      Rule:
        Enabled: true
        Actions:
          - LambdaAction: {FunctionArn: !GetAtt Fn.Arn}
          - S3Action: {BucketName: !Ref Files}
  Device:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload: {Sql: SELECT 1, Actions: [{Lambda: {FunctionArn: !GetAtt Fn.Arn}}, {Sqs: {QueueUrl: !Ref Jobs}}]}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {LambdaConfig: {PreSignUp: !GetAtt Fn.Arn, PreTokenGenerationConfig: {LambdaArn: !GetAtt Fn.Arn, LambdaVersion: V2_0}}}
  Fn: {Type: AWS::Lambda::Function}
  Files: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue}
";
    check_flows(
        resources,
        &[
            "Device -> Fn (trigger)",
            "Device -> Jobs (trigger)",
            "Mail -> Files (trigger)",
            "Mail -> Fn (trigger)",
            "Pool -> Fn (call) PreSignUp",
            "Pool -> Fn (call) PreTokenGenerationConfig",
            "devices -> Device (trigger)",
            "internet -> Mail (trigger)",
            "internet -> Pool (call)",
        ],
    );
    check_facts(
        resources,
        &[
            "Mail.targets = [Fn, Files] written 9,10",
            "Mail.open_to = anyone written 7",
            "Device.open_to = partner provider-default 11",
            "Files.untrusted_input = true written 7,10",
        ],
    );
}
