//! What is left of actions on one component where Denies or a boundary speak of them:
//! action by action, in contrast to [`super::left`], which says it of whole statements.
//!
//! Only what is certainly taken away is: a Deny counts for an action if it covers all
//! that the action acts on of the component, such as a bucket and what is in it.

use underbelly_expression::{Cause, Guard, Hole, SubjectId, Text};
use underbelly_iac::Resource;
use underbelly_library::PublishedService;

use super::ability::{self, Wildcard};
use super::actions::{self, Actions};
use super::allowed::Allowed;
use super::limits::{Kind, Limit, Limits, Resources};
use super::pattern::Pattern;
use crate::draft::Draft;
use crate::worlds::World;

/// A letter that no name has.
const ODD: &str = "\u{1}";

/// Types of things inside others that are there only where one of these properties is.
const ONLY_WITH: &[(&str, &[&str])] = &[
    (
        "index",
        &["GlobalSecondaryIndexes", "LocalSecondaryIndexes"],
    ),
    ("stream", &["StreamSpecification"]),
];

/// The actions that are left on a component; nothing where none is taken away.
pub(super) fn left_on(
    draft: &Draft<'_>,
    limits: &Limits,
    allowed: &Allowed,
    actions: &Actions,
    target: SubjectId,
    guard: &Guard,
) -> Option<Vec<Actions>> {
    let known = actions.known()?;
    if draft.kind_of(target) == "object-store" && names_only_buckets(allowed) {
        return without_objects(draft, actions, known);
    }
    // Of everything but some actions, those of other services say nothing here.
    let leaves_out = ability::wildcard(known) == Wildcard::All && !actions.but.is_empty();
    if limits.is_empty() && allowed.but.is_empty() && !leaves_out {
        return None;
    }
    let world: World = guard.choices().iter().copied().collect();
    let about = limits.about([ability::service(known)].into(), &world);
    let about = about.iter().filter_map(|index| limits.get(*index));
    let counts = |limit: &&Limit| limit.kind != Kind::Deny || limit.is_sure_in(&world);
    let boundaries = limits.boundaries(&world).into_iter();
    let boundaries = boundaries.filter(|(_, certain, open)| *certain && open.is_none());
    let taking = Taking {
        limits: about.filter(counts).collect(),
        boundaries: boundaries.map(|(index, ..)| index).collect(),
        but: &allowed.but,
    };
    if !taking.is_partial() && !leaves_out {
        return None;
    }
    let addresses = Addresses::of(draft, target)?;
    let table = &draft.library.data.actions;
    let mut left = Vec::new();
    let mut n_taken = 0_usize;
    for service in addresses.services(known) {
        let service = actions::published(table, &format!("{service}:"))?;
        let main = addresses.main(service)?;
        let inside = addresses.inside(draft, service, &main);
        // Most limits are about other components.
        if !leaves_out && !taking.bears_on(&inside) {
            return None;
        }
        let verbs = match ability::wildcard(known) {
            Wildcard::All => "*",
            Wildcard::Service | Wildcard::None => known.split(':').nth(1)?,
        };
        for action in service.matching(verbs) {
            let name = format!("{}:{}", service.prefix, action.name);
            if !actions.but.is_empty() && actions.leaves_out_of(&Pattern::literal(&name)) {
                continue;
            }
            let requests = inside
                .iter()
                .filter(|(kind, _)| action.kinds().any(|own| own == *kind));
            let requests: Vec<&Request> = requests.map(|(_, request)| request).collect();
            if requests.is_empty() {
                continue;
            }
            match taking.takes(&name, &requests) {
                true => n_taken = n_taken.saturating_add(1),
                false => left.push(actions.only(&name)),
            }
        }
    }
    (n_taken > 0 || leaves_out).then_some(left)
}

