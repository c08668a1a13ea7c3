//! What every report shows: the same rows, words and order on a terminal, in a
//! spreadsheet and in Markdown.
//!
//! Texts in it are clean: nothing in them steers a terminal or reorders a line.
//! What a format needs escaped besides is the renderer's part.

mod grants;
pub(crate) mod once;
mod questions;
mod reasons;
mod roads;
pub(crate) mod table;
mod threats;
pub(crate) mod words;

use std::fmt::Write as _;

use underbelly_library::{Disabled, Library};
use underbelly_model::{Band, Counts, Decided, State, ThreatModel};
use underbelly_source::{Diagnostic, Severity};

use crate::excerpt::Sources;
use crate::paint::{capital, clean, count, listed};
use crate::sentence::sentences;

pub(crate) use questions::{OnlyCode, QuestionRow};
pub use roads::setting_out;
pub(crate) use roads::{LEAST, RoadRow, stops};
pub(crate) use threats::{EntryRow, ThreatRow};

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The threat model.
    pub model: &'a ThreatModel,
    /// What it was judged by.
    pub library: &'a Library,
    /// The texts.
    pub sources: Sources<'a>,
    /// What was not understood.
    pub diagnostics: &'a [Diagnostic],
    /// How much was read.
    pub counts: &'a Counts,
}

/// How many questions a reader of a model is asked: those one answer would settle
/// are one.
pub fn n_questions(model: &ThreatModel) -> usize {
    questions::grouped(&model.questions).0.len()
}

/// A report's rows.
#[derive(Debug)]
pub(crate) struct View<'a> {
    /// The systems, in the order of the model.
    pub systems: Vec<SystemRow>,
    /// `Read 1 template (SAM): 25 resources, 8 functions.`
    pub read: String,
    /// `2 warnings and 1 note`; none if everything was understood.
    pub not_understood: Option<String>,
    /// `Judged as of 2026-11-23.`
    pub judged: String,
    /// The best road to each component worth having, those that matter most first.
    pub roads: Vec<RoadRow>,
    /// How many roads there are, further ones and hard ones included.
    pub n_roads: usize,
    /// Exposed threats by entry, worst first; without those included in others.
    pub exposed: Vec<EntryRow<'a>>,
    /// Questions somebody can answer, each with those one answer would settle too.
    pub questions: Vec<QuestionRow<'a>>,
    /// Facts nobody looks at yet, likewise.
    pub not_analysed: Vec<QuestionRow<'a>>,
    /// What only code can tell.
    pub only_code: OnlyCode,
    /// How many threats hang on something unknown.
    pub n_asked: usize,
    /// How many threats are held off by what is in place.
    pub n_mitigated: usize,
    /// How many threats people decided on, and how.
    pub decided: Vec<(Decided, usize)>,
    /// Entries of the library that are switched off.
    pub disabled: &'a [Disabled],
}

/// A system.
#[derive(Debug)]
pub(crate) struct SystemRow {
    pub name: String,
    /// What it is made of, as a sentence.
    pub says: String,
    /// The worst exposed risk, rounded, and its band.
    pub worst: Option<(i64, Band)>,
    /// How many threats are exposed, in question and held off.
    pub n_exposed: usize,
    pub n_asked: usize,
    pub n_mitigated: usize,
}

impl SystemRow {
    /// `2 exposed, 3 in question, 20 held off`
    pub(crate) fn counts(&self) -> String {
        let counts = [
            (self.n_exposed, "exposed"),
            (self.n_asked, "in question"),
            (self.n_mitigated, "held off"),
        ];
        let said = counts.iter().filter(|(n, _)| *n > 0);
        let said: Vec<String> = said.map(|(n, word)| format!("{n} {word}")).collect();
        said.join(", ")
    }
}

impl<'a> View<'a> {
    /// The rows of a report.
    pub(crate) fn of(report: &Report<'a>) -> Self {
        let model = report.model;
        let (questions, not_analysed) = questions::grouped(&model.questions);
        let of = |state| model.threats.iter().filter(|t| t.state == state).count();
        View {
            systems: systems(report),
            read: read(report.counts),
            not_understood: not_understood(report.diagnostics),
            judged: format!("Judged as of {}.", model.as_of),
            roads: roads::to_each(report),
            n_roads: model.roads.len(),
            exposed: threats::by_entry(report),
            questions,
            not_analysed,
            only_code: OnlyCode::of(model),
            n_asked: model.threats.iter().filter(|t| t.is_asked()).count(),
            decided: decided(model),
            n_mitigated: of(State::Mitigated),
            disabled: &report.library.disabled,
        }
    }

    /// `Threat model of orders`
    pub(crate) fn title(&self) -> String {
        match self.systems.as_slice() {
            [one] => format!("Threat model of {}", one.name),
            many => format!("Threat model of {} systems", many.len()),
        }
    }

    /// `3 roads lead from outside to data, worst first`, if there are some; where only
    /// the worst to each end is shown, that is said.
    pub(crate) fn roads_title(&self) -> Option<String> {
        let shown: usize = self.roads.iter().map(|road| 1 + road.also.len()).sum();
        match (self.n_roads, shown) {
            (0, _) => None,
            (1, 1) => Some("1 road leads from outside to data".to_owned()),
            (1, _) => Some("1 road leads from outside to data, not an easy one".to_owned()),
            (n, 0) => Some(format!(
                "{n} roads lead from outside to data, none of them easy"
            )),
            (n, shown) if n == shown => {
                Some(format!("{n} roads lead from outside to data, worst first"))
            }
            (n, 1) => Some(format!("{n} roads lead from outside to data; the worst")),
            (n, _) => Some(format!(
                "{n} roads lead from outside to data; the worst to each, worst first"
            )),
        }
    }

