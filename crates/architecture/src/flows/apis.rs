//! Entry points: from the internet to them, and from them to what answers.

use underbelly_expression::{Fact, Guard, SubjectId, Value};
use underbelly_model::FlowKind;
use underbelly_source::Span;

use crate::derived::referred;
use crate::draft::Draft;

use super::link::{Link, Style, Trigger};

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for kind in ["rest-api", "http-api", "websocket-api", "graphql-api"] {
        for api in draft.of_kind(kind) {
            routes(draft, api);
            authorizers(draft, api);
            from_internet(draft, api);
        }
    }
    for url in draft.of_kind("function-url") {
        from_internet(draft, url);
        function_url(draft, url);
    }
    for kind in ["cdn", "load-balancer"] {
        for entry in draft.of_kind(kind) {
            from_internet(draft, entry);
        }
    }
    balanced(draft);
    graphql_authorizers(draft);
}

/// Callers come from the internet unless the entry point answers only in private.
fn from_internet(draft: &mut Draft<'_>, entry: SubjectId) {
    let scope = match draft.fact(entry, "network_scope") {
        Some(scope) => scope.clone(),
        None => scope_as_written(draft, entry),
    };
    let Some(place) = draft.place_of(entry) else {
        return;
    };
    let guard = draft.guard_of(entry);
    let internet = draft.actor("internet");
    for (inner, case) in scope.cases() {
        let Some(guard) = guard.and(&inner) else {
            continue;
        };
        if case.as_text() == Some("private") {
            continue;
        }
        let link = Link {
            source: internet,
            destination: entry,
            kind: FlowKind::Call,
            label: String::new(),
            guard,
            place,
        };
        link.draw(draft, &Trigger::plain(Style::Sync, place));
    }
}

/// Load balancers say `internal`, user-facing APIs say nothing.
fn scope_as_written(draft: &Draft<'_>, entry: SubjectId) -> Fact {
    if let Some(open) = draft.given(entry, "open_to") {
        return open.map(|case| match case.as_text() {
            Some("account" | "nobody") => crate::derived::word(case, "private"),
            Some(_) | None => case.clone(),
        });
    }
    let Some((_, resource)) = draft.resource_of(entry) else {
        return Fact::absent(None);
    };
    let scheme = resource.properties.field("Scheme");
    scheme.map(|case| match case.as_text() {
        Some("internal") => crate::derived::word(case, "private"),
        Some(_) | None => case.clone(),
    })
}

fn routes(draft: &mut Draft<'_>, api: SubjectId) {
    for part in draft.parts_of(api, "routes") {
        let Some(route) = draft.parts.get(part.index()) else {
            continue;
        };
        let Some(place) = route.place else { continue };
        let (key, outer) = (route.key.to_string(), route.guard.clone());
        let target = route.facts.get("target").cloned();
        for (guard, destination) in subjects(target.as_ref(), &outer) {
            let link = Link {
                source: api,
                destination,
                kind: FlowKind::Call,
                label: key.clone(),
                guard,
                place,
            };
            link.draw(draft, &Trigger::plain(Style::Sync, place));
        }
    }
}

/// The components a reference fact holds, each under its guard.
pub(crate) fn subjects(fact: Option<&Fact>, outer: &Guard) -> Vec<(Guard, SubjectId)> {
    let mut found = Vec::new();
    for (guard, case) in fact.into_iter().flat_map(Fact::cases) {
        if let (Some(known), Some(guard)) = (case.as_known(), outer.and(&guard))
            && let Value::Subject(subject) = known.value
        {
            found.push((guard, subject));
        }
    }
    found
}

/// An API asks its custom authorisers on every call they do not remember.
fn authorizers(draft: &mut Draft<'_>, api: SubjectId) {
    for part in draft.parts_of(api, "authorizers") {
        let Some(found) = draft.parts.get(part.index()) else {
            continue;
        };
        let Some(place) = found.place else { continue };
        let label = format!("authorizer {}", found.key);
        let guard = found.guard.clone();
        // One that no route uses is never asked.
        let attached = found.facts.get("attached").and_then(Fact::as_bool);
        if attached == Some(false) {
            continue;
        }
        let function = found.facts.get("function").cloned();
        for (guard, destination) in subjects(function.as_ref(), &guard) {
            let link = Link {
                source: api,
                destination,
                kind: FlowKind::Call,
                label: label.clone(),
                guard,
                place,
            };
            link.draw(draft, &Trigger::plain(Style::Sync, place));
        }
    }
}

