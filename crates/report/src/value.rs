//! Looking into values: which components a fact names.

use underbelly_expression::{Fact, SubjectId, Value};

/// The components and parts that a fact names, in its order.
pub(crate) fn subjects(fact: &Fact) -> Vec<SubjectId> {
    let (items, _) = fact.items();
    let named = items.iter().filter_map(|(_, fact)| match fact {
        Fact::Known(known) => match known.value {
            Value::Subject(subject) => Some(subject),
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Set(_) | Value::Map(_) => {
                None
            }
        },
        Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => None,
    });
    named.collect()
}
