//! The finished architecture: short ids, zones, systems, and an answer for
//! every declared fact.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Reason, SubjectId, Value};
use underbelly_iac::{Stack, UNTYPED};
use underbelly_library::{By, FactDef};
use underbelly_model::System;
use underbelly_source::{Diagnostic, Span};

use crate::draft::Draft;
use crate::{Mapping, components, identity};

/// Facts by name, shared by all that nobody looked at.
type Defaults = Arc<BTreeMap<Arc<str>, Fact>>;

impl Draft<'_> {
    /// The finished architecture.
    pub(crate) fn finish(mut self) -> Mapping {
        self.complete();
        self.types_not_drawn();
        self.settle_zones();
        identity::settle(&mut self.components);
        identity::shorten(&mut self.components);
        self.flows.sort_by(|one, other| {
            let key =
                |flow: &underbelly_model::DataFlow| (flow.source, flow.destination, flow.kind);
            key(one)
                .cmp(&key(other))
                .then_with(|| one.id.cmp(&other.id))
        });
        let mut mapping = Mapping::default();
        mapping.architecture.systems = self.systems();
        mapping.architecture.zones = self.all_zones();
        mapping.architecture.assets = self.assets();
        mapping.architecture.components = self.components;
        mapping.architecture.parts = self.parts;
        mapping.architecture.flows = self.flows;
        mapping.architecture.rights = self.rights;
        mapping.architecture.worlds = self.graph.worlds.clone();
        mapping.architecture.secrets = self.secrets;
        mapping.diagnostics = self.diagnostics;
        mapping
    }

    /// Gives every declared fact that nobody set an answer that says why.
    fn complete(&mut self) {
        let library = self.library;
        let mut kinds: BTreeMap<Arc<str>, Defaults> = BTreeMap::new();
        for index in 0..self.components.len() {
            let subject = SubjectId::component(index);
            let Some(component) = self.components.get(index) else {
                continue;
            };
            let kind = component.kind.clone();
            if component.facts.get("kind").is_none() {
                components::common_facts(self, subject);
            }
            self.complete_parts(subject, &kind);
            self.until_answered(subject, &kind);
            let Some(component) = self.components.get_mut(index) else {
                continue;
            };
            let defaults = if component.outside {
                let why = Reason::OtherComponent(component.name.clone());
                let facts = library.facts_of(&kind).map(|(_, fact)| fact);
                Arc::new(defaults(facts, Some(&why)))
            } else {
                let make = || {
                    let facts = library.facts_of(&kind).map(|(_, fact)| fact);
                    let mut all = defaults(facts, None);
                    let code = library.kind(&kind).map_or(&[][..], |kind| &kind.code);
                    all.extend(code.iter().map(|fact| {
                        let name = format!("code.{}", fact.name).into();
                        (name, Fact::unknown(Reason::Code, None))
                    }));
                    Arc::new(all)
                };
                kinds.entry(kind.clone()).or_insert_with(make).clone()
            };
            component.facts.otherwise(defaults);
        }
        let mut parts: BTreeMap<Arc<str>, Defaults> = BTreeMap::new();
        for part in &mut self.parts {
            let declared = parts.entry(part.kind.clone()).or_insert_with(|| {
                let facts = library.part(&part.kind).map_or(&[][..], |part| &part.facts);
                Arc::new(defaults(facts.iter(), None))
            });
            part.facts.otherwise(declared.clone());
        }
    }

    /// The facts that list parts.
    fn complete_parts(&mut self, subject: SubjectId, kind: &str) {
        let library = self.library;
        for (_, fact) in library.facts_of(kind) {
            let listed = fact.ty.starts_with("parts<") && &*fact.name != "code";
            let outside = self
                .components
                .get(subject.index())
                .is_none_or(|component| component.outside && component.parts.is_empty());
            if listed && !outside && fact.by != By::Provisional {
                self.list_parts(subject, &fact.name);
            }
        }
    }

    /// What holds until a person says otherwise.
    fn until_answered(&mut self, subject: SubjectId, kind: &str) {
        let library = self.library;
        let head = self.components.get(subject.index()).and_then(|c| c.place);
        for (_, fact) in library.facts_of(kind) {
            let Some(value) = fact.until_answered.filter(|_| fact.by == By::Person) else {
                continue;
            };
            if self.fact(subject, &fact.name).is_none() {
                let note = "taken so until somebody says otherwise";
                let value = Value::Bool(value);
                let fact_value = Fact::default(value, Basis::LibraryAssumption, head, note);
                self.set(subject, fact.name.clone(), fact_value);
            }
        }
    }

    fn systems(&self) -> Vec<System> {
        let mut n_resources = vec![0_usize; self.graph.stacks.len()];
        for resource in &self.graph.resources {
            if let Some(n) = n_resources.get_mut(resource.stack.0 as usize) {
                *n = n.saturating_add(1);
            }
        }
        let systems = self.graph.systems.iter();
        systems
            .map(|system| {
                let stacks = system.stacks.iter();
                let stacks = stacks.filter_map(|id| self.graph.stack(*id));
                let n = system.stacks.iter();
                let n = n.filter_map(|id| n_resources.get(id.0 as usize));
                System {
                    name: system.name.clone(),
                    description: stacks.clone().find_map(|stack| stack.description.clone()),
                    files: self.files_of(stacks),
                    n_resources: n.sum(),
                }
            })
            .collect()
    }

    fn files_of<'s>(&self, stacks: impl Iterator<Item = &'s Stack>) -> Vec<Arc<str>> {
        let mut files = Vec::new();
        for stack in stacks {
            let file = self.files.and_then(|files| files.get(stack.file));
            if let Some(file) = file
                && !files.contains(file.path())
            {
                files.push(file.path().clone());
            }
        }
        files
    }

    /// One diagnostic for each type that is not listed, or listed to be left out.
    fn types_not_drawn(&mut self) {
        let mut found: BTreeMap<(Arc<str>, Option<&str>), Vec<Span>> = BTreeMap::new();
        for (id, resource) in self.graph.iter() {
            let component = self.component_of(id);
            let kind = component.and_then(|subject| self.components.get(subject.index()));
            let stack = kind.is_some_and(|component| *component.kind == *"stack");
            // What a stack that was not read deploys was said where it was not.
            let stack = stack || &*resource.kind == components::NESTED_STACK;
            // That it has no type was said where it was read.
            let typed = &*resource.kind != UNTYPED;
            let why = match self.entry_of(id) {
                Some(entry) => entry.left_out.as_deref(),
                None => None,
            };
            let known = self.entry_of(id).is_some() && why.is_none();
            if !known && !stack && typed {
                let places = found.entry((resource.written_as.clone(), why)).or_default();
                places.push(resource.head);
            }
        }
        let told = found.into_iter().map(|((kind, why), places)| match why {
            Some(why) => left_out(&kind, why, &places),
            None => unknown_type(&kind, &places),
        });
        self.diagnostics.extend(told.collect::<Vec<_>>());
    }
}

