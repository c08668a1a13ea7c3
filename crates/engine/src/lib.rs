//! An architecture judged by the library: threats, countermeasures, questions, risk.
//!
//! [`assess`] takes the drawing and the knowledge and gives the threat model. No
//! provider's word occurs here, no template and no file: if a rule needs one,
//! the catalogue or a fact is missing.

mod absorb;
mod assumptions;
mod countermeasures;
mod in_place;
mod points;
mod questions;
mod risk;
mod scope;

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::{Answer, Asked, Fact, Judge, SubjectId};
use underbelly_library::{Applied, CountermeasureDef, Library};
use underbelly_model::{Architecture, Component, Point, State, Threat, ThreatModel};
use underbelly_reach::Position;
use underbelly_source::{Diagnostic, Limits};

use assumptions::Assumptions;
use in_place::InPlace;
use scope::Drawing;

/// What judging depends on besides the architecture and the library.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The date the analysis is made for, `YYYY-MM-DD`; printed, never computed with.
    pub as_of: &'a str,
    /// Countermeasures that people plan, by id (`entry@component`).
    pub planned: &'a BTreeSet<Arc<str>>,
    /// Bounds.
    pub limits: Limits,
}

/// What judging gave.
#[derive(Debug)]
pub struct Assessment {
    /// The threat model.
    pub model: ThreatModel,
    /// What had to be left out.
    pub diagnostics: Vec<Diagnostic>,
}

/// Judges every component, and every part that entries bind to, by the library.
pub fn assess(architecture: Architecture, library: &Library, options: &Options<'_>) -> Assessment {
    let drawing = Drawing(&architecture);
    let judge = Judge::new(&drawing, &architecture.worlds).with_cap(options.limits.worlds);
    let position = Position::of(&architecture);
    let mut assessor = Assessor {
        architecture: &architecture,
        library,
        position: &position,
        planned: options.planned,
        judge,
        asked: questions::Asked::default(),
        in_place: InPlace::default(),
        assumptions: Assumptions::default(),
        diagnostics: Vec::new(),
    };
    let mut threats: Vec<Threat> = Vec::new();
    for (index, component) in architecture.components.iter().enumerate() {
        if component.outside {
            continue;
        }
        for applied in library.threats_for(&component.kind) {
            let subject = SubjectId::component(index);
            threats.extend(assessor.threat(subject, component, applied));
        }
        assessor.in_place.forget();
    }
    absorb::absorb(&mut threats, &architecture, library);
    threats.sort_by(|a, b| {
        let value = b.risk.value.total_cmp(&a.risk.value);
        a.state.cmp(&b.state).then(value).then(a.id.cmp(&b.id))
    });
    let Assessor {
        asked,
        assumptions,
        diagnostics,
        ..
    } = assessor;
    let questions = asked.questions(&architecture, library, &threats);
    let roads = position.roads(&architecture);
    Assessment {
        model: ThreatModel {
            architecture,
            threats,
            roads,
            questions,
            assumptions: assumptions.all(),
            as_of: options.as_of.into(),
        },
        diagnostics,
    }
}

/// Whether a countermeasure is in place, on everything it applies to: each
/// component or part with the answer.
pub fn in_place(
    architecture: &Architecture,
    library: &Library,
    def: &CountermeasureDef,
) -> Vec<(SubjectId, Answer)> {
    let drawing = Drawing(architecture);
    let judge = Judge::new(&drawing, &architecture.worlds);
    let mut found = Vec::new();
    for (index, component) in architecture.components.iter().enumerate() {
        let applies = def.applies_to.iter();
        let mut applies = applies.filter(|applies| library.is(&component.kind, &applies.kind));
        let Some(applies) = applies.next().filter(|_| !component.outside) else {
            continue;
        };
        let subjects: Vec<SubjectId> = match &applies.part {
            None => vec![SubjectId::component(index)],
            Some(group) => component
                .parts
                .iter()
                .copied()
                .filter(|id| architecture.part(*id).is_some_and(|p| p.group == *group))
                .collect(),
        };
        for subject in subjects {
            found.push((subject, judge.answer(Asked::new(&def.in_place, subject))));
        }
    }
    found
}

/// What is shared by all judgements of one assessment.
struct Assessor<'a> {
    architecture: &'a Architecture,
    library: &'a Library,
    position: &'a Position,
    planned: &'a BTreeSet<Arc<str>>,
    judge: Judge<'a, Drawing<'a>>,
    /// Questions that came up.
    asked: questions::Asked,
    /// What countermeasures say of the component in hand and what it leads to.
    in_place: InPlace<'a>,
    assumptions: Assumptions,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Assessor<'a> {
    /// One library entry on one component: nothing where no point of it applies.
    fn threat(
        &mut self,
        subject: SubjectId,
        component: &Component,
        applied: &Applied,
    ) -> Option<Threat> {
        let def = self.library.threat_at(applied.threat)?;
        if let (Some(wanted), Some(provider)) = (&def.provider, provider(component))
            && **wanted != *provider
        {
            return None;
        }
        // Mostly there is one, and a model keeps thousands of these lists.
        let mut points: Vec<Point> = Vec::with_capacity(1);
        for (key, at) in self.subjects(subject, component, applied) {
            let point = self.point(def, subject, at, key);
            if point.state != State::NotApplicable {
                points.push(point);
            }
        }
        let state = points.iter().map(|point| point.state).min()?;
        let countermeasures = self.countermeasures(def, subject, &points, state);
        let mut threat = Threat {
            id: [&*def.id, "@", &component.short].concat().into(),
            entry: def.id.clone(),
            component: subject,
            only_code: is_only_code(&points, state),
            points,
            state,
            risk: underbelly_model::Risk::default(),
            countermeasures,
            absorbs: Vec::new(),
        };
        threat.risk = risk::rate(self.architecture, self.library, self.position, def, &threat);
        Some(threat)
    }

    /// The component, or each part of the group the entry binds to.
    fn subjects(
        &self,
        subject: SubjectId,
        component: &Component,
        applied: &Applied,
    ) -> Vec<(Arc<str>, SubjectId)> {
        let Some(group) = &applied.part else {
            return vec![("".into(), subject)];
        };
        let parts = component.parts.iter();
        let known = parts.filter_map(|id| Some((*id, self.architecture.part(*id)?)));
        known
            .filter(|(_, part)| part.group == *group)
            .map(|(id, part)| (part.key.clone(), id))
            .collect()
    }
}

/// Whether every point in question waits for code alone.
fn is_only_code(points: &[Point], state: State) -> bool {
    let mut open = points.iter().filter(|p| p.state == State::Question);
    state == State::Question
        && open.all(|point| {
            let facts: BTreeSet<&str> = point.questions.iter().map(|key| &*key.fact).collect();
            !facts.is_empty() && facts.iter().all(|fact| fact.starts_with("code."))
        })
}

/// The provider of a component, where one is known.
fn provider(component: &Component) -> Option<&str> {
    component.facts.get("provider").and_then(Fact::as_text)
}
