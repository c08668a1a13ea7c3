//! What the facts of one component or part may speak of: its properties, and
//! names given beside them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{
    Cause, Entry, Fact, Guard, Hole, Item, Map, Reason, Set, SubjectId, Text, Unknown, Value,
};
use underbelly_iac::{Resource, ResourceId};
use underbelly_library::{Given, GivenFrom, Otherwise};
use underbelly_source::{FileId, Span};

use super::attached::Attached;
use super::facts::default;
use super::paths::{Found, each, first_of};
use crate::draft::{Draft, Target};

/// The properties of one thing, and names beside them.
#[derive(Debug)]
pub(super) struct Scope<'s> {
    pub(super) near: Option<ResourceId>,
    /// The place to point at where something is missing.
    pub(super) head: Option<Span>,
    properties: Cow<'s, Fact>,
    given: BTreeMap<Arc<str>, Fact>,
}

impl<'s> Scope<'s> {
    pub(super) fn empty() -> Self {
        Self {
            near: None,
            head: None,
            properties: Cow::Owned(Fact::absent(None)),
            given: BTreeMap::new(),
        }
    }

    pub(super) fn of_resource(id: ResourceId, resource: &'s Resource) -> Self {
        Self {
            near: Some(id),
            head: Some(resource.head),
            properties: Cow::Borrowed(&resource.properties),
            given: BTreeMap::new(),
        }
    }

    /// The scope of an item of a property: a map gives its properties.
    pub(super) fn of_item(near: Option<ResourceId>, head: Option<Span>, item: &'s Fact) -> Self {
        let mut scope = Self {
            near,
            head,
            properties: Cow::Borrowed(item),
            given: BTreeMap::new(),
        };
        scope.add("value", item.clone());
        scope
    }

    pub(super) fn add(&mut self, name: &str, fact: Fact) {
        self.given.insert(name.into(), fact);
    }

    /// Adds what is attached and what properties lead to.
    pub(super) fn give(
        &mut self,
        draft: &Draft<'_>,
        attached: &Attached,
        subject: Option<SubjectId>,
        kind: &str,
        rules: &[Given],
    ) {
        for rule in rules {
            let fact = match &rule.from {
                GivenFrom::Attached {
                    resources,
                    by,
                    many,
                } => {
                    let found = subject.map(|s| attached.to(s, kind, resources, by));
                    self.attachment(draft, found.unwrap_or_default(), *many)
                }
                GivenFrom::Followed { path, resources } => self.followed(draft, path, resources),
            };
            self.given.insert(rule.name.clone(), fact);
        }
    }

    fn attachment(&self, draft: &Draft<'_>, found: Vec<(Guard, ResourceId)>, many: bool) -> Fact {
        let found = found.into_iter().filter_map(|(guard, id)| {
            let resource = draft.graph.resource(id)?;
            Some((guard.and(&resource.guard)?, headed(resource)))
        });
        if !many {
            let absent = Fact::absent(self.head);
            return first_of(found, absent, &draft.graph.worlds);
        }
        let items = found.map(|(guard, fact)| Item { guard, fact }).collect();
        let set = Value::Set(Set { items, rest: None });
        let places = self.head.map(underbelly_source::Place::missing);
        Fact::known(
            set,
            underbelly_expression::Basis::Written,
            places.into_iter().collect(),
        )
    }

    /// The properties of what a path leads to: absent where nothing is written,
    /// unknown where it is not declared.
    fn followed(&self, draft: &Draft<'_>, path: &str, types: &[Arc<str>]) -> Fact {
        let Some(near) = self.near else {
            return Fact::absent(self.head);
        };
        let mut found = Vec::new();
        for (outer, value) in self.each(path) {
            for (guard, target) in draft.followed(types, &value, near) {
                let Some(guard) = outer.and(&guard) else {
                    continue;
                };
                found.push((guard, self.target(draft, target, &value)));
            }
        }
        first_of(found, Fact::absent(self.head), &draft.graph.worlds)
    }

