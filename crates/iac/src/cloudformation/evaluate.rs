//! An expression's node to its value: functions in long and short form, texts,
//! lists and maps.

use underbelly_expression::{Fact, Guard, Reason, Text};
use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::{Kind, Node};

use super::intrinsics::{self, Function};
use super::scope::Scope;
use super::texts;
use crate::plain::{self, MapBuilder};

/// Combinations of alternatives that one expression may have.
const PRODUCT: usize = 256;

/// A function and what it is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) function: Function,
    /// As written: `!Sub`, `Fn::Sub`.
    pub(crate) name: &'a str,
    pub(crate) argument: Node<'a>,
    /// Whether it is written as a tag, so that the argument carries it.
    pub(crate) tagged: bool,
    pub(crate) span: Span,
}

/// The function call that a node is, if it is one.
pub(crate) fn call(node: Node<'_>) -> Option<Call<'_>> {
    if let Some(tag) = node.tag()
        && let Some(short) = tag.name.strip_prefix('!')
        && !short.is_empty()
        && !short.starts_with('!')
    {
        return Some(Call {
            function: Function::short(short),
            name: tag.name,
            argument: node,
            tagged: true,
            span: tag.span.to(node.span()),
        });
    }
    if node.kind() != Kind::Mapping || node.len() != 1 {
        return None;
    }
    let entry = node.entries().next()?;
    Some(Call {
        function: Function::long(entry.name())?,
        name: entry.name(),
        argument: entry.value,
        tagged: false,
        span: if entry.key.site().file == node.span().file {
            node.span()
        } else {
            entry.span()
        },
    })
}

impl<'a> Scope<'_, 'a> {
    /// The value of an expression.
    pub(crate) fn evaluate(&mut self, node: Node<'a>) -> Fact {
        if let Err(exceeded) = self.step(node.span()) {
            return exceeded;
        }
        match call(node) {
            Some(call) => self.deeper(call.span, |scope| intrinsics::apply(scope, &call)),
            None => self.value(node),
        }
    }

    /// The value a function's argument has.
    pub(crate) fn argument(&mut self, call: &Call<'a>) -> Fact {
        if call.tagged {
            self.value(call.argument)
        } else {
            self.evaluate(call.argument)
        }
    }

    /// The value of a node that is no function, whatever its tag.
    pub(crate) fn value(&mut self, node: Node<'a>) -> Fact {
        match node.kind() {
            Kind::Text => self.text(node),
            Kind::Null | Kind::Bool | Kind::Number => plain::scalar(node),
            Kind::Sequence => self.deeper(node.span(), |scope| scope.list(node)),
            Kind::Mapping => self.deeper(node.span(), |scope| scope.mapping(node)),
        }
    }

    fn text(&mut self, node: Node<'a>) -> Fact {
        let text = node.text().unwrap_or("");
        let span = node.span();
        if self.loops.is_empty() && !text.contains("{{resolve:") {
            return Fact::text(text, span);
        }
        let filled = Text::literal(&*self.fill(text));
        Fact::text(texts::with_lookups(filled, span), span)
    }

    fn list(&mut self, node: Node<'a>) -> Fact {
        let items = node.items().map(|item| self.evaluate(item)).collect();
        plain::set(items, node.span())
    }

    fn mapping(&mut self, node: Node<'a>) -> Fact {
        let mut map = MapBuilder::default();
        if self.loops.is_empty() && !node.entries().any(|entry| entry.name().starts_with("Fn::")) {
            for entry in node.entries() {
                let fact = self.evaluate(entry.value);
                self.insert(
                    &mut map,
                    entry.name().into(),
                    entry.key.site(),
                    entry.value,
                    fact,
                );
            }
            return map.finish(node.span());
        }
        for expanded in self.expand(node) {
            let outer = std::mem::replace(&mut self.loops, expanded.loops);
            let fact = self.evaluate(expanded.value);
            self.loops = outer;
            self.insert(
                &mut map,
                expanded.name,
                expanded.key_span,
                expanded.value,
                fact,
            );
        }
        map.finish(node.span())
    }

    /// Adds an entry; one whose value is taken away by `AWS::NoValue` is left
    /// out, one that is written without a value stays and is absent.
    fn insert(
        &mut self,
        map: &mut MapBuilder,
        name: std::sync::Arc<str>,
        key_span: Span,
        value: Node<'a>,
        fact: Fact,
    ) {
        if !fact.is_absent() || value.is_null() {
            map.insert(name, key_span, fact);
        }
    }

    /// Applies `make` to every combination of the parts' alternatives.
    pub(crate) fn each(
        &mut self,
        span: Span,
        parts: &[Fact],
        make: &mut dyn FnMut(&mut Self, &[&Fact]) -> Fact,
    ) -> Fact {
        let mut rows: Vec<(Guard, Vec<&Fact>)> = vec![(Guard::always(), Vec::new())];
        for part in parts {
            let cases = part.cases();
            if let Fact::Known(_) | Fact::Unknown(_) | Fact::Absent(_) = part {
                rows.iter_mut().for_each(|(_, row)| row.push(part));
                continue;
            }
            if rows.len().saturating_mul(cases.len()) > PRODUCT {
                return self.exceeded("combinations", span);
            }
            let mut next = Vec::new();
            for (guard, row) in &rows {
                for (case_guard, case) in cases.clone() {
                    if let Some(guard) = guard.and(&case_guard) {
                        let mut row = row.clone();
                        row.push(case);
                        next.push((guard, row));
                    }
                }
            }
            rows = next;
        }
        if let [(_, row)] = rows.as_slice() {
            return make(self, row);
        }
        let alternatives: Vec<_> = rows
            .iter()
            .map(|(guard, row)| (guard.clone(), make(self, row)))
            .collect();
        Fact::one_of(alternatives)
    }

    /// A function is given something it cannot work with.
    pub(crate) fn misused(&mut self, call: &Call<'a>, wants: &str) -> Fact {
        let name = call.function.name();
        self.report(
            Diagnostic::warning("wrong-arguments", format!("`{name}` wants {wants}"))
                .at(call.span)
                .note("its value is unknown"),
        );
        Fact::unknown(
            Reason::Unsupported(format!("`{name}`").into()),
            Some(call.span),
        )
    }

    /// The items of a function's list of arguments, if there are that many.
    pub(crate) fn arguments(
        &mut self,
        call: &Call<'a>,
        n_items: std::ops::RangeInclusive<usize>,
        wants: &str,
    ) -> Result<Vec<Node<'a>>, Fact> {
        let argument = call.argument;
        if argument.kind() == Kind::Sequence && n_items.contains(&argument.len()) {
            return Ok(argument.items().collect());
        }
        Err(self.misused(call, wants))
    }
}
