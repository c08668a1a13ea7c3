//! The first screen: what was read, what it is, what threatens it, what next.
//!
//! One row per threat of the library, worst first, with the components and
//! points under it. Questions and what only code can tell are folded to counts.

use std::fmt::Write as _;

use crate::paint::{Paper, clean, columns_of, count, cut, tail, wrap};
use crate::view::{EntryRow, Report, ThreatRow, View};

/// What a summary is made from.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    /// What there is to say.
    pub report: Report<'a>,
    /// The paths as the user gave them, for the commands to run next.
    pub paths: &'a str,
    /// Show every row instead of a screenful.
    pub all: bool,
}

/// Rows of threats on the first screen.
const ROWS: usize = 8;
/// Components under one row.
const UNDER: usize = 3;
/// Systems named one by one.
const SYSTEMS: usize = 4;
/// Roads shown.
const ROADS: usize = 3;
/// Questions shown.
const QUESTIONS: usize = 2;

/// The summary as text with a final line break.
pub fn summary(summary: &Summary<'_>, paper: Paper) -> String {
    let view = View::of(&summary.report);
    let writer = Writer {
        view: &view,
        paper,
        all: summary.all,
    };
    let mut out = String::new();
    writer.systems(&mut out);
    writer.read(&mut out);
    writer.roads(summary, &mut out);
    writer.exposed(&mut out);
    writer.folded(summary, &mut out);
    writer.next(summary, &mut out);
    out
}

struct Writer<'a> {
    view: &'a View<'a>,
    paper: Paper,
    all: bool,
}

