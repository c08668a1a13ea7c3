//! The finished architecture: short ids, zones, systems, and an answer for
//! every declared fact.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_iac::Stack;
use underbelly_model::{System, TrustZone};
use underbelly_source::Diagnostic;

use crate::draft::Draft;
use crate::{Mapping, components, identity};

impl Draft<'_> {
    /// The finished architecture.
    pub(crate) fn finish(mut self) -> Mapping {
        self.unknown_types();
        identity::settle(&mut self.components);
        identity::shorten(&mut self.components);
        let mut mapping = Mapping::default();
        mapping.architecture.systems = self.systems();
        mapping.architecture.zones = self.zones();
        mapping.architecture.components = self.components;
        mapping.architecture.parts = self.parts;
        mapping.architecture.flows = self.flows;
        mapping.architecture.worlds = self.graph.worlds.clone();
        mapping.architecture.secrets = self.secrets;
        mapping.diagnostics = self.diagnostics;
        mapping
    }

    fn zones(&self) -> Vec<TrustZone> {
        let zones = self.library.zones.iter();
        zones
            .map(|zone| TrustZone {
                id: zone.id.clone(),
                name: zone.name.clone(),
                rating: zone.rating,
            })
            .collect()
    }

    fn systems(&self) -> Vec<System> {
        let mut n_resources = vec![0_usize; self.graph.stacks.len()];
        for resource in &self.graph.resources {
            if let Some(n) = n_resources.get_mut(resource.stack.0 as usize) {
                *n = n.saturating_add(1);
            }
        }
        let systems = self.graph.systems.iter();
        systems
            .map(|system| {
                let stacks = system.stacks.iter();
                let stacks = stacks.filter_map(|id| self.graph.stack(*id));
                let n = system.stacks.iter();
                let n = n.filter_map(|id| n_resources.get(id.0 as usize));
                System {
                    name: system.name.clone(),
                    description: stacks.clone().find_map(|stack| stack.description.clone()),
                    files: self.files_of(stacks),
                    n_resources: n.sum(),
                }
            })
            .collect()
    }

    fn files_of<'s>(&self, stacks: impl Iterator<Item = &'s Stack>) -> Vec<Arc<str>> {
        let mut files = Vec::new();
        for stack in stacks {
            let file = self.files.and_then(|files| files.get(stack.file));
            if let Some(file) = file
                && !files.contains(file.path())
            {
                files.push(file.path().clone());
            }
        }
        files
    }

    /// One diagnostic for each type that is not listed.
    fn unknown_types(&mut self) {
        let mut unknown: BTreeMap<Arc<str>, Vec<underbelly_source::Span>> = BTreeMap::new();
        for (id, resource) in self.graph.iter() {
            let component = self.component_of(id);
            let kind = component.and_then(|subject| self.components.get(subject.index()));
            let stack = kind.is_some_and(|component| *component.kind == *"stack");
            let stack = stack || &*resource.kind == components::NESTED_STACK;
            if self.entry_of(id).is_none() && !stack {
                unknown
                    .entry(resource.written_as.clone())
                    .or_default()
                    .push(resource.head);
            }
        }
        for (kind, places) in unknown {
            let times = match places.len() {
                1 => String::new(),
                n => format!(", {n} times"),
            };
            let mut diagnostic = Diagnostic::note_only(
                "unknown-resource-type",
                format!("the resource type `{kind}` is not known{times}"),
            )
            .note("it is drawn as a plain component, without facts of its own")
            .help("a catalogue entry in a library folder of yours can say what it is");
            let mut places = places.into_iter();
            if let Some(first) = places.next() {
                diagnostic = diagnostic.at(first);
            }
            for place in places.take(2) {
                diagnostic = diagnostic.and(place, "also here");
            }
            self.diagnostics.push(diagnostic);
        }
    }
}
