//! The routes of APIs and what is attached to each, in one shape for every notation.
//!
//! Documents and shorthands are already expanded into methods, routes and
//! integrations; here each becomes a part of its API with its facts. What a route
//! leads to is drawn by the flows, which read these facts.

mod attached;
mod authorizers;
mod entry;
mod fronts;
mod graphql;
mod hints;
mod http;
mod integration;
mod limits;
mod path;
mod rest;
mod route;
#[cfg(test)]
mod tests;

use crate::draft::Draft;

pub(crate) use hints::is_health;

/// Adds its facts, parts and flows to the draft.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let mut authorizers = authorizers::declared(draft);
    let limits = limits::Limits::of(draft);
    let mut routes = rest::routes(draft, &limits);
    routes.extend(http::routes(draft, &limits));
    for route in &routes {
        authorizers.note(draft, route);
    }
    authorizers.add(draft);
    for route in routes {
        route::add(draft, &authorizers, route);
    }
    graphql::add(draft);
    for kind in ["rest-api", "http-api", "websocket-api", "graphql-api"] {
        draft.list(kind, "routes");
        draft.list(kind, "authorizers");
    }
    limits.add(draft);
    entry::add(draft);
}
