//! Reads one catalogue entry: `library/catalogue/<provider>/<service>/<thing>.yaml`.

use std::sync::Arc;

use underbelly_expression::{Expression, Narrowing, Schema, ScopeType, check};
use underbelly_syntax::{Entry, Kind, Node};

use super::strict::{Fields, Sheet};
use crate::catalogue::{
    Address, Case, CatalogueEntry, CatalogueExample, Choice, FactRule, FactSource, FlowRule,
    FromProperty, Given, GivenFrom, Otherwise, PartFrom, PartRule, Plain,
};

const KEYS: [&str; 17] = [
    "component",
    "satellite",
    "left-out",
    "resources",
    "only",
    "zone",
    "name",
    "address",
    "leads-to",
    "leads-to-kinds",
    "through",
    "attach",
    "follow",
    "facts",
    "parts",
    "flows",
    "examples",
];

/// The entry in a file with its examples; `id` is the file's path below the
/// catalogue, without `.yaml`.
pub(crate) fn read(
    sheet: &mut Sheet,
    id: &str,
    root: Node<'_>,
) -> Option<(CatalogueEntry, Vec<CatalogueExample>)> {
    let fields = sheet.fields(root, "a catalogue entry", &KEYS)?;
    let component = sheet.text_of(fields, "component");
    let satellite = sheet.text_of(fields, "satellite");
    let left_out = sheet.text_of(fields, "left-out");
    let says = [&component, &satellite, &left_out].map(|said| usize::from(said.is_some()));
    if says.iter().sum::<usize>() != 1 {
        let message = "a catalogue entry has one of `component`, `satellite` and `left-out`";
        sheet.report("wrong-value", fields.head(), message);
    }
    let resources = sheet.need(fields, "resources");
    let resources =
        resources.and_then(|node| sheet.fields(node, "`resources`", &["cloudformation"]));
    let resources = resources.map(|found| sheet.texts_of(found, "cloudformation"));
    let examples = examples(sheet, fields);
    let entry = CatalogueEntry {
        id: id.into(),
        component,
        left_out,
        resources: resources.unwrap_or_default(),
        only: choice(sheet, fields),
        zone: sheet.text_of(fields, "zone"),
        names: one_or_more(sheet, fields, "name"),
        addresses: addresses(sheet, fields),
        leads_to: one_or_more(sheet, fields, "leads-to"),
        leads_to_kinds: one_or_more(sheet, fields, "leads-to-kinds"),
        through: through(sheet, fields),
        given: given(sheet, fields),
        facts: facts(sheet, fields),
        parts: parts(sheet, fields),
        flows: flows(sheet, fields),
    };
    Some((entry, examples))
}

