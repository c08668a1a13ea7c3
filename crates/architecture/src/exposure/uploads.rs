//! Who may put objects into a bucket, or messages into a channel.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Guard, Reason, SubjectId, Value};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::derived::{Offer, any, bool_like, no, word};
use crate::draft::Draft;

use super::admitted;
use super::audience::is_untrusted;

/// Abilities that bring data in.
pub(crate) const INPUT: [&str; 5] = ["write_data", "send", "publish", "invoke", "start"];

/// Sets `accepts_uploads` of buckets and `foreign_producers` of all that feeds others.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let by_users = by_users(draft);
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

/// Buckets that people may write to under the roles an identity pool gives them.
fn by_users(draft: &Draft<'_>) -> BTreeMap<SubjectId, Vec<Offer>> {
    let mut found: BTreeMap<SubjectId, Vec<Offer>> = BTreeMap::new();
    for pool in draft.of_kind("identity-pool") {
        for name in ["guest_role", "user_role"] {
            let role = draft.fact(pool, name);
            for (outer, role) in crate::flows::subjects(role, &Guard::always()) {
                for part in draft.parts_of(role, "grants") {
                    let Some(grant) = draft.parts.get(part.index()) else {
                        continue;
                    };
                    let abilities = grant.facts.get("abilities");
                    let gives = abilities.is_some_and(|set| {
                        let (items, _) = set.items();
                        items
                            .iter()
                            .any(|(_, item)| item.as_text() == Some("write_data"))
                    });
                    let Some(guard) = outer.and(&grant.guard).filter(|_| gives) else {
                        continue;
                    };
                    let places = grant.place.map(Place::here).into_iter().collect();
                    let yes = Fact::known(Value::Bool(true), Basis::Written, places);
                    for (guard, target) in crate::flows::subjects(grant.facts.get("target"), &guard)
                    {
                        found.entry(target).or_default().push((guard, yes.clone()));
                    }
                }
            }
        }
    }
    found
}

/// Someone besides the drawn producers: other accounts, anyone, or a service that
/// acts for whoever asks it.
fn foreign(draft: &Draft<'_>, feeder: SubjectId, head: Span) -> Fact {
    let mut offers = admitted_input(draft, feeder, head);
    let (admitted, _) = admitted::of(draft, feeder);
    for admit in admitted {
        let tied = [
            "source_arn",
            "source_account",
            "organisation",
            "source_token",
        ];
        let loose = admit.is_narrowed_by(&tied) == Some(false);
        if loose && admitted::is(&admit.principal, "service") && admit.gives(&INPUT) == Some(true) {
            let yes = word(&admit.principal, "true");
            offers.push((admit.guard, bool_like(&yes, true)));
        }
    }
    let public = draft.fact(feeder, "public_write").cloned();
    offers.extend(public.map(|fact| (Guard::always(), fact)));
    any(
        &draft.graph.worlds,
        &draft.guard_of(feeder),
        &offers,
        &no(head),
    )
}
