//! The grant behind a step of a road, in words: what it allows on how much.

use underbelly_expression::{Fact, SubjectId};
use underbelly_model::{Architecture, FlowKind, Hold, How, Part, Step};

use super::Report;
use crate::sentence::lower;
use crate::value::subjects;

/// A right as people speak of it.
#[derive(Debug)]
pub(super) struct Right {
    /// `dynamodb:* on every table`
    pub brief: String,
    /// `by EveryTable of ListOrders:role`
    pub by: String,
}

/// Actions told one by one; the others are counted.
const ACTIONS: usize = 2;

/// The grant that makes a step possible, if it can be told which.
pub(super) fn behind(report: &Report<'_>, step: &Step) -> Option<Right> {
    let architecture = &report.model.architecture;
    let grant = found(architecture, step)?;
    let part = architecture.part(grant)?;
    let owner = architecture.label(part.owner);
    let what = what(report, part, step.to.hold);
    Some(Right {
        brief: match extent(report, part, step.to.subject) {
            Some(extent) => format!("{what} {extent}"),
            None => what,
        },
        by: format!("`{}` of {owner}", part.key),
    })
}

/// By what the step says, else by the lines it rests on, else by what it leads to.
fn found(architecture: &Architecture, step: &Step) -> Option<SubjectId> {
    if let How::Granted(grant) = step.how {
        return Some(grant);
    }
    let is_grant = |subject: &SubjectId| {
        let part = architecture.part(*subject);
        part.is_some_and(|part| &*part.group == "grants")
    };
    let mut told = step.rests_on.iter().map(|(subject, _)| *subject);
    if let Some(told) = told.find(is_grant) {
        return Some(told);
    }
    let holder = step.from?.subject;
    let roles = fact(architecture, holder, "runs_as").map(subjects);
    let roles = roles.unwrap_or_default().into_iter();
    let roles = roles.filter_map(|role| architecture.component(role));
    let grants: Vec<SubjectId> = roles
        .flat_map(|role| role.parts.iter().copied())
        .filter(is_grant)
        .collect();
    let by_line = |grant: &SubjectId| {
        let part = architecture.part(*grant);
        let place = part.and_then(|part| part.place);
        let mut places = step.places.iter().map(|place| place.span);
        let targets = fact(architecture, *grant, "targets");
        let items = targets.map(|targets| targets.items().0).unwrap_or_default();
        let known = items.iter().filter_map(|(_, item)| item.as_known());
        let named = known.flat_map(|known| known.places.iter().map(|place| place.span));
        let own: Vec<_> = place.into_iter().chain(named).collect();
        places.any(|place| own.contains(&place))
    };
    let names = |grant: &SubjectId| {
        let targets = fact(architecture, *grant, "targets").map(subjects);
        targets.is_some_and(|targets| targets.contains(&step.to.subject))
    };
    let gives = |grant: &&SubjectId| {
        let abilities = words(architecture, **grant, "abilities");
        let wanted = wanted(step.to.hold);
        abilities.iter().any(|ability| wanted.contains(&&**ability))
    };
    let giving = || grants.iter().filter(gives).copied();
    giving().find(by_line).or_else(|| giving().find(names))
}

/// Whether the right behind a step gives both reading and writing.
pub(super) fn reads_and_writes(architecture: &Architecture, step: &Step) -> bool {
    let gives_both = |grant: SubjectId| {
        let abilities = words(architecture, grant, "abilities");
        [Hold::Reads, Hold::Writes].into_iter().all(|hold| {
            let wanted = wanted(hold);
            abilities.iter().any(|ability| wanted.contains(&&**ability))
        })
    };
    let used = || {
        let mut flows = architecture.flows.iter();
        let from = step.from.map(|from| from.subject);
        flows.any(|flow| {
            let ends = Some(flow.source) == from && flow.destination == step.to.subject;
            let label = &*flow.label;
            ends && flow.kind == FlowKind::Access
                && label.contains("read")
                && label.contains("write")
        })
    };
    match (&step.how, step.to.hold) {
        (How::Granted(grant), Hold::Reads | Hold::Writes) => gives_both(*grant),
        (How::Rights, Hold::Reads | Hold::Writes) => used(),
        // What code reads need not be told to its callers, what it writes is theirs.
        (How::Purpose, Hold::Reads) => used(),
        _ => false,
    }
}

