//! The resources of a template as drafts.

use std::sync::Arc;

use underbelly_expression::{Fact, Guard};
use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::{Entry, Kind, Node};

use super::expand::Expanded;
use super::scope::Scope;
use crate::draft::{Draft, empty_map};
use crate::graph::{Origin, UNTYPED};
use crate::plain::MapBuilder;

/// Written by the CDK for its own statistics.
const NOT_A_RESOURCE: &str = "AWS::CDK::Metadata";
/// What may stand beside `Properties`. A `Description` does nothing and is common.
const BESIDE: &[&str] = &[
    "Condition",
    "Connectors",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Description",
    "IgnoreGlobals",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
];

impl<'a> Scope<'_, 'a> {
    /// The drafts of these resources; each exists only where `outer` holds.
    pub(crate) fn drafts(&mut self, resources: Vec<Expanded<'a>>, outer: &Guard) -> Vec<Draft> {
        let mut drafts = Vec::with_capacity(resources.len());
        for resource in resources {
            if self.budget.resources == 0 {
                self.exceeded("resources", resource.key_span);
                break;
            }
            self.budget.resources -= 1;
            let loops = std::mem::replace(&mut self.loops, resource.loops);
            drafts.extend(self.draft(resource.name, resource.key_span, resource.value, outer));
            self.loops = loops;
        }
        drafts
    }

    fn draft(
        &mut self,
        name: Arc<str>,
        head: Span,
        node: Node<'a>,
        outer: &Guard,
    ) -> Option<Draft> {
        let kind = self.kind(&name, head, node);
        if &*kind == NOT_A_RESOURCE {
            return None;
        }
        let span = node.span();
        let body = if span.file == head.file && head.start <= span.end {
            head.to(span)
        } else {
            span
        };
        let id = self.names.id(&name, head);
        let guard = self.guard(node, outer);
        let metadata = self.evaluate_entry(node, "Metadata", head);
        let cdk_path = metadata.field("aws:cdk:path").as_text().map(Arc::from);
        let deletion_policy = self.evaluate_entry(node, "DeletionPolicy", head);
        Some(Draft {
            id,
            logical_id: name,
            written_as: kind.clone(),
            kind,
            properties: self.inside(&guard, |scope| scope.properties(node, head)),
            guard,
            head,
            body,
            origin: Origin::Written,
            cdk_path,
            metadata,
            deletion_policy: deletion_policy.as_text().map(Arc::from),
            attributes: self.attributes(node, head),
        })
    }

    fn kind(&mut self, name: &str, head: Span, node: Node<'a>) -> Arc<str> {
        let found = node
            .get("Type")
            .and_then(Node::text)
            .filter(|kind| !kind.is_empty());
        if let Some(kind) = found {
            return self.fill(kind).into();
        }
        let (code, message) = match node.kind() {
            Kind::Mapping => ("no-type", format!("the resource `{name}` has no `Type`")),
            kind => {
                let message = format!("the resource `{name}` wants a mapping, not {}", kind.word());
                ("wrong-type", message)
            }
        };
        self.report(
            Diagnostic::error(code, message)
                .at(head)
                .note("it is in the model as something we know nothing of")
                .help("give it a `Type` such as `AWS::Lambda::Function`"),
        );
        UNTYPED.into()
    }

    fn properties(&mut self, node: Node<'a>, head: Span) -> Fact {
        let Some(entry) = node.entry("Properties") else {
            return empty_map(head);
        };
        let fact = self.evaluate(entry.value);
        match &fact {
            Fact::Absent(_) => empty_map(head),
            Fact::Known(_) if fact.as_map().is_none() => {
                let message = format!(
                    "`Properties` wants a mapping, not {}",
                    entry.value.kind().word()
                );
                self.report(
                    Diagnostic::error("wrong-type", message)
                        .at(entry.span())
                        .note("the resource is modelled without properties"),
                );
                empty_map(head)
            }
            Fact::Known(_) | Fact::OneOf(_) | Fact::Unknown(_) => fact,
        }
    }

    fn guard(&mut self, node: Node<'a>, outer: &Guard) -> Guard {
        let Some(condition) = node.get("Condition").filter(|node| !node.is_null()) else {
            return outer.clone();
        };
        let Some(name) = condition.text() else {
            self.report(
                Diagnostic::warning("wrong-type", "`Condition` of a resource wants a name")
                    .at(condition.span())
                    .note("the resource is taken to be always there"),
            );
            return outer.clone();
        };
        let name = self.fill(name).into_owned();
        let own = self.condition_of(&name, condition.span());
        outer.and(&own).unwrap_or(own)
    }

    fn evaluate_entry(&mut self, node: Node<'a>, name: &str, head: Span) -> Fact {
        match node.get(name) {
            Some(value) => self.evaluate(value),
            None => Fact::absent(Some(head)),
        }
    }

    fn attributes(&mut self, node: Node<'a>, head: Span) -> Fact {
        const ELSEWHERE: [&str; 5] = [
            "Type",
            "Properties",
            "Metadata",
            "DeletionPolicy",
            "Condition",
        ];
        let mut map = MapBuilder::default();
        for entry in node
            .entries()
            .filter(|entry| !ELSEWHERE.contains(&entry.name()))
        {
            self.check_place(entry);
            let fact = self.evaluate(entry.value);
            map.insert(entry.name().into(), entry.key.site(), fact);
        }
        map.finish(head)
    }

    /// A property that slipped out of `Properties` is a setting that does nothing.
    fn check_place(&mut self, entry: Entry<'a>) {
        let name = entry.name();
        if BESIDE.contains(&name) || name.starts_with("Fn::") {
            return;
        }
        let message = format!("`{name}` stands beside `Properties`, where it has no effect");
        self.report(
            Diagnostic::warning("misplaced-property", message)
                .at(entry.key.span())
                .help(format!("indent `{name}` so that it stands in `Properties`")),
        );
    }
}
