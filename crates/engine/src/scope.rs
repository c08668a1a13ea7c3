//! The architecture as conditions see it.

use underbelly_expression::{Fact, Guard, Scope, SubjectId, Value};
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

/// What a path of facts leads to, each with the guard under which it does, and
/// whether it may lead to more.
pub(crate) fn follow(
    architecture: &Architecture,
    from: SubjectId,
    steps: &[std::sync::Arc<str>],
) -> (Vec<(Guard, SubjectId)>, bool) {
    let mut at = vec![(Guard::always(), from)];
    let mut more = false;
    for step in steps {
        let mut next: Vec<(Guard, SubjectId)> = Vec::new();
        for (guard, subject) in at {
            let fact = architecture.facts(subject).and_then(|facts| facts.get(step));
            let Some(fact) = fact else {
                more = true;
                continue;
            };
            let (items, rest) = fact.items();
            more |= rest.is_some();
            for (inner, item) in items {
                let Some(both) = guard.and(&inner) else {
                    continue;
                };
                match subject_of(item) {
                    Some(found) if !next.contains(&(both.clone(), found)) => {
                        next.push((both, found));
                    }
                    Some(_) => {}
                    None => more = true,
                }
            }
        }
        at = next;
    }
    (at, more)
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
