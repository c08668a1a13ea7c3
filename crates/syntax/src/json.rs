//! JSON, read without recursion and a little more kindly than its grammar:
//! comments and a comma too many are passed with a warning.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use underbelly_source::{Diagnostic, FileId, Limits};

use crate::builder::{Builder, Collection, Properties};
use crate::document::{Document, Format, Style};
use crate::syntax_error::one_character;
use crate::{escape, node::Kind, scalar, template};

/// Whether the text is JSON to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Whole,
    Broken,
}

pub(crate) fn read(
    file: FileId,
    text: &Arc<str>,
    limits: &Limits,
) -> (Vec<Document>, Vec<Diagnostic>, Outcome) {
    let mut reader = Reader {
        text,
        at: text.len() - text.trim_start_matches('\u{feff}').len(),
        builder: Builder::new(file, text, Format::Json, limits),
        open: Vec::new(),
        lenient: None,
    };
    let failure = reader.read().err();
    let outcome = match failure {
        Some(_) => Outcome::Broken,
        None => Outcome::Whole,
    };
    let lenient = reader.lenient.take().map(|(at, what)| {
        Diagnostic::warning("json-leniency", format!("JSON has no {what}"))
            .at(one_character(file, text, at))
            .note("it is read as if it were not there; other tools may refuse the file")
            .help("remove it")
    });
    let failure = failure.map(|failure| reader.describe(file, &failure));
    let (document, mut problems) = reader.builder.finish(outcome == Outcome::Whole);
    problems.extend(lenient);
    problems.extend(failure);
    (document.into_iter().collect(), problems, outcome)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    builder: Builder,
    /// The open collections, innermost last.
    open: Vec<Collection>,
    /// The first thing that strict JSON does not have.
    lenient: Option<(usize, &'static str)>,
}

struct Failure {
    at: usize,
    what: String,
    help: &'static str,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Failure> {
        self.skip_space()?;
        if self.at == self.text.len() {
            return Ok(());
        }
        self.value()?;
        while let Some(collection) = self.open.last().copied() {
            if self.builder.is_full() {
                return Ok(());
            }
            self.next_in(collection)?;
        }
        self.skip_space()?;
        if self.at < self.text.len() && !self.builder.is_full() {
            return Err(self.failure("something follows the value", "a JSON file holds one value"));
        }
        Ok(())
    }

    /// The next entry or item of the innermost collection, or its end. Commas
    /// are consumed after each value, so that here only a first or next one,
    /// or the end, can stand.
    fn next_in(&mut self, collection: Collection) -> Result<(), Failure> {
        self.skip_space()?;
        match (collection, self.peek()) {
            (Collection::Mapping, Some(b'}')) | (Collection::Sequence, Some(b']')) => {
                self.at += 1;
                self.builder.close(Some(self.at as u32));
                self.open.pop();
                self.after_value()
            }
            (Collection::Mapping, Some(b'"')) => {
                self.string()?;
                self.skip_space()?;
                if self.peek() != Some(b':') {
                    return Err(
                        self.failure("`:` is missing after the key", "write `\"key\": value`")
                    );
                }
                self.at += 1;
                self.skip_space()?;
                self.value()
            }
            (Collection::Mapping, _) => {
                Err(self.failure("a key in double quotes or `}` is expected", "quote the key"))
            }
            (Collection::Sequence, _) => self.value(),
        }
    }

    fn value(&mut self) -> Result<(), Failure> {
        match self.peek() {
            Some(b'{') => self.start(Collection::Mapping),
            Some(b'[') => self.start(Collection::Sequence),
            Some(b'"') => {
                self.string()?;
                return self.after_value();
            }
            _ => {
                self.word()?;
                return self.after_value();
            }
        }
        Ok(())
    }

    fn start(&mut self, collection: Collection) {
        let at = self.range(self.at, self.at + 1);
        self.builder.open(collection, at, Properties::default());
        self.open.push(collection);
        self.at += 1;
    }

    /// After a value: a comma, or the end of what it stands in.
    fn after_value(&mut self) -> Result<(), Failure> {
        let Some(collection) = self.open.last().copied() else {
            return Ok(());
        };
        self.skip_space()?;
        let end = match collection {
            Collection::Mapping => b'}',
            Collection::Sequence => b']',
        };
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space()?;
                if self.peek() == Some(end) {
                    self.lenient
                        .get_or_insert((comma, "comma before a closing bracket"));
                }
                Ok(())
            }
            Some(byte) if byte == end => Ok(()),
            _ => {
                let what = format!("`,` or `{}` is missing", char::from(end));
                Err(self.failure(&what, "separate values by `,` and close every bracket"))
            }
        }
    }

    fn string(&mut self) -> Result<(), Failure> {
        let start = self.at;
        let body = start + 1;
        let mut at = body;
        let mut decoded: Cow<'_, str> = Cow::Borrowed("");
        let mut copied = body;
        let text = self.text;
        loop {
            let rest = text.as_bytes().get(at..).unwrap_or(&[]);
            let stop = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            at += stop.unwrap_or(rest.len());
            match text.as_bytes().get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    let Some(found) = escape::json(text.get(at..).unwrap_or("")) else {
                        self.at = at;
                        return Err(self.failure(
                            "no such escape exists in JSON",
                            "write `\\\\` for a backslash",
                        ));
                    };
                    if found.broken {
                        self.lenient.get_or_insert((at, "half of a character pair"));
                    }
                    let decoded = decoded.to_mut();
                    decoded.push_str(text.get(copied..at).unwrap_or(""));
                    decoded.push(found.character);
                    at += found.len;
                    copied = at;
                }
                _ => {
                    self.at = start;
                    return Err(self.failure(
                        "a quote is opened and not closed on its line",
                        "close it; write `\\n` for a line break",
                    ));
                }
            }
        }
        let tail = text.get(copied..at).unwrap_or("");
        if copied == body {
            decoded = Cow::Borrowed(tail);
        } else {
            decoded.to_mut().push_str(tail);
        }
        self.at = at + 1;
        let range = self.range(start, self.at);
        self.builder
            .scalar(Style::Json, range, &decoded, Properties::default());
        Ok(())
    }

    /// A number, `true`, `false` or `null`; or `${name}` without quotes, as
    /// workflow definitions have it where a number is to be substituted.
    fn word(&mut self) -> Result<(), Failure> {
        let rest = self.text.get(self.at..).unwrap_or("");
        if let Some(len) = substitution(rest) {
            return self.plain(len);
        }
        let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let word = rest.split(|c: char| !in_word(c)).next().unwrap_or("");
        let known = match scalar::kind(word) {
            Kind::Null => word == "null",
            Kind::Bool => matches!(word, "true" | "false"),
            Kind::Number => word.starts_with(|c: char| c == '-' || c.is_ascii_digit()),
            Kind::Text | Kind::Sequence | Kind::Mapping => false,
        };
        if !known {
            return Err(if rest.is_empty() {
                self.failure("the text ends too early", "complete the last value")
            } else {
                self.failure("a value is expected", "put a text in double quotes")
            });
        }
        self.plain(word.len())
    }

    fn plain(&mut self, len: usize) -> Result<(), Failure> {
        let (start, end) = (self.at, self.at + len);
        let word = self.text.get(start..end).unwrap_or("");
        let range = self.range(start, end);
        self.builder
            .scalar(Style::Plain, range, word, Properties::default());
        self.at = end;
        Ok(())
    }

    fn skip_space(&mut self) -> Result<(), Failure> {
        loop {
            let rest = self.text.get(self.at..).unwrap_or("");
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            self.at += rest.len() - trimmed.len();
            let len = if trimmed.starts_with("//") {
                trimmed.find(['\n', '\r']).unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                match trimmed.find("*/") {
                    Some(end) => end + 2,
                    None => {
                        return Err(self.failure(
                            "a comment is opened and never closed",
                            "close it with `*/`",
                        ));
                    }
                }
            } else {
                return Ok(());
            };
            self.lenient.get_or_insert((self.at, "comments"));
            let range = self.range(self.at, self.at + len);
            self.builder.comment(range);
            self.at += len;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn range(&self, start: usize, end: usize) -> Range<u32> {
        start as u32..end as u32
    }

    fn failure(&self, what: &str, help: &'static str) -> Failure {
        Failure {
            at: self.at,
            what: what.to_owned(),
            help,
        }
    }

    fn describe(&self, file: FileId, failure: &Failure) -> Diagnostic {
        let message = format!("the JSON cannot be read on: {}", failure.what);
        let problem = Diagnostic::error("json-syntax", message)
            .at(one_character(file, self.text, failure.at))
            .note("what stands before is read, the rest of the file is not");
        let problem = match self.builder.innermost() {
            Some(span) => problem.and(span, "opened here"),
            None => problem,
        };
        match template::help(self.text, failure.at) {
            Some(help) => problem.help(help),
            None => problem.help(failure.help),
        }
    }
}

/// The length of `${name}`, if that is what comes.
fn substitution(rest: &str) -> Option<usize> {
    let name = rest.strip_prefix("${")?;
    let len =
        name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | ':' | '.' | '-'))?;
    (len > 0 && name.as_bytes().get(len) == Some(&b'}')).then_some(len + 3)
}
