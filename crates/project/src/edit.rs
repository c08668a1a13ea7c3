//! One more entry in the file's text, comments and order kept.
//!
//! The text is changed where the entry belongs and nowhere else; what cannot be
//! changed so (a list in brackets, a file that is not understood) is left alone and
//! said.

use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_source::{Files, Limits, Severity, Span};
use underbelly_syntax::{Format, Kind, Node};

use crate::Project;

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A threat somebody lives with.
    Accepted {
        /// `entry@component`, with ` # key` for a point.
        threat: Arc<str>,
        /// The points that were seen; none where there is but the threat.
        points: Vec<Arc<str>>,
        /// Why.
        reason: Arc<str>,
        /// The last day, `YYYY-MM-DD`.
        until: Arc<str>,
        /// By whom.
        by: Option<Arc<str>>,
    },
    /// A fact that somebody knows.
    Answer {
        /// `fact @ component`.
        key: Arc<str>,
        /// The value: `true`, `none`, a word; of a list each.
        values: Vec<Arc<str>>,
        /// Whether it is a list.
        is_list: bool,
    },
}

impl Entry {
    fn section(&self) -> &'static str {
        match self {
            Entry::Accepted { .. } => "accepted",
            Entry::Answer { .. } => "answers",
        }
    }

    /// Its lines, without indentation: the first begins the entry.
    fn lines(&self) -> Vec<String> {
        let (first, rest) = match self {
            Entry::Accepted { .. } => ("- ", "  "),
            Entry::Answer { .. } => ("", ""),
        };
        let fields = self.fields().into_iter().enumerate();
        let lines = fields.map(|(n, (key, value))| {
            let lead = if n == 0 { first } else { rest };
            format!("{lead}{key}: {value}")
        });
        lines.collect()
    }

    /// Keys and values as they are written.
    fn fields(&self) -> Vec<(String, String)> {
        match self {
            Entry::Accepted {
                threat,
                points,
                reason,
                until,
                by,
            } => {
                let mut fields = vec![("threat".to_owned(), scalar(threat))];
                if !points.is_empty() {
                    fields.push(("points".to_owned(), answered(points, true)));
                }
                fields.extend([
                    ("reason".to_owned(), scalar(reason)),
                    ("until".to_owned(), until.to_string()),
                ]);
                fields.extend(by.as_ref().map(|by| ("by".to_owned(), scalar(by))));
                fields
            }
            Entry::Answer {
                key,
                values,
                is_list,
            } => vec![(scalar(key), answered(values, *is_list))],
        }
    }

    /// Whether a file says just this, and where.
    fn in_file(&self, project: &Project) -> Option<Span> {
        match self {
            Entry::Accepted {
                threat,
                points,
                reason,
                until,
                by,
            } => {
                let mut decisions = project.decisions.iter();
                let found = decisions.find(|one| {
                    let day = one.until.as_ref().map(|until| &until.name);
                    let by_same = by.is_none() || one.by == *by;
                    let saw = one.points.iter().flatten().map(|point| &point.name);
                    let by_same = by_same && saw.eq(points);
                    one.of.name == *threat && one.reason == *reason && day == Some(until) && by_same
                });
                found.map(|one| one.of.span)
            }
            Entry::Answer {
                key,
                values,
                is_list,
            } => {
                let mut answers = project.answers.iter();
                let found = answers.find(|one| {
                    let said = one.value.iter().map(|value| &value.name);
                    one.key.name == *key && one.is_list == *is_list && said.eq(values)
                });
                found.map(|one| one.key.span)
            }
        }
    }
}

/// The text with the entry in it, and the line it stands on. An entry on the same
/// threat or question is replaced where it stands. An error says why the text was
/// left alone.
pub fn added(text: &str, entry: &Entry) -> Result<(String, u32), String> {
    let changed = change(text, entry)?;
    // What was written must be read again as it was meant.
    let mut files = Files::default();
    let file = files.add(crate::FILE_NAME, changed.as_str());
    let (project, problems) = crate::read(&files, file, &Limits::default());
    // What else is wrong in it was so before, and is reported wherever it is read.
    let before = problems_of(text);
    let errors = problems.iter().filter(|p| p.severity == Severity::Error);
    let mut new = errors.filter(|problem| !before.contains(&problem.message));
    if let Some(problem) = new.next() {
        return Err(format!(
            "the entry would be no good there: {}",
            problem.message
        ));
    }
    match entry.in_file(&project) {
        Some(span) => Ok((changed, files.position(span).line)),
        None => Err("the entry would not be read again as it was meant".to_owned()),
    }
}

