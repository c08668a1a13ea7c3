//! Actions as policies name them: a name or a pattern, with some left out.
//!
//! Where a limit takes away a part of a pattern, the pattern is cut: the names that
//! the limit speaks of stand for themselves, by the provider's list, and the rest
//! stays a pattern. Nothing is spelled out that no limit speaks of.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::Text;
use underbelly_library::{ActionTable, PublishedService, fits};

use super::ability::{self, Abilities, Wildcard};
use super::pattern::Pattern;
use super::policy::{Term, Terms};
use crate::draft::Draft;

/// An action or a pattern of them, without some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Actions {
    /// As written, or as cut out of what is written.
    pub(crate) term: Term,
    /// What it does not take in, although its pattern does.
    pub(crate) but: Vec<Arc<str>>,
}

impl Actions {
    /// All that is written.
    pub(crate) fn all(term: Term) -> Self {
        let but = Vec::new();
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
        let all_out = || {
            let mut but = self.but.iter();
            but.any(|but| Pattern::literal(but).covers(action))
        };
        self.known()
            .is_none_or(|known| Pattern::literal(known).overlaps(action) && !all_out())
    }

    /// Whether it leaves out some of an action or pattern.
    pub(crate) fn leaves_out_of(&self, action: &Pattern) -> bool {
        let mut but = self.but.iter();
        but.any(|but| Pattern::literal(but).overlaps(action))
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
            Some(known) if self.but.is_empty() => {
                draft.abilities.abilities(table, known, everywhere)
            }
            Some(known) => ability::abilities_on(table, known, &self.but, everywhere).into(),
            None => Rc::default(),
        }
    }

    /// The same without more of it.
    fn without(&self, more: impl IntoIterator<Item = Arc<str>>) -> Self {
        let mut rest = self.clone();
        for one in more {
            if !rest.but.contains(&one) {
                rest.but.push(one);
            }
        }
        rest
    }

    /// One name or pattern out of it.
    pub(super) fn only(&self, action: String) -> Self {
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

/// Whether a pattern of actions takes in an action.
fn takes_in(pattern: &str, name: &str) -> bool {
    match ability::wildcard(pattern) {
        Wildcard::All => true,
        Wildcard::Service | Wildcard::None => fits(pattern, name),
    }
}

fn service_of(action: &str) -> String {
    match ability::wildcard(action) {
        Wildcard::All => "*".to_owned(),
        Wildcard::Service | Wildcard::None => ability::service(action),
    }
}

/// The limits that speak of something, each with whether that is certain.
pub(super) type Speaking = BTreeMap<usize, bool>;

/// Cuts actions so that each limit speaks of all of a piece or of nothing of it.
pub(super) fn cut(
    table: &ActionTable,
    actions: &Actions,
    limits: &[&Spoken],
) -> Vec<(Actions, Speaking)> {
    let Some(known) = actions.known() else {
        return Vec::new();
    };
    let asked = Pattern::literal(known);
    let mut speaking = Speaking::new();
    let mut parts = Vec::new();
    for (index, spoken) in limits.iter().enumerate() {
        match spoken.relation(&asked) {
            Relation::Outside => {}
            Relation::Whole => {
                speaking.insert(index, true);
            }
            Relation::Unsure => {
                speaking.insert(index, false);
            }
            Relation::Part => {
                parts.push(*spoken);
                // Outside the names it leaves out it speaks of all.
                if spoken.but {
                    speaking.insert(index, true);
                }
            }
        }
    }
    if parts.is_empty() {
        return vec![(actions.clone(), speaking)];
    }
    let named = parts.iter().flat_map(|spoken| &spoken.named);
    let named = named.filter(|(_, pattern)| pattern.overlaps(&asked));
    let named: BTreeMap<&str, &Pattern> = named.map(|(text, own)| (&**text, own)).collect();
    let mut pieces = Vec::new();
    let mut seen = BTreeSet::new();
    for (text, pattern) in &named {
        let Some(service) = published(table, text) else {
            continue;
        };
        let names = names(service, text, known, &actions.but);
        let names: Vec<String> = names.filter(|name| seen.insert(name.clone())).collect();
        let mut by_limits: BTreeMap<Vec<usize>, Vec<String>> = BTreeMap::new();
        for name in names {
            let of = limits.iter().enumerate();
            let of = of.filter(|(_, spoken)| !spoken.unsure && spoken.has(&name));
            let of = of.map(|(index, _)| index).collect();
            by_limits.entry(of).or_default().push(name);
        }
        let is_one = by_limits.len() == 1 && asked.covers(pattern);
        for (of, names) in by_limits {
            let mut own: Speaking = of.into_iter().map(|index| (index, true)).collect();
            let unsure = speaking.iter().filter(|(_, sure)| !**sure);
            own.extend(unsure.map(|(index, sure)| (*index, *sure)));
            match is_one && names.len() > 1 {
                true => pieces.push((actions.only((*text).to_owned()), own)),
                false => {
                    let names = names.into_iter();
                    pieces.extend(names.map(|name| (actions.only(name), own.clone())));
                }
            }
        }
    }
    let rest = actions.without(named.keys().map(|text| Arc::from(*text)));
    if is_something(table, &rest) {
        pieces.push((rest, speaking));
    }
    pieces
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
    but: &'t [Arc<str>],
) -> impl Iterator<Item = String> + 't {
    let names = service.actions();
    let names = names.map(move |action| format!("{}:{}", service.prefix, action.name));
    names.filter(move |name| {
        takes_in(one, name) && takes_in(other, name) && !but.iter().any(|but| takes_in(but, name))
    })
}

/// Whether anything is left; what no list holds is taken to be something.
fn is_something(table: &ActionTable, actions: &Actions) -> bool {
    let Some(known) = actions.known() else {
        return true;
    };
    match published(table, known) {
        Some(service) => names(service, known, known, &actions.but).next().is_some(),
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
        let limits: Vec<&Spoken> = limits.iter().collect();
        let term = terms(&[action]).items.remove(0);
        let pieces = cut(&library().data.actions, &Actions::all(term), &limits);
        let shown = pieces.iter().map(|(actions, speaking)| {
            let by: Vec<String> = speaking.keys().map(usize::to_string).collect();
            let mut line = actions.known().unwrap_or("?").to_owned();
            if !actions.but.is_empty() {
                line = format!("{line} but {}", actions.but.join(" "));
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
