//! Data flows that follow from rights: who reads, writes and calls what.
//!
//! A right and a name in the settings make a strong flow, a right alone a possible
//! one, a name alone one without permission. What is drawn already – a queue that
//! triggers its reader, a task that calls – is not drawn again.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::{Guard, SubjectId, Text, Value, Worlds};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::Place;

use super::ability::{self, Abilities};
use super::actions::Actions;
use super::allowed::Allowed;
use super::grants::RoleRights;
use super::limits::Limits;
use super::settings::{self, Named};
use super::{Rights, reach::Reach, single};
use crate::address;
use crate::draft::{Draft, Target};
use crate::services::Service;

const READ: &[&str] = &["read_data", "list", "receive", "read_secret"];
const WRITE: &[&str] = &["write_data", "delete_data"];
const CALL: &[&str] = &["invoke", "start", "send", "publish"];

/// What a trigger needs of the function's role to fetch events; no use besides.
const POLLING: &[&str] = &[
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:SubscribeToShard",
];

/// Kinds that are reached with a password or by anyone, not by a right.
const WITHOUT_RIGHT: &[&str] = &["database", "cache", "file-system"];

/// Kinds whose name in the settings says nothing of a data flow.
const NO_FLOW: &[&str] = &[
    "role",
    "key",
    "layer",
    "network",
    "security-group",
    "stack",
    "account",
    "firewall",
    "dns-zone",
    "user-pool",
    "identity-pool",
    "image-repository",
    "cdn",
    "actor",
];

/// Conditions with more values than this are not looked at as a whole.
const MOST_VALUES: usize = 8;

/// So many places of rights that nobody can read stand at a flow.
const MOST_PLACES: usize = 4;

/// What is done to a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Use {
    reads: bool,
    writes: bool,
    calls: BTreeSet<&'static str>,
    places: Vec<Place>,
}

impl Use {
    fn is_nothing(&self) -> bool {
        !self.reads && !self.writes && self.calls.is_empty()
    }

    fn of(abilities: &Abilities, place: Option<Place>) -> Self {
        let any = |words: &[&str]| words.iter().any(|word| abilities.has(word));
        let calls = CALL.iter().copied().filter(|word| abilities.has(word));
        Use {
            reads: any(READ),
            writes: any(WRITE),
            calls: calls.collect(),
            places: place.into_iter().collect(),
        }
    }

    fn join(&mut self, other: &Use) {
        self.reads |= other.reads;
        self.writes |= other.writes;
        self.calls.extend(&other.calls);
        for place in &other.places {
            if !self.places.contains(place) {
                self.places.push(*place);
            }
        }
    }

    /// Whether the same is done, wherever that is said.
    fn is_like(&self, other: &Use) -> bool {
        (self.reads, self.writes) == (other.reads, other.writes) && self.calls == other.calls
    }

    fn label(&self) -> &'static str {
        match (self.reads, self.writes) {
            (true, true) => "read+write",
            (true, false) => "read",
            (false, true) => "write",
            (false, false) => "",
        }
    }
}

/// Uses by user, target and guard, so that what one role allows in several
/// statements is one flow.
type Uses = BTreeMap<(SubjectId, SubjectId, Guard), Use>;

/// Uses between the same two that are the same whatever a condition says, once
/// without it.
fn together(worlds: &Worlds, mut uses: Uses) -> Uses {
    let by_condition = |uses: &Uses| {
        uses.iter().find_map(|((user, target, guard), one)| {
            guard.choices().iter().find_map(|(variable, _)| {
                let mut rest = Guard::always();
                for (other, value) in guard.choices().iter().filter(|(id, _)| id != variable) {
                    rest = rest.and(&Guard::when(*other, *value))?;
                }
                let (all, cut) = worlds.combinations(&BTreeSet::from([*variable]), MOST_VALUES);
                let keys = all.iter().filter_map(|world| {
                    let value = world.get(variable)?;
                    Some((*user, *target, rest.and(&Guard::when(*variable, *value))?))
                });
                let keys: Vec<(SubjectId, SubjectId, Guard)> = keys.collect();
                let same = keys
                    .iter()
                    .all(|key| uses.get(key).is_some_and(|own| own.is_like(one)));
                (!cut && keys.len() > 1 && same).then_some((keys, (*user, *target, rest)))
            })
        })
    };
    while let Some((keys, whole)) = by_condition(&uses) {
        for key in keys {
            if let Some(one) = uses.remove(&key) {
                uses.entry(whole.clone()).or_default().join(&one);
            }
        }
    }
    uses
}

