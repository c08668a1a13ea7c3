//! Through roles: what their rights give whoever holds them, and the known ways
//! of turning them into stronger ones.

use underbelly_expression::{Fact, Reason, SubjectId, Value};
use underbelly_model::{Architecture, Component, Held, Hold, How, Right, Step};
use underbelly_source::Place;

use super::entrances::gained;
use crate::ease;
use crate::holders::{Nature, declared, fact, named, nature};
use crate::step::{Making, step};

pub(super) fn steps(architecture: &Architecture) -> Vec<Step> {
    let account = declared(architecture).find(|(_, component)| &*component.kind == "account");
    let account = account.map(|(subject, _)| Held::new(subject, Hold::Controls));
    let mut steps = Vec::new();
    granted(architecture, &mut steps);
    if let Some(account) = account {
        everything(architecture, account, &mut steps);
    }
    for (subject, component) in declared(architecture) {
        if &*component.kind == "role" {
            handed_on(architecture, subject, component, &mut steps);
            let_in_by_name(architecture, subject, component, &mut steps);
            if let Some(account) = account {
                beyond(
                    architecture,
                    subject,
                    component,
                    account.subject,
                    &mut steps,
                );
                stronger(architecture, subject, component, account, &mut steps);
            }
        } else if matches!(nature(&component.kind), Nature::Code | Nature::Defined) {
            runs_as(architecture, subject, component, &mut steps);
        }
    }
    steps
}

/// Who controls code acts under its role.
fn runs_as(
    architecture: &Architecture,
    subject: SubjectId,
    component: &Component,
    steps: &mut Vec<Step>,
) {
    for role in named(architecture, subject, "runs_as") {
        let from = Held::new(subject, Hold::Controls);
        let to = Held::new(role, Hold::Controls);
        let place = component.place.map(Place::here);
        steps.push(
            step(Some(from), to, How::RunsAs, 1.0)
                .when(component.guard.clone())
                .at(place.into_iter().collect())
                .rests_on(subject, "runs_as"),
        );
    }
}

/// What roles may do with components, whether or not anything shows that they do.
fn granted(architecture: &Architecture, steps: &mut Vec<Step>) {
    for right in &architecture.rights {
        let from = Held::new(right.role, Hold::Controls);
        for hold in given(architecture, right) {
            let to = Held::new(right.target, hold);
            steps.push(
                step(
                    Some(from),
                    to,
                    How::Granted(right.grant),
                    ease::UNUSED_RIGHTS,
                )
                .when(right.guard.clone())
                .at(right.place.into_iter().collect())
                .rests_on(right.grant, "abilities")
                .if_known(right.unsure.clone()),
            );
        }
    }
}

/// What a right gives of its target.
pub(super) fn given(architecture: &Architecture, right: &Right) -> Vec<Hold> {
    let target = architecture.component(right.target);
    let kind = target.map_or("", |component| &*component.kind);
    let abilities = right.abilities.iter().map(|ability| &**ability);
    let mut holds: Vec<Hold> = abilities
        .filter(|ability| match kind {
            "key" => lets_us_use(architecture, right.target, ability),
            _ => *ability != "assume" || trusts(architecture, right.target, right.role),
        })
        .filter_map(|ability| gained(ability, kind))
        .collect();
    holds.sort();
    holds.dedup();
    holds
}

/// Whoever controls the account has the data of everything in it.
fn everything(architecture: &Architecture, account: Held, steps: &mut Vec<Step>) {
    for (subject, component) in declared(architecture) {
        if nature(&component.kind) == Nature::Store {
            for hold in [Hold::Reads, Hold::Writes] {
                let to = Held::new(subject, hold);
                steps.push(
                    step(Some(account), to, How::Account, 1.0)
                        .when(component.guard.clone())
                        .at(component.place.map(Place::here).into_iter().collect()),
                );
            }
        }
    }
}

