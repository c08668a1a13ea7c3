//! A system in one sentence.

use std::collections::BTreeMap;

use underbelly_library::Library;
use underbelly_model::{Architecture, Component, Drawn};

use crate::paint::{count, listed};

/// How many components of each kind.
type Kinds<'a> = BTreeMap<&'a str, usize>;

/// What each system is made of, in the order of systems: `9 functions behind 1
/// REST API and 1 function URL; data in 1 table and 1 object store; 2 queues and
/// 1 workflow in between`.
pub fn sentences(architecture: &Architecture, library: &Library) -> Vec<String> {
    let mut systems = vec![Kinds::new(); architecture.systems.len()];
    let drawn = |component: &&Component| !component.outside && component.drawn == Drawn::Node;
    for component in architecture.components.iter().filter(drawn) {
        let system = component.system.map(|system| system as usize);
        if let Some(kinds) = system.and_then(|system| systems.get_mut(system)) {
            *kinds.entry(&component.kind).or_default() += 1;
        }
    }
    let said = systems.iter().map(|kinds| sentence(kinds, library));
    said.collect()
}

fn sentence(by_kind: &Kinds<'_>, library: &Library) -> String {
    let in_zone = |zone: &str, compute: bool| -> Vec<String> {
        let kinds = by_kind.iter().filter_map(|(id, n)| {
            let kind = library.kind(id)?;
            let runs = COMPUTE.contains(id);
            (&*kind.zone == zone && runs == compute).then(|| {
                let name = if *n == 1 { &kind.name } else { &kind.names };
                count(*n, &lower(name), &lower(name))
            })
        });
        kinds.collect()
    };
    let compute = in_zone("application", true);
    let edge = in_zone("edge", false);
    let data = in_zone("data", false);
    let between = in_zone("application", false);
    let mut said = match (compute.is_empty(), edge.is_empty()) {
        (false, false) => format!("{} behind {}", listed(&compute), listed(&edge)),
        (false, true) => listed(&compute),
        (true, false) => listed(&edge),
        (true, true) => String::new(),
    };
    for (what, items) in [("data in ", data), ("", between)] {
        if items.is_empty() {
            continue;
        }
        if !said.is_empty() {
            said.push_str("; ");
        }
        said.push_str(what);
        said.push_str(&listed(&items));
        if what.is_empty() && !compute.is_empty() {
            said.push_str(" in between");
        }
    }
    if said.is_empty() {
        said.push_str("nothing that runs, is called or keeps data");
    }
    said
}

/// Kinds that run somebody's code or steps.
const COMPUTE: &[&str] = &[
    "function",
    "function-app",
    "cloud-run-function",
    "workflow",
    "ai-agent",
];

/// In lower case, but for words that are written in capitals: `REST API`.
pub(crate) fn lower(name: &str) -> String {
    let words = name.split(' ').map(|word| {
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        if capitals > 1 {
            word.to_owned()
        } else {
            word.to_lowercase()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
