//! Graphs made by hand, for tests of the jobs too.

use underbelly_expression::{Cause, Entry, Hole, Map, Text};
use underbelly_iac::{Format, Origin, Stack, StackId, System, SystemId};

use super::*;
use crate::few_types;

const AT: Span = Span::new(FileId(0), 0, 1);

/// A resource: name, type, properties.
pub(crate) type Written<'w> = (&'w str, &'w str, &'w [(&'w str, &'w str)]);

/// A map of properties; `@Name.Attribute` in a text is a reference to the
/// resource of that name, `<X>` a parameter.
pub(crate) fn properties(names: &[&str], entries: &[(&str, &str)]) -> Fact {
    let entry = |(key, value): &(&str, &str)| Entry {
        key: (*key).into(),
        key_span: AT,
        fact: Fact::text(text(names, value), AT),
    };
    let entries = entries.iter().map(entry).collect();
    Fact::written(
        Value::Map(Map {
            entries,
            rest: None,
        }),
        AT,
    )
}

fn text(names: &[&str], written: &str) -> Text {
    let mut text = Text::default();
    for (index, part) in written.split('<').enumerate() {
        let Some((name, rest)) = part.split_once('>').filter(|_| index > 0) else {
            text.push_literal(part);
            continue;
        };
        let cause = match name.strip_prefix('@') {
            Some(reference) => {
                let (of, attribute) = reference.split_once('.').unwrap_or((reference, ""));
                let resource = names.iter().position(|name| *name == of).unwrap() as u32;
                Cause::Resource {
                    resource,
                    attribute: attribute.into(),
                }
            }
            None => Cause::Parameter(name.into()),
        };
        let label = name.trim_start_matches('@').into();
        text.push_hole(Hole {
            cause,
            label,
            span: AT,
        });
        text.push_literal(rest);
    }
    text
}

/// One stack `shop` of resources: name, type, properties.
pub(crate) fn graph(resources: &[Written<'_>]) -> ResourceGraph {
    let names: Vec<&str> = resources.iter().map(|resource| resource.0).collect();
    let resource = |(name, kind, written): &Written<'_>| Resource {
        stack: StackId(0),
        logical_id: (*name).into(),
        kind: (*kind).into(),
        written_as: (*kind).into(),
        properties: properties(&names, written),
        guard: Guard::always(),
        head: AT,
        body: AT,
        origin: Origin::Written,
        cdk_path: None,
        metadata: Fact::absent(None),
        deletion_policy: None,
    };
    let stack = Stack {
        path: "shop".into(),
        system: SystemId(0),
        file: FileId(0),
        format: Format::CloudFormation,
        parent: None,
        description: None,
        span: AT,
        parameters: Vec::new(),
        outputs: Vec::new(),
    };
    ResourceGraph {
        systems: vec![System {
            name: "shop".into(),
            stacks: vec![StackId(0)],
        }],
        stacks: vec![stack],
        resources: resources.iter().map(resource).collect(),
        ..ResourceGraph::default()
    }
}

/// A library that knows a few types.
pub(crate) fn few() -> Library {
    Library {
        catalogue: few_types::catalogue(),
        ..Library::default()
    }
}

