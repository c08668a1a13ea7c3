//! CDNs: their origins, what stands behind them, and functions at the edge.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Guard, Reason, SubjectId, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::FlowKind;
use underbelly_source::{Place, Span};

use crate::address;
use crate::derived::{
    Collected, Offer, any, bool_like, by_default, in_words, is_written, like, no, text, unresolved,
    word,
};
use crate::draft::{Draft, Target};

use super::link::{Link, Style, Trigger};

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let mut fronts: BTreeMap<SubjectId, Collected> = BTreeMap::new();
    for cdn in draft.of_kind("cdn") {
        let Some((id, resource)) = draft.resource_of(cdn) else {
            continue;
        };
        let mut targets = Collected::default();
        let list = resource
            .properties
            .path("DistributionConfig.Origins")
            .into_owned();
        for (guard, origin) in list.items().0 {
            let Some(guard) = resource.guard.and(&guard) else {
                continue;
            };
            let place = origin.head(resource.head);
            let found = self::origin(draft, cdn, &guard, origin, (id, place));
            targets.fact(&guard, &found);
            for (guard, subject) in super::apis::subjects(Some(&found), &guard) {
                let front = fronts.entry(subject).or_default();
                front.component(&guard, cdn, &[Place::here(place)]);
            }
        }
        draft.set(cdn, "targets", targets.set(Some(resource.head)));
        at_the_edge(draft, cdn, id, resource);
    }
    fronted_by(draft, fronts);
}

/// Everything that can stand behind a CDN says whether one stands before it.
fn fronted_by(draft: &mut Draft<'_>, mut fronts: BTreeMap<SubjectId, Collected>) {
    let kinds = [
        "rest-api",
        "http-api",
        "websocket-api",
        "graphql-api",
        "function-url",
        "load-balancer",
        "cdn",
        "object-store",
    ];
    for kind in kinds {
        for component in draft.of_kind(kind) {
            let found = fronts.remove(&component).unwrap_or_default();
            let head = draft.place_of(component);
            draft.set(component, "fronted_by", found.set(head));
        }
    }
}

fn origin(
    draft: &mut Draft<'_>,
    cdn: SubjectId,
    guard: &Guard,
    origin: &Fact,
    (near, place): (ResourceId, Span),
) -> Fact {
    let key = in_words(&origin.field("Id"));
    let part = draft.part_at(cdn, ("origins", "origin"), &key, place, guard);
    let domain = origin.field("DomainName").into_owned();
    let (target, dangling) = stands_behind(draft, &domain, near, place);
    let kind = kind(draft, &target, &domain, place);
    let locked = locked(draft, origin, place);
    for (guard, destination) in super::apis::subjects(Some(&target), guard) {
        let link = Link {
            source: cdn,
            destination,
            kind: FlowKind::Call,
            label: key.clone(),
            guard,
            place,
        };
        link.draw(draft, &Trigger::plain(Style::Sync, place));
    }
    draft.set(part, "target", target.clone());
    draft.set(part, "dangling", dangling);
    draft.set(part, "kind", kind);
    draft.set(part, "locked", locked);
    target
}

/// What a domain name leads to, and whether it leads to nothing known.
fn stands_behind(
    draft: &mut Draft<'_>,
    domain: &Fact,
    near: ResourceId,
    place: Span,
) -> (Fact, Fact) {
    let mut targets = Vec::new();
    let mut dangling = Vec::new();
    for (guard, case) in domain.cases() {
        let found = draft.named(&[], case, near).into_iter().next();
        let (target, nothing) = match (found, case) {
            (Some((_, Target::Component(subject))), _) => {
                (like(case, Value::Subject(subject)), bool_like(case, false))
            }
            (Some((_, Target::Unknown(reason))), _) => {
                let unknown = Fact::unknown(reason, case.span());
                (unknown.clone(), unknown)
            }
            (_, Fact::Known(_)) => {
                let host = in_words(case);
                let bucket = case.as_pattern().and_then(address::web_name);
                let (kind, name) = match bucket {
                    Some((kind, name)) => (kind, name.to_string()),
                    None => ("external", host.clone()),
                };
                let outside = draft.outside(kind, &name, case.head(place));
                (
                    like(case, Value::Subject(outside)),
                    nothing_there(case, &host),
                )
            }
            (_, Fact::Absent(_) | Fact::Unknown(_) | Fact::OneOf(_)) => {
                (case.clone(), case.clone())
            }
        };
        targets.push((guard.clone(), target));
        dangling.push((guard, nothing));
    }
    (Fact::one_of(targets), Fact::one_of(dangling))
}

