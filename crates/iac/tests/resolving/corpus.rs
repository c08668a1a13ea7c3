//! Real templates, where they are at hand: none panics, and what is not
//! understood is listed for reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use underbelly_iac::{Input, Options, resolve};
use underbelly_model::SamKnowledge;
use underbelly_source::{Files, Limits};

#[path = "../../../../tests/corpus_folder.rs"]
mod corpus_folder;
use corpus_folder::corpus_folder;

#[test]
fn every_real_template_resolves() {
    let Some(corpus) = corpus_folder() else {
        return;
    };
    let mut folders: Vec<PathBuf> = Vec::new();
    for kind in [
        "sam-yaml", "sam-json", "cfn-yaml", "cfn-json", "cdk-json", "odd",
    ] {
        folders.extend(children(&corpus.join(kind)));
    }
    for folder in folders {
        let mut files = Files::default();
        let mut inputs = Vec::new();
        add(&folder, "", &mut files, &mut inputs);
        let options = Options {
            parameters: BTreeMap::new(),
            missing: BTreeMap::new(),
            sam: &SamKnowledge::default(),
            is_secret: Default::default(),
            limits: Limits::default(),
        };
        let resolution = resolve(&files, &inputs, &options);
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        println!(
            "{name}: {} resources, {} wanted",
            resolution.graph.resources.len(),
            resolution.wanted.len()
        );
        for problem in &resolution.diagnostics {
            let place = problem
                .span
                .map(|span| format!("{}:{}", files.path(span.file), files.position(span)));
            println!(
                "  {} {}: {}",
                problem.code,
                place.unwrap_or_default(),
                problem.message
            );
        }
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn add(path: &Path, below: &str, files: &mut Files, inputs: &mut Vec<Input>) {
    for child in children(path) {
        let name = child
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let shown = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        if child.is_dir() {
            add(&child, &shown, files, inputs);
        } else if let Ok(text) = std::fs::read_to_string(&child) {
            let file = files.add(shown, text);
            inputs.push(Input { file });
        }
    }
}
