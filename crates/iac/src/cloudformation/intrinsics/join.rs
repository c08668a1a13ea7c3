//! `Fn::Join`, `Fn::Split` and `Fn::Select`.

use std::sync::Arc;

use underbelly_expression::{Cause, Fact, Hole, Item, Piece, Reason, Set, Text, Unknown, Value};
use underbelly_source::{Diagnostic, Place};
use underbelly_syntax::{Kind, Node};

use super::Function;
use super::reference::{self, Use};
use crate::cloudformation::evaluate::{Call, call as call_of};
use crate::cloudformation::parameters;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::texts;
use crate::cloudformation::trail::Trail;

/// A value that becomes part of a text: a parameter in it keeps the text one.
pub(super) fn argument_in_text<'a>(scope: &mut Scope<'_, 'a>, node: Node<'a>) -> Fact {
    match call_of(node) {
        Some(call) if call.function == Function::Ref => {
            match super::argument_text(scope, call.argument) {
                Some(name) => reference::named(scope, name.trim(), call.span, Use::Text),
                None => scope.evaluate(node),
            }
        }
        _ => scope.evaluate(node),
    }
}

pub(super) fn join<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let wants = "a separator and a list";
    let (separator, list) = match scope.arguments(call, 2..=2, wants) {
        Ok(arguments) => match arguments.as_slice() {
            [separator, list] => (*separator, *list),
            _ => return scope.misused(call, wants),
        },
        Err(unknown) => return unknown,
    };
    let literal_list = list.kind() == Kind::Sequence && list.tag().is_none();
    let mut parts = vec![argument_in_text(scope, separator)];
    if literal_list {
        // One by one, so that a parameter's alternatives do not multiply.
        for item in list.items() {
            parts.push(argument_in_text(scope, item));
        }
    } else {
        parts.push(scope.evaluate(list));
    }
    scope.each(call.span, &parts, &mut |scope, parts| {
        let Some((separator, items)) = parts.split_first() else {
            return scope.misused(call, wants);
        };
        let mut trail = Trail::new(call.span);
        trail.add(separator);
        let Some(separator) = texts::in_text(separator, call.span) else {
            return scope.misused(call, wants);
        };
        let mut text = Text::default();
        let mut is_first = true;
        let mut rest = None;
        let mut add = |fact: &Fact, trail: &mut Trail, scope: &mut Scope<'_, 'a>| {
            if fact.is_absent() {
                return;
            }
            trail.add(fact);
            if !is_first {
                text.push(&separator);
            }
            is_first = false;
            match texts::in_text(fact, call.span) {
                Some(piece) => text.push(&piece),
                None => {
                    // Alternatives inside a computed list are not told apart.
                    if !matches!(fact, Fact::OneOf(_)) {
                        scope.misused(call, "texts to join");
                    }
                    text.push(&texts::unresolved("Join", call.span));
                }
            }
        };
        for item in items {
            match item {
                Fact::Known(known) => match &known.value {
                    Value::Set(set) => {
                        trail.add(item);
                        for inner in &set.items {
                            add(&inner.fact, &mut trail, scope);
                        }
                        rest = rest.or(set.rest.clone());
                    }
                    _ => add(item, &mut trail, scope),
                },
                Fact::Unknown(_) | Fact::Absent(_) | Fact::OneOf(_) => add(item, &mut trail, scope),
            }
        }
        if let Some(rest) = rest {
            text.push_hole(texts::reason_hole(&rest.reason, call.span));
        }
        trail.known(Value::Text(texts::with_lookups(text, call.span)))
    })
}

