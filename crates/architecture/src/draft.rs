//! The architecture while it is being drawn, and the few ways to add to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, Reason, SubjectId};
use underbelly_iac::{Resource, ResourceGraph, ResourceId};
use underbelly_library::Library;
use underbelly_model::{Component, DataFlow, Drawn, Facts, FlowKind, Part, Strength};
use underbelly_source::{Diagnostic, Place, Span};

use crate::Mapping;

/// What a value that names something leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A component of the draft.
    Component(SubjectId),
    /// A resource that is no component: a satellite, a policy, an unknown type.
    Resource(ResourceId),
    /// Something named that nothing declares: its name or address, as far as known.
    Outside(Arc<str>),
    /// Nobody can tell.
    Unknown(Reason),
}

/// The architecture while it is being drawn.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    /// What the templates declare.
    pub graph: &'a ResourceGraph,
    /// What is known.
    pub library: &'a Library,
    /// The date the analysis is made for, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// Components so far; a subject id's index leads here.
    pub components: Vec<Component>,
    /// Parts so far.
    pub parts: Vec<Part>,
    /// Flows so far.
    pub flows: Vec<DataFlow>,
    /// What was not understood.
    pub diagnostics: Vec<Diagnostic>,
    /// The component each resource is, by resource index.
    component_of: Vec<Option<SubjectId>>,
    /// The resource each component is, by component index.
    resource_of: Vec<Option<ResourceId>>,
    /// Components by kind.
    by_kind: BTreeMap<Arc<str>, Vec<SubjectId>>,
    /// Components that nothing declares, by kind and name.
    outside: BTreeMap<(Arc<str>, Arc<str>), SubjectId>,
}

impl<'a> Draft<'a> {
    /// A draft with a component for every resource that is one.
    pub(crate) fn new(graph: &'a ResourceGraph, library: &'a Library, as_of: &'a str) -> Self {
        Self {
            graph,
            library,
            as_of,
            components: Vec::new(),
            parts: Vec::new(),
            flows: Vec::new(),
            diagnostics: Vec::new(),
            component_of: vec![None; graph.resources.len()],
            resource_of: Vec::new(),
            by_kind: BTreeMap::new(),
            outside: BTreeMap::new(),
        }
    }

