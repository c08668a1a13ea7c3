//! What components are called: ids made of names people chose, never of positions.

use std::collections::HashMap;
use std::sync::Arc;

use underbelly_iac::{Format, Origin, Resource, ResourceGraph, ResourceId};
use underbelly_model::Component;

/// A resource may be implied by one that is implied itself, but not for ever.
const DEEPEST: usize = 4;

/// `stack/logical-id[:sub]`; for the CDK, the construct path.
pub(crate) fn id(graph: &ResourceGraph, id: ResourceId) -> Arc<str> {
    let Some(resource) = graph.resource(id) else {
        return "?".into();
    };
    let stack = graph.stack(resource.stack).map_or("", |stack| &*stack.path);
    format!("{stack}/{}", within(graph, id, 0)).into()
}

/// The name for people: the id within the stack.
pub(crate) fn name(graph: &ResourceGraph, id: ResourceId) -> Arc<str> {
    within(graph, id, 0).into()
}

fn within(graph: &ResourceGraph, id: ResourceId, depth: usize) -> String {
    let Some(resource) = graph.resource(id) else {
        return "?".to_owned();
    };
    match &resource.origin {
        Origin::Implied { by, sub } if !sub.is_empty() && depth < DEEPEST => {
            let by = within(graph, *by, depth.saturating_add(1));
            format!("{by}:{sub}")
        }
        Origin::Implied { .. } | Origin::Written => own(graph, resource),
    }
}

fn own(graph: &ResourceGraph, resource: &Resource) -> String {
    let stack = graph.stack(resource.stack);
    if let Some(path) = &resource.cdk_path {
        let path = construct(path, stack.map_or("", |stack| &*stack.path));
        if !path.is_empty() {
            return path;
        }
    }
    if stack.is_some_and(|stack| stack.format == Format::Cdk) {
        return without_hash(&resource.logical_id).to_owned();
    }
    resource.logical_id.to_string()
}

/// `Shop/Api/Default/GET/Resource` is `Api/Default/GET` in the stack `Shop`; the
/// CDK itself hides `Resource` from names for people.
fn construct(path: &str, stack: &str) -> String {
    let stack = stack.rsplit('/').next().unwrap_or(stack);
    let path = path.trim_end_matches("/Resource");
    let mut segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    // The first segment is the stack, under the name the app gives it; inside a
    // stage it is the second.
    if let Some(at) = segments.iter().position(|segment| *segment == stack) {
        segments.drain(..=at);
    } else if segments.len() > 1 {
        segments.remove(0);
    }
    let named: Vec<&str> = segments.into_iter().map(without_digest).collect();
    named.join("/")
}

/// The CDK ends logical ids with eight hexadecimal digits.
fn without_hash(logical_id: &str) -> &str {
    without_hexadecimal(logical_id, 8, |c| {
        c.is_ascii_digit() || ('A'..='F').contains(&c)
    })
}

/// Some constructs carry a digest of 32 digits in their names.
fn without_digest(segment: &str) -> &str {
    without_hexadecimal(segment, 32, |c| c.is_ascii_hexdigit())
}

fn without_hexadecimal(text: &str, length: usize, digit: fn(char) -> bool) -> &str {
    let Some(at) = text.len().checked_sub(length) else {
        return text;
    };
    match text.split_at_checked(at) {
        Some((name, hash)) if !name.is_empty() && hash.chars().all(digit) => name,
        _ => text,
    }
}

/// Makes ids unique where names of two components fall together: both logical
/// ids decide then.
pub(crate) fn settle(components: &mut [Component]) {
    let mut seen: HashMap<Arc<str>, usize> = HashMap::new();
    for component in components.iter() {
        let n = seen.entry(component.id.clone()).or_default();
        *n = n.saturating_add(1);
    }
    if seen.values().all(|n| *n == 1) {
        return;
    }
    let mut taken: HashMap<Arc<str>, usize> = HashMap::new();
    for component in components.iter_mut() {
        if seen.get(&component.id).copied().unwrap_or(0) > 1
            && let Some(resource) = &component.resource
            && *component.kind != *"stack"
        {
            component.id = format!("{}/{}", resource.stack, resource.logical_id).into();
        }
        let n = taken.entry(component.id.clone()).or_default();
        *n = n.saturating_add(1);
        if *n > 1 {
            component.id = format!("{} ({n})", component.id).into();
        }
    }
}

/// Gives every component the shortest end of its id that no other has.
pub(crate) fn shorten(components: &mut [Component]) {
    let mut uses: HashMap<String, u32> = HashMap::new();
    for component in components.iter() {
        for end in ends(component) {
            let n = uses.entry(end.to_owned()).or_default();
            *n = n.saturating_add(1);
        }
    }
    for component in components.iter_mut() {
        let found = ends(component)
            .into_iter()
            .find(|end| uses.get(*end).copied() == Some(1))
            .map(Arc::from);
        component.short = found.unwrap_or_else(|| component.id.clone());
    }
}

/// The ends of an id, shortest first: the name within the stack, then with more
/// and more of the stack's path.
fn ends(component: &Component) -> Vec<&str> {
    let id = &*component.id;
    let from = match &component.resource {
        Some(resource) if component.kind != "stack".into() => {
            resource.stack.len().saturating_add(1)
        }
        _ if component.kind == "stack".into() => id.rfind('/').map_or(0, |at| at.saturating_add(1)),
        None if *component.kind != *"account" => {
            let named = id.len().saturating_sub(component.name.len());
            if id.ends_with(&*component.name) {
                named
            } else {
                0
            }
        }
        _ => 0,
    };
    let mut ends = Vec::new();
    let mut at = from;
    while let Some(end) = id.get(at..) {
        ends.push(end);
        if at == 0 {
            break;
        }
        let before = id.get(..at.saturating_sub(1)).unwrap_or("");
        at = before
            .rfind(['/', ':'])
            .map_or(0, |slash| slash.saturating_add(1));
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn construct_paths_lose_stack_and_hashes() {
        let check = |path: &str, stack: &str, expected: &str| {
            assert_eq!(construct(path, stack), expected, "{path}");
        };
        check("Shop/Api/Default/GET/Resource", "Shop", "Api/Default/GET");
        check("Shop/Files/Resource/Resource", "Shop", "Files");
        check(
            "Prod/Shop/Fn/ServiceRole/Resource",
            "app/Shop",
            "Fn/ServiceRole",
        );
        check(
            "Shop/BucketNotificationsHandler050a0587b7544547bf325f094a3db834/Role",
            "shop.template",
            "BucketNotificationsHandler/Role",
        );
        check("Shop/Resource", "Shop", "");
        assert_eq!(
            without_hash("ResizeServiceRole1A2B3C4D"),
            "ResizeServiceRole"
        );
        assert_eq!(without_hash("Deed"), "Deed");
    }
}
