//! What the user may say on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Threat models of serverless systems, from their infrastructure as code.
#[derive(Debug, Parser)]
#[command(name = "underbelly", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Model the systems that templates describe, and what threatens them.
    Model(Model),
    /// Explain a library entry, or a threat where it was found.
    Explain(Explain),
    /// Show the roads an attacker could walk, step by step.
    Reach(Reach),
    /// Accept a threat for a while, in `underbelly.yaml`.
    Accept(Accept),
    /// Answer a question, in `underbelly.yaml`.
    Answer(Answer),
    /// Look at, check and extend the library of threats and countermeasures.
    #[command(subcommand)]
    Library(LibraryCommand),
}

/// What is read and how it is taken.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Reading {
    /// A parameter's value, as KEY=VALUE; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    pub parameters: Vec<String>,
    /// A file of parameter values: CloudFormation's JSON, or samconfig.toml.
    #[arg(long, value_name = "FILE")]
    pub parameter_file: Option<PathBuf>,
    /// Which environment of samconfig.toml to take.
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub config_env: String,
    /// The date to judge by, such as 2026-11-23; today if left out.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    #[command(flatten)]
    pub own: OwnLibrary,
}

/// What is known besides what is built in.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct OwnLibrary {
    /// A folder of library entries of your own, beside the built-in ones.
    #[arg(long, value_name = "DIR")]
    pub library: Option<PathBuf>,
    /// Fail where an entry of that folder is wrong, instead of going on without it.
    #[arg(long, requires = "library")]
    pub strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Model {
    /// Files, folders, or CDK output folders.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// What to print, or to write to the one file of `-o`.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write to a file, in the format its name ends in: .html, .json, .xlsx, .csv,
    /// .md, .txt, .svg, .png, .mmd or .dot; may be given several times, and then all
    /// are written or none.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// The colours of a picture (SVG and PNG).
    #[arg(long, value_enum, default_value_t = ThemeArgument::Auto)]
    pub theme: ThemeArgument,
    /// How many pixels of a PNG stand for one of the picture, from 0.1 to 8.
    #[arg(long, value_name = "N", default_value_t = 2.0, value_parser = scale)]
    pub scale: f64,
    /// Show every threat, question and system instead of a screenful.
    #[arg(long)]
    pub all: bool,
    /// List everything that was not understood or left out.
    #[arg(long)]
    pub diagnostics: bool,
    /// Exit with 1 when a threat of this band or above is exposed.
    #[arg(long, value_enum, value_name = "BAND")]
    pub fail_on: Option<BandArgument>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// An entry such as `function-url-open`, or a threat such as
    /// `function-url-open@Resize:url`; `@Resize` for all on one component, of a role
    /// with where its rights come from; `@Resize:role # Orders` for one right.
    #[arg(value_name = "ID")]
    pub id: String,
    /// Where the system is; without it the library's page is shown.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Reach {
    /// Files, folders, or CDK output folders.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
    /// Start in this component, as if an attacker had taken it over, or at this route
    /// (`'Api # GET /orders'`); `internet` starts outside, and so does whoever else a
    /// road is told to start from, such as `'signed-in user'`.
    #[arg(long, value_name = "NAME")]
    pub from: Option<String>,
    /// Only roads that lead to this component or route.
    #[arg(long, value_name = "NAME")]
    pub to: Option<String>,
    /// Print a text for people, or JSON.
    #[arg(long, value_enum, default_value = "text")]
    pub format: ReachFormat,
    /// Write to a file, in the format its name ends in: .txt, .json, or as a picture
    /// of what the roads lead over: .svg, .png, .mmd or .dot; may be given several
    /// times, and then all are written or none.
    #[arg(short, long, value_name = "FILE", conflicts_with = "format")]
    pub output: Vec<PathBuf>,
    /// Show every road instead of a screenful.
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Accept {
    /// The threat, such as `function-url-open@Resize:url`; a point of it after `#`,
    /// such as `'rest-api-no-authorizer@orders-api # GET /orders'`.
    #[arg(value_name = "THREAT")]
    pub threat: String,
    /// Where the system is.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Why it can be lived with.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Accept what is found at other points later, too.
    #[arg(long)]
    pub future_points: bool,
    /// The last day it is accepted, such as 2027-03-31.
    #[arg(long, value_name = "DATE")]
    pub until: String,
    /// Who accepts it.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Answer {
    /// The question, such as `'sensitive @ Orders'`.
    #[arg(value_name = "KEY")]
    pub key: String,
    /// The answer: `yes`, `no`, a number, a word, words parted by commas; `none` where
    /// there is none.
    #[arg(value_name = "VALUE")]
    pub value: String,
    /// Where the system is.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

/// What `reach` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReachFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LibraryCommand {
    /// List entries: threats, countermeasures, or those of one kind of component.
    List {
        /// Only entries that concern this kind, such as `function`.
        #[arg(value_name = "KIND")]
        kind: Option<String>,
        #[command(flatten)]
        own: OwnLibrary,
    },
    /// Show an entry's page.
    Show {
        /// The entry, such as `function-url-open`.
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        own: OwnLibrary,
    },
    /// Hand on the table of threats and countermeasures, for some kinds or all.
    Export(Export),
    /// Show how many threats there are to each kind, and in each standard.
    Coverage {
        /// Print a text for people, or JSON.
        #[arg(long, value_enum, default_value = "text")]
        format: CoverageFormat,
        #[command(flatten)]
        own: OwnLibrary,
    },
    /// Write the file of a new entry, with headings and empty examples.
    New {
        /// What to write.
        #[arg(value_enum)]
        what: NewEntry,
        /// Its id, such as `function-url-open`.
        #[arg(value_name = "ID")]
        id: String,
        /// The folder of entries it belongs to.
        #[arg(long, value_name = "DIR", default_value = "library")]
        library: PathBuf,
    },
    /// Check a folder of entries and run their examples.
    Test {
        /// Only this entry.
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// The folder of entries; the built-in ones if left out.
        #[arg(long, value_name = "DIR")]
        library: Option<PathBuf>,
    },
    /// Show the facts that conditions may ask of a kind of component.
    Facts {
        /// The kind, such as `function`; all kinds if left out.
        #[arg(value_name = "KIND")]
        kind: Option<String>,
        #[command(flatten)]
        own: OwnLibrary,
    },
}

/// What is handed on of the library, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// Only threats to these kinds, such as `function`; all kinds if left out.
    #[arg(value_name = "KIND")]
    pub kinds: Vec<String>,
    /// Only threats on this provider: aws, azure, google, twilio or all.
    #[arg(long, value_name = "PROVIDER", default_value = "all")]
    pub provider: String,
    /// What to print, or to write to the one file of `-o`.
    #[arg(long, value_enum)]
    pub format: Option<ExportFormat>,
    /// Write to a file, in the format its name ends in: .xls, .xlsx, .csv, .md,
    /// .html or .json; may be given several times.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    #[command(flatten)]
    pub own: OwnLibrary,
}

