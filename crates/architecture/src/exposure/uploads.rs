//! Who may put objects into a bucket, or messages into a channel.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Guard, Reason, SubjectId, Value};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::derived::{Offer, any, bool_like, no, word};
use crate::draft::Draft;

use super::audience::is_untrusted;
use super::{admitted, users};

/// Abilities that bring data in.
pub(crate) const INPUT: [&str; 5] = ["write_data", "send", "publish", "invoke", "start"];

/// Sets `accepts_uploads` of buckets and `foreign_producers` of all that feeds others.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let by_users = users::writes(draft);
    let mut writers: BTreeMap<SubjectId, Vec<usize>> = BTreeMap::new();
    for (index, flow) in draft.flows.iter().enumerate() {
        if flow.kind == FlowKind::Access && flow.strength != Strength::NoPermission {
            writers.entry(flow.destination).or_default().push(index);
        }
    }
    for bucket in draft.of_kind("object-store") {
        if let Some(head) = draft.place_of(bucket) {
            let writers = writers.get(&bucket).map_or(&[][..], Vec::as_slice);
            let fact = accepts(draft, bucket, &by_users, writers, head);
            draft.set(bucket, "accepts_uploads", fact);
        }
    }
    for kind in [
        "queue",
        "topic",
        "event-bus",
        "stream",
        "object-store",
        "table",
        "log-group",
    ] {
        for feeder in draft.of_kind(kind) {
            if let Some(head) = draft.place_of(feeder) {
                let fact = foreign(draft, feeder, head);
                draft.set_unless(feeder, "foreign_producers", fact);
            }
        }
    }
}

/// Untrusted callers whom a component's own policy lets bring data in.
pub(crate) fn admitted_input(draft: &Draft<'_>, component: SubjectId, head: Span) -> Vec<Offer> {
    let offers = admitted::audiences(draft, component, &INPUT).into_iter();
    let untrusted = offers.map(|(guard, audience)| {
        let fact = audience.map(|case| match case.as_text() {
            Some(who) if is_untrusted(who) => bool_like(case, true),
            Some(_) => no(head),
            None => case.clone(),
        });
        (guard, fact)
    });
    untrusted.collect()
}

fn accepts(
    draft: &Draft<'_>,
    bucket: SubjectId,
    by_users: &BTreeMap<SubjectId, Vec<Offer>>,
    writers: &[usize],
    head: Span,
) -> Fact {
    let mut offers = admitted_input(draft, bucket, head);
    offers.extend(by_users.get(&bucket).cloned().unwrap_or_default());
    let public = draft.fact(bucket, "public_write").cloned();
    offers.extend(public.map(|fact| (Guard::always(), fact)));
    offers.extend(from_browsers(draft, bucket));
    for index in writers {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        let writes = flow.label.contains("write");
        let answers = draft
            .fact(flow.source, "answers_caller")
            .and_then(Fact::as_bool);
        let open = draft.fact(flow.source, "open_to").and_then(Fact::as_text);
        if writes && answers == Some(true) && open.is_some_and(is_untrusted) {
            let place = flow.places.first().map(|place| place.span);
            // It may hand out addresses to upload to.
            offers.push((flow.guard.clone(), Fact::unknown(Reason::Code, place)));
        }
    }
    any(
        &draft.graph.worlds,
        &draft.guard_of(bucket),
        &offers,
        &no(head),
    )
}

/// Scripts of other sites that may put objects: somebody uploads from a browser.
fn from_browsers(draft: &Draft<'_>, bucket: SubjectId) -> Vec<Offer> {
    let Some((_, resource)) = draft.resource_of(bucket) else {
        return Vec::new();
    };
    let rules = resource
        .properties
        .path("CorsConfiguration.CorsRules")
        .into_owned();
    let mut offers = Vec::new();
    for (outer, rule) in rules.items().0 {
        let methods = rule.field("AllowedMethods").into_owned();
        for (guard, method) in methods.items().0 {
            let puts = matches!(method.as_text(), Some("PUT" | "POST"));
            let (Some(guard), true, Some(span)) = (outer.and(&guard), puts, method.span()) else {
                continue;
            };
            let mut fact = Fact::known(
                Value::Bool(true),
                Basis::LibraryAssumption,
                vec![Place::here(span)],
            );
            if let Fact::Known(known) = &mut fact {
                known.note = Some("browsers may send objects, so users are taken to".into());
            }
            offers.push((guard, fact));
        }
    }
    offers
}

/// Whoever sells the events of a bus that takes them in from a partner.
pub(crate) fn by_partner(draft: &Draft<'_>, bus: SubjectId) -> Option<Offer> {
    if draft.kind_of(bus) != "event-bus" {
        return None;
    }
    let (_, resource) = draft.resource_of(bus)?;
    let source = resource.properties.field("EventSourceName");
    let partner = source.map(|case| match case {
        Fact::Known(_) => word(case, "partner"),
        Fact::Absent(_) | Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    });
    (!source.is_absent()).then(|| (Guard::always(), partner))
}

/// Someone besides the drawn producers: other accounts, anyone, or a service that
/// acts for whoever asks it.
fn foreign(draft: &Draft<'_>, feeder: SubjectId, head: Span) -> Fact {
    let mut offers = admitted_input(draft, feeder, head);
    let (admitted, _) = admitted::of(draft, feeder);
    for admit in admitted {
        let deputy = admit.audience.map(|case| match case.as_text() {
            Some("deputy") => bool_like(case, true),
            Some(_) => no(head),
            None => case.clone(),
        });
        if admit.gives(&INPUT) == Some(true) {
            offers.push((admit.guard, deputy));
        }
    }
    offers.extend(by_partner(draft, feeder).map(|(guard, partner)| {
        let fact = partner.map(|case| match case {
            Fact::Known(_) => bool_like(case, true),
            Fact::Absent(_) | Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
        });
        (guard, fact)
    }));
    let public = draft.fact(feeder, "public_write").cloned();
    offers.extend(public.map(|fact| (Guard::always(), fact)));
    any(
        &draft.graph.worlds,
        &draft.guard_of(feeder),
        &offers,
        &no(head),
    )
}
