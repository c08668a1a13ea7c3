//! What each role may do with each component its grants cover, named or not: what
//! roads lead along, whether or not a flow is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_model::Right;
use underbelly_source::{Diagnostic, Place};

use super::Rights;
use super::access::{self, Ends};
use super::allowed::Allowed;
use super::limits::Limits;
use super::reach::{self, Reach};
use crate::address;
use crate::draft::Draft;
use crate::services::Service;

/// No more of them are kept.
const MOST_RIGHTS: usize = 400_000;

/// Components that are alike for every right that names none of them: those of one
/// kind and resource type.
type Classes = BTreeMap<(Arc<str>, Option<Arc<str>>), Vec<SubjectId>>;

/// What was found of components of one class.
type Found = BTreeMap<(Arc<str>, Option<Arc<str>>), Option<Gives>>;

/// Adds them to the draft.
pub(super) fn add(draft: &mut Draft<'_>, rights: &Rights) {
    let mut classes = Classes::new();
    for index in 0..draft.components.len() {
        let subject = SubjectId::component(index);
        if let Some(class) = class(draft, subject) {
            classes.entry(class).or_default().push(subject);
        }
    }
    let mut held: Vec<Right> = Vec::new();
    let mut left_out = 0_usize;
    for (role, of_role) in &rights.roles {
        for grant in &of_role.grants {
            for (case, allowed) in &grant.cases {
                let Some(guard) = grant.guard.and(case) else {
                    continue;
                };
                let right = (allowed, &of_role.limits);
                let mut found = Found::new();
                for (target, is_named, place) in covered(draft, allowed, &classes) {
                    if held.len() >= MOST_RIGHTS {
                        left_out = left_out.saturating_add(1);
                        continue;
                    }
                    let ends = Ends {
                        user: *role,
                        target,
                        is_named,
                    };
                    if let Some(gives) = gives(draft, right, ends, &guard, &mut found) {
                        held.push(Right {
                            role: *role,
                            grant: grant.part,
                            target,
                            abilities: gives.abilities,
                            unsure: gives.unsure,
                            guard: guard.clone(),
                            place: place.or(allowed.place),
                        });
                    }
                }
            }
        }
    }
    if left_out > 0 {
        let message = format!("{left_out} rights of roles on components are left out of the roads");
        let diagnostic = Diagnostic::note_only("rights-left-out", message);
        let why = format!("no more than {MOST_RIGHTS} are looked at");
        draft.diagnostics.push(diagnostic.note(why));
    }
    draft.rights = held;
}

/// What it gives, and why nobody can tell.
#[derive(Clone)]
struct Gives {
    abilities: Arc<BTreeSet<Arc<str>>>,
    unsure: Option<Reason>,
}

fn class(draft: &Draft<'_>, subject: SubjectId) -> Option<(Arc<str>, Option<Arc<str>>)> {
    let component = draft.components.get(subject.index())?;
    let resource = draft.resource_of(subject);
    let kind = resource.map(|(_, resource)| resource.kind.as_ref().into());
    Some((component.kind.clone(), kind))
}

/// The components that an Allow covers, each once, with the resource that names it.
fn covered(
    draft: &Draft<'_>,
    allowed: &Allowed,
    classes: &Classes,
) -> Vec<(SubjectId, bool, Option<Place>)> {
    let named = allowed.targets.iter();
    let mut all: Vec<_> = named.map(|(one, place)| (*one, true, *place)).collect();
    for (address, place) in &allowed.outside {
        let known = access::known_outside(draft, address, *place);
        all.extend(known.map(|target| (target, true, *place)));
    }
    let mut seen: BTreeSet<SubjectId> = all.iter().map(|(target, ..)| *target).collect();
    let Ok((reach, _, place)) = &allowed.reach else {
        return all;
    };
    // An address that names a service covers what is of it. Where people say what is
    // covered, no address is written.
    let is_wide = |covered: &reach::Covered| covered.reach.is_wide();
    let terms = allowed.on.iter();
    let wide = terms.filter(|term| reach::covered(&term.text).as_ref().is_ok_and(is_wide));
    let mut over: Vec<(Option<Service>, Option<Place>)> = wide
        .map(|term| {
            let service = address::arn(&term.text).map(|arn| arn.service);
            (service.as_deref().and_then(Service::of), term.place)
        })
        .collect();
    if allowed.on.is_empty() && *reach == Reach::Everything {
        over.push((None, *place));
    }
    for (service, place) in over.into_iter().filter(|_| reach.is_wide()) {
        for ((kind, _), subjects) in classes {
            if service.is_none_or(|service| service.kind == &**kind) {
                let new = subjects.iter().filter(|subject| seen.insert(**subject));
                all.extend(new.map(|subject| (*subject, false, place)));
            }
        }
    }
    all
}

/// What an Allow gives on one component; nothing where none of its actions is for it.
fn gives(
    draft: &Draft<'_>,
    right: (&Allowed, &Limits),
    ends: Ends,
    guard: &Guard,
    found: &mut Found,
) -> Option<Gives> {
    let (allowed, limits) = right;
    let alike = !ends.is_named && limits.is_empty() && allowed.but.is_empty();
    let class = class(draft, ends.target).filter(|_| alike);
    if let Some(known) = class.as_ref().and_then(|class| found.get(class)) {
        return known.clone();
    }
    let on = |actions: &mut dyn Iterator<Item = &super::actions::Actions>| {
        access::abilities_on(draft, right, ends, guard, actions, &|_| false)
    };
    let certain = on(&mut allowed.actions.iter());
    let more = on(&mut allowed.perhaps.iter().map(|(actions, _)| actions));
    let certain = certain.filter(|abilities| !abilities.items.is_empty());
    let more = more.filter(|abilities| !abilities.items.is_empty());
    let gives = match (certain, more) {
        (Some(certain), _) => Some((certain.items, unmet(allowed))),
        (None, Some(more)) => {
            let first = allowed.perhaps.first();
            let why = first.map(|(_, unknown)| unknown.reason.clone());
            Some((more.items, why))
        }
        (None, None) => None,
    };
    let gives = gives.map(|(abilities, unsure)| Gives {
        abilities: Arc::new(abilities),
        unsure,
    });
    if let Some(class) = class {
        found.insert(class, gives.clone());
    }
    gives
}

/// A condition of which nobody can tell whether it is met.
fn unmet(allowed: &Allowed) -> Option<Reason> {
    let mut words = allowed.narrowed.by.iter().map(|(word, ..)| *word);
    // Neither keeps a flaw in the workload itself from using it.
    let word = words.find(|word| !matches!(*word, "tls" | "network"));
    word.map(|word| {
        let word = word.replace('_', " ");
        Reason::NotAnalysed(format!("whether its condition ({word}) is met").into())
    })
}
