//! `Ref`, `Fn::GetAtt` and `Fn::ImportValue`: references by identity.

use std::sync::Arc;

use underbelly_expression::{Cause, Fact, Hole, Reason, Text, Value};
use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::Kind;

use crate::cloudformation::evaluate::Call;
use crate::cloudformation::scope::Scope;
use crate::cloudformation::texts;
use crate::cloudformation::trail::{Trail, seen_from};
use crate::draft::resource_hole;
use crate::graph::Format;
use crate::suggest;

/// Names that get a better spelling looked for, per stack.
const MOST_SUGGESTIONS: usize = 20;

pub(super) fn reference<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    match super::argument_text(scope, call.argument) {
        Some(name) => named(scope, name.trim(), call.span, Use::Value),
        None => {
            // With the language extensions the name itself may be computed.
            let name = scope.argument(call);
            match name.as_text().map(str::to_owned) {
                Some(name) => named(scope, &name, call.span, Use::Value),
                None => scope.misused(call, "a name"),
            }
        }
    }
}

/// Whether a value stands alone or inside a longer text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Value,
    Text,
}

/// What a name refers to: loop identifier, pseudo parameter, parameter, resource.
pub(crate) fn named(scope: &mut Scope<'_, '_>, name: &str, span: Span, how: Use) -> Fact {
    if let Some(value) = scope.looped(name) {
        return Fact::text(Text::literal(value), span);
    }
    if name.starts_with("AWS::") {
        return pseudo(scope, name, span);
    }
    let parameter = match how {
        Use::Value => scope.parameter_here(name),
        Use::Text => scope.parameter_in_text(name),
    };
    if let Some(value) = parameter {
        return seen_from(&value, span);
    }
    resource(scope, name, "", span)
}

fn pseudo(scope: &mut Scope<'_, '_>, name: &str, span: Span) -> Fact {
    const NAMES: [&str; 8] = [
        "AWS::AccountId",
        "AWS::NotificationARNs",
        "AWS::NoValue",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    ];
    match name {
        "AWS::NoValue" => Fact::absent(Some(span)),
        "AWS::NotificationARNs" => Fact::unknown(Reason::Lookup(name.into()), Some(span)),
        _ => {
            if !NAMES.contains(&name) {
                let help =
                    suggest::help(name, NAMES.into_iter(), "see the list of pseudo parameters");
                unknown_name(scope, name, span, help);
            }
            let hole = Hole {
                cause: Cause::Pseudo(name.into()),
                label: name.into(),
                span,
            };
            Fact::text(Text::hole(hole), span)
        }
    }
}

/// A resource of this stack by name.
fn resource(scope: &mut Scope<'_, '_>, name: &str, attribute: &str, span: Span) -> Fact {
    let implied = scope.format == Format::Sam && looks_like_id(name);
    if implied || scope.written.contains(name) {
        let id = scope.names.id(name, span);
        return Fact::text(Text::hole(resource_hole(id, name, attribute, span)), span);
    }
    let help = suggestion(scope, name);
    unknown_name(scope, name, span, help);
    Fact::text(texts::unresolved(name, span), span)
}

/// A dot is for what the serverless transform offers: `Resize.Alias`.
fn looks_like_id(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphanumeric())
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '.')
}

fn suggestion(scope: &mut Scope<'_, '_>, name: &str) -> String {
    let otherwise = "define it under `Parameters` or `Resources`";
    scope.suggested += 1;
    if scope.suggested > MOST_SUGGESTIONS {
        return otherwise.into();
    }
    let mut written: Vec<&Arc<str>> = scope
        .written
        .iter()
        .chain(scope.parameters.keys())
        .collect();
    written.sort();
    suggest::help(name, written.into_iter().map(|name| &**name), otherwise)
}

fn unknown_name(scope: &mut Scope<'_, '_>, name: &str, span: Span, help: String) {
    scope.report(
        Diagnostic::error(
            "unknown-reference",
            format!("there is no parameter or resource `{name}`"),
        )
        .at(span)
        .note("the value is unknown, and so is what it would join")
        .help(help),
    );
}

/// `A.B.C`: the attribute `B.C` of `A`.
pub(crate) fn dotted(scope: &mut Scope<'_, '_>, name: &str, span: Span) -> Fact {
    match name.split_once('.') {
        Some((name, attribute)) => resource(scope, name.trim(), attribute.trim(), span),
        None => named(scope, name, span, Use::Text),
    }
}

pub(super) fn attribute<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    if let Some(text) = super::argument_text(scope, call.argument) {
        return match text.split_once('.') {
            Some((name, attribute)) => resource(scope, name.trim(), attribute.trim(), call.span),
            None => scope.misused(call, "a resource and an attribute"),
        };
    }
    if call.argument.kind() != Kind::Sequence || call.argument.len() < 2 {
        return scope.misused(call, "a resource and an attribute");
    }
    let parts: Vec<Fact> = call
        .argument
        .items()
        .map(|item| scope.evaluate(item))
        .collect();
    scope.each(call.span, &parts, &mut |scope, parts| {
        let (name, attributes) = match parts.split_first() {
            Some((name, attributes)) => (name.as_text(), attributes),
            None => (None, parts),
        };
        let attribute = attributes.iter().map(|part| {
            let text = texts::in_text(part, call.span);
            text.map_or_else(|| "?".into(), |text| text.to_string())
        });
        let attribute = attribute.collect::<Vec<_>>().join(".");
        match name {
            Some(name) => resource(scope, name, &attribute, call.span),
            None => Fact::unknown(
                Reason::Unsupported("`GetAtt` of a computed name".into()),
                Some(call.span),
            ),
        }
    })
}

pub(super) fn import<'a>(scope: &mut Scope<'_, 'a>, call: &Call<'a>) -> Fact {
    let name = scope.argument(call);
    name.map(|fact| {
        let Some(text) = texts::in_text(fact, call.span) else {
            return Fact::unknown(Reason::Import("?".into()), Some(call.span));
        };
        let shown: Arc<str> = text.to_string().into();
        let hole = Hole {
            cause: Cause::Import(shown.clone()),
            label: shown,
            span: call.span,
        };
        let mut trail = Trail::new(call.span);
        trail.add(fact);
        trail.known(Value::Text(Text::hole(hole)))
    })
}
