//! From outside: what is open, public, or lets others in by its policy.

use std::collections::BTreeSet;

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_model::{Architecture, Component, Held, Hold, How, Step};
use underbelly_source::Place;

use crate::ease;
use crate::holders::{Nature, declared, fact, named, nature, words};
use crate::step::{Making, step};

pub(super) fn steps(architecture: &Architecture) -> Vec<Step> {
    let mut steps = Vec::new();
    let urls = declared(architecture).filter(|(_, component)| &*component.kind == "function-url");
    let addresses: BTreeSet<SubjectId> = urls
        .flat_map(|(url, _)| named(architecture, url, "target"))
        .collect();
    for (subject, component) in declared(architecture) {
        match &*component.kind {
            "rest-api" | "http-api" | "websocket-api" | "graphql-api" => {
                routes(architecture, subject, component, &mut steps);
            }
            "object-store" => {
                for (name, hold) in [("public_read", Hold::Reads), ("public_write", Hold::Writes)] {
                    let state = Held::new(subject, hold);
                    steps.extend(public(architecture, component, state, name));
                }
                admitted(architecture, subject, component, &addresses, &mut steps);
            }
            "identity-pool" => steps.extend(pool(architecture, subject, component)),
            kind if nature(kind) == Nature::Entrance => {
                let to = Held::new(subject, Hold::Reaches);
                steps.extend(open(architecture, &component.guard, to));
            }
            _ => admitted(architecture, subject, component, &addresses, &mut steps),
        }
    }
    steps
}

/// Each route has callers of its own; what only answers preflights is no way in.
fn routes(
    architecture: &Architecture,
    api: SubjectId,
    component: &Component,
    steps: &mut Vec<Step>,
) {
    steps.extend(open(
        architecture,
        &component.guard,
        Held::new(api, Hold::Reaches),
    ));
    // Web sockets ask who somebody is when they connect, once for all routes.
    let key = |part: &SubjectId| architecture.part(*part).map(|part| &*part.key);
    let mut parts = component.parts.iter().copied();
    let connect = parts.find(|part| key(part) == Some("$connect"));
    for route in component.parts.iter().copied() {
        let Some(part) = architecture.part(route).filter(|p| &*p.group == "routes") else {
            continue;
        };
        let preflight = fact(architecture, route, "preflight").and_then(Fact::as_bool);
        if preflight == Some(true) {
            continue;
        }
        let to = Held::new(route, Hold::Reaches);
        steps.extend(
            open(architecture, &part.guard, to)
                .into_iter()
                .map(|step| match connect {
                    Some(connect) => Step {
                        rests_on: vec![(connect, "open_to")],
                        ..step
                    },
                    None => step,
                }),
        );
    }
}

/// By `open_to`, each case for itself.
fn open(architecture: &Architecture, guard: &Guard, to: Held) -> Vec<Step> {
    let Some(open_to) = fact(architecture, to.subject, "open_to") else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    for (when, case) in open_to.cases() {
        let Some(when) = guard.and(&when) else {
            continue;
        };
        let (who, unknown, places) = match case {
            Fact::Known(known) => (case.as_text(), None, known.places.clone()),
            Fact::Unknown(unknown) => (
                Some("anyone"),
                Some(unknown.reason.clone()),
                unknown.place.into_iter().collect(),
            ),
            Fact::Absent(_) | Fact::OneOf(_) => continue,
        };
        let Some((who, ease)) = who.and_then(|who| Some((who, ease::of_caller(who)?))) else {
            continue;
        };
        steps.push(
            step(None, to, How::Open(who.into()), ease)
                .when(when)
                .at(places)
                .rests_on(to.subject, "open_to")
                .if_known(unknown),
        );
    }
    steps
}

fn public(
    architecture: &Architecture,
    component: &Component,
    to: Held,
    name: &'static str,
) -> Vec<Step> {
    let Some(public) = fact(architecture, to.subject, name) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    for (when, case) in public.cases() {
        let Some(when) = component.guard.and(&when) else {
            continue;
        };
        let (unknown, places) = match case {
            Fact::Known(known) if case.as_bool() == Some(true) => (None, known.places.clone()),
            Fact::Unknown(unknown) => (
                Some(unknown.reason.clone()),
                unknown.place.into_iter().collect(),
            ),
            Fact::Known(_) | Fact::Absent(_) | Fact::OneOf(_) => continue,
        };
        steps.push(
            step(None, to, How::Open("anyone".into()), 1.0)
                .when(when)
                .at(places)
                .rests_on(to.subject, name)
                .if_known(unknown),
        );
    }
    steps
}

