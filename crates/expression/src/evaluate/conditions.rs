//! The forms that are true or false.

use crate::Truth;
use crate::judge::Scope;
use crate::syntax::{Form, Node, Quantifier};

use super::Evaluator;
use super::compare::{compare, equal, text_test};
use super::trace::{Settles, Trace, and, not, or, or_all};
use super::values::Operand;

impl<'a, S: Scope + ?Sized> Evaluator<'a, S> {
    pub(super) fn condition<T: Trace<'a>>(&mut self, node: &'a Node) -> (Truth, T) {
        match &node.form {
            Form::And(operands) => self.chain(operands, and),
            Form::Or(operands) => self.chain(operands, or),
            Form::Not(inner) => not(self.condition(inner)),
            Form::Has(inner) => {
                let (operand, trace) = self.operand::<T>(inner);
                let truth = operand.is_there();
                self.leaf(truth, trace, &[&operand])
            }
            Form::Compare(comparison, left, right) => {
                let (left, trace) = self.operand::<T>(left);
                let (right, more) = self.operand::<T>(right);
                let truth = compare(*comparison, &left, &right);
                self.leaf(truth, joined(trace, more), &[&left, &right])
            }
            Form::TextTest(test, of, wanted) => {
                let (of, trace) = self.operand::<T>(of);
                let (wanted, more) = self.operand::<T>(wanted);
                let truth = text_test(*test, &of, &wanted);
                self.leaf(truth, joined(trace, more), &[&of, &wanted])
            }
            Form::In(value, set) => self.membership(value, set),
            Form::Quantified(Quantifier::Exists, of, variable, condition) => {
                self.exists(of, variable, condition, false)
            }
            // All do if none does not.
            Form::Quantified(Quantifier::All, of, variable, condition) => {
                not(self.exists(of, variable, condition, true))
            }
            Form::Bool(_)
            | Form::Name(_)
            | Form::Member(..)
            | Form::Text(_)
            | Form::Number(_)
            | Form::List(_)
            | Form::Size(_)
            | Form::Quantified(..) => {
                let (operand, trace) = self.operand::<T>(node);
                let truth = operand.as_condition();
                self.leaf(truth, trace, &[&operand])
            }
        }
    }

    fn chain<T: Trace<'a>>(
        &mut self,
        operands: &'a [Node],
        join: impl Fn((Truth, T), (Truth, T)) -> (Truth, T),
    ) -> (Truth, T) {
        let mut joined: Option<(Truth, T)> = None;
        for operand in operands {
            let next = self.condition(operand);
            joined = Some(match joined {
                None => next,
                Some(before) => join(before, next),
            });
        }
        joined.unwrap_or_else(|| (Truth::Unknown, T::default()))
    }

    /// A comparison of values: all its facts count, and the one that is in
    /// doubt settles it, if it is the only one.
    fn leaf<T: Trace<'a>>(
        &mut self,
        truth: Truth,
        led: T,
        operands: &[&Operand<'a>],
    ) -> (Truth, T) {
        let mut trace = T::default();
        if !T::RECORDS {
            return (truth, trace);
        }
        let sights = || operands.iter().filter_map(|operand| operand.sight());
        let doubts = sights().filter(|sight| sight.doubt().is_some()).count();
        let settles = if doubts == 1 {
            Settles::EITHER
        } else {
            Settles::NEITHER
        };
        for sight in sights() {
            let ask = sight.doubt().filter(|_| truth == Truth::Unknown);
            trace.see(self, sight, ask.map(|why| (why, settles)));
        }
        trace.join(led);
        if truth.is_known() {
            trace.settle();
        }
        (truth, trace)
    }

    fn membership<T: Trace<'a>>(&mut self, value: &'a Node, set: &'a Node) -> (Truth, T) {
        let (value, trace) = self.operand::<T>(value);
        let (set, more) = self.operand::<T>(set);
        let mut truth = Truth::No;
        let mut witnesses: Vec<Operand<'a>> = Vec::new();
        let mut index = 0;
        while let Some((there, member)) = self.member(&set, index) {
            index += 1;
            let same = there.and(equal(&value, &member));
            truth = truth.or(same);
            if T::RECORDS && (same == Truth::Yes || matches!(set, Operand::List(_))) {
                witnesses.push(member);
            }
        }
        // What is absent is in no set, whatever else there is.
        if set.rest().is_some() && value.is_there() != Truth::No {
            truth = truth.or(Truth::Unknown);
        }
        let trace = joined(trace, more);
        if truth == Truth::Yes || matches!(set, Operand::List(_)) {
            let mut operands: Vec<&Operand<'a>> = witnesses.iter().collect();
            operands.insert(0, &value);
            return self.leaf(truth, trace, &operands);
        }
        self.leaf(truth, trace, &[&value, &set])
    }

    fn exists<T: Trace<'a>>(
        &mut self,
        of: &'a Node,
        variable: &'a str,
        condition: &'a Node,
        negated: bool,
    ) -> (Truth, T) {
        let (set, led) = self.operand::<T>(of);
        let mut found: (Truth, T) = (Truth::No, T::default());
        let mut index = 0;
        while let Some((there, member)) = self.member(&set, index) {
            index += 1;
            if there == Truth::No {
                continue;
            }
            let mut next = self.of_member::<T>(variable, &member, condition);
            if negated {
                next = not(next);
            }
            if next.0 == Truth::Yes && there == Truth::Unknown {
                next.0 = Truth::Unknown;
            }
            found = or_all(found, next);
        }
        if let Some(why) = set.rest() {
            let mut rest = T::default();
            if let Some(sight) = set.sight() {
                rest.see(self, sight, Some((why, Settles::EITHER)));
            }
            found = or_all(found, (Truth::Unknown, rest));
        }
        let (truth, mut trace) = found;
        if truth == Truth::No
            && let Some(sight) = set.sight()
        {
            // That there is none is shown by the list, not by each member.
            let mut list = T::default();
            list.see(self, sight, None);
            trace.keep_basis();
            list.join(trace);
            trace = list;
        }
        trace.join(led);
        if truth.is_known() {
            trace.settle();
        }
        (truth, trace)
    }
}

fn joined<'a, T: Trace<'a>>(mut one: T, other: T) -> T {
    one.join(other);
    one
}
