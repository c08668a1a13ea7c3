//! The conditions the language was designed for, where they are at hand: all
//! must parse and check against the facts declared beside them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use underbelly_expression::{Expression, Narrowing, OwnerRole, Schema, check};

#[test]
fn every_seed_condition_checks() {
    let folder: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "../../../shared/facts/conditions",
    ]
    .iter()
    .collect();
    let Ok(declarations) = fs::read_to_string(folder.join("facts.dsl")) else {
        println!("absent: the seed conditions are not beside this checkout");
        return;
    };
    let threats = lines(&folder, "threats.cond");
    let countermeasures = lines(&folder, "countermeasures.cond");
    let schema = schema(&declarations, &format!("{threats}{countermeasures}"));
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in threats.lines().chain(countermeasures.lines()) {
        let columns: Vec<&str> = line.split(" | ").collect();
        let [id, applies_to, conditions @ ..] = columns.as_slice() else {
            continue;
        };
        for place in applies_to.split(',') {
            let scope = schema.scope(place.trim()).expect(id);
            let mut narrowed = Narrowing::default();
            for text in conditions.iter().filter(|text| **text != "-") {
                count += 1;
                let checked = Expression::parse(text)
                    .and_then(|expression| check(&expression, &scope, &narrowed, &schema));
                match checked {
                    Ok(typed) => narrowed = typed.narrowed,
                    Err(problems) => wrong.push(format!("{id} @ {place}: {text}: {problems:?}")),
                }
            }
        }
    }
    assert!(count > 550, "only {count} conditions");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn lines(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap()
}

fn schema(declarations: &str, conditions: &str) -> Schema {
    let mut schema = Schema::default();
    for (name, values) in VOCABULARIES {
        schema.add_vocabulary(*name, values.split(", "));
    }
    let mut owner = String::new();
    for line in declarations.lines().filter(|line| !line.is_empty()) {
        if let Some(head) = line.strip_prefix('@') {
            let (role, rest) = head.split_once(' ').unwrap();
            let (name, traits) = rest.split_once(" : ").unwrap_or((rest, ""));
            let role = match role {
                "kind" => OwnerRole::Kind,
                "trait" => OwnerRole::Trait,
                _ => OwnerRole::Part,
            };
            let traits = traits.split(", ").filter(|name| !name.is_empty());
            assert!(schema.add_owner(role, name, traits), "{name} twice");
            owner = name.to_owned();
            continue;
        }
        let facts = line.split(" | ").next().unwrap();
        for fact in facts.split(", ").filter(|fact| !fact.starts_with("code ")) {
            let (name, notation) = fact.trim().split_once(' ').unwrap();
            schema.declare(&owner, name, notation).unwrap();
        }
    }
    for fact in code_and_practice(conditions) {
        let owners: &[&str] = match fact.starts_with("code.") {
            true => &["function", "function-app"],
            false => &["component"],
        };
        for owner in owners {
            schema.declare(owner, &fact, "bool").unwrap();
        }
    }
    assert_eq!(schema.gaps(), Vec::<String>::new());
    schema
}

fn code_and_practice(conditions: &str) -> BTreeSet<String> {
    let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == '.');
    let words = conditions.split(word);
    let found = words.flat_map(|word| {
        ["code.", "practice."].into_iter().filter_map(move |space| {
            let at = word.find(space)?;
            let starts = at == 0 || word.as_bytes().get(at - 1) == Some(&b'.');
            starts.then(|| word[at..].to_owned())
        })
    });
    found.collect()
}

const VOCABULARIES: &[(&str, &str)] = &[
    (
        "ability",
        "read_data, write_data, delete_data, list, send, receive, publish, subscribe, invoke, \
         start, read_secret, decrypt, destroy_key, assume, pass_role, change_code, change_config, \
         change_access, change_identity, deploy, create_compute, read_config, tamper_logs, \
         send_to_people, administer",
    ),
    (
        "narrowing",
        "source_arn, source_account, source_token, organisation, external_id, sub, network, ip, \
         tls, mfa, leading_keys, passed_to_service, source_function, tag, other",
    ),
    (
        "escalation",
        "create_function, replace_code, change_config, open_function, hijack_event_source, \
         change_identity, deploy_stack, pass_to_orchestrator, pass_to_compute",
    ),
];
