//! What is known, how firmly, and the language that judges it.
//!
//! A [`Fact`] is known, one of several under guards, unknown for a reason, or
//! absent; it keeps the places it was read from and the [`Basis`] it rests on.
//! The same value type serves from a resolved template property up to a fact of
//! a component, so nothing is lost on the way. Provider words do not occur here.

mod fact;
mod guard;
mod text;
mod walk;

pub use fact::{
    Absent, Alternative, Basis, Entry, Fact, Item, Known, Map, OneOf, Places, Reason, Set,
    SubjectId, Unknown, Value,
};
pub use guard::{Formula, Guard, Variable, VariableId, VariableKind, Worlds};
pub use text::{Cause, Hole, Piece, Text};
