//! The knowledge: kinds, catalogue, threats, countermeasures, standards and
//! dated data, loaded from YAML files and checked as a whole.
//!
//! One shape serves the built-in library, embedded compiled, and users' folders.

#![warn(missing_docs)]

mod catalogue;
mod condition;
mod countermeasure;
mod coverage;
mod data;
mod decider;
mod extract;
mod facts;
mod ids;
mod index;
mod kind;
mod load;
mod managed;
mod page;
mod published;
#[cfg(feature = "schema")]
mod schema;
mod sections;
mod template;
mod threat;
mod words;

pub use catalogue::{
    Address, Case, Catalogue, CatalogueEntry, CatalogueExample, Choice, FactRule, FactSource,
    FlowRule, FromProperty, Given, GivenFrom, NamePart, Otherwise, PartFrom, PartRule, Plain,
};
pub use condition::{AppliesTo, Path};
pub use countermeasure::{CountermeasureDef, Effort};
pub use coverage::{Coverage, OfKind, OfStandard, Tally, coverage};
pub use data::{
    ActionTable, Data, Gives, ResourceType, ResourceTypes, Runtime, SecretShape, ServiceActions,
    Words,
};
pub use extract::{Extract, Wanted};
pub use facts::facts_page;
pub use ids::ids_file;
pub use index::{Applied, CountermeasureIndex, Disabled, Index, ThreatIndex};
pub use kind::{By, CodeFact, FactDef, Kind, PartKind, Practice, Trait, Vocabulary, Word, Zone};
pub use load::{Fields, Knowledge, Sheet, is_date, load};
pub use managed::{ManagedCondition, ManagedPolicies, ManagedPolicy, ManagedStatement};
pub use page::{
    CataloguePage, CountermeasurePage, Decider, Example, Expect, Fix, Format, Harm, Outcome, Pages,
    Requirements, Sentence, Standard, Stride, ThreatPage,
};
pub use published::{
    AccessLevel, PublishedAction, PublishedActions, PublishedAddress, PublishedService, fits,
};
#[cfg(feature = "schema")]
pub use schema::schemas;
pub use template::{EntryKind, new_entry};
pub use threat::{Absorb, Deprecated, EntryStatus, Impact, Link, Lowers, Rate, ThreatDef};
pub use underbelly_model::Level;

use serde::{Deserialize, Serialize};
use underbelly_model::SamKnowledge;

/// The trait every component has.
pub(crate) const COMPONENT: &str = "component";

/// Everything known, checked: what one analysis judges by. What only people
/// read of it are its [`Pages`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Library {
    /// Kinds of components, by id.
    pub kinds: Vec<Kind>,
    /// Traits that several kinds share, by id.
    pub traits: Vec<Trait>,
    /// Kinds of parts, by id.
    pub parts: Vec<PartKind>,
    /// What only people know of the team, by name.
    pub practices: Vec<Practice>,
    /// Closed lists of words that facts may hold: abilities, narrowings, escalations.
    pub vocabularies: Vec<Vocabulary>,
    /// Trust zones, least trusted first.
    pub zones: Vec<Zone>,
    /// Which resource types become which kind of component.
    pub catalogue: Catalogue,
    /// Dated data and word lists.
    pub data: Data,
    /// What the serverless transform's shorthands stand for.
    pub sam: SamKnowledge,
    /// Threats, by id.
    pub threats: Vec<ThreatDef>,
    /// Countermeasures, by id.
    pub countermeasures: Vec<CountermeasureDef>,
    /// Entries somebody switched off, by id.
    pub disabled: Vec<Disabled>,
    /// Which threats concern which kind.
    pub index: Index,
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

    /// The threats to judge on a kind, by id.
    pub fn threats_for(&self, kind: &str) -> &[Applied] {
        let at = self.kinds.binary_search_by(|known| (*known.id).cmp(kind));
        let applied = at.ok().and_then(|at| self.index.by_kind.get(at));
        applied.map_or(&[], Vec::as_slice)
    }

    /// The threat at this place.
    pub fn threat_at(&self, index: ThreatIndex) -> Option<&ThreatDef> {
        self.threats.get(index.0 as usize)
    }

    /// The countermeasure at this place.
    pub fn countermeasure_at(&self, index: CountermeasureIndex) -> Option<&CountermeasureDef> {
        self.countermeasures.get(index.0 as usize)
    }

    /// The threat of this id.
    pub fn threat(&self, id: &str) -> Option<&ThreatDef> {
        let at = self.threats.binary_search_by(|def| (*def.id).cmp(id));
        self.threats.get(at.ok()?)
    }

    /// The countermeasure of this id.
    pub fn countermeasure(&self, id: &str) -> Option<&CountermeasureDef> {
        let defs = &self.countermeasures;
        let at = defs.binary_search_by(|def| (*def.id).cmp(id));
        defs.get(at.ok()?)
    }

    /// The trait of this id.
    pub fn trait_of(&self, id: &str) -> Option<&Trait> {
        let at = self.traits.binary_search_by(|found| (*found.id).cmp(id));
        self.traits.get(at.ok()?)
    }

    /// The part of this id, such as `route`.
    pub fn part(&self, id: &str) -> Option<&PartKind> {
        let at = self.parts.binary_search_by(|part| (*part.id).cmp(id));
        self.parts.get(at.ok()?)
    }

    /// The facts of a kind or trait with who declares each: its own, then those
    /// of its traits, then those of every component.
    pub fn facts_of<'l>(
        &'l self,
        id: &'l str,
    ) -> impl Iterator<Item = (&'l str, &'l FactDef)> + use<'l> {
        let kind = self.kind(id);
        let own = kind.map_or(&[][..], |kind| &kind.facts).iter();
        let traits = match kind {
            Some(kind) => &kind.traits[..],
            None => self.trait_of(id).map_or(&[][..], |found| &found.traits),
        };
        let names = (kind.is_none() && id != COMPONENT).then_some(id);
        let names = names.into_iter().chain(traits.iter().map(|name| &**name));
        let inherited = names
            .chain([COMPONENT])
            .filter_map(|name| self.trait_of(name))
            .flat_map(|found| found.facts.iter().map(|fact| (&*found.id, fact)));
        own.map(move |fact| (id, fact)).chain(inherited)
    }

    /// A fact of a kind or trait, its own or inherited.
    pub fn fact<'l>(&'l self, id: &'l str, name: &str) -> Option<&'l FactDef> {
        let mut facts = self.facts_of(id);
        facts
            .find(|(_, fact)| &*fact.name == name)
            .map(|(_, fact)| fact)
    }

    /// This with one entry alone to judge by: a threat, or none where the id is
    /// that of a countermeasure.
    pub fn with_only(&self, id: &str) -> Library {
        let mut alone = self.clone();
        for applied in &mut alone.index.by_kind {
            applied.retain(|applied| {
                let threat = self.threat_at(applied.threat);
                threat.is_some_and(|threat| *threat.id == *id)
            });
        }
        alone
    }

    /// Whether a kind is `name` or has the trait `name`.
    pub fn is(&self, kind: &str, name: &str) -> bool {
        kind == name
            || name == COMPONENT
            || self
                .kind(kind)
                .is_some_and(|kind| kind.traits.iter().any(|t| &**t == name))
    }
}
