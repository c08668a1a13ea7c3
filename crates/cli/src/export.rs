//! `underbelly library export` and `coverage`: the library as tables.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use underbelly_library::{Extract, Library, Pages, Wanted};
use underbelly_report::{Sources, extract};

use crate::arguments::{CoverageFormat, Export, ExportFormat, OwnLibrary};
use crate::knowledge::{Knowledge, knowledge};
use crate::outcome::Outcome;
use crate::output::each_once;
use crate::roots::shown;
use crate::terminal;
use crate::whole::Parts;

const TOOL: &str = concat!("underbelly ", env!("CARGO_PKG_VERSION"));

/// Whose systems the library means to know.
const PROVIDERS: [&str; 4] = ["aws", "azure", "google", "twilio"];

/// Endings of files and what they ask for.
const ENDINGS: &[(&str, ExportFormat)] = &[
    ("xls", ExportFormat::Xls),
    ("xlsx", ExportFormat::Xlsx),
    ("csv", ExportFormat::Csv),
    ("md", ExportFormat::Md),
    ("html", ExportFormat::Html),
    ("htm", ExportFormat::Html),
    ("json", ExportFormat::Json),
];

pub(crate) fn export(arguments: &Export) -> Result<Outcome> {
    let outputs = outputs(arguments)?;
    let knowledge = knowledge(&arguments.own)?;
    let wanted = wanted(arguments, &knowledge.library)?;
    let part = Extract::of(&knowledge.library, &knowledge.pages, &wanted);
    let title = extract::title(&part, &wanted);
    if part.threats.is_empty() {
        bail!("the library has no {}", lower(&title));
    }
    let mut parts = Parts::default();
    for (path, format) in &outputs {
        let bytes = rendered(&part, *format, &title, &knowledge)?;
        match path {
            Some(path) => parts.add(path, |out| out.write_all(&bytes))?,
            None => terminal::print_by(|out| out.write_all(&bytes))
                .context("standard output could not be written")?,
        }
    }
    parts.finish()?;
    Ok(Outcome::Done)
}

/// What is to be written where; wrong usage is told before anything is read.
fn outputs(arguments: &Export) -> Result<Vec<(Option<PathBuf>, ExportFormat)>> {
    let asked = arguments.format;
    if arguments.output.is_empty() {
        let format = asked.unwrap_or(ExportFormat::Md);
        if matches!(format, ExportFormat::Xls | ExportFormat::Xlsx) && terminal::is_seen() {
            bail!("a spreadsheet is nothing for a terminal to show: write it to a file with `-o`");
        }
        return Ok(vec![(None, format)]);
    }
    if asked.is_some() && arguments.output.len() > 1 {
        bail!("`--format` is for one output: of several, each file's name tells its format");
    }
    each_once(&arguments.output)?;
    let outputs = arguments.output.iter();
    outputs
        .map(|path| Ok((Some(path.clone()), format(path, asked)?)))
        .collect()
}

fn format(path: &Path, asked: Option<ExportFormat>) -> Result<ExportFormat> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_ascii_lowercase();
    let told = ENDINGS.iter().find(|(known, _)| *known == ending);
    match (told, asked) {
        (Some((_, told)), Some(asked)) if *told != asked => bail!(
            "`{}` asks for one format by its name, and `--format` for another",
            shown(path)
        ),
        (Some((_, told)), _) => Ok(*told),
        (None, Some(asked)) => Ok(asked),
        (None, None) => {
            let endings: Vec<String> = ENDINGS.iter().map(|(end, _)| format!(".{end}")).collect();
            bail!(
                "the name `{}` does not tell which format is wanted: end it in one of {}, or say `--format`",
                shown(path),
                endings.join(" ")
            )
        }
    }
}

fn wanted<'a>(arguments: &'a Export, library: &Library) -> Result<Wanted<'a>> {
    for kind in &arguments.kinds {
        if library.kind(kind).is_none() {
            let known = library.kinds.iter().map(|kind| &*kind.id);
            let near = underbelly_expression::closest(kind, known);
            let near = near.map(|near| format!("; did you mean `{near}`?"));
            bail!(
                "there is no kind `{kind}`{}",
                near.unwrap_or_else(|| "; `underbelly library facts` shows all".to_owned())
            );
        }
    }
    let provider = arguments.provider.as_str();
    let named = library.providers();
    if provider != "all" && !PROVIDERS.contains(&provider) && !named.contains(provider) {
        bail!(
            "there is no provider `{provider}`: it may be all, {}",
            PROVIDERS.join(", ")
        );
    }
    Ok(Wanted {
        kinds: &arguments.kinds,
        provider: (provider != "all").then_some(provider),
    })
}

fn rendered(
    part: &Extract<'_>,
    format: ExportFormat,
    title: &str,
    knowledge: &Knowledge,
) -> Result<Vec<u8>> {
    Ok(match format {
        ExportFormat::Csv => extract::csv(part).into_bytes(),
        ExportFormat::Md => extract::markdown(part, title).into_bytes(),
        ExportFormat::Html => extract::html(part, title).into_bytes(),
        ExportFormat::Json => {
            let mut out = Vec::new();
            let shape = underbelly_exchange::extract::extract(part, TOOL);
            underbelly_exchange::write_json(&shape, &mut out)?;
            out
        }
        ExportFormat::Xlsx => extract::xlsx(part, title, &as_of(&knowledge.pages))?,
        ExportFormat::Xls => {
            let written = extract::xls(part)?;
            let sources = Sources {
                files: &knowledge.files,
                secrets: &[],
                words: &knowledge.library.data.words,
            };
            for cut in &written.cut {
                terminal::complain(&sources.diagnostic(terminal::error_paper(), cut));
            }
            written.bytes
        }
    })
}

/// The date that a spreadsheet bears: when its sources were last compared, so that
/// the same library gives the same file.
fn as_of(pages: &Pages) -> String {
    let dates = pages.standards.iter().map(|standard| &*standard.checked);
    dates.max().unwrap_or_default().to_owned()
}

fn lower(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

pub(crate) fn coverage(format: CoverageFormat, own: &OwnLibrary) -> Result<Outcome> {
    let knowledge = knowledge(own)?;
    let counted = underbelly_library::coverage(&knowledge.library, &knowledge.pages);
    match format {
        CoverageFormat::Text => {
            let text = underbelly_report::coverage(&counted, terminal::paper());
            terminal::print(&text)?;
        }
        CoverageFormat::Json => {
            let shape = underbelly_exchange::extract::coverage(&counted, TOOL);
            terminal::print_by(|out: &mut dyn Write| underbelly_exchange::write_json(&shape, out))?;
        }
    }
    Ok(Outcome::Done)
}
