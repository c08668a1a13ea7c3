//! What came of a run in each format.

use std::cell::OnceCell;
use std::io::{self, Write};

use underbelly_analysis::Analysis;
use underbelly_diagram::{Diagram, Theme};
use underbelly_library::{Library, Pages};
use underbelly_report::{Paper, Report, Sources, Summary};

use crate::arguments::{Format, Model, ThemeArgument};
use crate::output::Output;
use crate::roots::{shown, shown_all};
use crate::terminal;

/// A run and what it was judged by.
#[derive(Debug)]
pub(crate) struct Rendering<'a> {
    pub arguments: &'a Model,
    pub analysis: &'a Analysis,
    pub library: &'a Library,
    /// Empty unless an output has prose.
    pub pages: &'a Pages,
    /// The picture, once one was asked for.
    pub drawn: OnceCell<Diagram>,
}

impl Rendering<'_> {
    pub(crate) fn write(&self, output: &Output, out: &mut dyn Write) -> io::Result<()> {
        let report = self.report();
        let text = match output.format {
            Format::Json => return self.json(out),
            Format::Xlsx => {
                let bytes = underbelly_report::xlsx(&report, self.pages);
                return out.write_all(&bytes.map_err(io::Error::other)?);
            }
            Format::Summary => self.summary(output),
            Format::Html => underbelly_report::html(&report, self.pages),
            Format::Csv => underbelly_report::csv(&report, self.pages),
            Format::Markdown => underbelly_report::markdown(&report, self.pages),
            Format::Svg => self.picture().svg(self.theme()),
            Format::Png => return self.png(output, out),
            Format::Mermaid => self.picture().mermaid(),
            Format::Dot => self.picture().dot(),
        };
        out.write_all(text.as_bytes())
    }

    /// Drawn once for all formats.
    fn picture(&self) -> &Diagram {
        self.drawn
            .get_or_init(|| underbelly_report::picture(&self.analysis.model, self.library))
    }

    fn theme(&self) -> Theme {
        match self.arguments.theme {
            ThemeArgument::Auto => Theme::Auto,
            ThemeArgument::Light => Theme::Light,
            ThemeArgument::Dark => Theme::Dark,
        }
    }

    fn png(&self, output: &Output, out: &mut dyn Write) -> io::Result<()> {
        let (picture, wanted) = (self.picture(), self.arguments.scale);
        let scale = picture.png_scale(wanted);
        if let Some(path) = output.path.as_deref().filter(|_| scale < wanted) {
            terminal::complain_plainly(&format!(
                "note: `{}` is drawn at a scale of {scale:.2}: at {wanted} it would be too large",
                shown(path)
            ));
        }
        let bytes = picture.png(self.theme(), scale).map_err(io::Error::other)?;
        out.write_all(&bytes)
    }

    fn report(&self) -> Report<'_> {
        Report {
            model: &self.analysis.model,
            library: self.library,
            sources: Sources {
                files: &self.analysis.files,
                secrets: &self.analysis.model.architecture.secrets,
                words: &self.library.data.words,
            },
            diagnostics: &self.analysis.diagnostics,
            counts: &self.analysis.counts,
        }
    }

    fn summary(&self, output: &Output) -> String {
        let paths = shown_all(&self.arguments.paths);
        let paper = match output.path {
            Some(_) => Paper::plain(100),
            None => terminal::paper(),
        };
        let summary = Summary {
            report: self.report(),
            paths: &paths,
            all: self.arguments.all,
        };
        underbelly_report::summary(&summary, paper)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let (analysis, library) = (self.analysis, self.library);
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
}
