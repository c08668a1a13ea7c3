//! What a team says of its system, in the words that mapping understands.
//!
//! Names are looked up in a drawing made without it, or with what was understood of
//! it so far: see the facade for how the two meet.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_architecture::{Call, Held, Said, Undeclared, Whose};
use underbelly_expression::{Basis, Fact, SubjectId, Value};
use underbelly_library::Library;
use underbelly_model::{Architecture, Asset, Level, TrustZone};
use underbelly_source::{Diagnostic, Files, Place, Severity};

use crate::answer;
use crate::fill::{Filled, fill};
use crate::names::{fact_and_subject, stale, subjects_named};
use crate::{Answer, Declared, Named, Project, Zone};

impl Project {
    /// Adds to `said` what this file says of the system. What the templates show
    /// stands against a person's word; a name that leads nowhere is reported.
    pub fn describe(
        &self,
        architecture: &Architecture,
        library: &Library,
        files: &Files,
        said: &mut Said,
    ) -> Vec<Diagnostic> {
        let mut describing = Describing {
            project: self,
            architecture,
            library,
            files,
            said,
            problems: Vec::new(),
        };
        describing.components();
        describing.zones();
        // An answer speaks of a fact itself, and so after what assets say of it.
        describing.assets();
        describing.answers();
        describing.problems
    }

    /// What is wrong with what this file says of the system.
    pub fn check(
        &self,
        architecture: &Architecture,
        library: &Library,
        files: &Files,
    ) -> Vec<Diagnostic> {
        self.describe(architecture, library, files, &mut Said::default())
    }
}

struct Describing<'a> {
    project: &'a Project,
    architecture: &'a Architecture,
    library: &'a Library,
    files: &'a Files,
    said: &'a mut Said,
    problems: Vec<Diagnostic>,
}

