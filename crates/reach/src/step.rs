//! One step of an attacker, and why it is possible.

use std::sync::Arc;

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_source::Place;

use crate::State;

/// Why a step is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It is open to these callers: `anyone`, `signed_in` …
    Open(Arc<str>),
    /// Its policy lets others in: the admission.
    Admitted(SubjectId),
    /// It is handed on as it comes, by this route, rule or event.
    HandedOn(Arc<str>),
    /// Code hands on some of what it is sent.
    Forwarded,
    /// It is what the code is for.
    Purpose,
    /// A flaw in the code, which no template shows.
    Flaw,
    /// The rights of the role it runs under.
    Rights,
    /// A right of a role: the grant.
    Granted(SubjectId),
    /// It runs under this role.
    RunsAs,
    /// An identity pool gives everyone its guests' role.
    Guest,
    /// A known way of turning rights into stronger ones.
    Escalation(Arc<str>),
}

/// A step from one state to the next.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it starts; none is outside.
    pub from: Option<State>,
    /// Where it leads.
    pub to: State,
    /// Why it is possible.
    pub how: How,
    /// The share of attackers who get past it, above 0 and at most 1.
    pub ease: f64,
    /// Why nobody can tell whether it is possible, if so.
    pub unknown: Option<Reason>,
    /// When it is possible.
    pub guard: Guard,
    /// The lines that make it possible.
    pub places: Vec<Place>,
    /// The facts it rests on: when one of them changes, it may be gone.
    pub rests_on: Vec<(SubjectId, &'static str)>,
}

impl Step {
    pub(crate) fn new(from: Option<State>, to: State, how: How, ease: f64) -> Self {
        Self {
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

    pub(crate) fn when(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    pub(crate) fn at(mut self, places: Vec<Place>) -> Self {
        self.places = places;
        self
    }

    pub(crate) fn rests_on(mut self, subject: SubjectId, fact: &'static str) -> Self {
        self.rests_on.push((subject, fact));
        self
    }

    pub(crate) fn if_known(mut self, unknown: Option<Reason>) -> Self {
        if unknown.is_some() {
            self.ease *= crate::ease::UNKNOWN;
        }
        self.unknown = unknown;
        self
    }
}