/// Whether an Allow names buckets and nothing in them: `arn:aws:s3:::orders` without
/// `/*`, which gives no right on objects.
fn names_only_buckets(allowed: &Allowed) -> bool {
    let bare = |text: &Text| !text.to_string().contains(['/', '*', '?']);
    !allowed.on.is_empty() && allowed.on.iter().all(|term| bare(&term.text))
}

/// The actions that act on a bucket itself; nothing where all of them do.
fn without_objects(draft: &Draft<'_>, actions: &Actions, known: &str) -> Option<Vec<Actions>> {
    let service = actions::published(&draft.library.data.actions, "s3:")?;
    let pattern = match ability::wildcard(known) {
        Wildcard::All => format!("{}:*", service.prefix),
        Wildcard::Service | Wildcard::None => known.to_owned(),
    };
    let on_buckets = |name: &String| {
        let action = name.split(':').nth(1).and_then(|verb| service.action(verb));
        let kinds: Vec<&str> = action.into_iter().flat_map(|one| one.kinds()).collect();
        kinds.is_empty() || kinds.contains(&"bucket")
    };
    let names = actions::names(service, &pattern, &pattern, &actions.but);
    let (left, on_objects): (Vec<String>, Vec<String>) = names.partition(on_buckets);
    let left = left.into_iter().map(|name| actions.only(&name));
    (!on_objects.is_empty()).then(|| left.collect())
}

/// What takes away for certain, and what boundaries may let through.
struct Taking<'l> {
    limits: Vec<&'l Limit>,
    boundaries: Vec<usize>,
    but: &'l [Pattern],
}

/// One thing that is asked for, by each address it has.
type Request = Vec<Pattern>;

impl Taking<'_> {
    /// Whether something in it differs from resource to resource: what is denied or let
    /// through everywhere has been told of whole statements.
    fn is_partial(&self) -> bool {
        let mut limits = self.limits.iter();
        !self.but.is_empty() || limits.any(|limit| !limit.resources.are_all())
    }

    /// Whether some of that is about a component or what is in it.
    fn bears_on(&self, inside: &[(&str, Request)]) -> bool {
        let any = |holds: &dyn Fn(&Request) -> bool| inside.iter().any(|(_, one)| holds(one));
        let mut limits = self.limits.iter();
        self.but.iter().any(|but| any(&|one| covers(but, one)))
            || limits.any(|limit| match limit.kind {
                Kind::Deny => !limit.resources.are_all() && any(&|one| limit.resources.hold(one)),
                Kind::Cap(boundary) => {
                    !limit.resources.are_all() && self.boundaries.contains(&boundary)
                }
            })
    }

    fn takes(&self, name: &str, requests: &[&Request]) -> bool {
        let denied = |request: &&Request| {
            let left_out = self.but.iter().any(|but| covers(but, request));
            let mut denies = self.limits.iter().filter(|limit| limit.kind == Kind::Deny);
            left_out
                || denies
                    .any(|deny| deny.actions.certainly_has(name) && deny.resources.hold(request))
        };
        let capped = |boundary: &usize| {
            let caps = self.limits.iter();
            let mut caps = caps.filter(|limit| limit.kind == Kind::Cap(*boundary));
            !caps.any(|cap| {
                let mut requests = requests.iter();
                cap.actions.may_have(name) && requests.any(|one| cap.resources.may_hold(one))
            })
        };
        requests.iter().all(denied) || self.boundaries.iter().any(capped)
    }
}

fn covers(pattern: &Pattern, request: &Request) -> bool {
    request.iter().any(|address| pattern.covers(address))
}

impl Resources {
    /// Whether they take in everything there is.
    fn are_all(&self) -> bool {
        let all = Pattern::literal("*");
        !self.but && self.named.iter().any(|(pattern, _)| *pattern == all)
    }

    /// Whether they certainly take in what is asked for.
    fn hold(&self, request: &Request) -> bool {
        let mut named = self.named.iter();
        match (self.but, self.unsure) {
            (_, true) => false,
            (false, false) => named.any(|(pattern, _)| covers(pattern, request)),
            (true, false) => !named.any(|(pattern, _)| may_hold(pattern, request)),
        }
    }

