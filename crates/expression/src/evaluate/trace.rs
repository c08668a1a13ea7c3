//! What an answer rests on, and what would settle it.

use std::sync::{Arc, LazyLock};

use underbelly_source::Place;

use crate::judge::Scope;
use crate::{Atom, Basis, Piece, Question, Reason, SubjectId, Truth, Value};

use super::Evaluator;
use super::sight::{Key, Seen, Sight, Why};

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
pub(super) trait Trace<'a>: Default {
    /// Whether anything is recorded.
    const RECORDS: bool;
    /// A fact counts; if it is in doubt, why, and what it would settle.
    fn see<S: Scope + ?Sized>(
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

impl<'a> Trace<'a> for () {
    const RECORDS: bool = false;
    fn see<S: Scope + ?Sized>(
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

/// The facts, basis, assumptions and questions of an answer, as references to
/// where they stand: most are dropped on the way.
#[derive(Debug, Default)]
pub(super) struct Evidence<'a> {
    seen: Vec<(Sight<'a>, Option<Why<'a>>)>,
    basis: Option<Basis>,
    assumptions: Vec<&'a Arc<str>>,
    asked: Vec<AskedFact<'a>>,
}

/// An unknown fact and what it would settle.
#[derive(Debug)]
struct AskedFact<'a> {
    key: Key<'a>,
    reason: Reason,
    place: Option<Place>,
    settles: Settles,
}

impl AskedFact<'_> {
    fn is_about(&self, key: Key<'_>) -> bool {
        self.key.subject == key.subject && self.key.name.text() == key.name.text()
    }
}

/// What an answer rests on, for those who asked.
#[derive(Debug)]
pub(crate) struct Explained {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) basis: Option<Basis>,
    pub(crate) assumptions: Vec<Arc<str>>,
    pub(crate) questions: Vec<Question>,
}

impl<'a> Trace<'a> for Evidence<'a> {
    const RECORDS: bool = true;

    fn see<S: Scope + ?Sized>(
        &mut self,
        evaluator: &Evaluator<'a, S>,
        sight: &Sight<'a>,
        ask: Option<(Why<'a>, Settles)>,
    ) {
        let (basis, note, why) = match sight.seen {
            Seen::Known(known) => {
                let why = ask.map(|(why, _)| why);
                (Some(known.basis), known.note.as_ref(), why)
            }
            Seen::Absent(_) => (Some(Basis::Written), None, ask.map(|(why, _)| why)),
            Seen::Unknown(why) => (None, None, Some(why)),
        };
        self.basis = self.basis.max(basis);
        if let (Some(note), Some(Basis::ParameterDefault | Basis::LibraryAssumption)) =
            (note, basis)
        {
            self.assume(note);
        }
        if let (Some((_, settles)), Some(why)) = (ask, why) {
            let (reason, place) = evaluator.reason(why, sight.key);
            self.ask(AskedFact {
                key: sight.key,
                reason,
                place,
                settles,
            });
        }
        self.add(*sight, why);
    }

    fn join(&mut self, other: Self) {
        self.basis = self.basis.max(other.basis);
        for note in other.assumptions {
            self.assume(note);
        }
        if self.seen.is_empty() {
            self.seen = other.seen;
        } else {
            for (sight, why) in other.seen {
                self.add(sight, why);
            }
        }
        other.asked.into_iter().for_each(|asked| self.ask(asked));
    }

    fn join_unknown(&mut self, own: Truth, mut other: Self, others: Truth) {
        let same = |one: &AskedFact<'_>, other: &AskedFact<'_>| one.is_about(other.key);
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
        self.seen.clear();
        self.asked.clear();
    }

    fn settle(&mut self) {
        self.asked.clear();
    }
}

impl<'a> Evidence<'a> {
    fn add(&mut self, sight: Sight<'a>, why: Option<Why<'a>>) {
        let same_why = |known: Option<Why<'a>>| match (known, why) {
            (Some(known), Some(why)) => known.is(why),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let mut seen = self.seen.iter();
        if !seen.any(|(known, why)| known.is(&sight) && same_why(*why)) {
            self.seen.push((sight, why));
        }
    }

    fn assume(&mut self, note: &'a Arc<str>) {
        if !self.assumptions.contains(&note) {
            self.assumptions.push(note);
        }
    }

