//! Where untrusted data enters: entry points that less trusted callers reach,
//! route by route, and components whose policy lets others bring data in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Reason, SubjectId, Unknown};
use underbelly_source::Place;

use crate::draft::Draft;

use super::audience::is_untrusted;
use super::uploads::admitted_input;

/// The routes of APIs by key, and those that only monitors call.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    by_key: BTreeMap<(SubjectId, Arc<str>), SubjectId>,
    health: BTreeSet<(SubjectId, Arc<str>)>,
}

impl Routes {
    /// Those of all APIs.
    pub(crate) fn of(draft: &Draft<'_>) -> Self {
        let mut routes = Self::default();
        for (index, part) in draft.parts.iter().enumerate() {
            if &*part.group != "routes" {
                continue;
            }
            let key = (part.owner, part.key.clone());
            let facts = (part.facts.get("method"), part.facts.get("path"));
            if let (Some(method), Some(path)) = facts
                && crate::routes::is_health(draft, method, path)
            {
                routes.health.insert(key.clone());
            }
            routes.by_key.insert(key, SubjectId::part(index));
        }
        routes
    }

    /// The authorisation of the route that a flow's label names.
    pub(crate) fn auth(&self, draft: &Draft<'_>, api: SubjectId, label: &str) -> Option<Fact> {
        let part = self.by_key.get(&(api, Arc::from(label)))?;
        draft.fact(*part, "auth").cloned()
    }

    /// Whether a flow's label names a route that only monitors call.
    pub(crate) fn is_health(&self, api: SubjectId, label: &str) -> bool {
        self.health.contains(&(api, Arc::from(label)))
    }
}

/// Untrusted data at a component: when, shown by what.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    /// When.
    pub(crate) guard: Guard,
    /// The lines on the way, the nearest last.
    pub(crate) places: Vec<Place>,
    /// What it rests on.
    pub(crate) basis: Basis,
    /// Why nobody can tell, if so.
    pub(crate) unknown: Option<Unknown>,
}

/// What a fact about trust says: arrivals for each case that is untrusted or unknown.
pub(crate) fn arrivals(outer: &Guard, fact: &Fact) -> Vec<Arrival> {
    let mut found = Vec::new();
    for (guard, case) in fact.cases() {
        let Some(guard) = outer.and(&guard) else {
            continue;
        };
        match case {
            Fact::Known(known) => {
                let untrusted = match (case.as_text(), case.as_bool()) {
                    (_, Some(yes)) => yes,
                    (Some(who), None) => is_untrusted(who),
                    (None, None) => false,
                };
                if untrusted {
                    found.push(Arrival {
                        guard,
                        places: known.places.clone(),
                        basis: known.basis,
                        unknown: None,
                    });
                }
            }
            Fact::Unknown(unknown) => found.push(Arrival {
                guard,
                places: unknown.place.into_iter().collect(),
                basis: Basis::Written,
                unknown: Some(unknown.clone()),
            }),
            Fact::Absent(_) | Fact::OneOf(_) => {}
        }
    }
    found
}

/// Where it enters a component directly.
pub(crate) fn direct(draft: &Draft<'_>, component: SubjectId) -> Vec<Arrival> {
    let Some(found) = draft.components.get(component.index()) else {
        return Vec::new();
    };
    let always = Guard::always();
    let Some(head) = found.place.filter(|_| !found.outside) else {
        return outside(draft, found);
    };
    let kind = &*found.kind;
    let is_entry = matches!(
        kind,
        "rest-api"
            | "http-api"
            | "websocket-api"
            | "graphql-api"
            | "function-url"
            | "load-balancer"
            | "cdn"
            | "user-pool"
            | "email-receiver"
            | "device-rule"
    );
    let name = match kind {
        "object-store" => Some("accepts_uploads"),
        _ if is_entry => Some("open_to"),
        _ => None,
    };
    if let Some(name) = name {
        let fact = draft.fact(component, name);
        return fact.map_or_else(Vec::new, |fact| arrivals(&always, fact));
    }
    // A role or key lets others act, it takes no data.
    if matches!(
        kind,
        "role" | "key" | "layer" | "image-repository" | "secret"
    ) {
        return Vec::new();
    }
    let offers = admitted_input(draft, component, head);
    let found = offers
        .iter()
        .flat_map(|(guard, fact)| arrivals(guard, fact));
    found.collect()
}

/// What partners send is untrusted; of what is only named, nobody can tell.
fn outside(draft: &Draft<'_>, component: &underbelly_model::Component) -> Vec<Arrival> {
    let unknown = match (&*component.kind, component.place) {
        // The mapping's own actors come through entrances and are judged there.
        ("actor", None) if matches!(&*component.name, "internet" | "devices") => {
            return Vec::new();
        }
        ("actor" | "external", _) => match is_trusted(draft, component) {
            true => return Vec::new(),
            false => None,
        },
        // The default bus belongs to the model although nobody declares it.
        _ if !component.outside => return Vec::new(),
        _ => Some(Unknown {
            reason: Reason::OtherComponent(component.name.clone()),
            place: component.place.map(Place::here),
        }),
    };
    vec![Arrival {
        guard: Guard::always(),
        places: component.place.map(Place::here).into_iter().collect(),
        basis: Basis::Written,
        unknown,
    }]
}

/// Whether it stands in a zone that is trusted more than partners are.
fn is_trusted(draft: &Draft<'_>, component: &underbelly_model::Component) -> bool {
    match (&*component.zone, draft.rating(&component.zone)) {
        ("internet" | "partner", _) => false,
        (_, Some(rating)) => draft.rating("partner").is_some_and(|least| rating > least),
        (_, None) => &*component.kind == "actor",
    }
}
