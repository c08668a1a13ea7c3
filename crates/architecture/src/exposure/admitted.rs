//! Who is let in by a component's own policy, as an audience.

use underbelly_expression::{Fact, Guard, Reason, SubjectId, Value};

use crate::derived::{Offer, unresolved_or, word};
use crate::draft::Draft;

/// One admission: when, whom, and what they may do.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    /// When it holds.
    pub(crate) guard: Guard,
    /// The kind of principal, such as `service`.
    pub(crate) principal: Fact,
    /// Who that is as an audience.
    pub(crate) audience: Fact,
    /// The same for calls through the function's own address.
    pub(crate) through_url: Fact,
    /// What narrows it.
    narrowed_by: Fact,
    /// What they may do.
    abilities: Fact,
}

impl Admitted {
    /// Whether it gives one of these abilities: `None` where nobody can tell.
    pub(crate) fn gives(&self, wanted: &[&str]) -> Option<bool> {
        holds(&self.abilities, wanted)
    }

    /// Whether it is narrowed by one of these.
    pub(crate) fn is_narrowed_by(&self, wanted: &[&str]) -> Option<bool> {
        holds(&self.narrowed_by, wanted)
    }
}

/// The admissions of a component, and why there may be more.
pub(crate) fn of(draft: &Draft<'_>, component: SubjectId) -> (Vec<Admitted>, Option<Fact>) {
    let mut found = Vec::new();
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
        found.push(Admitted {
            guard: part.guard.clone(),
            audience: audience(&principal, &narrowed_by, false),
            through_url: audience(&principal, &narrowed_by, true),
            principal,
            narrowed_by,
            abilities: fact("abilities"),
        });
    }
    (found, more(draft.fact(component, "admits")))
}

/// Why a list of parts may not be all.
fn more(fact: Option<&Fact>) -> Option<Fact> {
    let (_, rest) = fact?.items();
    rest.map(|rest| Fact::Unknown(rest.clone()))
}

fn audience(principal: &Fact, narrowed_by: &Fact, through_url: bool) -> Fact {
    principal.map(|case| match case.as_text() {
        // The right to call through an address is none without it.
        Some(_) if !through_url && holds(narrowed_by, &["function_url"]) == Some(true) => {
            word(case, "nobody")
        }
        Some("anyone") => anyone(case, narrowed_by),
        Some("foreign_account" | "organisation" | "federated") => word(case, "partner"),
        Some("account" | "own_account" | "role") => word(case, "account"),
        // A service acts for those who are drawn; a CDN is passed on its own account.
        Some("service" | "cdn") => word(case, "nobody"),
        Some(_) | None => unresolved_or(case),
    })
}

/// Anyone, unless a condition says who, from where, or through what.
fn anyone(principal: &Fact, narrowed_by: &Fact) -> Fact {
    let to_account = [
        "source_arn",
        "source_account",
        "organisation",
        "network",
        "source_token",
        "source_function",
    ];
    if holds(narrowed_by, &to_account) == Some(true) {
        return word(principal, "account");
    }
    if holds(narrowed_by, &["ip", "external_id", "sub"]) == Some(true) {
        return word(principal, "partner");
    }
    let unclear = || {
        let reason = Reason::NotAnalysed("the condition of an Allow for everybody".into());
        Fact::unknown(reason, narrowed_by.span().or(principal.span()))
    };
    if holds(narrowed_by, &["other", "tag"]) == Some(true) {
        return unclear();
    }
    match (narrowed_by.items().1, holds(narrowed_by, &to_account)) {
        (Some(rest), _) => Fact::Unknown(rest.clone()),
        (None, Some(_)) => word(principal, "anyone"),
        (None, None) => unclear(),
    }
}

/// Whether a set holds one of these words.
fn holds(set: &Fact, wanted: &[&str]) -> Option<bool> {
    let (items, rest) = set.items();
    let found = items.iter().any(|(_, item)| {
        let word = item.as_text();
        word.is_some_and(|word| wanted.contains(&word))
    });
    let unclear = items.iter().any(|(_, item)| item.as_text().is_none());
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
                let trusted = admit.audience.as_text().is_some_and(|w| w == "nobody");
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

/// Whether a fact is the known word.
pub(crate) fn is(fact: &Fact, wanted: &str) -> bool {
    matches!(fact.as_known().map(|known| &known.value), Some(Value::Text(text)) if text.known() == Some(wanted))
}
