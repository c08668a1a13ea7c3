//! Simple facts: properties translated and conditions over properties.

use std::borrow::Cow;
use std::sync::Arc;

use underbelly_expression::{
    Asked, Basis, Expression, Fact, Guard, Item, Judge, Nowhere, Reason, Set, SubjectId, Text,
    Value,
};
use underbelly_library::{Case, FactRule, FactSource, FromProperty, Otherwise, Plain};
use underbelly_source::{Place, Span};

use super::anywhere::Anywhere;
use super::attached::{Attached, Leads};
use super::paths::first_of;
use super::references::{Refers, pointed_at};
use super::scope::Scope;
use super::shape::{Form, Shape, Shapes};
use crate::draft::Draft;
use crate::worlds::with_value;

/// Sets facts of a component or part.
pub(super) fn set(
    draft: &mut Draft<'_>,
    attached: &Attached,
    scope: &Scope<'_>,
    subject: SubjectId,
    rules: &[FactRule],
    shapes: &Shapes,
) {
    for rule in rules {
        let Some(shape) = shapes.get(&rule.name) else {
            continue;
        };
        let fact = match &rule.source {
            FactSource::From(from) => from_property(draft, scope, from, shape),
            FactSource::Cases(cases) => by_conditions(draft, scope, cases),
            FactSource::Always(value) => default(value, scope.head),
            FactSource::Join { paths, absent } => join(draft, scope, paths, absent.as_ref()),
            FactSource::Condition {
                condition,
                names,
                defaults,
            } => {
                let tree = scope.tree(names, defaults);
                let judge = Judge::new(&Nowhere, &draft.graph.worlds);
                judge.fact(Asked::new(condition, &tree))
            }
            FactSource::Refers {
                paths,
                kinds,
                declared,
            } => {
                let refers = Refers {
                    paths,
                    kinds,
                    declared: *declared,
                };
                refers.fact(draft, scope, shape)
            }
            FactSource::PointedAtBy { by, absent } => {
                let types = by.iter();
                let leads = types.flat_map(|(kind, paths)| {
                    attached.leads(subject, std::slice::from_ref(kind), paths)
                });
                let leads: Vec<Leads> = leads.collect();
                pointed_at(draft, scope, leads, absent.as_ref(), shape)
            }
            FactSource::Anywhere {
                resource,
                condition,
                collect,
                each,
            } => {
                let anywhere = Anywhere {
                    resource,
                    condition: condition.as_ref(),
                    collect,
                    each: each.as_ref(),
                };
                anywhere.fact(draft, shape)
            }
            // Those wait until all parts stand.
            FactSource::Over(_) => continue,
        };
        draft.set(subject, rule.name.clone(), fact);
    }
}

/// A condition over the facts and parts of a component.
pub(super) fn over(draft: &Draft<'_>, subject: SubjectId, condition: &Expression) -> Fact {
    let judge = Judge::new(draft, &draft.graph.worlds);
    judge.fact(Asked::new(condition, subject))
}

impl underbelly_expression::Scope for Draft<'_> {
    fn fact(&self, subject: SubjectId, name: &str) -> Option<&Fact> {
        Draft::fact(self, subject, name)
    }

    fn label(&self, subject: SubjectId) -> String {
        let component = self.components.get(subject.index());
        let part = self.parts.get(subject.index());
        match (subject.is_part(), component, part) {
            (true, _, Some(part)) => part.key.to_string(),
            (false, Some(component), _) => component.name.to_string(),
            _ => "?".to_owned(),
        }
    }
}

/// What holds where nothing is written.
pub(super) fn default(otherwise: &Otherwise, head: Option<Span>) -> Fact {
    let value = match &otherwise.value {
        None => {
            let why = Reason::Elsewhere("not written here".into());
            return Fact::unknown(why, head);
        }
        Some(Plain::Bool(value)) => Value::Bool(*value),
        Some(Plain::Number(number)) => Value::Number(*number),
        Some(Plain::Text(text)) => Value::Text(Text::literal(text.clone())),
        Some(Plain::List(list)) => Value::Set(Set {
            items: list.iter().map(|text| item(text, head)).collect(),
            rest: None,
        }),
    };
    let note = match &otherwise.since {
        Some(since) => format!("the provider's default since {since}"),
        None => "the provider's default".to_owned(),
    };
    Fact::default(value, Basis::ProviderDefault, head, &note)
}

fn item(text: &Arc<str>, head: Option<Span>) -> Item {
    let value = Value::Text(Text::literal(text.clone()));
    Item {
        guard: Guard::always(),
        fact: Fact::default(value, Basis::ProviderDefault, head, ""),
    }
}