/// What is drawn between two components already.
#[derive(Default)]
struct Drawn {
    flows: BTreeSet<(SubjectId, SubjectId)>,
    triggers: BTreeSet<(SubjectId, SubjectId)>,
}

impl Drawn {
    fn of(draft: &Draft<'_>) -> Self {
        let mut drawn = Self::default();
        for flow in &draft.flows {
            let ends = (flow.source, flow.destination);
            drawn.flows.insert(ends);
            if flow.kind == FlowKind::Trigger {
                drawn.triggers.insert(ends);
            }
        }
        drawn
    }
}

/// Draws them.
pub(super) fn add(draft: &mut Draft<'_>, rights: &Rights) {
    let drawn = Drawn::of(draft);
    let settings = settings::named(draft);
    let mut uses = Uses::new();
    for (role, of_role) in &rights.roles {
        for (user, guard) in users(rights, *role) {
            let named = settings.get(&user).map_or(&[][..], Vec::as_slice);
            by_role(draft, of_role, user, &guard, named, &drawn, &mut uses);
        }
    }
    let mut by_ends: BTreeMap<(SubjectId, SubjectId), Uses> = BTreeMap::new();
    for (key, one) in uses {
        by_ends.entry((key.0, key.1)).or_default().insert(key, one);
    }
    let whole = by_ends.into_values();
    let uses: Uses = whole
        .flat_map(|uses| together(&draft.graph.worlds, uses))
        .collect();
    let used: BTreeSet<(SubjectId, SubjectId)> = uses
        .keys()
        .map(|(user, target, _)| (*user, *target))
        .collect();
    let useful = uses.iter().filter(|(_, one)| !one.is_nothing());
    let useful: BTreeSet<(SubjectId, SubjectId)> = useful
        .map(|((user, target, _), _)| (*user, *target))
        .collect();
    for ((user, target, guard), one) in uses {
        if one.is_nothing() && useful.contains(&(user, target)) {
            continue;
        }
        let named = settings.get(&user).map_or(&[][..], Vec::as_slice);
        draw(draft, user, target, guard, one, named, &drawn);
    }
    for (function, named) in &settings {
        for name in named {
            if !used.contains(&(*function, name.target)) {
                by_name(draft, rights, *function, name);
            }
        }
    }
}

/// Those who run under a role or get its credentials.
fn users(rights: &Rights, role: SubjectId) -> Vec<(SubjectId, Guard)> {
    let of = rights.users.of.get(&role).into_iter().flatten();
    let hands_out = rights.users.hands_out.get(&role).into_iter().flatten();
    of.chain(hands_out)
        .map(|user| (user.subject, user.guard.clone()))
        .collect()
}

/// What a role lets one user do with what.
fn by_role(
    draft: &mut Draft<'_>,
    rights: &RoleRights,
    user: SubjectId,
    guard: &Guard,
    named: &[Named],
    drawn: &Drawn,
    uses: &mut Uses,
) {
    for grant in &rights.grants {
        for (case, allowed) in &grant.cases {
            let guards = grant.guard.and(case).and_then(|own| own.and(guard));
            let Some(guard) = guards else { continue };
            let right = (allowed, &rights.limits);
            for (target, place) in &allowed.targets {
                let place = place.or(allowed.place);
                let ends = Ends {
                    user,
                    target: *target,
                    is_named: true,
                };
                note(draft, right, ends, &guard, place, drawn, uses);
            }
            for (name, place) in &allowed.outside {
                if let Some(target) = outside(draft, name, *place) {
                    let place = place.or(allowed.place);
                    let ends = Ends {
                        user,
                        target,
                        is_named: true,
                    };
                    note(draft, right, ends, &guard, place, drawn, uses);
                }
            }
            // A right on more than one resource is used on those that are named.
            if matches!(&allowed.reach, Ok((Reach::One, ..))) {
                continue;
            }
            for name in named {
                let known = allowed
                    .targets
                    .iter()
                    .any(|(target, _)| *target == name.target);
                let Some(guard) = guard.and(&name.guard).filter(|_| !known) else {
                    continue;
                };
                let ends = Ends {
                    user,
                    target: name.target,
                    is_named: false,
                };
                note(draft, right, ends, &guard, allowed.place, drawn, uses);
            }
        }
    }
}

