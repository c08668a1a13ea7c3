//! Reads what threats and countermeasures have in common.

use std::sync::Arc;

use underbelly_source::Span;
use underbelly_syntax::{Kind, Node};

use super::strict::{Fields, Sheet};
use crate::{AppliesTo, Deprecated, EntryStatus, Lowers, Requirements};

/// The id of an entry, which is its file's name.
pub(super) fn id(sheet: &mut Sheet, fields: Fields<'_>, path: &str) -> Option<Arc<str>> {
    let node = sheet.need(fields, "id")?;
    let id = sheet.text(node, "id")?;
    if !is_slug(&id) {
        let message = format!("`{id}` is not an id");
        sheet.report("wrong-id", node.span(), message).help =
            Some("ids are lower-case words joined by `-`".to_owned());
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".yaml").unwrap_or(name);
    if *stem != *id {
        let message = format!("the entry `{id}` stands in the file `{name}`");
        sheet.report("wrong-id", node.span(), message).help =
            Some(format!("call the file `{id}.yaml`, or the entry `{stem}`"));
    }
    Some(id)
}

fn is_slug(id: &str) -> bool {
    let letters = |word: &str| {
        let mut letters = word.bytes();
        !word.is_empty() && letters.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    id.split('-').all(letters)
}

/// `status: draft`, `stable`, or `{ deprecated: { since, instead, reason } }`.
pub(super) fn status(sheet: &mut Sheet, fields: Fields<'_>) -> EntryStatus {
    let Some(node) = sheet.need(fields, "status") else {
        return EntryStatus::Draft;
    };
    if node.kind() != Kind::Mapping {
        let words = [EntryStatus::Draft, EntryStatus::Stable];
        let words = [(&words[0], "draft"), (&words[1], "stable")];
        let found = sheet.choice(node, "status", &words, |(_, word)| word);
        return found.map_or(EntryStatus::Draft, |(status, _)| status.clone());
    }
    let deprecated = sheet.fields(node, "`status`", &["deprecated"]);
    let deprecated = deprecated
        .and_then(|fields| sheet.need(fields, "deprecated"))
        .and_then(|node| sheet.fields(node, "`deprecated`", &["since", "instead", "reason"]));
    let Some(fields) = deprecated else {
        return EntryStatus::Draft;
    };
    let since = sheet.need(fields, "since");
    EntryStatus::Deprecated(Deprecated {
        since: since
            .and_then(|node| sheet.date(node, "since"))
            .unwrap_or_default(),
        instead: sheet.text_of(fields, "instead"),
        reason: sheet.needed_text(fields, "reason"),
    })
}

/// `applies-to: function`, `function/admits`, or a list, with where each stands.
pub(super) fn applies_to(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<(AppliesTo, Span)> {
    let Some(node) = sheet.need(fields, "applies-to") else {
        return Vec::new();
    };
    let items: Vec<Node<'_>> = match node.kind() {
        Kind::Sequence => node.items().collect(),
        _ => vec![node],
    };
    if items.is_empty() {
        let message = "`applies-to` names nothing";
        sheet.report("wrong-value", node.span(), message);
    }
    let one = |item: Node<'_>| {
        let text = sheet.text(item, "applies-to")?;
        let (kind, part) = match text.split_once('/') {
            Some((kind, part)) => (kind, Some(part)),
            None => (&*text, None),
        };
        let applies_to = AppliesTo {
            kind: kind.into(),
            part: part.map(Arc::from),
        };
        Some((applies_to, item.span()))
    };
    items.into_iter().filter_map(one).collect()
}

/// `lowers: { likelihood: 0.8 }`.
pub(super) fn lowers(sheet: &mut Sheet, fields: Fields<'_>) -> Option<Lowers> {
    let node = fields.get("lowers")?;
    let fields = sheet.fields(node, "`lowers`", &["likelihood", "impact"])?;
    Some(Lowers {
        likelihood: sheet.share(fields, "likelihood"),
        impact: sheet.share(fields, "impact"),
    })
}

/// `standards: { cwe: [CWE-306] }`.
pub(super) fn standards(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<Requirements> {
    let mut found = Vec::new();
    for entry in sheet.entries_of(fields, "standards") {
        if entry.value.kind() != Kind::Sequence {
            sheet.wrong(entry.value, &format!("`{}`", entry.name()), "a list");
            continue;
        }
        let items = entry.value.items();
        let items = items.filter_map(|item| sheet.text(item, entry.name()));
        found.push(Requirements {
            standard: entry.name().into(),
            items: items.collect(),
        });
    }
    found.sort();
    found
}

/// Addresses of what to read.
pub(super) fn references(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    for item in sheet.items_of(fields, "references") {
        let Some(text) = sheet.text(item, "references") else {
            continue;
        };
        if !text.starts_with("https://") {
            let message = format!("`{text}` is not an address");
            sheet.report("wrong-value", item.span(), message).help =
                Some("addresses begin with `https://`".to_owned());
        }
        found.push(text);
    }
    found
}
