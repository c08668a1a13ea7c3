//! Values inside texts: what a hole stands for, and lookups made at deployment.

use std::sync::Arc;

use underbelly_expression::{Cause, Fact, Hole, Piece, Reason, Text};
use underbelly_source::Span;

use crate::plain;

/// A value as part of a text; `None` for lists, maps and alternatives.
pub(crate) fn in_text(fact: &Fact, span: Span) -> Option<Text> {
    match fact {
        Fact::Known(known) => plain::written(&known.value),
        Fact::Unknown(unknown) => Some(Text::hole(reason_hole(&unknown.reason, span))),
        Fact::Absent(_) => Some(Text::default()),
        Fact::OneOf(_) => None,
    }
}

/// The hole for a value that is unknown for a reason.
pub(crate) fn reason_hole(reason: &Reason, span: Span) -> Hole {
    let (cause, label): (Cause, Arc<str>) = match reason {
        Reason::Parameter(name) => (Cause::Parameter(name.clone()), name.clone()),
        Reason::Import(name) => (Cause::Import(name.clone()), name.clone()),
        Reason::Lookup(what)
        | Reason::MissingFile(what)
        | Reason::Unsupported(what)
        | Reason::Limit(what)
        | Reason::OtherComponent(what)
        | Reason::Elsewhere(what)
        | Reason::NotAnalysed(what) => (Cause::Unresolved, what.clone()),
        Reason::Code | Reason::People => (Cause::Unresolved, "unknown".into()),
    };
    Hole { cause, label, span }
}

/// A hole that nothing better is known of.
pub(crate) fn unresolved(label: &str, span: Span) -> Text {
    Text::hole(Hole {
        cause: Cause::Unresolved,
        label: label.into(),
        span,
    })
}

const OPENING: &str = "{{resolve:";

/// Turns `{{resolve:service:key}}` into holes, also where the key itself has holes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
pub(crate) fn with_lookups(text: Text, span: Span) -> Text {
    let mentions = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(OPENING));
    if !text.pieces().iter().any(mentions) {
        return text;
    }
    let mut result = Text::default();
    let mut inside: Option<String> = None;
    for piece in text.pieces() {
        let literal = match (piece, &mut inside) {
            (Piece::Hole(hole), None) => {
                result.push_hole(hole.clone());
                continue;
            }
            (Piece::Hole(hole), Some(key)) => {
                key.push_str(&format!("${{{}}}", hole.label));
                continue;
            }
            (Piece::Literal(literal), _) => literal,
        };
        let mut rest: &str = literal;
        while !rest.is_empty() {
            let (mark, skip) = if inside.is_some() {
                ("}}", 2)
            } else {
                (OPENING, OPENING.len())
            };
            let at = rest.find(mark);
            let (before, after) = rest.split_at(at.unwrap_or(rest.len()));
            match &mut inside {
                Some(key) => key.push_str(before),
                None => result.push_literal(before),
            }
            rest = after.get(skip..).unwrap_or("");
            if at.is_some() {
                inside = match inside.take() {
                    Some(key) => {
                        result.push_hole(lookup(&key, span));
                        None
                    }
                    None => Some(String::new()),
                };
            }
        }
    }
    if let Some(unfinished) = inside {
        result.push_literal(OPENING);
        result.push_literal(&unfinished);
    }
    result
}

fn lookup(written: &str, span: Span) -> Hole {
    let (service, key) = written.split_once(':').unwrap_or((written, ""));
    Hole {
        cause: Cause::Lookup {
            service: service.into(),
            key: key.into(),
        },
        label: format!("resolve:{written}").into(),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use underbelly_source::FileId;

    #[test]
    fn lookups_become_holes_and_unfinished_ones_stay_text() {
        let span = Span::new(FileId(0), 0, 0);
        let check = |text: &str, expected: &str| {
            assert_eq!(with_lookups(text.into(), span).to_string(), expected);
        };
        check("a{{resolve:ssm:/x:1}}b", "a${resolve:ssm:/x:1}b");
        check("{{resolve:ssm:/x", "{{resolve:ssm:/x");
        check("plain {{x}}", "plain {{x}}");
        let mut text = Text::from("{{resolve:secretsmanager:");
        text.push(&unresolved("Db", span));
        text.push_literal("::password}}");
        let holes: Vec<_> = with_lookups(text, span).holes().cloned().collect();
        assert_eq!(holes.len(), 1);
        assert_eq!(&*holes[0].label, "resolve:secretsmanager:${Db}::password");
    }
}
