//! Reads the dated tables: `library/data/<name>.yaml`, each in its own shape.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_model::{Connector, PolicyTemplate, TemplateStatement};
use underbelly_syntax::{Kind, Node};

use super::spelling::listed;
use super::strict::{Fields, Sheet, head};
use super::{Knowledge, actions};
use crate::{ResourceType, Runtime, SecretShape};

const TABLES: [&str; 7] = [
    "actions",
    "cloudformation-properties",
    "lambda-runtimes",
    "sam-connectors",
    "sam-policy-templates",
    "secret-shapes",
    "words",
];

/// The table of this name.
pub(super) fn read(sheet: &mut Sheet, into: &mut Knowledge, name: &str, root: Node<'_>) {
    let data = &mut into.library.data;
    let sam = &mut into.library.sam;
    match name {
        "actions" => {
            if let Some(mut read) = actions::read(sheet, root) {
                read.published = std::mem::take(&mut data.actions.published);
                data.actions = read;
            }
        }
        "cloudformation-properties" => set(&mut into.resource_types, resource_types(sheet, root)),
        "lambda-runtimes" => set(&mut data.runtimes, runtimes(sheet, root)),
        "sam-connectors" => set(&mut sam.connectors, connectors(sheet, root)),
        "sam-policy-templates" => set(&mut sam.policy_templates, policy_templates(sheet, root)),
        "secret-shapes" => set(&mut data.words.secret_shapes, secret_shapes(sheet, root)),
        "words" => set(&mut data.words.lists, words(sheet, root)),
        _ => {
            let message = format!("there is no table `{name}`");
            sheet.report("unknown-file", head(root), message).help =
                Some(format!("there are {}", listed(&TABLES)));
        }
    }
}

fn set<T>(table: &mut T, read: Option<T>) {
    if let Some(read) = read {
        *table = read;
    }
}

/// A table's file: where it comes from, when it was compared, and its rows.
pub(super) fn table<'d>(sheet: &mut Sheet, root: Node<'d>, keys: &[&str]) -> Option<Fields<'d>> {
    let origin = ["source", "version", "licence", "checked", "as_of"];
    let known: Vec<&str> = origin.iter().chain(keys).copied().collect();
    let fields = sheet.fields(root, "a table", &known)?;
    let day = fields.get("checked").or(fields.get("as_of"));
    match day {
        Some(day) => {
            sheet.date(day, "checked");
        }
        None => {
            sheet.need(fields, "checked");
        }
    }
    Some(fields)
}

fn runtimes(sheet: &mut Sheet, root: Node<'_>) -> Option<BTreeMap<Arc<str>, Runtime>> {
    let fields = table(sheet, root, &["runtimes"])?;
    let mut found = BTreeMap::new();
    for item in sheet.items_of(fields, "runtimes") {
        let days = ["deprecated", "block_create", "block_update"];
        let keys = ["id", "successor", days[0], days[1], days[2]];
        let Some(fields) = sheet.fields(item, "a runtime", &keys) else {
            continue;
        };
        let [deprecated, block_create, block_update] =
            days.map(|day| sheet.date(fields.get(day)?, day));
        let runtime = Runtime {
            deprecated,
            block_create,
            block_update,
            successor: sheet.text_of(fields, "successor"),
        };
        found.insert(sheet.needed_text(fields, "id"), runtime);
    }
    Some(found)
}

/// `conditions: { StringEquals: { key: [value] } }`.
fn conditions(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<(String, String, Vec<String>)> {
    let mut found = Vec::new();
    for operator in sheet.entries_of(fields, "conditions") {
        for key in sheet.entries(operator.value, operator.name()) {
            let values = match key.value.kind() {
                Kind::Sequence => key.value.items().collect(),
                _ => vec![key.value],
            };
            let values = values.iter().filter_map(|value| value.text());
            let values = values.map(str::to_owned).collect();
            found.push((operator.name().to_owned(), key.name().to_owned(), values));
        }
    }
    found
}

fn policy_templates(sheet: &mut Sheet, root: Node<'_>) -> Option<BTreeMap<String, PolicyTemplate>> {
    let fields = table(sheet, root, &["templates"])?;
    let mut found = BTreeMap::new();
    for entry in sheet.entries_of(fields, "templates") {
        let keys = ["parameters", "statements"];
        if let Some(fields) = sheet.fields(entry.value, "a policy template", &keys) {
            let template = PolicyTemplate {
                parameters: strings(sheet, fields, "parameters"),
                statements: statements(sheet, fields, "statements"),
            };
            found.insert(entry.name().to_owned(), template);
        }
    }
    Some(found)
}

fn strings(sheet: &mut Sheet, fields: Fields<'_>, key: &str) -> Vec<String> {
    let texts = sheet.texts_of(fields, key).into_iter();
    texts.map(|text| text.to_string()).collect()
}

fn statements(sheet: &mut Sheet, fields: Fields<'_>, key: &str) -> Vec<TemplateStatement> {
    let items = sheet.items_of(fields, key);
    let read = |item: Node<'_>| {
        let keys = [
            "actions",
            "resources",
            "conditions",
            "service",
            "permission",
        ];
        let fields = sheet.fields(item, "a statement", &keys)?;
        if let Some(permission) = fields.get("permission") {
            return permission_statement(sheet, permission);
        }
        Some(TemplateStatement {
            actions: strings(sheet, fields, "actions"),
            resources: strings(sheet, fields, "resources"),
            conditions: conditions(sheet, fields),
        })
    };
    items.into_iter().filter_map(read).collect()
}