/// The roles it may hand to what it creates, and so act as, by fact and way.
const HANDED_ON: [(&str, &str); 4] = [
    ("create_function_as", "create_function"),
    ("deploy_stack_as", "deploy_stack"),
    ("orchestrate_as", "pass_to_orchestrator"),
    ("compute_as", "pass_to_compute"),
];

fn handed_on(
    architecture: &Architecture,
    role: SubjectId,
    component: &Component,
    steps: &mut Vec<Step>,
) {
    let from = Held::new(role, Hold::Controls);
    for (name, way) in HANDED_ON {
        let items = fact(architecture, role, name).map(|roles| roles.items().0);
        for (guard, item) in items.unwrap_or_default() {
            let Fact::Known(known) = item else { continue };
            let (Value::Subject(other), Some(when)) = (&known.value, component.guard.and(&guard))
            else {
                continue;
            };
            let to = Held::new(*other, Hold::Controls);
            let how = How::Escalation(way.into());
            steps.push(
                step(Some(from), to, how, ease::ESCALATION)
                    .when(when)
                    .at(known.places.clone())
                    .rests_on(role, name),
            );
        }
    }
}

/// What a role is granted beyond what the model holds: on everything of a service, on
/// what nobody can tell, and by policies that nobody could read.
fn beyond(
    architecture: &Architecture,
    role: SubjectId,
    component: &Component,
    account: SubjectId,
    steps: &mut Vec<Step>,
) {
    let from = Held::new(role, Hold::Controls);
    for grant in component.parts.iter().copied() {
        let Some(part) = architecture.part(grant).filter(|p| &*p.group == "grants") else {
            continue;
        };
        let abilities = fact(architecture, grant, "abilities").map(Fact::items);
        let (known, rest) = abilities.unwrap_or_default();
        for (hold, gives) in BEYOND {
            let mut known = known.iter().filter_map(|(_, ability)| ability.as_text());
            let given = known.any(|ability| gives.contains(&ability));
            let unknown = match (given, extent(architecture, grant), rest) {
                (true, Extent::Wide, _) => None,
                (true, Extent::Unclear(reason), _) => Some(reason),
                (false, _, Some(unknown)) => Some(unknown.reason.clone()),
                (true, Extent::Named, _) | (false, _, None) => continue,
            };
            let to = Held::new(account, hold);
            steps.push(
                step(Some(from), to, How::Granted(grant), ease::UNUSED_RIGHTS)
                    .when(part.guard.clone())
                    .at(part.place.map(Place::here).into_iter().collect())
                    .rests_on(grant, "abilities")
                    .if_known(unknown),
            );
        }
    }
}

/// How far a grant goes.
enum Extent {
    /// To what it names.
    Named,
    /// To everything of a service, or all.
    Wide,
    /// Nobody can tell.
    Unclear(Reason),
}

fn extent(architecture: &Architecture, grant: SubjectId) -> Extent {
    let unclear = |name: &str| match fact(architecture, grant, name) {
        Some(Fact::Unknown(unknown)) => Some(unknown.reason.clone()),
        Some(found @ Fact::Known(_)) => found.items().1.map(|rest| rest.reason.clone()),
        Some(Fact::OneOf(_) | Fact::Absent(_)) | None => None,
    };
    let reach = fact(architecture, grant, "reach").and_then(Fact::as_text);
    match (reach, unclear("reach").or_else(|| unclear("targets"))) {
        (Some("service" | "everything"), _) => Extent::Wide,
        (_, Some(reason)) => Extent::Unclear(reason),
        (_, None) => Extent::Named,
    }
}

/// The abilities that give data of whatever they cover.
const BEYOND: [(Hold, &[&str]); 2] = [
    (Hold::Reads, &["read_data", "read_secret"]),
    (Hold::Writes, &["write_data", "delete_data"]),
];

