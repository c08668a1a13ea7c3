//! One deployment of one template: sections in their order, to resources.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Known, Text, Value, Worlds};
use underbelly_model::SamKnowledge;
use underbelly_source::{Diagnostic, FileId, Place, Span};
use underbelly_syntax::Node;

use super::expand::Expanded;
use super::nested;
use super::scope::{Budget, Loops, Scope};
use super::template::{Template, format_of};
use super::used;
use crate::draft::{Draft, Ids, Names, StackDraft};
use crate::graph::{Format, IsSecret, Output, Parameter, ResourceId};
use crate::reader::Reader;
use crate::{documents, method_paths, openapi, sam, state_machine, suggest};

/// What all deployments of an analysis share.
#[derive(Debug)]
pub(crate) struct Shared<'s, 'a> {
    pub(crate) reader: &'s mut Reader<'a>,
    pub(crate) worlds: &'s mut Worlds,
    pub(crate) budget: &'s mut Budget,
    pub(crate) ids: &'s Ids,
    pub(crate) sam: &'s SamKnowledge,
    /// Values the user gives, for stacks that no other stack deploys.
    pub(crate) given: &'s BTreeMap<String, String>,
    /// The given names that some template has.
    pub(crate) taken: &'s mut HashSet<String>,
    pub(crate) secrets: &'s mut Vec<Span>,
}

/// A template to deploy.
#[derive(Debug)]
pub(crate) struct Deployment {
    pub(crate) file: FileId,
    pub(crate) path: Arc<str>,
    /// How it is written, where that is known from outside.
    pub(crate) format: Option<Format>,
    /// The stack (in the order of deployment) and resource that deploy it.
    pub(crate) parent: Option<(usize, ResourceId)>,
    /// `Parameters` of the resource that deploys it.
    pub(crate) bound: Option<Fact>,
    /// When it exists.
    pub(crate) guard: Guard,
    /// The files of this stack and those around it, outermost first.
    pub(crate) chain: Vec<FileId>,
}

/// A deployed template, its ids still provisional.
#[derive(Debug)]
pub(crate) struct Deployed {
    pub(crate) path: Arc<str>,
    pub(crate) file: FileId,
    pub(crate) format: Format,
    pub(crate) parent: Option<(usize, ResourceId)>,
    pub(crate) description: Option<Arc<str>>,
    pub(crate) span: Span,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) drafts: Vec<Draft>,
    pub(crate) names: Names,
    pub(crate) written: HashSet<Arc<str>>,
}

/// Deploys a template; `stack` is its number in the order of deployment. Gives
/// what it deploys in turn. `None` where the file holds no template.
pub(crate) fn deploy(
    shared: &mut Shared<'_, '_>,
    deployment: &Deployment,
    stack: usize,
) -> Option<(Deployed, Vec<Deployment>)> {
    let template = find_template(shared.reader, deployment)?;
    template.check_macros(shared.reader);
    let reader = &mut *shared.reader;
    let mut scope = Scope {
        worlds: shared.worlds,
        budget: shared.budget,
        names: Names::new(shared.ids),
        written: HashSet::new(),
        format: template.format,
        parameters: BTreeMap::new(),
        conditions: BTreeMap::new(),
        mappings: HashMap::new(),
        pseudo: BTreeMap::new(),
        loops: Loops::new(),
        within: Guard::always(),
        depth: 0,
        including: Vec::new(),
        secrets: Vec::new(),
        suggested: 0,
        reader,
    };
    let roots = roots(&mut scope, template);
    declare_all(&mut scope, &roots, deployment, shared.given, shared.taken);
    let resources = resources(&mut scope, &roots);
    let mut drafts = scope.drafts(resources, &deployment.guard);
    let globals = match template.section(scope.reader, "Globals") {
        Some(globals) => scope.evaluate(globals),
        None => Fact::absent(None),
    };
    let mut outputs = Vec::new();
    for root in &roots {
        if let Some(section) = root.section(scope.reader, "Outputs") {
            outputs.extend(scope.outputs(section));
        }
    }
    let parameters = scope.shown_parameters();
    let Scope {
        reader,
        mut names,
        written,
        secrets,
        ..
    } = scope;
    shared.secrets.extend(secrets);
    drafts = expanded(
        template.format,
        drafts,
        &mut names,
        globals,
        reader,
        shared.sam,
    );
    let children = nested::deployments(reader, &drafts, deployment, stack);
    let root = template.root;
    let whole = Span::new(deployment.file, 0, 0);
    let deployed = Deployed {
        path: deployment.path.clone(),
        file: deployment.file,
        format: template.format,
        parent: deployment.parent,
        description: root.get("Description").and_then(Node::text).map(Arc::from),
        span: root
            .entry("Resources")
            .map_or(whole, |entry| entry.key.site()),
        parameters,
        outputs,
        drafts,
        names,
        written,
    };
    Some((deployed, children))
}

fn expanded(
    format: Format,
    drafts: Vec<Draft>,
    names: &mut Names,
    globals: Fact,
    reader: &mut Reader<'_>,
    knowledge: &SamKnowledge,
) -> Vec<Draft> {
    let mut draft = StackDraft {
        resources: drafts,
        names,
        globals,
        reader,
    };
    if format == Format::Sam {
        sam::expand(&mut draft, knowledge);
    }
    documents::read_documents(&mut draft);
    method_paths::add(&mut draft);
    openapi::read_bodies(&mut draft);
    state_machine::read_definitions(&mut draft);
    draft.resources
}

