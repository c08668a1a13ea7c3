//! Looks up what entries name, checks their conditions and paths, and puts them
//! into the library.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_expression::{Schema, ScopeType, Type, UsedFact};
use underbelly_source::Diagnostic;
use underbelly_syntax::Node;

use super::raw::{RawAbsorb, RawCountermeasure, RawLink, RawThreat, Written};
use super::spelling::{did_you_mean, listed};
use super::strict::Sheet;
use super::{Entries, Knowledge, condition::Conditions, kind, put, words};
use crate::decider::deciders;
use crate::{
    Absorb, AppliesTo, CountermeasureDef, CountermeasureIndex, Disabled, Library, Link, Path,
    Requirements, Standard, ThreatDef, ThreatIndex,
};

/// The facts the conditions of an entry use.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Of the situation.
    pub(super) when: Vec<UsedFact>,
    /// Of the gap, or of whether the countermeasure is there.
    pub(super) gap: Vec<UsedFact>,
}

/// Puts the entries without errors into the library, over those of the same id.
pub(super) fn resolve(
    sheet: &mut Sheet,
    knowledge: &mut Knowledge,
    schema: &Schema,
    entries: &mut Entries<'_>,
) {
    let names = Names::of(knowledge, entries);
    let standards = std::mem::take(&mut knowledge.pages.standards);
    let mut resolving = Resolving {
        sheet,
        schema,
        names: &names,
        standards: &standards,
    };
    for raw in &entries.countermeasures {
        match resolving.countermeasure(raw) {
            Some((def, facts)) if !entries.broken.contains(&raw.id) => {
                resolving.note_override(&raw.id, raw.root);
                let mut page = raw.page.clone();
                page.decided_by = deciders(&knowledge.library, &facts.when, &facts.gap);
                entries.facts.insert(raw.id.clone(), facts);
                put(&mut knowledge.library.countermeasures, Some(def), |def| {
                    &def.id
                });
                let pages = &mut knowledge.pages.countermeasures;
                put(pages, Some(page), |page| &page.id);
            }
            _ => {
                entries.broken.insert(raw.id.clone());
            }
        }
    }
    for raw in &entries.threats {
        match resolving.threat(raw, &entries.facts) {
            Some((def, facts)) if !entries.broken.contains(&raw.id) => {
                resolving.note_override(&raw.id, raw.root);
                let mut page = raw.page.clone();
                page.decided_by = deciders(&knowledge.library, &facts.when, &facts.gap);
                entries.facts.insert(raw.id.clone(), facts);
                put(&mut knowledge.library.threats, Some(def), |def| &def.id);
                put(&mut knowledge.pages.threats, Some(page), |page| &page.id);
            }
            _ => {
                entries.broken.insert(raw.id.clone());
            }
        }
    }
    knowledge.pages.standards = standards;
}

/// `disable.yaml`: `function-url-open: reason`.
pub(super) fn disable(sheet: &mut Sheet, library: &mut Library, root: Node<'_>) {
    for entry in sheet.entries(root, "disable.yaml") {
        let id = entry.name();
        let threats = library.threats.iter().map(|def| &*def.id);
        let measures = library.countermeasures.iter().map(|def| &*def.id);
        let mut known = threats.chain(measures);
        if !known.clone().any(|known| known == id) {
            let help = did_you_mean(id, known.by_ref());
            let message = format!("there is no entry `{id}`");
            sheet.report("unknown-id", entry.key.span(), message).help = help;
        } else if let Some(reason) = sheet.text(entry.value, id) {
            let id = id.into();
            let disabled = Disabled { id, reason };
            put(&mut library.disabled, Some(disabled), |found| &found.id);
        }
    }
}

/// What the entries that there are apply to, by id: those loaded before, those
/// read now, and those that are broken, of which nothing is known.
struct Names {
    threats: BTreeMap<Arc<str>, Vec<AppliesTo>>,
    countermeasures: BTreeMap<Arc<str>, Vec<AppliesTo>>,
    before: BTreeSet<Arc<str>>,
    broken: BTreeSet<Arc<str>>,
}