/// Whether a role may be taken on by another that has the right to: its own policy has
/// to let it in too, by its name or with everyone in the account.
fn trusts(architecture: &Architecture, role: SubjectId, other: SubjectId) -> bool {
    let Some(admits) = fact(architecture, role, "admits") else {
        return true;
    };
    let (_, rest) = admits.items();
    let mut admitted = named(architecture, role, "admits").into_iter();
    rest.is_some()
        || admitted.any(|admit| {
            let principal = fact(architecture, admit, "principal").and_then(Fact::as_text);
            match principal {
                Some("service" | "cdn" | "federated" | "foreign_account") => false,
                Some("role") => {
                    let unclear = fact(architecture, admit, "principal_role");
                    let unclear = matches!(unclear, Some(Fact::Unknown(_)));
                    unclear || named(architecture, admit, "principal_role").contains(&other)
                }
                Some(_) | None => true,
            }
        })
}

/// Within an account, who is let in by name needs no right of their own.
fn let_in_by_name(
    architecture: &Architecture,
    role: SubjectId,
    component: &Component,
    steps: &mut Vec<Step>,
) {
    for admission in component.parts.iter().copied() {
        let Some(part) = architecture
            .part(admission)
            .filter(|p| &*p.group == "admits")
        else {
            continue;
        };
        for other in named(architecture, admission, "principal_role") {
            let from = Held::new(other, Hold::Controls);
            let to = Held::new(role, Hold::Controls);
            steps.push(
                step(
                    Some(from),
                    to,
                    How::Admitted(admission),
                    ease::UNUSED_RIGHTS,
                )
                .when(part.guard.clone())
                .at(part.place.map(Place::here).into_iter().collect())
                .rests_on(admission, "principal"),
            );
        }
    }
}

/// Whether a key lets roles of its account use it so: rights of identities count only
/// where the key's own policy lets the account in. One without policy does.
fn lets_us_use(architecture: &Architecture, key: SubjectId, ability: &str) -> bool {
    let Some(admits) = fact(architecture, key, "admits") else {
        return true;
    };
    let (items, rest) = admits.items();
    let mut admitted = named(architecture, key, "admits").into_iter();
    items.is_empty()
        || rest.is_some()
        || admitted.any(|admit| {
            let principal = fact(architecture, admit, "principal");
            let word = principal.and_then(Fact::as_text);
            let strangers = ["service", "cdn", "federated", "foreign_account"];
            let (abilities, more) = crate::holders::words(architecture, admit, "abilities");
            let is_ours = !word.is_some_and(|word| strangers.contains(&word));
            is_ours && (more || abilities.iter().any(|own| own == ability))
        })
}

/// Ways that make stronger code run on what one likes, but not do what one likes: no
/// further than the rights on that code lead.
const MAKES_CALLS: [&str; 2] = ["open_function", "hijack_event_source"];

/// Rights over everything, and known ways to get them.
fn stronger(
    architecture: &Architecture,
    role: SubjectId,
    component: &Component,
    account: Held,
    steps: &mut Vec<Step>,
) {
    let from = Held::new(role, Hold::Controls);
    let mut lead = |way: &str, ease: f64, places: &[Place], name: &'static str| {
        steps.push(
            step(Some(from), account, How::Escalation(way.into()), ease)
                .when(component.guard.clone())
                .at(places.to_vec())
                .rests_on(role, name),
        );
    };
    if let Some(Fact::Known(admin)) =
        fact(architecture, role, "admin").filter(|admin| admin.as_bool() == Some(true))
    {
        lead("administer", ease::RIGHTS, &admin.places, "admin");
    }
    let ways = fact(architecture, role, "escalations").map(|ways| ways.items().0);
    for (_, item) in ways.unwrap_or_default() {
        if let (Fact::Known(known), Some(way)) = (item, item.as_text())
            && !MAKES_CALLS.contains(&way)
        {
            lead(way, ease::ESCALATION, &known.places, "escalations");
        }
    }
}
