//! A part of the library: the threats to some kinds of components, or of one
//! provider, and what stands against them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::{
    AppliesTo, CountermeasureDef, CountermeasurePage, Library, Pages, Requirements, Standard,
    ThreatDef, ThreatPage,
};

/// What is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Only entries that concern one of these kinds; none: of all kinds.
    pub kinds: &'a [String],
    /// Only entries of this provider, and those of none.
    pub provider: Option<&'a str>,
}

/// Entries with their pages, by id; what is deprecated or switched off is left out.
#[derive(Clone, Debug)]
pub struct Extract<'l> {
    /// Where it is taken from.
    pub library: &'l Library,
    /// Threats.
    pub threats: Vec<(&'l ThreatDef, &'l ThreatPage)>,
    /// Countermeasures that one of them names.
    pub countermeasures: Vec<(&'l CountermeasureDef, &'l CountermeasurePage)>,
    /// The standards that these are known by.
    pub standards: Vec<&'l Standard>,
}

impl<'l> Extract<'l> {
    /// What is wanted of a library.
    pub fn of(library: &'l Library, pages: &'l Pages, wanted: &Wanted<'_>) -> Self {
        let known: BTreeMap<&str, &ThreatPage> =
            pages.threats.iter().map(|page| (&*page.id, page)).collect();
        let threats = library.threats.iter();
        let threats = threats.filter(|def| def.status.is_judged() && library.is_on(&def.id));
        let threats = threats.filter(|def| library.is_wanted(def, wanted));
        let threats: Vec<_> = threats
            .filter_map(|def| Some((def, *known.get(&*def.id)?)))
            .collect();
        let links = threats.iter().flat_map(|(def, _)| &def.countermeasures);
        let named: BTreeSet<&str> = links.map(|link| &*link.id).collect();
        let measures = pages.countermeasures.iter();
        let measures = measures.filter(|page| named.contains(&*page.id));
        let countermeasures: Vec<_> = measures
            .filter_map(|page| Some((library.countermeasure(&page.id)?, page)))
            .collect();
        let of_threats = threats.iter().flat_map(|(_, page)| &page.standards);
        let of_measures = countermeasures.iter();
        let of_measures = of_measures.flat_map(|(_, page)| &page.standards);
        let used: BTreeSet<&str> = of_threats.chain(of_measures).map(id).collect();
        let standards = pages.standards.iter();
        Extract {
            library,
            threats,
            countermeasures,
            standards: standards.filter(|one| used.contains(&*one.id)).collect(),
        }
    }

    /// The countermeasure of this id, if it is part of this.
    pub fn countermeasure(
        &self,
        id: &str,
    ) -> Option<(&'l CountermeasureDef, &'l CountermeasurePage)> {
        let found = &self.countermeasures;
        let at = found.binary_search_by(|(def, _)| (*def.id).cmp(id)).ok()?;
        found.get(at).copied()
    }

    /// The threats that name a countermeasure.
    pub fn against(&self, id: &str) -> impl Iterator<Item = &'l ThreatDef> {
        let names = move |def: &&ThreatDef| def.countermeasures.iter().any(|link| *link.id == *id);
        let threats = self.threats.iter().map(|(def, _)| *def);
        threats.filter(names)
    }

    /// The items of a standard that some entry of this names.
    pub fn items(&self, standard: &str) -> BTreeSet<&'l str> {
        let of_threats = self.threats.iter().flat_map(|(_, page)| &page.standards);
        let of_measures = self.countermeasures.iter();
        let of_measures = of_measures.flat_map(|(_, page)| &page.standards);
        let named = of_threats.chain(of_measures);
        let named = named.filter(|one| *one.standard == *standard);
        named
            .flat_map(|one| &one.items)
            .map(|item| &**item)
            .collect()
    }
}

fn id(requirements: &Requirements) -> &str {
    &requirements.standard
}

impl Library {
    fn is_wanted(&self, def: &ThreatDef, wanted: &Wanted<'_>) -> bool {
        let concerns = |kind: &String| def.applies_to.iter().any(|to| self.is(kind, &to.kind));
        let of_kind = wanted.kinds.is_empty() || wanted.kinds.iter().any(concerns);
        let of_provider = wanted.provider.is_none_or(|provider| {
            let providers = self.providers_of(def);
            providers.is_empty() || providers.contains(provider)
        });
        of_kind && of_provider
    }

    /// The providers a threat concerns: the one it names, or else all whose
    /// resources become what it applies to. None where nothing says.
    pub fn providers_of<'l>(&'l self, def: &'l ThreatDef) -> BTreeSet<&'l str> {
        if let Some(provider) = &def.provider {
            return BTreeSet::from([&**provider]);
        }
        let entries = self.catalogue.entries().iter();
        let becomes = entries.filter(|entry| {
            let kind = entry.component.as_deref();
            kind.is_some_and(|kind| def.applies_to.iter().any(|to| self.is(kind, &to.kind)))
        });
        becomes
            .filter_map(|entry| entry.id.split('/').next())
            .collect()
    }

    /// All providers that some entry or resource is of.
    pub fn providers(&self) -> BTreeSet<&str> {
        let named = self
            .threats
            .iter()
            .filter_map(|def| def.provider.as_deref());
        let entries = self.catalogue.entries().iter();
        named
            .chain(entries.filter_map(|entry| entry.id.split('/').next()))
            .collect()
    }

    /// What an entry applies to, for people: `Function`, `REST API: route`.
    pub fn applies_to_said(&self, to: &AppliesTo) -> String {
        let kind = self.kind(&to.kind).map(|kind| &kind.name);
        let name = kind.or_else(|| self.trait_of(&to.kind).map(|found| &found.name));
        let name: &Arc<str> = name.unwrap_or(&to.kind);
        match &to.part {
            Some(part) => {
                let ty = self.fact(&to.kind, part).map(|fact| &*fact.ty);
                let one = ty.and_then(|ty| ty.strip_prefix("parts<")?.strip_suffix('>'));
                let one = one.and_then(|one| self.part(one));
                let one = one.map_or(&**part, |one| &one.name).to_lowercase();
                format!("{name}: {one}")
            }
            None => name.to_string(),
        }
    }
}
