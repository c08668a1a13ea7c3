//! From files to the resource graph: which of them are templates, which of those
//! stand at the top, what they deploy.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use underbelly_expression::{Guard, Worlds};
use underbelly_source::{Diagnostic, FileId, Files};

use crate::cloudformation::{self, Assembly, Budget, Deployed, Deployment, Shared};
use crate::draft::Ids;
use crate::graph::{Format, Input, Options, Resolution, ResourceGraph};
use crate::reader::{Reader, Shelf};
use crate::recognise::{self, Foreign, Recognised};
use crate::{naming, paths, settle, suggest};

/// Resolves everything that the inputs declare. Where `wanted` is not empty the
/// caller loads these files and resolves again.
pub fn resolve(files: &Files, inputs: &[Input], options: &Options<'_>) -> Resolution {
    let shelf = Shelf::new(files);
    let mut reader = Reader::new(files, &shelf, options);
    let sorted = sort_inputs(&mut reader, inputs);
    let groups = groups(&mut reader, &sorted);
    let mut worlds = Worlds::default();
    let mut secrets = Vec::new();
    let mut taken = HashSet::new();
    let ids = Ids::default();
    let mut stacks: Vec<Deployed> = Vec::new();
    let mut systems: Vec<Whole> = Vec::new();
    for group in groups {
        let mut budget = Budget::new(options.limits.steps, options.limits.resources);
        let mut shared = Shared {
            reader: &mut reader,
            worlds: &mut worlds,
            budget: &mut budget,
            ids: &ids,
            sam: options.sam,
            given: &options.parameters,
            taken: &mut taken,
            secrets: &mut secrets,
        };
        let from = stacks.len();
        deploy_group(&mut shared, &group, &mut stacks);
        if stacks.len() > from {
            systems.push(Whole {
                name: group.name,
                stacks: (from..stacks.len()).collect(),
            });
        }
    }
    report_foreign(&mut reader, &sorted);
    report_unused(&mut reader, options, &taken, &stacks);
    let graph = ResourceGraph {
        worlds,
        secrets,
        ..ResourceGraph::default()
    };
    let graph = settle::settle(&mut reader, graph, stacks, systems);
    Resolution {
        graph,
        diagnostics: reader.diagnostics,
        wanted: reader.wanted.into_values().collect(),
    }
}

/// Stacks that belong together, by number.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) name: Arc<str>,
    pub(crate) stacks: Vec<usize>,
}

#[derive(Debug, Default)]
struct Sorted {
    templates: Vec<FileId>,
    manifests: Vec<FileId>,
    foreign: BTreeMap<Foreign, Vec<FileId>>,
}

fn sort_inputs(reader: &mut Reader<'_>, inputs: &[Input]) -> Sorted {
    let mut sorted = Sorted::default();
    let mut files: Vec<FileId> = inputs.iter().map(|input| input.file).collect();
    files.sort_by_key(|file| (reader.files.path(*file), *file));
    files.dedup();
    for file in files {
        match recognised(reader, file) {
            Recognised::Sam | Recognised::CloudFormation | Recognised::Cdk => {
                sorted.templates.push(file)
            }
            Recognised::CdkManifest => sorted.manifests.push(file),
            Recognised::Foreign(foreign) => sorted.foreign.entry(foreign).or_default().push(file),
            Recognised::Other => {}
        }
    }
    sorted
}

/// What a file is. One that is nothing we know is worth a word where it is broken:
/// it may have been meant to be a template.
fn recognised(reader: &mut Reader<'_>, file: FileId) -> Recognised {
    let path = reader.files.path(file);
    if let Some(known) = recognise::recognise_path(path) {
        return known;
    }
    let documents = reader.documents(file);
    let each = documents
        .iter()
        .map(|document| recognise::recognise(document, path));
    let found = each.clone().find(|found| *found != Recognised::Other);
    let whole = !documents.is_empty() && documents.iter().all(|document| document.is_whole());
    let text = reader.files.text(file);
    if !whole && recognise::is_template_of_templates(text, path) {
        return Recognised::Foreign(Foreign::TemplateOfTemplates);
    }
    if let Some(found) = found {
        return found;
    }
    if !whole || reader.is_broken(file) {
        reader.tell(file);
    }
    Recognised::Other
}

/// A system to be: its root templates.
#[derive(Debug)]
struct Group {
    name: Arc<str>,
    roots: Vec<(Arc<str>, FileId)>,
    format: Option<Format>,
}

fn groups(reader: &mut Reader<'_>, sorted: &Sorted) -> Vec<Group> {
    let assemblies = outer_assemblies(reader, &sorted.manifests);
    let mut claimed: BTreeSet<FileId> = BTreeSet::new();
    for (manifest, assembly) in &assemblies {
        claimed.extend(assembly.stacks.iter().map(|(_, file)| *file));
        // The templates of nested stacks lie beside those of the stacks.
        let folder = paths::folder(reader.files.path(*manifest));
        let below = |file: &&FileId| {
            let path = reader.files.path(**file);
            path.ends_with(".nested.template.json") && paths::folder(path) == folder
        };
        claimed.extend(sorted.templates.iter().filter(below));
    }
    let free: Vec<FileId> = sorted
        .templates
        .iter()
        .copied()
        .filter(|file| !claimed.contains(file))
        .collect();
    let roots = roots(reader, &free);
    let mut candidates: Vec<Vec<String>> = roots
        .iter()
        .map(|file| naming::candidates(reader.files.path(*file)))
        .collect();
    for (manifest, assembly) in &assemblies {
        let whole = assembly_name(reader.files.path(*manifest), assembly);
        for (name, file) in &assembly.stacks {
            let path = reader.files.path(*file);
            candidates.push(vec![
                name.clone(),
                format!("{whole}/{name}"),
                path.to_owned(),
            ]);
        }
    }
    let mut names = naming::unique(&candidates)
        .into_iter()
        .map(Arc::<str>::from);
    let mut groups = Vec::new();
    for file in roots {
        let name = names.next().unwrap_or_else(|| "stack".into());
        groups.push(Group {
            name: name.clone(),
            roots: vec![(name, file)],
            format: None,
        });
    }
    for (manifest, assembly) in assemblies {
        let name = assembly_name(reader.files.path(manifest), &assembly).into();
        let stacks = assembly.stacks.into_iter();
        groups.push(Group {
            name,
            roots: stacks
                .map(|(_, file)| (names.next().unwrap_or_else(|| "stack".into()), file))
                .collect(),
            format: Some(Format::Cdk),
        });
    }
    groups
}

