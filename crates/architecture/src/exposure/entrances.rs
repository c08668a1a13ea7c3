//! Who can reach entry points: by their authorisation, network and policy.

use underbelly_expression::{Fact, Guard, Reason, SubjectId, Value};
use underbelly_source::Span;

use crate::derived::{Offer, by_default, first_word, like, text, unresolved, word};
use crate::draft::Draft;

use super::admitted;
use super::audience::{OPEN_TO, both, both_at_least, of_auth};

/// Sets `open_to` of entry points.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for kind in ["rest-api", "http-api", "websocket-api", "graphql-api"] {
        for api in draft.of_kind(kind) {
            let Some(head) = draft.place_of(api) else {
                continue;
            };
            let auth = draft.fact(api, "auth").cloned();
            let auth = auth.unwrap_or_else(|| unseen(head));
            let open = through(draft, api, &auth);
            draft.set(api, "open_to", open);
            routes(draft, api, head);
        }
    }
    for url in draft.of_kind("function-url") {
        if let Some(head) = draft.place_of(url) {
            let open = function_url(draft, url, head);
            let open = admitted::consistent(draft, &draft.guard_of(url), open);
            draft.set(url, "open_to", open);
        }
    }
    for balancer in draft.of_kind("load-balancer") {
        load_balancer(draft, balancer);
    }
    for cdn in draft.of_kind("cdn") {
        if let Some(head) = draft.place_of(cdn) {
            let auth = draft.fact(cdn, "auth").cloned();
            let open = of_auth(&auth.unwrap_or_else(|| unseen(head)));
            let disabled = switched(draft, cdn, "DistributionConfig.Enabled", false);
            draft.set(cdn, "open_to", unless(&disabled, &open));
        }
    }
    for pool in draft.of_kind("user-pool") {
        if let Some(head) = draft.place_of(pool) {
            let open = by_default(text("anyone"), head, "anyone may try to sign in");
            draft.set(pool, "open_to", open);
        }
    }
    for pool in draft.of_kind("identity-pool") {
        identity_pool(draft, pool);
    }
    // https://docs.aws.amazon.com/ses/latest/APIReference/API_ReceiptRule.html: a rule
    // that does not say so is not in force.
    for receiver in draft.of_kind("email-receiver") {
        if let Some((_, resource)) = draft.resource_of(receiver) {
            let enabled = resource.properties.path("Rule.Enabled").into_owned();
            let open = enabled.map(|case| match (case, case.as_bool()) {
                (_, Some(true)) => word(case, "anyone"),
                (_, Some(false)) => word(case, "nobody"),
                (Fact::Absent(_), None) => by_default(
                    text("nobody"),
                    resource.head,
                    "a rule is not in force unless it says so",
                ),
                (Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_), None) => {
                    crate::derived::unresolved_or(case)
                }
            });
            draft.set(receiver, "open_to", open);
        }
    }
    for rule in draft.of_kind("device-rule") {
        if let Some(head) = draft.place_of(rule) {
            let open = by_default(text("partner"), head, "connected devices send to it");
            let disabled = switched(draft, rule, "TopicRulePayload.RuleDisabled", true);
            draft.set(rule, "open_to", unless(&disabled, &open));
        }
    }
}

/// A property of a component that switches it off where it has this value.
fn switched(draft: &Draft<'_>, component: SubjectId, property: &str, off: bool) -> Fact {
    let Some((_, resource)) = draft.resource_of(component) else {
        return Fact::absent(None);
    };
    let written = resource.properties.path(property).into_owned();
    written.map(|case| match (case, case.as_bool()) {
        (_, Some(value)) if value == off => word(case, "nobody"),
        (Fact::Known(_), Some(_)) | (Fact::Absent(_), _) => Fact::absent(case.span()),
        (Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_), _) => {
            crate::derived::unresolved_or(case)
        }
    })
}

/// What is switched off is open to nobody.
fn unless(disabled: &Fact, open: &Fact) -> Fact {
    disabled.map(|case| match case {
        Fact::Absent(_) => open.clone(),
        Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    })
}

fn load_balancer(draft: &mut Draft<'_>, balancer: SubjectId) {
    let Some((_, resource)) = draft.resource_of(balancer) else {
        return;
    };
    let scheme = resource.properties.field("Scheme");
    let by_scheme = scheme.map(|case| match (case, case.as_text()) {
        (_, Some("internal")) => word(case, "account"),
        (_, Some("internet-facing")) => word(case, "anyone"),
        (Fact::Absent(_), _) => by_default(
            text("anyone"),
            resource.head,
            "faces the internet unless set",
        ),
        (Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_), _) => {
            crate::derived::unresolved_or(case)
        }
    });
    let auth = draft.fact(balancer, "auth").map(of_auth);
    let open = match auth {
        Some(auth) if auth.as_text() != Some("anyone") => {
            both(&draft.graph.worlds, &by_scheme, &auth)
        }
        Some(_) | None => by_scheme,
    };
    draft.set(balancer, "open_to", open);
}

