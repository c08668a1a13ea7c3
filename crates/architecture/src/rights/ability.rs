//! What actions let one do, by the hand-kept table.
//!
//! A single action has the abilities of the most specific name or pattern in the
//! table that takes it in. A pattern has those of everything in the table that it
//! takes in or touches. A name the table does not hold is unknown, never nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::Reason;
use underbelly_library::{ActionTable, ServiceActions};

use super::pattern::Pattern;

/// Abilities, and why there may be more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Abilities {
    /// Those that are known.
    pub(crate) items: BTreeSet<Arc<str>>,
    /// Why there may be more.
    pub(crate) rest: Option<Reason>,
}

impl Abilities {
    /// Adds those of another.
    pub(crate) fn join(&mut self, other: Abilities) {
        self.items.extend(other.items);
        if self.rest.is_none() {
            self.rest = other.rest;
        }
    }

    /// Whether an ability is among them.
    pub(crate) fn has(&self, ability: &str) -> bool {
        self.items.contains(ability)
    }
}

/// Whether actions are written as wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wildcard {
    /// No more than patterns of verbs, such as `s3:Get*`.
    None,
    /// All of a service: `s3:*`.
    Service,
    /// All of everything: `*`.
    All,
}

impl Wildcard {
    /// The word of the fact.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Wildcard::None => "none",
            Wildcard::Service => "service",
            Wildcard::All => "all",
        }
    }
}

/// How far an action is written as a wildcard.
pub(crate) fn wildcard(action: &str) -> Wildcard {
    match action.split_once(':') {
        None if is_stars(action) => Wildcard::All,
        None => Wildcard::None,
        Some((service, _)) if service.contains('*') => Wildcard::All,
        Some((_, verb)) if is_stars(verb) => Wildcard::Service,
        Some(_) => Wildcard::None,
    }
}

/// The service an action belongs to; `*` for all of them.
pub(crate) fn service(action: &str) -> String {
    match action.split_once(':') {
        Some((service, _)) => service.to_ascii_lowercase(),
        None => "*".to_owned(),
    }
}

/// What an action or pattern of actions lets one do.
pub(crate) fn abilities(table: &ActionTable, action: &str) -> Abilities {
    if wildcard(action) == Wildcard::All {
        return everything(table);
    }
    let Some((service, verb)) = action.split_once(':') else {
        return not_an_action(action);
    };
    let Some(known) = table.services.get(&*service.to_ascii_lowercase()) else {
        return Abilities {
            items: BTreeSet::new(),
            rest: Some(Reason::NotAnalysed(
                format!(
                    "what actions of `{}` let one do",
                    service.to_ascii_lowercase()
                )
                .into(),
            )),
        };
    };
    if is_stars(verb) {
        return Abilities {
            items: known.everything.iter().cloned().collect(),
            rest: None,
        };
    }
    if verb.contains(['*', '?']) {
        return of_pattern(known, action, verb);
    }
    match of_name(known, verb) {
        Some(abilities) => Abilities {
            items: abilities.iter().cloned().collect(),
            rest: None,
        },
        None => Abilities {
            items: BTreeSet::new(),
            rest: Some(not_listed(action)),
        },
    }
}

/// What an action lets one do to people who are no part of the system: messages to
/// a topic go to its subscribers; only the right to publish anywhere reaches phones.
pub(crate) fn abilities_on(table: &ActionTable, action: &str, everywhere: bool) -> Abilities {
    let mut abilities = abilities(table, action);
    if !everywhere && service(action) == "sns" {
        abilities.items.remove("send_to_people");
    }
    abilities
}

fn not_listed(action: &str) -> Reason {
    Reason::NotAnalysed(format!("what `{action}` lets one do").into())
}

/// The abilities of the most specific name or beginning in the table.
fn of_name<'t>(known: &'t ServiceActions, verb: &str) -> Option<&'t [Arc<str>]> {
    let given = known.actions.iter().map(|(name, a)| (name, a.as_slice()));
    let harmless = known.harmless.iter().map(|name| (name, [].as_slice()));
    let mut best: Option<(usize, &[Arc<str>])> = None;
    for (name, abilities) in given.chain(harmless) {
        let weight = match name.strip_suffix('*') {
            None if name.eq_ignore_ascii_case(verb) => return Some(abilities),
            None => continue,
            Some(beginning) => beginning.len(),
        };
        let begins = begins_with(verb, name.trim_end_matches('*'));
        if begins && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, abilities));
        }
    }
    best.map(|(_, abilities)| abilities)
}

