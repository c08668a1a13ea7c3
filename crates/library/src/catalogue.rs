//! The catalogue: which resource types become which kind of component, what
//! they are called by, and where their simple facts stand.
//!
//! One entry is one file, `library/catalogue/<provider>/<service>/<thing>.yaml`.
//! It says *where* facts stand in the provider's words; what follows from them is
//! for threats to say. Properties are named by dotted paths; a path goes through
//! lists as if each item stood there alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use underbelly_expression::Expression;

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
    /// Why it is neither drawn nor read, for what is known and left out.
    pub left_out: Option<Arc<str>>,
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
    /// For a satellite that names not what it belongs to: types whose resources
    /// name it by a property, and belong to the same.
    pub through: Vec<(Arc<str>, Arc<str>)>,
    /// What else its facts may speak of.
    pub given: Vec<Given>,
    /// Its facts.
    pub facts: Vec<FactRule>,
    /// Its parts.
    pub parts: Vec<PartRule>,
    /// What it hands on.
    pub flows: Vec<FlowRule>,
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
    /// Up to the next `:`; written `{colon}`.
    Colon,
    /// All of it; written `{rest}`.
    Rest,
    /// Up to the next `:`, without the six random characters the provider adds; written `{secret}`.
    Secret,
}

/// A name beside the properties, for facts to speak of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The name, in lower case, such as `invoke_config`.
    pub name: Arc<str>,
    /// Where it comes from.
    pub from: GivenFrom,
}

/// Where a name beside the properties comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GivenFrom {
    /// The properties of satellites of these types that lead here.
    Attached {
        /// Their types.
        resources: Vec<Arc<str>>,
        /// Their properties that lead here.
        by: Vec<Arc<str>>,
        /// Whether there may be several: it is then a list.
        many: bool,
    },
    /// The properties of the resource that a property leads to.
    Followed {
        /// The property, or one of a name given before.
        path: Arc<str>,
        /// What types a bare name there may name.
        resources: Vec<Arc<str>>,
    },
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactRule {
    /// The fact.
    pub name: Arc<str>,
    /// Where it comes from.
    pub source: FactSource,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactSource {
    /// A property, translated.
    From(FromProperty),
    /// A condition over properties.
    Condition {
        /// The condition.
        condition: Expression,
        /// The names it uses.
        names: Vec<Arc<str>>,
        /// What properties are taken to be where they are not written.
        defaults: Vec<(Arc<str>, Otherwise)>,
    },
    /// A condition over facts and parts of the component itself.
    Over(Expression),
    /// The component that a property leads to, or the set of them.
    Refers {
        /// The properties.
        paths: Vec<Arc<str>>,
        /// The kinds a bare name may name; empty: the kind of the fact.
        kinds: Vec<Arc<str>>,
        /// Whether only what the model declares counts.
        declared: bool,
    },
    /// Values by conditions: the first that holds.
    Cases(Vec<Case>),
    /// Always the same, as the provider documents.
    Always(Otherwise),
    /// Several properties as one text, with a hyphen between different ones.
    Join {
        /// The properties.
        paths: Vec<Arc<str>>,
        /// What holds where none is written.
        absent: Option<Otherwise>,
    },
    /// Who leads here: types and their properties.
    PointedAtBy {
        /// Types and their properties.
        by: Vec<(Arc<str>, Vec<Arc<str>>)>,
        /// What holds where nobody does; left out: no, or nobody.
        absent: Option<Otherwise>,
    },
    /// Resources of these types that stand anywhere in the model: `any` of them
    /// fulfils the condition. For facts of the account.
    Anywhere {
        /// Their type.
        resource: Arc<str>,
        /// What must hold; left out: that there is one.
        condition: Option<Expression>,
        /// Properties whose texts are collected instead.
        collect: Vec<Arc<str>>,
        /// What must hold of each item that a text is collected from.
        each: Option<Expression>,
    },
}

/// A value where a condition over properties holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The value.
    pub value: Plain,
    /// The condition.
    pub condition: Expression,
    /// The names it uses.
    pub names: Vec<Arc<str>>,
}

