//! Names that people write, and what they lead to.

use underbelly_expression::{SubjectId, closest};
use underbelly_model::Architecture;
use underbelly_source::{Diagnostic, Files};

use crate::{Named, Project};

/// `fact @ component # part` taken apart.
pub fn fact_and_subject(key: &str) -> Option<(&str, &str)> {
    let (fact, subject) = key.split_once('@')?;
    let (fact, subject) = (fact.trim(), subject.trim());
    (!fact.is_empty() && !subject.is_empty()).then_some((fact, subject))
}

/// The component, or part of one, that a name means: its id, its short id, or a
/// name only it has.
pub fn subject_named(
    architecture: &Architecture,
    files: &Files,
    folder: &str,
    name: &str,
) -> Result<SubjectId, String> {
    let found = subjects_named(architecture, files, folder, name)?;
    let missing = || format!("there is no component `{name}`");
    found.first().copied().ok_or_else(missing)
}

/// The same; parts of different groups that are called alike are all meant.
pub fn subjects_named(
    architecture: &Architecture,
    files: &Files,
    folder: &str,
    name: &str,
) -> Result<Vec<SubjectId>, String> {
    // A name may itself hold the sign that divides it from a part.
    if let Ok(found) = component_named(architecture, files, folder, name) {
        return Ok(vec![found]);
    }
    let Some((component, key)) = name.split_once('#') else {
        return component_named(architecture, files, folder, name).map(|found| vec![found]);
    };
    let key = key.trim();
    let owner = component_named(architecture, files, folder, component.trim())?;
    let parts = architecture.component(owner).map(|found| &found.parts);
    let parts = parts.into_iter().flatten().copied();
    let keys = parts.filter_map(|id| Some((id, &*architecture.part(id)?.key)));
    let keys: Vec<_> = keys.collect();
    let alike = keys.iter().filter(|(_, found)| *found == key);
    let alike: Vec<SubjectId> = alike.map(|(id, _)| *id).collect();
    if !alike.is_empty() {
        return Ok(alike);
    }
    let near = closest(key, keys.iter().map(|(_, key)| *key));
    let near = near.map(|near| format!("; did you mean `{near}`?"));
    let near = near.unwrap_or_default();
    Err(format!("`{}` has no `{key}`{near}", component.trim()))
}

fn component_named(
    architecture: &Architecture,
    files: &Files,
    folder: &str,
    name: &str,
) -> Result<SubjectId, String> {
    let here = architecture.components.iter().enumerate();
    let here = here.filter(|(_, component)| {
        let place = component.place;
        place.is_none_or(|place| files.path(place.file).starts_with(folder))
    });
    let here: Vec<_> = here.collect();
    let by = |test: &dyn Fn(&underbelly_model::Component) -> bool| {
        let found = here.iter().filter(|(_, component)| test(component));
        found.map(|(index, _)| *index).collect::<Vec<_>>()
    };
    for found in [
        by(&|c| *c.id == *name),
        by(&|c| *c.short == *name),
        by(&|c| *c.name == *name),
    ] {
        match found.as_slice() {
            [] => {}
            [only] => return Ok(SubjectId::component(*only)),
            several => {
                let short = several.iter().filter_map(|index| {
                    let component = architecture.components.get(*index)?;
                    Some(format!("`{}`", component.short))
                });
                let short: Vec<_> = short.collect();
                return Err(format!("`{name}` may be any of {}", short.join(", ")));
            }
        }
    }
    let near = closest(name, here.iter().map(|(_, component)| &*component.short));
    let near = near.map(|near| format!("; did you mean `{near}`?"));
    let near = near.unwrap_or_default();
    Err(format!("there is no component `{name}`{near}"))
}

impl Project {
    /// What a name in this file means; a diagnostic where it leads nowhere.
    pub(crate) fn find(
        &self,
        architecture: &Architecture,
        files: &Files,
        named: &Named,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<SubjectId> {
        match subject_named(architecture, files, &self.folder, &named.name) {
            Ok(subject) => Some(subject),
            Err(message) => {
                problems.push(stale(message, named));
                None
            }
        }
    }
}

/// A name that means nothing any more.
pub(crate) fn stale(message: String, named: &Named) -> Diagnostic {
    Diagnostic::warning("stale-name", message)
        .at(named.span)
        .note("this entry counts for nothing")
        .help("take it out, or write the name as `underbelly model` shows it")
}
