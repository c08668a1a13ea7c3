//! Checks a catalogue entry against what there is: its kind, the facts and words it
//! gives, and the properties its resource types really have.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Expression, FactType, Form, Narrowing, Node, Schema, Type, check};
use underbelly_source::Span;
use underbelly_syntax::Node as Tree;

use super::Knowledge;
use super::spelling::did_you_mean;
use super::strict::Sheet;
use crate::catalogue::{
    CatalogueEntry, Choice, FactRule, FactSource, FromProperty, Given, GivenFrom, PartFrom,
    PartRule, Plain,
};
use crate::{COMPONENT, Library, ResourceTypes};

/// What is wrong with an entry, shown at its facts and parts.
pub(super) fn check_entry(
    sheet: &mut Sheet,
    knowledge: &Knowledge,
    schema: &Schema,
    entry: &CatalogueEntry,
    root: Tree<'_>,
) {
    let library = &knowledge.library;
    let kind = entry.component.as_deref();
    let place = |path: &[&str]| place(root, path);
    if let Some(kind) = kind
        && kind != COMPONENT
        && library.kind(kind).is_none()
    {
        let kinds = library.kinds.iter().map(|kind| &*kind.id);
        let problem = sheet.report(
            "unknown-name",
            place(&["component"]),
            format!("there is no kind `{kind}`"),
        );
        problem.help = did_you_mean(kind, kinds);
        return;
    }
    if let Some(zone) = &entry.zone
        && !library.zones.iter().any(|known| known.id == *zone)
    {
        let message = format!("there is no zone `{zone}`");
        sheet.report("unknown-name", place(&["zone"]), message);
    }
    let mut checker = Checker {
        sheet,
        library,
        types: &knowledge.resource_types,
        schema,
        names: names(&entry.given, &entry.resources),
        below: String::new(),
        root,
    };
    checker.paths(&entry.names, &["name"]);
    checker.paths(&entry.leads_to, &["leads-to"]);
    checker.through(&entry.through);
    checker.only(entry.only.as_ref());
    checker.given(&entry.given);
    for flow in &entry.flows {
        checker.path(&flow.to, place(&["flows"]));
    }
    if let Some(kind) = kind {
        for rule in &entry.facts {
            let declared = schema.fact(kind, &rule.name);
            checker.fact(rule, kind, declared, &["facts", &rule.name]);
        }
        for rule in &entry.parts {
            checker.part(rule, kind);
        }
    }
}

/// Names beside the properties, with the types whose properties they stand for.
type Names = BTreeMap<Arc<str>, Vec<Arc<str>>>;

/// The name under which the properties themselves are known.
const OWN: &str = "";

fn names(given: &[Given], own: &[Arc<str>]) -> Names {
    let mut names = Names::new();
    names.insert(OWN.into(), own.to_vec());
    for given in given {
        let types = match &given.from {
            GivenFrom::Attached { resources, .. } | GivenFrom::Followed { resources, .. } => {
                resources.clone()
            }
        };
        names.insert(given.name.clone(), types);
    }
    names
}

/// The value at a path of keys, or the nearest above it.
fn place(root: Tree<'_>, path: &[&str]) -> Span {
    let mut node = root;
    let mut span = super::strict::head(root);
    for key in path {
        let Some(entry) = node.entry(key) else { break };
        span = entry.key.span();
        node = entry.value;
    }
    span
}

struct Checker<'c, 'd> {
    sheet: &'c mut Sheet,
    library: &'c Library,
    types: &'c ResourceTypes,
    schema: &'c Schema,
    names: Names,
    /// The property whose items are spoken of.
    below: String,
    root: Tree<'d>,
}

impl Checker<'_, '_> {
    fn paths(&mut self, paths: &[Arc<str>], at: &[&str]) {
        let place = place(self.root, at);
        for path in paths {
            self.path(path, place);
        }
    }

    fn through(&mut self, through: &[(Arc<str>, Arc<str>)]) {
        let place = place(self.root, &["through"]);
        for (kind, path) in through {
            if !self.has(kind, path) {
                self.no_property(std::slice::from_ref(kind), path, place);
            }
        }
    }

    fn only(&mut self, choice: Option<&Choice>) {
        if let Some(choice) = choice {
            self.path(&choice.property, place(self.root, &["only"]));
        }
    }

    fn given(&mut self, given: &[Given]) {
        for given in given {
            match &given.from {
                GivenFrom::Attached { resources, by, .. } => {
                    let place = place(self.root, &["attach", &given.name]);
                    self.of_types(resources, by, place);
                }
                GivenFrom::Followed { path, .. } => {
                    self.path(path, place(self.root, &["follow", &given.name]));
                }
            }
        }
    }

