//! `underbelly model`: read, judge, and print a screen or everything.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use underbelly_analysis::{Analysis, Options, analyze};
use underbelly_diagram::{Diagram, Theme};
use underbelly_library::Library;
use underbelly_model::{Band, State};
use underbelly_report::{Report, Sources, Summary};
use underbelly_source::Limits;

use crate::arguments::{BandArgument, Format, Model, Reading};
use crate::discover::discover;
use crate::knowledge::library;
use crate::outcome::Outcome;
use crate::progress::Progress;
use crate::roots::{Roots, shown, shown_all};
use crate::{given, terminal, today};

pub(crate) fn run(arguments: &Model) -> Result<Outcome> {
    let library = library(arguments.reading.library.as_deref())?;
    let analysis = read(&arguments.paths, &arguments.reading, &library)?;
    let sources = Sources {
        files: &analysis.files,
        secrets: &analysis.model.architecture.secrets,
    };
    if arguments.diagnostics {
        let paper = terminal::error_paper();
        for diagnostic in &analysis.diagnostics {
            terminal::complain(&sources.diagnostic(paper, diagnostic));
        }
    }
    if analysis.counts.templates == 0 {
        return nothing_read(arguments, &analysis, sources);
    }
    let asked = arguments.output.as_deref().and_then(picture_format);
    let format = asked.unwrap_or(arguments.format);
    let text = |out: &mut dyn Write| {
        let text = match format {
            Format::Json => return json(&analysis, &library, out),
            Format::Summary => summary(arguments, &analysis, &library),
            Format::Svg => picture(&analysis, &library).svg(Theme::Auto),
            Format::Mermaid => picture(&analysis, &library).mermaid(),
            Format::Dot => picture(&analysis, &library).dot(),
        };
        out.write_all(text.as_bytes())
    };
    match &arguments.output {
        Some(path) => write(path, text)?,
        None => terminal::print_by(text).context("standard output could not be written")?,
    }
    let outcome = match arguments.fail_on {
        Some(band) if exposed_at(&analysis, band) => Outcome::GateFailed,
        Some(_) | None => Outcome::Done,
    };
    // The process ends: taking a big model apart would only take time.
    std::mem::forget(analysis);
    Ok(outcome)
}

/// Finds, reads and judges.
pub(crate) fn read(paths: &[PathBuf], reading: &Reading, library: &Library) -> Result<Analysis> {
    let limits = Limits::default();
    let options = Options {
        as_of: today::as_of(reading.as_of.as_deref())?,
        parameters: given::parameters(reading)?,
        limits,
    };
    let roots = Roots::of(paths);
    let progress = Progress::begin();
    let found = discover(paths, &roots, &limits, |n| {
        progress.say(&format!("reading, {n} files"));
    });
    progress.say("modelling");
    let mut load = |path: &str| roots.load(path, &limits);
    Ok(analyze(found.sources, library, &options, &mut load))
}

fn nothing_read(arguments: &Model, analysis: &Analysis, sources: Sources<'_>) -> Result<Outcome> {
    if !arguments.diagnostics {
        let paper = terminal::error_paper();
        for diagnostic in &analysis.diagnostics {
            terminal::complain(&sources.diagnostic(paper, diagnostic));
        }
    }
    terminal::complain_plainly(&format!(
        "error: no template that can be read under {}\n  \
         a SAM or CloudFormation template (YAML or JSON) or a `cdk.out` folder is wanted",
        shown_all(&arguments.paths)
    ));
    Ok(Outcome::NothingRead)
}

fn summary(arguments: &Model, analysis: &Analysis, library: &Library) -> String {
    let paths = shown_all(&arguments.paths);
    let paper = match arguments.output {
        Some(_) => underbelly_report::Paper::plain(100),
        None => terminal::paper(),
    };
    underbelly_report::summary(
        &Summary {
            report: Report {
                model: &analysis.model,
                library,
                sources: Sources {
                    files: &analysis.files,
                    secrets: &analysis.model.architecture.secrets,
                },
                diagnostics: &analysis.diagnostics,
                counts: &analysis.counts,
            },
            paths: &paths,
            all: arguments.all,
        },
        paper,
    )
}

/// The picture that a file's name asks for, if it asks for one.
fn picture_format(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "svg" => Some(Format::Svg),
        "mmd" => Some(Format::Mermaid),
        "dot" => Some(Format::Dot),
        _ => None,
    }
}

fn picture(analysis: &Analysis, library: &Library) -> Diagram {
    underbelly_report::picture(&analysis.model, library)
}

fn json(analysis: &Analysis, library: &Library, out: &mut dyn Write) -> io::Result<()> {
    let name_of = |id| {
        let threat = library.threat(id).map(|def| &*def.name);
        let name = threat.or_else(|| library.countermeasure(id).map(|def| &*def.name));
        name.unwrap_or(id)
    };
    let header = underbelly_exchange::Header {
        tool: concat!("underbelly ", env!("CARGO_PKG_VERSION")),
        name_of: &name_of,
        summaries: &underbelly_report::sentences(&analysis.model.architecture, library),
    };
    let (model, diagnostics, files) = (&analysis.model, &analysis.diagnostics, &analysis.files);
    let document = underbelly_exchange::document(model, diagnostics, files, &header);
    underbelly_exchange::write_json(&document, out)
}

/// Writes a file whole or not at all.
fn write(path: &Path, text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let shown = shown(path);
    let name = path.file_name().context("the output has no file name")?;
    let beside = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
    File::create(&beside)
        .and_then(|mut file| text(&mut file))
        .and_then(|()| fs::rename(&beside, path))
        .inspect_err(|_| {
            // What is left half-written helps nobody; that it stays is no worse.
            let _ = fs::remove_file(&beside);
        })
        .with_context(|| format!("`{shown}` could not be written"))
}

fn exposed_at(analysis: &Analysis, band: BandArgument) -> bool {
    let least = match band {
        BandArgument::VeryLow => Band::VeryLow,
        BandArgument::Low => Band::Low,
        BandArgument::Medium => Band::Medium,
        BandArgument::High => Band::High,
        BandArgument::Critical => Band::Critical,
    };
    let mut threats = analysis.model.threats.iter();
    threats.any(|threat| threat.state == State::Exposed && threat.risk.band >= least)
}
