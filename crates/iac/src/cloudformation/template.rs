//! The sections of a template, each only if it is what it should be.

use underbelly_source::Diagnostic;
use underbelly_syntax::{Document, Kind, Node};

use crate::graph::Format;
use crate::reader::Reader;
use crate::recognise::{self, Recognised};

/// A template's document and its sections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template<'a> {
    pub(crate) root: Node<'a>,
    pub(crate) format: Format,
}

/// The format of a document that is a template.
pub(crate) fn format_of(document: &Document, path: &str) -> Option<Format> {
    match recognise::recognise(document, path) {
        Recognised::Sam => Some(Format::Sam),
        Recognised::CloudFormation => Some(Format::CloudFormation),
        Recognised::Cdk => Some(Format::Cdk),
        Recognised::CdkManifest | Recognised::Foreign(_) | Recognised::Other => None,
    }
}

impl<'a> Template<'a> {
    /// A section that is a mapping; nothing where it is empty, and a diagnostic
    /// where it is something else.
    pub(crate) fn section(self, reader: &mut Reader<'_>, name: &str) -> Option<Node<'a>> {
        let entry = self.root.entry(name)?;
        match entry.value.kind() {
            Kind::Mapping => Some(entry.value),
            Kind::Null => {
                reader.report(
                    Diagnostic::note_only("empty-section", format!("`{name}` is empty"))
                        .at(entry.key.site()),
                );
                None
            }
            kind => {
                let message = format!("`{name}` wants a mapping, not {}", kind.word());
                reader.report(
                    Diagnostic::error("wrong-type", message)
                        .at(entry.span())
                        .note("nothing in it is in the model"),
                );
                None
            }
        }
    }

    /// Tells of macros that would change the template and are not run.
    pub(crate) fn check_macros(self, reader: &mut Reader<'_>) {
        let Some(transform) = self.root.get("Transform") else {
            return;
        };
        let alone = (transform.kind() != Kind::Sequence).then_some(transform);
        for each in alone.into_iter().chain(transform.items()) {
            let name = each
                .text()
                .or_else(|| each.get("Name").and_then(Node::text));
            let known = |name: &str| {
                [
                    "AWS::Serverless",
                    "AWS::LanguageExtensions",
                    "AWS::Include",
                    "AWS::CodeDeploy",
                    "AWS::SecretsManager",
                ]
                .iter()
                .any(|known| name.starts_with(known))
            };
            if let Some(name) = name.filter(|name| !known(name)) {
                reader.report(
                    Diagnostic::note_only(
                        "macro-not-run",
                        format!("the macro `{name}` is not run"),
                    )
                    .at(each.span())
                    .note("the template is modelled as it stands"),
                );
            }
        }
    }

    /// A file whose content belongs at the top of the template.
    pub(crate) fn top_includes(self) -> Vec<Node<'a>> {
        let Some(transform) = self.root.get("Transform") else {
            return Vec::new();
        };
        let alone = (transform.kind() == Kind::Mapping).then_some(transform);
        let all = alone.into_iter().chain(transform.items());
        all.filter(|each| each.get("Name").and_then(Node::text) == Some("AWS::Include"))
            .collect()
    }
}
