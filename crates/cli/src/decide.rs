//! `underbelly accept` and `underbelly answer`: what people decide and know, put
//! into `underbelly.yaml` beside the templates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use underbelly_analysis::Analysis;
use underbelly_expression::SubjectId;
use underbelly_library::Library;
use underbelly_model::{State, Threat};
use underbelly_project::{Entry, FILE_NAME, Project, added};
use underbelly_report::clean;
use underbelly_source::{Diagnostic, Files, Limits};

use crate::arguments::{Accept, Answer, Reading};
use crate::knowledge::library;
use crate::outcome::Outcome;
use crate::roots::{Roots, shown};
use crate::whole::Parts;
use crate::{model, terminal, today};

pub(crate) fn accept(arguments: &Accept) -> Result<Outcome> {
    let until = today::as_of(Some(&arguments.until))?;
    let library = library(&arguments.reading.own)?;
    let place = Place {
        paths: &arguments.paths,
        reading: &arguments.reading,
        library: &library,
    };
    let mut analysis = place.read()?;
    let model = &analysis.model;
    let Some((index, key)) = underbelly_project::threat_named(model, &arguments.threat) else {
        let ids = model.threats.iter().map(|threat| &*threat.id);
        let near = underbelly_expression::closest(&arguments.threat, ids);
        let near = near.map(|near| format!("; did you mean `{}`?", clean(near)));
        bail!(
            "there is no threat `{}` here{}",
            clean(&arguments.threat),
            near.unwrap_or_default()
        );
    };
    let Some(threat) = model.threats.get(index) else {
        return Ok(Outcome::Done);
    };
    let id: Arc<str> = match &key {
        Some(key) => format!("{} # {key}", threat.id).into(),
        None => threat.id.clone(),
    };
    let component = threat.component;
    let entry = Entry::Accepted {
        threat: id.clone(),
        reason: arguments.reason.trim().into(),
        until: until.as_str().into(),
        by: arguments.by.as_deref().map(|by| by.trim().into()),
    };
    let file = place.file_for(&analysis, component);
    let alone = place.alone(&file, &entry)?;
    refuse(&alone.decide(&mut analysis.model, &analysis.files))?;
    let line = write(&file, &entry)?;
    let after = place.read()?;
    let left = after.model.threats.iter().filter(|t| t.is_shown()).count();
    let left = match left {
        0 => "Nothing is exposed any more.".to_owned(),
        1 => "1 threat is still exposed.".to_owned(),
        n => format!("{n} threats are still exposed."),
    };
    say(&format!(
        "Accepted until {until}: {id} ({}:{line})\n{left}",
        shown(&file)
    ))
}

pub(crate) fn answer(arguments: &Answer) -> Result<Outcome> {
    let library = library(&arguments.reading.own)?;
    let place = Place {
        paths: &arguments.paths,
        reading: &arguments.reading,
        library: &library,
    };
    let analysis = place.read()?;
    let Some((fact, name)) = underbelly_project::fact_and_subject(&arguments.key) else {
        bail!(
            "`{}` is no question: write it as `fact @ component`, as `underbelly model --all` shows it",
            clean(&arguments.key)
        );
    };
    let architecture = &analysis.model.architecture;
    let subject = underbelly_project::subject_named(architecture, &analysis.files, "", name);
    let subject = match subject {
        Ok(subject) => subject,
        Err(message) => bail!("{}", clean(&message)),
    };
    let key: Arc<str> = format!("{fact} @ {}", architecture.label(subject)).into();
    let value = match arguments.value.trim() {
        "yes" => "true",
        "no" => "false",
        other => other,
    };
    let entry = Entry::Answer {
        key: key.clone(),
        value: value.into(),
    };
    let file = place.file_for(&analysis, subject);
    let alone = place.alone(&file, &entry)?;
    let architecture = &analysis.model.architecture;
    refuse(&alone.check(architecture, &library, &analysis.files))?;
    let before = states(&analysis);
    let line = write(&file, &entry)?;
    let after = place.read()?;
    let changed = decided(&before, &after);
    say(&format!(
        "{key}: {value} ({}:{line})\n{changed}",
        shown(&file)
    ))
}

