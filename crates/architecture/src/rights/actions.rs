//! Actions as policies name them: a name or a pattern, with some left out.
//!
//! Where a limit takes away a part of a pattern, the pattern is cut: the names that
//! the limit speaks of stand for themselves, by the provider's list, and the rest
//! stays a pattern. Nothing is spelled out that no limit speaks of.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::Text;
use underbelly_library::{ActionTable, PublishedService};

use super::ability::{self, Abilities, Wildcard};
use super::left_out::{LeftOut, takes_in};
use super::pattern::Pattern;
use super::policy::{Term, Terms};
use crate::draft::Draft;

/// An action or a pattern of them, without some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Actions {
    /// As written, or as cut out of what is written.
    pub(crate) term: Term,
    /// What it does not take in, although its pattern does.
    pub(crate) but: Arc<LeftOut>,
}

impl Actions {
    /// All that is written.
    pub(crate) fn all(term: Term) -> Self {
        let but = Arc::default();
        Self { term, but }
    }

    /// The name or pattern, where it is known.
    pub(crate) fn known(&self) -> Option<&str> {
        self.term.text.known()
    }

    /// Whether it certainly takes in an action or pattern.
    pub(crate) fn covers(&self, action: &Pattern) -> bool {
        let covers = self
            .known()
            .is_some_and(|known| Pattern::literal(known).covers(action));
        covers && !self.leaves_out_of(action)
    }

    /// Whether it may take in some of an action or pattern.
    pub(crate) fn overlaps(&self, action: &Pattern) -> bool {
        self.known().is_none_or(|known| {
            Pattern::literal(known).overlaps(action) && !self.but.covers(action)
        })
    }

    /// Whether it leaves out some of an action or pattern.
    pub(crate) fn leaves_out_of(&self, action: &Pattern) -> bool {
        self.but.overlaps(action)
    }

    /// How far it is written as a wildcard.
    pub(crate) fn wildcard(&self) -> Wildcard {
        match (self.known().map(ability::wildcard), self.but.is_empty()) {
            (None, _) => Wildcard::None,
            // All but some is no longer all, but whole services are in it.
            (Some(Wildcard::All), false) => Wildcard::Service,
            (Some(wildcard), _) => wildcard,
        }
    }

    /// What it lets one do, on everything or on less.
    pub(crate) fn abilities(&self, draft: &Draft<'_>, everywhere: bool) -> Rc<Abilities> {
        let table = &draft.library.data.actions;
        match self.known() {
            Some(known) => draft
                .abilities
                .abilities(table, known, &self.but, everywhere),
            None => Rc::default(),
        }
    }

    /// One name or pattern out of it.
    pub(super) fn only(&self, action: &str) -> Self {
        let term = Term {
            text: Text::literal(action),
            ..self.term.clone()
        };
        let but = self.but.clone();
        Self { term, but }
    }
}

/// The actions a limit speaks of.
#[derive(Clone, Debug)]
pub(super) struct Spoken {
    named: Vec<(Arc<str>, Pattern)>,
    /// Whether it speaks of all but those.
    but: bool,
    /// Whether it may name more.
    unsure: bool,
}

/// How a limit and an action or pattern stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// It does not speak of it.
    Outside,
    /// It speaks of some of it.
    Part,
    /// It speaks of all of it.
    Whole,
    /// Nobody can tell.
    Unsure,
}

impl Spoken {
    /// Those of a statement.
    pub(super) fn of(terms: &Terms, but: bool) -> Self {
        // A service is named outright, or all of them are.
        let is_plain = |known: &&str| ability::wildcard(known) != Wildcard::All || **known == *"*";
        let known = terms.items.iter().map(|term| term.text.known());
        let named = known.clone().flatten().filter(is_plain);
        let named = named.map(|known| (Arc::from(known), Pattern::literal(known)));
        Self {
            named: named.collect(),
            but,
            unsure: terms.rest.is_some()
                || known
                    .into_iter()
                    .any(|known| !known.is_some_and(|known| is_plain(&known))),
        }
    }

    /// The services it names; `*` where it is about any.
    pub(super) fn services(&self) -> BTreeSet<String> {
        match self.but || self.unsure {
            true => BTreeSet::from(["*".to_owned()]),
            false => {
                let named = self.named.iter();
                named.map(|(text, _)| service_of(text)).collect()
            }
        }
    }

    fn relation(&self, asked: &Pattern) -> Relation {
        let covers = self.named.iter().any(|(_, own)| own.covers(asked));
        let touches = covers || self.named.iter().any(|(_, own)| own.overlaps(asked));
        match (self.but, covers, touches, self.unsure) {
            (false, true, ..) => Relation::Whole,
            (false, false, true, false) => Relation::Part,
            (false, false, false, false) => Relation::Outside,
            (true, true, ..) => Relation::Outside,
            (true, false, true, false) => Relation::Part,
            (true, false, false, false) => Relation::Whole,
            (_, false, _, true) => Relation::Unsure,
        }
    }

