//! A long text in sections, each found by its first word without reading the rest.
//!
//! A section begins with a line that does not begin with a space; all lines below it
//! do. The sections stand in the order of their first words, by bytes, and remarks
//! (`#`) only at the head. Nothing is parsed until somebody asks for a section, and
//! then only where each begins.

use std::borrow::Cow;
use std::sync::OnceLock;

/// The text, and where its sections begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sections {
    text: Cow<'static, str>,
    begin: usize,
    /// Where each section begins, once somebody asked.
    begins: OnceLock<Vec<usize>>,
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
        Self {
            text,
            begin,
            begins: OnceLock::new(),
        }
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
        let begins = self.begins();
        let found = begins.binary_search_by(|at| first_word(text, *at).cmp(name));
        self.section(found.ok()?)
    }

    /// All sections.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Section<'_>> {
        let n_sections = self.begins().len();
        (0..n_sections).filter_map(|index| self.section(index))
    }

    fn section(&self, index: usize) -> Option<Section<'_>> {
        let text = self.all();
        let begin = *self.begins().get(index)?;
        let next = self.begins().get(index.saturating_add(1));
        let whole = text.get(begin..next.copied().unwrap_or(text.len()))?;
        let (head, lines) = whole.split_once('\n')?;
        let (name, title) = head.split_once(' ').unwrap_or((head, ""));
        Some(Section { name, title, lines })
    }

    fn begins(&self) -> &[usize] {
        self.begins.get_or_init(|| {
            let text = self.all();
            let lines = text
                .match_indices('\n')
                .map(|(end, _)| end.saturating_add(1));
            let bytes = text.as_bytes();
            let heads = |at: &usize| !matches!(bytes.get(*at), Some(b' ') | None);
            std::iter::once(0).chain(lines).filter(heads).collect()
        })
    }

    fn all(&self) -> &str {
        self.text.get(self.begin..).unwrap_or_default()
    }
}

fn first_word(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.split([' ', '\n']).next().unwrap_or_default()
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
