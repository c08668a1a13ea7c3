//! `Fn::FindInMap`, with and without a default.

use underbelly_expression::{Cause, Fact, Hole, Reason, Text, Value};
use underbelly_source::Diagnostic;
use underbelly_syntax::{Kind, Node};

use crate::cloudformation::evaluate::Call;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::texts;
use crate::cloudformation::trail::Trail;
use crate::{plain, suggest};

pub(super) fn find_in_map<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let wants = "a mapping's name and two keys";
    let arguments = match scope.arguments(call, 3..=4, wants) {
        Ok(arguments) => arguments,
        Err(unknown) => return unknown,
    };
    let default = arguments.get(3).and_then(|node| node.get("DefaultValue"));
    let default = default.map(|node| scope.evaluate(node));
    let keys: Vec<Fact> = arguments
        .into_iter()
        .take(3)
        .map(|node| scope.evaluate(node))
        .collect();
    scope.each(call.span, &keys, &mut |scope, keys| {
        let mut trail = Trail::new(call.span);
        keys.iter().for_each(|key| trail.add(key));
        let texts: Option<Vec<Text>> = keys
            .iter()
            .map(|key| texts::in_text(key, call.span))
            .collect();
        match texts.as_deref() {
            Some([map, first, second]) => {
                look_up(scope, call, [map, first, second], trail, default.as_ref())
            }
            _ => scope.misused(call, wants),
        }
    })
}

fn look_up<'a>(
    scope: &mut Scope<'_, 'a>,
    call: &Call<'a>,
    keys: [&Text; 3],
    mut trail: Trail,
    default: Option<&Fact>,
) -> Fact {
    let [map, first, second] = keys;
    let Some(map_name) = map.known() else {
        return Fact::text(texts::unresolved("FindInMap", call.span), call.span);
    };
    let Some(rows) = scope.mappings.get(map_name).copied() else {
        if let Some(default) = default {
            return default.clone();
        }
        let names = scope.mappings.keys().map(|name| &**name);
        return missing(scope, call, map_name, names.map(str::to_owned).collect());
    };
    let rows: Vec<Node<'a>> = match first.known() {
        Some(key) => match rows.get(key) {
            Some(row) => vec![row],
            None if default.is_some() => {
                return default.cloned().unwrap_or_else(|| Fact::absent(None));
            }
            None => return missing(scope, call, key, names(rows)),
        },
        None => rows.entries().map(|entry| entry.value).collect(),
    };
    let mut values = Vec::new();
    for row in &rows {
        match second.known() {
            Some(key) => values.extend(row.get(key)),
            None => values.extend(row.entries().map(|entry| entry.value)),
        }
    }
    let certain = first.known().is_some() && second.known().is_some();
    let Some((value, others)) = values.split_first() else {
        if let Some(default) = default {
            return default.clone();
        }
        let known = rows.first().map(|row| names(*row)).unwrap_or_default();
        return missing(scope, call, second.known().unwrap_or("?"), known);
    };
    let same = value.text().is_some() && others.iter().all(|other| other.text() == value.text());
    if certain || same && values.len() == rows.len() {
        trail.related(value.span());
        return match plain::fact(*value) {
            Fact::Known(known) => trail.known(known.value),
            fact => fact,
        };
    }
    several(call, keys, *value)
}

/// Several values are possible and we cannot tell which.
fn several(call: &Call<'_>, keys: [&Text; 3], example: Node<'_>) -> Fact {
    let label = keys.map(ToString::to_string).join(".");
    if example.kind() == Kind::Sequence {
        return Fact::unknown(Reason::Lookup(label.into()), Some(call.span));
    }
    let cause = keys.into_iter().find_map(|key| key.holes().next());
    let cause = match cause.map(|hole| &hole.cause) {
        Some(Cause::Parameter(name)) => Cause::Parameter(name.clone()),
        Some(Cause::Pseudo(name)) => Cause::Pseudo(name.clone()),
        _ => Cause::Unresolved,
    };
    let hole = Hole {
        cause,
        label: label.into(),
        span: call.span,
    };
    Trail::new(call.span).known(Value::Text(Text::hole(hole)))
}

fn names(node: Node<'_>) -> Vec<String> {
    node.entries()
        .map(|entry| entry.name().to_owned())
        .collect()
}

fn missing<'a>(
    scope: &mut Scope<'_, 'a>,
    call: &Call<'a>,
    key: &str,
    mut known: Vec<String>,
) -> Fact {
    known.sort();
    let help = suggest::help(
        key,
        known.iter().map(String::as_str),
        "add it under `Mappings`",
    );
    scope.report(
        Diagnostic::warning(
            "unknown-mapping-key",
            format!("no mapping has `{key}` here"),
        )
        .at(call.span)
        .note("the value is unknown")
        .help(help),
    );
    Fact::unknown(
        Reason::Unsupported(format!("no mapping has `{key}`").into()),
        Some(call.span),
    )
}
