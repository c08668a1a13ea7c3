//! Which resources lead to which component by which property: worked out once
//! for every pair of type and property that the catalogue asks about.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_library::{CatalogueEntry, FactSource, Given, GivenFrom, PartFrom};

use super::paths::each;
use crate::draft::{Draft, Target};

/// A type and a property.
type Asked = (Arc<str>, Arc<str>);

/// What leads to each component by one property.
type ByOwner = HashMap<SubjectId, Vec<Leads>>;

/// A resource that leads to a component, when, and by what.
#[derive(Clone, Debug)]
pub(super) struct Leads {
    pub(super) guard: Guard,
    pub(super) resource: ResourceId,
    pub(super) value: Fact,
}

/// Resources by the component they lead to.
#[derive(Debug, Default)]
pub(super) struct Attached {
    /// By type, then by property; only those by which anything leads anywhere.
    found: HashMap<Arc<str>, HashMap<Arc<str>, ByOwner>>,
}

impl Attached {
    pub(super) fn new(draft: &Draft<'_>) -> Self {
        // A bare name in such a property names the kind that asks.
        let mut asked: BTreeMap<Asked, BTreeSet<Arc<str>>> = BTreeMap::new();
        for entry in draft.library.catalogue.entries() {
            for pair in asked_by(entry) {
                let kinds = asked.entry(pair).or_default();
                kinds.extend(entry.component.clone());
            }
        }
        let mut attached = Self::default();
        for (pair, kinds) in asked {
            let kinds: Vec<&str> = kinds.iter().map(|kind| &**kind).collect();
            let found = leading(draft, &pair, &kinds);
            if !found.is_empty() {
                let (kind, path) = pair;
                attached.found.entry(kind).or_default().insert(path, found);
            }
        }
        attached
    }

    /// A resource that belongs to a component though no property says so.
    pub(super) fn add(
        &mut self,
        kind: &Arc<str>,
        by: &[Arc<str>],
        owner: SubjectId,
        id: ResourceId,
        resource: &Resource,
    ) {
        let Some(path) = by.first() else { return };
        let by_path = self.found.entry(kind.clone()).or_default();
        let found = by_path.entry(path.clone()).or_default();
        found.entry(owner).or_default().push(Leads {
            guard: resource.guard.clone(),
            resource: id,
            value: Fact::absent(Some(resource.head)),
        });
    }

    /// The resources of these types that lead to a component, in the order of the
    /// source; `_kind` is that of the component.
    pub(super) fn to(
        &self,
        subject: SubjectId,
        _kind: &str,
        types: &[Arc<str>],
        by: &[Arc<str>],
    ) -> Vec<(Guard, ResourceId)> {
        let mut found: BTreeMap<ResourceId, Guard> = BTreeMap::new();
        for leads in self.leads(subject, types, by) {
            found.entry(leads.resource).or_insert(leads.guard);
        }
        found.into_iter().map(|(id, guard)| (guard, id)).collect()
    }

    /// The same with the values that lead there.
    pub(super) fn leads(
        &self,
        subject: SubjectId,
        types: &[Arc<str>],
        by: &[Arc<str>],
    ) -> Vec<Leads> {
        let mut found = Vec::new();
        for by_path in types.iter().filter_map(|kind| self.found.get(kind)) {
            for leading in by.iter().filter_map(|path| by_path.get(path)) {
                found.extend(leading.get(&subject).into_iter().flatten().cloned());
            }
        }
        found
    }
}

fn asked_by(entry: &CatalogueEntry) -> Vec<Asked> {
    let mut asked = Vec::new();
    let mut all = |types: &[Arc<str>], by: &[Arc<str>]| {
        for kind in types {
            asked.extend(by.iter().map(|path| (kind.clone(), path.clone())));
        }
    };
    let givens = entry.parts.iter().flat_map(|part| &part.given);
    for Given { from, .. } in entry.given.iter().chain(givens) {
        if let GivenFrom::Attached { resources, by, .. } = from {
            all(resources, by);
        }
    }
    for part in &entry.parts {
        if let PartFrom::Resources { resources, by } = &part.from {
            all(resources, by);
        }
    }
    let facts = entry.parts.iter().flat_map(|part| &part.facts);
    for fact in entry.facts.iter().chain(facts) {
        if let FactSource::PointedAtBy { by, .. } = &fact.source {
            for (kind, paths) in by {
                all(std::slice::from_ref(kind), paths);
            }
        }
    }
    asked
}

fn leading(draft: &Draft<'_>, (kind, path): &Asked, kinds: &[&str]) -> ByOwner {
    let mut found = ByOwner::new();
    for (id, resource) in draft.of_types(kind) {
        for (outer, value) in each(&resource.properties, path) {
            for (guard, target) in draft.named(kinds, &value, id) {
                let Target::Component(subject) = target else {
                    continue;
                };
                let guard = outer.and(&guard).and_then(|g| g.and(&resource.guard));
                if let Some(guard) = guard {
                    found.entry(subject).or_default().push(Leads {
                        guard,
                        resource: id,
                        value: value.clone().into_owned(),
                    });
                }
            }
        }
    }
    found
}
