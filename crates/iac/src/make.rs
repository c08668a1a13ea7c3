//! Building property trees: maps, lists and texts with references spliced in.
//!
//! Everything built carries the place that causes it. Values that depend on
//! conditions stay by cases; what is unknown becomes a hole.

use std::sync::Arc;

use underbelly_expression::{
    Cause, Entry, Fact, Guard, Hole, Item, Map, Piece, Reason, Set, Text, Unknown, Value,
};
use underbelly_source::Span;

/// How many cases a value spliced from several may have before it is cut.
const CASES: usize = 64;

/// A map under construction.
#[derive(Clone, Debug)]
pub(crate) struct Properties {
    map: Map,
    span: Span,
}

impl Properties {
    /// An empty map caused by what stands at `span`.
    pub(crate) fn at(span: Span) -> Self {
        Self {
            map: Map::default(),
            span,
        }
    }

    /// Adds a value; nothing where it is absent. A later value of the same name
    /// replaces the earlier one.
    pub(crate) fn set(self, key: &str, fact: impl Into<Fact>) -> Self {
        let span = self.span;
        self.put(key, span, fact.into())
    }

    /// Adds a value of a property of the same name in `from`, with its place.
    pub(crate) fn copy(self, from: &Fact, key: &str) -> Self {
        self.rename(from, key, key)
    }

    /// Adds a value that has another name in `from`, with its place.
    pub(crate) fn rename(self, from: &Fact, old: &str, new: &str) -> Self {
        let fact = from.field(old).into_owned();
        let span = key_span(from, old).or(fact.span()).unwrap_or(self.span);
        self.put(new, span, fact)
    }

    /// Adds several values under their own names.
    pub(crate) fn copy_all(self, from: &Fact, keys: &[&str]) -> Self {
        keys.iter().fold(self, |made, key| made.copy(from, key))
    }

    /// Adds known text.
    pub(crate) fn text(self, key: &str, text: &str) -> Self {
        let span = self.span;
        self.put(key, span, Fact::text(text, span))
    }

    /// Adds yes or no.
    pub(crate) fn bool(self, key: &str, value: bool) -> Self {
        let span = self.span;
        self.put(key, span, Fact::bool(value, span))
    }

    /// Adds a value written under a name at `key_span`.
    pub(crate) fn put(mut self, key: &str, key_span: Span, fact: Fact) -> Self {
        if fact.is_absent() {
            return self;
        }
        self.map.entries.retain(|entry| &*entry.key != key);
        self.map.entries.push(Entry {
            key: key.into(),
            key_span,
            fact,
        });
        self
    }

    /// The map.
    pub(crate) fn build(self) -> Fact {
        Fact::written(Value::Map(self.map), self.span)
    }

    /// The map; absent where nothing was added.
    pub(crate) fn build_unless_empty(self) -> Fact {
        if self.map.entries.is_empty() {
            return Fact::absent(Some(self.span));
        }
        self.build()
    }
}

/// Where a name stands in a map.
pub(crate) fn key_span(map: &Fact, key: &str) -> Option<Span> {
    let (entries, _) = map.entries();
    let found = entries.iter().find(|(_, entry)| &*entry.key == key);
    found.map(|(_, entry)| entry.key_span)
}

/// Where a property stands: its name, else its value, else `otherwise`.
pub(crate) fn place_of(map: &Fact, key: &str, otherwise: Span) -> Span {
    key_span(map, key).unwrap_or(otherwise)
}

/// A list of what is always there.
pub(crate) fn list(facts: impl IntoIterator<Item = Fact>, span: Span) -> Fact {
    let items = facts.into_iter().map(always).collect();
    Fact::written(Value::Set(Set { items, rest: None }), span)
}

/// A list of known texts.
pub(crate) fn texts<'t>(items: impl IntoIterator<Item = &'t str>, span: Span) -> Fact {
    list(items.into_iter().map(|text| Fact::text(text, span)), span)
}

/// A list of what may be there only in some worlds, and why there may be more.
pub(crate) fn guarded_list(items: Vec<(Guard, Fact)>, rest: Option<Unknown>, span: Span) -> Fact {
    let items = items
        .into_iter()
        .map(|(guard, fact)| Item { guard, fact })
        .collect();
    Fact::written(Value::Set(Set { items, rest }), span)
}

fn always(fact: Fact) -> Item {
    Item {
        guard: Guard::always(),
        fact,
    }
}

/// The cases of a fact in which something is there, each with its guard; the
/// whole fact under no guard where it is there in every world.
pub(crate) fn present(fact: &Fact) -> Vec<(Guard, Fact)> {
    if fact.cases().all(|(_, case)| !case.is_absent()) {
        return vec![(Guard::always(), fact.clone())];
    }
    let there = fact.cases().filter(|(_, case)| !case.is_absent());
    there.map(|(guard, case)| (guard, case.clone())).collect()
}

/// `first`, and `second` where `first` is absent.
pub(crate) fn or_else(first: &Fact, second: &Fact) -> Fact {
    first.map(|case| {
        if case.is_absent() {
            second.clone()
        } else {
            case.clone()
        }
    })
}

/// A fact with another one put under a name, in every case that is a map.
pub(crate) fn with(fact: &Fact, key: &str, value: Fact, span: Span) -> Fact {
    fact.map(|case| {
        let Fact::Known(known) = case else {
            return case.clone();
        };
        let Value::Map(map) = &known.value else {
            return case.clone();
        };
        let mut known = known.clone();
        let made = Properties {
            map: map.clone(),
            span,
        };
        known.value = Value::Map(made.put(key, span, value.clone()).map);
        Fact::Known(known)
    })
}

