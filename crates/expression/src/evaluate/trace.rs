//! What an answer rests on, and what would settle it.

use std::sync::Arc;

use underbelly_source::Place;

use crate::judge::Scope;
use crate::{Atom, Basis, Question, Reason, SubjectId, Truth, Value};

use super::Evaluator;
use super::sight::{Seen, Sight, Why};

/// Which answers some value of an unknown fact alone would give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settles {
    yes: bool,
    no: bool,
}

impl Settles {
    pub(super) const EITHER: Self = Self {
        yes: true,
        no: true,
    };
    pub(super) const NEITHER: Self = Self {
        yes: false,
        no: false,
    };
}

/// What is recorded on the way; nothing at all for `()`.
pub(super) trait Trace: Default {
    /// Whether anything is recorded.
    const RECORDS: bool;
    /// A fact counts; if it is in doubt, why, and what it would settle.
    fn see<'a, S: Scope + ?Sized>(
        &mut self,
        evaluator: &Evaluator<'a, S>,
        sight: &Sight<'a>,
        ask: Option<(Why<'a>, Settles)>,
    );
    /// Both count.
    fn join(&mut self, other: Self);
    /// Both count, and neither settles more than the other's truth allows.
    fn join_unknown(&mut self, own: Truth, other: Self, others: Truth);
    /// Whether the other rests on something firmer.
    fn is_weaker_than(&self, other: &Self) -> bool;
    /// Facts in doubt settle no more than this.
    fn limit(&mut self, to: Settles);
    /// What settled to yes settles to no.
    fn negate(&mut self);
    /// Only how firm it is and what was assumed, not the facts.
    fn keep_basis(&mut self);
    /// There is nothing to ask.
    fn settle(&mut self);
}

impl Trace for () {
    const RECORDS: bool = false;
    fn see<'a, S: Scope + ?Sized>(
        &mut self,
        _: &Evaluator<'a, S>,
        _: &Sight<'a>,
        _: Option<(Why<'a>, Settles)>,
    ) {
    }
    fn join(&mut self, (): ()) {}
    fn join_unknown(&mut self, _: Truth, (): (), _: Truth) {}
    fn is_weaker_than(&self, (): &()) -> bool {
        false
    }
    fn limit(&mut self, _: Settles) {}
    fn negate(&mut self) {}
    fn keep_basis(&mut self) {}
    fn settle(&mut self) {}
}

/// The facts, basis, assumptions and questions of an answer.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) basis: Option<Basis>,
    pub(crate) assumptions: Vec<Arc<str>>,
    pub(crate) asked: Vec<AskedFact>,
}

/// An unknown fact and what it would settle.
#[derive(Debug)]
pub(crate) struct AskedFact {
    subject: Option<SubjectId>,
    fact: Arc<str>,
    reason: Reason,
    place: Option<Place>,
    settles: Settles,
}

impl Trace for Evidence {
    const RECORDS: bool = true;

    fn see<'a, S: Scope + ?Sized>(
        &mut self,
        evaluator: &Evaluator<'a, S>,
        sight: &Sight<'a>,
        ask: Option<(Why<'a>, Settles)>,
    ) {
        let why = match sight.seen {
            Seen::Unknown(why) => Some(why),
            Seen::Known(_) | Seen::Absent(_) => ask.map(|(why, _)| why),
        };
        let why = why.map(|why| evaluator.reason(why, sight.key));
        let atom = atom(sight, why.as_ref(), &|id| evaluator.scope.label(id));
        self.basis = self.basis.max(atom.basis);
        if let (Some(note), Some(Basis::ParameterDefault | Basis::LibraryAssumption)) =
            (&atom.note, atom.basis)
            && !self.assumptions.contains(note)
        {
            self.assumptions.push(note.clone());
        }
        if let (Some((_, settles)), Some((reason, place))) = (ask, why) {
            self.ask(AskedFact {
                subject: atom.subject,
                fact: atom.fact.clone(),
                reason,
                place,
                settles,
            });
        }
        self.add(atom);
    }

