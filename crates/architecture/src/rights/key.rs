//! Keys of statements: the name people gave it, else what it is about.
//!
//! A statement without a name is called after its resources, one of a resource
//! after those it lets in: neither position nor layout nor an action more or less
//! changes that. Only where several would be called alike, each is told apart by
//! its services, else by what they let one do, else by a digest of what it says.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::{Cause, Fact, Piece, Text, Value, Worlds};
use underbelly_library::ActionTable;

use super::{ability, policy};
use crate::address;

/// Values nested deeper than this do not tell statements apart.
const DEEPEST: usize = 32;

/// So many names stand in a key; the others are counted.
const MOST_NAMES: usize = 2;

/// A statement that wants a key.
pub(super) struct Unnamed<'s> {
    /// What it is called for itself.
    pub(super) name: String,
    /// What it says, unless people gave it that name.
    pub(super) says: Option<&'s Fact>,
}

/// A statement of an identity: its policy with its name, else with its resources;
/// without the policy where that has no name of its own.
pub(super) fn of_grant<'s>(
    policy: Option<&str>,
    sid: Option<&str>,
    statement: &'s Fact,
) -> Unnamed<'s> {
    let own = match sid {
        Some(sid) => sid.to_owned(),
        None => resources(statement),
    };
    Unnamed {
        name: match policy {
            Some(policy) if !policy.is_empty() => format!("{policy}/{own}"),
            _ => own,
        },
        says: sid.is_none().then_some(statement),
    }
}

/// A statement of a resource: its name, else those it lets in.
pub(super) fn of_admission<'s>(sid: Option<&str>, statement: &'s Fact) -> Unnamed<'s> {
    let name = match sid {
        Some(sid) => sid.to_owned(),
        None => {
            let (named, _) = policy::principals(&statement.field("Principal"));
            let names: BTreeSet<String> = named.iter().map(|one| who(&one.term.text)).collect();
            let names: Vec<String> = names.into_iter().collect();
            names.join(", ")
        }
    };
    Unnamed {
        name,
        says: sid.is_none().then_some(statement),
    }
}

/// What a principal is called.
pub(super) fn who(principal: &Text) -> String {
    match principal.known() {
        Some("*") => "anyone".to_owned(),
        _ => shown(principal),
    }
}

/// A statement that wants no key.
pub(super) fn of_none<'s>() -> Unnamed<'s> {
    Unnamed {
        name: String::new(),
        says: None,
    }
}

/// The keys of statements that stand side by side.
pub(super) fn apart(
    statements: &[Unnamed<'_>],
    table: &ActionTable,
    worlds: &Worlds,
) -> Vec<String> {
    let names = statements.iter().map(|one| one.name.clone());
    let mut keys: Vec<String> = names.collect();
    let marks: [&dyn Fn(&Fact) -> String; 3] = [
        &services,
        &|statement| abilities(statement, table),
        &|statement| digest_of(statement, worlds),
    ];
    for mark in marks {
        let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
        for key in &keys {
            *alike.entry(key).or_default() += 1;
        }
        let several = keys.iter().map(|key| alike.get(&**key) > Some(&1));
        let several: Vec<bool> = several.collect();
        let found = keys.iter_mut().zip(statements).zip(several);
        for ((key, statement), several) in found {
            if let (true, Some(says)) = (several, statement.says) {
                *key = format!("{} ({})", statement.name, mark(says));
            }
        }
    }
    keys
}

/// What a statement is about, in short.
fn resources(statement: &Fact) -> String {
    let mut but = "";
    let mut found = patterns(&statement.field("Resource"));
    if found.is_empty() {
        found = patterns(&statement.field("NotResource"));
        but = "all but ";
    }
    let names: BTreeSet<String> = found.iter().map(named).collect();
    // What is in something is that thing.
    let within = |name: &String| {
        let mut ends = name.match_indices(['/', ':']);
        ends.any(|(end, _)| name.get(..end).is_some_and(|other| names.contains(other)))
    };
    let names: Vec<&String> = names.iter().filter(|name| !within(name)).collect();
    let shown: Vec<&str> = names.iter().take(MOST_NAMES).map(|name| &***name).collect();
    let more = names.len().saturating_sub(MOST_NAMES);
    match (shown.is_empty(), more) {
        (true, _) => "something".to_owned(),
        (false, 0) => format!("{but}{}", shown.join(" and ")),
        (false, more) => format!("{but}{} and {more} more", shown.join(", ")),
    }
}

/// The name in an address: `Orders` of `!GetAtt Orders.Arn`, `table/orders` of
/// `arn:aws:dynamodb:eu-west-1:1:table/orders`.
fn named(resource: &Text) -> String {
    if matches!(resource.known(), Some("*")) {
        return "everything".to_owned();
    }
    match address::arn(resource) {
        Some(arn) if arn.resource.known() == Some("*") => format!("all of {}", arn.service),
        Some(arn) => shown(&arn.resource),
        None => shown(resource),
    }
}

/// A text in which a reference is the name of what it refers to.
fn shown(text: &Text) -> String {
    let mut shown = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => shown.push_str(literal),
            Piece::Hole(hole) => match &hole.cause {
                Cause::Resource { .. } => {
                    shown.push_str(hole.label.split('.').next().unwrap_or(&hole.label));
                }
                _ => shown.push_str(&format!("${{{}}}", hole.label)),
            },
        }
    }
    shown
}

