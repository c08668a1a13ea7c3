//! Yes, no, unknown: strong Kleene logic.

use std::ops::Not;

use serde::{Deserialize, Serialize};

/// A truth as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It may or may not hold.
    Unknown,
}

impl Truth {
    /// Both hold.
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Unknown,
        }
    }

    /// At least one holds.
    pub fn or(self, other: Truth) -> Truth {
        !((!self).and(!other))
    }

    /// Whether it is yes or no.
    pub fn is_known(self) -> bool {
        self != Truth::Unknown
    }

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unknown => "unknown",
        }
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::Yes } else { Truth::No }
    }
}
