//! The facade: sources and a library in, a threat model out.
//!
//! The one door for the terminal, for a server and for tests. It reads no disk:
//! a file that a template refers to is asked for through [`Load`], within
//! bounds, and everything is resolved again once it is there.

#![warn(missing_docs)]

mod counts;
mod examples;
mod sources;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_architecture::{Mapping, Said};
use underbelly_iac as iac;
use underbelly_library::{Library, Words};
use underbelly_model::{Counts, ThreatModel};
use underbelly_project::Project;
use underbelly_source::{Diagnostic, FileId, Files, Limits};

pub use examples::{Failure, Tested, test_examples};
pub use sources::{Load, Sources};

/// What an analysis depends on besides its sources and the library.
#[derive(Clone, Debug)]
pub struct Options {
    /// The date it is made for, `YYYY-MM-DD`.
    pub as_of: String,
    /// Parameter values the user gave.
    pub parameters: BTreeMap<String, String>,
    /// Bounds.
    pub limits: Limits,
}

/// What came of an analysis.
#[derive(Debug)]
pub struct Analysis {
    /// The texts, for excerpts and positions.
    pub files: Files,
    /// The threat model.
    pub model: ThreatModel,
    /// What was not understood, or left out, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// How much was read.
    pub counts: Counts,
    /// The files in which teams say what they know of their systems.
    pub projects: Vec<FileId>,
}

/// Reads, resolves, maps and assesses.
pub fn analyze(
    sources: Sources,
    library: &Library,
    options: &Options,
    load: &mut Load<'_>,
) -> Analysis {
    let Sources {
        mut files,
        inputs,
        named,
        projects,
        mut diagnostics,
    } = sources;
    let teams = teams(&files, &projects, options, &mut diagnostics);
    let resolution = resolve(&mut files, &inputs, library, options, load);
    let n_files = files.len().saturating_sub(projects.len());
    let counts = counts::count(&resolution.graph, n_files);
    let (mut mapping, problems) = map(&resolution.graph, library, &files, options, &teams);
    diagnostics.extend(problems);
    diagnostics.extend(resolution.diagnostics);
    for file in named {
        if !resolution
            .graph
            .stacks
            .iter()
            .any(|stack| stack.file == file)
        {
            diagnostics.extend(no_template(&files, file, &diagnostics, &options.limits));
        }
    }
    // What was declared is drawn now; the room it takes is for the threats.
    drop(resolution.graph);
    diagnostics.append(&mut mapping.diagnostics);
    let planned: BTreeSet<Arc<str>> = teams.iter().flat_map(Project::planned).collect();
    let mut assessment = underbelly_engine::assess(
        mapping.architecture,
        library,
        &underbelly_engine::Options {
            as_of: &options.as_of,
            planned: &planned,
            limits: options.limits,
        },
    );
    diagnostics.append(&mut assessment.diagnostics);
    for project in &teams {
        diagnostics.extend(project.decide(&mut assessment.model, &files));
    }
    mask(&mut diagnostics, &library.data.words);
    sort(&mut diagnostics, &files);
    Analysis {
        files,
        model: assessment.model,
        diagnostics,
        counts,
        projects,
    }
}

