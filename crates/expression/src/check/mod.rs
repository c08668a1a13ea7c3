//! Load-time checks of a condition against the declared facts.
//!
//! [`check`] refuses what cannot be meant – an unknown fact, an impossible
//! value, an order on what has none, a condition that never changes – and gives
//! back the condition ready to be judged, the facts it uses and what it narrows.

mod compare;
mod conditions;
mod narrowing;
mod path;
pub(crate) mod suggest;
mod values;

pub use narrowing::Narrowing;
pub use path::{CheckedPath, check_path};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::syntax::{Expression, Node};
use crate::{Extent, Problem, Schema, ScopeType, Type};

/// A condition that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Ready to be judged: code and practice facts are single names in it.
    pub expression: Expression,
    /// The facts it uses, each once, in the order written.
    pub facts: Vec<UsedFact>,
    /// What holds where it is true.
    pub narrowed: Narrowing,
}

/// A fact a condition uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UsedFact {
    /// The kind, trait or part it was asked of; `property` for a property.
    pub owner: Arc<str>,
    /// Its name.
    pub fact: Arc<str>,
}

/// Checks a condition where it is to be judged. `narrowed` is what a condition
/// known to hold has told already, as `when` tells `exposed`.
pub fn check(
    expression: &Expression,
    scope: &ScopeType,
    narrowed: &Narrowing,
    schema: &Schema,
) -> Result<Typed, Vec<Problem>> {
    let mut checker = Checker::new(expression, scope, narrowed, schema);
    let condition = checker.root(expression.root());
    if !checker.problems.is_empty() {
        return Err(checker.problems);
    }
    let mut narrowed = narrowed.clone();
    narrowed.add(&condition.when_true);
    Ok(Typed {
        expression: expression.with_root(condition.node),
        facts: checker.facts,
        narrowed,
    })
}

struct Checker<'c> {
    expression: &'c Expression,
    scope: &'c ScopeType,
    schema: &'c Schema,
    /// What is known at the point being checked.
    known: Narrowing,
    locals: Vec<Local>,
    problems: Vec<Problem>,
    facts: Vec<UsedFact>,
    /// How often a fact was used, and the outermost variable that was: what
    /// uses neither never changes.
    uses: usize,
    outermost: usize,
}

struct Local {
    name: Arc<str>,
    found: Found,
    used: bool,
}

/// What a value turns out to be.
#[derive(Clone, Debug)]
enum Found {
    Fact(Type),
    Text(Arc<str>),
    Number(i64),
    Bool,
    List(Vec<(Found, Extent)>),
    Size,
    /// A problem was reported already.
    Broken,
}

/// A value that was checked.
struct Checked {
    node: Node,
    found: Found,
    path: Option<String>,
    /// Declared optional and not known to be there.
    may_be_absent: bool,
    /// Declared, and not optional.
    total: bool,
}

/// A condition that was checked, and what it tells either way.
struct Condition {
    node: Node,
    when_true: Narrowing,
    when_false: Narrowing,
}

impl Condition {
    fn plain(node: Node) -> Self {
        Self {
            node,
            when_true: Narrowing::default(),
            when_false: Narrowing::default(),
        }
    }
}

impl<'c> Checker<'c> {
    fn new(
        expression: &'c Expression,
        scope: &'c ScopeType,
        narrowed: &Narrowing,
        schema: &'c Schema,
    ) -> Self {
        Self {
            expression,
            scope,
            schema,
            known: narrowed.clone(),
            locals: Vec::new(),
            problems: Vec::new(),
            facts: Vec::new(),
            uses: 0,
            outermost: usize::MAX,
        }
    }

    fn report(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn constant(&mut self, range: Extent, why: impl Into<String>) {
        self.report(Problem::new(range, why).help("say what should decide, or leave it out"));
    }

    fn excerpt(&self, node: &Node) -> &'c str {
        self.expression.excerpt(node.range)
    }

    fn use_fact(&mut self, owner: &str, fact: &str) {
        self.uses += 1;
        let used = UsedFact {
            owner: owner.into(),
            fact: fact.into(),
        };
        if !self.facts.contains(&used) {
            self.facts.push(used);
        }
    }
}

impl Found {
    fn words(&self) -> String {
        match self {
            Found::Fact(found) => found.words(),
            Found::Text(text) => format!("the text `{text}`"),
            Found::Number(_) | Found::Size => "a number".to_owned(),
            Found::Bool => "yes or no".to_owned(),
            Found::List(_) => "a list".to_owned(),
            Found::Broken => "something else".to_owned(),
        }
    }

    fn is_literal(&self) -> bool {
        match self {
            Found::Text(_) | Found::Number(_) | Found::Bool => true,
            Found::List(items) => items.iter().all(|(item, _)| item.is_literal()),
            Found::Fact(_) | Found::Size | Found::Broken => false,
        }
    }
}
