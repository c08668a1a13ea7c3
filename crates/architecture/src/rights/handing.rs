//! Roles that a role can act as, by handing them by name to a service that runs what
//! it is told: the way has to be open, the role named and the service let in by the
//! named role's own policy. Handing on any role at all is for [`super::escalation`].

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, Places, Reason, SubjectId, Unknown};
use underbelly_source::Place;

use super::admits::{Admission, Admitted};
use super::escalation::{Asked, May};
use super::facts;
use super::grants::RoleRights;
use super::pattern::Pattern;
use super::principal::Class;
use super::role::All;
use super::ways::{PASS, WAYS};
use crate::draft::Draft;

/// The facts, each with the name of its ways.
const FACTS: [(&str, &str); 4] = [
    ("create_function_as", "create_function"),
    ("deploy_stack_as", "deploy_stack"),
    ("orchestrate_as", "pass_to_orchestrator"),
    ("compute_as", "pass_to_compute"),
];

/// What a trust policy may require of the service and still let it in for anybody of
/// this account.
const HARMLESS: [&str; 3] = ["source_account", "organisation", "tls"];

/// Adds the facts of all roles.
pub(super) fn add(
    draft: &mut Draft<'_>,
    roles: &BTreeMap<SubjectId, RoleRights>,
    admissions: &BTreeMap<SubjectId, Admission>,
) {
    for (role, rights) in roles {
        let all = All::of(rights);
        let head = draft.components.get(role.index()).and_then(|r| r.place);
        // Most roles hand on nothing.
        if !all.may("pass_role") {
            for (name, _) in FACTS {
                let none = facts::subjects(Vec::new(), rights.rest.clone(), head);
                draft.set(*role, name, none);
            }
            continue;
        }
        let found: Vec<(&str, Fact)> = FACTS
            .iter()
            .map(|(fact, name)| {
                let worlds = &draft.graph.worlds;
                let handed = all.variables.by_case(worlds, &Guard::always(), |world| {
                    let asked = Asked::of(draft, &all.within(world));
                    let mut handing = Handing {
                        draft,
                        role: *role,
                        admissions,
                        found: Vec::new(),
                        rest: rights.rest.clone(),
                    };
                    handing.by(name, &asked);
                    facts::subjects(handing.found, handing.rest, head)
                });
                (*fact, handed)
            })
            .collect();
        for (name, fact) in found {
            draft.set(*role, name, fact);
        }
    }
}

/// The roles found so far for one role in one world.
struct Handing<'h, 'd> {
    draft: &'h Draft<'d>,
    role: SubjectId,
    admissions: &'h BTreeMap<SubjectId, Admission>,
    found: Vec<(Guard, SubjectId, Places)>,
    rest: Option<Unknown>,
}

impl Handing<'_, '_> {
    /// By all ways of a name.
    fn by(&mut self, name: &str, asked: &Asked<'_, '_, '_>) {
        let pass = Pattern::literal(PASS);
        let (passing, more) = asked.naming(&pass);
        if passing.is_empty() && more.is_none() {
            return;
        }
        for (number, (own, service, actions)) in WAYS.iter().enumerate() {
            if own != &name || !actions.contains(&PASS) {
                continue;
            }
            let (by, unclear) = match asked.may_besides(number, service) {
                May::Yes(by) => (by, None),
                May::Unknown(unknown) => (Vec::new(), Some(unknown)),
                May::No => continue,
            };
            self.doubt(more.clone());
            for grant in &passing {
                match grant.limit_on(service) {
                    None => {}
                    Some(Some(unknown)) => {
                        self.doubt(Some(unknown));
                        continue;
                    }
                    Some(None) => continue,
                }
                if matches!(&grant.reach, Ok((reach, ..)) if reach.is_wide()) {
                    continue;
                }
                self.doubt(grant.more_targets.clone());
                for (target, place) in &grant.targets {
                    let places = [place.or(grant.place)].into_iter();
                    let places = places.chain(by.iter().map(|grant| grant.place));
                    let places: Places = places.flatten().collect();
                    self.hand_on(*target, service, &places, unclear.as_ref());
                }
            }
        }
    }

    fn hand_on(
        &mut self,
        target: SubjectId,
        service: &str,
        places: &Places,
        unclear: Option<&Unknown>,
    ) {
        if target == self.role || self.draft.kind_of(target) != "role" {
            return;
        }
        let Some(admission) = self.admissions.get(&target) else {
            return;
        };
        self.doubt(admission.rest.clone());
        for admit in &admission.admits {
            for (case, admitted) in &admit.cases {
                let Some(guard) = admit.guard.and(case) else {
                    continue;
                };
                match lets_in(admitted, service) {
                    Ok(false) => {}
                    Err(unknown) => self.doubt(Some(unknown)),
                    Ok(true) if unclear.is_some() => self.doubt(unclear.cloned()),
                    Ok(true) => {
                        let known = |(when, role, _): &(Guard, SubjectId, Places)| {
                            *role == target && (*when == guard || when.is_always())
                        };
                        if !self.found.iter().any(known) {
                            let mut places = places.clone();
                            places.extend(admitted.place);
                            places.dedup();
                            self.found.push((guard, target, places));
                        }
                    }
                }
            }
        }
    }

    fn doubt(&mut self, why: Option<Unknown>) {
        self.rest = self.rest.take().or(why);
    }
}

/// Whether one line of a trust policy lets a service take the role on.
fn lets_in(admitted: &Admitted, service: &str) -> Result<bool, Unknown> {
    let unknown = |reason: Reason, place: Option<Place>| facts::unknown(reason, place);
    match &admitted.principal.class {
        Ok(Class::Service) => {}
        Ok(_) => return Ok(false),
        Err(reason) => return Err(unknown(reason.clone(), admitted.place)),
    }
    let wanted = service.split('.').next().unwrap_or(service);
    let written = admitted.principal.name.prefix();
    match written.split_once('.') {
        // `states.eu-west-1.amazonaws.com` is the same service.
        Some((name, _)) if name == wanted => {}
        Some(_) => return Ok(false),
        None if wanted.starts_with(written) && admitted.principal.name.known().is_none() => {
            let reason = Reason::Unsupported("the service it trusts".into());
            return Err(unknown(reason, admitted.place));
        }
        None => return Ok(false),
    }
    if !admitted.abilities.has("assume") {
        return match &admitted.abilities.rest {
            Some(reason) => Err(unknown(reason.clone(), admitted.place)),
            None => Ok(false),
        };
    }
    if let Some(rest) = &admitted.narrowed.rest {
        return Err(rest.clone());
    }
    let mut by = admitted.narrowed.by.iter();
    match by.find(|(word, ..)| !HARMLESS.contains(word)) {
        None => Ok(true),
        Some((.., place)) => {
            let reason = Reason::NotAnalysed("the condition of its trust policy".into());
            Err(unknown(reason, *place))
        }
    }
}
