//! A few catalogue entries for tests that need components and no facts.

use underbelly_library::{Address, Catalogue, CatalogueEntry};

/// Type, kind (or none), properties that name it, address, leads to.
const FEW: &[(&str, &str, &str, &str, &str)] = &[
    (
        "AWS::Lambda::Function",
        "function",
        "FunctionName",
        "lambda:function:{name}",
        "",
    ),
    ("AWS::Lambda::Url", "function-url", "", "", ""),
    ("AWS::Lambda::Alias", "", "", "", "FunctionName"),
    ("AWS::Lambda::Version", "", "", "", "FunctionName"),
    ("AWS::Lambda::Permission", "", "", "", ""),
    ("AWS::Lambda::EventSourceMapping", "", "", "", ""),
    ("AWS::Lambda::EventInvokeConfig", "", "", "", ""),
    (
        "AWS::Lambda::LayerVersion",
        "layer",
        "LayerName",
        "lambda:layer:{name}",
        "",
    ),
    ("AWS::IAM::Role", "role", "RoleName", "iam:role/{last}", ""),
    ("AWS::IAM::Policy", "", "", "", ""),
    (
        "AWS::IAM::ManagedPolicy",
        "",
        "ManagedPolicyName",
        "iam:policy/{last}",
        "",
    ),
    ("AWS::IAM::RolePolicy", "", "", "", ""),
    ("AWS::SQS::Queue", "queue", "QueueName", "sqs:{name}", ""),
    ("AWS::SQS::QueuePolicy", "", "", "", ""),
    ("AWS::SNS::Topic", "topic", "TopicName", "sns:{name}", ""),
    ("AWS::SNS::TopicPolicy", "", "", "", ""),
    ("AWS::SNS::Subscription", "", "", "", ""),
    (
        "AWS::S3::Bucket",
        "object-store",
        "BucketName",
        "s3:{name}",
        "",
    ),
    ("AWS::S3::BucketPolicy", "", "", "", ""),
    (
        "AWS::DynamoDB::Table",
        "table",
        "TableName",
        "dynamodb:table/{name}",
        "",
    ),
    (
        "AWS::Events::EventBus",
        "event-bus",
        "Name",
        "events:event-bus/{name}",
        "",
    ),
    ("AWS::Events::Rule", "", "", "", ""),
    (
        "AWS::Kinesis::Stream",
        "stream",
        "Name",
        "kinesis:stream/{name}",
        "",
    ),
    (
        "AWS::StepFunctions::StateMachine",
        "workflow",
        "StateMachineName",
        "states:stateMachine:{name}",
        "",
    ),
    ("AWS::ApiGateway::RestApi", "rest-api", "Name", "", ""),
    ("AWS::ApiGateway::Resource", "", "", "", "RestApiId"),
    ("AWS::ApiGateway::Method", "", "", "", "RestApiId"),
    ("AWS::ApiGateway::Stage", "", "", "", "RestApiId"),
    ("AWS::ApiGateway::Deployment", "", "", "", "RestApiId"),
    ("AWS::ApiGateway::Authorizer", "", "", "", "RestApiId"),
    ("AWS::ApiGatewayV2::Api", "http-api", "Name", "", ""),
    ("AWS::ApiGatewayV2::Route", "", "", "", "ApiId"),
    ("AWS::ApiGatewayV2::Integration", "", "", "", "ApiId"),
    ("AWS::ApiGatewayV2::Authorizer", "", "", "", "ApiId"),
    ("AWS::ApiGatewayV2::Stage", "", "", "", "ApiId"),
    (
        "AWS::SecretsManager::Secret",
        "secret",
        "Name",
        "secretsmanager:secret:{secret}",
        "",
    ),
    (
        "AWS::SSM::Parameter",
        "secret",
        "Name",
        "ssm:parameter{rest}",
        "",
    ),
    ("AWS::KMS::Key", "key", "", "", ""),
    (
        "AWS::Logs::LogGroup",
        "log-group",
        "LogGroupName",
        "logs:log-group:{name}",
        "",
    ),
    ("AWS::CloudFront::Distribution", "cdn", "", "", ""),
    (
        "AWS::Cognito::UserPool",
        "user-pool",
        "UserPoolName",
        "",
        "",
    ),
    (
        "AWS::Cognito::IdentityPool",
        "identity-pool",
        "IdentityPoolName",
        "",
        "",
    ),
    ("AWS::Scheduler::Schedule", "scheduler", "Name", "", ""),
    ("AWS::Pipes::Pipe", "pipe", "Name", "", ""),
    ("AWS::AppSync::GraphQLApi", "graphql-api", "Name", "", ""),
    (
        "AWS::RDS::DBInstance",
        "database",
        "DBInstanceIdentifier",
        "rds:db:{name}",
        "",
    ),
];

/// They as a catalogue.
pub(crate) fn catalogue() -> Catalogue {
    let list = |text: &str| {
        (!text.is_empty())
            .then(|| text.into())
            .into_iter()
            .collect()
    };
    let entries = FEW.iter().map(
        |(kind, component, name, address, leads_to)| CatalogueEntry {
            id: kind.to_ascii_lowercase().replace("::", "/").into(),
            component: (!component.is_empty()).then(|| (*component).into()),
            resources: vec![(*kind).into()],
            names: list(name),
            addresses: Address::parse(address).into_iter().collect(),
            leads_to: list(leads_to),
            ..CatalogueEntry::default()
        },
    );
    Catalogue::new(entries)
}
