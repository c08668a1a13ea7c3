//! Which facts there are: kinds, traits, parts and vocabularies.
//!
//! Filled by whoever reads the kind files; asked by [`crate::check`] and by the
//! documentation. Nothing is built in except that every kind and trait has the
//! facts of the trait `component`, if there is one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::types::COMPONENT;
use crate::{FactType, Members, Type};

/// Everything a condition may name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    owners: BTreeMap<Arc<str>, Owner>,
    parts: BTreeMap<Arc<str>, Owner>,
    vocabularies: BTreeMap<Arc<str>, Members>,
}

/// A kind, a trait or a part, with the facts it declares itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// What it is.
    pub role: OwnerRole,
    /// The traits whose facts it has too.
    pub traits: Vec<Arc<str>>,
    /// Its own facts by name; a code fact is called `code.runs_shell`.
    pub facts: BTreeMap<Arc<str>, FactType>,
}

/// What can own facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OwnerRole {
    /// Components are of it.
    Kind,
    /// Kinds share it.
    Trait,
    /// It exists only inside a component.
    Part,
}

/// Where a condition is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScopeType {
    /// On a component of this kind or trait.
    Component(Arc<str>),
    /// On a part, inside a component of this kind or trait.
    Part {
        /// The name of the part, such as `route`.
        part: Arc<str>,
        /// The kind or trait of its owner.
        owner: Arc<str>,
    },
    /// Over the properties of a resource, loosely typed. The names are those it
    /// may have, where they are known.
    Properties(Option<BTreeSet<Arc<str>>>),
}

impl Schema {
    /// Adds a vocabulary: a closed list of values that types may name.
    pub fn add_vocabulary<V: Into<Arc<str>>>(
        &mut self,
        name: impl Into<Arc<str>>,
        values: impl IntoIterator<Item = V>,
    ) {
        let name = name.into();
        let members = Members {
            vocabulary: Some(name.clone()),
            values: values.into_iter().map(Into::into).collect(),
        };
        self.vocabularies.insert(name, members);
    }

    /// Adds a kind, a trait or a part without facts; false if there is one already.
    pub fn add_owner<T: Into<Arc<str>>>(
        &mut self,
        role: OwnerRole,
        name: impl Into<Arc<str>>,
        traits: impl IntoIterator<Item = T>,
    ) -> bool {
        let owner = Owner {
            role,
            traits: traits.into_iter().map(Into::into).collect(),
            facts: BTreeMap::new(),
        };
        let owners = match role {
            OwnerRole::Part => &mut self.parts,
            OwnerRole::Kind | OwnerRole::Trait => &mut self.owners,
        };
        let name = name.into();
        let new = !owners.contains_key(&name);
        if new {
            owners.insert(name, owner);
        }
        new
    }

    /// Declares a fact of a kind, trait or part by its notation. Vocabularies
    /// must have been added before.
    pub fn declare(&mut self, owner: &str, fact: &str, notation: &str) -> Result<(), String> {
        let declared = FactType::parse(notation, |name| self.vocabularies.get(name).cloned())?;
        self.declare_type(owner, fact, declared)
    }

    /// Declares a fact by its type.
    pub fn declare_type(
        &mut self,
        owner: &str,
        fact: &str,
        declared: FactType,
    ) -> Result<(), String> {
        let found = match self.owners.get_mut(owner) {
            Some(found) => found,
            None => self
                .parts
                .get_mut(owner)
                .ok_or_else(|| format!("there is no kind, trait or part `{owner}`"))?,
        };
        if found.facts.insert(fact.into(), declared).is_some() {
            return Err(format!("`{owner}` has the fact `{fact}` twice"));
        }
        Ok(())
    }

    /// The type of a fact of a kind or trait, inherited or its own.
    pub fn fact(&self, owner: &str, name: &str) -> Option<&FactType> {
        self.lineage(owner)
            .iter()
            .find_map(|owner| self.owners.get(*owner)?.facts.get(name))
    }

    /// The type of a fact of a part.
    pub fn part_fact(&self, part: &str, name: &str) -> Option<&FactType> {
        self.parts.get(part)?.facts.get(name)
    }

    /// Every fact of a kind or trait, inherited ones too, with who declares it.
    pub fn facts(&self, owner: &str) -> BTreeMap<&str, (&str, &FactType)> {
        let mut facts = BTreeMap::new();
        for owner in self.lineage(owner) {
            let Some((name, found)) = self.owners.get_key_value(owner) else {
                continue;
            };
            for (fact, declared) in &found.facts {
                facts.entry(&**fact).or_insert((&**name, declared));
            }
        }
        facts
    }

