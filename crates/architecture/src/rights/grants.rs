//! What each role may do: its Allows, after what Deny and boundary take away as far
//! as that can be told, as parts of the role.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Places, SubjectId, Unknown};
use underbelly_source::Place;

use super::ability::Abilities;
use super::allowed::{Allowed, allow, widest};
use super::answered;
use super::bearing::{self, Bearing};
use super::condition::Narrowed;
use super::facts;
use super::key;
use super::limits::Limits;
use super::policy::{self, Effect, Statement};
use super::reach::Reach;
use super::sources::{Document, Policies, Source};
use crate::draft::Draft;
use crate::worlds::{Variables, World, in_world, together};

/// All that one role may do.
#[derive(Clone, Debug)]
pub(crate) struct RoleRights {
    /// Its grants.
    pub(crate) grants: Vec<Grant>,
    /// Why there may be more.
    pub(crate) rest: Option<Unknown>,
    /// What takes away from them.
    pub(crate) limits: Limits,
    /// Managed policies that give everything of a service or all.
    pub(crate) full_access: Vec<(Guard, Arc<str>, Option<Place>)>,
}

/// One grant by cases.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// Its part.
    pub(crate) part: SubjectId,
    /// When the role has it.
    pub(crate) guard: Guard,
    /// What it allows in which worlds.
    pub(crate) cases: Vec<(Guard, Allowed)>,
}

/// Adds the grants of a role.
pub(super) fn add(draft: &mut Draft<'_>, role: SubjectId, policies: &Policies) -> RoleRights {
    let limits = Limits::of(draft, policies);
    let mut rights = RoleRights {
        grants: Vec::new(),
        rest: policies.rest.clone(),
        limits: Limits::default(),
        full_access: Vec::new(),
    };
    let keys = keys(draft, policies);
    let mut keys = keys.into_iter();
    for source in &policies.sources {
        match &source.document {
            Document::Written(document) => {
                written(
                    draft,
                    role,
                    source,
                    document,
                    &limits,
                    &mut keys,
                    &mut rights,
                );
            }
            Document::Managed(policy) => {
                if policy.full_access {
                    let name = source.name.clone().unwrap_or_default();
                    let full = (source.guard.clone(), name, source.place);
                    rights.full_access.push(full);
                }
                let statements = policy.statements.iter();
                let statements = statements.map(|one| Statement::managed(one, source.place));
                let statements: Vec<Statement> = statements.collect();
                managed(draft, role, source, &statements, &limits, &mut rights);
            }
            Document::Unknown(unknown) => {
                let grant = nobody_knows(draft, role, source, unknown);
                let mut cases = grant.cases.iter();
                if cases.any(|(_, allowed)| allowed.open.is_some()) {
                    rights.rest.get_or_insert_with(|| unknown.clone());
                }
                rights.grants.push(grant);
            }
        }
    }
    let parts = rights.grants.iter().map(|grant| {
        let part = draft.parts.get(grant.part.index());
        let place = part.and_then(|part| part.place).map(Place::here);
        (grant.guard.clone(), grant.part, place.into_iter().collect())
    });
    let head = draft
        .components
        .get(role.index())
        .and_then(|role| role.place);
    let all = facts::subjects(parts.collect::<Vec<_>>(), rights.rest.clone(), head);
    draft.set(role, "grants", all);
    rights.limits = limits;
    rights
}

/// The keys of all statements that were read, in their order.
fn keys(draft: &Draft<'_>, policies: &Policies) -> Vec<String> {
    let mut unnamed = Vec::new();
    for source in &policies.sources {
        let Document::Written(document) = &source.document else {
            continue;
        };
        let (statements, _) = policy::statements(document);
        let policy = source.name.as_deref();
        let each = statements.into_iter();
        unnamed.extend(each.map(|one| match one.denies() {
            true => key::of_none(),
            false => key::of_grant(policy, one.sid.as_deref(), one.fact),
        }));
    }
    key::apart(&unnamed, &draft.library.data.actions, &draft.graph.worlds)
}

