//! Secrets that stand in a template: in properties, in defaults of parameters, in
//! outputs; and parameters of the provider's store whose names suggest a secret.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Cause, Fact, Places, SubjectId, Text, Value};
use underbelly_iac::{Output, Parameter, Stack, StackId};
use underbelly_library::Words;
use underbelly_source::{Place, Span};

use super::{facts, variables};
use crate::draft::Draft;

/// Properties nested deeper than this are not searched.
const DEEPEST: usize = 8;

/// Properties that hold programs, documents or names of other fields.
const SKIPPED: &[&str] = &[
    "Body",
    "Definition",
    "DefinitionString",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "Policies",
    "RequestParameters",
    "RequestTemplates",
    "ZipFile",
    "Tags",
    "Variables",
    "InputPath",
    "InputTemplate",
    "EventPattern",
    "FilterPattern",
    "Schema",
    "SchemaDefinition",
    "UserData",
];

/// Adds what stacks say in the open, and what stored parameters look like.
pub(super) fn add(draft: &mut Draft<'_>) {
    let literal = literals(draft);
    let places = literal.values().flatten().flat_map(|(_, places)| places);
    let mut spans: Vec<Span> = places.map(|place| place.span).collect();
    spans.extend(variables_with_secrets(draft));
    draft.secrets.extend(spans);
    for index in 0..draft.graph.stacks.len() {
        let id = StackId(index as u32);
        let (Some(component), Some(stack)) =
            (draft.stacks.get(index).copied(), draft.graph.stack(id))
        else {
            continue;
        };
        of_stack(
            draft,
            component,
            stack,
            literal.get(&id).cloned().unwrap_or_default(),
        );
    }
    for secret in draft.of_kind("secret") {
        if let Some((_, resource)) = draft.resource_of(secret) {
            let list = &draft.library.data.words;
            let name = resource.properties.field("Name");
            let name = name.as_pattern().map(Text::to_string).unwrap_or_default();
            // The logical id only speaks where there is no name.
            let found = match name.is_empty() {
                true => list.secret_name(&resource.logical_id),
                false => list.secret_name(&name),
            };
            let places = vec![Place::here(name_place(&resource.properties, resource.head))];
            let note = match &found {
                Some(word) => format!("its name holds `{word}`"),
                None => "its name does not say so".to_owned(),
            };
            let fact = facts::yes_no(found.is_some(), Basis::LibraryAssumption, places);
            draft.set(secret, "looks_secret", facts::noted(fact, &note));
        }
    }
}

fn name_place(properties: &Fact, head: Span) -> Span {
    properties.field("Name").head(head)
}

type Found = Vec<(String, Places)>;

fn of_stack(draft: &mut Draft<'_>, component: SubjectId, stack: &Stack, mut literal: Found) {
    let list = &draft.library.data.words;
    let mut unmasked = Found::new();
    let mut spans = Vec::new();
    for parameter in &stack.parameters {
        if list.secret_name(&parameter.name).is_none() || is_looked_up(parameter) {
            continue;
        }
        if !parameter.no_echo {
            let place = Place::here(parameter.span);
            unmasked.push((parameter.name.to_string(), vec![place]));
        }
        if let Some(default) = &parameter.default
            && is_literal(default)
        {
            let places: Places = default.span().map(Place::here).into_iter().collect();
            spans.extend(default.span());
            literal.push((parameter.name.to_string(), places));
        }
    }
    let shown = stack
        .outputs
        .iter()
        .filter(|output| shows(list, stack, output));
    let shown = shown.map(|output| (output.name.to_string(), vec![Place::here(output.span)]));
    let shown: Found = shown.collect();
    draft.secrets.extend(spans);
    for (name, found) in [
        ("literal_secrets", literal),
        ("unmasked_parameters", unmasked),
        ("secret_outputs", shown),
    ] {
        let head = Place::missing(stack.span);
        let items = found
            .into_iter()
            .map(|(name, places)| (Text::literal(name), Basis::LibraryAssumption, places));
        let fact = facts::words(items, None, Basis::LibraryAssumption, vec![head]);
        draft.set(component, name, fact);
    }
}

/// A parameter that the provider looks up holds the name of a value, not the value.
fn is_looked_up(parameter: &Parameter) -> bool {
    let hole = parameter.value.as_pattern().and_then(Text::only_hole);
    hole.is_some_and(|hole| matches!(hole.cause, Cause::Lookup { .. }))
}

