//! Rules of event buses: what they pass on, and to whom.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::derived::{Collected, Offer, all, in_words, is_written, no};
use crate::draft::Draft;

use super::failures::undelivered;
use super::link::{Link, Style, Trigger};

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for (id, rule) in draft.of_type("AWS::Events::Rule") {
        if rule.properties.field("State").as_text() == Some("DISABLED") {
            continue;
        }
        let schedule = rule.properties.field("ScheduleExpression");
        if !schedule.is_absent() {
            let clock = match draft.component_of(id) {
                Some(component) => component,
                None => draft.actor("schedule"),
            };
            let set = targets(draft, clock, &rule.guard, (id, rule), "");
            draft.set_unless(clock, "targets", set);
        }
        if schedule.is_absent() || !rule.properties.field("EventPattern").is_absent() {
            for (guard, bus) in buses(draft, id, rule) {
                from_bus(draft, bus, &guard, (id, rule));
            }
        }
    }
    partners(draft);
}

/// The bus a rule listens to: the default one where none is named.
fn buses(draft: &mut Draft<'_>, id: ResourceId, rule: &Resource) -> Vec<(Guard, SubjectId)> {
    let name = rule.properties.field("EventBusName").into_owned();
    let mut found = Vec::new();
    for (guard, case) in name.cases() {
        let Some(guard) = rule.guard.and(&guard) else {
            continue;
        };
        let place = case.head(rule.head);
        if case.is_absent() || case.as_text() == Some("default") {
            found.push((guard, draft.default_bus(place)));
            continue;
        }
        let ends = draft.ends(&guard, case, &["event-bus"], id, rule.head);
        found.extend(ends.into_iter().map(|end| (end.guard, end.component)));
    }
    found
}

fn from_bus(
    draft: &mut Draft<'_>,
    bus: SubjectId,
    guard: &Guard,
    (id, rule): (ResourceId, &Resource),
) {
    let properties = &rule.properties;
    let name = properties.field("Name").into_owned();
    let key = match name.as_known() {
        Some(_) => in_words(&name),
        None => rule.logical_id.to_string(),
    };
    let part = draft.part_at(bus, ("rules", "rule"), &key, rule.head, guard);
    let pattern = properties.field("EventPattern").into_owned();
    let pins = |name: &str| pins(&pattern, name, rule.head);
    draft.set(part, "pattern_pins_source", pins("source"));
    draft.set(part, "pattern_pins_account", pins("account"));
    let set = targets(draft, bus, guard, (id, rule), &key);
    draft.set_unless(part, "targets", set);
    let list = properties.field("Targets").into_owned();
    let (items, _) = list.items();
    let role = items.iter().find_map(|(_, item)| {
        let role = item.field("RoleArn").into_owned();
        (!role.is_absent()).then_some(role)
    });
    let role = role.unwrap_or_else(|| properties.field("RoleArn").into_owned());
    let runs_as = draft.reference(&role, &["role"], id);
    draft.set_unless(part, "runs_as", runs_as);
    let kept: Vec<Offer> = items
        .iter()
        .map(|(guard, item)| {
            let queue = item.path("DeadLetterConfig.Arn");
            (guard.clone(), is_written(&queue, item.head(rule.head)))
        })
        .collect();
    let kept = all(&draft.graph.worlds, guard, &kept, &no(rule.head));
    draft.set_unless(part, "dead_letter", kept);
    provider_events(draft, bus, guard, &pattern, rule.head);
}

/// Whether a pattern names the values it accepts for a field.
fn pins(pattern: &Fact, name: &str, head: Span) -> Fact {
    let field = pattern.field(name).into_owned();
    field.map(|case| match case {
        Fact::Absent(_) => crate::derived::like(
            &match pattern.span() {
                Some(span) => Fact::text("", span),
                None => Fact::absent(Some(head)),
            },
            underbelly_expression::Value::Bool(false),
        ),
        Fact::Known(_) => {
            let (items, _) = case.items();
            let named = |fact: &Fact| match fact.as_pattern() {
                Some(text) => !text.is_empty(),
                None => {
                    let prefix = fact.field("prefix").as_text().map(str::is_empty);
                    prefix == Some(false)
                }
            };
            let pinned = !items.is_empty() && items.iter().all(|(_, item)| named(item));
            crate::derived::bool_like(case, pinned)
        }
        Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    })
}

/// Draws a rule's targets; the set of them.
fn targets(
    draft: &mut Draft<'_>,
    source: SubjectId,
    outer: &Guard,
    (id, rule): (ResourceId, &Resource),
    label: &str,
) -> Fact {
    let list = rule.properties.field("Targets").into_owned();
    let (items, rest) = list.items();
    let mut found = Collected::default();
    for (guard, item) in items {
        let Some(guard) = outer.and(&guard) else {
            continue;
        };
        let place = item.head(rule.head);
        let arn = item.field("Arn");
        for end in draft.ends(&guard, &arn, &["external"], id, place) {
            found.component(&end.guard, end.component, &[Place::here(end.place)]);
            let link = Link {
                source,
                destination: end.component,
                kind: FlowKind::Trigger,
                label: label.to_owned(),
                guard: end.guard,
                place: end.place,
            };
            link.draw(draft, &Trigger::plain(Style::Async, end.place));
        }
        let queue = item.path("DeadLetterConfig.Arn");
        undelivered(draft, source, &guard, &queue, id, place);
    }
    if let Some(rest) = rest {
        found.fact(outer, &Fact::Unknown(rest.clone()));
    }
    found.set(Some(rule.head))
}

/// Events of the provider's own services reach the default bus by themselves.
fn provider_events(
    draft: &mut Draft<'_>,
    bus: SubjectId,
    guard: &Guard,
    pattern: &Fact,
    head: Span,
) {
    let sources = pattern.field("source").into_owned();
    for (inner, source) in sources.items().0 {
        let service = source.as_text().and_then(|text| text.strip_prefix("aws."));
        let (Some(service), Some(guard)) = (service, guard.and(&inner)) else {
            continue;
        };
        let actor = draft.actor(&format!("{service}.amazonaws.com"));
        draft.add_flow(
            actor,
            bus,
            FlowKind::Trigger,
            Strength::Strong,
            "",
            guard,
            vec![Place::here(source.head(head))],
        );
    }
}

/// Events of a partner come from outside.
fn partners(draft: &mut Draft<'_>) {
    for bus in draft.of_kind("event-bus") {
        let Some((_, resource)) = draft.resource_of(bus) else {
            continue;
        };
        let partner = resource.properties.field("EventSourceName").into_owned();
        let Some(name) = partner.as_pattern().map(ToString::to_string) else {
            continue;
        };
        let place = partner.head(resource.head);
        let outside = draft.outside("external", &name, place);
        draft.add_flow(
            outside,
            bus,
            FlowKind::Trigger,
            Strength::Strong,
            "",
            resource.guard.clone(),
            vec![Place::here(place)],
        );
    }
}
