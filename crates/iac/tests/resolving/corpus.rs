//! Real templates, where they are at hand: none panics, and what is not
//! understood is listed for reading.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use underbelly_iac::{Input, Options, resolve};
use underbelly_model::SamKnowledge;
use underbelly_source::{Files, Limits};

#[test]
fn every_real_template_resolves() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = std::env::var_os("UNDERBELLY_CORPUS").map_or(corpus, PathBuf::from);
    if !corpus.is_dir() {
        println!("corpus: absent");
        return;
    }
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
