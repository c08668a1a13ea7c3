//! A fact as it is in one world.

use std::sync::Arc;

use underbelly_source::{Place, Span};

use crate::judge::Scope;
use crate::{
    Cause, Fact, Guard, Hole, Known, OneOf, Piece, Reason, SubjectId, Text, Unknown, Value,
};

use super::Evaluator;

/// Whose fact it is and how it is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a> {
    pub(super) subject: Option<SubjectId>,
    pub(super) name: Name<'a>,
}

/// A fact's name, or of a property its path as the condition writes it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name<'a> {
    Fact(&'a Arc<str>),
    Path(&'a str),
}

impl<'a> Name<'a> {
    pub(super) fn text(self) -> &'a str {
        match self {
            Name::Fact(name) => name,
            Name::Path(path) => path,
        }
    }

    pub(super) fn shared(self) -> Arc<str> {
        match self {
            Name::Fact(name) => name.clone(),
            Name::Path(path) => path.into(),
        }
    }
}

/// A fact in one world, and the guards under which it is what it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight<'a> {
    pub(super) key: Key<'a>,
    pub(super) seen: Seen<'a>,
    /// Of the set, of the item in it, and of the value itself.
    pub(super) guards: [Option<&'a Guard>; 3],
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Seen<'a> {
    Known(&'a Known),
    Unknown(Why<'a>),
    Absent(Option<Span>),
}

/// Why something is unknown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Why<'a> {
    /// It says so itself.
    Given(&'a Unknown),
    /// Nobody supplies this fact.
    NotSupplied,
    /// It is a fact of a component outside the model.
    Outside(SubjectId),
    /// What should lead to a component is a text.
    NoComponent(&'a Known),
    /// A text with holes.
    Holes(&'a Known),
    /// The world leaves open which alternative holds.
    Open,
    /// No alternative holds in this world.
    NoAlternative,
}

impl Why<'_> {
    /// Whether it is the very same reason.
    pub(super) fn is(self, other: Self) -> bool {
        match (self, other) {
            (Why::Given(one), Why::Given(other)) => std::ptr::eq(one, other),
            (Why::Outside(one), Why::Outside(other)) => one == other,
            (Why::NoComponent(one), Why::NoComponent(other))
            | (Why::Holes(one), Why::Holes(other)) => std::ptr::eq(one, other),
            (Why::NotSupplied, Why::NotSupplied)
            | (Why::Open, Why::Open)
            | (Why::NoAlternative, Why::NoAlternative) => true,
            (
                Why::Given(_)
                | Why::NotSupplied
                | Why::Outside(_)
                | Why::NoComponent(_)
                | Why::Holes(_)
                | Why::Open
                | Why::NoAlternative,
                _,
            ) => false,
        }
    }
}

impl<'a> Sight<'a> {
    /// Whether it is the very same fact: what differs may still read alike.
    pub(super) fn is(&self, other: &Self) -> bool {
        let same_guard = |pair: (&Option<&Guard>, &Option<&Guard>)| match pair {
            (Some(one), Some(other)) => std::ptr::eq(*one, *other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let same_seen = match (self.seen, other.seen) {
            (Seen::Known(one), Seen::Known(other)) => std::ptr::eq(one, other),
            (Seen::Unknown(one), Seen::Unknown(other)) => one.is(other),
            (Seen::Absent(one), Seen::Absent(other)) => one == other,
            (Seen::Known(_) | Seen::Unknown(_) | Seen::Absent(_), _) => false,
        };
        same_seen
            && self.key.subject == other.key.subject
            && self.key.name.text() == other.key.name.text()
            && self.guards.iter().zip(&other.guards).all(same_guard)
    }

    /// What about it is not known, if anything.
    pub(super) fn doubt(&self) -> Option<Why<'a>> {
        match self.seen {
            Seen::Unknown(why) => Some(why),
            Seen::Absent(_) => None,
            Seen::Known(known) => match &known.value {
                Value::Text(text) => text.known().is_none().then_some(Why::Holes(known)),
                Value::Set(set) => {
                    let items = set.items.iter().find_map(|item| doubt_of_item(&item.fact));
                    items.or(set.rest.as_ref().map(Why::Given))
                }
                Value::Map(map) => map.rest.as_ref().map(Why::Given),
                Value::Bool(_) | Value::Number(_) | Value::Subject(_) => None,
            },
        }
    }

    /// Under which choice it is what it is.
    pub(super) fn guard(&self) -> Guard {
        let given = self.guards.iter().flatten();
        given.fold(Guard::always(), |joined, guard| {
            joined.and(guard).unwrap_or(joined)
        })
    }
}

fn doubt_of_item(fact: &Fact) -> Option<Why<'_>> {
    match fact {
        Fact::Unknown(unknown) => Some(Why::Given(unknown)),
        Fact::Known(known) => match &known.value {
            Value::Text(text) => text.known().is_none().then_some(Why::Holes(known)),
            _ => None,
        },
        Fact::OneOf(_) | Fact::Absent(_) => None,
    }
}

impl<'a, S: Scope + ?Sized> Evaluator<'a, S> {
    /// A fact as it is in this world, and under which guard.
    pub(super) fn see(&mut self, fact: &'a Fact) -> (Seen<'a>, Option<&'a Guard>) {
        match fact {
            Fact::Known(known) => (Seen::Known(known), None),
            Fact::Unknown(unknown) => (Seen::Unknown(Why::Given(unknown)), None),
            Fact::Absent(absent) => (Seen::Absent(absent.place), None),
            Fact::OneOf(one_of) => self.choose(one_of),
        }
    }

    fn choose(&mut self, one_of: &'a OneOf) -> (Seen<'a>, Option<&'a Guard>) {
        let mut open = false;
        for alternative in &one_of.alternatives {
            match self.holds(&alternative.guard) {
                Some(true) => {
                    let seen = match &alternative.fact {
                        Fact::Known(known) => Seen::Known(known),
                        Fact::Unknown(unknown) => Seen::Unknown(Why::Given(unknown)),
                        Fact::Absent(absent) => Seen::Absent(absent.place),
                        // Alternatives are flat; were one not, it stays unknown.
                        Fact::OneOf(_) => Seen::Unknown(Why::NoAlternative),
                    };
                    return (seen, Some(&alternative.guard));
                }
                Some(false) => {}
                None => open = true,
            }
        }
        let why = if open { Why::Open } else { Why::NoAlternative };
        (Seen::Unknown(why), None)
    }

    /// Whether a guard holds in this world; what it leaves open is noted.
    pub(super) fn holds(&mut self, guard: &Guard) -> Option<bool> {
        let holds = guard.holds(self.world);
        if holds.is_none() {
            let choices = guard.choices().iter().map(|(variable, _)| *variable);
            let open = choices.filter(|variable| !self.world.contains_key(variable));
            self.open.extend(open);
        }
        holds
    }

    /// The reason for people, and the unresolved expression.
    pub(super) fn reason(&self, why: Why<'a>, key: Key<'a>) -> (Reason, Option<Place>) {
        match why {
            Why::Given(unknown) => (unknown.reason.clone(), unknown.place),
            Why::NotSupplied => (Reason::NotAnalysed(key.name.shared()), None),
            Why::Outside(subject) => {
                let label = self.scope.label(subject);
                (Reason::OtherComponent(label.into()), None)
            }
            Why::NoComponent(known) => {
                let shown = super::trace::shown(&known.value, &|id| self.scope.label(id));
                let place = known.places.first().copied();
                (Reason::OtherComponent(shown), place)
            }
            Why::Holes(known) => match &known.value {
                Value::Text(text) => hole_reason(text),
                _ => (Reason::Unsupported(key.name.shared()), None),
            },
            Why::Open => (Reason::Limit("too many conditions at once".into()), None),
            Why::NoAlternative => {
                let why = "no alternative is possible".into();
                (Reason::Unsupported(why), None)
            }
        }
    }
}

/// The cheapest of the holes to fill.
fn hole_reason(text: &Text) -> (Reason, Option<Place>) {
    let holes = text.pieces().iter().filter_map(|piece| match piece {
        Piece::Hole(hole) => Some((reason_of(hole), Some(Place::here(hole.span)))),
        Piece::Literal(_) => None,
    });
    holes
        .min_by(|one, other| one.0.cmp(&other.0))
        .unwrap_or_else(|| (Reason::Unsupported("".into()), None))
}

fn reason_of(hole: &Hole) -> Reason {
    let label = hole.label.clone();
    match &hole.cause {
        Cause::Parameter(name) => Reason::Parameter(name.clone()),
        Cause::Import(name) => Reason::Import(name.clone()),
        // What the provider fills in is looked up when deployed.
        Cause::Resource { .. } | Cause::Pseudo(_) | Cause::Lookup { .. } => Reason::Lookup(label),
        Cause::Runtime | Cause::Unresolved => Reason::Unsupported(label),
    }
}