fn is_literal(fact: &Fact) -> bool {
    fact.as_text().is_some_and(is_literal_text)
}

fn is_literal_text(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.starts_with("arn:") && !text.starts_with("{{resolve:")
}

/// Whether a value is one by its form, or by its name where it is written out.
pub(crate) fn looks_secret(list: &Words, name: &str, value: &str) -> bool {
    let named = || list.secret_name(name).is_some() && is_literal_text(value);
    list.secret_shape(value).is_some() || named()
}

/// Whether an output shows something secret.
fn shows(list: &Words, stack: &Stack, output: &Output) -> bool {
    let named = list.secret_name(&output.name).is_some();
    output.value.cases().any(|(_, case)| {
        let Some(text) = case.as_pattern() else {
            return false;
        };
        if let Some(known) = text.known() {
            return list.secret_shape(known).is_some() || (named && is_literal(case));
        }
        text.holes().any(|hole| match &hole.cause {
            Cause::Parameter(name) => {
                let mut parameters = stack.parameters.iter();
                let masked = parameters.any(|p| *p.name == **name && p.no_echo);
                masked || named
            }
            Cause::Resource { attribute, .. } => variables::is_secret_attribute(attribute),
            Cause::Lookup { service, .. } => matches!(&**service, "secretsmanager" | "ssm-secure"),
            Cause::Pseudo(_) | Cause::Import(_) | Cause::Runtime | Cause::Unresolved => false,
        })
    })
}

/// Where secrets stand among variables of functions. Those are masked, but told as
/// facts of the function, not of the stack.
fn variables_with_secrets(draft: &Draft<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for function in draft.of_kind("function") {
        for part in draft.parts_of(function, "variables") {
            let yes = |name: &str| {
                let known = draft.fact(part, name).and_then(Fact::as_known);
                known.filter(|known| known.value == Value::Bool(true))
            };
            let (Some(_), Some(plain)) = (yes("looks_secret"), yes("plain")) else {
                continue;
            };
            // A parameter's default is counted where it stands.
            if plain.basis == Basis::Written {
                spans.extend(plain.places.iter().map(|place| place.span));
            }
        }
    }
    spans
}

/// Secrets written into properties, by stack: `Db.MasterUserPassword`.
fn literals(draft: &Draft<'_>) -> BTreeMap<StackId, Found> {
    let mut found: BTreeMap<StackId, Found> = BTreeMap::new();
    let list = &draft.library.data.words;
    for (_, resource) in draft.graph.iter() {
        let mut here = Found::new();
        search(list, &resource.properties, "", 0, &mut here);
        for (name, places) in here {
            let name = format!("{}.{name}", resource.logical_id);
            found
                .entry(resource.stack)
                .or_default()
                .push((name, places));
        }
    }
    found
}

fn search(list: &Words, fact: &Fact, name: &str, depth: usize, into: &mut Found) {
    if depth > DEEPEST {
        return;
    }
    for (_, case) in fact.cases() {
        let Some(known) = case.as_known() else {
            continue;
        };
        match &known.value {
            Value::Map(map) => {
                for entry in &map.entries {
                    if !SKIPPED.contains(&&*entry.key) {
                        search(list, &entry.fact, &entry.key, depth + 1, into);
                    }
                }
            }
            Value::Set(set) => {
                for item in &set.items {
                    search(list, &item.fact, name, depth + 1, into);
                }
            }
            Value::Text(text) => {
                let Some(text) = text.known().filter(|_| known.basis == Basis::Written) else {
                    continue;
                };
                let by_shape = list.secret_shape(text).is_some();
                let by_name = is_property(name) && is_literal(case) && !is_word(text);
                if by_shape || by_name {
                    into.push((name.to_owned(), known.places.clone()));
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::Subject(_) => {}
        }
    }
}

/// Properties whose value is a secret, in the provider's words.
fn is_property(name: &str) -> bool {
    matches!(
        name,
        "MasterUserPassword"
            | "MasterPassword"
            | "Password"
            | "AdminPassword"
            | "AuthToken"
            | "SecretString"
            | "ClientSecret"
            | "client_secret"
            | "OAuthToken"
            | "AccessToken"
            | "PersonalAccessToken"
            | "ApiKeyValue"
            | "SecretToken"
            | "PrivateKey"
    )
}

/// A single lower-case word there says what to do, not what the secret is.
fn is_word(text: &str) -> bool {
    matches!(text, "true" | "false" | "none" | "null")
}
