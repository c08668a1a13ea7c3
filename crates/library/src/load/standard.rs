//! Reads a list of requirements: `library/standards/<id>.yaml`.
//!
//! ```yaml
//! id: cwe
//! title: Common Weakness Enumeration
//! short: CWE             # the id if left out
//! version: '4.18'
//! source: https://cwe.mitre.org/data/downloads.html
//! link: https://cwe.mitre.org/data/definitions/{number}.html
//! checked: '2026-11-23'
//! items:                 # only those that entries name
//!   CWE-306: Missing Authentication for Critical Function
//! ```

use underbelly_syntax::Node;

use super::entry;
use super::strict::Sheet;
use crate::Standard;

/// The standard in a file.
pub(super) fn read(sheet: &mut Sheet, path: &str, root: Node<'_>) -> Option<Standard> {
    let keys = [
        "id", "title", "short", "version", "source", "link", "checked", "items",
    ];
    let fields = sheet.fields(root, "a standard", &keys)?;
    let checked = sheet.need(fields, "checked");
    sheet.need(fields, "items");
    let items = sheet.entries_of(fields, "items");
    let items = items.into_iter().filter_map(|item| {
        let title = sheet.text(item.value, item.name())?;
        Some((item.name().into(), title))
    });
    let mut items: Vec<_> = items.collect();
    items.sort();
    let id = entry::id(sheet, fields, path)?;
    Some(Standard {
        short: sheet.text_of(fields, "short").unwrap_or_else(|| id.clone()),
        id,
        title: sheet.needed_text(fields, "title"),
        version: sheet.needed_text(fields, "version"),
        source: sheet.needed_text(fields, "source"),
        checked: checked
            .and_then(|node| sheet.date(node, "checked"))
            .unwrap_or_default(),
        link: sheet.text_of(fields, "link"),
        items,
    })
}
