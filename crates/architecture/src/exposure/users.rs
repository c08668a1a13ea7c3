//! What people reach themselves under the roles that an identity pool hands them.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Guard, SubjectId, Value};
use underbelly_source::Place;

use crate::derived::{Offer, text};
use crate::draft::Draft;

/// The role of a pool, and who is given it.
const ROLES: [(&str, &str); 2] = [("guest_role", "anyone"), ("user_role", "signed_in")];

/// Abilities by which something is reached, not merely looked at.
const REACHES: [&str; 12] = [
    "read_data",
    "write_data",
    "delete_data",
    "read_secret",
    "decrypt",
    "send",
    "receive",
    "publish",
    "invoke",
    "start",
    "change_code",
    "change_config",
];

/// Who reaches each component so.
pub(crate) fn reach(draft: &Draft<'_>) -> BTreeMap<SubjectId, Vec<Offer>> {
    let mut found: BTreeMap<SubjectId, Vec<Offer>> = BTreeMap::new();
    granted(draft, &REACHES, |target, guard, who, places| {
        let offer = (guard, Fact::known(text(who), Basis::Written, places));
        found.entry(target).or_default().push(offer);
    });
    found
}

/// Buckets that they may write to.
pub(crate) fn writes(draft: &Draft<'_>) -> BTreeMap<SubjectId, Vec<Offer>> {
    let mut found: BTreeMap<SubjectId, Vec<Offer>> = BTreeMap::new();
    granted(draft, &["write_data"], |target, guard, _, places| {
        let yes = Fact::known(Value::Bool(true), Basis::Written, places);
        found.entry(target).or_default().push((guard, yes));
    });
    found
}

/// Every component on which a role of a pool has one of these abilities.
fn granted(
    draft: &Draft<'_>,
    wanted: &[&str],
    mut note: impl FnMut(SubjectId, Guard, &'static str, Vec<Place>),
) {
    for pool in draft.of_kind("identity-pool") {
        for (name, who) in ROLES {
            let guests_only = name == "guest_role";
            let guests = draft.fact(pool, "guests").and_then(Fact::as_bool);
            // A role for guests that are not let in is handed to nobody.
            if guests_only && guests == Some(false) {
                continue;
            }
            for (outer, role) in crate::flows::subjects(draft.fact(pool, name), &Guard::always()) {
                for part in draft.parts_of(role, "grants") {
                    let Some(grant) = draft.parts.get(part.index()) else {
                        continue;
                    };
                    let gives = grant.facts.get("abilities").is_some_and(|set| {
                        let (items, _) = set.items();
                        let mut words = items.iter().filter_map(|(_, item)| item.as_text());
                        words.any(|word| wanted.contains(&word))
                    });
                    let Some(guard) = outer.and(&grant.guard).filter(|_| gives) else {
                        continue;
                    };
                    let target = grant.facts.get("target");
                    for (guard, target) in crate::flows::subjects(target, &guard) {
                        let places = grant.place.map(Place::here).into_iter().collect();
                        note(target, guard, who, places);
                    }
                }
            }
        }
    }
}
