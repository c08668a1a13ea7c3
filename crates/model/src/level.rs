//! How likely, how bad, how much it matters: sizes in five steps.

use serde::{Deserialize, Serialize};

/// A size in five steps, smallest first. For an impact: `negligible` nobody
/// would notice; `low` a nuisance; `medium` one component's data or work;
/// `high` data or work of many users; `critical` the whole system or account.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Level {
    /// Next to nothing.
    #[default]
    Negligible,
    /// Small.
    Low,
    /// Neither small nor large.
    Medium,
    /// Large.
    High,
    /// As large as it gets.
    Critical,
}

impl Level {
    /// All, smallest first.
    pub const ALL: [Level; 5] = [
        Level::Negligible,
        Level::Low,
        Level::Medium,
        Level::High,
        Level::Critical,
    ];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Level::Negligible => "negligible",
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
            Level::Critical => "critical",
        }
    }
}
