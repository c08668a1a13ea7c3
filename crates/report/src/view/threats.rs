//! Threats as rows: by entry, and each where it was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use underbelly_model::{Band, Status, Threat, ThreatModel};
use underbelly_source::Span;

use super::Report;
use crate::paint::clean;

/// Exposed threats of one library entry, worst first.
#[derive(Debug)]
pub(crate) struct EntryRow<'a> {
    pub name: String,
    /// The worst of its threats, rounded.
    pub risk: i64,
    pub band: Band,
    /// One for each component.
    pub threats: Vec<ThreatRow<'a>>,
}

impl EntryRow<'_> {
    /// What to do first about the worst of them.
    pub(crate) fn first_step(&self) -> Option<&FirstStep> {
        self.threats.first()?.first_step.as_ref()
    }
}

/// A threat on one component.
#[derive(Debug)]
pub(crate) struct ThreatRow<'a> {
    pub threat: &'a Threat,
    pub name: String,
    pub component: String,
    /// The keys of its points, where it has some.
    pub points: Vec<String>,
    /// Under which conditions it is so, if not always.
    pub when: Option<String>,
    /// The first place of the evidence, as `file:line`.
    pub place: String,
    /// The best countermeasure that is not in place.
    pub first_step: Option<FirstStep>,
}

/// What to do first.
#[derive(Debug)]
pub(crate) struct FirstStep {
    pub entry: Arc<str>,
    pub name: String,
    pub effort: &'static str,
}

impl FirstStep {
    /// The name, with the effort.
    pub(crate) fn said(&self) -> String {
        format!("{} ({})", self.name, self.effort)
    }
}

impl<'a> ThreatRow<'a> {
    pub(crate) fn of(report: &Report<'a>, threat: &'a Threat) -> Self {
        let component = report.model.architecture.label(threat.component);
        let keys = threat.told_points().map(|point| &point.key);
        let keys = keys.filter(|key| !key.is_empty());
        let def = report.library.threat(&threat.entry);
        ThreatRow {
            threat,
            name: clean(def.map_or(&*threat.entry, |def| &def.name)).into_owned(),
            component: clean(&component).into_owned(),
            points: keys.map(|key| clean(key).into_owned()).collect(),
            when: exposed_when(report.model, threat),
            place: place(report, threat),
            first_step: first_step(report, threat),
        }
    }

    /// `ShopApi # GET /orders and 2 more (when IsProd)`
    pub(crate) fn found_on(&self) -> String {
        let mut said = self.component.clone();
        if let Some(first) = self.points.first() {
            let _ = write!(said, " # {first}");
            if self.points.len() > 1 {
                let _ = write!(said, " and {} more", self.points.len() - 1);
            }
        }
        if let Some(when) = &self.when {
            let _ = write!(said, " (when {when})");
        }
        said
    }
}

/// Exposed threats that are shown, by entry, worst first.
pub(super) fn by_entry<'a>(report: &Report<'a>) -> Vec<EntryRow<'a>> {
    let mut rows: Vec<EntryRow<'a>> = Vec::new();
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    // The model is sorted worst first, so the first of an entry is its worst.
    for threat in &report.model.threats {
        if !threat.is_shown() {
            continue;
        }
        let row = ThreatRow::of(report, threat);
        let index = *at.entry(&threat.entry).or_insert_with(|| {
            rows.push(EntryRow {
                name: row.name.clone(),
                risk: threat.risk.value.round() as i64,
                band: threat.risk.band,
                threats: Vec::new(),
            });
            rows.len() - 1
        });
        if let Some(found) = rows.get_mut(index) {
            found.threats.push(row);
        }
    }
    rows
}

/// Under which conditions a threat is exposed, if not always.
fn exposed_when(model: &ThreatModel, threat: &Threat) -> Option<String> {
    let mut said = BTreeSet::new();
    for point in threat.shown_points() {
        if point.when.is_empty() {
            return None;
        }
        for guard in &point.when {
            said.insert(model.architecture.worlds.describe(guard));
        }
    }
    let said: Vec<String> = said.into_iter().collect();
    (!said.is_empty()).then(|| clean(&said.join(" or ")).into_owned())
}

/// The first place of the evidence, as `file:line`.
fn place(report: &Report<'_>, threat: &Threat) -> String {
    let evidence = threat.told_points().flat_map(|point| &point.evidence);
    let spans = evidence
        .flat_map(|fact| &fact.places)
        .map(|place| place.span);
    let component = report.model.architecture.component(threat.component);
    let head = component.and_then(|component| component.place);
    let span = spans.chain(head).next();
    span.map_or_else(String::new, |span| report.at(span))
}

/// The first countermeasure that is not in place.
fn first_step(report: &Report<'_>, threat: &Threat) -> Option<FirstStep> {
    let open = threat.countermeasures.iter().filter(|countermeasure| {
        matches!(
            countermeasure.status,
            Status::Missing | Status::Partial | Status::Unknown
        )
    });
    let best = open.min_by_key(|countermeasure| !countermeasure.sufficient)?;
    let def = report.library.countermeasure(&best.entry)?;
    Some(FirstStep {
        entry: best.entry.clone(),
        name: clean(&def.name).into_owned(),
        effort: def.effort.word(),
    })
}

impl Report<'_> {
    /// A place as `file:line`.
    pub(crate) fn at(&self, span: Span) -> String {
        let files = self.sources.files;
        let line = files.position(span).line;
        format!("{}:{line}", clean(files.shown(span.file)))
    }
}
