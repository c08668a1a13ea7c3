//! Environment variables: whether they look secret, stand in the open, or only
//! name something.

use std::sync::Arc;

use underbelly_expression::{Basis, Cause, Fact, Known, Reason, SubjectId, Text, Value};
use underbelly_iac::{Resource, Stack};
use underbelly_source::{Place, Span};

use super::{facts, reach};
use crate::draft::Draft;

/// Adds `looks_secret`, `plain` and `is_reference` to the variables of functions.
pub(super) fn add(draft: &mut Draft<'_>) {
    for function in draft.of_kind("function") {
        if let Some((_, resource)) = draft.resource_of(function) {
            of_function(draft, function, resource);
        }
    }
}

fn of_function(draft: &mut Draft<'_>, function: SubjectId, resource: &Resource) {
    let stack = draft.graph.stack(resource.stack);
    let variables = resource.properties.path("Environment.Variables");
    let (entries, rest) = variables.entries();
    if let Some(rest) = rest
        && draft.fact(function, "variables").is_none()
    {
        let fact = facts::subjects([], Some(rest.clone()), Some(resource.head));
        draft.set(function, "variables", fact);
    }
    for (guard, entry) in entries {
        let key = &*entry.key;
        let known = draft.parts_of(function, "variables").into_iter();
        let mut known = known.filter(|part| {
            let part = draft.parts.get(part.index());
            part.is_some_and(|part| *part.key == *key)
        });
        let part = match known.next() {
            Some(part) => part,
            None => {
                let place = Some(entry.key_span);
                let part = draft.add_part(function, "variables", "variable", key, place, guard);
                let name = Fact::text(key, entry.key_span);
                draft.set(part, "name", name);
                part
            }
        };
        let secret = entry.fact.map(|case| looks_secret(draft, key, case));
        let plain = entry.fact.map(|case| plain(stack, case));
        let reference = entry.fact.map(|case| is_reference(case, entry.key_span));
        draft.set(part, "looks_secret", secret);
        draft.set(part, "plain", plain);
        draft.set(part, "is_reference", reference);
    }
    draft.list_one(function, "variables");
}

/// Whether a value is one to keep, by its name or its form.
pub(super) fn looks_secret(draft: &Draft<'_>, name: &str, value: &Fact) -> Fact {
    let list = &draft.library.data.words;
    let places = value.span().map(Place::here).into_iter().collect();
    let hint = |is: bool, note: String| {
        facts::noted(facts::yes_no(is, Basis::LibraryAssumption, places), &note)
    };
    if let Some(shape) = value.as_pattern().and_then(|text| shape_of(list, text)) {
        return hint(true, format!("its value has the form of a secret: {shape}"));
    }
    match list.secret_name(name) {
        Some(_) if is_no_secret(value) => hint(false, "its value only names something".into()),
        Some(word) => hint(true, format!("its name holds `{word}`")),
        None => hint(false, "neither its name nor its value says so".into()),
    }
}

fn shape_of(words: &underbelly_library::Words, text: &Text) -> Option<String> {
    words.secret_shape(text.known().unwrap_or(&text.to_string()))
}

/// Values that cannot be secrets whatever they are called.
fn is_no_secret(value: &Fact) -> bool {
    match value {
        Fact::Absent(_) => true,
        Fact::Known(known) => match &known.value {
            Value::Bool(_) => true,
            Value::Text(text) => match text.known() {
                Some(text) => matches!(text.trim(), "" | "true" | "false") || is_address(text),
                None => names_something(text),
            },
            Value::Number(_) | Value::Set(_) | Value::Map(_) | Value::Subject(_) => false,
        },
        Fact::Unknown(_) | Fact::OneOf(_) => false,
    }
}

fn is_address(text: &str) -> bool {
    text.starts_with("arn:") || text.starts_with("https://") || text.starts_with("http://")
}