/// The Allows of a document that stands in what was read.
fn written(
    draft: &mut Draft<'_>,
    role: SubjectId,
    source: &Source,
    document: &Fact,
    limits: &Limits,
    keys: &mut impl Iterator<Item = String>,
    rights: &mut RoleRights,
) {
    let worlds = &draft.graph.worlds;
    let (statements, rest) = policy::statements(document);
    rights.rest = rights.rest.take().or(rest);
    for (statement, key) in statements.into_iter().zip(keys) {
        let Some(guard) = source.guard.and(&statement.guard) else {
            continue;
        };
        let mut variables = Variables::of(statement.fact);
        limits.add_to(&mut variables);
        let cases = match variables.cases(worlds, &guard) {
            Some(cases) => cases,
            None => vec![(Guard::always(), Default::default())],
        };
        let cases: Vec<(Guard, World, Statement)> = cases
            .into_iter()
            .map(|(guard, world)| {
                let case = policy::read(&in_world(statement.fact, &world));
                (guard, world, case)
            })
            .collect();
        if cases.iter().all(|(_, _, case)| case.effect == Effect::Deny) {
            continue;
        }
        let allowed = cases.iter().map(|(guard, world, case)| {
            let allowed = allow(draft, case, source.near, limits, world);
            (guard.clone(), allowed)
        });
        let allowed = allowed.collect();
        let span = statement.span;
        rights.grants.push(part(
            draft,
            role,
            source,
            &key,
            guard,
            span.map(Place::here),
            allowed,
        ));
    }
}

/// A policy the provider manages: one grant for each extent, since what would have
/// to change is the policy and not its lines.
fn managed(
    draft: &mut Draft<'_>,
    role: SubjectId,
    source: &Source,
    statements: &[Statement],
    limits: &Limits,
    rights: &mut RoleRights,
) {
    let mut variables = Variables::default();
    limits.add_to(&mut variables);
    let cases = variables.cases(&draft.graph.worlds, &source.guard);
    let cases = cases.unwrap_or_else(|| vec![(Guard::always(), World::new())]);
    let mut groups: Vec<(Extent, Vec<(Guard, Allowed)>)> = Vec::new();
    for (guard, world) in cases {
        let mut here: Vec<(Extent, Allowed)> = Vec::new();
        for statement in statements {
            let allowed = allow(draft, statement, source.near, limits, &world);
            let extent = extent(statement);
            let same = here
                .iter_mut()
                .find(|(known, group)| *known == extent && group.narrowed == allowed.narrowed);
            match same {
                Some((_, group)) => join(group, allowed),
                None => here.push((extent, allowed)),
            }
        }
        for (index, (extent, allowed)) in here.into_iter().enumerate() {
            let case = (guard.clone(), allowed);
            // The statements are the same in each world, and so are their groups.
            match groups.get_mut(index) {
                Some((_, group)) => group.push(case),
                None => groups.push((extent, vec![case])),
            }
        }
    }
    let name = source.name.clone().unwrap_or_default();
    let is_one = groups.len() == 1;
    for (extent, cases) in groups {
        let key = match extent {
            Some(extent) if !is_one => format!("{name}/{}", extent.word()),
            _ => name.to_string(),
        };
        let guard = source.guard.clone();
        rights
            .grants
            .push(part(draft, role, source, &key, guard, source.place, cases));
    }
}

/// How much a statement covers, where that can be told.
type Extent = Option<Reach>;

fn extent(statement: &Statement) -> Extent {
    widest(statement).ok().map(|(reach, ..)| reach)
}

fn join(group: &mut Allowed, other: Allowed) {
    group.actions.extend(other.actions);
    group.perhaps.extend(other.perhaps);
    group.open = group.open.take().or(other.open);
    group.abilities.join(&other.abilities);
    group.wildcard = match (group.wildcard.clone(), other.wildcard) {
        (Ok(one), Ok(other)) => Ok(one.max(other)),
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    };
    group.bearing.join(other.bearing);
    group.on.extend(other.on);
    // Of what one leaves out another may speak.
    group.but.retain(|but| other.but.contains(but));
    group.targets.extend(other.targets);
    group.outside.extend(other.outside);
    group.more_targets = group.more_targets.take().or(other.more_targets);
}

