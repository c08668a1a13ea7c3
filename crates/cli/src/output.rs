//! Where what came of a run goes: files, their formats told by their names, or
//! standard output. All files are written, or none.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::arguments::{Format, Model};
use crate::roots::shown;
use crate::terminal;

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
    ("xlsx", Format::Xlsx),
    ("csv", Format::Csv),
    ("md", Format::Markdown),
    ("txt", Format::Summary),
    ("svg", Format::Svg),
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

    /// Whether it holds prose of the library.
    pub(crate) fn has_prose(self) -> bool {
        match self {
            Format::Xlsx | Format::Csv | Format::Markdown => true,
            Format::Summary | Format::Json | Format::Svg | Format::Mermaid | Format::Dot => false,
        }
    }
}

/// What the user asked to be written where; wrong usage is told before
/// anything is read.
pub(crate) fn outputs(arguments: &Model) -> Result<Vec<Output>> {
    let asked = arguments.format;
    if arguments.output.is_empty() {
        let format = asked.unwrap_or(Format::Summary);
        if format == Format::Xlsx {
            bail!("a spreadsheet is nothing to print: write it to a file with `-o threats.xlsx`");
        }
        return Ok(vec![Output { format, path: None }]);
    }
    if asked.is_some() && arguments.output.len() > 1 {
        bail!("`--format` is for one output; of several files the names tell the formats");
    }
    let mut known: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for input in &arguments.paths {
        known.insert(real(input), input);
    }
    let mut outputs = Vec::new();
    for path in &arguments.output {
        let format = format(path, asked)?;
        if path.is_dir() {
            bail!(
                "`{}` is a folder: `-o` wants the name of a file",
                shown(path)
            );
        }
        if let Some(other) = known.insert(real(path), path) {
            match arguments.paths.iter().any(|input| input == other) {
                true => bail!("`{}` is read, and would be written over", shown(path)),
                false => bail!(
                    "`{}` and `{}` are one file: two outputs would not fit into it",
                    shown(other),
                    shown(path)
                ),
            }
        }
        let path = Some(path.clone());
        outputs.push(Output { format, path });
    }
    Ok(outputs)
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

/// The same for every way to write a path, as far as its folder exists.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default();
    let folder = fs::canonicalize(folder);
    folder.map_or_else(|_| path.to_path_buf(), |folder| folder.join(name))
}

/// Writes every output; files take their names only once all are whole.
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

/// Files that are written and do not have their names yet. What has none in
/// the end is removed: half of a report helps nobody.
#[derive(Debug, Default)]
struct Parts {
    /// Each file beside its future place, and that.
    waiting: Vec<(PathBuf, PathBuf)>,
}

impl Parts {
    fn add(
        &mut self,
        path: &Path,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let name = path.file_name().context("the output has no file name")?;
        let beside = path.with_file_name(format!(".{}.part", name.to_string_lossy()));
        self.waiting.push((beside.clone(), path.to_path_buf()));
        File::create(&beside)
            .and_then(|mut file| text(&mut file))
            .with_context(|| format!("`{}` could not be written", shown(path)))
    }

    fn finish(mut self) -> Result<()> {
        while let Some((beside, path)) = self.waiting.first().cloned() {
            fs::rename(&beside, &path)
                .with_context(|| format!("`{}` could not be written", shown(&path)))?;
            self.waiting.remove(0);
        }
        Ok(())
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        for (beside, _) in &self.waiting {
            // That it stays is no worse than what has failed already.
            let _ = fs::remove_file(beside);
        }
    }
}
