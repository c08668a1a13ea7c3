//! `underbelly model`: read, judge, and hand on.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use anyhow::Result;
use underbelly_analysis::{Analysis, Options, analyze};
use underbelly_library::{Disabled, Library, Pages};
use underbelly_report::Sources;
use underbelly_source::{Diagnostic, Limits};

use crate::arguments::{Model, Reading};
use crate::discover::discover;
use crate::knowledge::{knowledge, library};
use crate::outcome::Outcome;
use crate::progress::Progress;
use crate::render::Rendering;
use crate::roots::{Roots, shown, shown_all};
use crate::{gate, given, output, samconfig, terminal, today};

pub(crate) fn run(arguments: &Model) -> Result<Outcome> {
    let outputs = output::outputs(arguments)?;
    let own = &arguments.reading.own;
    let (library, pages) = if outputs.iter().any(|output| output.format.has_prose()) {
        let known = knowledge(own)?;
        (known.library, known.pages)
    } else {
        (library(own)?, Pages::default())
    };
    let analysis = read(&arguments.paths, &arguments.reading, &library)?;
    let sources = Sources {
        files: &analysis.files,
        secrets: &analysis.model.architecture.secrets,
        words: &library.data.words,
    };
    if analysis.counts.templates == 0 {
        return nothing_read(&arguments.paths, &analysis, sources);
    }
    if arguments.diagnostics {
        tell(&analysis, sources);
    }
    output::spare(&outputs, &Roots::of(&arguments.paths), &analysis.files)?;
    let rendering = Rendering {
        arguments,
        analysis: &analysis,
        library: &library,
        pages: &pages,
        drawn: OnceCell::new(),
    };
    output::write(&outputs, |output, out| rendering.write(output, out))?;
    let outcome = match arguments.fail_on {
        Some(band) => gate::check(&analysis, &library, band),
        None => Outcome::Done,
    };
    // The process ends: taking a big model apart would only take time.
    std::mem::forget(analysis);
    Ok(outcome)
}

/// Finds, reads and judges.
pub(crate) fn read(paths: &[PathBuf], reading: &Reading, library: &Library) -> Result<Analysis> {
    let limits = Limits::default();
    let given = given::parameters(reading)?;
    let options = Options {
        as_of: today::as_of(reading.as_of.as_deref())?,
        parameters: given.values,
        limits,
    };
    let roots = Roots::of(paths);
    let progress = Progress::begin();
    let mut found = discover(paths, &roots, &limits, |n| {
        progress.say(&format!("reading, {n} files"));
    });
    if given.told.is_none() {
        let unused = found
            .settings
            .iter()
            .filter_map(|path| unused(path, &roots));
        found.sources.diagnostics.extend(unused);
    }
    let off = library.disabled.iter().map(switched_off);
    found.sources.diagnostics.extend(off);
    progress.say("modelling");
    let mut load = |path: &str| roots.load(path, &limits);
    let mut analysis = analyze(found.sources, library, &options, &mut load);
    analysis.counts.parameters = given.told;
    Ok(analysis)
}

fn switched_off(entry: &Disabled) -> Diagnostic {
    let message = format!("`{}` is switched off in the library", entry.id);
    Diagnostic::note_only("entry-disabled", message).note(&*entry.reason)
}

/// Settings that were found and not used, where they give values to parameters.
fn unused(path: &Path, roots: &Roots) -> Option<Diagnostic> {
    let name = shown(path);
    let text = roots.read(path, &Limits::default());
    let text = text.map_err(|reason| format!("`{name}` was left out: {reason}"));
    let config = match text.and_then(|text| given::parsed(path, &text)) {
        Ok(config) => config,
        Err(reason) => {
            let diagnostic = Diagnostic::warning("settings-not-read", reason);
            return Some(diagnostic.in_path(name));
        }
    };
    let environments = samconfig::environments(&config);
    let first = environments.first()?;
    let chosen = match environments.contains(&"default") {
        true => String::new(),
        false => format!(" --config-env {first}"),
    };
    let message = format!("`{name}` gives values to parameters, and was not used");
    let diagnostic = Diagnostic::note_only("settings-not-used", message);
    let help = format!("`--parameter-file {name}{chosen}` takes them");
    Some(diagnostic.in_path(name).help(help))
}

/// Says what was not understood.
fn tell(analysis: &Analysis, sources: Sources<'_>) {
    let paper = terminal::error_paper();
    for diagnostic in &analysis.diagnostics {
        terminal::complain(&sources.diagnostic(paper, diagnostic));
    }
}

/// What there is to say where nothing was a template.
pub(crate) fn nothing_read(
    paths: &[PathBuf],
    analysis: &Analysis,
    sources: Sources<'_>,
) -> Result<Outcome> {
    tell(analysis, sources);
    terminal::complain_plainly(&format!(
        "error: no template that can be read under {}\n  \
         a SAM or CloudFormation template (YAML or JSON) or a `cdk.out` folder is wanted",
        shown_all(paths)
    ));
    Ok(Outcome::NothingRead)
}
