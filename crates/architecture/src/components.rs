//! A component for every resource that is one, for every stack and for the account.

use std::collections::HashMap;
use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, SubjectId, Value};
use underbelly_iac::{Resource, ResourceGraph, ResourceId, Stack};
use underbelly_library::{Choice, Kind, Library};
use underbelly_model::{Component, DeclaredAs, Drawn, Facts};

use crate::draft::Draft;
use crate::identity;

/// The type that deploys another template; it is the component of that stack.
pub(crate) const NESTED_STACK: &str = "AWS::CloudFormation::Stack";

/// The catalogue entry of every resource, by resource index.
pub(crate) fn entries(graph: &ResourceGraph, library: &Library) -> Vec<Option<u32>> {
    let resources = graph.resources.iter();
    resources
        .map(|resource| {
            let mut found = library.catalogue.of_type(&resource.kind);
            let fits = |choice: &Option<Choice>| match choice {
                Some(choice) => chosen(resource, choice),
                None => true,
            };
            let (index, _) = found.find(|(_, entry)| fits(&entry.only))?;
            Some(index as u32)
        })
        .collect()
}

/// Whether a resource has the property in some case.
pub(crate) fn chosen(resource: &Resource, choice: &Choice) -> bool {
    let written = resource.properties.path(&choice.property);
    written.cases().into_iter().any(|(_, fact)| match fact {
        Fact::Absent(_) => false,
        Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_) if choice.is.is_empty() => true,
        Fact::Known(_) => fact
            .as_text()
            .is_some_and(|text| choice.is.iter().any(|value| &**value == text)),
        Fact::Unknown(_) | Fact::OneOf(_) => false,
    })
}

/// Adds them all, in the order of the source.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let graph = draft.graph;
    let account = draft.add_component(account(draft.library), None);
    draft.account = Some(account);
    let mut paths: HashMap<&str, usize> = HashMap::new();
    for stack in &graph.stacks {
        // The same path twice would be one id for two stacks.
        let twins = paths.entry(&stack.path).or_default();
        let component = stack_component(draft, stack, *twins);
        *twins = twins.saturating_add(1);
        let parent = stack.parent;
        let subject = draft.add_component(component, parent);
        draft.stacks.push(subject);
    }
    for (id, resource) in graph.iter() {
        let component = match draft.entry_of(id) {
            Some(entry) => entry
                .component
                .clone()
                .map(|kind| (kind, entry.zone.clone())),
            None if draft.component_of(id).is_some() => None,
            None => Some(unlisted(draft, resource)),
        };
        if let Some((kind, zone)) = component {
            add_resource(draft, id, resource, &kind, zone);
        }
    }
    for index in 0..draft.components.len() {
        common_facts(draft, SubjectId::component(index));
    }
}

/// A type nobody has listed becomes a plain component, said by a diagnostic at the end.
fn unlisted(_draft: &Draft<'_>, _resource: &Resource) -> (Arc<str>, Option<Arc<str>>) {
    ("external".into(), Some("application".into()))
}

fn add_resource(
    draft: &mut Draft<'_>,
    id: ResourceId,
    resource: &Resource,
    kind: &Arc<str>,
    zone: Option<Arc<str>>,
) {
    let known = draft.library.kind(kind);
    let stack = draft.graph.stack(resource.stack);
    let component_id = identity::id(draft.graph, id);
    let component = Component {
        short: component_id.clone(),
        name: identity::name(draft.graph, id),
        id: component_id,
        kind: kind.clone(),
        zone: zone.unwrap_or_else(|| zone_of(known, kind)),
        system: stack.map(|stack| stack.system.0),
        resource: Some(DeclaredAs {
            kind: resource.written_as.clone(),
            logical_id: resource.logical_id.clone(),
            stack: stack.map_or_else(|| "".into(), |stack| stack.path.clone()),
        }),
        place: Some(resource.head),
        guard: resource.guard.clone(),
        // A stack that was not read declares nothing here.
        outside: &*resource.kind == NESTED_STACK,
        drawn: known.map_or(Drawn::Node, drawn),
        facts: Facts::default(),
        parts: Vec::new(),
    };
    draft.add_component(component, Some(id));
}

fn stack_component(draft: &Draft<'_>, stack: &Stack, twins: usize) -> Component {
    let parent = stack.parent.and_then(|id| draft.graph.resource(id));
    let id: Arc<str> = match twins {
        0 => stack.path.clone(),
        n => format!("{} ({})", stack.path, n.saturating_add(1)).into(),
    };
    Component {
        short: id.clone(),
        name: last_segment(&stack.path).into(),
        id,
        kind: "stack".into(),
        zone: "control".into(),
        system: Some(stack.system.0),
        resource: parent.map(|resource| DeclaredAs {
            kind: resource.written_as.clone(),
            logical_id: resource.logical_id.clone(),
            stack: stack.path.clone(),
        }),
        place: Some(stack.span),
        guard: parent.map_or_else(Guard::always, |resource| resource.guard.clone()),
        outside: false,
        drawn: Drawn::No,
        facts: Facts::default(),
        parts: Vec::new(),
    }
}

fn account(library: &Library) -> Component {
    Component {
        id: "account".into(),
        short: "account".into(),
        name: "account".into(),
        kind: "account".into(),
        zone: zone_of(library.kind("account"), "account"),
        system: None,
        resource: None,
        place: None,
        guard: Guard::always(),
        outside: false,
        drawn: Drawn::No,
        facts: Facts::default(),
        parts: Vec::new(),
    }
}

/// What every component has.
pub(crate) fn common_facts(draft: &mut Draft<'_>, subject: SubjectId) {
    let Some(component) = draft.components.get(subject.index()) else {
        return;
    };
    let head = component.place;
    let say = |value: Value| {
        let places = head
            .map(underbelly_source::Place::here)
            .into_iter()
            .collect();
        Fact::known(value, Basis::Written, places)
    };
    let text = |text: &str| say(Value::Text(text.into()));
    let mut facts = vec![
        ("kind", text(&component.kind)),
        ("name", text(&component.name)),
    ];
    if !matches!(&*component.kind, "actor" | "external") || component.resource.is_some() {
        facts.push(("provider", text("aws")));
    }
    let resource = draft.resource_of(subject).map(|(id, _)| id);
    if let Some(stack) = resource.and_then(|id| draft.stack_of(id)) {
        facts.push(("stack", say(Value::Subject(stack))));
    }
    if let Some(account) = draft.account
        && (resource.is_some()
            || !draft
                .components
                .get(subject.index())
                .is_some_and(|c| c.outside))
    {
        facts.push(("account", say(Value::Subject(account))));
    }
    for (name, fact) in facts {
        draft.set(subject, name, fact);
    }
}

fn zone_of(kind: Option<&Kind>, id: &str) -> Arc<str> {
    match kind {
        Some(kind) => kind.zone.clone(),
        None if id == "account" || id == "stack" => "control".into(),
        None => "application".into(),
    }
}

/// How a kind is drawn.
pub(crate) fn drawn(kind: &Kind) -> Drawn {
    match &*kind.drawn {
        "badge" => Drawn::Badge,
        "no" => Drawn::No,
        _ => Drawn::Node,
    }
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