impl Names {
    fn of(knowledge: &Knowledge, entries: &Entries<'_>) -> Self {
        let targets = |raw: &[(AppliesTo, _)]| raw.iter().map(|(to, _)| to.clone()).collect();
        let library = &knowledge.library;
        let before = library.threats.iter();
        let before = before.map(|def| (def.id.clone(), def.applies_to.clone()));
        let read = entries.threats.iter();
        let read = read.map(|raw| (raw.id.clone(), targets(&raw.applies_to)));
        let threats = before.chain(read).collect();
        let before = library.countermeasures.iter();
        let before = before.map(|def| (def.id.clone(), def.applies_to.clone()));
        let read = entries.countermeasures.iter();
        let read = read.map(|raw| (raw.id.clone(), targets(&raw.applies_to)));
        let countermeasures = before.chain(read).collect();
        let ids = library.threats.iter().map(|def| &def.id);
        let ids = ids.chain(library.countermeasures.iter().map(|def| &def.id));
        Self {
            threats,
            countermeasures,
            before: ids.cloned().collect(),
            broken: entries.broken.clone(),
        }
    }
}

struct Resolving<'r> {
    sheet: &'r mut Sheet,
    schema: &'r Schema,
    names: &'r Names,
    standards: &'r [Standard],
}

type Scopes = Vec<(AppliesTo, ScopeType)>;

