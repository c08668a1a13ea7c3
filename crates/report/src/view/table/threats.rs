//! The table of threats: one row for each threat and component, worst first.

use std::collections::BTreeMap;

use underbelly_library::ThreatPage;
use underbelly_model::{Point, Question, QuestionKey, State, Status, Threat};

use super::super::once::Once;
use super::super::words::{self, spaced};
use super::super::{Report, ThreatRow};
use super::components::zone;
use super::pages::Standards;
use super::{Cell, Column, Index, News, Real, Table, asked, columns, kind, places, spans};
use crate::paint::clean;

/// What is listed of one threat at most.
const REASONS: usize = 5;
const PLACES: usize = 3;
const POINTS: usize = 12;
const COUNTERMEASURES: usize = 8;

/// What a team may do about a threat.
const DECISIONS: &[&str] = &["accepted", "dismissed", "out of scope", "planned", "done"];

/// What it is, where, why and what to do; then what the team says; then what it
/// is called elsewhere.
fn headings(standards: &Standards<'_>) -> Vec<Column> {
    let mut headings = columns([
        ("Risk", 7),
        ("Band", 10),
        ("State", 11),
        ("Threat", 32),
        ("STRIDE", 22),
        ("Component", 34),
        ("Points", 32),
        ("When", 26),
        ("What can happen", 50),
        ("Why here", 50),
        ("Where", 64),
        ("First step", 32),
        ("Effort", 9),
        ("Countermeasures", 64),
    ]);
    headings.extend(asked([
        ("Decision", 13, DECISIONS),
        ("By", 14, &[]),
        ("Until", 12, &[]),
        ("Reason", 30, &[]),
    ]));
    headings.extend(columns([
        ("Risk because", 60),
        ("Harms", 17),
        ("Kind", 18),
        ("Zone", 14),
        ("System", 20),
    ]));
    headings.extend(standards.columns());
    headings.extend(columns([("Read more", 60), ("Id", 48)]));
    headings
}

pub(super) fn table(report: &Report<'_>, index: &Index<'_>) -> Table {
    let questions = report.model.questions.iter();
    let writer = Writer {
        report,
        index,
        standards: index.of_threats(),
        questions: questions
            .map(|question| (&question.key, question))
            .collect(),
    };
    let threats = report.model.threats.iter();
    let shown = threats.filter(|threat| threat.state != State::NotApplicable);
    let mut shown: Vec<&Threat> = shown.collect();
    // What another includes comes after all that it could be included in.
    shown.sort_by_key(|threat| {
        let decided = threat.decision().is_some();
        (decided, threat.state, threat.absorbed_by().is_some())
    });
    Table {
        name: "Threats",
        about: "each threat on each component, worst first: what can happen, why here, where, what stands against it, and room for a decision",
        columns: headings(&writer.standards),
        kept: 4,
        printed: 13,
        rows: shown.into_iter().map(|threat| writer.row(threat)).collect(),
    }
}

