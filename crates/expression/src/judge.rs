//! Judging in every possible world.
//!
//! A condition is first judged with all conditions and parameters open: where
//! that is enough, there is one answer. Else the variables it meets are
//! collected and it is judged once per consistent combination. What several
//! conditions say together – an entry's `when`, `exposed` and countermeasures –
//! is judged over one common set of variables with [`Judge::truths`], so that
//! a caller can combine them world by world.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::{self, Explained};
use crate::{
    Answer, Basis, Depends, Expression, Fact, Form, Guard, Node, Question, Reason, SubjectId,
    Truth, Unknown, Value, VariableId, VariableKind, Verdict, Worlds,
};

/// One consistent choice of conditions and parameters.
pub type World = BTreeMap<VariableId, u16>;

/// Where facts come from. The kind of a component is its fact `kind`, the
/// owner of a part its fact `component`, parts are a set of subjects.
pub trait Scope {
    /// A fact; `None` if nobody supplies it, which counts as unknown. What is
    /// optional and not written is `Absent`.
    fn fact(&self, subject: SubjectId, name: &str) -> Option<&Fact>;
    /// How people call it.
    fn label(&self, subject: SubjectId) -> String;
}

/// No components at all: for conditions over properties alone.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Scope for Nowhere {
    fn fact(&self, _: SubjectId, _: &str) -> Option<&Fact> {
        None
    }

    fn label(&self, subject: SubjectId) -> String {
        let what = if subject.is_part() {
            "part"
        } else {
            "component"
        };
        format!("{what} {}", subject.index())
    }
}

/// What a condition is about.
#[derive(Clone, Copy, Debug)]
pub enum Root<'a> {
    /// A component or part, by its facts.
    Subject(SubjectId),
    /// A property tree: names are its fields.
    Properties(&'a Fact),
}

impl From<SubjectId> for Root<'_> {
    fn from(subject: SubjectId) -> Self {
        Root::Subject(subject)
    }
}

impl<'a> From<&'a Fact> for Root<'a> {
    fn from(properties: &'a Fact) -> Self {
        Root::Properties(properties)
    }
}

/// A condition and what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The condition, as [`crate::check`] gave it back.
    pub expression: &'a Expression,
    /// What it is about.
    pub root: Root<'a>,
}

impl<'a> Asked<'a> {
    /// A condition about a subject or a property tree.
    pub fn new(expression: &'a Expression, root: impl Into<Root<'a>>) -> Self {
        Self {
            expression,
            root: root.into(),
        }
    }
}

/// A condition, and what it says while every variable is open: enough for a known
/// answer, and the same however often it is asked.
#[derive(Clone, Debug)]
pub struct Opened<'a> {
    /// The condition and what it is about.
    pub asked: Asked<'a>,
    truth: Truth,
    /// What an unknown answer hangs on.
    variables: BTreeSet<VariableId>,
}

impl Opened<'_> {
    /// The answer; a known one holds in every world.
    pub fn truth(&self) -> Truth {
        self.truth
    }
}

/// Several conditions, world by world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Every possible world of the variables that matter; the one empty world
    /// if none does.
    pub worlds: Vec<WorldTruths>,
    /// Whether worlds were left out: their answers are unknown.
    pub capped: bool,
}

/// Several conditions in one world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldTruths {
    /// The world.
    pub world: World,
    /// Whether it is the one by default; `None` where a variable has no default.
    pub by_default: Option<bool>,
    /// The truths, in the order asked.
    pub truths: Vec<Truth>,
}

/// Where a path leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The components or parts, each with the guard under which it is reached.
    pub subjects: Vec<(Guard, SubjectId)>,
    /// Why there may be others.
    pub rest: Option<Unknown>,
}

/// Judges conditions on the facts of a scope.
#[derive(Debug)]
pub struct Judge<'a, S: ?Sized> {
    scope: &'a S,
    worlds: &'a Worlds,
    cap: usize,
}

/// How many worlds one judgement looks at unless told otherwise.
const CAP: usize = 64;

impl<'a, S: Scope + ?Sized> Judge<'a, S> {
    /// Judges over these facts and variables.
    pub fn new(scope: &'a S, worlds: &'a Worlds) -> Self {
        Self {
            scope,
            worlds,
            cap: CAP,
        }
    }

    /// Looks at no more than `cap` worlds at once.
    pub fn with_cap(mut self, cap: usize) -> Self {
        self.cap = cap.max(1);
        self
    }

