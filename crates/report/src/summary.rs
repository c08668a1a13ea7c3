//! The first screen: what was read, what it is, what threatens it, what next.
//!
//! One row per threat of the library, worst first, with the components and
//! points under it. Questions and what only code can tell are folded to counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use underbelly_expression::Reason;
use underbelly_library::Library;
use underbelly_model::{Counts, Question, State, Status, Threat, ThreatModel};
use underbelly_source::{Diagnostic, Severity};

use crate::excerpt::Sources;
use crate::paint::{Paper, clean, columns_of, count, cut, listed, wrap};
use crate::sentence::sentence;

/// What a summary is made from.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    /// The threat model.
    pub model: &'a ThreatModel,
    /// What it was judged by.
    pub library: &'a Library,
    /// The texts.
    pub sources: Sources<'a>,
    /// What was not understood.
    pub diagnostics: &'a [Diagnostic],
    /// How much was read.
    pub counts: &'a Counts,
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
/// Questions shown.
const QUESTIONS: usize = 2;

/// The summary as text with a final line break.
pub fn summary(summary: &Summary<'_>, paper: Paper) -> String {
    let mut out = String::new();
    systems(summary, paper, &mut out);
    read(summary, paper, &mut out);
    exposed(summary, paper, &mut out);
    folded(summary, paper, &mut out);
    next(summary, paper, &mut out);
    out
}

fn systems(summary: &Summary<'_>, paper: Paper, out: &mut String) {
    let architecture = &summary.model.architecture;
    let shown = if summary.all { usize::MAX } else { SYSTEMS };
    for (index, system) in architecture.systems.iter().enumerate().take(shown) {
        let name = clean(&system.name);
        let says = sentence(architecture, summary.library, index);
        let indent = 2;
        let _ = writeln!(
            out,
            "{}\n  {}",
            paper.bold(&name),
            wrap(&format!("{says}."), paper.columns(), indent)
        );
    }
    let more = architecture.systems.len().saturating_sub(shown);
    if more > 0 {
        let systems = count(more, "more system", "more systems");
        let _ = writeln!(out, "{}", paper.dim(&format!("and {systems}")));
    }
}

fn read(summary: &Summary<'_>, paper: Paper, out: &mut String) {
    let counts = summary.counts;
    let formats: Vec<String> = counts.formats.iter().map(|f| (*f).to_owned()).collect();
    let mut said = format!("Read {}", count(counts.templates, "template", "templates"));
    if !formats.is_empty() {
        let _ = write!(said, " ({})", listed(&formats));
    }
    let others = counts.files.saturating_sub(counts.templates);
    if others > 0 {
        let _ = write!(said, " and {}", count(others, "other file", "other files"));
    }
    let _ = write!(
        said,
        ": {}, {}.",
        count(counts.resources, "resource", "resources"),
        count(counts.functions, "function", "functions")
    );
    let of = |severity| {
        let all = summary.diagnostics.iter();
        all.filter(|d| d.severity == severity).count()
    };
    let (errors, warnings, notes) = (
        of(Severity::Error),
        of(Severity::Warning),
        of(Severity::Note),
    );
    if errors + warnings + notes == 0 {
        said.push_str(" Everything was understood.");
    } else {
        let mut parts = Vec::new();
        if errors > 0 {
            parts.push(count(
                errors,
                "thing not understood",
                "things not understood",
            ));
        }
        if warnings > 0 {
            parts.push(count(warnings, "warning", "warnings"));
        }
        if notes > 0 {
            parts.push(count(notes, "note", "notes"));
        }
        let _ = write!(said, " {} (--diagnostics).", capital(&listed(&parts)));
    }
    let _ = write!(said, " Judged as of {}.", summary.model.as_of);
    let said = wrap(&said, paper.columns(), 2);
    let _ = writeln!(out, "  {}\n", paper.dim(&said));
}