fn graphql_authorizers(draft: &mut Draft<'_>) {
    for api in draft.of_kind("graphql-api") {
        let Some((id, resource)) = draft.resource_of(api) else {
            continue;
        };
        let properties = &resource.properties;
        let own = properties.path("LambdaAuthorizerConfig.AuthorizerUri");
        let mut uris = vec![(resource.guard.clone(), own.into_owned())];
        let more = properties.field("AdditionalAuthenticationProviders");
        for (guard, item) in more.items().0 {
            let uri = item.path("LambdaAuthorizerConfig.AuthorizerUri");
            if let Some(guard) = resource.guard.and(&guard) {
                uris.push((guard, uri.into_owned()));
            }
        }
        for (guard, uri) in uris {
            for end in draft.ends(&guard, &uri, &["function"], id, resource.head) {
                let link = Link {
                    source: api,
                    destination: end.component,
                    kind: FlowKind::Call,
                    label: "authorizer".to_owned(),
                    guard: end.guard,
                    place: end.place,
                };
                link.draw(draft, &Trigger::plain(Style::Sync, end.place));
            }
        }
    }
}

fn function_url(draft: &mut Draft<'_>, url: SubjectId) {
    let Some((id, resource)) = draft.resource_of(url) else {
        return;
    };
    let target = resource.properties.field("TargetFunctionArn");
    for end in draft.ends(&resource.guard, &target, &["function"], id, resource.head) {
        let link = Link {
            source: url,
            destination: end.component,
            kind: FlowKind::Call,
            label: String::new(),
            guard: end.guard,
            // The line that makes the address decides, not the reference it implies.
            place: resource.head,
        };
        link.draw(draft, &Trigger::plain(Style::Sync, end.place));
    }
}

/// Load balancers call the functions of their target groups.
fn balanced(draft: &mut Draft<'_>) {
    let mut calls: Vec<(SubjectId, Guard, Fact, Span)> = Vec::new();
    for (id, listener) in draft.of_type("AWS::ElasticLoadBalancingV2::Listener") {
        let balancer = listener.properties.field("LoadBalancerArn");
        let actions = listener.properties.field("DefaultActions").into_owned();
        for (guard, balancer) in draft.target_components(&balancer, id) {
            if let Some(guard) = listener.guard.and(&guard) {
                forwarded(&actions, balancer, &guard, listener.head, &mut calls);
            }
        }
    }
    for (_, rule) in draft.of_type("AWS::ElasticLoadBalancingV2::ListenerRule") {
        let listener = rule.properties.field("ListenerArn");
        let Some(listener) = referred(&listener) else {
            continue;
        };
        let Some(found) = draft.graph.resource(listener) else {
            continue;
        };
        let balancer = found.properties.field("LoadBalancerArn");
        let actions = rule.properties.field("Actions").into_owned();
        for (guard, balancer) in draft.target_components(&balancer, listener) {
            if let Some(guard) = rule.guard.and(&guard) {
                forwarded(&actions, balancer, &guard, rule.head, &mut calls);
            }
        }
    }
    for (balancer, guard, group, place) in calls {
        to_group(draft, balancer, &guard, &group, place);
    }
}

fn forwarded(
    actions: &Fact,
    balancer: SubjectId,
    outer: &Guard,
    place: Span,
    into: &mut Vec<(SubjectId, Guard, Fact, Span)>,
) {
    let (actions, _) = actions.items();
    for (guard, action) in actions {
        let Some(guard) = outer.and(&guard) else {
            continue;
        };
        let own = action.field("TargetGroupArn").into_owned();
        if !own.is_absent() {
            into.push((balancer, guard.clone(), own, place));
        }
        let groups = action.path("ForwardConfig.TargetGroups").into_owned();
        for (inner, group) in groups.items().0 {
            if let Some(guard) = guard.and(&inner) {
                let arn = group.field("TargetGroupArn").into_owned();
                into.push((balancer, guard, arn, place));
            }
        }
    }
}

fn to_group(draft: &mut Draft<'_>, balancer: SubjectId, outer: &Guard, group: &Fact, place: Span) {
    let Some(id) = referred(group) else { return };
    let Some(group) = draft.graph.resource(id) else {
        return;
    };
    if group.properties.field("TargetType").as_text() != Some("lambda") {
        return;
    }
    let targets = group.properties.field("Targets").into_owned();
    for (guard, target) in targets.items().0 {
        let Some(guard) = outer.and(&guard) else {
            continue;
        };
        let function = target.field("Id").into_owned();
        for end in draft.ends(&guard, &function, &["function"], id, group.head) {
            let link = Link {
                source: balancer,
                destination: end.component,
                kind: FlowKind::Call,
                label: String::new(),
                guard: end.guard,
                place,
            };
            link.draw(draft, &Trigger::plain(Style::Sync, end.place));
        }
    }
}
