//! Where to find an entry: the front page, and lists by kind, standard and provider.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use underbelly_library::{
    Decider, Library, Pages, Requirements, Stride, Tally, ThreatDef, coverage,
};

use super::{Writer, prose, slug};
use crate::view::table::library::address;

impl Writer<'_> {
    /// What there is, counted.
    pub(super) fn front(&self, library: &Library, pages: &Pages) -> String {
        let counted = coverage(library, pages);
        let mut out = String::from(
            "# The library\n\nThreats to serverless systems and what stands against them. Made from \
             [the entries](../../library) by `cargo xtask ready`; not edited by hand.\n\n\
             By [kind of component](kinds.md), [standard](standards.md) and [provider](providers.md); \
             as a spreadsheet with `underbelly library export -o threats.xls`.\n\n",
        );
        out.push_str("| threats to | all |");
        let letters = Stride::ALL.map(letter);
        let _ = writeln!(
            out,
            " {} | only code tells | must be asked |",
            letters.join(" | ")
        );
        let _ = writeln!(out, "|---|{}", "--:|".repeat(3 + letters.len()));
        for of in std::iter::once(&counted.all).chain(&counted.kinds) {
            if of.all == Tally::default() {
                continue;
            }
            let name = match library.kind(&of.kind) {
                Some(kind) => format!("[{}](kinds.md#{})", prose(&kind.name), slug(&kind.name)),
                None => "**all kinds**".to_owned(),
            };
            let stride = of.stride.map(said).join(" | ");
            let asked = Decider::ALL.iter().zip(of.decided_by).skip(1);
            let asked: Vec<String> = asked.map(|(_, tally)| said(tally)).collect();
            let all = said(of.all);
            let _ = writeln!(out, "| {name} | {all} | {stride} | {} |", asked.join(" | "));
        }
        out.push_str("\n`12+3` are twelve threats to rely on, and three drafts.\n");
        out
    }

    /// Every kind with its threats.
    pub(super) fn kinds(&self) -> String {
        let mut out = String::from("# By kind of component\n");
        let library = self.part.library;
        for kind in &library.kinds {
            let wanted = |def: &&ThreatDef| {
                def.applies_to
                    .iter()
                    .any(|to| library.is(&kind.id, &to.kind))
            };
            let threats = self.part.threats.iter().map(|(def, _)| *def);
            let threats: Vec<&ThreatDef> = threats.filter(wanted).collect();
            if threats.is_empty() {
                continue;
            }
            let _ = writeln!(
                out,
                "\n## {}\n\n{}\n",
                prose(&kind.name),
                prose(&kind.about)
            );
            rows(&threats, &mut out);
        }
        out
    }

    /// Every item of every standard, with what is known by it.
    pub(super) fn by_standard(&self) -> String {
        let mut out = String::from("# By standard\n");
        for standard in &self.part.standards {
            let _ = writeln!(
                out,
                "\n## {}\n\nEdition {}, compared on {}: <{}>\n",
                prose(&standard.title),
                prose(&standard.version),
                prose(&standard.checked),
                standard.source
            );
            let mut items: Vec<_> = standard.items.iter().collect();
            items.sort_by_key(|(id, _)| (id.len(), id.clone()));
            for (item, title) in items {
                let entries = self.known_by(&standard.id, item);
                if !entries.is_empty() {
                    let _ = writeln!(
                        out,
                        "- [{}]({}) {}: {}",
                        prose(item),
                        address(standard, item),
                        prose(title),
                        entries.join(", ")
                    );
                }
            }
        }
        out
    }

    /// Links to the entries that name an item.
    fn known_by(&self, standard: &str, item: &str) -> Vec<String> {
        let names = |requirements: &[Requirements]| {
            let mut of = requirements.iter().filter(|one| *one.standard == *standard);
            of.any(|one| one.items.iter().any(|found| **found == *item))
        };
        let threats = self.part.threats.iter();
        let threats = threats.filter(|(_, page)| names(&page.standards));
        let threats = threats.map(|(def, _)| format!("[{0}](threats/{0}.md)", def.id));
        let measures = self.part.countermeasures.iter();
        let measures = measures.filter(|(_, page)| names(&page.standards));
        let measures = measures.map(|(def, _)| format!("[{0}](countermeasures/{0}.md)", def.id));
        threats.chain(measures).collect()
    }

    /// Every provider with its threats.
    pub(super) fn providers(&self) -> String {
        let mut out = String::from("# By provider\n");
        let library = self.part.library;
        let mut providers: BTreeMap<&str, Vec<&ThreatDef>> = BTreeMap::new();
        for (def, _) in &self.part.threats {
            for provider in library.providers_of(def) {
                providers.entry(provider).or_default().push(def);
            }
        }
        for (provider, threats) in &providers {
            let _ = writeln!(out, "\n## {}\n", prose(provider));
            rows(threats, &mut out);
        }
        out
    }
}

fn rows(threats: &[&ThreatDef], out: &mut String) {
    out.push_str("| threat | likelihood | impact | |\n|---|---|---|---|\n");
    for def in threats {
        let impact = def.rate.impact;
        let worst = impact
            .confidentiality
            .max(impact.integrity)
            .max(impact.availability);
        let status = match def.status.word() {
            "stable" => "",
            other => other,
        };
        let _ = writeln!(
            out,
            "| [{}](threats/{}.md) | {} | {} | {status} |",
            prose(&def.name),
            def.id,
            def.rate.likelihood.word(),
            worst.word()
        );
    }
}

fn letter(stride: Stride) -> &'static str {
    match stride {
        Stride::Spoofing => "S",
        Stride::Tampering => "T",
        Stride::Repudiation => "R",
        Stride::InformationDisclosure => "I",
        Stride::DenialOfService => "D",
        Stride::ElevationOfPrivilege => "E",
    }
}

fn said(tally: Tally) -> String {
    match (tally.stable, tally.drafts) {
        (0, 0) => String::new(),
        (n, 0) => n.to_string(),
        (0, drafts) => format!("+{drafts}"),
        (n, drafts) => format!("{n}+{drafts}"),
    }
}
