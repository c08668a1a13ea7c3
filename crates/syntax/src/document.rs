//! One document: an arena of nodes that borrow the file's text.
//!
//! Flat, so that neither walking nor dropping a deep document can overflow the
//! stack. Made by the builder, walked through [`Node`].

use std::ops::Range;
use std::sync::Arc;

use underbelly_source::{FileId, Span};

use crate::comment::{self, Comment};
use crate::node::Node;

/// How a document was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML.
    Yaml,
    /// JSON, perhaps with comments and trailing commas.
    Json,
}

/// One document of a file, as a tree of values that know their place.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) file: FileId,
    pub(crate) format: Format,
    pub(crate) whole: bool,
    pub(crate) text: Arc<str>,
    pub(crate) root: NodeId,
    pub(crate) nodes: Vec<Data>,
    /// Children of all sequences, each sequence's in one run.
    pub(crate) items: Vec<NodeId>,
    /// Keys and values of all mappings, each mapping's in one run.
    pub(crate) entries: Vec<(NodeId, NodeId)>,
    /// For large mappings: places in `entries`, sorted by key.
    pub(crate) order: Vec<u32>,
    /// Texts that differ from how they are written, one after the other.
    pub(crate) decoded: String,
    pub(crate) comments: Vec<Range<u32>>,
}

impl Document {
    /// The topmost value.
    pub fn root(&self) -> Node<'_> {
        Node::new(self, self.root)
    }

    /// The file it was read from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// How it was written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether it was read to its end; `false` after a syntax error or a limit.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Its comments, in the order of the file.
    pub fn comments(&self) -> impl Iterator<Item = Comment<'_>> {
        self.comments.iter().map(|range| Comment {
            span: Span::new(self.file, range.start, range.end),
            text: comment::words(self.source(range.start, range.end)),
        })
    }

    /// The file's text between two bytes; empty where they do not fit.
    pub(crate) fn source(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    pub(crate) fn data(&self, id: NodeId) -> &Data {
        self.nodes.get(id.0 as usize).unwrap_or(&Data::NOTHING)
    }

    /// The node meant: an alias stands for what it names, which is no alias.
    pub(crate) fn resolve(&self, id: NodeId) -> NodeId {
        match self.data(id).shape {
            Shape::Alias(target) => target,
            _ => id,
        }
    }

    /// The text of a scalar; `None` for a collection.
    pub(crate) fn scalar(&self, data: &Data) -> Option<&str> {
        match data.shape {
            Shape::Scalar { text, .. } => Some(match text {
                Text::Written(start, end) => self.source(start, end),
                Text::Decoded(start, end) => {
                    self.decoded.get(start as usize..end as usize).unwrap_or("")
                }
            }),
            _ => None,
        }
    }
}

/// The place of a node in its document's arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(pub(crate) u32);

#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) tag: Option<(u32, u32)>,
    pub(crate) shape: Shape,
}

impl Data {
    /// What an id that is not here stands for.
    const NOTHING: Data = Data {
        start: 0,
        end: 0,
        tag: None,
        shape: Shape::Scalar {
            style: Style::Plain,
            text: Text::Decoded(0, 0),
        },
    };
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Scalar {
        style: Style,
        text: Text,
    },
    Sequence {
        from: u32,
        to: u32,
    },
    Mapping {
        from: u32,
        to: u32,
        order: Option<u32>,
    },
    Alias(NodeId),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|` or `>`.
    Block,
    /// A JSON string.
    Json,
}

/// Where a scalar's text stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    /// In the file, as it is.
    Written(u32, u32),
    /// In the document's `decoded`.
    Decoded(u32, u32),
}
