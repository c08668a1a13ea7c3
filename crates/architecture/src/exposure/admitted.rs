//! Who is let in by a component's own policy, as an audience.

use underbelly_expression::{Fact, Guard, Reason, SubjectId};

use crate::derived::{Offer, first_word, unresolved_or, word};
use crate::draft::Draft;

use super::audience::OPEN_TO;

/// One admission: when, whom, and what they may do.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    /// When it holds.
    pub(crate) guard: Guard,
    /// Who that is as an audience.
    pub(crate) audience: Fact,
    /// The same for calls through the function's own address.
    pub(crate) through_url: Fact,
    /// What they may do.
    abilities: Fact,
}

impl Admitted {
    /// Whether it gives one of these abilities: `None` where nobody can tell.
    pub(crate) fn gives(&self, wanted: &[&str]) -> Option<bool> {
        holds(&self.abilities, wanted)
    }
}

/// The admissions of a component, and why there may be more.
pub(crate) fn of(draft: &Draft<'_>, component: SubjectId) -> (Vec<Admitted>, Option<Fact>) {
    let mut found = Vec::new();
    let kind = draft.kind_of(component);
    for part in draft.parts_of(component, "admits") {
        let Some(part) = draft.parts.get(part.index()) else {
            continue;
        };
        let missing = || {
            let reason = Reason::NotAnalysed("a policy".into());
            Fact::unknown(reason, part.place)
        };
        let fact = |name: &str| part.facts.get(name).cloned().unwrap_or_else(missing);
        let principal = fact("principal");
        let narrowed_by = fact("narrowed_by");
        let audience = |through_url: bool| {
            narrowed_by.map(|narrowed_by| {
                let allow = Allow {
                    kind,
                    name: part.facts.get("principal_name"),
                    narrowed_by,
                };
                allow.audience(&principal, through_url)
            })
        };
        found.push(Admitted {
            guard: part.guard.clone(),
            audience: consistent(draft, &part.guard, audience(false)),
            through_url: consistent(draft, &part.guard, audience(true)),
            abilities: fact("abilities"),
        });
    }
    (found, more(draft.fact(component, "admits")))
}

/// Without the cases that no values of parameters give.
pub(crate) fn consistent(draft: &Draft<'_>, within: &Guard, fact: Fact) -> Fact {
    match fact {
        Fact::OneOf(_) => {
            let offers = [(Guard::always(), fact.clone())];
            first_word(&draft.graph.worlds, within, &offers, &OPEN_TO, &fact)
        }
        Fact::Known(_) | Fact::Unknown(_) | Fact::Absent(_) => fact,
    }
}

/// Why a list of parts may not be all.
fn more(fact: Option<&Fact>) -> Option<Fact> {
    let (_, rest) = fact?.items();
    rest.map(|rest| Fact::Unknown(rest.clone()))
}

/// What an audience depends on besides the principal's class.
struct Allow<'a> {
    /// The kind of component that lets in.
    kind: &'a str,
    /// The principal as written.
    name: Option<&'a Fact>,
    /// What narrows it.
    narrowed_by: &'a Fact,
}

/// Kinds that answer calls without a signature where their policy lets everybody in:
/// everything else asks who calls before it reads any policy.
const ANSWERS_STRANGERS: [&str; 6] = [
    "object-store",
    "queue",
    "topic",
    "rest-api",
    "database",
    "file-system",
];

/// Kinds that services hand the wishes of others to.
const SERVED: [&str; 8] = [
    "function",
    "object-store",
    "queue",
    "topic",
    "event-bus",
    "stream",
    "log-group",
    "workflow",
];

/// Conditions that tie a service to whom it acts for.
const TIES: [&str; 6] = [
    "source_arn",
    "source_account",
    "organisation",
    "source_token",
    "source_function",
    "network",
];

