//! How an attacker gets on: what is held, the steps from one hold to the next, and
//! the roads they make from outside to what is worth having.

use std::sync::Arc;

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_source::Place;

/// How an attacker holds a component or one of its routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// Can make it take requests, events or messages of the attacker's choice.
    Reaches,
    /// The same, and gets its answers.
    Calls,
    /// Acts in its place, with its rights.
    Controls,
    /// Gets the data it holds.
    Reads,
    /// Changes, adds or deletes the data it holds.
    Writes,
    /// Has it turn encrypted data into plain ones: of keys.
    Decrypts,
}

impl Hold {
    /// All of them, in order.
    pub const ALL: [Hold; 6] = [
        Hold::Reaches,
        Hold::Calls,
        Hold::Controls,
        Hold::Reads,
        Hold::Writes,
        Hold::Decrypts,
    ];

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Hold::Reaches => "reaches",
            Hold::Calls => "calls",
            Hold::Controls => "controls",
            Hold::Reads => "reads",
            Hold::Writes => "writes",
            Hold::Decrypts => "decrypts",
        }
    }
}

/// A component or route, and what an attacker has of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Held {
    /// Of what: a component, or a route of one.
    pub subject: SubjectId,
    /// What of it.
    pub hold: Hold,
}

impl Held {
    /// A hold of a subject.
    pub fn new(subject: SubjectId, hold: Hold) -> Self {
        Self { subject, hold }
    }
}

/// Why a step is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It is open to these callers: `anyone`, `signed_in` …
    Open(Arc<str>),
    /// Its policy lets others in: the admission.
    Admitted(SubjectId),
    /// It is handed on as it comes, by this route, rule or event.
    HandedOn(Arc<str>),
    /// A workflow, pipe or integration is defined to do it.
    Defined,
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
    /// An identity pool gives whoever signs in its users' role.
    SignedIn,
    /// A known way of turning rights into stronger ones.
    Escalation(Arc<str>),
    /// It is in the account that is controlled.
    Account,
}

/// A step from one hold to the next.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it starts; none is outside.
    pub from: Option<Held>,
    /// Where it leads.
    pub to: Held,
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

/// A chain of steps from outside to something worth having.
#[derive(Clone, Debug)]
pub struct Road {
    /// Its steps, in order; never none.
    pub steps: Vec<Step>,
    /// What is had at its end.
    pub target: Target,
    /// The share of attackers who get to its end, above 0 and at most 1.
    pub ease: f64,
    /// When it is open.
    pub guard: Guard,
}

impl Road {
    /// How much it matters: how easy it is times what is had at its end.
    pub fn weight(&self) -> f64 {
        self.ease * self.target.worth
    }

    /// Whether every step is shown; none hangs on something unknown.
    pub fn is_known(&self) -> bool {
        self.steps.iter().all(|step| step.unknown.is_none())
    }
}

/// Something worth having.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What of which component.
    pub held: Held,
    /// What it is worth, above 0 and at most 1.
    pub worth: f64,
    /// Why, in words.
    pub because: Arc<str>,
}
