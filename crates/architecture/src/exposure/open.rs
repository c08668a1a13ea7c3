//! Who can reach everything else: functions through their entry points and their
//! policy, guarded components through their policy, the rest through nobody.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, Reason, SubjectId};
use underbelly_model::FlowKind;
use underbelly_source::Span;

use crate::derived::{
    Offer, all, any, bool_like, by_default, first_word, text, unresolved_or, word,
};
use crate::draft::Draft;

use super::admitted;
use super::audience::OPEN_TO;
use super::entrances::through;
use super::seeds::Routes;
use super::{uploads, users};

/// Sets `open_to` of what is not an entry point, and what follows for functions.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let routes = Routes::of(draft);
    let users = users::reach(draft);
    let mut calls: BTreeMap<SubjectId, Vec<usize>> = BTreeMap::new();
    for (index, flow) in draft.flows.iter().enumerate() {
        if flow.kind == FlowKind::Call {
            calls.entry(flow.destination).or_default().push(index);
        }
    }
    for index in 0..draft.components.len() {
        let component = SubjectId::component(index);
        let found = draft.components.get(index);
        let given = draft.given(component, "open_to").is_some();
        let known = draft.fact(component, "open_to").is_some() && !given;
        let Some(head) = found.and_then(|c| c.place.filter(|_| !c.outside && !known)) else {
            continue;
        };
        let kind = draft.kind_of(component).to_owned();
        if matches!(kind.as_str(), "stack" | "account") {
            continue;
        }
        let users = users.get(&component).map_or(&[][..], Vec::as_slice);
        let open = match kind.as_str() {
            "function" => function(draft, component, &calls, &routes, users, head),
            "object-store" => bucket(draft, component, users, head),
            _ => guarded(draft, component, users, head),
        };
        draft.set(component, "open_to", open);
        if kind == "function" {
            serves_many(draft, component, head);
        }
    }
}

fn nobody(head: Span) -> Fact {
    by_default(
        text("nobody"),
        head,
        "nobody is let in from outside the model",
    )
}

fn guarded(draft: &Draft<'_>, component: SubjectId, users: &[Offer], head: Span) -> Fact {
    let mut offers = admitted::audiences(draft, component, &[]);
    offers.extend(users.iter().cloned());
    offers.extend(uploads::by_partner(draft, component));
    let within = draft.guard_of(component);
    first_word(
        &draft.graph.worlds,
        &within,
        &offers,
        &OPEN_TO,
        &nobody(head),
    )
}

fn bucket(draft: &Draft<'_>, bucket: SubjectId, users: &[Offer], head: Span) -> Fact {
    // What is public is decided with block settings; admissions that these stop
    // are no parts any more.
    let mut offers = admitted::audiences(draft, bucket, &[]);
    for name in ["public_read", "public_list", "public_write"] {
        let public = draft.fact(bucket, name).map(|fact| {
            fact.map(|case| match case.as_bool() {
                Some(true) => word(case, "anyone"),
                Some(false) => nobody(head),
                None => case.clone(),
            })
        });
        offers.extend(public.map(|fact| (Guard::always(), fact)));
    }
    offers.extend(users.iter().cloned());
    let within = draft.guard_of(bucket);
    first_word(
        &draft.graph.worlds,
        &within,
        &offers,
        &OPEN_TO,
        &nobody(head),
    )
}

