//! What must be a condition, and what it tells when it holds or does not.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Checked, Checker, Condition, Found, Local, Narrowing};
use crate::syntax::{Comparison, Form, Node, Quantifier};
use crate::{Problem, ScopeType, Type};

impl Checker<'_> {
    /// The whole condition: alone a literal `true` may stand.
    pub(super) fn root(&mut self, node: &Node) -> Condition {
        if node.form == Form::Bool(true) {
            return Condition::plain(node.clone());
        }
        self.condition(node)
    }

    pub(super) fn condition(&mut self, node: &Node) -> Condition {
        match &node.form {
            Form::And(operands) => self.chain(node, operands, true),
            Form::Or(operands) => self.chain(node, operands, false),
            Form::Not(inner) => {
                let inner = self.condition(inner);
                Condition {
                    node: with(node, Form::Not(Box::new(inner.node))),
                    when_true: inner.when_false,
                    when_false: inner.when_true,
                }
            }
            Form::Has(inner) => self.has(node, inner),
            Form::Compare(comparison, left, right) => {
                let (left, right) = (self.used(left), self.used(right));
                self.comparison(node, *comparison, &left, &right);
                let told = kind_told(&left, &right).or_else(|| kind_told(&right, &left));
                let form = Form::Compare(*comparison, Box::new(left.node), Box::new(right.node));
                let mut condition = Condition::plain(with(node, form));
                match comparison {
                    Comparison::Equal => condition.when_true = told.unwrap_or_default(),
                    Comparison::Unequal => condition.when_false = told.unwrap_or_default(),
                    _ => {}
                }
                condition
            }
            Form::In(value, _) if matches!(value.form, Form::Not(_)) => {
                let message = "`!` belongs to the value here, not to `in`";
                self.report(Problem::new(node.range, message).help("write `!(x in y)`"));
                Condition::plain(node.clone())
            }
            Form::In(value, set) => {
                let (value, set) = (self.used(value), self.used(set));
                self.membership(node, &value, &set);
                let told = kind_told(&value, &set).unwrap_or_default();
                let form = Form::In(Box::new(value.node), Box::new(set.node));
                Condition {
                    when_true: told,
                    ..Condition::plain(with(node, form))
                }
            }
            Form::Quantified(Quantifier::Exists | Quantifier::All, ..) => self.quantified(node),
            Form::TextTest(test, of, argument) => {
                let (of, argument) = (self.used(of), self.used(argument));
                self.text_test(node, &of, &argument);
                let form = Form::TextTest(*test, Box::new(of.node), Box::new(argument.node));
                Condition::plain(with(node, form))
            }
            Form::Bool(value) => {
                self.constant(node.range, format!("this is always {value}"));
                Condition::plain(node.clone())
            }
            Form::Name(_)
            | Form::Member(..)
            | Form::Text(_)
            | Form::Number(_)
            | Form::List(_)
            | Form::Size(_)
            | Form::Quantified(..) => {
                let value = self.used(node);
                self.yes_or_no(&value);
                Condition::plain(value.node)
            }
        }
    }

    fn chain(&mut self, node: &Node, operands: &[Node], both: bool) -> Condition {
        let outside = self.known.clone();
        let mut nodes = Vec::with_capacity(operands.len());
        // What holding (for `&&`) or failing (for `||`) of all operands tells.
        let mut all = Narrowing::default();
        let mut some: Option<Narrowing> = None;
        for operand in operands {
            let condition = self.condition(operand);
            let (told, other) = if both {
                (condition.when_true, condition.when_false)
            } else {
                (condition.when_false, condition.when_true)
            };
            self.known.add(&told);
            all.add(&told);
            some = Some(match some {
                None => other,
                Some(some) => some.common(&other),
            });
            nodes.push(condition.node);
        }
        self.known = outside;
        let some = some.unwrap_or_default();
        let (form, when_true, when_false) = if both {
            (Form::And(nodes), all, some)
        } else {
            (Form::Or(nodes), some, all)
        };
        Condition {
            node: with(node, form),
            when_true,
            when_false,
        }
    }

    fn has(&mut self, node: &Node, inner: &Node) -> Condition {
        let value = self.value(inner);
        if value.total {
            let text = self.excerpt(inner);
            self.report(
                Problem::new(node.range, format!("`{text}` always has a value"))
                    .help("compare it, or leave the `has` out"),
            );
        }
        let told = value.path.map(Narrowing::present).unwrap_or_default();
        Condition {
            when_true: told,
            ..Condition::plain(with(node, Form::Has(Box::new(value.node))))
        }
    }

    fn quantified(&mut self, node: &Node) -> Condition {
        let Form::Quantified(quantifier, of, variable, condition) = &node.form else {
            return Condition::plain(node.clone());
        };
        let set = self.used(of);
        let (condition, changes) = self.predicate(node, &set, variable, condition);
        if set.found.is_literal() && !changes {
            self.constant(node.range, "this names no fact, so it never changes");
        }
        let form = Form::Quantified(
            *quantifier,
            Box::new(set.node),
            variable.clone(),
            Box::new(condition),
        );
        Condition::plain(with(node, form))
    }

    /// The condition on the members of a set, and whether anything but the
    /// member decides it.
    pub(super) fn predicate(
        &mut self,
        node: &Node,
        set: &Checked,
        variable: &Arc<str>,
        condition: &Node,
    ) -> (Node, bool) {
        let found = self.element(set);
        self.shadowing(node, variable);
        let outside = self.known.clone();
        self.locals.push(Local {
            name: variable.clone(),
            found,
            used: false,
        });
        let uses = self.uses;
        let outermost = std::mem::replace(&mut self.outermost, usize::MAX);
        let condition = self.condition(condition);
        let changes = self.uses > uses || self.outermost < self.locals.len().saturating_sub(1);
        self.outermost = self.outermost.min(outermost);
        self.known = outside;
        if let Some(local) = self.locals.pop()
            && !local.used
            && self.problems.is_empty()
        {
            let message = format!("this condition does not ask about `{variable}`");
            self.report(Problem::new(condition.node.range, message));
        }
        (condition.node, changes)
    }

    fn shadowing(&mut self, node: &Node, variable: &Arc<str>) {
        let is_fact = match self.scope {
            ScopeType::Component(owner) => self.schema.fact(owner, variable).is_some(),
            ScopeType::Part { part, .. } => self.schema.part_fact(part, variable).is_some(),
            ScopeType::Properties(_) => false,
        };
        let is_local = self.locals.iter().any(|local| local.name == *variable);
        let is_reserved = matches!(&**variable, "component" | "code" | "practice");
        if is_fact || is_local || is_reserved {
            let message = format!("`{variable}` already has a meaning here");
            self.report(Problem::new(node.range, message).help("choose another name"));
        }
    }

    fn yes_or_no(&mut self, value: &Checked) {
        let text = self.excerpt(&value.node);
        let help = match &value.found {
            Found::Fact(Type::Bool | Type::Any) | Found::Bool | Found::Broken => return,
            Found::Fact(Type::Enum(members)) => {
                let first = members.values.first().map_or("…", |value| &**value);
                Some(format!("compare it: `{text} == \"{first}\"`"))
            }
            Found::Fact(Type::Set(_) | Type::Parts(_)) => {
                Some(format!("ask `{text}.size() > 0` or `{text}.exists(x, …)`"))
            }
            Found::Fact(Type::Reference(_)) => Some(format!("ask `has({text})`, or a fact of it")),
            _ => None,
        };
        let message = format!("`{text}` is {}, not a condition", value.found.words());
        self.report(Problem::new(value.node.range, message).maybe(help));
    }
}

/// `t.kind == "function"` and `t.kind in ["function", "queue"]` tell what `t` is.
fn kind_told(kind: &Checked, of: &Checked) -> Option<Narrowing> {
    let Form::Member(_, name) = &kind.node.form else {
        return None;
    };
    let path = kind.path.as_ref()?.strip_suffix(".kind")?;
    let kinds: BTreeSet<Arc<str>> = match &of.found {
        _ if &**name != "kind" => return None,
        Found::Text(kind) => BTreeSet::from([kind.clone()]),
        Found::List(items) => {
            let texts = items.iter().map(|(item, _)| match item {
                Found::Text(text) => Some(text.clone()),
                _ => None,
            });
            texts.collect::<Option<_>>()?
        }
        _ => return None,
    };
    Some(Narrowing::kinds(path.to_owned(), kinds))
}

fn with(node: &Node, form: Form) -> Node {
    Node {
        range: node.range,
        form,
    }
}
