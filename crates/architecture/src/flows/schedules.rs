//! Schedules and what they start.

use underbelly_expression::{Fact, Guard, SubjectId, Text, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::FlowKind;
use underbelly_source::{Place, Span};

use crate::address;
use crate::derived::{Collected, like};
use crate::draft::Draft;
use crate::services::Service;

use super::failures::undelivered;
use super::link::{End, Link, Style, Trigger};

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for (id, resource) in draft.of_type("AWS::Scheduler::Schedule") {
        let clock = match draft.component_of(id) {
            Some(component) => component,
            None => draft.actor("schedule"),
        };
        if resource.properties.field("State").as_text() == Some("DISABLED") {
            continue;
        }
        let target = resource.properties.field("Target").into_owned();
        let mut found = Collected::default();
        for end in ends(draft, id, resource, &target) {
            found.component(&end.guard, end.component, &[Place::here(end.place)]);
            let link = Link {
                source: clock,
                destination: end.component,
                kind: FlowKind::Trigger,
                label: String::new(),
                guard: end.guard,
                place: end.place,
            };
            link.draw(draft, &Trigger::plain(Style::Async, end.place));
        }
        draft.set(clock, "targets", found.set(Some(resource.head)));
        let queue = target.path("DeadLetterConfig.Arn");
        undelivered(draft, clock, &resource.guard, &queue, id, resource.head);
    }
}

fn ends(draft: &mut Draft<'_>, id: ResourceId, resource: &Resource, target: &Fact) -> Vec<End> {
    let arn = target.field("Arn").into_owned();
    match arn.as_pattern().and_then(universal) {
        Some(service) => {
            let input = target.field("Input").into_owned();
            let place = arn.head(resource.head);
            called(draft, &service, &input, &resource.guard, id, place)
        }
        None => draft.ends(&resource.guard, &arn, &["external"], id, resource.head),
    }
}

/// The service of `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`.
fn universal(arn: &Text) -> Option<String> {
    let fields = address::split(arn, ':', 8);
    let [_, _, scheduler, _, _, sdk, service, ..] = fields.as_slice() else {
        return None;
    };
    let of_sdk = scheduler.known() == Some("scheduler") && sdk.known() == Some("aws-sdk");
    of_sdk.then(|| service.to_string())
}

/// What a call of a service works on: named in its input, else the service itself.
fn called(
    draft: &mut Draft<'_>,
    service: &str,
    input: &Fact,
    guard: &Guard,
    near: ResourceId,
    place: Span,
) -> Vec<End> {
    let known = Service::of(service);
    let named = known.and_then(|service| {
        let in_tree = service.names_in(input);
        let in_text = || {
            let text = service.names_in_text(input.as_pattern()?)?;
            Some(like(input, Value::Text(text)))
        };
        in_tree.or_else(in_text)
    });
    if let (Some(service), Some(named)) = (known, named) {
        let ends = draft.ends(guard, &named, &[service.kind], near, place);
        if !ends.is_empty() {
            return ends;
        }
    }
    let component: SubjectId = draft.actor(&format!("{service}.amazonaws.com"));
    vec![End {
        guard: guard.clone(),
        component,
        place,
    }]
}
