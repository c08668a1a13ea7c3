//! What an attacker has of a component.

use underbelly_expression::SubjectId;

/// How an attacker holds a component or one of its routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// Can make it take requests, events or messages of the attacker's choice.
    Reaches,
    /// Acts in its place, with its rights.
    Controls,
    /// Gets the data it holds.
    Reads,
    /// Changes, adds or deletes the data it holds.
    Writes,
}

impl Hold {
    /// All of them, in order.
    pub const ALL: [Hold; 4] = [Hold::Reaches, Hold::Controls, Hold::Reads, Hold::Writes];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Hold::Reaches => "reaches",
            Hold::Controls => "controls",
            Hold::Reads => "reads",
            Hold::Writes => "writes",
        }
    }
}

/// A component or route, and what an attacker has of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State {
    /// Of what: a component, or a route of one.
    pub subject: SubjectId,
    /// What of it.
    pub hold: Hold,
}

impl State {
    /// A state.
    pub fn new(subject: SubjectId, hold: Hold) -> Self {
        Self { subject, hold }
    }
}