    fn join(&mut self, other: Self) {
        self.basis = self.basis.max(other.basis);
        for note in other.assumptions {
            if !self.assumptions.contains(&note) {
                self.assumptions.push(note);
            }
        }
        other.atoms.into_iter().for_each(|atom| self.add(atom));
        other.asked.into_iter().for_each(|asked| self.ask(asked));
    }

    fn join_unknown(&mut self, own: Truth, mut other: Self, others: Truth) {
        let same = |one: &AskedFact, other: &AskedFact| {
            one.subject == other.subject && one.fact == other.fact
        };
        for asked in &mut self.asked {
            match other.asked.iter_mut().find(|found| same(asked, found)) {
                // The same fact on both sides: its value may suit both.
                Some(found) => {
                    let settles = Settles {
                        yes: asked.settles.yes && found.settles.yes,
                        no: asked.settles.no || found.settles.no,
                    };
                    asked.settles = settles;
                    found.settles = settles;
                }
                None => asked.settles.yes &= others == Truth::Yes,
            }
        }
        for asked in &mut other.asked {
            if !self.asked.iter().any(|found| same(asked, found)) {
                asked.settles.yes &= own == Truth::Yes;
            }
        }
        self.join(other);
    }

    fn is_weaker_than(&self, other: &Self) -> bool {
        self.basis > other.basis
    }

    fn limit(&mut self, to: Settles) {
        for asked in &mut self.asked {
            asked.settles.yes &= to.yes;
            asked.settles.no &= to.no;
        }
    }

    fn negate(&mut self) {
        for Settles { yes, no } in self.asked.iter_mut().map(|asked| &mut asked.settles) {
            std::mem::swap(yes, no);
        }
    }

    fn keep_basis(&mut self) {
        self.atoms.clear();
        self.asked.clear();
    }

    fn settle(&mut self) {
        self.asked.clear();
    }
}

impl Evidence {
    fn add(&mut self, atom: Atom) {
        if !self.atoms.contains(&atom) {
            self.atoms.push(atom);
        }
    }

    fn ask(&mut self, asked: AskedFact) {
        let known = self
            .asked
            .iter_mut()
            .find(|found| found.subject == asked.subject && found.fact == asked.fact);
        match known {
            Some(found) => {
                found.settles.yes |= asked.settles.yes;
                found.settles.no |= asked.settles.no;
                if asked.reason < found.reason {
                    found.reason = asked.reason;
                    found.place = asked.place;
                }
            }
            None => self.asked.push(asked),
        }
    }

    /// What to ask: what alone settles the answer before what does not, then
    /// the cheapest to find out, then the first written.
    pub(crate) fn questions(&mut self) -> Vec<Question> {
        let asked = std::mem::take(&mut self.asked);
        let mut questions: Vec<Question> = asked.into_iter().map(Question::from).collect();
        sort_questions(&mut questions);
        questions
    }
}

pub(crate) fn sort_questions(questions: &mut [Question]) {
    questions.sort_by(|one, other| {
        let decisive = other.decisive.cmp(&one.decisive);
        decisive.then(cost(&one.reason).cmp(&cost(&other.reason)))
    });
}

/// The rank of a reason; what it names does not count.
fn cost(reason: &Reason) -> u8 {
    match reason {
        Reason::Parameter(_) => 0,
        Reason::MissingFile(_) => 1,
        Reason::Import(_) => 2,
        Reason::Lookup(_) => 3,
        Reason::Unsupported(_) => 4,
        Reason::Limit(_) => 5,
        Reason::OtherComponent(_) => 6,
        Reason::Elsewhere(_) => 7,
        Reason::NotAnalysed(_) => 8,
        Reason::Code => 9,
        Reason::People => 10,
    }
}

