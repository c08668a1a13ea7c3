//! From what a reader meets, in order, to a [`Document`], within the limits.
//!
//! Every node counts once where it stands and an alias counts as all it names,
//! so that walking the finished document through its aliases is bounded: an
//! alias that would exceed the limit is nothing, with a diagnostic. For the
//! same reason an alias of what encloses it, or one that nests too deep, is.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use underbelly_source::{Diagnostic, FileId, Limits, Span};

use crate::document::{Data, Document, Format, NodeId, Shape, Style, Text};

/// What stands before a value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Properties {
    pub(crate) tag: Option<(u32, u32)>,
    /// The reader's own number for an anchor, unique in the document.
    pub(crate) anchor: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collection {
    Sequence,
    Mapping,
}

#[derive(Debug)]
pub(crate) struct Builder {
    pub(crate) document: Document,
    pub(crate) problems: Vec<Diagnostic>,
    limits: Limits,
    root: Option<NodeId>,
    frames: Vec<Frame>,
    /// Children of the open collections, innermost last.
    pending: Vec<NodeId>,
    anchors: HashMap<usize, Anchor>,
    /// Nodes so far, aliases followed.
    total: usize,
    /// Open collections inside one that is left out.
    skipping: usize,
    too_deep_said: bool,
    too_many_said: bool,
    full: bool,
}

#[derive(Debug)]
struct Frame {
    node: NodeId,
    collection: Collection,
    /// Where its children begin in `pending`.
    from: usize,
    total_before: usize,
    /// Levels of collections below it.
    height: usize,
    anchor: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Anchor {
    node: NodeId,
    /// Nodes and levels it stands for; `None` while it is still open.
    extent: Option<(usize, usize)>,
}

impl Builder {
    pub(crate) fn new(file: FileId, text: &Arc<str>, format: Format, limits: &Limits) -> Self {
        Self {
            document: Document {
                file,
                format,
                whole: true,
                text: text.clone(),
                root: NodeId(u32::MAX),
                nodes: Vec::new(),
                items: Vec::new(),
                entries: Vec::new(),
                order: Vec::new(),
                decoded: String::new(),
                comments: Vec::new(),
            },
            problems: Vec::new(),
            limits: *limits,
            root: None,
            frames: Vec::new(),
            pending: Vec::new(),
            anchors: HashMap::new(),
            total: 0,
            skipping: 0,
            too_deep_said: false,
            too_many_said: false,
            full: false,
        }
    }

    /// Whether the limit of nodes is reached: nothing more is taken.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Where the innermost open collection begins.
    pub(crate) fn innermost(&self) -> Option<Span> {
        let frame = self.frames.last()?;
        let start = self.document.data(frame.node).start;
        Some(self.span(start..start.saturating_add(1)))
    }

    pub(crate) fn span(&self, range: Range<u32>) -> Span {
        Span::new(self.document.file, range.start, range.end)
    }

    pub(crate) fn comment(&mut self, range: Range<u32>) {
        self.document.comments.push(range);
    }

    /// A scalar; `text` is what it decodes to.
    pub(crate) fn scalar(&mut self, style: Style, at: Range<u32>, text: &str, of: Properties) {
        if self.skipping > 0 || !self.count(&at) {
            return;
        }
        let text = self.keep(style, &at, text);
        let id = self.push(at, of.tag, Shape::Scalar { style, text });
        if let Some(anchor) = of.anchor {
            let extent = Some((1, 0));
            self.anchors.insert(anchor, Anchor { node: id, extent });
        }
        self.place(id, 0);
    }

