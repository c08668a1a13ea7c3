//! Facts that name other components: those that properties lead to, and those that
//! lead here.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Item, Reason, Set, Value};
use underbelly_library::Otherwise;
use underbelly_source::{Place, Span};

use super::attached::Leads;
use super::facts::default;
use super::paths::first_of;
use super::scope::Scope;
use super::shape::{Form, Shape};
use crate::draft::{Draft, Target};

/// The components that properties lead to.
pub(super) struct Refers<'r> {
    pub paths: &'r [Arc<str>],
    /// Kinds they may be of; none: that of the fact.
    pub kinds: &'r [Arc<str>],
    /// Whether only what is declared counts.
    pub declared: bool,
}

impl Refers<'_> {
    pub(super) fn fact(&self, draft: &mut Draft<'_>, scope: &Scope<'_>, shape: &Shape) -> Fact {
        let (kind, several) = match &shape.form {
            Form::Reference(kind) => (kind.clone(), false),
            Form::References(kind) => (kind.clone(), true),
            _ => return Fact::absent(scope.head),
        };
        let mut found = Vec::new();
        for path in self.paths {
            self.under(draft, scope, path, &kind, &mut found);
            if !several && !found.is_empty() {
                break;
            }
        }
        if several {
            return references(scope, found);
        }
        first_of(found, Fact::absent(scope.head), &draft.graph.worlds)
    }

    fn under(
        &self,
        draft: &mut Draft<'_>,
        scope: &Scope<'_>,
        path: &str,
        kind: &str,
        found: &mut Vec<(Guard, Fact)>,
    ) {
        let Some(near) = scope.near else { return };
        let kinds: Vec<&str> = match self.kinds {
            [] => vec![kind],
            kinds => kinds.iter().map(|kind| &**kind).collect(),
        };
        for (outer, value) in scope.each(path) {
            let Some(place) = value.span().or(scope.head) else {
                continue;
            };
            for (guard, target) in draft.named(&kinds, &value, near) {
                let Some(guard) = outer.and(&guard) else {
                    continue;
                };
                let fact = match &target {
                    Target::Outside(_) | Target::Resource(_) if self.declared => continue,
                    Target::Unknown(reason) if self.declared => {
                        Fact::unknown(reason.clone(), Some(place))
                    }
                    Target::Component(_)
                    | Target::Outside(_)
                    | Target::Resource(_)
                    | Target::Unknown(_) => reference(draft, &target, kind, place),
                };
                found.push((guard, fact));
            }
        }
    }
}

/// A component to draw; unknown where not even a name is known.
pub(super) fn reference(draft: &mut Draft<'_>, target: &Target, kind: &str, place: Span) -> Fact {
    let outside = match kind {
        "component" => "external",
        kind => kind,
    };
    match draft.draw(target, outside, place) {
        Some(subject) => Fact::written(Value::Subject(subject), place),
        None => {
            let reason = match target {
                Target::Unknown(reason) => reason.clone(),
                Target::Resource(_) | Target::Component(_) | Target::Outside(_) => {
                    Reason::Unsupported("something that is no component".into())
                }
            };
            Fact::unknown(reason, Some(place))
        }
    }
}

/// All that were found as one set.
pub(super) fn references(scope: &Scope<'_>, found: Vec<(Guard, Fact)>) -> Fact {
    let mut set = Set::default();
    for (guard, fact) in found {
        match fact {
            Fact::Unknown(unknown) => set.rest = set.rest.take().or(Some(unknown)),
            Fact::Known(_) | Fact::OneOf(_) | Fact::Absent(_) => {
                let item = Item { guard, fact };
                if !set.items.contains(&item) {
                    set.items.push(item);
                }
            }
        }
    }
    let places = scope.head.map(Place::here).into_iter().collect();
    Fact::known(Value::Set(set), Basis::Written, places)
}

/// Who leads here: as a set, as the first, or whether there is anyone.
pub(super) fn pointed_at(
    draft: &Draft<'_>,
    scope: &Scope<'_>,
    leads: Vec<Leads>,
    absent: Option<&Otherwise>,
    shape: &Shape,
) -> Fact {
    let span = |leads: &Leads| {
        let head = draft.graph.resource(leads.resource).map(|r| r.head);
        leads.value.span().or(head)
    };
    let who = |leads: &Leads| {
        let targets = draft.target_of(leads.resource);
        targets.into_iter().find_map(|(_, target)| match target {
            Target::Component(subject) => Some(subject),
            Target::Resource(_) | Target::Outside(_) | Target::Unknown(_) => None,
        })
    };
    let nobody = |value: Value| {
        let note = "nothing in the files read does so";
        Fact::default(value, Basis::LibraryAssumption, scope.head, note)
    };
    let fact_of = |leads: &Leads, value: Value| {
        let places = span(leads).map(Place::here).into_iter().collect();
        Fact::known(value, Basis::Written, places)
    };
    match &shape.form {
        Form::References(_) => {
            let found = leads.iter().filter_map(|leads| {
                let value = Value::Subject(who(leads)?);
                Some((leads.guard.clone(), fact_of(leads, value)))
            });
            references(scope, found.collect())
        }
        Form::Reference(_) => {
            let found = leads.iter().filter_map(|leads| {
                let value = Value::Subject(who(leads)?);
                Some((leads.guard.clone(), fact_of(leads, value)))
            });
            let worlds = &draft.graph.worlds;
            first_of(found, Fact::absent(scope.head), worlds)
        }
        Form::Bool | Form::Number | Form::Text | Form::Enum(_) | Form::Texts | Form::Parts(_) => {
            let found = leads
                .iter()
                .map(|leads| (leads.guard.clone(), fact_of(leads, Value::Bool(true))));
            let otherwise = match absent {
                Some(otherwise) => default(otherwise, scope.head),
                None => nobody(Value::Bool(false)),
            };
            first_of(found, otherwise, &draft.graph.worlds)
        }
    }
}