impl Writer<'_> {
    /// How many of something are shown.
    fn shown(&self, screenful: usize) -> usize {
        if self.all { usize::MAX } else { screenful }
    }

    fn systems(&self, out: &mut String) {
        let (paper, systems) = (self.paper, &self.view.systems);
        let shown = self.shown(SYSTEMS);
        for system in systems.iter().take(shown) {
            let says = wrap(&system.says, paper.columns(), 2);
            let name = paper.bold(&cut(&system.name, paper.columns()));
            let _ = writeln!(out, "{name}\n  {says}");
        }
        let more = systems.len().saturating_sub(shown);
        if more > 0 {
            let systems = count(more, "more system", "more systems");
            let _ = writeln!(out, "{}", paper.dim(&format!("and {systems}")));
        }
    }

    fn read(&self, out: &mut String) {
        let understood = match &self.view.not_understood {
            Some(what) => format!("{what} (--diagnostics)."),
            None => "Everything was understood.".to_owned(),
        };
        let said = format!("{} {understood} {}", self.view.read, self.view.judged);
        let said = wrap(&said, self.paper.columns(), 2);
        let _ = writeln!(out, "  {}\n", self.paper.dim(&said));
    }

    fn roads(&self, summary: &Summary<'_>, out: &mut String) {
        let (paper, roads) = (self.paper, &self.view.roads);
        let Some(title) = self.view.roads_title() else {
            return;
        };
        let _ = writeln!(out, "{}", paper.bold(&wrap(&title, paper.columns(), 2)));
        let shown = self.shown(ROADS);
        for road in roads.iter().take(shown) {
            let mut said = road.chain();
            if let Some(when) = &road.when {
                let _ = write!(said, " (when {when})");
            }
            let said = wrap(&said, paper.columns(), 4);
            let _ = writeln!(out, "  {said}");
        }
        let command = format!("underbelly reach {}", clean(summary.paths));
        let left = roads.iter().skip(shown);
        let more = match left.map(|road| 1 + road.also.len()).sum::<usize>() {
            0 => format!("each step with its line: {command}"),
            more => format!("and {more} more; each step with its line: {command}"),
        };
        let _ = writeln!(out, "  {}\n", paper.dim(&wrap(&more, paper.columns(), 2)));
    }

    fn exposed(&self, out: &mut String) {
        let (paper, rows) = (self.paper, &self.view.exposed);
        let title = self.view.exposed_title();
        if rows.is_empty() {
            let _ = writeln!(out, "{}", paper.good(&title));
            return;
        }
        let _ = writeln!(out, "{}", paper.bold(&title));
        let shown = self.shown(ROWS);
        for row in rows.iter().take(shown) {
            self.entry(row, out);
        }
        let more = rows.len().saturating_sub(shown);
        if more > 0 {
            let said = format!("       and {more} more, less risky (--all)");
            let _ = writeln!(out, "{}", paper.dim(&said));
        }
        out.push('\n');
    }

    fn entry(&self, row: &EntryRow<'_>, out: &mut String) {
        let paper = self.paper;
        let indent = if self.paper.is_narrow() { 4 } else { 14 };
        let band = row.band.word().replace('-', " ");
        let head = format!("{:>3} {band:<9}", row.risk);
        let _ = writeln!(
            out,
            "{} {}",
            paper.band(row.band, &head),
            paper.bold(&wrap(&row.name, paper.columns(), 14))
        );
        let shown = self.shown(UNDER);
        for threat in row.threats.iter().take(shown) {
            self.component(threat, out);
        }
        let more = row.threats.len().saturating_sub(shown);
        if more > 0 {
            let components = count(more, "more component", "more components");
            let more = paper.dim(&format!("and {components}"));
            let _ = writeln!(out, "{:indent$}{more}", "");
        }
        if let Some(step) = row.first_step() {
            let said = match self.paper.is_narrow() {
                true => wrap(&step.said(), paper.columns(), indent + 2),
                false => cut(&step.said(), paper.columns().saturating_sub(16)),
            };
            let _ = writeln!(out, "{:indent$}{} {said}", "", paper.good("→"));
        }
    }

    /// A component and its exposed points on the left, the deciding line on the right.
    fn component(&self, threat: &ThreatRow<'_>, out: &mut String) {
        if self.paper.is_narrow() {
            return self.narrow_component(threat, out);
        }
        let room = self.paper.columns().saturating_sub(14);
        let place = tail(&threat.place, room / 2);
        let right = columns_of(&place);
        let left = room.saturating_sub(right + 2).max(20);
        let what = cut(&threat.found_on(), left);
        let gap = room.saturating_sub(columns_of(&what) + right).max(2);
        let place = self.paper.dim(&place);
        let _ = writeln!(out, "{:14}{what}{}{place}", "", " ".repeat(gap));
    }

    /// The same, one below the other.
    fn narrow_component(&self, threat: &ThreatRow<'_>, out: &mut String) {
        let room = self.paper.columns().saturating_sub(4);
        let _ = writeln!(out, "    {}", cut(&threat.found_on(), room));
        let place = tail(&threat.place, room.saturating_sub(2));
        let _ = writeln!(out, "      {}", self.paper.dim(&place));
    }

    fn folded(&self, summary: &Summary<'_>, out: &mut String) {
        let architecture = &summary.report.model.architecture;
        let (paper, view) = (self.paper, self.view);
        let wrapped = |text: &str| wrap(text, paper.columns(), 2);
        if let Some(title) = view.questions_title() {
            let _ = writeln!(out, "{}", paper.bold(&wrapped(&title)));
        }
        for question in view.questions.iter().take(self.shown(QUESTIONS)) {
            let ask = wrap(&question.ask(), paper.columns(), 4);
            let _ = writeln!(out, "  {} {ask}", paper.warn("?"));
            if self.all {
                for key in question.keys(architecture) {
                    let _ = writeln!(out, "    {}", paper.dim(&wrap(&key, paper.columns(), 6)));
                }
            }
        }
        if let Some(title) = view.not_analysed_title() {
            let _ = writeln!(out, "{}", paper.dim(&wrapped(&title)));
        }
        if let Some(title) = view.only_code.title() {
            let _ = writeln!(out, "{}", wrapped(&title));
        }
        if let Some(title) = view.mitigated_title() {
            let _ = writeln!(out, "{}", paper.good(&wrapped(&title)));
        }
        if let Some(title) = view.decided_title() {
            let _ = writeln!(out, "{}", wrapped(&title));
        }
        if let Some(title) = view.disabled_title() {
            let _ = writeln!(out, "{}", paper.dim(&wrapped(&title)));
        }
    }

    fn next(&self, summary: &Summary<'_>, out: &mut String) {
        let path = clean(summary.paths);
        let worst = self.view.exposed.first();
        let worst = worst.and_then(|row| row.threats.first());
        out.push('\n');
        let mut commands = Vec::new();
        if let Some(row) = worst {
            let id = format!("{}@{}", row.threat.entry, row.component);
            commands.push(format!("underbelly explain {} {path}", quoted(&id)));
        }
        if let Some(key) = self.asked(summary) {
            commands.push(format!("underbelly answer {} yes {path}", quoted(&key)));
        }
        commands.push(format!(
            "underbelly model {path} -o model.html -o threats.xlsx"
        ));
        for (index, command) in commands.iter().enumerate() {
            let lead = if index == 0 { "Next:" } else { "" };
            let _ = writeln!(out, "{lead:<6}{}", self.paper.command(command));
        }
    }
}

impl Writer<'_> {
    /// A question to begin with: one that people answer with yes or no.
    fn asked(&self, summary: &Summary<'_>) -> Option<String> {
        let mut rows = self.view.questions.iter();
        let row = rows.find(|row| row.is_for_people())?;
        let keys = row.keys(&summary.report.model.architecture);
        keys.into_iter().next()
    }
}

/// In quotes where a shell would take a character amiss.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_@:/.+=,".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
