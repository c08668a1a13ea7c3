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
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use underbelly_expression::{
    Answer, Asked, Atom, Opened, SubjectId, Truth, VariableId, World, by_cases,
};
use underbelly_library::{CountermeasureIndex, Link, ThreatDef, Words};
use underbelly_model::{Evidence, Point, QuestionKey, State};

use crate::Assessor;
use crate::countermeasures::{Target, all};

/// What one entry asks at one point: its conditions in a fixed order.
struct Conditions<'a> {
    asked: Vec<Opened<'a>>,
    /// Whether the second of `asked` is the entry's own gap.
    has_gap: bool,
    /// Sufficient countermeasures: where their truths begin, and their targets.
    sufficient: Vec<Sufficient>,
}

/// What countermeasures say of their targets, which are mostly the same at all
/// points of a threat.
pub(crate) type InPlace<'a> = HashMap<(CountermeasureIndex, SubjectId), Opened<'a>>;

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
        in_place: &mut InPlace<'a>,
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
            };
        }
        let conditions = self.conditions(def, component, at, when, in_place);
        let also = self.guards(component, at, &conditions);
        let judgement = self.judge.truths_from(&conditions.asked, &also);
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
        &self,
        def: &'a ThreatDef,
        component: SubjectId,
        at: SubjectId,
        when: Opened<'a>,
        in_place: &mut InPlace<'a>,
    ) -> Conditions<'a> {
        let mut asked = vec![when];
        if let Some(exposed) = &def.exposed {
            asked.push(self.judge.opened(Asked::new(exposed, at)));
        }
        let has_gap = def.exposed.is_some();
        let mut sufficient = Vec::new();
        for link in def.countermeasures.iter().filter(|link| settles(link)) {
            let (targets, open) = self.targets(link, component, at);
            let Some(countermeasure) = self.library_countermeasure(link) else {
                continue;
            };
            let first = asked.len();
            for target in &targets {
                let key = (link.countermeasure, target.subject);
                let opened = in_place.entry(key).or_insert_with(|| {
                    let asked = Asked::new(&countermeasure.in_place, target.subject);
                    self.judge.opened(asked)
                });
                asked.push(opened.clone());
            }
            sufficient.push(Sufficient {
                first,
                targets,
                open,
            });
        }
        Conditions {
            asked,
            has_gap,
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
    fn tell(&mut self, conditions: &Conditions<'_>, world: &World, point: &mut Point) {
        let of_entry = if conditions.has_gap { 2 } else { 1 };
        let gap_decides = point.state != State::Mitigated;
        let mut answers: Vec<Answer> = Vec::new();
        // The gap before the situation: it is what must change.
        let entry = conditions.asked.iter().enumerate().take(of_entry).rev();
        let rest = conditions.asked.iter().enumerate().skip(of_entry);
        for (index, opened) in entry.chain(rest) {
            // The lack of what would settle it is the gap where no other is written.
            if index >= of_entry && gap_decides && conditions.has_gap {
                continue;
            }
            let answer = self.judge.explain(opened.asked, world);
            let truth = answer.by_default();
            let wanted = if index < of_entry {
                // Of an unknown situation with a closed gap only the gap is proof.
                point.state != State::Mitigated || truth != Truth::Unknown
            } else {
                gap_decides || truth == Truth::Yes
            };
            if wanted {
                answers.push(answer);
            }
        }
        for answer in &answers {
            self.assume(&answer.assumptions);
            for atom in &answer.evidence {
                if let Some(evidence) = evidence(atom, &self.library.data.words)
                    && !point.evidence.contains(&evidence)
                {
                    point.evidence.push(evidence);
                }
            }
        }
        if point.state == State::Question {
            for question in answers.iter().flat_map(|answer| &answer.questions) {
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
    let exposed = if conditions.has_gap {
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

/// A fact that counts, as the model keeps it; properties have no subject and
/// never reach an entry.
pub(crate) fn evidence(atom: &Atom, words: &Words) -> Option<Evidence> {
    Some(Evidence {
        subject: atom.subject?,
        fact: atom.fact.clone(),
        value: words.masked(&atom.shown).into(),
        basis: atom.basis,
        unknown: atom.reason.clone(),
        guard: atom.guard.clone(),
        note: atom.note.as_ref().map(|note| match words.masked(note) {
            Cow::Borrowed(_) => note.clone(),
            Cow::Owned(masked) => masked.into(),
        }),
        places: atom.places.clone(),
    })
}