impl Describing<'_> {
    fn find(&mut self, named: &Named) -> Option<Whose> {
        let problems = &mut self.problems;
        let found = self
            .project
            .find(self.architecture, self.files, named, problems)?;
        Whose::of(self.architecture, found)
    }

    /// The component a name means; a part is none.
    fn find_component(&mut self, named: &Named) -> Option<Whose> {
        let problems = &mut self.problems;
        let found = self
            .project
            .find(self.architecture, self.files, named, problems)?;
        if found.is_part() {
            let message = format!("`{}` is a part; a component is wanted", named.name);
            self.problems.push(stale(message, named));
            return None;
        }
        Whose::of(self.architecture, found)
    }

    fn components(&mut self) {
        let components = self.project.components.iter();
        let components = components.map(|declared| (declared, "external"));
        let actors = self.project.actors.iter();
        let actors = actors.map(|declared| (declared, "actor"));
        for (declared, usual) in components.chain(actors) {
            let Some(id) = self.draw(declared, usual) else {
                continue;
            };
            let own = Whose::component(&id);
            for called in &declared.calls {
                if let Some(destination) = self.find(called) {
                    self.call(own.clone(), destination, called);
                }
            }
            for caller in &declared.called_by {
                if let Some(source) = self.find(caller) {
                    self.call(source, own.clone(), caller);
                }
            }
        }
    }

    fn call(&mut self, source: Whose, destination: Whose, at: &Named) {
        self.said.calls.push(Call {
            source,
            destination,
            place: at.span,
        });
    }

    /// The id of a component or actor that the file declares.
    fn draw(&mut self, declared: &Declared, usual: &str) -> Option<Arc<str>> {
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
            Some(zone) => Some(self.zone_named(zone)?),
            None => None,
        };
        let id: Arc<str> = match usual {
            "actor" => name.name.clone(),
            _ => format!("{kind}:{}", name.name).into(),
        };
        self.said.components.push(Undeclared {
            id: id.clone(),
            name: name.name.clone(),
            kind,
            zone,
            place: name.span,
        });
        Some(id)
    }

    fn zones(&mut self) {
        for zone in &self.project.zones {
            if !self.has_zone(&zone.id.name) && !self.add_zone(zone) {
                continue;
            }
            for held in &zone.holds {
                if let Some(whose) = self.find_component(held) {
                    self.said.stands_in.insert(whose, zone.id.name.clone());
                }
            }
        }
    }

    fn has_zone(&self, id: &str) -> bool {
        let known = self.library.zones.iter().any(|zone| *zone.id == *id);
        known || self.said.zones.iter().any(|zone| *zone.id == *id)
    }

    fn zone_ids(&self) -> Vec<Arc<str>> {
        let known = self.library.zones.iter().map(|zone| zone.id.clone());
        let own = self.said.zones.iter().map(|zone| zone.id.clone());
        known.chain(own).collect()
    }

    /// A zone of the team's own stands among the others by how far it is trusted.
    fn add_zone(&mut self, zone: &Zone) -> bool {
        let (Some(name), Some(rating)) = (&zone.name, zone.rating) else {
            let ids = self.zone_ids();
            let mut problem = unknown("zone", &zone.id, ids.iter().map(|id| &**id));
            problem.note = Some("a new one needs `name` and `rating`".to_owned());
            self.problems.push(problem);
            return false;
        };
        self.said.zones.push(TrustZone {
            id: zone.id.name.clone(),
            name: name.clone(),
            rating,
        });
        true
    }

    fn zone_named(&mut self, named: &Named) -> Option<Arc<str>> {
        let mut own = self.project.zones.iter();
        if own.any(|zone| zone.id.name == named.name) || self.has_zone(&named.name) {
            return Some(named.name.clone());
        }
        let ids = self.zone_ids();
        let problem = unknown("zone", named, ids.iter().map(|id| &**id));
        self.problems.push(problem);
        None
    }

    fn answers(&mut self) {
        for given in &self.project.answers {
            if let Err(problem) = self.answer(given) {
                self.problems.push(*problem);
            }
        }
    }

    fn answer(&mut self, given: &Answer) -> Result<(), Box<Diagnostic>> {
        let Some((fact, name)) = fact_and_subject(&given.key.name) else {
            let message = format!("`{}` is no question", given.key.name);
            let problem = Diagnostic::error("wrong-answer", message).at(given.key.span);
            let help = "write it as `fact @ component`, as `underbelly model --all` shows it";
            return Err(Box::new(problem.help(help)));
        };
        let folder = &self.project.folder;
        let found = subjects_named(self.architecture, self.files, folder, name);
        let found = found.map_err(|message| Box::new(stale(message, &given.key)))?;
        // A stage and a route may be called alike: the one that has the fact is meant.
        let mut wrong = None;
        for subject in found {
            match answer::type_of(self.library, self.architecture, subject, fact) {
                Ok(ty) => {
                    let answered = answer::fact(&ty, given)?;
                    return self.set(subject, fact, answered, &given.key);
                }
                Err(message) => wrong = wrong.or(Some(message)),
            }
        }
        match wrong {
            Some(message) => Err(Box::new(stale(message, &given.key))),
            None => Ok(()),
        }
    }

    /// Notes what a person knows, unless a template shows it.
    fn set(
        &mut self,
        subject: SubjectId,
        name: &str,
        answer: Fact,
        key: &Named,
    ) -> Result<(), Box<Diagnostic>> {
        let known = self.architecture.facts(subject);
        let known = known.and_then(|facts| facts.get(name));
        let place = match fill(known, &answer) {
            Filled::With(fact) => {
                self.give(subject, name, fact);
                return Ok(());
            }
            Filled::Shown(place) => place,
        };
        let message = format!("`{}` is shown by the templates", key.name);
        let mut problem = Diagnostic::warning("answer-not-needed", message)
            .at(key.span)
            .note("what they show counts, not the answer")
            .help("take the answer out");
        if let Some(place) = place {
            problem = problem.and(place.span, "it is shown here");
        }
        Err(Box::new(problem))
    }

    fn give(&mut self, subject: SubjectId, name: &str, fact: Fact) {
        if let Some(whose) = Whose::of(self.architecture, subject) {
            let facts = self.said.facts.entry(whose).or_default();
            facts.insert(name.into(), fact);
        }
    }

    fn assets(&mut self) {
        // Of several assets on one component the most valuable speaks.
        let mut says: BTreeMap<(Whose, &str), Fact> = BTreeMap::new();
        for asset in &self.project.assets {
            let holders = asset.held_by.iter();
            let by: Vec<Whose> = holders
                .filter_map(|named| self.find_component(named))
                .collect();
            let place = Place::here(asset.name.span);
            // What an asset says of its holders, in the words of the library.
            for (fact, level) in [
                ("sensitive", asset.confidentiality),
                ("irreplaceable", asset.availability),
            ] {
                let Some(level) = level else { continue };
                let yes = level >= Level::Medium;
                let note = format!("it holds `{}`, {} to lose", asset.name.name, level.word());
                for holder in &by {
                    let mut known = Fact::known(Value::Bool(yes), Basis::Person, vec![place]);
                    if let Fact::Known(known) = &mut known {
                        known.note = Some(note.as_str().into());
                    }
                    let said = says.entry((holder.clone(), fact));
                    let said = said.or_insert_with(|| known.clone());
                    if said.as_bool() != Some(true) {
                        *said = known;
                    }
                }
            }
            self.said.assets.push(Held {
                asset: Asset {
                    name: asset.name.name.clone(),
                    held_by: Vec::new(),
                    confidentiality: asset.confidentiality,
                    integrity: asset.integrity,
                    availability: asset.availability,
                    place: Some(place),
                },
                by,
            });
        }
        for ((whose, name), fact) in says {
            let facts = self.said.facts.entry(whose).or_default();
            facts.insert(name.into(), fact);
        }
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
