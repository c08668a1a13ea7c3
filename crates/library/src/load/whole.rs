//! What must hold of the library as a whole: nothing is unused, untested or
//! quietly gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::Node;

use super::raw::{RawCountermeasure, RawThreat};
use super::strict::Sheet;
use super::{Entries, Knowledge, kind};
use crate::decider::{Giver, giver};
use crate::{EntryStatus, Example, Library, Outcome};

/// Everything about entries that only the whole set shows.
pub(super) fn check(
    sheet: &mut Sheet,
    knowledge: &Knowledge,
    entries: &Entries<'_>,
    ids: &[(Arc<str>, Span)],
) {
    let library = &knowledge.library;
    let mut used = BTreeSet::new();
    for threat in &entries.threats {
        used.extend(
            threat
                .countermeasures
                .iter()
                .filter_map(|link| link.name.text()),
        );
    }
    for raw in &entries.threats {
        if !entries.broken.contains(&raw.id) {
            threat(sheet, library, entries, raw);
        }
    }
    for raw in &entries.countermeasures {
        if !entries.broken.contains(&raw.id) {
            countermeasure(sheet, library, entries, raw);
            let unused = !used.contains(&*raw.id) && raw.status.is_judged();
            if unused && !entries.threat_unread {
                let message = format!("no threat names the countermeasure `{}`", raw.id);
                report(
                    sheet,
                    raw.root,
                    "unused",
                    message,
                    "name it in a threat, or remove it",
                );
            }
        }
    }
    nothing_vanished(sheet, entries, ids);
}

fn threat(sheet: &mut Sheet, library: &Library, entries: &Entries<'_>, raw: &RawThreat<'_>) {
    if let EntryStatus::Deprecated(deprecated) = &raw.status {
        if let Some(instead) = deprecated.instead.as_ref()
            && library.threat(instead).is_none()
        {
            let message = format!("there is no threat `{instead}` to take its place");
            report(
                sheet,
                raw.root,
                "unknown-id",
                message,
                "name one that there is",
            );
        }
        return;
    }
    let facts = entries.facts.get(&raw.id);
    let all = facts.map(|facts| facts.when.iter().chain(&facts.gap));
    let givers: BTreeSet<Giver> = all
        .into_iter()
        .flatten()
        .map(|f| giver(library, f))
        .collect();
    if raw.status == EntryStatus::Draft {
        return;
    }
    not_provisional(sheet, raw.root, &givers);
    references(sheet, raw.root, raw.page.references.is_empty());
    let examples = &raw.page.examples;
    if givers.iter().any(|giver| giver.is_asked()) {
        let why = "what decides it must be asked for";
        let question = [Outcome::Question];
        need_example(sheet, raw.root, examples, &question, why);
    } else {
        let why = "the template decides it";
        let exposed = [Outcome::Exposed, Outcome::Depends];
        need_example(sheet, raw.root, examples, &exposed, why);
        let closed = [Outcome::Mitigated, Outcome::NotApplicable];
        need_example(sheet, raw.root, examples, &closed, why);
    }
}

fn countermeasure(
    sheet: &mut Sheet,
    library: &Library,
    entries: &Entries<'_>,
    raw: &RawCountermeasure<'_>,
) {
    if raw.status != EntryStatus::Stable {
        return;
    }
    let facts = entries.facts.get(&raw.id);
    let facts = facts.map_or(&[][..], |facts| &facts.gap).iter();
    let givers: BTreeSet<Giver> = facts.map(|fact| giver(library, fact)).collect();
    not_provisional(sheet, raw.root, &givers);
    references(sheet, raw.root, raw.page.references.is_empty());
    let examples = &raw.page.examples;
    if givers.iter().any(|giver| giver.is_asked()) {
        let why = "what shows it must be asked for";
        need_example(sheet, raw.root, examples, &[Outcome::Unknown], why);
    } else {
        let why = "the template shows it";
        need_example(sheet, raw.root, examples, &[Outcome::InPlace], why);
        need_example(sheet, raw.root, examples, &[Outcome::Missing], why);
    }
}

fn not_provisional(sheet: &mut Sheet, root: Node<'_>, givers: &BTreeSet<Giver>) {
    if givers.contains(&Giver::Nobody) {
        let message = "a stable entry uses a fact that nobody gives yet";
        report(
            sheet,
            root,
            "provisional-fact",
            message,
            "make it `status: draft`",
        );
    }
}

fn references(sheet: &mut Sheet, root: Node<'_>, missing: bool) {
    if missing {
        let message = "a stable entry has no `references`";
        report(
            sheet,
            root,
            "no-reference",
            message,
            "name a page to read more on",
        );
    }
}

fn need_example(
    sheet: &mut Sheet,
    root: Node<'_>,
    examples: &[Example],
    wanted: &[Outcome],
    why: &str,
) {
    let mut found = examples.iter().map(|example| example.expect.outcome);
    if found.any(|outcome| wanted.contains(&outcome)) {
        return;
    }
    let words: Vec<String> = wanted.iter().map(|o| format!("`{}`", o.word())).collect();
    let message = format!("no example expects {}", words.join(" or "));
    let help = format!("add one: {why}");
    report(sheet, root, "no-example", message, &help);
}

fn nothing_vanished(sheet: &mut Sheet, entries: &Entries<'_>, ids: &[(Arc<str>, Span)]) {
    let threats = entries.threats.iter().map(|raw| &raw.id);
    let measures = entries.countermeasures.iter().map(|raw| &raw.id);
    let known: BTreeSet<&Arc<str>> = threats.chain(measures).chain(&entries.broken).collect();
    for (id, span) in ids {
        if !known.contains(id) {
            let message = format!("the entry `{id}` is gone");
            sheet.report("vanished", *span, message).help =
                Some("ids are for ever: bring it back with `status: { deprecated: … }`".to_owned());
        }
    }
}

/// Warns of kinds of which nothing is said, as long as the library grows.
pub(super) fn every_kind_has_a_threat<'d>(
    sheet: &mut Sheet,
    library: &Library,
    kinds: impl Iterator<Item = Node<'d>>,
) {
    for root in kinds {
        let id = root.get("kind").and_then(|node| node.text()).unwrap_or("");
        let Some(kind) = library.kind(id) else {
            continue;
        };
        if kind.no_threats.is_none() && library.threats_for(id).is_empty() {
            let message = format!("no threat applies to the kind `{id}`");
            let warning = Diagnostic::warning("kind-without-threat", message)
                .at(kind::place_of(root))
                .help("add one, or say why there is none: `no-threats: reason`");
            sheet.problems.push(warning);
        }
    }
}

fn report(
    sheet: &mut Sheet,
    root: Node<'_>,
    code: &'static str,
    message: impl Into<String>,
    help: &str,
) {
    let span = kind::place_of(root);
    sheet.report(code, span, message).help = Some(help.to_owned());
}