    fn target(&self, draft: &Draft<'_>, target: Target, value: &Fact) -> Fact {
        let unknown = |reason| Fact::unknown(reason, value.span());
        match target {
            Target::Resource(id) => draft
                .graph
                .resource(id)
                .map_or_else(|| Fact::absent(self.head), headed),
            Target::Component(_) => Fact::absent(self.head),
            Target::Outside(name) => unknown(Reason::OtherComponent(name)),
            Target::Unknown(reason) => unknown(reason),
        }
    }

    /// A value by path: of a given name, else of a property.
    pub(super) fn value(&self, path: &str) -> Cow<'_, Fact> {
        let (first, rest) = match path.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        match (self.given.get(first), rest) {
            (Some(given), Some(rest)) => given.path(rest),
            (Some(given), None) => Cow::Borrowed(given),
            (None, _) => self.properties.path(path),
        }
    }

    /// A value by path; where the path goes through a list, the first there is.
    pub(super) fn first(&self, draft: &Draft<'_>, path: &str) -> Cow<'_, Fact> {
        let direct = self.value(path);
        if !direct.is_absent() {
            return direct;
        }
        let found = self.each(path).into_iter();
        let found = found.map(|(guard, fact)| (guard, fact.into_owned()));
        Cow::Owned(first_of(
            found,
            Fact::absent(self.head),
            &draft.graph.worlds,
        ))
    }

    /// Every value under a path, through lists.
    pub(super) fn each(&self, path: &str) -> Found<'_> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        match self.given.get(first) {
            Some(given) => each(given, rest),
            None => each(&self.properties, path),
        }
    }

    /// The properties and names that a condition uses, as one tree, with what
    /// holds where something is not written.
    pub(super) fn tree(&self, names: &[Arc<str>], defaults: &[(Arc<str>, Otherwise)]) -> Fact {
        let somewhere = self.head.unwrap_or(Span::new(FileId(0), 0, 0));
        let mut tree = Map::default();
        for name in names {
            let mut fact = self.value(name).into_owned();
            for (path, otherwise) in defaults {
                if let Some(rest) = path.strip_prefix(&**name) {
                    match rest.strip_prefix('.') {
                        Some(rest) => fact = filled(fact, rest, otherwise, self.head, 0),
                        None if rest.is_empty() => fact = or_default(fact, otherwise, self.head),
                        None => {}
                    }
                }
            }
            if matches!(fact, Fact::Absent(_)) {
                continue;
            }
            let fact = settled(fact, 0);
            tree.entries.push(Entry {
                key: name.clone(),
                key_span: somewhere,
                fact,
            });
        }
        Fact::written(Value::Map(tree), somewhere)
    }
}

/// A resource's properties, whose missing parts are missing from its head.
fn headed(resource: &Resource) -> Fact {
    resource.properties.map(|fact| match fact {
        Fact::Known(known) => {
            let mut known = known.clone();
            known.places = vec![underbelly_source::Place::here(resource.head)];
            Fact::Known(known)
        }
        Fact::Unknown(_) | Fact::Absent(_) | Fact::OneOf(_) => fact.clone(),
    })
}