/// Whoever asks gets the credentials of the guests' role, who signs in those of the
/// users'.
fn pool(architecture: &Architecture, pool: SubjectId, component: &Component) -> Vec<Step> {
    let mut steps = Vec::new();
    let guests = fact(architecture, pool, "guests");
    let cases = guests.map(|guests| guests.cases().collect::<Vec<_>>());
    for (when, case) in cases.unwrap_or_default() {
        let Some(when) = component.guard.and(&when) else {
            continue;
        };
        let (unknown, places) = match case {
            Fact::Known(known) if case.as_bool() == Some(true) => (None, known.places.clone()),
            Fact::Unknown(unknown) => (
                Some(unknown.reason.clone()),
                unknown.place.into_iter().collect(),
            ),
            Fact::Known(_) | Fact::Absent(_) | Fact::OneOf(_) => continue,
        };
        steps.push(
            step(
                None,
                Held::new(pool, Hold::Reaches),
                How::Open("anyone".into()),
                1.0,
            )
            .when(when)
            .at(places)
            .rests_on(pool, "guests")
            .if_known(unknown),
        );
    }
    let place: Vec<Place> = component.place.map(Place::here).into_iter().collect();
    if let Some(ease) = ease::of_caller("signed_in") {
        steps.push(
            step(
                None,
                Held::new(pool, Hold::Calls),
                How::Open("signed_in".into()),
                ease,
            )
            .when(component.guard.clone())
            .at(place.clone())
            .rests_on(pool, "user_role"),
        );
    }
    for (hold, role, how) in [
        (Hold::Reaches, "guest_role", How::Guest),
        (Hold::Calls, "user_role", How::SignedIn),
    ] {
        for role in named(architecture, pool, role) {
            let to = Held::new(role, Hold::Controls);
            let places = architecture.component(role).and_then(|role| role.place);
            steps.push(
                step(Some(Held::new(pool, hold)), to, how.clone(), ease::GUEST)
                    .when(component.guard.clone())
                    .at(places.map(Place::here).into_iter().collect()),
            );
        }
    }
    steps
}

/// By the admissions of its policy: everybody, strangers' accounts, and services
/// that act for anyone who asks them.
fn admitted(
    architecture: &Architecture,
    subject: SubjectId,
    component: &Component,
    addresses: &BTreeSet<SubjectId>,
    steps: &mut Vec<Step>,
) {
    for admission in component.parts.iter().copied() {
        let Some(part) = architecture
            .part(admission)
            .filter(|p| &*p.group == "admits")
        else {
            continue;
        };
        let principal = fact(architecture, admission, "principal");
        let principal = principal.and_then(Fact::as_text);
        let (narrowed, _) = words(architecture, admission, "narrowed_by");
        let has = |names: &[&str]| narrowed.iter().any(|name| names.contains(&name.as_str()));
        let ease = match principal {
            _ if has(&BINDING) => continue,
            // Whom its address lets in is said of the address, of buckets elsewhere.
            Some("anyone") if said_elsewhere(architecture, subject, component, addresses) => {
                continue;
            }
            // Whoever has any account at all can sign in with a second factor, and
            // an external id is no secret to those who were told it.
            Some("anyone") if has(&["mfa", "external_id"]) => ease::of_caller("any_account"),
            Some("anyone") => ease::of_caller("anyone"),
            Some("foreign_account") => ease::of_caller("partner"),
            // Only what a service does for others hands their wishes on.
            Some("service") if has(&["mfa", "external_id"]) => continue,
            Some("service") if hands_on(&component.kind) => Some(ease::DEPUTY),
            Some(_) | None => None,
        };
        let Some(ease) = ease else { continue };
        let (abilities, _) = words(architecture, admission, "abilities");
        let mut holds: Vec<Hold> = abilities
            .iter()
            .filter_map(|ability| gained(ability, &component.kind))
            .collect();
        holds.sort();
        holds.dedup();
        for hold in holds {
            // Services hand on what they are told to; the answer is theirs.
            let by_service = principal == Some("service");
            let hold = match hold {
                Hold::Calls if by_service => Hold::Reaches,
                hold => hold,
            };
            let places = part.place.map(Place::here);
            steps.push(
                step(
                    None,
                    Held::new(subject, hold),
                    How::Admitted(admission),
                    ease,
                )
                .when(part.guard.clone())
                .at(places.into_iter().collect())
                .rests_on(admission, "principal"),
            );
        }
    }
}

/// Narrowings that keep strangers out, whoever is let in.
const BINDING: [&str; 8] = [
    "source_arn",
    "source_account",
    "source_token",
    "organisation",
    "sub",
    "network",
    "ip",
    "source_function",
];

/// Whether another fact says who may do what anyone is allowed here: the address of a
/// function, the block settings of a bucket or secret.
fn said_elsewhere(
    architecture: &Architecture,
    subject: SubjectId,
    component: &Component,
    addresses: &BTreeSet<SubjectId>,
) -> bool {
    let blocked = fact(architecture, subject, "block_public_policy").and_then(Fact::as_bool);
    addresses.contains(&subject)
        || &*component.kind == "object-store"
        || &*component.kind == "secret" && blocked == Some(true)
}

/// Whether what a service is told by others reaches this kind of component. Services
/// write logs into buckets, and those are no wishes.
fn hands_on(kind: &str) -> bool {
    nature(kind) != Nature::Other && kind != "object-store"
}

/// What an ability gives of a component of this kind.
pub(super) fn gained(ability: &str, kind: &str) -> Option<Hold> {
    let takes = nature(kind) != Nature::Store;
    Some(match ability {
        "read_data" | "read_secret" | "receive" => Hold::Reads,
        "write_data" | "delete_data" if takes => Hold::Reaches,
        "write_data" | "delete_data" => Hold::Writes,
        // Whoever calls code gets what it answers.
        "invoke" if nature(kind) == Nature::Code => Hold::Calls,
        "send" | "publish" | "invoke" | "start" if takes => Hold::Reaches,
        "decrypt" if kind == "key" => Hold::Decrypts,
        // Who may say who calls code calls it; what it does is still its own.
        "change_access" if nature(kind) == Nature::Code => Hold::Calls,
        "assume" | "change_code" | "change_config" | "change_access" | "change_identity"
        | "administer" => Hold::Controls,
        _ => return None,
    })
}
