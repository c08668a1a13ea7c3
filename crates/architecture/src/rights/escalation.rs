//! Known ways in which a role's rights can be turned into stronger ones.
//!
//! A way is open when the role may do all of it on more than named resources; it is
//! unknown when that hangs on something nobody can tell here; else it is shut. Where
//! any role may be handed on, it is enough that the rest may be done to something new.
//! Roles that may be handed on by name are for [`super::handing`].

use underbelly_expression::{Cause, Piece, SubjectId, Unknown};
use underbelly_iac::ResourceId;

use super::actions::Actions;
use super::allowed::Allowed;
use super::pattern::Pattern;
use super::policy::Term;
use super::reach::{Reach, covered};
use super::ways::{ACTIONS, PASS, TO_ITSELF, WAYS};
use crate::address;
use crate::draft::Draft;

/// On what an action of a way has to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On<'o> {
    /// On all that is there.
    All,
    /// On something of this service that need not be there yet.
    New(&'o str),
    /// On anything of this service.
    Something(&'o str),
    /// On this component.
    Named(SubjectId),
}

/// On what an action has to be allowed once a role may be handed on.
fn besides<'a>(actions: &[&str], action: &'a str) -> On<'a> {
    let verb = |action: &str| action.split_once(':').map(|(_, verb)| verb.to_owned());
    let makes = |verb: String| {
        let making = ["Create", "Register", "Run"];
        making.iter().any(|word| verb.starts_with(word))
    };
    let service = action.split(':').next().unwrap_or_default();
    match actions.iter().filter_map(|one| verb(one)).any(makes) {
        true => On::New(service),
        false => On::Something(service),
    }
}

/// Which ways are open to the role `own`, and why there may be more.
pub(super) fn escalations<'g>(
    draft: &Draft<'_>,
    own: SubjectId,
    grants: &[&'g Allowed],
    rest: Option<&Unknown>,
) -> (Vec<(&'static str, Vec<&'g Allowed>)>, Option<Unknown>) {
    let mut open: Vec<(&'static str, Vec<&'g Allowed>)> = Vec::new();
    let mut unclear = rest.cloned();
    let grants = Asked::of(draft, grants);
    for (number, (name, service, words)) in WAYS.iter().enumerate() {
        let hands_on = words.contains(&PASS);
        let on = |action: &'static str| match hands_on && action != PASS {
            true => besides(words, action),
            false => On::All,
        };
        match grants.may_all(number, service, &on) {
            May::Yes(by) if !open.iter().any(|(known, _)| known == name) => open.push((name, by)),
            May::Yes(_) | May::No => {}
            May::Unknown(reason) => unclear = unclear.or(Some(reason)),
        }
    }
    for action in TO_ITSELF {
        let known = |open: &[(&str, Vec<&Allowed>)]| {
            let mut open = open.iter();
            open.any(|(known, _)| *known == "change_identity")
        };
        if let (May::Yes(grant), false) = (
            grants.may(&Pattern::literal(action), "", On::Named(own)),
            known(&open),
        ) {
            open.push(("change_identity", vec![grant]));
        }
    }
    (open, unclear)
}

/// Whether a role may do something.
pub(super) enum May<T> {
    Yes(T),
    Unknown(Unknown),
    No,
}

/// Grants with the patterns of what each names: many actions are asked for.
pub(super) struct Asked<'a, 'g, 'd> {
    draft: &'a Draft<'d>,
    grants: Vec<(&'g Allowed, Vec<(&'g Actions, Pattern)>)>,
}

