//! Where a right comes from: role, policy, statement, what a boundary lets through,
//! what Denies take away, conditions and the resource, each with its place.

use std::collections::BTreeSet;

use underbelly_expression::{Fact, SubjectId, Value};
use underbelly_model::{Architecture, Point};
use underbelly_source::{Files, Place};

/// So many words of a list stand in a line; the others are counted.
const MOST_WORDS: usize = 6;

/// One link of the chain.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// What it is: `role`, `statement`.
    pub what: &'static str,
    /// What it says.
    pub says: String,
    /// Where: `template.yaml:12`.
    pub at: String,
}

/// The grants that a point rests on, each once.
pub(crate) fn grants(architecture: &Architecture, point: &Point) -> Vec<SubjectId> {
    let evidence = point.evidence.iter().map(|evidence| evidence.subject);
    let asked = point.questions.iter().map(|question| question.subject);
    let mut seen = BTreeSet::new();
    let all = evidence.chain(asked).filter(|subject| {
        let part = architecture.part(*subject);
        part.is_some_and(|part| &*part.kind == "grant") && seen.insert(*subject)
    });
    all.collect()
}

/// The grants of a role, or of the roles that a component runs under.
pub(crate) fn grants_of(architecture: &Architecture, component: SubjectId) -> Vec<SubjectId> {
    let runs_as = architecture
        .facts(component)
        .and_then(|facts| facts.get("runs_as"));
    let named = runs_as.map(|fact| fact.items().0).unwrap_or_default();
    let roles = named.into_iter().filter_map(|(_, role)| match role {
        Fact::Known(known) => match known.value {
            Value::Subject(role) => Some(role),
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Set(_) | Value::Map(_) => {
                None
            }
        },
        Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => None,
    });
    let mut seen = BTreeSet::new();
    let owners = std::iter::once(component).chain(roles);
    let owners = owners.filter_map(|owner| architecture.component(owner));
    let parts = owners.flat_map(|owner| owner.parts.iter().copied());
    let grants = parts.filter(|part| {
        let found = architecture.part(*part);
        found.is_some_and(|part| &*part.kind == "grant") && seen.insert(*part)
    });
    grants.collect()
}

/// The links of one grant, from the role to the resource.
pub(crate) fn links(architecture: &Architecture, files: &Files, grant: SubjectId) -> Vec<Link> {
    let Some(part) = architecture.part(grant) else {
        return Vec::new();
    };
    let said = |owner: SubjectId, name: &str| {
        let fact = architecture.facts(owner).and_then(|facts| facts.get(name));
        let at = fact.map(|fact| where_is(files, fact)).unwrap_or_default();
        (fact.map(|fact| shown(architecture, fact)), at)
    };
    let at = |place: Option<underbelly_source::Span>| {
        place.map_or_else(String::new, |span| line(files, Place::here(span)))
    };
    let role = architecture.component(part.owner);
    let mut links = vec![Link {
        what: "role",
        says: architecture.label(part.owner),
        at: at(role.and_then(|role| role.place)),
    }];
    let (name, by_name) = said(grant, "policy_name");
    let (via, _) = said(grant, "via");
    let name = name.filter(|name| name != "none");
    links.push(Link {
        what: "policy",
        says: match (name, via) {
            (Some(name), Some(via)) => format!("{name}, {via}"),
            (None, Some(only)) | (Some(only), None) => only,
            (None, None) => "without a name".to_owned(),
        },
        at: by_name,
    });
    let (abilities, _) = said(grant, "abilities");
    links.push(Link {
        what: "statement",
        says: format!("allows {}", abilities.unwrap_or_default()),
        at: at(part.place),
    });
    let (boundary, at_boundary) = said(part.owner, "boundary");
    let capped = boundary.as_deref() == Some("yes");
    if boundary.as_deref() != Some("no") {
        links.push(Link {
            what: "boundary",
            says: boundary.map_or_else(
                || "unknown".to_owned(),
                |says| match &*says {
                    "yes" => "what it does not let through is left out".to_owned(),
                    _ => says,
                },
            ),
            at: at_boundary,
        });
    }
    let each = |name: &str| {
        let fact = architecture.facts(grant).and_then(|facts| facts.get(name));
        let items = fact.map(|fact| fact.items().0).unwrap_or_default();
        let lines = items.into_iter().map(|(_, item)| {
            let at = place_of(item).map_or_else(String::new, |place| line(files, place));
            (shown(architecture, item), at)
        });
        lines.collect::<Vec<_>>()
    };
    let through = each("let_through");
    if through.is_empty() && capped {
        links.push(Link {
            what: "let through",
            says: "nothing of it that can be told".to_owned(),
            at: String::new(),
        });
    }
    let through = through.into_iter().map(|(says, at)| Link {
        what: "let through",
        says,
        at,
    });
    links.extend(through);
    links.extend(each("denied").into_iter().map(|(says, at)| Link {
        what: "denied",
        says,
        at,
    }));
    let (conditions, at_conditions) = said(grant, "narrowed_by");
    links.push(Link {
        what: "conditions",
        says: conditions.unwrap_or_default(),
        at: at_conditions,
    });
    let (reach, at_reach) = said(grant, "reach");
    let (target, at_target) = said(grant, "targets");
    let reach = reach.unwrap_or_default();
    // What is not known of both is said once.
    let is_told = |target: &String| !target.starts_with("perhaps more");
    let target = target.filter(|target| !target.is_empty() && target != "none");
    let target = target.filter(|target| !reach.starts_with("unknown") || is_told(target));
    links.push(match target {
        Some(target) => Link {
            what: "resource",
            says: format!("{reach}: {target}"),
            at: at_target,
        },
        None => Link {
            what: "resource",
            says: reach,
            at: at_reach,
        },
    });
    links
}