impl From<AskedFact> for Question {
    fn from(asked: AskedFact) -> Self {
        Question {
            subject: asked.subject,
            fact: asked.fact,
            reason: asked.reason,
            place: asked.place,
            decisive: asked.settles.yes || asked.settles.no,
        }
    }
}

fn atom(
    sight: &Sight<'_>,
    why: Option<&(Reason, Option<Place>)>,
    label: &dyn Fn(SubjectId) -> String,
) -> Atom {
    let mut atom = Atom {
        subject: sight.key.subject,
        fact: sight.key.name.into(),
        shown: String::new(),
        basis: None,
        guard: sight.guard(),
        note: None,
        places: Vec::new(),
        reason: why.map(|(reason, _)| reason.clone()),
    };
    match sight.seen {
        Seen::Known(known) => {
            atom.shown = shown(&known.value, label);
            atom.basis = Some(known.basis);
            atom.note = known.note.clone();
            atom.places = known.places.clone();
        }
        Seen::Absent(place) => {
            atom.shown = "absent".to_owned();
            atom.basis = Some(Basis::Written);
            atom.places = place.map(Place::missing).into_iter().collect();
        }
        Seen::Unknown(_) => {
            atom.shown = "unknown".to_owned();
            atom.places = why.and_then(|(_, place)| *place).into_iter().collect();
        }
    }
    atom
}

/// A value for people; long sets are cut short.
pub(super) fn shown(value: &Value, label: &dyn Fn(SubjectId) -> String) -> String {
    const SHOWN: usize = 4;
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Subject(subject) => label(*subject),
        Value::Map(map) => match map.entries.len() {
            1 => "1 setting".to_owned(),
            count => format!("{count} settings"),
        },
        Value::Set(set) => {
            let mut words: Vec<String> = set
                .items
                .iter()
                .take(SHOWN)
                .map(|item| item_shown(&item.fact, label))
                .collect();
            match set.items.len().saturating_sub(SHOWN) {
                0 => {}
                more => words.push(format!("{more} more")),
            }
            if set.rest.is_some() {
                words.push("perhaps more".to_owned());
            }
            match words.is_empty() {
                true => "none".to_owned(),
                false => words.join(", "),
            }
        }
    }
}

fn item_shown(fact: &crate::Fact, label: &dyn Fn(SubjectId) -> String) -> String {
    match fact {
        // A set in a set is rare enough to be counted only.
        crate::Fact::Known(known) => match &known.value {
            Value::Set(set) => format!("{} values", set.items.len()),
            value => shown(value, label),
        },
        crate::Fact::OneOf(_) => "depends".to_owned(),
        crate::Fact::Unknown(_) => "unknown".to_owned(),
        crate::Fact::Absent(_) => "absent".to_owned(),
    }
}

/// Both: of yes all operands count, of no the firmest, then the first.
pub(super) fn and<T: Trace>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    match (left.0, right.0) {
        (Truth::No, Truth::No) if left.1.is_weaker_than(&right.1) => right,
        (Truth::No, _) => left,
        (_, Truth::No) => right,
        _ => both(left, right),
    }
}

/// Either: the mirror of both.
pub(super) fn or<T: Trace>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    not(and(not(left), not(right)))
}

/// Either, where of yes every operand counts: all witnesses are shown.
pub(super) fn or_all<T: Trace>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    match (left.0, right.0) {
        (Truth::Yes, Truth::Yes) => both(left, right),
        (Truth::Yes, _) => left,
        (_, Truth::Yes) => right,
        _ => not(both(not(left), not(right))),
    }
}

fn both<T: Trace>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    let (own, mut trace) = left;
    let (others, other) = right;
    trace.join_unknown(own, other, others);
    (own.and(others), trace)
}

pub(super) fn not<T: Trace>((truth, mut trace): (Truth, T)) -> (Truth, T) {
    trace.negate();
    (!truth, trace)
}
