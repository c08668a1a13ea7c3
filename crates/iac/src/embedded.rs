//! A JSON or YAML document held in a text, such as a state machine's definition
//! in a `Fn::Sub`: read as a tree, with the text's holes inside the tree's texts.
//!
//! Each hole is replaced by one character of a private area, the text is read like
//! a file, and the characters become holes again.

use underbelly_expression::{Entry, Fact, Hole, Item, Map, Piece, Set, Text, Value};
use underbelly_source::{FileId, Files, Limits, Place, Span};
use underbelly_syntax::{Kind, read as read_document};

use crate::plain;

/// The first character that stands for a hole; the second hole has the next one.
const FIRST: u32 = 0xF_0000;
/// How many holes a text may have to be read: the size of the private area.
const MOST: usize = 0xFFFD;

/// The document that a text holds, if it is a mapping or a list.
pub(crate) fn read(files: &Files, limits: &Limits, text: &Text, span: Span) -> Option<Fact> {
    let holes: Vec<&Hole> = text.holes().collect();
    if holes.len() > MOST || !looks_like_document(text) {
        return None;
    }
    let marked = mark(text);
    let mut scratch = Files::default();
    let file = scratch.add("text", marked.as_str());
    let (documents, _) = read_document(&scratch, file, limits);
    let root = documents
        .first()
        .filter(|document| document.is_whole())?
        .root();
    if !matches!(root.kind(), Kind::Mapping | Kind::Sequence) {
        return None;
    }
    let places = align(&marked, files.excerpt(span));
    let back = Back {
        holes,
        places,
        whole: span,
        scratch: file,
        length: marked.len() as u32,
    };
    let mut fact = plain::fact(root);
    back.fact(&mut fact);
    Some(fact)
}

/// Every bare text is YAML; only what begins or reads like a document is one.
fn looks_like_document(text: &Text) -> bool {
    let start = text.prefix().trim_start();
    start.starts_with(['{', '[']) || (start.contains(": ") || start.contains(":\n"))
}

fn mark(text: &Text) -> String {
    let mut marked = String::new();
    let mut n_holes = 0;
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => marked.push_str(literal),
            Piece::Hole(_) => {
                marked.push(char::from_u32(FIRST + n_holes).unwrap_or(' '));
                n_holes += 1;
            }
        }
    }
    marked
}

/// Which byte of the marked text stands at which byte of the source, from the
/// start up to where they no longer agree: runs of (marked, source).
fn align(marked: &str, source: &str) -> Vec<(u32, u32)> {
    let mut runs = Vec::new();
    let skip = |c: char| c.is_whitespace() || matches!(c, '\\' | '"' | '\'' | '|' | '>' | '-');
    let mut rest = source.char_indices().peekable();
    // A text in quotes or a block begins with marks that are not part of it.
    let first = marked.chars().find(|c| !c.is_whitespace());
    while let Some((_, c)) = rest.peek().copied() {
        if Some(c) == first || !skip(c) {
            break;
        }
        rest.next();
    }
    for (at, c) in marked.char_indices() {
        if c.is_whitespace() {
            continue;
        }
        while let Some((_, s)) = rest.peek().copied()
            && s != c
            && (s.is_whitespace() || s == '\\')
        {
            rest.next();
        }
        match rest.next() {
            Some((place, s)) if s == c => runs.push((at as u32, place as u32)),
            Some((place, '$')) if is_mark(c) => {
                runs.push((at as u32, place as u32));
                for (_, s) in rest.by_ref() {
                    if s == '}' {
                        break;
                    }
                }
            }
            _ => break,
        }
    }
    runs
}

fn is_mark(c: char) -> bool {
    (FIRST..FIRST + MOST as u32).contains(&(c as u32))
}

/// The way back from the scratch text to where it came from.
struct Back<'t> {
    holes: Vec<&'t Hole>,
    places: Vec<(u32, u32)>,
    whole: Span,
    scratch: FileId,
    length: u32,
}

impl Back<'_> {
    fn fact(&self, fact: &mut Fact) {
        match fact {
            Fact::Known(known) => {
                known.places.iter_mut().for_each(|place| self.place(place));
                match &mut known.value {
                    Value::Text(text) => *text = self.text(text),
                    Value::Set(Set { items, .. }) => {
                        items
                            .iter_mut()
                            .for_each(|Item { fact, .. }| self.fact(fact));
                    }
                    Value::Map(Map { entries, .. }) => {
                        entries.iter_mut().for_each(|entry| self.entry(entry));
                    }
                    Value::Bool(_) | Value::Number(_) | Value::Subject(_) => {}
                }
            }
            Fact::Absent(absent) => {
                absent.place = absent.place.map(|span| self.span(span));
            }
            Fact::OneOf(_) | Fact::Unknown(_) => {}
        }
    }

    fn entry(&self, entry: &mut Entry) {
        entry.key_span = self.span(entry.key_span);
        if entry.key.contains(is_mark) {
            entry.key = self
                .text(&Text::literal(entry.key.clone()))
                .to_string()
                .into();
        }
        self.fact(&mut entry.fact);
    }

    fn place(&self, place: &mut Place) {
        place.span = self.span(place.span);
    }

    /// A place in the source; the whole text's place where it cannot be told.
    fn span(&self, span: Span) -> Span {
        if span.file != self.scratch {
            return span;
        }
        let last = span.end.min(self.length).saturating_sub(1);
        match (self.source(span.start), self.source(last)) {
            (Some(start), Some(end)) if start <= end => Span::new(
                self.whole.file,
                self.whole.start.saturating_add(start),
                self.whole.start.saturating_add(end).saturating_add(1),
            ),
            _ => self.whole,
        }
    }

    fn source(&self, at: u32) -> Option<u32> {
        let found = self.places.binary_search_by_key(&at, |(marked, _)| *marked);
        found
            .ok()
            .and_then(|index| self.places.get(index))
            .map(|(_, source)| *source)
    }

    fn text(&self, text: &Text) -> Text {
        let Some(literal) = text.known().filter(|literal| literal.contains(is_mark)) else {
            return text.clone();
        };
        let mut back = Text::default();
        let mut from = 0;
        for (at, c) in literal.char_indices().filter(|(_, c)| is_mark(*c)) {
            back.push_literal(literal.get(from..at).unwrap_or(""));
            match self.holes.get((c as u32 - FIRST) as usize) {
                Some(hole) => back.push_hole((*hole).clone()),
                None => back.push_literal(c.encode_utf8(&mut [0; 4])),
            }
            from = at + c.len_utf8();
        }
        back.push_literal(literal.get(from..).unwrap_or(""));
        back
    }
}
