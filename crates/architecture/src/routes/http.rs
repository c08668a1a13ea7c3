//! Routes of HTTP and WebSocket APIs.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, SubjectId, Text, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_source::Span;

use crate::derived::{by_default, in_words, like, no, referred, text};
use crate::draft::Draft;

use super::attached::{Flavour, attached, scopes};
use super::integration::{self, Answers};
use super::limits::Limits;
use super::route::Route;

/// Every route, and those that an API with a `Target` of its own implies.
pub(crate) fn routes(draft: &mut Draft<'_>, limits: &Limits) -> Vec<Route> {
    let mut routes = Vec::new();
    for (id, resource) in draft.of_type("AWS::ApiGatewayV2::Route") {
        let target = resource.properties.field("Target").into_owned();
        let answers = match integration_of(draft, &target) {
            Some((id, found)) => integration::of_http(draft, &found.properties, id, found.head),
            None => Answers::unknown(&target, resource.head),
        };
        for (guard, api) in draft.owners((id, resource), "ApiId", "http-api") {
            let mut route = route(draft, limits, resource, api, &answers);
            route.guard = guard;
            routes.push(route);
        }
    }
    connections(draft, &mut routes);
    routes.extend(quick(draft, limits));
    routes
}

fn integration_of<'a>(draft: &Draft<'a>, target: &Fact) -> Option<(ResourceId, &'a Resource)> {
    let id = referred(target)?;
    let resource = draft.graph.resource(id)?;
    (&*resource.kind == "AWS::ApiGatewayV2::Integration").then_some((id, resource))
}

fn route(
    draft: &Draft<'_>,
    limits: &Limits,
    resource: &Resource,
    api: SubjectId,
    answers: &Answers,
) -> Route {
    let properties = &resource.properties;
    let head = resource.head;
    let flavour = flavour_of(draft, api);
    let route_key = properties.field("RouteKey").into_owned();
    let (method, path) = method_and_path(&route_key, head);
    let kind = properties.field("AuthorizationType");
    let key = in_words(&route_key);
    let needs_key = properties.field("ApiKeyRequired");
    let given = draft.given_of_part(api, ("routes", &key), "key_required");
    let needs_key = given.unwrap_or(&needs_key);
    let (auth, key_required) = attached(flavour, &kind, needs_key, head);
    Route {
        api,
        key,
        place: head,
        guard: resource.guard.clone(),
        throttled: limits.of_route(draft, api, &route_key, head),
        method,
        path,
        auth,
        key_required,
        authorizer: properties.field("AuthorizerId").into_owned(),
        scopes: scopes(&properties.field("AuthorizationScopes"), head),
        validated: no(head),
        answers: answers.clone(),
    }
}

fn flavour_of(draft: &Draft<'_>, api: SubjectId) -> Flavour {
    match draft.kind_of(api) {
        "websocket-api" => Flavour::WebSocket,
        _ => Flavour::Http,
    }
}

/// `GET /orders` is a method and a path; `$default` is a path for any method.
fn method_and_path(key: &Fact, head: Span) -> (Fact, Fact) {
    let any = by_default(text("ANY"), head, "a route key without method takes any");
    let cut = |case: &Fact| -> (Fact, Fact) {
        let Some(pattern) = case.as_pattern() else {
            return (case.clone(), case.clone());
        };
        let (method, path) = match crate::address::cut(pattern, " ") {
            Some((method, path)) => (Some(method), path),
            None => (None, pattern.clone()),
        };
        let of = |text: Text| like(case, Value::Text(text));
        (method.map_or_else(|| any.clone(), of), of(path))
    };
    (key.map(|case| cut(case).0), key.map(|case| cut(case).1))
}

/// Messages of a WebSocket come over a connection: what authorises that
/// authorises them.
fn connections(draft: &Draft<'_>, routes: &mut [Route]) {
    let mut connect: BTreeMap<SubjectId, (Fact, Fact)> = BTreeMap::new();
    for route in routes.iter().filter(|route| route.key == "$connect") {
        let found = (route.auth.clone(), route.key_required.clone());
        connect.entry(route.api).or_insert(found);
    }
    for route in routes {
        let of_socket = flavour_of(draft, route.api) == Flavour::WebSocket;
        if !of_socket || route.key == "$connect" {
            continue;
        }
        let (auth, key) = connect.get(&route.api).cloned().unwrap_or_else(|| {
            let note = "anyone may connect where there is no `$connect` route";
            let none = by_default(text("none"), route.place, note);
            (none, no(route.place))
        });
        route.auth = auth;
        route.key_required = key;
    }
}

/// The route of an API that names its target itself.
fn quick(draft: &mut Draft<'_>, limits: &Limits) -> Vec<Route> {
    let mut routes = Vec::new();
    for (id, resource) in draft.of_type("AWS::ApiGatewayV2::Api") {
        let properties = &resource.properties;
        let target = properties.field("Target").into_owned();
        let (Some(api), false) = (draft.component_of(id), target.is_absent()) else {
            continue;
        };
        let head = target.head(resource.head);
        let written = properties.field("RouteKey").into_owned();
        let key = match written.is_absent() {
            true => by_default(text("$default"), head, ""),
            false => written,
        };
        let answers = integration::of_uri(draft, &target, id, head);
        let (method, path) = method_and_path(&key, head);
        let credentials = properties.field("CredentialsArn");
        let absent = Fact::absent(Some(credentials.head(head)));
        let (auth, key_required) = attached(Flavour::Http, &absent, &absent, head);
        routes.push(Route {
            api,
            key: in_words(&key),
            place: head,
            guard: resource.guard.clone(),
            throttled: limits.of_route(draft, api, &key, head),
            method,
            path,
            auth,
            key_required,
            authorizer: Fact::absent(Some(head)),
            scopes: scopes(&absent, head),
            validated: no(head),
            answers,
        });
    }
    routes
}
