//! Functions and topics that the provider's other services call: rotation of
//! secrets, macros, alarms, configuration rules.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::FlowKind;
use underbelly_source::Span;

use crate::draft::Draft;

use super::link::{Link, Style, Trigger};

/// Type, the property that names what is called, the service that calls, the kind
/// that is called.
const CALLS: [(&str, &str, &str, &str); 5] = [
    (
        "AWS::CloudFormation::Macro",
        "FunctionName",
        "cloudformation.amazonaws.com",
        "function",
    ),
    (
        "AWS::CloudWatch::Alarm",
        "AlarmActions",
        "cloudwatch.amazonaws.com",
        "external",
    ),
    (
        "AWS::CloudWatch::Alarm",
        "OKActions",
        "cloudwatch.amazonaws.com",
        "external",
    ),
    (
        "AWS::CloudWatch::CompositeAlarm",
        "AlarmActions",
        "cloudwatch.amazonaws.com",
        "external",
    ),
    (
        "AWS::Config::ConfigRule",
        "Source.SourceIdentifier",
        "config.amazonaws.com",
        "function",
    ),
];

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    rotations(draft);
    for (kind, property, service, called) in CALLS {
        for (id, resource) in draft.of_type(kind) {
            let value = resource.properties.path(property).into_owned();
            let actor = |draft: &mut Draft<'_>| draft.actor(service);
            for (guard, target) in addresses(&value, &resource.guard) {
                call(draft, (id, resource), actor, &guard, &target, called);
            }
        }
    }
}

/// Single values, each under its guard. A provider's own rule has a name instead
/// of an address; alarms may name actions that are no component.
fn addresses(value: &Fact, outer: &Guard) -> Vec<(Guard, Fact)> {
    let (items, _) = value.items();
    let is_address = |fact: &Fact| {
        let text = fact.as_pattern();
        text.is_some_and(|text| text.known().is_none() || text.prefix().starts_with("arn:"))
    };
    let chosen = items.into_iter().filter(|(_, item)| is_address(item));
    chosen
        .filter_map(|(guard, item)| Some((outer.and(&guard)?, item.clone())))
        .collect()
}

fn call(
    draft: &mut Draft<'_>,
    (id, resource): (ResourceId, &Resource),
    source: impl Fn(&mut Draft<'_>) -> SubjectId,
    guard: &Guard,
    target: &Fact,
    kind: &str,
) {
    for end in draft.ends(guard, target, &[kind], id, resource.head) {
        let source = source(draft);
        draw(draft, source, end.component, end.guard, end.place, "");
    }
}

fn draw(
    draft: &mut Draft<'_>,
    source: SubjectId,
    destination: SubjectId,
    guard: Guard,
    place: Span,
    label: &str,
) {
    let link = Link {
        source,
        destination,
        kind: FlowKind::Trigger,
        label: label.to_owned(),
        guard,
        place,
    };
    link.draw(draft, &Trigger::plain(Style::Async, place));
}

/// A secret is rotated by a function.
fn rotations(draft: &mut Draft<'_>) {
    for (id, schedule) in draft.of_type("AWS::SecretsManager::RotationSchedule") {
        let function = schedule.properties.field("RotationLambdaARN").into_owned();
        for (guard, secret) in draft.owners((id, schedule), "SecretId", "secret") {
            for end in draft.ends(&guard, &function, &["function"], id, schedule.head) {
                let (to, guard) = (end.component, end.guard);
                draw(draft, secret, to, guard, end.place, "rotation");
            }
        }
    }
}