/// Where a system is, and how it is read.
struct Place<'a> {
    paths: &'a [PathBuf],
    reading: &'a Reading,
    library: &'a Library,
}

impl Place<'_> {
    fn read(&self) -> Result<Analysis> {
        let analysis = model::read(self.paths, self.reading, self.library)?;
        if analysis.counts.templates == 0 {
            bail!(
                "no template that can be read under {}",
                crate::roots::shown_all(self.paths)
            );
        }
        Ok(analysis)
    }

    /// The file that speaks of a component: the nearest above its template, or a new
    /// one in the first folder given.
    fn file_for(&self, analysis: &Analysis, subject: SubjectId) -> PathBuf {
        let files = &analysis.files;
        let owner = analysis.model.architecture.owner(subject);
        let path = owner
            .and_then(|owner| owner.place)
            .map_or("", |place| files.path(place.file));
        let folder_of = |path: &str| path.rfind('/').map_or(0, |at| at + 1);
        let above = analysis.projects.iter().filter(|file| {
            let known = files.path(**file);
            let folder = known.get(..folder_of(known)).unwrap_or("");
            path.starts_with(folder)
        });
        let nearest = above.max_by_key(|file| folder_of(files.path(**file)));
        if let Some(file) = nearest {
            return PathBuf::from(files.shown(*file));
        }
        let first = self.paths.first().map_or(Path::new("."), PathBuf::as_path);
        match first.is_dir() {
            true => first.join(FILE_NAME),
            false => first.with_file_name(FILE_NAME),
        }
    }

    /// The entry as if it were all the file says.
    fn alone(&self, file: &Path, entry: &Entry) -> Result<Project> {
        let (text, _) = added("", entry).map_err(anyhow::Error::msg)?;
        let key = Roots::of(self.paths).key(file).unwrap_or_default();
        let mut files = Files::default();
        let id = files.add(key, text);
        let (project, problems) = underbelly_project::read(&files, id, &Limits::default());
        refuse(&problems)?;
        Ok(project)
    }
}

/// What is wrong with the entry stops it from being written.
fn refuse(problems: &[Diagnostic]) -> Result<()> {
    let Some(problem) = problems.first() else {
        return Ok(());
    };
    let message = clean(&problem.message);
    match &problem.help {
        Some(help) => bail!("{message}; {}", clean(help)),
        None => bail!("{message}"),
    }
}

/// Puts the entry into the file and gives the line it stands on.
fn write(file: &Path, entry: &Entry) -> Result<u32> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "# What the templates cannot say: see docs/underbelly-yaml.md\n".to_owned()
        }
        Err(error) => bail!("`{}` could not be read: {error}", shown(file)),
    };
    let (changed, line) = match added(&text, entry) {
        Ok(added) => added,
        Err(reason) => bail!("`{}` was left as it is: {reason}", shown(file)),
    };
    let mut parts = Parts::default();
    parts.add(file, |out| out.write_all(changed.as_bytes()))?;
    parts.finish()?;
    Ok(line)
}

fn states(analysis: &Analysis) -> BTreeMap<Arc<str>, State> {
    let threats = analysis.model.threats.iter();
    threats
        .map(|threat| (threat.id.clone(), threat.state))
        .collect()
}

/// What an answer decided.
fn decided(before: &BTreeMap<Arc<str>, State>, after: &Analysis) -> String {
    let threats = after.model.threats.iter();
    let changed: Vec<&Threat> = threats
        .filter(|threat| {
            before
                .get(&threat.id)
                .is_some_and(|state| *state != threat.state)
        })
        .collect();
    if changed.is_empty() {
        return "It decides no threat by itself.".to_owned();
    }
    let lines = changed.iter().map(|threat| {
        let now = match threat.state {
            State::Exposed => "is exposed",
            State::Question => "is still in question",
            State::Mitigated => "is held off",
            State::NotApplicable => "does not apply",
        };
        format!("  {} {now}", threat.id)
    });
    let lines: Vec<String> = lines.collect();
    format!("It decides:\n{}", lines.join("\n"))
}

fn say(text: &str) -> Result<Outcome> {
    let lines: Vec<_> = text.lines().map(clean).collect();
    terminal::print(&format!("{}\n", lines.join("\n")))?;
    Ok(Outcome::Done)
}
