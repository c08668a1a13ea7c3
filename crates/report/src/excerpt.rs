//! Lines of the source with something underlined, secrets masked.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use underbelly_library::Words;
use underbelly_source::{Diagnostic, FileId, Files, Role, Severity, Span};

use crate::mask;
use crate::paint::{Paper, clean, columns_of, tail, wrap};

/// A span to underline and what to say of it.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub span: Span,
    pub role: Role,
    pub label: String,
}

/// Where text is taken from, and what of it must not be shown.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The texts.
    pub files: &'a Files,
    /// Places whose text is masked.
    pub secrets: &'a [Span],
    /// Words by which other text is masked too.
    pub words: &'a Words,
}

/// Lines kept around what is underlined.
const AROUND: usize = 1;
/// No excerpt shows more lines of one file than this.
const MOST_LINES: usize = 12;
/// Bytes kept around what is underlined, however long the line.
const AROUND_IN_LINE: usize = 2_000;
/// Columns that line numbers and the like take beside what is said.
const BESIDE: usize = 14;
/// A longer underline is cut to its first line.
const LONGEST: usize = 400;

impl Sources<'_> {
    /// An excerpt of every place, in so many columns less than there are.
    pub(crate) fn excerpt(self, paper: Paper, less: usize, marks: &[Mark]) -> String {
        let columns = paper.columns() - less;
        let renderer = renderer(paper, columns);
        let mut out = String::new();
        for mark in marks {
            let Some(window) = self.window(mark.span) else {
                continue;
            };
            let window = window.within(columns);
            let kind = match mark.role {
                Role::Here | Role::MissingHere => AnnotationKind::Primary,
                Role::Related => AnnotationKind::Context,
            };
            let beside = window.room_for(&mark.label, columns);
            let label = if beside { &*mark.label } else { "" };
            let annotation = kind.span(window.marked.clone()).label(label);
            let snippet = Snippet::source(&window.text)
                .line_start(window.line)
                .path(window.path(columns))
                .annotation(annotation);
            let mut group = annotate_snippets::Group::with_level(Level::NOTE).element(snippet);
            let below = wrap(&mark.label, columns - BESIDE, 0);
            if !beside && !below.is_empty() {
                group = group.element(Level::NOTE.message(&below));
            }
            out.push_str(&renderer.render(&[group]));
            out.push('\n');
        }
        out
    }

    /// A diagnostic as people read it: what, where, why it matters, what to do.
    pub fn diagnostic(self, paper: Paper, diagnostic: &Diagnostic) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let message = clean(&diagnostic.message);
        let path = diagnostic.path.as_deref().map(clean);
        let message = match &path {
            Some(path) if !message.contains(&**path) => format!("{path} {message}"),
            _ => message.into_owned(),
        };
        let windows: Vec<(Window, String)> = diagnostic
            .span
            .map(|span| (span, String::new()))
            .into_iter()
            .chain(diagnostic.related.iter().cloned())
            .filter_map(|(span, label)| {
                Some((
                    self.window(span)?.within(paper.columns()),
                    clean(&label).into_owned(),
                ))
            })
            .collect();
        // `error[code]: ` stands before it, where there is room.
        let columns = paper.columns();
        let head = diagnostic.severity.word().len() + diagnostic.code.len() + 4;
        let with_code = head + 30 <= columns;
        let head = if with_code { head } else { BESIDE };
        let message = wrap(&message, columns - head, 0);
        let title = level.primary_title(&message);
        let mut group = match with_code {
            true => title.id(diagnostic.code),
            false => title,
        };
        let mut elements = Vec::new();
        for (index, (window, label)) in windows.iter().enumerate() {
            let kind = if index == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let annotation = kind.span(window.marked.clone()).label(label);
            elements.push(
                Snippet::source(&window.text)
                    .line_start(window.line)
                    .path(window.path(columns))
                    .annotation(annotation),
            );
        }
        let mut report =
            std::mem::replace(&mut group, Level::NOTE.primary_title("")).elements(elements);
        let beside = |text: &str| wrap(&clean(text), columns - BESIDE, 0);
        let note = diagnostic.note.as_deref().map(beside);
        if let Some(note) = &note {
            report = report.element(Level::NOTE.message(&**note));
        }
        let help = diagnostic.help.as_deref().map(beside);
        if let Some(help) = &help {
            report = report.element(Level::HELP.message(&**help));
        }
        renderer(paper, columns).render(&[report])
    }

    /// The lines around a span, masked and harmless, and the span in them.
    pub(crate) fn window(self, span: Span) -> Option<Window> {
        let range = self.around(span)?;
        let secrets = self.secrets_in(span.file, range.clone());
        Some(self.show(span, range, &secrets))
    }

    /// The same, where all that is not to be shown of the file is known.
    pub(crate) fn window_without(self, span: Span, secrets: &[Range<usize>]) -> Option<Window> {
        let range = self.around(span)?;
        let within = secrets.iter();
        let within = within.filter(|secret| secret.start < range.end && range.start < secret.end);
        let within: Vec<Range<usize>> = within.cloned().collect();
        Some(self.show(span, range, &within))
    }

    /// All text of a file that is not to be shown.
    pub(crate) fn secrets_of(self, file: FileId) -> Vec<Range<usize>> {
        self.secrets_in(file, 0..self.files.text(file).len())
    }

    /// The lines around a span, as a range of its file.
    fn around(self, span: Span) -> Option<Range<usize>> {
        let text = self.files.text(span.file);
        let (from, to) = (span.start as usize, (span.end as usize).min(text.len()));
        text.get(from..to)?;
        let to = text[from..to]
            .char_indices()
            .find(|(at, c)| *c == '\n' || *at > LONGEST)
            .map_or(to, |(at, _)| from + at);
        let mut start = line_start(text, from);
        for _ in 0..AROUND {
            start = line_start(text, start.saturating_sub(1));
        }
        let mut end = line_end(text, to);
        for _ in 0..AROUND.min(MOST_LINES) {
            if end < text.len() {
                end = line_end(text, end + 1);
            }
        }
        // Of a very long line only what surrounds the place is shown.
        let start = start.max(boundary(text, from.saturating_sub(AROUND_IN_LINE)));
        let end = end.min(boundary(text, to.saturating_add(AROUND_IN_LINE)));
        Some(start..end)
    }

    fn show(self, span: Span, range: Range<usize>, secrets: &[Range<usize>]) -> Window {
        let head = Span::new(span.file, range.start as u32, range.start as u32);
        let line = self.files.position(head).line as usize;
        let text = self.files.text(span.file);
        let (from, to) = (span.start as usize, (span.end as usize).min(text.len()));
        let text = text.get(range.clone()).unwrap_or_default();
        let (text, marked) = shown(text, range.start, from..to.max(from), secrets);
        Window {
            text,
            line,
            path: clean(self.files.shown(span.file)).into_owned(),
            marked,
        }
    }

    /// Where text within a range is not to be shown.
    fn secrets_in(self, file: FileId, range: Range<usize>) -> Vec<Range<usize>> {
        let known = self.secrets.iter().filter(|secret| secret.file == file);
        let known = known.map(|secret| secret.start as usize..secret.end as usize);
        let known = known.filter(|secret| secret.start < range.end && range.start < secret.end);
        let mut secrets: Vec<Range<usize>> = known.collect();
        let text = self.files.text(file);
        secrets.extend(mask::secrets(text, range, self.words));
        secrets
    }
}

