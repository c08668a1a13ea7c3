//! The files of one analysis: their texts, and bytes to lines and columns.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::lines::Lines;
use crate::{FileId, Position, Span};

/// A file: a path (forward slashes) and its text.
#[derive(Debug)]
pub struct SourceFile {
    path: Arc<str>,
    shown: Arc<str>,
    text: Arc<str>,
    /// Made when a position is asked for.
    lines: OnceLock<Lines>,
}

impl SourceFile {
    /// The path by which files refer to each other.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The path as people would write it where they are.
    pub fn shown(&self) -> &Arc<str> {
        &self.shown
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }
}

/// All files of one analysis, in the order they were added.
///
/// A file has two paths. By `path` files refer to each other; it is the same
/// wherever the analysis is started from, so names are made from it. `shown` is
/// what people would write where they are, and is only for them.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<SourceFile>,
    by_path: HashMap<Arc<str>, FileId>,
    /// Beginnings of paths and what people see in their stead.
    shown_as: Vec<(String, String)>,
}

impl Files {
    /// From now on, shows paths that begin with `path` as beginning with `shown`.
    pub fn show_as(&mut self, path: impl Into<String>, shown: impl Into<String>) {
        self.shown_as.push((path.into(), shown.into()));
    }

    /// How a path is shown to people.
    pub fn show(&self, path: &str) -> String {
        let found = self.shown_as.iter().find_map(|(from, to)| {
            let rest = path.strip_prefix(from.as_str())?;
            Some(format!("{to}{rest}"))
        });
        found.unwrap_or_else(|| path.to_owned())
    }

    /// Adds a file; the same path again gives the first one's id.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let path = path.into();
        if let Some(id) = self.by_path.get(&path) {
            return *id;
        }
        let id = FileId(self.files.len() as u32);
        self.by_path.insert(path.clone(), id);
        self.files.push(SourceFile {
            shown: self.show(&path).into(),
            path,
            text: text.into(),
            lines: OnceLock::new(),
        });
        id
    }

    /// The file with this id, if it is one of these.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The file of this path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The path of a file, by which files refer to each other; empty for one
    /// that is not here.
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.path)
    }

    /// The path of a file as people would write it; empty for one that is not here.
    pub fn shown(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.shown)
    }

    /// The text of a file; empty for one that is not here.
    pub fn text(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.text)
    }

    /// The text in a span; empty where the span does not fit the file.
    pub fn excerpt(&self, span: Span) -> &str {
        self.text(span.file)
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Line and column of a span's first byte.
    pub fn position(&self, span: Span) -> Position {
        self.position_at(span.file, span.start)
    }

    /// Line and column of a span's end.
    pub fn end_position(&self, span: Span) -> Position {
        self.position_at(span.file, span.end)
    }

    /// Line and column of a span's first byte and of its end.
    pub fn range(&self, span: Span) -> (Position, Position) {
        match self.get(span.file) {
            Some(source) => source.lines().range(&source.text, span.start, span.end),
            None => (self.position(span), self.end_position(span)),
        }
    }

    /// A line's text without its break; `line` counts from 1.
    pub fn line(&self, file: FileId, line: u32) -> &str {
        let Some(source) = self.get(file) else {
            return "";
        };
        let starts = source.lines().starts();
        let Some(start) = starts.get((line as usize).wrapping_sub(1)) else {
            return "";
        };
        let end = starts
            .get(line as usize)
            .map_or(source.text.len(), |next| *next as usize);
        source
            .text
            .get(*start as usize..end)
            .unwrap_or("")
            .trim_end_matches(['\n', '\r'])
    }

    /// Every file with its id, in order of addition.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        let numbered = self.files.iter().enumerate();
        numbered.map(|(index, file)| (FileId(index as u32), file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    fn position_at(&self, file: FileId, at: u32) -> Position {
        let Some(source) = self.get(file) else {
            return Position { line: 1, column: 1 };
        };
        source.lines().position(&source.text, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_not_bytes() {
        let mut files = Files::default();
        let id = files.add("a.yaml", "é: x\r\nb: ü\n");
        assert_eq!(files.position(Span::new(id, 4, 5)).to_string(), "1:4");
        assert_eq!(files.position(Span::new(id, 7, 8)).to_string(), "2:1");
        assert_eq!(files.line(id, 1), "é: x");
        assert_eq!(files.line(id, 2), "b: ü");
        assert_eq!(files.line(id, 9), "");
    }

    #[test]
    fn a_file_is_shown_as_people_would_write_it() {
        let mut files = Files::default();
        files.show_as("orders/", "../shop/orders/");
        let id = files.add("orders/src/template.yaml", "");
        assert_eq!(files.path(id), "orders/src/template.yaml");
        assert_eq!(files.shown(id), "../shop/orders/src/template.yaml");
    }

    #[test]
    fn spans_that_do_not_fit_are_empty_not_panics() {
        let mut files = Files::default();
        let id = files.add("a.yaml", "é");
        assert_eq!(files.excerpt(Span::new(id, 1, 900)), "");
        assert_eq!(files.excerpt(Span::new(FileId(7), 0, 1)), "");
        assert_eq!(files.position(Span::new(id, 900, 901)).line, 1);
    }
}
