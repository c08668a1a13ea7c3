//! The report as Markdown that fits a comment on a pull request: a table worst
//! first, and what is behind each row folded. What finds no room is counted.

mod details;
pub(crate) mod escape;
mod room;

use std::cmp::Reverse;
use std::fmt::Write as _;

use underbelly_library::Pages;
use underbelly_model::{Band, Drawn};

use crate::paint::{capital, clean, count, cut, tail};
use crate::picture::picture;
use crate::view::table::Index;
use crate::view::words::{self, spaced};
use crate::view::{EntryRow, Report, SystemRow, ThreatRow, View};
use escape::{block, code, html, prose};
use room::Room;

/// How far each part may reach, in bytes. A comment on GitHub holds 65,536
/// characters; what comes round this one needs room too.
mod reach {
    pub(super) const HEAD: usize = 8_000;
    pub(super) const TABLE: usize = 26_000;
    pub(super) const SYSTEMS: usize = 29_000;
    pub(super) const DIAGRAM: usize = 36_000;
    pub(super) const DETAILS: usize = 52_000;
    pub(super) const QUESTIONS: usize = 55_000;
    pub(super) const DIAGNOSTICS: usize = 57_000;
    pub(super) const GIVEN: usize = 58_500;
    pub(super) const REST: usize = 60_000;
}

/// Rows of the table and lines of a list.
const ROWS: usize = 30;
const LISTED: usize = 15;
/// Systems told before the table.
const SYSTEMS: usize = 4;
/// Columns of a name in the table: a longer one would squeeze the others.
const FOUND: usize = 60;
/// Components in the diagram.
const DRAWN: usize = 60;
/// The longest name and sentence shown whole, in columns.
const NAME: usize = 120;
const SENTENCE: usize = 300;

/// The report as Markdown with a final line break.
pub fn markdown(report: &Report<'_>, pages: &Pages) -> String {
    let view = View::of(report);
    let writer = Writer {
        report,
        view: &view,
        index: Index::of(pages),
    };
    let mut out = Room::default();
    out.always("<!-- underbelly: threat model -->\n");
    writer.head(&mut out);
    writer.table(&mut out);
    writer.systems(&mut out);
    writer.diagram(&mut out);
    writer.details(&mut out);
    writer.questions(&mut out);
    writer.diagnostics(&mut out);
    writer.given(&mut out);
    writer.rest(&mut out);
    out.text()
}

struct Writer<'a> {
    report: &'a Report<'a>,
    view: &'a View<'a>,
    index: Index<'a>,
}

impl Writer<'_> {
    fn head(&self, out: &mut Room) {
        let systems = &self.view.systems;
        let title = prose(&cut(&self.view.title(), NAME));
        out.always(&format!("## {title}\n\n"));
        match systems.as_slice() {
            [one] => out.always(&format!("{}\n\n", prose(&cut(&one.says, SENTENCE)))),
            few if few.len() <= SYSTEMS => {
                out.lines(few.iter().map(system), SYSTEMS, reach::HEAD);
                out.always("\n");
            }
            _ => {}
        }
        let understood = match &self.view.not_understood {
            Some(what) => format!("{what}."),
            None => "Everything was understood.".to_owned(),
        };
        let (read, judged) = (prose(&self.view.read), prose(&self.view.judged));
        out.always(&format!("{read} {understood} {judged}\n\n"));
    }

    fn table(&self, out: &mut Room) {
        let rows = &self.view.exposed;
        out.always(&match self.view.bands_said() {
            Some(bands) => format!("**{}**: {bands}\n\n", self.view.exposed_title()),
            None => format!("**{}**\n\n", self.view.exposed_title()),
        });
        if rows.is_empty() {
            return;
        }
        let worst = rows.iter().take(ROWS).filter_map(|row| row.threats.first());
        let folder = shared_folder(worst.map(|row| row.place.as_str()));
        if !folder.is_empty() {
            let folder = name(folder);
            out.always(&format!("Places are below {folder}.\n\n"));
        }
        out.always("| Risk | Threat, and the first step | Found on |\n|---|---|---|\n");
        let lines = rows.iter().map(|row| table_row(row, folder));
        let more = out.lines(lines, ROWS, reach::TABLE);
        if more > 0 {
            out.always(&format!("\nand {more} more, less risky\n"));
        }
        out.always("\n");
    }

    /// More systems than are worth the first lines, worst first.
    fn systems(&self, out: &mut Room) {
        let mut systems: Vec<&SystemRow> = self.view.systems.iter().collect();
        if systems.len() <= SYSTEMS {
            return;
        }
        systems.sort_by_key(|system| Reverse(system.worst));
        let title = count(systems.len(), "system", "systems");
        let lines = systems.into_iter().map(system);
        fold(&title, lines, out, reach::SYSTEMS);
    }

    /// The picture, where it is not more than one can take in.
    fn diagram(&self, out: &mut Room) {
        let components = &self.report.model.architecture.components;
        let drawn = components.iter().filter(|one| one.drawn == Drawn::Node);
        if !(2..=DRAWN).contains(&drawn.count()) {
            return;
        }
        let text = picture(self.report.model, self.report.library).mermaid();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut diagram = String::new();
        open("Diagram", &mut diagram);
        diagram.push_str(&block("mermaid", &lines));
        diagram.push('\n');
        close(&mut diagram);
        out.within(&diagram, reach::DIAGRAM);
    }

    fn questions(&self, out: &mut Room) {
        if let Some(title) = self.view.questions_title() {
            let asks = self.view.questions.iter().map(|row| row.ask());
            list(&title, asks, out, reach::QUESTIONS);
        }
    }

    fn diagnostics(&self, out: &mut Room) {
        let Some(title) = &self.view.not_understood else {
            return;
        };
        let said = self.report.diagnostics.iter().map(|one| {
            let place = match (one.span, &one.path) {
                (Some(span), _) => self.report.at(span),
                (None, Some(path)) => clean(path).into_owned(),
                (None, None) => String::new(),
            };
            let message = clean(&one.message);
            match place.is_empty() {
                true => message.into_owned(),
                false => format!("{}: {message}", ticked(&cut(&place, NAME))),
            }
        });
        list(title, said, out, reach::DIAGNOSTICS);
    }

    fn given(&self, out: &mut Room) {
        let assumptions = words::assumptions(self.report.model, ticked);
        if !assumptions.is_empty() {
            list("Taken as given", assumptions.into_iter(), out, reach::GIVEN);
        }
    }

    fn rest(&self, out: &mut Room) {
        let titles = [
            self.view.only_code.title(),
            self.view.not_analysed_title(),
            self.view.mitigated_title(),
            self.view.decided_title(),
            self.view.disabled_title(),
        ];
        let titles = titles.into_iter().flatten();
        let lines = titles.map(|title| {
            let title = cut(&capital(&title), SENTENCE);
            format!("- {}\n", prose(&title))
        });
        out.lines(lines, usize::MAX, reach::REST);
    }
}

