//! What holds for an entry point as a whole: the weakest authorisation of its
//! routes, and what it passes calls to.

use underbelly_expression::{Fact, Guard, Reason, SubjectId, Unknown};
use underbelly_source::{Place, Span};

use crate::derived::{Collected, Offer, first_word, unresolved, word};
use crate::draft::Draft;

use super::graphql;

/// From the weakest on.
pub(crate) const WEAKEST_FIRST: [&str; 8] = [
    "none",
    "api_key",
    "mixed",
    "custom",
    "jwt",
    "user_pool",
    "iam",
    "mtls",
];

/// Sets `auth` and `targets` of every entry point.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for kind in ["rest-api", "http-api", "websocket-api", "graphql-api"] {
        for api in draft.of_kind(kind) {
            let head = draft.place_of(api);
            unread(draft, api);
            let (auth, targets) = of_routes(draft, api, head);
            let auth = match (kind, head) {
                ("graphql-api", Some(head)) => weakest_mode(draft, api, head),
                _ => auth,
            };
            draft.set(api, "auth", auth);
            draft.set(api, "targets", targets);
        }
    }
    for url in draft.of_kind("function-url") {
        function_url(draft, url);
    }
    super::fronts::add(draft);
}

/// An API whose document could not be read may have more routes than are seen.
fn unread(draft: &mut Draft<'_>, api: SubjectId) {
    let Some((_, resource)) = draft.resource_of(api) else {
        return;
    };
    let body = resource.properties.field("Body").into_owned();
    let elsewhere = ["BodyS3Location", "DefinitionUri"];
    let elsewhere = elsewhere
        .iter()
        .map(|name| resource.properties.field(name).into_owned())
        .find(|location| !location.is_absent());
    let why = match (&body, elsewhere) {
        (Fact::Unknown(unknown), _) => unknown.clone(),
        (Fact::Known(_) | Fact::OneOf(_), _) | (Fact::Absent(_), None) => return,
        (Fact::Absent(_), Some(location)) => Unknown {
            reason: Reason::Elsewhere("its API document".into()),
            place: location.span().map(Place::here),
        },
    };
    draft.may_have_more(api, "routes", why);
    draft.list_one(api, "routes");
}

fn of_routes(draft: &Draft<'_>, api: SubjectId, head: Option<Span>) -> (Fact, Fact) {
    let mut auth: Vec<Offer> = Vec::new();
    let mut targets = Collected::default();
    for part in draft.parts_of(api, "routes") {
        let Some(route) = draft.parts.get(part.index()) else {
            continue;
        };
        if let Some(target) = route.facts.get("target") {
            targets.fact(&route.guard, target);
        }
        if answers_itself(draft, part) {
            continue;
        }
        if let Some(fact) = route.facts.get("auth") {
            auth.push((route.guard.clone(), fact.clone()));
        }
    }
    let (_, more) = draft
        .fact(api, "routes")
        .map(Fact::items)
        .unwrap_or_default();
    auth.extend(more.map(|more| (Guard::always(), Fact::Unknown(more.clone()))));
    let unseen = Fact::unknown(Reason::Elsewhere("its routes".into()), head);
    let within = draft.guard_of(api);
    let weakest = first_word(&draft.graph.worlds, &within, &auth, &WEAKEST_FIRST, &unseen);
    (weakest, targets.set(head))
}

/// Whether a route only answers preflight questions or by itself.
pub(crate) fn answers_itself(draft: &Draft<'_>, route: SubjectId) -> bool {
    let preflight = draft.fact(route, "preflight").and_then(Fact::as_bool);
    let integration = draft.fact(route, "integration").and_then(Fact::as_text);
    preflight == Some(true) || integration == Some("mock")
}

/// Any of several modes lets one in for some field.
fn weakest_mode(draft: &Draft<'_>, api: SubjectId, head: Span) -> Fact {
    let Some((_, resource)) = draft.resource_of(api) else {
        return graphql::auth(draft, api, head);
    };
    let properties = &resource.properties;
    let main = graphql::main_mode(draft, api, resource);
    let mut offers = vec![(Guard::always(), main.clone())];
    let more = properties.field("AdditionalAuthenticationProviders");
    let (items, rest) = more.items();
    for (guard, item) in items {
        offers.push((guard, graphql::mode(&item.field("AuthenticationType"))));
    }
    offers.extend(rest.map(|rest| (Guard::always(), Fact::Unknown(rest.clone()))));
    let within = draft.guard_of(api);
    first_word(&draft.graph.worlds, &within, &offers, &WEAKEST_FIRST, &main)
}

fn function_url(draft: &mut Draft<'_>, url: SubjectId) {
    let Some((id, resource)) = draft.resource_of(url) else {
        return;
    };
    let written = resource.properties.field("AuthType");
    let auth = written.map(|case| match (case, case.as_text()) {
        (_, Some("NONE")) => word(case, "none"),
        (_, Some("AWS_IAM")) => word(case, "iam"),
        (Fact::Known(_), _) => unresolved(case),
        (Fact::Absent(_), _) => Fact::unknown(
            Reason::Unsupported("a function URL without `AuthType`".into()),
            Some(resource.head),
        ),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    });
    draft.set(url, "auth", auth);
    let function = resource.properties.field("TargetFunctionArn");
    let target = draft.reference(&function, &["function"], id);
    let mut targets = Collected::default();
    targets.fact(&Guard::always(), &target);
    draft.set_unless(url, "target", target);
    draft.set(url, "targets", targets.set(Some(resource.head)));
}
