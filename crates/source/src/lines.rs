//! From bytes to lines and columns, at the same cost wherever in a line: a
//! minified template is one line of megabytes.

use std::fmt;

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where the lines of a text begin, and what its columns take.
#[derive(Debug)]
pub(crate) struct Lines {
    /// Byte offset of each line's first byte.
    starts: Vec<u32>,
    /// How many characters begin before each [`STRIDE`] bytes; empty where every
    /// byte is a character.
    characters: Vec<u32>,
}

const STRIDE: usize = 64;

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1));
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut before = 0;
            for bytes in text.as_bytes().chunks(STRIDE) {
                characters.push(before);
                before += beginnings(bytes);
            }
        }
        Self {
            starts: starts.collect(),
            characters,
        }
    }

    pub(crate) fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// The place of a byte; what is no place in the text is at its line's begin.
    pub(crate) fn position(&self, text: &str, at: u32) -> Position {
        let index = self.starts.partition_point(|start| *start <= at).max(1) - 1;
        self.on_line(text, index, at)
    }

    /// The places of two bytes, mostly on the same line.
    pub(crate) fn range(&self, text: &str, start: u32, end: u32) -> (Position, Position) {
        let first = self.position(text, start);
        let index = first.line as usize - 1;
        let next = self.starts.get(index + 1).copied().unwrap_or(u32::MAX);
        let last = if (start..next).contains(&end) {
            self.on_line(text, index, end)
        } else {
            self.position(text, end)
        };
        (first, last)
    }

    fn on_line(&self, text: &str, index: usize, at: u32) -> Position {
        let start = self.starts.get(index).copied().unwrap_or(0);
        let column = if text.is_char_boundary(at as usize) {
            self.before(text, at) - self.before(text, start) + 1
        } else {
            1
        };
        Position {
            line: index as u32 + 1,
            column,
        }
    }

    /// How many characters begin before a byte.
    fn before(&self, text: &str, at: u32) -> u32 {
        if self.characters.is_empty() {
            return at;
        }
        // Past the last stride there is nothing left to count.
        let stride = (at as usize / STRIDE).min(self.characters.len() - 1);
        let counted = self.characters.get(stride).copied().unwrap_or(0);
        let rest = text.as_bytes().get(stride * STRIDE..at as usize);
        counted + beginnings(rest.unwrap_or_default())
    }
}

/// How many characters begin in these bytes.
fn beginnings(bytes: &[u8]) -> u32 {
    let begins = |byte: &&u8| !matches!(**byte, 0x80..=0xbf);
    bytes.iter().filter(begins).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every place of a text, counted character by character.
    #[track_caller]
    fn check(text: &str) {
        let lines = Lines::of(text);
        let (mut line, mut column) = (1, 1);
        for (at, character) in text.char_indices() {
            let expected = Position { line, column };
            assert_eq!(lines.position(text, at as u32), expected, "at byte {at}");
            let all = lines.range(text, 0, at as u32);
            assert_eq!(all.1, expected, "to byte {at}");
            (line, column) = match character {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        let end = lines.position(text, text.len() as u32);
        assert_eq!(end, Position { line, column }, "at the end");
    }

    #[test]
    fn columns_count_characters_however_long_the_line() {
        check("");
        check("a: b\r\nc: d\n");
        check("é: x\r\nb: ü\n\n😀: y");
        check(&"é".repeat(STRIDE * 3));
        check(&format!(
            "{}\n{}",
            "a😀".repeat(STRIDE),
            "ü".repeat(STRIDE + 1)
        ));
        check(&"x".repeat(STRIDE * 3));
    }

    #[test]
    fn what_is_no_place_is_at_the_begin_of_its_line() {
        let text = "a\né";
        let lines = Lines::of(text);
        let expected = Position { line: 2, column: 1 };
        assert_eq!(lines.position(text, 3), expected);
        assert_eq!(lines.position(text, 900), expected);
    }
}
