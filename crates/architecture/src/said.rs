//! What people say of a system, laid over what the templates show before anything
//! follows from it.
//!
//! A fact that somebody gave stands from the moment its component or part is drawn,
//! and no job sets it anew: whatever reads it, reads what was said. Systems that no
//! template declares join the drawing once all flows of the templates are there.
//! Which facts may be given is not decided here; whoever makes a [`Said`] has looked
//! at what the templates show.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_model::{
    Architecture, Asset, Component, Drawn, Facts, FlowKind, Strength, TrustZone,
};
use underbelly_source::{Place, Span};

use crate::components;
use crate::draft::Draft;

/// What people say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Facts of components and parts, by name.
    pub facts: BTreeMap<Whose, BTreeMap<Arc<str>, Fact>>,
    /// Components that no template declares.
    pub components: Vec<Undeclared>,
    /// Who calls what.
    pub calls: Vec<Call>,
    /// Zones of their own.
    pub zones: Vec<TrustZone>,
    /// The zone of components, where it is not the usual one.
    pub stands_in: BTreeMap<Whose, Arc<str>>,
    /// Data worth protecting.
    pub assets: Vec<Held>,
}

/// A component or part by names: the same however often a system is mapped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whose {
    component: Arc<str>,
    part: Option<(Arc<str>, Arc<str>)>,
}

/// A component that no template declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeclared {
    /// Its id; what a template names under the same id is the same thing.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its kind.
    pub kind: Arc<str>,
    /// Its zone; the usual one of its kind if it is not said.
    pub zone: Option<Arc<str>>,
    /// Where it is said.
    pub place: Span,
}

/// Somebody calls something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who.
    pub source: Whose,
    /// What: a component, or a part of one.
    pub destination: Whose,
    /// Where it is said.
    pub place: Span,
}

/// Data worth protecting, and who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The asset; the drawing knows its holders.
    pub asset: Asset,
    /// The components that hold it.
    pub by: Vec<Whose>,
}

impl Said {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Whose {
    /// How a subject of a drawing is named.
    pub fn of(architecture: &Architecture, subject: SubjectId) -> Option<Self> {
        let part = architecture.part(subject);
        let owner = part.map_or(subject, |part| part.owner);
        Some(Self {
            component: architecture.component(owner)?.id.clone(),
            part: part.map(|part| (part.group.clone(), part.key.clone())),
        })
    }

    /// The component of this id.
    pub fn component(id: &Arc<str>) -> Self {
        Self {
            component: id.clone(),
            part: None,
        }
    }
}

/// What is said of what has been drawn so far.
#[derive(Debug, Default)]
pub(crate) struct Heard<'a> {
    said: Option<&'a Said>,
    /// Facts by their subject.
    facts: BTreeMap<SubjectId, &'a BTreeMap<Arc<str>, Fact>>,
}

impl<'a> Heard<'a> {
    /// The facts that are given of something just drawn, noted for later.
    fn meet(&mut self, subject: SubjectId, whose: impl FnOnce() -> Option<Whose>) -> Given<'a> {
        let said = self.said.filter(|said| !said.facts.is_empty())?;
        let facts = said.facts.get(&whose()?)?;
        self.facts.insert(subject, facts);
        Some(facts)
    }

    fn given(&self, subject: SubjectId, name: &str) -> Option<&'a Fact> {
        self.facts.get(&subject)?.get(name)
    }
}

type Given<'a> = Option<&'a BTreeMap<Arc<str>, Fact>>;

impl<'a> Draft<'a> {
    /// Takes in what people say.
    pub(crate) fn hear(&mut self, said: Option<&'a Said>) {
        self.heard.said = said;
        for index in 0..self.components.len() {
            self.meet_component(SubjectId::component(index));
        }
    }

