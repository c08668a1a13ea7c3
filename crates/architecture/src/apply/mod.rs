//! What the catalogue says of each component: attachments, simple facts, parts,
//! and conditions over them.
//!
//! Nothing here knows a provider's word: those stand in the catalogue's files.

mod anywhere;
mod attached;
mod facts;
mod parts;
mod paths;
mod references;
mod scope;
mod shape;

use underbelly_expression::SubjectId;
use underbelly_iac::{Resource, ResourceId};
use underbelly_library::{CatalogueEntry, FactSource, PartFrom};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::Place;

use crate::components::chosen;
use crate::draft::Draft;
use attached::Attached;
use scope::Scope;
use shape::AllShapes;

/// Adds catalogue facts and parts to every component that has an entry.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let mut attached = Attached::new(draft);
    default_owners(draft, &mut attached);
    let applying = Applying::new(draft, attached);
    let subjects: Vec<SubjectId> = (0..draft.components.len())
        .map(SubjectId::component)
        .collect();
    for subject in &subjects {
        if let Some(entry) = entry(draft, *subject) {
            applying.component(draft, *subject, entry);
        }
    }
    for subject in &subjects {
        if let Some(entry) = entry(draft, *subject) {
            borrowed(draft, *subject, entry);
        }
    }
    for subject in subjects {
        if let Some(entry) = entry(draft, subject) {
            over(draft, subject, entry);
        }
    }
}

/// What names no owner belongs to the component that every account has, such as
/// the default event bus.
fn default_owners(draft: &mut Draft<'_>, attached: &mut Attached) {
    let library = draft.library;
    for entry in library.catalogue.entries() {
        let Some(kind) = &entry.component else {
            continue;
        };
        for rule in &entry.parts {
            let (Some(name), PartFrom::Resources { resources, by }) =
                (&rule.default_owner, &rule.from)
            else {
                continue;
            };
            for resource_type in resources {
                for (id, resource) in draft.of_type(resource_type) {
                    let fits = rule.only.as_ref().is_none_or(|only| chosen(resource, only));
                    let nobody = by.iter().all(|path| {
                        let value = resource.properties.path(path);
                        value.is_absent() || value.as_text() == Some(name)
                    });
                    if fits && nobody {
                        let owner = draft.default_component(kind, name, resource.head);
                        attached.add(resource_type, by, owner, id, resource);
                    }
                }
            }
        }
    }
}

/// Parts of other components that count as one's own.
fn borrowed(draft: &mut Draft<'_>, subject: SubjectId, entry: &CatalogueEntry) {
    for rule in &entry.parts {
        if let PartFrom::Borrowed(paths) = &rule.from {
            parts::borrow(draft, subject, rule, paths);
            draft.list_parts(subject, &rule.group);
        }
    }
}

/// The catalogue entry of a component; that of the account has no resources.
fn entry<'a>(draft: &Draft<'a>, subject: SubjectId) -> Option<&'a CatalogueEntry> {
    if let Some((id, _)) = draft.resource_of(subject) {
        return draft.entry_of(id);
    }
    // Nobody declares the account or the default bus.
    let component = draft.components.get(subject.index())?;
    let undeclared =
        draft.account == Some(subject) || (component.resource.is_none() && !component.outside);
    let mut entries = draft.library.catalogue.entries().iter();
    entries.find(|entry| undeclared && entry.component.as_deref() == Some(&*component.kind))
}

/// What applies to all components alike.
struct Applying<'a> {
    attached: Attached,
    shapes: AllShapes,
    /// Entries for components of any kind.
    common: Vec<&'a CatalogueEntry>,
}

impl<'a> Applying<'a> {
    fn new(draft: &Draft<'a>, attached: Attached) -> Self {
        let entries = draft.library.catalogue.entries().iter();
        let common = entries.filter(|entry| entry.component.as_deref() == Some("component"));
        Self {
            attached,
            shapes: AllShapes::new(draft.library),
            common: common.collect(),
        }
    }

    fn component(&self, draft: &mut Draft<'_>, subject: SubjectId, entry: &CatalogueEntry) {
        let Some(kind) = &entry.component else {
            return;
        };
        let shapes = self.shapes.of_kind(kind);
        let declared = draft.resource_of(subject);
        let mut scope = match declared {
            Some((id, resource)) => Scope::of_resource(id, resource),
            None => Scope::empty(),
        };
        let attached = &self.attached;
        scope.give(draft, attached, Some(subject), kind, &entry.given);
        let entries = self.common.iter().copied().chain([entry]);
        for entry in entries {
            facts::set(draft, attached, &scope, subject, &entry.facts, shapes);
        }
        for rule in &entry.parts {
            parts::add(
                draft,
                attached,
                &scope,
                subject,
                rule,
                (shapes, &self.shapes),
            );
        }
        let mut groups: Vec<&str> = entry.parts.iter().map(|rule| &*rule.group).collect();
        groups.dedup();
        for group in groups {
            draft.list_parts(subject, group);
        }
        if let Some((id, resource)) = declared {
            flows(draft, &scope, subject, entry, (id, resource));
        }
    }
}

/// What properties say is handed on to others.
fn flows(
    draft: &mut Draft<'_>,
    scope: &Scope<'_>,
    subject: SubjectId,
    entry: &CatalogueEntry,
    (id, resource): (ResourceId, &Resource),
) {
    for rule in &entry.flows {
        for (guard, value) in scope.each(&rule.to) {
            let place = value.span().unwrap_or(resource.head);
            for (inner, target) in draft.named(&[&rule.kind], &value, id) {
                let Some(guard) = guard.and(&inner) else {
                    continue;
                };
                if let Some(receiver) = draft.draw(&target, &rule.kind, place) {
                    draft.add_flow(
                        subject,
                        receiver,
                        FlowKind::Delivery,
                        Strength::Strong,
                        &rule.label,
                        guard,
                        vec![Place::here(place)],
                    );
                }
            }
        }
    }
}

/// Conditions over facts and parts, once all of those stand.
fn over(draft: &mut Draft<'_>, subject: SubjectId, entry: &CatalogueEntry) {
    for rule in &entry.facts {
        if let FactSource::Over(condition) = &rule.source {
            let fact = facts::over(draft, subject, condition);
            draft.set(subject, rule.name.clone(), fact);
        }
    }
}
