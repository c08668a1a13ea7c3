//! Strict reading of files that people write: every key is known, everything
//! has the type it should have, and nothing is said twice.
//!
//! Readers ask a [`Sheet`] for values; what does not fit becomes a diagnostic at
//! its place, and the value is left out.

use std::sync::Arc;

use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::{Entry, Kind, Node};

use super::spelling::{did_you_mean, listed};

/// What is wrong with the files read so far.
#[derive(Debug, Default)]
pub struct Sheet {
    /// What was found, in the order it was met.
    pub problems: Vec<Diagnostic>,
    n_errors: usize,
}

/// A mapping of which all keys are known.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'d> {
    node: Node<'d>,
    /// What the mapping is, for messages: `the threat`.
    what: &'static str,
}

impl<'d> Fields<'d> {
    /// The value of a key; nothing where it is left out or empty.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.node.get(key).filter(|value| !value.is_null())
    }

    /// What to point at where something is missing.
    pub fn head(self) -> Span {
        head(self.node)
    }
}

/// The first key of a mapping, or the value itself.
pub(crate) fn head(node: Node<'_>) -> Span {
    let first = node.entries().next();
    first.map_or(node.span(), |entry| entry.key.span())
}

impl Sheet {
    /// Reports something wrong at a place.
    pub fn report(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.n_errors += 1;
        let problem = Diagnostic::error(code, message).at(span);
        self.problems.push_mut(problem)
    }

    /// How many errors were reported so far.
    pub fn n_errors(&self) -> usize {
        self.n_errors
    }

