//! Where values lead: by reference, by address, by name inside the system.

use std::sync::Arc;

use underbelly_expression::{Cause, Fact, Guard, Hole, Piece, Reason, SubjectId, Text, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_library::CatalogueEntry;
use underbelly_source::Span;

use crate::address;
use crate::components::NESTED_STACK;
use crate::draft::{Draft, Target};
use crate::names::Found;

/// Satellites may lead to satellites, but not for ever.
const FARTHEST: usize = 6;
/// A satellite belongs to one thing, in a few cases at most.
const WIDEST: usize = 4;
/// How many resources are asked whether they name a satellite.
const SEARCHED: usize = 64;

impl Draft<'_> {
    /// What a value leads to, seen from `near`: by reference, then by address with
    /// a literal or composed name within the system. By cases, each under its
    /// guard; a list leads to each of its items. A bare name leads [`Target::Outside`]:
    /// ask [`named`](Self::named) where it is clear what it may name.
    pub(crate) fn targets(&self, value: &Fact, near: ResourceId) -> Vec<(Guard, Target)> {
        self.lead(value, near, &Names::default(), 0)
    }

    /// Like [`targets`](Self::targets), where a bare name is that of one of these kinds.
    pub(crate) fn named(
        &self,
        kinds: &[&str],
        value: &Fact,
        near: ResourceId,
    ) -> Vec<(Guard, Target)> {
        self.lead(value, near, &self.names_of(kinds), 0)
    }

    /// The resources a value leads to, whatever they are; bare names are those of
    /// these types.
    pub(crate) fn followed(
        &self,
        types: &[Arc<str>],
        value: &Fact,
        near: ResourceId,
    ) -> Vec<(Guard, Target)> {
        let entries = types
            .iter()
            .flat_map(|kind| self.library.catalogue.of_type(kind));
        let names = Names {
            entries: entries.map(|(index, _)| index as u32).collect(),
            whole: true,
        };
        self.lead(value, near, &names, 0)
    }

    fn names_of(&self, kinds: &[&str]) -> Names {
        let entries = kinds.iter().flat_map(|kind| self.names.of_kind(kind));
        Names {
            entries: entries.copied().collect(),
            whole: false,
        }
    }

    /// The components a value leads to, each under its guard.
    pub(crate) fn target_components(
        &self,
        value: &Fact,
        near: ResourceId,
    ) -> Vec<(Guard, SubjectId)> {
        let targets = self.targets(value, near).into_iter();
        let component = |(guard, target)| match target {
            Target::Component(subject) => Some((guard, subject)),
            Target::Resource(_) | Target::Outside(_) | Target::Unknown(_) => None,
        };
        targets.filter_map(component).collect()
    }

    /// The component to draw for a target: what nothing declares becomes an
    /// outside component of this kind. `None` for resources that are no component
    /// and where not even a name is known.
    pub(crate) fn draw(&mut self, target: &Target, kind: &str, place: Span) -> Option<SubjectId> {
        match target {
            Target::Component(subject) => Some(*subject),
            Target::Resource(_) => None,
            Target::Outside(name) => Some(self.outside(kind, name, place)),
            Target::Unknown(reason) => match reason {
                Reason::Parameter(name) | Reason::Import(name) | Reason::Lookup(name) => {
                    Some(self.outside(kind, name, place))
                }
                Reason::MissingFile(_)
                | Reason::Unsupported(_)
                | Reason::Limit(_)
                | Reason::OtherComponent(_)
                | Reason::Elsewhere(_)
                | Reason::NotAnalysed(_)
                | Reason::Code
                | Reason::People => None,
            },
        }
    }

    fn lead(
        &self,
        value: &Fact,
        near: ResourceId,
        names: &Names,
        depth: usize,
    ) -> Vec<(Guard, Target)> {
        let Some(resource) = self.graph.resource(near) else {
            return Vec::new();
        };
        let seen_from = Seen {
            draft: self,
            resource,
            system: self.graph.stack(resource.stack).map_or(0, |s| s.system.0),
            names,
            depth,
        };
        let mut targets = Vec::new();
        seen_from.fact(&Guard::always(), value, &mut targets);
        targets
    }

    /// What a resource is, or belongs to.
    pub(crate) fn target_of(&self, id: ResourceId) -> Vec<(Guard, Target)> {
        self.resource_target(id, 0)
    }

    fn resource_target(&self, id: ResourceId, depth: usize) -> Vec<(Guard, Target)> {
        if let Some(subject) = self.component_of(id) {
            return vec![(Guard::always(), Target::Component(subject))];
        }
        let itself = vec![(Guard::always(), Target::Resource(id))];
        let (Some(entry), Some(resource)) = (self.entry_of(id), self.graph.resource(id)) else {
            return itself;
        };
        if depth >= FARTHEST {
            return itself;
        }
        for path in &entry.leads_to {
            let value = resource.properties.path(path);
            if value.is_absent() {
                continue;
            }
            let kinds: Vec<&str> = entry.leads_to_kinds.iter().map(|kind| &**kind).collect();
            let names = self.names_of(&kinds);
            let mut found = self.lead(&value, id, &names, depth.saturating_add(1));
            found.truncate(WIDEST);
            return found;
        }
        let found = self.through(id, entry, depth);
        if found.is_empty() { itself } else { found }
    }

    /// What those belong to that name a resource which names nothing itself.
    fn through(
        &self,
        id: ResourceId,
        entry: &CatalogueEntry,
        depth: usize,
    ) -> Vec<(Guard, Target)> {
        let mut found = Vec::new();
        for (kind, path) in &entry.through {
            for (other, resource) in self.of_type(kind).into_iter().take(SEARCHED) {
                let value = resource.properties.path(path);
                for (guard, target) in self.followed(&entry.resources, &value, other) {
                    let names_it = matches!(target, Target::Resource(named) if named == id);
                    if !names_it || other == id {
                        continue;
                    }
                    let belongs = self.resource_target(other, depth.saturating_add(1));
                    let belongs = belongs.into_iter().filter(|(_, target)| {
                        matches!(target, Target::Component(_) | Target::Outside(_))
                    });
                    push_all(&guard, belongs.collect(), &mut found);
                }
            }
        }
        found.truncate(WIDEST);
        found
    }
}

