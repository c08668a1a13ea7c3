//! YAML: the events of `granit-parser`, fed to the builder.
//!
//! The parser resolves neither aliases nor merge keys nor duplicates, and its
//! own limit of nesting is raised: the builder does all of that, the same for
//! JSON. After a syntax error reading goes on at the next document.

use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle};
use underbelly_source::{Diagnostic, FileId, Limits, Severity, Span};

use crate::builder::{Builder, Collection, Properties};
use crate::document::{Document, Format, Style};
use crate::{syntax_error, template};

pub(crate) fn read(
    file: FileId,
    text: &Arc<str>,
    limits: &Limits,
) -> (Vec<Document>, Vec<Diagnostic>) {
    let plain = read_as(file, text, text, limits);
    let Some(broken_at) = first_error(&plain.1) else {
        return plain;
    };
    let Some((blanked, first)) = template::without_control_lines(text) else {
        return plain;
    };
    let (documents, mut problems) = read_as(file, text, &blanked, limits);
    if first_error(&problems).is_some_and(|at| at <= broken_at) {
        return plain;
    }
    problems.push(template::passed_over(file, &first));
    (documents, problems)
}

fn first_error(problems: &[Diagnostic]) -> Option<Span> {
    let errors = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error);
    errors.filter_map(|problem| problem.span).min()
}

/// Reads `parsed`, which says the same as `text` at the same places, or blanks.
fn read_as(
    file: FileId,
    text: &Arc<str>,
    parsed: &str,
    limits: &Limits,
) -> (Vec<Document>, Vec<Diagnostic>) {
    let mut stream = Stream {
        file,
        text,
        limits,
        documents: Vec::new(),
        problems: Vec::new(),
        open: None,
        loose: Vec::new(),
    };
    stream.read(parsed);
    (stream.documents, stream.problems)
}

/// The documents of a file, while they are read.
struct Stream<'t> {
    file: FileId,
    text: &'t Arc<str>,
    limits: &'t Limits,
    documents: Vec<Document>,
    problems: Vec<Diagnostic>,
    open: Option<OpenDocument>,
    /// Comments between documents.
    loose: Vec<Range<u32>>,
}

struct OpenDocument {
    builder: Builder,
    /// Whether each open collection is in brackets, which tell its end.
    bracketed: Vec<bool>,
}

impl Stream<'_> {
    fn read(&mut self, parsed: &str) {
        let mut parser = Parser::new_from_str_with_options(parsed, options(self.limits));
        let mut last_error = None;
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => self.take(event, span),
                Err(error) => {
                    let at = error.marker().byte_offset();
                    self.fail(&error);
                    // Recovery only ever goes forward; anything else would not end.
                    if at <= last_error || !parser.proceed_next_document().unwrap_or(false) {
                        break;
                    }
                    last_error = at;
                }
            }
            let full = |document: &OpenDocument| document.builder.is_full();
            if self.open.as_ref().is_some_and(full) {
                break;
            }
        }
        self.end_document(false);
        if let Some(last) = self.documents.last_mut() {
            last.comments.append(&mut self.loose);
        }
    }

    fn take(&mut self, event: Event<'_>, span: granit_parser::Span) {
        let at = self.range(&span);
        match event {
            Event::DocumentStart(..) => self.start_document(),
            Event::DocumentEnd => self.end_document(true),
            Event::Comment(..) => match &mut self.open {
                Some(open) => open.builder.comment(at),
                None => self.loose.push(at),
            },
            event => {
                let tag = span.tag_span().map(|tag| self.range(&tag));
                let tag = tag.map(|tag| (tag.start, tag.end));
                if let Some(open) = &mut self.open {
                    open.take(event, at, tag, self.text);
                }
            }
        }
    }

    fn start_document(&mut self) {
        let mut builder = Builder::new(self.file, self.text, Format::Yaml, self.limits);
        self.loose.drain(..).for_each(|at| builder.comment(at));
        self.open = Some(OpenDocument {
            builder,
            bracketed: Vec::new(),
        });
    }

    fn end_document(&mut self, whole: bool) {
        if let Some(open) = self.open.take() {
            let (document, mut problems) = open.builder.finish(whole);
            self.documents.extend(document);
            self.problems.append(&mut problems);
        }
    }

    fn fail(&mut self, error: &ScanError) {
        let at = error
            .marker()
            .byte_offset()
            .unwrap_or(0)
            .min(self.text.len());
        if let (ErrorKind::RecursionLimitExceeded, Some(open)) = (error.kind(), &mut self.open) {
            open.builder.too_deep(&(at as u32..at as u32));
            return self.end_document(false);
        }
        let open = self.open.as_ref();
        let innermost = open.and_then(|open| open.builder.innermost());
        let problem = syntax_error::describe(error, self.file, self.text, at, innermost);
        self.end_document(false);
        self.problems.push(problem);
    }

    /// The parser's span, made to fit the text whatever it says.
    fn range(&self, span: &granit_parser::Span) -> Range<u32> {
        let range = span.byte_range().unwrap_or(0..0);
        let end = range.end.min(self.text.len());
        range.start.min(end) as u32..end as u32
    }
}

impl OpenDocument {
    fn take(&mut self, event: Event<'_>, at: Range<u32>, tag: Option<(u32, u32)>, text: &str) {
        let of = |anchor: usize| Properties {
            tag,
            anchor: (anchor > 0).then_some(anchor),
        };
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let (style, at) = written(style, at, text);
                // The parser says `~` for what is not written at all.
                let absent = style == Style::Plain && at.is_empty();
                let value = if absent { "" } else { value.as_ref() };
                self.builder.scalar(style, at, value, of(anchor));
            }
            Event::SequenceStart(style, anchor, _) => {
                self.start(Collection::Sequence, style, at, of(anchor));
            }
            Event::MappingStart(style, anchor, _) => {
                self.start(Collection::Mapping, style, at, of(anchor));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let bracketed = self.bracketed.pop().unwrap_or(false) && !at.is_empty();
                self.builder.close(bracketed.then_some(at.end));
            }
            Event::Alias(anchor) => self.builder.alias(anchor, at),
            Event::UnresolvedAlias(name) => self.builder.unknown_alias(&name, at),
            _ => {}
        }
    }

    fn start(&mut self, kind: Collection, style: StructureStyle, at: Range<u32>, of: Properties) {
        self.bracketed.push(style == StructureStyle::Flow);
        self.builder.open(kind, at, of);
    }
}

/// Our name for a style, and the place without the empty lines after a block.
fn written(style: ScalarStyle, at: Range<u32>, text: &str) -> (Style, Range<u32>) {
    let style = match style {
        ScalarStyle::Plain => return (Style::Plain, at),
        ScalarStyle::SingleQuoted => return (Style::SingleQuoted, at),
        ScalarStyle::DoubleQuoted => return (Style::DoubleQuoted, at),
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    };
    let raw = text.get(at.start as usize..at.end as usize).unwrap_or("");
    let end = at.start.saturating_add(raw.trim_end().len() as u32);
    if end > at.start {
        return (style, at.start..end);
    }
    // Nothing but space: stand behind the `|` rather than on the next line.
    let before = text.get(..at.start as usize).unwrap_or("");
    let end = before.trim_end().len() as u32;
    (style, end..end)
}

fn options(limits: &Limits) -> Options {
    // The builder leaves out what is too deep and goes on behind it. Far beyond
    // that the parser gives up, for its work grows with the depth.
    let nesting = limits.depth.max(10_000);
    granit_parser::options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: nesting,
        block_nesting_limit: nesting,
    }
}
