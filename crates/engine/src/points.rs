//! One entry at one point, world by world, by the table of statuses.
//!
//! | when | exposed | status |
//! |---|---|---|
//! | no | any | not applicable |
//! | yes or unknown | no | mitigated |
//! | yes | yes | exposed |
//! | else | | question |
//!
//! Where that would be exposed or question, a sufficient countermeasure in
//! place gives mitigated.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::{
    Answer, Asked, Atom, Opened, SubjectId, Truth, VariableId, World, by_cases,
};
use underbelly_library::{Link, ThreatDef, Words};
use underbelly_model::{Evidence, Point, QuestionKey, State};
use underbelly_source::Place;

use crate::Assessor;
use crate::countermeasures::{Target, all};
use crate::in_place::{Said, Told};

/// What one entry asks at one point: its conditions in a fixed order.
struct Conditions<'a> {
    /// The situation, and the gap where the entry has one of its own.
    entry: Vec<Opened<'a>>,
    /// Of sufficient countermeasures, one after the other.
    in_place: Vec<Rc<Said<'a>>>,
    /// Sufficient countermeasures: where their truths begin, and their targets.
    sufficient: Vec<Sufficient>,
}

impl<'a> Conditions<'a> {
    fn has_gap(&self) -> bool {
        self.entry.len() > 1
    }

    fn all(&self) -> Vec<&Opened<'a>> {
        let in_place = self.in_place.iter().map(|said| &said.opened);
        self.entry.iter().chain(in_place).collect()
    }
}

struct Sufficient {
    first: usize,
    targets: Vec<Target>,
    /// Whether there may be targets nobody knows of.
    open: bool,
}

impl<'a> Assessor<'a> {
    /// Judges an entry at a point of a component.
    pub(crate) fn point(
        &mut self,
        def: &'a ThreatDef,
        component: SubjectId,
        at: SubjectId,
        key: Arc<str>,
    ) -> Point {
        let when = self.judge.opened(Asked::new(&def.when, at));
        // Most entries do not apply to most subjects, whatever the world.
        if when.truth() == Truth::No {
            return Point {
                key,
                subject: at,
                state: State::NotApplicable,
                when: Vec::new(),
                by_default: None,
                evidence: Vec::new(),
                questions: Vec::new(),
                absorbed_by: None,
                decision: None,
            };
        }
        let conditions = self.conditions(def, component, at, when);
        let also = self.guards(component, at, &conditions);
        let judgement = self.judge.truths_from(&conditions.all(), &also);
        let states: Vec<(World, State)> = judgement
            .worlds
            .iter()
            .map(|found| {
                let state = if self.exists(component, at, &found.world) {
                    state(&conditions, &found.truths, &found.world)
                } else {
                    State::NotApplicable
                };
                (found.world.clone(), state)
            })
            .collect();
        // Worlds that were left out may hold anything.
        let cut = judgement.capped.then_some(State::Question);
        let worst = states.iter().map(|(_, state)| *state).chain(cut).min();
        let worst = worst.unwrap_or(State::NotApplicable);
        let everywhere = states.iter().all(|(_, state)| *state == worst);
        let when = if everywhere {
            Vec::new()
        } else {
            let cases = by_cases(&states, &self.architecture.worlds);
            let worst_cases = cases.into_iter().filter(|(_, state)| *state == worst);
            worst_cases.map(|(guard, _)| guard).collect()
        };
        let by_default = judgement.worlds.iter().zip(&states);
        let by_default = by_default
            .filter(|(found, _)| found.by_default == Some(true))
            .map(|(_, (_, state))| *state == worst)
            .next()
            .filter(|_| !everywhere);
        let mut point = Point {
            key,
            subject: at,
            state: worst,
            when,
            by_default,
            evidence: Vec::new(),
            questions: Vec::new(),
            absorbed_by: None,
            decision: None,
        };
        if worst == State::NotApplicable {
            return point;
        }
        // Told in the world by default where that is one of the worst.
        let told = judgement.worlds.iter().zip(&states);
        let world = told
            .filter(|(_, (_, state))| *state == worst)
            .max_by_key(|(found, _)| found.by_default == Some(true))
            .map(|(_, (world, _))| world.clone())
            .unwrap_or_default();
        self.tell(&conditions, &world, &mut point);
        point
    }