/// The assemblies that no other one holds.
fn outer_assemblies(reader: &mut Reader<'_>, manifests: &[FileId]) -> Vec<(FileId, Assembly)> {
    let mut outer: Vec<&str> = Vec::new();
    let mut assemblies = Vec::new();
    let mut by_depth = manifests.to_vec();
    by_depth.sort_by_key(|file| (reader.files.path(*file).matches('/').count(), *file));
    for manifest in by_depth {
        let folder = paths::folder(reader.files.path(manifest));
        let inner =
            paths::name(folder).starts_with("assembly-") && outer.contains(&paths::folder(folder));
        outer.push(folder);
        if !inner {
            assemblies.push((manifest, cloudformation::assembly(reader, manifest)));
        }
    }
    assemblies
}

/// An app is named by the folder that holds `cdk.out`, or by its first stack.
fn assembly_name(manifest: &str, assembly: &Assembly) -> String {
    let folder = paths::folder(manifest);
    let app = paths::name(paths::folder(folder));
    let first = assembly.stacks.first().map(|(name, _)| name.clone());
    match app {
        "" => first.unwrap_or_else(|| "cdk".into()),
        app => app.to_owned(),
    }
}

/// The templates that no other one deploys; of those that deploy each other in a
/// circle, the first.
fn roots(reader: &Reader<'_>, templates: &[FileId]) -> Vec<FileId> {
    let mut references: HashMap<FileId, Vec<FileId>> = HashMap::new();
    let mut nested: HashSet<FileId> = HashSet::new();
    for file in templates {
        let Some(document) = reader.documents(*file).first() else {
            continue;
        };
        let found = cloudformation::local_references(reader, *file, document.root());
        nested.extend(found.iter().filter(|found| *found != file));
        references.insert(*file, found);
    }
    let mut reached: HashSet<FileId> = HashSet::new();
    let mut roots = Vec::new();
    let free = templates.iter().filter(|file| !nested.contains(file));
    for file in free.chain(templates) {
        if !reached.contains(file) {
            roots.push(*file);
            let mut open = vec![*file];
            while let Some(at) = open.pop() {
                if reached.insert(at) {
                    open.extend(references.get(&at).into_iter().flatten());
                }
            }
        }
    }
    roots.sort_by_key(|file| reader.files.path(*file));
    roots
}

fn deploy_group(shared: &mut Shared<'_, '_>, group: &Group, stacks: &mut Vec<Deployed>) {
    let roots = group.roots.iter().map(|(path, file)| Deployment {
        file: *file,
        path: path.clone(),
        format: group.format,
        parent: None,
        bound: None,
        guard: Guard::always(),
        chain: vec![*file],
    });
    let mut open: VecDeque<Deployment> = roots.collect();
    while let Some(deployment) = open.pop_front() {
        if let Some((deployed, children)) =
            cloudformation::deploy(shared, &deployment, stacks.len())
        {
            stacks.push(deployed);
            open.extend(children);
        }
    }
}

fn report_foreign(reader: &mut Reader<'_>, sorted: &Sorted) {
    for (foreign, files) in &sorted.foreign {
        let unused = files
            .iter()
            .filter(|file| !foreign.serves_a_template() || !reader.used.contains(file));
        let unused: Vec<FileId> = unused.copied().collect();
        let synthesised = *foreign == Foreign::CdkApp && !sorted.manifests.is_empty();
        let Some(first) = unused.first().filter(|_| !synthesised) else {
            continue;
        };
        let path = reader.files.shown(*first);
        let message = match unused.len() {
            1 => format!("`{path}` is {}, which is not read", foreign.name()),
            n_files => format!(
                "`{path}` and {} more: {}, not read",
                n_files - 1,
                foreign.name()
            ),
        };
        reader.report(
            Diagnostic::note_only("not-read", message)
                .in_path(path)
                .help(foreign.advice()),
        );
    }
}

fn report_unused(
    reader: &mut Reader<'_>,
    options: &Options<'_>,
    taken: &HashSet<String>,
    stacks: &[Deployed],
) {
    for name in options
        .parameters
        .keys()
        .filter(|name| !taken.contains(*name))
    {
        let mut known: Vec<&str> = stacks
            .iter()
            .flat_map(|stack| stack.parameters.iter().map(|parameter| &*parameter.name))
            .collect();
        known.sort_unstable();
        reader.report(
            Diagnostic::warning(
                "unknown-parameter",
                format!("no template has a parameter `{name}`"),
            )
            .help(suggest::help(name, known.into_iter(), "leave it out")),
        );
    }
}
