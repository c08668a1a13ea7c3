//! The table of countermeasures: what to do, once however many threats it
//! answers; what is in place comes last.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::SubjectId;
use underbelly_library::{CountermeasurePage, Effort};
use underbelly_model::{Band, Countermeasure, Evidence, State, Status, Threat};

use super::super::Report;
use super::super::once::Once;
use super::super::words::{self, prose};
use super::pages::Standards;
use super::{Cell, Column, Index, Real, Table, asked, columns, places, spans};
use crate::paint::{clean, listed};

/// Names, facts and places given in one cell.
const NAMES: usize = 8;
const FACTS: usize = 4;

/// What a team may do about a countermeasure.
const DECISIONS: &[&str] = &["planned", "done", "dismissed"];

pub(super) fn table(report: &Report<'_>, index: &Index<'_>) -> Table {
    let standards = index.of_countermeasures();
    let rows = measures(report);
    let mut known: BTreeMap<&str, Said> = BTreeMap::new();
    let cells = |row: &Measure<'_>| {
        let page = index.countermeasure(row.entry);
        let said = page.map(|page| {
            let said = known.entry(&page.id);
            &*said.or_insert_with(|| Said::of(page, &standards))
        });
        row.cells(report, said, standards.columns().count())
    };
    Table {
        name: "Countermeasures",
        about: "what to do, where, and how to see that it works, once for all threats it answers; what is in place comes last, with how we know",
        columns: headings(&standards),
        kept: 4,
        printed: 10,
        rows: rows.iter().map(cells).collect(),
    }
}

fn headings(standards: &Standards<'_>) -> Vec<Column> {
    let mut headings = columns([
        ("For risk", 7),
        ("Band", 10),
        ("Status", 15),
        ("Countermeasure", 34),
        ("On", 28),
        ("Against", 34),
        ("Settles it alone", 11),
        ("Effort", 9),
        ("Do", 56),
        ("Verify", 46),
        ("How we know", 44),
        ("Where", 64),
    ]);
    headings.extend(asked([
        ("Decision", 13, DECISIONS),
        ("By", 14, &[]),
        ("Until", 12, &[]),
    ]));
    headings.extend(columns([("Write", 56)]));
    headings.extend(standards.columns());
    headings.extend(columns([("Read more", 60), ("Id", 36)]));
    headings
}

/// A countermeasure where it is to be put, with all that it stands against.
#[derive(Debug)]
pub(crate) struct Measure<'a> {
    pub entry: &'a Arc<str>,
    pub targets: &'a [SubjectId],
    pub status: Status,
    name: &'a str,
    effort: Effort,
    pub sufficient: bool,
    /// The worst exposed threat it is against.
    pub exposed: Option<f64>,
    /// Whether it is against something in question.
    asked: bool,
    pub against: Vec<&'a str>,
    /// How we know its status.
    evidence: &'a [Arc<Evidence>],
}

/// Every countermeasure where it is to be put or is, the most pressing first.
pub(crate) fn measures<'a>(report: &Report<'a>) -> Vec<Measure<'a>> {
    let mut rows = gathered(report);
    rows.sort_by(|one, other| one.order().cmp(&other.order()));
    rows
}

fn gathered<'a>(report: &Report<'a>) -> Vec<Measure<'a>> {
    let mut rows: Vec<Measure<'a>> = Vec::new();
    let mut at: BTreeMap<(&str, &[SubjectId], Status), usize> = BTreeMap::new();
    for threat in &report.model.threats {
        for one in threat
            .countermeasures
            .iter()
            .filter(|one| counts(threat, one))
        {
            let key = (&*one.entry, one.targets.as_slice(), one.status);
            let index = *at.entry(key).or_insert_with(|| {
                rows.push(Measure::of(report, one));
                rows.len() - 1
            });
            if let Some(row) = rows.get_mut(index) {
                row.add(report, threat, one);
            }
        }
    }
    rows
}

/// Whether it is there, or something is to be done about it here.
fn counts(threat: &Threat, one: &Countermeasure) -> bool {
    if threat.decision().is_some() {
        return false;
    }
    let open = match threat.state {
        State::Exposed | State::Question => true,
        State::Mitigated => matches!(one.status, Status::InPlace | Status::Partial),
        State::NotApplicable => false,
    };
    open && one.status != Status::NotApplicable
}

impl<'a> Measure<'a> {
    fn of(report: &Report<'a>, one: &'a Countermeasure) -> Self {
        let def = report.library.countermeasure(&one.entry);
        Measure {
            entry: &one.entry,
            targets: &one.targets,
            status: one.status,
            name: def.map_or(&*one.entry, |def| &def.name),
            effort: def.map_or(Effort::default(), |def| def.effort),
            sufficient: false,
            exposed: None,
            asked: false,
            against: Vec::new(),
            evidence: &one.evidence,
        }
    }

