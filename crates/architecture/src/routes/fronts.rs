//! What CDNs and load balancers ask of callers themselves: signed addresses, a sign-in
//! before anything is passed on, certificates. What stands behind asks for itself.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::Resource;

use crate::derived::{Offer, by_default, first_word, referred, text, unresolved, word};
use crate::draft::Draft;

use super::entry::WEAKEST_FIRST;

/// Sets `auth` of both.
pub(crate) fn add(draft: &mut Draft<'_>) {
    for cdn in draft.of_kind("cdn") {
        if let Some((_, resource)) = draft.resource_of(cdn) {
            let offers = behaviours(resource);
            set(draft, cdn, &offers);
        }
    }
    let mut listeners = listeners(draft);
    for balancer in draft.of_kind("load-balancer") {
        let offers = listeners.remove(&balancer).unwrap_or_default();
        set(draft, balancer, &offers);
    }
}

/// The weakest of what it asks for, path by path or port by port.
fn set(draft: &mut Draft<'_>, entry: SubjectId, offers: &[Offer]) {
    let Some(head) = draft.place_of(entry) else {
        return;
    };
    let none = by_default(text("none"), head, "it asks callers for nothing itself");
    let asks = offers.iter().any(|(_, fact)| !fact.is_absent());
    let offers: Vec<Offer> = offers
        .iter()
        .map(|(guard, fact)| {
            let fact = fact.map(|case| match case {
                Fact::Absent(_) => none.clone(),
                Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
            });
            (guard.clone(), fact)
        })
        .collect();
    let auth = match asks {
        true => {
            let within = draft.guard_of(entry);
            first_word(&draft.graph.worlds, &within, &offers, &WEAKEST_FIRST, &none)
        }
        false => none,
    };
    draft.set(entry, "auth", auth);
}

/// One for each behaviour: absent where it serves whoever asks. An address or cookie
/// signed with a key of ours was handed to its bearer by something of ours.
fn behaviours(resource: &Resource) -> Vec<Offer> {
    let settings = resource.properties.field("DistributionConfig").into_owned();
    let certificate = settings.path("ViewerMtlsConfig.Mode").map(|case| {
        match (case, case.as_text().map(str::to_ascii_lowercase).as_deref()) {
            (_, Some("required")) => word(case, "mtls"),
            (Fact::Known(_), Some(_)) => Fact::absent(case.span()),
            (Fact::Known(_), None) => unresolved(case),
            (Fact::Absent(_) | Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
        }
    });
    if !certificate.is_absent() {
        return vec![(Guard::always(), certificate)];
    }
    let default = settings.field("DefaultCacheBehavior").into_owned();
    let more = settings.field("CacheBehaviors").into_owned();
    let mut offers = vec![(Guard::always(), signed(&default))];
    let (items, rest) = more.items();
    offers.extend(items.into_iter().map(|(guard, item)| (guard, signed(item))));
    // What is not seen may be open.
    offers.extend(rest.map(|rest| (Guard::always(), Fact::Unknown(rest.clone()))));
    match offers
        .iter()
        .all(|(_, fact)| fact.is_absent() || fact.as_known().is_none())
    {
        // Where nothing that is seen is signed, nothing unseen can be weaker.
        true if signed(&default).is_absent() => Vec::new(),
        true | false => offers,
    }
}

fn signed(behaviour: &Fact) -> Fact {
    let demanded = ["TrustedKeyGroups", "TrustedSigners"];
    let demanded = demanded.map(|name| {
        behaviour.field(name).map(|case| match case.items() {
            // One value in place of a list may be an empty one.
            _ if case.as_pattern().is_some() => unresolved(case),
            (items, None) if items.is_empty() => match case {
                Fact::Unknown(_) => case.clone(),
                Fact::Known(_) | Fact::Absent(_) | Fact::OneOf(_) => Fact::absent(case.span()),
            },
            (items, rest) => match (items.first(), rest) {
                (Some((guard, _)), _) if guard.is_always() => word(case, "custom"),
                (_, Some(rest)) => Fact::Unknown(rest.clone()),
                (_, None) => unresolved(case),
            },
        })
    });
    let [groups, signers] = demanded;
    match groups.is_absent() {
        true => signers,
        false => groups,
    }
}

/// What each load balancer asks for on each port, and on each path of its own.
fn listeners(draft: &mut Draft<'_>) -> BTreeMap<SubjectId, Vec<Offer>> {
    let mut found: BTreeMap<SubjectId, Vec<Offer>> = BTreeMap::new();
    let mut note = |draft: &mut Draft<'_>, listener, resource: &Resource, offer: Option<Offer>| {
        let Some((guard, fact)) = offer else { return };
        let balancer = resource.properties.field("LoadBalancerArn");
        for (outer, balancer) in draft.target_components(&balancer, listener) {
            if let Some(guard) = outer.and(&guard) {
                let offer = (guard, fact.clone());
                found.entry(balancer).or_default().push(offer);
            }
        }
    };
    for (id, listener) in draft.of_type("AWS::ElasticLoadBalancingV2::Listener") {
        let asked = asked(listener, listener, "DefaultActions");
        note(draft, id, listener, asked);
    }
    for (_, rule) in draft.of_type("AWS::ElasticLoadBalancingV2::ListenerRule") {
        let Some(id) = referred(&rule.properties.field("ListenerArn")) else {
            continue;
        };
        if let Some(listener) = draft.graph.resource(id) {
            let asked = asked(listener, rule, "Actions");
            note(draft, id, listener, asked);
        }
    }
    found
}

/// What a listener or a rule of it asks for; nothing where it only answers itself.
fn asked(listener: &Resource, of: &Resource, actions: &str) -> Option<Offer> {
    let guard = listener.guard.and(&of.guard)?;
    let actions = of.properties.field(actions).into_owned();
    let (actions, rest) = actions.items();
    let mut auth: Option<Fact> = None;
    let mut passes_on = false;
    for (_, action) in &actions {
        let kind = action.field("Type");
        let word_for = match kind.as_text() {
            Some("authenticate-cognito") => Some("user_pool"),
            Some("authenticate-oidc" | "jwt-validation") => Some("jwt"),
            Some("redirect" | "fixed-response") => None,
            Some(_) | None => {
                passes_on = true;
                None
            }
        };
        let optional = ["AuthenticateCognitoConfig", "AuthenticateOidcConfig"]
            .iter()
            .map(|config| {
                action
                    .path(&format!("{config}.OnUnauthenticatedRequest"))
                    .into_owned()
            })
            .any(|answer| answer.as_text() == Some("allow"));
        if let Some(found) = word_for.filter(|_| !optional) {
            auth = Some(word(&kind, found));
        }
    }
    if !passes_on {
        return rest.map(|rest| (guard, Fact::Unknown(rest.clone())));
    }
    let certificate = listener.properties.path("MutualAuthentication.Mode");
    let certificate = certificate.map(|case| match (case, case.as_text()) {
        (_, Some("verify")) => word(case, "mtls"),
        (Fact::Known(_), Some(_)) | (Fact::Absent(_), _) => Fact::absent(case.span()),
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    });
    let asked = match certificate.is_absent() {
        true => auth.unwrap_or(certificate),
        false => certificate,
    };
    Some((guard, asked))
}
