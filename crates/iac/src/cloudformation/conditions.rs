//! Conditions as formulas over parameters, so that guards can name them and no
//! impossible combination is ever thought of.

use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::{
    Basis, Fact, Formula, Guard, Value, Variable, VariableId, VariableKind,
};
use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::{Kind, Node};

use super::evaluate::{Call, call};
use super::intrinsics::Function;
use super::parameters::{Compared, Domain};
use super::scope::{Loops, Scope};
use crate::suggest;

/// A named condition, perhaps not looked at yet.
#[derive(Clone, Debug)]
pub(crate) struct Named<'a> {
    span: Span,
    node: Option<Node<'a>>,
    loops: Loops,
    state: State,
    variable: Option<VariableId>,
}

#[derive(Clone, Debug)]
enum State {
    New,
    Visiting,
    Done(Truth),
}

/// What a condition comes to, and which way it goes by default.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    formula: Formula,
    assumed: Option<bool>,
}

impl Truth {
    fn open() -> Self {
        Self {
            formula: Formula::Open,
            assumed: None,
        }
    }

    fn always(value: bool) -> Self {
        Self {
            formula: Formula::Always(value),
            assumed: Some(value),
        }
    }

    fn not(self) -> Self {
        let assumed = self.assumed.map(|value| !value);
        let formula = match self.formula {
            Formula::Always(value) => Formula::Always(!value),
            Formula::Open => Formula::Open,
            formula => Formula::Not(Box::new(formula)),
        };
        Self { formula, assumed }
    }

    /// All of them where `decisive` is false, any of them where it is true.
    fn joined(parts: Vec<Truth>, decisive: bool) -> Self {
        let assumed = if parts.iter().any(|part| part.assumed == Some(decisive)) {
            Some(decisive)
        } else if parts.iter().all(|part| part.assumed == Some(!decisive)) {
            Some(!decisive)
        } else {
            None
        };
        let formulas: Vec<Formula> = parts.into_iter().map(|part| part.formula).collect();
        let formula = if decisive {
            any(formulas)
        } else {
            all(formulas)
        };
        Self { formula, assumed }
    }
}

fn all(mut formulas: Vec<Formula>) -> Formula {
    formulas.retain(|formula| *formula != Formula::Always(true));
    if formulas.contains(&Formula::Always(false)) {
        return Formula::Always(false);
    }
    match formulas.len() {
        0 => Formula::Always(true),
        1 => formulas.swap_remove(0),
        _ => Formula::All(formulas),
    }
}

fn any(mut formulas: Vec<Formula>) -> Formula {
    formulas.retain(|formula| *formula != Formula::Always(false));
    if formulas.contains(&Formula::Always(true)) {
        return Formula::Always(true);
    }
    match formulas.len() {
        0 => Formula::Always(false),
        1 => formulas.swap_remove(0),
        _ => Formula::Any(formulas),
    }
}

/// One side of a comparison: what it is in each case.
struct Operand {
    cases: Vec<(Formula, Case)>,
    /// What it is by default.
    assumed: Option<Arc<str>>,
}

enum Case {
    Text(Arc<str>),
    /// None of these texts.
    AnyOther(Rc<[Arc<str>]>),
    Open,
}

