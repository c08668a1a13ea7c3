//! The report as Markdown that fits a comment on a pull request: a table worst
//! first, and what is behind each row folded.

mod escape;

use std::fmt::Write as _;

use underbelly_library::Pages;
use underbelly_model::Band;

use crate::paint::{capital, count, cut};
use crate::view::table::{Index, fixes};
use crate::view::words::{self, spaced};
use crate::view::{EntryRow, Report, ThreatRow, View};
use escape::{block, code, html, prose};

/// A comment holds 65,536 characters; what comes round it needs room too.
const MOST: usize = 60_000;
/// Kept for what follows the details of threats.
const KEPT: usize = 8_000;
/// Rows of the table, components under one threat, lines of a list.
const ROWS: usize = 30;
const UNDER: usize = 5;
const REASONS: usize = 4;
const LISTED: usize = 15;
/// The longest name shown whole.
const NAME: usize = 160;

/// The report as Markdown with a final line break.
pub fn markdown(report: &Report<'_>, pages: &Pages) -> String {
    let view = View::of(report);
    let writer = Writer {
        report,
        view: &view,
        index: Index::of(pages),
    };
    let mut out = String::from("<!-- underbelly: threat model -->\n");
    writer.head(&mut out);
    writer.table(&mut out);
    writer.details(&mut out);
    writer.questions(&mut out);
    writer.diagnostics(&mut out);
    writer.given(&mut out);
    writer.rest(&mut out);
    out
}

struct Writer<'a> {
    report: &'a Report<'a>,
    view: &'a View<'a>,
    index: Index<'a>,
}

