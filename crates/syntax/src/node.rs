//! One value of a document, and how to walk from it.
//!
//! A [`Node`] is two words and copies freely. An alias is walked as what it
//! names; the whole document, walked so, stays within the limit of nodes.

use std::fmt;
use std::ops::Range;

use underbelly_source::Span;

use crate::document::{Data, Document, NodeId, Shape, Style, Text};
use crate::{inner, scalar};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Nothing: `null`, `~`, or a key without value.
    Null,
    /// `true` or `false`, unquoted.
    Bool,
    /// A number, unquoted.
    Number,
    /// Any other scalar, and every quoted one.
    Text,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

impl Kind {
    /// What to call it in a message.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Null => "nothing",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::Text => "a text",
            Kind::Sequence => "a list",
            Kind::Mapping => "a mapping",
        }
    }
}

/// A tag such as `!Sub`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'d> {
    /// As written, with its `!`.
    pub name: &'d str,
    /// Where it stands.
    pub span: Span,
}

/// A key and its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'d> {
    /// A scalar; its text is the name.
    pub key: Node<'d>,
    /// What stands under it.
    pub value: Node<'d>,
}

impl<'d> Entry<'d> {
    /// The key's text.
    pub fn name(self) -> &'d str {
        self.key.text().unwrap_or("")
    }

    /// From the key to the end of the value; the key alone where a merge or an
    /// alias has the value stand elsewhere.
    pub fn span(self) -> Span {
        let (key, value) = (self.key.site(), self.value.site());
        if value.end < key.start {
            key
        } else {
            key.to(value)
        }
    }
}

/// A value of a document.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    /// As it stands; an alias is not followed yet.
    site: NodeId,
}

impl<'d> Node<'d> {
    pub(crate) fn new(document: &'d Document, site: NodeId) -> Self {
        Self { document, site }
    }