/// The value with references to resources made words: no such reference is one
/// of the provider's own words, whatever the resource is called in the end.
fn settled(fact: Fact, depth: usize) -> Fact {
    if depth > 32 {
        return fact;
    }
    let deeper = depth.saturating_add(1);
    match fact {
        Fact::Known(mut known) => {
            known.value = match known.value {
                Value::Text(text) => match text.only_hole() {
                    Some(hole) if matches!(hole.cause, Cause::Resource { .. }) => {
                        Value::Text(Text::literal(format!("@{}", hole.label)))
                    }
                    _ => Value::Text(text),
                },
                Value::Set(mut set) => {
                    for item in &mut set.items {
                        item.fact = settled(std::mem::replace(&mut item.fact, NOTHING), deeper);
                    }
                    Value::Set(set)
                }
                Value::Map(mut map) => {
                    for entry in &mut map.entries {
                        entry.fact = settled(std::mem::replace(&mut entry.fact, NOTHING), deeper);
                    }
                    Value::Map(map)
                }
                plain @ (Value::Bool(_) | Value::Number(_) | Value::Subject(_)) => plain,
            };
            Fact::Known(known)
        }
        Fact::OneOf(mut one_of) => {
            for alternative in &mut one_of.alternatives {
                let fact = std::mem::replace(&mut alternative.fact, NOTHING);
                alternative.fact = settled(fact, deeper);
            }
            Fact::OneOf(one_of)
        }
        Fact::Unknown(unknown) if depth > 0 => unknown_but_there(unknown),
        Fact::Unknown(_) | Fact::Absent(_) => fact,
    }
}

/// What a parameter, import or lookup will fill in is written: only its value is
/// unknown.
fn unknown_but_there(unknown: Unknown) -> Fact {
    let (cause, label) = match &unknown.reason {
        Reason::Parameter(name) => (Cause::Parameter(name.clone()), name.clone()),
        Reason::Import(name) => (Cause::Import(name.clone()), name.clone()),
        Reason::MissingFile(_)
        | Reason::Lookup(_)
        | Reason::Unsupported(_)
        | Reason::Limit(_)
        | Reason::OtherComponent(_)
        | Reason::Elsewhere(_)
        | Reason::NotAnalysed(_)
        | Reason::Code
        | Reason::People => return Fact::Unknown(unknown),
    };
    let Some(place) = unknown.place else {
        return Fact::Unknown(unknown);
    };
    let hole = Hole {
        cause,
        label,
        span: place.span,
    };
    Fact::text(Text::hole(hole), place.span)
}

const NOTHING: Fact = Fact::Absent(underbelly_expression::Absent { place: None });

fn or_default(fact: Fact, otherwise: &Otherwise, head: Option<Span>) -> Fact {
    fact.map(|fact| match fact {
        Fact::Absent(_) => default(otherwise, head),
        Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) => fact.clone(),
    })
}

/// The value with a default put under a path where it is not written. What is
/// not there at all is made for it.
fn filled(fact: Fact, path: &str, otherwise: &Otherwise, head: Option<Span>, depth: usize) -> Fact {
    if depth > 8 {
        return fact;
    }
    let (name, rest) = match path.split_once('.') {
        Some((name, rest)) => (name, Some(rest)),
        None => (path, None),
    };
    let deeper = depth.saturating_add(1);
    fact.map(|fact| {
        let inner = fact.field(name).into_owned();
        let inner = match rest {
            Some(rest) => filled(inner, rest, otherwise, head, deeper),
            None => or_default(inner, otherwise, head),
        };
        put(fact, name, inner, head)
    })
}

fn put(into: &Fact, name: &str, value: Fact, head: Option<Span>) -> Fact {
    let span = head.unwrap_or(Span::new(FileId(0), 0, 0));
    let entry = Entry {
        key: name.into(),
        key_span: span,
        fact: value,
    };
    match into {
        Fact::Known(known) => match &known.value {
            Value::Map(map) => {
                let mut known = known.clone();
                let mut map = map.clone();
                map.entries.retain(|entry| &*entry.key != name);
                map.entries.push(entry);
                known.value = Value::Map(map);
                Fact::Known(known)
            }
            Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Set(_)
            | Value::Subject(_) => into.clone(),
        },
        Fact::Absent(_) => {
            let map = Map {
                entries: vec![entry],
                rest: None,
            };
            Fact::known(
                Value::Map(map),
                underbelly_expression::Basis::ProviderDefault,
                head.map(underbelly_source::Place::missing)
                    .into_iter()
                    .collect(),
            )
        }
        Fact::Unknown(_) | Fact::OneOf(_) => into.clone(),
    }
}
