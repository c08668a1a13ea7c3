//! Workflows and their tasks.

use crate::testing::{check_facts, check_flows};

const FULFIL: &str = r"
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Charge
        States:
          Charge: {Type: Task, Resource: !GetAtt Pay.Arn, Next: Each}
          Each:
            Type: Map
            ItemProcessor:
              StartAt: Ship
              States:
                Ship: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: !Ref Ship}, End: true}
            Next: Both
          Both:
            Type: Parallel
            Branches:
              - StartAt: Store
                States:
                  Store: {Type: Task, Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {TableName: !Ref Orders}, End: true}
              - StartAt: Read
                States:
                  Read: {Type: Task, Resource: 'arn:aws:states:::aws-sdk:dynamodb:getItem', Arguments: {TableName: !Ref Orders}, End: true}
            Next: Wait
          Wait: {Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: {QueueUrl: !Ref Jobs}, Next: Tell}
          Tell: {Type: Task, Resource: 'arn:aws:states:::events:putEvents', Parameters: {Entries: [{EventBusName: !Ref Bus}]}, Next: Sub}
          Sub: {Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: {StateMachineArn: !Ref Other}, Next: Any}
          Any: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName.$: $.fn}, Next: Ask}
          Ask: {Type: Task, Resource: 'arn:aws:states:::http:invoke', Parameters: {ApiEndpoint: 'https://partner.example.com/v1'}, Next: Say}
          Say: {Type: Task, Resource: 'arn:aws:states:::aws-sdk:bedrockruntime:invokeModel', Parameters: {ModelId: m}, End: true}
  Other: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {States: {}}}}
  Pay: {Type: AWS::Lambda::Function}
  Ship: {Type: AWS::Lambda::Function}
  Orders: {Type: AWS::DynamoDB::Table}
  Jobs: {Type: AWS::SQS::Queue}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
";

#[test]
fn every_task_calls_what_it_names() {
    check_flows(
        FULFIL,
        &[
            "Flow -> Bus (call) Tell",
            "Flow -> Jobs (call) Wait",
            "Flow -> Orders (access) read",
            "Flow -> Orders (access) write",
            "Flow -> Other (call) Sub",
            "Flow -> Pay (call) Charge",
            "Flow -> Ship (call) Each/Ship",
            "Flow -> bedrockruntime.amazonaws.com (call) Say",
            "Flow -> external:partner.example.com (call) Ask",
        ],
    );
}

#[test]
fn tasks_say_what_they_call_and_how() {
    check_facts(
        FULFIL,
        &[
            "Flow#Charge.calls = Pay written 8",
            "Flow#Charge.target_from_input = false written 8",
            "Flow#Each/Ship.calls = Ship written 14",
            "Flow#Both/Store.calls = Orders written 21",
            "Flow#Wait.token_callback = true written 26",
            "Flow#Tell.calls = Bus written 27",
            "Flow#Any.target_from_input = true written 29",
            "Flow#Any.calls = absent",
            "Flow#Ask.external = true written 30",
            "Other.starters = [Flow] written 28",
            "Pay.answers_caller = true written 8",
        ],
    );
}

#[test]
fn tasks_count_those_before_them_on_the_shortest_way() {
    check_facts(
        FULFIL,
        &[
            "Flow#Charge.tasks_before = 0 written 8",
            "Flow#Each/Ship.tasks_before = 1 written 14",
            "Flow#Both/Read.tasks_before = 2 written 24",
            "Flow#Tell.tasks_before = 4 written 27",
        ],
    );
    check_facts(
        r"
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Which
        States:
          Which: {Type: Choice, Choices: [{Variable: $.a, IsPresent: true, Next: Late}], Default: Pay}
          Pay: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Catch: [{ErrorEquals: [States.ALL], Next: Undo}], Next: Pause}
          Pause: {Type: Wait, Seconds: 5, Next: Late}
          Late: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', Next: Pay}
          Undo: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}
          Never: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}
",
        &[
            "Flow#Pay.tasks_before = 0 written 9",
            "Flow#Late.tasks_before = 0 written 11",
            "Flow#Undo.tasks_before = 1 written 12",
            "Flow#Never.tasks_before = absent",
        ],
    );
}

#[test]
fn a_definition_that_was_not_read_leaves_the_tasks_open() {
    check_facts(
        r"
Parameters: {Text: {Type: String}}
Resources:
  Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !Ref Text}}
",
        &["Flow.tasks = […] written 3"],
    );
}

#[test]
fn delivery_streams_read_transform_and_hand_on() {
    let resources = r"
  Clicks: {Type: AWS::Kinesis::Stream}
  Clean: {Type: AWS::Lambda::Function}
  Kept: {Type: AWS::S3::Bucket}
  Out:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      KinesisStreamSourceConfiguration: {KinesisStreamARN: !GetAtt Clicks.Arn}
      HttpEndpointDestinationConfiguration:
        EndpointConfiguration: {Url: https://partner.example.com/in}
        ProcessingConfiguration:
          Enabled: true
          Processors: [{Type: Lambda, Parameters: [{ParameterName: LambdaArn, ParameterValue: !Sub '${Clean.Arn}:live'}]}]
        S3Configuration: {BucketARN: !GetAtt Kept.Arn}
";
    check_flows(
        resources,
        &[
            "Clicks -> Out (trigger)",
            "Out -> Clean (call) transform",
            "Out -> Kept (delivery) records",
            "Out -> external:partner.example.com (delivery) records",
        ],
    );
}