/// Who gets credentials: everyone where guests do, else whoever has signed in with
/// one of its providers; where it has none, those our own code asks for.
fn identity_pool(draft: &mut Draft<'_>, pool: SubjectId) {
    let Some((_, resource)) = draft.resource_of(pool) else {
        return;
    };
    let properties = &resource.properties;
    let mut offers: Vec<Offer> = Vec::new();
    let mut offer = |fact: Fact| offers.push((Guard::always(), fact));
    let guests = properties.field("AllowUnauthenticatedIdentities");
    offer(guests.map(|case| match (case, case.as_bool()) {
        (_, Some(true)) => word(case, "anyone"),
        (Fact::Known(_), Some(false)) | (Fact::Absent(_), _) => Fact::absent(case.span()),
        (Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_), _) => {
            crate::derived::unresolved_or(case)
        }
    }));
    for (providers, who) in [
        ("CognitoIdentityProviders", "signed_in"),
        ("SupportedLoginProviders", "signed_in"),
        ("OpenIdConnectProviderARNs", "signed_in"),
        ("SamlProviderARNs", "signed_in"),
        ("DeveloperProviderName", "account"),
    ] {
        offer(properties.field(providers).map(|case| match case {
            Fact::Known(known) if is_empty(&known.value) => Fact::absent(case.span()),
            Fact::Known(_) => word(case, who),
            Fact::Absent(_) | Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
        }));
    }
    let nobody = by_default(text("nobody"), resource.head, "it names no provider");
    let worlds = &draft.graph.worlds;
    let open = first_word(worlds, &resource.guard, &offers, &OPEN_TO, &nobody);
    draft.set(pool, "open_to", open);
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Set(set) => set.items.is_empty() && set.rest.is_none(),
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Map(_) | Value::Subject(_) => {
            false
        }
    }
}

/// Each route has callers of its own: its authorisation decides, within what the
/// API's network and policy let through.
fn routes(draft: &mut Draft<'_>, api: SubjectId, head: Span) {
    for route in draft.parts_of(api, "routes") {
        let place = draft.parts.get(route.index()).and_then(|part| part.place);
        let place = place.unwrap_or(head);
        let auth = draft.fact(route, "auth").cloned();
        let open = through(draft, api, &auth.unwrap_or_else(|| unseen(place)));
        draft.set(route, "open_to", open);
    }
}

fn unseen(head: Span) -> Fact {
    Fact::unknown(Reason::Elsewhere("its routes".into()), Some(head))
}

/// Who passes an authorisation of an API, its network, its certificates and its
/// policy.
pub(crate) fn through(draft: &Draft<'_>, api: SubjectId, auth: &Fact) -> Fact {
    let policy = policy(draft, api);
    let open = auth.map(|case| by_policy(draft, case, policy.as_ref()));
    let open = admitted::consistent(draft, &draft.guard_of(api), open);
    let open = certified(draft, api, &open);
    within_network(draft, api, &open, policy.as_ref())
}

/// Who passes an authorisation and a policy. A signature shows that a caller has an
/// account, so a policy that lets others in lets in other accounts; to our own a
/// policy that says nothing of it does not matter.
fn by_policy(draft: &Draft<'_>, auth: &Fact, policy: Option<&Fact>) -> Fact {
    let open = of_auth(auth);
    let Some(policy) = policy else {
        return open;
    };
    if auth.as_text() != Some("iam") {
        return both(&draft.graph.worlds, &open, policy);
    }
    policy.map(|case| match case.as_text() {
        Some("anyone" | "any_account") => word(case, "any_account"),
        Some("partner") => word(case, "partner"),
        Some(_) => open.clone(),
        None => case.clone(),
    })
}

/// Where every address asks for a client certificate, only partners have one.
fn certified(draft: &Draft<'_>, api: SubjectId, open: &Fact) -> Fact {
    let Some(mtls) = draft.fact(api, "mtls") else {
        return open.clone();
    };
    let mut demanded = false;
    let by_certificate = mtls.map(|case| {
        demanded |= case.as_bool() != Some(false);
        match case.as_bool() {
            Some(true) => word(case, "partner"),
            Some(false) => word(case, "anyone"),
            None => crate::derived::unresolved_or(case),
        }
    });
    match demanded {
        // What asks for nothing narrows nothing, so it is no witness either.
        false => open.clone(),
        true => both_at_least(&draft.graph.worlds, open, &by_certificate, "partner"),
    }
}