    /// A mapping whose keys are all among `known`.
    pub fn fields<'d>(
        &mut self,
        node: Node<'d>,
        what: &'static str,
        known: &[&str],
    ) -> Option<Fields<'d>> {
        if node.kind() != Kind::Mapping {
            self.wrong(node, what, "a mapping");
            return None;
        }
        for entry in node.entries() {
            if !known.contains(&entry.name()) {
                self.unknown_key(entry, what, known);
            }
        }
        Some(Fields { node, what })
    }

    fn unknown_key(&mut self, entry: Entry<'_>, what: &str, known: &[&str]) {
        let help = did_you_mean(entry.name(), known.iter().copied())
            .unwrap_or_else(|| format!("it may have {}", listed(known)));
        let message = format!("{what} has no `{}`", entry.name());
        self.report("unknown-key", entry.key.span(), message).help = Some(help);
    }

    /// A value that must be there.
    pub fn need<'d>(&mut self, fields: Fields<'d>, key: &str) -> Option<Node<'d>> {
        let found = fields.get(key);
        if found.is_none() {
            let written = fields.node.entry(key).map(|entry| entry.key.span());
            let message = format!("{} lacks `{key}`", fields.what);
            let place = written.unwrap_or_else(|| fields.head());
            self.report("missing-key", place, message);
        }
        found
    }

    /// A text that must be there; empty where it is not.
    pub fn needed_text(&mut self, fields: Fields<'_>, key: &str) -> Arc<str> {
        let node = self.need(fields, key);
        node.and_then(|node| self.text(node, key))
            .unwrap_or_default()
    }

    /// A text that may be left out.
    pub fn text_of(&mut self, fields: Fields<'_>, key: &str) -> Option<Arc<str>> {
        let node = fields.get(key)?;
        self.text(node, key)
    }

    /// The text of a scalar, without space around it.
    pub fn text(&mut self, node: Node<'_>, what: &str) -> Option<Arc<str>> {
        let text = match node.text() {
            Some(text) if !node.is_null() => text.trim(),
            _ => {
                self.wrong(node, &format!("`{what}`"), "a text");
                return None;
            }
        };
        if text.is_empty() {
            self.report("missing-key", node.span(), format!("`{what}` is empty"));
            return None;
        }
        Some(text.into())
    }

    /// A list of texts; nothing where it is left out.
    pub fn texts_of(&mut self, fields: Fields<'_>, key: &str) -> Vec<Arc<str>> {
        let items = self.items_of(fields, key);
        let texts = items.into_iter().map(|item| self.text(item, key));
        texts.flatten().collect()
    }

    /// The items of a list; nothing where it is left out.
    pub fn items_of<'d>(&mut self, fields: Fields<'d>, key: &str) -> Vec<Node<'d>> {
        let Some(node) = fields.get(key) else {
            return Vec::new();
        };
        if node.kind() != Kind::Sequence {
            self.wrong(node, &format!("`{key}`"), "a list");
            return Vec::new();
        }
        node.items().collect()
    }

    /// The entries of a mapping with free keys; nothing where it is left out.
    pub fn entries_of<'d>(&mut self, fields: Fields<'d>, key: &str) -> Vec<Entry<'d>> {
        let Some(node) = fields.get(key) else {
            return Vec::new();
        };
        self.entries(node, key)
    }

    /// The entries of a mapping with free keys.
    pub fn entries<'d>(&mut self, node: Node<'d>, what: &str) -> Vec<Entry<'d>> {
        if node.kind() != Kind::Mapping {
            self.wrong(node, &format!("`{what}`"), "a mapping");
            return Vec::new();
        }
        node.entries().collect()
    }

    /// Yes or no; no where it is left out.
    pub fn flag(&mut self, fields: Fields<'_>, key: &str) -> bool {
        let Some(node) = fields.get(key) else {
            return false;
        };
        if node.kind() == Kind::Bool {
            return node.boolean().unwrap_or(false);
        }
        self.wrong(node, &format!("`{key}`"), "`true` or `false`");
        false
    }

    /// A share from 0 to 1; 0 where it is left out.
    pub fn share(&mut self, fields: Fields<'_>, key: &str) -> f32 {
        let Some(node) = fields.get(key) else {
            return 0.0;
        };
        match node.number().filter(|share| (0.0..=1.0).contains(share)) {
            Some(share) if node.kind() == Kind::Number => share as f32,
            _ => {
                let message = format!("`{key}` is a share from 0 to 1");
                self.report("wrong-value", node.span(), message);
                0.0
            }
        }
    }

    /// A day, `YYYY-MM-DD`.
    pub fn date(&mut self, node: Node<'_>, what: &str) -> Option<Arc<str>> {
        let text = self.text(node, what)?;
        if is_date(&text) {
            return Some(text);
        }
        let message = format!("`{text}` is not a day");
        self.report("wrong-value", node.span(), message).help =
            Some("write it as `2026-01-31`".to_owned());
        None
    }

    /// One of a closed list of words.
    pub fn choice<T: Copy>(
        &mut self,
        node: Node<'_>,
        what: &str,
        choices: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(node, what)?;
        let found = choices.iter().find(|choice| word(**choice) == &*text);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|choice| word(*choice)).collect();
            let help = did_you_mean(&text, words.iter().copied())
                .unwrap_or_else(|| format!("it may be {}", listed(&words)));
            let message = format!("`{what}` cannot be `{text}`");
            self.report("wrong-value", node.span(), message).help = Some(help);
        }
        found.copied()
    }

    /// A name, alone or with settings: `waf` or `waf: { on: target }`.
    pub fn named<'d>(
        &mut self,
        node: Node<'d>,
        what: &str,
    ) -> Option<(Node<'d>, Option<Node<'d>>)> {
        let mut entries = node.entries();
        match (node.kind(), entries.next(), entries.next()) {
            (Kind::Mapping, Some(only), None) => {
                Some((only.key, Some(only.value).filter(|value| !value.is_null())))
            }
            (Kind::Text, None, None) => Some((node, None)),
            _ => {
                self.wrong(node, what, "a name, or a name with settings");
                None
            }
        }
    }

    /// Reports a value of the wrong type.
    pub fn wrong(&mut self, node: Node<'_>, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", node.kind().word());
        self.report("wrong-type", node.span(), message);
    }

    /// Reports aliases, merge keys and tags: these files are read by people who
    /// need not know them.
    pub fn refuse_cleverness(&mut self, root: Node<'_>) {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if let Some(tag) = node.tag() {
                let message = format!("the tag `{}` has no meaning here", tag.name);
                self.report("tag", tag.span, message);
            }
            let mut keys = node.entries().map(|entry| entry.key.site());
            if keys.any(|key| !node.span().covers(key)) {
                self.report("alias", head(node), "keys are merged from elsewhere")
                    .help =
                    Some("write them out: anchors and aliases are not used here".to_owned());
            }
            let values = node.entries().map(|entry| entry.value);
            for child in values.chain(node.items()) {
                if child.is_alias() {
                    self.report("alias", child.site(), "aliases are not used here")
                        .help = Some("write it out".to_owned());
                } else {
                    open.push(child);
                }
            }
        }
    }
}

/// Whether a text is a day as `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let mut parts = text.split('-').map(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        let number = part.parse::<u32>().ok().filter(|_| digits);
        number.map(|number| (part.len(), number))
    });
    let mut next = || parts.next().flatten();
    match (next(), next(), next(), parts.next()) {
        (Some((4, year)), Some((2, month)), Some((2, day)), None) => {
            year > 0 && (1..=days_in(year, month)).contains(&day)
        }
        _ => false,
    }
}

/// How many days a month has; none where there is no such month.
fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}
