//! What is passed on is trusted as little as the least trusted of those who may write.

use crate::channels::{QUEUE, TOPIC};
use crate::{Row, row};

/// A queue behind a topic, and a function behind the queue.
const BEHIND: &str = "
  Jobs: {Type: AWS::SQS::Queue}
  Passed: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref It, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}}§
  JobsPolicy: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Jobs], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sns.amazonaws.com}, Action: 'sqs:SendMessage', Resource: '*', Condition: {ArnEquals: {'aws:SourceArn': !Ref It}}}]}}}
  Fn: {Type: AWS::Lambda::Function}
  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn}}§
";

/// A function behind a bucket.
const NOTIFIED: &str = "
  Let: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Fn, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId, SourceArn: 'arn:aws:s3:::shop-files'}}
  Fn: {Type: AWS::Lambda::Function}
";

fn bucket(properties: &str, more: &str) -> String {
    format!(
        "
  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: shop-files
      NotificationConfiguration:
        LambdaConfigurations:
          - {{Event: 's3:ObjectCreated:*', Function: !GetAtt Fn.Arn}}§{properties}
{more}{NOTIFIED}"
    )
}

fn uploads(principal: &str, condition: &str) -> String {
    bucket(
        "\n      PublicAccessBlockConfiguration: {BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false}§",
        &format!(
            "  Policy: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: !Ref Files, PolicyDocument: {{Statement: [{{Effect: Allow, Principal: {principal}, Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop-files/*'{condition}}}]}}}}}}§"
        ),
    )
}

/// A bus with a rule that starts a function.
fn bus(policy: &str) -> String {
    format!(
        "
  It: {{Type: AWS::Events::EventBus, Properties: {{Name: shop}}}}
  Rule: {{Type: AWS::Events::Rule, Properties: {{EventBusName: !Ref It, EventPattern: {{source: [shop]}}, Targets: [{{Id: fn, Arn: !GetAtt Fn.Arn}}]}}}}§
  Let: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Fn, Action: 'lambda:InvokeFunction', Principal: events.amazonaws.com, SourceArn: !GetAtt Rule.Arn}}}}
  Fn: {{Type: AWS::Lambda::Function}}
{policy}"
    )
}

