//! Parts that the catalogue lists: items of properties, and satellites.

use std::sync::Arc;

use underbelly_expression::{Fact, Guard, Reason, SubjectId, Unknown, Value};
use underbelly_iac::ResourceId;
use underbelly_library::{PartFrom, PartRule};
use underbelly_source::{Place, Span};

use super::attached::Attached;
use super::facts;
use super::paths::each;
use super::scope::Scope;
use super::shape::{AllShapes, Form, Shapes};
use crate::components::chosen;
use crate::draft::{Draft, Target};

/// Adds the parts of one rule to a component.
pub(super) fn add(
    draft: &mut Draft<'_>,
    attached: &Attached,
    scope: &Scope<'_>,
    owner: SubjectId,
    rule: &PartRule,
    (shapes, all): (&Shapes, &AllShapes),
) {
    let part = match shapes.get(&rule.group).map(|shape| &shape.form) {
        Some(Form::Parts(part)) => part.clone(),
        _ => return,
    };
    let adding = Adding {
        attached,
        owner,
        rule,
        shapes: all.of_part(&part),
        part: &part,
    };
    match &rule.from {
        PartFrom::Property(path) => adding.items(draft, scope, path),
        // Those wait until all parts of other components stand.
        PartFrom::Borrowed(_) => {}
        PartFrom::Resources { resources, by } => {
            for (guard, id) in attached.to(owner, &part, resources, by) {
                adding.resource(draft, guard, id);
            }
        }
    }
}

/// Copies the parts of the components that these properties lead to.
pub(super) fn borrow(draft: &mut Draft<'_>, owner: SubjectId, rule: &PartRule, paths: &[Arc<str>]) {
    let Some((near, resource)) = draft.resource_of(owner) else {
        return;
    };
    for path in paths {
        for (outer, value) in each(&resource.properties, path) {
            for (guard, target) in draft.targets(&value, near) {
                let Some(guard) = outer.and(&guard) else {
                    continue;
                };
                match target {
                    Target::Component(from) => copy(draft, from, owner, &rule.group, &guard),
                    Target::Unknown(reason) => {
                        let place = value.span().map(Place::here);
                        draft.more_parts(owner, &rule.group, Unknown { reason, place });
                    }
                    Target::Outside(name) => {
                        let place = value.span().map(Place::here);
                        let reason = Reason::OtherComponent(name);
                        draft.more_parts(owner, &rule.group, Unknown { reason, place });
                    }
                    Target::Resource(_) => {}
                }
            }
        }
    }
}

fn copy(draft: &mut Draft<'_>, from: SubjectId, to: SubjectId, group: &str, guard: &Guard) {
    let Some(component) = draft.components.get(from.index()) else {
        return;
    };
    let parts: Vec<_> = component
        .parts
        .iter()
        .filter_map(|subject| draft.parts.get(subject.index()))
        .filter(|part| &*part.group == group)
        .filter_map(|part| {
            let guard = guard.and(&part.guard)?;
            let facts = part.facts.clone();
            Some((
                part.kind.clone(),
                part.key.clone(),
                part.place,
                guard,
                facts,
            ))
        })
        .collect();
    for (kind, key, place, guard, facts) in parts {
        let subject = draft.add_part(to, group, &kind, &key, place, guard);
        for (name, fact) in facts.iter().filter(|(name, _)| &***name != "component") {
            draft.set(subject, name.clone(), fact.clone());
        }
    }
}

/// Values under guards.
type Cases = Vec<(Guard, Fact)>;

struct Adding<'r> {
    attached: &'r Attached,
    owner: SubjectId,
    rule: &'r PartRule,
    part: &'r str,
    shapes: &'r Shapes,
}

