//! Whom each component lets in by policies of its own: resource policies,
//! permissions, trust policies.
//!
//! Each principal of each Allow is a part. Access lists and block settings of
//! buckets are for [`super::bucket`].

use std::collections::{BTreeMap, VecDeque};

use underbelly_expression::{Basis, Fact, Guard, Places, Reason, SubjectId, Text, Unknown, Value};
use underbelly_iac::ResourceId;
use underbelly_source::{Place, Span};

use super::ability::Abilities;
use super::answered;
use super::condition::{self, Narrowed};
use super::grants::narrowed_fact;
use super::homes::{self, Kind, Statements};
use super::left;
use super::limits::Limits;
use super::permission;
use super::policy::{self, Effect, Named, Statement, Term};
use super::principal::{self, Class, Principal};
use super::{facts, key};
use crate::draft::{Draft, Target};
use crate::worlds::{Variables, World, in_world, together};

/// All that a component lets in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Admission {
    /// Its Allows, one for each principal.
    pub(crate) admits: Vec<Admit>,
    /// What its policies deny.
    pub(crate) limits: Limits,
    /// Why there may be more.
    pub(crate) rest: Option<Unknown>,
    /// Where its policies stand.
    pub(crate) heads: Vec<Span>,
}

/// One principal let in by one statement, by cases.
#[derive(Clone, Debug)]
pub(crate) struct Admit {
    /// Its part.
    pub(crate) part: SubjectId,
    /// When it is let in.
    pub(crate) guard: Guard,
    /// Whom it lets do what, in which worlds.
    pub(crate) cases: Vec<(Guard, Admitted)>,
}

/// Who may do what in one world.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    /// Who.
    pub(crate) principal: Principal,
    /// What the principal rests on and where it stands.
    pub(crate) by: (Basis, Option<Place>),
    /// What they may do.
    pub(crate) abilities: Abilities,
    /// What limits them.
    pub(crate) narrowed: Narrowed,
    /// Where the statement stands.
    pub(crate) place: Option<Place>,
}

/// Adds what every guarded component admits.
pub(super) fn add(draft: &mut Draft<'_>) -> BTreeMap<SubjectId, Admission> {
    let found = homes::find(draft);
    let mut admissions: BTreeMap<SubjectId, Admission> = BTreeMap::new();
    // Denies first: a Deny in one policy limits an Allow in another.
    for one in &found {
        let admission = admissions.entry(one.owner).or_default();
        admission.heads.push(one.head);
        let (statements, rest) = one.statements();
        admission.rest = admission.rest.take().or(rest);
        let name = draft.graph.resource(one.near).map(|r| r.logical_id.clone());
        let name = name.unwrap_or_default();
        admission
            .limits
            .add_statements(draft, &statements, &one.guard, &name);
    }
    let mut keys = keys(draft, &found);
    for one in &found {
        let Some(mut admission) = admissions.remove(&one.owner) else {
            continue;
        };
        let keys = keys.entry(one.owner).or_default();
        allow(draft, one, keys, &mut admission);
        admissions.insert(one.owner, admission);
    }
    let guarded: Vec<SubjectId> = (0..draft.components.len())
        .map(SubjectId::component)
        .filter(|id| {
            let component = draft.components.get(id.index());
            component.is_some_and(|c| !c.outside && draft.library.is(&c.kind, "guarded"))
        })
        .collect();
    for component in guarded {
        admissions.entry(component).or_default();
    }
    admissions
}

/// Sets the lists, once all parts are there.
pub(super) fn list(draft: &mut Draft<'_>, admissions: &BTreeMap<SubjectId, Admission>) {
    for (owner, admission) in admissions {
        let head = draft.components.get(owner.index()).and_then(|c| c.place);
        let head = admission.heads.first().copied().or(head);
        let parts: Vec<(Guard, SubjectId, Places)> = admission
            .admits
            .iter()
            .map(|admit| {
                let part = draft.parts.get(admit.part.index());
                let place = part.and_then(|part| part.place).map(Place::here);
                (admit.guard.clone(), admit.part, place.into_iter().collect())
            })
            .collect();
        let fact = facts::subjects(parts, admission.rest.clone(), head);
        draft.set(*owner, "admits", fact);
    }
}

/// What a statement is called, and what tells it apart from others called alike.
struct Key {
    /// The name people gave it.
    given: Option<String>,
    /// What comes after the principal's name otherwise.
    mark: String,
}