    fn ask(&mut self, asked: AskedFact<'a>) {
        let known = self.asked.iter_mut();
        match known.into_iter().find(|found| found.is_about(asked.key)) {
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

    /// Facts that read alike are told once. What to ask: what alone settles the
    /// answer before what does not, then the cheapest to find out, then the first
    /// written.
    pub(super) fn explained<S: Scope + ?Sized>(self, evaluator: &Evaluator<'a, S>) -> Explained {
        let mut atoms: Vec<Atom> = Vec::with_capacity(self.seen.len());
        for (sight, why) in &self.seen {
            let atom = atom(evaluator, sight, *why);
            if !atoms.contains(&atom) {
                atoms.push(atom);
            }
        }
        let mut assumptions: Vec<Arc<str>> = self.assumptions.into_iter().cloned().collect();
        assumptions.sort();
        let mut questions: Vec<Question> = self.asked.into_iter().map(Question::from).collect();
        sort_questions(&mut questions);
        Explained {
            atoms,
            basis: self.basis,
            assumptions,
            questions,
        }
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

impl From<AskedFact<'_>> for Question {
    fn from(asked: AskedFact<'_>) -> Self {
        Question {
            subject: asked.key.subject,
            fact: asked.key.name.shared(),
            reason: asked.reason,
            place: asked.place,
            decisive: asked.settles.yes || asked.settles.no,
        }
    }
}

fn atom<'a, S: Scope + ?Sized>(
    evaluator: &Evaluator<'a, S>,
    sight: &Sight<'a>,
    why: Option<Why<'a>>,
) -> Atom {
    let why = why.map(|why| evaluator.reason(why, sight.key));
    let mut atom = Atom {
        subject: sight.key.subject,
        fact: sight.key.name.shared(),
        shown: WORDS.unknown.clone(),
        basis: None,
        guard: sight.guard(),
        note: None,
        places: Vec::new(),
        reason: why.as_ref().map(|(reason, _)| reason.clone()),
    };
    match sight.seen {
        Seen::Known(known) => {
            atom.shown = shown(&known.value, &|id| evaluator.scope.label(id));
            atom.basis = Some(known.basis);
            atom.note = known.note.clone();
            atom.places = known.places.clone();
        }
        Seen::Absent(place) => {
            atom.shown = WORDS.absent.clone();
            atom.basis = Some(Basis::Written);
            atom.places = place.map(Place::missing).into_iter().collect();
        }
        Seen::Unknown(_) => {
            atom.places = why.and_then(|(_, place)| place).into_iter().collect();
        }
    }
    atom
}

/// Words that most answers show: they are kept once.
struct Words {
    yes: Arc<str>,
    no: Arc<str>,
    none: Arc<str>,
    absent: Arc<str>,
    unknown: Arc<str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    yes: "yes".into(),
    no: "no".into(),
    none: "none".into(),
    absent: "absent".into(),
    unknown: "unknown".into(),
});

/// A value for people; long sets are cut short.
pub(super) fn shown(value: &Value, label: &dyn Fn(SubjectId) -> String) -> Arc<str> {
    const SHOWN: usize = 4;
    match value {
        Value::Bool(true) => WORDS.yes.clone(),
        Value::Bool(false) => WORDS.no.clone(),
        Value::Number(number) => number.to_string().into(),
        Value::Text(text) => match text.pieces() {
            [Piece::Literal(literal)] => literal.clone(),
            _ => text.to_string().into(),
        },
        Value::Subject(subject) => label(*subject).into(),
        Value::Map(map) => match map.entries.len() {
            1 => "1 setting".into(),
            count => format!("{count} settings").into(),
        },
        Value::Set(set) => {
            let shown = set.items.iter().take(SHOWN);
            let mut words: Vec<Arc<str>> =
                shown.map(|item| item_shown(&item.fact, label)).collect();
            match set.items.len().saturating_sub(SHOWN) {
                0 => {}
                more => words.push(format!("{more} more").into()),
            }
            if set.rest.is_some() {
                words.push("perhaps more".into());
            }
            match words.as_slice() {
                [] => WORDS.none.clone(),
                [only] => only.clone(),
                words => words.join(", ").into(),
            }
        }
    }
}

fn item_shown(fact: &crate::Fact, label: &dyn Fn(SubjectId) -> String) -> Arc<str> {
    match fact {
        // A set in a set is rare enough to be counted only.
        crate::Fact::Known(known) => match &known.value {
            Value::Set(set) => format!("{} values", set.items.len()).into(),
            value => shown(value, label),
        },
        crate::Fact::OneOf(_) => "depends".into(),
        crate::Fact::Unknown(_) => WORDS.unknown.clone(),
        crate::Fact::Absent(_) => WORDS.absent.clone(),
    }
}

/// Both: of yes all operands count, of no the firmest, then the first.
pub(super) fn and<'a, T: Trace<'a>>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    match (left.0, right.0) {
        (Truth::No, Truth::No) if left.1.is_weaker_than(&right.1) => right,
        (Truth::No, _) => left,
        (_, Truth::No) => right,
        _ => both(left, right),
    }
}

/// Either: the mirror of both.
pub(super) fn or<'a, T: Trace<'a>>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    not(and(not(left), not(right)))
}

/// Either, where of yes every operand counts: all witnesses are shown.
pub(super) fn or_all<'a, T: Trace<'a>>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    match (left.0, right.0) {
        (Truth::Yes, Truth::Yes) => both(left, right),
        (Truth::Yes, _) => left,
        (_, Truth::Yes) => right,
        _ => not(both(not(left), not(right))),
    }
}

fn both<'a, T: Trace<'a>>(left: (Truth, T), right: (Truth, T)) -> (Truth, T) {
    let (own, mut trace) = left;
    let (others, other) = right;
    trace.join_unknown(own, other, others);
    (own.and(others), trace)
}

pub(super) fn not<'a, T: Trace<'a>>((truth, mut trace): (Truth, T)) -> (Truth, T) {
    trace.negate();
    (!truth, trace)
}
