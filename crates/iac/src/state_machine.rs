//! Definitions of state machines as trees, however they are written: inline, as
//! text, or in a local file, with their substitutions filled in.

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
    let tree = substituted(&tree, &substitutions, DEPTH);
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

/// A tree with every `${Name}` that is substituted replaced by its value.
fn substituted(tree: &Fact, substitutions: &Fact, depth: usize) -> Fact {
    if substitutions.is_absent() {
        return tree.clone();
    }
    tree.map(|case| {
        let Fact::Known(known) = case else {
            return case.clone();
        };
        let below = depth.saturating_sub(1);
        let value = match &known.value {
            Value::Text(text) => return substituted_text(case, text, substitutions),
            Value::Map(map) if depth > 0 => Value::Map(Map {
                entries: map
                    .entries
                    .iter()
                    .map(|entry| Entry {
                        fact: substituted(&entry.fact, substitutions, below),
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
                        fact: substituted(&item.fact, substitutions, below),
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

fn substituted_text(case: &Fact, text: &Text, substitutions: &Fact) -> Fact {
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
    let (entries, _) = substitutions.entries();
    let used: Vec<_> = entries
        .into_iter()
        .filter(|(_, entry)| template.contains(&format!("${{{}}}", entry.key)))
        .collect();
    let Some(span) = case.span().filter(|_| !used.is_empty()) else {
        return case.clone();
    };
    let values: Vec<(&str, &Fact)> = used
        .iter()
        .map(|(_, entry)| (&*entry.key, &entry.fact))
        .chain(holes.iter().map(|(name, fact)| (name.as_str(), fact)))
        .collect();
    splice(&template, &values, span)
}