/// Who may act on what.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    /// Who acts.
    pub(super) user: SubjectId,
    /// On what.
    pub(super) target: SubjectId,
    /// Whether the statement itself names the target.
    pub(super) is_named: bool,
}

fn note(
    draft: &Draft<'_>,
    (allowed, limits): (&Allowed, &Limits),
    ends: Ends,
    guard: &Guard,
    place: Option<Place>,
    drawn: &Drawn,
    uses: &mut Uses,
) {
    let Ends { user, target, .. } = ends;
    if NO_FLOW.contains(&draft.kind_of(target)) {
        return;
    }
    let polls = drawn.triggers.contains(&(target, user));
    let polling =
        |name: &str| polls && POLLING.iter().any(|known| known.eq_ignore_ascii_case(name));
    // What may be taken away for a reason that is not known is drawn all the same.
    let perhaps = allowed.perhaps.iter().map(|(actions, _)| actions);
    let mut actions = allowed.actions.iter().chain(perhaps);
    let right = (allowed, limits);
    let found = abilities_on(draft, right, ends, guard, &mut actions, &polling);
    let acts = found.is_some();
    let abilities = found.unwrap_or_default();
    let mut one = Use::of(&abilities, place);
    // Its own content it need not fetch; that it starts itself is worth knowing.
    if user == target {
        (one.reads, one.writes) = (false, false);
    }
    // A right that reads, writes and starts nothing is still no lack of rights.
    if acts {
        uses.entry((user, target, guard.clone()))
            .or_default()
            .join(&one);
    }
}

/// What actions let one do with a component, those aside that are passed over;
/// nothing where none of them acts on it.
pub(super) fn abilities_on(
    draft: &Draft<'_>,
    (allowed, limits): (&Allowed, &Limits),
    ends: Ends,
    guard: &Guard,
    actions: &mut dyn Iterator<Item = &Actions>,
    passed_over: &dyn Fn(&str) -> bool,
) -> Option<Abilities> {
    let mut found: Option<Abilities> = None;
    for action in actions {
        let Some(name) = action.known() else {
            continue;
        };
        if !service_acts_on(draft, &ability::service(name), ends) {
            continue;
        }
        let left = single::left_on(draft, limits, allowed, action, ends.target, guard);
        let left = left.as_deref().unwrap_or(std::slice::from_ref(action));
        for action in left {
            let abilities = found.get_or_insert_default();
            if !action.known().is_some_and(passed_over) {
                abilities.join(&action.abilities(draft, true));
            }
        }
    }
    found
}

/// Whether a service's actions act on a component.
pub(super) fn service_acts_on(draft: &Draft<'_>, service: &str, ends: Ends) -> bool {
    let target = ends.target;
    if service == "*" {
        return true;
    }
    let kind = draft.kind_of(target);
    // Secrets and parameters are one kind with two services.
    if let (Some((_, resource)), "secret") = (draft.resource_of(target), kind) {
        return match service {
            "ssm" => resource.kind.starts_with("AWS::SSM::"),
            "secretsmanager" => !resource.kind.starts_with("AWS::SSM::"),
            _ => false,
        };
    }
    if let Some(reaches) = reaches(draft, service, target) {
        return reaches;
    }
    match Service::of(service) {
        Some(known) => known.kind == kind,
        // What is not listed acts on what it names, and on nothing else that we know.
        None => ends.is_named,
    }
}

/// Whether some action of a service acts on resources with addresses like those of
/// a component; `None` where either is not known.
fn reaches(draft: &Draft<'_>, service: &str, target: SubjectId) -> Option<bool> {
    let (id, _) = draft.resource_of(target)?;
    let entry = draft.entry_of(id)?;
    draft.abilities.acts_on(&entry.id, service, || {
        let published = draft.library.data.actions.published.service(service)?;
        if entry.addresses.is_empty() {
            return None;
        }
        let is_of = |wanted: &str| {
            let mut addresses = entry.addresses.iter();
            addresses.any(|address| &*address.service == wanted)
        };
        Some(is_of(service) || published.kinds().any(|(_, kind)| is_of(kind.service())))
    })
}

/// A component for an address that nothing declares, of a service we know.
fn outside(draft: &mut Draft<'_>, address: &Text, place: Option<Place>) -> Option<SubjectId> {
    let service = Service::of(&address::arn(address)?.service)?;
    let target = Target::Outside(address.to_string().into());
    draft.draw(&target, service.kind, place?.span)
}

