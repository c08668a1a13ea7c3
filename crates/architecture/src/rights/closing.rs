//! What policies shut: calls without TLS, and rows that are not the caller's.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Guard, Places, Reason, SubjectId, Text};
use underbelly_source::Place;

use super::ability;
use super::admits::Admission;
use super::allowed::Allowed;
use super::condition;
use super::facts;
use super::grants::RoleRights;
use super::pattern::Pattern;
use super::policy::Statement;
use super::truth::Truth;
use crate::draft::Draft;
use crate::worlds::Variables;

/// What must be denied without TLS, by kind.
const NEEDED: &[(&str, &[&str])] = &[
    ("object-store", &["s3:GetObject", "s3:PutObject"]),
    ("queue", &["sqs:SendMessage", "sqs:ReceiveMessage"]),
    ("topic", &["sns:Publish"]),
];

/// Kinds whose addresses only answer over TLS anyway
/// (docs.aws.amazon.com/general/latest/gr/ak.html and ev.html).
const ALWAYS: &[&str] = &["event-bus", "stream"];

/// Adds `tls_only`.
pub(super) fn tls_only(draft: &mut Draft<'_>, admissions: &BTreeMap<SubjectId, Admission>) {
    for kind in ALWAYS {
        for component in draft.of_kind(kind) {
            let head = draft
                .components
                .get(component.index())
                .and_then(|c| c.place);
            let note = "the provider only answers over TLS here";
            let value = underbelly_expression::Value::Bool(true);
            let fact = Fact::default(value, Basis::ProviderDefault, head, note);
            draft.set(component, "tls_only", fact);
        }
    }
    for (kind, needed) in NEEDED {
        for component in draft.of_kind(kind) {
            let outside = draft
                .components
                .get(component.index())
                .is_some_and(|c| c.outside);
            let Some(admission) = admissions.get(&component).filter(|_| !outside) else {
                continue;
            };
            let mut variables = Variables::default();
            for (guard, _) in admission.limits.denies() {
                variables.add_guard(guard);
            }
            let worlds = &draft.graph.worlds;
            let head = draft
                .components
                .get(component.index())
                .and_then(|c| c.place);
            let head = admission.heads.first().copied().or(head);
            let fact = variables.by_case(worlds, &Guard::always(), |world| {
                let denies = admission.limits.denies();
                let denies = denies.filter(|(guard, _)| guard.holds(world) != Some(false));
                let truths = denies.filter_map(|(_, deny)| refuses(deny, needed));
                let truth = Truth::any(truths);
                match (truth.value, &admission.rest) {
                    (Ok(false), Some(rest)) => Fact::Unknown(rest.clone()),
                    (Ok(false), None) => facts::nothing_says(
                        head,
                        "no policy that was read refuses calls without TLS",
                    ),
                    (value, _) => Truth { value, ..truth }.fact(),
                }
            });
            draft.set(component, "tls_only", fact);
        }
    }
}

/// Whether a Deny refuses all that is needed without TLS; `None` where it is about
/// something else.
fn refuses(deny: &Statement, needed: &[&str]) -> Option<Truth> {
    if condition::unless(deny) != Some("tls") {
        return None;
    }
    let places: Places = deny.place.into_iter().collect();
    let everybody = deny
        .principals
        .iter()
        .any(|named| named.term.text.known() == Some("*"));
    let covers = |action: &&str| {
        let asked = Pattern::literal(action);
        let mut own = deny.actions.items.iter();
        own.any(|own| Pattern::of(&own.text).covers(&asked))
    };
    // A bucket's own ARN is not that of its objects.
    let objects = |text: &Text| text.suffix().ends_with('*');
    let of_objects = needed.iter().all(|action| !action.starts_with("s3:"))
        || deny.resources.items.iter().any(|term| objects(&term.text));
    let all = everybody && !deny.but_actions && needed.iter().all(covers) && of_objects;
    Some(match all {
        true => Truth::known(true, Basis::Written, places),
        false => Truth::unknown(
            Reason::NotAnalysed("a Deny that refuses only some calls without TLS".into()),
            places,
        ),
    })
}

/// Adds `row_scoped`: whether every grant on a table is limited to the caller's rows.
pub(super) fn row_scoped(draft: &mut Draft<'_>, roles: &BTreeMap<SubjectId, RoleRights>) {
    let grants = Grants::of(draft, roles);
    for table in draft.of_kind("table") {
        let Some(component) = draft.components.get(table.index()) else {
            continue;
        };
        if component.outside {
            continue;
        }
        let named = grants.named.get(&table).map_or(&[][..], Vec::as_slice);
        let wide = component.system.and_then(|system| grants.wide.get(&system));
        let wide = wide.map_or(&[][..], Vec::as_slice);
        let relevant: Vec<&(Guard, &Allowed)> = named.iter().chain(wide).collect();
        let mut variables = Variables::default();
        for (guard, _) in &relevant {
            variables.add_guard(guard);
        }
        let worlds = &draft.graph.worlds;
        let head = component.place;
        let fact = variables.by_case(worlds, &Guard::always(), |world| {
            let there = relevant
                .iter()
                .filter(|(g, _)| g.holds(world) != Some(false));
            let truths: Vec<Truth> = there.map(|(_, allowed)| scoped(allowed)).collect();
            if truths.is_empty() {
                let reason = Reason::Elsewhere("who uses it".into());
                return Fact::Unknown(facts::unknown(reason, head.map(Place::missing)));
            }
            Truth::all(truths).fact()
        });
        draft.set(table, "row_scoped", fact);
    }
}

/// The grants that concern tables: those that name one, and by system those that
/// name none in particular.
#[derive(Default)]
struct Grants<'r> {
    named: BTreeMap<SubjectId, Vec<(Guard, &'r Allowed)>>,
    wide: BTreeMap<u32, Vec<(Guard, &'r Allowed)>>,
}

impl<'r> Grants<'r> {
    fn of(draft: &Draft<'_>, roles: &'r BTreeMap<SubjectId, RoleRights>) -> Self {
        let mut grants = Self::default();
        for (role, rights) in roles {
            let system = draft
                .components
                .get(role.index())
                .and_then(|role| role.system);
            for grant in &rights.grants {
                for (case, allowed) in &grant.cases {
                    let Some(guard) = grant.guard.and(case) else {
                        continue;
                    };
                    if allowed.abilities.items.is_empty() || !concerns_tables(allowed) {
                        continue;
                    }
                    if matches!(&allowed.reach, Ok((reach, ..)) if reach.is_wide()) {
                        if let Some(system) = system {
                            grants
                                .wide
                                .entry(system)
                                .or_default()
                                .push((guard, allowed));
                        }
                        continue;
                    }
                    for (target, _) in &allowed.targets {
                        let entry = grants.named.entry(*target).or_default();
                        entry.push((guard.clone(), allowed));
                    }
                }
            }
        }
        grants
    }
}

fn concerns_tables(allowed: &Allowed) -> bool {
    allowed.actions.iter().any(|action| {
        let service = action.known().map(ability::service);
        service.is_some_and(|service| matches!(&*service, "dynamodb" | "*"))
    })
}

fn scoped(allowed: &Allowed) -> Truth {
    let places: Places = allowed.place.into_iter().collect();
    match (allowed.narrowed.has("leading_keys"), &allowed.narrowed.rest) {
        (true, _) => Truth::known(true, Basis::Written, places),
        (false, None) => Truth::known(false, Basis::Written, places),
        (false, Some(rest)) => Truth::unknown(rest.reason.clone(), places),
    }
}
