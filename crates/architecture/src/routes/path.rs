//! The whole path of a method, through the chain of resources above it.

use underbelly_expression::{Cause, Fact, Hole, Reason, Text};
use underbelly_iac::{Resource, ResourceId};

use crate::derived::referred;
use crate::draft::Draft;

/// No path has more segments than this.
const LONGEST: usize = 64;

/// The path of a method: as expanded, else through its resources.
pub(crate) fn path_of(draft: &Draft<'_>, method: &Resource) -> Fact {
    let written = method.properties.field("Path");
    if !written.is_absent() {
        return written.into_owned();
    }
    let first = method.properties.field("ResourceId").into_owned();
    let mut segments: Vec<Text> = Vec::new();
    let mut at = first.clone();
    for _ in 0..LONGEST {
        let Some((id, attribute)) = reference(&at) else {
            return unknown_start(&first, &at, &segments);
        };
        let Some(resource) = draft.graph.resource(id) else {
            break;
        };
        if &*resource.kind != "AWS::ApiGateway::Resource" {
            let is_root = &*attribute == "RootResourceId";
            return match is_root {
                true => Fact::text(joined(Text::default(), &segments), first.head(method.head)),
                false => unknown_start(&first, &at, &segments),
            };
        }
        let part = resource.properties.field("PathPart").into_owned();
        segments.push(match part.as_pattern() {
            Some(text) => text.clone(),
            None => hole(&part, "?", resource),
        });
        at = resource.properties.field("ParentId").into_owned();
    }
    let reason = Reason::Unsupported("the path's resources lead in a circle".into());
    Fact::unknown(reason, first.span())
}

/// A path whose beginning stands elsewhere: `${RootId}/orders`.
fn unknown_start(first: &Fact, at: &Fact, segments: &[Text]) -> Fact {
    match (at, at.as_pattern(), first.span()) {
        (_, Some(start), Some(span)) => Fact::text(joined(start.clone(), segments), span),
        (Fact::Unknown(unknown), _, _) => Fact::Unknown(unknown.clone()),
        _ => Fact::unknown(
            Reason::Unsupported("a resource of an API that depends on conditions".into()),
            first.span(),
        ),
    }
}

fn joined(mut start: Text, segments: &[Text]) -> Text {
    if segments.is_empty() && start.is_empty() {
        start.push_literal("/");
    }
    for segment in segments.iter().rev() {
        start.push_literal("/");
        start.push(segment);
    }
    start
}

fn hole(part: &Fact, label: &str, resource: &Resource) -> Text {
    Text::hole(Hole {
        cause: Cause::Unresolved,
        label: label.into(),
        span: part.head(resource.head),
    })
}

fn reference(fact: &Fact) -> Option<(ResourceId, std::sync::Arc<str>)> {
    let id = referred(fact)?;
    let hole = fact.as_pattern()?.only_hole()?;
    match &hole.cause {
        Cause::Resource { attribute, .. } => Some((id, attribute.clone())),
        Cause::Parameter(_)
        | Cause::Pseudo(_)
        | Cause::Import(_)
        | Cause::Lookup { .. }
        | Cause::Runtime
        | Cause::Unresolved => None,
    }
}