impl<'a> Scope<'_, 'a> {
    /// Takes in the conditions of a template.
    pub(crate) fn declare_conditions(&mut self, section: Node<'a>) {
        for expanded in self.expand(section) {
            let named = Named {
                span: expanded.key_span,
                node: Some(expanded.value),
                loops: expanded.loops,
                state: State::New,
                variable: None,
            };
            self.conditions.insert(expanded.name, named);
        }
        let nodes: Vec<_> = self
            .conditions
            .values()
            .filter_map(|named| named.node)
            .collect();
        nodes
            .into_iter()
            .for_each(|node| self.note_comparisons(node, 0));
    }

    /// Collects which texts each parameter is compared with: the values that
    /// have to be told apart.
    fn note_comparisons(&mut self, node: Node<'a>, depth: usize) {
        if depth > self.reader.limits.depth {
            return;
        }
        if let Some(call) = call(node)
            && matches!(call.function, Function::Equals)
            && let (Some(left), Some(right)) = (call.argument.item(0), call.argument.item(1))
        {
            for (one, other) in [(left, right), (right, left)] {
                if let (Some(name), Some(literal)) = (referred(one), literal(other)) {
                    let compared = self.compared(name);
                    if let Some(compared) = compared
                        && !compared.literals.contains(&literal)
                    {
                        compared.literals.push(literal);
                    }
                }
            }
            return;
        }
        node.items()
            .for_each(|item| self.note_comparisons(item, depth + 1));
        node.entries()
            .for_each(|entry| self.note_comparisons(entry.value, depth + 1));
    }

    fn compared(&mut self, name: &str) -> Option<&mut Compared> {
        if name.starts_with("AWS::") {
            return Some(self.pseudo.entry(name.into()).or_default());
        }
        self.parameters
            .get_mut(name)
            .map(|declared| &mut declared.compared)
    }

    /// The guard under which a named condition is so; `Err` with the answer
    /// where it is known from the start.
    pub(crate) fn condition_guard(
        &mut self,
        name: &str,
        value: bool,
        from: Span,
    ) -> Result<Guard, bool> {
        let truth = self.condition(name, from);
        if let Formula::Always(known) = truth.formula {
            return Err(known == value);
        }
        let variable = self.condition_variable(name, truth);
        Ok(Guard::when(variable, u16::from(value)))
    }

    /// The guard of what is there only under a condition. It is never dropped:
    /// where the condition is known to be false the guard says so.
    pub(crate) fn condition_of(&mut self, name: &str, from: Span) -> Guard {
        match self.condition_guard(name, true, from) {
            Ok(guard) => guard,
            Err(true) => Guard::always(),
            Err(false) => {
                let variable = self.condition_variable(name, Truth::always(false));
                Guard::when(variable, 1)
            }
        }
    }

    fn condition_variable(&mut self, name: &str, truth: Truth) -> VariableId {
        if let Some(variable) = self.conditions.get(name).and_then(|named| named.variable) {
            return variable;
        }
        let variable = self.worlds.add(Variable {
            name: name.into(),
            kind: VariableKind::Condition(truth.formula),
            values: vec!["false".into(), "true".into()],
            assumed: truth.assumed.map(u16::from),
        });
        if let Some(named) = self.conditions.get_mut(name) {
            named.variable = Some(variable);
        }
        variable
    }

    fn condition(&mut self, name: &str, from: Span) -> Truth {
        let Some(named) = self.conditions.get(name).cloned() else {
            return self.unknown_condition(name, from);
        };
        match named.state {
            State::Done(truth) => return truth,
            State::Visiting => {
                self.report(
                    Diagnostic::error(
                        "circular-condition",
                        format!("the condition `{name}` depends on itself"),
                    )
                    .at(named.span)
                    .note("it is taken to go either way"),
                );
                return Truth::open();
            }
            State::New => {}
        }
        self.set_state(name, State::Visiting);
        let outer = std::mem::replace(&mut self.loops, named.loops);
        let within = std::mem::take(&mut self.within);
        let truth = named.node.map_or_else(Truth::open, |node| self.truth(node));
        self.within = within;
        self.loops = outer;
        self.set_state(name, State::Done(truth.clone()));
        truth
    }

    fn set_state(&mut self, name: &str, state: State) {
        if let Some(named) = self.conditions.get_mut(name) {
            named.state = state;
        }
    }

    fn unknown_condition(&mut self, name: &str, from: Span) -> Truth {
        let names = self.conditions.keys().map(|name| &**name);
        let help = suggest::help(name, names, "define it under `Conditions`");
        self.report(
            Diagnostic::error(
                "unknown-condition",
                format!("there is no condition `{name}`"),
            )
            .at(from)
            .note("it is taken to go either way")
            .help(help),
        );
        let named = Named {
            span: from,
            node: None,
            loops: Loops::new(),
            state: State::Done(Truth::open()),
            variable: None,
        };
        self.conditions.insert(name.into(), named);
        Truth::open()
    }

    /// What a condition's expression comes to.
    fn truth(&mut self, node: Node<'a>) -> Truth {
        if self.step(node.span()).is_err() {
            return Truth::open();
        }
        if self.depth >= self.reader.limits.depth {
            self.exceeded("depth", node.span());
            return Truth::open();
        }
        self.depth += 1;
        let truth = match call(node) {
            Some(call) => self.truth_of_call(&call),
            None => self.truth_of_value(node),
        };
        self.depth -= 1;
        truth
    }

    fn truth_of_call(&mut self, call: &Call<'a>) -> Truth {
        match call.function {
            Function::And | Function::Or => {
                let parts = call.argument.items().map(|item| self.truth(item)).collect();
                Truth::joined(parts, matches!(call.function, Function::Or))
            }
            Function::Not => {
                let argument = call.argument;
                let inner = argument.item(0).unwrap_or(argument);
                if call.tagged && argument.kind() != Kind::Sequence {
                    return Truth::open();
                }
                self.truth(inner).not()
            }
            Function::Equals => self.equals(call),
            Function::Condition => {
                let name = call.argument.text().unwrap_or("").to_owned();
                let name = self.fill(&name).into_owned();
                self.named_truth(&name, call.span)
            }
            _ => {
                let fact = self.evaluate_call(call);
                let operand = self.operand_of(&fact);
                compare(&operand, &literal_operand("true"))
            }
        }
    }

    fn evaluate_call(&mut self, call: &Call<'a>) -> Fact {
        self.deeper(call.span, |scope| super::intrinsics::apply(scope, call))
    }

    /// A condition named in another one.
    fn named_truth(&mut self, name: &str, from: Span) -> Truth {
        let truth = self.condition(name, from);
        if matches!(truth.formula, Formula::Always(_)) {
            return truth;
        }
        let assumed = truth.assumed;
        // While a circle is being walked there is no variable to name yet.
        let known = self.conditions.get(name).map(|named| &named.state);
        if !matches!(known, Some(State::Done(_))) {
            return Truth::open();
        }
        let variable = self.condition_variable(name, truth);
        Truth {
            formula: Formula::Is(variable, 1),
            assumed,
        }
    }

    fn truth_of_value(&mut self, node: Node<'a>) -> Truth {
        if let Some(value) = node.boolean() {
            return Truth::always(value);
        }
        self.report(
            Diagnostic::warning(
                "wrong-type",
                format!("a condition wants a function, not {}", node.kind().word()),
            )
            .at(node.span())
            .note("it is taken to go either way"),
        );
        Truth::open()
    }

    fn equals(&mut self, call: &Call<'a>) -> Truth {
        match self.arguments(call, 2..=2, "two values to compare") {
            Ok(sides) => {
                let operands: Vec<Operand> =
                    sides.into_iter().map(|side| self.operand(side)).collect();
                match operands.as_slice() {
                    [left, right] => compare(left, right),
                    _ => Truth::open(),
                }
            }
            Err(_) => Truth::open(),
        }
    }

    fn operand(&mut self, node: Node<'a>) -> Operand {
        let name = referred(node).filter(|name| self.looped(name).is_none());
        if let Some(name) = name
            && let Domain::Variable(variable, cases) = self.domain(name)
        {
            let assumed = self
                .worlds
                .variable(variable)
                .and_then(|variable| variable.assumed);
            let assumed = assumed.and_then(|index| cases.get(index as usize).cloned());
            let default = self
                .parameters
                .get(name)
                .and_then(|declared| declared.default);
            let default = default.and_then(Node::text).map(Arc::from);
            let told: Rc<[Arc<str>]> = cases.iter().flatten().cloned().collect();
            let cases = cases.into_iter().enumerate().map(|(index, text)| {
                let formula = Formula::Is(variable, index as u16);
                let other = || Case::AnyOther(told.clone());
                (formula, text.map_or_else(other, Case::Text))
            });
            return Operand {
                cases: cases.collect(),
                assumed: assumed.flatten().or(default),
            };
        }
        let fact = self.evaluate(node);
        self.operand_of(&fact)
    }

    fn operand_of(&mut self, fact: &Fact) -> Operand {
        let mut cases = Vec::new();
        let mut assumed = None;
        for (guard, case) in fact.cases() {
            let choices = guard.choices().iter();
            let formula = all(choices
                .map(|(id, value)| Formula::Is(*id, *value))
                .collect());
            let text = comparable(case);
            if guard.is_always() || self.worlds.by_default(&guard) == Some(true) {
                assumed = text.clone();
            }
            let firm = matches!(case, Fact::Known(known) if known.basis < Basis::ParameterDefault);
            let case = match text {
                Some(text) if firm || case.is_absent() => Case::Text(text),
                _ => Case::Open,
            };
            cases.push((formula, case));
        }
        Operand { cases, assumed }
    }
}

