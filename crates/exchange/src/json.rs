//! Our shapes as JSON, for programs and for people who look into it.
//!
//! A key or item stands on a line of its own, two spaces a level; what is small
//! and comes in great number, such as a place, stands on one line whole. No text
//! steers a terminal or hides another: names may come from anybody.

mod text;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

/// A line break and the deepest indentation of our shapes, and more.
const BREAK: &str = "\n                                                                ";

/// So much is gathered before it is passed on.
const ENOUGH: usize = 1 << 16;

/// What can be written as JSON: the shapes, and what they are made of.
pub trait Json {
    /// Writes it.
    fn write(&self, writer: &mut Writer<'_>);
    /// Whether there is nothing to write: its key is left out.
    fn is_nothing(&self) -> bool {
        false
    }
}

/// Writes a shape, and a line break after it.
pub(crate) fn write(shape: &impl Json, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer {
        out,
        text: Vec::with_capacity(ENOUGH + ENOUGH / 2),
        depth: 0,
        went: Ok(()),
    };
    shape.write(&mut writer);
    writer.text.push(b'\n');
    writer.pass_on();
    writer.went?;
    writer.out.flush()
}

/// JSON on its way out. What goes wrong is said at the end.
pub struct Writer<'w> {
    out: &'w mut dyn Write,
    text: Vec<u8>,
    depth: usize,
    went: io::Result<()>,
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("went", &self.went).finish()
    }
}

impl Writer<'_> {
    /// Writes what is JSON already.
    pub(crate) fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn open(&mut self, bracket: &str) {
        self.put(bracket);
        self.depth = self.depth.saturating_add(1);
    }

    /// Before a key, or an item of a list.
    pub(crate) fn item(&mut self, first: bool) {
        if !first {
            self.put(",");
        }
        self.line();
    }

    pub(crate) fn close(&mut self, bracket: &str, empty: bool) {
        self.depth = self.depth.saturating_sub(1);
        if !empty {
            self.line();
        }
        self.put(bracket);
    }

    /// Writes a list, item by item.
    pub(crate) fn list<T: Json>(&mut self, items: impl Iterator<Item = T>) {
        self.open("[");
        let mut empty = true;
        for item in items {
            self.item(empty);
            item.write(self);
            empty = false;
            if self.text.len() >= ENOUGH {
                self.pass_on();
            }
        }
        self.close("]", empty);
    }

    fn line(&mut self) {
        let line = BREAK.get(..=self.depth.saturating_mul(2));
        self.put(line.unwrap_or(BREAK));
    }

    fn pass_on(&mut self) {
        if self.went.is_ok() {
            self.went = self.out.write_all(&self.text);
        }
        self.text.clear();
    }
}

impl<T: Json> Json for Vec<T> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.list(self.iter());
    }
}

impl<T: Json> Json for Option<T> {
    fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Some(value) => value.write(writer),
            None => writer.put("null"),
        }
    }

    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl Json for Cow<'_, str> {
    fn write(&self, writer: &mut Writer<'_>) {
        text::put(&mut writer.text, self);
    }
}

impl<T: Json> Json for &T {
    fn write(&self, writer: &mut Writer<'_>) {
        T::write(self, writer);
    }
}

/// A word of our own, which needs no escapes.
impl Json for &'static str {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.put("\"");
        writer.put(self);
        writer.put("\"");
    }
}

impl Json for bool {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.put(if *self { "true" } else { "false" });
    }
}

impl Json for u8 {
    fn write(&self, writer: &mut Writer<'_>) {
        text::put_number(&mut writer.text, (*self).into());
    }
}

impl Json for u32 {
    fn write(&self, writer: &mut Writer<'_>) {
        text::put_number(&mut writer.text, (*self).into());
    }
}

impl Json for usize {
    fn write(&self, writer: &mut Writer<'_>) {
        text::put_number(&mut writer.text, *self as u64);
    }
}

impl Json for f64 {
    fn write(&self, writer: &mut Writer<'_>) {
        match self.is_finite() {
            true => writer.put(&format!("{self:?}")),
            false => writer.put("null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::Positions;
    use crate::shape::{End, Factor, Place, Point, Text};

    #[track_caller]
    fn check(shape: &impl Json, expected: &str) {
        let mut out = Vec::new();
        super::write(shape, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    fn point(evidence: Vec<u32>) -> Point<'static> {
        Point {
            key: "GET /orders".into(),
            status: "exposed",
            guard: None,
            by_default: Some(true),
            absorbed_by: None,
            decision: None,
            evidence: Positions(evidence),
        }
    }

    #[test]
    fn keys_and_items_stand_on_lines_of_their_own() {
        let expected = r#"[
  {
    "key": "GET /orders",
    "status": "exposed",
    "by_default": true,
    "evidence": [0, 2]
  },
  {
    "key": "GET /orders",
    "status": "exposed",
    "by_default": true,
    "evidence": []
  }
]
"#;
        check(&vec![point(vec![0, 2]), point(vec![])], expected);
        check(&Vec::<u32>::new(), "[]\n");
    }

    #[test]
    fn what_is_small_stands_on_one_line() {
        let place = Place {
            file: "a \"b\".yaml".into(),
            line: 12,
            column: 3,
            end: End {
                line: 12,
                column: 40,
            },
            role: "here",
        };
        let expected = r#"[
  {"file": "a \"b\".yaml", "line": 12, "column": 3, "end": {"line": 12, "column": 40}, "role": "here"}
]
"#;
        check(&vec![place], expected);
        let factor = |weight| Factor {
            name: "reach".into(),
            finding: "far".into(),
            weight,
        };
        let expected = r#"[
  {"name": "reach", "finding": "far", "weight": 1.0},
  {"name": "reach", "finding": "far", "weight": 0.25},
  {"name": "reach", "finding": "far", "weight": null}
]
"#;
        let factors = [1.0, 0.25, f64::NAN].into_iter().map(factor);
        check(&factors.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn long_lists_are_written_whole() {
        let long: Vec<Text<'_>> = (0..20_000).map(|n| n.to_string().into()).collect();
        let lines = long.iter().map(|text| format!("  \"{text}\""));
        let expected = format!("[\n{}\n]\n", lines.collect::<Vec<_>>().join(",\n"));
        check(&long, &expected);
    }
}
