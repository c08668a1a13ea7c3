//! What an attacker is after, and what it is worth.

use underbelly_expression::SubjectId;
use underbelly_model::Architecture;

use crate::holders::{Nature, declared, fact, nature};
use crate::{Hold, State};

/// A state worth having.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Which.
    pub state: State,
    /// What it is worth, above 0 and at most 1.
    pub worth: f64,
    /// Why, in words.
    pub because: &'static str,
}

/// The data, and control over the account, in the order of the components.
pub fn targets(architecture: &Architecture) -> Vec<Target> {
    let mut found = Vec::new();
    for (subject, component) in declared(architecture) {
        if &*component.kind == "account" {
            found.push(Target {
                state: State::new(subject, Hold::Controls),
                worth: 1.0,
                because: "everything in the account",
            });
        } else if nature(&component.kind) == Nature::Store {
            let (worth, because) = worth(architecture, subject);
            for (hold, share) in [(Hold::Reads, 1.0), (Hold::Writes, 0.8)] {
                found.push(Target {
                    state: State::new(subject, hold),
                    worth: worth * share,
                    because,
                });
            }
        }
    }
    found
}

/// What the data of a component are worth, as far as anybody said.
pub(crate) fn worth(architecture: &Architecture, subject: SubjectId) -> (f64, &'static str) {
    match fact(architecture, subject, "sensitive").map(|fact| (fact.as_bool(), fact.is_absent())) {
        Some((Some(true), _)) => (1.0, "sensitive data"),
        Some((Some(false), _)) => (0.4, "data that nobody calls sensitive"),
        Some((None, _)) | None => (0.8, "perhaps sensitive data"),
    }
}
