//! What an attacker is after, and what it is worth.

use underbelly_expression::{Fact, SubjectId};
use underbelly_model::{Architecture, Held, Hold, Target};

use crate::holders::{Nature, declared, fact, nature};
/// The data, and control over the account, in the order of the components.
pub fn targets(architecture: &Architecture) -> Vec<Target> {
    let mut found = Vec::new();
    for (subject, component) in declared(architecture) {
        if &*component.kind == "account" {
            found.push(Target {
                held: Held::new(subject, Hold::Controls),
                worth: 1.0,
                because: "everything in the account".into(),
            });
        } else if nature(&component.kind) == Nature::Store {
            let (worth, because) = worth(architecture, subject);
            for (hold, share) in [(Hold::Reads, 1.0), (Hold::Writes, 0.8)] {
                found.push(Target {
                    held: Held::new(subject, hold),
                    worth: worth * share,
                    because: because.into(),
                });
            }
        }
    }
    found
}

/// What the data of a component are worth, as far as anybody said.
pub(crate) fn worth(architecture: &Architecture, subject: SubjectId) -> (f64, &'static str) {
    let said = fact(architecture, subject, "sensitive").and_then(Fact::as_bool);
    let hint = fact(architecture, subject, "data_hint").and_then(Fact::as_text);
    match (said, hint) {
        (Some(true), _) => (1.0, "sensitive data"),
        (Some(false), _) => (0.3, "data that is not sensitive"),
        (None, Some("sensitive")) => (0.9, "named like sensitive data"),
        (None, Some("public")) => (0.2, "named like public data"),
        (None, _) => (0.45, "nobody said what it holds"),
    }
}