    /// Whether it may speak of an action, by its full name.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.unsure || self.has(name)
    }

    /// Whether it certainly speaks of an action, by its full name.
    pub(super) fn certainly_has(&self, name: &str) -> bool {
        // What is not known may be among what it leaves out.
        !(self.unsure && self.but) && self.has(name)
    }

    /// Whether it speaks of an action, by its full name, for all that is known.
    fn has(&self, name: &str) -> bool {
        self.named.iter().any(|(own, _)| takes_in(own, name)) != self.but
    }
}

fn service_of(action: &str) -> String {
    match ability::wildcard(action) {
        Wildcard::All => "*".to_owned(),
        Wildcard::Service | Wildcard::None => ability::service(action),
    }
}

/// The limits that speak of something, by their place among all, each with whether
/// that is certain.
pub(super) type Speaking = BTreeMap<usize, bool>;

/// A part of what was cut: of all of it the same limits speak.
#[derive(Clone, Debug)]
pub(super) struct Part {
    which: Which,
    /// The limits.
    pub(super) speaking: Speaking,
}

#[derive(Clone, Debug)]
enum Which {
    /// All that was cut.
    All,
    /// These names or patterns out of it.
    Only(Vec<String>),
    /// All of it without those.
    Without(Arc<LeftOut>),
}

impl Part {
    /// The part of these actions, if they are what was cut.
    pub(super) fn of(&self, actions: &Actions) -> Vec<Actions> {
        match &self.which {
            Which::All => vec![actions.clone()],
            Which::Only(names) => names.iter().map(|name| actions.only(name)).collect(),
            Which::Without(but) => vec![Actions {
                but: but.clone(),
                ..actions.clone()
            }],
        }
    }
}

/// Limits that speak of the same actions, by their place among all.
#[derive(Debug)]
pub(super) struct Alike<'l> {
    spoken: &'l Spoken,
    limits: Vec<usize>,
}

/// Puts limits together that speak of the same actions: mostly few are told apart.
pub(super) fn alike<'l>(limits: impl Iterator<Item = &'l Spoken>) -> Vec<Alike<'l>> {
    let mut found: Vec<Alike<'l>> = Vec::new();
    let mut known: BTreeMap<(Vec<&str>, bool, bool), usize> = BTreeMap::new();
    for (index, spoken) in limits.enumerate() {
        let texts = spoken.named.iter().map(|(text, _)| &**text).collect();
        let at = known.entry((texts, spoken.but, spoken.unsure));
        let at = *at.or_insert(found.len());
        match found.get_mut(at) {
            Some(alike) => alike.limits.push(index),
            None => found.push(Alike {
                spoken,
                limits: vec![index],
            }),
        }
    }
    found
}

/// Cuts actions so that each limit speaks of all of a part or of nothing of it.
pub(super) fn cut(table: &ActionTable, actions: &Actions, limits: &[Alike<'_>]) -> Vec<Part> {
    let Some(known) = actions.known() else {
        return Vec::new();
    };
    let asked = Pattern::literal(known);
    let mut speaking = Speaking::new();
    let mut parted = Vec::new();
    for alike in limits {
        let sure = match alike.spoken.relation(&asked) {
            Relation::Outside => continue,
            Relation::Whole => true,
            Relation::Unsure => false,
            Relation::Part => {
                parted.push(alike.spoken);
                // Outside the names it leaves out it speaks of all.
                if !alike.spoken.but {
                    continue;
                }
                true
            }
        };
        speaking.extend(alike.limits.iter().map(|index| (*index, sure)));
    }
    if parted.is_empty() {
        let which = Which::All;
        return vec![Part { which, speaking }];
    }
    let named = parted.iter().flat_map(|spoken| &spoken.named);
    let named = named.filter(|(_, pattern)| pattern.overlaps(&asked));
    let named: BTreeMap<&str, &Pattern> = named.map(|(text, own)| (&**text, own)).collect();
    let unsure = speaking.iter().filter(|(_, sure)| !**sure);
    let unsure: Speaking = unsure.map(|(index, sure)| (*index, *sure)).collect();
    let mut parts = Vec::new();
    let mut seen = BTreeSet::new();
    for (text, pattern) in &named {
        let Some(service) = published(table, text) else {
            continue;
        };
        let names = names(service, text, known, &actions.but);
        let names = names.filter(|name| seen.insert(name.clone()));
        let groups = by_limits(names, limits);
        let is_one = groups.len() == 1 && asked.covers(pattern);
        for (of, names) in groups {
            let mut speaking: Speaking = of.into_iter().map(|index| (index, true)).collect();
            speaking.extend(&unsure);
            let which = Which::Only(match is_one && names.len() > 1 {
                true => vec![(*text).to_owned()],
                false => names,
            });
            parts.push(Part { which, speaking });
        }
    }
    let more: Vec<Arc<str>> = named.keys().map(|text| Arc::from(*text)).collect();
    let but = actions.but.and(&more);
    if is_something(table, known, &but) {
        let which = Which::Without(but.into());
        parts.push(Part { which, speaking });
    }
    parts
}

/// Names of actions by the limits that certainly speak of them.
fn by_limits(
    names: impl Iterator<Item = String>,
    limits: &[Alike<'_>],
) -> BTreeMap<Vec<usize>, Vec<String>> {
    let mut groups: BTreeMap<Vec<usize>, Vec<String>> = BTreeMap::new();
    for name in names {
        let of = limits.iter().enumerate();
        let of = of.filter(|(_, alike)| !alike.spoken.unsure && alike.spoken.has(&name));
        let of = of.map(|(index, _)| index).collect();
        groups.entry(of).or_default().push(name);
    }
    let all = |of: Vec<usize>| -> Vec<usize> {
        let alike = of.iter().filter_map(|index| limits.get(*index));
        let mut all: Vec<usize> = alike.flat_map(|alike| &alike.limits).copied().collect();
        all.sort_unstable();
        all
    };
    groups
        .into_iter()
        .map(|(of, names)| (all(of), names))
        .collect()
}

/// The service an action belongs to, as published.
pub(super) fn published<'t>(table: &'t ActionTable, action: &str) -> Option<PublishedService<'t>> {
    let (prefix, _) = action.split_once(':')?;
    table.published.service(&prefix.to_ascii_lowercase())
}

