//! `AWS::Serverless::Function`: the function, its role, its URL, its alias and what
//! becomes of asynchronous calls. Its events are in [`super::events`].

use underbelly_expression::{Fact, Guard, Value};
use underbelly_source::Span;

use super::policies::{self, Grants, add_role, allow};
use super::{Expansion, events};
use crate::draft::Draft;
use crate::implied::{Implied, New};
use crate::make::{Properties, as_logical_id, list, or_else, place_of, present};

/// Turns a function into what it stands for; the rest is `implied`.
pub(crate) fn expand(expansion: &mut Expansion<'_, '_, '_>, draft: &mut Draft) -> Vec<Draft> {
    let written = draft.clone();
    let role_id = format!("{}Role", written.logical_id);
    let (role, needs_role) = policies::role_or_implied(expansion.stack, &written, &role_id);
    draft.kind = "AWS::Lambda::Function".into();
    let mut implied = Implied::by(&written);
    let mut grants = Grants::default();
    let head = written.head;
    own_grants(expansion, &written, &role_id, &mut grants);
    alias(expansion, &written, &mut implied);
    url(expansion, &written, &mut implied);
    invoke_config(expansion, &written, &mut implied, &mut grants);
    events::of_function(expansion, &written, &mut implied, &mut grants);
    if let [guard, ..] = needs_role.as_slice() {
        // Where it is needed in several cases it exists in all of them.
        let guard = match needs_role.len() {
            1 => guard.clone(),
            _ => Guard::always(),
        };
        let new = New {
            logical_id: &role_id,
            sub: "role",
            kind: "",
            head,
        };
        add_role(
            expansion.stack,
            &mut implied,
            new,
            &guard,
            "lambda.amazonaws.com",
            grants,
            &written.properties,
        );
    }
    draft.properties = properties(expansion, &written, role);
    implied.made
}

fn properties(expansion: &mut Expansion<'_, '_, '_>, written: &Draft, role: Fact) -> Fact {
    let from = &written.properties;
    if matches!(from, Fact::Unknown(_)) {
        return from.clone();
    }
    let head = written.head;
    let tracing = from.field("Tracing").into_owned();
    let tracing = tracing.map(|mode| wrapped("Mode", mode, head));
    let queue = from.field("DeadLetterQueue").into_owned();
    let queue = queue.map(|queue| match queue.as_map() {
        Some(_) => Properties::at(queue.head(head))
            .copy(queue, "TargetArn")
            .build_unless_empty(),
        None => Fact::absent(Some(head)),
    });
    expansion
        .passed_on(written)
        .set("Code", code(from, head))
        .set("Role", role)
        .put("TracingConfig", place_of(from, "Tracing", head), tracing)
        .put(
            "DeadLetterConfig",
            place_of(from, "DeadLetterQueue", head),
            queue,
        )
        .put(
            "Tags",
            place_of(from, "Tags", head),
            super::tags(&from.field("Tags")),
        )
        .build()
}

/// A value as a map of one; absent stays absent.
fn wrapped(key: &str, value: &Fact, head: Span) -> Fact {
    if value.is_absent() {
        return value.clone();
    }
    Properties::at(value.head(head))
        .set(key, value.clone())
        .build()
}

fn code(from: &Fact, head: Span) -> Fact {
    let inline = from.field("InlineCode").into_owned();
    let inline = inline.map(|text| wrapped("ZipFile", text, head));
    let image = from.field("ImageUri").into_owned();
    let image = image.map(|uri| wrapped("ImageUri", uri, head));
    let package = from.field("CodeUri").into_owned();
    let package = package.map(|uri| package_of(uri, head));
    or_else(&inline, &or_else(&image, &package))
}

/// `CodeUri` and `ContentUri`: an object in a bucket, or a local path, which stays.
pub(crate) fn package_of(uri: &Fact, head: Span) -> Fact {
    let span = uri.head(head);
    if uri.as_map().is_some() {
        return Properties::at(span)
            .rename(uri, "Bucket", "S3Bucket")
            .rename(uri, "Key", "S3Key")
            .rename(uri, "Version", "S3ObjectVersion")
            .build();
    }
    let object = uri.as_text().and_then(|text| text.strip_prefix("s3://"));
    match object.and_then(|object| object.split_once('/')) {
        Some((bucket, key)) => Properties::at(span)
            .text("S3Bucket", bucket)
            .text("S3Key", key)
            .build(),
        None => uri.clone(),
    }
}

