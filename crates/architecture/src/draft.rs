//! The architecture while it is being drawn, and the few ways to add to it.

mod outside;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Item, Reason, Set, SubjectId, Unknown, Value};
use underbelly_iac::{Resource, ResourceGraph, ResourceId};
use underbelly_library::{CatalogueEntry, Library};
use underbelly_model::{Component, DataFlow, Facts, FlowKind, Part, Right, Strength};
use underbelly_source::{Diagnostic, FileId, Files, Place, Span};

use crate::names::Names;
use crate::rights::Remembered;
use crate::said::Heard;
use crate::{components, identity};

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
    /// The files that were read, where they are at hand.
    pub files: Option<&'a Files>,
    /// Components so far; a subject id's index leads here.
    pub components: Vec<Component>,
    /// Parts so far.
    pub parts: Vec<Part>,
    /// Flows so far.
    pub flows: Vec<DataFlow>,
    /// What roles may do with components.
    pub rights: Vec<Right>,
    /// What was not understood.
    pub diagnostics: Vec<Diagnostic>,
    /// Places whose text must never be shown.
    pub secrets: Vec<Span>,
    /// The component each resource is, by resource index.
    component_of: Vec<Option<SubjectId>>,
    /// The resource each component is, by component index.
    resource_of: Vec<Option<ResourceId>>,
    /// Components by kind.
    by_kind: BTreeMap<Arc<str>, Vec<SubjectId>>,
    /// Components that nothing declares, by system, kind and name.
    outside: BTreeMap<(u32, Arc<str>, Arc<str>), SubjectId>,
    /// The catalogue entry each resource is, by resource index.
    entry_of: Vec<Option<u32>>,
    /// Resources by type.
    by_type: BTreeMap<Arc<str>, Vec<ResourceId>>,
    /// What resources are called.
    pub(crate) names: Names,
    /// The system whose templates stand in a file.
    system_of_file: BTreeMap<FileId, u32>,
    /// Flows by their ends, kind and label.
    flow_keys: BTreeMap<(SubjectId, SubjectId, FlowKind, Arc<str>), Vec<usize>>,
    /// Groups of parts that may have more members, and why.
    more_parts: BTreeMap<(SubjectId, Arc<str>), Unknown>,
    /// Keys of parts that are taken.
    part_keys: BTreeMap<(SubjectId, Arc<str>, Arc<str>), u32>,
    /// Parts by owner, group and place.
    parts_at: BTreeMap<(SubjectId, Arc<str>, Span), Vec<SubjectId>>,
    /// What actions let one do, as far as somebody asked.
    pub(crate) abilities: Remembered,
    /// The component that is the stack, by stack index.
    pub(crate) stacks: Vec<SubjectId>,
    /// The component that is the account.
    pub(crate) account: Option<SubjectId>,
    /// What people say of what is drawn.
    pub(crate) heard: Heard<'a>,
}

impl<'a> Draft<'a> {
    /// A draft with a component for every resource that is one.
    pub(crate) fn new(graph: &'a ResourceGraph, library: &'a Library, as_of: &'a str) -> Self {
        let entry_of = components::entries(graph, library);
        let mut by_type: BTreeMap<Arc<str>, Vec<ResourceId>> = BTreeMap::new();
        for (id, resource) in graph.iter() {
            by_type.entry(resource.kind.clone()).or_default().push(id);
        }
        let mut system_of_file = BTreeMap::new();
        for stack in &graph.stacks {
            system_of_file.entry(stack.file).or_insert(stack.system.0);
        }
        let mut draft = Self {
            graph,
            library,
            as_of,
            files: None,
            components: Vec::new(),
            parts: Vec::new(),
            flows: Vec::new(),
            rights: Vec::new(),
            diagnostics: Vec::new(),
            secrets: graph.secrets.clone(),
            component_of: vec![None; graph.resources.len()],
            resource_of: Vec::new(),
            by_kind: BTreeMap::new(),
            outside: BTreeMap::new(),
            names: Names::new(graph, &library.catalogue, &entry_of),
            entry_of,
            by_type,
            system_of_file,
            flow_keys: BTreeMap::new(),
            more_parts: BTreeMap::new(),
            part_keys: BTreeMap::new(),
            parts_at: BTreeMap::new(),
            abilities: Remembered::default(),
            stacks: Vec::new(),
            account: None,
            heard: Heard::default(),
        };
        components::add(&mut draft);
        identity::settle(&mut draft.components);
        draft
    }

