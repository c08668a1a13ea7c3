//! From a folder of YAML files to checked knowledge.
//!
//! Every file is read strictly ([`strict`]), names are looked up and conditions
//! checked ([`resolve`]), then the set is checked as a whole ([`whole`]). What is
//! wrong becomes a diagnostic; an entry with an error is left out, the rest stands.

mod actions;
mod catalogue;
mod catalogue_check;
mod circle;
mod condition;
mod countermeasure;
mod data;
mod entry;
mod example;
mod kind;
mod raw;
mod resolve;
mod spelling;
mod standard;
mod strict;
mod threat;
mod topic;
mod whole;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use underbelly_expression::Schema;
use underbelly_source::{Diagnostic, FileId, Files, Limits, Severity, Span};
use underbelly_syntax::{Document, Node};

use crate::{
    Catalogue, CatalogueEntry, CataloguePage, Library, ManagedPolicies, Pages, PublishedActions,
    ResourceTypes,
};
use raw::{RawCountermeasure, RawThreat};
pub use strict::{Fields, Sheet, is_date};
use topic::Topic;

/// A library with what only people and checks need of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Knowledge {
    /// What an analysis judges by.
    pub library: Library,
    /// What people read.
    pub pages: Pages,
    /// What the catalogue is checked against.
    pub resource_types: ResourceTypes,
}

/// Loads the files below `root` as a library of its own, checked as a whole.
///
/// ```
/// use underbelly_source::{Files, Limits};
/// let mut files = Files::default();
/// files.add("library/threats/nothing.yaml", "id: nothing\n");
/// let (_, problems) = underbelly_library::load(&files, "library", &Limits::default());
/// assert_eq!(problems[0].message, "a threat lacks `threat`");
/// ```
pub fn load(files: &Files, root: &str, limits: &Limits) -> (Knowledge, Vec<Diagnostic>) {
    Loading::over(Knowledge::default(), files).load(root, limits, true)
}

impl Knowledge {
    /// This with the files below `root` over it. An entry of the same id takes
    /// the place of the one here; `disable.yaml` switches entries off.
    pub fn extended_with(
        &self,
        files: &Files,
        root: &str,
        limits: &Limits,
    ) -> (Knowledge, Vec<Diagnostic>) {
        Loading::over(self.clone(), files).load(root, limits, false)
    }
}

/// One file of the library.
struct Source {
    /// As shown to people.
    path: Arc<str>,
    topic: Topic,
    document: Document,
}

struct Loading<'f> {
    knowledge: Knowledge,
    files: &'f Files,
    sheet: Sheet,
    /// The names of entries' files that are not YAML.
    unread: BTreeSet<Arc<str>>,
    threat_unread: bool,
    /// Entries of the catalogue read so far.
    catalogue: Vec<CatalogueEntry>,
}

/// The entries of a folder, in the order of their paths.
#[derive(Default)]
struct Entries<'d> {
    threats: Vec<RawThreat<'d>>,
    countermeasures: Vec<RawCountermeasure<'d>>,
    /// Ids of entries that cannot be used.
    broken: BTreeSet<Arc<str>>,
    /// Whether some threat could not be read at all, so that what it names is
    /// not known.
    threat_unread: bool,
    /// What the conditions of those that can be used ask for.
    facts: BTreeMap<Arc<str>, resolve::Facts>,
}

impl<'f> Loading<'f> {
    fn over(knowledge: Knowledge, files: &'f Files) -> Self {
        Self {
            knowledge,
            files,
            sheet: Sheet::default(),
            unread: BTreeSet::new(),
            threat_unread: false,
            catalogue: Vec::new(),
        }
    }