impl Key {
    fn of(&self, whom: &Whom, n_principals: usize) -> String {
        match (&self.given, n_principals) {
            (Some(given), 1) => given.clone(),
            (Some(given), _) => format!("{given}:{}", whom.name()),
            (None, _) => format!("{}{}", whom.called(), self.mark),
        }
    }
}

/// The keys of the statements of each component, in their order.
fn keys(draft: &Draft<'_>, found: &[Statements]) -> BTreeMap<SubjectId, VecDeque<Key>> {
    let mut unnamed: BTreeMap<SubjectId, Vec<key::Unnamed<'_>>> = BTreeMap::new();
    for one in found {
        let all = unnamed.entry(one.owner).or_default();
        let (statements, _) = one.statements();
        all.extend(statements.into_iter().map(|statement| {
            let given = statement.sid.as_deref().or(one.key.as_deref());
            match statement.denies() {
                true => key::of_none(),
                false => key::of_admission(given, statement.fact),
            }
        }));
    }
    let (table, worlds) = (&draft.library.data.actions, &draft.graph.worlds);
    let keys = unnamed.into_iter().map(|(owner, unnamed)| {
        let keys = key::apart(&unnamed, table, worlds);
        let keys = keys.into_iter().zip(unnamed).map(|(key, unnamed)| Key {
            mark: key
                .strip_prefix(&*unnamed.name)
                .unwrap_or_default()
                .to_owned(),
            given: unnamed.says.is_none().then_some(key),
        });
        (owner, keys.collect())
    });
    keys.collect()
}

fn allow(
    draft: &mut Draft<'_>,
    one: &Statements,
    keys: &mut VecDeque<Key>,
    admission: &mut Admission,
) {
    if let Kind::Permission(kind) = one.kind {
        let read = |world: &World| {
            let properties = in_world(&one.document, world);
            permission::read(kind, &properties, one.head)
        };
        let key = Key {
            given: Some(one.key.clone().unwrap_or_default()),
            mark: String::new(),
        };
        let guard = one.guard.clone();
        admit(draft, one, &key, guard, &one.document, &read, admission);
        return;
    }
    let (statements, _) = one.statements();
    for statement in statements {
        let Some(key) = keys.pop_front() else {
            continue;
        };
        let Some(guard) = one.guard.and(&statement.guard) else {
            continue;
        };
        let read = |world: &World| policy::read(&in_world(statement.fact, world));
        admit(draft, one, &key, guard, statement.fact, &read, admission);
    }
}

/// Adds the parts of one statement: one for each principal.
fn admit(
    draft: &mut Draft<'_>,
    one: &Statements,
    key: &Key,
    guard: Guard,
    depends_on: &Fact,
    read: &dyn Fn(&World) -> Statement,
    admission: &mut Admission,
) {
    let worlds = &draft.graph.worlds;
    let mut variables = Variables::of(depends_on);
    admission.limits.add_to(&mut variables);
    let cases = variables.cases(worlds, &guard);
    let cases = cases.unwrap_or_else(|| vec![(Guard::always(), World::new())]);
    let cases: Vec<Case> = cases
        .into_iter()
        .map(|(guard, world)| (guard, read(&world), world))
        .filter(|(_, statement, _)| statement.effect != Effect::Deny)
        .map(|(guard, statement, world)| Case {
            guard,
            whom: whom(&statement),
            given: Given::of(draft, one.owner, &statement, &world, &admission.limits),
            place: statement.place,
        })
        .collect();
    let alike = cases.windows(2).all(|pair| match pair {
        [one, other] => names(&one.whom) == names(&other.whom),
        _ => true,
    });
    // Principals that differ from world to world are parts of their own there.
    let groups: Vec<(Guard, &[Case])> = match alike {
        true => vec![(guard.clone(), cases.as_slice())],
        false => cases
            .iter()
            .filter_map(|case| Some((guard.and(&case.guard)?, std::slice::from_ref(case))))
            .collect(),
    };
    for (guard, cases) in groups {
        let Some(first) = cases.first() else {
            continue;
        };
        for (index, one_of_them) in first.whom.iter().enumerate() {
            let key = key.of(one_of_them, first.whom.len());
            let cases: Vec<(Guard, Admitted)> = cases
                .iter()
                .filter_map(|case| Some((case.guard.clone(), case.admitted(index)?)))
                .collect();
            let admit = part(draft, one.owner, &key, guard.clone(), first.place, cases);
            admission.admits.push(admit);
        }
    }
}

