//! Functions for which the provider reads a queue, stream, table or broker.

use underbelly_expression::{Fact, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::FlowKind;
use underbelly_source::Span;

use crate::derived::{as_bool, by_default, is_written, no};
use crate::draft::Draft;

use super::link::{End, Link, Style, Trigger};

/// Kinds a source without address may be named after.
const SOURCES: [&str; 4] = ["external", "queue", "stream", "table"];

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for (id, resource) in draft.of_type("AWS::Lambda::EventSourceMapping") {
        let properties = &resource.properties;
        let enabled = properties.field("Enabled");
        if enabled.as_bool() == Some(false) {
            continue;
        }
        let function = properties.field("FunctionName");
        let functions = draft.ends(&resource.guard, &function, &["function"], id, resource.head);
        for source in sources(draft, id, resource) {
            for function in &functions {
                let Some(guard) = function.guard.and(&source.guard) else {
                    continue;
                };
                let trigger = trigger(draft, properties, &source, resource.head);
                let link = Link {
                    source: source.component,
                    destination: function.component,
                    kind: FlowKind::Trigger,
                    label: String::new(),
                    guard,
                    place: resource.head,
                };
                link.draw(draft, &trigger);
            }
        }
    }
}

fn sources(draft: &mut Draft<'_>, id: ResourceId, resource: &Resource) -> Vec<End> {
    let properties = &resource.properties;
    let source = properties.field("EventSourceArn").into_owned();
    if !source.is_absent() {
        return draft.ends(&resource.guard, &source, &SOURCES, id, resource.head);
    }
    let own = properties.path("SelfManagedEventSource.Endpoints.KafkaBootstrapServers");
    let own = own.into_owned();
    let (servers, _) = own.items();
    let Some((guard, first)) = servers.into_iter().next() else {
        return Vec::new();
    };
    let guard = resource.guard.and(&guard).unwrap_or_default();
    draft.ends(&guard, first, &["external"], id, resource.head)
}

fn trigger(draft: &Draft<'_>, properties: &Fact, source: &End, head: Span) -> Trigger {
    let of_queue = reads_queue(draft, properties, source);
    let retries = properties.field("MaximumRetryAttempts");
    let retries = retries.map(|case| match (case, of_queue) {
        (Fact::Absent(_), false) => by_default(
            Value::Number(-1),
            head,
            "until the record expires unless set",
        ),
        (Fact::Absent(_) | Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    });
    let on_failure = properties.path("DestinationConfig.OnFailure.Destination");
    let failure_destination = match of_queue {
        true => kept_by_queue(draft, source, head),
        false => is_written(&on_failure, head),
    };
    let filters = properties.path("FilterCriteria.Filters");
    Trigger {
        style: if of_queue {
            Style::Queue
        } else {
            Style::Stream
        },
        retries,
        bisects: as_bool(&properties.field("BisectBatchOnFunctionError"), false, head),
        failure_destination,
        filtered: is_written(&filters, head),
    }
}

/// Streams have a position to start from, and a mapping has to name it; queues have
/// none. That tells them apart where the source itself is not known.
fn reads_queue(draft: &Draft<'_>, properties: &Fact, source: &End) -> bool {
    match draft.kind_of(source.component) {
        "queue" => true,
        "stream" | "table" => false,
        _ => {
            let own = properties.field("SelfManagedEventSource");
            own.is_absent() && properties.field("StartingPosition").is_absent()
        }
    }
}

/// A queue keeps what fails if it has a dead-letter queue.
fn kept_by_queue(draft: &Draft<'_>, source: &End, head: Span) -> Fact {
    match draft.resource_of(source.component) {
        Some((_, queue)) => is_written(&queue.properties.field("RedrivePolicy"), queue.head),
        None => match draft.fact(source.component, "redrive") {
            Some(fact) => fact.clone(),
            None => match draft.components.get(source.component.index()) {
                Some(queue) if queue.outside => Fact::unknown(
                    underbelly_expression::Reason::OtherComponent(queue.name.clone()),
                    Some(source.place),
                ),
                Some(_) | None => no(head),
            },
        },
    }
}
