//! What each role may do with each component its grants cover, named or not: what
//! roads lead along, whether or not a flow is drawn.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_model::Right;
use underbelly_source::{Diagnostic, Place};

use super::Rights;
use super::ability;
use super::access::{self, Ends};
use super::actions::Actions;
use super::allowed::Allowed;
use super::limits::Limits;
use super::reach::{self, Reach};
use crate::address;
use crate::draft::Draft;
use crate::services::Service;

/// No more of them are kept.
const MOST_RIGHTS: usize = 400_000;

/// The components by what is alike for every right that names none of them: their kind
/// and resource type.
struct Classes<'d> {
    all: BTreeMap<(&'d str, Option<&'d str>), Vec<SubjectId>>,
    /// The kinds and types on which the actions of a service act, as far as asked for.
    of_service: RefCell<BTreeMap<String, Acted<'d>>>,
}

/// Kinds and resource types.
type Acted<'d> = Rc<BTreeSet<(&'d str, Option<&'d str>)>>;

impl<'d> Classes<'d> {
    fn of(draft: &'d Draft<'_>) -> Self {
        let mut all: BTreeMap<_, Vec<SubjectId>> = BTreeMap::new();
        for (index, component) in draft.components.iter().enumerate() {
            let subject = SubjectId::component(index);
            let resource = draft.resource_of(subject);
            let resource = resource.map(|(_, resource)| &*resource.kind);
            let class = all.entry((&*component.kind, resource)).or_default();
            class.push(subject);
        }
        Self {
            all,
            of_service: RefCell::default(),
        }
    }

    /// Those on which actions of a service act.
    fn acted_on(&self, draft: &Draft<'_>, service: &str) -> Acted<'d> {
        let mut known = self.of_service.borrow_mut();
        if let Some(known) = known.get(service) {
            return known.clone();
        }
        let acts = |subjects: &Vec<SubjectId>| {
            let target = subjects.first().copied();
            target.is_some_and(|target| {
                let ends = Ends {
                    user: target,
                    target,
                    is_named: false,
                };
                access::service_acts_on(draft, service, ends)
            })
        };
        let acted = self.all.iter().filter(|(_, subjects)| acts(subjects));
        let acted: Acted<'d> = Rc::new(acted.map(|(class, _)| *class).collect());
        known.insert(service.to_owned(), acted.clone());
        acted
    }
}

/// Adds them to the draft.
pub(super) fn add(draft: &mut Draft<'_>, rights: &Rights) {
    let (held, left_out) = all(draft, rights);
    if left_out > 0 {
        let message = format!("{left_out} rights of roles on components are left out of the roads");
        let diagnostic = Diagnostic::note_only("rights-left-out", message);
        let why = format!("no more than {MOST_RIGHTS} are looked at");
        draft.diagnostics.push(diagnostic.note(why));
    }
    draft.rights = held;
}

/// The rights, and how many of them are left out.
fn all(draft: &Draft<'_>, rights: &Rights) -> (Vec<Right>, usize) {
    let classes = Classes::of(draft);
    let mut held: Vec<Right> = Vec::new();
    let mut left_out = 0_usize;
    for (role, of_role) in &rights.roles {
        for grant in &of_role.grants {
            for (case, allowed) in &grant.cases {
                let Some(guard) = grant.guard.and(case) else {
                    continue;
                };
                let granted = Granted {
                    draft,
                    role: *role,
                    part: grant.part,
                    allowed,
                    limits: &of_role.limits,
                    guard,
                };
                let found = granted.rights(&classes);
                let room = MOST_RIGHTS.saturating_sub(held.len());
                left_out = left_out.saturating_add(found.len().saturating_sub(room));
                held.extend(found.into_iter().take(room));
            }
        }
    }
    (held, left_out)
}

/// A grant in one case.
struct Granted<'d, 'g> {
    draft: &'d Draft<'g>,
    role: SubjectId,
    part: SubjectId,
    allowed: &'d Allowed,
    limits: &'d Limits,
    guard: Guard,
}

/// What it gives, and why nobody can tell.
#[derive(Clone)]
struct Gives {
    abilities: Arc<BTreeSet<Arc<str>>>,
    unsure: Option<Reason>,
}

/// Abilities from which nothing follows on what a right does not even name.
const LEAD_NOWHERE: [&str; 4] = ["list", "receive", "read_config", "subscribe"];

impl Gives {
    fn leads_on(&self) -> bool {
        let mut abilities = self.abilities.iter();
        abilities.any(|ability| !LEAD_NOWHERE.contains(&&**ability))
    }
}

impl Granted<'_, '_> {
    /// What it gives on each component it covers, each once, with the resource that
    /// covers it.
    fn rights(&self, classes: &Classes<'_>) -> Vec<Right> {
        let allowed = self.allowed;
        let mut rights = Vec::new();
        let mut seen: BTreeSet<SubjectId> = BTreeSet::new();
        let outside = allowed.outside.iter().filter_map(|(address, place)| {
            let known = access::known_outside(self.draft, address, *place);
            known.map(|target| (target, *place))
        });
        for (target, place) in allowed.targets.iter().copied().chain(outside) {
            if seen.insert(target) {
                let gives = self.gives(target, true);
                rights.extend(gives.map(|gives| self.right(target, gives, place)));
            }
        }
        let Ok((reach, _, place)) = &allowed.reach else {
            return rights;
        };
        let over = self.over(*reach, *place);
        if over.is_empty() {
            return rights;
        }
        let perhaps = allowed.perhaps.iter().map(|(actions, _)| actions);
        let actions = allowed.actions.iter().chain(perhaps);
        let services = actions.filter_map(|actions| Some(ability::service(actions.known()?)));
        let services: BTreeSet<String> = services.collect();
        let acted = services
            .iter()
            .map(|service| classes.acted_on(self.draft, service));
        let acted: BTreeSet<_> = acted.flat_map(|acted| (*acted).clone()).collect();
        for (service, place) in over {
            for class in &acted {
                let subjects = classes.all.get(class).map_or(&[][..], Vec::as_slice);
                if service.is_some_and(|service| service.kind != class.0) {
                    continue;
                }
                // Where nothing is taken away, what holds of one holds of all.
                let alike = self.limits.is_empty() && allowed.but.is_empty();
                let one = subjects.first().filter(|_| alike);
                let of_all = one.map(|one| self.gives(*one, false));
                if matches!(&of_all, Some(gives) if !gives.as_ref().is_some_and(Gives::leads_on)) {
                    continue;
                }
                for target in subjects.iter().filter(|one| seen.insert(**one)) {
                    let gives = of_all.clone().unwrap_or_else(|| self.gives(*target, false));
                    let gives = gives.filter(Gives::leads_on);
                    rights.extend(gives.map(|gives| self.right(*target, gives, place)));
                }
            }
        }
        rights
    }

