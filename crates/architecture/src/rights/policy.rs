//! Policy documents in one shape, whoever wrote them and however.
//!
//! A document is cut into statements that keep their conditions (guards); a
//! [`Statement`] is one of them as it is in one world, so nothing in it depends on
//! anything any more. What cannot be told stays in it as a reason.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Reason, Text, Unknown, Value};
use underbelly_library::ManagedStatement;
use underbelly_source::{Place, Span};

/// A text of a policy: an action, a resource, a principal, a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// The text.
    pub(crate) text: Text,
    /// What it rests on.
    pub(crate) basis: Basis,
    /// Where it stands.
    pub(crate) place: Option<Place>,
}

/// Texts, and why there may be more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Those that are known, with their holes.
    pub(crate) items: Vec<Term>,
    /// Why there may be more.
    pub(crate) rest: Option<Unknown>,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
    /// Nobody can tell.
    Unknown(Reason),
}

/// One principal, with the word under which it stands: `AWS`, `Service`,
/// `Federated`, `CanonicalUser`; empty for a bare `*` or text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// The word.
    pub(crate) under: Arc<str>,
    /// The principal.
    pub(crate) term: Term,
}

/// One condition: `StringEquals`, `aws:SourceAccount`, the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// The operator.
    pub(crate) operator: Arc<str>,
    /// The key.
    pub(crate) key: Arc<str>,
    /// The values.
    pub(crate) values: Terms,
    /// Where the key stands.
    pub(crate) place: Option<Place>,
}

/// A statement as it is in one world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// What it does.
    pub(crate) effect: Effect,
    /// Whom it speaks of; `None` in the policy of an identity.
    pub(crate) principals: Vec<Named>,
    /// Why there may be more principals.
    pub(crate) more_principals: Option<Unknown>,
    /// Whether it speaks of all but those.
    pub(crate) but_principals: bool,
    /// The actions.
    pub(crate) actions: Terms,
    /// Whether it speaks of all but those.
    pub(crate) but_actions: bool,
    /// The resources.
    pub(crate) resources: Terms,
    /// Whether it speaks of all but those.
    pub(crate) but_resources: bool,
    /// The conditions, all of which must hold.
    pub(crate) conditions: Vec<Condition>,
    /// Why there may be more conditions.
    pub(crate) more_conditions: Option<Unknown>,
    /// Where it stands.
    pub(crate) place: Option<Place>,
}

/// A statement with its conditions, not yet looked at in any world.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'f> {
    /// When it is there.
    pub(crate) guard: Guard,
    /// All of it.
    pub(crate) fact: &'f Fact,
    /// Its name.
    pub(crate) sid: Option<Arc<str>>,
    /// Where it stands.
    pub(crate) span: Option<Span>,
}

impl Draft<'_> {
    /// Whether it denies, whatever the conditions.
    pub(crate) fn denies(&self) -> bool {
        let effect = self.fact.field("Effect");
        effect
            .as_text()
            .is_some_and(|text| text.eq_ignore_ascii_case("deny"))
    }
}

/// The statements of a document, and why there may be more.
pub(crate) fn statements(document: &Fact) -> (Vec<Draft<'_>>, Option<Unknown>) {
    let mut found = Vec::new();
    let mut rest = None;
    for (guard, case) in document.cases() {
        match case {
            Fact::Known(known) => match &known.value {
                Value::Map(map) => {
                    match map.entry("Statement") {
                        Some(entry) => {
                            let more = in_list(&guard, &entry.fact, &mut found);
                            rest = rest.or(more);
                        }
                        None => rest = rest.or_else(|| map.rest.clone()),
                    };
                }
                Value::Set(_) => {
                    let reason = Reason::Unsupported("a policy written as a list".into());
                    rest = rest.or(Some(unknown(reason, case.span())));
                }
                Value::Text(_) | Value::Bool(_) | Value::Number(_) | Value::Subject(_) => {
                    let reason = Reason::Unsupported("a policy written as one text".into());
                    rest = rest.or(Some(unknown(reason, case.span())));
                }
            },
            Fact::Unknown(unknown) => rest = rest.or_else(|| Some(unknown.clone())),
            Fact::OneOf(_) | Fact::Absent(_) => {}
        }
    }
    (found, rest)
}

