//! What may go wrong here, how we know, and what stands against it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use underbelly_expression::{Basis, Guard, Reason, SubjectId};
use underbelly_source::Place;

use crate::{Architecture, Decision, Road};

/// An architecture with its threats.
#[derive(Debug)]
pub struct ThreatModel {
    /// What was judged.
    pub architecture: Architecture,
    /// Threats, worst first.
    pub threats: Vec<Threat>,
    /// The roads from outside to what is worth having, those that matter most first.
    pub roads: Vec<Road>,
    /// Questions whose answers would decide something, those that decide most first.
    pub questions: Vec<Question>,
    /// What was taken as given, each once, in order of first use.
    pub assumptions: Vec<Arc<str>>,
    /// The date the analysis is made for: `YYYY-MM-DD`.
    pub as_of: Arc<str>,
}

/// Whether a threat is real here, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The situation is there and so is the gap.
    Exposed,
    /// It hangs on something unknown.
    Question,
    /// The gap is closed, or a sufficient countermeasure is in place.
    Mitigated,
    /// The situation is not there.
    NotApplicable,
}

impl State {
    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            State::Exposed => "exposed",
            State::Question => "question",
            State::Mitigated => "mitigated",
            State::NotApplicable => "not-applicable",
        }
    }
}

/// A threat of the library on one component.
#[derive(Debug)]
pub struct Threat {
    /// `entry@component`.
    pub id: Arc<str>,
    /// The library entry.
    pub entry: Arc<str>,
    /// The component whose lines must change.
    pub component: SubjectId,
    /// Where on the component; one without key if the entry binds to the whole.
    pub points: Vec<Point>,
    /// The worst of the points.
    pub state: State,
    /// Only the code of a function would decide it.
    pub only_code: bool,
    /// How bad, and why.
    pub risk: Risk,
    /// What stands against it.
    pub countermeasures: Vec<Countermeasure>,
    /// Threats not shown beside this one because it includes them, by id.
    pub absorbs: Vec<Arc<str>>,
}

impl Threat {
    /// The points where it is exposed, not included in another threat and not
    /// decided.
    pub fn shown_points(&self) -> impl Iterator<Item = &Point> {
        let exposed = |point: &&Point| point.state == State::Exposed;
        self.points
            .iter()
            .filter(exposed)
            .filter(|point| point.absorbed_by.is_none() && point.decision.is_none())
    }

    /// The points that make its state: of an exposed threat those shown, or all
    /// exposed ones where another threat includes it or people decided on it.
    pub fn told_points(&self) -> impl Iterator<Item = &Point> {
        let all = self.state != State::Exposed || self.shown_points().next().is_none();
        self.points
            .iter()
            .filter(|point| point.state == self.state)
            .filter(move |point| all || point.absorbed_by.is_none() && point.decision.is_none())
    }

    /// Whether it is exposed, not included in another threat and not decided.
    pub fn is_shown(&self) -> bool {
        self.shown_points().next().is_some()
    }

    /// Whether it hangs on something unknown and nobody decided on it.
    pub fn is_asked(&self) -> bool {
        self.state == State::Question && self.decision().is_none()
    }

    /// What people decided, if that settles every point that makes its state.
    pub fn decision(&self) -> Option<&Decision> {
        if !matches!(self.state, State::Exposed | State::Question) {
            return None;
        }
        let mut first = None;
        for point in self.points.iter().filter(|p| p.state == self.state) {
            match &point.decision {
                Some(decision) => first = first.or(Some(&**decision)),
                None if point.absorbed_by.is_some() => {}
                None => return None,
            }
        }
        first
    }

    /// The threat that includes this one, if every exposed point of it is
    /// included in another.
    pub fn absorbed_by(&self) -> Option<&Arc<str>> {
        let mut exposed = self.points.iter().filter(|p| p.state == State::Exposed);
        if self.state != State::Exposed || exposed.any(|point| point.absorbed_by.is_none()) {
            return None;
        }
        self.points
            .iter()
            .find_map(|point| point.absorbed_by.as_ref())
    }
}

/// One place on a component where a threat was judged.
#[derive(Debug)]
pub struct Point {
    /// The part's key: `GET /orders`; empty for the component as a whole.
    pub key: Arc<str>,
    /// The part, or the component.
    pub subject: SubjectId,
    /// What came of it.
    pub state: State,
    /// In which worlds that is so, where not in all.
    pub when: Vec<Guard>,
    /// Whether it is so by default: `None` where no default decides.
    pub by_default: Option<bool>,
    /// The facts that decided, in the order of the condition.
    pub evidence: Vec<Arc<Evidence>>,
    /// The questions that would decide it, the decisive and cheapest first.
    pub questions: Vec<QuestionKey>,
    /// The threat that includes this point, if it is shown there instead.
    pub absorbed_by: Option<Arc<str>>,
    /// What people decided about it.
    pub decision: Option<Arc<Decision>>,
}

