//! The table of threats: one row for each threat and component, worst first.

use underbelly_library::ThreatPage;
use underbelly_model::{Point, Question, QuestionKey, State, Status, Threat};

use std::collections::BTreeMap;

use super::super::words::{self, spaced};
use super::super::{Report, ThreatRow};
use super::{Cell, Column, Index, Real, Table, columns, kind, places, spans, standards};
use crate::paint::clean;

/// Reasons and places given for one threat.
const REASONS: usize = 5;
const PLACES: usize = 4;
const POINTS: usize = 12;

fn headings() -> Vec<Column> {
    columns([
        ("Risk", 7),
        ("Band", 10),
        ("State", 11),
        ("Threat", 34),
        ("Component", 28),
        ("Points", 28),
        ("When", 20),
        ("Why", 56),
        ("Where", 36),
        ("First step", 34),
        ("Effort", 9),
        ("Kind", 18),
        ("System", 20),
        ("STRIDE", 24),
        ("Standards", 48),
        ("Read more", 60),
        ("Id", 48),
    ])
}

pub(super) fn table(report: &Report<'_>, index: &Index<'_>) -> Table {
    let questions = report.model.questions.iter();
    let writer = Writer {
        report,
        index,
        questions: questions
            .map(|question| (&question.key, question))
            .collect(),
    };
    let threats = report.model.threats.iter();
    let shown = threats.filter(|threat| threat.state != State::NotApplicable);
    Table {
        name: "Threats",
        columns: headings(),
        kept: 4,
        printed: 11,
        rows: shown.map(|threat| writer.row(threat)).collect(),
    }
}

struct Writer<'a> {
    report: &'a Report<'a>,
    index: &'a Index<'a>,
    questions: BTreeMap<&'a QuestionKey, &'a Question>,
}

impl Writer<'_> {
    fn row(&self, threat: &Threat) -> Vec<Cell> {
        let row = ThreatRow::of(self.report, threat);
        let architecture = &self.report.model.architecture;
        let component = architecture.component(threat.component);
        let system = component.and_then(|component| component.system);
        let system = system.and_then(|index| architecture.systems.get(index as usize));
        let page = self.index.threat(&threat.entry);
        let standards = page.map_or_else(Vec::new, |page| standards(&page.standards));
        let standards = standards.join("; ");
        let (risk, band) = risk(threat);
        let (step, effort) = match row.first_step {
            Some(step) => (Cell::text(step.name), Cell::text(step.effort)),
            None => (Cell::Empty, Cell::Empty),
        };
        vec![
            risk,
            band,
            Cell::text(state(threat)),
            Cell::text(row.name),
            Cell::text(row.component),
            Cell::first(row.points, POINTS),
            Cell::maybe(row.when),
            Cell::first(self.why(threat), REASONS),
            Cell::first(self.places(threat), PLACES),
            step,
            effort,
            Cell::maybe(component.map(|found| kind(self.report.library, &found.kind))),
            Cell::maybe(system.map(|system| clean(&system.name))),
            Cell::text(page.map_or_else(String::new, stride)),
            Cell::text(standards),
            Cell::link(page.and_then(|page| page.references.first())),
            Cell::text(clean(&threat.id)),
        ]
    }

    fn why(&self, threat: &Threat) -> Vec<String> {
        if let Some(by) = threat.absorbed_by() {
            return vec![format!("included in {}", clean(by))];
        }
        let mut why: Vec<String> = Vec::new();
        if threat.state == State::Mitigated {
            why.extend(self.held_off_by(threat));
        }
        for point in threat.told_points() {
            let asked = point.questions.iter().map(|key| self.ask(threat, key));
            let facts = point.evidence.iter();
            let architecture = &self.report.model.architecture;
            let facts =
                facts.map(|fact| words::evidence(architecture, threat, fact, words::plainly));
            for said in asked.chain(facts) {
                if !why.contains(&said) {
                    why.push(said);
                }
            }
        }
        why
    }

    fn held_off_by(&self, threat: &Threat) -> Option<String> {
        let there = threat.countermeasures.iter();
        let there = there.filter(|one| one.status == Status::InPlace);
        let names: Vec<&str> = there
            .filter_map(|one| self.report.library.countermeasure(&one.entry))
            .map(|def| &*def.name)
            .collect();
        let said = format!("in place: {}", names.join(", "));
        (!names.is_empty()).then(|| words::prose(&said))
    }

    fn ask(&self, threat: &Threat, key: &QuestionKey) -> String {
        if let Some(question) = self.questions.get(key) {
            return clean(&question.ask).into_owned();
        }
        let component = self.report.model.architecture.component(threat.component);
        let kind = component.and_then(|found| self.report.library.kind(&found.kind));
        let codes = kind.into_iter().flat_map(|kind| &kind.code);
        let mut codes = codes.filter(|code| key.fact.strip_prefix("code.") == Some(&*code.name));
        let code = codes.next();
        code.map_or_else(String::new, |code| {
            words::prose(&format!("only its code can tell: {}", code.ask))
        })
    }

    fn places(&self, threat: &Threat) -> Vec<String> {
        let facts = threat
            .told_points()
            .flat_map(|point: &Point| &point.evidence);
        let component = self.report.model.architecture.component(threat.component);
        let found = places(self.report, facts.flat_map(|fact| spans(&fact.places)));
        if found.is_empty() {
            return places(self.report, component.and_then(|one| one.place).into_iter());
        }
        found
    }
}

fn risk(threat: &Threat) -> (Cell, Cell) {
    let real = match (threat.state, threat.absorbed_by()) {
        (State::Exposed, None) => Real::Yes,
        (State::Exposed, Some(_)) | (State::Question, _) => Real::Perhaps,
        (State::Mitigated | State::NotApplicable, _) => return (Cell::Empty, Cell::Empty),
    };
    let value = threat.risk.value.round() as i64;
    (Cell::Number(value), Cell::Band(threat.risk.band, real))
}

fn state(threat: &Threat) -> &'static str {
    match threat.absorbed_by() {
        Some(_) => "included",
        None => words::state(threat.state),
    }
}

fn stride(page: &ThreatPage) -> String {
    let words: Vec<String> = page.stride.iter().map(|s| spaced(s.word())).collect();
    words.join(", ")
}
