//! Which web origins a REST API lets in: its answers to preflight questions say so,
//! in headers of methods, not in a setting of its own.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, SubjectId, Text, Value};

use crate::derived::{Collected, any, bool_like, no, unresolved};
use crate::draft::Draft;

const ORIGIN: &str = "method.response.header.Access-Control-Allow-Origin";
const CREDENTIALS: &str = "method.response.header.Access-Control-Allow-Credentials";

/// Adds `cors_origins` and `cors_credentials` of REST APIs.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let mut origins: BTreeMap<SubjectId, Collected> = BTreeMap::new();
    let mut credentials: BTreeMap<SubjectId, Vec<(Guard, Fact)>> = BTreeMap::new();
    for (id, method) in draft.of_type("AWS::ApiGateway::Method") {
        let answers = method.properties.path("Integration.IntegrationResponses");
        let (answers, _) = answers.items();
        if answers.is_empty() {
            continue;
        }
        let apis = draft.target_components(&method.properties.field("RestApiId"), id);
        for (guard, answer) in answers {
            let headers = answer.field("ResponseParameters");
            for (outer, api) in &apis {
                let guard = guard.and(outer).and_then(|g| g.and(&method.guard));
                let Some(guard) = guard else { continue };
                let origin = headers.field(ORIGIN).map(unquoted);
                origins.entry(*api).or_default().fact(&guard, &origin);
                // Browsers refuse credentials where the header says every origin.
                let allowed = match origin.as_text() {
                    Some("*") => bool_like(&origin, false),
                    _ => headers.field(CREDENTIALS).map(allowed),
                };
                credentials.entry(*api).or_default().push((guard, allowed));
            }
        }
    }
    for api in draft.of_kind("rest-api") {
        let Some((_, resource)) = draft.resource_of(api) else {
            continue;
        };
        let found = origins.remove(&api).unwrap_or_default();
        draft.set(api, "cors_origins", found.set(Some(resource.head)));
        let offers = credentials.remove(&api).unwrap_or_default();
        let otherwise = no(resource.head);
        let fact = any(&draft.graph.worlds, &resource.guard, &offers, &otherwise);
        draft.set(api, "cors_credentials", fact);
    }
}

/// A header's value without the quotes that mark it as fixed.
fn unquoted(value: &Fact) -> Fact {
    let Fact::Known(known) = value else {
        return value.clone();
    };
    let Value::Text(text) = &known.value else {
        return value.clone();
    };
    let mut known = known.clone();
    known.value = Value::Text(without_quotes(text));
    Fact::Known(known)
}

fn without_quotes(text: &Text) -> Text {
    let mut plain = Text::default();
    for piece in text.pieces() {
        match piece {
            underbelly_expression::Piece::Literal(literal) => {
                plain.push_literal(&literal.replace(['\'', '"'], ""));
            }
            underbelly_expression::Piece::Hole(hole) => plain.push_hole(hole.clone()),
        }
    }
    plain
}

fn allowed(value: &Fact) -> Fact {
    let value = unquoted(value);
    match (&value, value.as_bool()) {
        (Fact::Known(_), Some(on)) => bool_like(&value, on),
        (Fact::Known(_), None) => unresolved(&value),
        (Fact::Absent(_) | Fact::Unknown(_) | Fact::OneOf(_), _) => value,
    }
}
