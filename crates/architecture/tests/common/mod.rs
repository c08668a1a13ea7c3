//! Templates in, the architecture out, with the library of this repository.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses some of it; a test may panic"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use underbelly_architecture::{Mapping, Options, map};
use underbelly_expression::{Fact, Guard, Reason, SubjectId, Value};
use underbelly_iac::Input;
use underbelly_library::{Knowledge, load};
use underbelly_model::Architecture;
use underbelly_source::{Files, Limits};

/// The library, loaded once.
pub(crate) static LIBRARY: LazyLock<Knowledge> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let mut files = Files::default();
    for path in paths {
        let shown = path.strip_prefix(&root).unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        files.add(format!("library/{}", shown.replace('\\', "/")), text);
    }
    load(&files, "library", &Limits::default()).0
});

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// What a template maps to.
pub(crate) fn mapped(template: &str) -> Mapping {
    mapped_files(template).1
}

/// The same, with the files that its places speak of.
pub(crate) fn mapped_files(template: &str) -> (Files, Mapping) {
    let mut files = Files::default();
    let file = files.add("shop.yaml", template);
    let limits = Limits::default();
    let resolution = underbelly_iac::resolve(
        &files,
        &[Input { file }],
        &underbelly_iac::Options {
            parameters: BTreeMap::new(),
            missing: BTreeMap::new(),
            sam: &LIBRARY.library.sam,
            is_secret: Default::default(),
            limits,
        },
    );
    let options = Options {
        as_of: "2026-11-01",
        files: Some(&files),
        said: None,
        limits,
    };
    let mapping = map(&resolution.graph, &LIBRARY.library, &options);
    (files, mapping)
}

/// A fact in words: `group/key/fact` is a fact of a part.
pub(crate) fn fact(all: &Architecture, component: SubjectId, path: &str) -> String {
    let facts = match path.split_once('/') {
        None => &all.component(component).unwrap().facts,
        Some((group, rest)) => {
            let (key, _) = rest.rsplit_once('/').unwrap();
            let parts = &all.component(component).unwrap().parts;
            let mut parts = parts.iter().filter_map(|part| all.part(*part));
            let part = parts.find(|part| &*part.group == group && &*part.key == key);
            match part {
                Some(part) => &part.facts,
                None => return format!("no part `{key}`"),
            }
        }
    };
    let name = path.rsplit('/').next().unwrap();
    match facts.get(name) {
        Some(fact) => shown(all, fact),
        None => "not set".to_owned(),
    }
}

/// A fact in words.
pub(crate) fn shown(all: &Architecture, fact: &Fact) -> String {
    match fact {
        Fact::Absent(_) => "absent".to_owned(),
        Fact::Unknown(_) => "unknown".to_owned(),
        Fact::OneOf(one_of) => {
            let cases = one_of.alternatives.iter().map(|alternative| {
                let value = shown(all, &alternative.fact);
                with_guard(all, value, &alternative.guard)
            });
            cases.collect::<Vec<_>>().join("; ")
        }
        Fact::Known(known) => match &known.value {
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Map(_) => "a map".to_owned(),
            Value::Subject(subject) => match all.component(*subject) {
                Some(component) => component.name.to_string(),
                None => all.label(*subject),
            },
            Value::Set(set) => {
                let items = set.items.iter().map(|item| {
                    let value = shown(all, &item.fact);
                    with_guard(all, value, &item.guard)
                });
                let mut items: Vec<String> = items.collect();
                if let Some(rest) = &set.rest {
                    items.push(format!("… {}", reason(&rest.reason)));
                }
                items.join(", ")
            }
        },
    }
}

fn with_guard(all: &Architecture, value: String, guard: &Guard) -> String {
    if guard.is_always() {
        return value;
    }
    format!("{value} when {}", all.worlds.describe(guard))
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Parameter(name)
        | Reason::MissingFile(name)
        | Reason::Import(name)
        | Reason::Lookup(name)
        | Reason::Unsupported(name)
        | Reason::Limit(name)
        | Reason::OtherComponent(name)
        | Reason::Elsewhere(name)
        | Reason::NotAnalysed(name) => name.to_string(),
        Reason::Code => "code".to_owned(),
        Reason::People => "people".to_owned(),
    }
}