/// Whether a text stands for a resource, unless for what is secret about it.
fn names_something(text: &Text) -> bool {
    let mut named = false;
    for hole in text.holes() {
        match &hole.cause {
            Cause::Resource { attribute, .. } => {
                if is_secret_attribute(attribute) {
                    return false;
                }
                named = true;
            }
            Cause::Pseudo(_) => {}
            Cause::Import(_)
            | Cause::Parameter(_)
            | Cause::Lookup { .. }
            | Cause::Runtime
            | Cause::Unresolved => {
                return false;
            }
        }
    }
    named || text.prefix().starts_with("arn:")
}

/// Attributes that are secrets themselves, whatever resource they are of.
pub(super) fn is_secret_attribute(attribute: &str) -> bool {
    matches!(
        attribute,
        "SecretAccessKey" | "ClientSecret" | "ApiKey" | "Password" | "PrivateKey" | "Secret"
    )
}

/// Whether a value can be read in the template, or in a parameter that is not masked.
pub(super) fn plain(stack: Option<&Stack>, value: &Fact) -> Fact {
    let here = |is: bool, known: &Known| {
        Fact::Known(Known {
            value: Value::Bool(is),
            ..known.clone()
        })
    };
    match value {
        Fact::Known(known) => match &known.value {
            Value::Text(text) => match readable(stack, text) {
                Ok(is) => here(is, known),
                Err(reason) => Fact::unknown(reason, value.span()),
            },
            Value::Bool(_) | Value::Number(_) => here(true, known),
            Value::Set(_) | Value::Map(_) | Value::Subject(_) => here(false, known),
        },
        Fact::Unknown(_) | Fact::OneOf(_) => value.clone(),
        Fact::Absent(_) => facts::nothing_says(value.span(), "it has no value"),
    }
}

fn readable(stack: Option<&Stack>, text: &Text) -> Result<bool, Reason> {
    if text.known().is_some() {
        return Ok(!text.is_empty());
    }
    let mut unmasked = false;
    for hole in text.holes() {
        match &hole.cause {
            Cause::Parameter(name) => match masked(stack, name) {
                Some(true) => return Ok(false),
                Some(false) => unmasked = true,
                None => return Err(Reason::Parameter(name.clone())),
            },
            Cause::Resource { .. } | Cause::Pseudo(_) | Cause::Lookup { .. } => {}
            Cause::Import(_) | Cause::Runtime | Cause::Unresolved => {
                return Err(reach::reason(&hole.cause, &hole.label));
            }
        }
    }
    // What is written around a reference may hold a password in an address.
    let shown = text.to_string();
    Ok(unmasked
        || underbelly_library::Words::default()
            .secret_shape(&shown)
            .is_some())
}

fn masked(stack: Option<&Stack>, name: &str) -> Option<bool> {
    let mut parameters = stack?.parameters.iter();
    parameters.find(|p| *p.name == *name).map(|p| p.no_echo)
}

/// Whether a value only names something else.
fn is_reference(value: &Fact, place: Span) -> Fact {
    let here = |is: bool, known: &Known| {
        Fact::Known(Known {
            value: Value::Bool(is),
            ..known.clone()
        })
    };
    match value {
        Fact::Known(known) => match &known.value {
            Value::Text(text) => {
                let from_outside = text.only_hole().and_then(|hole| match &hole.cause {
                    Cause::Parameter(name) => Some(Reason::Parameter(Arc::clone(name))),
                    Cause::Import(name) => Some(Reason::Import(Arc::clone(name))),
                    Cause::Resource { .. }
                    | Cause::Pseudo(_)
                    | Cause::Lookup { .. }
                    | Cause::Runtime
                    | Cause::Unresolved => None,
                });
                match from_outside {
                    Some(reason) => Fact::unknown(reason, value.span()),
                    None => here(names_something(text), known),
                }
            }
            Value::Bool(_)
            | Value::Number(_)
            | Value::Set(_)
            | Value::Map(_)
            | Value::Subject(_) => here(false, known),
        },
        Fact::Absent(_) => facts::yes_no(false, Basis::Written, vec![Place::here(place)]),
        Fact::Unknown(_) | Fact::OneOf(_) => value.clone(),
    }
}
