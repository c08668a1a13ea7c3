//! Collecting the resources that a written one implies.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::{Fact, Guard};
use underbelly_source::Span;

use crate::draft::{Draft, StackDraft};

/// What one written resource implies, in the order it came up.
#[derive(Debug)]
pub(crate) struct Implied<'b> {
    /// The resource that implies them.
    pub(crate) by: &'b Draft,
    /// The implied ones.
    pub(crate) made: Vec<Draft>,
}

/// A resource to be made: its names and kind, and the line that causes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct New<'n> {
    /// Its logical id.
    pub(crate) logical_id: &'n str,
    /// Its name below the one that implies it.
    pub(crate) sub: &'n str,
    /// The CloudFormation type.
    pub(crate) kind: &'n str,
    /// The line that causes it.
    pub(crate) head: Span,
}

impl<'b> Implied<'b> {
    /// Nothing yet.
    pub(crate) fn by(by: &'b Draft) -> Self {
        Self {
            by,
            made: Vec::new(),
        }
    }

    /// Adds one, unless its guard contradicts that of what implies it.
    pub(crate) fn add(
        &mut self,
        stack: &mut StackDraft<'_, '_>,
        new: New<'_>,
        guard: &Guard,
        properties: Fact,
    ) {
        let Some(guard) = self.by.guard.and(guard) else {
            return;
        };
        let id = stack.id(new.logical_id, new.head);
        let mut draft =
            self.by
                .implies(id, new.logical_id, new.sub, new.kind, properties, new.head);
        draft.guard = guard;
        self.made.push(draft);
    }
}

/// Gives every implied draft whose logical id is taken another one, so that none
/// is lost; references go to the first, or to the written one.
pub(crate) fn make_distinct(stack: &mut StackDraft<'_, '_>) {
    let mut drafts = std::mem::take(&mut stack.resources);
    let mut taken: BTreeSet<Arc<str>> = BTreeSet::new();
    let is_implied = |draft: &Draft| matches!(draft.origin, crate::Origin::Implied { .. });
    for draft in drafts.iter().filter(|draft| !is_implied(draft)) {
        taken.insert(draft.logical_id.clone());
    }
    for draft in drafts.iter_mut().filter(|draft| is_implied(draft)) {
        let mut name = draft.logical_id.clone();
        let mut number = 1_u32;
        while !taken.insert(name.clone()) {
            number = number.saturating_add(1);
            name = format!("{}{number}", draft.logical_id).into();
        }
        if name != draft.logical_id {
            draft.id = stack.id(&name, draft.head);
            draft.logical_id = name;
        }
    }
    stack.resources = drafts;
}
