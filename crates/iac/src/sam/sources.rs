//! Events that the provider polls for: each is an event-source mapping, and what
//! the function's role needs for it.

use underbelly_expression::{Fact, Guard, Value};

use super::Expansion;
use super::events::{Event, function_of};
use super::policies::{Grants, allow};
use crate::implied::Implied;
use crate::make::{Properties, or_else, splice};

/// Properties that have the same name in the mapping.
const SHARED: &[&str] = &[
    "BatchSize",
    "BisectBatchOnFunctionError",
    "Enabled",
    "FilterCriteria",
    "FunctionResponseTypes",
    "KmsKeyArn",
    "LoggingConfig",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "MetricsConfig",
    "ParallelizationFactor",
    "ProvisionedPollerConfig",
    "Queues",
    "ScalingConfig",
    "SourceAccessConfigurations",
    "StartingPosition",
    "StartingPositionTimestamp",
    "Topics",
    "TumblingWindowInSeconds",
];

/// Adds the mapping of an event; says no where its type is none of these.
pub(crate) fn add(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    kind: &str,
    implied: &mut Implied<'_>,
    grants: &mut Grants,
) -> bool {
    let (source, policy) = match kind {
        "SQS" => ("Queue", Some("service-role/AWSLambdaSQSQueueExecutionRole")),
        "Kinesis" => ("Stream", Some("service-role/AWSLambdaKinesisExecutionRole")),
        "DynamoDB" => (
            "Stream",
            Some("service-role/AWSLambdaDynamoDBExecutionRole"),
        ),
        "MSK" => ("Stream", Some("service-role/AWSLambdaMSKExecutionRole")),
        "MQ" => ("Broker", None),
        "DocumentDB" => ("Cluster", None),
        "SelfManagedKafka" => ("", None),
        _ => return false,
    };
    if let Some(policy) = policy {
        grants.manage(&event.guard, policy, event.head);
    }
    match kind {
        "MQ" => broker_grants(event, grants),
        "DocumentDB" => cluster_grants(event, grants),
        "SelfManagedKafka" => kafka_grants(event, grants),
        _ => {}
    }
    let from = &event.properties;
    let head = event.head;
    let mut properties = Properties::at(head)
        .set("FunctionName", function_of(expansion, event, implied, ""))
        .copy_all(from, SHARED);
    if !source.is_empty() {
        properties = properties.rename(from, source, "EventSourceArn");
    }
    if kind == "DocumentDB" {
        let config = Properties::at(head)
            .copy_all(from, &["DatabaseName", "CollectionName", "FullDocument"]);
        properties = properties.set("DocumentDBEventSourceConfig", config.build_unless_empty());
    }
    if kind == "SelfManagedKafka" {
        let endpoints = Properties::at(head).copy(from, "KafkaBootstrapServers");
        let source = Properties::at(head).set("Endpoints", endpoints.build());
        properties = properties.set("SelfManagedEventSource", source.build());
    }
    let group = event.get("ConsumerGroupId");
    if !group.is_absent() {
        let config = Properties::at(head)
            .copy(from, "ConsumerGroupId")
            .copy(from, "SchemaRegistryConfig")
            .build();
        let name = match kind {
            "MSK" => "AmazonManagedKafkaEventSourceConfig",
            _ => "SelfManagedKafkaEventSourceConfig",
        };
        properties = properties.set(name, config);
    }
    let destination = failure_destination(event, grants);
    properties = properties.set("DestinationConfig", destination);
    let new = event.new_resource(
        &event.prefix,
        &event.name,
        "AWS::Lambda::EventSourceMapping",
    );
    implied.add(expansion.stack, new, &event.guard, properties.build());
    true
}

/// Where records go that could not be dealt with.
fn failure_destination(event: &Event, grants: &mut Grants) -> Fact {
    let written = event.get("DestinationConfig");
    written.map(|config| {
        let failure = config.field("OnFailure").into_owned();
        if failure.as_map().is_none() {
            return config.clone();
        }
        let span = failure.head(event.head);
        let target = failure.field("Destination").into_owned();
        let kind = failure.field("Type").into_owned();
        let action = match kind.as_text() {
            Some("SQS") => Some("sqs:SendMessage"),
            Some("SNS") => Some("sns:Publish"),
            Some("S3Bucket") => Some("s3:PutObject"),
            Some(_) | None => None,
        };
        if let Some(action) = action {
            let name = format!(
                "{}{}Policy",
                event.prefix,
                kind.as_text().unwrap_or_default()
            );
            let statement = allow(&[action], vec![target.clone()], span);
            grants.allow(&event.guard, &name, vec![statement], span);
        }
        let failure = Properties::at(span).set("Destination", target).build();
        Properties::at(span).set("OnFailure", failure).build()
    })
}

