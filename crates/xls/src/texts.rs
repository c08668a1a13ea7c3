//! The texts of all cells, each kept once and as long as a cell may be; what had
//! to be cut is noted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_source::Diagnostic;

use crate::{CHARACTERS, NAME, Sheet};

/// Texts by the order of their first use.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub texts: Vec<Arc<str>>,
    pub n_uses: u32,
    known: BTreeMap<Arc<str>, u32>,
}

#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub shared: Shared,
    pub cut: Vec<Diagnostic>,
}

impl Shared {
    fn place(&mut self, text: &str) -> u32 {
        self.n_uses = self.n_uses.saturating_add(1);
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let place = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.known.insert(text, place);
        place
    }
}

impl Texts {
    /// Where a cell's text stands in the table of texts.
    pub(crate) fn place(&mut self, sheet: &str, (row, column): (usize, usize), text: &str) -> u32 {
        let fits = cut(text, CHARACTERS);
        if let Some(cut) = &fits {
            let message = format!(
                "a text of the sheet `{sheet}` is cut after {CHARACTERS} characters: more do not fit into a cell"
            );
            let place = format!("{}{}", letters(column), row + 1);
            self.cut
                .push(Diagnostic::warning("text-cut", message).note(format!("in cell {place}")));
            return self.shared.place(cut);
        }
        self.shared.place(text)
    }

    /// Names of sheets as the format wants them: not too long, without certain
    /// signs, each once.
    pub(crate) fn names(&mut self, sheets: &[Sheet]) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let name = |(at, sheet): (usize, &Sheet)| {
            let allowed = |c: char| {
                !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control()
            };
            let plain: String = sheet.name.chars().filter(|c| allowed(*c)).collect();
            let plain = cut(&plain, NAME).unwrap_or(plain);
            let fits = !plain.is_empty() && !taken.contains(&plain.to_lowercase());
            let name = if fits {
                plain
            } else {
                format!("Sheet {}", at + 1)
            };
            if name != sheet.name {
                let message = format!("the sheet `{}` is called `{name}`", sheet.name);
                self.cut.push(Diagnostic::warning("sheet-renamed", message));
            }
            taken.insert(name.to_lowercase());
            name
        };
        sheets.iter().enumerate().map(name).collect()
    }
}

/// As much of a text as fits, an ellipsis for the rest; nothing where all of it does.
fn cut(text: &str, most: usize) -> Option<String> {
    // A character takes no more units of UTF-16 than bytes.
    if text.len() <= most || text.encode_utf16().count() <= most {
        return None;
    }
    let mut left = most.saturating_sub(1);
    let mut held = String::new();
    for character in text.chars() {
        let Some(rest) = left.checked_sub(character.len_utf16()) else {
            break;
        };
        left = rest;
        held.push(character);
    }
    held.push('…');
    Some(held)
}

/// What people call a column: `A`, `Z`, `AA`.
fn letters(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    match column / 26 {
        0 => letter(column).to_string(),
        n => format!("{}{}", letter(n - 1), letter(column)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (255, "IV")] {
            assert_eq!(letters(column), expected);
        }
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        for (text, most, expected) in [
            ("abc", 3, None),
            ("abcd", 3, Some("ab…")),
            ("å😀b", 4, None),
            ("😀😀", 3, Some("😀…")),
            ("😀😀😀", 4, Some("😀…")),
        ] {
            assert_eq!(cut(text, most).as_deref(), expected, "{text}");
        }
    }
}