fn problems_of(text: &str) -> BTreeSet<String> {
    let mut files = Files::default();
    let file = files.add(crate::FILE_NAME, text);
    let (_, problems) = crate::read(&files, file, &Limits::default());
    problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

fn change(text: &str, entry: &Entry) -> Result<String, String> {
    let mut files = Files::default();
    let file = files.add(crate::FILE_NAME, text);
    let (documents, problems) = underbelly_syntax::read(&files, file, &Limits::default());
    if let Some(problem) = problems.iter().find(|p| p.severity == Severity::Error) {
        let line = problem.span.map(|span| files.position(span).line);
        let line = line.map_or_else(String::new, |line| format!(" line {line}:"));
        let message = &problem.message;
        return Err(format!(
            "it cannot be read:{line} {message}; mend that first"
        ));
    }
    let edit = Edit {
        text,
        line_end: if text.contains("\r\n") { "\r\n" } else { "\n" },
    };
    let root = match documents.as_slice() {
        [] => return Ok(edit.at_the_end(entry)),
        [only] => only.root(),
        _ => return Err("it holds several documents".to_owned()),
    };
    if root.is_null() {
        return Ok(edit.at_the_end(entry));
    }
    if root.kind() != Kind::Mapping {
        return Err("it is no mapping of sections".to_owned());
    }
    if root.document().format() == Format::Json || edit.is_flow(root) {
        return Err("it is written in brackets; write the entry there yourself".to_owned());
    }
    let Some(section) = root.entry(entry.section()) else {
        return Ok(edit.at_the_end(entry));
    };
    if section.value.is_alias() {
        return Err(format!("`{}` stands elsewhere", entry.section()));
    }
    let (wanted, called) = match entry {
        Entry::Accepted { .. } => (Kind::Sequence, "list"),
        Entry::Answer { .. } => (Kind::Mapping, "mapping of questions"),
    };
    if section.value.kind() != wanted && !section.value.is_null() {
        let section = entry.section();
        return Err(format!("`{section}` is no {called}; mend that first"));
    }
    if section.value.is_null() || section.value.is_empty() {
        let key_end = section.key.span().end as usize;
        return Ok(edit.first_of(key_end, section.span().end as usize, entry));
    }
    if edit.is_flow(section.value) {
        let message = format!(
            "`{}` is written in brackets; write it as lines",
            entry.section()
        );
        return Err(message);
    }
    match entry {
        Entry::Accepted { threat, .. } => {
            let same = section.value.items().find(|item| {
                let named = item.get("threat").and_then(Node::text);
                named.is_some_and(|named| named.trim() == &**threat)
            });
            match same {
                Some(item) => edit.item(item, entry),
                None => edit.after_last(section.value.items().next_back(), entry),
            }
        }
        Entry::Answer {
            key,
            values,
            is_list,
        } => {
            let mut entries = section.value.entries();
            let same = entries.find(|answer| answer.name().trim() == &**key);
            match same.map(|same| same.value) {
                None => {
                    let last = section.value.entries().next_back();
                    edit.after_last(last.map(|last| last.key), entry)
                }
                Some(old) => {
                    let old = old.get("answer").unwrap_or(old);
                    match old.kind() {
                        Kind::Sequence if edit.is_flow(old) => {
                            Ok(edit.replaced(old, &answered(values, *is_list)))
                        }
                        Kind::Sequence | Kind::Mapping => Err(format!(
                            "the answer to `{key}` is written over several lines; change it there"
                        )),
                        Kind::Null | Kind::Bool | Kind::Number | Kind::Text => {
                            Ok(edit.replaced(old, &answered(values, *is_list)))
                        }
                    }
                }
            }
        }
    }
}

struct Edit<'t> {
    text: &'t str,
    line_end: &'static str,
}