pub(super) fn split<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let wants = "a separator and a text";
    let parts = match scope.arguments(call, 2..=2, wants) {
        Ok(parts) => parts,
        Err(unknown) => return unknown,
    };
    let parts: Vec<Fact> = parts.into_iter().map(|part| scope.evaluate(part)).collect();
    scope.each(call.span, &parts, &mut |scope, parts| {
        let [separator, source] = parts else {
            return scope.misused(call, wants);
        };
        let Some(separator) = separator.as_text().filter(|text| !text.is_empty()) else {
            return scope.misused(call, "a separator that is a text");
        };
        if let Fact::Unknown(unknown) = source {
            return Fact::Unknown(unknown.clone());
        }
        let mut trail = Trail::new(call.span);
        trail.add(source);
        let Some(text) = texts::in_text(source, call.span) else {
            return scope.misused(call, wants);
        };
        let mut set = Set::default();
        for part in parameters::split(&text, separator) {
            // A hole may hold separators itself: what follows it is not counted.
            if set.rest.is_none() && part.holes().next().is_some() {
                set.rest = Some(Unknown {
                    reason: Reason::Unsupported("`Split` of a value not known".into()),
                    place: Some(Place::here(call.span)),
                });
            }
            set.items.push(Item {
                guard: underbelly_expression::Guard::always(),
                fact: Fact::text(part_of(part), call.span),
            });
        }
        trail.known(Value::Set(set))
    })
}

/// A piece cut out of a value keeps whose value it was, but is not the value.
fn part_of(text: Text) -> Text {
    let mut part = Text::default();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => part.push_literal(literal),
            Piece::Hole(hole) => part.push_hole(Hole {
                cause: match &hole.cause {
                    Cause::Resource {
                        resource,
                        attribute,
                    } => Cause::Resource {
                        resource: *resource,
                        attribute: format!("{attribute} (part)").into(),
                    },
                    Cause::Parameter(_)
                    | Cause::Pseudo(_)
                    | Cause::Import(_)
                    | Cause::Lookup { .. }
                    | Cause::Runtime
                    | Cause::Unresolved => Cause::Unresolved,
                },
                ..Hole::clone(hole)
            }),
        }
    }
    part
}

pub(super) fn select<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let wants = "an index and a list";
    let parts = match scope.arguments(call, 2..=2, wants) {
        Ok(parts) => parts,
        Err(unknown) => return unknown,
    };
    let parts: Vec<Fact> = parts.into_iter().map(|part| scope.evaluate(part)).collect();
    scope.each(call.span, &parts, &mut |scope, parts| {
        let [index, list] = parts else {
            return scope.misused(call, wants);
        };
        let Some(index) = index
            .as_number()
            .and_then(|index| usize::try_from(index).ok())
        else {
            return Fact::unknown(
                Reason::Unsupported("`Select` by an unknown index".into()),
                Some(call.span),
            );
        };
        match list {
            Fact::Known(known) => match &known.value {
                Value::Set(set) => pick(scope, call, index, list, set),
                Value::Text(text) if text.only_hole().is_some() => {
                    let cut = part_of(text.clone());
                    Fact::text(cut, call.span)
                }
                _ => scope.misused(call, wants),
            },
            Fact::Unknown(unknown) => Fact::text(
                Text::hole(texts::reason_hole(&unknown.reason, call.span)),
                call.span,
            ),
            Fact::Absent(_) | Fact::OneOf(_) => (*list).clone(),
        }
    })
}

fn pick(scope: &mut Scope<'_, '_>, call: &Call<'_>, index: usize, list: &Fact, set: &Set) -> Fact {
    let certain = match &set.rest {
        None => set.items.len(),
        Some(_) => {
            let known = |item: &&Item| item.fact.as_text().is_some();
            set.items.iter().take_while(known).count()
        }
    };
    if let Some(item) = set.items.get(index).filter(|_| index < certain) {
        let mut trail = Trail::new(call.span);
        trail.add(list);
        trail.add(&item.fact);
        return match &item.fact {
            Fact::Known(known) => trail.known(known.value.clone()),
            Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => item.fact.clone(),
        };
    }
    if let Some(rest) = &set.rest {
        let uncertain = set
            .items
            .get(certain)
            .and_then(|item| item.fact.as_pattern());
        let hole = uncertain.and_then(|text| text.holes().next().cloned());
        let label: Arc<str> = format!("Select {index}").into();
        let text = match hole {
            Some(hole) => Text::hole(hole),
            None => Text::hole(Hole {
                label,
                ..texts::reason_hole(&rest.reason, call.span)
            }),
        };
        return Fact::text(text, call.span);
    }
    scope.report(
        Diagnostic::warning(
            "out-of-range",
            format!("`Select` asks for item {index} of {}", set.items.len()),
        )
        .at(call.span)
        .note("its value is unknown"),
    );
    Fact::unknown(
        Reason::Unsupported("`Select` beyond the list".into()),
        Some(call.span),
    )
}
