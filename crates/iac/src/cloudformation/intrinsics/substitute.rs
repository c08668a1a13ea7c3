//! `Fn::Sub`: a text with `${names}` in it, alone or with a mapping of its own.

use std::collections::BTreeMap;
use std::ops::Range;

use underbelly_expression::{Fact, Text, Value};
use underbelly_source::Span;
use underbelly_syntax::{Kind, Node};

use super::join::argument_in_text;
use super::reference::{self, Use};
use crate::cloudformation::evaluate::Call;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::texts;
use crate::cloudformation::trail::Trail;

/// A part of the text.
#[derive(Debug, PartialEq, Eq)]
enum Part<'t> {
    Literal(&'t str),
    Name(&'t str, Range<usize>),
}

pub(super) fn substitute<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let (text, variables) = match call.argument.kind() {
        Kind::Sequence => (call.argument.item(0), call.argument.item(1)),
        _ => (Some(call.argument), None),
    };
    let wants = "a text, or a text and a mapping";
    let Some(node) = text.filter(|node| {
        matches!(
            node.kind(),
            Kind::Text | Kind::Number | Kind::Bool | Kind::Null
        )
    }) else {
        return scope.misused(call, wants);
    };
    if call.argument.kind() == Kind::Sequence && super::super::evaluate::call(node).is_some() {
        return scope.misused(call, wants);
    }
    let mut own: BTreeMap<String, Fact> = BTreeMap::new();
    for entry in variables.into_iter().flat_map(Node::entries) {
        let value = argument_in_text(scope, entry.value);
        own.insert(scope.fill(entry.name()).into_owned(), value);
    }
    let raw = node.text().unwrap_or("");
    let filled = scope.fill(raw);
    let as_written = filled == raw;
    let place = |range: &Range<usize>| {
        if as_written {
            node.inner_span(range.clone())
        } else {
            node.span()
        }
    };
    let parts = parts(&filled);
    let alone = parts.len() == 1;
    let facts: Vec<Fact> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Name(name, range) => Some(value_of(scope, name, &own, place(range), alone)),
        })
        .collect();
    let span = node.span();
    scope.each(call.span, &facts, &mut |scope, facts| {
        build(scope, call, &parts, facts, span)
    })
}

fn value_of(
    scope: &mut Scope<'_, '_>,
    name: &str,
    own: &BTreeMap<String, Fact>,
    span: Span,
    alone: bool,
) -> Fact {
    if let Some(value) = own.get(name) {
        return value.clone();
    }
    let pseudo = name.starts_with("AWS::");
    if scope.looped(name).is_none() && !pseudo && name.contains('.') {
        return reference::dotted(scope, name, span);
    }
    let how = if alone { Use::Value } else { Use::Text };
    reference::named(scope, name, span, how)
}

fn build<'a>(
    scope: &mut Scope<'_, 'a>,
    call: &Call<'a>,
    parts: &[Part<'_>],
    facts: &[&Fact],
    span: Span,
) -> Fact {
    let mut trail = Trail::new(span);
    let mut text = Text::default();
    let mut facts = facts.iter();
    for part in parts {
        match part {
            Part::Literal(literal) => text.push_literal(literal),
            Part::Name(..) => {
                let Some(fact) = facts.next() else { continue };
                trail.add(fact);
                match texts::in_text(fact, span) {
                    Some(piece) => text.push(&piece),
                    None => return scope.misused(call, "texts, not lists or mappings"),
                }
            }
        }
    }
    trail.known(Value::Text(texts::with_lookups(text, span)))
}

/// The literal and named parts of a text; `${!x}` stands for a literal `${x}`.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut search = 0;
    while let Some(open) = text.get(search..).and_then(|rest| rest.find("${")) {
        let open = search + open;
        let Some(close) = text.get(open..).and_then(|rest| rest.find('}')) else {
            break;
        };
        let close = open + close + 1;
        let inside = text.get(open + 2..close - 1).unwrap_or("");
        parts.extend(literal(text, from..open));
        if inside.starts_with('!') {
            parts.push(Part::Literal("${"));
            from = open + 3;
        } else {
            parts.push(Part::Name(inside.trim(), open..close));
            from = close;
        }
        search = close;
    }
    parts.extend(literal(text, from..text.len()));
    parts
}

fn literal(text: &str, range: Range<usize>) -> Option<Part<'_>> {
    let literal = text.get(range).filter(|literal| !literal.is_empty());
    literal.map(Part::Literal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_literals_are_told_apart() {
        use Part::{Literal, Name};
        assert_eq!(parts("a-${B.C}"), [Literal("a-"), Name("B.C", 2..8)]);
        assert_eq!(parts("${!x} ${y"), [Literal("${"), Literal("x} ${y")]);
        assert_eq!(parts("${ X }"), [Name("X", 0..6)]);
        assert!(parts("").is_empty());
    }
}