/// The full names of the actions of a service that both patterns take in.
pub(super) fn names<'t>(
    service: PublishedService<'t>,
    one: &'t str,
    other: &'t str,
    but: &'t LeftOut,
) -> impl Iterator<Item = String> + 't {
    let names = service.actions();
    let names = names.map(move |action| format!("{}:{}", service.prefix, action.name));
    names.filter(move |name| takes_in(one, name) && takes_in(other, name) && !but.has_named(name))
}

/// Whether anything is left; what no list holds is taken to be something.
fn is_something(table: &ActionTable, known: &str, but: &LeftOut) -> bool {
    match published(table, known) {
        Some(service) => names(service, known, known, but).next().is_some(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use underbelly_expression::Basis;

    use super::super::testing::library;
    use super::*;

    fn terms(actions: &[&str]) -> Terms {
        let term = |action: &&str| Term {
            text: Text::literal(*action),
            basis: Basis::Written,
            place: None,
        };
        Terms {
            items: actions.iter().map(term).collect(),
            rest: None,
        }
    }

    /// The pieces of `action` under limits; a limit beginning with `!` speaks of all
    /// but what it names.
    fn check(action: &str, limits: &[&[&str]], expected: &[&str]) {
        let limits: Vec<Spoken> = limits
            .iter()
            .map(|limit| match limit {
                ["!", rest @ ..] => Spoken::of(&terms(rest), true),
                all => Spoken::of(&terms(all), false),
            })
            .collect();
        let limits = alike(limits.iter());
        let actions = Actions::all(terms(&[action]).items.remove(0));
        let parts = cut(&library().data.actions, &actions, &limits);
        let pieces = parts.iter().flat_map(|part| {
            let pieces = part.of(&actions).into_iter();
            pieces.map(|actions| (actions, &part.speaking))
        });
        let shown = pieces.map(|(actions, speaking)| {
            let by: Vec<String> = speaking.keys().map(usize::to_string).collect();
            let mut line = actions.known().unwrap_or("?").to_owned();
            if !actions.but.is_empty() {
                line = format!("{line} but {}", actions.but.names().join(" "));
            }
            format!("{line}: {}", by.join(" "))
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{action}");
    }

    #[test]
    fn what_no_limit_parts_stays_whole() {
        check("s3:*", &[], &["s3:*: "]);
        check("s3:*", &[&["sqs:*"]], &["s3:*: "]);
        check("s3:Get*", &[&["s3:*"], &["*"]], &["s3:Get*: 0 1"]);
        check("s3:*", &[&["!", "sqs:*"]], &["s3:*: 0"]);
        check("s3:GetObject", &[&["!", "s3:*"]], &["s3:GetObject: "]);
    }

    #[test]
    fn a_limit_on_some_of_a_pattern_cuts_it() {
        check(
            "dynamodb:*",
            &[&["dynamodb:DeleteItem"]],
            &[
                "dynamodb:DeleteItem: 0",
                "dynamodb:* but dynamodb:DeleteItem: ",
            ],
        );
        check(
            "*",
            &[&["iam:*"], &["iam:PassRole"]],
            &[
                "iam:PutRolePolicy: 0",
                "iam:PassRole: 0 1",
                "* but iam:* iam:PassRole: ",
            ],
        );
        check("*", &[&["iam:*"]], &["iam:*: 0", "* but iam:*: "]);
        check("*", &[&["!", "iam:*"]], &["iam:*: ", "* but iam:*: 0"]);
        check(
            "s3:*Object",
            &[&["s3:Get*"]],
            &["s3:GetObject: 0", "s3:*Object but s3:Get*: "],
        );
        check(
            "sns:*",
            &[&["sns:Publish", "sns:Subscribe"]],
            &["sns:Publish: 0", "sns:Subscribe: 0"],
        );
    }
}