    fn load(mut self, root: &str, limits: &Limits, whole: bool) -> (Knowledge, Vec<Diagnostic>) {
        let sources = self.sources(root, limits);
        let mut declared = kind::Declared::default();
        self.searched_tables(root);
        for source in &sources {
            self.read_ground(source, &mut declared);
        }
        self.sort_ground();
        let schema = kind::schema(&mut self.sheet, &declared, &self.knowledge.library);
        for source in &sources {
            self.check_catalogue(source, &schema);
            if matches!(&source.topic, Topic::Data(name) if name == "actions") {
                let root = source.document.root();
                actions::check(&mut self.sheet, &self.knowledge.library, root);
            }
        }
        let mut entries = Entries {
            broken: std::mem::take(&mut self.unread),
            threat_unread: self.threat_unread,
            ..Entries::default()
        };
        for source in &sources {
            self.read_entry(source, &mut entries);
        }
        self.refuse_twice(&mut entries);
        resolve::resolve(&mut self.sheet, &mut self.knowledge, &schema, &mut entries);
        for source in &sources {
            if source.topic == Topic::Disable {
                let root = source.document.root();
                resolve::disable(&mut self.sheet, &mut self.knowledge.library, root);
            }
        }
        circle::refuse_circles(&mut self.sheet, &mut self.knowledge.library, &entries);
        self.knowledge.sort_entries();
        if whole {
            let ids = self.listed_ids(root);
            whole::check(&mut self.sheet, &self.knowledge, &entries, &ids);
            let kinds = sources.iter().filter(|source| source.topic == Topic::Kind);
            let kinds = kinds.map(|source| source.document.root());
            whole::every_kind_has_a_threat(&mut self.sheet, &self.knowledge.library, kinds);
        }
        let mut problems = self.sheet.problems;
        in_order(&mut problems, self.files);
        (self.knowledge, problems)
    }

    /// The files below `root` as trees, by path.
    fn sources(&mut self, root: &str, limits: &Limits) -> Vec<Source> {
        let mut found: BTreeMap<Arc<str>, (FileId, Topic)> = BTreeMap::new();
        for (id, file) in self.files.iter() {
            let Some(below) = below(root, file.path()) else {
                continue;
            };
            match Topic::of(below) {
                Some(topic) => {
                    found.insert(file.path().clone(), (id, topic));
                }
                None if below.ends_with(".yaml") || below.ends_with(".yml") => {
                    let message = "this file is not part of a library";
                    self.sheet.problems.push(
                        Diagnostic::warning("unknown-file", message)
                            .in_path(file.path().clone())
                            .help(topic::FOLDERS),
                    );
                }
                None => {}
            }
        }
        let sources = found
            .into_iter()
            .filter_map(|(path, (id, topic))| self.source(path, id, topic, limits));
        sources.collect()
    }

    fn source(
        &mut self,
        path: Arc<str>,
        id: FileId,
        topic: Topic,
        limits: &Limits,
    ) -> Option<Source> {
        let (documents, problems) = underbelly_syntax::read(self.files, id, limits);
        let failed = !problems.is_empty();
        for mut problem in problems {
            problem.severity = Severity::Error;
            problem.note = None;
            self.sheet.problems.push(problem);
        }
        let mut documents = documents.into_iter();
        let document = documents.next();
        if document.is_none() && !failed {
            let problem = Diagnostic::error("empty-file", "the file is empty");
            self.sheet.problems.push(problem.in_path(path.clone()));
        }
        let Some(document) = document.filter(|_| !failed) else {
            self.unread.extend(stem(&path).map(Arc::from));
            self.threat_unread |= topic == Topic::Threat;
            return None;
        };
        if let Some(second) = documents.next() {
            let span = second.root().span();
            let message = "a file holds one document";
            self.sheet.report("two-documents", span, message);
        }
        self.sheet.refuse_cleverness(document.root());
        Some(Source {
            path,
            topic,
            document,
        })
    }

