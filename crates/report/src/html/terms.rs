//! The words of the evidence: each fact that occurs, with what it says. Evidence
//! links here, so that a sentence is written once.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::SubjectId;
use underbelly_library::Library;
use underbelly_model::{Architecture, Evidence, Threat};

use super::markup::Markup;
use crate::view::Report;
use crate::view::words::prose;

/// Facts that occur: by the kind of what has them and their name.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    of_kinds: BTreeMap<(&'a str, &'a str), usize>,
    /// Each name and meaning once, in order.
    terms: Vec<(&'a str, &'a str)>,
}

impl<'a> Terms<'a> {
    pub(super) fn of(report: &Report<'a>) -> Self {
        let architecture = &report.model.architecture;
        let threats = report.model.threats.iter();
        let facts: BTreeSet<(&str, &str)> = threats
            .flat_map(evidence)
            .filter_map(|fact| Some((kind(architecture, fact.subject)?, &*fact.fact)))
            .collect();
        let about = facts.into_iter().filter_map(|(kind, name)| {
            let about = meaning(report.library, kind, name)?;
            Some(((kind, name), (name, about)))
        });
        let about: BTreeMap<(&str, &str), (&str, &str)> = about.collect();
        let terms: BTreeSet<(&str, &str)> = about.values().copied().collect();
        let terms: Vec<(&str, &str)> = terms.into_iter().collect();
        let of_kinds = about.into_iter().filter_map(|(fact, term)| {
            let number = terms.binary_search(&term).ok()?;
            Some((fact, number))
        });
        Terms {
            of_kinds: of_kinds.collect(),
            terms,
        }
    }

    /// The name of a fact, leading to what it says.
    pub(super) fn link(&self, architecture: &Architecture, fact: &Evidence, markup: &mut Markup) {
        let kind = kind(architecture, fact.subject).unwrap_or("");
        match self.of_kinds.get(&(kind, &*fact.fact)) {
            Some(number) => {
                markup.raw("<a href=\"#fact-");
                markup.number(number);
                markup.raw("\">");
                markup.text(&fact.fact);
                markup.raw("</a>");
            }
            None => markup.text(&fact.fact),
        }
    }

    pub(super) fn write(&self, markup: &mut Markup) {
        if self.terms.is_empty() {
            return;
        }
        markup.raw(
            "<section id=\"terms\" aria-labelledby=\"terms-title\">\n\
             <h2 id=\"terms-title\">Words of the evidence</h2>\n<dl>\n",
        );
        for (number, (name, about)) in self.terms.iter().enumerate() {
            markup.raw("<div id=\"fact-");
            markup.number(number);
            markup.raw("\">");
            markup.element("dt", name);
            markup.told("dd", "", &prose(about));
            markup.raw("</div>\n");
        }
        markup.raw("</dl>\n</section>\n");
    }
}

fn evidence(threat: &Threat) -> impl Iterator<Item = &Evidence> {
    let points = threat.points.iter().flat_map(|point| &point.evidence);
    let measures = threat.countermeasures.iter();
    let all = points.chain(measures.flat_map(|measure| &measure.evidence));
    all.map(|fact| &**fact)
}

fn kind(architecture: &Architecture, subject: SubjectId) -> Option<&str> {
    match architecture.part(subject) {
        Some(part) => Some(&part.kind),
        None => architecture.component(subject).map(|found| &*found.kind),
    }
}

fn meaning<'l>(library: &'l Library, kind: &'l str, name: &str) -> Option<&'l str> {
    if let Some(code) = name.strip_prefix("code.") {
        let mut codes = library.kind(kind)?.code.iter();
        return codes
            .find(|fact| *fact.name == *code)
            .map(|fact| &*fact.ask);
    }
    if let Some(practice) = name.strip_prefix("practice.") {
        let mut practices = library.practices.iter();
        let found = practices.find(|found| *found.name == *practice);
        return found.map(|found| &*found.about);
    }
    if let Some(part) = library.part(kind) {
        let mut facts = part.facts.iter();
        return facts.find(|fact| *fact.name == *name).map(|f| &*f.about);
    }
    library.fact(kind, name).map(|fact| &*fact.about)
}
