//! Yes, no or unknown with what decided it, put together by and, or, not.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Known, Places, Reason, Unknown, Value};

/// An answer with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    /// The answer, or why there is none.
    pub(super) value: Result<bool, Reason>,
    /// What it rests on.
    pub(super) basis: Basis,
    /// What decided it.
    pub(super) places: Places,
    /// What was taken as given.
    pub(super) note: Option<Arc<str>>,
}

impl Truth {
    /// A known answer.
    pub(super) fn known(value: bool, basis: Basis, places: Places) -> Self {
        Self {
            value: Ok(value),
            basis,
            places,
            note: None,
        }
    }

    /// No answer.
    pub(super) fn unknown(reason: Reason, places: Places) -> Self {
        Self {
            value: Err(reason),
            basis: Basis::Written,
            places,
            note: None,
        }
    }

    /// The same with a note.
    pub(super) fn noted(self, note: &str) -> Self {
        Self {
            note: Some(note.into()),
            ..self
        }
    }

    /// A written truth value; what is not one is unknown.
    pub(super) fn of(fact: &Fact) -> Option<Self> {
        let places: Places = fact
            .span()
            .map(underbelly_source::Place::here)
            .into_iter()
            .collect();
        match fact {
            Fact::Absent(_) => None,
            Fact::Unknown(unknown) => Some(Self::unknown(unknown.reason.clone(), places)),
            Fact::Known(known) => Some(match fact.as_bool() {
                Some(value) => Self {
                    note: known.note.clone(),
                    ..Self::known(value, known.basis, known.places.clone())
                },
                None => Self::unknown(hole(known), places),
            }),
            Fact::OneOf(_) => Some(Self::unknown(
                Reason::Unsupported("a value that depends on conditions".into()),
                places,
            )),
        }
    }

    /// The contrary.
    pub(super) fn not(self) -> Self {
        Self {
            value: self.value.map(|value| !value),
            ..self
        }
    }

    /// Whether all are true. A no names the firmest of what says no, a yes names all.
    pub(super) fn all(truths: impl IntoIterator<Item = Truth>) -> Self {
        Self::decide(truths, false)
    }

    /// Whether any is true. A yes names the firmest of what says yes, a no names all.
    pub(super) fn any(truths: impl IntoIterator<Item = Truth>) -> Self {
        Self::decide(truths, true)
    }

    /// The value that settles it decides; else an unknown leaves it unknown.
    fn decide(truths: impl IntoIterator<Item = Truth>, settles: bool) -> Self {
        let truths: Vec<Truth> = truths.into_iter().collect();
        let settling = truths.iter().filter(|truth| truth.value == Ok(settles));
        if let Some(firmest) = settling.min_by_key(|truth| truth.basis) {
            return firmest.clone();
        }
        if let Some(unknown) = truths.iter().find(|truth| truth.value.is_err()) {
            return unknown.clone();
        }
        let basis = truths.iter().map(|truth| truth.basis).max();
        let note = truths.iter().find_map(|truth| truth.note.clone());
        let mut places = Places::new();
        for place in truths.into_iter().flat_map(|truth| truth.places) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Self {
            note,
            ..Self::known(!settles, basis.unwrap_or(Basis::Written), places)
        }
    }

    /// As a fact.
    pub(super) fn fact(self) -> Fact {
        match self.value {
            Ok(value) => Fact::Known(Known {
                value: Value::Bool(value),
                basis: self.basis,
                places: self.places,
                note: self.note,
            }),
            Err(reason) => Fact::Unknown(Unknown {
                reason,
                place: self.places.first().copied(),
            }),
        }
    }
}

/// Why a text with a hole is no truth value.
fn hole(known: &Known) -> Reason {
    let hole = match &known.value {
        Value::Text(text) => text.holes().next(),
        _ => None,
    };
    match hole {
        Some(hole) => super::reach::reason(&hole.cause, &hole.label),
        None => Reason::Unsupported("a value that is neither true nor false".into()),
    }
}
