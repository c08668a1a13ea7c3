//! The catalogue's own examples: every entry gives the facts it says it gives.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{LIBRARY, fact, mapped};
use underbelly_expression::SubjectId;
use underbelly_library::{CatalogueEntry, CatalogueExample, PartFrom};
use underbelly_model::Architecture;

/// The component an example is about.
fn subject(
    all: &Architecture,
    entry: &CatalogueEntry,
    example: &CatalogueExample,
) -> Option<SubjectId> {
    let kind = entry.component.as_deref().unwrap_or("");
    let at = all.components.iter().position(|component| {
        match (&example.component, &component.resource) {
            (Some(name), Some(resource)) => *resource.logical_id == **name,
            (Some(name), None) => *component.id == **name,
            (None, _) => &*component.kind == kind && component.resource.is_some(),
        }
    });
    at.map(SubjectId::component)
}

#[test]
fn every_example_gives_the_facts_it_says() {
    let mut wrong = Vec::new();
    let mut examples = 0;
    for page in &LIBRARY.pages.catalogue {
        let entries = LIBRARY.library.catalogue.entries().iter();
        let entry = entries.clone().find(|entry| entry.id == page.id).unwrap();
        for example in &page.examples {
            examples += 1;
            let mapping = mapped(&example.template);
            let all = &mapping.architecture;
            let Some(subject) = subject(all, entry, example) else {
                wrong.push(format!("{}: {}: no component", page.id, example.case));
                continue;
            };
            for (name, expected) in &example.expect {
                let got = fact(all, subject, name);
                if *got != **expected {
                    let case = &example.case;
                    let id = &page.id;
                    wrong.push(format!(
                        "{id}: {case}: {name}: expected `{expected}`, got `{got}`"
                    ));
                }
            }
        }
    }
    assert!(examples > 50, "{examples} examples");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_fact_has_an_example() {
    let mut lacking = Vec::new();
    for entry in LIBRARY.library.catalogue.entries() {
        let mut pages = LIBRARY.pages.catalogue.iter();
        let page = pages.find(|page| page.id == entry.id).unwrap();
        let expected = page.examples.iter().flat_map(|example| &example.expect);
        let shown: BTreeSet<String> = expected
            .map(
                |(path, _)| match (path.split_once('/'), path.rsplit_once('/')) {
                    (Some((group, _)), Some((_, name))) => format!("{group}/{name}"),
                    _ => path.to_string(),
                },
            )
            .collect();
        let own = entry.facts.iter().map(|rule| rule.name.to_string());
        let of_parts = entry.parts.iter().flat_map(|part| {
            let facts = part.facts.iter();
            facts.map(|rule| format!("{}/{}", part.group, rule.name))
        });
        for name in own.chain(of_parts) {
            if entry.id.ends_with("/every") || shown.contains(&name) {
                continue;
            }
            lacking.push(format!("{}: {name}", entry.id));
        }
    }
    assert!(lacking.is_empty(), "\n{}", lacking.join("\n"));
}

/// Facts that the kinds ask of the catalogue and no entry gives, by kind.
#[test]
fn what_the_kinds_ask_of_the_catalogue_is_given() {
    use underbelly_library::By;
    let library = &LIBRARY.library;
    let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in library.catalogue.entries() {
        let Some(kind) = entry
            .component
            .as_deref()
            .and_then(|kind| library.kind(kind))
        else {
            continue;
        };
        let given: BTreeSet<&str> = entry
            .facts
            .iter()
            .map(|rule| &*rule.name)
            .chain(entry.parts.iter().map(|rule| &*rule.group))
            .chain(["kind", "name", "provider", "stack", "account", "alarmed"])
            .collect();
        for (_, fact) in library.facts_of(&kind.id) {
            let ours = matches!(fact.by, By::Catalogue | By::Joined);
            if ours && !given.contains(&*fact.name) {
                missing
                    .entry(entry.id.to_string())
                    .or_default()
                    .insert(fact.name.to_string());
            }
        }
        for part in &entry.parts {
            if let PartFrom::Borrowed(_) = part.from {
                continue;
            }
            let kind = library
                .facts_of(&kind.id)
                .find(|(_, fact)| fact.name == part.group);
            let notation = kind.map_or("", |(_, fact)| &*fact.ty);
            let id = notation.trim_start_matches("parts<").trim_end_matches('>');
            let Some(declared) = library.part(id) else {
                continue;
            };
            for fact in &declared.facts {
                let ours = matches!(fact.by, By::Catalogue | By::Joined);
                if ours && !part.facts.iter().any(|rule| rule.name == fact.name) {
                    missing
                        .entry(entry.id.to_string())
                        .or_default()
                        .insert(format!("{}/{}", part.group, fact.name));
                }
            }
        }
    }
    let known: &[(&str, &[&str])] = &[
        // Answers to preflight questions are routes of the API.
        (
            "aws/apigateway/rest-api",
            &["cors_credentials", "cors_origins"],
        ),
        ("aws/lambda/function", &["variables/is_reference"]),
    ];
    for (entry, facts) in known {
        let found = missing.remove(*entry).unwrap_or_default();
        let expected: BTreeSet<String> = facts.iter().map(|fact| (*fact).to_owned()).collect();
        assert_eq!(found, expected, "{entry}");
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
