//! Whether untrusted data enters a component, over any number of hops: along
//! triggers, calls, deliveries and writes, not along what a component chooses to read.

use std::collections::{BTreeMap, VecDeque};

use underbelly_expression::{Basis, Fact, SubjectId, Value};
use underbelly_model::{DataFlow, FlowKind, Strength};
use underbelly_source::Place;

use crate::derived::{Offer, any, no};
use crate::draft::Draft;

use super::entrances::through;
use super::seeds::{Arrival, Routes, arrivals, direct};

/// A way is shown by at most so many of its lines.
const MOST_PLACES: usize = 8;

/// At most so many conditions are told apart for one component.
const MOST_ARRIVALS: usize = 8;

/// Sets `untrusted_input`.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let arrived = spread(draft);
    for index in 0..draft.components.len() {
        let component = SubjectId::component(index);
        let found = draft.components.get(index);
        let Some(head) = found.and_then(|found| found.place.filter(|_| !found.outside)) else {
            continue;
        };
        if matches!(draft.kind_of(component), "stack" | "account") {
            continue;
        }
        let none = Vec::new();
        let offers: Vec<Offer> = arrived
            .get(&component)
            .unwrap_or(&none)
            .iter()
            .map(|arrival| (arrival.guard.clone(), fact(arrival)))
            .collect();
        let within = draft.guard_of(component);
        let value = any(&draft.graph.worlds, &within, &offers, &no(head));
        draft.set(component, "untrusted_input", value);
    }
}

fn fact(arrival: &Arrival) -> Fact {
    match &arrival.unknown {
        Some(unknown) => Fact::Unknown(unknown.clone()),
        None => {
            let yes = Value::Bool(true);
            let mut fact = Fact::known(yes, arrival.basis, arrival.places.clone());
            if let (Fact::Known(known), Basis::LibraryAssumption) = (&mut fact, arrival.basis) {
                known.note = Some("what is permitted is taken to happen".into());
            }
            fact
        }
    }
}

/// Every arrival at every component.
fn spread(draft: &Draft<'_>) -> BTreeMap<SubjectId, Vec<Arrival>> {
    let routes = Routes::of(draft);
    let mut from: BTreeMap<SubjectId, Vec<&DataFlow>> = BTreeMap::new();
    let mut arrived: BTreeMap<SubjectId, Vec<Arrival>> = BTreeMap::new();
    let mut open: VecDeque<(SubjectId, Arrival)> = VecDeque::new();
    for flow in draft.flows.iter().filter(|flow| carries(draft, flow)) {
        match by_route(draft, &routes, flow) {
            Some(found) => open.extend(found.into_iter().map(|a| (flow.destination, a))),
            None => from.entry(flow.source).or_default().push(flow),
        }
    }
    for index in 0..draft.components.len() {
        let component = SubjectId::component(index);
        let found = direct(draft, component);
        open.extend(found.into_iter().map(|arrival| (component, arrival)));
    }
    // What is sure goes first, so that unknown ways need not be followed where
    // sure ones lead.
    let (sure, unsure): (Vec<_>, Vec<_>) = open
        .into_iter()
        .partition(|(_, arrival)| arrival.unknown.is_none());
    for start in [sure, unsure] {
        let mut open = VecDeque::from(start);
        while let Some((at, arrival)) = open.pop_front() {
            if !is_news(arrived.entry(at).or_default(), &arrival) {
                continue;
            }
            for flow in from.get(&at).map_or(&[][..], Vec::as_slice) {
                if let Some(next) = onward(&arrival, flow) {
                    open.push_back((flow.destination, next));
                }
            }
            arrived.entry(at).or_default().push(arrival);
        }
    }
    arrived
}

/// Whether an arrival adds anything to those before it.
fn is_news(before: &[Arrival], arrival: &Arrival) -> bool {
    let covers = |known: &Arrival| {
        let surer = known.unknown.is_none() || arrival.unknown.is_some();
        let wider = arrival.guard.and(&known.guard).as_ref() == Some(&arrival.guard);
        surer && wider
    };
    before.len() < MOST_ARRIVALS && !before.iter().any(covers)
}

fn onward(arrival: &Arrival, flow: &DataFlow) -> Option<Arrival> {
    let guard = arrival.guard.and(&flow.guard)?;
    let mut places = arrival.places.clone();
    for place in flow.places.iter().take(1) {
        if !places.contains(place) {
            places.push(*place);
        }
    }
    while places.len() > MOST_PLACES {
        // The entrance and the nearest lines tell most.
        places.remove(1);
    }
    let basis = match flow.strength {
        Strength::Strong => arrival.basis,
        Strength::Possible | Strength::NoPermission => Basis::LibraryAssumption,
    };
    Some(Arrival {
        guard,
        places,
        basis,
        unknown: arrival.unknown.clone(),
    })
}

/// Whether data go along a flow from its source to its destination.
fn carries(draft: &Draft<'_>, flow: &DataFlow) -> bool {
    let starts = matches!(
        draft.kind_of(flow.destination),
        "function" | "workflow" | "ai-agent"
    );
    match flow.kind {
        FlowKind::Trigger | FlowKind::Delivery => true,
        FlowKind::Call => !reads_only(draft, flow),
        FlowKind::Access => {
            flow.strength != Strength::NoPermission && (starts || flow.label.contains("write"))
        }
    }
}

/// A route that only fetches from a store or a CDN's call of an origin store
/// brings nothing in.
fn reads_only(draft: &Draft<'_>, flow: &DataFlow) -> bool {
    let store = matches!(
        draft.kind_of(flow.destination),
        "object-store" | "table" | "database" | "cache" | "secret" | "file-system"
    );
    let fetches = flow.label.starts_with("GET ")
        || flow.label.starts_with("HEAD ")
        || flow.label.starts_with("Query.")
        || draft.kind_of(flow.source) == "cdn";
    store && fetches
}

/// For flows out of APIs the route decides whose data they carry.
fn by_route(draft: &Draft<'_>, routes: &Routes, flow: &DataFlow) -> Option<Vec<Arrival>> {
    let kind = draft.kind_of(flow.source);
    if !matches!(
        kind,
        "rest-api" | "http-api" | "websocket-api" | "graphql-api"
    ) {
        return None;
    }
    if flow.kind != FlowKind::Call {
        return None;
    }
    if routes.is_health(flow.source, &flow.label) {
        return Some(Vec::new());
    }
    let auth = routes.auth(draft, flow.source, &flow.label)?;
    let place = flow.places.first().map(|place| place.span)?;
    let who = through(draft, flow.source, &auth);
    let found = arrivals(&flow.guard, &who).into_iter().map(|mut arrival| {
        let line = Place::here(place);
        if !arrival.places.contains(&line) {
            arrival.places.push(line);
        }
        arrival
    });
    Some(found.collect())
}
