//! Every real template that is at hand: nothing panics, every resource comes out
//! as something or is spoken of, few threats share a score, and the counts are those of `tests/corpus.tsv`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use underbelly_analysis::{Analysis, Options, Sources, analyze};
use underbelly_iac::{Input, Resource, ResourceGraph};
use underbelly_library::Library;
use underbelly_model::FlowKind;
use underbelly_source::{Files, Limits, Span};

use crate::corpus_folder::corpus_folder;
use crate::door::{AS_OF, root};
use crate::golden::check_file;
use crate::ties::ties;
use crate::traced::{Traced, trace};

const FORMATS: &[&str] = &[
    "sam-yaml", "sam-json", "cfn-yaml", "cfn-json", "cdk-json", "odd",
];

/// A system of the corpus, analysed.
struct Case {
    name: String,
    inputs: Vec<Input>,
    analysis: Analysis,
}

fn cases(corpus: &Path, library: &Library) -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in folders(corpus) {
        let name = file_name(&folder);
        let (inputs, analysis) = analysed(&folder, library);
        cases.push(Case {
            name,
            inputs,
            analysis,
        });
    }
    cases
}

/// A system of the corpus, by its folder.
pub(crate) fn analysis(folder: &Path, library: &Library) -> Analysis {
    analysed(folder, library).1
}

/// The folders of all systems.
pub(crate) fn folders(corpus: &Path) -> Vec<PathBuf> {
    let formats = FORMATS.iter().map(|format| corpus.join(format));
    formats.flat_map(|format| children(&format)).collect()
}

fn analysed(folder: &Path, library: &Library) -> (Vec<Input>, Analysis) {
    analysed_with(folder, library, "")
}

