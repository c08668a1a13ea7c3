//! Which declared facts nobody ever gives: none but those listed here.

mod common;

use std::collections::BTreeSet;

use common::{LIBRARY, mapped};
use underbelly_library::{By, FactDef, Format};

/// Facts whose job is not written yet.
const NOT_YET: &[&str] = &["cdn.caches_private"];

/// Kinds that no example of the library declares, or that are no resource.
const NOT_TRIED: &[&str] = &[
    "account",
    "actor",
    "cloud-run-function",
    "dns-zone",
    "external",
    "function-app",
    "load-balancer",
    "stack",
];

fn is_expected(fact: &FactDef) -> bool {
    match fact.by {
        By::Catalogue | By::Joined | By::Computed => true,
        // Those have an answer that says whom to ask.
        By::Person | By::Code | By::Provisional => false,
    }
}

#[test]
fn every_declared_fact_is_given_by_someone() {
    let mut given: BTreeSet<String> = BTreeSet::new();
    let pages = &LIBRARY.pages;
    let own = pages.catalogue.iter().flat_map(|page| &page.examples);
    let mut templates: Vec<String> = own.map(|example| example.template.to_string()).collect();
    let threats = pages.threats.iter().flat_map(|page| &page.examples);
    templates.extend(threats.map(|example| match example.format {
        Format::Sam => format!("Transform: AWS::Serverless-2016-10-31\n{}", example.text),
        _ => example.text.to_string(),
    }));
    let shop = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/orders/template.yaml"
    );
    templates.extend(std::fs::read_to_string(shop));
    for template in templates {
        let all = mapped(&template).architecture;
        for component in &all.components {
            let names = component.facts.iter().map(|(name, _)| name);
            given.extend(names.map(|name| format!("{}.{name}", component.kind)));
        }
        for part in &all.parts {
            let names = part.facts.iter().map(|(name, _)| name);
            given.extend(names.map(|name| format!("part {}.{name}", part.kind)));
        }
    }
    let library = &LIBRARY.library;
    let kinds = library.kinds.iter();
    let kinds = kinds.filter(|kind| !NOT_TRIED.contains(&&*kind.id));
    let of_kinds = kinds.flat_map(|kind| {
        let facts = library.facts_of(&kind.id).map(|(_, fact)| fact);
        facts.map(|fact| (kind.id.to_string(), fact))
    });
    // Tasks stand in definitions, which no example of the library has yet.
    let parts = library.parts.iter().filter(|part| &*part.id != "task");
    let of_parts = parts.flat_map(|part| {
        let facts = part.facts.iter();
        facts.map(|fact| (format!("part {}", part.id), fact))
    });
    let declared = of_kinds.chain(of_parts);
    let missing: BTreeSet<String> = declared
        .filter(|(_, fact)| is_expected(fact))
        .map(|(owner, fact)| format!("{owner}.{}", fact.name))
        .filter(|name| !given.contains(name))
        .collect();
    let known: BTreeSet<String> = NOT_YET.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(missing, known);
}
