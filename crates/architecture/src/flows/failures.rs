//! Where what fails is kept, and where results of asynchronous calls go.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, SubjectId, Value};
use underbelly_iac::ResourceId;
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::derived::{Offer, any, by_default, is_written, no};
use crate::draft::Draft;

use super::link::{Link, Style, Trigger};

/// The label of flows that carry what failed.
pub(crate) const FAILED: &str = "failed";

/// Draws them, and sets `failure_destination` of functions.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let mut kept: BTreeMap<SubjectId, Vec<Offer>> = BTreeMap::new();
    dead_letters(draft, &mut kept);
    invoke_configs(draft, &mut kept);
    for function in draft.of_kind("function") {
        let Some(head) = draft.place_of(function) else {
            continue;
        };
        let offers = kept.remove(&function).unwrap_or_default();
        let within = draft.guard_of(function);
        let fact = any(&draft.graph.worlds, &within, &offers, &no(head));
        draft.set_unless(function, "failure_destination", fact);
        settle_async(draft, function);
    }
    mappings(draft);
    queues(draft);
    subscriptions(draft);
}

/// A flow of what could not be delivered or handled.
pub(crate) fn undelivered(
    draft: &mut Draft<'_>,
    source: SubjectId,
    guard: &Guard,
    queue: &Fact,
    near: ResourceId,
    head: Span,
) {
    for end in draft.ends(guard, queue, &["queue"], near, head) {
        draft.add_flow(
            source,
            end.component,
            FlowKind::Delivery,
            Strength::Strong,
            FAILED,
            end.guard,
            vec![Place::here(end.place)],
        );
    }
}

fn dead_letters(draft: &mut Draft<'_>, kept: &mut BTreeMap<SubjectId, Vec<Offer>>) {
    for function in draft.of_kind("function") {
        let Some((id, resource)) = draft.resource_of(function) else {
            continue;
        };
        let target = resource.properties.path("DeadLetterConfig.TargetArn");
        let written = is_written(&target, resource.head);
        kept.entry(function)
            .or_default()
            .push((Guard::always(), written));
        undelivered(draft, function, &resource.guard, &target, id, resource.head);
    }
}

fn invoke_configs(draft: &mut Draft<'_>, kept: &mut BTreeMap<SubjectId, Vec<Offer>>) {
    for (id, config) in draft.of_type("AWS::Lambda::EventInvokeConfig") {
        let properties = &config.properties;
        let failed = properties.path("DestinationConfig.OnFailure.Destination");
        let succeeded = properties.path("DestinationConfig.OnSuccess.Destination");
        let retries = properties.field("MaximumRetryAttempts");
        for (guard, function) in draft.owners((id, config), "FunctionName", "function") {
            let written = is_written(&failed, config.head);
            kept.entry(function)
                .or_default()
                .push((guard.clone(), written));
            undelivered(draft, function, &guard, &failed, id, config.head);
            for end in draft.ends(&guard, &succeeded, &["external"], id, config.head) {
                let link = Link {
                    source: function,
                    destination: end.component,
                    kind: FlowKind::Trigger,
                    label: "result".to_owned(),
                    guard: end.guard,
                    place: end.place,
                };
                link.draw(draft, &Trigger::plain(Style::Async, end.place));
            }
            set_retries(draft, function, &retries);
        }
    }
}

/// How often asynchronous events are tried again is said for all of them at once.
fn set_retries(draft: &mut Draft<'_>, function: SubjectId, retries: &Fact) {
    if retries.is_absent() {
        return;
    }
    for part in asynchronous(draft, function) {
        draft.set(part, "retries", retries.clone());
    }
}

fn asynchronous(draft: &Draft<'_>, function: SubjectId) -> Vec<SubjectId> {
    let triggers = draft.parts_of(function, "triggers").into_iter();
    let is_async =
        |part: &SubjectId| draft.fact(*part, "style").and_then(Fact::as_text) == Some("async");
    triggers.filter(is_async).collect()
}

/// What holds for all asynchronous triggers of a function.
fn settle_async(draft: &mut Draft<'_>, function: SubjectId) {
    let kept = draft.fact(function, "failure_destination").cloned();
    for part in asynchronous(draft, function) {
        let unsaid = draft.fact(part, "retries").is_none_or(Fact::is_absent);
        let head = draft.parts.get(part.index()).and_then(|part| part.place);
        if let (true, Some(head)) = (unsaid, head) {
            let twice = by_default(Value::Number(2), head, "twice unless set");
            draft.set(part, "retries", twice);
        }
        if let Some(kept) = &kept {
            draft.set(part, "failure_destination", kept.clone());
        }
    }
}

fn mappings(draft: &mut Draft<'_>) {
    for (id, mapping) in draft.of_type("AWS::Lambda::EventSourceMapping") {
        let target = mapping
            .properties
            .path("DestinationConfig.OnFailure.Destination");
        if target.is_absent() {
            continue;
        }
        for (guard, function) in draft.owners((id, mapping), "FunctionName", "function") {
            undelivered(draft, function, &guard, &target, id, mapping.head);
        }
    }
}

fn queues(draft: &mut Draft<'_>) {
    for queue in draft.of_kind("queue") {
        let Some((id, resource)) = draft.resource_of(queue) else {
            continue;
        };
        let target = resource
            .properties
            .path("RedrivePolicy.deadLetterTargetArn");
        undelivered(draft, queue, &resource.guard, &target, id, resource.head);
    }
}

fn subscriptions(draft: &mut Draft<'_>) {
    for (id, subscription) in draft.of_type("AWS::SNS::Subscription") {
        let target = subscription
            .properties
            .path("RedrivePolicy.deadLetterTargetArn");
        if target.is_absent() {
            continue;
        }
        for (guard, topic) in draft.owners((id, subscription), "TopicArn", "topic") {
            undelivered(draft, topic, &guard, &target, id, subscription.head);
        }
    }
}
