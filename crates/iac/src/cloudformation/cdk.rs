//! What a CDK app synthesised: `manifest.json` lists the stacks of one assembly
//! and the assemblies below it.

use underbelly_source::{Diagnostic, FileId};
use underbelly_syntax::Node;

use crate::paths;
use crate::reader::{Found, Reader};

/// The templates of one assembly, each with the name of its stack.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    pub(crate) stacks: Vec<(String, FileId)>,
}

/// Reads a manifest and those of the assemblies below it.
pub(crate) fn assembly(reader: &mut Reader<'_>, manifest: FileId) -> Assembly {
    let mut assembly = Assembly::default();
    let mut open = vec![manifest];
    let mut seen = Vec::new();
    while let Some(manifest) = open.pop() {
        if seen.contains(&manifest) || seen.len() > reader.limits.nesting {
            continue;
        }
        seen.push(manifest);
        let Some(document) = reader.referred(manifest) else {
            continue;
        };
        let artifacts = document.root().get("artifacts");
        for entry in artifacts.into_iter().flat_map(Node::entries) {
            let kind = entry.value.get("type").and_then(Node::text).unwrap_or("");
            let property = |name: &str| entry.value.find(&["properties", name]);
            match kind {
                "aws:cloudformation:stack" => {
                    let Some(file) = property("templateFile") else {
                        continue;
                    };
                    let Some(path) = file.text() else { continue };
                    if let Found::File(found) = reader.locate(path, file.span()) {
                        let name = property("stackName").and_then(Node::text);
                        let name = name.unwrap_or_else(|| paths::stem(path));
                        assembly.stacks.push((name.to_owned(), found));
                    }
                }
                "cdk:cloud-assembly" => {
                    let Some(folder) = property("directoryName").and_then(Node::text) else {
                        continue;
                    };
                    let path = format!("{folder}/manifest.json");
                    if let Found::File(found) = reader.locate(&path, entry.span()) {
                        open.push(found);
                    }
                }
                _ => {}
            }
        }
    }
    if assembly.stacks.is_empty() && reader.wanted.is_empty() {
        reader.report(
            Diagnostic::warning(
                "empty-assembly",
                "the manifest lists no stack that could be read",
            )
            .in_path(reader.files.shown(manifest))
            .help("run `cdk synth` again"),
        );
    }
    assembly
}