/// Threats of one library entry that are exposed.
struct Row<'a> {
    entry: &'a str,
    threats: Vec<&'a Threat>,
}

/// Exposed threats that are shown, by entry, worst first.
fn rows(model: &ThreatModel) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    // The model is sorted worst first, so the first of an entry is its worst.
    for threat in &model.threats {
        if threat.state != State::Exposed || threat.absorbed_by().is_some() {
            continue;
        }
        let index = *at.entry(&threat.entry).or_insert_with(|| {
            rows.push(Row {
                entry: &threat.entry,
                threats: Vec::new(),
            });
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(index) {
            row.threats.push(threat);
        }
    }
    rows
}

fn exposed(summary: &Summary<'_>, paper: Paper, out: &mut String) {
    let rows = rows(summary.model);
    if rows.is_empty() {
        let _ = writeln!(out, "{}", paper.good("No threat is shown to be exposed."));
        return;
    }
    let title = count(rows.len(), "exposed threat", "exposed threats");
    let _ = writeln!(out, "{}", paper.bold(&format!("{title}, worst first")));
    let shown = if summary.all { usize::MAX } else { ROWS };
    for row in rows.iter().take(shown) {
        write_row(summary, paper, row, out);
    }
    let more = rows.len().saturating_sub(shown);
    if more > 0 {
        let said = format!("       and {more} more, less risky (--all)");
        let _ = writeln!(out, "{}", paper.dim(&said));
    }
    out.push('\n');
}

fn write_row(summary: &Summary<'_>, paper: Paper, row: &Row<'_>, out: &mut String) {
    let Some(worst) = row.threats.first() else {
        return;
    };
    let name = summary.library.threat(row.entry);
    let name = name.map_or(row.entry, |threat| &threat.name);
    let value = worst.risk.value.round() as i64;
    let band = worst.risk.band.word().replace('-', " ");
    let head = format!("{value:>3} {band:<9}");
    let _ = writeln!(
        out,
        "{} {}",
        paper.band(worst.risk.band, &head),
        paper.bold(&cut(name, paper.columns().saturating_sub(14)))
    );
    let shown = if summary.all { usize::MAX } else { UNDER };
    for threat in row.threats.iter().take(shown) {
        write_component(summary, paper, threat, out);
    }
    let more = row.threats.len().saturating_sub(shown);
    if more > 0 {
        let components = count(more, "more component", "more components");
        let _ = writeln!(out, "{:14}{}", "", paper.dim(&format!("and {components}")));
    }
    if let Some((name, effort)) = best_countermeasure(summary, worst) {
        let room = paper.columns().saturating_sub(16);
        let said = cut(&format!("{name} ({effort})"), room);
        let _ = writeln!(out, "{:14}{} {said}", "", paper.good("→"));
    }
}

/// A component and its exposed points on the left, the deciding line on the right.
fn write_component(summary: &Summary<'_>, paper: Paper, threat: &Threat, out: &mut String) {
    let architecture = &summary.model.architecture;
    let component = clean(&architecture.label(threat.component)).into_owned();
    let keys: Vec<String> = threat
        .shown_points()
        .filter(|point| !point.key.is_empty())
        .map(|point| clean(&point.key).into_owned())
        .collect();
    let mut what = component;
    if let Some(first) = keys.first() {
        let _ = write!(what, " # {first}");
        if keys.len() > 1 {
            let _ = write!(what, " and {} more", keys.len() - 1);
        }
    }
    if let Some(when) = exposed_when(summary.model, threat) {
        let _ = write!(what, " (when {})", clean(&when));
    }
    let room = paper.columns().saturating_sub(14);
    let place = tail(&place(summary, threat), room / 2);
    let right = columns_of(&place);
    let left = room.saturating_sub(right + 2).max(20);
    let what = cut(&what, left);
    let gap = room.saturating_sub(columns_of(&what) + right).max(2);
    let _ = writeln!(
        out,
        "{:14}{what}{}{}",
        "",
        " ".repeat(gap),
        paper.dim(&place)
    );
}

/// Under which conditions a threat is exposed, if not always.
fn exposed_when(model: &ThreatModel, threat: &Threat) -> Option<String> {
    let mut said = BTreeSet::new();
    for point in threat.shown_points() {
        if point.when.is_empty() {
            return None;
        }
        for guard in &point.when {
            said.insert(model.architecture.worlds.describe(guard));
        }
    }
    (!said.is_empty()).then(|| said.into_iter().collect::<Vec<_>>().join(" or "))
}

/// The first place of the evidence, as `file:line`.
fn place(summary: &Summary<'_>, threat: &Threat) -> String {
    let evidence = threat.shown_points().flat_map(|point| &point.evidence);
    let spans = evidence
        .flat_map(|fact| &fact.places)
        .map(|place| place.span);
    let component = summary.model.architecture.component(threat.component);
    let head = component.and_then(|component| component.place);
    let Some(span) = spans.chain(head).next() else {
        return String::new();
    };
    let files = summary.sources.files;
    let line = files.position(span).line;
    format!("{}:{line}", clean(files.shown(span.file)))
}

/// The end of a path where all of it takes too much room: `…/api/template.yaml:12`.
fn tail(place: &str, room: usize) -> String {
    if columns_of(place) <= room {
        return place.to_owned();
    }
    let mut from = place.len();
    for (at, _) in place.rmatch_indices('/') {
        let fits = place.get(at..).is_some_and(|rest| columns_of(rest) < room);
        if !fits && from < place.len() {
            break;
        }
        from = at;
    }
    place
        .get(from..)
        .map_or_else(|| place.to_owned(), |rest| format!("…{rest}"))
}

/// The first countermeasure that is not in place: its name and effort.
fn best_countermeasure<'a>(
    summary: &Summary<'a>,
    threat: &Threat,
) -> Option<(&'a str, &'static str)> {
    let open = threat.countermeasures.iter().filter(|countermeasure| {
        matches!(
            countermeasure.status,
            Status::Missing | Status::Partial | Status::Unknown
        )
    });
    let best = open.min_by_key(|countermeasure| !countermeasure.sufficient)?;
    let def = summary.library.countermeasure(&best.entry)?;
    Some((&def.name, def.effort.word()))
}

