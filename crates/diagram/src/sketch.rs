//! What a picture shows, before anything has a place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_model::{FlowKind, Strength};

use crate::Mark;

/// Boxes and lines. Boxes are sorted by key, lines by the keys of their ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    /// From the least trusted to the most.
    pub zones: Vec<Zone>,
    /// Bands of rows from top to bottom.
    pub lanes: Vec<Lane>,
    pub nodes: Vec<Node>,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub(crate) struct Zone {
    pub id: Arc<str>,
    pub name: Arc<str>,
}

/// A band of rows.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    pub kind: LaneKind,
    pub name: Arc<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LaneKind {
    /// Those who call from outside: their columns run over the whole height.
    Callers,
    /// A system, with a frame of its own.
    System,
    /// What belongs to no system, or to several.
    Shared,
    /// What is only called and less trusted than its callers: under them.
    Called,
}

/// A box.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The id of the component, or of the first of several.
    pub key: Arc<str>,
    pub name: Arc<str>,
    pub kind: Arc<str>,
    pub kind_name: Arc<str>,
    pub zone: usize,
    pub lane: usize,
    /// Named but not declared.
    pub outside: bool,
    /// When it exists, in words, if not always.
    pub condition: Option<Arc<str>>,
    pub mark: Option<Mark>,
    pub badges: Vec<Badge>,
    /// The components drawn together in it; empty for a component alone.
    pub rows: Vec<Row>,
    /// Those it has no row for.
    pub hidden: Vec<Row>,
}

impl Node {
    /// The ids of the components it stands for.
    pub(crate) fn components(&self) -> Vec<&Arc<str>> {
        match self.rows.as_slice() {
            [] => vec![&self.key],
            rows => rows
                .iter()
                .chain(&self.hidden)
                .flat_map(|row| &row.keys)
                .collect(),
        }
    }
}

/// A component drawn on what uses it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Badge {
    pub kind: Arc<str>,
    pub kind_name: Arc<str>,
    pub key: Arc<str>,
    pub name: Arc<str>,
    pub outside: bool,
    /// The component's index, to find its mark by.
    pub component: usize,
}

/// A line of a box that holds several.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The ids of the components it stands for.
    pub keys: Vec<Arc<str>>,
    pub name: Arc<str>,
    pub mark: Option<Mark>,
}

/// One or more flows from box to box that are drawn alike.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub source: usize,
    pub destination: usize,
    pub look: Look,
    pub strength: Strength,
    /// What the flows are.
    pub kinds: BTreeSet<FlowKind>,
    /// What the flows are labelled, each once, sorted.
    pub labels: BTreeSet<Arc<str>>,
    /// The ids of the flows.
    pub flows: BTreeSet<Arc<str>>,
    /// None of them exists always.
    pub conditional: bool,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    Call,
    Access,
    Delivery,
}

impl Look {
    pub(crate) fn of(kind: FlowKind) -> Self {
        match kind {
            FlowKind::Trigger | FlowKind::Call => Look::Call,
            FlowKind::Access => Look::Access,
            FlowKind::Delivery => Look::Delivery,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Look::Call => "call",
            Look::Access => "access",
            Look::Delivery => "delivery",
        }
    }
}

/// The lines with those between the same boxes as one: where they look alike,
/// and where one calls and one reads or writes, each as surely as the other.
pub(crate) fn join(lines: impl IntoIterator<Item = Line>) -> Vec<Line> {
    let mut joined: BTreeMap<(usize, usize, Look), Line> = BTreeMap::new();
    for line in lines {
        let key = (line.source, line.destination, line.look);
        match joined.remove(&key) {
            Some(known) => joined.insert(key, one(known, line)),
            None => joined.insert(key, line),
        };
    }
    let mut lines: Vec<Line> = Vec::with_capacity(joined.len());
    for line in joined.into_values() {
        let before = lines.pop_if(|before| {
            let ends = (before.source, before.destination) == (line.source, line.destination);
            ends && before.strength == line.strength && line.look == Look::Access
        });
        lines.push(match before {
            Some(before) => one(before, line),
            None => line,
        });
    }
    lines
}

fn one(mut line: Line, other: Line) -> Line {
    line.strength = line.strength.min(other.strength);
    line.conditional &= other.conditional;
    line.kinds.extend(other.kinds);
    line.labels.extend(other.labels);
    line.flows.extend(other.flows);
    line
}
