//! Paths to other components, as in `on: runs_as`: only names and dots.

use super::{Checked, Checker, Found, Narrowing};
use crate::syntax::{Expression, Form, Node};
use crate::{Problem, Schema, ScopeType, Type};

/// A path that leads to components or parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedPath {
    /// Ready to be followed.
    pub expression: Expression,
    /// What it leads to: a reference or a part.
    pub leads_to: Type,
    /// Whether it may lead to several.
    pub several: bool,
}

/// Checks a path from a component or part to others. It may go through what is
/// optional and through sets: it then leads to none, or to several.
pub fn check_path(
    expression: &Expression,
    scope: &ScopeType,
    schema: &Schema,
) -> Result<CheckedPath, Vec<Problem>> {
    let mut checker = Checker::new(expression, scope, &Narrowing::default(), schema);
    let mut several = false;
    let found = checker.step(expression.root(), &mut several);
    if !checker.problems.is_empty() {
        return Err(checker.problems);
    }
    match found.found {
        Found::Fact(leads_to @ (Type::Reference(_) | Type::Part(_))) => Ok(CheckedPath {
            expression: expression.with_root(found.node),
            leads_to,
            several,
        }),
        other => {
            let range = expression.root().range;
            let message = format!("`{expression}` is {}, not a component", other.words());
            Err(vec![Problem::new(range, message)])
        }
    }
}

impl Checker<'_> {
    fn step(&mut self, node: &Node, several: &mut bool) -> Checked {
        let mut checked = match &node.form {
            Form::Name(_) => self.value(node),
            Form::Member(of, name) => {
                let of = self.step(of, several);
                self.member_of(node, of, name)
            }
            _ => {
                let message = "a path has only names and dots";
                self.report(Problem::new(node.range, message));
                self.value(node)
            }
        };
        if let Found::Fact(Type::Set(_) | Type::Parts(_)) = checked.found {
            *several = true;
            checked.found = self.element(&checked);
        }
        checked
    }
}