impl Edit<'_> {
    /// Whether a collection is written in brackets.
    fn is_flow(&self, node: Node<'_>) -> bool {
        let written = self.text.get(node.span().start as usize..).unwrap_or("");
        written.starts_with(['[', '{'])
    }

    /// A new section after everything else.
    fn at_the_end(&self, entry: &Entry) -> String {
        let mut changed = self.text.to_owned();
        if !changed.is_empty() && !changed.ends_with('\n') {
            changed.push_str(self.line_end);
        }
        if !changed.is_empty() {
            changed.push_str(self.line_end);
        }
        changed.push_str(entry.section());
        changed.push(':');
        changed.push_str(self.line_end);
        changed.push_str(&self.indented(&entry.lines(), 2));
        changed
    }

    /// The first entry of a section that is there and empty: `accepted:`, `[]`.
    fn first_of(&self, key_end: usize, section_end: usize, entry: &Entry) -> String {
        let after_key = self.text.get(key_end..).unwrap_or("");
        let colon = after_key.find(':').map_or(0, |at| at + 1);
        let head = self.text.get(..key_end + colon).unwrap_or(self.text);
        let rest = self
            .text
            .get(section_end.max(key_end + colon)..)
            .unwrap_or("");
        // A comment on the section's own line stays there.
        let (same_line, below) = match rest.find('\n') {
            Some(at) => rest.split_at(at + 1),
            None => (rest, ""),
        };
        let mut changed = format!("{head}{same_line}");
        if !changed.ends_with('\n') {
            changed.push_str(self.line_end);
        }
        changed.push_str(&self.indented(&entry.lines(), 2));
        changed.push_str(below);
        changed
    }

    /// One more after the last of its section, as far in as that one.
    fn after_last(&self, last: Option<Node<'_>>, entry: &Entry) -> Result<String, String> {
        let Some(last) = last else {
            return Err("the section is empty".to_owned());
        };
        let indent = self.indent_at(last.site().start as usize);
        let end = self.end_of_entry(last.site().start as usize, indent);
        let (before, after) = self.text.split_at(end);
        let mut changed = before.to_owned();
        if !changed.ends_with('\n') {
            changed.push_str(self.line_end);
        }
        changed.push_str(&self.indented(&entry.lines(), indent));
        changed.push_str(after);
        Ok(changed)
    }

    /// Whether a value is a text, or a list in brackets.
    fn is_one_piece(&self, value: Node<'_>) -> bool {
        let list = value.kind() == Kind::Sequence && self.is_flow(value);
        list || value.text().is_some() && !value.is_null()
    }

    /// An accepted threat decided anew: its fields replaced where they stand, and
    /// those it lacks put below.
    fn item(&self, item: Node<'_>, entry: &Entry) -> Result<String, String> {
        if self.is_flow(item) {
            let decided = entry.fields();
            let fields = decided.iter().map(|(key, value)| format!("{key}: {value}"));
            let fields: Vec<String> = fields.collect();
            return Ok(self.replaced(item, &format!("{{ {} }}", fields.join(", "))));
        }
        let mut changes: Vec<(usize, usize, String)> = Vec::new();
        let mut lacking = Vec::new();
        for (key, value) in entry.fields() {
            match item.entry(&key) {
                Some(found) if self.is_one_piece(found.value) => {
                    let span = found.value.span();
                    changes.push((span.start as usize, span.end as usize, value));
                }
                Some(_) => {
                    return Err(format!(
                        "`{key}` is written over several lines; change it yourself"
                    ));
                }
                None => lacking.push(format!("{key}: {value}")),
            }
        }
        let dash = self.indent_at(item.site().start as usize);
        let column = self.column_of(item.span().start as usize);
        let end = self.end_of_entry(item.site().start as usize, dash);
        let mut more = String::new();
        if !lacking.is_empty() {
            if !self.text.get(..end).unwrap_or("").ends_with('\n') {
                more.push_str(self.line_end);
            }
            more.push_str(&self.indented(&lacking, column));
        }
        changes.push((end, end, more));
        changes.sort();
        let mut changed = String::new();
        let mut at = 0;
        for (start, end, new) in changes {
            changed.push_str(self.text.get(at..start).unwrap_or(""));
            changed.push_str(&new);
            at = end;
        }
        changed.push_str(self.text.get(at..).unwrap_or(""));
        Ok(changed)
    }

    fn replaced(&self, old: Node<'_>, new: &str) -> String {
        let span = old.site();
        let before = self.text.get(..span.start as usize).unwrap_or("");
        let after = self.text.get(span.end as usize..).unwrap_or("");
        format!("{before}{new}{after}")
    }

    fn line_start(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        before.rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// How far in the line of this byte begins.
    fn indent_at(&self, at: usize) -> usize {
        let line = self.text.get(self.line_start(at)..).unwrap_or("");
        line.len() - line.trim_start_matches(' ').len()
    }

    /// How far in a byte stands.
    fn column_of(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    /// Where an entry ends that begins in the line of `at`: after its last line
    /// that is further in. Comments and empty lines below belong to what follows.
    fn end_of_entry(&self, at: usize, indent: usize) -> usize {
        let mut start = self.line_start(at);
        let mut end = start;
        let mut first = true;
        for line in self.text.get(start..).unwrap_or("").split_inclusive('\n') {
            start += line.len();
            let inner = line.trim_start_matches(' ');
            let further = line.len() - inner.len() > indent;
            let says = inner.trim_end();
            if first || further && !says.is_empty() && !says.starts_with('#') {
                end = start;
            } else if !says.is_empty() && !says.starts_with('#') {
                break;
            }
            first = false;
        }
        end
    }

    fn indented(&self, lines: &[String], by: usize) -> String {
        let lines = lines
            .iter()
            .map(|line| format!("{:by$}{line}{}", "", self.line_end));
        lines.collect()
    }
}

/// An answer as YAML.
fn answered(values: &[Arc<str>], is_list: bool) -> String {
    let item = |value: &Arc<str>| match value.contains(',') {
        true => quoted(value),
        false => scalar(value),
    };
    match (is_list, values) {
        (false, [only]) => scalar(only),
        (_, values) => format!(
            "[{}]",
            values.iter().map(item).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// A text as YAML reads it again: plain where that is safe, else in quotes.
fn scalar(text: &str) -> String {
    let first_is_safe = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let all_safe = text
        .chars()
        .all(|c| c.is_alphanumeric() || " _-./@()+,;'!?%:".contains(c));
    let trap = text.contains(": ") || text.ends_with([':', ' ']);
    if first_is_safe && all_safe && !trap {
        return text.to_owned();
    }
    quoted(text)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || is_unseen(c) => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Marks that reorder or hide text.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