impl Writer<'_> {
    fn head(&self, out: &mut String) {
        let systems = &self.view.systems;
        let _ = writeln!(out, "## {}\n", prose(&cut(&self.view.title(), NAME)));
        for system in systems.iter().take(LISTED) {
            let says = prose(&system.says);
            let _ = match systems.len() {
                1 => writeln!(out, "{says}\n"),
                _ => writeln!(out, "- {}: {says}", name(&system.name)),
            };
        }
        let more = systems.len().saturating_sub(LISTED);
        if more > 0 {
            let _ = writeln!(out, "- and {}", count(more, "more system", "more systems"));
        }
        if systems.len() > 1 {
            out.push('\n');
        }
        let understood = match &self.view.not_understood {
            Some(what) => format!("{what}."),
            None => "Everything was understood.".to_owned(),
        };
        let (read, judged) = (prose(&self.view.read), &self.view.judged);
        let _ = writeln!(out, "{read} {understood} {judged}\n");
    }

    fn table(&self, out: &mut String) {
        let rows = &self.view.exposed;
        let _ = writeln!(out, "**{}**\n", self.view.exposed_title());
        if rows.is_empty() {
            return;
        }
        out.push_str("| Risk | Threat | Found on | Where | First step |\n");
        out.push_str("|---|---|---|---|---|\n");
        for row in rows.iter().take(ROWS) {
            let Some(worst) = row.threats.first() else {
                continue;
            };
            let more = row.threats.len() - 1;
            let more = match more {
                0 => String::new(),
                n => format!(" and {}", count(n, "more component", "more components")),
            };
            let step = row.first_step();
            let step = step.map_or_else(String::new, |step| prose(&step.said()));
            let _ = writeln!(
                out,
                "| {} | {} | {}{more} | {} | {step} |",
                risk(row),
                prose(&row.name),
                found_on(worst),
                name(&worst.place),
            );
        }
        let more = rows.len().saturating_sub(ROWS);
        if more > 0 {
            let _ = writeln!(out, "\nand {more} more, less risky");
        }
        out.push('\n');
    }

    /// What is behind each row, as far as there is room.
    fn details(&self, out: &mut String) {
        let rows = &self.view.exposed;
        for (at, row) in rows.iter().enumerate() {
            let mut text = String::new();
            self.entry(row, &mut text);
            if out.len() + text.len() + KEPT > MOST {
                let more = count(rows.len() - at, "more threat", "more threats");
                let _ = writeln!(out, "There is no room here for the details of {more}.\n");
                return;
            }
            out.push_str(&text);
        }
    }

    fn entry(&self, row: &EntryRow<'_>, out: &mut String) {
        let Some(worst) = row.threats.first() else {
            return;
        };
        let title = format!("{} {} – {}", row.risk, spaced(row.band.word()), row.name);
        open(&title, out);
        if let Some(page) = self.index.threat(&worst.threat.entry) {
            let architecture = &self.report.model.architecture;
            let happens = words::happens(architecture, worst.threat, page, ticked);
            let _ = writeln!(out, "{}\n", prose(&happens));
            let _ = writeln!(out, "{}\n", prose(&words::prose(&page.why)));
        }
        for threat in row.threats.iter().take(UNDER) {
            self.threat(threat, out);
        }
        let more = row.threats.len().saturating_sub(UNDER);
        if more > 0 {
            let more = count(more, "more component", "more components");
            let _ = writeln!(out, "- and {more}");
        }
        out.push('\n');
        self.first_step(row, out);
        close(out);
    }

    fn threat(&self, row: &ThreatRow<'_>, out: &mut String) {
        let at = match row.place.as_str() {
            "" => String::new(),
            place => format!(", {}", name(place)),
        };
        let _ = writeln!(out, "- {}{at}", found_on(row));
        let architecture = &self.report.model.architecture;
        let facts = row.threat.told_points().flat_map(|point| &point.evidence);
        let mut said: Vec<String> = Vec::new();
        for fact in facts {
            let evidence = words::evidence(architecture, row.threat, fact, ticked);
            if !said.contains(&evidence) {
                said.push(evidence);
            }
        }
        for fact in said.iter().take(REASONS) {
            let _ = writeln!(out, "  - {}", prose(&cut(fact, 2 * NAME)));
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
        let _ = writeln!(out, "**{}** ({} effort)\n", prose(&step.name), step.effort);
        let Some(page) = self.index.countermeasure(&step.entry) else {
            return;
        };
        let _ = writeln!(out, "{}\n", prose(&words::prose(&page.action)));
        let fix = fixes(page);
        if !fix.is_empty() {
            let _ = writeln!(out, "{}", block(&fix));
        }
        let verify = words::prose(&page.verify);
        if !verify.is_empty() {
            let _ = writeln!(out, "Verify: {}\n", prose(&verify));
        }
        for address in page.references.iter().take(UNDER) {
            let plain = |c: char| c.is_ascii_graphic() && !"<>()\"`\\".contains(c);
            if address.starts_with("https://") && address.chars().all(plain) {
                let _ = writeln!(out, "<{address}>\n");
            }
        }
    }

    fn questions(&self, out: &mut String) {
        let Some(title) = self.view.questions_title() else {
            return;
        };
        let asks = self.view.questions.iter().map(|row| row.ask());
        list(&title, asks, out);
    }

    fn diagnostics(&self, out: &mut String) {
        let Some(title) = &self.view.not_understood else {
            return;
        };
        let said = self.report.diagnostics.iter().map(|one| {
            let place = match (one.span, &one.path) {
                (Some(span), _) => format!("{}: ", ticked(&self.report.at(span))),
                (None, _) => String::new(),
            };
            format!("{place}{}", crate::paint::clean(&one.message))
        });
        list(title, said, out);
    }

    fn given(&self, out: &mut String) {
        let assumptions = words::assumptions(self.report.model, ticked);
        if !assumptions.is_empty() {
            list("Taken as given", assumptions.into_iter(), out);
        }
    }

    fn rest(&self, out: &mut String) {
        let titles = [
            self.view.only_code.title(),
            self.view.not_analysed_title(),
            self.view.mitigated_title(),
        ];
        let said = titles.into_iter().flatten();
        for (at, title) in said.enumerate() {
            let between = if at == 0 { "\n" } else { "" };
            let title = prose(&cut(&capital(&title), 4 * NAME));
            let _ = writeln!(out, "{between}- {title}");
        }
    }
}

fn list(title: &str, items: impl ExactSizeIterator<Item = String>, out: &mut String) {
    let more = items.len().saturating_sub(LISTED);
    open(title, out);
    for item in items.take(LISTED) {
        let _ = writeln!(out, "- {}", prose(&cut(&item, NAME)));
    }
    if more > 0 {
        let _ = writeln!(out, "- and {more} more");
    }
    out.push('\n');
    close(out);
}

fn open(title: &str, out: &mut String) {
    let _ = writeln!(out, "<details>\n<summary>{}</summary>\n", html(title));
}

fn close(out: &mut String) {
    out.push_str("</details>\n\n");
}

fn risk(row: &EntryRow<'_>) -> String {
    let colour = match row.band {
        Band::Critical => "🔴",
        Band::High => "🟠",
        Band::Medium => "🟡",
        Band::Low => "🔵",
        Band::VeryLow => "⚪",
    };
    // Spaces that do not break keep it on one line.
    let band = spaced(row.band.word()).replace(' ', "\u{a0}");
    format!("{colour}\u{a0}{}\u{a0}{band}", row.risk)
}

fn found_on(row: &ThreatRow<'_>) -> String {
    name(&row.found_on())
}

fn name(text: &str) -> String {
    code(&cut(text, NAME))
}

/// A name marked for [`prose`].
fn ticked(name: &str) -> String {
    format!("`{}`", name.replace('`', "'"))
}