    fn data(self) -> &'d Data {
        self.document.data(self.document.resolve(self.site))
    }

    /// What it is. A scalar with a tag of its own is text, unless empty.
    pub fn kind(self) -> Kind {
        let data = self.data();
        match data.shape {
            Shape::Sequence { .. } => Kind::Sequence,
            Shape::Mapping { .. } => Kind::Mapping,
            Shape::Alias(_) => Kind::Null,
            Shape::Scalar { style, .. } => self.scalar_kind(style),
        }
    }

    fn scalar_kind(self, style: Style) -> Kind {
        let text = self.text().unwrap_or("");
        match self.tag().map(|tag| tag.name) {
            None if style == Style::Plain => scalar::kind(text),
            None | Some("!!str" | "!") => Kind::Text,
            Some("!!null") => Kind::Null,
            Some("!!bool") if scalar::boolean(text).is_some() => Kind::Bool,
            Some("!!int" | "!!float") if scalar::number(text).is_some() => Kind::Number,
            Some(_) if style == Style::Plain && text.is_empty() => Kind::Null,
            Some(_) => Kind::Text,
        }
    }

    /// Where the value stands, quotes and brackets included, tag excluded. For
    /// an alias: where what it names stands.
    pub fn span(self) -> Span {
        self.span_of(self.data())
    }

    /// Where it stands in its parent: an alias' own place, `*name`.
    pub fn site(self) -> Span {
        self.span_of(self.document.data(self.site))
    }

    /// Whether it is an alias, `*name`.
    pub fn is_alias(self) -> bool {
        matches!(self.document.data(self.site).shape, Shape::Alias(_))
    }

    fn span_of(self, data: &Data) -> Span {
        Span::new(self.document.file, data.start, data.end)
    }

    /// Its tag, such as `!Sub`.
    pub fn tag(self) -> Option<Tag<'d>> {
        let (start, end) = self.data().tag?;
        let written = self.document.source(start, end);
        let verbatim = written.strip_prefix("!<");
        let name = verbatim.and_then(|tag| tag.strip_suffix('>'));
        Some(Tag {
            name: name.unwrap_or(written),
            span: Span::new(self.document.file, start, end),
        })
    }

    /// The text of any scalar: decoded where quoted, as written for numbers,
    /// booleans and null. `None` for collections.
    pub fn text(self) -> Option<&'d str> {
        self.document.scalar(self.data())
    }

    /// Yes or no, from `true`, `no`, `"on"` and their like, quoted or not.
    pub fn boolean(self) -> Option<bool> {
        scalar::boolean(self.text()?)
    }

    /// The number it spells, quoted or not.
    pub fn number(self) -> Option<f64> {
        scalar::number(self.text()?)
    }

    /// The whole number it spells, quoted or not.
    pub fn integer(self) -> Option<i64> {
        scalar::integer(self.text()?)
    }

    /// Whether it is nothing.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether it is a scalar in quotes or a block (`|`, `>`), which are always text.
    pub fn is_quoted(self) -> bool {
        let shape = self.data().shape;
        matches!(shape, Shape::Scalar { style, .. } if style != Style::Plain)
    }

    /// Keys and values in the order written, duplicates included, merged ones
    /// last; nothing for other kinds.
    pub fn entries(self) -> impl ExactSizeIterator<Item = Entry<'d>> + DoubleEndedIterator {
        let run = match self.data().shape {
            Shape::Mapping { from, to, .. } => from as usize..to as usize,
            _ => 0..0,
        };
        let entries = self.document.entries.get(run).unwrap_or(&[]);
        entries.iter().map(move |pair| self.entry_of(pair))
    }

    /// The items of a list; nothing for other kinds.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'d>> + DoubleEndedIterator {
        let run = match self.data().shape {
            Shape::Sequence { from, to } => from as usize..to as usize,
            _ => 0..0,
        };
        let items = self.document.items.get(run).unwrap_or(&[]);
        items.iter().map(move |id| Node::new(self.document, *id))
    }

    /// How many entries or items it has; 0 for scalars.
    pub fn len(self) -> usize {
        match self.data().shape {
            Shape::Sequence { from, to } | Shape::Mapping { from, to, .. } => {
                to.saturating_sub(from) as usize
            }
            Shape::Scalar { .. } | Shape::Alias(_) => 0,
        }
    }

    /// Whether it has no entries and no items.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value under a key; of duplicates the last.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|entry| entry.value)
    }

    /// The key and value of that name; of duplicates the last.
    pub fn entry(self, key: &str) -> Option<Entry<'d>> {
        match self.data().shape {
            Shape::Mapping {
                from,
                to,
                order: Some(order),
            } => self.entry_by_order(key, order, to.saturating_sub(from)),
            _ => self.entries().rev().find(|entry| entry.name() == key),
        }
    }

    fn entry_by_order(self, key: &str, order: u32, len: u32) -> Option<Entry<'d>> {
        let order = order as usize..order as usize + len as usize;
        let order = self.document.order.get(order)?;
        let entry = |at: &u32| {
            let pair = self.document.entries.get(*at as usize)?;
            Some(self.entry_of(pair))
        };
        let name = |at: &u32| entry(at).map_or("", Entry::name);
        let after = order.partition_point(|at| name(at) <= key);
        let found = entry(order.get(after.checked_sub(1)?)?)?;
        (found.name() == key).then_some(found)
    }

    /// The value under keys, one below the other.
    pub fn find(self, path: &[&str]) -> Option<Node<'d>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The item at a place of a list, from 0.
    pub fn item(self, index: usize) -> Option<Node<'d>> {
        self.items().nth(index)
    }

    /// Where bytes of the decoded [`text`](Self::text) stand in the file, so
    /// that `${X}` inside a quoted or folded text can be underlined. The whole
    /// value where they cannot be found.
    pub fn inner_span(self, range: Range<usize>) -> Span {
        let data = self.data();
        let whole = self.span_of(data);
        let Shape::Scalar { style, text: place } = data.shape else {
            return whole;
        };
        let text = self.text().unwrap_or("");
        let (found, offset) = match place {
            Text::Written(start, _) => (inner::within(text, range), start),
            Text::Decoded(..) => {
                let raw = self.document.source(data.start, data.end);
                (inner::locate(raw, style, text, range), data.start)
            }
        };
        let at = |inside: usize| offset.saturating_add(inside as u32);
        found.map_or(whole, |found| {
            Span::new(whole.file, at(found.start), at(found.end))
        })
    }

    /// The document it belongs to.
    pub fn document(self) -> &'d Document {
        self.document
    }

    fn entry_of(self, pair: &(NodeId, NodeId)) -> Entry<'d> {
        Entry {
            key: Node::new(self.document, pair.0),
            value: Node::new(self.document, pair.1),
        }
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.span();
        write!(f, "{:?}@{}..{}", self.kind(), span.start, span.end)
    }
}
