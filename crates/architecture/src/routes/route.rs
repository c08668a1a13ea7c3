//! A route before it becomes a part.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_source::Span;

use crate::derived::in_words;
use crate::draft::Draft;

use super::authorizers::Authorizers;
use super::hints;
use super::integration::Answers;

/// A route of an API.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// Its API.
    pub(crate) api: SubjectId,
    /// Its key: `GET /orders`.
    pub(crate) key: String,
    /// Where it is declared.
    pub(crate) place: Span,
    /// When it exists.
    pub(crate) guard: Guard,
    /// Its method, in capitals.
    pub(crate) method: Fact,
    /// Its path or route key.
    pub(crate) path: Fact,
    /// The authorisation attached to it.
    pub(crate) auth: Fact,
    /// Whether callers must send an API key.
    pub(crate) key_required: Fact,
    /// The authoriser it names.
    pub(crate) authorizer: Fact,
    /// The scopes it asks for.
    pub(crate) scopes: Fact,
    /// Whether requests are checked.
    pub(crate) validated: Fact,
    /// Whether a rate limit applies.
    pub(crate) throttled: Fact,
    /// What answers.
    pub(crate) answers: Answers,
}

/// Adds the part that a route is.
pub(crate) fn add(draft: &mut Draft<'_>, authorizers: &Authorizers, route: Route) {
    let part = draft.add_part(
        route.api,
        "routes",
        "route",
        &route.key,
        Some(route.place),
        route.guard.clone(),
    );
    let defined = authorizers.defined(draft, route.api);
    let method = in_words(&route.method);
    let facts = [
        ("preflight", hints::preflight(&route.method)),
        ("takes_body", hints::takes_body(&route.method, &method)),
        ("webhook", hints::webhook(draft, &route.path, route.place)),
        ("method", route.method),
        ("path", route.path),
        ("auth", route.auth),
        ("authorizer_defined", defined),
        ("key_required", route.key_required),
        ("scopes", route.scopes),
        ("validated", route.validated),
        ("throttled", route.throttled),
        ("integration", route.answers.integration),
        ("target", route.answers.target),
        ("template_fixed", route.answers.template_fixed),
    ];
    for (name, fact) in facts {
        draft.set(part, name, fact);
    }
}
