//! Countermeasures of a threat: what each is to be put on, and whether it is there.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::{Guard, SubjectId, Truth, World};
use underbelly_library::{CountermeasureDef, Link, ThreatDef};
use underbelly_model::{Countermeasure, Evidence, Point, State, Status};

use crate::Assessor;
use crate::points::tell_once;

/// What a countermeasure is to be put on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// When it is one.
    pub(crate) guard: Guard,
    pub(crate) subject: SubjectId,
}

/// Whether it is on all that exist in a world: unknown where there may be more,
/// no where there is none.
pub(crate) fn all(
    targets: &[Target],
    open: bool,
    world: &World,
    truth: impl Fn(usize) -> Truth,
) -> Truth {
    let mut any = false;
    let mut together = Truth::Yes;
    for (index, target) in targets.iter().enumerate() {
        if target.guard.holds(world) == Some(false) {
            continue;
        }
        any = true;
        together = together.and(truth(index));
    }
    match (any, open) {
        (false, true) => Truth::Unknown,
        (false, false) => Truth::No,
        (true, true) => together.and(Truth::Unknown),
        (true, false) => together,
    }
}

impl<'a> Assessor<'a> {
    pub(crate) fn library_countermeasure(&self, link: &Link) -> Option<&'a CountermeasureDef> {
        self.library.countermeasure_at(link.countermeasure)
    }

    /// What a link's countermeasure is to be put on, seen from a point, and
    /// whether there may be more.
    pub(crate) fn targets(
        &self,
        link: &Link,
        component: SubjectId,
        at: SubjectId,
    ) -> (Vec<Target>, bool) {
        let Some(def) = self.library_countermeasure(link) else {
            return (Vec::new(), false);
        };
        let (starts, open) = match &link.on {
            Some(path) => {
                let followed = self.judge.follow(&path.expression, at);
                (followed.subjects, followed.rest.is_some())
            }
            None => (vec![(Guard::always(), at)], false),
        };
        let mut targets: Vec<Target> = Vec::new();
        for (guard, start) in starts {
            let owner = if link.on.is_none() { component } else { start };
            for subject in self.fitting(def, start, owner) {
                let target = Target {
                    guard: guard.clone(),
                    subject,
                };
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
        (targets, open)
    }

    /// What of a subject, its owner or its parts a countermeasure applies to.
    fn fitting(
        &self,
        def: &CountermeasureDef,
        start: SubjectId,
        owner: SubjectId,
    ) -> Vec<SubjectId> {
        let Some(component) = self.architecture.owner(owner) else {
            return Vec::new();
        };
        let part = self.architecture.part(start);
        for applies in &def.applies_to {
            if !self.library.is(&component.kind, &applies.kind) {
                continue;
            }
            match (&applies.part, part) {
                (Some(group), Some(part)) if part.group == *group => return vec![start],
                (Some(_), Some(_)) => {}
                (Some(group), None) => {
                    let parts = component.parts.iter().copied();
                    let of_group = parts.filter(|id| {
                        let part = self.architecture.part(*id);
                        part.is_some_and(|part| part.group == *group)
                    });
                    return of_group.collect();
                }
                (None, Some(part)) => return vec![part.owner],
                (None, None) => return vec![start],
            }
        }
        Vec::new()
    }

    /// Every countermeasure of an entry with its status, over the points in the
    /// threat's worst state.
    pub(crate) fn countermeasures(
        &mut self,
        def: &'a ThreatDef,
        component: SubjectId,
        points: &[Point],
        state: State,
    ) -> Vec<Countermeasure> {
        let at: Vec<SubjectId> = points
            .iter()
            .filter(|point| point.state == state)
            .map(|point| point.subject)
            .collect();
        def.countermeasures
            .iter()
            .filter_map(|link| self.countermeasure(link, component, &at))
            .collect()
    }

    fn countermeasure(
        &mut self,
        link: &Link,
        component: SubjectId,
        at: &[SubjectId],
    ) -> Option<Countermeasure> {
        let def = self.library_countermeasure(link)?;
        let mut subjects: Vec<SubjectId> = Vec::new();
        let mut statuses: BTreeSet<Status> = BTreeSet::new();
        let mut shown: Vec<Arc<Evidence>> = Vec::new();
        for start in at {
            let (targets, open) = self.targets(link, component, *start);
            if open {
                statuses.insert(Status::Unknown);
            }
            for target in targets {
                if subjects.contains(&target.subject) {
                    continue;
                }
                subjects.push(target.subject);
                let countermeasure = (link.countermeasure, def);
                let said = self
                    .in_place
                    .said(&self.judge, countermeasure, target.subject);
                let told = said.told(|asked| self.told(self.judge.answer(asked)));
                statuses.insert(status(&told.answer.verdict));
                self.assumptions.note(&told.answer.assumptions);
                for fact in &told.evidence {
                    tell_once(&mut shown, fact);
                }
            }
        }
        // The name must not depend on which of several stands first in a file.
        subjects.sort_by_cached_key(|subject| self.architecture.label(*subject));
        let first = subjects.first();
        let on = self.architecture.label(*first.unwrap_or(&component));
        let id: Arc<str> = [&*def.id, "@", &on].concat().into();
        Some(Countermeasure {
            planned: self.planned.contains(&id),
            id,
            entry: def.id.clone(),
            targets: subjects,
            sufficient: link.sufficient || link.any.is_some(),
            status: joined(&statuses),
            evidence: shown,
        })
    }
}

fn status(verdict: &underbelly_expression::Verdict) -> Status {
    use underbelly_expression::Verdict;
    match verdict {
        Verdict::Yes => Status::InPlace,
        Verdict::No => Status::Missing,
        Verdict::Unknown => Status::Unknown,
        Verdict::Depends(_) => Status::Partial,
    }
}

/// On all, on some, on none.
fn joined(statuses: &BTreeSet<Status>) -> Status {
    let mut all = statuses.iter();
    match (all.next(), all.next()) {
        (None, _) => Status::NotApplicable,
        (Some(only), None) => *only,
        (Some(_), Some(_)) if statuses.contains(&Status::InPlace) => Status::Partial,
        (Some(_), Some(_)) if statuses.contains(&Status::Partial) => Status::Partial,
        (Some(_), Some(_)) => Status::Unknown,
    }
}