/// A policy that is known by name only, and by what people say of it.
fn nobody_knows(
    draft: &mut Draft<'_>,
    role: SubjectId,
    source: &Source,
    unknown: &Unknown,
) -> Grant {
    let key = source.name.as_deref().unwrap_or("policy").to_owned();
    let allowed = Allowed {
        actions: Vec::new(),
        perhaps: Vec::new(),
        open: Some(unknown.clone()),
        abilities: Abilities {
            rest: Some(unknown.reason.clone()),
            ..Abilities::default()
        },
        reach: Err(unknown.clone()),
        wildcard: Err(unknown.clone()),
        on: Vec::new(),
        but: Vec::new(),
        narrowed: Narrowed {
            rest: Some(unknown.clone()),
            ..Narrowed::default()
        },
        targets: Vec::new(),
        more_targets: Some(unknown.clone()),
        outside: Vec::new(),
        passed_to: None,
        bearing: Bearing::default(),
        place: source.place,
    };
    let cases = vec![(Guard::always(), allowed)];
    let guard = source.guard.clone();
    part(draft, role, source, &key, guard, source.place, cases)
}

/// Adds the part and its facts.
fn part(
    draft: &mut Draft<'_>,
    role: SubjectId,
    source: &Source,
    key: &str,
    guard: Guard,
    place: Option<Place>,
    mut cases: Vec<(Guard, Allowed)>,
) -> Grant {
    let worlds = &draft.graph.worlds;
    let span = place.map(|place| place.span);
    let part = draft.add_part(role, "grants", "grant", key, span, guard.clone());
    for (guard, allowed) in &mut cases {
        answered::of_grant(draft, part, guard, allowed);
    }
    let mut set = |name: &str, make: &dyn Fn(&Allowed) -> Fact| {
        let facts = cases
            .iter()
            .map(|(guard, case)| (guard.clone(), make(case)));
        draft.set(part, name, together(worlds, facts.collect()));
    };
    set("abilities", &|case| case.abilities_fact());
    set("reach", &|case| case.reach_fact());
    set("wildcard_actions", &|case| case.wildcard_fact());
    set("narrowed_by", &|case| {
        narrowed_fact(&case.narrowed, case.place)
    });
    set("denied", &|case| {
        bearing::fact(&case.bearing.denied, case.place)
    });
    set("let_through", &|case| {
        bearing::fact(&case.bearing.let_through, case.place)
    });
    set("target", &|case| case.target_fact());
    set("targets", &|case| case.targets_fact());
    let places: Places = place.into_iter().collect();
    let via = facts::word(source.via.word(), Basis::Written, places.clone());
    draft.set(part, "via", via);
    let name = match &source.name {
        // Where the policy stands, not the statement in it.
        Some(name) => {
            let place = source.place.or(place);
            facts::word(name, Basis::Written, place.into_iter().collect())
        }
        None => Fact::absent(span),
    };
    draft.set(part, "policy_name", name);
    Grant { part, guard, cases }
}

/// What limits a statement, as a fact.
pub(super) fn narrowed_fact(narrowed: &Narrowed, place: Option<Place>) -> Fact {
    let words = narrowed.by.iter();
    let words = words.map(|(word, basis, place)| (*word, *basis, place.iter().copied().collect()));
    let words: Vec<(&str, Basis, Places)> = words.collect();
    let basis = words.iter().map(|(_, basis, _)| *basis).max();
    let places = place.map(|place| match words.is_empty() {
        true => Place::missing(place.span),
        false => place,
    });
    facts::words(
        words,
        narrowed.rest.clone(),
        basis.unwrap_or(Basis::Written),
        places.into_iter().collect(),
    )
}