/// What teams say of their own systems.
fn teams(
    files: &Files,
    projects: &[FileId],
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Project> {
    let read = projects.iter().map(|file| {
        let (project, problems) = underbelly_project::read(files, *file, &options.limits);
        diagnostics.extend(problems);
        project
    });
    read.collect()
}

/// How often a system is mapped again with what teams say of it. What is said may
/// name what only something else that is said brings about.
const MOST_MAPPINGS: usize = 4;

/// Maps what was resolved, and again with what teams say of it: only a drawing tells
/// what the names they use lead to, and only mapping what follows from their words.
fn map(
    graph: &iac::ResourceGraph,
    library: &Library,
    files: &Files,
    options: &Options,
    teams: &[Project],
) -> (Mapping, Vec<Diagnostic>) {
    let map = |said: &Said| {
        let options = underbelly_architecture::Options {
            files: Some(files),
            said: Some(said),
            as_of: &options.as_of,
            limits: options.limits,
        };
        underbelly_architecture::map(graph, library, &options)
    };
    let mut heard = Said::default();
    let mut mapping = map(&heard);
    let mut left = MOST_MAPPINGS;
    loop {
        let mut said = Said::default();
        let described = teams
            .iter()
            .flat_map(|team| team.describe(&mapping.architecture, library, files, &mut said));
        let problems: Vec<Diagnostic> = described.collect();
        if said == heard || left == 0 {
            return (mapping, problems);
        }
        left = left.saturating_sub(1);
        mapping = map(&said);
        heard = said;
    }
}

/// Resolves, loads what is wanted and resolves again, until nothing new comes.
fn resolve(
    files: &mut Files,
    inputs: &[iac::Input],
    library: &Library,
    options: &Options,
    load: &mut Load<'_>,
) -> iac::Resolution {
    let words = &library.data.words;
    let is_secret =
        |name: &str, value: &str| underbelly_architecture::looks_secret(words, name, value);
    let mut missing: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    // Each round follows references one file deeper.
    for _ in 0..options.limits.nesting {
        let resolution = iac::resolve(
            files,
            inputs,
            &iac::Options {
                parameters: options.parameters.clone(),
                missing: missing.clone(),
                sam: &library.sam,
                is_secret: iac::IsSecret(&is_secret),
                limits: options.limits,
            },
        );
        let mut came = false;
        for wanted in &resolution.wanted {
            if files.find(&wanted.path).is_some() || missing.contains_key(&wanted.path) {
                continue;
            }
            came = true;
            match load(&wanted.path) {
                Ok(text) if files.len() < options.limits.files => {
                    files.add(wanted.path.clone(), text);
                }
                Ok(_) => {
                    let reason = format!("more than {} files", options.limits.files);
                    missing.insert(wanted.path.clone(), reason.into());
                }
                Err(reason) => {
                    missing.insert(wanted.path.clone(), reason.into());
                }
            }
        }
        if !came {
            return resolution;
        }
    }
    let reason = "references lead deeper than the limit of nesting";
    let mut last = iac::resolve(
        files,
        inputs,
        &iac::Options {
            parameters: options.parameters.clone(),
            missing,
            sam: &library.sam,
            is_secret: iac::IsSecret(&is_secret),
            limits: options.limits,
        },
    );
    for wanted in last.wanted.drain(..) {
        let message = format!("`{}` was not read", files.show(&wanted.path));
        let diagnostic = Diagnostic::error("nesting-limit", message).at(wanted.from);
        last.diagnostics.push(diagnostic.note(reason));
    }
    last
}

/// Why there is no template in a file that the user named: what stops it from
/// being read, or that it is none.
fn no_template(
    files: &Files,
    file: FileId,
    said: &[Diagnostic],
    limits: &Limits,
) -> Vec<Diagnostic> {
    let about = |diagnostic: &Diagnostic| {
        let path = diagnostic.path.as_deref();
        diagnostic.span.is_some_and(|span| span.file == file) || path == Some(files.shown(file))
    };
    if said.iter().any(about) {
        return Vec::new();
    }
    let (_, mut problems) = underbelly_syntax::read(files, file, limits);
    let message = format!("`{}` is no template we know", files.shown(file));
    let diagnostic = Diagnostic::warning("not-a-template", message);
    problems.push(
        diagnostic
            .in_path(files.shown(file))
            .help("a template has `Resources`, each with a `Type`"),
    );
    problems
}

/// Messages repeat what is written; a secret is not.
fn mask(diagnostics: &mut [Diagnostic], words: &Words) {
    for diagnostic in diagnostics {
        let told = [&mut diagnostic.message].into_iter();
        let told = told.chain(&mut diagnostic.note).chain(&mut diagnostic.help);
        for text in told.chain(diagnostic.related.iter_mut().map(|(_, label)| label)) {
            if let Cow::Owned(masked) = words.masked(text) {
                *text = masked;
            }
        }
    }
}

/// By file, then place, then what is said; the same thing said twice is said once.
fn sort(diagnostics: &mut Vec<Diagnostic>, files: &Files) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| {
            let path = d.span.map(|span| files.path(span.file).to_owned());
            let path = path.or_else(|| d.path.as_ref().map(ToString::to_string));
            (path, d.span.map(|span| (span.start, span.end)), d.severity)
        };
        (key(a), a.code, &a.message).cmp(&(key(b), b.code, &b.message))
    });
    diagnostics.dedup();
}
