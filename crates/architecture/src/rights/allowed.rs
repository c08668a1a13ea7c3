//! What a single Allow of an identity allows in one world, and that as facts.

use underbelly_expression::{Basis, Fact, Places, Reason, SubjectId, Text, Unknown, Value};
use underbelly_iac::ResourceId;
use underbelly_source::Place;

use super::ability::{self, Abilities, Wildcard};
use super::condition::{self, Narrowed};
use super::facts;
use super::limits::{Fate, Limits};
use super::pattern::Pattern;
use super::policy::{Effect, Statement, Term, Terms};
use super::reach::{self, Reach};
use crate::address;
use crate::draft::{Draft, Target};
use crate::worlds::World;

/// What a statement allows in one world.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    /// The actions, as written; without those that are denied.
    pub(crate) actions: Vec<Term>,
    /// Actions of which a Deny or a boundary may leave something or nothing, and why.
    pub(crate) perhaps: Vec<(Term, Unknown)>,
    /// Why there may be actions that nobody can tell.
    pub(crate) open: Option<Unknown>,
    /// What they let one do.
    pub(crate) abilities: Abilities,
    /// How much they cover, what that rests on, and the resource that says so.
    pub(crate) reach: Result<(Reach, Basis, Option<Place>), Unknown>,
    /// Whether actions are wildcards.
    pub(crate) wildcard: Result<Wildcard, Unknown>,
    /// What limits them.
    pub(crate) narrowed: Narrowed,
    /// The components named, each with the resource that names it.
    pub(crate) targets: Vec<(SubjectId, Option<Place>)>,
    /// Why there may be more of them.
    pub(crate) more_targets: Option<Unknown>,
    /// The addresses named that nothing declares.
    pub(crate) outside: Vec<(Text, Option<Place>)>,
    /// The services that roles may be handed to, where it says so.
    pub(crate) passed_to: Option<Terms>,
    /// Where the statement stands.
    pub(crate) place: Option<Place>,
}

/// What an Allow allows in one world.
pub(super) fn allow(
    draft: &Draft<'_>,
    statement: &Statement,
    near: ResourceId,
    limits: &Limits,
    world: &World,
) -> Allowed {
    let table = &draft.library.data.actions;
    let here = |reason: Reason| facts::unknown(reason, statement.place);
    let mut open = statement.actions.rest.clone();
    match &statement.effect {
        Effect::Allow => {}
        Effect::Unknown(reason) => open = open.or(Some(here(reason.clone()))),
        Effect::Deny => {}
    }
    if statement.but_actions {
        open = open.or(Some(here(Reason::NotAnalysed(
            "`NotAction` in an Allow".into(),
        ))));
    }
    let mut abilities = Abilities::default();
    let mut actions = Vec::new();
    // Whether something is left of which nothing was taken away.
    let mut whole = false;
    let everywhere = !matches!(widest(statement), Ok((reach, ..)) if reach < Reach::Everything);
    let usable = !statement.but_actions && statement.effect == Effect::Allow;
    let candidates = statement.actions.items.iter().filter(|_| usable);
    let mut perhaps: Vec<(Term, Unknown)> = Vec::new();
    for action in candidates {
        let Some(name) = action.text.known() else {
            let hole = action.text.holes().next();
            let reason = hole.map(|hole| reach::reason(&hole.cause, &hole.label));
            let reason = reason.unwrap_or_else(|| Reason::Unsupported("an action".into()));
            open = open.or(Some(facts::unknown(reason, action.place)));
            continue;
        };
        match limits.fate(name, statement, world) {
            Fate::Denied => {}
            Fate::Unclear(reason) => {
                let upper = ability::abilities_on(table, name, everywhere);
                // What lets one do nothing does so in whatever part is left of it.
                if !upper.items.is_empty() || upper.rest.is_some() {
                    abilities.rest.get_or_insert_with(|| reason.clone());
                }
                perhaps.push((action.clone(), facts::unknown(reason, action.place)));
            }
            Fate::Stays => {
                whole = true;
                abilities.join(ability::abilities_on(table, name, everywhere));
                actions.push(action.clone());
            }
        }
    }
    abilities.rest = abilities
        .rest
        .or_else(|| open.as_ref().map(|open| open.reason.clone()));
    let unclear = perhaps.first().map(|(_, unknown)| unknown.clone());
    let unclear = unclear.filter(|_| !whole);
    // Limits only take away: what is narrow without them is narrow with them.
    let widest = widest(statement);
    let is_narrow = matches!(widest, Ok((reach, ..)) if !reach.is_wide());
    let named = perhaps.iter().map(|(action, _)| action);
    let is_named = wildcard(named) == Wildcard::None;
    let kind = |index: u32| {
        let resource = draft.graph.resource(ResourceId(index))?;
        Some(&*resource.kind)
    };
    let mut narrowed = condition::narrowed(statement, &|arn| condition::carries_account(arn, kind));
    limits.narrow(statement, world, &mut narrowed);
    let found = targets(draft, statement, near);
    Allowed {
        reach: match unclear.clone().filter(|_| !is_narrow) {
            Some(unclear) => Err(unclear),
            None => widest,
        },
        wildcard: match unclear
            .filter(|_| !is_named)
            .or_else(|| open.clone().filter(|_| !whole))
        {
            Some(unclear) => Err(unclear),
            None => Ok(wildcard(actions.iter())),
        },
        actions,
        perhaps,
        open,
        abilities,
        narrowed,
        targets: found.components,
        more_targets: found.rest,
        outside: found.outside,
        passed_to: passed_to(statement),
        place: statement.place,
    }
}