/// The statements of a list, or a single one, without a document around them.
pub(crate) fn listed(list: &Fact) -> (Vec<Draft<'_>>, Option<Unknown>) {
    let mut found = Vec::new();
    let rest = in_list(&Guard::always(), list, &mut found);
    (found, rest)
}

fn in_list<'f>(guard: &Guard, list: &'f Fact, into: &mut Vec<Draft<'f>>) -> Option<Unknown> {
    let (items, rest) = list.items();
    let mut rest = rest.cloned();
    for (inner, fact) in items {
        let Some(guard) = guard.and(&inner) else {
            continue;
        };
        match fact {
            Fact::Known(known) if matches!(known.value, Value::Map(_)) => into.push(Draft {
                guard,
                fact,
                sid: fact
                    .field("Sid")
                    .as_text()
                    .filter(|s| !s.is_empty())
                    .map(Arc::from),
                span: fact.span(),
            }),
            Fact::Known(_) => {
                let reason = Reason::Unsupported("a statement that is not a map".into());
                rest = rest.or(Some(unknown(reason, fact.span())));
            }
            Fact::Unknown(unknown) => rest = rest.or_else(|| Some(unknown.clone())),
            Fact::OneOf(_) | Fact::Absent(_) => {}
        }
    }
    rest
}

/// A statement read in one world: `fact` no longer depends on anything.
pub(crate) fn read(fact: &Fact) -> Statement {
    let (actions, but_actions) = either(fact, "Action", "NotAction");
    let (resources, but_resources) = either(fact, "Resource", "NotResource");
    let but_principals = !fact.field("NotPrincipal").is_absent();
    let word = if but_principals {
        "NotPrincipal"
    } else {
        "Principal"
    };
    let (principals, more_principals) = principals(&fact.field(word));
    let (conditions, more_conditions) = conditions(&fact.field("Condition"));
    Statement {
        effect: effect(&fact.field("Effect")),
        principals,
        more_principals,
        but_principals,
        actions,
        but_actions,
        resources,
        but_resources,
        conditions,
        more_conditions,
        place: fact.span().map(Place::here),
    }
}

impl Statement {
    /// An Allow of nothing yet, for what stands at `place` and is no document.
    pub(crate) fn allow(place: Option<Place>) -> Self {
        Statement {
            effect: Effect::Allow,
            principals: Vec::new(),
            more_principals: None,
            but_principals: false,
            actions: Terms::default(),
            but_actions: false,
            resources: Terms::default(),
            but_resources: false,
            conditions: Vec::new(),
            more_conditions: None,
            place,
        }
    }

    /// A statement of a policy the provider manages, attached at `place`.
    pub(crate) fn managed(statement: &ManagedStatement, place: Option<Place>) -> Self {
        let terms = |texts: &[Arc<str>]| Terms {
            items: texts
                .iter()
                .map(|text| Term {
                    text: Text::literal(text.clone()),
                    basis: Basis::Written,
                    place,
                })
                .collect(),
            rest: None,
        };
        let conditions = statement.conditions.iter().map(|condition| Condition {
            operator: condition.operator.clone(),
            key: condition.key.clone(),
            values: terms(&condition.values),
            place,
        });
        Statement {
            actions: terms(&statement.actions),
            but_actions: statement.but_actions,
            resources: terms(&statement.resources),
            but_resources: statement.but_resources,
            conditions: conditions.collect(),
            ..Statement::allow(place)
        }
    }

    /// Adds the condition that a property of its own stands for.
    pub(crate) fn require(&mut self, operator: &str, key: &str, value: &Fact) {
        if value.is_absent() {
            return;
        }
        self.conditions.push(Condition {
            operator: operator.into(),
            key: key.into(),
            values: terms(value),
            place: value.span().map(Place::here),
        });
    }
}

