//! Who can reach something: the words, their order, and what authorisation
//! leaves over.

use underbelly_expression::{Fact, Guard, Worlds};

use crate::derived::{Offer, first_word, unresolved_or, word};

/// From the least trusted on. An account of one's own at the provider costs a payment
/// card and leaves a name behind; a deputy is a service of the provider that acts for
/// whichever account asks it to.
pub(crate) const OPEN_TO: [&str; 8] = [
    "anyone",
    "key_holder",
    "signed_in",
    "any_account",
    "partner",
    "deputy",
    "account",
    "nobody",
];

/// Callers from a zone of lower trust.
pub(crate) fn is_untrusted(word: &str) -> bool {
    matches!(
        word,
        "anyone" | "key_holder" | "signed_in" | "any_account" | "partner"
    )
}

/// Who passes an authorisation.
pub(crate) fn of_auth(auth: &Fact) -> Fact {
    auth.map(|case| match case.as_text() {
        Some("none") => word(case, "anyone"),
        Some("api_key") => word(case, "key_holder"),
        Some("jwt" | "user_pool" | "custom" | "mixed") => word(case, "signed_in"),
        Some("mtls") => word(case, "partner"),
        Some("iam") => word(case, "account"),
        Some(_) | None => unresolved_or(case),
    })
}

/// Who passes both, where nobody may be able to tell who passes the second: that
/// narrows only those who are less trusted than `most`, whom it lets through at best.
pub(crate) fn both_at_least(worlds: &Worlds, one: &Fact, other: &Fact, most: &str) -> Fact {
    let rank = |word: &str| OPEN_TO.iter().position(|known| *known == word);
    one.map(|case| match case.as_text().and_then(rank) {
        Some(found) if Some(found) >= rank(most) => case.clone(),
        Some(_) | None => both(worlds, case, other),
    })
}

/// Who passes both: the more trusted of two.
pub(crate) fn both(worlds: &Worlds, one: &Fact, other: &Fact) -> Fact {
    let mut order = OPEN_TO;
    order.reverse();
    let offers: Vec<Offer> = [one, other]
        .into_iter()
        .map(|fact| (Guard::always(), fact.clone()))
        .collect();
    first_word(worlds, &Guard::always(), &offers, &order, one)
}