/// A value in a few words.
fn shown(architecture: &Architecture, fact: &Fact) -> String {
    let cases = fact.cases().map(|(_, case)| one(architecture, case));
    let mut words: Vec<String> = Vec::new();
    for word in cases {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(" or ")
}

fn one(architecture: &Architecture, fact: &Fact) -> String {
    match fact {
        Fact::Unknown(unknown) => format!("unknown ({})", unknown.reason),
        Fact::Absent(_) => "none".to_owned(),
        Fact::OneOf(_) => String::new(),
        Fact::Known(known) => match &known.value {
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Subject(subject) => architecture.label(*subject),
            Value::Map(_) => String::new(),
            Value::Set(set) => {
                let items = set.items.iter();
                let mut words: Vec<String> = items
                    .take(MOST_WORDS)
                    .map(|item| one(architecture, &item.fact))
                    .collect();
                let more = set.items.len().saturating_sub(MOST_WORDS);
                if more > 0 {
                    words.push(format!("{more} more"));
                }
                let rest = set.rest.as_ref();
                words.extend(rest.map(|rest| format!("perhaps more ({})", rest.reason)));
                match words.is_empty() {
                    true => "none".to_owned(),
                    false => words.join(", "),
                }
            }
        },
    }
}

/// Where a value stands: its first place, that of its first item before that.
fn where_is(files: &Files, fact: &Fact) -> String {
    let (items, rest) = fact.items();
    let of_items = items.into_iter().filter_map(|(_, item)| place_of(item));
    let of_items = of_items.chain(rest.and_then(|rest| rest.place)).next();
    let whole = || fact.cases().find_map(|(_, case)| place_of(case));
    of_items
        .or_else(whole)
        .map_or_else(String::new, |place| line(files, place))
}

fn place_of(fact: &Fact) -> Option<Place> {
    match fact {
        Fact::Known(known) => known.places.first().copied(),
        Fact::Unknown(unknown) => unknown.place,
        Fact::Absent(_) | Fact::OneOf(_) => None,
    }
}

fn line(files: &Files, place: Place) -> String {
    let (file, line) = (
        files.shown(place.span.file),
        files.position(place.span).line,
    );
    format!("{file}:{line}")
}
