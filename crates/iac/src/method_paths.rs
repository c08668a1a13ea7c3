//! The whole path of every REST method that is declared by itself: its resource's
//! part after those of the resources above, in the extra property `Path`.

use std::collections::BTreeMap;

use underbelly_expression::{Cause, Fact, Text};
use underbelly_source::Span;

use crate::ResourceId;
use crate::draft::{Draft, StackDraft};
use crate::make::with;

/// How many parts a path may have; a circle ends here.
const PARTS: usize = 64;

/// Gives the methods of a stack their paths.
pub(crate) fn add(stack: &mut StackDraft<'_, '_>) {
    let parts: BTreeMap<ResourceId, Fact> = stack
        .resources
        .iter()
        .filter(|draft| &*draft.kind == "AWS::ApiGateway::Resource")
        .map(|draft| (draft.id, draft.properties.clone()))
        .collect();
    for draft in &mut stack.resources {
        if &*draft.kind == "AWS::ApiGateway::Method" && draft.properties.field("Path").is_absent() {
            add_to(draft, &parts);
        }
    }
}

fn add_to(draft: &mut Draft, parts: &BTreeMap<ResourceId, Fact>) {
    let resource = draft.properties.field("ResourceId").into_owned();
    let span = resource.head(draft.head);
    let path = resource.map(|case| path_of(case, parts, span, PARTS));
    draft.properties = with(&draft.properties, "Path", path, span);
}

/// The path of a resource; what cannot be followed stays as a hole before the rest.
fn path_of(resource: &Fact, parts: &BTreeMap<ResourceId, Fact>, span: Span, left: usize) -> Fact {
    let Some(hole) = resource.as_pattern().and_then(Text::only_hole) else {
        return resource.clone();
    };
    let Cause::Resource {
        resource: id,
        attribute,
    } = &hole.cause
    else {
        return Fact::text(Text::hole(hole.clone()), span);
    };
    if &**attribute == "RootResourceId" {
        return Fact::text("/", span);
    }
    let Some(properties) = parts.get(&ResourceId(*id)).filter(|_| left > 0) else {
        return Fact::text(Text::hole(hole.clone()), span);
    };
    let parent = properties.field("ParentId").into_owned();
    let own = properties.field("PathPart").into_owned();
    parent.map(|parent| {
        let above = path_of(parent, parts, span, left.saturating_sub(1));
        above.map(|above| own.map(|own| joined(above, own, span)))
    })
}

fn joined(above: &Fact, own: &Fact, span: Span) -> Fact {
    let (Some(above), Some(own)) = (above.as_pattern(), own.as_pattern()) else {
        return match above.as_pattern() {
            Some(_) => own.clone(),
            None => above.clone(),
        };
    };
    let mut path = above.clone();
    if !path.suffix().ends_with('/') {
        path.push_literal("/");
    }
    path.push(own);
    Fact::text(path, span)
}