impl<'a, 'g, 'd> Asked<'a, 'g, 'd> {
    pub(super) fn of(draft: &'a Draft<'d>, grants: &[&'g Allowed]) -> Self {
        let grants = grants.iter().map(|grant| {
            let named = grant.actions.iter();
            let named = named.filter_map(|own| Some((own, Pattern::literal(own.known()?))));
            (*grant, named.collect())
        });
        Self {
            draft,
            grants: grants.collect(),
        }
    }

    /// The grants of which an action is certainly one, and why others may be.
    pub(super) fn naming(&self, asked: &Pattern) -> (Vec<&'g Allowed>, Option<Unknown>) {
        let mut certain = Vec::new();
        let mut unclear = None;
        for (grant, named) in &self.grants {
            match names(named, asked) {
                true => certain.push(*grant),
                false => unclear = unclear.or_else(|| grant.may_name(asked)),
            }
        }
        (certain, unclear)
    }

    /// Whether it may do all that a way takes; one action that it may not do shuts it.
    pub(super) fn may_all(
        &self,
        number: usize,
        service: &str,
        on: &dyn Fn(&'static str) -> On<'static>,
    ) -> May<Vec<&'g Allowed>> {
        let (Some((_, _, words)), Some(actions)) = (WAYS.get(number), ACTIONS.get(number)) else {
            return May::No;
        };
        let mut by = Vec::new();
        let mut unclear = None;
        for (word, action) in words.iter().zip(actions) {
            match self.may(action, service, on(word)) {
                May::Yes(grant) => by.push(grant),
                May::Unknown(unknown) => unclear = unclear.or(Some(unknown)),
                May::No => return May::No,
            }
        }
        match unclear {
            Some(unknown) => May::Unknown(unknown),
            None => May::Yes(by),
        }
    }

    /// The same of the actions besides handing on a role.
    pub(super) fn may_besides(&self, number: usize, service: &str) -> May<Vec<&'g Allowed>> {
        let (Some((_, _, words)), Some(actions)) = (WAYS.get(number), ACTIONS.get(number)) else {
            return May::No;
        };
        let mut by = Vec::new();
        let mut unclear = None;
        for (word, action) in words.iter().zip(actions).filter(|(word, _)| **word != PASS) {
            match self.may(action, service, besides(words, word)) {
                May::Yes(grant) => by.push(grant),
                May::Unknown(unknown) => unclear = unclear.or(Some(unknown)),
                May::No => return May::No,
            }
        }
        match unclear {
            Some(unknown) => May::Unknown(unknown),
            None => May::Yes(by),
        }
    }

    fn may(&self, asked: &Pattern, service: &str, on: On<'_>) -> May<&'g Allowed> {
        let mut unclear = None;
        for (grant, named) in &self.grants {
            let goes = self.goes(grant, on);
            if !names(named, asked) {
                let perhaps = grant.may_name(asked).filter(|_| goes != Ok(false));
                unclear = unclear.or(perhaps);
                continue;
            }
            match goes {
                Ok(false) => {}
                Ok(true) => match grant.limit_on(service) {
                    None => return May::Yes(grant),
                    Some(Some(unknown)) => unclear = unclear.or(Some(unknown)),
                    Some(None) => {}
                },
                Err(unknown) => unclear = unclear.or(Some(unknown)),
            }
        }
        match unclear {
            Some(unknown) => May::Unknown(unknown),
            None => May::No,
        }
    }

    /// Whether a grant goes as far as a way takes.
    fn goes(&self, grant: &Allowed, on: On<'_>) -> Result<bool, Unknown> {
        let is_wide = match &grant.reach {
            Ok((reach, ..)) => Ok(reach.is_wide()),
            Err(unknown) => Err(unknown.clone()),
        };
        let on_some = |fits: &dyn Fn(&Term) -> bool| match is_wide.clone() {
            Ok(true) => Ok(true),
            Ok(false) => Ok(grant.on.iter().any(fits)),
            Err(_) if grant.on.iter().any(fits) => Ok(true),
            Err(unknown) => Err(unknown),
        };
        let is_of = |term: &Term, service: &str| is_of(self.draft, term, service);
        match on {
            On::All => is_wide.clone(),
            On::Named(component) => {
                let mut targets = grant.targets.iter();
                Ok(targets.any(|(target, _)| *target == component))
            }
            On::Something(service) => on_some(&|term| is_of(term, service)),
            On::New(service) => on_some(&|term| is_of(term, service) && !is_declared(term)),
        }
    }
}

fn names(named: &[(&Actions, Pattern)], asked: &Pattern) -> bool {
    let mut named = named.iter();
    named.any(|(own, pattern)| pattern.covers(asked) && (own.but.is_empty() || own.covers(asked)))
}

/// Whether a resource may be one of a service.
fn is_of(draft: &Draft<'_>, term: &Term, service: &str) -> bool {
    if let Some(arn) = address::arn(&term.text) {
        return Pattern::literal(&arn.service).covers(&Pattern::literal(service));
    }
    let hole = term.text.pieces().first().and_then(|piece| match piece {
        Piece::Hole(hole) => Some(&hole.cause),
        Piece::Literal(_) => None,
    });
    let entry = match hole {
        Some(Cause::Resource { resource, .. }) => draft.entry_of(ResourceId(*resource)),
        Some(_) | None => None,
    };
    entry.is_none_or(|entry| {
        let mut addresses = entry.addresses.iter();
        entry.addresses.is_empty() || addresses.any(|address| &*address.service == service)
    })
}

/// Whether it is something that is there already, and nothing besides.
fn is_declared(term: &Term) -> bool {
    let is_one = matches!(covered(&term.text), Ok(covered) if covered.reach == Reach::One);
    let refers = term
        .text
        .holes()
        .any(|hole| matches!(hole.cause, Cause::Resource { .. }));
    is_one && refers
}