    /// Components of a kind, in the order of the source.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<SubjectId> {
        self.by_kind.get(kind).cloned().unwrap_or_default()
    }

    /// Resources of a type, in the order of the source.
    pub(crate) fn of_type(&self, kind: &str) -> Vec<(ResourceId, &'a Resource)> {
        let all = self.graph.iter();
        all.filter(|(_, resource)| &*resource.kind == kind)
            .collect()
    }

    /// The component a resource is.
    pub(crate) fn component_of(&self, resource: ResourceId) -> Option<SubjectId> {
        self.component_of
            .get(resource.0 as usize)
            .copied()
            .flatten()
    }

    /// The resource a component is.
    pub(crate) fn resource_of(&self, component: SubjectId) -> Option<(ResourceId, &'a Resource)> {
        let id = self.resource_of.get(component.index()).copied().flatten()?;
        Some((id, self.graph.resource(id)?))
    }

    /// What a value leads to, seen from `near`: by reference, then by literal or
    /// composed name within the system. By cases, each under its guard; a list
    /// leads to each of its items.
    pub(crate) fn targets(&self, _value: &Fact, _near: ResourceId) -> Vec<(Guard, Target)> {
        Vec::new()
    }

    /// A component that nothing declares: a partner, an HTTP address, a bucket
    /// named but managed elsewhere. The same kind and name give the same one.
    pub(crate) fn outside(&mut self, kind: &str, name: &str, place: Span) -> SubjectId {
        let key = (Arc::from(kind), Arc::from(name));
        if let Some(subject) = self.outside.get(&key) {
            return *subject;
        }
        let known = self.library.kind(kind);
        let component = Component {
            id: format!("{kind}/{name}").into(),
            short: name.into(),
            name: name.into(),
            kind: kind.into(),
            zone: known.map_or_else(|| "partner".into(), |kind| kind.zone.clone()),
            system: None,
            resource: None,
            place: Some(place),
            guard: Guard::always(),
            outside: true,
            drawn: Drawn::Node,
            facts: Facts::default(),
            parts: Vec::new(),
        };
        let subject = self.add_component(component, None);
        self.outside.insert(key, subject);
        subject
    }

    /// Adds a component.
    pub(crate) fn add_component(
        &mut self,
        component: Component,
        resource: Option<ResourceId>,
    ) -> SubjectId {
        let subject = SubjectId::component(self.components.len());
        let kind = component.kind.clone();
        self.by_kind.entry(kind).or_default().push(subject);
        if let Some(slot) = resource.and_then(|id| self.component_of.get_mut(id.0 as usize)) {
            *slot = Some(subject);
        }
        self.components.push(component);
        self.resource_of.push(resource);
        subject
    }

    /// Adds a part to a component. A key already in the group gets a number.
    pub(crate) fn add_part(
        &mut self,
        owner: SubjectId,
        group: &str,
        kind: &str,
        key: &str,
        place: Option<Span>,
        guard: Guard,
    ) -> SubjectId {
        let subject = SubjectId::part(self.parts.len());
        let mut unique: Arc<str> = key.into();
        if let Some(component) = self.components.get_mut(owner.index()) {
            let taken = |wanted: &str| {
                component.parts.iter().any(|part| {
                    let part = self.parts.get(part.index());
                    part.is_some_and(|p| &*p.group == group && &*p.key == wanted)
                })
            };
            let mut n = 2;
            while taken(&unique) {
                unique = format!("{key} ({n})").into();
                n += 1;
            }
            component.parts.push(subject);
        }
        self.parts.push(Part {
            owner,
            group: group.into(),
            kind: kind.into(),
            key: unique,
            place,
            guard,
            facts: Facts::default(),
        });
        subject
    }

    /// Sets a fact of a component or part.
    pub(crate) fn set(&mut self, subject: SubjectId, name: &str, fact: Fact) {
        let facts = if subject.is_part() {
            self.parts.get_mut(subject.index()).map(|p| &mut p.facts)
        } else {
            let component = self.components.get_mut(subject.index());
            component.map(|c| &mut c.facts)
        };
        if let Some(facts) = facts {
            facts.set(name, fact);
        }
    }

    /// A fact of a component or part.
    pub(crate) fn fact(&self, subject: SubjectId, name: &str) -> Option<&Fact> {
        if subject.is_part() {
            self.parts.get(subject.index())?.facts.get(name)
        } else {
            self.components.get(subject.index())?.facts.get(name)
        }
    }

    /// Adds a flow; the same source, destination, kind and label give one flow
    /// with all the places.
    #[expect(clippy::too_many_arguments, reason = "a flow has this many sides")]
    pub(crate) fn add_flow(
        &mut self,
        source: SubjectId,
        destination: SubjectId,
        kind: FlowKind,
        strength: Strength,
        label: &str,
        guard: Guard,
        places: Vec<Place>,
    ) {
        let name = |subject: SubjectId| {
            let component = self.components.get(subject.index());
            component.map_or("?", |component| &*component.id)
        };
        let mut id = format!(
            "{} -> {} ({})",
            name(source),
            name(destination),
            kind.word()
        );
        if !label.is_empty() {
            id = format!("{id} {label}");
        }
        self.flows.push(DataFlow {
            id: id.into(),
            source,
            destination,
            kind,
            strength,
            label: label.into(),
            guard,
            places,
        });
    }

    /// The finished architecture.
    pub(crate) fn finish(self) -> Mapping {
        let mut mapping = Mapping::default();
        mapping.architecture.components = self.components;
        mapping.architecture.parts = self.parts;
        mapping.architecture.flows = self.flows;
        mapping.architecture.worlds = self.graph.worlds.clone();
        mapping.diagnostics = self.diagnostics;
        mapping
    }
}