/// What `library export` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// A spreadsheet of Excel 97 and later.
    Xls,
    /// A spreadsheet of Excel 2007 and later.
    Xlsx,
    /// A row for each threat and each countermeasure against it.
    Csv,
    /// Two tables for a page of text.
    Md,
    /// One page for a browser.
    Html,
    /// Everything, for programs.
    Json,
}

/// What `library coverage` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverageFormat {
    Text,
    Json,
}

/// What `library new` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NewEntry {
    Threat,
    Countermeasure,
}

/// What `model` prints or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A screen for people.
    Summary,
    /// Everything, for programs.
    Json,
    /// A report as one page for a browser.
    Html,
    /// A report that fits a comment on a pull request.
    Markdown,
    /// A row for each threat.
    Csv,
    /// A spreadsheet; only to a file.
    Xlsx,
    /// The diagram as a picture.
    Svg,
    /// The diagram in pixels.
    Png,
    /// The diagram as text for Mermaid.
    Mermaid,
    /// The diagram as text for Graphviz.
    Dot,
}

/// Colours as an argument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeArgument {
    /// As the reader's system asks; light where it cannot ask.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A scale within bounds.
fn scale(text: &str) -> Result<f64, String> {
    let scale = text
        .parse()
        .ok()
        .filter(|scale| (0.1..=8.0).contains(scale));
    scale.ok_or_else(|| "a number from 0.1 to 8 is wanted".to_owned())
}

/// A band of risk as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BandArgument {
    VeryLow,
    Low,
    Medium,
    High,
    Critical,
}
