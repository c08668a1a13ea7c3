//! What is behind each row of the table, folded: what can happen, where and why
//! here, what to do, and what it is called elsewhere.

use std::fmt::Write as _;

use underbelly_library::{CountermeasurePage, ThreatPage};

use super::escape::{block, prose};
use super::{NAME, Room, SENTENCE, Writer, close, found_on, name, open, reach, ticked};
use crate::paint::{count, cut};
use crate::view::once::Once;
use crate::view::table::fixes;
use crate::view::words::{self, spaced};
use crate::view::{EntryRow, ThreatRow};

/// Components under one threat, facts of one, references of one.
const UNDER: usize = 5;
const REASONS: usize = 4;
const REFERENCES: usize = 2;

impl Writer<'_> {
    pub(super) fn details(&self, out: &mut Room) {
        let rows = &self.view.exposed;
        let entries = rows.iter().map(|row| self.entry(row));
        let more = out.lines(entries, usize::MAX, reach::DETAILS);
        if more > 0 {
            let more = count(more, "more threat", "more threats");
            out.always(&format!(
                "There is no room here for the details of {more}; a spreadsheet (`-o threats.xlsx`) has them all.\n\n"
            ));
        }
    }

    fn entry(&self, row: &EntryRow<'_>) -> String {
        let mut out = String::new();
        let title = format!("{} {} – {}", row.risk, spaced(row.band.word()), row.name);
        open(&title, &mut out);
        let worst = row.threats.first().map(|row| row.threat);
        let page = worst.and_then(|threat| self.index.threat(&threat.entry));
        if let (Some(threat), Some(page)) = (worst, page) {
            let architecture = &self.report.model.architecture;
            let happens = words::happens(architecture, threat, page, ticked);
            let _ = writeln!(out, "{}\n", prose(&happens));
            let _ = writeln!(out, "{}\n", prose(&words::prose(&page.why)));
        }
        out.push_str("**Why here**\n\n");
        for threat in row.threats.iter().take(UNDER) {
            self.threat(threat, &mut out);
        }
        let more = row.threats.len().saturating_sub(UNDER);
        if more > 0 {
            let more = count(more, "more component", "more components");
            let _ = writeln!(out, "- and {more}");
        }
        out.push('\n');
        self.first_step(row, &mut out);
        if let Some(page) = page {
            let _ = writeln!(out, "{}\n", self.known_as(page));
        }
        close(&mut out);
        out
    }

    fn threat(&self, row: &ThreatRow<'_>, out: &mut String) {
        let at = match row.place.as_str() {
            "" => String::new(),
            place => format!(", {}", name(place)),
        };
        let _ = writeln!(out, "- {}{at}", found_on(row));
        let architecture = &self.report.model.architecture;
        let facts = row.threat.told_points().flat_map(|point| &point.evidence);
        let said = facts.map(|fact| words::evidence(architecture, row.threat, fact, ticked));
        let said = Once::of(said);
        for fact in said.iter().take(REASONS) {
            let _ = writeln!(out, "  - {}", prose(&cut(fact, SENTENCE)));
        }
        let more = said.len().saturating_sub(REASONS);
        if more > 0 {
            let _ = writeln!(out, "  - and {}", count(more, "more fact", "more facts"));
        }
    }

    fn first_step(&self, row: &EntryRow<'_>, out: &mut String) {
        let Some(step) = row.first_step() else {
            return;
        };
        let title = prose(&cut(&step.name, NAME));
        let _ = writeln!(out, "**{title}** ({} effort)\n", step.effort);
        if let Some(page) = self.index.countermeasure(&step.entry) {
            what_to_do(page, out);
        }
    }

    /// Its id, and what it is called elsewhere.
    fn known_as(&self, page: &ThreatPage) -> String {
        let mut names = vec![name(&page.id)];
        let stride: Vec<String> = page.stride.iter().map(|s| spaced(s.word())).collect();
        if !stride.is_empty() {
            names.push(prose(&stride.join(", ")));
        }
        for requirements in &page.standards {
            let mut known = self.index.pages.standards.iter();
            let standard = known.find(|standard| standard.id == requirements.standard);
            let short = standard.map_or(&requirements.standard, |standard| &standard.short);
            let items: Vec<&str> = requirements.items.iter().map(|item| &**item).collect();
            let said = format!("{short} {}", items.join(", "));
            // `CWE-306` says whose it is.
            let prefix = format!("{short} {short}-");
            let said = match said.starts_with(&prefix) {
                true => items.join(", "),
                false => said,
            };
            names.push(prose(&words::prose(&said)));
        }
        names.join(" · ")
    }
}

fn what_to_do(page: &CountermeasurePage, out: &mut String) {
    let _ = writeln!(out, "{}\n", prose(&words::prose(&page.action)));
    for (formats, text) in fixes(page) {
        let _ = writeln!(out, "In {}:\n\n{}", prose(&formats), block("yaml", &text));
    }
    let verify = words::prose(&page.verify);
    if !verify.is_empty() {
        let _ = writeln!(out, "Verify: {}\n", prose(&verify));
    }
    for address in page.references.iter().take(REFERENCES) {
        let plain = |c: char| c.is_ascii_graphic() && !"<>()\"`\\".contains(c);
        if address.starts_with("https://") && address.chars().all(plain) {
            let _ = writeln!(out, "<{address}>\n");
        }
    }
}
