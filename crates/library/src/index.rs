//! Which entries concern which kind: worked out once when loaded.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Library;

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

/// An entry somebody switched off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Disabled {
    /// The entry.
    pub id: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
}

impl Library {
    /// Works out anew what follows from the entries: sorts them, looks names up,
    /// says which threats concern which kind. A name that leads nowhere, or to
    /// something switched off or deprecated, is dropped.
    pub(crate) fn index_entries(&mut self) {
        self.threats.sort_by(|one, other| one.id.cmp(&other.id));
        let measures = &mut self.countermeasures;
        measures.sort_by(|one, other| one.id.cmp(&other.id));
        self.disabled.sort();
        let threats = self.places_of_threats();
        let measures = self.places_of_countermeasures();
        for threat in &mut self.threats {
            threat.absorbs.retain_mut(|absorb| {
                let found = place(&threats, &absorb.id).map(ThreatIndex);
                absorb.threat = found.unwrap_or_default();
                found.is_some()
            });
            threat.countermeasures.retain_mut(|link| {
                let found = place(&measures, &link.id).map(CountermeasureIndex);
                link.countermeasure = found.unwrap_or_default();
                found.is_some()
            });
        }
        let by_kind = self.kinds.iter();
        let by_kind = by_kind.map(|kind| self.applied_to(&kind.id, &threats));
        self.index.by_kind = by_kind.collect();
    }

    pub(crate) fn is_on(&self, id: &str) -> bool {
        self.disabled.iter().all(|disabled| &*disabled.id != id)
    }

    fn places_of_threats(&self) -> Vec<(Arc<str>, u32)> {
        let numbered = self.threats.iter().zip(0..);
        let judged = numbered.filter(|(def, _)| def.status.is_judged() && self.is_on(&def.id));
        judged.map(|(def, at)| (def.id.clone(), at)).collect()
    }

    fn places_of_countermeasures(&self) -> Vec<(Arc<str>, u32)> {
        let numbered = self.countermeasures.iter().zip(0..);
        let judged = numbered.filter(|(def, _)| def.status.is_judged() && self.is_on(&def.id));
        judged.map(|(def, at)| (def.id.clone(), at)).collect()
    }

    fn applied_to(&self, kind: &str, judged: &[(Arc<str>, u32)]) -> Vec<Applied> {
        let mut applied = Vec::new();
        for (_, at) in judged {
            let Some(threat) = self.threats.get(*at as usize) else {
                continue;
            };
            for applies_to in &threat.applies_to {
                if self.is(kind, &applies_to.kind) {
                    applied.push(Applied {
                        threat: ThreatIndex(*at),
                        part: applies_to.part.clone(),
                    });
                }
            }
        }
        applied.sort();
        applied.dedup();
        applied
    }
}

fn place(places: &[(Arc<str>, u32)], id: &str) -> Option<u32> {
    let at = places.binary_search_by(|(known, _)| (**known).cmp(id));
    places.get(at.ok()?).map(|(_, at)| *at)
}
