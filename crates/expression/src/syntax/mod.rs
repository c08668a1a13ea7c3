//! The form of a condition: text in, tree out. A true subset of CEL.
//!
//! ```text
//! expr    = and { "||" and }
//! and     = rel { "&&" rel }
//! rel     = unary [ ("=="|"!="|"<"|"<="|">"|">="|"in") unary ]
//! unary   = "!" unary | postfix
//! postfix = primary { "." name [ "(" [ expr { "," expr } ] ")" ] }
//! primary = literal | list | name | "has" "(" postfix ")" | "(" expr ")"
//! ```
//! Nothing here knows facts: what the names mean is for [`crate::check`].

mod lexer;
mod parser;
mod tree;

pub use tree::{Comparison, Expression, Form, Node, Quantifier, TextTest};
