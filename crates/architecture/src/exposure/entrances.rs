//! Who can reach entry points: by their authorisation, network and policy.

use underbelly_expression::{Fact, Guard, Reason, SubjectId};
use underbelly_source::Span;

use crate::derived::{Offer, by_default, first_word, text, word};
use crate::draft::Draft;

use super::admitted;
use super::audience::{OPEN_TO, both, of_auth};

/// Sets `open_to` of entry points.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for kind in ["rest-api", "http-api", "websocket-api", "graphql-api"] {
        for api in draft.of_kind(kind) {
            let Some(head) = draft.place_of(api) else {
                continue;
            };
            let auth = draft.fact(api, "auth").cloned();
            let auth = auth.unwrap_or_else(|| unseen(head));
            let open = through(draft, api, &auth, head);
            draft.set(api, "open_to", open);
            routes(draft, api, head);
        }
    }
    for url in draft.of_kind("function-url") {
        if let Some(head) = draft.place_of(url) {
            let open = function_url(draft, url, head);
            draft.set(url, "open_to", open);
        }
    }
    for balancer in draft.of_kind("load-balancer") {
        if let Some((_, resource)) = draft.resource_of(balancer) {
            let scheme = resource.properties.field("Scheme");
            let open = scheme.map(|case| match (case, case.as_text()) {
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
            draft.set(balancer, "open_to", open);
        }
    }
    for (kind, who, note) in [
        ("cdn", "anyone", "a CDN answers everyone"),
        ("user-pool", "anyone", "anyone may try to sign in"),
        ("email-receiver", "anyone", "anyone may send mail"),
        ("device-rule", "partner", "connected devices send to it"),
    ] {
        for entry in draft.of_kind(kind) {
            if let Some(head) = draft.place_of(entry) {
                draft.set(entry, "open_to", by_default(text(who), head, note));
            }
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
        let open = through(draft, api, &auth.unwrap_or_else(|| unseen(place)), place);
        draft.set(route, "open_to", open);
    }
}

fn unseen(head: Span) -> Fact {
    Fact::unknown(Reason::Elsewhere("its routes".into()), Some(head))
}

/// Who passes an authorisation of an API, its network and its policy.
pub(crate) fn through(draft: &Draft<'_>, api: SubjectId, auth: &Fact, head: Span) -> Fact {
    let worlds = &draft.graph.worlds;
    let mut open = of_auth(auth);
    if let Some(scope) = draft.fact(api, "network_scope") {
        let by_network = scope.map(|case| match case.as_text() {
            Some("private") => word(case, "account"),
            Some("public") => word(case, "anyone"),
            Some(_) | None => crate::derived::unresolved_or(case),
        });
        // A public network narrows nothing, so it is no witness either.
        if by_network.as_text() != Some("anyone") {
            open = both(worlds, &open, &by_network);
        }
    }
    let Some(policy) = policy(draft, api, head) else {
        return open;
    };
    let signed = auth.as_text() == Some("iam");
    if !signed {
        return both(worlds, &open, &policy);
    }
    // A signature and a policy that lets others in: they come from other accounts.
    policy.map(|case| match case.as_text() {
        Some("anyone" | "partner") => word(case, "partner"),
        Some(_) => open.clone(),
        None => case.clone(),
    })
}

/// The audience of an API's own policy, if it has one.
fn policy(draft: &Draft<'_>, api: SubjectId, head: Span) -> Option<Fact> {
    let (_, resource) = draft.resource_of(api)?;
    let written = resource.properties.field("Policy");
    if written.is_absent() {
        return None;
    }
    let offers = admitted::audiences(draft, api, &[]);
    let unread = Fact::unknown(Reason::NotAnalysed("its policy".into()), written.span());
    let _ = head;
    let within = draft.guard_of(api);
    let found = first_word(&draft.graph.worlds, &within, &offers, &OPEN_TO, &unread);
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
            Some("anyone" | "partner") => word(policy, "partner"),
            Some(_) => word(case, "account"),
            None => policy.clone(),
        }),
        Some(_) | None => case.clone(),
    })
}

/// The answer of the function's policy, with the line of the address before it.
fn both_witnesses(auth: &Fact, admitted: &Fact) -> Fact {
    admitted.map(|case| match (case, auth) {
        (Fact::Known(known), Fact::Known(own)) if case.as_text() == Some("anyone") => {
            let mut known = known.clone();
            let mut places = own.places.clone();
            places.extend(
                known
                    .places
                    .iter()
                    .filter(|place| !own.places.contains(place)),
            );
            known.places = places;
            known.basis = known.basis.max(own.basis);
            Fact::Known(known)
        }
        _ => case.clone(),
    })
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