    fn conditions(
        &mut self,
        def: &'a ThreatDef,
        component: SubjectId,
        at: SubjectId,
        when: Opened<'a>,
    ) -> Conditions<'a> {
        let mut entry = vec![when];
        if let Some(exposed) = &def.exposed {
            entry.push(self.judge.opened(Asked::new(exposed, at)));
        }
        let mut in_place = Vec::new();
        let mut sufficient = Vec::new();
        for link in def.countermeasures.iter().filter(|link| settles(link)) {
            let (targets, open) = self.targets(link, component, at);
            let Some(countermeasure) = self.library_countermeasure(link) else {
                continue;
            };
            let first = entry.len() + in_place.len();
            for target in &targets {
                let def = (link.countermeasure, countermeasure);
                in_place.push(self.in_place.said(&self.judge, def, target.subject));
            }
            sufficient.push(Sufficient {
                first,
                targets,
                open,
            });
        }
        Conditions {
            entry,
            in_place,
            sufficient,
        }
    }

    /// The variables on which hangs whether the point and its targets exist.
    fn guards(
        &self,
        component: SubjectId,
        at: SubjectId,
        conditions: &Conditions<'_>,
    ) -> BTreeSet<VariableId> {
        let mut variables = BTreeSet::new();
        let owner = self.architecture.component(component);
        let part = self.architecture.part(at);
        let targets = conditions.sufficient.iter().flat_map(|s| &s.targets);
        let guards = owner
            .map(|owner| &owner.guard)
            .into_iter()
            .chain(part.map(|part| &part.guard))
            .chain(targets.map(|target| &target.guard));
        for guard in guards {
            variables.extend(guard.choices().iter().map(|(variable, _)| *variable));
        }
        variables
    }

    fn exists(&self, component: SubjectId, at: SubjectId, world: &World) -> bool {
        let owner = self.architecture.component(component);
        let part = self.architecture.part(at);
        let holds = |guard: &underbelly_expression::Guard| guard.holds(world) != Some(false);
        owner.is_none_or(|owner| holds(&owner.guard)) && part.is_none_or(|part| holds(&part.guard))
    }

    /// Says which facts decided in a world, and what to ask.
    fn tell(&mut self, conditions: &Conditions<'a>, world: &World, point: &mut Point) {
        let gap_decides = point.state != State::Mitigated;
        // The gap before the situation: it is what must change.
        for opened in conditions.entry.iter().rev() {
            let told = self.told(self.judge.explain(opened.asked, world));
            // Of an unknown situation with a closed gap only the gap is proof.
            if gap_decides || told.answer.by_default() != Truth::Unknown {
                self.note(&told, point);
            }
        }
        // The lack of what would settle it is the gap where no other is written.
        if gap_decides && conditions.has_gap() {
            return;
        }
        for said in &conditions.in_place {
            let explained;
            let told = if world.is_empty() {
                said.told(|asked| self.told(self.judge.answer(asked)))
            } else {
                explained = self.told(self.judge.explain(said.opened.asked, world));
                &explained
            };
            if gap_decides || told.answer.by_default() == Truth::Yes {
                self.note(told, point);
            }
        }
    }

    /// An answer, with what it rests on as the model keeps it.
    pub(crate) fn told(&self, answer: Answer) -> Told {
        let words = &self.library.data.words;
        let atoms = answer.evidence.iter();
        Told {
            evidence: atoms.filter_map(|atom| evidence(atom, words)).collect(),
            answer,
        }
    }

    fn note(&mut self, told: &Told, point: &mut Point) {
        self.assumptions.note(&told.answer.assumptions);
        for evidence in &told.evidence {
            tell_once(&mut point.evidence, evidence);
        }
        if point.state == State::Question {
            for question in &told.answer.questions {
                let Some(subject) = question.subject else {
                    continue;
                };
                let key = QuestionKey {
                    subject,
                    fact: question.fact.clone(),
                };
                self.asked.note(&key, question);
                if !point.questions.contains(&key) {
                    point.questions.push(key);
                }
            }
        }
    }
}

fn settles(link: &Link) -> bool {
    link.sufficient || link.any.is_some()
}

fn state(conditions: &Conditions<'_>, truths: &[Truth], world: &World) -> State {
    let truth = |index: usize| truths.get(index).copied().unwrap_or(Truth::Unknown);
    let when = truth(0);
    if when == Truth::No {
        return State::NotApplicable;
    }
    let settled = conditions
        .sufficient
        .iter()
        .map(|s| all(&s.targets, s.open, world, |index| truth(s.first + index)))
        .fold(Truth::No, Truth::or);
    let exposed = if conditions.has_gap() {
        truth(1)
    } else {
        !settled
    };
    match (when, exposed) {
        (_, Truth::No) => State::Mitigated,
        _ if settled == Truth::Yes => State::Mitigated,
        (Truth::Yes, Truth::Yes) => State::Exposed,
        _ => State::Question,
    }
}

/// Adds a fact; one that is told already only gets more places.
pub(crate) fn tell_once(told: &mut Vec<Arc<Evidence>>, new: &Arc<Evidence>) {
    let Some(old) = told.iter_mut().find(|old| says_the_same(old, new)) else {
        told.push(new.clone());
        return;
    };
    let is_new = |place: &&Place| !old.places.contains(place);
    let more: Vec<Place> = new.places.iter().filter(is_new).copied().collect();
    if !more.is_empty() {
        Arc::make_mut(old).places.extend(more);
    }
}

fn says_the_same(old: &Evidence, new: &Evidence) -> bool {
    let Evidence {
        subject,
        fact,
        value,
        basis,
        unknown,
        guard,
        note,
        places: _,
    } = old;
    *subject == new.subject
        && *fact == new.fact
        && *value == new.value
        && *basis == new.basis
        && *unknown == new.unknown
        && *guard == new.guard
        && *note == new.note
}

/// A fact that counts, as the model keeps it; properties have no subject and
/// never reach an entry.
pub(crate) fn evidence(atom: &Atom, words: &Words) -> Option<Arc<Evidence>> {
    let masked = |text: &Arc<str>| match words.masked(text) {
        Cow::Borrowed(_) => text.clone(),
        Cow::Owned(masked) => masked.into(),
    };
    Some(Arc::new(Evidence {
        subject: atom.subject?,
        fact: atom.fact.clone(),
        value: masked(&atom.shown),
        basis: atom.basis,
        unknown: atom.reason.clone(),
        guard: atom.guard.clone(),
        note: atom.note.as_ref().map(masked),
        places: atom.places.clone(),
    }))
}