fn literal_operand(text: &str) -> Operand {
    Operand {
        cases: vec![(Formula::Always(true), Case::Text(text.into()))],
        assumed: Some(text.into()),
    }
}

fn compare(left: &Operand, right: &Operand) -> Truth {
    let assumed = match (&left.assumed, &right.assumed) {
        (Some(left), Some(right)) => Some(left == right),
        _ => None,
    };
    let mut ways = Vec::new();
    for (left_formula, left) in &left.cases {
        for (right_formula, right) in &right.cases {
            let both = || all(vec![left_formula.clone(), right_formula.clone()]);
            match (left, right) {
                (Case::Text(left), Case::Text(right)) if left == right => ways.push(both()),
                (Case::Text(_), Case::Text(_)) => {}
                (Case::Text(text), Case::AnyOther(told))
                | (Case::AnyOther(told), Case::Text(text))
                    if told.contains(text) => {}
                (Case::AnyOther(_), _)
                | (_, Case::AnyOther(_))
                | (Case::Open, _)
                | (_, Case::Open) => {
                    return Truth {
                        formula: Formula::Open,
                        assumed,
                    };
                }
            }
        }
    }
    let formula = any(ways);
    let assumed = match formula {
        Formula::Always(value) => Some(value),
        _ => assumed,
    };
    Truth { formula, assumed }
}

/// A text to compare; truths and numbers as they are written.
fn comparable(fact: &Fact) -> Option<Arc<str>> {
    match fact {
        Fact::Known(known) => match &known.value {
            Value::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            value => crate::plain::written(value)?.known().map(Arc::from),
        },
        Fact::Absent(_) => Some("".into()),
        Fact::OneOf(_) | Fact::Unknown(_) => None,
    }
}

/// The name in a plain `Ref`.
fn referred(node: Node<'_>) -> Option<&str> {
    let call = call(node)?;
    matches!(call.function, Function::Ref).then(|| call.argument.text())?
}

/// The text of a literal.
fn literal(node: Node<'_>) -> Option<Arc<str>> {
    if call(node).is_some() {
        return None;
    }
    match node.kind() {
        Kind::Bool => Some(if node.boolean()? { "true" } else { "false" }.into()),
        Kind::Null => Some("".into()),
        _ => node.text().map(Arc::from),
    }
}