fn find_template<'a>(reader: &mut Reader<'a>, deployment: &Deployment) -> Option<Template<'a>> {
    let file = deployment.file;
    let documents = reader.documents(file);
    let path = reader.files.path(file);
    let formats = documents
        .iter()
        .filter_map(|document| Some((document, format_of(document, path)?)));
    let found = formats.clone().next();
    reader.tell(file);
    let shown = reader.files.shown(file);
    let Some((document, format)) = found else {
        reader.report(
            Diagnostic::warning(
                "not-a-template",
                format!("`{shown}` is no template we know"),
            )
            .in_path(shown)
            .note("what it deploys is not in the model"),
        );
        return None;
    };
    if formats.count() > 1 {
        reader.report(
            Diagnostic::warning(
                "several-documents",
                format!("`{shown}` holds several templates"),
            )
            .in_path(shown)
            .note("only the first is read"),
        );
    }
    Some(Template {
        root: document.root(),
        format: deployment
            .format
            .filter(|_| format != Format::Sam)
            .unwrap_or(format),
    })
}

/// The template itself and what is included at its top.
fn roots<'a>(scope: &mut Scope<'_, 'a>, template: Template<'a>) -> Vec<Template<'a>> {
    let mut roots = vec![template];
    for include in template.top_includes() {
        if let Some((_, root)) = scope.include(include, include.span()) {
            roots.push(Template { root, ..template });
        }
    }
    roots
}

fn declare_all<'a>(
    scope: &mut Scope<'_, 'a>,
    roots: &[Template<'a>],
    deployment: &Deployment,
    given: &BTreeMap<String, String>,
    taken: &mut HashSet<String>,
) {
    let used = used_as_secrets(scope.reader.is_secret, roots, deployment, given);
    for root in roots {
        if let Some(section) = root.section(scope.reader, "Parameters") {
            let mut value = |name: &str, span: Span| match &deployment.bound {
                Some(bound) => nested::given(bound, name),
                None => given.get(name).map(|value| {
                    taken.insert(name.to_owned());
                    by_user(name, value, span)
                }),
            };
            scope.declare(section, &used, &mut value);
            if deployment.bound.is_none() {
                report_not_allowed(scope, given);
            }
        }
        if let Some(section) = root.section(scope.reader, "Mappings") {
            for expanded in scope.expand(section) {
                scope.mappings.insert(expanded.name, expanded.value);
            }
        }
    }
    for root in roots {
        if let Some(section) = root.section(scope.reader, "Conditions") {
            scope.declare_conditions(section);
        }
    }
}

/// A deployment with such a value would be refused.
fn report_not_allowed(scope: &mut Scope<'_, '_>, given: &BTreeMap<String, String>) {
    for (name, value) in given {
        let Some(declared) = scope.parameters.get(&**name) else {
            continue;
        };
        if declared.takes(value) || declared.secret {
            continue;
        }
        let allowed = declared.allowed.iter().filter_map(|node| node.text());
        let diagnostic =
            Diagnostic::warning("value-not-allowed", format!("`{name}` cannot be `{value}`"))
                .at(declared.span)
                .note("the value is taken all the same")
                .help(suggest::help(value, allowed, "give one of `AllowedValues`"));
        scope.report(diagnostic);
    }
}

/// The parameters that are secrets by what they are used for.
fn used_as_secrets<'a>(
    is_secret: IsSecret<'_>,
    roots: &[Template<'a>],
    deployment: &Deployment,
    given: &BTreeMap<String, String>,
) -> BTreeSet<&'a str> {
    let mut values: used::Values<'a> = BTreeMap::new();
    for section in roots.iter().filter_map(|root| root.root.get("Parameters")) {
        for entry in section.entries() {
            let by_parent = deployment.bound.as_ref();
            let by_parent = by_parent.and_then(|bound| nested::given(bound, entry.name()));
            let value = match (&by_parent, &deployment.bound) {
                (Some(fact), _) => fact.as_text(),
                (None, Some(_)) => None,
                (None, None) => given.get(entry.name()).map(String::as_str),
            };
            let default = entry.value.get("Default").and_then(Node::text);
            let known: Vec<String> = value
                .into_iter()
                .chain(default)
                .map(str::to_owned)
                .collect();
            if !known.is_empty() {
                values.insert(entry.name(), known);
            }
        }
    }
    let sections = roots
        .iter()
        .flat_map(|root| ["Globals", "Resources"].map(|section| root.root.get(section)));
    sections
        .flatten()
        .flat_map(|section| used::as_secrets(section, &values, is_secret))
        .collect()
}

fn by_user(name: &str, value: &str, span: Span) -> Fact {
    Fact::Known(Known {
        value: Value::Text(Text::literal(value)),
        basis: Basis::Written,
        places: vec![Place::here(span)],
        note: Some(format!("`{name}` is given as `{value}`").into()),
    })
}

fn resources<'a>(scope: &mut Scope<'_, 'a>, roots: &[Template<'a>]) -> Vec<Expanded<'a>> {
    let mut resources: Vec<Expanded<'a>> = Vec::new();
    for root in roots {
        if let Some(section) = root.section(scope.reader, "Resources") {
            resources.extend(scope.expand(section));
        }
    }
    let mut last: HashMap<Arc<str>, usize> = HashMap::new();
    for (index, resource) in resources.iter().enumerate() {
        last.insert(resource.name.clone(), index);
    }
    // Of one name said twice the last holds; the reader of the file says so.
    let mut index = 0;
    resources.retain(|resource| {
        index += 1;
        last.get(&resource.name) == Some(&(index - 1))
    });
    scope.written = resources
        .iter()
        .map(|resource| resource.name.clone())
        .collect();
    resources
}
