//! Where what came of a run goes: files, their formats told by their names, or
//! standard output. What cannot work is told before anything is read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use underbelly_source::Files;

use crate::arguments::{Format, Model};
use crate::roots::{Roots, shown, shown_all};
use crate::terminal;
use crate::whole::Parts;

/// Something to write.
#[derive(Debug)]
pub(crate) struct Output {
    pub format: Format,
    /// None: standard output.
    pub path: Option<PathBuf>,
}

/// Endings of files and what they ask for.
const ENDINGS: &[(&str, Format)] = &[
    ("json", Format::Json),
    ("html", Format::Html),
    ("htm", Format::Html),
    ("xlsx", Format::Xlsx),
    ("csv", Format::Csv),
    ("md", Format::Markdown),
    ("txt", Format::Summary),
    ("svg", Format::Svg),
    ("png", Format::Png),
    ("mmd", Format::Mermaid),
    ("dot", Format::Dot),
];

impl Format {
    /// What a file's name asks for.
    fn of(path: &Path) -> Option<Format> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        let found = ENDINGS.iter().find(|(known, _)| *known == ending);
        found.map(|(_, format)| *format)
    }

    fn ending(self) -> &'static str {
        let found = ENDINGS.iter().find(|(_, format)| *format == self);
        found.map_or("", |(ending, _)| ending)
    }

    /// Whether it is nothing for people to read as it is.
    fn is_binary(self) -> bool {
        match self {
            Format::Xlsx | Format::Png => true,
            Format::Summary
            | Format::Json
            | Format::Html
            | Format::Markdown
            | Format::Csv
            | Format::Svg
            | Format::Mermaid
            | Format::Dot => false,
        }
    }

    /// Whether it holds prose of the library.
    pub(crate) fn has_prose(self) -> bool {
        match self {
            Format::Html | Format::Xlsx | Format::Csv | Format::Markdown => true,
            Format::Summary
            | Format::Json
            | Format::Svg
            | Format::Png
            | Format::Mermaid
            | Format::Dot => false,
        }
    }
}

/// What the user asked to be written where; wrong usage is told before
/// anything is read.
pub(crate) fn outputs(arguments: &Model) -> Result<Vec<Output>> {
    let asked = arguments.format;
    if arguments.output.is_empty() {
        let format = asked.unwrap_or(Format::Summary);
        if format.is_binary() && terminal::is_seen() {
            bail!(
                "{ending} is nothing for a terminal to show: write it to a file, with `-o model.{ending}`",
                ending = format.ending()
            );
        }
        return Ok(vec![Output { format, path: None }]);
    }
    if asked.is_some() && arguments.output.len() > 1 {
        bail!("`--format` is for one output: of several, each file's name tells its format");
    }
    let reading = &arguments.reading;
    let given = arguments.paths.iter().chain(&reading.parameter_file);
    files(&arguments.output, asked, given)
}

/// Files by the formats they ask for; each is named once, and none of what is
/// `given` to be read.
pub(crate) fn files<'a>(
    paths: &[PathBuf],
    asked: Option<Format>,
    given: impl Iterator<Item = &'a PathBuf>,
) -> Result<Vec<Output>> {
    let known = each_once(paths)?;
    let mut outputs = Vec::new();
    for path in paths {
        let format = format(path, asked)?;
        let path = Some(path.clone());
        outputs.push(Output { format, path });
    }
    for input in given {
        if let Some(path) = known.get(&real(input)) {
            bail!("{}", written_over(path));
        }
    }
    Ok(outputs)
}

/// Files that can be put where they are wanted, by where they really lie; each is
/// named once.
pub(crate) fn each_once(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, &Path>> {
    let mut known: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for path in paths {
        can_take_its_place(path)?;
        if let Some(other) = known.insert(real(path), path) {
            let (one, two) = (shown(other), shown(path));
            match one == two {
                true => bail!("`{one}` is named for two outputs"),
                false => {
                    bail!("`{one}` and `{two}` are one file, and two outputs do not fit into it")
                }
            }
        }
    }
    Ok(known)
}

/// Nothing that was read is written over, but a model of an earlier run.
pub(crate) fn spare(outputs: &[Output], roots: &Roots, read: &Files) -> Result<()> {
    for path in outputs.iter().filter_map(|output| output.path.as_deref()) {
        let file = roots.key(path).and_then(|key| read.find(&key));
        if file.is_some_and(|file| !underbelly_exchange::is_document(read.text(file))) {
            bail!("{}", written_over(path));
        }
    }
    Ok(())
}

fn written_over(path: &Path) -> String {
    format!(
        "`{}` is read, and would be written over: give the output another name",
        shown(path)
    )
}

/// Whether a file may be put there. A link is not followed: in a stranger's
/// folder it may lead anywhere.
fn can_take_its_place(path: &Path) -> Result<()> {
    let here = shown_all(&[path.to_path_buf()]);
    if path.is_dir() {
        bail!("`{here}` is a folder, and the name of a file is wanted");
    }
    let folder = folder(path);
    if !folder.is_dir() {
        bail!(
            "`{here}` cannot be written: there is no folder `{}`",
            shown(folder)
        );
    }
    let there = match fs::symlink_metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => bail!("`{here}` cannot be written: {error}"),
    };
    if there.is_symlink() {
        bail!("`{here}` is a symbolic link: name the file it leads to");
    }
    if there.permissions().readonly() {
        bail!("`{here}` is there already and may not be written");
    }
    Ok(())
}

fn format(path: &Path, asked: Option<Format>) -> Result<Format> {
    match (Format::of(path), asked) {
        (Some(format), None) => Ok(format),
        (None, Some(asked)) => Ok(asked),
        (Some(format), Some(asked)) if format == asked => Ok(format),
        (Some(format), Some(asked)) => bail!(
            "`{}` asks for {} by its name, and `--format` for {}",
            shown(path),
            format.ending(),
            asked.ending()
        ),
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

/// The same for every way to write a path, as far as its folder is there.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let name = path.file_name().unwrap_or_default();
    let folder = fs::canonicalize(folder(path));
    folder.map_or_else(|_| path.to_path_buf(), |folder| folder.join(name))
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Writes every output; of several files all, or none.
pub(crate) fn write(
    outputs: &[Output],
    mut render: impl FnMut(&Output, &mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    let mut parts = Parts::default();
    for output in outputs {
        match &output.path {
            Some(path) => parts.add(path, |out| render(output, out))?,
            None => terminal::print_by(|out| render(output, out))
                .context("standard output could not be written")?,
        }
    }
    parts.finish()
}