    fn add(&mut self, report: &Report<'a>, threat: &'a Threat, one: &Countermeasure) {
        self.sufficient |= one.sufficient;
        self.asked |= threat.state == State::Question;
        if threat.state == State::Exposed {
            let value = threat.risk.value.max(self.exposed.unwrap_or(0.0));
            self.exposed = Some(value);
        }
        let def = report.library.threat(&threat.entry);
        let name = def.map_or(&*threat.entry, |def| &def.name);
        if !self.against.contains(&name) {
            self.against.push(name);
        }
    }

    /// What is not in place against the worst first, and of that what settles
    /// most with the least work.
    fn order(&self) -> (bool, bool, i64, bool, Effort, &str, &[SubjectId]) {
        let there = self.status == Status::InPlace;
        let worst = self.exposed.unwrap_or(0.0).round() as i64;
        let asked_only = self.exposed.is_none();
        (
            there,
            asked_only,
            -worst,
            !self.sufficient,
            self.effort,
            self.name,
            self.targets,
        )
    }

    fn cells(&self, report: &Report<'_>, said: Option<&Said>, n_standards: usize) -> Vec<Cell> {
        let open = self.status != Status::InPlace;
        let (risk, band) = match self.exposed.filter(|_| open) {
            Some(value) => (
                Cell::Number(value.round() as i64),
                Cell::Band(Band::of(value), Real::Yes),
            ),
            None => (Cell::Empty, Cell::Empty),
        };
        let architecture = &report.model.architecture;
        let targets = self.targets.iter();
        let targets = targets.map(|target| clean(&architecture.label(*target)).into_owned());
        let against = self.against.iter().map(|name| prose(name));
        let (facts, found) = self.evidence(report);
        let empty = Said::default();
        let said = said.unwrap_or(&empty);
        let mut cells = vec![
            risk,
            band,
            Cell::status(self.status),
            Cell::Name(prose(self.name)),
            Cell::first(targets.collect(), NAMES),
            Cell::first(against.collect(), NAMES),
            Cell::text(if self.sufficient { "yes" } else { "" }),
            Cell::text(self.effort.word()),
            said.action.clone(),
            said.verify.clone(),
            Cell::first(facts, FACTS),
            Cell::first(found, FACTS),
        ];
        // What the team says.
        cells.extend([const { Cell::Empty }; 3]);
        cells.push(said.write.clone());
        let n_before = cells.len();
        cells.extend(said.standards.iter().cloned());
        cells.resize(n_before + n_standards, Cell::Empty);
        cells.extend([said.more.clone(), Cell::text(clean(self.entry))]);
        cells
    }

    /// What tells its status, and where that stands.
    fn evidence(&self, report: &Report<'_>) -> (Vec<String>, Vec<String>) {
        let architecture = &report.model.architecture;
        let facts = Once::of(self.evidence.iter().map(|fact| {
            let of = architecture.label(fact.subject);
            words::fact(architecture, fact, Some(of), words::plainly)
        }));
        let found = self.evidence.iter().flat_map(|fact| spans(&fact.places));
        (facts, places(report, found))
    }
}

/// What the library says of a countermeasure: the same for all rows of it.
#[derive(Default)]
struct Said {
    action: Cell,
    verify: Cell,
    write: Cell,
    standards: Vec<Cell>,
    more: Cell,
}

impl Said {
    fn of(page: &CountermeasurePage, standards: &Standards<'_>) -> Self {
        Said {
            action: Cell::text(prose(&page.action)),
            verify: Cell::text(prose(&page.verify)),
            write: Cell::lines(written(page)),
            standards: standards.cells(&page.standards).collect(),
            more: Cell::link(page.references.first()),
        }
    }
}

fn written(page: &CountermeasurePage) -> Vec<String> {
    let mut lines = Vec::new();
    for (formats, text) in fixes(page) {
        lines.push(format!("{formats}:"));
        lines.extend(text);
    }
    lines
}

/// What to write in which formats, each text once.
pub(crate) fn fixes(page: &CountermeasurePage) -> Vec<(String, Vec<String>)> {
    let mut by_text: Vec<(&str, Vec<String>)> = Vec::new();
    for fix in &page.fix {
        let name = fix.format.name().to_owned();
        match by_text.iter_mut().find(|(text, _)| *text == &*fix.text) {
            Some((_, formats)) => formats.push(name),
            None => by_text.push((&fix.text, vec![name])),
        }
    }
    let fixes = by_text.into_iter().map(|(text, formats)| {
        let lines = text.lines().map(|line| clean(line).into_owned());
        (listed(&formats), lines.collect())
    });
    fixes.collect()
}