/// A statement in one world.
struct Case {
    guard: Guard,
    whom: Vec<Whom>,
    given: Given,
    place: Option<Place>,
}

/// What all are let in to do, and what limits them.
struct Given {
    abilities: Abilities,
    narrowed: Narrowed,
}

/// A principal, or why it is none that we know.
enum Whom {
    Named(Named),
    Unknown(Unknown),
}

impl Whom {
    fn name(&self) -> String {
        match self {
            Whom::Named(named) => named.term.text.to_string(),
            Whom::Unknown(_) => "?".to_owned(),
        }
    }

    fn called(&self) -> String {
        match self {
            Whom::Named(named) => key::who(&named.term.text),
            Whom::Unknown(_) => "somebody".to_owned(),
        }
    }
}

fn names(whom: &[Whom]) -> Vec<String> {
    whom.iter().map(Whom::name).collect()
}

fn whom(statement: &Statement) -> Vec<Whom> {
    // All but some are everybody: nobody keeps those out who are not known at all.
    if statement.but_principals {
        let anyone = Term {
            text: Text::literal("*"),
            basis: Basis::Written,
            place: statement.place,
        };
        return vec![Whom::Named(Named {
            under: "".into(),
            term: anyone,
        })];
    }
    let named = statement.principals.iter().cloned().map(Whom::Named);
    let more = statement.more_principals.iter().cloned();
    let mut all: Vec<Whom> = named.chain(more.map(Whom::Unknown)).collect();
    if all.is_empty() {
        let reason = Reason::Unsupported("a statement without principal".into());
        all.push(Whom::Unknown(facts::unknown(reason, statement.place)));
    }
    all
}

/// The services whose actions the policy of a component can be about.
fn services<'d>(draft: &Draft<'d>, owner: SubjectId) -> Vec<&'d str> {
    match draft.kind_of(owner) {
        "role" => return vec!["sts"],
        "rest-api" => return vec!["execute-api"],
        _ => {}
    }
    let entry = draft
        .resource_of(owner)
        .and_then(|(id, _)| draft.entry_of(id));
    let addresses = entry.map_or(&[][..], |entry| &entry.addresses);
    addresses.iter().map(|address| &*address.service).collect()
}

impl Given {
    fn of(
        draft: &Draft<'_>,
        owner: SubjectId,
        statement: &Statement,
        world: &World,
        limits: &Limits,
    ) -> Self {
        let kind = |index: u32| {
            let resource = draft.graph.resource(ResourceId(index))?;
            Some(&*resource.kind)
        };
        let mut narrowed =
            condition::narrowed(statement, &|arn| condition::carries_account(arn, kind));
        let left = left::left(draft, statement, limits, world);
        narrowed.join(left.narrowed());
        if only_by_url(&statement.actions.items) {
            narrowed.add("function_url", Basis::Written, statement.place);
        }
        Self {
            abilities: left.abilities(draft, &services(draft, owner)),
            narrowed,
        }
    }
}

impl Case {
    /// What it lets one of them do.
    fn admitted(&self, index: usize) -> Option<Admitted> {
        let Given {
            abilities,
            narrowed,
        } = &self.given;
        let (principal, by) = match self.whom.get(index)? {
            Whom::Named(named) => {
                let by = (named.term.basis, named.term.place);
                (principal::effective(named, narrowed), by)
            }
            Whom::Unknown(unknown) => {
                let principal = Principal {
                    class: Err(unknown.reason.clone()),
                    name: Text::default(),
                };
                (principal, (Basis::Written, unknown.place))
            }
        };
        Some(Admitted {
            principal,
            by,
            abilities: abilities.clone(),
            narrowed: narrowed.clone(),
            place: self.place,
        })
    }
}

/// The right to call through the URL is no right to call otherwise.
fn only_by_url(actions: &[Term]) -> bool {
    !actions.is_empty()
        && actions.iter().all(|action| {
            let known = action.text.known();
            known.is_some_and(|known| known.eq_ignore_ascii_case("lambda:InvokeFunctionUrl"))
        })
}

