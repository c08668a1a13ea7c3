//! What is known, how firmly, and the language that judges it.
//!
//! A [`Fact`] is known, one of several under guards, unknown for a reason, or
//! absent; it keeps the places it was read from and the [`Basis`] it rests on.
//! The same value type serves from a resolved template property up to a fact of
//! a component, so nothing is lost on the way. Provider words do not occur here.
//!
//! A condition is parsed ([`Expression`]), checked against the declared facts
//! ([`check`], [`Schema`]) and judged in every possible world ([`Judge`]).
//!
//! ```
//! use underbelly_expression::{Expression, Narrowing, OwnerRole, Schema, check};
//! let mut schema = Schema::default();
//! schema.add_owner(OwnerRole::Kind, "function-url", ["component"]);
//! schema.declare("function-url", "auth", "enum{none|iam}").unwrap();
//! let scope = schema.scope("function-url").unwrap();
//! let open = Expression::parse(r#"auth == "nnoe""#).unwrap();
//! let problems = check(&open, &scope, &Narrowing::default(), &schema).unwrap_err();
//! assert_eq!(problems[0].message, "`nnoe` is no value of `auth`");
//! assert_eq!(problems[0].help.as_deref(), Some("did you mean `none`?"));
//! ```

mod answer;
mod check;
mod evaluate;
mod fact;
mod guard;
mod judge;
mod problem;
mod schema;
mod syntax;
mod text;
mod truth;
mod types;
mod walk;

pub use answer::{Answer, Atom, Depends, Question, Verdict};
pub use check::suggest::closest;
pub use check::{CheckedPath, Narrowing, Typed, UsedFact, check, check_path};
pub use fact::{
    Absent, Alternative, Basis, Entry, Fact, Item, Known, Map, OneOf, Places, Reason, Set,
    SubjectId, Unknown, Value,
};
pub use guard::{Formula, Guard, Variable, VariableId, VariableKind, Worlds};
pub use judge::{
    Asked, Followed, Judge, Judgement, Nowhere, Opened, Root, Scope, World, WorldTruths, by_cases,
    guard_of,
};
pub use problem::{Extent, Problem};
pub use schema::{Owner, OwnerRole, Schema, ScopeType};
pub use syntax::{Comparison, Expression, Form, Node, Quantifier, TextTest};
pub use text::{Cause, Hole, Piece, Text};
pub use truth::Truth;
pub use types::{FactType, Members, Type};
pub use walk::Cases;
