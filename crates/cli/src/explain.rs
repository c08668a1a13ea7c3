//! `underbelly explain`: a library page, or a threat where it was found.

use anyhow::{Result, bail};
use underbelly_expression::SubjectId;
use underbelly_library::Library;
use underbelly_model::{State, Threat, ThreatModel};
use underbelly_report::{Explanation, Sources, clean};

use crate::arguments::Explain;
use crate::knowledge::{Knowledge, knowledge};
use crate::outcome::Outcome;
use crate::{model, terminal};

pub(crate) fn run(arguments: &Explain) -> Result<Outcome> {
    if arguments.id.trim_matches(['@', ' ']).is_empty() {
        bail!("an entry, `ENTRY@COMPONENT` or `@COMPONENT` is wanted");
    }
    let knowledge = knowledge(&arguments.reading.own)?;
    if arguments.paths.is_empty() {
        let id = match arguments.id.split_once('@') {
            Some(("", _)) => bail!(
                "`{id}` is in a system: give its path too, as in\n  underbelly explain {id} PATH",
                id = arguments.id
            ),
            Some((entry, component)) if !component.is_empty() => {
                bail!(
                    "`{id}` is a threat in a system: give its path too, as in\n  \
                     underbelly explain {id} PATH\nor `underbelly explain {entry}` for the library's page",
                    id = arguments.id
                );
            }
            _ => &arguments.id,
        };
        return page(&knowledge, id);
    }
    let analysis = model::read(&arguments.paths, &arguments.reading, &knowledge.library)?;
    if let Some(several) = ambiguous(&analysis.model, &arguments.id) {
        bail!("{several}");
    }
    let part = part(&arguments.id);
    let mut threats = matching(&analysis.model, &arguments.id);
    let owner = owner(&analysis.model, &arguments.id);
    if part.is_some() && owner.is_some() {
        threats.clear();
    }
    let explanation = Explanation {
        model: &analysis.model,
        library: &knowledge.library,
        pages: &knowledge.pages,
        sources: Sources {
            files: &analysis.files,
            secrets: &analysis.model.architecture.secrets,
            words: &knowledge.library.data.words,
        },
    };
    let paper = terminal::paper();
    let rights =
        owner.and_then(|owner| underbelly_report::rights(&explanation, owner, part, paper));
    if let (Some(part), true, None) = (part, owner.is_some(), &rights) {
        bail!("there is no right `{}` there", clean(part));
    }
    if threats.is_empty() && rights.is_none() {
        bail!(
            "{}",
            nothing(&analysis.model, &knowledge.library, &arguments.id)
        );
    }
    // Of a whole component or entry only what its template shows is told at length,
    // and what others include in a line.
    let whole = arguments.id.starts_with('@') || !arguments.id.contains('@');
    let (folded, told): (Vec<&Threat>, Vec<&Threat>) = threats
        .iter()
        .partition(|threat| arguments.id.starts_with('@') && threat.only_code);
    let (absorbed, told): (Vec<&Threat>, Vec<&Threat>) = told
        .iter()
        .partition(|threat| whole && threat.absorbed_by().is_some());
    let mut texts: Vec<String> = told
        .iter()
        .map(|threat| underbelly_report::explain(&explanation, threat, paper))
        .collect();
    // Those that a threat told here includes stand there.
    let elsewhere: Vec<&Threat> = absorbed
        .into_iter()
        .filter(|absorbed| {
            told.iter()
                .all(|threat| !threat.absorbs.contains(&absorbed.id))
        })
        .collect();
    if !elsewhere.is_empty() {
        texts.push(underbelly_report::absorbed(&explanation, &elsewhere, paper));
    }
    if !folded.is_empty() {
        texts.push(underbelly_report::only_code(&explanation, &folded, paper));
    }
    texts.extend(rights);
    terminal::print(&texts.join("\n\n"))?;
    Ok(Outcome::Done)
}

/// The role or other component whose rights are asked for by `@COMPONENT`, which says
/// something of one right where it is followed by ` # ` and its key.
fn owner(model: &ThreatModel, id: &str) -> Option<SubjectId> {
    let name = id.strip_prefix('@')?;
    let name = name.split(" # ").next().unwrap_or(name).trim();
    let mut components = model.architecture.components.iter();
    let found = components
        .position(|found| *found.id == *name || *found.short == *name || *found.name == *name);
    let role = |found: &usize| {
        let found = model.architecture.components.get(*found);
        found.is_some_and(|found| &*found.kind == "role") || part(id).is_some()
    };
    found.filter(role).map(SubjectId::component)
}

