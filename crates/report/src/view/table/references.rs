//! The table of references: where to read more on the entries that occur, and
//! the items of standards they are known as.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_library::{Requirements, Standard};
use underbelly_model::State;

use super::super::Report;
use super::super::words::prose;
use super::library::address;
use super::{Cell, Index, Table, columns};

pub(super) fn table(report: &Report<'_>, index: &Index<'_>) -> Table {
    let threats = report.model.threats.iter();
    let shown = threats.filter(|threat| threat.state != State::NotApplicable);
    let mut entries = BTreeSet::new();
    let mut countermeasures = BTreeSet::new();
    for threat in shown {
        entries.insert(&threat.entry);
        countermeasures.extend(threat.countermeasures.iter().map(|one| &one.entry));
    }
    let mut writer = Writer::default();
    for entry in entries {
        let def = report.library.threat(entry);
        let name = def.map_or(&**entry, |def| &def.name);
        if let Some(page) = index.threat(entry) {
            writer.entry("threat", entry, name, &page.references);
            writer.items(&page.standards);
        }
    }
    for entry in countermeasures {
        let def = report.library.countermeasure(entry);
        let name = def.map_or(&**entry, |def| &def.name);
        if let Some(page) = index.countermeasure(entry) {
            writer.entry("countermeasure", entry, name, &page.references);
            writer.items(&page.standards);
        }
    }
    writer.finish(&index.pages.standards)
}

#[derive(Default)]
struct Writer<'a> {
    rows: Vec<Vec<Cell>>,
    /// By standard.
    items: BTreeMap<&'a Arc<str>, BTreeSet<&'a Arc<str>>>,
}

impl<'a> Writer<'a> {
    fn entry(&mut self, what: &str, id: &str, name: &str, references: &[Arc<str>]) {
        for reference in references {
            self.rows.push(vec![
                Cell::text(what),
                Cell::text(prose(id)),
                Cell::text(prose(name)),
                Cell::link(Some(reference)),
            ]);
        }
    }

    fn items(&mut self, standards: &'a [Requirements]) {
        for requirements in standards {
            let items = self.items.entry(&requirements.standard).or_default();
            items.extend(&requirements.items);
        }
    }

    fn finish(mut self, standards: &[Standard]) -> Table {
        for (id, items) in &self.items {
            let Some(standard) = standards.iter().find(|standard| standard.id == **id) else {
                continue;
            };
            for item in items {
                let mut known = standard.items.iter();
                let title = known.find(|(known, _)| known == *item);
                self.rows.push(vec![
                    Cell::text(prose(&standard.title)),
                    Cell::text(prose(item)),
                    Cell::maybe(title.map(|(_, title)| prose(title))),
                    Cell::Link(prose(&address(standard, item))),
                ]);
            }
        }
        Table {
            name: "References",
            about: "where to read more, and the items of standards by their titles",
            columns: columns([("Of", 30), ("Id", 40), ("Name", 60), ("Address", 90)]),
            kept: 0,
            printed: 4,
            rows: self.rows,
        }
    }
}