    /// `12 exposed threats, worst first`
    pub(crate) fn exposed_title(&self) -> String {
        let threats = count(self.exposed.len(), "exposed threat", "exposed threats");
        match self.exposed.as_slice() {
            [] => "No threat is shown to be exposed.".to_owned(),
            _ => format!("{threats}, worst first"),
        }
    }

    /// `2 high, 5 medium and 3 low`, if anything is exposed.
    pub(crate) fn bands_said(&self) -> Option<String> {
        let said = Band::ALL.iter().rev().filter_map(|band| {
            let n = self.exposed.iter().filter(|row| row.band == *band).count();
            (n > 0).then(|| format!("{n} {}", words::spaced(band.word())))
        });
        let said: Vec<String> = said.collect();
        (!said.is_empty()).then(|| listed(&said))
    }

    /// `1 question would decide 1 more threat`, if there is one.
    pub(crate) fn questions_title(&self) -> Option<String> {
        questions::title(&self.questions)
    }

    /// `3 facts hang on what is not analysed yet: …`, if there are some.
    pub(crate) fn not_analysed_title(&self) -> Option<String> {
        questions::not_analysed(&self.not_analysed)
    }

    /// `72 threats are held off by what is in place`, if there are some.
    pub(crate) fn mitigated_title(&self) -> Option<String> {
        let threats = count(self.n_mitigated, "threat is", "threats are");
        (self.n_mitigated > 0).then(|| format!("{threats} held off by what is in place"))
    }

    /// `People decided: 2 threats accepted, 1 out of scope`, if they did.
    pub(crate) fn decided_title(&self) -> Option<String> {
        let said = self
            .decided
            .iter()
            .enumerate()
            .map(|(index, (decided, n))| {
                let what = words::decided(*decided);
                match index {
                    0 => format!("{} {what}", count(*n, "threat", "threats")),
                    _ => format!("{n} {what}"),
                }
            });
        let said: Vec<String> = said.collect();
        (!said.is_empty()).then(|| format!("People decided: {}", listed(&said)))
    }

    /// `1 entry of the library is switched off: function-url-open`, if there are some.
    pub(crate) fn disabled_title(&self) -> Option<String> {
        let entries = count(self.disabled.len(), "entry", "entries");
        let verb = if self.disabled.len() == 1 {
            "is"
        } else {
            "are"
        };
        let ids: Vec<&str> = self.disabled.iter().map(|entry| &*entry.id).collect();
        (!ids.is_empty()).then(|| {
            let ids = ids.join(", ");
            format!("{entries} of the library {verb} switched off: {ids}")
        })
    }
}

fn decided(model: &ThreatModel) -> Vec<(Decided, usize)> {
    let all = Decided::ALL.into_iter().map(|decided| {
        let threats = model.threats.iter();
        let of_it = threats.filter(|t| t.decision().is_some_and(|d| d.decided == decided));
        (decided, of_it.count())
    });
    all.filter(|(_, n)| *n > 0).collect()
}

fn systems(report: &Report<'_>) -> Vec<SystemRow> {
    let architecture = &report.model.architecture;
    let sentences = sentences(architecture, report.library);
    let systems = architecture.systems.iter().zip(sentences);
    let rows = systems.map(|(system, sentence)| SystemRow {
        name: clean(&system.name).into_owned(),
        says: format!("{sentence}."),
        worst: None,
        n_exposed: 0,
        n_asked: 0,
        n_mitigated: 0,
    });
    let mut rows: Vec<SystemRow> = rows.collect();
    for threat in &report.model.threats {
        let system = architecture.component(threat.component);
        let system = system.and_then(|component| component.system);
        let Some(row) = system.and_then(|system| rows.get_mut(system as usize)) else {
            continue;
        };
        match threat.state {
            State::Exposed if threat.is_shown() => {
                row.n_exposed += 1;
                let risk = (threat.risk.value.round() as i64, threat.risk.band);
                row.worst = row.worst.max(Some(risk));
            }
            State::Question if threat.is_asked() => row.n_asked += 1,
            State::Mitigated => row.n_mitigated += 1,
            State::Exposed | State::Question | State::NotApplicable => {}
        }
    }
    rows
}

fn read(counts: &Counts) -> String {
    let formats: Vec<String> = counts.formats.iter().map(|f| (*f).to_owned()).collect();
    let mut said = format!("Read {}", count(counts.templates, "template", "templates"));
    if !formats.is_empty() {
        let _ = write!(said, " ({})", listed(&formats));
    }
    let others = counts.files.saturating_sub(counts.templates);
    if others > 0 {
        let _ = write!(said, " and {}", count(others, "other file", "other files"));
    }
    let _ = write!(
        said,
        ": {}, {}.",
        count(counts.resources, "resource", "resources"),
        count(counts.functions, "function", "functions")
    );
    if let Some(parameters) = &counts.parameters {
        let _ = write!(said, " {}", clean(parameters));
    }
    said
}

fn not_understood(diagnostics: &[Diagnostic]) -> Option<String> {
    let words = [
        (
            Severity::Error,
            "thing not understood",
            "things not understood",
        ),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Note, "note", "notes"),
    ];
    let said = words.into_iter().filter_map(|(severity, one, many)| {
        let n = diagnostics.iter().filter(|d| d.severity == severity);
        let n = n.count();
        (n > 0).then(|| count(n, one, many))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| capital(&listed(&said)))
}
