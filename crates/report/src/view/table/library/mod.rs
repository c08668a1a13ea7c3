//! Tables of the library apart from any system: threats, countermeasures, one row
//! for each pair of them, and the standards they are known by.

mod countermeasures;
mod pairs;
mod sources;
mod threats;

use std::sync::Arc;

use underbelly_library::{
    AppliesTo, CountermeasureDef, Decider, Extract, Link, Lowers, Requirements, Standard,
    ThreatDef, ThreatPage,
};

use crate::page::sentence;

use super::super::words::prose;
use super::{Cell, Column, Table};

pub(crate) use pairs::table as pairs;
pub(crate) use sources::address;

/// The widest column of a standard's items.
const WIDTH: usize = 18;

/// All tables, in the order of a spreadsheet's sheets.
pub(crate) fn each(extract: &Extract<'_>) -> [Table; 4] {
    [
        threats::table(extract),
        countermeasures::table(extract),
        pairs::table(extract),
        sources::table(extract),
    ]
}

/// What an entry applies to, by the names of kinds.
fn applies_to(extract: &Extract<'_>, applies_to: &[AppliesTo]) -> Cell {
    let said = applies_to.iter();
    Cell::lines(
        said.map(|to| prose(&extract.library.applies_to_said(to)))
            .collect(),
    )
}

/// What every table of threats begins with.
fn of_threat(extract: &Extract<'_>, def: &ThreatDef, page: &ThreatPage) -> Vec<Cell> {
    let impact = def.rate.impact;
    let losses = [
        impact.confidentiality,
        impact.integrity,
        impact.availability,
    ];
    let worst = losses.into_iter().max().unwrap_or_default();
    let stride = page.stride.iter().map(|stride| prose(stride.word()));
    vec![
        Cell::Name(prose(&def.id)),
        Cell::Name(prose(&def.name)),
        Cell::text(prose(&sentence(page))),
        applies_to(extract, &def.applies_to),
        Cell::text(provider(extract, def)),
        Cell::text(def.rate.likelihood.word()),
        Cell::text(worst.word()),
        Cell::text(decided_by(&page.decided_by)),
        Cell::lines(stride.collect()),
    ]
}

/// The providers a threat concerns, or that it concerns any.
pub(crate) fn provider(extract: &Extract<'_>, def: &ThreatDef) -> String {
    let providers = extract.library.providers_of(def);
    match providers.is_empty() {
        true => "any".to_owned(),
        false => prose(&providers.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// Who can tell: `template, person`.
pub(crate) fn decided_by(deciders: &[Decider]) -> String {
    let words: Vec<&str> = deciders.iter().map(|decider| decider.word()).collect();
    words.join(", ")
}

/// What a countermeasure takes off a threat: `80 % of the likelihood`; nothing
/// where it takes nothing off by itself.
pub(crate) fn removes(lowers: Lowers) -> String {
    let percent = |share: f32| (f64::from(share) * 100.0).round() as i64;
    let shares = [
        (percent(lowers.likelihood), "likelihood"),
        (percent(lowers.impact), "impact"),
    ];
    let said = shares.into_iter().filter(|(share, _)| *share > 0);
    let said: Vec<String> = said
        .map(|(share, of)| format!("{share} % of the {of}"))
        .collect();
    said.join(", ")
}

/// What a countermeasure takes off the threat that names it.
pub(crate) fn lowers(link: &Link, def: &CountermeasureDef) -> Lowers {
    link.lowers.unwrap_or(def.lowers)
}

/// Where a countermeasure is put, if not on what the threat is on, and by which
/// facts one gets there: `Function (target)`.
pub(crate) fn on(extract: &Extract<'_>, link: &Link) -> String {
    let Some(path) = &link.on else {
        return String::new();
    };
    let part = extract.library.part(&path.ends_in);
    let ends_in = match part.filter(|_| path.in_parts) {
        Some(part) => part.name.to_string(),
        None => extract.library.applies_to_said(&AppliesTo {
            kind: path.ends_in.clone(),
            part: None,
        }),
    };
    prose(&format!("{ends_in} ({})", path.expression.text()))
}

/// Columns of the standards that entries are known by, the same for all tables.
fn standards(standards: &[&Standard]) -> impl Iterator<Item = Column> {
    standards.iter().map(|standard| Column {
        title: prose(&standard.short),
        narrowest: 0,
        widest: WIDTH,
        asked: None,
    })
}

/// The items of each standard that one of these names.
fn items(standards: &[&Standard], requirements: &[&[Requirements]]) -> impl Iterator<Item = Cell> {
    standards.iter().map(|standard| {
        let named = requirements.iter().copied().flatten();
        let named = named.filter(|one| one.standard == standard.id);
        let mut items: Vec<&Arc<str>> = named.flat_map(|one| &one.items).collect();
        items.sort_by_key(|item| (item.len(), (*item).clone()));
        items.dedup();
        let items: Vec<&str> = items.into_iter().map(|item| &**item).collect();
        Cell::text(prose(&items.join(", ")))
    })
}

/// The first reference as a link, the others below each other.
fn references(references: &[Arc<str>]) -> [Cell; 2] {
    let others = references.iter().skip(1).map(|other| prose(other));
    [
        Cell::link(references.first()),
        Cell::lines(others.collect()),
    ]
}