    /// The services of which it covers everything, each with the line that says so;
    /// all services where none is named. Where people say what is covered, no address
    /// is written.
    fn over(&self, reach: Reach, place: Option<Place>) -> Vec<(Option<Service>, Option<Place>)> {
        if !reach.is_wide() {
            return Vec::new();
        }
        let on = &self.allowed.on;
        if on.is_empty() {
            return match reach {
                Reach::Everything => vec![(None, place)],
                Reach::One | Reach::Prefix | Reach::Service => Vec::new(),
            };
        }
        let is_wide = |covered: &reach::Covered| covered.reach.is_wide();
        let wide = on
            .iter()
            .filter(|term| reach::covered(&term.text).as_ref().is_ok_and(is_wide));
        wide.map(|term| {
            let service = address::arn(&term.text).map(|arn| arn.service);
            (service.as_deref().and_then(Service::of), term.place)
        })
        .collect()
    }

    fn right(&self, target: SubjectId, gives: Gives, place: Option<Place>) -> Right {
        Right {
            role: self.role,
            grant: self.part,
            target,
            abilities: gives.abilities,
            unsure: gives.unsure,
            guard: self.guard.clone(),
            place: place.or(self.allowed.place),
        }
    }

    /// What it gives on one component; nothing where none of its actions is for it.
    fn gives(&self, target: SubjectId, is_named: bool) -> Option<Gives> {
        let allowed = self.allowed;
        let ends = Ends {
            user: self.role,
            target,
            is_named,
        };
        let on = |actions: &mut dyn Iterator<Item = &Actions>| {
            let right = (allowed, self.limits);
            let found =
                access::abilities_on(self.draft, right, ends, &self.guard, actions, &|_| false);
            found.filter(|abilities| !abilities.items.is_empty())
        };
        let (abilities, unsure) = match on(&mut allowed.actions.iter()) {
            Some(certain) => (certain.items, unmet(allowed)),
            None => {
                let perhaps = on(&mut allowed.perhaps.iter().map(|(actions, _)| actions))?;
                let first = allowed.perhaps.first();
                let why = first.map(|(_, unknown)| unknown.reason.clone());
                (perhaps.items, why)
            }
        };
        Some(Gives {
            abilities: Arc::new(abilities),
            unsure,
        })
    }
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