/// The same with an `underbelly.yaml`.
pub(crate) fn analysed_with(
    folder: &Path,
    library: &Library,
    said: &str,
) -> (Vec<Input>, Analysis) {
    let mut sources = Sources::default();
    if !said.is_empty() {
        let file = sources.files.add("underbelly.yaml", said);
        sources.projects.push(file);
    }
    add(folder, &file_name(folder), &mut sources);
    let inputs = sources.inputs.clone();
    let options = Options {
        as_of: AS_OF.to_owned(),
        parameters: BTreeMap::new(),
        limits: Limits::default(),
    };
    let beside = folder.parent().unwrap();
    let mut load = |path: &str| -> Result<Arc<str>, String> {
        let text = std::fs::read_to_string(beside.join(path));
        text.map(Into::into).map_err(|_| "not found".to_owned())
    };
    (inputs, analyze(sources, library, &options, &mut load))
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn add(folder: &Path, below: &str, sources: &mut Sources) {
    for path in children(folder) {
        let key = format!("{below}/{}", file_name(&path));
        if path.is_dir() {
            add(&path, &key, sources);
            continue;
        }
        let ending = key.rsplit('.').next().unwrap_or_default();
        let is_template = matches!(ending, "yaml" | "yml" | "json" | "template");
        if let (true, Ok(text)) = (is_template, std::fs::read_to_string(&path)) {
            let file = sources.files.add(key, text);
            sources.inputs.push(Input { file });
        }
    }
}

#[test]
fn every_real_template_is_modelled_as_before() {
    let Some(corpus) = corpus_folder() else {
        return;
    };
    let library = underbelly_builtin::rules();
    let mut table = String::from(
        "system\tresources\tcomponents\tparts\ttriggers\taccesses\tcalls\tdeliveries\t\
         exposed\tquestion\tmitigated\tquestions\tdiagnostics\n",
    );
    let mut problems = Vec::new();
    let mut traced = Traced::default();
    for case in cases(&corpus, &library) {
        table += &row(&case);
        trace(&case.name, &case.analysis, &mut traced);
        problems.extend(unaccounted(&case, &library));
        problems.extend(silent(&case, &corpus));
        problems.extend(ties(&case.name, &case.analysis.model));
    }
    assert!(
        problems.is_empty(),
        "{}\n{}",
        problems.len(),
        problems.join("\n")
    );
    println!(
        "accesses of code: {} traced to grants, {} to the line that names their end",
        traced.n_granted, traced.n_named
    );
    let lost = traced.lost;
    assert!(
        lost.is_empty(),
        "{} accesses rest on nothing\n{}",
        lost.len(),
        lost.join("\n")
    );
    assert!(traced.n_granted > 0 && traced.n_named > 0);
    check_file(&root().join("tests/corpus.tsv"), &table);
}

/// Names and counts only: nothing of the templates' text.
fn row(case: &Case) -> String {
    let model = &case.analysis.model;
    let architecture = &model.architecture;
    let components = architecture
        .components
        .iter()
        .filter(|c| c.system.is_some());
    let mut counts = vec![
        architecture
            .systems
            .iter()
            .map(|system| system.n_resources)
            .sum(),
        components.count(),
        architecture.parts.len(),
    ];
    for kind in [
        FlowKind::Trigger,
        FlowKind::Access,
        FlowKind::Call,
        FlowKind::Delivery,
    ] {
        counts.push(
            architecture
                .flows
                .iter()
                .filter(|flow| flow.kind == kind)
                .count(),
        );
    }
    for state in ["exposed", "question", "mitigated"] {
        counts.push(
            model
                .threats
                .iter()
                .filter(|threat| threat.state.word() == state)
                .count(),
        );
    }
    counts.push(model.questions.len());
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in &case.analysis.diagnostics {
        *codes.entry(diagnostic.code).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
    let codes: Vec<String> = codes
        .iter()
        .map(|(code, n)| format!("{code} {n}"))
        .collect();
    format!(
        "{}\t{}\t{}\n",
        case.name,
        counts.join("\t"),
        codes.join(", ")
    )
}

/// Resources that are no component, feed none, and are not spoken of.
fn unaccounted(case: &Case, library: &Library) -> Vec<String> {
    let graph = graph(case, library);
    let components = case.analysis.model.architecture.components.iter();
    let declared: BTreeSet<(Arc<str>, Arc<str>)> = components
        .filter_map(|component| component.resource.as_ref())
        .map(|resource| (resource.stack.clone(), resource.logical_id.clone()))
        .collect();
    let spoken_of = |resource: &Resource| {
        let mut spans = case.analysis.diagnostics.iter().filter_map(|d| d.span);
        spans.any(|span| within(span, resource.body) || within(span, resource.head))
    };
    let nested: BTreeSet<u32> = graph
        .stacks
        .iter()
        .filter_map(|s| s.parent)
        .map(|id| id.0)
        .collect();
    let lost = graph.iter().filter(|(id, resource)| {
        let stack = graph.stack(resource.stack).map(|stack| stack.path.clone());
        let is_component =
            declared.contains(&(stack.unwrap_or_default(), resource.logical_id.clone()));
        let mut entries = library.catalogue.of_type(&resource.kind);
        let feeds = entries.any(|(_, entry)| match &entry.left_out {
            Some(_) => is_told(case, &resource.written_as),
            None => entry.component.is_none(),
        });
        !is_component && !feeds && !nested.contains(&id.0) && !spoken_of(resource)
    });
    lost.map(|(_, resource)| {
        format!(
            "{}: {} ({}) is lost",
            case.name, resource.logical_id, resource.kind
        )
    })
    .collect()
}

/// Whether it is said that a type is left out.
fn is_told(case: &Case, kind: &str) -> bool {
    let told = format!("the resource type `{kind}` is left out");
    let mut diagnostics = case.analysis.diagnostics.iter();
    diagnostics.any(|diagnostic| diagnostic.message.starts_with(&told))
}

fn within(span: Span, outer: Span) -> bool {
    span.file == outer.file && span.start >= outer.start && span.end <= outer.end
}

fn graph(case: &Case, library: &Library) -> ResourceGraph {
    let options = underbelly_iac::Options {
        parameters: BTreeMap::new(),
        missing: BTreeMap::new(),
        sam: &library.sam,
        is_secret: Default::default(),
        limits: Limits::default(),
    };
    let files: &Files = &case.analysis.files;
    underbelly_iac::resolve(files, &case.inputs, &options).graph
}

/// Templates listed as such that became no system and are not spoken of.
fn silent(case: &Case, corpus: &Path) -> Vec<String> {
    let manifest = std::fs::read_to_string(corpus.join("MANIFEST.csv")).unwrap_or_default();
    let files = &case.analysis.files;
    let systems = case.analysis.model.architecture.systems.iter();
    let modelled: BTreeSet<String> = systems
        .flat_map(|system| system.files.iter().map(ToString::to_string))
        .collect();
    let spoken_of = |path: &str| {
        case.analysis.diagnostics.iter().any(|diagnostic| {
            let span = diagnostic
                .span
                .is_some_and(|span| files.path(span.file) == path);
            span || diagnostic
                .path
                .as_ref()
                .is_some_and(|shown| shown.ends_with(path))
        })
    };
    let mains = manifest.lines().filter_map(|line| {
        let mut columns = line.split(',');
        let id = columns.next()?;
        let main = line.split(',').any(|column| column == "main");
        let file = columns.nth(7)?;
        (id == case.name && main).then(|| format!("{id}/{file}"))
    });
    let lost = mains.filter(|path| files.find(path).is_some());
    let lost = lost.filter(|path| !modelled.contains(path) && !spoken_of(path));
    lost.map(|path| format!("{path} became no system and nothing says why"))
        .collect()
}