/// A bucket that nothing declares may be claimed by someone, if its name is known; a
/// domain of ours or of others may well be in good hands.
fn nothing_there(domain: &Fact, host: &str) -> Fact {
    let bucket = (host.contains(".s3.") || host.contains(".s3-")) && host.contains("amazonaws");
    if bucket && domain.as_text().is_none() {
        return unresolved(domain);
    }
    if bucket {
        let mut fact = Fact::known(
            Value::Bool(true),
            Basis::LibraryAssumption,
            domain.span().map(Place::here).into_iter().collect(),
        );
        if let Fact::Known(known) = &mut fact {
            known.note = Some("no template that was read declares such a bucket".into());
        }
        return fact;
    }
    Fact::unknown(Reason::Elsewhere(format!("`{host}`").into()), domain.span())
}

fn kind(draft: &Draft<'_>, target: &Fact, domain: &Fact, place: Span) -> Fact {
    let website = in_words(domain).contains("s3-website") || mentions_website(domain);
    let outer = super::apis::subjects(Some(target), &Guard::always());
    let named = outer.first().map(|(_, subject)| draft.kind_of(*subject));
    let host = in_words(domain);
    let found = match named {
        Some("object-store") if website => "website",
        Some("object-store") => "bucket",
        Some("rest-api" | "http-api" | "websocket-api" | "graphql-api") => "api",
        Some("function-url") => "function_url",
        Some(_) | None if website => "website",
        Some(_) | None if host.contains(".lambda-url.") => "function_url",
        Some(_) | None if host.contains(".execute-api.") => "api",
        Some(_) | None if host.contains(".s3.") || host.contains(".s3-") => "bucket",
        Some(_) => "other",
        None => {
            return match domain {
                Fact::Known(_) => unresolved(domain),
                Fact::Unknown(_) | Fact::OneOf(_) => domain.map(|case| match case {
                    Fact::Known(_) => unresolved(case),
                    Fact::Unknown(_) | Fact::OneOf(_) | Fact::Absent(_) => case.clone(),
                }),
                Fact::Absent(_) => by_default(text("other"), place, ""),
            };
        }
    };
    word(domain, found)
}

fn mentions_website(domain: &Fact) -> bool {
    let text = domain.as_pattern();
    text.is_some_and(|text| text.holes().any(|hole| hole.label.ends_with(".WebsiteURL")))
}

/// Locked by origin access control or identity, a private origin, or a header
/// that only the CDN sends.
fn locked(draft: &Draft<'_>, origin: &Fact, place: Span) -> Fact {
    let control = not_empty(&origin.field("OriginAccessControlId"), place);
    let identity = not_empty(&origin.path("S3OriginConfig.OriginAccessIdentity"), place);
    let private = is_written(&origin.field("VpcOriginConfig"), place);
    let headers = origin.field("OriginCustomHeaders").into_owned();
    let header = headers.map(|case| match case {
        Fact::Known(known) if !case.items().0.is_empty() => {
            let mut known = known.clone();
            known.value = Value::Bool(true);
            known.basis = Basis::LibraryAssumption;
            known.note = Some("the origin is taken to ask for this header".into());
            Fact::Known(known)
        }
        Fact::Known(_) | Fact::Absent(_) => no(place),
        Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    });
    let offers: Vec<Offer> = [control, identity, private, header]
        .into_iter()
        .map(|fact| (Guard::always(), fact))
        .collect();
    any(&draft.graph.worlds, &Guard::always(), &offers, &no(place))
}

fn not_empty(fact: &Fact, head: Span) -> Fact {
    fact.map(|case| match case.as_text() {
        Some("") => bool_like(case, false),
        Some(_) | None => is_written(case, head),
    })
}

/// Functions that a CDN calls on every request.
fn at_the_edge(draft: &mut Draft<'_>, cdn: SubjectId, id: ResourceId, resource: &Resource) {
    let settings = resource.properties.field("DistributionConfig").into_owned();
    let default = settings.field("DefaultCacheBehavior").into_owned();
    let more = settings.field("CacheBehaviors").into_owned();
    let mut behaviours = vec![(Guard::always(), &default)];
    behaviours.extend(more.items().0);
    for (guard, behaviour) in behaviours {
        let Some(guard) = resource.guard.and(&guard) else {
            continue;
        };
        let list = behaviour.field("LambdaFunctionAssociations").into_owned();
        for (inner, item) in list.items().0 {
            let Some(guard) = guard.and(&inner) else {
                continue;
            };
            let label = in_words(&item.field("EventType"));
            let function = item.field("LambdaFunctionARN");
            for end in draft.ends(&guard, &function, &["function"], id, resource.head) {
                let link = Link {
                    source: cdn,
                    destination: end.component,
                    kind: FlowKind::Call,
                    label: label.clone(),
                    guard: end.guard,
                    place: end.place,
                };
                link.draw(draft, &Trigger::plain(Style::Sync, end.place));
            }
        }
    }
}
