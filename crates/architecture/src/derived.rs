//! Facts made from other facts: yes or no from what is written, the weakest of
//! several, references and sets of them. Unknown stays unknown throughout.

use std::borrow::Cow;

use underbelly_expression::{
    Basis, Cause, Fact, Guard, Item, Known, Reason, Set, SubjectId, Text, Unknown, Value, Worlds,
};
use underbelly_iac::{Resource, ResourceId};
use underbelly_source::{Place, Span};

use crate::draft::{Draft, Target};
use crate::worlds::{Variables, in_world};

/// No fact carries more witnesses than this.
const MOST_PLACES: usize = 8;

/// A property as people would write it: its text, or `?`; cases joined by `|`.
pub(crate) fn in_words(fact: &Fact) -> String {
    let (cases, _) = fact.items();
    let words = cases.iter().map(|(_, case)| match case.as_known() {
        Some(known) => match &known.value {
            Value::Text(text) => text.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Bool(value) => value.to_string(),
            Value::Set(_) | Value::Map(_) | Value::Subject(_) => "?".to_owned(),
        },
        None => "?".to_owned(),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() {
        return "?".to_owned();
    }
    words.join("|")
}

/// Another value that rests on the same as `from`: a default where that is
/// absent, unknown where it is unknown.
pub(crate) fn like(from: &Fact, value: Value) -> Fact {
    from.map(|case| match case {
        Fact::Known(known) => Fact::Known(Known {
            value: value.clone(),
            ..known.clone()
        }),
        Fact::Absent(absent) => {
            Fact::default(value.clone(), Basis::ProviderDefault, absent.place, "")
        }
        Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    })
}

/// A word that rests on the same as `from`.
pub(crate) fn word(from: &Fact, word: &str) -> Fact {
    like(from, text(word))
}

/// Yes or no that rests on the same as `from`.
pub(crate) fn bool_like(from: &Fact, value: bool) -> Fact {
    like(from, Value::Bool(value))
}

/// Known text as a value.
pub(crate) fn text(word: &str) -> Value {
    Value::Text(Text::literal(word))
}

/// What the provider does where nothing is written.
pub(crate) fn by_default(value: Value, head: Span, note: &str) -> Fact {
    Fact::default(value, Basis::ProviderDefault, Some(head), note)
}

/// No, because nothing is written.
pub(crate) fn no(head: Span) -> Fact {
    by_default(Value::Bool(false), head, "")
}

/// Yes, because of what is written at `span`.
pub(crate) fn yes(span: Span) -> Fact {
    Fact::bool(true, span)
}

/// What the library takes from a name: a hint.
pub(crate) fn hint(value: bool, span: Span, note: &str) -> Fact {
    let mut fact = Fact::known(
        Value::Bool(value),
        Basis::LibraryAssumption,
        vec![Place::here(span)],
    );
    if let Fact::Known(known) = &mut fact {
        known.note = (!note.is_empty()).then(|| note.into());
    }
    fact
}

/// Whether anything is written.
pub(crate) fn is_written(fact: &Fact, head: Span) -> Fact {
    fact.map(|case| match case {
        Fact::Known(_) => bool_like(case, true),
        Fact::Absent(_) => no(head),
        Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
    })
}

/// Yes or no as written; `otherwise` where nothing is.
pub(crate) fn as_bool(fact: &Fact, otherwise: bool, head: Span) -> Fact {
    fact.map(|case| match (case, case.as_bool()) {
        (Fact::Known(_), Some(value)) => bool_like(case, value),
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Absent(_), _) => by_default(Value::Bool(otherwise), head, ""),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}

/// Unknown for the reason that a text has holes, or is none that we understand.
pub(crate) fn unresolved(fact: &Fact) -> Fact {
    let reason = fact.as_pattern().and_then(|text| text.holes().next());
    let reason = reason.map_or_else(
        || Reason::Unsupported(in_words(fact).into()),
        |hole| match &hole.cause {
            Cause::Parameter(name) => Reason::Parameter(name.clone()),
            Cause::Import(name) => Reason::Import(name.clone()),
            Cause::Lookup { key, .. } => Reason::Lookup(key.clone()),
            Cause::Resource { .. } | Cause::Pseudo(_) | Cause::Runtime | Cause::Unresolved => {
                Reason::Unsupported(hole.label.clone())
            }
        },
    );
    Fact::unknown(reason, fact.span())
}

/// A value that is there under a guard.
pub(crate) type Offer = (Guard, Fact);

/// Of several values the one of the lowest rank, world by world. Unknown where an
/// unknown one might be lower still; `otherwise` where there is none.
pub(crate) fn lowest(
    worlds: &Worlds,
    within: &Guard,
    offers: &[Offer],
    rank: impl Fn(&Value) -> Option<usize>,
    otherwise: &Fact,
) -> Fact {
    let mut variables = Variables::default();
    for (guard, fact) in offers {
        variables.add_guard(guard);
        variables.add(fact);
    }
    variables.by_case(worlds, within, |world| {
        let here = offers
            .iter()
            .filter(|(guard, _)| guard.holds(world) != Some(false));
        let facts: Vec<Cow<'_, Fact>> = here.map(|(_, fact)| in_world(fact, world)).collect();
        lowest_of(&facts, &rank).unwrap_or_else(|| in_world(otherwise, world).into_owned())
    })
}

fn lowest_of(facts: &[Cow<'_, Fact>], rank: &impl Fn(&Value) -> Option<usize>) -> Option<Fact> {
    let mut best: Option<(usize, Known)> = None;
    let mut unknown: Option<&Fact> = None;
    for fact in facts {
        let fact: &Fact = fact;
        match fact {
            Fact::Known(known) => match (rank(&known.value), &mut best) {
                (Some(new), None) => best = Some((new, known.clone())),
                (Some(new), Some((old, _))) if new < *old => best = Some((new, known.clone())),
                (Some(new), Some((old, witness))) if new == *old => join(witness, known),
                (Some(_), Some(_)) => {}
                (None, _) => unknown = unknown.or(Some(fact)),
            },
            Fact::Unknown(_) | Fact::OneOf(_) => unknown = unknown.or(Some(fact)),
            Fact::Absent(_) => {}
        }
    }
    match (best, unknown) {
        (Some((0, known)), _) | (Some((_, known)), None) => Some(Fact::Known(known)),
        (_, Some(fact)) => Some(match fact {
            Fact::Known(_) => unresolved(fact),
            Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => fact.clone(),
        }),
        (None, None) => None,
    }
}

/// Adds a witness: the firmer basis counts, and its places.
fn join(one: &mut Known, other: &Known) {
    if other.basis < one.basis {
        *one = other.clone();
        return;
    }
    if other.basis == one.basis {
        for place in &other.places {
            if one.places.len() < MOST_PLACES && !one.places.contains(place) {
                one.places.push(*place);
            }
        }
    }
}

/// Yes if any is; `otherwise` where there is none.
pub(crate) fn any(worlds: &Worlds, within: &Guard, offers: &[Offer], otherwise: &Fact) -> Fact {
    let rank = |value: &Value| match value {
        Value::Bool(value) => Some(usize::from(!value)),
        _ => None,
    };
    lowest(worlds, within, offers, rank, otherwise)
}

/// No if any is no; `otherwise` where there is none.
pub(crate) fn all(worlds: &Worlds, within: &Guard, offers: &[Offer], otherwise: &Fact) -> Fact {
    let rank = |value: &Value| match value {
        Value::Bool(value) => Some(usize::from(*value)),
        _ => None,
    };
    lowest(worlds, within, offers, rank, otherwise)
}

/// The first in this order of words.
pub(crate) fn first_word(
    worlds: &Worlds,
    within: &Guard,
    offers: &[Offer],
    order: &[&str],
    otherwise: &Fact,
) -> Fact {
    let rank = |value: &Value| match value {
        Value::Text(text) => {
            let word = text.known()?;
            order.iter().position(|known| *known == word)
        }
        _ => None,
    };
    lowest(worlds, within, offers, rank, otherwise)
}

/// A set under construction: each item once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collected {
    items: Vec<Item>,
    rest: Option<Unknown>,
}

impl Collected {
    /// Adds a component, because of `places`.
    pub(crate) fn component(&mut self, guard: &Guard, subject: SubjectId, places: &[Place]) {
        let places = places.iter().copied().take(MOST_PLACES).collect();
        let fact = Fact::known(Value::Subject(subject), Basis::Written, places);
        self.fact(guard, &fact);
    }

    /// Adds what a fact holds: its cases, items of sets, and what may be more.
    pub(crate) fn fact(&mut self, outer: &Guard, fact: &Fact) {
        for (guard, case) in fact.cases() {
            let Some(guard) = outer.and(&guard) else {
                continue;
            };
            match case {
                Fact::Known(known) => match &known.value {
                    Value::Set(set) => {
                        for item in &set.items {
                            if let Some(guard) = guard.and(&item.guard) {
                                self.item(guard, &item.fact);
                            }
                        }
                        self.rest = self.rest.take().or_else(|| set.rest.clone());
                    }
                    _ => self.item(guard, case),
                },
                Fact::Unknown(unknown) => {
                    self.rest = self.rest.take().or_else(|| Some(unknown.clone()));
                }
                Fact::OneOf(_) | Fact::Absent(_) => {}
            }
        }
    }

    fn item(&mut self, guard: Guard, fact: &Fact) {
        let value = |fact: &Fact| fact.as_known().map(|known| known.value.clone());
        let same = |item: &&mut Item| value(&item.fact) == value(fact);
        for item in self.items.iter_mut().filter(same) {
            if item.guard.is_always() || item.guard == guard {
                return;
            }
            if guard.is_always() {
                item.guard = guard;
                item.fact = fact.clone();
                return;
            }
        }
        let fact = fact.clone();
        self.items.push(Item { guard, fact });
    }

    /// The set; `head` is the place of what has it.
    pub(crate) fn set(self, head: Option<Span>) -> Fact {
        let basis = self.items.iter().filter_map(|item| item.fact.as_known());
        let basis = basis.map(|known| known.basis).max();
        let places = match self.items.is_empty() {
            true => head.map(Place::missing).into_iter().collect(),
            false => {
                let places = self.items.iter().filter_map(|item| item.fact.span());
                places.map(Place::here).take(MOST_PLACES).collect()
            }
        };
        let set = Set {
            items: self.items,
            rest: self.rest,
        };
        let basis = basis.unwrap_or(Basis::Written);
        Fact::known(Value::Set(set), basis, places)
    }
}

/// The first resource that a text refers to.
pub(crate) fn referred(fact: &Fact) -> Option<ResourceId> {
    let text = fact.as_pattern()?;
    text.holes().find_map(|hole| match &hole.cause {
        Cause::Resource { resource, .. } => Some(ResourceId(*resource)),
        Cause::Parameter(_)
        | Cause::Pseudo(_)
        | Cause::Import(_)
        | Cause::Lookup { .. }
        | Cause::Runtime
        | Cause::Unresolved => None,
    })
}

impl Draft<'_> {
    /// The component that a value leads to, as a fact: a name that nothing declares
    /// leads to an outside component of `kinds`' first kind. Of a list the first.
    pub(crate) fn reference(&mut self, value: &Fact, kinds: &[&str], near: ResourceId) -> Fact {
        value.map(|case| self.reference_case(case, kinds, near))
    }

    fn reference_case(&mut self, value: &Fact, kinds: &[&str], near: ResourceId) -> Fact {
        let span = value.span().or_else(|| self.head_of(near));
        let (Some(span), false) = (span, value.is_absent()) else {
            return Fact::absent(span);
        };
        let targets = self.named(kinds, value, near);
        let alone = targets.len() == 1;
        let kind = kinds.first().copied().unwrap_or("external");
        let mut alternatives = Vec::new();
        for (guard, target) in targets {
            let drawn = match &target {
                Target::Unknown(reason) => self.unclear(kind, value, reason, span),
                Target::Component(_) | Target::Resource(_) | Target::Outside(_) => {
                    self.draw(&target, kind, span)
                }
            };
            let fact = match drawn {
                Some(subject) => like(value, Value::Subject(subject)),
                None => match target {
                    Target::Unknown(reason) => Fact::unknown(reason, Some(span)),
                    Target::Resource(_) | Target::Outside(_) | Target::Component(_) => {
                        Fact::absent(Some(span))
                    }
                },
            };
            if guard.is_always() || alone {
                return fact;
            }
            alternatives.push((guard, fact));
        }
        match alternatives.is_empty() {
            true => Fact::absent(Some(span)),
            false => Fact::one_of(alternatives),
        }
    }

    /// Something is named, but nobody can tell what: drawn under the words that
    /// stand there.
    pub(crate) fn unclear(
        &mut self,
        kind: &str,
        value: &Fact,
        reason: &Reason,
        place: Span,
    ) -> Option<SubjectId> {
        // What a mapping gives is not the parameter it is looked up by.
        let hole = value.as_pattern().and_then(Text::only_hole);
        if let Some(hole) = hole
            && matches!(&hole.cause, Cause::Parameter(name) if *name != hole.label)
        {
            return Some(self.outside(kind, &hole.label, place));
        }
        let drawn = self.draw(&Target::Unknown(reason.clone()), kind, place);
        if drawn.is_some() {
            return drawn;
        }
        let words = match reason {
            Reason::Unsupported(words) => words.to_string(),
            Reason::Parameter(_)
            | Reason::MissingFile(_)
            | Reason::Import(_)
            | Reason::Lookup(_)
            | Reason::Limit(_)
            | Reason::OtherComponent(_)
            | Reason::Elsewhere(_)
            | Reason::NotAnalysed(_)
            | Reason::Code
            | Reason::People => in_words(value),
        };
        let says_something = words.chars().any(char::is_alphanumeric);
        says_something.then(|| self.outside(kind, &words, place))
    }

    /// Where a resource begins.
    pub(crate) fn head_of(&self, resource: ResourceId) -> Option<Span> {
        self.graph.resource(resource).map(|resource| resource.head)
    }

    /// Where a component begins.
    pub(crate) fn place_of(&self, component: SubjectId) -> Option<Span> {
        let component = self.components.get(component.index())?;
        component.place
    }

    /// The kind of a component.
    pub(crate) fn kind_of(&self, component: SubjectId) -> &str {
        let component = self.components.get(component.index());
        component.map_or("", |component| &*component.kind)
    }

    /// When a component exists.
    pub(crate) fn guard_of(&self, component: SubjectId) -> Guard {
        let component = self.components.get(component.index());
        component.map_or_else(Guard::always, |component| component.guard.clone())
    }

    /// The parts of one group of a component.
    pub(crate) fn parts_of(&self, component: SubjectId, group: &str) -> Vec<SubjectId> {
        let component = self.components.get(component.index());
        let parts = component.map_or(&[][..], |component| &component.parts);
        let in_group = |part: &&SubjectId| {
            let part = self.parts.get(part.index());
            part.is_some_and(|part| &*part.group == group)
        };
        parts.iter().filter(in_group).copied().collect()
    }

    /// The part of a group that stands at `place`, whatever others call it; made if
    /// it is not there yet.
    pub(crate) fn part_at(
        &mut self,
        owner: SubjectId,
        group: (&str, &str),
        key: &str,
        place: Span,
        guard: &Guard,
    ) -> SubjectId {
        let there = self.parts_at(owner, group.0, place);
        let same = there.iter().find(|part| {
            let part = self.parts.get(part.index());
            part.is_some_and(|part| &*part.key == key)
        });
        let found = same.or(match there {
            [only] => Some(only),
            _ => None,
        });
        found.copied().unwrap_or_else(|| {
            self.add_part(owner, group.0, group.1, key, Some(place), guard.clone())
        })
    }

    /// Sets the fact that lists the parts of a group, for every component of a kind.
    /// What was said before of there being more is kept.
    pub(crate) fn list(&mut self, kind: &str, group: &str) {
        for component in self.of_kind(kind) {
            self.list_one(component, group);
        }
    }

    /// The same for one component.
    pub(crate) fn list_one(&mut self, component: SubjectId, group: &str) {
        let mut found = Collected::default();
        if let Some(before) = self.fact(component, group) {
            found.rest = before.items().1.cloned();
        }
        for part in self.parts_of(component, group) {
            if let Some(known) = self.parts.get(part.index()) {
                let places: Vec<Place> = known.place.map(Place::here).into_iter().collect();
                found.component(&known.guard, part, &places);
            }
        }
        let head = self.place_of(component);
        self.set(component, group, found.set(head));
    }

    /// Says that there may be more parts of a group than are listed.
    pub(crate) fn may_have_more(&mut self, owner: SubjectId, group: &str, why: Unknown) {
        let found = Collected {
            items: Vec::new(),
            rest: Some(why),
        };
        let head = self.place_of(owner);
        self.set(owner, group, found.set(head));
    }

    /// Sets a fact unless the catalogue has set it.
    pub(crate) fn set_unless(&mut self, subject: SubjectId, name: &str, fact: Fact) {
        if self.fact(subject, name).is_none() {
            self.set(subject, name, fact);
        }
    }

    /// The components of a property of a resource that says whose it is, each under
    /// its guard together with that of the resource.
    pub(crate) fn owners(
        &mut self,
        resource: (ResourceId, &Resource),
        property: &str,
        kind: &str,
    ) -> Vec<(Guard, SubjectId)> {
        let (id, resource) = resource;
        let value = resource.properties.field(property);
        let mut owners = Vec::new();
        for (guard, target) in self.named(&[kind], &value, id) {
            let owner = self.draw(&target, kind, value.head(resource.head));
            if let (Some(owner), Some(guard)) = (owner, resource.guard.and(&guard)) {
                owners.push((guard, owner));
            }
        }
        owners
    }
}

/// The host of a web address, or all of what may be one.
pub(crate) fn host(address: &Text) -> String {
    let whole = address.to_string();
    let rest = whole.split_once("://").map_or(&*whole, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match host.is_empty() {
        true => whole,
        false => host.to_owned(),
    }
}

/// Something at a web address: a component that the address refers to, else its host.
pub(crate) fn at_host(draft: &mut Draft<'_>, uri: &Fact, near: ResourceId, head: Span) -> Fact {
    uri.map(|case| {
        let Some(address) = case.as_pattern() else {
            return match case {
                Fact::Known(_) => Fact::absent(case.span()),
                Fact::Absent(_) | Fact::Unknown(_) | Fact::OneOf(_) => case.clone(),
            };
        };
        let found = draft.targets(case, near).into_iter();
        let mut found = found.filter_map(|(_, target)| match target {
            Target::Component(subject) => Some(subject),
            Target::Resource(_) | Target::Outside(_) | Target::Unknown(_) => None,
        });
        let subject = found.next().unwrap_or_else(|| {
            let host = host(address);
            draft.outside("external", &host, case.head(head))
        });
        like(case, Value::Subject(subject))
    })
}

impl Draft<'_> {
    /// The event bus that is meant where none is named.
    pub(crate) fn default_bus(&mut self, place: Span) -> SubjectId {
        self.default_component("event-bus", "default", place)
    }
}

/// Unknown as it is, or for the reason that it could not be understood.
pub(crate) fn unresolved_or(fact: &Fact) -> Fact {
    match fact {
        Fact::Known(_) | Fact::Absent(_) => unresolved(fact),
        Fact::Unknown(_) | Fact::OneOf(_) => fact.clone(),
    }
}
