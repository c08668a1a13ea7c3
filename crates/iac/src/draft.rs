//! A stack being made: resources with resolved properties that are not yet numbered
//! for good, and the names by which they refer to each other.
//!
//! This is what the expansion of the serverless transform works on. It sees every
//! property as a [`Fact`] (intrinsics resolved, references as holes with
//! [`Cause::Resource`]) and replaces each `AWS::Serverless::*` draft by the drafts
//! it stands for. Ids are provisional: any name has one from its first mention on,
//! whether or not its resource ever comes; the graph numbers them anew at the end.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::{Cause, Fact, Guard, Hole, Map, Text, Value};
use underbelly_source::{Diagnostic, Span};

use crate::graph::{Origin, ResourceId};
use crate::reader::Reader;

/// A resource to be.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// Its reserved id: what holes that refer to it carry.
    pub(crate) id: ResourceId,
    /// Its logical id.
    pub(crate) logical_id: Arc<str>,
    /// The CloudFormation type it is; an expansion changes it.
    pub(crate) kind: Arc<str>,
    /// The type as written; for an implied one, that of the resource that implies it.
    pub(crate) written_as: Arc<str>,
    /// Its properties, resolved: a map, or unknown.
    pub(crate) properties: Fact,
    /// When it exists.
    pub(crate) guard: Guard,
    /// The place to point at: its logical id, or the line that implies it.
    pub(crate) head: Span,
    /// All that is written for it.
    pub(crate) body: Span,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// The construct path the CDK records.
    pub(crate) cdk_path: Option<Arc<str>>,
    /// `Metadata` as written; absent if there is none.
    pub(crate) metadata: Fact,
    /// `DeletionPolicy` as written.
    pub(crate) deletion_policy: Option<Arc<str>>,
    /// What else stands beside `Properties`, resolved: `Connectors`,
    /// `IgnoreGlobals`, `DependsOn`, … A map, perhaps empty.
    pub(crate) attributes: Fact,
}

impl Draft {
    /// A resource that this one implies: same guard, body and attributes of none;
    /// `head` is the line that causes it, `sub` its name below this one (see
    /// [`Origin::Implied`]).
    pub(crate) fn implies(
        &self,
        id: ResourceId,
        logical_id: &str,
        sub: &str,
        kind: &str,
        properties: Fact,
        head: Span,
    ) -> Draft {
        Draft {
            id,
            logical_id: logical_id.into(),
            kind: kind.into(),
            written_as: self.written_as.clone(),
            properties,
            guard: self.guard.clone(),
            head,
            body: self.body,
            origin: Origin::Implied {
                by: self.id,
                sub: sub.into(),
            },
            cdk_path: None,
            metadata: Fact::absent(Some(head)),
            deletion_policy: None,
            attributes: empty_map(head),
        }
    }
}

/// An empty map written at `span`.
pub(crate) fn empty_map(span: Span) -> Fact {
    Fact::written(Value::Map(Map::default()), span)
}

/// Where provisional ids come from: one source for all stacks of an analysis.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids(Rc<Cell<u32>>);

impl Ids {
    /// The next id.
    pub(crate) fn next(&self) -> ResourceId {
        let id = self.0.get();
        self.0.set(id.saturating_add(1));
        ResourceId(id)
    }
}

/// The names of a stack's resources: written, implied, or only mentioned so far.
#[derive(Debug)]
pub(crate) struct Names {
    ids: Ids,
    known: HashMap<Arc<str>, ResourceId>,
    /// Names in the order they came up, each with its first mention.
    mentions: Vec<(Arc<str>, ResourceId, Span)>,
    stand_ins: BTreeMap<ResourceId, ResourceId>,
}

impl Names {
    /// No names yet.
    pub(crate) fn new(ids: &Ids) -> Self {
        Self {
            ids: ids.clone(),
            known: HashMap::new(),
            mentions: Vec::new(),
            stand_ins: BTreeMap::new(),
        }
    }

    /// The id of a name; a new name gets one. `from` is where it is mentioned.
    pub(crate) fn id(&mut self, name: &str, from: Span) -> ResourceId {
        if let Some(id) = self.known.get(name) {
            return *id;
        }
        let id = self.ids.next();
        let name: Arc<str> = name.into();
        self.known.insert(name.clone(), id);
        self.mentions.push((name, id, from));
        id
    }

    /// Says that the resource of one name is that of another id: `Resize.Alias`
    /// (as in `!Ref Resize.Alias`) is the alias resource. References follow.
    pub(crate) fn stands_for(&mut self, name: &str, id: ResourceId, from: Span) {
        let alias = self.id(name, from);
        if alias != id {
            self.stand_ins.insert(alias, id);
        }
    }

    /// What an id really stands for.
    pub(crate) fn real(&self, id: ResourceId) -> ResourceId {
        let mut at = id;
        // A chain of stand-ins is never longer than there are stand-ins.
        for _ in 0..self.stand_ins.len() {
            match self.stand_ins.get(&at) {
                Some(next) => at = *next,
                None => break,
            }
        }
        at
    }

    /// Every name with its id and first mention, in the order they came up.
    pub(crate) fn mentions(&self) -> &[(Arc<str>, ResourceId, Span)] {
        &self.mentions
    }
}

/// A stack whose properties are resolved and whose resources may still change.
#[derive(Debug)]
pub(crate) struct StackDraft<'s, 'a> {
    /// Its resources, in the order of the source. An expansion puts what a
    /// resource implies right after it.
    pub(crate) resources: Vec<Draft>,
    /// Its names.
    pub(crate) names: &'s mut Names,
    /// `Globals`, resolved: a map by section (`Function`, `Api`, …), or absent.
    pub(crate) globals: Fact,
    /// Files, diagnostics and limits.
    pub(crate) reader: &'s mut Reader<'a>,
}

impl StackDraft<'_, '_> {
    /// The id of a logical id, also of one that nothing defines yet.
    pub(crate) fn id(&mut self, logical_id: &str, from: Span) -> ResourceId {
        self.names.id(logical_id, from)
    }

    /// A reference to a resource by logical id: `Ref` where `attribute` is empty.
    pub(crate) fn reference(&mut self, logical_id: &str, attribute: &str, span: Span) -> Fact {
        let id = self.names.id(logical_id, span);
        Fact::text(
            Text::hole(resource_hole(id, logical_id, attribute, span)),
            span,
        )
    }

    /// A problem for the user.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.reader.report(diagnostic);
    }

    /// A local file that a property names, as a tree of plain values (JSON or
    /// YAML, intrinsics not followed). `path` is relative to the file of `from`.
    /// `None` where it is not local or not there: it is then asked for, or reported.
    pub(crate) fn file(&mut self, path: &str, from: Span) -> Option<Fact> {
        self.reader.file(path, from)
    }

    /// The JSON or YAML document that a text holds, holes kept inside its texts;
    /// `None` where it is not one. Spans lie in `span` where they can be told.
    pub(crate) fn json_text(&mut self, text: &Text, span: Span) -> Option<Fact> {
        self.reader.json_text(text, span)
    }
}

/// The hole that stands for an attribute of a resource; a plain reference where
/// `attribute` is empty.
pub(crate) fn resource_hole(id: ResourceId, logical_id: &str, attribute: &str, span: Span) -> Hole {
    let label = if attribute.is_empty() {
        logical_id.into()
    } else {
        format!("{logical_id}.{attribute}").into()
    };
    Hole {
        cause: Cause::Resource {
            resource: id.0,
            attribute: attribute.into(),
        },
        label,
        span,
    }
}