    /// The begin of a list or mapping.
    pub(crate) fn open(&mut self, collection: Collection, at: Range<u32>, of: Properties) {
        if self.skipping > 0 {
            self.skipping += 1;
            return;
        }
        if self.frames.len() >= self.limits.depth {
            self.skipping = 1;
            self.too_deep(&at);
            self.nothing(at);
            return;
        }
        let total_before = self.total;
        if !self.count(&at) {
            return;
        }
        let shape = match collection {
            Collection::Sequence => Shape::Sequence { from: 0, to: 0 },
            Collection::Mapping => Shape::Mapping {
                from: 0,
                to: 0,
                order: None,
            },
        };
        let node = self.push(at, of.tag, shape);
        if let Some(anchor) = of.anchor {
            self.anchors.insert(anchor, Anchor { node, extent: None });
        }
        self.frames.push(Frame {
            node,
            collection,
            from: self.pending.len(),
            total_before,
            height: 0,
            anchor: of.anchor,
        });
    }

    /// The end of the innermost collection; `None` where only its last child
    /// tells where it ends.
    pub(crate) fn close(&mut self, end: Option<u32>) {
        if self.skipping > 0 {
            self.skipping -= 1;
            return;
        }
        if self.full {
            return;
        }
        self.close_frame(end);
    }

    fn close_frame(&mut self, end: Option<u32>) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let children = self.pending.split_off(frame.from.min(self.pending.len()));
        let last = children.iter().map(|id| self.document.data(*id).end).max();
        if let Some(data) = self.document.nodes.get_mut(frame.node.0 as usize) {
            data.end = end.or(last).unwrap_or(data.end).max(data.end);
        }
        let shape = match frame.collection {
            Collection::Sequence => self.finish_sequence(&children),
            Collection::Mapping => self.finish_mapping(frame.node, &children),
        };
        if let Some(data) = self.document.nodes.get_mut(frame.node.0 as usize) {
            data.shape = shape;
        }
        let height = frame.height.saturating_add(1);
        if let Some(anchor) = frame
            .anchor
            .and_then(|anchor| self.anchors.get_mut(&anchor))
        {
            let extent = (self.total.saturating_sub(frame.total_before), height);
            anchor.extent = Some(extent);
        }
        self.place(frame.node, height);
    }

    fn finish_sequence(&mut self, children: &[NodeId]) -> Shape {
        let from = self.document.items.len() as u32;
        self.document.items.extend_from_slice(children);
        let to = self.document.items.len() as u32;
        Shape::Sequence { from, to }
    }

    /// `*name`, where `name` is known.
    pub(crate) fn alias(&mut self, anchor: usize, at: Range<u32>) {
        if self.skipping > 0 || self.full {
            return;
        }
        let span = self.span(at.clone());
        let Some(target) = self.anchors.get(&anchor).copied() else {
            let problem = Diagnostic::warning(
                "alias-of-nothing",
                "the alias names a part that was left out",
            );
            self.problems
                .push(problem.at(span).note("it is read as nothing"));
            return self.nothing(at);
        };
        let Some((n_nodes, height)) = target.extent else {
            self.problems.push(
                Diagnostic::error("alias-of-itself", "the alias names what encloses it")
                    .at(span)
                    .and(self.span_from(target.node), "which begins here")
                    .note("it is read as nothing")
                    .help("write the value out"),
            );
            return self.nothing(at);
        };
        if self.total.saturating_add(n_nodes) > self.limits.nodes {
            self.too_many(&at, "the aliases expand");
            return self.nothing(at);
        }
        if self.frames.len().saturating_add(height) > self.limits.depth {
            self.too_deep(&at);
            return self.nothing(at);
        }
        self.total = self.total.saturating_add(n_nodes);
        let id = self.push(at, None, Shape::Alias(target.node));
        self.place(id, height);
    }

    /// `*name`, where nothing has that name.
    pub(crate) fn unknown_alias(&mut self, name: &str, at: Range<u32>) {
        if self.skipping > 0 || self.full {
            return;
        }
        let message = format!("nothing is anchored as `{}`", shown(name));
        self.problems.push(
            Diagnostic::error("unknown-anchor", message)
                .at(self.span(at.clone()))
                .note("it is read as nothing")
                .help(format!(
                    "put `&{0}` before the value meant, earlier in the same document; quote a text that begins with `*`",
                    shown(name)
                )),
        );
        self.nothing(at);
    }

