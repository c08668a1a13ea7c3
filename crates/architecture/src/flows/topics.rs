//! Subscribers of topics.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::ResourceId;
use underbelly_model::FlowKind;
use underbelly_source::Span;

use crate::derived::{at_host, in_words, is_written, unresolved, word};
use crate::draft::Draft;

use super::apis::subjects;
use super::link::{Link, Style, Trigger};

/// Draws them, and sets the target of each subscription.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for topic in draft.of_kind("topic") {
        let Some((id, resource)) = draft.resource_of(topic) else {
            continue;
        };
        let list = resource.properties.field("Subscription").into_owned();
        for (guard, item) in list.items().0 {
            if let Some(guard) = resource.guard.and(&guard) {
                subscribe(draft, topic, &guard, item, id, item.head(resource.head));
            }
        }
    }
    for (id, resource) in draft.of_type("AWS::SNS::Subscription") {
        for (guard, topic) in draft.owners((id, resource), "TopicArn", "topic") {
            subscribe(
                draft,
                topic,
                &guard,
                &resource.properties,
                id,
                resource.head,
            );
        }
    }
}

fn subscribe(
    draft: &mut Draft<'_>,
    topic: SubjectId,
    guard: &Guard,
    item: &Fact,
    near: ResourceId,
    place: Span,
) {
    let protocol = item.field("Protocol").into_owned();
    let endpoint = item.field("Endpoint").into_owned();
    let target = target(draft, &protocol, &endpoint, near, place);
    let key = format!("{} {}", in_words(&protocol), in_words(&endpoint));
    let part = draft.part_at(topic, ("subscriptions", "subscription"), &key, place, guard);
    let known = protocol.map(|case| match (case, case.as_text()) {
        (Fact::Known(_), Some("email-json")) => word(case, "email"),
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) | Fact::Absent(_), _) => case.clone(),
    });
    draft.set_unless(part, "protocol", known);
    draft.set(part, "target", target.clone());
    let filtered = is_written(&item.field("FilterPolicy"), place);
    for (guard, destination) in subjects(Some(&target), guard) {
        let link = Link {
            source: topic,
            destination,
            kind: FlowKind::Trigger,
            label: String::new(),
            guard,
            place,
        };
        let trigger = Trigger::plain(Style::Async, place).filtered(filtered.clone());
        link.draw(draft, &trigger);
    }
}

fn target(
    draft: &mut Draft<'_>,
    protocol: &Fact,
    endpoint: &Fact,
    near: ResourceId,
    place: Span,
) -> Fact {
    match protocol.as_text() {
        Some("lambda") => draft.reference(endpoint, &["function"], near),
        Some("sqs") => draft.reference(endpoint, &["queue"], near),
        Some("firehose") => draft.reference(endpoint, &["stream"], near),
        Some("http" | "https") => at_host(draft, endpoint, near, place),
        Some("email" | "email-json" | "sms" | "application") => {
            let people = match protocol.as_text() {
                Some("sms") => "text messages",
                Some("application") => "mobile devices",
                Some(_) | None => "mail",
            };
            let outside = draft.outside("external", people, place);
            crate::derived::like(endpoint, underbelly_expression::Value::Subject(outside))
        }
        Some(_) | None => draft.reference(endpoint, &["external"], near),
    }
}
