//! The knowledge: kinds, catalogue, threats, countermeasures, standards and
//! dated data, loaded from YAML files and checked as a whole.
//!
//! One shape serves the built-in library, embedded compiled, and users' folders.

mod data;
mod kind;

pub use data::{ActionTable, Data, ManagedPolicy, Runtime, ServiceActions, Words};
pub use kind::{By, CodeFact, FactDef, Kind, PartKind, Trait, Zone};

use serde::{Deserialize, Serialize};
use underbelly_model::SamKnowledge;

/// Everything known, checked: what one analysis judges by.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Library {
    /// Kinds of components, by id.
    pub kinds: Vec<Kind>,
    /// Traits that several kinds share, by id.
    pub traits: Vec<Trait>,
    /// Kinds of parts, by id.
    pub parts: Vec<PartKind>,
    /// Trust zones, least trusted first.
    pub zones: Vec<Zone>,
    /// Dated data and word lists.
    pub data: Data,
    /// What the serverless transform's shorthands stand for.
    pub sam: SamKnowledge,
}

impl Library {
    /// The kind of this id.
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        let at = self
            .kinds
            .binary_search_by(|kind| (*kind.id).cmp(id))
            .ok()?;
        self.kinds.get(at)
    }

    /// Whether a kind is `name` or has the trait `name`.
    pub fn is(&self, kind: &str, name: &str) -> bool {
        kind == name
            || name == "component"
            || self
                .kind(kind)
                .is_some_and(|kind| kind.traits.iter().any(|t| &**t == name))
    }
}
