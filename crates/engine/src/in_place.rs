//! What countermeasures say of what they are to be put on: found out once for all
//! threats of a component that name them.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::{Answer, Asked, Judge, Opened, SubjectId};
use underbelly_library::{CountermeasureDef, CountermeasureIndex};
use underbelly_model::Evidence;

use crate::scope::Drawing;

/// Countermeasures by what they are put on.
#[derive(Debug, Default)]
pub(crate) struct InPlace<'a> {
    found: HashMap<(CountermeasureIndex, SubjectId), Rc<Said<'a>>>,
}

impl<'a> InPlace<'a> {
    pub(crate) fn said(
        &mut self,
        judge: &Judge<'a, Drawing<'a>>,
        (index, def): (CountermeasureIndex, &'a CountermeasureDef),
        on: SubjectId,
    ) -> Rc<Said<'a>> {
        let said = self.found.entry((index, on)).or_insert_with(|| {
            Rc::new(Said {
                opened: judge.opened(Asked::new(&def.in_place, on)),
                told: OnceCell::new(),
            })
        });
        said.clone()
    }

    /// Nothing found so far is asked for again.
    pub(crate) fn forget(&mut self) {
        self.found.clear();
    }
}

/// Whether one countermeasure is on one thing.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    pub(crate) opened: Opened<'a>,
    told: OnceCell<Told>,
}

/// A whole answer, and what it rests on as the model keeps it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) answer: Answer,
    pub(crate) evidence: Vec<Arc<Evidence>>,
}

impl<'a> Said<'a> {
    /// The answer over all worlds, given by `tell` the first time.
    pub(crate) fn told(&self, tell: impl FnOnce(Asked<'a>) -> Told) -> &Told {
        self.told.get_or_init(|| tell(self.opened.asked))
    }
}
