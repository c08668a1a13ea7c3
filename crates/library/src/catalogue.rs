//! The catalogue: which resource types become which kind of component, what
//! they are called by, and where their simple facts stand.
//!
//! One entry is one file, `library/catalogue/<provider>/<service>/<thing>.yaml`.
//! It says *where* facts stand in the provider's words; what follows from them is
//! for threats to say.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// All catalogue entries, by id, with what finds them quickly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The entries, sorted by id.
    entries: Vec<CatalogueEntry>,
    /// Entries by resource type; those with a choice first.
    by_type: BTreeMap<Arc<str>, Vec<u32>>,
}

/// What a resource type becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueEntry {
    /// Its id: its path below the catalogue, such as `aws/sqs/queue`.
    pub id: Arc<str>,
    /// The kind of component it becomes; none for a satellite, which only feeds
    /// facts of others.
    pub component: Option<Arc<str>>,
    /// The resource types, such as `AWS::SQS::Queue`.
    pub resources: Vec<Arc<str>>,
    /// Only resources with this property become it.
    pub only: Option<Choice>,
    /// The id of the zone it stands in, where that of its kind does not fit.
    pub zone: Option<Arc<str>>,
    /// Properties that name it.
    pub names: Vec<Arc<str>>,
    /// How its addresses are built.
    pub addresses: Vec<Address>,
    /// For a satellite: the properties that lead to what it belongs to, first present first.
    pub leads_to: Vec<Arc<str>>,
    /// The kinds a bare name there may name.
    pub leads_to_kinds: Vec<Arc<str>>,
}

/// A property that decides whether an entry is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The property.
    pub property: Arc<str>,
    /// The texts it may be; empty: anything, as long as it is written.
    pub is: Vec<Arc<str>>,
}

/// How an address names a resource: the service's prefix and where the name stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The service in the address, such as `dynamodb`.
    pub service: Arc<str>,
    /// What stands before the name, such as `table/`.
    pub prefix: Arc<str>,
    /// Which part of the rest is the name.
    pub name: NamePart,
}

/// Which part of an address is the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamePart {
    /// Up to the next `/` or `:`; written `{name}`.
    First,
    /// After the last `/`; written `{last}`.
    Last,
    /// All of it; written `{rest}`.
    Rest,
    /// Up to the next `:`, without the six random characters the provider adds; written `{secret}`.
    Secret,
}

impl Address {
    /// Reads `service:prefix{name}`.
    pub fn parse(written: &str) -> Option<Self> {
        let (service, rest) = written.split_once(':')?;
        let (prefix, marker) = rest.split_once('{')?;
        let name = match marker {
            "name}" => NamePart::First,
            "last}" => NamePart::Last,
            "rest}" => NamePart::Rest,
            "secret}" => NamePart::Secret,
            _ => return None,
        };
        Some(Self {
            service: service.into(),
            prefix: prefix.into(),
            name,
        })
    }
}

impl Catalogue {
    /// A catalogue of these entries.
    pub fn new(mut entries: Vec<CatalogueEntry>) -> Self {
        entries.sort_by(|one, other| one.id.cmp(&other.id));
        let mut by_type: BTreeMap<Arc<str>, Vec<u32>> = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            for kind in &entry.resources {
                by_type.entry(kind.clone()).or_default().push(index as u32);
            }
        }
        for found in by_type.values_mut() {
            let only = |index: &u32| {
                let entry = entries.get(*index as usize);
                entry.is_none_or(|entry| entry.only.is_none())
            };
            found.sort_by_key(only);
        }
        Self { entries, by_type }
    }

    /// The entries, by id.
    pub fn entries(&self) -> &[CatalogueEntry] {
        &self.entries
    }

    /// The entry of this number.
    pub fn entry(&self, index: usize) -> Option<&CatalogueEntry> {
        self.entries.get(index)
    }

    /// The entries a resource type may be, with their numbers, those that ask
    /// for a property first.
    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = (usize, &CatalogueEntry)> {
        let found = self.by_type.get(kind).map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(|index| {
            let index = *index as usize;
            Some((index, self.entries.get(index)?))
        })
    }
}