/// Adds the mapping from the queue that a topic fills.
pub(crate) fn add_mapping_of_queue(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    grants: &mut Grants,
    queue: &Fact,
    settings: &Fact,
) {
    let policy = "service-role/AWSLambdaSQSQueueExecutionRole";
    grants.manage(&event.guard, policy, event.head);
    let logical_id = format!("{}EventSourceMapping", event.prefix);
    let sub = format!("{} mapping", event.name);
    let properties = Properties::at(event.head)
        .set("FunctionName", function_of(expansion, event, implied, ""))
        .set("EventSourceArn", queue.clone())
        .set(
            "BatchSize",
            or_else(
                &settings.field("BatchSize"),
                &Fact::written(Value::Number(10), event.head),
            ),
        )
        .set(
            "Enabled",
            or_else(&settings.field("Enabled"), &Fact::bool(true, event.head)),
        );
    let new = event.new_resource(&logical_id, &sub, "AWS::Lambda::EventSourceMapping");
    implied.add(expansion.stack, new, &event.guard, properties.build());
}

/// The secrets a mapping reads, each as written.
fn secrets(event: &Event) -> Vec<Fact> {
    let configurations = event.get("SourceAccessConfigurations");
    let (items, _) = configurations.items();
    let of_secrets = [
        "BASIC_AUTH",
        "SASL_SCRAM_256_AUTH",
        "SASL_SCRAM_512_AUTH",
        "CLIENT_CERTIFICATE_TLS_AUTH",
        "SERVER_ROOT_CA_CERTIFICATE",
    ];
    let chosen = items.iter().filter(|(_, item)| {
        let kind = item.field("Type").into_owned();
        kind.as_text()
            .is_some_and(|kind| of_secrets.contains(&kind))
    });
    chosen
        .map(|(_, item)| item.field("URI").into_owned())
        .filter(|uri| !uri.is_absent())
        .collect()
}

fn read_secrets(event: &Event) -> Option<Fact> {
    let secrets = secrets(event);
    let action = ["secretsmanager:GetSecretValue"];
    (!secrets.is_empty()).then(|| allow(&action, secrets, event.head))
}

fn everywhere(event: &Event) -> Vec<Fact> {
    vec![Fact::text("*", event.head)]
}

fn decrypt(event: &Event) -> Option<Fact> {
    let key = event.get("SecretsManagerKmsKeyId");
    if key.is_absent() {
        return None;
    }
    let arn = splice(
        "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}",
        &[("Key", &key)],
        event.head,
    );
    Some(allow(&["kms:Decrypt"], vec![arn], event.head))
}

fn broker_grants(event: &Event, grants: &mut Grants) {
    let describe = allow(
        &["mq:DescribeBroker"],
        vec![event.get("Broker")],
        event.head,
    );
    let statements = read_secrets(event)
        .into_iter()
        .chain([describe])
        .chain(decrypt(event));
    grants.allow(
        &event.guard,
        "SamAutoGeneratedAMQPolicy",
        statements.collect(),
        event.head,
    );
}

fn cluster_grants(event: &Event, grants: &mut Grants) {
    let resource = |template| vec![splice(template, &[], event.head)];
    let groups = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster-pg:*";
    let subnets = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:subgrp:*";
    let network = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeVpcs",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    ];
    let head = event.head;
    let statements = read_secrets(event)
        .into_iter()
        .chain([
            allow(&["rds:DescribeDBClusterParameters"], resource(groups), head),
            allow(&["rds:DescribeDBSubnetGroups"], resource(subnets), head),
            allow(
                &["rds:DescribeDBClusters"],
                vec![event.get("Cluster")],
                head,
            ),
            allow(&network, everywhere(event), head),
        ])
        .chain(decrypt(event));
    let name = "SamAutoGeneratedDocumentDBPolicy";
    grants.allow(&event.guard, name, statements.collect(), head);
}

fn kafka_grants(event: &Event, grants: &mut Grants) {
    let configurations = event.get("SourceAccessConfigurations");
    let (items, _) = configurations.items();
    let in_network = items.iter().any(|(_, item)| {
        let kind = item.field("Type").into_owned();
        matches!(kind.as_text(), Some("VPC_SUBNET" | "VPC_SECURITY_GROUP"))
    });
    let network = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeVpcs",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    ];
    let statements: Vec<Fact> = read_secrets(event)
        .into_iter()
        .chain(in_network.then(|| allow(&network, everywhere(event), event.head)))
        .chain(decrypt(event))
        .collect();
    if !statements.is_empty() {
        let name = "SelfManagedKafkaExecutionRolePolicy";
        let guard: &Guard = &event.guard;
        grants.allow(guard, name, statements, event.head);
    }
}
