//! What a computed value rests on: the weakest basis and the places of its parts.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Known, Places, Value};
use underbelly_source::{Place, Span};

/// Places beyond these add nothing a reader would follow.
const MOST_PLACES: usize = 6;

/// Collects what the parts of a value rest on.
#[derive(Clone, Debug)]
pub(crate) struct Trail {
    basis: Basis,
    places: Places,
    note: Option<Arc<str>>,
}

impl Trail {
    /// A value computed by the expression at `span`.
    pub(crate) fn new(span: Span) -> Self {
        Self {
            basis: Basis::Written,
            places: vec![Place::here(span)],
            note: None,
        }
    }

    /// Adds a part: its basis and note, and its places where it is not written
    /// in the expression itself.
    pub(crate) fn add(&mut self, part: &Fact) {
        let Fact::Known(known) = part else {
            return;
        };
        self.basis = self.basis.max(known.basis);
        let here = self.places.first().map(|place| place.span);
        for place in &known.places {
            let inside =
                here.is_some_and(|here| here.covers(place.span) || place.span.covers(here));
            if !inside {
                self.related(place.span);
            }
        }
        if let Some(note) = &known.note {
            self.note(note);
        }
    }

    /// Adds a place that took part.
    pub(crate) fn related(&mut self, span: Span) {
        let there = self.places.iter().any(|place| place.span == span);
        if !there && self.places.len() < MOST_PLACES {
            self.places.push(Place::related(span));
        }
    }

    /// Adds what was taken as given.
    pub(crate) fn note(&mut self, note: &Arc<str>) {
        self.note = match self.note.take() {
            None => Some(note.clone()),
            Some(already) if already.contains(&**note) => Some(already),
            Some(already) if already.len() > 400 => Some(already),
            Some(already) => Some(format!("{already}; {note}").into()),
        };
    }

    /// The value with all it rests on.
    pub(crate) fn known(self, value: Value) -> Fact {
        Fact::Known(Known {
            value,
            basis: self.basis,
            places: self.places,
            note: self.note,
        })
    }
}

/// A fact as seen from an expression elsewhere: its first place becomes the
/// expression, what it rests on stays as related places.
pub(crate) fn seen_from(fact: &Fact, span: Span) -> Fact {
    fact.map(|fact| match fact {
        Fact::Known(known) => {
            let mut trail = Trail::new(span);
            trail.add(fact);
            trail.known(known.value.clone())
        }
        Fact::Unknown(unknown) => Fact::unknown(unknown.reason.clone(), Some(span)),
        Fact::Absent(_) => Fact::absent(Some(span)),
        Fact::OneOf(_) => fact.clone(),
    })
}
