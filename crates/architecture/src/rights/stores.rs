//! Who reads and writes each store, from all flows; how functions sign in to
//! databases; whether they send messages to people.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Reason, SubjectId, Value};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::Place;

use super::facts;
use super::grants::RoleRights;
use super::pattern::Pattern;
use crate::derived::{Collected, Offer, any, by_default, no, text};
use crate::draft::Draft;

const STORES: &[&str] = &[
    "object-store",
    "table",
    "database",
    "cache",
    "file-system",
    "secret",
    "log-group",
];

/// Sets `readers` and `writers` of stores, and `readers_functions` of databases.
pub(super) fn add(draft: &mut Draft<'_>) {
    let mut into: BTreeMap<SubjectId, Vec<usize>> = BTreeMap::new();
    for (index, flow) in draft.flows.iter().enumerate() {
        if flow.strength != Strength::NoPermission {
            into.entry(flow.destination).or_default().push(index);
        }
    }
    for kind in STORES {
        for store in draft.of_kind(kind) {
            let flows = into.get(&store).map_or(&[][..], Vec::as_slice);
            store_of(draft, store, flows);
        }
    }
}

fn store_of(draft: &mut Draft<'_>, store: SubjectId, flows: &[usize]) {
    let mut readers = Collected::default();
    let mut writers = Collected::default();
    let mut functions: Vec<Offer> = Vec::new();
    for flow in flows.iter().filter_map(|index| draft.flows.get(*index)) {
        let (reads, writes) = match flow.kind {
            FlowKind::Access => (flow.label.contains("read"), flow.label.contains("write")),
            FlowKind::Delivery | FlowKind::Call | FlowKind::Trigger => (false, true),
        };
        if reads {
            readers.component(&flow.guard, flow.source, &flow.places);
            if draft.kind_of(flow.source) == "function" {
                let fact = facts::yes_no(true, Basis::Written, flow.places.clone());
                functions.push((flow.guard.clone(), fact));
            }
        }
        if writes {
            writers.component(&flow.guard, flow.source, &flow.places);
        }
    }
    let head = draft.place_of(store);
    if draft.kind_of(store) == "database"
        && let Some(head) = head
    {
        let within = draft.guard_of(store);
        let fact = any(&draft.graph.worlds, &within, &functions, &no(head));
        draft.set(store, "readers_functions", fact);
    }
    draft.set(store, "readers", readers.set(head));
    draft.set(store, "writers", writers.set(head));
}

/// Sets `db_credentials` and `sends_messages` of functions.
pub(super) fn of_functions(draft: &mut Draft<'_>, roles: &BTreeMap<SubjectId, RoleRights>) {
    let mut used: BTreeMap<SubjectId, Vec<Place>> = BTreeMap::new();
    for flow in &draft.flows {
        if draft.kind_of(flow.destination) == "database" {
            let places = used.entry(flow.source).or_default();
            places.extend(flow.places.iter().take(1));
        }
    }
    for function in draft.of_kind("function") {
        let Some(head) = draft
            .place_of(function)
            .filter(|_| draft.resource_of(function).is_some())
        else {
            continue;
        };
        let places = used.get(&function).cloned();
        let credentials = match places {
            Some(places) => credentials(draft, function, roles, places),
            None => by_default(text("none"), head, "no database of the model is used"),
        };
        draft.set_unless(function, "db_credentials", credentials);
        let sends = sends(draft, function, head);
        draft.set_unless(function, "sends_messages", sends);
    }
}

/// A password in the settings, else a secret it may read, else a right to sign in.
fn credentials(
    draft: &Draft<'_>,
    function: SubjectId,
    roles: &BTreeMap<SubjectId, RoleRights>,
    places: Vec<Place>,
) -> Fact {
    let yes =
        |part: SubjectId, name: &str| draft.fact(part, name).and_then(Fact::as_bool) == Some(true);
    let variables = draft.parts_of(function, "variables").into_iter();
    let mut secrets = variables.filter(|part| yes(*part, "looks_secret") && yes(*part, "plain"));
    if let Some(part) = secrets.next() {
        let place = draft.parts.get(part.index()).and_then(|part| part.place);
        let places = place.map(Place::here).into_iter().collect();
        return facts::word("static", Basis::LibraryAssumption, places);
    }
    let role = draft
        .fact(function, "runs_as")
        .and_then(|fact| match &fact.as_known()?.value {
            Value::Subject(role) => roles.get(role),
            _ => None,
        });
    let cases = role.into_iter().flat_map(|rights| &rights.grants);
    let cases: Vec<_> = cases.flat_map(|grant| &grant.cases).collect();
    let iam = Pattern::literal("rds-db:connect");
    if let Some((_, case)) = cases.iter().find(|(_, case)| case.names(&iam)) {
        return facts::word("iam", Basis::Written, case.place.into_iter().collect());
    }
    if let Some((_, case)) = cases
        .iter()
        .find(|(_, case)| case.abilities.has("read_secret"))
    {
        return facts::word(
            "secret",
            Basis::LibraryAssumption,
            case.place.into_iter().collect(),
        );
    }
    Fact::Unknown(facts::unknown(Reason::Code, places.first().copied()))
}

fn sends(draft: &Draft<'_>, function: SubjectId, head: underbelly_source::Span) -> Fact {
    let Some(runs_as) = draft.fact(function, "runs_as") else {
        return no(head);
    };
    runs_as.map(|case| {
        let role = match (case, case.as_known().map(|known| &known.value)) {
            (_, Some(Value::Subject(role))) => *role,
            (Fact::Unknown(_), _) => return case.clone(),
            (Fact::Known(_) | Fact::Absent(_) | Fact::OneOf(_), _) => return no(head),
        };
        let Some(abilities) = draft.fact(role, "abilities") else {
            let reason = Reason::OtherComponent("the role it runs under".into());
            return Fact::unknown(reason, case.span());
        };
        abilities.map(|abilities| {
            let (items, rest) = abilities.items();
            let found = items
                .iter()
                .find(|(_, item)| item.as_text() == Some("send_to_people"));
            match (found, rest) {
                (Some((_, Fact::Known(known))), _) => {
                    facts::yes_no(true, known.basis, known.places.clone())
                }
                (_, Some(rest)) => Fact::Unknown(rest.clone()),
                (_, None) => no(head),
            }
        })
    })
}