/// `- 🟠 71 high, \`orders\`: 8 functions …`
fn system(system: &SystemRow) -> String {
    let risk = system.worst.map_or_else(String::new, |(risk, band)| {
        format!("{}, ", self::risk(risk, band))
    });
    let says = prose(&cut(&system.says, SENTENCE));
    format!("- {risk}{}: {says}\n", name(&system.name))
}

fn table_row(row: &EntryRow<'_>, folder: &str) -> String {
    let risk = risk(row.risk, row.band);
    let mut said = format!("| {risk} | **{}**", prose(&cut(&row.name, NAME)));
    if let Some(step) = row.first_step() {
        let _ = write!(said, "<br>→ {}", prose(&cut(&step.said(), NAME)));
    }
    let Some(worst) = row.threats.first() else {
        return said + " | |\n";
    };
    let _ = write!(said, " | {}", code(&cut(&worst.found_on(), FOUND)));
    if let more @ 1.. = row.threats.len().saturating_sub(1) {
        let _ = write!(said, " and {more} more");
    }
    let place = worst.place.strip_prefix(folder).unwrap_or(&worst.place);
    let _ = match place {
        "" => writeln!(said, " |"),
        place => writeln!(said, "<br>{} |", code(&cut(&tail(place, FOUND), FOUND))),
    };
    said
}

/// The folder that all places lie in, with its slash; none if there is no such
/// folder or only one place.
fn shared_folder<'a>(mut places: impl Iterator<Item = &'a str>) -> &'a str {
    let Some(first) = places.next() else {
        return "";
    };
    let folder_of = |place: &'a str| {
        let slash = place.rfind('/').map_or(0, |at| at + 1);
        place.get(..slash).unwrap_or_default()
    };
    let mut shared = folder_of(first);
    let mut alone = true;
    for place in places {
        alone = false;
        while !place.starts_with(shared) {
            shared = folder_of(shared.trim_end_matches('/'));
        }
    }
    if alone { "" } else { shared }
}

fn list(title: &str, items: impl Iterator<Item = String>, out: &mut Room, reach: usize) {
    let lines = items.map(|item| format!("- {}\n", prose(&cut(&item, SENTENCE))));
    fold(title, lines, out, reach);
}

/// Lines of a list, folded.
fn fold(title: &str, lines: impl Iterator<Item = String>, out: &mut Room, reach: usize) {
    let mut head = String::new();
    open(title, &mut head);
    if !out.within(&head, reach) {
        return;
    }
    let more = out.lines(lines, LISTED, reach);
    if more > 0 {
        out.always(&format!("- and {more} more\n"));
    }
    out.always("\n</details>\n\n");
}

fn open(title: &str, out: &mut String) {
    let title = html(&cut(title, SENTENCE));
    let _ = writeln!(out, "<details>\n<summary>{title}</summary>\n");
}

fn close(out: &mut String) {
    out.push_str("</details>\n\n");
}

fn risk(risk: i64, band: Band) -> String {
    let colour = match band {
        Band::Critical => "🔴",
        Band::High => "🟠",
        Band::Medium => "🟡",
        Band::Low => "🔵",
        Band::VeryLow => "⚪",
    };
    // Spaces that do not break keep it on one line.
    let band = spaced(band.word()).replace(' ', "\u{a0}");
    format!("{colour}\u{a0}{risk}\u{a0}{band}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_one_folder_are_told_once() {
        let shared = |places: &[&'static str]| shared_folder(places.iter().copied());
        assert_eq!(shared(&["a/b/x.yaml:1", "a/b/y.yaml:2"]), "a/b/");
        assert_eq!(shared(&["a/b/x.yaml:1", "a/bc/y.yaml:2"]), "a/");
        assert_eq!(shared(&["/a/x.yaml:1", "/b/y.yaml:2"]), "/");
        assert_eq!(shared(&["x.yaml:1", "y.yaml:2"]), "");
        assert_eq!(shared(&["a/x.yaml:1", ""]), "");
        assert_eq!(shared(&["a/x.yaml:1"]), "");
        assert_eq!(shared(&[]), "");
    }
}