/// A property as a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromProperty {
    /// The property; of several the first that is written.
    pub paths: Vec<Arc<str>>,
    /// What provider words stand for.
    pub map: Vec<(Arc<str>, Arc<str>)>,
    /// What any other word stands for.
    pub otherwise: Option<Arc<str>>,
    /// Whether the names of its entries are meant instead of their values.
    pub keys: bool,
    /// Whether the names of those of its entries that are `true` are meant.
    pub flags: bool,
    /// What holds where nothing is written; left out: absent, or unknown.
    pub absent: Option<Otherwise>,
}

/// What holds where nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// The value; none is unknown.
    pub value: Option<Plain>,
    /// Where the provider says so.
    pub source: Option<Arc<str>>,
    /// Since when, `YYYY-MM` or `YYYY-MM-DD`.
    pub since: Option<Arc<str>>,
}

/// A plain value as written in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plain {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// Text or a word of an enumeration.
    Text(Arc<str>),
    /// Several texts.
    List(Vec<Arc<str>>),
}

/// Where parts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRule {
    /// The fact that lists them, such as `stages`.
    pub group: Arc<str>,
    /// Where they come from.
    pub from: PartFrom,
    /// The properties that name one; empty: its own name, or its text.
    pub key: Vec<Arc<str>>,
    /// Those that name no owner, or this one, belong to the component of this name
    /// that every account has.
    pub default_owner: Option<Arc<str>>,
    /// Only those with this property.
    pub only: Option<Choice>,
    /// What else their facts may speak of.
    pub given: Vec<Given>,
    /// Their facts.
    pub facts: Vec<FactRule>,
}

/// Where parts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartFrom {
    /// The items or entries of a property. An item that is a map gives its
    /// properties; any other gives `value`; an entry gives `key` too.
    Property(Arc<str>),
    /// The resources of these types that lead here by one of these properties.
    Resources {
        /// Their types.
        resources: Vec<Arc<str>>,
        /// Their properties that lead here.
        by: Vec<Arc<str>>,
    },
    /// The parts of the same group of the components that these properties lead to.
    Borrowed(Vec<Arc<str>>),
}

/// What a component hands on to another because a property says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowRule {
    /// The property that leads to the receiver.
    pub to: Arc<str>,
    /// The kind of the receiver where only its name is known.
    pub kind: Arc<str>,
    /// What it is, in words.
    pub label: Arc<str>,
}

/// A snippet and what it must give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueExample {
    /// What it shows.
    pub case: Arc<str>,
    /// A CloudFormation template.
    pub template: Arc<str>,
    /// The logical id of the component; left out: the first one of the kind.
    pub component: Option<Arc<str>>,
    /// Facts and their values; a fact of a part is `group/key/fact`.
    pub expect: Vec<(Arc<str>, Arc<str>)>,
}

impl Address {
    /// Reads `service:prefix{name}`.
    pub fn parse(written: &str) -> Option<Self> {
        let (service, rest) = written.split_once(':')?;
        let (prefix, marker) = rest.split_once('{')?;
        let name = match marker {
            "name}" => NamePart::First,
            "last}" => NamePart::Last,
            "colon}" => NamePart::Colon,
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
    /// A catalogue of these entries. Of two with the same id the later counts.
    pub fn new(entries: impl IntoIterator<Item = CatalogueEntry>) -> Self {
        let by_id: BTreeMap<Arc<str>, CatalogueEntry> = entries
            .into_iter()
            .map(|entry| (entry.id.clone(), entry))
            .collect();
        let entries: Vec<CatalogueEntry> = by_id.into_values().collect();
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
        let found = self.by_type.get(kind);
        let found = match kind.split_once("::") {
            // Anybody may name types of custom resources.
            Some(("Custom", _)) => found.or_else(|| self.by_type.get("Custom::*")),
            _ => found,
        };
        let found = found.map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(|index| {
            let index = *index as usize;
            Some((index, self.entries.get(index)?))
        })
    }
}
