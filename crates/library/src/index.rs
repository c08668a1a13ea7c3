//! Which entries concern which kind: worked out once when loaded.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A threat of the library, by its place in [`Library::threats`](crate::Library).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct ThreatIndex(pub u32);

/// A countermeasure of the library, by its place in
/// [`Library::countermeasures`](crate::Library).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct CountermeasureIndex(pub u32);

/// The threats that concern each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// For each of [`Library::kinds`](crate::Library), in the same order: the
    /// threats to judge, by id, deprecated ones left out.
    pub by_kind: Vec<Vec<Applied>>,
}

/// A threat on a kind, or on each part of one group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Applied {
    /// The threat.
    pub threat: ThreatIndex,
    /// The fact that lists the parts to judge one by one; none: the component.
    pub part: Option<Arc<str>>,
}
