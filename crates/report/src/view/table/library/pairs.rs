//! A row for each threat and each countermeasure against it: the table to paste
//! into one's own, and what CSV is.

use underbelly_library::{Extract, Link, ThreatDef, ThreatPage};

use super::super::super::words::prose;
use super::super::{Cell, Table, columns};
use super::{items, lowers, of_threat, on, references, removes, standards};

pub(crate) fn table(extract: &Extract<'_>) -> Table {
    let mut headings = columns([
        ("Threat id", 30),
        ("Threat", 34),
        ("What can happen", 56),
        ("Applies to", 22),
        ("Provider", 12),
        ("Likelihood", 12),
        ("Impact", 12),
        ("Detected by", 14),
        ("STRIDE", 22),
        ("Countermeasure id", 30),
        ("Countermeasure", 34),
        ("Do", 60),
        ("Effort", 9),
        ("Settles it alone", 11),
        ("Removes", 18),
        ("On", 22),
        ("Verify", 56),
        ("Status", 10),
    ]);
    headings.extend(standards(&extract.standards));
    headings.extend(columns([("Reference", 60), ("More references", 60)]));
    let rows = extract.threats.iter().flat_map(|(def, page)| {
        let links = def.countermeasures.iter().map(Some);
        // A threat against which nothing is known has a row too.
        let nothing = def.countermeasures.is_empty().then_some(None);
        let links = links.chain(nothing);
        links.map(move |link| row(extract, def, page, link))
    });
    Table {
        name: "Threats and countermeasures",
        about: "one row for each threat and each countermeasure against it",
        columns: headings,
        kept: 2,
        printed: 17,
        rows: rows.collect(),
    }
}

fn row(
    extract: &Extract<'_>,
    def: &ThreatDef,
    page: &ThreatPage,
    link: Option<&Link>,
) -> Vec<Cell> {
    let mut cells = of_threat(extract, def, page);
    let measure = link.and_then(|link| Some((link, extract.countermeasure(&link.id)?)));
    let mut named = vec![&*page.standards];
    match measure {
        Some((link, (measure, about))) => {
            cells.extend([
                Cell::Name(prose(&measure.id)),
                Cell::text(prose(&measure.name)),
                Cell::text(prose(&about.action)),
                Cell::text(measure.effort.word()),
                Cell::text(if link.sufficient { "yes" } else { "" }),
                Cell::text(removes(lowers(link, measure))),
                Cell::text(on(extract, link)),
                Cell::text(prose(&about.verify)),
            ]);
            named.push(&about.standards);
        }
        None => cells.extend((0..8).map(|_| Cell::Empty)),
    }
    cells.push(Cell::text(def.status.word()));
    cells.extend(items(&extract.standards, &named));
    cells.extend(references(&page.references));
    cells
}
