//! Reads what actions let one do (`data/actions.yaml`) and checks that every action
//! it names is one of those the provider publishes (`data/aws-actions.txt`).

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_source::Span;
use underbelly_syntax::{Entry, Node};

use super::data::{table, texts};
use super::spelling::{did_you_mean, listed};
use super::strict::{Fields, Sheet};
use crate::{
    AccessLevel, ActionTable, Gives, Library, PublishedActions, PublishedService, ServiceActions,
};

/// The table of abilities by action.
pub(super) fn read(sheet: &mut Sheet, root: Node<'_>) -> Option<ActionTable> {
    let fields = table(sheet, root, &["services", "others", "misnamed"])?;
    let mut services = BTreeMap::new();
    for entry in sheet.entries_of(fields, "services") {
        if let Some(service) = service(sheet, entry.value) {
            services.insert(entry.name().into(), service);
        }
    }
    let mut others = BTreeMap::new();
    for entry in sheet.entries_of(fields, "others") {
        let mut levels = AccessLevel::ALL.into_iter();
        let Some(level) = levels.find(|level| level.word() == entry.name()) else {
            let levels = AccessLevel::ALL.map(AccessLevel::word);
            let message = format!("there is no access level `{}`", entry.name());
            sheet
                .report("unknown-word", entry.value.span(), message)
                .help = Some(format!("there are {}", listed(&levels)));
            continue;
        };
        let entries = sheet.entries(entry.value, entry.name());
        others.insert(level, by_name(sheet, entries));
    }
    let misnamed = pairs(sheet, fields, "misnamed").into_iter().collect();
    Some(ActionTable {
        services,
        others,
        misnamed,
        published: PublishedActions::default(),
    })
}

fn service(sheet: &mut Sheet, node: Node<'_>) -> Option<ServiceActions> {
    let keys = [
        "name",
        "everything",
        "actions",
        "harmless",
        "instead",
        "former",
    ];
    let fields = sheet.fields(node, "a service", &keys)?;
    let actions = sheet.entries_of(fields, "actions");
    let actions = by_name(sheet, actions);
    Some(ServiceActions {
        name: sheet.needed_text(fields, "name"),
        everything: sheet.texts_of(fields, "everything"),
        actions,
        harmless: sheet.texts_of(fields, "harmless"),
        instead: pairs(sheet, fields, "instead"),
        former: sheet.texts_of(fields, "former"),
    })
}

/// What stands for what.
fn pairs(sheet: &mut Sheet, fields: Fields<'_>, key: &str) -> Vec<(Arc<str>, Arc<str>)> {
    let entries = sheet.entries_of(fields, key).into_iter();
    let pairs = entries.filter_map(|entry| {
        let text = sheet.text(entry.value, entry.name())?;
        Some((entry.name().into(), text))
    });
    pairs.collect()
}

/// Abilities by the name or pattern of an action.
fn by_name(sheet: &mut Sheet, entries: Vec<Entry<'_>>) -> Vec<Gives> {
    let entries = entries.into_iter();
    let abilities = |action: Entry<'_>| {
        let abilities = texts(sheet, action.value, "abilities");
        (action.name().into(), abilities)
    };
    entries.map(abilities).collect()
}

/// Whether each name is one of an action there is, and each ability one we know.
pub(super) fn check(sheet: &mut Sheet, library: &Library, root: Node<'_>) {
    let published = &library.data.actions.published;
    let services = root.get("services").into_iter().flat_map(Node::entries);
    for entry in services {
        known_abilities(sheet, library, entry.value.get("everything"));
        let actions = entry.value.get("actions");
        for action in actions.into_iter().flat_map(Node::entries) {
            known_abilities(sheet, library, Some(action.value));
        }
        if published.is_empty() {
            continue;
        }
        let Some(service) = published.service(entry.name()) else {
            let message = format!("no service has the prefix `{}`", entry.name());
            let names = published.services().map(|service| service.prefix);
            let help = did_you_mean(entry.name(), names);
            sheet
                .report("unknown-action", entry.value.span(), message)
                .help = help;
            continue;
        };
        names(sheet, service, entry.value);
    }
    for entry in root.get("misnamed").into_iter().flat_map(Node::entries) {
        let prefix = entry.value.text().unwrap_or_default();
        if !published.is_empty() && published.service(prefix).is_none() {
            let message = format!("no service has the prefix `{prefix}`");
            sheet.report("unknown-action", entry.value.span(), message);
        }
        if published.service(entry.name()).is_some() {
            let message = format!("`{}` is a service itself", entry.name());
            sheet.report("action-after-all", entry.key.span(), message);
        }
    }
    for level in root.get("others").into_iter().flat_map(Node::entries) {
        for action in level.value.entries() {
            known_abilities(sheet, library, Some(action.value));
        }
    }
}

fn names(sheet: &mut Sheet, service: PublishedService<'_>, node: Node<'_>) {
    let actions = node.get("actions").into_iter().flat_map(Node::entries);
    for action in actions {
        there_is(sheet, service, action.name(), action.key.span());
    }
    let harmless = node.get("harmless").into_iter().flat_map(Node::items);
    for action in harmless {
        there_is(
            sheet,
            service,
            action.text().unwrap_or_default(),
            action.span(),
        );
    }
    for call in node.get("instead").into_iter().flat_map(Node::entries) {
        let action = call.value.text().unwrap_or_default();
        there_is(sheet, service, action, call.value.span());
        if service.action(call.name()).is_some() {
            let message = format!("`{}:{}` is an action itself", service.prefix, call.name());
            sheet.report("action-after-all", call.key.span(), message);
        }
    }
}

/// An action of this name, or several that begin so.
fn there_is(sheet: &mut Sheet, service: PublishedService<'_>, name: &str, at: Span) {
    let found = match name.strip_suffix('*') {
        Some(beginning) => service
            .actions()
            .any(|action| action.name.starts_with(beginning)),
        None => service
            .action(name)
            .is_some_and(|action| action.name == name),
    };
    if !found {
        let message = format!("there is no action `{}:{name}`", service.prefix);
        let help = did_you_mean(name, service.actions().map(|action| action.name));
        sheet.report("unknown-action", at, message).help = help;
    }
}

fn known_abilities(sheet: &mut Sheet, library: &Library, listed: Option<Node<'_>>) {
    let mut vocabularies = library.vocabularies.iter();
    let Some(known) = vocabularies.find(|vocabulary| &*vocabulary.id == "ability") else {
        return;
    };
    for node in listed.into_iter().flat_map(Node::items) {
        let word = node.text().unwrap_or_default();
        if !known.words.iter().any(|known| *known.id == *word) {
            let message = format!("there is no ability `{word}`");
            let help = did_you_mean(word, known.words.iter().map(|known| &*known.id));
            sheet.report("unknown-word", node.span(), message).help = help;
        }
    }
}