impl Adding<'_> {
    fn items(&self, draft: &mut Draft<'_>, scope: &Scope<'_>, path: &str) {
        let value = scope.first(draft, path);
        let (entries, rest) = value.entries();
        let is_map = !entries.is_empty();
        // The same name under several conditions is one part.
        let mut named: Vec<(Arc<str>, Span, Cases)> = Vec::new();
        for (guard, entry) in entries {
            let cases = entry.fact.cases();
            let cases = cases.filter(|(_, case)| !case.is_absent());
            let cases = cases.filter_map(|(inner, case)| Some((guard.and(&inner)?, case.clone())));
            match named.iter_mut().find(|(name, ..)| *name == entry.key) {
                Some((.., found)) => found.extend(cases),
                None => named.push((entry.key.clone(), entry.key_span, cases.collect())),
            }
        }
        for (name, place, cases) in named {
            let guard = match cases.as_slice() {
                [] => continue,
                [(guard, _)] => guard.clone(),
                _ => Guard::always(),
            };
            let fact = Fact::one_of(cases);
            let mut item = Scope::of_item(scope.near, Some(place), &fact);
            item.add("key", Fact::text(&*name, place));
            self.one(draft, item, Some(place), guard, &name);
        }
        if let Some(rest) = rest {
            self.rest(draft, rest.clone());
        }
        if is_map {
            return;
        }
        let (items, rest) = value.items();
        for (guard, fact) in items {
            if matches!(fact.as_known(), Some(known) if matches!(known.value, Value::Map(_)))
                || fact.as_pattern().is_some()
            {
                let head = fact.span().or(scope.head);
                let item = Scope::of_item(scope.near, head, fact);
                self.one(draft, item, head, guard, "?");
            } else if let Fact::Unknown(unknown) = fact {
                self.rest(draft, unknown.clone());
            }
        }
        if let Some(rest) = rest {
            self.rest(draft, rest.clone());
        }
    }

    fn rest(&self, draft: &mut Draft<'_>, rest: Unknown) {
        draft.more_parts(self.owner, &self.rule.group, rest);
    }

    fn resource(&self, draft: &mut Draft<'_>, guard: Guard, id: ResourceId) {
        let Some(resource) = draft.graph.resource(id) else {
            return;
        };
        if let Some(only) = &self.rule.only
            && !chosen(resource, only)
        {
            return;
        }
        let scope = Scope::of_resource(id, resource);
        let name = resource.logical_id.clone();
        self.one(draft, scope, Some(resource.head), guard, &name);
    }

    fn one(
        &self,
        draft: &mut Draft<'_>,
        mut scope: Scope<'_>,
        place: Option<Span>,
        guard: Guard,
        name: &str,
    ) {
        let key = self.key(draft, &scope, name);
        let group = &self.rule.group;
        let subject = draft.add_part(self.owner, group, self.part, &key, place, guard);
        scope.give(draft, self.attached, None, self.part, &self.rule.given);
        let rules = &self.rule.facts;
        facts::set(draft, self.attached, &scope, subject, rules, self.shapes);
    }

    /// The name people use: what the key properties say, else the part's own name.
    fn key(&self, draft: &Draft<'_>, scope: &Scope<'_>, name: &str) -> String {
        let mut words = Vec::new();
        for path in &self.rule.key {
            for (_, value) in scope.each(path).into_iter().take(1) {
                words.push(said(draft, &value, scope.near));
            }
        }
        words.retain(|word| !word.is_empty());
        if !words.is_empty() {
            return words.join(" ");
        }
        match scope.each("value").first() {
            Some((_, value)) if name == "?" => said(draft, value, scope.near),
            _ => name.to_owned(),
        }
    }
}

/// A value as part of a key: a reference by the name of what it refers to, an
/// address by the name in it.
fn said(draft: &Draft<'_>, value: &Fact, near: Option<ResourceId>) -> String {
    if let Some(number) = value.as_number() {
        return number.to_string();
    }
    let Some(text) = value.as_pattern() else {
        return String::new();
    };
    if text.only_hole().is_some()
        && let Some(near) = near
        && let Some((_, Target::Resource(id))) = draft.followed(&[], value, near).into_iter().next()
        && let Some(resource) = draft.graph.resource(id)
    {
        return resource.logical_id.to_string();
    }
    draft.name_in(&text.to_string())
}