fn everything(table: &ActionTable) -> Abilities {
    let all = table.services.values().flat_map(|s| s.everything.iter());
    let mut items: BTreeSet<Arc<str>> = all.cloned().collect();
    items.insert("administer".into());
    Abilities { items, rest: None }
}

fn of_pattern(known: &ServiceActions, action: &str, verb: &str) -> Abilities {
    let asked = Pattern::literal(verb);
    let mut items = BTreeSet::new();
    let mut touched = false;
    // What takes in the whole of the pattern: the most specific one counts.
    let mut around: Option<(usize, &[Arc<str>])> = None;
    let given = known.actions.iter().map(|(name, a)| (name, a.as_slice()));
    let harmless = known.harmless.iter().map(|name| (name, [].as_slice()));
    for (name, abilities) in given.chain(harmless) {
        if !may_meet(name, verb) {
            continue;
        }
        let entry = Pattern::literal(name);
        if entry.covers(&asked) {
            // Exact names carry all their letters, so they outweigh any pattern.
            let weight = entry.weight() * 2 + usize::from(!entry.is_open());
            if around.is_none_or(|(known, _)| weight > known) {
                around = Some((weight, abilities));
            }
        } else if asked.is_open() && entry.overlaps(&asked) {
            touched = true;
            items.extend(abilities.iter().cloned());
        }
    }
    if let Some((_, abilities)) = around {
        items.extend(abilities.iter().cloned());
    }
    let is_known = around.is_some() || (touched && !known.part);
    let rest = (!is_known).then(|| not_listed(action));
    Abilities { items, rest }
}

/// Names of actions are the same in any case.
fn begins_with(verb: &str, beginning: &str) -> bool {
    let start = verb.as_bytes().get(..beginning.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(beginning.as_bytes()))
}

/// A quick no for names that begin differently.
fn may_meet(name: &str, verb: &str) -> bool {
    match (name.bytes().next(), verb.bytes().next()) {
        (Some(b'*' | b'?'), _) | (_, Some(b'*' | b'?')) => true,
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(&other),
        _ => false,
    }
}

fn not_an_action(action: &str) -> Abilities {
    Abilities {
        items: BTreeSet::new(),
        rest: Some(Reason::Unsupported(
            format!("`{action}` is not the name of an action").into(),
        )),
    }
}

fn is_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::super::testing::library;
    use super::*;

    fn check(action: &str, expected: &str) {
        let found = abilities(&library().data.actions, action);
        let mut words: Vec<&str> = found.items.iter().map(|word| &**word).collect();
        if found.rest.is_some() {
            words.push("?");
        }
        let words = words.join(" ");
        let found = format!("{} [{words}]", wildcard(action).word());
        assert_eq!(found, expected, "{action}");
    }

    #[test]
    fn an_action_has_the_abilities_of_its_most_specific_name() {
        check("dynamodb:GetItem", "none [read_data]");
        check("DynamoDB:getitem", "none [read_data]");
        check("dynamodb:DescribeTable", "none []");
        check("s3:GetObject", "none [read_data]");
        check("s3:GetObjectTagging", "none []");
    }

    #[test]
    fn a_pattern_has_the_abilities_of_all_it_touches() {
        check("dynamodb:*Item", "none [delete_data read_data write_data]");
        check("s3:Get*", "none [read_data]");
        check("s3:GetObject*", "none [read_data]");
        check("dynamodb:Describe*", "none []");
    }

    #[test]
    fn publishing_to_a_topic_reaches_no_phone() {
        let table = library().data.actions;
        assert!(abilities_on(&table, "sns:Publish", true).has("send_to_people"));
        assert!(!abilities_on(&table, "sns:Publish", false).has("send_to_people"));
    }

    #[test]
    fn wildcards_are_told_apart() {
        check("sqs:*", "service [change_access receive send]");
        let all = abilities(&library().data.actions, "*");
        assert_eq!(abilities(&library().data.actions, "*:*"), all);
        assert!(all.has("administer") && all.has("assume") && all.rest.is_none());
        assert_eq!(wildcard("*"), Wildcard::All);
        assert_eq!(wildcard("s3*:*"), Wildcard::All);
    }

    #[test]
    fn what_the_table_does_not_hold_is_unknown() {
        check("dynamodb:TeleportTable", "none [?]");
        check("quantum:Compute", "none [?]");
        check("s3:Zap*", "none [?]");
        check("nonsense", "none [?]");
    }
}
