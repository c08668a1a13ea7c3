//! What a bucket tells when its content changes.

use underbelly_expression::{Fact, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::FlowKind;

use crate::derived::{in_words, is_written};
use crate::draft::Draft;

use super::link::{Link, Style, Trigger};

/// List of configurations, the property that names the target, its kind.
const TARGETS: [(&str, &str, &str); 3] = [
    ("LambdaConfigurations", "Function", "function"),
    ("QueueConfigurations", "Queue", "queue"),
    ("TopicConfigurations", "Topic", "topic"),
];

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for bucket in draft.of_kind("object-store") {
        if let Some((id, resource)) = draft.resource_of(bucket) {
            from_bucket(draft, bucket, id, resource);
        }
    }
}

fn from_bucket(draft: &mut Draft<'_>, bucket: SubjectId, id: ResourceId, resource: &Resource) {
    let settings = resource
        .properties
        .field("NotificationConfiguration")
        .into_owned();
    for (list, property, kind) in TARGETS {
        let list = settings.field(list).into_owned();
        let (items, _) = list.items();
        for (guard, item) in items {
            let Some(guard) = resource.guard.and(&guard) else {
                continue;
            };
            let events = events(item);
            let filtered = is_written(&item.field("Filter"), item.head(resource.head));
            let target = item.field(property);
            for end in draft.ends(&guard, &target, &[kind], id, resource.head) {
                let place = item.head(end.place);
                let trigger = Trigger::plain(Style::Async, place).filtered(filtered.clone());
                let link = Link {
                    source: bucket,
                    destination: end.component,
                    kind: FlowKind::Trigger,
                    label: events.clone(),
                    guard: end.guard,
                    place,
                };
                link.draw(draft, &trigger);
            }
        }
    }
    let to_bus = settings.field("EventBridgeConfiguration").into_owned();
    for (guard, case) in to_bus.cases() {
        let enabled = case.field("EventBridgeEnabled");
        if case.is_absent() || enabled.as_bool() == Some(false) {
            continue;
        }
        let place = case.head(resource.head);
        if let Some(guard) = resource.guard.and(&guard) {
            let bus = draft.default_bus(place);
            let link = Link {
                source: bucket,
                destination: bus,
                kind: FlowKind::Trigger,
                label: String::new(),
                guard,
                place,
            };
            link.draw(draft, &Trigger::plain(Style::Async, place));
        }
    }
}

fn events(item: &Fact) -> String {
    let own = in_words(&item.field("Event"));
    match own.as_str() {
        "?" => in_words(&item.field("Events")).replace('|', ", "),
        _ => own,
    }
}