    /// What entries stand on: kinds, vocabularies, data, standards.
    fn read_ground<'d>(&mut self, source: &'d Source, declared: &mut kind::Declared<'d>) {
        let sheet = &mut self.sheet;
        let library = &mut self.knowledge.library;
        let root = source.document.root();
        match &source.topic {
            Topic::Kind => {
                let read = kind::kind(sheet, declared, root);
                put(&mut library.kinds, read, |kind| &kind.id);
            }
            Topic::Trait => {
                let read = kind::trait_of(sheet, declared, root);
                put(&mut library.traits, read, |found| &found.id);
            }
            Topic::Part => {
                let read = kind::part(sheet, declared, root);
                put(&mut library.parts, read, |part| &part.id);
            }
            Topic::Vocabulary => {
                let read = kind::vocabulary(sheet, root);
                put(&mut library.vocabularies, read, |found| &found.id);
            }
            Topic::Practices => {
                for practice in kind::practices(sheet, root) {
                    put(&mut library.practices, Some(practice), |found| &found.name);
                }
            }
            Topic::Zones => library.zones = kind::zones(sheet, root),
            Topic::Data(name) => data::read(sheet, &mut self.knowledge, name, root),
            Topic::Standard => {
                let read = standard::read(sheet, &source.path, root);
                put(&mut self.knowledge.pages.standards, read, |found| &found.id);
            }
            Topic::Catalogue(id) => {
                if let Some((entry, examples)) = catalogue::read(sheet, id, root) {
                    let page = CataloguePage {
                        id: entry.id.clone(),
                        path: source.path.clone(),
                        examples,
                    };
                    let pages = &mut self.knowledge.pages.catalogue;
                    put(pages, Some(page), |page| &page.id);
                    self.catalogue.push(entry);
                }
            }
            Topic::Threat | Topic::Countermeasure | Topic::Disable => {}
        }
    }

    /// The tables that are searched as they stand.
    fn searched_tables(&mut self, root: &str) {
        let text = |name: &str| {
            let file = self.files.find(&format!("{root}/data/{name}.txt"))?;
            Some(self.files.text(file).to_owned())
        };
        let library = &mut self.knowledge.library;
        if let Some(text) = text("aws-actions") {
            library.data.actions.published = PublishedActions::new(text);
        }
        if let Some(text) = text("aws-managed-policies") {
            library.data.managed_policies = ManagedPolicies::new(text);
            let paths = library.data.managed_policies.paths();
            let paths = paths.map(|(name, path)| (name.to_owned(), path.to_owned()));
            library.sam.managed_policies = paths.collect();
        }
    }

    /// Whether an entry of the catalogue speaks of what there is.
    fn check_catalogue(&mut self, source: &Source, schema: &Schema) {
        let Topic::Catalogue(id) = &source.topic else {
            return;
        };
        let entries = self.knowledge.library.catalogue.entries();
        if let Ok(at) = entries.binary_search_by(|entry| (*entry.id).cmp(id))
            && let Some(entry) = entries.get(at)
        {
            let root = source.document.root();
            let knowledge = &self.knowledge;
            catalogue_check::check_entry(&mut self.sheet, knowledge, schema, entry, root);
        }
    }

    fn sort_ground(&mut self) {
        let library = &mut self.knowledge.library;
        library.kinds.sort_by(|one, other| one.id.cmp(&other.id));
        library.traits.sort_by(|one, other| one.id.cmp(&other.id));
        library.parts.sort_by(|one, other| one.id.cmp(&other.id));
        library.zones.sort_by_key(|zone| zone.rating);
        let standards = &mut self.knowledge.pages.standards;
        standards.sort_by(|one, other| one.id.cmp(&other.id));
        kind::flatten_traits(library);
        let entries = library.catalogue.entries().iter().cloned();
        library.catalogue = Catalogue::new(entries.chain(self.catalogue.drain(..)));
        let pages = &mut self.knowledge.pages.catalogue;
        pages.sort_by(|one, other| one.id.cmp(&other.id));
    }

    fn read_entry<'d>(&mut self, source: &'d Source, into: &mut Entries<'d>) {
        let root = source.document.root();
        let before = self.sheet.n_errors();
        let id = match source.topic {
            Topic::Threat => {
                let read = threat::read(&mut self.sheet, self.files, &source.path, root);
                read.map(|threat| {
                    into.threats.push(threat);
                    into.threats.last().map(|threat| threat.id.clone())
                })
            }
            Topic::Countermeasure => {
                let read = countermeasure::read(&mut self.sheet, self.files, &source.path, root);
                read.map(|measure| {
                    into.countermeasures.push(measure);
                    into.countermeasures.last().map(|found| found.id.clone())
                })
            }
            _ => return,
        };
        if self.sheet.n_errors() > before {
            into.broken.extend(id.clone().flatten());
            // Names in an entry without id are known by its file.
            into.broken.extend(stem(&source.path).map(Arc::from));
            into.threat_unread |= source.topic == Topic::Threat && id.is_none();
        }
    }

    /// Two entries of one id: the first stands.
    fn refuse_twice(&mut self, entries: &mut Entries<'_>) {
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let sheet = &mut self.sheet;
        let mut keep = |id: &Arc<str>, root: Node<'_>| {
            let span = kind::place_of(root);
            let Some(first) = seen.get(id) else {
                seen.insert(id.clone(), span);
                return true;
            };
            let message = format!("there are two entries `{id}`");
            let problem = sheet.report("duplicate-id", span, message);
            problem.related.push((*first, "the other one".to_owned()));
            false
        };
        entries
            .threats
            .retain(|threat| keep(&threat.id, threat.root));
        let measures = &mut entries.countermeasures;
        measures.retain(|measure| keep(&measure.id, measure.root));
    }

    /// Ids given out so far: `ids.txt`, one a line, with where each stands.
    fn listed_ids(&self, root: &str) -> Vec<(Arc<str>, Span)> {
        let path = format!("{root}/ids.txt");
        let Some(file) = self.files.find(&path) else {
            return Vec::new();
        };
        let mut at = 0;
        let mut found = Vec::new();
        for line in self.files.text(file).split_inclusive('\n') {
            let id = line.trim();
            let span = Span::new(file, at, at.saturating_add(id.len() as u32));
            at = at.saturating_add(line.len() as u32);
            if !id.is_empty() && !id.starts_with('#') {
                found.push((id.into(), span));
            }
        }
        found
    }
}