/// A fact with more items in the list under a name.
pub(crate) fn with_more(
    fact: &Fact,
    key: &str,
    more: impl IntoIterator<Item = (Guard, Fact)>,
    span: Span,
) -> Fact {
    let old = fact.field(key).into_owned();
    let (items, rest) = old.items();
    let mut all: Vec<(Guard, Fact)> = items
        .into_iter()
        .map(|(guard, item)| (guard, item.clone()))
        .collect();
    all.extend(more);
    let whole = guarded_list(all, rest.cloned(), old.head(span));
    with(fact, key, whole, span)
}

/// A hole for what the provider fills in, such as `AWS::Region`.
pub(crate) fn pseudo(name: &str, span: Span) -> Hole {
    Hole {
        cause: Cause::Pseudo(name.into()),
        label: name.into(),
        span,
    }
}

/// Text with `${AWS::…}` and `${Name}` in it, the names given as facts. By cases
/// where one of these is; what is unknown, absent or no text becomes a hole.
pub(crate) fn splice(template: &str, values: &[(&str, &Fact)], span: Span) -> Fact {
    let mut cases: Vec<(Guard, Vec<(&str, &Fact)>)> = vec![(Guard::always(), Vec::new())];
    for (name, fact) in values {
        if !template.contains(&format!("${{{name}}}")) {
            continue;
        }
        let mut longer = Vec::new();
        for (guard, chosen) in &cases {
            for (more, case) in fact.cases() {
                let Some(guard) = guard.and(&more) else {
                    continue;
                };
                let mut chosen = chosen.clone();
                chosen.push((name, case));
                longer.push((guard, chosen));
            }
        }
        if longer.len() > CASES {
            let reason = Reason::Limit("too many combinations in one text".into());
            return Fact::unknown(reason, Some(span));
        }
        cases = longer;
    }
    let made = cases.into_iter().map(|(guard, chosen)| {
        let text = splice_text(template, &|name| {
            let found = chosen.iter().find(|(key, _)| *key == name);
            found.map(|(name, fact)| as_piece(name, fact, span))
        });
        (guard, Fact::text(with_pseudo(&text, span), span))
    });
    Fact::one_of(made)
}

/// A text with every `${Name}` that `value` knows replaced; others stay as they are.
pub(crate) fn splice_text(template: &str, value: &dyn Fn(&str) -> Option<Text>) -> Text {
    let mut made = Text::default();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        made.push_literal(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            made.push_literal("${");
            continue;
        };
        match value(name) {
            Some(text) => made.push(&text),
            None => {
                made.push_literal("${");
                made.push_literal(name);
                made.push_literal("}");
            }
        }
        rest = tail;
    }
    made.push_literal(rest);
    made
}

/// Every `${AWS::…}` left in the literal pieces turned into a hole.
fn with_pseudo(text: &Text, span: Span) -> Text {
    let mut made = Text::default();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => made.push_hole(hole.clone()),
            Piece::Literal(literal) => made.push(&splice_text(literal, &|name| {
                name.starts_with("AWS::")
                    .then(|| Text::hole(pseudo(name, span)))
            })),
        }
    }
    made
}

/// What a single case of a fact contributes to a text.
fn as_piece(name: &str, fact: &Fact, span: Span) -> Text {
    let hole = |cause, at: Option<Span>| {
        Text::hole(Hole {
            cause,
            label: name.into(),
            span: at.unwrap_or(span),
        })
    };
    match fact {
        Fact::Known(known) => match &known.value {
            Value::Text(text) => text.clone(),
            Value::Bool(value) => Text::literal(value.to_string()),
            Value::Number(number) => Text::literal(number.to_string()),
            Value::Set(_) | Value::Map(_) | Value::Subject(_) => {
                hole(Cause::Unresolved, fact.span())
            }
        },
        Fact::Unknown(unknown) => hole(cause_of(&unknown.reason), fact.span()),
        Fact::OneOf(_) | Fact::Absent(_) => hole(Cause::Unresolved, fact.span()),
    }
}

fn cause_of(reason: &Reason) -> Cause {
    match reason {
        Reason::Parameter(name) => Cause::Parameter(name.clone()),
        Reason::Import(name) => Cause::Import(name.clone()),
        Reason::MissingFile(_)
        | Reason::Lookup(_)
        | Reason::Unsupported(_)
        | Reason::Limit(_)
        | Reason::OtherComponent(_)
        | Reason::Elsewhere(_)
        | Reason::NotAnalysed(_)
        | Reason::Code
        | Reason::People => Cause::Unresolved,
    }
}

/// The resource a text refers to, where it is nothing but one reference: its
/// provisional id and the attribute.
pub(crate) fn referred(fact: &Fact) -> Option<(u32, Arc<str>)> {
    let text = fact.as_pattern()?;
    match &text.only_hole()?.cause {
        Cause::Resource {
            resource,
            attribute,
        } => Some((*resource, attribute.clone())),
        Cause::Parameter(_)
        | Cause::Pseudo(_)
        | Cause::Import(_)
        | Cause::Lookup { .. }
        | Cause::Runtime
        | Cause::Unresolved => None,
    }
}

/// A name made of letters and digits only, as logical ids are.
pub(crate) fn as_logical_id(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What kind of value stands here, for people.
pub(crate) fn what_it_is(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::Text(_) => "text",
        Value::Set(_) => "a list",
        Value::Map(_) => "a map",
        Value::Subject(_) => "a component",
    }
}
