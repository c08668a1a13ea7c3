//! A row for each countermeasure.

use underbelly_library::{CountermeasureDef, CountermeasurePage, Extract};

use super::super::super::words::prose;
use super::super::{Cell, Table, columns};
use super::{applies_to, decided_by, items, references, removes, standards};

pub(super) fn table(extract: &Extract<'_>) -> Table {
    let mut headings = columns([
        ("Id", 30),
        ("Countermeasure", 34),
        ("Do", 60),
        ("Put on", 22),
        ("Effort", 9),
        ("Removes", 18),
        ("Verify", 56),
        ("Seen by", 14),
        ("Against", 46),
        ("In place when", 46),
        ("Write", 46),
        ("Status", 10),
    ]);
    headings.extend(standards(&extract.standards));
    headings.extend(columns([("Reference", 60), ("More references", 60)]));
    let rows = extract.countermeasures.iter();
    Table {
        name: "Countermeasures",
        about: "what to do and how to see that it works, one row for each countermeasure",
        columns: headings,
        kept: 2,
        printed: 9,
        rows: rows.map(|(def, page)| row(extract, def, page)).collect(),
    }
}

fn row(extract: &Extract<'_>, def: &CountermeasureDef, page: &CountermeasurePage) -> Vec<Cell> {
    let against = extract.against(&def.id).map(|threat| prose(&threat.name));
    let fixes = page.fix.iter().flat_map(|fix| {
        let name = fix.format.name();
        fix.text
            .lines()
            .map(move |line| format!("{name}: {}", prose(line)))
    });
    let mut cells = vec![
        Cell::Name(prose(&def.id)),
        Cell::Name(prose(&def.name)),
        Cell::text(prose(&page.action)),
        applies_to(extract, &def.applies_to),
        Cell::text(def.effort.word()),
        Cell::text(removes(def.lowers)),
        Cell::text(prose(&page.verify)),
        Cell::text(decided_by(&page.decided_by)),
        Cell::lines(against.collect()),
        Cell::text(prose(def.in_place.text())),
        Cell::lines(fixes.collect()),
        Cell::text(def.status.word()),
    ];
    cells.extend(items(&extract.standards, &[&page.standards]));
    cells.extend(references(&page.references));
    cells
}