/// The component for an address that nothing declares, where it is drawn.
pub(super) fn known_outside(
    draft: &Draft<'_>,
    address: &Text,
    place: Option<Place>,
) -> Option<SubjectId> {
    let service = Service::of(&address::arn(address)?.service)?;
    draft.known_outside(service.kind, &address.to_string(), place?.span)
}

/// Draws what a user may do with a target.
fn draw(
    draft: &mut Draft<'_>,
    user: SubjectId,
    target: SubjectId,
    guard: Guard,
    one: Use,
    named: &[Named],
    drawn: &Drawn,
) {
    let name = named.iter().find(|name| name.target == target);
    if name.is_none() && (one.is_nothing() || drawn.flows.contains(&(user, target))) {
        return;
    }
    if one.is_nothing() && drawn.triggers.contains(&(target, user)) {
        return;
    }
    let mut places = one.places.clone();
    let named_at = match name {
        Some(name) => Some(name.place),
        None => settings::name_of_outside(draft, user, target).map(Some),
    };
    let strength = match named_at {
        Some(place) => {
            places.extend(place.filter(|place| !places.contains(place)));
            Strength::Strong
        }
        None => Strength::Possible,
    };
    if one.reads || one.writes {
        let (label, guard, places) = (one.label(), guard.clone(), places.clone());
        draft.add_flow(
            user,
            target,
            FlowKind::Access,
            strength,
            label,
            guard,
            places,
        );
    }
    if one.is_nothing() {
        let (kind, guard, places) = (by_kind(draft, target), guard.clone(), places.clone());
        draft.add_flow(user, target, kind, strength, "", guard, places);
    }
    for call in one.calls {
        let (guard, places) = (guard.clone(), places.clone());
        draft.add_flow(user, target, FlowKind::Call, strength, call, guard, places);
    }
}

/// Kinds that are called; what is done to others is access.
const CALLED: &[&str] = &["event-bus", "function", "topic", "workflow"];

/// What a flow to a component is where its right does not say.
fn by_kind(draft: &Draft<'_>, target: SubjectId) -> FlowKind {
    match CALLED.contains(&draft.kind_of(target)) {
        true => FlowKind::Call,
        false => FlowKind::Access,
    }
}

/// Draws what is named in a function's settings and allowed by no right we know.
fn by_name(draft: &mut Draft<'_>, rights: &Rights, function: SubjectId, name: &Named) {
    let kind = draft.kind_of(name.target).to_owned();
    if NO_FLOW.contains(&&*kind) || name.target == function {
        return;
    }
    let mut places: Vec<Place> = name.place.into_iter().collect();
    let (kind, strength, label) = if WITHOUT_RIGHT.contains(&&*kind) {
        (FlowKind::Access, Strength::Strong, "read+write")
    } else if draft.library.is(&kind, "entry-point") {
        (FlowKind::Call, Strength::Possible, "")
    } else if let Some(unread) = unread(draft, rights, function) {
        places.extend(unread);
        (FlowKind::Access, Strength::Possible, "")
    } else {
        (FlowKind::Access, Strength::NoPermission, "")
    };
    let guard = name.guard.clone();
    draft.add_flow(function, name.target, kind, strength, label, guard, places);
}

/// Where it stands that not all that a function may do is known; nothing where all is.
fn unread(draft: &Draft<'_>, rights: &Rights, function: SubjectId) -> Option<Vec<Place>> {
    let Some(runs_as) = draft.fact(function, "runs_as") else {
        return Some(Vec::new());
    };
    let mut places = Vec::new();
    let mut is_known = true;
    for (_, case) in runs_as.cases() {
        let role = match case.as_known().map(|known| &known.value) {
            Some(Value::Subject(role)) => rights.roles.get(role),
            Some(_) | None if case.is_absent() => continue,
            Some(_) | None => None,
        };
        let Some(role) = role else {
            is_known = false;
            places.extend(case.span().map(Place::here));
            continue;
        };
        let cases = role.grants.iter().flat_map(|grant| &grant.cases);
        let unread = cases.filter(|(_, case)| case.open.is_some() || !case.perhaps.is_empty());
        let unread: Vec<Option<Place>> = unread.map(|(_, case)| case.place).collect();
        let rest = role.rest.as_ref().map(|rest| rest.place);
        is_known &= unread.is_empty() && rest.is_none();
        places.extend(unread.into_iter().chain(rest).flatten());
    }
    places.dedup();
    places.truncate(MOST_PLACES);
    (!is_known).then_some(places)
}