struct Writer<'a> {
    report: &'a Report<'a>,
    index: &'a Index<'a>,
    standards: Standards<'a>,
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
        let (risk, band) = risk(threat);
        let (step, effort) = match row.first_step {
            Some(step) => (Cell::text(step.name), Cell::text(step.effort)),
            None => (Cell::Empty, Cell::Empty),
        };
        let happens = page.map(|page| words::happens(architecture, threat, page, words::plainly));
        let mut cells = vec![
            risk,
            band,
            state(threat),
            Cell::Name(row.name),
            Cell::lines(page.map_or_else(Vec::new, stride)),
            Cell::text(row.component),
            Cell::first(row.points, POINTS),
            Cell::maybe(row.when),
            Cell::maybe(happens),
            Cell::first(self.why(threat), REASONS),
            Cell::first(self.places(threat), PLACES),
            step,
            effort,
            Cell::first(self.countermeasures(threat), COUNTERMEASURES),
        ];
        // What the team says: in its file, or here.
        match threat.decision() {
            Some(decision) => cells.extend([
                Cell::Word(words::decided(decision.decided), News::None),
                Cell::maybe(decision.by.as_ref().map(|by| clean(by).into_owned())),
                Cell::maybe(decision.until.as_ref().map(|until| until.to_string())),
                Cell::text(clean(&decision.reason)),
            ]),
            None => cells.extend([const { Cell::Empty }; 4]),
        }
        cells.extend([
            Cell::text(factors(threat)),
            Cell::lines(page.map_or_else(Vec::new, harms)),
            Cell::maybe(component.map(|found| kind(self.report.library, &found.kind))),
            Cell::maybe(component.map(|found| zone(self.report, found))),
            Cell::maybe(system.map(|system| clean(&system.name))),
        ]);
        let standards = page.map_or(&[][..], |page| &page.standards);
        cells.extend(self.standards.cells(standards));
        cells.push(Cell::link(page.and_then(|page| page.references.first())));
        cells.push(Cell::text(clean(&threat.id)));
        cells
    }

    /// Every countermeasure that could be there, and whether it is.
    fn countermeasures(&self, threat: &Threat) -> Vec<String> {
        let all = threat.countermeasures.iter();
        let all = all.filter(|one| one.status != Status::NotApplicable);
        all.map(|one| {
            let def = self.report.library.countermeasure(&one.entry);
            let name = clean(def.map_or(&*one.entry, |def| &def.name)).into_owned();
            let alone = match one.sufficient {
                true => ", settles it alone",
                false => "",
            };
            format!("{name} ({}{alone})", words::status(one.status))
        })
        .collect()
    }

    fn why(&self, threat: &Threat) -> Vec<String> {
        if let Some(by) = threat.absorbed_by() {
            return vec![format!("included in {}", clean(by))];
        }
        let mut why = Once::default();
        if threat.state == State::Mitigated
            && let Some(said) = self.held_off_by(threat)
        {
            why.add(said);
        }
        for point in threat.told_points() {
            let asked = point.questions.iter().map(|key| self.ask(threat, key));
            let facts = point.evidence.iter();
            let architecture = &self.report.model.architecture;
            let facts =
                facts.map(|fact| words::evidence(architecture, threat, fact, words::plainly));
            asked.chain(facts).for_each(|said| why.add(said));
        }
        why.texts()
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
    if threat.decision().is_some() {
        return (Cell::Empty, Cell::Empty);
    }
    let real = match (threat.state, threat.absorbed_by()) {
        (State::Exposed, None) => Real::Yes,
        (State::Exposed, Some(_)) | (State::Question, _) => Real::Perhaps,
        (State::Mitigated | State::NotApplicable, _) => return (Cell::Empty, Cell::Empty),
    };
    let value = threat.risk.value.round() as i64;
    (Cell::Number(value), Cell::Band(threat.risk.band, real))
}

fn state(threat: &Threat) -> Cell {
    match threat.absorbed_by() {
        Some(_) => Cell::Word("included", News::None),
        None => Cell::state(threat.state),
    }
}

fn stride(page: &ThreatPage) -> Vec<String> {
    page.stride.iter().map(|s| spaced(s.word())).collect()
}

fn harms(page: &ThreatPage) -> Vec<String> {
    let harms = page.threat.harms.iter();
    harms.map(|harm| harm.word().to_owned()).collect()
}

/// `likelihood: high; attacker: open to anyone`, each factor that counts.
fn factors(threat: &Threat) -> String {
    if matches!(threat.state, State::Mitigated | State::NotApplicable) {
        return String::new();
    }
    let factors = threat.risk.factors.iter();
    let factors = factors.map(|factor| format!("{}: {}", factor.name, factor.finding));
    clean(&factors.collect::<Vec<_>>().join("; ")).into_owned()
}
