//! What actions let one do.
//!
//! Which actions there are is what the provider publishes; what each lets one do is
//! the most specific name or pattern that takes it in, in the hand-kept list of its
//! service or, beside that, by its access level. A pattern has the abilities of
//! every action it takes in, and what names no action at all has none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::Reason;
use underbelly_library::{ActionTable, PublishedAction, ServiceActions, fits};

use super::left_out::LeftOut;

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
    pub(crate) fn join(&mut self, other: &Abilities) {
        for ability in &other.items {
            if !self.items.contains(ability) {
                self.items.insert(ability.clone());
            }
        }
        if self.rest.is_none() {
            self.rest = other.rest.clone();
        }
    }

    /// Whether an ability is among them.
    pub(crate) fn has(&self, ability: &str) -> bool {
        self.items.contains(ability)
    }
}

/// What actions let one do, and on what those of a service act, worked out once for
/// each: policies name the same few over and over.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    acts_on: RefCell<HashMap<Arc<str>, ByService>>,
    everywhere: RefCell<HashMap<Box<str>, Rc<Abilities>>>,
    on_less: RefCell<HashMap<Box<str>, Rc<Abilities>>>,
    /// Where something is left out.
    less: RefCell<BTreeMap<Less, Rc<Abilities>>>,
}

/// What is left out of an action or pattern, that, and whether it is on everything.
type Less = (Vec<Arc<str>>, Box<str>, bool);

/// Whether the actions of a service act on resources of one entry, where it is known.
type ByService = HashMap<Box<str>, Option<bool>>;

impl Remembered {
    /// Whether the actions of a service act on the resources of a catalogue entry.
    pub(super) fn acts_on(
        &self,
        entry: &Arc<str>,
        service: &str,
        find: impl FnOnce() -> Option<bool>,
    ) -> Option<bool> {
        let mut known = self.acts_on.borrow_mut();
        let known = known.entry(entry.clone()).or_default();
        if let Some(known) = known.get(service) {
            return *known;
        }
        let found = find();
        known.insert(service.into(), found);
        found
    }

    /// What an action or pattern of actions lets one do without some, on everything or
    /// on less.
    pub(crate) fn abilities(
        &self,
        table: &ActionTable,
        action: &str,
        but: &LeftOut,
        everywhere: bool,
    ) -> Rc<Abilities> {
        let find = || Rc::new(abilities_on(table, action, but, everywhere));
        if !but.is_empty() {
            let key = (but.names().to_vec(), action.into(), everywhere);
            let mut known = self.less.borrow_mut();
            return known.entry(key).or_insert_with(find).clone();
        }
        let mut known = match everywhere {
            true => self.everywhere.borrow_mut(),
            false => self.on_less.borrow_mut(),
        };
        if let Some(known) = known.get(action) {
            return known.clone();
        }
        let found = find();
        known.insert(action.into(), found.clone());
        found
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
    /// All of them.
    pub(crate) const ALL: [Wildcard; 3] = [Wildcard::None, Wildcard::Service, Wildcard::All];

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
    abilities_but(table, action, &LeftOut::default())
}

/// The same without some actions or patterns of them.
fn abilities_but(table: &ActionTable, action: &str, but: &LeftOut) -> Abilities {
    if wildcard(action) == Wildcard::All {
        return everything(table, but);
    }
    let Some((service, verb)) = action.split_once(':') else {
        return unknown(Reason::Unsupported(
            format!("`{action}` is not the name of an action").into(),
        ));
    };
    let service = service.to_ascii_lowercase();
    let listed = table.services.get(&*service);
    let Some(published) = table.published.service(&service) else {
        return unknown(Reason::NotAnalysed(
            format!("what actions of `{service}` let one do").into(),
        ));
    };
    if let (true, true, Some(listed)) = (is_stars(verb), but.is_empty(), listed) {
        return known(listed.everything.iter().cloned());
    }
    let mut items = BTreeSet::new();
    for action in published.matching(verb) {
        if !but.has(&service, action.name) {
            items.extend(of_action(table, listed, action).iter().cloned());
        }
    }
    if is_stars(verb) && but.is_empty() {
        items.insert("administer".into());
    }
    known(items)
}

/// What actions let one do without some of them, and to people who are no part of
/// the system: messages to a topic go to its subscribers; only the right to publish
/// anywhere reaches phones.
pub(crate) fn abilities_on(
    table: &ActionTable,
    action: &str,
    but: &LeftOut,
    everywhere: bool,
) -> Abilities {
    let mut abilities = abilities_but(table, action, but);
    if !everywhere && service(action) == "sns" {
        abilities.items.remove("send_to_people");
    }
    abilities
}

fn known(items: impl IntoIterator<Item = Arc<str>>) -> Abilities {
    Abilities {
        items: items.into_iter().collect(),
        rest: None,
    }
}

fn unknown(reason: Reason) -> Abilities {
    Abilities {
        items: BTreeSet::new(),
        rest: Some(reason),
    }
}

/// The abilities of one action: by its name in the list of its service, else by how
/// far the provider says it goes.
fn of_action<'t>(
    table: &'t ActionTable,
    listed: Option<&'t ServiceActions>,
    action: PublishedAction<'_>,
) -> &'t [Arc<str>] {
    let own = listed.and_then(|listed| of_name(listed, action.name));
    own.unwrap_or_else(|| {
        let others = table
            .others
            .get(&action.level)
            .map_or(&[][..], Vec::as_slice);
        let fitting = others
            .iter()
            .filter(|(pattern, _)| fits(pattern, action.name));
        let letters = |pattern: &str| pattern.bytes().filter(|byte| *byte != b'*').count();
        let best = fitting.max_by_key(|(pattern, _)| letters(pattern));
        best.map_or(&[], |(_, abilities)| abilities.as_slice())
    })
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

