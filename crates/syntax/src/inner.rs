//! Where a piece of a decoded text stands in the text as written.
//!
//! Worked out only when asked: decoding is repeated, keeping track of runs that
//! are the same on both sides and of escapes, which differ. What lies between
//! runs is folded space, where the nearest run answers.

use std::ops::Range;

use crate::document::Style;
use crate::escape;

/// The bytes of `raw` that decode to `wanted` bytes of `text`; `None` if the
/// range is not of this text.
pub(crate) fn locate(
    raw: &str,
    style: Style,
    text: &str,
    wanted: Range<usize>,
) -> Option<Range<usize>> {
    let wanted = within(text, wanted)?;
    let runs = match style {
        Style::Plain => flow(raw, 0, Escapes::None),
        Style::SingleQuoted => flow(unquoted(raw), 1, Escapes::Quote),
        Style::DoubleQuoted => flow(unquoted(raw), 1, Escapes::Yaml),
        Style::Json => flow(unquoted(raw), 1, Escapes::Json),
        Style::Block => block(raw, text),
    };
    let start = start_of(&runs, wanted.start).unwrap_or(raw.len());
    if wanted.is_empty() {
        return Some(start..start);
    }
    let end = end_of(&runs, wanted.end).unwrap_or(start).max(start);
    (end <= raw.len()).then_some(start..end)
}

/// The range, if it is one of this text.
pub(crate) fn within(text: &str, wanted: Range<usize>) -> Option<Range<usize>> {
    text.get(wanted.clone()).map(|_| wanted)
}

/// Bytes of the decoded text that come from bytes of the raw text.
#[derive(Clone, Copy, Debug)]
struct Run {
    decoded: usize,
    raw: usize,
    decoded_len: usize,
    raw_len: usize,
}

impl Run {
    /// Whether both sides are the same bytes.
    fn is_literal(&self) -> bool {
        self.decoded_len == self.raw_len
    }
}

fn start_of(runs: &[Run], at: usize) -> Option<usize> {
    let next = runs.partition_point(|run| run.decoded + run.decoded_len <= at);
    match runs.get(next) {
        Some(run) if at > run.decoded && run.is_literal() => Some(run.raw + (at - run.decoded)),
        Some(run) => Some(run.raw),
        None => runs.last().map(|run| run.raw + run.raw_len),
    }
}

fn end_of(runs: &[Run], at: usize) -> Option<usize> {
    let after = runs.partition_point(|run| run.decoded < at);
    let run = runs.get(after.checked_sub(1)?)?;
    let inside = at - run.decoded;
    Some(if inside < run.decoded_len && run.is_literal() {
        run.raw + inside
    } else {
        run.raw + run.raw_len
    })
}

fn unquoted(raw: &str) -> &str {
    let end = raw.len().saturating_sub(1);
    raw.get(1..end).unwrap_or("")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    /// `''` in single quotes.
    Quote,
    Yaml,
    Json,
}

/// Plain and quoted texts: line breaks fold, escapes decode.
fn flow(body: &str, offset: usize, escapes: Escapes) -> Vec<Run> {
    let mut runs = Runs::default();
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let (decoded_len, raw_len) = match rest.as_bytes().first() {
            Some(b'\\') if matches!(escapes, Escapes::Yaml | Escapes::Json) => {
                escaped(rest, escapes)
            }
            Some(b'\'') if escapes == Escapes::Quote && rest.starts_with("''") => (1, 2),
            Some(b' ' | b'\t' | b'\r' | b'\n') if escapes != Escapes::Json => space(rest),
            _ => {
                let len = rest.chars().next().map_or(1, char::len_utf8);
                (len, len)
            }
        };
        runs.add(offset + at, decoded_len, raw_len);
        at += raw_len;
    }
    runs.list
}

/// Decoded and raw length of an escape; an escaped line break decodes to nothing.
fn escaped(rest: &str, escapes: Escapes) -> (usize, usize) {
    let found = match escapes {
        Escapes::Json => escape::json(rest),
        _ => escape::yaml(rest),
    };
    if let Some(found) = found {
        return (found.character.len_utf8(), found.len);
    }
    let after = rest.get(1..).unwrap_or("");
    if !after.starts_with(['\n', '\r']) {
        return (1, 1);
    }
    let blank = blank_prefix(after);
    // The first break is swallowed, each further one is kept.
    (
        breaks(after.get(..blank).unwrap_or("")).saturating_sub(1),
        1 + blank,
    )
}

/// Decoded and raw length of white space, which folds if it holds a break.
fn space(rest: &str) -> (usize, usize) {
    let len = blank_prefix(rest);
    match breaks(rest.get(..len).unwrap_or("")) {
        0 => (len, len),
        1 => (1, len),
        n_breaks => (n_breaks - 1, len),
    }
}

fn blank_prefix(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len()
}

fn breaks(space: &str) -> usize {
    let line_feeds = space.matches('\n').count();
    let lone_returns = space.matches('\r').count() - space.matches("\r\n").count();
    line_feeds + lone_returns
}

/// `|` and `>`: each line's words stand in the decoded text as they are, in
/// order, with only space between.
fn block(raw: &str, text: &str) -> Vec<Run> {
    let mut runs = Runs::default();
    let mut raw_at = 0;
    for line in raw.split_inclusive(['\n', '\r']) {
        let words = line.trim_matches([' ', '\t', '\r', '\n']);
        if !words.is_empty() {
            let before = line.len() - line.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let Some(rest) = text.get(runs.decoded..) else {
                break;
            };
            let gap = blank_prefix(rest);
            if !rest.get(gap..).is_some_and(|rest| rest.starts_with(words)) {
                break;
            }
            runs.decoded += gap;
            runs.add(raw_at + before, words.len(), words.len());
        }
        raw_at += line.len();
    }
    runs.list
}

#[derive(Default)]
struct Runs {
    list: Vec<Run>,
    decoded: usize,
}

impl Runs {
    /// The next bytes, joined to the run before where both are literal.
    fn add(&mut self, raw: usize, decoded_len: usize, raw_len: usize) {
        let decoded = self.decoded;
        self.decoded += decoded_len;
        if decoded_len == 0 {
            return;
        }
        let literal = decoded_len == raw_len;
        match self.list.last_mut() {
            Some(last) if literal && last.is_literal() && last.raw + last.raw_len == raw => {
                last.decoded_len += decoded_len;
                last.raw_len += raw_len;
            }
            _ => self.list.push(Run {
                decoded,
                raw,
                decoded_len,
                raw_len,
            }),
        }
    }
}