/// The services to which a statement lets roles be handed, if it says so.
fn passed_to(statement: &Statement) -> Option<Terms> {
    let mut conditions = statement.conditions.iter();
    let condition = conditions.find(|condition| {
        condition.key.eq_ignore_ascii_case("iam:PassedToService")
            && !condition.operator.to_ascii_lowercase().contains("not")
    });
    condition.map(|condition| condition.values.clone())
}

fn wildcard<'t>(actions: impl Iterator<Item = &'t Term>) -> Wildcard {
    let known = actions.filter_map(|action| action.text.known());
    known.map(ability::wildcard).max().unwrap_or(Wildcard::None)
}

/// The widest of the resources. One that is unknown leaves all unknown, unless
/// another already covers everything.
pub(super) fn widest(statement: &Statement) -> Result<(Reach, Basis, Option<Place>), Unknown> {
    if statement.but_resources {
        let reason = Reason::NotAnalysed("`NotResource` in an Allow".into());
        return Err(facts::unknown(reason, statement.place));
    }
    let mut widest: Option<(Reach, Basis, Option<Place>)> = None;
    let mut open = statement.resources.rest.clone();
    for resource in &statement.resources.items {
        match reach::covered(&resource.text) {
            Ok(covered) => {
                let basis = match covered.assumed {
                    true => Basis::LibraryAssumption,
                    false => resource.basis,
                };
                if widest.is_none_or(|(known, ..)| covered.reach > known) {
                    widest = Some((covered.reach, basis, resource.place));
                }
            }
            Err(reason) => {
                open.get_or_insert_with(|| facts::unknown(reason, resource.place));
            }
        }
    }
    match (widest, open) {
        (Some(all), _) if all.0 == Reach::Everything => Ok(all),
        (_, Some(open)) => Err(open),
        (Some(widest), None) => Ok(widest),
        (None, None) => {
            let reason = Reason::Unsupported("a statement without resources".into());
            Err(facts::unknown(reason, statement.place))
        }
    }
}

/// What the resources of a statement lead to.
#[derive(Default)]
struct Targets {
    components: Vec<(SubjectId, Option<Place>)>,
    outside: Vec<(Text, Option<Place>)>,
    rest: Option<Unknown>,
}

/// The components that the resources of a statement name.
fn targets(draft: &Draft<'_>, statement: &Statement, near: ResourceId) -> Targets {
    let mut found = Targets {
        rest: statement.resources.rest.clone(),
        ..Targets::default()
    };
    if statement.but_resources {
        return found;
    }
    for resource in &statement.resources.items {
        let covered = reach::covered(&resource.text);
        if covered
            .as_ref()
            .is_ok_and(|covered| covered.reach.is_wide())
        {
            continue;
        }
        let n_before = found.components.len();
        for (_, target) in draft.targets(&as_fact(&resource.text, resource), near) {
            match target {
                Target::Component(component) => {
                    let again = |(known, _): &(SubjectId, _)| *known == component;
                    if !found.components.iter().any(again) {
                        found.components.push((component, resource.place));
                    }
                }
                Target::Unknown(reason) => {
                    let unknown = || facts::unknown(reason, resource.place);
                    found.rest.get_or_insert_with(unknown);
                }
                Target::Outside(_) if is_one(&covered) => {
                    found.outside.push((resource.text.clone(), resource.place));
                }
                Target::Resource(_) | Target::Outside(_) => {}
            }
        }
        if found.components.len() > n_before {
            continue;
        }
        let unsure = match covered {
            Err(reason) => Some(reason),
            Ok(covered) if covered.assumed => given(&resource.text),
            Ok(_) => None,
        };
        if let Some(reason) = unsure {
            let unknown = || facts::unknown(reason, resource.place);
            found.rest.get_or_insert_with(unknown);
        }
    }
    found
}

/// Why it is not known which resource is meant, where a value that people give is
/// its whole name.
fn given(resource: &Text) -> Option<Reason> {
    let name = address::arn(resource).map_or_else(|| resource.clone(), |arn| arn.resource);
    let last = address::after_last(&name, '/');
    let hole = last.only_hole().or(resource.only_hole())?;
    Some(reach::reason(&hole.cause, &hole.label))
}

fn is_one(covered: &Result<reach::Covered, Reason>) -> bool {
    matches!(covered, Ok(covered) if covered.reach == Reach::One)
}