    /// The whole answer to one condition.
    pub fn answer(&self, asked: Asked<'_>) -> Answer {
        if let Some(answer) = self.everywhere(asked) {
            return answer;
        }
        let judgement = self.truths(&[asked], &BTreeSet::new());
        let truths: Vec<(World, Truth)> = judgement
            .worlds
            .iter()
            .filter_map(|found| Some((found.world.clone(), *found.truths.first()?)))
            .collect();
        let first = truths.first().map_or(Truth::Unknown, |(_, truth)| *truth);
        if truths.iter().all(|(_, truth)| *truth == first) {
            let world = truths.first().map(|(world, _)| world.clone());
            let mut answer = self.explain(asked, &world.unwrap_or_default());
            if judgement.capped {
                answer.verdict = Verdict::Unknown;
            }
            if truths.len() > 1 {
                let all = truths.iter().map(|(world, _)| self.explain(asked, world));
                answer = joined(answer, all);
            }
            return answer;
        }
        self.depends(asked, &judgement, &truths)
    }

    /// The answer while every variable is open, where that is the answer in all worlds.
    fn everywhere(&self, asked: Asked<'_>) -> Option<Answer> {
        let (truth, open, explained) =
            evaluate::explain(asked.expression, asked.root, self.scope, &World::new());
        (truth.is_known() || open.is_empty()).then(|| Answer::new(truth, explained))
    }

    fn depends(
        &self,
        asked: Asked<'_>,
        judgement: &Judgement,
        truths: &[(World, Truth)],
    ) -> Answer {
        let cases = by_cases(truths, self.worlds);
        let verdict = Verdict::Depends(Depends {
            by_default: default_truth(&judgement.worlds),
            cases: cases.clone(),
            capped: judgement.capped,
        });
        let representatives = cases.iter().filter_map(|(guard, _)| {
            let (world, _) = truths
                .iter()
                .find(|(world, _)| guard.holds(world) == Some(true))?;
            Some(self.explain(asked, world))
        });
        joined(Answer::empty(verdict), representatives)
    }

