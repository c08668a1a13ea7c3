//! Authorisers: the checks an API declares, and whether a route uses them.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, Reason, SubjectId, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_source::Span;

use crate::derived::{
    Offer, any, by_default, in_words, is_written, no, referred, unresolved, word, yes,
};
use crate::draft::Draft;

use super::route::Route;

/// The authorisers of all APIs, and the routes that name them.
#[derive(Debug, Default)]
pub(crate) struct Authorizers {
    /// By API, in the order of the source.
    declared: BTreeMap<SubjectId, Vec<Declared>>,
    /// Routes by the authoriser they name.
    used: BTreeMap<ResourceId, Vec<Offer>>,
    /// Routes of an API whose authoriser nobody can tell.
    unclear: BTreeMap<SubjectId, Vec<Offer>>,
}

#[derive(Debug)]
struct Declared {
    resource: ResourceId,
    guard: Guard,
    head: Span,
}

/// Finds them.
pub(crate) fn declared(draft: &mut Draft<'_>) -> Authorizers {
    let mut found = Authorizers::default();
    for (kind, owner, api) in [
        ("AWS::ApiGateway::Authorizer", "RestApiId", "rest-api"),
        ("AWS::ApiGatewayV2::Authorizer", "ApiId", "http-api"),
    ] {
        for (id, resource) in draft.of_type(kind) {
            for (guard, api) in draft.owners((id, resource), owner, api) {
                found.declared.entry(api).or_default().push(Declared {
                    resource: id,
                    guard,
                    head: resource.head,
                });
            }
        }
    }
    found
}

impl Authorizers {
    /// Whether an API has any.
    pub(crate) fn defined(&self, draft: &Draft<'_>, api: SubjectId) -> Fact {
        let declared = self.declared.get(&api).map_or(&[][..], Vec::as_slice);
        let offers: Vec<Offer> = declared
            .iter()
            .map(|found| (found.guard.clone(), yes(found.head)))
            .collect();
        let head = draft.place_of(api);
        let otherwise = Fact::default(
            Value::Bool(false),
            underbelly_expression::Basis::Written,
            head,
            "",
        );
        any(
            &draft.graph.worlds,
            &draft.guard_of(api),
            &offers,
            &otherwise,
        )
    }

    /// Notes which authoriser a route uses.
    pub(crate) fn note(&mut self, draft: &Draft<'_>, route: &Route) {
        for (guard, case) in route.authorizer.cases() {
            let Some(guard) = route.guard.and(&guard) else {
                continue;
            };
            let asked = route.auth.map(|auth| match auth.as_text() {
                Some("none" | "api_key" | "iam") => no(route.place),
                Some(_) => yes(case.head(route.place)),
                None => auth.clone(),
            });
            match (referred(case), case) {
                (Some(id), _) => self.used.entry(id).or_default().push((guard, asked)),
                (None, Fact::Absent(_)) => {}
                (None, Fact::Known(_)) => {
                    let unclear = self.unclear.entry(route.api).or_default();
                    unclear.push((guard, unresolved(case)));
                }
                (None, Fact::Unknown(_) | Fact::OneOf(_)) => {
                    let unclear = self.unclear.entry(route.api).or_default();
                    unclear.push((guard, case.clone()));
                }
            }
        }
        let _ = draft;
    }

    /// Adds the parts.
    pub(crate) fn add(&self, draft: &mut Draft<'_>) {
        for (api, declared) in &self.declared {
            for found in declared {
                if let Some(resource) = draft.graph.resource(found.resource) {
                    self.add_one(draft, *api, found, resource);
                }
            }
        }
    }

    fn add_one(
        &self,
        draft: &mut Draft<'_>,
        api: SubjectId,
        found: &Declared,
        resource: &Resource,
    ) {
        let properties = &resource.properties;
        let head = resource.head;
        let name = properties.field("Name").into_owned();
        let key = match name.as_known() {
            Some(_) => in_words(&name),
            None => resource.logical_id.to_string(),
        };
        let part = draft.part_at(api, ("authorizers", "authorizer"), &key, head, &found.guard);
        let rest = &*resource.kind == "AWS::ApiGateway::Authorizer";
        let kind_property = if rest { "Type" } else { "AuthorizerType" };
        let written = properties.field(kind_property).into_owned();
        let kind = kind(&written);
        let uri = properties.field("AuthorizerUri").into_owned();
        let function = draft.reference(&uri, &["function"], found.resource);
        let mut offers = self.used.get(&found.resource).cloned().unwrap_or_default();
        offers.extend(self.unclear.get(&api).cloned().unwrap_or_default());
        let worlds = &draft.graph.worlds;
        let attached = any(worlds, &found.guard, &offers, &no(head));
        draft.set_unless(part, "cache", cache(properties, rest, head));
        draft.set_unless(part, "kind", kind);
        draft.set(part, "whole_identity", whole_identity(&written, head));
        draft.set(part, "attached", attached);
        draft.set(part, "function", function);
    }
}

fn kind(written: &Fact) -> Fact {
    written.map(|case| match (case, case.as_text()) {
        (_, Some("TOKEN" | "REQUEST" | "CUSTOM")) => word(case, "custom"),
        (_, Some("COGNITO_USER_POOLS")) => word(case, "user_pool"),
        (_, Some("JWT")) => word(case, "jwt"),
        (Fact::Known(_), _) => unresolved(case),
        (Fact::Absent(_), _) => Fact::unknown(
            Reason::Unsupported("an authoriser without type".into()),
            case.span(),
        ),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}

fn cache(properties: &Fact, rest: bool, head: Span) -> Fact {
    let written = properties.field("AuthorizerResultTtlInSeconds");
    written.map(|case| match (case, case.as_number()) {
        (Fact::Known(_), Some(seconds)) => crate::derived::like(case, Value::Number(seconds)),
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Absent(_), _) => match rest {
            true => by_default(Value::Number(300), head, "300 seconds unless set"),
            false => by_default(Value::Number(0), head, "no caching unless set"),
        },
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}

/// A token is the whole of what such an authoriser sees; one that sees the whole
/// request may decide by anything in it, which only its code tells.
fn whole_identity(kind: &Fact, head: Span) -> Fact {
    kind.map(|case| match (case, case.as_text()) {
        (_, Some("TOKEN" | "COGNITO_USER_POOLS" | "JWT")) => crate::derived::bool_like(case, true),
        (Fact::Known(_), Some(_)) => Fact::unknown(Reason::Code, case.span()),
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Absent(_), _) => not_known(is_written(case, head)),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}

fn not_known(fact: Fact) -> Fact {
    Fact::unknown(
        Reason::Unsupported("an authoriser without type".into()),
        fact.span(),
    )
}