/// A private API answers in private networks only: of everybody, where its own policy
/// does not say of whom.
fn within_network(draft: &Draft<'_>, api: SubjectId, open: &Fact, policy: Option<&Fact>) -> Fact {
    let Some(scope) = draft.fact(api, "network_scope") else {
        return open.clone();
    };
    let inside = |case: &Fact| {
        let Some(policy) = policy else {
            return word(case, "account");
        };
        policy.map(|policy| match policy.as_text() {
            Some("anyone" | "any_account") => with_places(&word(case, "any_account"), policy),
            Some("partner") => with_places(&word(case, "partner"), policy),
            Some(_) => word(case, "account"),
            None => policy.clone(),
        })
    };
    let by_network = scope.map(|case| match case.as_text() {
        Some("private") => inside(case),
        Some("public") => word(case, "anyone"),
        Some(_) | None => crate::derived::unresolved_or(case),
    });
    match by_network.as_text() {
        // A public network narrows nothing, so it is no witness either.
        Some("anyone") => open.clone(),
        Some(_) | None => both(&draft.graph.worlds, open, &by_network),
    }
}

/// The audience of an API's own policy, if it has one.
fn policy(draft: &Draft<'_>, api: SubjectId) -> Option<Fact> {
    let (_, resource) = draft.resource_of(api)?;
    let own = resource.properties.field("Policy");
    let in_body = resource.properties.path("Body.x-amazon-apigateway-policy");
    let written = match (own.is_absent(), &*in_body) {
        (false, _) => own,
        (true, Fact::Known(_) | Fact::OneOf(_)) => in_body,
        // A document that could not be read is missing as a whole.
        (true, Fact::Absent(_) | Fact::Unknown(_)) => return None,
    };
    let offers = match written.as_pattern() {
        // Of a text that comes from elsewhere all is said by where it comes from.
        Some(_) => Vec::new(),
        None => admitted::audiences(draft, api, &[]),
    };
    let (_, more) = draft.fact(api, "admits")?.items();
    let silent = match (more, written.as_pattern()) {
        (Some(_), Some(_)) => unresolved(&written),
        (Some(_), None) => Fact::unknown(Reason::NotAnalysed("its policy".into()), written.span()),
        (None, _) => word(&written, "nobody"),
    };
    let within = draft.guard_of(api);
    let found = first_word(&draft.graph.worlds, &within, &offers, &OPEN_TO, &silent);
    Some(written.map(|case| match case {
        Fact::Absent(_) => by_default(text("anyone"), resource.head, ""),
        Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) => found.clone(),
    }))
}

/// An address without authorisation is open only if the function's own policy
/// lets anyone call it; others are turned away.
fn function_url(draft: &Draft<'_>, url: SubjectId, head: Span) -> Fact {
    let auth = draft.fact(url, "auth").cloned();
    let auth = auth.unwrap_or_else(|| unseen(head));
    let target = draft.fact(url, "target").cloned();
    let admitted = by_function(draft, target.as_ref(), head);
    auth.map(|case| match case.as_text() {
        Some("none") => both_witnesses(case, &admitted),
        // A signature may be one of another account, if the function lets it in.
        Some("iam") => admitted.map(|policy| match policy.as_text() {
            Some("anyone" | "any_account") => with_places(&word(case, "any_account"), policy),
            Some("partner" | "deputy") => policy.clone(),
            Some(_) => word(case, "account"),
            None => policy.clone(),
        }),
        Some(_) | None => case.clone(),
    })
}

/// The answer of the function's policy, with the line of the address before it.
fn both_witnesses(auth: &Fact, admitted: &Fact) -> Fact {
    admitted.map(|case| match case.as_text() {
        Some("anyone") => with_places(&like(auth, text("anyone")), case),
        Some(_) | None => case.clone(),
    })
}

/// A fact that rests on two lines; the weaker basis counts.
fn with_places(one: &Fact, other: &Fact) -> Fact {
    let (Fact::Known(one), Fact::Known(other)) = (one, other) else {
        return one.clone();
    };
    let mut known = one.clone();
    let more = other.places.iter();
    let more = more.filter(|place| !one.places.contains(place));
    known.places.extend(more.copied());
    known.basis = one.basis.max(other.basis);
    Fact::Known(known)
}

fn by_function(draft: &Draft<'_>, target: Option<&Fact>, head: Span) -> Fact {
    let mut offers: Vec<Offer> = Vec::new();
    let subjects = crate::flows::subjects(target, &Guard::always());
    if subjects.is_empty() {
        return Fact::unknown(Reason::OtherComponent("its function".into()), Some(head));
    }
    for (outer, function) in subjects {
        let outside = draft.components.get(function.index());
        if let Some(component) = outside.filter(|component| component.outside) {
            let reason = Reason::OtherComponent(component.name.clone());
            offers.push((outer, Fact::unknown(reason, Some(head))));
            continue;
        }
        let (admitted, rest) = admitted::of(draft, function);
        let inviting = admitted.into_iter();
        for admit in inviting.filter(|admit| admit.gives(&["invoke"]) != Some(false)) {
            if let Some(guard) = outer.and(&admit.guard) {
                offers.push((guard, admit.through_url));
            }
        }
        offers.extend(rest.map(|unknown| (outer, unknown)));
    }
    let note = "its function lets nobody in without a signature";
    let account = by_default(text("account"), head, note);
    offers.push((Guard::always(), account.clone()));
    let always = Guard::always();
    first_word(&draft.graph.worlds, &always, &offers, &OPEN_TO, &account)
}