fn as_fact(text: &Text, term: &Term) -> Fact {
    let places: Places = term.place.into_iter().collect();
    Fact::known(Value::Text(text.clone()), term.basis, places)
}

impl Allowed {
    /// Whether an action is certainly among its own.
    pub(crate) fn names(&self, action: &Pattern) -> bool {
        self.patterns().any(|own| own.covers(action))
    }

    /// Its own actions, to be compared.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = Pattern> {
        let known = self.actions.iter().filter_map(|term| term.text.known());
        known.map(Pattern::literal)
    }

    /// Whether a condition keeps it from going as far as it reaches, where a role is
    /// handed to `service` (empty: to none): certainly so is `Some(None)`.
    pub(crate) fn limit_on(&self, service: &str) -> Option<Option<Unknown>> {
        if let Some(unknown) = &self.narrowed.rest {
            return Some(Some(unknown.clone()));
        }
        for (word, ..) in &self.narrowed.by {
            let limit = match (*word, &self.passed_to) {
                ("passed_to_service", Some(_)) if service.is_empty() => continue,
                ("passed_to_service", Some(to)) => {
                    let asked = Pattern::literal(service);
                    let mut items = to.items.iter();
                    if items.any(|term| Pattern::of(&term.text).overlaps(&asked)) {
                        continue;
                    }
                    to.rest.clone()
                }
                // Neither keeps a flaw in the workload itself from using it.
                ("tls" | "network", _) => continue,
                _ => {
                    let reason = Reason::NotAnalysed("the condition of an Allow".into());
                    Some(facts::unknown(reason, self.place))
                }
            };
            return Some(limit);
        }
        None
    }

    /// Why an action that is not certainly among its own may still be.
    pub(crate) fn may_name(&self, action: &Pattern) -> Option<Unknown> {
        let mut perhaps = self.perhaps.iter();
        let found = perhaps.find(|(term, _)| Pattern::of(&term.text).overlaps(action));
        let found = found.map(|(_, unknown)| unknown.clone());
        found.or_else(|| self.open.clone())
    }

    /// Whether it may allow all actions of all services.
    pub(crate) fn may_be_all(&self) -> bool {
        let named = self.actions.iter();
        let named = named.chain(self.perhaps.iter().map(|(action, _)| action));
        self.open.is_some() || wildcard(named) == Wildcard::All
    }

    fn places(&self) -> Places {
        self.place.into_iter().collect()
    }

    pub(super) fn abilities_fact(&self) -> Fact {
        let basis = self.actions.iter().map(|action| action.basis).max();
        let basis = basis.unwrap_or(Basis::Written);
        let places: Places = self
            .actions
            .iter()
            .filter_map(|a| a.place)
            .take(1)
            .collect();
        let rest = self.abilities.rest.clone().map(|reason| {
            let perhaps = self.perhaps.first().map(|(_, unknown)| unknown);
            let place = self.open.as_ref().or(perhaps).and_then(|open| open.place);
            facts::unknown(reason, place.or(self.place))
        });
        let words = self.abilities.items.iter();
        let words = words.map(|word| (Text::literal(word.clone()), basis, self.places()));
        let places = if places.is_empty() {
            self.places()
        } else {
            places
        };
        facts::words(words, rest, basis, places)
    }

    pub(super) fn reach_fact(&self) -> Fact {
        match &self.reach {
            Ok((reach, basis, place)) => {
                let places = place.or(self.place).into_iter().collect();
                let fact = facts::word(reach.word(), *basis, places);
                match basis {
                    Basis::LibraryAssumption => {
                        facts::noted(fact, "a value in a name is taken for a plain name")
                    }
                    Basis::Written
                    | Basis::Code
                    | Basis::Person
                    | Basis::ProviderDefault
                    | Basis::ParameterDefault => fact,
                }
            }
            Err(unknown) => Fact::Unknown(unknown.clone()),
        }
    }

    pub(super) fn wildcard_fact(&self) -> Fact {
        match &self.wildcard {
            Ok(wildcard) => {
                let widest = self.actions.iter().find(|action| {
                    let known = action.text.known();
                    known.is_some_and(|known| ability::wildcard(known) == *wildcard)
                });
                let place = widest.and_then(|action| action.place).or(self.place);
                let basis = widest.map_or(Basis::Written, |action| action.basis);
                facts::word(wildcard.word(), basis, place.into_iter().collect())
            }
            Err(unknown) => Fact::Unknown(unknown.clone()),
        }
    }

    pub(super) fn target_fact(&self) -> Fact {
        match (self.targets.as_slice(), &self.more_targets) {
            ([(target, place)], None) => {
                facts::subject(*target, place.or(self.place).into_iter().collect())
            }
            ([], None) => Fact::absent(self.place.map(|place| place.span)),
            (_, Some(unknown)) => Fact::Unknown(unknown.clone()),
            (_, None) => {
                let reason = Reason::Unsupported("it names more than one component".into());
                Fact::Unknown(facts::unknown(reason, self.place))
            }
        }
    }
}