fn actions(statement: &Fact) -> (&'static str, Vec<String>) {
    let texts = |field: &str| {
        let patterns = patterns(&statement.field(field)).into_iter();
        patterns.map(|text| text.to_string()).collect::<Vec<_>>()
    };
    match texts("Action") {
        none if none.is_empty() => ("all but ", texts("NotAction")),
        some => ("", some),
    }
}

fn services(statement: &Fact) -> String {
    let (but, actions) = actions(statement);
    let services: BTreeSet<String> = actions.iter().map(|one| ability::service(one)).collect();
    let services: Vec<String> = services.into_iter().collect();
    format!("{but}{}", services.join(", "))
}

fn abilities(statement: &Fact, table: &ActionTable) -> String {
    let (but, actions) = actions(statement);
    let mut words = BTreeSet::new();
    for action in &actions {
        words.extend(ability::abilities(table, action).items);
    }
    let words: Vec<&str> = words.iter().map(|word| &**word).collect();
    match words.is_empty() {
        true => services(statement),
        false => format!("{but}{}", words.join(", ")),
    }
}

fn patterns(fact: &Fact) -> Vec<Text> {
    let (items, _) = fact.items();
    let items = items.into_iter();
    items
        .filter_map(|(_, item)| item.as_pattern().cloned())
        .collect()
}

fn digest_of(statement: &Fact, worlds: &Worlds) -> String {
    let mut canonical = String::new();
    write(statement, worlds, 0, &mut canonical);
    digest(&canonical)
}

/// What a fact says, in one spelling: a single value is a list of one, lists and
/// maps are sorted, actions are in lower case.
fn write(fact: &Fact, worlds: &Worlds, depth: usize, into: &mut String) {
    if depth > DEEPEST {
        return;
    }
    match fact {
        Fact::Known(known) => match &known.value {
            Value::Set(set) => {
                let mut items: Vec<String> = set
                    .items
                    .iter()
                    .map(|item| {
                        let mut one = worlds.describe(&item.guard);
                        write(&item.fact, worlds, depth + 1, &mut one);
                        one
                    })
                    .collect();
                items.sort();
                into.push_str(&items.join(","));
            }
            Value::Map(map) => {
                let mut entries: Vec<String> = map
                    .entries
                    .iter()
                    .filter(|entry| &*entry.key != "Sid")
                    .map(|entry| {
                        let mut one = String::new();
                        write(&entry.fact, worlds, depth + 1, &mut one);
                        let is_action = matches!(&*entry.key, "Action" | "NotAction");
                        let one = if is_action {
                            one.to_ascii_lowercase()
                        } else {
                            one
                        };
                        format!("{}={one}", entry.key)
                    })
                    .collect();
                entries.sort();
                into.push('{');
                into.push_str(&entries.join(";"));
                into.push('}');
            }
            Value::Text(text) => match text.known() {
                Some(known) => into.push_str(known),
                None => into.push_str(&text.to_string()),
            },
            Value::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => into.push_str(&number.to_string()),
            Value::Subject(_) => {}
        },
        Fact::OneOf(one_of) => {
            for alternative in &one_of.alternatives {
                into.push_str(&worlds.describe(&alternative.guard));
                into.push('?');
                write(&alternative.fact, worlds, depth + 1, into);
            }
        }
        Fact::Unknown(unknown) => into.push_str(&format!("{:?}", unknown.reason)),
        Fact::Absent(_) => {}
    }
}