    /// Several conditions over one common set of variables, at least `also`.
    pub fn truths(&self, asked: &[Asked<'_>], also: &BTreeSet<VariableId>) -> Judgement {
        let opened: Vec<Opened<'_>> = asked.iter().map(|asked| self.opened(*asked)).collect();
        self.truths_from(&opened.iter().collect::<Vec<_>>(), also)
    }

    /// What a condition says while every variable is open.
    pub fn opened<'e>(&self, asked: Asked<'e>) -> Opened<'e> {
        let mut variables = BTreeSet::new();
        let truth = self.truth(asked, &World::new(), &mut variables);
        Opened {
            asked,
            truth,
            variables,
        }
    }

    /// The same as [`Judge::truths`], where some was found out before.
    pub fn truths_from(&self, opened: &[&Opened<'_>], also: &BTreeSet<VariableId>) -> Judgement {
        let nowhere = World::new();
        let mut variables = also.clone();
        for opened in opened {
            variables.extend(&opened.variables);
        }
        if variables.is_empty() {
            return Judgement {
                worlds: vec![WorldTruths {
                    world: nowhere,
                    by_default: Some(true),
                    truths: opened.iter().map(|opened| opened.truth).collect(),
                }],
                capped: false,
            };
        }
        loop {
            let mut wanted = variables.clone();
            let (worlds, capped) = self.worlds.combinations(&variables, self.cap);
            let mut found = Vec::with_capacity(worlds.len());
            for world in worlds {
                let truths = opened
                    .iter()
                    .map(|opened| match opened.truth {
                        Truth::Unknown => self.truth(opened.asked, &world, &mut wanted),
                        known => known,
                    })
                    .collect();
                found.push(WorldTruths {
                    by_default: self.worlds.by_default(&guard_of(&world)),
                    world,
                    truths,
                });
            }
            // Each round adds a variable, and there are finitely many.
            if wanted.len() == variables.len() || capped {
                return Judgement {
                    worlds: found,
                    capped,
                };
            }
            variables = wanted;
        }
    }

    /// The truth in a world. The variables a known answer met do not matter.
    fn truth(&self, asked: Asked<'_>, world: &World, open: &mut BTreeSet<VariableId>) -> Truth {
        let (truth, met) = evaluate::truth(asked.expression, asked.root, self.scope, world);
        if truth == Truth::Unknown {
            open.extend(met);
        }
        truth
    }

    /// The answer in one world: yes, no or unknown, with what it rests on.
    pub fn explain(&self, asked: Asked<'_>, world: &World) -> Answer {
        let (truth, _, explained) =
            evaluate::explain(asked.expression, asked.root, self.scope, world);
        Answer::new(truth, explained)
    }

    /// A condition as a fact, such as a catalogue computes from properties.
    pub fn fact(&self, asked: Asked<'_>) -> Fact {
        if let Some(answer) = self.everywhere(asked) {
            return fact_from(answer);
        }
        let judgement = self.truths(&[asked], &BTreeSet::new());
        let truths: Vec<(World, Truth)> = judgement
            .worlds
            .into_iter()
            .filter_map(|found| Some((found.world, *found.truths.first()?)))
            .collect();
        if judgement.capped {
            let why = Reason::Limit("too many conditions at once".into());
            return Fact::unknown(why, None);
        }
        let cases = by_cases(&truths, self.worlds);
        Fact::one_of(cases.into_iter().map(|(guard, _)| {
            let world = truths
                .iter()
                .find(|(world, _)| guard.holds(world) == Some(true));
            let answer = match world {
                Some((world, _)) => self.explain(asked, world),
                None => self.explain(asked, &World::new()),
            };
            (guard, fact_from(answer))
        }))
    }

    /// Where a path of names and dots leads, in all worlds.
    pub fn follow(&self, path: &Expression, subject: SubjectId) -> Followed {
        let mut followed = Followed::default();
        self.step(path.root(), subject, &mut followed);
        followed
    }

    fn step(&self, node: &Node, subject: SubjectId, into: &mut Followed) {
        match &node.form {
            Form::Name(name) => self.reach(&Guard::always(), subject, name, into),
            Form::Member(of, name) => {
                let mut before = Followed::default();
                self.step(of, subject, &mut before);
                into.rest = into.rest.take().or(before.rest);
                for (guard, subject) in before.subjects {
                    self.reach(&guard, subject, name, into);
                }
            }
            _ => {}
        }
    }

    fn reach(&self, guard: &Guard, subject: SubjectId, name: &str, into: &mut Followed) {
        let unknown = |reason| Unknown {
            reason,
            place: None,
        };
        let Some(fact) = self.scope.fact(subject, name) else {
            let why = unknown(Reason::NotAnalysed(name.into()));
            into.rest.get_or_insert(why);
            return;
        };
        let (items, rest) = fact.items();
        into.rest = into.rest.take().or_else(|| rest.cloned());
        for (inner, item) in items {
            let Some(guard) = guard.and(&inner) else {
                continue;
            };
            match item {
                Fact::Known(known) => match &known.value {
                    Value::Subject(found) if !into.subjects.contains(&(guard.clone(), *found)) => {
                        into.subjects.push((guard, *found));
                    }
                    Value::Subject(_) => {}
                    other => {
                        let shown = match other {
                            Value::Text(text) => text.to_string(),
                            _ => name.to_owned(),
                        };
                        into.rest
                            .get_or_insert(unknown(Reason::OtherComponent(shown.into())));
                    }
                },
                Fact::Unknown(why) => {
                    into.rest.get_or_insert(why.clone());
                }
                Fact::OneOf(_) | Fact::Absent(_) => {}
            }
        }
    }
}

/// What holds in each world, as few guards; they are disjoint and together
/// cover exactly these worlds. Where all agree there is one, which always holds.
pub fn by_cases<T: Clone + PartialEq>(found: &[(World, T)], worlds: &Worlds) -> Vec<(Guard, T)> {
    let mut cases = Vec::new();
    let all: Vec<&(World, T)> = found.iter().collect();
    split(&all, &Guard::always(), worlds, &mut cases);
    cases
}