fn from_property(draft: &Draft<'_>, scope: &Scope<'_>, from: &FromProperty, shape: &Shape) -> Fact {
    if shape.form == Form::Texts && !from.keys && !from.flags {
        return all_texts(scope, from);
    }
    let mut fact = Cow::Owned(Fact::absent(scope.head));
    for path in &from.paths {
        if matches!(*fact, Fact::Known(_)) {
            break;
        }
        let next = scope.first(draft, path);
        if fact.is_absent() {
            fact = next;
            continue;
        }
        fact = Cow::Owned(fact.map(|fact| match fact {
            Fact::Absent(_) => next.clone().into_owned(),
            // What cannot be told here may stand there.
            Fact::Unknown(_) if next.as_known().is_some() => next.clone().into_owned(),
            Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) => fact.clone(),
        }));
    }
    fact.map(|fact| translated(fact, scope, from, shape))
}

/// All values under all the paths as one set.
fn all_texts(scope: &Scope<'_>, from: &FromProperty) -> Fact {
    let mut set = Set::default();
    for (guard, value) in from.paths.iter().flat_map(|path| scope.each(path)) {
        match texts(&value, from) {
            Fact::Known(known) => {
                let items = match known.value {
                    Value::Set(found) => found.items,
                    _ => Vec::new(),
                };
                set.items.extend(items.into_iter().filter_map(|item| {
                    Some(Item {
                        guard: guard.and(&item.guard)?,
                        fact: item.fact,
                    })
                }));
            }
            Fact::Unknown(unknown) => set.rest = set.rest.take().or(Some(unknown)),
            Fact::OneOf(_) | Fact::Absent(_) => {}
        }
    }
    if set.items.is_empty() && set.rest.is_none() {
        if let Some(otherwise) = &from.absent {
            return default(otherwise, scope.head);
        }
        let places = scope.head.map(Place::missing).into_iter().collect();
        return Fact::known(Value::Set(set), Basis::Written, places);
    }
    let places = set.items.iter().filter_map(|item| item.fact.span());
    let places = places.map(Place::here).collect();
    Fact::known(Value::Set(set), Basis::Written, places)
}

/// The value of the first condition that holds.
fn by_conditions(draft: &Draft<'_>, scope: &Scope<'_>, cases: &[Case]) -> Fact {
    let worlds = &draft.graph.worlds;
    let mut found = Vec::new();
    for case in cases {
        let otherwise = Otherwise {
            value: Some(case.value.clone()),
            source: None,
            since: None,
        };
        let plain = default(&otherwise, scope.head);
        let Fact::Known(plain) = plain else { continue };
        if case.condition.is_true() {
            found.push((Guard::always(), Fact::Known(plain)));
            break;
        }
        let tree = scope.tree(&case.names, &[]);
        let fact = Judge::new(&Nowhere, worlds).fact(Asked::new(&case.condition, &tree));
        for (guard, fact) in fact.cases() {
            match fact {
                Fact::Known(known) if known.value == Value::Bool(true) => {
                    found.push((guard, with_value(known, plain.value.clone())));
                }
                Fact::Known(_) | Fact::Absent(_) | Fact::OneOf(_) => {}
                Fact::Unknown(_) => found.push((guard, fact.clone())),
            }
        }
    }
    let otherwise = Fact::unknown(Reason::Elsewhere("not written here".into()), scope.head);
    first_of(found, otherwise, worlds)
}

/// Different values as one text.
fn join(
    draft: &Draft<'_>,
    scope: &Scope<'_>,
    paths: &[Arc<str>],
    absent: Option<&Otherwise>,
) -> Fact {
    let mut joined = Text::default();
    let mut last: Option<Text> = None;
    let mut places = Vec::new();
    for path in paths {
        let fact = scope.first(draft, path);
        let text = match &*fact {
            Fact::Known(known) => plain_text(&known.value).or_else(|| Some(known.value.clone())),
            Fact::Absent(_) => None,
            Fact::Unknown(_) => return fact.into_owned(),
            Fact::OneOf(_) => {
                let why = Reason::NotAnalysed("a text joined of conditional values".into());
                return Fact::unknown(why, fact.span());
            }
        };
        let Some(Value::Text(text)) = text else {
            continue;
        };
        if last.as_ref() == Some(&text) {
            continue;
        }
        if last.is_some() {
            joined.push_literal("-");
        }
        joined.push(&text);
        places.extend(fact.span().map(Place::here));
        last = Some(text);
    }
    match (joined.is_empty(), absent) {
        (false, _) => Fact::known(Value::Text(joined), Basis::Written, places),
        (true, Some(otherwise)) => default(otherwise, scope.head),
        (true, None) => Fact::absent(scope.head),
    }
}

