//! Each known way to stronger rights: open with all it takes, shut without any one
//! of its permissions, and shut where a role may not be handed to its service.

use super::super::escalation::WAYS;
use super::super::testing::{draw, of};
use super::grants::{statements, template};

const PASS: &str = "iam:PassRole";

/// The ways open to a role with these statements.
fn open(said: &[&str]) -> Vec<String> {
    let template = template("", &statements(said), "");
    let shown = draw(&template, |draft| of(draft, "Run", "escalations"));
    let list = shown.trim_start_matches('[').trim_end_matches(']');
    let words = list.split(", ").filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn allow(actions: &[&str]) -> String {
    let quoted: Vec<String> = actions.iter().map(|one| format!("'{one}'")).collect();
    format!(
        "{{Effect: Allow, Action: [{}], Resource: '*'}}",
        quoted.join(", ")
    )
}

/// Whether these actions are enough for some way of this name.
fn is_enough(name: &str, actions: &[&str]) -> bool {
    let mut ways = WAYS.iter().filter(|(other, ..)| *other == name);
    ways.any(|(_, _, needed)| needed.iter().all(|one| actions.contains(one)))
}

#[test]
fn a_way_is_open_with_all_it_takes_and_shut_without_any_of_it() {
    for (name, _, needed) in WAYS {
        let found = open(&[&allow(needed)]);
        assert!(found.iter().any(|word| word == name), "{name}: {needed:?}");
        for left_out in *needed {
            let others = needed.iter().copied().filter(|one| one != left_out);
            let others: Vec<&str> = others.collect();
            if others.is_empty() || is_enough(name, &others) {
                continue;
            }
            let found = open(&[&allow(&others)]);
            assert!(
                !found.iter().any(|word| word == name),
                "{name} without {left_out}: {found:?}"
            );
        }
    }
}

#[test]
fn a_deny_of_any_of_it_shuts_a_way() {
    for (name, _, needed) in WAYS {
        for denied in *needed {
            let others = needed.iter().copied().filter(|one| one != denied);
            if is_enough(name, &others.collect::<Vec<_>>()) {
                continue;
            }
            let deny = format!("{{Effect: Deny, Action: '{denied}', Resource: '*'}}");
            let found = open(&[&allow(needed), &deny]);
            assert!(
                !found.iter().any(|word| word == name),
                "{name} with {denied} denied: {found:?}"
            );
        }
    }
}

#[test]
fn a_role_is_handed_only_to_the_services_a_condition_names() {
    for (name, service, needed) in WAYS.iter().filter(|(_, _, n)| n.contains(&PASS)) {
        let others = needed.iter().copied().filter(|one| *one != PASS);
        let others: Vec<&str> = others.collect();
        if is_enough(name, &others) {
            continue;
        }
        for (to, expected) in [(*service, true), ("nobody.amazonaws.com", false)] {
            let pass = format!(
                "{{Effect: Allow, Action: '{PASS}', Resource: '*', \
                 Condition: {{StringEquals: {{'iam:PassedToService': {to}}}}}}}"
            );
            let found = open(&[&pass, &allow(&others)]);
            let is_open = found.iter().any(|word| word == name);
            assert_eq!(is_open, expected, "{name} through {to}: {found:?}");
        }
    }
}
