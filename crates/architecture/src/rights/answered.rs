//! What people answered of single statements, in the shape that everything else is
//! computed from: the facts of a grant or admission follow from it, not the other way
//! round.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Places, SubjectId, Text};
use underbelly_source::Place;

use super::ability::{Abilities, Wildcard};
use super::actions::Actions;
use super::admits::Admitted;
use super::allowed::Allowed;
use super::condition::Narrowed;
use super::policy::Term;
use super::principal::Class;
use super::reach::Reach;
use crate::draft::Draft;

/// Abilities that lead on to stronger rights: which actions give them matters.
const LEADS_ON: &[&str] = &[
    "pass_role",
    "change_code",
    "change_config",
    "change_access",
    "change_identity",
    "deploy",
    "create_compute",
    "assume",
    "administer",
];

/// The words for what limits a statement.
const NARROWINGS: &[&str] = &[
    "source_arn",
    "source_account",
    "source_token",
    "organisation",
    "external_id",
    "sub",
    "network",
    "ip",
    "tls",
    "mfa",
    "leading_keys",
    "passed_to_service",
    "source_function",
    "function_url",
    "tag",
    "other",
];

/// A grant as people say it is, where nobody could tell.
pub(super) fn of_grant(draft: &Draft<'_>, part: SubjectId, guard: &Guard, allowed: &mut Allowed) {
    if let Some(word) = word(draft, part, "reach", guard)
        && allowed.reach.is_err()
        && let Some(reach) = Reach::ALL.iter().find(|one| *one.word() == *word.said)
    {
        allowed.reach = Ok((*reach, word.basis, word.place));
        if reach.is_wide() {
            // What covers all of a kind names nothing.
            allowed.more_targets = None;
        }
    }
    if let Some(word) = word(draft, part, "wildcard_actions", guard)
        && allowed.wildcard.is_err()
        && let Some(wildcard) = Wildcard::ALL.iter().find(|one| *one.word() == *word.said)
    {
        allowed.wildcard = Ok(*wildcard);
        if *wildcard == Wildcard::All {
            all_actions(draft, allowed, &word);
        }
    }
    if let Some(given) = draft.given(part, "abilities")
        && let Some(rest) = &allowed.abilities.rest
    {
        let rest = rest.clone();
        let said = abilities(given, guard);
        let leads_on = |ability: &Arc<str>| LEADS_ON.contains(&&**ability);
        let more = said.items.difference(&allowed.abilities.items);
        // By which actions it leads on is not said.
        if more.filter(|ability| leads_on(ability)).count() == 0 {
            allowed.open = None;
            allowed.perhaps.clear();
        } else if allowed.open.is_none() {
            allowed.open = Some(super::facts::unknown(rest, allowed.place));
        }
        allowed.abilities.join(&said);
        allowed.abilities.rest = None;
    }
    narrowed(draft, part, guard, &mut allowed.narrowed);
}

/// An admission as people say it is, where nobody could tell.
pub(super) fn of_admission(
    draft: &Draft<'_>,
    part: SubjectId,
    guard: &Guard,
    admitted: &mut Admitted,
) {
    if let Some(word) = word(draft, part, "principal", guard)
        && admitted.principal.class.is_err()
        && let Some(class) = Class::of_word(&word.said)
    {
        admitted.principal.class = Ok(class);
        admitted.by = (word.basis, word.place);
    }
    if let Some(given) = draft.given(part, "abilities")
        && admitted.abilities.rest.is_some()
    {
        admitted.abilities.join(&abilities(given, guard));
        admitted.abilities.rest = None;
    }
    narrowed(draft, part, guard, &mut admitted.narrowed);
}

/// Everything is allowed, as if a star were written.
fn all_actions(draft: &Draft<'_>, allowed: &mut Allowed, word: &Word) {
    let term = Term {
        text: Text::literal("*"),
        basis: word.basis,
        place: word.place,
    };
    let all = Actions::all(term);
    let everywhere = !matches!(&allowed.reach, Ok((reach, ..)) if *reach < Reach::Everything);
    allowed.abilities = (*all.abilities(draft, everywhere)).clone();
    allowed.actions = vec![all];
    allowed.perhaps.clear();
    allowed.open = None;
}

fn narrowed(draft: &Draft<'_>, part: SubjectId, guard: &Guard, narrowed: &mut Narrowed) {
    let Some(given) = draft
        .given(part, "narrowed_by")
        .filter(|_| narrowed.rest.is_some())
    else {
        return;
    };
    for (said, place) in words(given, guard) {
        if let Some(known) = NARROWINGS.iter().find(|known| ***known == *said) {
            narrowed.add(known, Basis::Person, place);
        }
    }
    narrowed.rest = None;
}

fn abilities(given: &Fact, guard: &Guard) -> Abilities {
    let said = words(given, guard).into_iter();
    Abilities {
        items: said.map(|(word, _)| word).collect(),
        rest: None,
    }
}

/// A word that somebody said.
struct Word {
    said: Arc<str>,
    basis: Basis,
    place: Option<Place>,
}

/// The word that is given for a case.
fn word(draft: &Draft<'_>, part: SubjectId, name: &str, guard: &Guard) -> Option<Word> {
    let given = draft.given(part, name)?;
    let mut cases = given.cases();
    let (_, case) = cases.find(|(when, _)| when.and(guard).is_some())?;
    let known = case.as_known()?;
    Some(Word {
        said: case.as_text()?.into(),
        basis: known.basis,
        place: known.places.first().copied(),
    })
}

/// The words of a set that is given, each with its place.
fn words(given: &Fact, guard: &Guard) -> Vec<(Arc<str>, Option<Place>)> {
    let (items, _) = given.items();
    let here = items
        .into_iter()
        .filter(|(when, _)| when.and(guard).is_some());
    let words = here.filter_map(|(_, item)| {
        let places: Places = item.as_known()?.places.clone();
        Some((item.as_text()?.into(), places.first().copied()))
    });
    words.collect()
}
