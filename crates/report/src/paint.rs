//! Text on a terminal: width, colour, and nothing hostile.
//!
//! Names come from templates, and a template may come from a stranger: what
//! would steer a terminal or reorder a line is shown, not obeyed.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use underbelly_model::Band;
use unicode_width::UnicodeWidthStr;

/// How to write: how wide, and whether in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Columns.
    pub width: usize,
    /// Whether colours may be used.
    pub colour: bool,
}

impl Paper {
    /// Plain text of this width.
    pub const fn plain(width: usize) -> Self {
        Self {
            width,
            colour: false,
        }
    }

    /// The width lines are laid out for: not too narrow to lay out anything,
    /// not too wide to read.
    pub(crate) fn columns(self) -> usize {
        self.width.clamp(40, 140)
    }

    /// Whether there is no room for two things side by side.
    pub(crate) fn is_narrow(self) -> bool {
        self.columns() < 60
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.styled(Style::new().dimmed(), text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.styled(AnsiColor::Green.on_default(), text)
    }

    pub(crate) fn warn(self, text: &str) -> String {
        self.styled(AnsiColor::Yellow.on_default(), text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.styled(AnsiColor::Red.on_default(), text)
    }

    pub(crate) fn command(self, text: &str) -> String {
        self.styled(AnsiColor::Cyan.on_default(), text)
    }

    pub(crate) fn band(self, band: Band, text: &str) -> String {
        let style = match band {
            Band::Critical => AnsiColor::Red.on_default().bold(),
            Band::High => AnsiColor::Red.on_default(),
            Band::Medium => AnsiColor::Yellow.on_default(),
            Band::Low => AnsiColor::Blue.on_default(),
            Band::VeryLow => Style::new().dimmed(),
        };
        self.styled(style, text)
    }

    fn styled(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// The text with everything shown that would steer a terminal: control
/// characters, marks that reorder or hide text, and what is no text in XML.
pub fn clean(text: &str) -> Cow<'_, str> {
    // Most names are plain, and there are many.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.chars().any(hostile) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if hostile(character) {
            clean.extend(character.escape_default());
        } else {
            clean.push(character);
        }
    }
    Cow::Owned(clean)
}

fn hostile(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// How many columns a text takes; its colours take none.
pub(crate) fn columns_of(text: &str) -> usize {
    if !text.contains('\u{1b}') {
        return text.width();
    }
    let coloured = text.split('\u{1b}').enumerate();
    let shown = coloured.map(|(index, part)| match index {
        0 => part,
        _ => part.split_once('m').map_or("", |(_, rest)| rest),
    });
    shown.map(UnicodeWidthStr::width).sum()
}

/// The text cut to at most `columns`, with `…` where something was cut.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if columns_of(text) <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for character in text.chars() {
        let mut buffer = [0; 4];
        let width = columns_of(character.encode_utf8(&mut buffer));
        if used + width + 1 > columns {
            break;
        }
        used += width;
        cut.push(character);
    }
    cut.push('…');
    cut
}

/// The end of a path where all of it takes too much room: `…/api/template.yaml:12`.
pub(crate) fn tail(place: &str, room: usize) -> String {
    if columns_of(place) <= room {
        return place.to_owned();
    }
    let mut from = place.len();
    for (at, _) in place.rmatch_indices('/') {
        let fits = place.get(at..).is_some_and(|rest| columns_of(rest) < room);
        if !fits && from < place.len() {
            break;
        }
        from = at;
    }
    let end = place.get(from..).unwrap_or_default();
    if from < place.len() && columns_of(end) < room {
        return format!("…{end}");
    }
    // Not even the name fits.
    let mut from = place.len();
    let mut used = 1;
    for (at, character) in place.char_indices().rev() {
        let mut buffer = [0; 4];
        used += columns_of(character.encode_utf8(&mut buffer));
        if used > room.max(2) {
            break;
        }
        from = at;
    }
    format!("…{}", place.get(from..).unwrap_or_default())
}

/// Words wrapped to `columns`, each line after `indent` spaces, without the
/// first line's indent.
pub(crate) fn wrap(text: &str, columns: usize, indent: usize) -> String {
    let room = columns.saturating_sub(indent).max(20);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && columns_of(&line) + 1 + columns_of(word) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

/// Lines that are too long go on below, under the second column of a table or a
/// little further in. Commands to copy stay in one piece.
pub fn fit(text: &str, paper: Paper) -> String {
    let columns = paper.columns();
    let mut fitting = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (content, end) = match line.strip_suffix('\n') {
            Some(content) => (content, "\n"),
            None => (line, ""),
        };
        if columns_of(content) <= columns || content.contains("underbelly ") {
            fitting.push_str(content);
        } else {
            let own = content.len() - content.trim_start().len();
            let words = content.trim_start();
            let column = words.find("  ").map(|gap| {
                let after = words.get(gap..).unwrap_or_default();
                own + gap + after.len() - after.trim_start().len()
            });
            match column.filter(|column| *column <= columns / 2) {
                Some(column) => {
                    let (first, rest) = content.split_at_checked(column).unwrap_or((content, ""));
                    fitting.push_str(first);
                    fitting.push_str(&wrap(rest, columns, column));
                }
                None => {
                    let indent = if own <= columns / 2 { own } else { 4 };
                    let further = if own > 8 { indent } else { indent + 2 };
                    let _ = write!(fitting, "{:indent$}{}", "", wrap(words, columns, further));
                }
            }
        }
        fitting.push_str(end);
    }
    fitting
}

/// `1 function`, `3 functions`.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    let noun = if n == 1 { one } else { many };
    format!("{n} {noun}")
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The text with its first letter in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(clean("Orders"), "Orders");
        assert_eq!(clean("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(clean("safe\u{202e}exe"), "safe\\u{202e}exe");
        assert_eq!(clean("two\nlines"), "two\\nlines");
    }

    #[test]
    fn wide_letters_are_counted_as_wide() {
        assert_eq!(cut("注文テーブル", 7), "注文テ…");
        assert_eq!(cut("orders", 6), "orders");
    }

    #[test]
    fn words_wrap_within_the_width() {
        let text = "one two three four five six seven";
        assert_eq!(wrap(text, 24, 4), "one two three four\n    five six seven");
    }

    #[test]
    fn colours_take_no_room() {
        let paper = Paper {
            width: 80,
            colour: true,
        };
        assert_eq!(columns_of(&paper.bad("exposed")), 7);
        assert_eq!(columns_of(&format!("a {} b", paper.bold("c"))), 5);
    }

    #[test]
    fn long_lines_go_on_below() {
        let paper = Paper::plain(40);
        let text = "short\n  name  some words that go on and on and on\n  one two three four five six seven eight nine\n";
        let expected = "short\n  name  some words that go on and on and\n        on\n  one two three four five six seven\n    eight nine\n";
        assert_eq!(fit(text, paper), expected);
    }

    #[test]
    fn lists_read_like_sentences() {
        let items = ["a", "b", "c"].map(String::from);
        assert_eq!(listed(&items), "a, b and c");
        assert_eq!(listed(&items[..1]), "a");
    }
}
