//! Names, paths and members of sets, as they are in one world.

use std::rc::Rc;
use std::sync::Arc;

use crate::judge::{Root, Scope};
use crate::syntax::{Form, Node, Quantifier};
use crate::{Fact, SubjectId, Truth, Value};

use super::Evaluator;
use super::sight::{Key, Name, Seen, Sight, Why};
use super::trace::{Settles, Trace};

/// What an operand is.
#[derive(Clone, Debug)]
pub(super) enum Operand<'a> {
    Seen(Sight<'a>),
    Text(&'a str),
    Number(i64),
    Truth(Truth),
    List(&'a [Node]),
    Size(Size<'a>),
    Filtered(Rc<Filtered<'a>>),
}

/// The size of a set as far as it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size<'a> {
    pub(super) low: i64,
    pub(super) high: Option<i64>,
    pub(super) of: Option<Sight<'a>>,
}

/// The members of a set that satisfy a condition, for certain or perhaps.
#[derive(Debug)]
pub(super) struct Filtered<'a> {
    members: Vec<(Truth, Operand<'a>)>,
    rest: Option<Why<'a>>,
    of: Option<Sight<'a>>,
}

impl<'a> Operand<'a> {
    pub(super) fn sight(&self) -> Option<&Sight<'a>> {
        match self {
            Operand::Seen(sight) => Some(sight),
            Operand::Size(size) => size.of.as_ref(),
            Operand::Filtered(filtered) => filtered.of.as_ref(),
            Operand::Text(_) | Operand::Number(_) | Operand::Truth(_) | Operand::List(_) => None,
        }
    }

    /// Why there may be more members than can be seen.
    pub(super) fn rest(&self) -> Option<Why<'a>> {
        match self {
            Operand::Seen(sight) => match sight.seen {
                Seen::Known(known) => match &known.value {
                    Value::Set(set) => set.rest.as_ref().map(Why::Given),
                    // What stands where a list may stand may turn out to be one.
                    _ => None,
                },
                Seen::Unknown(why) => Some(why),
                Seen::Absent(_) => None,
            },
            Operand::Filtered(filtered) => filtered.rest,
            Operand::Text(_)
            | Operand::Number(_)
            | Operand::Truth(_)
            | Operand::List(_)
            | Operand::Size(_) => None,
        }
    }
}

impl<'a, S: Scope + ?Sized> Evaluator<'a, S> {
    /// A value, and the facts that led to it, not itself.
    pub(super) fn operand<T: Trace<'a>>(&mut self, node: &'a Node) -> (Operand<'a>, T) {
        let operand = match &node.form {
            Form::Text(text) => Operand::Text(text),
            Form::Number(number) => Operand::Number(*number),
            Form::Bool(value) => Operand::Truth(Truth::from(*value)),
            Form::List(nodes) => Operand::List(nodes),
            Form::Name(name) => self.name(node, name),
            Form::Member(of, name) => return self.member_access(node, of, name),
            Form::Size(of) => {
                let (of, trace) = self.operand::<T>(of);
                return (Operand::Size(self.size(&of)), trace);
            }
            Form::Quantified(Quantifier::Filter, of, variable, condition) => {
                return self.filter(of, variable, condition);
            }
            Form::Has(_)
            | Form::Not(_)
            | Form::And(_)
            | Form::Or(_)
            | Form::Compare(..)
            | Form::In(..)
            | Form::Quantified(..)
            | Form::TextTest(..) => {
                let (truth, trace) = self.condition(node);
                return (Operand::Truth(truth), trace);
            }
        };
        (operand, T::default())
    }

    fn name(&mut self, node: &'a Node, name: &'a Arc<str>) -> Operand<'a> {
        let local = self
            .locals
            .iter()
            .rev()
            .find(|(local, _)| *local == &**name);
        if let Some((_, operand)) = local {
            return operand.clone();
        }
        Operand::Seen(match self.root {
            Root::Subject(subject) => self.fact_of(subject, name),
            Root::Properties(fact) => {
                let key = self.property_key(node);
                let (seen, guard) = self.see(fact);
                let root = Sight {
                    key,
                    seen,
                    guards: [None, None, guard],
                };
                self.field(root, key, name)
            }
        })
    }

    fn property_key(&self, node: &'a Node) -> Key<'a> {
        Key {
            subject: None,
            name: Name::Path(self.expression.excerpt(node.range)),
        }
    }

    fn fact_of(&mut self, subject: SubjectId, name: &'a Arc<str>) -> Sight<'a> {
        let scope = self.scope;
        let key = Key {
            subject: Some(subject),
            name: Name::Fact(name),
        };
        let (seen, guard) = match scope.fact(subject, name) {
            Some(fact) => self.see(fact),
            None => {
                let kind = scope.fact(subject, "kind").and_then(Fact::as_text);
                let why = match kind {
                    Some("external") => Why::Outside(subject),
                    _ => Why::NotSupplied,
                };
                (Seen::Unknown(why), None)
            }
        };
        Sight {
            key,
            seen,
            guards: [None, None, guard],
        }
    }

    fn member_access<T: Trace<'a>>(
        &mut self,
        node: &'a Node,
        of: &'a Node,
        name: &'a Arc<str>,
    ) -> (Operand<'a>, T) {
        let (of_operand, mut trace) = self.operand::<T>(of);
        let Operand::Seen(of_sight) = of_operand else {
            // Only what is checked wrongly has members of literals.
            let key = self.property_key(node);
            return (Operand::Seen(nothing(key)), trace);
        };
        let sight = match of_sight.seen {
            Seen::Known(known) => match &known.value {
                Value::Subject(subject) => {
                    // The owner of a part is no finding of its own.
                    if of_sight.key.name.text() != "component" {
                        trace.see(self, &of_sight, None);
                    }
                    self.fact_of(*subject, name)
                }
                Value::Text(_) if of_sight.key.subject.is_some() => Sight {
                    seen: Seen::Unknown(Why::NoComponent(known)),
                    ..of_sight
                },
                _ => self.field(of_sight, self.property_key(node), name),
            },
            Seen::Unknown(_) => of_sight,
            Seen::Absent(_) => {
                let key = match of_sight.key.subject {
                    Some(_) => of_sight.key,
                    None => self.property_key(node),
                };
                Sight { key, ..of_sight }
            }
        };
        (Operand::Seen(sight), trace)
    }

    /// A named value of a property tree.
    fn field(&mut self, of: Sight<'a>, key: Key<'a>, name: &str) -> Sight<'a> {
        let Seen::Known(known) = of.seen else {
            return Sight { key, ..of };
        };
        let head = known.places.first().map(|place| place.span);
        let (seen, guard) = match &known.value {
            Value::Map(map) => match (map.entry(name), &map.rest) {
                (Some(entry), _) => self.see(&entry.fact),
                (None, Some(rest)) => (Seen::Unknown(Why::Given(rest)), None),
                (None, None) => (Seen::Absent(head), None),
            },
            // A reference may stand for a whole tree.
            Value::Text(text) if text.known().is_none() => (Seen::Unknown(Why::Holes(known)), None),
            Value::Text(_)
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Set(_)
            | Value::Subject(_) => (Seen::Absent(head), None),
        };
        let [_, item, own] = of.guards;
        Sight {
            key,
            seen,
            guards: [item, own, guard],
        }
    }

    /// A member of a set by number, and whether it is there in this world.
    pub(super) fn member(
        &mut self,
        set: &Operand<'a>,
        index: usize,
    ) -> Option<(Truth, Operand<'a>)> {
        let single = || (index == 0).then(|| (Truth::Yes, set.clone()));
        match set {
            Operand::Seen(sight) => match sight.seen {
                Seen::Known(known) => match &known.value {
                    Value::Set(items) => {
                        let item = items.items.get(index)?;
                        let there = self.holds(&item.guard);
                        let there = there.map_or(Truth::Unknown, Truth::from);
                        let (seen, guard) = self.see(&item.fact);
                        let there = match seen {
                            Seen::Absent(_) => Truth::No,
                            // Which alternative holds is open, and one may be none.
                            Seen::Unknown(Why::Open) => there.and(Truth::Unknown),
                            Seen::Known(_) | Seen::Unknown(_) => there,
                        };
                        let member = Sight {
                            key: sight.key,
                            seen,
                            guards: [sight.guards[2], Some(&item.guard), guard],
                        };
                        Some((there, Operand::Seen(member)))
                    }
                    // Where a list may stand, one value stands for a list of one.
                    _ => single(),
                },
                Seen::Unknown(_) | Seen::Absent(_) => None,
            },
            Operand::List(nodes) => {
                let (operand, ()) = self.operand(nodes.get(index)?);
                Some((Truth::Yes, operand))
            }
            Operand::Filtered(filtered) => filtered.members.get(index).cloned(),
            Operand::Text(_) | Operand::Number(_) | Operand::Truth(_) | Operand::Size(_) => {
                single()
            }
        }
    }

    fn size(&mut self, set: &Operand<'a>) -> Size<'a> {
        let (mut low, mut maybe, mut index) = (0_i64, 0_i64, 0);
        while let Some((there, _)) = self.member(set, index) {
            match there {
                Truth::Yes => low += 1,
                Truth::Unknown => maybe += 1,
                Truth::No => {}
            }
            index += 1;
        }
        let high = match set.rest() {
            Some(_) => None,
            None => Some(low + maybe),
        };
        let of = set.sight().copied();
        Size { low, high, of }
    }

    fn filter<T: Trace<'a>>(
        &mut self,
        of: &'a Node,
        variable: &'a str,
        condition: &'a Node,
    ) -> (Operand<'a>, T) {
        let (set, mut trace) = self.operand::<T>(of);
        let mut members = Vec::new();
        let mut perhaps: Vec<T> = Vec::new();
        let mut index = 0;
        while let Some((there, member)) = self.member(&set, index) {
            index += 1;
            let (truth, mut found) = self.of_member::<T>(variable, &member, condition);
            let counts = there.and(truth);
            match counts {
                Truth::Yes => trace.join(found),
                Truth::Unknown => perhaps.push(found),
                Truth::No => {
                    found.keep_basis();
                    trace.join(found);
                }
            }
            members.push((counts, member));
        }
        // One unknown member alone may settle the size; of several none does.
        let alone = perhaps.len() == 1 && set.rest().is_none();
        for mut found in perhaps {
            if !alone {
                found.limit(Settles::NEITHER);
            }
            trace.join(found);
        }
        let filtered = Filtered {
            members,
            rest: set.rest(),
            of: set.sight().copied(),
        };
        (Operand::Filtered(Rc::new(filtered)), trace)
    }

    /// The condition on a member, with the member itself among the facts.
    pub(super) fn of_member<T: Trace<'a>>(
        &mut self,
        variable: &'a str,
        member: &Operand<'a>,
        condition: &'a Node,
    ) -> (Truth, T) {
        self.locals.push((variable, member.clone()));
        let (truth, mut trace) = self.condition::<T>(condition);
        self.locals.pop();
        if let Operand::Seen(sight) = member
            && sight.doubt().is_none()
        {
            let mut with = T::default();
            with.see(self, sight, None);
            with.join(trace);
            trace = with;
        }
        (truth, trace)
    }
}

fn nothing(key: Key<'_>) -> Sight<'_> {
    Sight {
        key,
        seen: Seen::Absent(None),
        guards: [None; 3],
    }
}