    /// Whether they may take it in.
    fn may_hold(&self, request: &Request) -> bool {
        let mut named = self.named.iter();
        match self.but {
            _ if self.unsure => true,
            false => named.any(|(pattern, _)| may_hold(pattern, request)),
            true => !named.any(|(pattern, _)| covers(pattern, request)),
        }
    }
}

fn may_hold(pattern: &Pattern, request: &Request) -> bool {
    request.iter().any(|address| pattern.overlaps(address))
}

/// How policies may write a component.
struct Addresses<'r> {
    resource: &'r Resource,
    texts: Vec<Text>,
    patterns: Vec<Pattern>,
    of_services: Vec<String>,
}

impl<'r> Addresses<'r> {
    fn of(draft: &Draft<'r>, target: SubjectId) -> Option<Self> {
        let (id, resource) = draft.resource_of(target)?;
        let entry = draft.entry_of(id)?;
        let address = entry.addresses.first()?;
        let hole = |cause: Cause| Hole {
            label: "".into(),
            span: resource.head,
            cause,
        };
        let mut by_reference = Text::default();
        by_reference.push_hole(hole(Cause::Resource {
            resource: id.0,
            attribute: "Arn".into(),
        }));
        let mut texts = vec![by_reference];
        for path in &entry.names {
            let name = resource.properties.path(path);
            let Some(name) = name.as_pattern() else {
                continue;
            };
            let mut text = Text::literal(format!("arn:aws:{}:", address.service));
            if &*address.service == "s3" {
                text.push_literal("::");
            } else {
                for pseudo in ["AWS::Region", "AWS::AccountId"] {
                    text.push_hole(hole(Cause::Pseudo(pseudo.into())));
                    text.push_literal(":");
                }
            }
            text.push_literal(&address.prefix);
            text.push(name);
            texts.push(text);
        }
        let patterns = texts.iter().map(|text| draft.address_pattern(text));
        let services = entry.addresses.iter();
        Some(Self {
            resource,
            patterns: patterns.collect(),
            texts,
            of_services: services.map(|one| one.service.to_string()).collect(),
        })
    }

    /// The services of which actions act on it.
    fn services(&self, known: &str) -> Vec<String> {
        match ability::service(known) {
            all if all == "*" => self.of_services.clone(),
            service => vec![service],
        }
    }

    /// The address of the type that it is of, as its service writes it.
    fn main(&self, service: PublishedService<'_>) -> Option<String> {
        let written = service.kinds().map(|(_, address)| address.to_string());
        let mut own = written.filter(|written| {
            let pattern = Pattern::address(&Text::literal(written.as_str()));
            self.patterns.iter().any(|address| pattern.covers(address))
        });
        own.next()
    }

    /// What may be asked for of it by type: the component, or something in it.
    fn inside<'t>(
        &self,
        draft: &Draft<'_>,
        service: PublishedService<'t>,
        main: &str,
    ) -> Vec<(&'t str, Request)> {
        let kinds = service.kinds().filter(|(kind, _)| self.may_hold_any(kind));
        let inside = kinds.filter_map(|(kind, address)| {
            let address = address.to_string();
            let rest = address.strip_prefix(main)?.replace('*', ODD);
            let texts = self.texts.iter().map(|text| {
                let mut text = text.clone();
                text.push_literal(&rest);
                draft.address_pattern(&text)
            });
            Some((kind, texts.collect()))
        });
        inside.collect()
    }

    /// Whether something of this type may be in it.
    fn may_hold_any(&self, kind: &str) -> bool {
        let is_table = self.resource.kind.starts_with("AWS::DynamoDB::");
        let mut only = ONLY_WITH.iter();
        let with = only.find(|(own, _)| is_table && *own == kind);
        with.is_none_or(|(_, properties)| {
            let mut properties = properties.iter();
            properties.any(|property| !self.resource.properties.field(property).is_absent())
        })
    }
}