/// What bare names may name, and how far to go.
#[derive(Debug, Default)]
struct Names {
    /// Catalogue entries, the likeliest first.
    entries: Vec<u32>,
    /// Whether a resource is meant itself, not what it belongs to.
    whole: bool,
}

/// A value seen from a resource.
struct Seen<'d, 'a> {
    draft: &'d Draft<'a>,
    resource: &'d Resource,
    system: u32,
    names: &'d Names,
    depth: usize,
}

impl Seen<'_, '_> {
    fn fact(&self, outer: &Guard, value: &Fact, into: &mut Vec<(Guard, Target)>) {
        for (guard, fact) in value.cases() {
            let Some(guard) = outer.and(&guard) else {
                continue;
            };
            match fact {
                Fact::Known(known) => match &known.value {
                    Value::Text(text) => {
                        let found = self.text(text);
                        push_all(&guard, found, into);
                    }
                    Value::Subject(subject) => {
                        push_all(
                            &guard,
                            vec![(Guard::always(), Target::Component(*subject))],
                            into,
                        );
                    }
                    Value::Set(set) => {
                        for item in &set.items {
                            if let Some(guard) = guard.and(&item.guard) {
                                self.items(&guard, &item.fact, into);
                            }
                        }
                        if let Some(rest) = &set.rest {
                            let target = Target::Unknown(rest.reason.clone());
                            push_all(&guard, vec![(Guard::always(), target)], into);
                        }
                    }
                    Value::Bool(_) | Value::Number(_) | Value::Map(_) => {}
                },
                Fact::Unknown(unknown) => {
                    let target = Target::Unknown(unknown.reason.clone());
                    push_all(&guard, vec![(Guard::always(), target)], into);
                }
                // Alternatives hold no alternatives.
                Fact::OneOf(_) | Fact::Absent(_) => {}
            }
        }
    }

    /// Items of a list: lists inside lists lead nowhere, so that the walk ends.
    fn items(&self, outer: &Guard, item: &Fact, into: &mut Vec<(Guard, Target)>) {
        for (guard, fact) in item.cases() {
            let list =
                matches!(fact.as_known(), Some(known) if matches!(known.value, Value::Set(_)));
            if let (Some(guard), false) = (outer.and(&guard), list) {
                self.fact(&guard, fact, into);
            }
        }
    }