    /// The fact that somebody gave, for jobs that read properties where it is not.
    pub(crate) fn given(&self, subject: SubjectId, name: &str) -> Option<&'a Fact> {
        self.heard.given(subject, name)
    }

    /// The same of a part that is not drawn yet.
    pub(crate) fn given_of_part(
        &self,
        owner: SubjectId,
        (group, key): (&str, &str),
        name: &str,
    ) -> Option<&'a Fact> {
        let said = self.heard.said.filter(|said| !said.facts.is_empty())?;
        let whose = Whose {
            component: self.components.get(owner.index())?.id.clone(),
            part: Some((group.into(), key.into())),
        };
        said.facts.get(&whose)?.get(name)
    }

    /// Gives a component that was just drawn the facts that are said of it.
    pub(crate) fn meet_component(&mut self, subject: SubjectId) {
        let Some(component) = self.components.get_mut(subject.index()) else {
            return;
        };
        let given = self
            .heard
            .meet(subject, || Some(Whose::component(&component.id)));
        give(&mut component.facts, given);
    }

    /// The same for a part.
    pub(crate) fn meet_part(&mut self, subject: SubjectId) {
        let Some(part) = self.parts.get_mut(subject.index()) else {
            return;
        };
        let owner = self.components.get(part.owner.index());
        let given = self.heard.meet(subject, || {
            Some(Whose {
                component: owner?.id.clone(),
                part: Some((part.group.clone(), part.key.clone())),
            })
        });
        give(&mut part.facts, given);
    }

    /// Draws the systems that no template declares, and who calls what.
    pub(crate) fn draw_said(&mut self) {
        let Some(said) = self.heard.said else { return };
        for undeclared in &said.components {
            self.draw_undeclared(undeclared);
        }
        self.settle_zones();
        for call in &said.calls {
            let ends = (
                self.named_so(&call.source),
                self.named_so(&call.destination),
            );
            let (Some((source, _)), Some((destination, label))) = ends else {
                continue;
            };
            self.add_flow(
                source,
                destination,
                FlowKind::Call,
                Strength::Strong,
                &label,
                Guard::always(),
                vec![Place::here(call.place)],
            );
        }
    }

    fn draw_undeclared(&mut self, undeclared: &Undeclared) {
        let mut known = self.components.iter_mut();
        if let Some(same) = known.find(|c| c.outside && c.id == undeclared.id) {
            if let Some(zone) = &undeclared.zone {
                same.zone = zone.clone();
            }
            return;
        }
        let kind = self.library.kind(&undeclared.kind);
        let usual = || kind.map_or_else(|| "partner".into(), |kind| kind.zone.clone());
        let component = Component {
            id: undeclared.id.clone(),
            short: undeclared.name.clone(),
            name: undeclared.name.clone(),
            kind: undeclared.kind.clone(),
            zone: undeclared.zone.clone().unwrap_or_else(usual),
            system: None,
            resource: None,
            place: Some(undeclared.place),
            guard: Guard::always(),
            outside: true,
            drawn: Drawn::Node,
            facts: Facts::default(),
            parts: Vec::new(),
        };
        let subject = self.add_component(component, None);
        components::common_facts(self, subject);
    }

    /// Moves components to the zones they are said to stand in.
    pub(crate) fn settle_zones(&mut self) {
        let Some(said) = self.heard.said.filter(|said| !said.stands_in.is_empty()) else {
            return;
        };
        for component in &mut self.components {
            if let Some(zone) = said.stands_in.get(&Whose::component(&component.id)) {
                component.zone = zone.clone();
            }
        }
    }

    /// How far a zone is trusted.
    pub(crate) fn rating(&self, zone: &str) -> Option<u8> {
        let own = self.heard.said.map_or(&[][..], |said| &said.zones);
        let own = own.iter().find(|known| *known.id == *zone);
        let known = self.library.zones.iter().find(|known| *known.id == *zone);
        own.map(|zone| zone.rating)
            .or(known.map(|zone| zone.rating))
    }

    /// The zones of the library and those of the team, in order of trust.
    pub(crate) fn all_zones(&self) -> Vec<TrustZone> {
        let known = self.library.zones.iter().map(|zone| TrustZone {
            id: zone.id.clone(),
            name: zone.name.clone(),
            rating: zone.rating,
        });
        let mut zones: Vec<TrustZone> = known.collect();
        for own in self.heard.said.map_or(&[][..], |said| &said.zones) {
            let at = zones.partition_point(|known| known.rating <= own.rating);
            zones.insert(at, own.clone());
        }
        zones
    }

    /// Data worth protecting.
    pub(crate) fn assets(&self) -> Vec<Asset> {
        let held = self.heard.said.map_or(&[][..], |said| &said.assets);
        let assets = held.iter().map(|held| {
            let holders = held.by.iter().filter_map(|whose| self.named_so(whose));
            Asset {
                held_by: holders.map(|(holder, _)| holder).collect(),
                ..held.asset.clone()
            }
        });
        assets.collect()
    }

    /// The component that is named so, or whose part is, and the part's key.
    fn named_so(&self, whose: &Whose) -> Option<(SubjectId, Arc<str>)> {
        let mut components = self.components.iter();
        let index = components.position(|component| component.id == whose.component)?;
        let key = whose.part.as_ref().map(|(_, key)| key.clone());
        Some((SubjectId::component(index), key.unwrap_or_default()))
    }
}

fn give(facts: &mut Facts, given: Given<'_>) {
    for (name, fact) in given.into_iter().flatten() {
        facts.set(name.clone(), fact.clone());
    }
}