    /// Components of a kind, in the order of the source.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<SubjectId> {
        self.by_kind.get(kind).cloned().unwrap_or_default()
    }

    /// Resources of a type, in the order of the source.
    pub(crate) fn of_type(&self, kind: &str) -> Vec<(ResourceId, &'a Resource)> {
        let ids = self.by_type.get(kind).map_or(&[][..], Vec::as_slice);
        let graph = self.graph;
        ids.iter()
            .filter_map(|id| Some((*id, graph.resource(*id)?)))
            .collect()
    }

    /// Resources of a type; of all types that begin alike where it ends in `*`.
    pub(crate) fn of_types(&self, kind: &str) -> Vec<(ResourceId, &'a Resource)> {
        let Some(start) = kind.strip_suffix('*') else {
            return self.of_type(kind);
        };
        let types = self.by_type.keys();
        let types = types.filter(|kind| kind.starts_with(start));
        types.flat_map(|kind| self.of_type(kind)).collect()
    }

    /// The catalogue entry a resource is.
    pub(crate) fn entry_of(&self, resource: ResourceId) -> Option<&'a CatalogueEntry> {
        let index = self.entry_of.get(resource.0 as usize).copied().flatten()?;
        self.library.catalogue.entry(index as usize)
    }

    /// The stack component a resource stands in.
    pub(crate) fn stack_of(&self, resource: ResourceId) -> Option<SubjectId> {
        let resource = self.graph.resource(resource)?;
        self.stacks.get(resource.stack.0 as usize).copied()
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
        self.meet_component(subject);
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
        let group: Arc<str> = group.into();
        if let Some(place) = place {
            let there = self.parts_at.entry((owner, group.clone(), place));
            there.or_default().push(subject);
        }
        let unique = self.unique_key(owner, &group, key);
        if let Some(component) = self.components.get_mut(owner.index()) {
            component.parts.push(subject);
        }
        self.parts.push(Part {
            owner,
            group,
            kind: kind.into(),
            key: unique,
            place,
            guard,
            facts: Facts::default(),
        });
        let of = Fact::known(Value::Subject(owner), Basis::Written, Vec::new());
        self.set(subject, "component", of);
        self.meet_part(subject);
        subject
    }

    /// A key that no part of the group has: a taken one gets a number.
    fn unique_key(&mut self, owner: SubjectId, group: &Arc<str>, key: &str) -> Arc<str> {
        let in_group = |key: Arc<str>| (owner, group.clone(), key);
        let wanted: Arc<str> = key.into();
        let mut unique = wanted.clone();
        if let Some(so_far) = self.part_keys.get(&in_group(wanted.clone())).copied() {
            // Counting on from the last number, so that many alike stay cheap.
            let mut n = so_far.saturating_add(1);
            unique = format!("{key} ({n})").into();
            while self.part_keys.contains_key(&in_group(unique.clone())) {
                n = n.saturating_add(1);
                unique = format!("{key} ({n})").into();
            }
            self.part_keys.insert(in_group(wanted), n);
        }
        self.part_keys.insert(in_group(unique.clone()), 1);
        unique
    }

    /// Says that a group may have members that cannot be told.
    pub(crate) fn more_parts(&mut self, owner: SubjectId, group: &str, why: Unknown) {
        self.more_parts.entry((owner, group.into())).or_insert(why);
    }

    /// Sets the fact that lists the parts of a group, as they are now. What a job
    /// set before is kept as far as it says that there may be more.
    pub(crate) fn list_parts(&mut self, owner: SubjectId, group: &str) {
        let Some(component) = self.components.get(owner.index()) else {
            return;
        };
        let mut set = Set::default();
        let mut places = Vec::new();
        for subject in &component.parts {
            let Some(part) = self.parts.get(subject.index()) else {
                continue;
            };
            if &*part.group != group {
                continue;
            }
            let place: Vec<Place> = part.place.map(Place::here).into_iter().collect();
            places.extend(place.iter().copied());
            set.items.push(Item {
                guard: part.guard.clone(),
                fact: Fact::known(Value::Subject(*subject), Basis::Written, place),
            });
        }
        set.rest = self.more_parts.get(&(owner, group.into())).cloned();
        match component.facts.get(group) {
            Some(Fact::Unknown(unknown)) if set.items.is_empty() => {
                set.rest = Some(unknown.clone());
            }
            Some(Fact::Known(known)) => {
                if let Value::Set(before) = &known.value {
                    set.rest = set.rest.or_else(|| before.rest.clone());
                }
            }
            Some(Fact::Unknown(_) | Fact::OneOf(_) | Fact::Absent(_)) | None => {}
        }
        if places.is_empty() {
            places.extend(component.place.map(Place::missing));
        }
        self.set(
            owner,
            group,
            Fact::known(Value::Set(set), Basis::Written, places),
        );
    }

    /// The parts of a group that stand at a place.
    pub(crate) fn parts_at(&self, owner: SubjectId, group: &str, place: Span) -> &[SubjectId] {
        let key = (owner, Arc::from(group), place);
        self.parts_at.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Sets a fact of a component or part, unless somebody gave it.
    pub(crate) fn set(&mut self, subject: SubjectId, name: impl Into<Arc<str>>, fact: Fact) {
        let name = name.into();
        if self.given(subject, &name).is_none() {
            self.set_over(subject, name, fact);
        }
    }

    /// Sets a fact, whoever gave it: what follows where something else overrules it.
    pub(crate) fn set_over(&mut self, subject: SubjectId, name: impl Into<Arc<str>>, fact: Fact) {
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
    /// with all the places, unless they hold under different conditions.
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
        let key = (source, destination, kind, Arc::from(label));
        let same = self.flow_keys.entry(key).or_default();
        for index in same.iter() {
            let Some(flow) = self.flows.get_mut(*index) else {
                continue;
            };
            if flow.guard != guard && !flow.guard.is_always() && !guard.is_always() {
                continue;
            }
            if guard.is_always() {
                flow.guard = guard;
            }
            flow.strength = flow.strength.min(strength);
            for place in places {
                if !flow.places.contains(&place) {
                    flow.places.push(place);
                }
            }
            return;
        }
        let number = same.len().saturating_add(1);
        same.push(self.flows.len());
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
        if number > 1 {
            id = format!("{id} ({number})");
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
}
