//! Where SVG is written: text escaped, numbers short.

use crate::measure::{Weight, clean, width};

/// Gives the commands of a path that looks like a text at a place.
pub(super) type Outline = fn(&str, f64, f64, f64, Weight) -> String;

#[derive(Debug)]
pub(super) struct Paper {
    svg: String,
    /// Draws letters where they are not left to the reader's fonts.
    outline: Option<Outline>,
}

impl Paper {
    pub(super) fn new(outline: Option<Outline>) -> Self {
        Self {
            svg: String::with_capacity(1 << 16),
            outline,
        }
    }

    pub(super) fn finish(self) -> String {
        self.svg
    }

    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &str) {
        self.svg.push_str(markup);
    }

    /// Text of anybody's, for content and attributes.
    pub(super) fn text(&mut self, text: &str) {
        for character in clean(text).chars() {
            match character {
                '&' => self.svg.push_str("&amp;"),
                '<' => self.svg.push_str("&lt;"),
                '>' => self.svg.push_str("&gt;"),
                '"' => self.svg.push_str("&quot;"),
                '\'' => self.svg.push_str("&#39;"),
                other => self.svg.push(other),
            }
        }
    }

    /// An attribute of the tag that is open, with text of anybody's.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.raw(&format!(" {name}=\""));
        self.text(value);
        self.raw("\"");
    }

    /// What is read out and shown when pointed at, from lines of anybody's.
    pub(super) fn title(&mut self, lines: &[String]) {
        self.raw("<title>");
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                self.raw("\n");
            }
            self.text(line);
        }
        self.raw("</title>");
    }

    /// A line of text that takes the room it was measured to take, whichever
    /// font the reader has.
    pub(super) fn label(
        &mut self,
        class: &str,
        x: f64,
        y: f64,
        text: &str,
        size: f64,
        weight: Weight,
    ) {
        if text.is_empty() {
            return;
        }
        if let Some(outline) = self.outline {
            let path = outline(text, x, y, size, weight);
            return self.raw(&format!("<path class=\"{class}\" d=\"{path}\"/>\n"));
        }
        let long = width(text, size, weight);
        self.raw(&format!(
            "<text class=\"{class}\" x=\"{}\" y=\"{}\" textLength=\"{}\" \
             lengthAdjust=\"spacingAndGlyphs\">",
            short(x),
            short(y),
            short(long)
        ));
        self.text(text);
        self.raw("</text>\n");
    }
}

/// A length with at most one digit after the point.
pub(super) fn short(length: f64) -> String {
    let tenths = (length * 10.0).round() / 10.0;
    format!("{tenths}")
}
