//! What a team says of its system enters the drawing before anything is judged.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, SubjectId, Value};
use underbelly_library::Library;
use underbelly_model::{
    self as model, Architecture, Component, DataFlow, Drawn, Facts, FlowKind, Level, Strength,
    TrustZone,
};
use underbelly_source::{Diagnostic, Files, Place, Severity, Span};

use crate::answer;
use crate::names::{fact_and_subject, stale};
use crate::{Declared, Named, Project, Zone};

impl Project {
    /// Draws what only this file knows and sets the facts that people gave. What
    /// the templates show stands against a person's word; a name that leads
    /// nowhere is reported.
    pub fn describe(
        &self,
        architecture: &mut Architecture,
        library: &Library,
        files: &Files,
    ) -> Vec<Diagnostic> {
        let mut describing = Describing {
            project: self,
            architecture,
            library,
            files,
            problems: Vec::new(),
        };
        describing.components();
        describing.zones();
        // An answer speaks of a fact itself, and so after what assets say of it.
        describing.assets();
        describing.answers();
        describing.problems
    }
}

struct Describing<'a> {
    project: &'a Project,
    architecture: &'a mut Architecture,
    library: &'a Library,
    files: &'a Files,
    problems: Vec<Diagnostic>,
}

impl Describing<'_> {
    fn find(&mut self, named: &Named) -> Option<SubjectId> {
        let problems = &mut self.problems;
        self.project
            .find(self.architecture, self.files, named, problems)
    }

    /// The component a name means; a part is none.
    fn find_component(&mut self, named: &Named) -> Option<SubjectId> {
        let found = self.find(named)?;
        if found.is_part() {
            let message = format!("`{}` is a part; a component is wanted", named.name);
            self.problems.push(stale(message, named));
            return None;
        }
        Some(found)
    }

    /// All are drawn before any is joined: they may name one another.
    fn components(&mut self) {
        let components = self.project.components.iter();
        let components = components.map(|declared| (declared, "external"));
        let actors = self.project.actors.iter();
        let actors = actors.map(|declared| (declared, "actor"));
        let all: Vec<_> = components.chain(actors).collect();
        let drawn: Vec<_> = all
            .iter()
            .map(|(declared, kind)| self.draw(declared, kind))
            .collect();
        for ((declared, _), subject) in all.iter().zip(drawn) {
            let Some(subject) = subject else { continue };
            for called in &declared.calls {
                if let Some(called_subject) = self.find(called) {
                    self.join(subject, called_subject, called.span);
                }
            }
            for caller in &declared.called_by {
                if let Some(caller_subject) = self.find(caller) {
                    self.join(caller_subject, subject, caller.span);
                }
            }
        }
    }

    fn draw(&mut self, declared: &Declared, usual: &str) -> Option<SubjectId> {
        let name = &declared.name;
        let known = self.architecture.components.iter();
        let mut known = known.filter(|component| !component.outside);
        if known.any(|c| *c.name == *name.name || *c.short == *name.name) {
            let message = format!("`{}` stands in the templates already", name.name);
            self.problems.push(
                Diagnostic::error("component-known", message)
                    .at(name.span)
                    .help("say more of it under `zones`, `assets` or `answers`"),
            );
            return None;
        }
        let kind = declared.kind.as_ref();
        if let Some(kind) = kind
            && self.library.kind(&kind.name).is_none()
        {
            let ids = self.library.kinds.iter().map(|kind| &*kind.id);
            let problem = unknown("kind", kind, ids);
            self.problems.push(problem);
            return None;
        }
        let kind: Arc<str> = kind.map_or_else(|| usual.into(), |kind| kind.name.clone());
        let zone = match &declared.zone {
            Some(zone) => self.zone_named(zone)?,
            None => {
                let usual = self.library.kind(&kind).map(|kind| kind.zone.clone());
                usual.unwrap_or_else(|| "partner".into())
            }
        };
        let id = match usual {
            "actor" => name.name.clone(),
            _ => format!("{kind}:{}", name.name).into(),
        };
        // What a template names and nobody declares is the same thing.
        let same = self.architecture.components.iter();
        let mut same = same.enumerate().filter(|(_, c)| c.outside && *c.id == *id);
        if let Some((index, _)) = same.next() {
            if let (Some(component), true) = (
                self.architecture.components.get_mut(index),
                declared.zone.is_some(),
            ) {
                component.zone = zone;
            }
            return Some(SubjectId::component(index));
        }
        let subject = SubjectId::component(self.architecture.components.len());
        self.architecture.components.push(Component {
            id,
            short: name.name.clone(),
            name: name.name.clone(),
            kind,
            zone,
            system: None,
            resource: None,
            place: Some(name.span),
            guard: Guard::always(),
            outside: true,
            drawn: Drawn::Node,
            facts: Facts::default(),
            parts: Vec::new(),
        });
        Some(subject)
    }

    fn join(&mut self, source: SubjectId, destination: SubjectId, at: Span) {
        let owner = |subject| match self.architecture.part(subject) {
            Some(part) => (part.owner, part.key.clone()),
            None => (subject, "".into()),
        };
        let (source, _) = owner(source);
        let (destination, label) = owner(destination);
        let name = |subject| {
            let component = self.architecture.component(subject);
            component.map_or("?", |component| &*component.id)
        };
        let kind = FlowKind::Call;
        let mut id = format!(
            "{} -> {} ({})",
            name(source),
            name(destination),
            kind.word()
        );
        if !label.is_empty() {
            id = format!("{id} {label}");
        }
        let id: Arc<str> = id.into();
        if self.architecture.flows.iter().any(|flow| flow.id == id) {
            return;
        }
        self.architecture.flows.push(DataFlow {
            id,
            source,
            destination,
            kind,
            strength: Strength::Strong,
            label,
            guard: Guard::always(),
            places: vec![Place::here(at)],
        });
    }

    fn zones(&mut self) {
        for zone in &self.project.zones {
            if !self.has_zone(&zone.id.name) && !self.add_zone(zone) {
                continue;
            }
            for held in &zone.holds {
                let Some(subject) = self.find_component(held) else {
                    continue;
                };
                let component = self.architecture.components.get_mut(subject.index());
                if let Some(component) = component {
                    component.zone = zone.id.name.clone();
                }
            }
        }
    }

    fn has_zone(&self, id: &str) -> bool {
        self.architecture.zones.iter().any(|zone| *zone.id == *id)
    }

    /// A zone of the team's own stands among the others by how far it is trusted.
    fn add_zone(&mut self, zone: &Zone) -> bool {
        let (Some(name), Some(rating)) = (&zone.name, zone.rating) else {
            let ids: Vec<&str> = self.architecture.zones.iter().map(|z| &*z.id).collect();
            let mut problem = unknown("zone", &zone.id, ids.into_iter());
            problem.note = Some("a new one needs `name` and `rating`".to_owned());
            self.problems.push(problem);
            return false;
        };
        let zones = &mut self.architecture.zones;
        let at = zones.partition_point(|known| known.rating <= rating);
        zones.insert(
            at,
            TrustZone {
                id: zone.id.name.clone(),
                name: name.clone(),
                rating,
            },
        );
        true
    }

    fn zone_named(&mut self, named: &Named) -> Option<Arc<str>> {
        let own = self
            .project
            .zones
            .iter()
            .any(|zone| zone.id.name == named.name);
        if own || self.has_zone(&named.name) {
            return Some(named.name.clone());
        }
        let ids: Vec<&str> = self.architecture.zones.iter().map(|z| &*z.id).collect();
        let problem = unknown("zone", named, ids.into_iter());
        self.problems.push(problem);
        None
    }

    fn answers(&mut self) {
        for given in &self.project.answers {
            let Some((fact, name)) = fact_and_subject(&given.key.name) else {
                let message = format!("`{}` is no question", given.key.name);
                self.problems.push(
                    Diagnostic::error("wrong-answer", message)
                        .at(given.key.span)
                        .help(
                            "write it as `fact @ component`, as `underbelly model --all` shows it",
                        ),
                );
                continue;
            };
            let named = Named {
                name: name.into(),
                span: given.key.span,
            };
            let Some(subject) = self.find(&named) else {
                continue;
            };
            let ty = answer::type_of(self.library, self.architecture, subject, fact);
            let answered = match ty {
                Ok(ty) => answer::fact(&ty, given),
                Err(message) => {
                    self.problems.push(stale(message, &given.key));
                    continue;
                }
            };
            match answered {
                Ok(answered) => self.set(subject, fact, answered, &given.key),
                Err(problem) => self.problems.push(*problem),
            }
        }
    }

    /// Sets what a person knows, unless a template shows it.
    fn set(&mut self, subject: SubjectId, name: &str, fact: Fact, key: &Named) {
        let known = self
            .architecture
            .facts(subject)
            .and_then(|facts| facts.get(name));
        if let Some(shown) = known.and_then(shown_by_template) {
            let message = format!("`{}` is shown by the templates", key.name);
            let mut problem = Diagnostic::warning("answer-not-needed", message)
                .at(key.span)
                .note("what they show counts, not the answer");
            if let Some(place) = shown {
                problem = problem.and(place.span, "it is shown here");
            }
            self.problems.push(problem);
            return;
        }
        let facts = if subject.is_part() {
            let part = self.architecture.parts.get_mut(subject.index());
            part.map(|part| &mut part.facts)
        } else {
            let component = self.architecture.components.get_mut(subject.index());
            component.map(|component| &mut component.facts)
        };
        if let Some(facts) = facts {
            facts.set(name, fact);
        }
    }

    fn assets(&mut self) {
        for asset in &self.project.assets {
            let holders = asset.held_by.iter();
            let held_by: Vec<SubjectId> = holders
                .filter_map(|named| self.find_component(named))
                .collect();
            let place = Place::here(asset.name.span);
            // What an asset says of its holders, in the words of the library.
            let says = [
                ("sensitive", asset.confidentiality, Level::Medium),
                ("irreplaceable", asset.availability, Level::Medium),
            ];
            for (fact, level, least) in says {
                let Some(level) = level else { continue };
                let note = format!("it holds `{}`, {} to lose", asset.name.name, level.word());
                for holder in &held_by {
                    let mut known =
                        Fact::known(Value::Bool(level >= least), Basis::Person, vec![place]);
                    if let Fact::Known(known) = &mut known {
                        known.note = Some(note.as_str().into());
                    }
                    self.at_most(*holder, fact, known);
                }
            }
            self.architecture.assets.push(model::Asset {
                name: asset.name.name.clone(),
                held_by,
                confidentiality: asset.confidentiality,
                integrity: asset.integrity,
                availability: asset.availability,
                place: Some(place),
            });
        }
    }

    /// Of several assets on one component the most valuable speaks.
    fn at_most(&mut self, holder: SubjectId, name: &str, fact: Fact) {
        let Some(component) = self.architecture.components.get_mut(holder.index()) else {
            return;
        };
        let before = component.facts.get(name).and_then(Fact::as_known);
        let person = before.filter(|known| known.basis == Basis::Person);
        if person.is_none_or(|known| known.value != Value::Bool(true)) {
            component.facts.set(name, fact);
        }
    }
}

/// Where a template shows a fact, if it does in every world.
fn shown_by_template(fact: &Fact) -> Option<Option<Place>> {
    match fact {
        Fact::Known(known) => match known.basis {
            Basis::Written | Basis::ProviderDefault | Basis::ParameterDefault => {
                Some(known.places.first().copied())
            }
            Basis::LibraryAssumption | Basis::Person | Basis::Code => None,
        },
        Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => None,
    }
}

fn unknown<'k>(what: &str, named: &Named, known: impl Iterator<Item = &'k str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let near = underbelly_expression::closest(&named.name, known.iter().copied());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", known.join("`, `")),
    };
    let mut problem =
        Diagnostic::warning("stale-name", format!("there is no {what} `{}`", named.name));
    problem.severity = Severity::Error;
    problem.at(named.span).help(help)
}