impl Resolving<'_> {
    fn countermeasure(
        &mut self,
        raw: &RawCountermeasure<'_>,
    ) -> Option<(CountermeasureDef, Facts)> {
        let before = self.sheet.n_errors();
        let scopes = self.scopes(&raw.applies_to);
        let mut conditions = Conditions::new(self.sheet, self.schema, &scopes);
        let in_place = conditions.check(raw.in_place.as_ref());
        let gap = conditions.take_facts();
        self.standards(raw.root, &raw.page.standards);
        let in_place = in_place.filter(|_| self.sheet.n_errors() == before)?;
        let def = CountermeasureDef {
            id: raw.id.clone(),
            name: raw.name.clone(),
            status: raw.status.clone(),
            applies_to: scopes.into_iter().map(|(to, _)| to).collect(),
            in_place,
            lowers: raw.lowers,
            effort: raw.effort,
        };
        let when = Vec::new();
        Some((def, Facts { when, gap }))
    }

    fn threat(
        &mut self,
        raw: &RawThreat<'_>,
        measures: &BTreeMap<Arc<str>, Facts>,
    ) -> Option<(ThreatDef, Facts)> {
        let before = self.sheet.n_errors();
        let scopes = self.scopes(&raw.applies_to);
        let mut conditions = Conditions::new(self.sheet, self.schema, &scopes);
        let when = conditions.check(raw.when.as_ref());
        let mut facts = Facts {
            when: conditions.take_facts(),
            gap: Vec::new(),
        };
        let exposed = conditions.check(raw.exposed.as_ref());
        facts.gap = conditions.take_facts();
        let absorbs = raw.absorbs.iter();
        let absorbs = absorbs.filter_map(|absorb| self.absorb(absorb, &scopes));
        let absorbs = absorbs.collect();
        let links = raw.countermeasures.iter();
        let links = links.filter_map(|link| self.link(link, &scopes));
        let links: Vec<Link> = links.collect();
        if raw.exposed.is_none() {
            let sufficient = links
                .iter()
                .filter(|link| link.sufficient || link.any.is_some());
            let known = sufficient.clone().filter_map(|link| measures.get(&link.id));
            facts.gap = known.flat_map(|facts| facts.gap.clone()).collect();
            self.need_sufficient(raw, sufficient.count());
        }
        if let (Some(_), Some(_)) = (&when, &exposed) {
            self.need_some_fact(raw, &facts);
        }
        self.standards(raw.root, &raw.page.standards);
        self.placeholders(raw.root, &scopes);
        let when = when.filter(|_| self.sheet.n_errors() == before)?;
        let is_code = |fact: &UsedFact| fact.fact.starts_with("code.");
        let def = ThreatDef {
            id: raw.id.clone(),
            name: raw.name.clone(),
            status: raw.status.clone(),
            provider: raw.provider.clone(),
            applies_to: scopes.into_iter().map(|(to, _)| to).collect(),
            when,
            exposed,
            absorbs,
            rate: raw.rate,
            countermeasures: links,
            only_code: !facts.gap.is_empty() && facts.gap.iter().all(is_code),
        };
        Some((def, facts))
    }

    fn scopes(&mut self, applies_to: &[(AppliesTo, underbelly_source::Span)]) -> Scopes {
        let mut scopes = Vec::new();
        for (to, span) in applies_to {
            match self.schema.scope(&to.to_string()) {
                Ok(scope) => scopes.push((to.clone(), scope)),
                Err(message) => {
                    let help = self.scope_help(to);
                    self.sheet.report("unknown-kind", *span, message).help = help;
                }
            }
        }
        scopes
    }

    fn scope_help(&self, to: &AppliesTo) -> Option<String> {
        let facts = self.schema.facts(&to.kind);
        match &to.part {
            Some(part) if self.schema.owner(&to.kind).is_some() => {
                let parts = facts
                    .iter()
                    .filter_map(|(name, (_, fact))| match fact.value {
                        Type::Parts(_) => Some(*name),
                        _ => None,
                    });
                let parts: Vec<&str> = parts.collect();
                let all = || (!parts.is_empty()).then(|| format!("there are {}", listed(&parts)));
                did_you_mean(part, parts.iter().copied()).or_else(all)
            }
            _ => did_you_mean(&to.kind, self.schema.owners().map(|(name, _)| name)),
        }
    }

    fn absorb(&mut self, raw: &RawAbsorb<'_>, scopes: &Scopes) -> Option<Absorb> {
        let id = raw.name.text().unwrap_or("");
        let known = &self.names.threats;
        let targets = self.named(raw.name, "threat", known)?;
        let on = self.path(raw.on.as_ref(), scopes)?;
        // What is raised on the whole takes in what is raised on its parts.
        let at = |own: &AppliesTo, other: &AppliesTo| own.part.is_none() || own.part == other.part;
        self.fits(raw.name, &targets, on.as_ref(), scopes, at);
        Some(Absorb {
            id: id.into(),
            threat: ThreatIndex::default(),
            on,
        })
    }

    fn link(&mut self, raw: &RawLink<'_>, scopes: &Scopes) -> Option<Link> {
        let id = raw.name.text().unwrap_or("");
        let known = &self.names.countermeasures;
        let targets = self.named(raw.name, "countermeasure", known)?;
        let on = self.path(raw.on.as_ref(), scopes)?;
        // What is put on the whole guards its parts.
        let at =
            |own: &AppliesTo, other: &AppliesTo| other.part.is_none() || own.part == other.part;
        self.fits(raw.name, &targets, on.as_ref(), scopes, at);
        Some(Link {
            id: id.into(),
            countermeasure: CountermeasureIndex::default(),
            on,
            sufficient: raw.sufficient,
            any: raw.any.clone(),
            lowers: raw.lowers,
        })
    }

    /// What the entry of this name applies to.
    fn named(
        &mut self,
        name: Node<'_>,
        what: &str,
        known: &BTreeMap<Arc<str>, Vec<AppliesTo>>,
    ) -> Option<Vec<AppliesTo>> {
        let id = name.text().unwrap_or("");
        if let Some(targets) = known.get(id) {
            return Some(targets.clone());
        }
        if self.names.broken.contains(id) {
            return None;
        }
        let help = did_you_mean(id, known.keys().map(|id| &**id));
        let message = format!("there is no {what} `{id}`");
        self.sheet.report("unknown-id", name.span(), message).help = help;
        None
    }

    /// The path, if one is given; nothing at all if it is wrong.
    #[expect(clippy::option_option, reason = "wrong and left out differ")]
    fn path(&mut self, written: Option<&Written<'_>>, scopes: &Scopes) -> Option<Option<Path>> {
        let Some(written) = written else {
            return Some(None);
        };
        let checked = Conditions::new(self.sheet, self.schema, scopes).path(written)?;
        let (ends_in, in_parts) = match &checked.leads_to {
            Type::Part(part) => (part.clone(), true),
            Type::Reference(to) => (to.clone(), false),
            _ => return None,
        };
        Some(Some(Path {
            expression: checked.expression,
            ends_in,
            in_parts,
            several: checked.several,
        }))
    }

    /// Whether what is named applies where it would be judged; `at` says so for
    /// what the entry itself applies to and what the other one does.
    fn fits(
        &mut self,
        name: Node<'_>,
        targets: &[AppliesTo],
        on: Option<&Path>,
        scopes: &Scopes,
        at: fn(&AppliesTo, &AppliesTo) -> bool,
    ) {
        let fits = targets.iter().any(|target| match on {
            Some(path) => self.ends_at(path, target),
            None => scopes
                .iter()
                .any(|(own, _)| at(own, target) && self.meet(&own.kind, &target.kind)),
        });
        if fits || targets.is_empty() || scopes.is_empty() {
            return;
        }
        let id = name.text().unwrap_or("");
        let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let targets: Vec<&str> = targets.iter().map(|target| &**target).collect();
        let place = match on {
            Some(path) => format!("`{}`, which `{}` leads to", path.ends_in, path.expression),
            None => {
                let own: Vec<String> = scopes.iter().map(|(to, _)| to.to_string()).collect();
                let own: Vec<&str> = own.iter().map(|own| &**own).collect();
                listed(&own)
            }
        };
        let message = format!("`{id}` applies to {}, not to {place}", listed(&targets));
        let help = match on {
            Some(_) => "choose a path that leads to what it applies to",
            None => "say with `on:` by which facts to get there, as in `on: runs_as`",
        };
        self.sheet.report("wrong-target", name.span(), message).help = Some(help.to_owned());
    }

    fn ends_at(&self, path: &Path, target: &AppliesTo) -> bool {
        match &target.part {
            None => !path.in_parts && self.meet(&path.ends_in, &target.kind),
            Some(group) => {
                let parts = self
                    .schema
                    .fact(&target.kind, group)
                    .map(|fact| &fact.value);
                path.in_parts && parts == Some(&Type::Parts(path.ends_in.clone()))
            }
        }
    }

    /// Whether some kind is both.
    fn meet(&self, one: &str, other: &str) -> bool {
        let mut kinds = self.schema.kinds_of(one);
        kinds.any(|kind| self.schema.is_a(kind, other))
    }

    fn need_sufficient(&mut self, raw: &RawThreat<'_>, n_sufficient: usize) {
        let broken = |link: &RawLink<'_>| {
            let id = link.name.text().unwrap_or("");
            self.names.broken.contains(id)
        };
        if n_sufficient > 0 || raw.countermeasures.iter().any(broken) {
            return;
        }
        let message = "without `exposed`, some countermeasure must be sufficient";
        let span = kind::place_of(raw.root);
        self.sheet.report("no-gap", span, message).help =
            Some("add `exposed:`, or mark a countermeasure `{ sufficient: true }`".to_owned());
    }

    fn need_some_fact(&mut self, raw: &RawThreat<'_>, facts: &Facts) {
        let Some(exposed) = &raw.exposed else {
            return;
        };
        if facts.when.is_empty() && facts.gap.is_empty() {
            let message = "neither `when` nor `exposed` asks for a fact";
            self.sheet.report("no-fact", exposed.node.span(), message);
        }
    }

    fn standards(&mut self, root: Node<'_>, read: &[Requirements]) {
        if read.is_empty() {
            return;
        }
        let entries = root.get("standards").into_iter().flat_map(Node::entries);
        for entry in entries {
            let id = entry.name();
            let Some(standard) = self.standards.iter().find(|found| &*found.id == id) else {
                let known = self.standards.iter().map(|found| &*found.id);
                let help = did_you_mean(id, known);
                let message = format!("there is no standard `{id}`");
                self.sheet
                    .report("unknown-id", entry.key.span(), message)
                    .help = help;
                continue;
            };
            for item in entry.value.items() {
                let text = item.text().unwrap_or("");
                if standard.items.iter().any(|(known, _)| &**known == text) {
                    continue;
                }
                let known = standard.items.iter().map(|(known, _)| &**known);
                let help = did_you_mean(text, known).unwrap_or_else(|| {
                    format!("if it is there, add it to `standards/{id}.yaml` with its title")
                });
                let message = format!("`{id}` has no `{text}`");
                self.sheet.report("unknown-id", item.span(), message).help = Some(help);
            }
        }
    }

    /// `{component}`, `{point}` and paths in the sentence.
    fn placeholders(&mut self, root: Node<'_>, scopes: &Scopes) {
        for key in ["source", "action", "impact"] {
            let Some(node) = root.find(&["threat", key]) else {
                continue;
            };
            for (range, name) in words::placeholders(node.text().unwrap_or("")) {
                let mut conditions = Conditions::new(self.sheet, self.schema, scopes);
                if name == "component" || name == "point" || conditions.is_path(&name) {
                    continue;
                }
                let message = format!("`{{{name}}}` stands for nothing here");
                let span = node.inner_span(range);
                self.sheet.report("unknown-placeholder", span, message).help = Some(
                    "there are `{component}`, `{point}` and facts, such as `{target}`".to_owned(),
                );
            }
        }
    }

    fn note_override(&mut self, id: &Arc<str>, root: Node<'_>) {
        if self.names.before.contains(id) {
            let message = format!("`{id}` takes the place of the built-in entry");
            let note = Diagnostic::note_only("override", message);
            self.sheet.problems.push(note.at(kind::place_of(root)));
        }
    }
}
