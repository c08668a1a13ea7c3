//! Functions, queues and topics that a service may reach on behalf of something
//! although nothing says that it does.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::{DataFlow, FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::draft::Draft;

/// Policies that let services in: their type, what they are on, and its kind.
const POLICIES: [(&str, &str, &str); 2] = [
    ("AWS::SQS::QueuePolicy", "Queues", "queue"),
    ("AWS::SNS::TopicPolicy", "Topics", "topic"),
];

/// Draws them as possible triggers.
pub(crate) fn add(draft: &mut Draft<'_>) {
    add_functions(draft);
    for (policy, property, kind) in POLICIES {
        for (id, resource) in draft.of_type(policy) {
            let owners = draft.owners((id, resource), property, kind);
            for (guard, source, place) in admitted(draft, id, resource) {
                for (owner_guard, owner) in &owners {
                    let drawn =
                        |flow: &DataFlow| flow.source == source && flow.destination == *owner;
                    if source == *owner || draft.flows.iter().any(drawn) {
                        continue;
                    }
                    if let Some(guard) = guard.and(owner_guard) {
                        draft.add_flow(
                            source,
                            *owner,
                            FlowKind::Trigger,
                            Strength::Possible,
                            "",
                            guard,
                            vec![Place::here(place)],
                        );
                    }
                }
            }
        }
    }
}

/// What the statements of a policy let a service act for, each with when and where.
fn admitted(draft: &Draft<'_>, id: ResourceId, policy: &Resource) -> Vec<(Guard, SubjectId, Span)> {
    let statements = policy.properties.path("PolicyDocument.Statement");
    let mut admitted = Vec::new();
    for (guard, statement) in statements.items().0 {
        let service = statement.path("Principal.Service");
        let (services, _) = service.items();
        let mut services = services.iter().filter_map(|(_, service)| service.as_text());
        let allows = statement.field("Effect").as_text() == Some("Allow");
        if !allows || !services.any(is_service) {
            continue;
        }
        let conditions = statement.field("Condition");
        let (operators, _) = conditions.entries();
        for (_, operator) in operators {
            let (keys, _) = operator.fact.entries();
            for (_, key) in keys {
                if !key.key.eq_ignore_ascii_case("aws:SourceArn") {
                    continue;
                }
                for (source_guard, source) in draft.target_components(&key.fact, id) {
                    if let Some(guard) = guard.and(&source_guard) {
                        admitted.push((guard, source, statement.head(policy.head)));
                    }
                }
            }
        }
    }
    admitted
}

fn add_functions(draft: &mut Draft<'_>) {
    for (id, permission) in draft.of_type("AWS::Lambda::Permission") {
        let principal = permission.properties.field("Principal").into_owned();
        let Some(service) = principal.as_text().filter(|name| is_service(name)) else {
            continue;
        };
        let functions = draft.owners((id, permission), "FunctionName", "function");
        for (guard, function) in functions {
            let sources = sources(draft, id, permission, service, function);
            for source in sources {
                draft.add_flow(
                    source,
                    function,
                    FlowKind::Trigger,
                    Strength::Possible,
                    "",
                    guard.clone(),
                    vec![Place::here(permission.head)],
                );
            }
        }
    }
}

fn is_service(name: &str) -> bool {
    name.ends_with(".amazonaws.com") || name.ends_with(".amazon.com")
}

/// Who is let in and not drawn yet: what the source address leads to, else the
/// service itself.
fn sources(
    draft: &mut Draft<'_>,
    id: ResourceId,
    permission: &Resource,
    service: &str,
    function: SubjectId,
) -> Vec<SubjectId> {
    let drawn = drawn(draft, function);
    let source = permission.properties.field("SourceArn").into_owned();
    if source.is_absent() {
        let kinds = kinds_of(service);
        let known = drawn
            .iter()
            .any(|source| kinds.contains(&draft.kind_of(*source)));
        return match known {
            true => Vec::new(),
            false => vec![draft.actor(service)],
        };
    }
    let found = draft.target_components(&source, id).into_iter();
    let new = found.map(|(_, source)| source);
    new.filter(|source| !drawn.contains(source) && *source != function)
        .collect()
}

/// The sources of a function's triggers.
fn drawn(draft: &Draft<'_>, function: SubjectId) -> Vec<SubjectId> {
    let triggers = draft.parts_of(function, "triggers").into_iter();
    let always = underbelly_expression::Guard::always();
    triggers
        .flat_map(|part| {
            let source: Option<&Fact> = draft.fact(part, "source");
            super::apis::subjects(source, &always)
        })
        .map(|(_, source)| source)
        .collect()
}

/// The kinds of components through which a service invokes.
fn kinds_of(service: &str) -> &'static [&'static str] {
    match service {
        "apigateway.amazonaws.com" => &["rest-api", "http-api", "websocket-api"],
        "s3.amazonaws.com" => &["object-store"],
        "sns.amazonaws.com" => &["topic"],
        "events.amazonaws.com" => &["event-bus", "scheduler"],
        "scheduler.amazonaws.com" => &["scheduler"],
        "logs.amazonaws.com" => &["log-group"],
        "cognito-idp.amazonaws.com" => &["user-pool"],
        "ses.amazonaws.com" => &["email-receiver"],
        "iot.amazonaws.com" => &["device-rule"],
        "elasticloadbalancing.amazonaws.com" => &["load-balancer"],
        "bedrock.amazonaws.com" => &["ai-agent"],
        _ => &[],
    }
}
