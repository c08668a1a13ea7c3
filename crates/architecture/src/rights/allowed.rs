//! What a single Allow of an identity allows in one world, and that as facts.

use underbelly_expression::{Basis, Fact, Guard, Places, Reason, SubjectId, Text, Unknown, Value};
use underbelly_iac::ResourceId;
use underbelly_source::Place;

use super::ability::{Abilities, Wildcard};
use super::actions::Actions;
use super::bearing::Bearing;
use super::condition::{self, Narrowed};
use super::facts;
use super::left::{self, Left, Piece};
use super::limits::Limits;
use super::pattern::Pattern;
use super::policy::{Statement, Term, Terms};
use super::reach::{self, Reach};
use crate::address;
use crate::draft::{Draft, Target};
use crate::worlds::World;

/// What a statement allows in one world.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    /// The actions, as written or cut out of what is written.
    pub(crate) actions: Vec<Actions>,
    /// Actions of which a Deny or a boundary may leave something or nothing, and why.
    pub(crate) perhaps: Vec<(Actions, Unknown)>,
    /// Why there may be actions that nobody can tell.
    pub(crate) open: Option<Unknown>,
    /// What they let one do.
    pub(crate) abilities: Abilities,
    /// How much they cover, what that rests on, and the resource that says so.
    pub(crate) reach: Result<(Reach, Basis, Option<Place>), Unknown>,
    /// Whether actions are wildcards.
    pub(crate) wildcard: Result<Wildcard, Unknown>,
    /// The resources left to them, as written.
    pub(crate) on: Vec<Term>,
    /// The resources it leaves out itself.
    pub(crate) but: Vec<Pattern>,
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
    /// The lines elsewhere that bear on it.
    pub(crate) bearing: Bearing,
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
    let left = left::left(draft, statement, limits, world);
    let limited = left.narrowed();
    let Left {
        pieces,
        open,
        bearing,
    } = left;
    let covered = Covers::of(statement, &pieces);
    let everywhere = !matches!(&covered.all, Ok((reach, ..)) if *reach < Reach::Everything);
    let kind = |index: u32| {
        let resource = draft.graph.resource(ResourceId(index))?;
        Some(&*resource.kind)
    };
    let mut narrowed = condition::narrowed(statement, &|arn| condition::carries_account(arn, kind));
    narrowed.join(limited);
    let mut abilities = Abilities::default();
    let mut actions = Vec::new();
    let mut perhaps: Vec<(Actions, Unknown)> = Vec::new();
    for piece in &pieces {
        abilities.join(&piece.actions.abilities(draft, everywhere));
        match piece
            .unsure
            .clone()
            .or_else(|| piece.limit_beyond(&narrowed))
        {
            Some(unsure) => perhaps.push((piece.actions.clone(), unsure)),
            None => actions.push(piece.actions.clone()),
        }
    }
    abilities.rest = abilities
        .rest
        .or_else(|| open.as_ref().map(|open| open.reason.clone()));
    let found = targets(draft, statement, &covered.terms, near);
    Allowed {
        reach: covered.reach,
        wildcard: wildcard(&actions, &perhaps, open.as_ref()),
        actions,
        perhaps,
        open,
        abilities,
        on: covered.terms,
        but: left_out(draft, statement),
        narrowed,
        targets: found.components,
        more_targets: found.rest,
        outside: found.outside,
        passed_to: passed_to(statement),
        bearing,
        place: statement.place,
    }
}

/// How far the actions that are left are written as wildcards.
fn wildcard(
    actions: &[Actions],
    perhaps: &[(Actions, Unknown)],
    open: Option<&Unknown>,
) -> Result<Wildcard, Unknown> {
    let certain = actions.iter().map(Actions::wildcard).max();
    let most = perhaps.iter().max_by_key(|(actions, _)| actions.wildcard());
    match (certain, most, open) {
        (Some(Wildcard::All), ..) => Ok(Wildcard::All),
        (None, None, Some(open)) => Err(open.clone()),
        (certain, Some((most, unsure)), _)
            if most.wildcard() > certain.unwrap_or(Wildcard::None) =>
        {
            Err(unsure.clone())
        }
        (certain, ..) => Ok(certain.unwrap_or(Wildcard::None)),
    }
}

/// How much is covered, by how much what is certain covers and all of it does.
struct Covers {
    reach: Result<(Reach, Basis, Option<Place>), Unknown>,
    all: Result<(Reach, Basis, Option<Place>), Unknown>,
    terms: Vec<Term>,
}