    fn text(&self, text: &Text) -> Vec<(Guard, Target)> {
        // Templates write `none` where a condition leaves a name out.
        if text.is_empty()
            || text
                .known()
                .is_some_and(|text| text.eq_ignore_ascii_case("none"))
        {
            return Vec::new();
        }
        if let Some(hole) = text.only_hole() {
            return self.hole(hole, Some(text));
        }
        let inner = address::invoked(text);
        let text = inner.as_ref().unwrap_or(text);
        if let Some(hole) = text.only_hole() {
            return self.hole(hole, None);
        }
        if let Some(arn) = address::arn(text) {
            return self.arn(text, &arn);
        }
        let by_name = self.bare_name(text);
        if !by_name.is_empty() {
            return by_name;
        }
        if let Some((kind, name)) = address::web_name(text) {
            let found = self.of_kind(kind, &name);
            if !found.is_empty() {
                return found;
            }
        }
        let referred = self.references(text);
        if !referred.is_empty() {
            return referred;
        }
        self.outside(text)
    }

    /// What a single reference leads to; `name` is the text it stands in alone,
    /// where that may be a name.
    fn hole(&self, hole: &Hole, name: Option<&Text>) -> Vec<(Guard, Target)> {
        let unknown = |reason| vec![(Guard::always(), Target::Unknown(reason))];
        match &hole.cause {
            Cause::Resource {
                resource,
                attribute,
            } => {
                let id = ResourceId(*resource);
                match attribute.starts_with("Outputs.") && self.is_nested_stack(id) {
                    // What a stack that was not read puts out is not that stack.
                    true => unknown(Reason::Import(hole.label.clone())),
                    false => self.resource(id),
                }
            }
            Cause::Parameter(parameter) => {
                let found = name.map(|name| self.bare_name(name)).unwrap_or_default();
                if found.is_empty() {
                    unknown(Reason::Parameter(parameter.clone()))
                } else {
                    found
                }
            }
            Cause::Import(name) => unknown(Reason::Import(name.clone())),
            Cause::Lookup { service, key } => {
                // A secret's key is `name:SecretString:field:…`, a parameter's `name:version`.
                let name = key.split(':').next().unwrap_or(key);
                let whole = Text::literal(&**key);
                let found = if service.starts_with("secretsmanager") && key.starts_with("arn:") {
                    self.text(&address::until_fields(&whole, 7))
                } else {
                    self.of_kind("secret", &Text::literal(name))
                };
                let declared = |(_, target): &(Guard, Target)| {
                    matches!(target, Target::Component(_) | Target::Resource(_))
                };
                if found.iter().any(declared) {
                    found
                } else {
                    unknown(Reason::Lookup(name.into()))
                }
            }
            // The region or account is no target.
            Cause::Pseudo(_) => Vec::new(),
            Cause::Runtime => unknown(Reason::Unsupported("only known while it runs".into())),
            Cause::Unresolved => unknown(Reason::Unsupported(hole.label.clone())),
        }
    }

    fn is_nested_stack(&self, id: ResourceId) -> bool {
        let resource = self.draft.graph.resource(id);
        resource.is_some_and(|resource| &*resource.kind == NESTED_STACK)
    }

    fn resource(&self, id: ResourceId) -> Vec<(Guard, Target)> {
        if self.names.whole {
            return vec![(Guard::always(), Target::Resource(id))];
        }
        self.draft.resource_target(id, self.depth)
    }