    /// Properties of other types.
    fn of_types(&mut self, types: &[Arc<str>], paths: &[Arc<str>], place: Span) {
        for path in paths {
            let known = types.iter().any(|kind| self.has(kind, path));
            if !known {
                self.no_property(types, path, place);
            }
        }
    }

    /// A path that may begin with a name beside the properties.
    fn path(&mut self, path: &str, place: Span) {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let (types, path) = match self.names.get(first) {
            Some(types) if !first.is_empty() => (types.clone(), rest.to_owned()),
            _ => {
                let own = self.names.get(OWN).cloned().unwrap_or_default();
                (own, format!("{}{path}", self.below))
            }
        };
        let known = path.is_empty() || types.is_empty();
        if !known && !types.iter().any(|kind| self.has(kind, &path)) {
            self.no_property(&types, &path, place);
        }
    }

    /// Whether a type has a property; types that are not listed may have any.
    fn has(&self, kind: &str, path: &str) -> bool {
        let Some(listed) = self.types.get(kind) else {
            return true;
        };
        let wanted: Vec<&str> = path.split('.').collect();
        listed.properties.iter().any(|property| {
            let property = property.replace("[]", "");
            let mut segments = property.split('.');
            wanted.iter().all(|name| match segments.next() {
                Some("*") => {
                    // From there on anything goes.
                    segments = "*.*.*.*.*.*.*.*".split('.');
                    true
                }
                Some(segment) => segment == *name || *name == "*",
                None => false,
            })
        })
    }

    fn no_property(&mut self, types: &[Arc<str>], path: &str, place: Span) {
        let kind = types.first().map_or("?", |kind| &**kind);
        let listed = self.types.get(kind);
        let known = listed.map_or(&[][..], |listed| &listed.properties);
        let plain: Vec<String> = known.iter().map(|p| p.replace("[]", "")).collect();
        let help = did_you_mean(path, plain.iter().map(String::as_str));
        let message = format!("`{kind}` has no property `{path}`");
        self.sheet.report("unknown-property", place, message).help = help;
    }

    fn part(&mut self, rule: &PartRule, kind: &str) {
        let at = ["parts", &*rule.group];
        let span = place(self.root, &at);
        let declared = self.schema.fact(kind, &rule.group).map(|fact| &fact.value);
        let Some(Type::Parts(part)) = declared.cloned() else {
            let message = format!("`{kind}` has no parts `{}`", rule.group);
            self.sheet.report("unknown-name", span, message);
            return;
        };
        let own = match &rule.from {
            PartFrom::Property(path) => {
                self.path(path, span);
                self.names.get(OWN).cloned().unwrap_or_default()
            }
            PartFrom::Resources { resources, by } => {
                self.of_types(resources, by, span);
                resources.clone()
            }
            PartFrom::Borrowed(paths) => {
                self.paths(paths, &at);
                Vec::new()
            }
        };
        if let PartFrom::Property(path) = &rule.from {
            self.below = format!("{path}.");
        }
        let outer = std::mem::replace(&mut self.names, names(&rule.given, &own));
        for name in ["value", "key"] {
            self.names.insert(name.into(), Vec::new());
        }
        self.paths(&rule.key, &at);
        if let Some(only) = &rule.only {
            self.path(&only.property, span);
        }
        self.given(&rule.given);
        for fact in &rule.facts {
            let declared = self.schema.part_fact(&part, &fact.name);
            self.fact(fact, &part, declared, &at);
        }
        self.names = outer;
        self.below.clear();
    }

