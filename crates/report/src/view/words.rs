//! Words for states, statuses and evidence: the same wherever they stand.

use std::collections::BTreeSet;

use underbelly_expression::Basis;
use underbelly_library::ThreatPage;
use underbelly_model::{
    Architecture, Decided, Evidence, State, Status, Strength, Threat, ThreatModel,
};

use crate::explain;
use crate::paint::clean;

/// What a threat's state is called.
pub(crate) fn state(state: State) -> &'static str {
    match state {
        State::Exposed => "exposed",
        State::Question => "question",
        State::Mitigated => "mitigated",
        State::NotApplicable => "not applicable",
    }
}

/// What a countermeasure's status is called.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::InPlace => "in place",
        Status::Partial => "partly in place",
        Status::Unknown => "unknown",
        Status::Missing => "missing",
        Status::NotApplicable => "nothing to put it on",
    }
}

/// How sure a flow is.
pub(crate) fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Strong => "declared or permitted and named",
        Strength::Possible => "permitted, use not shown",
        Strength::NoPermission => "named, no permission seen",
    }
}

/// What a fact rests on, or why nobody knows it; may be empty.
pub(crate) fn basis(evidence: &Evidence) -> String {
    let said = match (&evidence.basis, &evidence.unknown) {
        (_, Some(reason)) => reason.to_string(),
        (Some(basis), None) => spaced(basis.word()),
        (None, None) => String::new(),
    };
    clean(&said).into_owned()
}

/// Evidence for a threat, told beside the name of its component: `open_to is
/// anyone (written)`, `auth of GET /orders is none (provider default)`.
pub(crate) fn evidence(
    architecture: &Architecture,
    threat: &Threat,
    evidence: &Evidence,
    mark: fn(&str) -> String,
) -> String {
    let subject = subject(architecture, threat, evidence);
    fact(architecture, evidence, subject, mark)
}

/// Whose fact it is, if that is not the component the threat is on.
pub(crate) fn subject(
    architecture: &Architecture,
    threat: &Threat,
    evidence: &Evidence,
) -> Option<String> {
    let subject = evidence.subject;
    let alone = threat.told_points().nth(1).is_none();
    match architecture.part(subject) {
        _ if subject == threat.component => None,
        Some(part) if part.owner == threat.component && alone => None,
        Some(part) if part.owner == threat.component => Some(part.key.to_string()),
        Some(_) | None => Some(architecture.label(subject)),
    }
}

/// A fact of a subject with what it rests on: `open_to of Orders is anyone (written)`.
pub(crate) fn fact(
    architecture: &Architecture,
    evidence: &Evidence,
    subject: Option<String>,
    mark: fn(&str) -> String,
) -> String {
    let known = known(architecture, evidence, subject, mark);
    match basis(evidence).as_str() {
        "" => known,
        basis => format!("{known} ({basis})"),
    }
}

fn known(
    architecture: &Architecture,
    evidence: &Evidence,
    subject: Option<String>,
    mark: fn(&str) -> String,
) -> String {
    let mut said = mark(&clean(&evidence.fact));
    if let Some(subject) = subject {
        said.push_str(&format!(" of {}", mark(&clean(&subject))));
    }
    said.push_str(&format!(" is {}", mark(&clean(&evidence.value))));
    if !evidence.guard.is_always() {
        let when = architecture.worlds.describe(&evidence.guard);
        said.push_str(&format!(" when {}", clean(&when)));
    }
    said
}

/// A name as it is.
pub(crate) fn plainly(name: &str) -> String {
    name.to_owned()
}

/// What can happen, in a sentence or two.
pub(crate) fn happens(
    architecture: &Architecture,
    threat: &Threat,
    page: &ThreatPage,
    mark: fn(&str) -> String,
) -> String {
    explain::said(page, &|path| {
        mark(&explain::named(architecture, threat.component, path))
    })
}

/// What people call a decision.
pub(crate) fn decided(decided: Decided) -> &'static str {
    match decided {
        Decided::Accepted => "accepted",
        Decided::Dismissed => "dismissed",
        Decided::OutOfScope => "out of scope",
    }
}

/// What was taken as given where something is exposed or in question, and why.
pub(crate) fn assumptions(model: &ThreatModel, mark: fn(&str) -> String) -> Vec<String> {
    let threats = model.threats.iter();
    let open = threats.filter(|t| t.is_shown() || t.is_asked());
    let facts = open
        .flat_map(Threat::told_points)
        .flat_map(|point| &point.evidence)
        .filter(|fact| fact.basis == Some(Basis::LibraryAssumption));
    let mut said = Vec::new();
    let mut seen = BTreeSet::new();
    for fact in facts {
        let subject = model.architecture.label(fact.subject);
        let known = known(&model.architecture, fact, Some(subject), mark);
        let line = match &fact.note {
            Some(note) => format!("{known}: {}", clean(note)),
            None => known,
        };
        if seen.insert(line.clone()) {
            said.push(line);
        }
    }
    said
}

/// A word of programs as people read it: `very low` for `very-low`.
pub(crate) fn spaced(word: &str) -> String {
    word.replace('-', " ")
}

/// Prose of the library on one line.
pub(crate) fn prose(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    clean(&words.join(" ")).into_owned()
}