    /// The document, with whatever is still open closed; `None` if it holds no value.
    pub(crate) fn finish(mut self, whole: bool) -> (Option<Document>, Vec<Diagnostic>) {
        self.skipping = 0;
        while !self.frames.is_empty() {
            self.close_frame(None);
        }
        self.document.whole = whole && !self.too_many_said && !self.too_deep_said;
        self.document.comments.sort_by_key(|range| range.start);
        let document = self.root.map(|root| {
            self.document.root = root;
            self.document
        });
        (document, self.problems)
    }

    /// A node without value, standing for what could not be kept.
    pub(crate) fn nothing(&mut self, at: Range<u32>) {
        if self.count(&at) {
            let id = self.push_nothing(at);
            self.place(id, 0);
        }
    }

    pub(crate) fn push_nothing(&mut self, at: Range<u32>) -> NodeId {
        let shape = Shape::Scalar {
            style: Style::Plain,
            text: Text::Decoded(0, 0),
        };
        self.push(at, None, shape)
    }

    fn push(&mut self, at: Range<u32>, tag: Option<(u32, u32)>, shape: Shape) -> NodeId {
        let id = NodeId(self.document.nodes.len() as u32);
        self.document.nodes.push(Data {
            start: at.start,
            end: at.end,
            tag,
            shape,
        });
        id
    }

    /// Hands a finished node to the collection it stands in.
    fn place(&mut self, id: NodeId, height: usize) {
        match self.frames.last_mut() {
            Some(frame) => {
                frame.height = frame.height.max(height);
                self.pending.push(id);
            }
            None => {
                self.root.get_or_insert(id);
            }
        }
    }

    /// Where the text stands: in the file as it is, or decoded beside it.
    fn keep(&mut self, style: Style, at: &Range<u32>, text: &str) -> Text {
        let quote = match style {
            Style::Plain | Style::Block => 0,
            Style::SingleQuoted | Style::DoubleQuoted | Style::Json => 1,
        };
        let start = at.start.saturating_add(quote);
        let end = start.saturating_add(text.len() as u32);
        if self.document.source(start, end) == text {
            return Text::Written(start, end);
        }
        let start = self.document.decoded.len() as u32;
        self.document.decoded.push_str(text);
        Text::Decoded(start, self.document.decoded.len() as u32)
    }

    /// Counts one more node; `false` once there are too many.
    fn count(&mut self, at: &Range<u32>) -> bool {
        if self.full {
            return false;
        }
        if self.total >= self.limits.nodes {
            self.too_many(at, "the document grows");
            self.full = true;
            return false;
        }
        self.total += 1;
        true
    }

    /// Said once per document: an attack would otherwise say it many times.
    fn too_many(&mut self, at: &Range<u32>, what: &str) {
        if std::mem::replace(&mut self.too_many_said, true) {
            return;
        }
        let message = format!("{what} beyond {} values", self.limits.nodes);
        self.problems.push(
            Diagnostic::error("too-many-values", message)
                .at(self.span(at.clone()))
                .note("what exceeds the limit is left out")
                .help("split the document"),
        );
    }

    pub(crate) fn too_deep(&mut self, at: &Range<u32>) {
        if std::mem::replace(&mut self.too_deep_said, true) {
            return;
        }
        let message = format!("values nest deeper than {} levels", self.limits.depth);
        self.problems.push(
            Diagnostic::error("nested-too-deep", message)
                .at(self.span(at.clone()))
                .note("what lies deeper is left out, here and elsewhere in the document"),
        );
    }

    fn span_from(&self, node: NodeId) -> Span {
        let start = self.document.data(node).start;
        self.span(start..start.saturating_add(1))
    }
}

/// A name from the input, short enough for a message.
pub(crate) fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let begin: String = name.chars().take(LONGEST).collect();
    format!("{begin}…")
}
