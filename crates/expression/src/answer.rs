//! What judging gives: a verdict, what it rests on, and what to ask.

use std::sync::Arc;

use underbelly_source::Place;

use crate::{Basis, Guard, Reason, SubjectId, Truth};

/// The answer to a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it holds.
    pub verdict: Verdict,
    /// The facts that decided, each once; of an unknown answer those that would.
    pub evidence: Vec<Atom>,
    /// The weakest basis among the facts that decided; `None` where none did.
    pub basis: Option<Basis>,
    /// What was taken as given: parameter defaults and library assumptions, sorted.
    pub assumptions: Vec<Arc<str>>,
    /// What to ask, the best question first; empty unless something is unknown.
    pub questions: Vec<Question>,
}

/// Whether a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// In every world.
    Yes,
    /// In no world.
    No,
    /// Not known, in every world.
    Unknown,
    /// Not the same in all worlds.
    Depends(Depends),
}

/// An answer that is not the same in all worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depends {
    /// The answer by cases: guards are disjoint and together complete.
    pub cases: Vec<(Guard, Truth)>,
    /// The answer with every condition and parameter at its default.
    pub by_default: Truth,
    /// Whether there were too many worlds: in those left out it is unknown.
    pub capped: bool,
}

/// One fact that counts in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The component or part it belongs to; `None` for a property.
    pub subject: Option<SubjectId>,
    /// The fact's name; for a property its path as the condition writes it.
    pub fact: Arc<str>,
    /// Its value for people; `unknown` or `absent` where it is that.
    pub shown: Arc<str>,
    /// What it rests on; `None` where it is unknown.
    pub basis: Option<Basis>,
    /// Under which choice it has this value.
    pub guard: Guard,
    /// What was taken as given, for people.
    pub note: Option<Arc<str>>,
    /// Where it stands.
    pub places: Vec<Place>,
    /// Why it is not (wholly) known.
    pub reason: Option<Reason>,
}

/// A fact worth asking for. Its key is subject and fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The component or part; `None` for a property.
    pub subject: Option<SubjectId>,
    /// The fact.
    pub fact: Arc<str>,
    /// Why it is unknown, which says whom to ask.
    pub reason: Reason,
    /// The unresolved expression, where there is one.
    pub place: Option<Place>,
    /// Whether some value of this fact alone would settle the answer.
    pub decisive: bool,
}

impl Answer {
    /// The answer by default, as a headline: a dependent one at the defaults.
    pub fn by_default(&self) -> Truth {
        match &self.verdict {
            Verdict::Yes => Truth::Yes,
            Verdict::No => Truth::No,
            Verdict::Unknown => Truth::Unknown,
            Verdict::Depends(depends) => depends.by_default,
        }
    }

    /// Whether it holds in some world for certain.
    pub fn can_be_yes(&self) -> bool {
        match &self.verdict {
            Verdict::Yes => true,
            Verdict::No | Verdict::Unknown => false,
            Verdict::Depends(depends) => depends.cases.iter().any(|(_, t)| *t == Truth::Yes),
        }
    }

    /// What to ask first.
    pub fn question(&self) -> Option<&Question> {
        self.questions.first()
    }

    /// The places of all facts that decided, each once, in their order.
    pub fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for place in self.evidence.iter().flat_map(|atom| &atom.places) {
            if !places.contains(place) {
                places.push(*place);
            }
        }
        places
    }
}

impl From<Truth> for Verdict {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Yes => Verdict::Yes,
            Truth::No => Verdict::No,
            Truth::Unknown => Verdict::Unknown,
        }
    }
}
