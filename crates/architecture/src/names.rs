//! What declared resources are called: an index from name or address to resource.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use underbelly_expression::{Guard, Text};
use underbelly_iac::{ResourceGraph, ResourceId};
use underbelly_library::{Catalogue, CatalogueEntry};

use crate::address::{self, name_key};

/// Resources under a guard.
pub(crate) type Found = Vec<(Guard, ResourceId)>;

/// Names by system and catalogue entry.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: BTreeMap<(u32, u32, String), Found>,
    /// Catalogue entries whose addresses are of a service.
    services: HashMap<Arc<str>, Vec<u32>>,
    /// Catalogue entries that become a kind.
    kinds: HashMap<Arc<str>, Vec<u32>>,
}

impl Names {
    /// The names of all resources; `entries` says which catalogue entry each is.
    pub(crate) fn new(
        graph: &ResourceGraph,
        catalogue: &Catalogue,
        entries: &[Option<u32>],
    ) -> Self {
        let mut names = Self::default();
        for (index, entry) in catalogue.entries().iter().enumerate() {
            names.add_entry(index as u32, entry);
        }
        for (id, resource) in graph.iter() {
            let Some(index) = entries.get(id.0 as usize).copied().flatten() else {
                continue;
            };
            let Some(entry) = catalogue.entry(index as usize) else {
                continue;
            };
            let system = graph
                .stack(resource.stack)
                .map_or(0, |stack| stack.system.0);
            for path in &entry.names {
                let written = resource.properties.path(path);
                for (guard, fact) in written.cases() {
                    let key = fact.as_pattern().and_then(|name| {
                        let name = address::without_prefix(name, "/").unwrap_or(name.clone());
                        name_key(&name, &resource.stack.0.to_string())
                    });
                    if let Some(key) = key {
                        let found = names.names.entry((system, index, key)).or_default();
                        found.push((guard, id));
                    }
                }
            }
        }
        names
    }

    fn add_entry(&mut self, index: u32, entry: &CatalogueEntry) {
        for address in &entry.addresses {
            let found = self.services.entry(address.service.clone()).or_default();
            if found.last() != Some(&index) {
                found.push(index);
            }
        }
        if let Some(kind) = &entry.component {
            self.kinds.entry(kind.clone()).or_default().push(index);
        }
    }

    /// Catalogue entries whose addresses are of this service.
    pub(crate) fn of_service(&self, service: &str) -> &[u32] {
        self.services.get(service).map_or(&[], Vec::as_slice)
    }

    /// Catalogue entries that become this kind.
    pub(crate) fn of_kind(&self, kind: &str) -> &[u32] {
        self.kinds.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Resources of a catalogue entry that are called so in a system.
    pub(crate) fn named(&self, system: u32, entry: u32, name: &Text, stack: &str) -> Found {
        let name = address::without_prefix(name, "/").unwrap_or(name.clone());
        let Some(key) = name_key(&name, stack) else {
            return Found::new();
        };
        let found = self.names.get(&(system, entry, key));
        found.cloned().unwrap_or_default()
    }

    /// Resources of a catalogue entry whose name begins so in a system.
    pub(crate) fn beginning(&self, system: u32, entry: u32, start: &Text, stack: &str) -> Found {
        let Some(key) = name_key(start, stack) else {
            return Found::new();
        };
        let from = (system, entry, key.clone());
        let run = self.names.range(from..);
        let run = run
            .take_while(|((s, e, name), _)| *s == system && *e == entry && name.starts_with(&key));
        run.flat_map(|(_, found)| found.iter().cloned()).collect()
    }
}