/// The texts of a value: one text, or a list of them.
pub(crate) fn terms(fact: &Fact) -> Terms {
    let (items, rest) = fact.items();
    let mut terms = Terms {
        items: Vec::new(),
        rest: rest.cloned(),
    };
    for (_, item) in items {
        match term(item) {
            Ok(term) => terms.items.push(term),
            Err(unknown) => terms.rest = terms.rest.or(Some(unknown)),
        }
    }
    terms
}

/// A value as a text; numbers and truth values as they would be written.
pub(crate) fn term(fact: &Fact) -> Result<Term, Unknown> {
    let odd = |what: &str| unknown(Reason::Unsupported(what.into()), fact.span());
    match fact {
        Fact::Known(known) => {
            let text = match &known.value {
                Value::Text(text) => text.clone(),
                Value::Bool(value) => Text::literal(value.to_string()),
                Value::Number(value) => Text::literal(value.to_string()),
                Value::Set(_) | Value::Map(_) | Value::Subject(_) => {
                    return Err(odd("a value that is not a text"));
                }
            };
            Ok(Term {
                text,
                basis: known.basis,
                place: known.places.first().copied(),
            })
        }
        Fact::Unknown(unknown) => Err(unknown.clone()),
        Fact::Absent(_) => Err(odd("a missing value")),
        Fact::OneOf(_) => Err(odd("a value that depends on conditions")),
    }
}

fn either(fact: &Fact, word: &str, but: &str) -> (Terms, bool) {
    let plain = fact.field(word);
    if !plain.is_absent() {
        return (terms(&plain), false);
    }
    let left_out = fact.field(but);
    (terms(&left_out), !left_out.is_absent())
}

/// What a statement does, by its `Effect`.
pub(crate) fn effect(fact: &Fact) -> Effect {
    match fact.as_text() {
        Some(text) if text.eq_ignore_ascii_case("allow") => Effect::Allow,
        Some(text) if text.eq_ignore_ascii_case("deny") => Effect::Deny,
        Some(_) => Effect::Unknown(Reason::Unsupported(
            "an `Effect` that is neither `Allow` nor `Deny`".into(),
        )),
        None => Effect::Unknown(match fact {
            Fact::Unknown(unknown) => unknown.reason.clone(),
            Fact::Known(_) | Fact::OneOf(_) | Fact::Absent(_) => {
                Reason::Unsupported("a statement whose `Effect` is not a plain text".into())
            }
        }),
    }
}

/// The principals of a statement.
pub(crate) fn principals(fact: &Fact) -> (Vec<Named>, Option<Unknown>) {
    let mut named = Vec::new();
    let mut rest = None;
    let take = |under: &Arc<str>, terms: Terms, named: &mut Vec<Named>| {
        named.extend(terms.items.into_iter().map(|term| Named {
            under: under.clone(),
            term,
        }));
        terms.rest
    };
    match fact.as_map() {
        Some(map) => {
            rest = map.rest.clone();
            for entry in &map.entries {
                let more = take(&entry.key, terms(&entry.fact), &mut named);
                rest = rest.or(more);
            }
        }
        None => {
            let more = take(&"".into(), terms(fact), &mut named);
            rest = rest.or(more);
        }
    }
    (named, rest)
}

fn conditions(fact: &Fact) -> (Vec<Condition>, Option<Unknown>) {
    let mut found = Vec::new();
    let (operators, rest) = fact.entries();
    let mut rest = rest.cloned();
    for (_, operator) in operators {
        let (keys, more) = operator.fact.entries();
        rest = rest.or_else(|| more.cloned());
        for (_, key) in keys {
            found.push(Condition {
                operator: operator.key.clone(),
                key: key.key.clone(),
                values: terms(&key.fact),
                place: Some(Place::here(key.key_span)),
            });
        }
    }
    (found, rest)
}

/// A value nobody could resolve.
pub(crate) fn unknown(reason: Reason, span: Option<Span>) -> Unknown {
    Unknown {
        reason,
        place: span.map(Place::here),
    }
}
