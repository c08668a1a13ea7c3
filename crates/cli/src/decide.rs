//! `underbelly accept` and `underbelly answer`: what people decide and know, put
//! into `underbelly.yaml` beside the templates.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use underbelly_analysis::Analysis;
use underbelly_expression::SubjectId;
use underbelly_library::Library;
use underbelly_model::{State, Threat};
use underbelly_project::{Entry, FILE_NAME, Form, Project, added};
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
    // What is found later was not looked at, and counts.
    let all = key.is_some() || arguments.future_points;
    let open = threat.points.iter().filter(|point| {
        let is_part = point.subject != component;
        is_part && !all && matches!(point.state, State::Exposed | State::Question)
    });
    let entry = Entry::Accepted {
        threat: id.clone(),
        points: open.map(|point| point.key.clone()).collect(),
        reason: arguments.reason.trim().into(),
        until: until.as_str().into(),
        by: arguments.by.as_deref().map(|by| by.trim().into()),
    };
    let file = place.file_for(&analysis, component);
    let alone = place.alone(&file, &entry)?;
    let problems = alone.decide(&mut analysis.model, &analysis.files);
    refuse(&problems, &analysis.files)?;
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
    // A shell takes a question without quotes apart.
    if arguments.value.trim_start().starts_with('@') {
        bail!("the question goes into quotes: `underbelly answer 'sensitive @ Orders' yes`");
    }
    let library = library(&arguments.reading.own)?;
    let place = Place {
        paths: &arguments.paths,
        reading: &arguments.reading,
        library: &library,
    };
    let analysis = place.read()?;
    let (subject, fact) = asked(arguments, &analysis, &library)?;
    let architecture = &analysis.model.architecture;
    let key: Arc<str> = format!("{fact} @ {}", architecture.label(subject)).into();
    let form = underbelly_project::form(&library, architecture, subject, fact);
    let (values, is_list) = values(arguments.value.trim(), form);
    let entry = Entry::Answer {
        key: key.clone(),
        values,
        is_list,
    };
    let file = place.file_for(&analysis, subject);
    let alone = place.alone(&file, &entry)?;
    let architecture = &analysis.model.architecture;
    let problems = alone.check(architecture, &library, &analysis.files);
    refuse(&problems, &analysis.files)?;
    let before = states(&analysis);
    let line = write(&file, &entry)?;
    let after = place.read()?;
    let changed = decided(&before, &after);
    say(&format!(
        "{key}: {} ({}:{line})\n{changed}",
        arguments.value.trim(),
        shown(&file)
    ))
}

/// What is asked: whose fact, and which.
fn asked<'a>(
    arguments: &'a Answer,
    analysis: &Analysis,
    library: &Library,
) -> Result<(SubjectId, &'a str)> {
    let Some((fact, name)) = underbelly_project::fact_and_subject(&arguments.key) else {
        bail!(
            "`{}` is no question: write it as `fact @ component`, as `underbelly model --all` shows it",
            clean(&arguments.key)
        );
    };
    let architecture = &analysis.model.architecture;
    let found = underbelly_project::subjects_named(architecture, &analysis.files, "", name);
    let found = match found {
        Ok(found) => found,
        Err(message) => bail!("{}", clean(&message)),
    };
    // A route and a stage may be called alike: the one that has the fact is meant.
    let has = |subject: &&SubjectId| {
        underbelly_project::form(library, architecture, **subject, fact).is_some()
    };
    let subject = found.iter().find(has).or(found.first()).copied();
    subject.map_or_else(
        || bail!("there is no component `{}`", clean(name)),
        |subject| Ok((subject, fact)),
    )
}

/// An answer as it is to be written: words of a list are parted by commas.
fn values(said: &str, form: Option<Form>) -> (Vec<Arc<str>>, bool) {
    match (form, said) {
        (Some(Form::YesNo), "yes") => (vec!["true".into()], false),
        (Some(Form::YesNo), "no") => (vec!["false".into()], false),
        (Some(Form::List), "none") => (Vec::new(), true),
        (Some(Form::List), said) => {
            let inner = said
                .strip_prefix('[')
                .and_then(|said| said.strip_suffix(']'));
            let words = inner.unwrap_or(said).split(',').map(str::trim);
            let words = words.filter(|word| !word.is_empty());
            (words.map(Into::into).collect(), true)
        }
        (Some(Form::YesNo | Form::One) | None, said) => (vec![said.into()], false),
    }
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
        refuse(&problems, &files)?;
        Ok(project)
    }
}

/// What is wrong with the entry stops it from being written.
fn refuse(problems: &[Diagnostic], files: &Files) -> Result<()> {
    let Some(problem) = problems.first() else {
        return Ok(());
    };
    let message = clean(&problem.message);
    if problem.code == "answer-not-needed" {
        let shown = problem.related.first().map(|(span, _)| {
            let line = files.position(*span).line;
            format!(" ({}:{line})", files.shown(span.file))
        });
        let shown = shown.unwrap_or_default();
        bail!("{message}{}: an answer would not count", clean(&shown));
    }
    match &problem.help {
        // Its help speaks of an entry that stands in a file.
        Some(_) if problem.code == "stale-name" => bail!("{message}"),
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
    let changed = threats.filter(|threat| match before.get(&threat.id) {
        Some(state) => *state != threat.state,
        None => matches!(threat.state, State::Exposed | State::Question),
    });
    let changed: Vec<&Threat> = changed.collect();
    let lines = changed.iter().map(|threat| {
        let now = match threat.state {
            State::Exposed => "is exposed",
            State::Question => "is in question",
            State::Mitigated => "is held off",
            State::NotApplicable => "does not apply",
        };
        format!("  {} {now}", threat.id)
    });
    let mut lines: Vec<String> = lines.collect();
    let there: BTreeSet<&Arc<str>> = after.model.threats.iter().map(|t| &t.id).collect();
    let gone = before.iter().filter(|(id, state)| {
        matches!(state, State::Exposed | State::Question) && !there.contains(id)
    });
    lines.extend(gone.map(|(id, _)| format!("  {id} does not apply")));
    match lines.is_empty() {
        true => "It decides no threat by itself.".to_owned(),
        false => format!("It decides:\n{}", lines.join("\n")),
    }
}

fn say(text: &str) -> Result<Outcome> {
    let lines: Vec<_> = text.lines().map(clean).collect();
    terminal::print(&format!("{}\n", lines.join("\n")))?;
    Ok(Outcome::Done)
}