fn folded(summary: &Summary<'_>, paper: Paper, out: &mut String) {
    let model = summary.model;
    let (questions, unlooked) = grouped(&model.questions);
    if !questions.is_empty() {
        let decided: BTreeSet<_> = questions.iter().flat_map(|group| group.decides()).collect();
        let said = format!(
            "{} would decide {}",
            count(questions.len(), "question", "questions"),
            count(decided.len(), "more threat", "more threats")
        );
        let _ = writeln!(out, "{}", paper.bold(&said));
        let shown = if summary.all { usize::MAX } else { QUESTIONS };
        for group in questions.iter().take(shown) {
            let ask = wrap(&clean(&group.ask()), paper.columns(), 4);
            let _ = writeln!(out, "  {} {ask}", paper.warn("?"));
        }
    }
    if !unlooked.is_empty() {
        let n = unlooked.iter().map(|group| group.questions.len()).sum();
        let facts = count(n, "fact hangs", "facts hang");
        let whys: Vec<String> = unlooked.iter().take(2).map(Group::why).collect();
        let said = format!("{facts} on what is not analysed yet: {}", listed(&whys));
        let _ = writeln!(
            out,
            "{}",
            paper.dim(&wrap(&clean(&said), paper.columns(), 2))
        );
    }
    let only_code: Vec<&Threat> = model
        .threats
        .iter()
        .filter(|t| t.state == State::Question && t.only_code)
        .collect();
    if !only_code.is_empty() {
        let mut components: Vec<String> = Vec::new();
        for threat in &only_code {
            let name = clean(&model.architecture.label(threat.component)).into_owned();
            if !components.contains(&name) {
                components.push(name);
            }
        }
        let n = components.len();
        let first = components.iter().take(3).cloned().collect::<Vec<_>>();
        let said = format!(
            "{} only the code of {} can tell; read {} first",
            count(only_code.len(), "thing", "things"),
            count(n, "component", "components"),
            listed(&first)
        );
        let _ = writeln!(out, "{}", wrap(&said, paper.columns(), 2));
    }
    let mitigated = model.threats.iter();
    let mitigated = mitigated.filter(|t| t.state == State::Mitigated).count();
    if mitigated > 0 {
        let threats = count(mitigated, "threat is", "threats are");
        let said = format!("{threats} held off by what is in place");
        let _ = writeln!(out, "{}", paper.good(&said));
    }
}