impl Allow<'_> {
    fn audience(&self, principal: &Fact, through_url: bool) -> Fact {
        principal.map(|case| match case.as_text() {
            // The right to call through an address is none without it.
            Some(_) if !through_url && self.is_narrowed_by(&["function_url"]) == Some(true) => {
                word(case, "nobody")
            }
            Some("anyone") => self.anyone(case, through_url),
            Some("foreign_account" | "organisation" | "federated") => word(case, "partner"),
            Some("role") if self.of_named_account() => word(case, "partner"),
            Some("account" | "own_account" | "role") => word(case, "account"),
            Some("service") => self.deputy(case),
            // An identity made for one CDN is that CDN; the service acts for all.
            Some("cdn") if self.is_service() => self.deputy(case),
            Some("cdn") => word(case, "nobody"),
            Some(_) | None => unresolved_or(case),
        })
    }

    fn is_narrowed_by(&self, wanted: &[&str]) -> Option<bool> {
        holds(self.narrowed_by, wanted)
    }

    /// Whether a role is one of an account that is written out, as ours never is.
    fn of_named_account(&self) -> bool {
        let name = self.name.and_then(Fact::as_text);
        let account = name.and_then(|name| name.split(':').nth(4));
        account.is_some_and(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()))
    }

    fn is_service(&self) -> bool {
        let name = self.name.and_then(Fact::as_text);
        name.is_some_and(|name| name.contains(".amazonaws.com"))
    }

    /// A service acts for those who are drawn, if a condition ties it to them, and
    /// for whoever asks it otherwise.
    fn deputy(&self, principal: &Fact) -> Fact {
        if !SERVED.contains(&self.kind) {
            return word(principal, "nobody");
        }
        let (_, rest) = self.narrowed_by.items();
        match (
            self.is_narrowed_by(&TIES),
            self.is_narrowed_by(&["other", "tag"]),
            rest,
        ) {
            (Some(true), _, _) => word(principal, "nobody"),
            (_, Some(true), _) => {
                self.unclear(principal, "the condition of an Allow for a service")
            }
            (Some(false), _, _) => word(principal, "deputy"),
            (None, _, Some(rest)) => Fact::Unknown(rest.clone()),
            (None, _, None) => self.unclear(principal, "the condition of an Allow for a service"),
        }
    }

    /// Anyone, unless a condition says who, from where, or through what.
    fn anyone(&self, principal: &Fact, through_url: bool) -> Fact {
        let to_account = [
            "source_arn",
            "source_account",
            "network",
            "source_token",
            "source_function",
        ];
        if self.is_narrowed_by(&to_account) == Some(true) {
            return word(principal, "account");
        }
        if self.is_narrowed_by(&["organisation", "ip", "external_id", "sub"]) == Some(true) {
            return word(principal, "partner");
        }
        let unclear = || self.unclear(principal, "the condition of an Allow for everybody");
        if self.is_narrowed_by(&["other", "tag"]) == Some(true) {
            return unclear();
        }
        let signed = !through_url && !ANSWERS_STRANGERS.contains(&self.kind);
        match (self.narrowed_by.items().1, self.is_narrowed_by(&to_account)) {
            (Some(rest), _) => Fact::Unknown(rest.clone()),
            (None, Some(_)) if signed => word(principal, "any_account"),
            (None, Some(_)) => word(principal, "anyone"),
            (None, None) => unclear(),
        }
    }

    fn unclear(&self, principal: &Fact, what: &str) -> Fact {
        let reason = Reason::NotAnalysed(what.into());
        Fact::unknown(reason, self.narrowed_by.span().or(principal.span()))
    }
}

/// Whether a set holds one of these words.
fn holds(set: &Fact, wanted: &[&str]) -> Option<bool> {
    let (items, rest) = set.items();
    let is_wanted = |item: &Fact| item.as_text().is_some_and(|word| wanted.contains(&word));
    let found = items
        .iter()
        .any(|(guard, item)| guard.is_always() && is_wanted(item));
    let unclear = items
        .iter()
        .any(|(guard, item)| item.as_text().is_none() || (!guard.is_always() && is_wanted(item)));
    match (found, rest.is_some() || unclear) {
        (true, _) => Some(true),
        (false, false) => Some(false),
        (false, true) => None,
    }
}

/// Audiences of admissions that give one of these abilities; all of them where
/// none is wanted. What cannot be told counts as unknown.
pub(crate) fn audiences(draft: &Draft<'_>, component: SubjectId, wanted: &[&str]) -> Vec<Offer> {
    let (admitted, rest) = of(draft, component);
    let mut offers: Vec<Offer> = Vec::new();
    for admit in admitted {
        let gives = match wanted.is_empty() {
            true => Some(true),
            false => admit.gives(wanted),
        };
        match gives {
            Some(true) => offers.push((admit.guard, admit.audience)),
            Some(false) => {}
            None => {
                // Whoever is let in anyhow need not be asked for.
                let trusted = matches!(admit.audience.as_text(), Some("nobody" | "deputy"));
                if !trusted {
                    let rest = admit.abilities.items().1.cloned();
                    let unknown = rest.map_or_else(
                        || Fact::unknown(Reason::NotAnalysed("a policy".into()), None),
                        Fact::Unknown,
                    );
                    offers.push((admit.guard, unknown));
                }
            }
        }
    }
    offers.extend(rest.map(|unknown| (Guard::always(), unknown)));
    offers
}
