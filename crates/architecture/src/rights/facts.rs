//! Small makers of fact values.

use std::sync::Arc;

use underbelly_expression::{
    Basis, Fact, Guard, Item, Known, Places, Reason, Set, SubjectId, Text, Unknown, Value,
};
use underbelly_source::{Place, Span};

/// A word of a closed list.
pub(super) fn word(word: &str, basis: Basis, places: Places) -> Fact {
    Fact::known(Value::Text(Text::literal(word)), basis, places)
}

/// Words or texts together, and why there may be more.
pub(super) fn words<W: Into<Text>>(
    words: impl IntoIterator<Item = (W, Basis, Places)>,
    rest: Option<Unknown>,
    basis: Basis,
    places: Places,
) -> Fact {
    let items = words.into_iter().map(|(word, basis, places)| Item {
        guard: Guard::always(),
        fact: Fact::known(Value::Text(word.into()), basis, places),
    });
    Fact::known(
        Value::Set(Set {
            items: items.collect(),
            rest,
        }),
        basis,
        places,
    )
}

/// Components or parts together, each in its worlds, and why there may be more.
pub(super) fn subjects(
    subjects: impl IntoIterator<Item = (Guard, SubjectId, Places)>,
    rest: Option<Unknown>,
    head: Option<Span>,
) -> Fact {
    let items: Vec<Item> = subjects
        .into_iter()
        .map(|(guard, subject, places)| Item {
            guard,
            fact: Fact::known(Value::Subject(subject), Basis::Written, places),
        })
        .collect();
    // What no file declares counts as not there.
    let basis = match items.is_empty() {
        true => Basis::LibraryAssumption,
        false => Basis::Written,
    };
    let places = head.map(Place::missing).into_iter().collect();
    Fact::known(Value::Set(Set { items, rest }), basis, places)
}

/// One component.
pub(super) fn subject(subject: SubjectId, places: Places) -> Fact {
    Fact::known(Value::Subject(subject), Basis::Written, places)
}

/// Yes or no.
pub(super) fn yes_no(value: bool, basis: Basis, places: Places) -> Fact {
    Fact::known(Value::Bool(value), basis, places)
}

/// No, because nothing that was read says otherwise.
pub(super) fn nothing_says(head: Option<Span>, note: &str) -> Fact {
    Fact::default(Value::Bool(false), Basis::LibraryAssumption, head, note)
}

/// With a note for people.
pub(super) fn noted(fact: Fact, note: &str) -> Fact {
    match fact {
        Fact::Known(known) => Fact::Known(Known {
            note: Some(Arc::from(note)),
            ..known
        }),
        Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => fact,
    }
}

/// Unknown for a reason, with a place.
pub(super) fn unknown(reason: Reason, place: Option<Place>) -> Unknown {
    Unknown { reason, place }
}
