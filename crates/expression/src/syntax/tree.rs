//! The tree of a condition.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Extent, Problem};

/// A condition or a path, with the text it was written as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expression {
    text: Arc<str>,
    root: Node,
}

/// One node of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// What of the text it is.
    pub range: Extent,
    /// What it says.
    pub form: Form,
}

/// What a node says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `"none"`
    Text(Arc<str>),
    /// `300`, `-1`
    Number(i64),
    /// `true`
    Bool(bool),
    /// `["none", "api_key"]`
    List(Vec<Node>),
    /// `auth`; after checking also `code.runs_shell`.
    Name(Arc<str>),
    /// `runs_as.admin`; after checking also `t.code.runs_shell`.
    Member(Box<Node>, Arc<str>),
    /// `has(runs_as)`
    Has(Box<Node>),
    /// `!a`
    Not(Box<Node>),
    /// `a && b && c`: two operands or more.
    And(Vec<Node>),
    /// `a || b || c`: two operands or more.
    Or(Vec<Node>),
    /// `a == b`, `a < b` and so on.
    Compare(Comparison, Box<Node>, Box<Node>),
    /// `a in b`
    In(Box<Node>, Box<Node>),
    /// `s.exists(x, p)`, `s.all(x, p)`, `s.filter(x, p)`: set, variable, condition.
    Quantified(Quantifier, Box<Node>, Arc<str>, Box<Node>),
    /// `s.size()`
    Size(Box<Node>),
    /// `t.startsWith("x")` and its like.
    TextTest(TextTest, Box<Node>, Box<Node>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// What is asked of the members of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantifier {
    /// Some member.
    Exists,
    /// Every member.
    All,
    /// Those members, as a set.
    Filter,
}

/// What is asked of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextTest {
    /// `startsWith`
    StartsWith,
    /// `endsWith`
    EndsWith,
    /// `contains`
    Contains,
}

impl Expression {
    /// Reads a condition.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let root = super::parser::parse(text)?;
        Ok(Self {
            text: text.into(),
            root,
        })
    }

    pub(crate) fn with_root(&self, root: Node) -> Self {
        Self {
            text: self.text.clone(),
            root,
        }
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The root of the tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Whether it is nothing but `true`, which a `when` may say.
    pub fn is_true(&self) -> bool {
        self.root.form == Form::Bool(true)
    }

    /// What of the text a node is.
    pub fn excerpt(&self, range: Extent) -> &str {
        self.text.get(range.bytes()).unwrap_or_default()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Node {
    /// The last name of a member access: what to underline when it is wrong.
    pub(crate) fn name_range(&self) -> Extent {
        let length = match &self.form {
            Form::Member(_, name) => name.len(),
            _ => return self.range,
        };
        let length = u32::try_from(length).unwrap_or(0);
        Extent {
            start: self.range.end.saturating_sub(length),
            end: self.range.end,
        }
    }

    /// Whether both say the same, wherever they stand.
    pub(crate) fn says_same(&self, other: &Node) -> bool {
        let all_same = |left: &[Node], right: &[Node]| {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| l.says_same(r))
        };
        match (&self.form, &other.form) {
            (Form::List(left), Form::List(right))
            | (Form::And(left), Form::And(right))
            | (Form::Or(left), Form::Or(right)) => all_same(left, right),
            (Form::Member(left, name), Form::Member(right, other)) => {
                name == other && left.says_same(right)
            }
            (Form::Has(left), Form::Has(right))
            | (Form::Not(left), Form::Not(right))
            | (Form::Size(left), Form::Size(right)) => left.says_same(right),
            (Form::Compare(op, a, b), Form::Compare(other, c, d)) => {
                op == other && a.says_same(c) && b.says_same(d)
            }
            (Form::In(a, b), Form::In(c, d)) => a.says_same(c) && b.says_same(d),
            (Form::Quantified(q, a, x, p), Form::Quantified(r, b, y, s)) => {
                q == r && x == y && a.says_same(b) && p.says_same(s)
            }
            (Form::TextTest(t, a, b), Form::TextTest(u, c, d)) => {
                t == u && a.says_same(c) && b.says_same(d)
            }
            (left, right) => left == right,
        }
    }
}

impl Comparison {
    /// As written.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::Unequal => "!=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::More => ">",
            Comparison::AtLeast => ">=",
        }
    }

    /// Whether it asks for an order, not for sameness.
    pub fn is_order(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::Unequal)
    }
}

impl Quantifier {
    /// As written.
    pub fn word(self) -> &'static str {
        match self {
            Quantifier::Exists => "exists",
            Quantifier::All => "all",
            Quantifier::Filter => "filter",
        }
    }
}

impl TextTest {
    /// As written.
    pub fn word(self) -> &'static str {
        match self {
            TextTest::StartsWith => "startsWith",
            TextTest::EndsWith => "endsWith",
            TextTest::Contains => "contains",
        }
    }
}