/// A fact that took part in a decision; whoever tells of it shares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Whose fact.
    pub subject: SubjectId,
    /// Which fact.
    pub fact: Arc<str>,
    /// Its value, for people.
    pub value: Arc<str>,
    /// What it rests on; none if it is unknown.
    pub basis: Option<Basis>,
    /// Why it is unknown, if it is.
    pub unknown: Option<Reason>,
    /// When it holds, if not always.
    pub guard: Guard,
    /// What was taken as given.
    pub note: Option<Arc<str>>,
    /// Where it stands.
    pub places: Vec<Place>,
}

impl Hash for Evidence {
    /// Whose fact, which and what it says tells nearly all apart.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.subject.hash(state);
        self.fact.hash(state);
        self.value.hash(state);
    }
}

/// Whether a countermeasure is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is there, and this is shown.
    InPlace,
    /// In some worlds, or on some of several.
    Partial,
    /// Nobody can tell from what was read.
    Unknown,
    /// It is not there.
    Missing,
    /// There is nothing for it to be on.
    NotApplicable,
}

impl Status {
    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Status::InPlace => "in-place",
            Status::Partial => "partial",
            Status::Unknown => "unknown",
            Status::Missing => "missing",
            Status::NotApplicable => "not-applicable",
        }
    }
}

/// A countermeasure of the library, as far as one threat is concerned.
#[derive(Debug)]
pub struct Countermeasure {
    /// `entry@component`.
    pub id: Arc<str>,
    /// The library entry.
    pub entry: Arc<str>,
    /// What it is to be put on; several where a path leads to a set.
    pub targets: Vec<SubjectId>,
    /// Whether it alone settles the threat.
    pub sufficient: bool,
    /// Whether it is there.
    pub status: Status,
    /// Whether people plan to put it there.
    pub planned: bool,
    /// How we know.
    pub evidence: Vec<Arc<Evidence>>,
}

/// A fact only somebody or something outside the analysis can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionKey {
    /// Whose fact.
    pub subject: SubjectId,
    /// Which fact.
    pub fact: Arc<str>,
}

/// A question, asked once for everything that hangs on it.
#[derive(Debug)]
pub struct Question {
    /// The fact it asks for.
    pub key: QuestionKey,
    /// What to ask, in a sentence.
    pub ask: Arc<str>,
    /// Why nobody could tell.
    pub reason: Reason,
    /// The unresolved expression, where there is one.
    pub place: Option<Place>,
    /// The threats it would decide, by id.
    pub decides: Vec<Arc<str>>,
}

/// How bad a threat is here, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Risk {
    /// 0 to 100, before rounding.
    pub value: f64,
    /// The band it falls into.
    pub band: Band,
    /// What it would be without any countermeasure, 0 to 100.
    pub inherent: f64,
    /// What it will be once all that is planned is in place, 0 to 100.
    pub projected: f64,
    /// What made it so, each with the points it gave or the share it took.
    pub factors: Vec<Factor>,
}

/// One reason for a risk's size.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Its name: `likelihood`, `reach`, `impact on integrity` …
    pub name: Arc<str>,
    /// What it was found to be, in words.
    pub finding: Arc<str>,
    /// What it multiplies the whole by.
    pub weight: f64,
}

/// Bands of risk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Below 20.
    #[default]
    VeryLow,
    /// Below 40.
    Low,
    /// Below 60.
    Medium,
    /// Below 80.
    High,
    /// 80 and above.
    Critical,
}

impl Band {
    /// All, least first.
    pub const ALL: [Band; 5] = [
        Band::VeryLow,
        Band::Low,
        Band::Medium,
        Band::High,
        Band::Critical,
    ];

    /// The band a value from 0 to 100 falls into.
    pub fn of(value: f64) -> Self {
        // By the number people see: 39.6 is shown as 40 and called medium.
        match value.round() {
            v if v < 20.0 => Band::VeryLow,
            v if v < 40.0 => Band::Low,
            v if v < 60.0 => Band::Medium,
            v if v < 80.0 => Band::High,
            _ => Band::Critical,
        }
    }

    /// The word people and programs read.
    pub fn word(self) -> &'static str {
        match self {
            Band::VeryLow => "very-low",
            Band::Low => "low",
            Band::Medium => "medium",
            Band::High => "high",
            Band::Critical => "critical",
        }
    }
}