pub(crate) fn rows() -> Vec<Row> {
    let fn_head = |text: String| text.replace('§', "").replace("  Fn: {", "§  Fn: {");
    let chain =
        |principal: &str, condition: &str| format!("{}{BEHIND}", TOPIC.lets(principal, condition));
    let flat = |principal: &str| {
        bus(&format!(
            "  Policy: {{Type: AWS::Events::EventBusPolicy, Properties: {{EventBusName: !Ref It, StatementId: one, Action: 'events:PutEvents', Principal: {principal}}}}}§\n"
        ))
    };
    let api = |auth: &str, path: &str| {
        format!("
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP}}}}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Api, RouteKey: {path}, Target: !Sub 'integrations/${{To}}', AuthorizationType: {auth}}}
  To: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Sign.Arn}}}}
  Sign: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Role.Arn}}}}
  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: []}}, Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop-files/*'}}]}}}}]}}}}
")
    };
    vec![
        row(
            "a function two hops behind a topic for everybody",
            "Fn.untrusted_input",
            "true",
            chain("'*'", ""),
        ),
        row(
            "the queue between them",
            "Jobs.untrusted_input",
            "true",
            chain("{AWS: '111122223333'}", "").replace(
                "EventSourceArn: !GetAtt Jobs.Arn}}§",
                "EventSourceArn: !GetAtt Jobs.Arn}}",
            ),
        ),
        row(
            "nobody but us writes to the topic",
            "Fn.untrusted_input",
            "false",
            fn_head(chain(
                "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}",
                "",
            )),
        ),
        row(
            "the topic's own writers",
            "It.foreign_producers",
            "true",
            TOPIC.lets("{AWS: '111122223333'}", ""),
        ),
        row(
            "a service may bring in what anyone asks it to",
            "It.foreign_producers",
            "true",
            QUEUE.lets("{Service: sns.amazonaws.com}", ""),
        ),
        row(
            "a service that is tied to us brings in ours",
            "It.foreign_producers",
            "false",
            QUEUE
                .lets(
                    "{Service: sns.amazonaws.com}",
                    "StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}",
                )
                .replace('§', "")
                .replace("  It:", "§  It:"),
        ),
        row(
            "the least trusted of two counts",
            "It",
            "anyone",
            format!(
                "{}  More: {{Type: AWS::SQS::QueuePolicy, Properties: {{Queues: [!Ref It], PolicyDocument: {{Statement: [{{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage'}}]}}}}}}§\n",
                QUEUE.lets("{AWS: '111122223333'}", "").replace('§', "")
            ),
        ),
        row(
            "the right to read brings nothing in",
            "Fn.untrusted_input",
            "false",
            fn_head(format!(
                "{}{}",
                QUEUE
                    .lets("'*'", "")
                    .replace("sqs:SendMessage", "sqs:ReceiveMessage"),
                "  Fn: {Type: AWS::Lambda::Function}\n  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt It.Arn}}\n"
            )),
        ),
        row(
            "a bucket that anyone may write to",
            "Files.accepts_uploads",
            "true",
            uploads("'*'", "").replace("Fn.Arn}§", "Fn.Arn}"),
        ),
        row(
            "the function it starts",
            "Fn.untrusted_input",
            "true",
            uploads("'*'", ""),
        ),
        row(
            "a bucket that another account may write to",
            "Fn.untrusted_input",
            "true",
            uploads("{AWS: '111122223333'}", "").replace("Buckets: false}§", "Buckets: false}"),
        ),
        row(
            "a bucket that only we write to",
            "Fn.untrusted_input",
            "false",
            fn_head(bucket("", "")),
        ),
        row(
            "a bucket that browsers send to",
            "Fn.untrusted_input",
            "true",
            bucket(
                "\n      CorsConfiguration: {CorsRules: [{AllowedMethods: [PUT], AllowedOrigins: ['*']}]}§",
                "",
            ),
        ),
        row(
            "a route that may sign uploads",
            "Files.accepts_uploads",
            "unknown: code",
            format!(
                "{}{}",
                bucket("", "").replace('§', ""),
                api("NONE", "POST /uploads").replace("  Role: {", "§  Role: {")
            ),
        ),
        row(
            "a route that may sign uploads, for our own account",
            "Files.accepts_uploads",
            "false",
            format!(
                "{}{}",
                bucket("", "")
                    .replace('§', "")
                    .replace("  Files:", "§  Files:"),
                api("AWS_IAM", "POST /uploads")
            ),
        ),
        row(
            "another account puts events on the bus",
            "Fn.untrusted_input",
            "true",
            flat("'111122223333'"),
        ),
        row(
            "every account puts events on the bus",
            "Fn.untrusted_input",
            "true",
            flat("'*'"),
        ),
        row(
            "only we put events on the bus",
            "Fn.untrusted_input",
            "false",
            fn_head(bus("")),
        ),
        row(
            "a seller of events",
            "Fn.untrusted_input",
            "true",
            bus("").replace(
                "Properties: {Name: shop}}",
                "Properties: {Name: aws.partner/shop, EventSourceName: aws.partner/shop}}§",
            ),
        ),
        row(
            "a seller of events is a foreign producer",
            "It.foreign_producers",
            "true",
            bus("").replace('§', "").replace(
                "Properties: {Name: shop}}",
                "Properties: {Name: aws.partner/shop, EventSourceName: aws.partner/shop}}§",
            ),
        ),
        row(
            "a health route brings nothing in",
            "Sign.untrusted_input",
            "false",
            format!(
                "{}{}",
                bucket("", "").replace('§', ""),
                api("NONE", "GET /health").replace("  Sign:", "§  Sign:")
            ),
        ),
    ]
}
