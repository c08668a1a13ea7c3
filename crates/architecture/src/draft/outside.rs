//! What nothing in the model declares and that is drawn all the same, each once:
//! partners, addresses, defaults of the provider, actors.

use std::sync::Arc;

use underbelly_expression::{Guard, SubjectId};
use underbelly_model::{Component, Drawn, Facts};
use underbelly_source::Span;

use super::Draft;
use crate::{address, components};

impl Draft<'_> {
    /// A component that nothing declares: a partner, an HTTP address, a bucket
    /// named but managed elsewhere. The same kind and name give the same one
    /// within a system. The name may be a whole address: its name is cut out, and
    /// for `external` the kind too, if the address says it.
    pub(crate) fn outside(&mut self, kind: &str, name: &str, place: Span) -> SubjectId {
        let key = self.key_of_outside(kind, name, place);
        if let Some(subject) = self.outside.get(&key) {
            return *subject;
        }
        let (_, kind, name) = key.clone();
        let system = self.system_of_file.get(&place.file).copied();
        let known = self.library.kind(&kind);
        let prefix = match system.and_then(|system| self.graph.systems.get(system as usize)) {
            Some(system) if self.graph.systems.len() > 1 => format!("{}/", system.name),
            _ => String::new(),
        };
        let component = Component {
            id: format!("{prefix}{kind}:{name}").into(),
            short: name.clone(),
            name: name.clone(),
            zone: known.map_or_else(|| "partner".into(), |kind| kind.zone.clone()),
            kind,
            system: None,
            resource: None,
            place: Some(place),
            guard: Guard::always(),
            outside: true,
            drawn: known.map_or(Drawn::Node, components::drawn),
            facts: Facts::default(),
            parts: Vec::new(),
        };
        let subject = self.add_component(component, None);
        self.outside.insert(key, subject);
        subject
    }

    /// The same where it is drawn already.
    pub(crate) fn known_outside(&self, kind: &str, name: &str, place: Span) -> Option<SubjectId> {
        let key = self.key_of_outside(kind, name, place);
        self.outside.get(&key).copied()
    }

    fn key_of_outside(&self, kind: &str, name: &str, place: Span) -> (u32, Arc<str>, Arc<str>) {
        let (kind, name) = self.kind_and_name(kind, name);
        let system = self.system_of_file.get(&place.file).copied();
        (system.unwrap_or(0), kind, name)
    }

    /// A component that nobody declares because every account has it, such as the
    /// default event bus.
    pub(crate) fn default_component(&mut self, kind: &str, name: &str, place: Span) -> SubjectId {
        let subject = self.outside(kind, name, place);
        let system = self.system_of_file.get(&place.file).copied();
        if let Some(component) = self.components.get_mut(subject.index()) {
            component.outside = false;
            component.system = system;
        }
        subject
    }

    /// Someone outside who acts: `internet`, `schedule`, an AWS service such as
    /// `s3.amazonaws.com`, another account. The same name gives the same one.
    pub(crate) fn actor(&mut self, name: &str) -> SubjectId {
        let key = (u32::MAX, Arc::from("actor"), Arc::from(name));
        if let Some(subject) = self.outside.get(&key) {
            return *subject;
        }
        let zone = match name {
            "internet" => "internet",
            "schedule" | "aws" => "application",
            _ if name.ends_with(".amazonaws.com") => "application",
            _ => "partner",
        };
        let component = Component {
            id: name.into(),
            short: name.into(),
            name: name.into(),
            kind: "actor".into(),
            zone: zone.into(),
            system: None,
            resource: None,
            place: None,
            guard: Guard::always(),
            outside: true,
            drawn: Drawn::Node,
            facts: Facts::default(),
            parts: Vec::new(),
        };
        let subject = self.add_component(component, None);
        self.outside.insert(key, subject);
        subject
    }

    /// The name inside an address; anything else as it is.
    pub(crate) fn name_in(&self, address: &str) -> String {
        self.kind_and_name("external", address).1.to_string()
    }

    /// The name inside an address, and the kind it says.
    fn kind_and_name(&self, kind: &str, name: &str) -> (Arc<str>, Arc<str>) {
        let as_given = (Arc::from(kind), Arc::from(name));
        let Some(arn) = address::arn(&address::from_words(name)) else {
            return as_given;
        };
        for index in self.names.of_service(&arn.service) {
            let Some(entry) = self.library.catalogue.entry(*index as usize) else {
                continue;
            };
            let Some(found) = &entry.component else {
                continue;
            };
            if kind != "external" && **found != *kind {
                continue;
            }
            let named = entry.addresses.iter().find_map(|address| {
                let name = address::name_in(&arn.resource, address)?;
                (*address.service == *arn.service).then(|| name.to_string())
            });
            if let Some(name) = named.filter(|name| !name.starts_with('*')) {
                return (found.clone(), name.into());
            }
        }
        as_given
    }
}
