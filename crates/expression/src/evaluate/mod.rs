//! A condition in one world: truth, and on demand what it rests on.
//!
//! Both operands are always evaluated. The walk over the tree is written once,
//! over a [`Trace`]: with `()` it gives the truth alone and allocates nothing,
//! with `Evidence` it also collects facts, basis and questions.
//!
//! - `conditions`: the forms that are true or false
//! - `values`: names, paths and members of sets, as they are in this world
//! - `compare`, `pattern`: whether two values are the same, or can be
//! - `trace`: what an answer rests on

mod compare;
mod conditions;
mod pattern;
mod sight;
mod trace;
mod values;

pub(crate) use trace::{Explained, sort_questions};

use std::collections::BTreeSet;

use crate::judge::{Root, Scope, World};
use crate::syntax::Expression;
use crate::{Truth, VariableId};
use trace::Evidence;
use values::Operand;

/// The truth in a world, and the variables the world leaves open that matter.
pub(crate) fn truth<S: Scope + ?Sized>(
    expression: &Expression,
    root: Root<'_>,
    scope: &S,
    world: &World,
) -> (Truth, BTreeSet<VariableId>) {
    let mut evaluator = Evaluator::new(expression, root, scope, world);
    let (truth, ()) = evaluator.condition(expression.root());
    (truth, evaluator.open)
}

/// The same, and what it rests on.
pub(crate) fn explain<S: Scope + ?Sized>(
    expression: &Expression,
    root: Root<'_>,
    scope: &S,
    world: &World,
) -> (Truth, BTreeSet<VariableId>, Explained) {
    let mut evaluator = Evaluator::new(expression, root, scope, world);
    let (truth, evidence) = evaluator.condition::<Evidence<'_>>(expression.root());
    let explained = evidence.explained(&evaluator);
    (truth, evaluator.open, explained)
}

struct Evaluator<'a, S: ?Sized> {
    scope: &'a S,
    root: Root<'a>,
    world: &'a World,
    expression: &'a Expression,
    locals: Vec<(&'a str, Operand<'a>)>,
    /// Variables met that the world leaves open.
    open: BTreeSet<VariableId>,
}

impl<'a, S: Scope + ?Sized> Evaluator<'a, S> {
    fn new(expression: &'a Expression, root: Root<'a>, scope: &'a S, world: &'a World) -> Self {
        Self {
            scope,
            root,
            world,
            expression,
            locals: Vec::new(),
            open: BTreeSet::new(),
        }
    }
}
