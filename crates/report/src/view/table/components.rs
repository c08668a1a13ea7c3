//! The tables of components and flows, in the order of the model.

use std::collections::BTreeMap;

use underbelly_expression::SubjectId;
use underbelly_model::{Component, DataFlow, State, Threat};

use super::super::Report;
use super::super::words;
use super::{Cell, Real, Table, columns, kind, places, spans, when};
use crate::paint::clean;

/// Places given for one flow.
const PLACES: usize = 4;

/// Components, in the order of the model.
pub(crate) fn table(report: &Report<'_>) -> Table {
    let mut by_component: BTreeMap<SubjectId, Vec<&Threat>> = BTreeMap::new();
    for threat in &report.model.threats {
        by_component
            .entry(threat.component)
            .or_default()
            .push(threat);
    }
    let components = report.model.architecture.components.iter();
    let rows = components.enumerate().map(|(index, component)| {
        let threats = by_component.get(&SubjectId::component(index));
        row(report, component, threats.map_or(&[], Vec::as_slice))
    });
    Table {
        name: "Components",
        about: "what the system is made of, and how much threatens each",
        columns: columns([
            ("Component", 32),
            ("Kind", 20),
            ("Zone", 16),
            ("System", 20),
            ("Type", 34),
            ("Where", 64),
            ("When", 24),
            ("Exposed threats", 10),
            ("Highest risk", 9),
            ("Band", 10),
            ("Questions", 11),
            ("Held off", 9),
            ("Note", 30),
        ]),
        kept: 1,
        printed: 13,
        rows: rows.collect(),
    }
}

fn row(report: &Report<'_>, component: &Component, threats: &[&Threat]) -> Vec<Cell> {
    let architecture = &report.model.architecture;
    let system = component.system;
    let system = system.and_then(|index| architecture.systems.get(index as usize));
    let exposed = threats.iter().filter(|threat| threat.is_shown());
    let worst = exposed
        .clone()
        .max_by(|one, other| one.risk.value.total_cmp(&other.risk.value));
    let of = |state| threats.iter().filter(|t| t.state == state).count();
    let declared = component.resource.as_ref();
    vec![
        Cell::Name(clean(&component.short).into_owned()),
        Cell::text(kind(report.library, &component.kind)),
        Cell::text(zone(report, component)),
        Cell::maybe(system.map(|system| clean(&system.name))),
        Cell::maybe(declared.map(|declared| clean(&declared.kind))),
        Cell::maybe(component.place.map(|span| report.at(span))),
        when(report, &component.guard),
        Cell::number(exposed.count()),
        worst.map_or(Cell::Empty, |t| Cell::Number(t.risk.value.round() as i64)),
        worst.map_or(Cell::Empty, |t| Cell::Band(t.risk.band, Real::Yes)),
        Cell::number(of(State::Question)),
        Cell::number(of(State::Mitigated)),
        Cell::text(if component.outside {
            "named but not declared here"
        } else {
            ""
        }),
    ]
}

/// The zone's name for people.
pub(super) fn zone(report: &Report<'_>, component: &Component) -> String {
    let mut zones = report.model.architecture.zones.iter();
    let zone = zones.find(|zone| zone.id == component.zone);
    clean(zone.map_or(&*component.zone, |zone| &zone.name)).into_owned()
}

/// Flows, in the order of the model.
pub(crate) fn flows(report: &Report<'_>) -> Table {
    let flows = report.model.architecture.flows.iter();
    Table {
        name: "Flows",
        about: "what goes from where to where, and which of it crosses from one zone to another",
        columns: columns([
            ("From", 32),
            ("To", 32),
            ("Kind", 11),
            ("What", 28),
            ("From zone", 16),
            ("To zone", 16),
            ("Crosses", 9),
            ("How sure", 32),
            ("When", 24),
            ("Where", 64),
        ]),
        kept: 2,
        printed: 10,
        rows: flows.map(|flow| flow_row(report, flow)).collect(),
    }
}

fn flow_row(report: &Report<'_>, flow: &DataFlow) -> Vec<Cell> {
    let architecture = &report.model.architecture;
    let label = |subject| Cell::text(clean(&architecture.label(subject)));
    let zone_of = |subject| {
        let owner = architecture.owner(subject);
        owner.map(|component| zone(report, component))
    };
    let (from, to) = (zone_of(flow.source), zone_of(flow.destination));
    let crosses = from != to;
    vec![
        label(flow.source),
        label(flow.destination),
        Cell::text(flow.kind.word()),
        Cell::text(clean(&flow.label)),
        Cell::maybe(from),
        Cell::maybe(to),
        Cell::text(if crosses { "yes" } else { "" }),
        Cell::text(words::strength(flow.strength)),
        when(report, &flow.guard),
        Cell::first(places(report, spans(&flow.places)), PLACES),
    ]
}
