//! A row for each threat.

use underbelly_library::{Extract, ThreatDef, ThreatPage};

use super::super::super::words::prose;
use super::super::{Cell, Table, columns};
use super::{items, of_threat, references, standards};

pub(super) fn table(extract: &Extract<'_>) -> Table {
    let mut headings = columns([
        ("Id", 30),
        ("Threat", 34),
        ("What can happen", 56),
        ("Applies to", 22),
        ("Provider", 12),
        ("Likelihood", 12),
        ("Impact", 12),
        ("Detected by", 14),
        ("STRIDE", 22),
        ("Countermeasures", 46),
        ("Why", 60),
        ("May be fine", 46),
        ("Loss of confidentiality", 14),
        ("Loss of integrity", 12),
        ("Loss of availability", 12),
        ("Exposed when", 46),
        ("Status", 10),
    ]);
    headings.extend(standards(&extract.standards));
    headings.extend(columns([("Reference", 60), ("More references", 60)]));
    let rows = extract.threats.iter();
    Table {
        name: "Threats",
        about: "what can happen, one row for each threat",
        columns: headings,
        kept: 2,
        printed: 10,
        rows: rows.map(|(def, page)| row(extract, def, page)).collect(),
    }
}

fn row(extract: &Extract<'_>, def: &ThreatDef, page: &ThreatPage) -> Vec<Cell> {
    let impact = def.rate.impact;
    let losses = [
        impact.confidentiality,
        impact.integrity,
        impact.availability,
    ];
    let measures = def.countermeasures.iter().map(|link| {
        let known = extract.library.countermeasure(&link.id);
        prose(known.map_or(&*link.id, |def| &def.name))
    });
    let exposed = match (&def.exposed, def.when.text()) {
        (Some(exposed), "true") => exposed.text().to_owned(),
        (Some(exposed), when) => format!("({when}) and ({})", exposed.text()),
        (None, "true") => "no sufficient countermeasure is in place".to_owned(),
        (None, when) => format!("({when}) and no sufficient countermeasure is in place"),
    };
    let mut cells = of_threat(extract, def, page);
    cells.extend([
        Cell::lines(measures.collect()),
        Cell::text(prose(&page.why)),
        Cell::maybe(page.hint.as_ref().map(|hint| prose(hint))),
    ]);
    cells.extend(losses.map(|level| Cell::text(level.word())));
    cells.push(Cell::text(prose(&exposed)));
    cells.push(Cell::text(def.status.word()));
    cells.extend(items(&extract.standards, &[&page.standards]));
    cells.extend(references(&page.references));
    cells
}
