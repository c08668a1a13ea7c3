//! Every access drawn from code can be traced: to a statement or another grant, or to
//! the line that names what is reached without one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use underbelly_analysis::Analysis;

use crate::facts::{items, s};

/// Kinds that act by themselves, under a role.
const ACTING: &[&str] = &[
    "function",
    "workflow",
    "pipe",
    "scheduler",
    "function-app",
    "cloud-run-function",
    "ai-agent",
];

/// Kinds of which a definition says what they act on, whatever their role may do.
const DEFINED: &[&str] = &["workflow", "pipe", "scheduler", "ai-agent"];

/// Kinds that are reached with a password or by anyone who knows the address.
const WITHOUT_RIGHT: &[&str] = &[
    "database",
    "cache",
    "file-system",
    "rest-api",
    "http-api",
    "websocket-api",
    "graphql-api",
    "function-url",
    "load-balancer",
    "cdn",
    "external",
];

/// Lines and columns of a file, from and to.
type Stretch = (String, (u64, u64), (u64, u64));

/// How flows from code were traced.
#[derive(Debug, Default)]
pub(crate) struct Traced {
    /// To a grant.
    pub(crate) n_granted: usize,
    /// To the line that names their end, where no right is needed, seen or readable.
    pub(crate) n_named: usize,
    /// To nothing.
    pub(crate) lost: Vec<String>,
}

/// Traces the flows of one system by its JSON alone, as anyone else would.
pub(crate) fn trace(system: &str, analysis: &Analysis, traced: &mut Traced) {
    let document = document(analysis);
    let mut grants: BTreeMap<String, BTreeSet<Stretch>> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    for component in items(&document, "components") {
        kinds.insert(s(component, "id"), s(component, "kind"));
        let parts = items(component, "parts").iter();
        let own = parts.filter(|part| s(part, "group") == "grants");
        for stretch in own.filter_map(|part| stretch(&part["place"])) {
            grants.entry(stretch.0.clone()).or_default().insert(stretch);
        }
    }
    let kind_of = |id: &str| kinds.get(id).copied().unwrap_or_default();
    for flow in items(&document, "flows") {
        let (from, to) = (kind_of(s(flow, "source")), kind_of(s(flow, "destination")));
        let acts = matches!(s(flow, "kind"), "access" | "call");
        if !acts || !ACTING.contains(&from) {
            continue;
        }
        let places: Vec<Stretch> = items(flow, "places").iter().filter_map(stretch).collect();
        let is_granted = places.iter().any(|place| {
            let mut of_file = grants.get(&place.0).into_iter().flatten();
            of_file.any(|(_, start, end)| *start <= place.1 && place.2 <= *end)
        });
        let needs_none = DEFINED.contains(&from)
            || WITHOUT_RIGHT.contains(&to)
            || s(flow, "strength") == "no-permission"
            // Where the role's rights cannot all be read, the line that hides them is told.
            || s(flow, "strength") == "possible" && places.len() > 1;
        match (is_granted, needs_none && !places.is_empty()) {
            (true, _) => traced.n_granted += 1,
            (false, true) => traced.n_named += 1,
            (false, false) => {
                let lost = format!("{system}: {} ({})", s(flow, "id"), s(flow, "strength"));
                traced.lost.push(lost);
            }
        }
    }
}

fn document(analysis: &Analysis) -> Value {
    let header = underbelly_exchange::Header {
        tool: "a test",
        name_of: &|id| id,
        summaries: &[],
    };
    let (model, files) = (&analysis.model, &analysis.files);
    let shape = underbelly_exchange::document(model, &analysis.diagnostics, files, &header);
    let mut text = Vec::new();
    underbelly_exchange::write_json(&shape, &mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn stretch(place: &Value) -> Option<Stretch> {
    let at = |place: &Value| Some((place["line"].as_u64()?, place["column"].as_u64()?));
    Some((s(place, "file").to_owned(), at(place)?, at(&place["end"])?))
}
