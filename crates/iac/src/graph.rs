//! What templates declare: systems of stacks of resources, in provider words.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, Worlds};
use underbelly_model::SamKnowledge;
use underbelly_source::{Diagnostic, FileId, Limits, Span};

/// The type of a resource that has none.
pub const UNTYPED: &str = "untyped";

/// A resource: an index into [`ResourceGraph::resources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(pub u32);

/// A stack: an index into [`ResourceGraph::stacks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackId(pub u32);

/// A system: an index into [`ResourceGraph::systems`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemId(pub u32);

/// Everything the templates of one analysis declare.
#[derive(Debug, Default)]
pub struct ResourceGraph {
    /// Wholes that belong together.
    pub systems: Vec<System>,
    /// Templates, each as often as it is deployed.
    pub stacks: Vec<Stack>,
    /// Resources, written and implied, in the order of the source.
    pub resources: Vec<Resource>,
    /// The conditions and parameters that guards name.
    pub worlds: Worlds,
    /// Places of values that are to be masked wherever they are shown.
    pub secrets: Vec<Span>,
}

/// Stacks that belong together: a root template with its nested stacks, one CDK
/// output, or stacks joined by export and import.
#[derive(Debug)]
pub struct System {
    /// Its name: that of its root stack, or of the folder that holds it.
    pub name: Arc<str>,
    /// Its stacks, roots first.
    pub stacks: Vec<StackId>,
}

/// How a stack is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// CloudFormation with the serverless transform.
    Sam,
    /// Plain CloudFormation.
    CloudFormation,
    /// CloudFormation that the CDK wrote.
    Cdk,
}

/// One template as deployed once.
#[derive(Debug)]
pub struct Stack {
    /// Its path within the system: `orders`, `orders/Payments` for a nested one.
    /// Made from names in the templates and files, never from where we were called.
    pub path: Arc<str>,
    /// The system it belongs to.
    pub system: SystemId,
    /// The file it stands in.
    pub file: FileId,
    /// How it is written.
    pub format: Format,
    /// The resource that deploys it, for a nested stack.
    pub parent: Option<ResourceId>,
    /// Its description, if written.
    pub description: Option<Arc<str>>,
    /// Where its list of resources stands; the file's first byte if it has none.
    pub span: Span,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its outputs.
    pub outputs: Vec<Output>,
}

/// A parameter of a stack.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub span: Span,
    /// Whether its value is to be masked.
    pub no_echo: bool,
    /// What it stands for: the given value, the allowed ones, the default, or unknown.
    pub value: Fact,
    /// The default as written.
    pub default: Option<Fact>,
}

/// An output of a stack.
#[derive(Debug)]
pub struct Output {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub span: Span,
    /// Its value.
    pub value: Fact,
    /// The name it is exported under.
    pub export: Option<Fact>,
    /// When it exists.
    pub guard: Guard,
}

/// Where a resource comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It stands in the template under its logical id.
    Written,
    /// The format makes it because of a line in another resource.
    Implied {
        /// The written resource that causes it.
        by: ResourceId,
        /// Its name below that one: `url`, `role`; the component id is then
        /// `Resize:url`. Empty where it stands for the written resource itself
        /// or has a name of its own, such as `ServerlessRestApi`.
        sub: Arc<str>,
    },
}

/// One declared resource with resolved properties.
#[derive(Debug)]
pub struct Resource {
    /// The stack it stands in.
    pub stack: StackId,
    /// Its logical id; for an implied one, the id the provider's transform gives.
    pub logical_id: Arc<str>,
    /// The CloudFormation type it is, such as `AWS::Lambda::Function`.
    pub kind: Arc<str>,
    /// The type as written, such as `AWS::Serverless::Function`.
    pub written_as: Arc<str>,
    /// Its properties: a map. For a state machine `Definition` and for an API
    /// `Body` are trees wherever the text could be read, however it was written.
    pub properties: Fact,
    /// When it exists.
    pub guard: Guard,
    /// The place to point at: its logical id, or the line that implies it.
    pub head: Span,
    /// All that is written for it.
    pub body: Span,
    /// Where it comes from.
    pub origin: Origin,
    /// The construct path the CDK records.
    pub cdk_path: Option<Arc<str>>,
    /// `Metadata` as written; absent if there is none.
    pub metadata: Fact,
    /// `DeletionPolicy` as written.
    pub deletion_policy: Option<Arc<str>>,
}

/// What the resolver starts from. Paths of files use forward slashes and are
/// relative to a folder that holds all roots, so that they can be joined and
/// names can be made from them.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// A file the user named or discovery found.
    pub file: FileId,
}

/// Whether a parameter of this name with this value looks like a secret: its value
/// is then masked and not told. By default none does.
#[derive(Clone, Copy)]
pub struct IsSecret<'a>(pub &'a dyn Fn(&str, &str) -> bool);

impl Default for IsSecret<'_> {
    fn default() -> Self {
        Self(&|_, _| false)
    }
}

impl fmt::Debug for IsSecret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IsSecret")
    }
}

/// How to resolve.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// Parameter values given by the user; they count as written.
    pub parameters: BTreeMap<String, String>,
    /// Paths that were wanted and could not be had, each with the reason.
    pub missing: BTreeMap<Arc<str>, Arc<str>>,
    /// What is known of the serverless transform.
    pub sam: &'a SamKnowledge,
    /// Which parameters hold secrets though nothing declares it.
    pub is_secret: IsSecret<'a>,
    /// Bounds.
    pub limits: Limits,
}

/// A file that a template refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// The path, joined to the referring file's folder and normalised; a leading
    /// `../` that remains leads out of the roots and must not be read.
    pub path: Arc<str>,
    /// The reference.
    pub from: Span,
}

/// What resolving gave.
#[derive(Debug, Default)]
pub struct Resolution {
    /// What is declared.
    pub graph: ResourceGraph,
    /// What was not understood.
    pub diagnostics: Vec<Diagnostic>,
    /// Files to load before resolving again; empty when done.
    pub wanted: Vec<Wanted>,
}

impl ResourceGraph {
    /// The resource of this id.
    pub fn resource(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.get(id.0 as usize)
    }

    /// The stack of this id.
    pub fn stack(&self, id: StackId) -> Option<&Stack> {
        self.stacks.get(id.0 as usize)
    }

    /// Every resource with its id, in order.
    pub fn iter(&self) -> impl Iterator<Item = (ResourceId, &Resource)> {
        let numbered = self.resources.iter().enumerate();
        numbered.map(|(index, resource)| (ResourceId(index as u32), resource))
    }
}