/// A stretch of text as shown, and where a range within it now lies. Ranges are of
/// the file, in which the stretch begins at `begin`.
fn shown(
    text: &str,
    begin: usize,
    marked: Range<usize>,
    secrets: &[Range<usize>],
) -> (String, Range<usize>) {
    let mut shown = String::with_capacity(text.len());
    let (mut first, mut last) = (None, None);
    for (at, character) in text.char_indices() {
        let at = begin + at;
        if at >= marked.start && first.is_none() {
            first = Some(shown.len());
        }
        if at >= marked.end && last.is_none() {
            last = Some(shown.len());
        }
        let secret = secrets.iter().any(|secret| secret.contains(&at));
        if secret && !character.is_whitespace() {
            shown.push('*');
        } else if matches!(character, '\n' | '\t' | ' '..='~') {
            shown.push(character);
        } else {
            shown.push_str(&clean(character.encode_utf8(&mut [0; 4])));
        }
    }
    let end = shown.len();
    (shown, first.unwrap_or(end)..last.unwrap_or(end))
}

impl Window {
    /// The path, as much of it as there is room for.
    fn path(&self, columns: usize) -> String {
        tail(&self.path, columns - 18)
    }

    /// No more underlined than there is room for.
    fn within(mut self, columns: usize) -> Self {
        let underlined = self.text.get(self.marked.clone()).unwrap_or_default();
        if let Some((cut, _)) = underlined.char_indices().nth(columns - BESIDE - 6) {
            self.marked.end = self.marked.start + cut;
        }
        self
    }

    /// Whether a label fits beside what is underlined.
    fn room_for(&self, label: &str, columns: usize) -> bool {
        let before = self.text.get(..self.marked.end).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        columns_of(line) + columns_of(label) + 10 <= columns
    }
}

/// Lines as shown.
#[derive(Debug)]
pub(crate) struct Window {
    pub text: String,
    /// The number of the first.
    pub line: usize,
    path: String,
    /// What of the text is underlined.
    pub marked: Range<usize>,
}

fn renderer(paper: Paper, columns: usize) -> Renderer {
    let renderer = if paper.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.term_width(columns - 8)
}

/// The nearest place at or before a byte where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |found| found + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |found| at + found)
}