fn everything(table: &ActionTable, but: &LeftOut) -> Abilities {
    let mut items: BTreeSet<Arc<str>> = BTreeSet::new();
    for (prefix, listed) in &table.services {
        if !but.touches(prefix) {
            items.extend(listed.everything.iter().cloned());
            continue;
        }
        let published = table.published.service(prefix).into_iter();
        for action in published.flat_map(|published| published.actions()) {
            if !but.has(prefix, action.name) {
                items.extend(of_action(table, Some(listed), action).iter().cloned());
            }
        }
    }
    if but.is_empty() {
        items.insert("administer".into());
    }
    known(items)
}

/// Names of actions are the same in any case.
fn begins_with(verb: &str, beginning: &str) -> bool {
    let start = verb.as_bytes().get(..beginning.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(beginning.as_bytes()))
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
        assert!(
            abilities_on(&table, "sns:Publish", &LeftOut::default(), true).has("send_to_people")
        );
        assert!(
            !abilities_on(&table, "sns:Publish", &LeftOut::default(), false).has("send_to_people")
        );
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
    fn what_is_left_out_gives_nothing() {
        let check = |action: &str, but: &[&str], expected: &str| {
            let but = LeftOut::of(but.iter().map(|but| Arc::from(*but)));
            let found = abilities_on(&library().data.actions, action, &but, false);
            let words: Vec<&str> = found.items.iter().map(|word| &**word).collect();
            assert_eq!(words.join(" "), expected, "{action} but {:?}", but.names());
        };
        check(
            "dynamodb:*",
            &["dynamodb:Delete*"],
            "read_data receive write_data",
        );
        check("sqs:*", &["SQS:SendMessage", "s3:*"], "receive");
        check("sqs:*", &["sqs:*"], "");
        check(
            "*",
            &[
                "iam:*",
                "s3:*",
                "dynamodb:*",
                "lambda:*",
                "sns:*",
                "sts:*",
                "kms:*",
            ],
            "change_access read_secret receive send tamper_logs",
        );
    }

    #[test]
    fn what_no_list_holds_goes_by_its_access_level() {
        check("atlas:DescribeMap", "none []");
        check("atlas:GetMap", "none [read_config]");
        check("atlas:GetMapCredentials", "none [read_secret]");
        check("atlas:DrawMap", "none [change_config]");
        check("atlas:PutMapPolicy", "none [change_access]");
        check(
            "atlas:*",
            "service [administer change_access change_config read_config read_secret]",
        );
        check("s3:DescribeJob", "none []");
    }

    #[test]
    fn what_is_no_action_lets_one_do_nothing() {
        check("dynamodb:TeleportTable", "none []");
        check("s3:Zap*", "none []");
    }

    #[test]
    fn a_service_nobody_knows_is_unknown() {
        check("quantum:Compute", "none [?]");
        check("quantum:*", "service [?]");
        check("nonsense", "none [?]");
    }
}