/// The key after ` # `.
fn part(id: &str) -> Option<&str> {
    let (_, key) = id.strip_prefix('@')?.split_once(" # ")?;
    Some(key.trim())
}

/// An entry's page from the library.
pub(crate) fn page(knowledge: &Knowledge, id: &str) -> Result<Outcome> {
    let paper = terminal::paper();
    match underbelly_report::page(&knowledge.library, &knowledge.pages, id, paper) {
        Some(text) => {
            terminal::print(&text)?;
            Ok(Outcome::Done)
        }
        None => {
            let near = near(&knowledge.library, id);
            bail!("the library has no entry `{}`{near}", clean(id))
        }
    }
}

/// What a name may stand for, where that is more than one component.
fn ambiguous(model: &ThreatModel, id: &str) -> Option<String> {
    let (entry, component) = id.split_once('@')?;
    let name = component.split(" # ").next().unwrap_or(component).trim();
    let components = || model.architecture.components.iter();
    if components().any(|found| *found.id == *name || *found.short == *name) {
        return None;
    }
    let named = components().filter(|found| *found.name == *name && !found.outside);
    let ids: Vec<String> = named
        .map(|found| format!("`{entry}@{}`", clean(&found.short)))
        .collect();
    let several = format!("`{}` may be any of {}", clean(component), ids.join(", "));
    (ids.len() > 1).then_some(several)
}

/// The threats meant by `entry@component`, `@component` or `entry`. Of an entry
/// or component alone those that are exposed or in question.
fn matching<'m>(model: &'m ThreatModel, id: &str) -> Vec<&'m Threat> {
    let (entry, component) = match id.split_once('@') {
        Some((entry, component)) => (entry, Some(component)),
        None => (id, None),
    };
    let component = component.map(|name| name.split(" # ").next().unwrap_or(name).trim());
    let whole = !entry.is_empty() && component.is_some();
    let found = model.threats.iter().filter(|threat| {
        let named = model.architecture.component(threat.component);
        let is_component = component.is_none_or(|wanted| {
            named.is_some_and(|named| {
                *named.id == *wanted || *named.short == *wanted || *named.name == *wanted
            })
        });
        let is_entry = entry.is_empty() || *threat.entry == *entry;
        let worth = whole || matches!(threat.state, State::Exposed | State::Question);
        is_entry && is_component && worth
    });
    found.collect()
}

/// Why nothing matched, and what would.
fn nothing(model: &ThreatModel, library: &Library, id: &str) -> String {
    let (entry, component) = id.split_once('@').unwrap_or((id, ""));
    let is_component = |name: &str| {
        let mut components = model.architecture.components.iter();
        components.any(|c| *c.id == *name || *c.short == *name || *c.name == *name)
    };
    if !entry.is_empty() && library.threat(entry).is_none() {
        if component.is_empty() && is_component(entry) {
            return format!(
                "`{0}` is a component; `@{0}` explains its threats",
                clean(entry)
            );
        }
        return format!(
            "the library has no threat `{}`{}",
            clean(entry),
            near(library, entry)
        );
    }
    if !component.is_empty() && !is_component(component) {
        let components = model.architecture.components.iter();
        let names: Vec<&str> = components.map(|c| &*c.short).collect();
        let near = underbelly_expression::closest(component, names.iter().copied());
        let near = near.map(|near| format!("; did you mean `{}`?", clean(near)));
        return format!(
            "there is no component `{}`{}",
            clean(component),
            near.unwrap_or_default()
        );
    }
    if component.is_empty() {
        return format!("`{}` applies nowhere here", clean(id));
    }
    if entry.is_empty() {
        return format!(
            "nothing exposed and no question on `{}` here",
            clean(component)
        );
    }
    let mut found = model
        .threats
        .iter()
        .filter(|threat| *threat.entry == *entry);
    let elsewhere = found.find_map(|threat| {
        let on = model.architecture.component(threat.component)?;
        let within = on.short.strip_prefix(component)?.starts_with(':');
        within.then(|| format!("; did you mean `{}@{}`?", clean(entry), clean(&on.short)))
    });
    format!(
        "`{}` does not apply to `{}` here{}",
        clean(entry),
        clean(component),
        elsewhere.unwrap_or_default()
    )
}

fn near(library: &Library, id: &str) -> String {
    let threats = library.threats.iter().map(|def| &*def.id);
    let all = threats.chain(library.countermeasures.iter().map(|def| &*def.id));
    match underbelly_expression::closest(id, all) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => "; `underbelly library list` shows all".to_owned(),
    }
}