/// What the function's role grants because of the function's own properties.
fn own_grants(
    expansion: &mut Expansion<'_, '_, '_>,
    written: &Draft,
    role_id: &str,
    grants: &mut Grants,
) {
    let from = &written.properties;
    let head = written.head;
    grants.manage(
        &Guard::always(),
        "service-role/AWSLambdaBasicExecutionRole",
        head,
    );
    for (guard, case) in from.field("Tracing").cases() {
        if matches!(case.as_text(), Some("Active" | "PassThrough")) {
            let span = place_of(from, "Tracing", head);
            grants.manage(&guard, "AWSXrayWriteOnlyAccess", span);
        }
    }
    for (guard, _) in present(&from.field("VpcConfig")) {
        let span = place_of(from, "VpcConfig", head);
        grants.manage(&guard, "service-role/AWSLambdaVPCAccessExecutionRole", span);
    }
    let queue = from.field("DeadLetterQueue").into_owned();
    for (guard, case) in present(&queue) {
        let actions = match case.field("Type").as_text() {
            Some("SQS") => ["sqs:SendMessage"],
            Some("SNS") => ["sns:Publish"],
            _ => continue,
        };
        let span = case.head(head);
        let target = case.field("TargetArn").into_owned();
        let statement = allow(&actions, vec![target], span);
        grants.allow(&guard, "DeadLetterQueuePolicy", vec![statement], span);
    }
    let policies = from.field("Policies").into_owned();
    let knowledge = expansion.knowledge;
    grants.read(expansion.stack, knowledge, &policies, role_id, head);
}

/// The alias and the version behind it. What refers to these means the function.
fn alias(expansion: &mut Expansion<'_, '_, '_>, written: &Draft, implied: &mut Implied<'_>) {
    let alias = written.properties.field("AutoPublishAlias").into_owned();
    for (guard, name) in present(&alias) {
        let Some(known) = name.as_text() else {
            continue;
        };
        let head = place_of(&written.properties, "AutoPublishAlias", written.head);
        let logical_id = format!("{}Alias{}", written.logical_id, as_logical_id(known));
        let function = expansion.stack.reference(&written.logical_id, "", head);
        let properties = Properties::at(head)
            .set("FunctionName", function)
            .set("Name", name.clone())
            .copy(&written.properties, "ProvisionedConcurrencyConfig");
        let new = New {
            logical_id: &logical_id,
            sub: "alias",
            kind: "AWS::Lambda::Alias",
            head,
        };
        implied.add(expansion.stack, new, &guard, properties.build());
    }
    for attribute in ["Alias", "Version"] {
        let name = format!("{}.{attribute}", written.logical_id);
        let names = &mut *expansion.stack.names;
        names.stands_for(&name, written.id, written.head);
    }
}

fn url(expansion: &mut Expansion<'_, '_, '_>, written: &Draft, implied: &mut Implied<'_>) {
    let config = written.properties.field("FunctionUrlConfig").into_owned();
    let head = place_of(&written.properties, "FunctionUrlConfig", written.head);
    let alias = written.properties.field("AutoPublishAlias").into_owned();
    for (guard, case) in present(&config) {
        let function = expansion.stack.reference(&written.logical_id, "Arn", head);
        let properties = Properties::at(head)
            .set("TargetFunctionArn", function.clone())
            .set("Qualifier", alias.clone())
            .copy_all(&case, &["AuthType", "Cors", "InvokeMode"]);
        let logical_id = format!("{}Url", written.logical_id);
        let new = New {
            logical_id: &logical_id,
            sub: "url",
            kind: "AWS::Lambda::Url",
            head,
        };
        implied.add(expansion.stack, new, &guard, properties.build());
        for (inner, auth) in case.field("AuthType").cases() {
            if let (Some("NONE"), Some(guard)) = (auth.as_text(), guard.and(&inner)) {
                let span = auth.head(head);
                public_permissions(expansion, implied, &guard, &function, span);
            }
        }
    }
}

