//! An answer fills what nobody could tell, and nothing else: what a template shows
//! stays, in the worlds and for the items where it shows it.

use underbelly_expression::{Basis, Fact, Item, Known, Set, Text, Value};
use underbelly_source::Place;

/// What came of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// The fact, with the answer where it was open.
    With(Fact),
    /// A template shows all of it, here.
    Shown(Option<Place>),
}

/// Lays an answer over what is known of a fact.
pub(crate) fn fill(known: Option<&Fact>, answer: &Fact) -> Filled {
    let Some(known) = known else {
        return Filled::With(answer.clone());
    };
    let mut shown = None;
    let mut open = false;
    let filled = known.map(|case| match filled(case, answer) {
        Some(filled) => {
            open = true;
            filled
        }
        None => {
            shown = shown.or(case.span());
            case.clone()
        }
    });
    match open {
        true => Filled::With(filled),
        false => Filled::Shown(shown.map(Place::here)),
    }
}

/// One case with the answer; none where a template shows it.
fn filled(case: &Fact, answer: &Fact) -> Option<Fact> {
    match case {
        Fact::Unknown(_) => Some(answer.clone()),
        // Nothing is written, and that says it; unless it is the answer itself.
        Fact::Absent(absent) => (absent.place.is_none() || case == answer).then(|| answer.clone()),
        Fact::OneOf(_) => None,
        Fact::Known(known) => match known.basis {
            Basis::LibraryAssumption | Basis::Person | Basis::Code => {
                Some(with_items(known, answer))
            }
            Basis::Written | Basis::ProviderDefault | Basis::ParameterDefault => {
                match &known.value {
                    Value::Set(set) if is_open(set) => Some(with_items(known, answer)),
                    Value::Text(text) => fits(text, answer).then(|| answer.clone()),
                    Value::Set(_)
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::Map(_)
                    | Value::Subject(_) => None,
                }
            }
        },
    }
}

/// Whether there may be items that nobody can tell.
fn is_open(set: &Set) -> bool {
    set.rest.is_some() || !set.items.iter().all(is_told)
}

/// Whether an item is known through and through.
fn is_told(item: &Item) -> bool {
    match item.fact.as_known().map(|known| &known.value) {
        Some(Value::Text(text)) => text.known().is_some(),
        Some(_) => true,
        None => false,
    }
}

/// Of a set, the items that a template shows are kept.
fn with_items(known: &Known, answer: &Fact) -> Fact {
    let Fact::Known(answered) = answer else {
        return answer.clone();
    };
    let (Value::Set(shown), Value::Set(said)) = (&known.value, &answered.value) else {
        return answer.clone();
    };
    let is_shown = |item: &&Item| match item.fact.as_known().map(|known| known.basis) {
        Some(Basis::Written | Basis::ProviderDefault | Basis::ParameterDefault) => is_told(item),
        Some(Basis::Code | Basis::Person | Basis::LibraryAssumption) | None => false,
    };
    let mut items: Vec<Item> = shown.items.iter().filter(is_shown).cloned().collect();
    for item in &said.items {
        let value = |item: &Item| item.fact.as_known().map(|known| known.value.clone());
        if !items
            .iter()
            .any(|known| known.guard.is_always() && value(known) == value(item))
        {
            items.push(item.clone());
        }
    }
    Fact::Known(Known {
        value: Value::Set(Set { items, rest: None }),
        ..answered.clone()
    })
}

/// Whether a text with holes may be the one that was given.
fn fits(text: &Text, answer: &Fact) -> bool {
    let Some(said) = answer.as_text() else {
        return false;
    };
    let (start, end) = (text.prefix(), text.suffix());
    text.known().is_none()
        && said.len() >= start.len().saturating_add(end.len())
        && said.starts_with(start)
        && said.ends_with(end)
}