    fn fact(&mut self, rule: &FactRule, owner: &str, declared: Option<&FactType>, at: &[&str]) {
        let span = place(self.root, at);
        let Some(declared) = declared else {
            let message = format!("`{owner}` has no fact `{}`", rule.name);
            self.sheet.report("unknown-name", span, message);
            return;
        };
        let is_bool = declared.value == Type::Bool;
        match &rule.source {
            FactSource::From(from) => self.from(from, declared, span),
            FactSource::Condition {
                condition,
                names,
                defaults,
            } => {
                self.needs(is_bool, rule, declared, span);
                self.condition(condition, names, span);
                for (path, _) in defaults {
                    self.path(path, span);
                }
            }
            FactSource::Cases(cases) => {
                for case in cases {
                    self.condition(&case.condition, &case.names, span);
                    self.word(&case.value, declared, span);
                }
            }
            FactSource::Always(value) => {
                if let Some(value) = &value.value {
                    self.word(value, declared, span);
                }
            }
            FactSource::Join { paths, .. } => {
                for path in paths {
                    self.path(path, span);
                }
            }
            FactSource::Refers { paths, kinds, .. } => {
                for path in paths {
                    self.path(path, span);
                }
                for kind in kinds {
                    if self.library.kind(kind).is_none() {
                        let message = format!("there is no kind `{kind}`");
                        self.sheet.report("unknown-name", span, message);
                    }
                }
            }
            FactSource::PointedAtBy { by, .. } => {
                for (kind, paths) in by {
                    self.of_types(std::slice::from_ref(kind), paths, span);
                }
            }
            FactSource::Anywhere {
                resource, collect, ..
            } => self.of_types(std::slice::from_ref(resource), collect, span),
            FactSource::Over(condition) => {
                self.needs(is_bool, rule, declared, span);
                let scope = match self.schema.scope(owner) {
                    Ok(scope) => scope,
                    Err(message) => {
                        self.sheet.report("unknown-name", span, message);
                        return;
                    }
                };
                let problems = check(condition, &scope, &Narrowing::default(), self.schema);
                for problem in problems.err().unwrap_or_default() {
                    let message = problem.message;
                    self.sheet.report("condition", span, message).help = problem.help;
                }
            }
        }
    }

    fn needs(&mut self, holds: bool, rule: &FactRule, declared: &FactType, span: Span) {
        if !holds {
            let message = format!("`{}` is {declared}, not a condition", rule.name);
            self.sheet.report("wrong-type", span, message);
        }
    }

    fn from(&mut self, from: &FromProperty, declared: &FactType, span: Span) {
        for path in &from.paths {
            self.path(path, span);
        }
        let words = from.map.iter().map(|(_, word)| word);
        for word in words.chain(&from.otherwise) {
            if matches!(declared.value, Type::Enum(_)) {
                self.word(&Plain::Text(word.clone()), declared, span);
            }
        }
        if let Some(value) = from
            .absent
            .as_ref()
            .and_then(|absent| absent.value.as_ref())
        {
            self.word(value, declared, span);
        }
    }

    /// Whether a value is one of the fact.
    fn word(&mut self, value: &Plain, declared: &FactType, span: Span) {
        let fits = match (&declared.value, value) {
            (Type::Bool, Plain::Bool(_)) | (Type::Number(_), Plain::Number(_)) => true,
            (Type::Text, Plain::Text(_)) => true,
            (Type::Set(_), Plain::List(_)) => true,
            (Type::Enum(members), Plain::Text(word)) => members.contains(word),
            _ => false,
        };
        if !fits {
            let message = format!("{value:?} is no {declared}");
            self.sheet.report("wrong-value", span, message);
        }
    }

    fn condition(&mut self, condition: &Expression, names: &[Arc<str>], span: Span) {
        for name in names {
            let known = self.names.contains_key(name);
            if !known {
                self.path(name, span);
            }
        }
        let mut found = Vec::new();
        collect(condition.root(), &[], &mut found);
        for path in found {
            self.path(&path, span);
        }
    }
}

/// The paths a condition names; a variable stands for an item of its list.
fn collect(node: &Node, variables: &[(Arc<str>, String)], into: &mut Vec<String>) {
    if let Some(path) = path_of(node, variables) {
        into.push(path);
        return;
    }
    match &node.form {
        Form::Text(_) | Form::Number(_) | Form::Bool(_) | Form::Name(_) => {}
        Form::List(nodes) | Form::And(nodes) | Form::Or(nodes) => {
            for node in nodes {
                collect(node, variables, into);
            }
        }
        Form::Member(of, _) | Form::Has(of) | Form::Not(of) | Form::Size(of) => {
            collect(of, variables, into);
        }
        Form::Compare(_, one, other) | Form::In(one, other) | Form::TextTest(_, one, other) => {
            collect(one, variables, into);
            collect(other, variables, into);
        }
        Form::Quantified(_, of, variable, condition) => {
            collect(of, variables, into);
            let mut inner = variables.to_vec();
            if let Some(path) = path_of(of, variables) {
                inner.push((variable.clone(), path));
            }
            collect(condition, &inner, into);
        }
    }
}

fn path_of(node: &Node, variables: &[(Arc<str>, String)]) -> Option<String> {
    match &node.form {
        Form::Name(name) => {
            let variable = variables.iter().rev().find(|(known, _)| known == name);
            Some(variable.map_or_else(|| name.to_string(), |(_, path)| path.clone()))
        }
        Form::Member(of, name) => Some(format!("{}.{name}", path_of(of, variables)?)),
        _ => None,
    }
}
