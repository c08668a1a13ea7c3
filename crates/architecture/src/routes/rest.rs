//! Methods of REST APIs.

use underbelly_expression::{Fact, Text};

use crate::derived::in_words;
use crate::draft::Draft;

use super::attached::{Flavour, attached, scopes};
use super::integration;
use super::limits::Limits;
use super::path::path_of;
use super::route::Route;

/// Every method, as often as it has an API.
pub(crate) fn routes(draft: &mut Draft<'_>, limits: &Limits) -> Vec<Route> {
    let mut routes = Vec::new();
    for (id, resource) in draft.of_type("AWS::ApiGateway::Method") {
        let properties = &resource.properties;
        let head = resource.head;
        let method = in_capitals(&properties.field("HttpMethod"));
        let path = path_of(draft, resource);
        let key = format!("{} {}", in_words(&method), in_words(&path));
        let kind = properties.field("AuthorizationType");
        let needs_key = properties.field("ApiKeyRequired");
        let answers = integration::of_method(draft, &properties.field("Integration"), id, head);
        for (guard, api) in draft.owners((id, resource), "RestApiId", "rest-api") {
            let given = draft.given_of_part(api, ("routes", &key), "key_required");
            let needs_key = given.unwrap_or(&needs_key);
            let (auth, key_required) = attached(Flavour::Rest, &kind, needs_key, head);
            routes.push(Route {
                api,
                key: key.clone(),
                place: head,
                guard,
                method: method.clone(),
                path: path.clone(),
                throttled: limits.of_method(draft, api, (&method, &path), &key_required, head),
                auth,
                key_required,
                authorizer: properties.field("AuthorizerId").into_owned(),
                scopes: scopes(&properties.field("AuthorizationScopes"), head),
                validated: super::limits::validated(draft, resource),
                answers: answers.clone(),
            });
        }
    }
    routes
}

/// A text in capitals, holes kept.
pub(crate) fn in_capitals(fact: &Fact) -> Fact {
    fact.map(|case| match (case.as_text(), case.span()) {
        (Some(text), Some(_)) => {
            let capitals = Text::literal(text.to_ascii_uppercase());
            crate::derived::like(case, underbelly_expression::Value::Text(capitals))
        }
        _ => case.clone(),
    })
}