    fn arn(&self, text: &Text, arn: &address::Arn) -> Vec<(Guard, Target)> {
        let draft = self.draft;
        for index in draft.names.of_service(&arn.service) {
            let Some(entry) = draft.library.catalogue.entry(*index as usize) else {
                continue;
            };
            let of_service = entry.addresses.iter();
            for address in of_service.filter(|address| *address.service == *arn.service) {
                let Some(name) = address::name_in(&arn.resource, address) else {
                    continue;
                };
                let (start, starred) = address::without_star(&name);
                if start.is_empty() {
                    return Vec::new();
                }
                if let Some(hole) = start.only_hole()
                    && matches!(hole.cause, Cause::Resource { .. })
                {
                    return self.hole(hole, None);
                }
                let found = if starred {
                    self.beginning(*index, &start)
                } else {
                    self.called(*index, &name)
                };
                if !found.is_empty() {
                    return found;
                }
            }
        }
        if arn
            .resource
            .known()
            .is_some_and(|all| all.trim_matches('*').is_empty())
        {
            return Vec::new();
        }
        if draft.names.of_service(&arn.service).is_empty() {
            let referred = self.references(text);
            if !referred.is_empty() {
                return referred;
            }
        }
        self.outside(text)
    }

    /// What a text without address names, if the kinds it may name are known.
    fn bare_name(&self, text: &Text) -> Vec<(Guard, Target)> {
        let entries = self.names.entries.iter();
        let mut found = entries.map(|entry| self.called(*entry, text));
        found.find(|found| !found.is_empty()).unwrap_or_default()
    }

    fn of_kind(&self, kind: &str, name: &Text) -> Vec<(Guard, Target)> {
        let entries = self.draft.names.of_kind(kind).iter();
        let found = entries.map(|entry| self.called(*entry, name));
        let found: Vec<_> = found.flatten().collect();
        if let (true, Some(hole)) = (found.is_empty(), name.only_hole())
            && matches!(hole.cause, Cause::Resource { .. })
        {
            return self.hole(hole, None);
        }
        found
    }

    fn called(&self, entry: u32, name: &Text) -> Vec<(Guard, Target)> {
        let stack = self.resource.stack.0.to_string();
        let names = &self.draft.names;
        self.resources(names.named(self.system, entry, name, &stack))
    }

    fn beginning(&self, entry: u32, start: &Text) -> Vec<(Guard, Target)> {
        let stack = self.resource.stack.0.to_string();
        let names = &self.draft.names;
        self.resources(names.beginning(self.system, entry, start, &stack))
    }

    fn resources(&self, found: Found) -> Vec<(Guard, Target)> {
        let mut targets = Vec::new();
        for (guard, id) in found {
            let inner = self.resource(id);
            push_all(&guard, inner, &mut targets);
        }
        targets
    }

    /// The resources a text refers to as a whole: `https://${Api}.…`, not
    /// `${Table}-archive`, which names something else.
    fn references(&self, text: &Text) -> Vec<(Guard, Target)> {
        let pieces = text.pieces();
        let mut targets = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let Piece::Hole(hole) = piece else { continue };
            if !matches!(hole.cause, Cause::Resource { .. }) {
                continue;
            }
            let before = index.checked_sub(1).and_then(|i| pieces.get(i));
            let after = index.checked_add(1).and_then(|i| pieces.get(i));
            let joined = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
            let glued = |piece: Option<&Piece>, end: fn(&str) -> Option<char>| match piece {
                None => false,
                Some(Piece::Hole(_)) => true,
                Some(Piece::Literal(literal)) => end(literal).is_some_and(joined),
            };
            if glued(before, |text| text.chars().next_back())
                || glued(after, |text| text.chars().next())
            {
                continue;
            }
            push_all(&Guard::always(), self.hole(hole, None), &mut targets);
        }
        targets
    }

    fn outside(&self, text: &Text) -> Vec<(Guard, Target)> {
        let says_nothing = text.pieces().iter().all(|piece| match piece {
            Piece::Literal(literal) => !literal.chars().any(char::is_alphanumeric),
            Piece::Hole(hole) => {
                matches!(
                    hole.cause,
                    Cause::Runtime | Cause::Unresolved | Cause::Pseudo(_)
                )
            }
        });
        let target = if says_nothing {
            Target::Unknown(Reason::Unsupported(text.to_string().into()))
        } else {
            Target::Outside(text.to_string().into())
        };
        vec![(Guard::always(), target)]
    }
}

fn push_all(outer: &Guard, found: Vec<(Guard, Target)>, into: &mut Vec<(Guard, Target)>) {
    for (guard, target) in found {
        if let Some(guard) = outer.and(&guard) {
            let found = (guard, target);
            if !into.contains(&found) {
                into.push(found);
            }
        }
    }
}
