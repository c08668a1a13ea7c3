//! Keys of statements: the name people gave it, else a short digest of what it says.
//!
//! Neither position nor formatting nor the order of actions changes a digest;
//! changing what the statement says does, and that is wanted.

use underbelly_expression::{Fact, Value, Worlds};

/// Values nested deeper than this do not tell statements apart.
const DEEPEST: usize = 32;

/// The key of a statement: `policy/Sid`, or `policy/first-action+n~digest`; without
/// the policy where that has no name of its own.
pub(super) fn statement(
    policy: Option<&str>,
    sid: Option<&str>,
    statement: &Fact,
    worlds: &Worlds,
) -> String {
    let own = match sid {
        Some(sid) => sid.to_owned(),
        None => content(statement, worlds),
    };
    match policy {
        Some(policy) if !policy.is_empty() => format!("{policy}/{own}"),
        _ => own,
    }
}

/// A key from what a statement says.
fn content(statement: &Fact, worlds: &Worlds) -> String {
    let mut canonical = String::new();
    write(statement, worlds, 0, &mut canonical);
    let digest = digest(&canonical);
    let mut actions = texts(&statement.field("Action"));
    let but = if actions.is_empty() { "not-" } else { "" };
    if actions.is_empty() {
        actions = texts(&statement.field("NotAction"));
    }
    actions.sort();
    match actions.split_first() {
        Some((first, [])) => format!("{but}{first}~{digest}"),
        Some((first, rest)) => format!("{but}{first}+{}~{digest}", rest.len()),
        None => digest,
    }
}

fn texts(fact: &Fact) -> Vec<String> {
    let (items, _) = fact.items();
    let items = items.into_iter();
    items
        .filter_map(|(_, item)| Some(item.as_pattern()?.to_string()))
        .collect()
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
pub(super) fn digest(text: &str) -> String {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in text.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    format!("{hash:08x}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::fact;
    use super::*;

    fn key(written: &str) -> String {
        let statement = fact(written);
        super::statement(Some("Orders"), None, &statement, &Worlds::default())
    }

    #[test]
    fn order_and_layout_change_nothing() {
        let one = key("{Effect: Allow, Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*'}");
        let other =
            key("Resource:\n- '*'\nAction: ['s3:ListBucket', 's3:GetObject']\nEffect: Allow\n");
        assert_eq!(one, other);
        assert!(one.starts_with("Orders/s3:GetObject+1~"), "{one}");
    }

    #[test]
    fn what_it_says_changes_the_key() {
        let one = key("{Effect: Allow, Action: 's3:GetObject', Resource: '*'}");
        let other = key("{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::a'}");
        assert_ne!(one, other);
    }

    #[test]
    fn a_name_is_the_key() {
        let statement = fact("{Sid: Read, Effect: Allow}");
        let key = super::statement(None, Some("Read"), &statement, &Worlds::default());
        assert_eq!(key, "Read");
    }
}
