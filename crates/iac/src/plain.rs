//! A located tree as plain values: no function of any format is followed.

use std::collections::HashMap;
use std::sync::Arc;

use underbelly_expression::{Entry, Fact, Guard, Item, Map, Set, Text, Value};
use underbelly_source::Span;
use underbelly_syntax::{Kind, Node};

/// The tree under a node, each value where it stands. Nothing (`null`) is absent.
pub(crate) fn fact(node: Node<'_>) -> Fact {
    match node.kind() {
        Kind::Null | Kind::Bool | Kind::Number | Kind::Text => scalar(node),
        Kind::Sequence => set(node.items().map(fact).collect(), node.span()),
        Kind::Mapping => {
            let mut map = MapBuilder::default();
            for entry in node.entries() {
                map.insert(entry.name().into(), entry.key.site(), fact(entry.value));
            }
            map.finish(node.span())
        }
    }
}

/// A scalar; absent for a collection.
pub(crate) fn scalar(node: Node<'_>) -> Fact {
    let span = node.span();
    let text = node.text().unwrap_or("");
    match node.kind() {
        Kind::Null | Kind::Sequence | Kind::Mapping => Fact::absent(Some(span)),
        Kind::Bool => Fact::bool(node.boolean().unwrap_or(false), span),
        Kind::Number => match text.parse::<i64>() {
            // A number that would not be written back the same way, such as an
            // account id with a leading zero, is a name made of digits.
            Ok(number) if number.to_string() == text => Fact::written(Value::Number(number), span),
            _ => Fact::text(text, span),
        },
        Kind::Text => Fact::text(text, span),
    }
}

/// A list of these; what is absent is left out.
pub(crate) fn set(items: Vec<Fact>, span: Span) -> Fact {
    let items = items.into_iter().filter(|item| !item.is_absent());
    let items = items.map(|fact| Item {
        guard: Guard::always(),
        fact,
    });
    Fact::written(
        Value::Set(Set {
            items: items.collect(),
            rest: None,
        }),
        span,
    )
}

/// A map being made: of one key said twice the last holds.
#[derive(Debug, Default)]
pub(crate) struct MapBuilder {
    pub(crate) map: Map,
    index: HashMap<Arc<str>, usize>,
}

impl MapBuilder {
    /// Adds a named value.
    pub(crate) fn insert(&mut self, key: Arc<str>, key_span: Span, fact: Fact) {
        let entry = Entry {
            key: key.clone(),
            key_span,
            fact,
        };
        let at = self.map.entries.len();
        match self.index.insert(key.clone(), at) {
            Some(earlier) => {
                self.index.insert(key, earlier);
                if let Some(slot) = self.map.entries.get_mut(earlier) {
                    *slot = entry;
                }
            }
            None => self.map.entries.push(entry),
        }
    }

    /// The map, written at `span`.
    pub(crate) fn finish(self, span: Span) -> Fact {
        Fact::written(Value::Map(self.map), span)
    }
}

/// A literal text fact's text or the number or truth it is, as one would write it.
pub(crate) fn written(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(Text::literal(number.to_string())),
        Value::Bool(value) => Some(Text::literal(if *value { "true" } else { "false" })),
        Value::Set(_) | Value::Map(_) | Value::Subject(_) => None,
    }
}