/// Adds a part and its facts.
pub(super) fn part(
    draft: &mut Draft<'_>,
    owner: SubjectId,
    key: &str,
    guard: Guard,
    place: Option<Place>,
    mut cases: Vec<(Guard, Admitted)>,
) -> Admit {
    let worlds = &draft.graph.worlds;
    let span = place.map(|place| place.span);
    let part = draft.add_part(owner, "admits", "admit", key, span, guard.clone());
    for (guard, admitted) in &mut cases {
        answered::of_admission(draft, part, guard, admitted);
    }
    let mut set = |name: &str, make: &dyn Fn(&Admitted) -> Fact| {
        let facts = cases
            .iter()
            .map(|(guard, case)| (guard.clone(), make(case)));
        draft.set(part, name, together(worlds, facts.collect()));
    };
    set("principal", &Admitted::principal_fact);
    set("principal_name", &Admitted::name_fact);
    set("abilities", &Admitted::abilities_fact);
    set("narrowed_by", &|case| {
        narrowed_fact(&case.narrowed, case.place)
    });
    let roles = cases.iter().map(|(guard, case)| {
        let role = principal_role(draft, owner, case);
        (guard.clone(), role)
    });
    let role = together(worlds, roles.collect());
    draft.set(part, "principal_role", role);
    Admit { part, guard, cases }
}

/// The role of the model that is let in by its name.
fn principal_role(draft: &Draft<'_>, owner: SubjectId, admitted: &Admitted) -> Fact {
    let (basis, place) = admitted.by;
    let place = place.or(admitted.place);
    let absent = Fact::absent(place.map(|place| place.span));
    let Ok(Class::Role) = admitted.principal.class else {
        return match &admitted.principal.class {
            Ok(_) => absent,
            Err(reason) => Fact::Unknown(facts::unknown(reason.clone(), place)),
        };
    };
    let Some((near, _)) = draft.resource_of(owner) else {
        return absent;
    };
    let places: Places = place.into_iter().collect();
    let name = Value::Text(admitted.principal.name.clone());
    let name = Fact::known(name, basis, places.clone());
    for (_, target) in draft.targets(&name, near) {
        match target {
            Target::Component(role) if draft.kind_of(role) == "role" => {
                return facts::subject(role, places);
            }
            Target::Unknown(reason) => return Fact::Unknown(facts::unknown(reason, place)),
            Target::Component(_) | Target::Resource(_) | Target::Outside(_) => {}
        }
    }
    absent
}

impl Admitted {
    /// Whether strangers are let in: certainly, certainly not, or why nobody can tell.
    pub(crate) fn lets_strangers_in(&self) -> Result<bool, Reason> {
        match &self.principal.class {
            Ok(Class::Anyone) => {}
            Ok(_) => return Ok(false),
            Err(reason) => return Err(reason.clone()),
        }
        if self.narrowed.keeps_strangers_out {
            return Ok(false);
        }
        let mut unclear = None;
        for (word, ..) in &self.narrowed.by {
            match *word {
                // Strangers may well use TLS, a second factor of their own, or the URL.
                "tls" | "mfa" | "function_url" => {}
                "other" | "tag" => {
                    unclear = Some(Reason::NotAnalysed(
                        "the condition of an Allow for everybody".into(),
                    ));
                }
                _ => return Ok(false),
            }
        }
        let rest = self.narrowed.rest.as_ref().map(|rest| rest.reason.clone());
        match unclear.or(rest) {
            Some(reason) => Err(reason),
            None => Ok(true),
        }
    }

    fn principal_fact(&self) -> Fact {
        let (basis, place) = self.by;
        match &self.principal.class {
            Ok(class) => facts::word(
                class.word(),
                basis,
                place.or(self.place).into_iter().collect(),
            ),
            Err(reason) => Fact::Unknown(facts::unknown(reason.clone(), place.or(self.place))),
        }
    }

    fn name_fact(&self) -> Fact {
        let (basis, place) = self.by;
        match (&self.principal.class, self.principal.name.is_empty()) {
            (Err(reason), true) => Fact::Unknown(facts::unknown(reason.clone(), place)),
            _ => {
                let name = Value::Text(self.principal.name.clone());
                Fact::known(name, basis, place.or(self.place).into_iter().collect())
            }
        }
    }

    fn abilities_fact(&self) -> Fact {
        let places: Places = self.place.into_iter().collect();
        let words = self.abilities.items.iter();
        let words = words.map(|word| (Text::literal(word.clone()), Basis::Written, places.clone()));
        let words: Vec<(Text, Basis, Places)> = words.collect();
        let rest = self.abilities.rest.clone();
        let rest = rest.map(|reason| facts::unknown(reason, self.place));
        facts::words(words, rest, Basis::Written, places)
    }
}
