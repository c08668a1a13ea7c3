//! The architecture as conditions see it.

use underbelly_expression::{Fact, Scope, SubjectId, Value};
use underbelly_model::Architecture;

/// An architecture under judgement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawing<'a>(pub(crate) &'a Architecture);

impl Scope for Drawing<'_> {
    fn fact(&self, subject: SubjectId, name: &str) -> Option<&Fact> {
        self.0.facts(subject)?.get(name)
    }

    fn label(&self, subject: SubjectId) -> String {
        self.0.label(subject)
    }
}

/// The components and parts a fact names, whatever their guards.
pub(crate) fn named(architecture: &Architecture, of: SubjectId, fact: &str) -> Vec<SubjectId> {
    let fact = architecture.facts(of).and_then(|facts| facts.get(fact));
    let items = fact.map(|fact| fact.items().0).unwrap_or_default();
    items
        .into_iter()
        .filter_map(|(_, item)| subject_of(item))
        .collect()
}

fn subject_of(fact: &Fact) -> Option<SubjectId> {
    match fact {
        Fact::Known(known) => match known.value {
            Value::Subject(subject) => Some(subject),
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Set(_) | Value::Map(_) => {
                None
            }
        },
        Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => None,
    }
}