impl Covers {
    fn of(statement: &Statement, pieces: &[Piece]) -> Self {
        let names_none = statement.resources.items.is_empty() && !statement.but_resources;
        if pieces.is_empty() || names_none {
            let written = widest(statement);
            return Self {
                reach: written.clone(),
                all: written,
                terms: match pieces.is_empty() {
                    true => Vec::new(),
                    false => statement.resources.items.clone(),
                },
            };
        }
        let mut terms: Vec<Term> = Vec::new();
        let mut certain: Vec<Term> = Vec::new();
        let mut unsure = None;
        for piece in pieces {
            for remains in &piece.on {
                let why = piece.unsure.clone().or_else(|| remains.unsure.clone());
                let into = match why {
                    None => vec![&mut terms, &mut certain],
                    Some(why) => {
                        unsure.get_or_insert(why);
                        vec![&mut terms]
                    }
                };
                for list in into {
                    if !list.contains(&remains.term) {
                        list.push(remains.term.clone());
                    }
                }
            }
        }
        let rest = statement.resources.rest.as_ref();
        let all = widest_of(&terms, rest, statement.place);
        let certain = widest_of(&certain, rest, statement.place);
        let is_narrow = |found: &Result<(Reach, Basis, Option<Place>), Unknown>| matches!(found, Ok((reach, ..)) if !reach.is_wide());
        let reach = match (unsure, &certain, &all) {
            (Some(why), Ok((certain, ..)), Ok((all, ..))) if certain < all => {
                match is_narrow(&Ok((*all, Basis::Written, None))) {
                    true => None,
                    false => Some(why),
                }
            }
            (Some(why), Err(_), all) if !is_narrow(all) => Some(why),
            _ => None,
        };
        Self {
            reach: match reach {
                Some(why) => Err(why),
                None => all.clone(),
            },
            all,
            terms,
        }
    }
}

/// The resources that a statement leaves out.
fn left_out(draft: &Draft<'_>, statement: &Statement) -> Vec<Pattern> {
    let named = statement.resources.items.iter();
    let named = named.filter(|_| statement.but_resources);
    named
        .map(|term| draft.address_pattern(&term.text))
        .collect()
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

/// The widest of the resources. One that is unknown leaves all unknown, unless
/// another already covers everything.
pub(super) fn widest(statement: &Statement) -> Result<(Reach, Basis, Option<Place>), Unknown> {
    if statement.but_resources {
        return Ok((Reach::Everything, Basis::Written, statement.place));
    }
    let resources = &statement.resources;
    widest_of(&resources.items, resources.rest.as_ref(), statement.place)
}

fn widest_of(
    terms: &[Term],
    rest: Option<&Unknown>,
    place: Option<Place>,
) -> Result<(Reach, Basis, Option<Place>), Unknown> {
    let mut widest: Option<(Reach, Basis, Option<Place>)> = None;
    let mut open = rest.cloned();
    for resource in terms {
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
            Err(facts::unknown(reason, place))
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
fn targets(draft: &Draft<'_>, statement: &Statement, terms: &[Term], near: ResourceId) -> Targets {
    let mut found = Targets {
        rest: statement.resources.rest.clone(),
        ..Targets::default()
    };
    for resource in terms {
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
        self.actions.iter().any(|own| own.covers(action))
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
        let found = perhaps.find(|(own, _)| own.overlaps(action));
        let found = found.map(|(_, unknown)| unknown.clone());
        found.or_else(|| self.open.clone())
    }

    /// Whether it may allow all actions of all services.
    pub(crate) fn may_be_all(&self) -> bool {
        let named = self.actions.iter();
        let mut named = named.chain(self.perhaps.iter().map(|(actions, _)| actions));
        self.open.is_some() || named.any(|actions| actions.wildcard() == Wildcard::All)
    }

    fn places(&self) -> Places {
        self.place.into_iter().collect()
    }

    pub(super) fn abilities_fact(&self) -> Fact {
        let basis = self.actions.iter().map(|action| action.term.basis).max();
        let basis = basis.unwrap_or(Basis::Written);
        let places: Places = self
            .actions
            .iter()
            .filter_map(|a| a.term.place)
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
                let mut actions = self.actions.iter();
                let widest = actions.find(|action| action.wildcard() == *wildcard);
                let widest = widest.map(|action| &action.term);
                let place = widest.and_then(|action| action.place).or(self.place);
                let basis = widest.map_or(Basis::Written, |action| action.basis);
                facts::word(wildcard.word(), basis, place.into_iter().collect())
            }
            Err(unknown) => Fact::Unknown(unknown.clone()),
        }
    }

    pub(super) fn targets_fact(&self) -> Fact {
        let targets = self.targets.iter().map(|(target, place)| {
            let places = place.or(self.place).into_iter().collect();
            (Guard::always(), *target, places)
        });
        let head = self.place.map(|place| place.span);
        facts::subjects(targets, self.more_targets.clone(), head)
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