fn function(
    draft: &Draft<'_>,
    function: SubjectId,
    calls: &BTreeMap<SubjectId, Vec<usize>>,
    routes: &Routes,
    users: &[Offer],
    head: Span,
) -> Fact {
    let mut offers = admitted::audiences(draft, function, &["invoke"]);
    for index in calls.get(&function).into_iter().flatten() {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        let open = match draft.kind_of(flow.source) {
            "rest-api" | "http-api" | "websocket-api" | "graphql-api" => {
                match routes.auth(draft, flow.source, &flow.label) {
                    Some(auth) => through(draft, flow.source, &auth),
                    // An authoriser is asked before anyone is known.
                    None => {
                        let place = flow.places.first().map_or(head, |place| place.span);
                        let none = Fact::text("none", place);
                        through(draft, flow.source, &none)
                    }
                }
            }
            "function-url" | "load-balancer" | "cdn" => {
                // Whoever reaches the CDN before it comes through it too.
                for front in calls.get(&flow.source).into_iter().flatten() {
                    let front = draft.flows.get(*front);
                    let front = front.filter(|front| draft.kind_of(front.source) == "cdn");
                    let open = front.and_then(|front| draft.fact(front.source, "open_to"));
                    if let (Some(front), Some(open)) = (front, open)
                        && let Some(guard) = flow.guard.and(&front.guard)
                    {
                        offers.push((guard, open.clone()));
                    }
                }
                let open = draft.fact(flow.source, "open_to").cloned();
                open.unwrap_or_else(|| nobody(head))
            }
            _ => continue,
        };
        offers.push((flow.guard.clone(), open));
    }
    offers.extend(users.iter().cloned());
    let within = draft.guard_of(function);
    first_word(
        &draft.graph.worlds,
        &within,
        &offers,
        &OPEN_TO,
        &nobody(head),
    )
}

/// A function that answers whoever signs in answers different people.
fn serves_many(draft: &mut Draft<'_>, function: SubjectId, head: Span) {
    let open = draft.fact(function, "open_to").cloned();
    let many = open.map(|open| {
        open.map(|case| match case.as_text() {
            Some(who) => bool_like(case, matches!(who, "anyone" | "signed_in")),
            None => unresolved_or(case),
        })
    });
    let answers = draft.fact(function, "answers_caller").cloned();
    let offers: Vec<Offer> = [many, answers]
        .into_iter()
        .flatten()
        .map(|fact| (Guard::always(), fact))
        .collect();
    let within = draft.guard_of(function);
    let otherwise = crate::derived::no(head);
    let fact = all(&draft.graph.worlds, &within, &offers, &otherwise);
    draft.set(function, "serves_many_users", fact);
}

/// Whether what stands behind a CDN can be reached without it.
pub(crate) fn behind_cdns(draft: &mut Draft<'_>) {
    for cdn in draft.of_kind("cdn") {
        for origin in draft.parts_of(cdn, "origins") {
            let Some(place) = draft.parts.get(origin.index()).and_then(|part| part.place) else {
                continue;
            };
            let target = draft.fact(origin, "target").cloned();
            let mut offers: Vec<Offer> = Vec::new();
            for (guard, subject) in crate::flows::subjects(target.as_ref(), &Guard::always()) {
                offers.push((guard, directly(draft, subject, place)));
            }
            let unknown = Fact::unknown(Reason::OtherComponent("the origin".into()), Some(place));
            let guard = draft.guard_of(cdn);
            let fact = any(&draft.graph.worlds, &guard, &offers, &unknown);
            draft.set(origin, "open_directly", fact);
        }
    }
}

fn directly(draft: &Draft<'_>, target: SubjectId, place: Span) -> Fact {
    let component = draft.components.get(target.index());
    if let Some(outside) = component.filter(|component| component.outside) {
        let reason = Reason::OtherComponent(outside.name.clone());
        return Fact::unknown(reason, Some(place));
    }
    let name = match draft.kind_of(target) {
        "object-store" => "public_read",
        _ => "open_to",
    };
    let Some(fact) = draft.fact(target, name) else {
        let reason = Reason::NotAnalysed("who can reach the origin".into());
        return Fact::unknown(reason, Some(place));
    };
    fact.map(|case| match (case.as_bool(), case.as_text()) {
        (Some(public), _) => bool_like(case, public),
        (None, Some(who)) => bool_like(case, !matches!(who, "nobody" | "account")),
        (None, None) => case.clone(),
    })
}
