//! Stacks that a resource deploys: from a local file, or noted as out of reach.

use std::sync::Arc;

use underbelly_expression::Fact;
use underbelly_source::{Diagnostic, FileId, Span};
use underbelly_syntax::Node;

use super::deploy::Deployment;
use crate::draft::Draft;
use crate::graph::Format;
use crate::paths::{self, Target};
use crate::reader::{Found, Reader};

const NESTED: [(&str, &str); 2] = [
    ("AWS::CloudFormation::Stack", "TemplateURL"),
    ("AWS::Serverless::Application", "Location"),
];

/// How the CDK ends the name of the resource that deploys a nested stack.
const RESOURCE: &str = ".NestedStackResource";

/// The deployments that the drafts of a stack cause.
pub(crate) fn deployments(
    reader: &mut Reader<'_>,
    drafts: &[Draft],
    parent: &Deployment,
    stack: usize,
) -> Vec<Deployment> {
    let nested = |draft: &&Draft| {
        NESTED
            .iter()
            .any(|(kind, _)| *kind == &*draft.kind || *kind == &*draft.written_as)
    };
    let mut found = Vec::new();
    for draft in drafts.iter().filter(nested) {
        let Some((path, span)) = location(draft) else {
            reader.report(
                Diagnostic::note_only(
                    "remote-stack",
                    format!("the stack `{}` is not a local file", draft.logical_id),
                )
                .at(draft.head)
                .note("what it deploys is not in the model")
                .help("name a local copy of its template to have it read"),
            );
            continue;
        };
        let Found::File(file) = reader.locate(&path, span) else {
            continue;
        };
        if parent.chain.contains(&file) {
            reader.report(
                Diagnostic::error("circular-stack", format!("`{path}` deploys itself"))
                    .at(span)
                    .note("the inner stack is left out"),
            );
            continue;
        }
        if parent.chain.len() >= reader.limits.nesting {
            reader.report(
                Diagnostic::error("limit", "the limit of nesting is reached here")
                    .at(span)
                    .note("the inner stack is left out"),
            );
            continue;
        }
        reader.used.insert(file);
        let mut chain = parent.chain.clone();
        chain.push(file);
        found.push(Deployment {
            file,
            path: format!("{}/{}", parent.path, name(draft, &parent.path)).into(),
            format: (parent.format == Some(Format::Cdk)).then_some(Format::Cdk),
            parent: Some((stack, draft.id)),
            bound: Some(draft.properties.field("Parameters").into_owned()),
            guard: draft.guard.clone(),
            chain,
        });
    }
    found
}

/// What a nested stack is called: its logical id, or the construct the CDK made it
/// of, `Shop/Data.NestedStack/Data.NestedStackResource`, because its id ends in hashes.
fn name(draft: &Draft, parent: &str) -> Arc<str> {
    let construct = || {
        let path = draft.cdk_path.as_deref()?.strip_suffix(RESOURCE)?;
        let (_, name) = path.rsplit_once('/')?;
        let path = path.strip_suffix(&format!("{name}.NestedStack/{name}"))?;
        let own = parent.rsplit('/').next().unwrap_or(parent);
        let mut segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
        // Those before are the parent stack, under the name the app gives it.
        let from = segments.iter().position(|segment| *segment == own);
        segments.drain(..=from.unwrap_or(0).min(segments.len().checked_sub(1)?));
        segments.push(name);
        Some(segments.join("/").into())
    };
    construct().unwrap_or_else(|| draft.logical_id.clone())
}

/// Where the template of a nested stack lies, if that is a local file. The CDK
/// uploads it and records the file it came from.
fn location(draft: &Draft) -> Option<(String, Span)> {
    let asset = draft.metadata.field("aws:asset:path");
    let places = NESTED
        .iter()
        .map(|(_, property)| draft.properties.field(property));
    let written = std::iter::once(asset).chain(places);
    written
        .filter_map(|fact| Some((fact.as_text()?.to_owned(), fact.head(draft.head))))
        .find(|(path, _)| paths::join("", path) != Target::Remote)
}

/// The files that a template plainly names as nested stacks, before anything in
/// it is resolved: they are not systems of their own.
pub(crate) fn local_references(reader: &Reader<'_>, file: FileId, root: Node<'_>) -> Vec<FileId> {
    let mut found = Vec::new();
    let resources = root.get("Resources");
    for entry in resources.into_iter().flat_map(Node::entries) {
        let kind = entry.value.get("Type").and_then(Node::text).unwrap_or("");
        let Some((_, property)) = NESTED.iter().find(|(nested, _)| *nested == kind) else {
            continue;
        };
        let written = entry
            .value
            .find(&["Properties", property])
            .and_then(Node::text);
        let asset = entry
            .value
            .find(&["Metadata", "aws:asset:path"])
            .and_then(Node::text);
        for path in written.into_iter().chain(asset) {
            if let Target::Inside(inside) = paths::join(reader.files.path(file), path) {
                found.extend(reader.files.find(&inside));
            }
        }
    }
    found
}

/// What the parent gives for a parameter.
pub(crate) fn given(bound: &Fact, name: &str) -> Option<Fact> {
    let fact = bound.field(name).into_owned();
    (!fact.is_absent()).then_some(fact)
}