/// `through: { Type: property }`.
fn through(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<(Arc<str>, Arc<str>)> {
    let entries = sheet.entries_of(fields, "through").into_iter();
    let entries = entries.map(|entry| {
        let property = sheet.text(entry.value, entry.name())?;
        Some((entry.name().into(), property))
    });
    entries.flatten().collect()
}

/// A text or a list of texts.
fn one_or_more(sheet: &mut Sheet, fields: Fields<'_>, key: &str) -> Vec<Arc<str>> {
    match fields.get(key) {
        Some(node) => texts(sheet, node, key),
        None => Vec::new(),
    }
}

fn texts(sheet: &mut Sheet, node: Node<'_>, what: &str) -> Vec<Arc<str>> {
    if node.kind() == Kind::Sequence {
        let items = node.items().map(|item| sheet.text(item, what));
        return items.collect::<Vec<_>>().into_iter().flatten().collect();
    }
    sheet.text(node, what).into_iter().collect()
}

/// `only: { has: X }` or `only: { property: X, is: [A, B] }`.
fn choice(sheet: &mut Sheet, fields: Fields<'_>) -> Option<Choice> {
    let node = fields.get("only")?;
    let fields = sheet.fields(node, "`only`", &["has", "property", "is"])?;
    if let Some(property) = sheet.text_of(fields, "has") {
        return Some(Choice {
            property,
            is: Vec::new(),
        });
    }
    sheet.need(fields, "is");
    Some(Choice {
        property: sheet.needed_text(fields, "property"),
        is: one_or_more(sheet, fields, "is"),
    })
}

fn addresses(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<Address> {
    let Some(node) = fields.get("address") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for written in texts(sheet, node, "address") {
        match Address::parse(&written) {
            Some(address) => found.push(address),
            None => {
                let message = format!("`{written}` is no address");
                sheet.report("wrong-value", node.span(), message).help =
                    Some("write it as `dynamodb:table/{name}`".to_owned());
            }
        }
    }
    found
}

/// `attach` and `follow`, in the order written.
fn given(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<Given> {
    let mut found = Vec::new();
    for entry in sheet.entries_of(fields, "attach") {
        let keys = ["resource", "by", "many"];
        let Some(fields) = sheet.fields(entry.value, "an attachment", &keys) else {
            continue;
        };
        sheet.need(fields, "resource");
        sheet.need(fields, "by");
        let from = GivenFrom::Attached {
            resources: one_or_more(sheet, fields, "resource"),
            by: one_or_more(sheet, fields, "by"),
            many: sheet.flag(fields, "many"),
        };
        found.push(Given {
            name: entry.name().into(),
            from,
        });
    }
    for entry in sheet.entries_of(fields, "follow") {
        let from = match entry.value.kind() {
            Kind::Mapping => {
                let fields = sheet.fields(entry.value, "a way", &["path", "resource"]);
                fields.map(|fields| GivenFrom::Followed {
                    path: sheet.needed_text(fields, "path"),
                    resources: one_or_more(sheet, fields, "resource"),
                })
            }
            _ => sheet
                .text(entry.value, entry.name())
                .map(|path| GivenFrom::Followed {
                    path,
                    resources: Vec::new(),
                }),
        };
        found.extend(from.map(|from| Given {
            name: entry.name().into(),
            from,
        }));
    }
    found
}

fn facts(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<FactRule> {
    let entries = sheet.entries_of(fields, "facts");
    let facts = entries.into_iter().map(|entry| {
        Some(FactRule {
            name: entry.name().into(),
            source: source(sheet, entry)?,
        })
    });
    facts.flatten().collect()
}

const SOURCES: [&str; 17] = [
    "kinds",
    "declared",
    "cases",
    "always",
    "join",
    "from",
    "map",
    "otherwise",
    "keys",
    "flags",
    "absent",
    "expr",
    "defaults",
    "over",
    "refers",
    "pointed-at-by",
    "anywhere",
];

fn source(sheet: &mut Sheet, entry: Entry<'_>) -> Option<FactSource> {
    if entry.value.kind() == Kind::Text {
        return condition(sheet, entry.value, Vec::new());
    }
    let fields = sheet.fields(entry.value, "a fact", &SOURCES)?;
    let ways = [
        "from",
        "expr",
        "cases",
        "always",
        "join",
        "over",
        "refers",
        "pointed-at-by",
        "anywhere",
    ];
    let mut written = ways.iter().filter_map(|way| Some((*way, fields.get(way)?)));
    let Some((way, node)) = written.next() else {
        let message = format!("`{}` says not where it comes from", entry.name());
        sheet.report("missing-key", entry.key.span(), message).help = Some(
            "give it `from`, `expr`, `cases`, `always`, `join`, `over`, `refers`, `pointed-at-by` or `anywhere`".to_owned(),
        );
        return None;
    };
    if let Some((second, node)) = written.next() {
        let message = format!("`{way}` and `{second}` exclude each other");
        sheet.report("wrong-value", node.span(), message);
    }
    match way {
        "from" => Some(FactSource::From(from(sheet, fields))),
        "expr" => {
            let defaults = sheet.entries_of(fields, "defaults");
            let defaults = defaults
                .into_iter()
                .map(|entry| Some((entry.name().into(), otherwise(sheet, entry.value)?)));
            let defaults = defaults.flatten().collect();
            condition(sheet, node, defaults)
        }
        "over" => Some(FactSource::Over(expression(sheet, node)?)),
        "cases" => Some(FactSource::Cases(cases(sheet, node))),
        "always" => Some(FactSource::Always(otherwise(sheet, node)?)),
        "join" => {
            let absent = fields.get("absent");
            Some(FactSource::Join {
                paths: texts(sheet, node, way),
                absent: absent.and_then(|node| otherwise(sheet, node)),
            })
        }
        "refers" => Some(FactSource::Refers {
            paths: texts(sheet, node, way),
            kinds: one_or_more(sheet, fields, "kinds"),
            declared: sheet.flag(fields, "declared"),
        }),
        "pointed-at-by" => {
            let by = sheet.entries(node, way).into_iter();
            let by = by.map(|entry| (entry.name().into(), texts(sheet, entry.value, entry.name())));
            let by = by.collect();
            let absent = fields.get("absent");
            let absent = absent.and_then(|node| otherwise(sheet, node));
            Some(FactSource::PointedAtBy { by, absent })
        }
        _ => anywhere(sheet, node),
    }
}

fn from(sheet: &mut Sheet, fields: Fields<'_>) -> FromProperty {
    let map = sheet.entries_of(fields, "map").into_iter();
    let map = map.map(|entry| {
        let word = entry.value.text().unwrap_or("");
        (entry.name().into(), word.into())
    });
    let map = map.collect();
    let absent = fields.get("absent");
    FromProperty {
        paths: one_or_more(sheet, fields, "from"),
        map,
        otherwise: sheet.text_of(fields, "otherwise"),
        keys: sheet.flag(fields, "keys"),
        flags: sheet.flag(fields, "flags"),
        absent: absent.and_then(|node| otherwise(sheet, node)),
    }
}

/// `anywhere: { resource: T, where: condition, collect: items.property, each: condition }`.
fn anywhere(sheet: &mut Sheet, node: Node<'_>) -> Option<FactSource> {
    let known = ["resource", "where", "collect", "each"];
    let fields = sheet.fields(node, "`anywhere`", &known)?;
    let condition = fields.get("where");
    let condition = condition.and_then(|node| expression(sheet, node));
    let each = fields.get("each");
    let each = each.and_then(|node| expression(sheet, node));
    Some(FactSource::Anywhere {
        resource: sheet.needed_text(fields, "resource"),
        condition,
        collect: one_or_more(sheet, fields, "collect"),
        each,
    })
}

/// A value, or `{ value, source, since }`; `unknown` is none.
fn otherwise(sheet: &mut Sheet, node: Node<'_>) -> Option<Otherwise> {
    if node.kind() != Kind::Mapping {
        return Some(Otherwise {
            value: plain(sheet, node)?,
            source: None,
            since: None,
        });
    }
    let fields = sheet.fields(node, "a default", &["value", "source", "since"])?;
    let value = sheet.need(fields, "value")?;
    Some(Otherwise {
        value: plain(sheet, value)?,
        source: sheet.text_of(fields, "source"),
        since: sheet.text_of(fields, "since"),
    })
}

fn plain(sheet: &mut Sheet, node: Node<'_>) -> Option<Option<Plain>> {
    let value = match node.kind() {
        Kind::Bool => Plain::Bool(node.boolean()?),
        Kind::Number => Plain::Number(node.integer()?),
        Kind::Sequence => Plain::List(texts(sheet, node, "a default")),
        Kind::Text if node.text() == Some("unknown") => return Some(None),
        Kind::Text => Plain::Text(node.text()?.into()),
        Kind::Null | Kind::Mapping => {
            sheet.wrong(node, "a default", "a plain value");
            return None;
        }
    };
    Some(Some(value))
}

/// Values and their conditions, the first that holds.
fn cases(sheet: &mut Sheet, node: Node<'_>) -> Vec<Case> {
    let mut found = Vec::new();
    for entry in sheet.entries(node, "cases") {
        let value = plain(sheet, entry.key).flatten();
        let condition = condition(sheet, entry.value, Vec::new());
        if let (
            Some(value),
            Some(FactSource::Condition {
                condition, names, ..
            }),
        ) = (value, condition)
        {
            found.push(Case {
                value,
                condition,
                names,
            });
        }
    }
    found
}

/// A condition over properties. What it names is checked against the published
/// properties with the whole library.
fn condition(
    sheet: &mut Sheet,
    node: Node<'_>,
    defaults: Vec<(Arc<str>, Otherwise)>,
) -> Option<FactSource> {
    let parsed = expression(sheet, node)?;
    let scope = ScopeType::Properties(None);
    match check(&parsed, &scope, &Narrowing::default(), &Schema::default()) {
        Ok(typed) => {
            let names = typed.facts.into_iter().map(|used| used.fact).collect();
            Some(FactSource::Condition {
                condition: typed.expression,
                names,
                defaults,
            })
        }
        Err(problems) => {
            report(sheet, node, problems);
            None
        }
    }
}

fn expression(sheet: &mut Sheet, node: Node<'_>) -> Option<Expression> {
    let text = node.text()?;
    match Expression::parse(text) {
        Ok(expression) => Some(expression),
        Err(problems) => {
            report(sheet, node, problems);
            None
        }
    }
}

fn report(sheet: &mut Sheet, node: Node<'_>, problems: Vec<underbelly_expression::Problem>) {
    for problem in problems {
        let place = node.inner_span(problem.range.bytes());
        sheet.report("condition", place, problem.message).help = problem.help;
    }
}

fn parts(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<PartRule> {
    let mut found = Vec::new();
    for entry in sheet.entries_of(fields, "parts") {
        let rules = match entry.value.kind() {
            Kind::Sequence => entry.value.items().collect(),
            _ => vec![entry.value],
        };
        let rules = rules.into_iter();
        found.extend(rules.filter_map(|rule| part(sheet, entry.name(), rule)));
    }
    found
}

fn part(sheet: &mut Sheet, group: &str, node: Node<'_>) -> Option<PartRule> {
    let keys = [
        "of",
        "resource",
        "by",
        "borrow",
        "default-owner",
        "key",
        "only",
        "follow",
        "facts",
    ];
    let fields = sheet.fields(node, "a part", &keys)?;
    let from = match sheet.text_of(fields, "of") {
        Some(property) => PartFrom::Property(property),
        None if fields.get("borrow").is_some() => {
            PartFrom::Borrowed(one_or_more(sheet, fields, "borrow"))
        }
        None => {
            sheet.need(fields, "resource");
            sheet.need(fields, "by");
            PartFrom::Resources {
                resources: one_or_more(sheet, fields, "resource"),
                by: one_or_more(sheet, fields, "by"),
            }
        }
    };
    Some(PartRule {
        group: group.into(),
        from,
        key: one_or_more(sheet, fields, "key"),
        default_owner: sheet.text_of(fields, "default-owner"),
        only: choice(sheet, fields),
        given: given(sheet, fields),
        facts: facts(sheet, fields),
    })
}

fn flows(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<FlowRule> {
    let items = sheet.items_of(fields, "flows");
    let flows = items.into_iter().map(|item| {
        let fields = sheet.fields(item, "a flow", &["to", "kind", "label"])?;
        Some(FlowRule {
            to: sheet.needed_text(fields, "to"),
            kind: sheet.needed_text(fields, "kind"),
            label: sheet.needed_text(fields, "label"),
        })
    });
    flows.flatten().collect()
}

fn examples(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<CatalogueExample> {
    let items = sheet.items_of(fields, "examples");
    let examples = items.into_iter().map(|item| {
        let keys = ["case", "cloudformation", "component", "expect"];
        let fields = sheet.fields(item, "an example", &keys)?;
        let expect = sheet.entries_of(fields, "expect");
        let expect = expect
            .into_iter()
            .map(|entry| (entry.name().into(), shown(entry.value)));
        Some(CatalogueExample {
            expect: expect.collect(),
            case: sheet.needed_text(fields, "case"),
            template: sheet.needed_text(fields, "cloudformation"),
            component: sheet.text_of(fields, "component"),
        })
    });
    examples.flatten().collect()
}

/// A value as the expectations write it: a list with commas.
fn shown(node: Node<'_>) -> Arc<str> {
    match node.kind() {
        Kind::Sequence => {
            let items: Vec<&str> = node.items().filter_map(|item| item.text()).collect();
            items.join(", ").into()
        }
        _ => node.text().unwrap_or("").into(),
    }
}