/// Eight letters that differ for nearly all texts that differ (32 bits of FNV-1a;
/// keys only have to differ within one component).
fn digest(text: &str) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    format!("{hash:08x}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fact, library};
    use super::*;

    fn keys(written: &[&str]) -> Vec<String> {
        let statements: Vec<Fact> = written.iter().map(|written| fact(written)).collect();
        let unnamed = statements.iter().map(|statement| {
            let sid = statement.field("Sid");
            of_grant(Some("Run"), sid.as_text(), statement)
        });
        let unnamed: Vec<Unnamed<'_>> = unnamed.collect();
        apart(&unnamed, &library().data.actions, &Worlds::default())
    }

    fn check(written: &str, expected: &str) {
        assert_eq!(keys(&[written]), [expected], "{written}");
    }

    #[test]
    fn a_statement_is_called_after_its_resources() {
        check("{Sid: Read, Effect: Allow}", "Run/Read");
        check("{Action: 's3:*', Resource: '*'}", "Run/everything");
        check(
            "{Action: 's3:*', Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*']}",
            "Run/shop",
        );
        check(
            "{Action: 'dynamodb:*', Resource: [!GetAtt X.Arn, !Sub '${X.Arn}/index/*']}",
            "Run/X",
        );
        check(
            "{Action: 'sqs:*', Resource: ['arn:aws:sqs:*:*:c', 'arn:aws:sqs:*:*:a', 'arn:aws:sqs:*:*:b']}",
            "Run/a, b and 1 more",
        );
        check(
            "{Action: 'logs:*', Resource: 'arn:aws:logs:*:*:*'}",
            "Run/all of logs",
        );
        check(
            "{Action: 's3:*', NotResource: 'arn:aws:s3:::shop'}",
            "Run/all but shop",
        );
        check("{Action: 's3:*'}", "Run/something");
    }

    #[test]
    fn an_action_more_or_less_and_the_layout_change_nothing() {
        let one = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}";
        let other =
            "Resource:\n- '*'\nAction: ['sqs:SendMessage', 's3:GetObject']\nEffect: Allow\n";
        assert_eq!(keys(&[one]), keys(&[other]));
    }

    #[test]
    fn what_would_be_called_alike_is_told_apart() {
        let read = "{Action: 's3:GetObject', Resource: '*'}";
        let more = "{Action: ['s3:GetObject', 's3:GetObjectTagging'], Resource: '*'}";
        let write = "{Action: 's3:PutObject', Resource: '*'}";
        let send = "{Action: 'sqs:SendMessage', Resource: '*'}";
        assert_eq!(
            keys(&[read, send]),
            ["Run/everything (s3)", "Run/everything (sqs)"]
        );
        assert_eq!(
            keys(&[read, send, write]),
            [
                "Run/everything (read_data)",
                "Run/everything (sqs)",
                "Run/everything (write_data)"
            ]
        );
        let digests = keys(&[read, more]);
        assert_ne!(digests.first(), digests.last());
        assert!(
            digests
                .iter()
                .all(|key| key.starts_with("Run/everything ("))
        );
        let named = "{Sid: Read, Action: 's3:GetObject', Resource: '*'}";
        assert_eq!(keys(&[named, read]), ["Run/Read", "Run/everything"]);
    }
}