fn translated(fact: &Fact, scope: &Scope<'_>, from: &FromProperty, shape: &Shape) -> Fact {
    match fact {
        Fact::Absent(_) => match &from.absent {
            Some(otherwise) => default(otherwise, scope.head),
            None if shape.optional => Fact::absent(scope.head),
            None if shape.form == Form::Texts => {
                let none = Value::Set(Set::default());
                let places = scope.head.map(Place::missing).into_iter().collect();
                Fact::known(none, Basis::Written, places)
            }
            None => Fact::unknown(Reason::Elsewhere("not written here".into()), scope.head),
        },
        Fact::Unknown(_) | Fact::OneOf(_) => fact.clone(),
        Fact::Known(known) => {
            let value = match &shape.form {
                Form::Texts => return texts(fact, from),
                Form::Bool => as_bool(fact, from),
                Form::Number => fact.as_number().map(Value::Number),
                Form::Enum(words) => as_word(fact, from, words),
                Form::Text => fact
                    .as_pattern()
                    .map(|text| Value::Text(text.clone()))
                    .or_else(|| plain_text(&known.value)),
                Form::Reference(_) | Form::References(_) | Form::Parts(_) => None,
            };
            match value {
                Some(value) => with_value(known, value),
                None => unreadable(fact),
            }
        }
    }
}

/// A value that does not say what it should: holes say why, anything else is odd.
fn unreadable(fact: &Fact) -> Fact {
    let hole = fact.as_pattern().and_then(|text| text.holes().next());
    let reason = match hole.map(|hole| (&hole.cause, &hole.label)) {
        Some((underbelly_expression::Cause::Parameter(name), _)) => Reason::Parameter(name.clone()),
        Some((underbelly_expression::Cause::Import(name), _)) => Reason::Import(name.clone()),
        Some((_, label)) => Reason::Lookup(label.clone()),
        None => match fact.as_text() {
            Some(text) => Reason::Unsupported(text.into()),
            None => Reason::Unsupported("a value of another form".into()),
        },
    };
    Fact::unknown(reason, fact.span())
}

fn plain_text(value: &Value) -> Option<Value> {
    let text = match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(_) | Value::Set(_) | Value::Map(_) | Value::Subject(_) => return None,
    };
    Some(Value::Text(Text::literal(text)))
}

/// The word a value is mapped to.
fn mapped<'f>(fact: &Fact, from: &'f FromProperty) -> Option<&'f str> {
    let written = match &fact.as_known()?.value {
        Value::Text(text) => text.known()?.to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Set(_) | Value::Map(_) | Value::Subject(_) => return None,
    };
    let found = from.map.iter().find(|(word, _)| **word == *written);
    found
        .map(|(_, stands_for)| stands_for)
        .or(from.otherwise.as_ref())
        .map(|word| &**word)
}

fn as_bool(fact: &Fact, from: &FromProperty) -> Option<Value> {
    if from.map.is_empty() && from.otherwise.is_none() {
        return fact.as_bool().map(Value::Bool);
    }
    mapped(fact, from)?.parse().ok().map(Value::Bool)
}

fn as_word(fact: &Fact, from: &FromProperty, words: &[Arc<str>]) -> Option<Value> {
    let word = match mapped(fact, from) {
        Some(word) => word.to_owned(),
        None => {
            let word = fact.as_text()?.to_ascii_lowercase();
            word.replace(['-', ' '], "_")
        }
    };
    let member = words.iter().find(|member| ***member == *word)?;
    Some(Value::Text(Text::literal(member.clone())))
}

/// A list as a set of texts: its items, or the names of its entries.
fn texts(fact: &Fact, from: &FromProperty) -> Fact {
    let Fact::Known(known) = fact else {
        return fact.clone();
    };
    let mut set = Set::default();
    if from.keys || from.flags {
        let (entries, rest) = fact.entries();
        set.rest = rest.cloned();
        for (guard, entry) in entries {
            let name = Fact::text(Text::literal(word(&entry.key, from)), entry.key_span);
            if !from.flags {
                set.items.push(Item { guard, fact: name });
                continue;
            }
            for (inner, on) in entry.fact.cases() {
                let Some(guard) = guard.and(&inner) else {
                    continue;
                };
                match on.as_bool() {
                    Some(true) => {
                        let mut fact = name.clone();
                        if let (Fact::Known(to), Fact::Known(on)) = (&mut fact, on) {
                            to.basis = on.basis;
                            to.places = on.places.clone();
                        }
                        set.items.push(Item { guard, fact });
                    }
                    Some(false) => {}
                    None => {
                        if let Fact::Unknown(unknown) = unreadable(on) {
                            set.rest = set.rest.take().or(Some(unknown));
                        }
                    }
                }
            }
        }
    } else {
        let (items, rest) = fact.items();
        set.rest = rest.cloned();
        for (guard, value) in items {
            let mut value = value.clone();
            if let Fact::Known(known) = &mut value
                && let Some(text) = plain_text(&known.value)
            {
                known.value = text;
            }
            if let (Some(word), Fact::Known(known)) = (mapped(&value, from), &mut value) {
                known.value = Value::Text(Text::literal(word));
            }
            set.items.push(Item { guard, fact: value });
        }
    }
    with_value(known, Value::Set(set))
}

fn word(name: &Arc<str>, from: &FromProperty) -> Arc<str> {
    let found = from.map.iter().find(|(written, _)| written == name);
    found.map_or_else(|| name.clone(), |(_, word)| word.clone())
}