    /// Kinds and traits by name.
    pub fn owners(&self) -> impl Iterator<Item = (&str, &Owner)> {
        self.owners.iter().map(|(name, owner)| (&**name, owner))
    }

    /// Parts by name.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &Owner)> {
        self.parts.iter().map(|(name, part)| (&**name, part))
    }

    /// The part of this name.
    pub fn part(&self, name: &str) -> Option<&Owner> {
        self.parts.get(name)
    }

    /// The kind or trait of this name.
    pub fn owner(&self, name: &str) -> Option<&Owner> {
        self.owners.get(name)
    }

    /// The vocabularies by name.
    pub fn vocabularies(&self) -> impl Iterator<Item = (&str, &Members)> {
        self.vocabularies
            .iter()
            .map(|(name, members)| (&**name, members))
    }

    /// Whether this is a kind.
    pub fn is_kind(&self, name: &str) -> bool {
        matches!(self.owners.get(name), Some(owner) if owner.role == OwnerRole::Kind)
    }

    /// Whether `owner` is `wanted` itself or has it as a trait, directly or not.
    pub fn is_a(&self, owner: &str, wanted: &str) -> bool {
        self.lineage(owner).contains(&wanted)
    }

    /// The kinds that are this kind or have this trait, sorted.
    pub fn kinds_of(&self, owner: &str) -> impl Iterator<Item = &Arc<str>> {
        self.owners
            .iter()
            .filter(|(_, found)| found.role == OwnerRole::Kind)
            .map(|(name, _)| name)
            .filter(move |name| self.is_a(name, owner))
    }

    /// The owner itself, its traits, their traits and at last `component`, each once.
    fn lineage<'s>(&'s self, owner: &'s str) -> Vec<&'s str> {
        let mut lineage = vec![owner];
        let mut at = 0;
        while let Some(name) = lineage.get(at) {
            let traits = self
                .owners
                .get(*name)
                .map_or(&[][..], |owner| &owner.traits);
            for found in traits {
                if !lineage.contains(&&**found) {
                    lineage.push(found);
                }
            }
            at += 1;
        }
        // General facts come last, so that a kind or trait may be more exact.
        lineage.retain(|name| *name != COMPONENT);
        lineage.push(COMPONENT);
        lineage
    }

    /// Where an `applies-to` leads: `function`, `api`, or `function/admits`.
    pub fn scope(&self, applies_to: &str) -> Result<ScopeType, String> {
        let (owner, parts) = match applies_to.split_once('/') {
            Some((owner, parts)) => (owner, Some(parts)),
            None => (applies_to, None),
        };
        let Some((owner, _)) = self.owners.get_key_value(owner) else {
            return Err(format!("there is no kind or trait `{owner}`"));
        };
        let Some(parts) = parts else {
            return Ok(ScopeType::Component(owner.clone()));
        };
        match self.fact(owner, parts).map(|fact| &fact.value) {
            Some(Type::Parts(part)) => Ok(ScopeType::Part {
                part: part.clone(),
                owner: owner.clone(),
            }),
            _ => Err(format!("`{owner}` has no parts `{parts}`")),
        }
    }

    /// What in the declarations leads nowhere: traits, parts and references
    /// that are not declared.
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        for (name, owner) in self.owners.iter().chain(&self.parts) {
            for found in &owner.traits {
                if !matches!(self.owners.get(found), Some(o) if o.role == OwnerRole::Trait) {
                    gaps.push(format!(
                        "`{name}` has the trait `{found}`, which is not declared"
                    ));
                }
            }
            for (fact, declared) in &owner.facts {
                if let Some(gap) = self.gap(&declared.value) {
                    gaps.push(format!("`{name}.{fact}` {gap}"));
                }
            }
        }
        gaps
    }

    fn gap(&self, declared: &Type) -> Option<String> {
        match declared {
            Type::Set(inner) => self.gap(inner),
            Type::Parts(part) | Type::Part(part) if !self.parts.contains_key(part) => {
                Some(format!("has parts `{part}`, which are not declared"))
            }
            Type::Reference(to) if &**to != COMPONENT && !self.owners.contains_key(to) => {
                Some(format!("refers to `{to}`, which is not declared"))
            }
            Type::Bool
            | Type::Enum(_)
            | Type::Number(_)
            | Type::Text
            | Type::Parts(_)
            | Type::Part(_)
            | Type::Reference(_)
            | Type::Any => None,
        }
    }
}