impl Knowledge {
    /// Puts entries and pages in the order of their ids and looks up names.
    fn sort_entries(&mut self) {
        let pages = &mut self.pages;
        pages.threats.sort_by(|one, other| one.id.cmp(&other.id));
        let measures = &mut pages.countermeasures;
        measures.sort_by(|one, other| one.id.cmp(&other.id));
        self.library.index_entries();
    }
}

/// Puts one among others in place of the one of the same id, if there is one.
fn put<T>(among: &mut Vec<T>, one: Option<T>, id: impl Fn(&T) -> &Arc<str>) {
    let Some(one) = one else {
        return;
    };
    match among.iter_mut().find(|other| id(other) == id(&one)) {
        Some(other) => *other = one,
        None => among.push(one),
    }
}

/// A file's name without its ending.
fn stem(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.strip_suffix(".yaml")
}

/// A path as seen from the root of the library.
fn below<'p>(root: &str, path: &'p str) -> Option<&'p str> {
    let root = root.trim_end_matches('/');
    if root.is_empty() || root == "." {
        return Some(path);
    }
    path.strip_prefix(root)?.strip_prefix('/')
}

/// By file and place, so that the order of checks does not show.
fn in_order(problems: &mut Vec<Diagnostic>, files: &Files) {
    let place = |problem: &Diagnostic| match problem.span {
        Some(span) => (files.path(span.file).to_owned(), span.start, span.end),
        None => {
            let path = problem.path.as_deref().unwrap_or("");
            (path.to_owned(), 0, 0)
        }
    };
    problems.sort_by_cached_key(place);
    problems.dedup();
}