/// Where the property `Value` of the last resource leads; `kinds` are what a
/// bare name may name.
fn check(others: &[Written<'_>], value: &str, kinds: &[&str], expected: &str) {
    let written = [("Value", value)];
    let mut resources = others.to_vec();
    resources.push(("Seer", "AWS::Lambda::Permission", &written));
    let graph = graph(&resources);
    let library = few();
    let draft = Draft::new(&graph, &library, "2026-01-01");
    let near = ResourceId(others.len() as u32);
    let value = graph.resource(near).unwrap().properties.path("Value");
    let found = draft.named(kinds, &value, near).into_iter();
    let found = found.map(|(_, target)| match target {
        Target::Component(subject) => draft.components[subject.index()].id.to_string(),
        Target::Resource(id) => format!("resource {}", graph.resource(id).unwrap().logical_id),
        Target::Outside(name) => format!("outside {name}"),
        Target::Unknown(reason) => format!("unknown {reason:?}"),
    });
    let found: Vec<_> = found.collect();
    assert_eq!(found.join(", "), expected, "{written:?}");
}

const ORDERS: &[Written<'_>] = &[
    (
        "Orders",
        "AWS::DynamoDB::Table",
        &[("TableName", "orders-<Stage>")],
    ),
    ("Jobs", "AWS::SQS::Queue", &[("QueueName", "jobs")]),
    ("Work", "AWS::Lambda::Function", &[]),
    ("Live", "AWS::Lambda::Alias", &[("FunctionName", "<@Work>")]),
    ("Api", "AWS::ApiGateway::RestApi", &[]),
    (
        "Path",
        "AWS::ApiGateway::Resource",
        &[("RestApiId", "<@Api>")],
    ),
    (
        "Key",
        "AWS::SecretsManager::Secret",
        &[("Name", "shop/key")],
    ),
    ("Policy", "AWS::SQS::QueuePolicy", &[]),
    ("Files", "AWS::S3::Bucket", &[("BucketName", "shop-files")]),
];

#[test]
fn references_lead_to_components_whatever_the_attribute() {
    check(ORDERS, "<@Orders>", &[], "shop/Orders");
    check(ORDERS, "<@Orders.StreamArn>", &[], "shop/Orders");
    check(ORDERS, "<@Orders.Arn>/index/*", &[], "shop/Orders");
    check(ORDERS, "<@Live>", &[], "shop/Work");
    check(ORDERS, "<@Path>", &[], "shop/Api");
    check(ORDERS, "<@Policy>", &[], "resource Policy");
    check(
        ORDERS,
        "https://<@Api>.execute-api.<R>.amazonaws.com/live",
        &[],
        "shop/Api",
    );
}

#[test]
fn addresses_lead_to_components_by_reference_or_name() {
    check(ORDERS, "arn:aws:sqs:eu-west-1:1:jobs", &[], "shop/Jobs");
    check(
        ORDERS,
        "arn:aws:dynamodb:<R>:<A>:table/orders-<Stage>/index/*",
        &[],
        "shop/Orders",
    );
    check(
        ORDERS,
        "arn:aws:dynamodb:<R>:<A>:table/<@Orders>",
        &[],
        "shop/Orders",
    );
    check(
        ORDERS,
        "arn:aws:dynamodb:<R>:<A>:table/orders-*",
        &[],
        "shop/Orders",
    );
    check(ORDERS, "arn:aws:s3:::shop-files/*", &[], "shop/Files");
    check(
        ORDERS,
        "arn:aws:lambda:<R>:<A>:function:<@Work>*",
        &[],
        "shop/Work",
    );
    let path = "arn:aws:apigateway:<R>:lambda:path/2015-03-31/functions/<@Live>/invocations";
    check(ORDERS, path, &[], "shop/Work");
    check(
        ORDERS,
        "https://sqs.<R>.amazonaws.com/<A>/jobs",
        &[],
        "shop/Jobs",
    );
    check(
        ORDERS,
        "arn:aws:secretsmanager:<R>:<A>:secret:shop/key-??????",
        &[],
        "shop/Key",
    );
}

#[test]
fn names_lead_only_where_it_is_clear_what_they_name() {
    check(ORDERS, "jobs", &[], "outside jobs");
    check(ORDERS, "jobs", &["table", "queue"], "shop/Jobs");
    check(ORDERS, "orders-<Stage>", &["table"], "shop/Orders");
    check(
        ORDERS,
        "orders-<Other>",
        &["table"],
        "outside orders-${Other}",
    );
    check(ORDERS, "shop-files.s3.amazonaws.com", &[], "shop/Files");
}

#[test]
fn what_is_not_declared_stays_outside_or_unknown() {
    let elsewhere = "arn:aws:sqs:eu-west-1:1:elsewhere";
    check(
        ORDERS,
        elsewhere,
        &[],
        "outside arn:aws:sqs:eu-west-1:1:elsewhere",
    );
    check(ORDERS, "<@Files>-archive", &[], "outside ${Files}-archive");
    let archive = "arn:aws:s3:::<@Files>-archive/*";
    check(
        ORDERS,
        archive,
        &[],
        "outside arn:aws:s3:::${Files}-archive/*",
    );
    check(ORDERS, "<QueueArn>", &[], "unknown Parameter(\"QueueArn\")");
    check(ORDERS, "*", &[], "unknown Unsupported(\"*\")");
    check(ORDERS, "arn:aws:s3:::*", &[], "");
    check(ORDERS, "", &["queue"], "");
}

#[test]
fn the_same_outside_name_is_one_component_whose_address_says_its_kind() {
    let graph = graph(ORDERS);
    let library = few();
    let mut draft = Draft::new(&graph, &library, "2026-01-01");
    let one = draft.outside("external", "arn:aws:sqs:r:1:partner", AT);
    assert_eq!(draft.outside("queue", "partner", AT), one);
    assert_eq!(&*draft.components[one.index()].id, "queue:partner");
    let internet = draft.actor("internet");
    assert_eq!(draft.actor("internet"), internet);
}