/// A URL that anyone may call needs both: to call the URL, and the function by it.
fn public_permissions(
    expansion: &mut Expansion<'_, '_, '_>,
    implied: &mut Implied<'_>,
    guard: &Guard,
    function: &Fact,
    head: Span,
) {
    let permission = |action: &str| {
        Properties::at(head)
            .text("Action", action)
            .set("FunctionName", function.clone())
            .text("Principal", "*")
    };
    let of_url = permission("lambda:InvokeFunctionUrl").text("FunctionUrlAuthType", "NONE");
    let of_function = permission("lambda:InvokeFunction").bool("InvokedViaFunctionUrl", true);
    let permissions = [
        ("UrlPublicPermissions", "url-public", of_url),
        (
            "URLInvokeAllowPublicAccess",
            "url-public-invoke",
            of_function,
        ),
    ];
    for (suffix, sub, properties) in permissions {
        let logical_id = format!("{}{suffix}", implied.by.logical_id);
        let new = New {
            logical_id: &logical_id,
            sub,
            kind: "AWS::Lambda::Permission",
            head,
        };
        implied.add(expansion.stack, new, guard, properties.build());
    }
}

fn invoke_config(
    expansion: &mut Expansion<'_, '_, '_>,
    written: &Draft,
    implied: &mut Implied<'_>,
    grants: &mut Grants,
) {
    let config = written.properties.field("EventInvokeConfig").into_owned();
    let head = place_of(&written.properties, "EventInvokeConfig", written.head);
    for (guard, case) in present(&config) {
        let mut destinations = Properties::at(head);
        let written_ones = case.field("DestinationConfig").into_owned();
        for outcome in ["OnSuccess", "OnFailure"] {
            let destination = written_ones.field(outcome).into_owned();
            for (inner, one) in present(&destination) {
                let Some(guard) = guard.and(&inner) else {
                    continue;
                };
                let span = place_of(&written_ones, outcome, head);
                let made = destination_of(expansion, implied, grants, &guard, &one, outcome, span);
                let map = Properties::at(span).set("Destination", made).build();
                destinations = destinations.put(outcome, span, map);
            }
        }
        let alias = written.properties.field("AutoPublishAlias").into_owned();
        let qualifier = or_else(&alias, &Fact::text("$LATEST", head));
        let function = expansion.stack.reference(&written.logical_id, "", head);
        let properties = Properties::at(head)
            .set("FunctionName", function)
            .set("Qualifier", qualifier)
            .copy_all(&case, &["MaximumEventAgeInSeconds", "MaximumRetryAttempts"])
            .set("DestinationConfig", destinations.build_unless_empty());
        let logical_id = format!("{}EventInvokeConfig", written.logical_id);
        let new = New {
            logical_id: &logical_id,
            sub: "event-invoke-config",
            kind: "AWS::Lambda::EventInvokeConfig",
            head,
        };
        implied.add(expansion.stack, new, &guard, properties.build());
    }
}

/// Where the outcome of a call goes: as written, or a queue or topic made for it.
fn destination_of(
    expansion: &mut Expansion<'_, '_, '_>,
    implied: &mut Implied<'_>,
    grants: &mut Grants,
    guard: &Guard,
    destination: &Fact,
    outcome: &str,
    span: Span,
) -> Fact {
    let function = &implied.by.logical_id;
    let kind = destination.field("Type").into_owned();
    let kind = kind.as_text().unwrap_or_default();
    let written = destination.field("Destination").into_owned();
    let made = match kind {
        "SQS" => Some(("Queue", "AWS::SQS::Queue", "Arn")),
        "SNS" => Some(("Topic", "AWS::SNS::Topic", "")),
        _ => None,
    };
    let target = match made {
        Some((suffix, kind, attribute)) if written.is_absent() => {
            let logical_id = format!("{function}EventInvokeConfig{outcome}{suffix}");
            let sub = format!("{outcome} {}", suffix.to_ascii_lowercase());
            let new = New {
                logical_id: &logical_id,
                sub: &sub,
                kind,
                head: span,
            };
            let properties = Properties::at(span).build();
            implied.add(expansion.stack, new, guard, properties);
            expansion.stack.reference(&logical_id, attribute, span)
        }
        Some(_) | None => written,
    };
    let actions = match kind {
        "SQS" => ["sqs:SendMessage"],
        "SNS" => ["sns:Publish"],
        "Lambda" => ["lambda:InvokeFunction"],
        "EventBridge" => ["events:PutEvents"],
        "S3Bucket" => ["s3:PutObject"],
        _ => return target,
    };
    let name = format!("{function}EventInvokeConfig{outcome}{kind}Policy");
    let statement = allow(&actions, vec![target.clone()], span);
    grants.allow(guard, &name, vec![statement], span);
    target
}

