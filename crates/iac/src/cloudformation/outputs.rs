//! What a stack gives to others.

use underbelly_expression::{Fact, Guard};
use underbelly_source::Diagnostic;
use underbelly_syntax::{Kind, Node};

use super::scope::Scope;
use crate::graph::Output;

impl<'a> Scope<'_, 'a> {
    /// The outputs of a template.
    pub(crate) fn outputs(&mut self, section: Node<'a>) -> Vec<Output> {
        let mut outputs = Vec::new();
        for expanded in self.expand(section) {
            let loops = std::mem::replace(&mut self.loops, expanded.loops);
            let node = expanded.value;
            if node.kind() == Kind::Mapping {
                let value = node.get("Value").map(|value| self.evaluate(value));
                let export = node
                    .find(&["Export", "Name"])
                    .map(|name| self.evaluate(name));
                let condition = node
                    .get("Condition")
                    .and_then(|node| Some((node.text()?, node.span())));
                let guard = match condition {
                    Some((name, span)) => {
                        let name = self.fill(name).into_owned();
                        self.condition_of(&name, span)
                    }
                    None => Guard::always(),
                };
                outputs.push(Output {
                    name: expanded.name,
                    span: expanded.key_span,
                    value: value.unwrap_or_else(|| Fact::absent(Some(expanded.key_span))),
                    export,
                    guard,
                });
            } else {
                self.report(
                    Diagnostic::warning(
                        "wrong-type",
                        format!("the output `{}` wants a mapping", expanded.name),
                    )
                    .at(expanded.key_span),
                );
            }
            self.loops = loops;
        }
        outputs
    }
}