/// A function permission as the statement it becomes.
fn permission_statement(sheet: &mut Sheet, node: Node<'_>) -> Option<TemplateStatement> {
    let keys = ["action", "principal", "source-arn", "source-account"];
    let fields = sheet.fields(node, "a permission", &keys)?;
    let narrowing = [
        ("source-arn", "ArnLike", "aws:SourceArn"),
        ("source-account", "StringEquals", "aws:SourceAccount"),
    ];
    let conditions = narrowing.iter().filter_map(|(key, operator, condition)| {
        let value = sheet.text_of(fields, key)?.to_string();
        Some(((*operator).to_owned(), (*condition).to_owned(), vec![value]))
    });
    let conditions = conditions.collect();
    Some(TemplateStatement {
        actions: vec![sheet.needed_text(fields, "action").to_string()],
        resources: vec!["${Destination.Arn}".to_owned()],
        conditions,
    })
}

type Connectors = BTreeMap<String, BTreeMap<String, Connector>>;

fn connectors(sheet: &mut Sheet, root: Node<'_>) -> Option<Connectors> {
    let fields = table(sheet, root, &["connectors", "resources"])?;
    let mut found = BTreeMap::new();
    for source in sheet.entries_of(fields, "connectors") {
        let mut destinations = BTreeMap::new();
        for destination in sheet.entries(source.value, source.name()) {
            if let Some(connector) = connector(sheet, destination.value) {
                destinations.insert(destination.name().to_owned(), connector);
            }
        }
        found.insert(source.name().to_owned(), destinations);
    }
    Some(found)
}

fn connector(sheet: &mut Sheet, node: Node<'_>) -> Option<Connector> {
    let keys = [
        "creates",
        "held-by",
        "needs",
        "combinations",
        "read",
        "write",
    ];
    let fields = sheet.fields(node, "a connector", &keys)?;
    let all = ["read", "write"].map(|key| sheet.items_of(fields, key));
    let principal = all.iter().flatten().find_map(|statement| {
        let service = statement.get("service");
        let permission = statement.find(&["permission", "principal"]);
        service.or(permission)?.text()
    });
    let held_by = sheet.needed_text(fields, "held-by");
    Some(Connector {
        read: statements(sheet, fields, "read"),
        write: statements(sheet, fields, "write"),
        on_destination: &*held_by == "destination",
        principal: principal.map(str::to_owned),
    })
}

fn resource_types(sheet: &mut Sheet, root: Node<'_>) -> Option<BTreeMap<Arc<str>, ResourceType>> {
    let fields = table(sheet, root, &["types", "ref-by-hand"])?;
    let mut found = BTreeMap::new();
    for entry in sheet.entries_of(fields, "types") {
        let keys = ["ref", "attributes", "properties"];
        if let Some(fields) = sheet.fields(entry.value, "a resource type", &keys) {
            let resource_type = ResourceType {
                reference: sheet.text_of(fields, "ref"),
                attributes: sheet.texts_of(fields, "attributes"),
                properties: sheet.texts_of(fields, "properties"),
            };
            found.insert(entry.name().into(), resource_type);
        }
    }
    Some(found)
}

fn words(sheet: &mut Sheet, root: Node<'_>) -> Option<BTreeMap<Arc<str>, Vec<Arc<str>>>> {
    let fields = table(sheet, root, &["lists"])?;
    let mut lists = BTreeMap::new();
    for entry in sheet.entries_of(fields, "lists") {
        if let Some(fields) = sheet.fields(entry.value, "a list of words", &["about", "words"]) {
            sheet.need(fields, "about");
            lists.insert(entry.name().into(), sheet.texts_of(fields, "words"));
        }
    }
    Some(lists)
}

fn secret_shapes(sheet: &mut Sheet, root: Node<'_>) -> Option<Vec<SecretShape>> {
    let fields = table(sheet, root, &["shapes"])?;
    let items = sheet.items_of(fields, "shapes");
    let shape = |item: Node<'_>| {
        let keys = ["name", "prefix", "min_length", "alphabet"];
        let fields = sheet.fields(item, "a shape", &keys)?;
        let least = sheet.need(fields, "min_length")?;
        let Some(number) = least.integer().and_then(|least| u32::try_from(least).ok()) else {
            sheet.wrong(least, "`min_length`", "a number");
            return None;
        };
        Some(SecretShape {
            name: sheet.needed_text(fields, "name"),
            prefix: sheet.needed_text(fields, "prefix"),
            least: number,
            alphabet: sheet.needed_text(fields, "alphabet"),
        })
    };
    Some(items.into_iter().filter_map(shape).collect())
}

pub(super) fn texts(sheet: &mut Sheet, node: Node<'_>, what: &str) -> Vec<Arc<str>> {
    if node.kind() != Kind::Sequence {
        sheet.wrong(node, &format!("`{what}`"), "a list");
    }
    let texts = node.items().filter_map(|item| sheet.text(item, what));
    texts.collect()
}
