//! The components that a function's environment variables name.

use std::collections::BTreeMap;

use underbelly_expression::{Cause, Fact, Guard, SubjectId};
use underbelly_iac::ResourceId;
use underbelly_source::Place;

use crate::draft::{Draft, Target};

/// Kinds that a bare name in a variable may name.
const BY_NAME: &[&str] = &[
    "table",
    "queue",
    "topic",
    "object-store",
    "stream",
    "event-bus",
    "workflow",
    "function",
    "secret",
    "database",
];

/// A component that a variable names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The component.
    pub(super) target: SubjectId,
    /// When the variable names it.
    pub(super) guard: Guard,
    /// Where it does.
    pub(super) place: Option<Place>,
}

/// What each function's variables name.
pub(super) fn named(draft: &Draft<'_>) -> BTreeMap<SubjectId, Vec<Named>> {
    let mut found = BTreeMap::new();
    for function in draft.of_kind("function") {
        let Some((id, resource)) = draft.resource_of(function) else {
            continue;
        };
        let mut names: Vec<Named> = Vec::new();
        let variables = resource.properties.path("Environment.Variables");
        let (variables, _) = variables.entries();
        for (outer, variable) in variables {
            // What is looked up when deployed is a value, not a name.
            let is_value = |fact: &Fact| {
                let hole = fact.as_pattern().and_then(|text| text.only_hole());
                hole.is_some_and(|hole| matches!(hole.cause, Cause::Lookup { .. }))
            };
            if variable.fact.cases().any(|(_, case)| is_value(case)) {
                continue;
            }
            if names_rule(draft, &variable.fact) {
                continue;
            }
            for (inner, target) in draft.named(BY_NAME, &variable.fact, id) {
                let Target::Component(target) = target else {
                    continue;
                };
                let Some(guard) = outer.and(&inner) else {
                    continue;
                };
                let again = names
                    .iter()
                    .any(|name| name.target == target && name.guard == guard);
                if !again && target != function {
                    names.push(Named {
                        target,
                        guard,
                        place: variable.fact.span().map(Place::here),
                    });
                }
            }
        }
        if !names.is_empty() {
            found.insert(function, names);
        }
    }
    found
}

/// Where a function's variables hold the name of something that nothing declares,
/// whole and as it is written elsewhere.
pub(super) fn name_of_outside(
    draft: &Draft<'_>,
    function: SubjectId,
    target: SubjectId,
) -> Option<Place> {
    let component = draft.components.get(target.index())?;
    let (_, resource) = draft.resource_of(function).filter(|_| component.outside)?;
    let variables = resource.properties.path("Environment.Variables");
    let (variables, _) = variables.entries();
    let mut cases = variables.iter().flat_map(|(_, entry)| entry.fact.cases());
    cases.find_map(|(_, case)| {
        let same = case.as_pattern()?.to_string() == *component.name;
        case.span().filter(|_| same).map(Place::here)
    })
}

/// Whether a value names a rule of a bus: who switches a rule on and off puts
/// nothing on the bus.
fn names_rule(draft: &Draft<'_>, value: &Fact) -> bool {
    let is_rule = |case: &Fact| {
        let hole = case.as_pattern().and_then(|text| text.only_hole());
        let Some(Cause::Resource { resource, .. }) = hole.map(|hole| &hole.cause) else {
            return false;
        };
        let resource = draft.graph.resource(ResourceId(*resource));
        resource.is_some_and(|resource| &*resource.kind == "AWS::Events::Rule")
    };
    value.cases().any(|(_, case)| is_rule(case))
}