fn split<T: Clone + PartialEq>(
    found: &[&(World, T)],
    under: &Guard,
    worlds: &Worlds,
    into: &mut Vec<(Guard, T)>,
) {
    let Some((world, value)) = found.first() else {
        return;
    };
    if found.iter().all(|(_, other)| other == value) {
        into.push((under.clone(), value.clone()));
        return;
    }
    let best = world
        .keys()
        .filter_map(|variable| {
            let groups = groups(found, *variable);
            let mixed = groups.values().filter(|group| is_mixed(group)).count();
            let is_parameter = matches!(
                worlds.variable(*variable).map(|v| &v.kind),
                Some(VariableKind::Parameter)
            );
            (groups.len() > 1).then_some((mixed, groups.len(), is_parameter, *variable, groups))
        })
        .min_by_key(|(mixed, count, is_parameter, variable, _)| {
            (*mixed, *count, *is_parameter, *variable)
        });
    // Worlds that differ in nothing cannot have different values.
    let Some((_, _, _, variable, groups)) = best else {
        return;
    };
    for (chosen, group) in groups {
        if let Some(under) = under.and(&Guard::when(variable, chosen)) {
            split(&group, &under, worlds, into);
        }
    }
}

fn groups<'f, T>(
    found: &[&'f (World, T)],
    variable: VariableId,
) -> BTreeMap<u16, Vec<&'f (World, T)>> {
    let mut groups: BTreeMap<u16, Vec<&(World, T)>> = BTreeMap::new();
    for case in found {
        let chosen = case.0.get(&variable).copied().unwrap_or(0);
        groups.entry(chosen).or_default().push(case);
    }
    groups
}

fn is_mixed<T: PartialEq>(group: &[&(World, T)]) -> bool {
    group.windows(2).any(|pair| match pair {
        [one, other] => one.1 != other.1,
        _ => false,
    })
}

/// The world as a guard.
pub fn guard_of(world: &World) -> Guard {
    world
        .iter()
        .fold(Guard::always(), |guard, (variable, value)| {
            let choice = Guard::when(*variable, *value);
            guard.and(&choice).unwrap_or(guard)
        })
}

/// The truth by default: of the worlds the defaults allow, if they agree.
fn default_truth(worlds: &[WorldTruths]) -> Truth {
    let allowed = |by_default: fn(Option<bool>) -> bool| {
        let mut truths = worlds
            .iter()
            .filter(move |found| by_default(found.by_default))
            .filter_map(|found| found.truths.first().copied());
        let first = truths.next()?;
        let agree = truths.all(|truth| truth == first);
        Some(if agree { first } else { Truth::Unknown })
    };
    allowed(|found| found == Some(true))
        .or_else(|| allowed(|found| found.is_none()))
        .unwrap_or(Truth::Unknown)
}

/// Evidence, basis, assumptions and questions of all, under the verdict of the first.
fn joined(mut answer: Answer, others: impl Iterator<Item = Answer>) -> Answer {
    for other in others {
        answer.basis = answer.basis.max(other.basis);
        for atom in other.evidence {
            if !answer.evidence.contains(&atom) {
                answer.evidence.push(atom);
            }
        }
        answer.assumptions.extend(other.assumptions);
        for question in other.questions {
            let same = |found: &&mut Question| {
                found.subject == question.subject && found.fact == question.fact
            };
            match answer.questions.iter_mut().find(same) {
                Some(found) => found.decisive |= question.decisive,
                None => answer.questions.push(question),
            }
        }
    }
    answer.assumptions.sort();
    answer.assumptions.dedup();
    evaluate::sort_questions(&mut answer.questions);
    answer
}

impl Answer {
    fn new(truth: Truth, explained: Explained) -> Self {
        Self {
            verdict: truth.into(),
            evidence: explained.atoms,
            basis: explained.basis,
            assumptions: explained.assumptions,
            questions: explained.questions,
        }
    }

    fn empty(verdict: Verdict) -> Self {
        Self {
            verdict,
            evidence: Vec::new(),
            basis: None,
            assumptions: Vec::new(),
            questions: Vec::new(),
        }
    }
}

fn fact_from(answer: Answer) -> Fact {
    let value = match answer.verdict {
        Verdict::Yes => true,
        Verdict::No => false,
        Verdict::Unknown | Verdict::Depends(_) => {
            let (reason, place) = match answer.questions.into_iter().next() {
                Some(question) => (question.reason, question.place),
                None => (Reason::Unsupported("the condition".into()), None),
            };
            return Fact::Unknown(Unknown { reason, place });
        }
    };
    let notes: Vec<&str> = answer
        .evidence
        .iter()
        .filter_map(|atom| atom.note.as_deref())
        .collect();
    Fact::Known(crate::Known {
        value: Value::Bool(value),
        basis: answer.basis.unwrap_or(Basis::Written),
        places: answer.places(),
        note: (!notes.is_empty()).then(|| notes.join("; ").into()),
    })
}
