//! The standards that entries are known by: which edition, from where, compared
//! when; below each the items named.

use underbelly_library::{Extract, Standard};

use super::super::super::words::prose;
use super::super::{Cell, Table, columns};

pub(super) fn table(extract: &Extract<'_>) -> Table {
    Table {
        name: "Sources",
        about: "the standards that entries are known by, with edition and date, and the items by their titles",
        columns: columns([
            ("Standard", 44),
            ("Version", 16),
            ("Compared on", 13),
            ("Item", 20),
            ("Title", 70),
            ("Address", 80),
        ]),
        kept: 1,
        printed: 6,
        rows: extract
            .standards
            .iter()
            .flat_map(|standard| rows(extract, standard))
            .collect(),
    }
}

fn rows(extract: &Extract<'_>, standard: &Standard) -> Vec<Vec<Cell>> {
    let row = |item: &str, title: &str, address: String| {
        vec![
            Cell::Name(prose(&standard.title)),
            Cell::text(prose(&standard.version)),
            Cell::text(prose(&standard.checked)),
            Cell::text(prose(item)),
            Cell::text(prose(title)),
            Cell::Link(prose(&address)),
        ]
    };
    let named = extract.items(&standard.id);
    let mut items: Vec<_> = standard.items.iter().collect();
    items.retain(|(id, _)| named.contains(&**id));
    items.sort_by_key(|(id, _)| (id.len(), id.clone()));
    let items = items.into_iter();
    let items = items.map(|(id, title)| row(id, title, address(standard, id)));
    std::iter::once(row("", "", standard.source.to_string()))
        .chain(items)
        .collect()
}

/// Where one item is published, or else the whole standard.
pub(crate) fn address(standard: &Standard, item: &str) -> String {
    let digits: String = item.chars().filter(char::is_ascii_digit).collect();
    match &standard.link {
        Some(link) => link
            .replace("{number}", &digits)
            .replace("{path}", &item.replace('.', "/")),
        None => standard.source.to_string(),
    }
}
