//! The lines that bear on an Allow from elsewhere, for people: Denies that take some of
//! it away, and what of a boundary lets it through. What they leave of it is for
//! [`super::left`].

use std::fmt::Write as _;

use underbelly_expression::{Basis, Fact, Text};
use underbelly_source::Place;

use super::facts;
use super::limits::{Kind, Limit};
use super::pattern::Pattern;
use super::policy::{Statement, Terms};

/// So many lines are told of one Allow.
const MOST: usize = 16;

/// So many actions, resources and conditions are told of one line.
const MOST_WORDS: usize = 3;

/// The lines, each in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bearing {
    /// Denies.
    pub(crate) denied: Vec<(String, Option<Place>)>,
    /// Statements of boundaries.
    pub(crate) let_through: Vec<(String, Option<Place>)>,
}

impl Bearing {
    /// Those of the limits that speak of some of these resources.
    pub(super) fn of<'l>(limits: impl Iterator<Item = &'l Limit>, on: &[&Pattern]) -> Self {
        let mut bearing = Self::default();
        for limit in limits {
            let resources = &limit.resources;
            let mut named = resources.named.iter();
            let touches = resources.but
                || resources.unsure
                || named.any(|(pattern, _)| on.iter().any(|one| pattern.overlaps(one)));
            let into = match limit.kind {
                Kind::Deny => &mut bearing.denied,
                Kind::Cap(_) => &mut bearing.let_through,
            };
            if touches && into.len() < MOST {
                let line = (in_words(&limit.statement), limit.statement.place);
                if !into.contains(&line) {
                    into.push(line);
                }
            }
        }
        bearing
    }

    /// Adds those of another.
    pub(super) fn join(&mut self, other: Bearing) {
        let pairs = [
            (&mut self.denied, other.denied),
            (&mut self.let_through, other.let_through),
        ];
        for (own, more) in pairs {
            for line in more {
                if own.len() < MOST && !own.contains(&line) {
                    own.push(line);
                }
            }
        }
    }
}

/// Lines as a fact.
pub(super) fn fact(lines: &[(String, Option<Place>)], place: Option<Place>) -> Fact {
    let words = lines.iter().map(|(line, place)| {
        let text = Text::literal(line.as_str());
        (text, Basis::Written, place.iter().copied().collect())
    });
    let missing = place.map(|place| Place::missing(place.span));
    facts::words(words, None, Basis::Written, missing.into_iter().collect())
}

/// `dynamodb:DeleteItem on ${Orders.Arn} where aws:SourceVpce`.
fn in_words(statement: &Statement) -> String {
    let mut said = list(&statement.actions, statement.but_actions);
    let resources = &statement.resources;
    if !resources.items.is_empty() || resources.rest.is_some() {
        let _ = write!(said, " on {}", list(resources, statement.but_resources));
    }
    let keys = statement.conditions.iter().map(|one| one.key.to_string());
    let keys: Vec<String> = keys.take(MOST_WORDS).collect();
    if !keys.is_empty() {
        let _ = write!(said, " where {}", keys.join(", "));
    }
    said
}

fn list(terms: &Terms, but: bool) -> String {
    let words = terms.items.iter().map(|term| term.text.to_string());
    let mut words: Vec<String> = words.take(MOST_WORDS).collect();
    let more = terms.items.len().saturating_sub(MOST_WORDS);
    if more > 0 {
        words.push(format!("{more} more"));
    }
    if terms.rest.is_some() {
        words.push("perhaps more".to_owned());
    }
    let words = words.join(", ");
    match but {
        true => format!("all but {words}"),
        false => words,
    }
}