/// `AWS::Serverless::LayerVersion`.
pub(crate) fn expand_layer(expansion: &mut Expansion<'_, '_, '_>, draft: &mut Draft) {
    let content = draft.properties.field("ContentUri").into_owned();
    let content = content.map(|uri| package_of(uri, draft.head));
    let span = place_of(&draft.properties, "ContentUri", draft.head);
    draft.properties = expansion
        .passed_on(draft)
        .put("Content", span, content)
        .build();
    draft.kind = "AWS::Lambda::LayerVersion".into();
}

/// `AWS::Serverless::SimpleTable`.
pub(crate) fn expand_table(expansion: &mut Expansion<'_, '_, '_>, draft: &mut Draft) {
    let from = draft.properties.clone();
    let head = draft.head;
    let key = from.field("PrimaryKey").into_owned();
    let key_span = place_of(&from, "PrimaryKey", head);
    let name = or_else(&key.field("Name"), &policies::by_default("id", head, ""));
    let attribute = Properties::at(key_span)
        .set("AttributeName", name.clone())
        .set("AttributeType", attribute_type(&key.field("Type"), head));
    let schema = Properties::at(key_span)
        .set("AttributeName", name)
        .text("KeyType", "HASH");
    let throughput = from.field("ProvisionedThroughput").into_owned();
    let on_demand = policies::by_default(
        "PAY_PER_REQUEST",
        head,
        "the serverless transform gives a table without throughput this billing mode",
    );
    let billing = throughput.map(|case| match case.is_absent() {
        true => on_demand.clone(),
        false => Fact::absent(case.span()),
    });
    draft.properties = expansion
        .passed_on(draft)
        .set("AttributeDefinitions", list([attribute.build()], key_span))
        .set("KeySchema", list([schema.build()], key_span))
        .copy(&from, "ProvisionedThroughput")
        .set("BillingMode", billing)
        .put(
            "Tags",
            place_of(&from, "Tags", head),
            super::tags(&from.field("Tags")),
        )
        .build();
    draft.kind = "AWS::DynamoDB::Table".into();
}

fn attribute_type(kind: &Fact, head: Span) -> Fact {
    let written = kind.map(|case| {
        let short = match case.as_text() {
            Some("String") => "S",
            Some("Number") => "N",
            Some("Binary") => "B",
            _ => return case.clone(),
        };
        let mut case = case.clone();
        if let Fact::Known(known) = &mut case {
            known.value = Value::Text(short.into());
        }
        case
    });
    or_else(&written, &policies::by_default("S", head, ""))
}

/// `AWS::Serverless::CapacityProvider`, with the role of its operator.
pub(crate) fn expand_capacity_provider(
    expansion: &mut Expansion<'_, '_, '_>,
    draft: &mut Draft,
) -> Vec<Draft> {
    let written = draft.clone();
    let head = written.head;
    let role_id = format!("{}OperatorRole", written.logical_id);
    let mut implied = Implied::by(&written);
    let given = written.properties.field("OperatorRole").into_owned();
    let mut role = given.clone();
    if given.is_absent() {
        let mut grants = Grants::default();
        let policy = "AWSLambdaManagedEC2ResourceOperator";
        grants.manage(&Guard::always(), policy, head);
        let new = New {
            logical_id: &role_id,
            sub: "role",
            kind: "",
            head,
        };
        let settings = Properties::at(head).build();
        let service = "lambda.amazonaws.com";
        let stack = &mut *expansion.stack;
        let always = Guard::always();
        add_role(
            stack,
            &mut implied,
            new,
            &always,
            service,
            grants,
            &settings,
        );
        role = expansion.stack.reference(&role_id, "Arn", head);
    }
    let permissions = Properties::at(head).set("CapacityProviderOperatorRoleArn", role);
    draft.kind = "AWS::Lambda::CapacityProvider".into();
    draft.properties = expansion
        .passed_on(&written)
        .set("PermissionsConfig", permissions.build())
        .build();
    implied.made
}
