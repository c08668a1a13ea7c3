//! Definitions of state machines as trees, however they are written: inline, as
//! text, or in a local file, with their substitutions filled in.

use std::collections::BTreeMap;

use underbelly_expression::{Entry, Fact, Item, Known, Map, Piece, Reason, Set, Text, Value};
use underbelly_source::{Diagnostic, Span};

use crate::draft::{Draft, StackDraft};
use crate::make::{splice, with};

/// How deep a definition is followed.
const DEPTH: usize = 200;

/// Gives every state machine of a stack its definition as a tree under `Definition`.
pub(crate) fn read_definitions(stack: &mut StackDraft<'_, '_>) {
    let mut drafts = std::mem::take(&mut stack.resources);
    for draft in &mut drafts {
        if &*draft.kind == "AWS::StepFunctions::StateMachine" {
            read_definition(stack, draft);
        }
    }
    stack.resources = drafts;
}

fn read_definition(stack: &mut StackDraft<'_, '_>, draft: &mut Draft) {
    if matches!(draft.properties, Fact::Unknown(_)) {
        return;
    }
    let inline = draft.properties.field("Definition").into_owned();
    let (tree, span) = if inline.is_absent() {
        match read_elsewhere(stack, draft) {
            Some(found) => found,
            None => return,
        }
    } else {
        let span = inline.head(draft.head);
        (parsed(stack, &inline, span), span)
    };
    let substitutions = draft
        .properties
        .field("DefinitionSubstitutions")
        .into_owned();
    let mut missing = BTreeMap::new();
    let tree = substituted(&tree, &substitutions, DEPTH, &mut missing);
    for (name, place) in missing {
        stack.report(
            Diagnostic::warning(
                "state-machine-substitution",
                format!("`{name}` has no value among the `DefinitionSubstitutions`"),
            )
            .at(place)
            .note("what stands there is taken as unknown"),
        );
    }
    draft.properties = with(&draft.properties, "Definition", tree, span);
}

/// A definition in `DefinitionString` or in a file.
fn read_elsewhere(stack: &mut StackDraft<'_, '_>, draft: &Draft) -> Option<(Fact, Span)> {
    let text = draft.properties.field("DefinitionString").into_owned();
    if !text.is_absent() {
        let span = text.head(draft.head);
        return Some((parsed(stack, &text, span), span));
    }
    for name in ["DefinitionUri", "DefinitionS3Location"] {
        let location = draft.properties.field(name).into_owned();
        if location.is_absent() {
            continue;
        }
        let span = location.head(draft.head);
        let path = location.as_text();
        let read = path.and_then(|path| stack.file(path, span));
        if path.is_none() {
            stack.reader.report_remote("the definition", span);
        }
        let path = path.unwrap_or("the definition's bucket");
        let reason = Reason::MissingFile(path.into());
        return Some((read.unwrap_or(Fact::unknown(reason, Some(span))), span));
    }
    None
}

/// Every case that is a text, as the document it holds.
fn parsed(stack: &mut StackDraft<'_, '_>, fact: &Fact, span: Span) -> Fact {
    let mut cases = Vec::new();
    for (guard, case) in fact.cases() {
        let tree = match case.as_pattern() {
            None => case.clone(),
            Some(text) => stack.json_text(text, case.head(span)).unwrap_or_else(|| {
                let message = "the definition is not a JSON document";
                stack.report(
                    Diagnostic::warning("state-machine-definition", message)
                        .at(case.head(span))
                        .note("its states are not modelled"),
                );
                Fact::unknown(Reason::Unsupported(message.into()), case.span())
            }),
        };
        cases.push((guard, tree));
    }
    Fact::one_of(cases)
}

/// Names in a definition that nothing gives a value, each with its first place.
type Missing = BTreeMap<String, Span>;

/// A tree with every `${Name}` replaced by its value; unknown where it has none.
fn substituted(tree: &Fact, substitutions: &Fact, depth: usize, missing: &mut Missing) -> Fact {
    tree.map(|case| {
        let Fact::Known(known) = case else {
            return case.clone();
        };
        let below = depth.saturating_sub(1);
        let value = match &known.value {
            Value::Text(text) => return substituted_text(case, text, substitutions, missing),
            Value::Map(map) if depth > 0 => Value::Map(Map {
                entries: map
                    .entries
                    .iter()
                    .map(|entry| Entry {
                        fact: substituted(&entry.fact, substitutions, below, missing),
                        ..entry.clone()
                    })
                    .collect(),
                rest: map.rest.clone(),
            }),
            Value::Set(set) if depth > 0 => Value::Set(Set {
                items: set
                    .items
                    .iter()
                    .map(|item| Item {
                        guard: item.guard.clone(),
                        fact: substituted(&item.fact, substitutions, below, missing),
                    })
                    .collect(),
                rest: set.rest.clone(),
            }),
            Value::Map(_) | Value::Set(_) => {
                let reason = Reason::Limit("the definition is nested too deeply".into());
                return Fact::unknown(reason, case.span());
            }
            Value::Bool(_) | Value::Number(_) | Value::Subject(_) => return case.clone(),
        };
        Fact::Known(Known {
            value,
            ..known.clone()
        })
    })
}

fn substituted_text(case: &Fact, text: &Text, substitutions: &Fact, missing: &mut Missing) -> Fact {
    let literals = text
        .pieces()
        .iter()
        .any(|piece| matches!(piece, Piece::Literal(text) if text.contains("${")));
    if !literals {
        return case.clone();
    }
    let mut template = String::new();
    let mut holes = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => template.push_str(literal),
            Piece::Hole(hole) => {
                // A name nobody can write stands for the hole.
                let name = format!("\u{1}{}", holes.len());
                template.push_str(&format!("${{{name}}}"));
                let fact = Fact::text(Text::hole(hole.clone()), hole.span);
                holes.push((name, fact));
            }
        }
    }
    let (entries, rest) = substitutions.entries();
    let mut lacking = Vec::new();
    if let (None, Some(place)) = (rest, case.span()) {
        let known = |name: &str| entries.iter().any(|(_, entry)| *entry.key == *name);
        for name in names(&template).filter(|name| !known(name)) {
            let written = format!("${{{name}}}");
            let reason = Reason::Lookup(written.as_str().into());
            missing.entry(written).or_insert(place);
            lacking.push((name.to_owned(), Fact::unknown(reason, Some(place))));
        }
    }
    let used: Vec<_> = entries
        .into_iter()
        .filter(|(_, entry)| template.contains(&format!("${{{}}}", entry.key)))
        .collect();
    let Some(span) = case
        .span()
        .filter(|_| !used.is_empty() || !lacking.is_empty())
    else {
        return case.clone();
    };
    let values: Vec<(&str, &Fact)> = used
        .iter()
        .map(|(_, entry)| (&*entry.key, &entry.fact))
        .chain(holes.iter().map(|(name, fact)| (name.as_str(), fact)))
        .chain(lacking.iter().map(|(name, fact)| (name.as_str(), fact)))
        .collect();
    splice(&template, &values, span)
}

/// The names to substitute: letters, digits and underscores between `${` and `}`.
fn names(template: &str) -> impl Iterator<Item = &str> {
    let begun = template.split("${").skip(1);
    let names = begun.filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    let plain = |name: &&str| {
        let mut letters = name.chars();
        !name.is_empty() && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    names.filter(plain)
}
