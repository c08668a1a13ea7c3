//! Steps are made here, one trait at a time.

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_model::{Held, How, Step};
use underbelly_source::Place;

/// A step that is always possible, shown nowhere yet.
pub(crate) fn step(from: Option<Held>, to: Held, how: How, ease: f64) -> Step {
    Step {
        from,
        to,
        how,
        ease,
        unknown: None,
        guard: Guard::always(),
        places: Vec::new(),
        rests_on: Vec::new(),
    }
}

/// What makes a step what it is, said one after the other.
pub(crate) trait Making {
    fn when(self, guard: Guard) -> Self;
    fn at(self, places: Vec<Place>) -> Self;
    fn rests_on(self, subject: SubjectId, fact: &'static str) -> Self;
    fn if_known(self, unknown: Option<Reason>) -> Self;
}

impl Making for Step {
    fn when(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    fn at(mut self, places: Vec<Place>) -> Self {
        self.places = places;
        self
    }

    fn rests_on(mut self, subject: SubjectId, fact: &'static str) -> Self {
        self.rests_on.push((subject, fact));
        self
    }

    fn if_known(mut self, unknown: Option<Reason>) -> Self {
        if unknown.is_some() {
            self.ease *= crate::ease::UNKNOWN;
        }
        self.unknown = unknown;
        self
    }
}
