//! Facts of the account: what stands anywhere in the model.

use std::borrow::Cow;
use std::sync::Arc;

use underbelly_expression::{Asked, Expression, Fact, Guard, Judge, Nowhere, Reason};

use super::paths::first_of;
use super::references::references;
use super::scope::Scope;
use super::shape::{Form, Shape};
use crate::draft::Draft;

/// What counts, and what of it.
#[derive(Clone, Copy)]
pub(super) struct Anywhere<'r> {
    pub resource: &'r str,
    /// What must hold of the resource.
    pub condition: Option<&'r Expression>,
    /// Properties of items whose texts are collected instead.
    pub collect: &'r [Arc<str>],
    /// What must hold of each item.
    pub each: Option<&'r Expression>,
}

impl Anywhere<'_> {
    /// Unknown where no file says anything of it.
    pub(super) fn fact(self, draft: &Draft<'_>, shape: &Shape) -> Fact {
        let resources = draft.of_type(self.resource);
        let Some((_, first)) = resources.first() else {
            return Fact::unknown(Reason::Elsewhere(self.resource.into()), None);
        };
        let worlds = &draft.graph.worlds;
        if shape.form == Form::Texts {
            let mut scope = Scope::empty();
            scope.head = Some(first.head);
            return references(&scope, self.collected(draft));
        }
        let mut found = Vec::new();
        for (_, resource) in &resources {
            let holds = holds(draft, self.condition, &resource.properties);
            let holds = holds.unwrap_or_else(|| Fact::bool(true, resource.head));
            let cases = holds.cases();
            let cases =
                cases.filter_map(|(guard, case)| Some((guard.and(&resource.guard)?, case.clone())));
            found.extend(cases);
        }
        // Yes before unknown before no: one that fulfils it is enough.
        found.sort_by_key(|(_, fact)| match fact.as_bool() {
            Some(true) => 0,
            None => 1,
            Some(false) => 2,
        });
        let otherwise = Fact::unknown(Reason::Elsewhere(self.resource.into()), None);
        first_of(found, otherwise, worlds)
    }

    fn collected(self, draft: &Draft<'_>) -> Vec<(Guard, Fact)> {
        let mut found = Vec::new();
        for (id, resource) in draft.of_type(self.resource) {
            let scope = Scope::of_resource(id, resource);
            let whole = holds(draft, self.condition, &resource.properties);
            for path in self.collect {
                let (list, name) = path.rsplit_once('.').unwrap_or(("", path));
                let items = match list {
                    "" => vec![(Guard::always(), Cow::Borrowed(&resource.properties))],
                    list => scope.each(list),
                };
                for (guard, item) in items {
                    let Some(guard) = guard.and(&resource.guard) else {
                        continue;
                    };
                    let texts = item.field(name).into_owned();
                    let also = holds(draft, self.each, &item);
                    let conditions = whole.iter().chain(&also).cloned();
                    found.extend(where_all_hold(guard, texts, conditions));
                }
            }
        }
        found
    }
}

/// Whether a condition holds of properties; nothing where there is none.
fn holds(draft: &Draft<'_>, condition: Option<&Expression>, properties: &Fact) -> Option<Fact> {
    let judge = Judge::new(&Nowhere, &draft.graph.worlds);
    Some(judge.fact(Asked::new(condition?, properties)))
}

/// The texts in the cases where all conditions hold, and what is unknown where it is
/// unknown whether they do.
fn where_all_hold(
    guard: Guard,
    texts: Fact,
    conditions: impl Iterator<Item = Fact>,
) -> Vec<(Guard, Fact)> {
    let mut open = vec![(guard, texts)];
    for condition in conditions {
        let mut left = Vec::new();
        for (guard, texts) in open {
            for (when, case) in condition.cases() {
                let (Some(guard), holds) = (guard.and(&when), case.as_bool()) else {
                    continue;
                };
                match holds {
                    Some(true) => left.push((guard, texts.clone())),
                    Some(false) => {}
                    None => left.push((guard, case.clone())),
                }
            }
        }
        open = left;
    }
    open.retain(|(_, fact)| !fact.is_absent());
    open
}
