//! A long text in sections, each found by its first word without reading the rest.
//!
//! A section begins with a line that does not begin with a space; all lines below it
//! do. The sections stand in the order of their first words, by bytes, and remarks
//! (`#`) only at the head. Nothing is parsed until somebody asks for a section.

use std::borrow::Cow;
use std::cmp::Ordering;

/// The text, and where its sections begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sections {
    text: Cow<'static, str>,
    begin: usize,
}

/// One section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section<'t> {
    /// Its first word.
    pub(crate) name: &'t str,
    /// The rest of its first line.
    pub(crate) title: &'t str,
    /// The lines below.
    pub(crate) lines: &'t str,
}

impl Sections {
    pub(crate) fn new(text: Cow<'static, str>) -> Self {
        let remarks = text.split_inclusive('\n');
        let remarks = remarks.take_while(|line| line.starts_with('#'));
        let begin = remarks.map(str::len).sum();
        Self { text, begin }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// The day its remarks give as the one on which it was last compared.
    pub(crate) fn checked(&self) -> Option<&str> {
        let remarks = self.text.get(..self.begin).unwrap_or_default();
        let mut remarks = remarks.lines();
        remarks.find_map(|line| line.strip_prefix("# checked: "))
    }

    /// The section of this name.
    pub(crate) fn find(&self, name: &str) -> Option<Section<'_>> {
        let text = self.all();
        let (mut low, mut high) = (0, text.len());
        while low < high {
            let (at, section) = around(text, low, low.midpoint(high))?;
            match section.name.cmp(name) {
                Ordering::Equal => return Some(section),
                Ordering::Less => low = at.saturating_add(section.length()),
                Ordering::Greater => high = at,
            }
        }
        None
    }

    /// All sections.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Section<'_>> {
        let text = self.all();
        let mut at = 0;
        std::iter::from_fn(move || {
            let (begin, section) = around(text, at, at)?;
            at = begin.saturating_add(section.length());
            Some(section)
        })
    }

    fn all(&self) -> &str {
        self.text.get(self.begin..).unwrap_or_default()
    }
}

/// The section around `middle`, looked for no further back than `low`, with where
/// it begins.
fn around(text: &str, low: usize, middle: usize) -> Option<(usize, Section<'_>)> {
    let bytes = text.as_bytes();
    let begins = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        before == Some(&b'\n') && bytes.get(at) != Some(&b' ')
    };
    let mut at = middle;
    while at > low && !begins(at) {
        at = at.checked_sub(1)?;
    }
    let rest = text.get(at..)?;
    let (head, _) = rest.split_once('\n')?;
    let (name, title) = head.split_once(' ').unwrap_or((head, ""));
    let begin = head.len().saturating_add(1);
    let below = rest.get(begin..)?.split_inclusive('\n');
    let below = below.take_while(|line| line.starts_with(' '));
    let end = begin.saturating_add(below.map(str::len).sum());
    let section = Section {
        name,
        title,
        lines: rest.get(begin..end)?,
    };
    Some((at, section))
}

impl Section<'_> {
    fn length(&self) -> usize {
        let title = match self.title.is_empty() {
            true => 0,
            false => self.title.len().saturating_add(1),
        };
        let head = self.name.len().saturating_add(title).saturating_add(1);
        head.saturating_add(self.lines.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_found_and_nothing_else() {
        let text = "# checked: 2026-11-23\na one\n x\nb\nc three words\n y\n z\n";
        let sections = Sections::new(text.into());
        let names: Vec<&str> = sections.iter().map(|section| section.name).collect();
        assert_eq!(names, ["a", "b", "c"]);
        for name in names {
            assert_eq!(sections.find(name).map(|found| found.name), Some(name));
        }
        for name in ["", "ab", "d", " x", "#"] {
            assert_eq!(sections.find(name), None, "{name}");
        }
        let last = sections.find("c").unwrap();
        assert_eq!((last.title, last.lines), ("three words", " y\n z\n"));
        assert_eq!(sections.checked(), Some("2026-11-23"));
        assert!(Sections::default().is_empty() && !sections.is_empty());
    }
}