/// The abilities that give a hold.
fn wanted(hold: Hold) -> &'static [&'static str] {
    match hold {
        Hold::Reads => &["read_data", "read_secret", "receive", "administer"],
        Hold::Writes => &["write_data", "delete_data", "administer"],
        Hold::Reaches | Hold::Calls => &[
            "send",
            "publish",
            "invoke",
            "start",
            "write_data",
            "delete_data",
            "administer",
        ],
        Hold::Decrypts => &["decrypt", "administer"],
        Hold::Controls => &[
            "assume",
            "change_code",
            "change_config",
            "change_access",
            "change_identity",
            "administer",
        ],
    }
}

/// What it allows: the actions as written, or the policy that the provider keeps.
fn what(report: &Report<'_>, part: &Part, hold: Hold) -> String {
    let text = |name: &str| part.facts.get(name).and_then(Fact::as_text);
    if text("via") == Some("managed")
        && let Some(policy) = text("policy_name")
    {
        return policy.to_owned();
    }
    let actions = part.facts.get("actions").map(texts).unwrap_or_default();
    if !actions.is_empty() {
        return some(&actions);
    }
    if let Some("service" | "all") = text("wildcard_actions") {
        return "every action".to_owned();
    }
    let vocabularies = report.library.vocabularies.iter();
    let words: Vec<_> = vocabularies
        .filter(|vocabulary| &*vocabulary.id == "ability")
        .flat_map(|vocabulary| &vocabulary.words)
        .collect();
    let abilities = part.facts.get("abilities").map(texts).unwrap_or_default();
    let fitting = abilities
        .iter()
        .filter(|ability| wanted(hold).contains(&&***ability));
    let named = fitting.map(|ability| {
        let word = words.iter().find(|word| *word.id == **ability);
        word.map_or_else(|| ability.replace('_', " "), |word| word.name.to_string())
    });
    some(&named.collect::<Vec<_>>())
}

fn some(words: &[String]) -> String {
    let shown = words.iter().take(ACTIONS).cloned();
    let more = words.len().saturating_sub(ACTIONS);
    let mut said = shown.collect::<Vec<_>>().join(", ");
    if more > 0 {
        said.push_str(&format!(" and {more} more"));
    }
    said
}

/// On how much, where that is more than what the step leads to.
fn extent(report: &Report<'_>, part: &Part, target: SubjectId) -> Option<String> {
    let reach = part.facts.get("reach").and_then(Fact::as_text)?;
    let owner = report.model.architecture.owner(target);
    let kind = owner.and_then(|owner| report.library.kind(&owner.kind));
    let kind = kind.filter(|kind| &*kind.id != "account");
    match (reach, kind) {
        ("one", _) => None,
        ("prefix", _) => Some("by a pattern of names".to_owned()),
        ("service" | "everything", Some(kind)) => Some(format!("on every {}", lower(&kind.name))),
        (_, _) => Some("on everything".to_owned()),
    }
}

fn fact<'a>(architecture: &'a Architecture, of: SubjectId, name: &str) -> Option<&'a Fact> {
    architecture.facts(of)?.get(name)
}

fn words(architecture: &Architecture, of: SubjectId, name: &str) -> Vec<String> {
    fact(architecture, of, name).map(texts).unwrap_or_default()
}

/// The texts in a set, in its order, each once.
fn texts(fact: &Fact) -> Vec<String> {
    let (items, _) = fact.items();
    let mut found: Vec<String> = Vec::new();
    for text in items.iter().filter_map(|(_, item)| item.as_text()) {
        if !found.iter().any(|known| known == text) {
            found.push(text.to_owned());
        }
    }
    found
}
