//! The library that is embedded: it loads, and is what it says.

mod common;

use common::{built_in, render};
use underbelly_library::{Knowledge, Library};
use underbelly_source::Severity;

#[test]
fn the_built_in_library_loads_without_errors() {
    let (files, (_, problems)) = built_in();
    let known_to_come = |code: &str| code == "kind-without-threat";
    let problems: Vec<_> = problems
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error || !known_to_come(problem.code))
        .collect();
    assert!(problems.is_empty(), "{}", render(&files, &problems));
}

#[test]
fn it_survives_being_embedded() {
    let (_, (knowledge, _)) = built_in();
    let rules = postcard::to_allocvec(&knowledge.library).unwrap();
    let pages = postcard::to_allocvec(&knowledge.pages).unwrap();
    let mut library: Library = postcard::from_bytes(&rules).unwrap();
    // They stand beside the compiled rules, as they are.
    let (data, known) = (&mut library.data, &knowledge.library.data);
    assert!(data.actions.published.is_empty() && data.managed_policies.is_empty());
    data.actions.published = known.actions.published.clone();
    data.managed_policies = known.managed_policies.clone();
    assert!(!data.actions.published.is_empty() && !data.managed_policies.is_empty());
    let again = Knowledge {
        library,
        pages: postcard::from_bytes(&pages).unwrap(),
        resource_types: knowledge.resource_types.clone(),
    };
    assert_eq!(again, knowledge);
    println!("rules {} bytes, pages {} bytes", rules.len(), pages.len());
}

#[test]
fn threats_are_found_by_kind() {
    let (_, (knowledge, _)) = built_in();
    let library = &knowledge.library;
    let ids = |kind: &str| -> Vec<String> {
        let applied = library.threats_for(kind).iter();
        let threats = applied.filter_map(|applied| library.threat_at(applied.threat));
        threats.map(|threat| threat.id.to_string()).collect()
    };
    assert!(ids("function-url").contains(&"function-url-open".to_owned()));
    assert!(ids("no-such-kind").is_empty());
    let threat = library.threat("function-url-open").unwrap();
    let link = &threat.countermeasures[0];
    let measure = library.countermeasure_at(link.countermeasure).unwrap();
    assert_eq!((&*link.id, link.sufficient), ("function-url-iam", true));
    assert_eq!(measure.id, link.id);
}

#[test]
fn facts_are_inherited() {
    let (_, (knowledge, _)) = built_in();
    let library = &knowledge.library;
    let owner = |fact: &str| {
        let mut facts = library.facts_of("rest-api");
        let found = facts.find(|(_, def)| &*def.name == fact);
        found.map(|(owner, _)| owner.to_owned())
    };
    assert_eq!(owner("cached").as_deref(), Some("rest-api"));
    assert_eq!(owner("routes").as_deref(), Some("api"));
    assert_eq!(owner("auth").as_deref(), Some("entry-point"));
    assert_eq!(owner("open_to").as_deref(), Some("component"));
    assert_eq!(owner("nothing"), None);
    assert!(library.is("rest-api", "entry-point"));
}
