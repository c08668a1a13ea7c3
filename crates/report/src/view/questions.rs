//! Questions as rows: those that one answer would settle together, once; and
//! what only code can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_expression::Reason;
use underbelly_model::{Architecture, Question, Threat, ThreatModel};

use crate::paint::{clean, count, listed};

/// Questions that one answer would settle together.
#[derive(Debug)]
pub(crate) struct QuestionRow<'a> {
    pub questions: Vec<&'a Question>,
}

impl QuestionRow<'_> {
    /// What to ask, and of how many more.
    pub(crate) fn ask(&self) -> String {
        let first = self.questions.first();
        let ask = clean(first.map_or("", |question| &question.ask));
        match self.questions.len() {
            0 | 1 => ask.into_owned(),
            n => format!("{ask} (and of {} more)", n - 1),
        }
    }

    /// The keys to answer them by: `sensitive @ Orders`.
    pub(crate) fn keys(&self, architecture: &Architecture) -> Vec<String> {
        let keys = self.questions.iter().map(|question| {
            let label = architecture.label(question.key.subject);
            clean(&format!("{} @ {label}", question.key.fact)).into_owned()
        });
        keys.collect()
    }

    /// Whether people know it without looking it up.
    pub(crate) fn is_for_people(&self) -> bool {
        let reason = self.questions.first().map(|question| &question.reason);
        reason == Some(&Reason::People)
    }

    /// Why nobody could tell.
    pub(crate) fn why(&self) -> String {
        let why = match self.questions.first().map(|question| &question.reason) {
            Some(Reason::NotAnalysed(what)) => what.to_string(),
            Some(reason) => reason.to_string(),
            None => String::new(),
        };
        clean(&why).into_owned()
    }

    /// The threats an answer would decide, each once.
    pub(crate) fn decides(&self) -> BTreeSet<&Arc<str>> {
        let questions = self.questions.iter();
        questions.flat_map(|question| &question.decides).collect()
    }
}

/// Questions somebody can answer, and what is not looked at yet; each by what
/// one answer would settle, in the order of the model.
pub(super) fn grouped(questions: &[Question]) -> (Vec<QuestionRow<'_>>, Vec<QuestionRow<'_>>) {
    let mut rows: Vec<QuestionRow<'_>> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for question in questions {
        let index = *at.entry(settled_by(question)).or_insert_with(|| {
            rows.push(QuestionRow {
                questions: Vec::new(),
            });
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(index) {
            row.questions.push(question);
        }
    }
    rows.into_iter().partition(|row| {
        let reason = row.questions.first().map(|question| &question.reason);
        !matches!(reason, Some(Reason::NotAnalysed(_)))
    })
}

/// What questions share that one answer would settle.
fn settled_by(question: &Question) -> String {
    match &question.reason {
        Reason::People => format!("people {}", question.key.fact),
        Reason::Parameter(_)
        | Reason::MissingFile(_)
        | Reason::Import(_)
        | Reason::Lookup(_)
        | Reason::OtherComponent(_)
        | Reason::NotAnalysed(_) => question.reason.to_string(),
        Reason::Unsupported(_) | Reason::Limit(_) | Reason::Elsewhere(_) | Reason::Code => {
            format!("{:?} {}", question.key, question.reason)
        }
    }
}

pub(super) fn title(questions: &[QuestionRow<'_>]) -> Option<String> {
    let decided: BTreeSet<_> = questions.iter().flat_map(QuestionRow::decides).collect();
    (!questions.is_empty()).then(|| {
        format!(
            "{} would decide {}",
            count(questions.len(), "question", "questions"),
            count(decided.len(), "more threat", "more threats")
        )
    })
}

pub(super) fn not_analysed(rows: &[QuestionRow<'_>]) -> Option<String> {
    let n = rows.iter().map(|row| row.questions.len()).sum();
    let facts = count(n, "fact hangs", "facts hang");
    let whys: Vec<String> = rows.iter().take(2).map(QuestionRow::why).collect();
    (n > 0).then(|| format!("{facts} on what is not analysed yet: {}", listed(&whys)))
}

/// What only code can tell.
#[derive(Debug)]
pub(crate) struct OnlyCode {
    /// How many threats.
    pub n_threats: usize,
    /// The components whose code to read, those with the worst first.
    pub components: Vec<String>,
}

impl OnlyCode {
    pub(super) fn of(model: &ThreatModel) -> Self {
        let threats: Vec<&Threat> = model
            .threats
            .iter()
            .filter(|t| t.is_asked() && t.only_code)
            .collect();
        let mut seen = BTreeSet::new();
        let first = threats.iter().filter(|t| seen.insert(t.component));
        let names = first.map(|threat| model.architecture.label(threat.component));
        OnlyCode {
            n_threats: threats.len(),
            components: names.map(|name| clean(&name).into_owned()).collect(),
        }
    }

    /// `12 things only the code of 6 components can tell; read … first`, if there are some.
    pub(crate) fn title(&self) -> Option<String> {
        let first: Vec<String> = self.components.iter().take(3).cloned().collect();
        (self.n_threats > 0).then(|| {
            format!(
                "{} only the code of {} can tell; read {} first",
                count(self.n_threats, "thing", "things"),
                count(self.components.len(), "component", "components"),
                listed(&first)
            )
        })
    }
}