fn unknown_type(kind: &str, places: &[Span]) -> Diagnostic {
    let message = format!("the resource type `{kind}` is not known{}", times(places));
    let diagnostic = Diagnostic::note_only("unknown-resource-type", message)
        .note("it is drawn as a plain component, without facts of its own")
        .help("a catalogue entry in a library folder of yours can say what it is");
    with_places(diagnostic, places)
}

fn left_out(kind: &str, why: &str, places: &[Span]) -> Diagnostic {
    let message = format!("the resource type `{kind}` is left out{}", times(places));
    let diagnostic = Diagnostic::note_only("type-left-out", message).note(why);
    with_places(diagnostic, places)
}

fn times(places: &[Span]) -> String {
    match places.len() {
        1 => String::new(),
        n => format!(", {n} times"),
    }
}

/// At the first place, with two more beside it.
fn with_places(mut diagnostic: Diagnostic, places: &[Span]) -> Diagnostic {
    let mut places = places.iter();
    if let Some(first) = places.next() {
        diagnostic = diagnostic.at(*first);
    }
    for place in places.take(2) {
        diagnostic = diagnostic.and(*place, "also here");
    }
    diagnostic
}

/// Why each fact is unknown where nobody set it; `outside` for what stands outside.
fn defaults<'f>(
    facts: impl Iterator<Item = &'f FactDef>,
    outside: Option<&Reason>,
) -> BTreeMap<Arc<str>, Fact> {
    let mut all = BTreeMap::new();
    for fact in facts {
        let reason = match fact.by {
            By::Person => Reason::People,
            By::Code => Reason::Code,
            By::Catalogue | By::Joined | By::Computed | By::Provisional => match outside {
                Some(reason) => reason.clone(),
                None => Reason::NotAnalysed(fact.name.clone()),
            },
        };
        let answer = || Fact::unknown(reason, None);
        all.entry(fact.name.clone()).or_insert_with(answer);
    }
    all
}
