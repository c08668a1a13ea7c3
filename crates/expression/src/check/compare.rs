//! Which values can be compared, and which comparisons never change.

use super::suggest::closest;
use super::{Checked, Checker, Found};
use crate::syntax::{Comparison, Node};
use crate::{Extent, Members, Problem, Type};

impl Checker<'_> {
    pub(super) fn comparison(
        &mut self,
        node: &Node,
        comparison: Comparison,
        left: &Checked,
        right: &Checked,
    ) {
        if left.node.says_same(&right.node) {
            return self.constant(node.range, "this compares a value with itself");
        }
        if left.found.is_literal() && right.found.is_literal() {
            return self.constant(node.range, "this names no fact, so it never changes");
        }
        if comparison.is_order() {
            for side in [left, right] {
                if !has_order(&side.found) {
                    self.no_order(side, comparison);
                    return;
                }
            }
        }
        self.size_always(node, comparison, left, right);
        let (a, b) = (&left.found, &right.found);
        match (a, b) {
            (Found::Text(_), _) => self.same_kind(b, right, a, left.node.range),
            _ => self.same_kind(a, left, b, right.node.range),
        }
    }

    fn no_order(&mut self, side: &Checked, comparison: Comparison) {
        let text = self.excerpt(&side.node);
        let sign = comparison.sign();
        let message = format!(
            "`{sign}` needs numbers, and `{text}` is {}",
            side.found.words()
        );
        let help = match &side.found {
            Found::Fact(Type::Set(_) | Type::Parts(_)) => {
                Some(format!("count its members with `{text}.size()`"))
            }
            Found::Fact(Type::Enum(_)) => Some("list the values with `in`".to_owned()),
            _ => None,
        };
        self.report(Problem::new(side.node.range, message).maybe(help));
    }

    fn size_always(
        &mut self,
        node: &Node,
        comparison: Comparison,
        left: &Checked,
        right: &Checked,
    ) {
        let (Found::Size, Found::Number(number)) = (&left.found, &right.found) else {
            return;
        };
        let never_changes = match comparison {
            Comparison::Less | Comparison::AtLeast => *number <= 0,
            _ => *number < 0,
        };
        if never_changes {
            self.constant(node.range, "a size is never below zero");
        }
    }

    /// Whether `fact` can be the same as `other`, which stands at `range`.
    fn same_kind(&mut self, fact: &Found, checked: &Checked, other: &Found, range: Extent) {
        let text = self.excerpt(&checked.node);
        let problem = match (fact, other) {
            (Found::Broken, _) | (_, Found::Broken) => return,
            (Found::Fact(Type::Set(_) | Type::Parts(_)) | Found::List(_), _)
            | (_, Found::Fact(Type::Set(_) | Type::Parts(_)) | Found::List(_)) => Problem::new(
                checked.node.range.to(range),
                "a set is not compared as a whole",
            )
            .help("use `in`, `.exists(x, …)`, `.all(x, …)` or `.size()`"),
            (Found::Fact(Type::Any), _) | (_, Found::Fact(Type::Any)) => return,
            (Found::Fact(Type::Enum(members)), Found::Text(value))
            | (Found::Text(value), Found::Fact(Type::Enum(members))) => {
                if members.contains(value) {
                    return;
                }
                impossible(text, value, members, range)
            }
            (Found::Fact(Type::Enum(one)), Found::Fact(Type::Enum(other))) => {
                if one.values.iter().any(|value| other.contains(value)) {
                    return;
                }
                Problem::new(
                    checked.node.range.to(range),
                    "these have no value in common",
                )
            }
            (Found::Fact(Type::Number(one)), Found::Fact(Type::Number(other))) if one != other => {
                let unit = |unit: &str| if unit.is_empty() { "none" } else { unit }.to_owned();
                Problem::new(
                    checked.node.range.to(range),
                    format!("the units differ: {} and {}", unit(one), unit(other)),
                )
                .help("two facts compare only in one unit")
            }
            (Found::Fact(Type::Reference(_)), Found::Text(_)) => {
                Problem::new(range, format!("`{text}` is a component, not a text"))
                    .help(format!("compare a fact of it: `{text}.kind == …`"))
            }
            _ if class(fact) == class(other) => return,
            _ => Problem::new(
                range,
                format!(
                    "`{text}` is {} and is never {}",
                    fact.words(),
                    other.words()
                ),
            ),
        };
        self.report(problem);
    }

    pub(super) fn membership(&mut self, node: &Node, value: &Checked, set: &Checked) {
        if let Found::List(items) = &set.found {
            return self.membership_in_list(node, value, items);
        }
        match self.element_of(set) {
            Some(Found::Fact(Type::Reference(_))) if matches!(value.found, Found::Text(_)) => {
                let text = self.excerpt(&set.node);
                let message = format!("`{text}` holds components, not texts");
                let help = format!("ask `{text}.exists(x, x.kind == …)`");
                self.report(Problem::new(value.node.range, message).help(help));
            }
            Some(element) => self.same_kind(&element, set, &value.found, value.node.range),
            None => {
                let text = self.excerpt(&set.node);
                let message = format!("`{text}` is {}, not a set", set.found.words());
                self.report(
                    Problem::new(set.node.range, message).help("compare one value with `==`"),
                );
            }
        }
    }

    fn element_of(&self, set: &Checked) -> Option<Found> {
        Some(match &set.found {
            Found::Fact(Type::Set(inner)) => Found::Fact((**inner).clone()),
            Found::Fact(Type::Parts(part)) => Found::Fact(Type::Part(part.clone())),
            Found::Fact(Type::Any) => Found::Fact(Type::Any),
            Found::Broken => Found::Broken,
            _ => return None,
        })
    }

    fn membership_in_list(&mut self, node: &Node, value: &Checked, items: &[(Found, Extent)]) {
        if items.is_empty() {
            return self.constant(node.range, "nothing is in an empty list");
        }
        if value.found.is_literal() && items.iter().all(|(item, _)| item.is_literal()) {
            return self.constant(node.range, "this names no fact, so it never changes");
        }
        for (item, range) in items {
            self.same_kind(&value.found, value, item, *range);
        }
        if let Found::Fact(Type::Enum(members)) = &value.found {
            let listed = |member: &str| {
                let is = |item: &Found| matches!(item, Found::Text(text) if &**text == member);
                items.iter().any(|(item, _)| is(item))
            };
            if members.values.iter().all(|member| listed(member)) {
                let text = self.excerpt(&value.node);
                self.constant(
                    node.range,
                    format!("every value of `{text}` is in this list"),
                );
            }
        }
    }

    pub(super) fn text_test(&mut self, node: &Node, of: &Checked, argument: &Checked) {
        for side in [of, argument] {
            if !matches!(
                side.found,
                Found::Fact(Type::Text | Type::Enum(_) | Type::Any)
                    | Found::Text(_)
                    | Found::Broken
            ) {
                let text = self.excerpt(&side.node);
                let message = format!("`{text}` is {}, not text", side.found.words());
                return self.report(Problem::new(side.node.range, message));
            }
        }
        let empty = matches!(&argument.found, Found::Text(text) if text.is_empty());
        if empty || of.node.says_same(&argument.node) {
            self.constant(node.range, "this always holds");
        } else if of.found.is_literal() && argument.found.is_literal() {
            self.constant(node.range, "this names no fact, so it never changes");
        }
    }
}

fn impossible(fact: &str, value: &str, members: &Members, range: Extent) -> Problem {
    let help = match closest(value, members.values.iter().map(|value| &**value)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of {}", members.list()),
    };
    Problem::new(range, format!("`{value}` is no value of `{fact}`")).help(help)
}

fn has_order(found: &Found) -> bool {
    matches!(
        found,
        Found::Fact(Type::Number(_) | Type::Any) | Found::Number(_) | Found::Size | Found::Broken
    )
}

/// Values of one class can be equal at all.
fn class(found: &Found) -> u8 {
    match found {
        Found::Fact(Type::Bool) | Found::Bool => 0,
        Found::Fact(Type::Text | Type::Enum(_)) | Found::Text(_) => 1,
        Found::Fact(Type::Number(_)) | Found::Number(_) | Found::Size => 2,
        Found::Fact(Type::Reference(_)) => 3,
        Found::Fact(Type::Part(_)) => 4,
        Found::Fact(Type::Set(_) | Type::Parts(_)) | Found::List(_) => 5,
        Found::Fact(Type::Any) | Found::Broken => 6,
    }
}