/// Questions that one answer would settle together.
struct Group<'a> {
    questions: Vec<&'a Question>,
}

impl Group<'_> {
    fn decides(&self) -> impl Iterator<Item = &std::sync::Arc<str>> {
        self.questions.iter().flat_map(|question| &question.decides)
    }

    fn ask(&self) -> String {
        let first = self.questions.first();
        let ask = first.map_or("", |question| &question.ask);
        match self.questions.len() {
            0 | 1 => ask.to_owned(),
            2 => format!("{ask} (and of 1 more)"),
            n => format!("{ask} (and of {} more)", n - 1),
        }
    }

    fn why(&self) -> String {
        match self.questions.first().map(|question| &question.reason) {
            Some(Reason::NotAnalysed(what)) => what.to_string(),
            Some(reason) => reason.to_string(),
            None => String::new(),
        }
    }
}

/// Questions somebody can answer, and what is not looked at yet; each by what
/// one answer would settle, in the order of the model.
fn grouped(questions: &[Question]) -> (Vec<Group<'_>>, Vec<Group<'_>>) {
    let mut groups: Vec<(String, Group<'_>)> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for question in questions {
        let key = match &question.reason {
            Reason::People => format!("people {}", question.key.fact),
            Reason::Parameter(_)
            | Reason::MissingFile(_)
            | Reason::Import(_)
            | Reason::Lookup(_)
            | Reason::OtherComponent(_)
            | Reason::NotAnalysed(_) => question.reason.to_string(),
            Reason::Unsupported(_) | Reason::Limit(_) | Reason::Elsewhere(_) | Reason::Code => {
                format!("{:?} {}", question.key, question.reason)
            }
        };
        let index = *at.entry(key.clone()).or_insert(groups.len());
        if index == groups.len() {
            let questions = Vec::new();
            groups.push((key, Group { questions }));
        }
        if let Some((_, group)) = groups.get_mut(index) {
            group.questions.push(question);
        }
    }
    let groups = groups.into_iter().map(|(_, group)| group);
    groups.partition(|group| {
        let reason = group.questions.first().map(|question| &question.reason);
        !matches!(reason, Some(Reason::NotAnalysed(_)))
    })
}

fn next(summary: &Summary<'_>, paper: Paper, out: &mut String) {
    let path = clean(summary.paths);
    let worst = rows(summary.model);
    let worst = worst.first().and_then(|row| row.threats.first());
    out.push('\n');
    let mut commands = Vec::new();
    if let Some(threat) = worst {
        let component = summary.model.architecture.label(threat.component);
        let id = format!("{}@{}", threat.entry, clean(&component));
        commands.push(format!("underbelly explain {} {path}", quoted(&id)));
    }
    commands.push(format!(
        "underbelly model {path} --format json -o model.json"
    ));
    for (index, command) in commands.iter().enumerate() {
        let lead = if index == 0 { "Next:" } else { "" };
        let _ = writeln!(out, "{lead:<6}{}", paper.command(command));
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

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
