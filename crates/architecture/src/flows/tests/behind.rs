//! CDNs and their origins, agents, deployments, permissions.

use crate::testing::{check_facts, check_flows};

#[test]
fn cdns_stand_before_buckets_apis_and_others() {
    let resources = r"
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins:
          - {Id: files, DomainName: !GetAtt Files.RegionalDomainName, OriginAccessControlId: !Ref Control}
          - {Id: api, DomainName: !Sub '${Api}.execute-api.${AWS::Region}.amazonaws.com', CustomOriginConfig: {OriginProtocolPolicy: https-only}}
          - {Id: lost, DomainName: old-site.s3.eu-west-1.amazonaws.com}
          - {Id: shop, DomainName: www.example.com, OriginCustomHeaders: [{HeaderName: x-key, HeaderValue: v}]}
        DefaultCacheBehavior:
          TargetOriginId: files
          LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: !Ref EdgeVersion}]
  Control: {Type: AWS::CloudFront::OriginAccessControl}
  Files: {Type: AWS::S3::Bucket}
  Api: {Type: AWS::ApiGateway::RestApi}
  Edge: {Type: AWS::Lambda::Function}
  EdgeVersion: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Edge}}
";
    check_flows(
        resources,
        &[
            "Front -> Api (call) api",
            "Front -> Edge (call) viewer-request",
            "Front -> Files (call) files",
            "Front -> external:www.example.com (call) shop",
            "Front -> object-store:old-site (call) lost",
            "internet -> Api (call)",
            "internet -> Front (call)",
        ],
    );
    check_facts(
        resources,
        &[
            "Front#files.target = Files written 7",
            "Front#files.kind = bucket written 7",
            "Front#files.locked = true written 7",
            "Front#files.dangling = false written 7",
            "Front#api.kind = api written 8",
            "Front#api.locked = false provider-default 8",
            "Front#lost.dangling = true library-assumption 9",
            "Front#lost.kind = bucket written 9",
            "Front#shop.dangling = unknown elsewhere",
            "Front#shop.locked = true library-assumption 10",
            "Front#shop.open_directly = unknown other-component",
            "Files.fronted_by = [Front] written 7",
            "Edge.open_to = anyone provider-default 2",
        ],
    );
}

#[test]
fn agents_and_deployments_call_functions() {
    let resources = r"
  Agent:
    Type: AWS::Bedrock::Agent
    Properties: {ActionGroups: [{ActionGroupName: a, ActionGroupExecutor: {Lambda: !GetAtt Tool.Arn}}]}
  Tool: {Type: AWS::Lambda::Function}
  Seed: {Type: Custom::Seed, Properties: {ServiceToken: !GetAtt Maker.Arn}}
  Maker: {Type: AWS::Lambda::Function}
";
    check_flows(
        resources,
        &[
            "Agent -> Tool (call)",
            "cloudformation.amazonaws.com -> Maker (trigger) Seed",
        ],
    );
    check_facts(
        resources,
        &[
            "Tool.agent_tool = true written 4",
            "Tool.custom_resource = false provider-default 5",
            "Maker.custom_resource = true written 6",
            "Maker.agent_tool = false provider-default 7",
            "Agent.tools = [Tool] written 4",
        ],
    );
}

#[test]
fn a_policy_without_subscription_is_a_possible_trigger() {
    let policy = r"
  News: {Type: AWS::SNS::Topic}
  Jobs: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          Effect: Allow
          Principal: {Service: sns.amazonaws.com}
          Action: sqs:SendMessage
          Resource: !GetAtt Jobs.Arn
          Condition: {ArnEquals: {'aws:SourceArn': !Ref News}}
";
    check_flows(policy, &["News -> Jobs (trigger) ?"]);
    let subscription = "  Sub: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}}\n";
    check_flows(
        &format!("{policy}{subscription}"),
        &["News -> Jobs (trigger)"],
    );
}

#[test]
fn a_permission_without_trigger_is_a_possible_one() {
    let resources = r"
  Topic: {Type: AWS::SNS::Topic}
  Fn: {Type: AWS::Lambda::Function}
  FromTopic:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Fn, Action: 'lambda:InvokeFunction', Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
  Other: {Type: AWS::Lambda::Function}
  FromAnyRule:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Other, Action: 'lambda:InvokeFunction', Principal: events.amazonaws.com}
";
    check_flows(
        resources,
        &[
            "Topic -> Fn (trigger) ?",
            "events.amazonaws.com -> Other (trigger) ?",
        ],
    );
    check_facts(resources, &["Fn.unused = false written 4"]);
}

#[test]
fn other_services_call_functions_and_topics() {
    check_flows(
        r"
  Key: {Type: AWS::SecretsManager::Secret}
  Turn: {Type: AWS::Lambda::Function}
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: {SecretId: !Ref Key, RotationLambdaARN: !GetAtt Turn.Arn}
  Expand: {Type: AWS::CloudFormation::Macro, Properties: {Name: m, FunctionName: !GetAtt Turn.Arn}}
  Ops: {Type: AWS::SNS::Topic}
  Busy: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: [!Ref Ops]}}
",
        &[
            "Key -> Turn (trigger) rotation",
            "cloudformation.amazonaws.com -> Turn (trigger)",
            "cloudwatch.amazonaws.com -> Ops (trigger)",
        ],
    );
}
