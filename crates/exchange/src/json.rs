//! Our shapes as JSON for programs and for people who look into it.
//!
//! A key or item stands on a line of its own, two spaces a level; what is small
//! and comes in great number, such as a place, stands on one line whole. No text
//! steers a terminal or hides another: names may come from anybody. It knows
//! what the shapes need and no more: no maps, no bytes, no enums with content.

mod serializer;
mod text;

use std::fmt::{self, Display};
use std::io::{self, Write};

use serde::ser::{self, Serialize};

/// The shapes that stand on one line.
const ON_ONE_LINE: [&str; 7] = [
    "Place",
    "End",
    "Resource",
    "Zone",
    "Factor",
    "Unknown",
    "Positions",
];

/// A line break and the deepest indentation of our shapes, and more.
const BREAK: &str = "\n                                                                ";

/// So much is gathered before it is passed on.
const ENOUGH: usize = 1 << 16;

/// Writes a shape, and a line break after it.
pub(crate) fn write(shape: &impl Serialize, out: impl Write) -> io::Result<()> {
    let mut writer = Writer {
        out,
        text: Vec::with_capacity(ENOUGH + ENOUGH / 2),
        depth: 0,
        on_one_line: false,
    };
    shape.serialize(&mut writer).map_err(|failed| failed.0)?;
    writer.text.push(b'\n');
    writer.out.write_all(&writer.text)?;
    writer.out.flush()
}

struct Writer<W> {
    out: W,
    text: Vec<u8>,
    depth: usize,
    on_one_line: bool,
}

impl<W: Write> Writer<W> {
    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn line(&mut self) {
        let line = BREAK.get(..=self.depth.saturating_mul(2));
        self.put(line.unwrap_or(BREAK));
    }

    /// Before an item of a list or a key.
    fn item(&mut self, first: bool) {
        match (self.on_one_line, first) {
            (true, true) => {}
            (true, false) => self.put(", "),
            (false, true) => self.line(),
            (false, false) => {
                self.put(",");
                self.line();
            }
        }
    }

    fn open(&mut self, bracket: &str, name: &str) -> Open<'_, W> {
        self.put(bracket);
        let around = self.on_one_line;
        self.on_one_line = around || ON_ONE_LINE.contains(&name);
        self.depth = self.depth.saturating_add(1);
        Open {
            writer: self,
            around,
            first: true,
        }
    }
}

/// A list or an object that is being written.
struct Open<'a, W> {
    writer: &'a mut Writer<W>,
    /// Whether what it stands in is on one line.
    around: bool,
    first: bool,
}

impl<W: Write> Open<'_, W> {
    fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Failed> {
        self.writer.item(self.first);
        self.first = false;
        item.serialize(&mut *self.writer)?;
        if self.writer.text.len() >= ENOUGH {
            self.writer.out.write_all(&self.writer.text)?;
            self.writer.text.clear();
        }
        Ok(())
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Failed> {
        self.writer.item(self.first);
        self.first = false;
        self.writer.put("\"");
        self.writer.put(key);
        self.writer.put("\": ");
        value.serialize(&mut *self.writer)
    }

    fn close(self, bracket: &str) -> Result<(), Failed> {
        self.writer.depth = self.writer.depth.saturating_sub(1);
        if !self.first && !self.writer.on_one_line {
            self.writer.line();
        }
        self.writer.on_one_line = self.around;
        self.writer.put(bracket);
        Ok(())
    }
}

/// What stopped the writing.
#[derive(Debug)]
struct Failed(io::Error);

impl Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failed {}

impl ser::Error for Failed {
    fn custom<T: Display>(message: T) -> Self {
        Self(io::Error::other(message.to_string()))
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{End, Factor, Place, Point, Positions};

    #[track_caller]
    fn check(shape: &impl Serialize, expected: &str) {
        let mut out = Vec::new();
        write(shape, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    fn point(evidence: Vec<u32>) -> Point<'static> {
        Point {
            key: "GET /orders".into(),
            status: "exposed",
            guard: None,
            by_default: Some(true),
            absorbed_by: None,
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
        check(&[point(vec![0, 2]), point(vec![])].as_slice(), expected);
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
        check(&[place].as_slice(), expected);
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
        check(&[1.0, 0.25, f64::NAN].map(factor).as_slice(), expected);
    }

    #[test]
    fn long_lists_are_written_whole() {
        let long: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
        let lines = long.iter().map(|text| format!("  \"{text}\""));
        let expected = format!("[\n{}\n]\n", lines.collect::<Vec<_>>().join(",\n"));
        check(&long, &expected);
    }
}
