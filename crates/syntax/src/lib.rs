//! YAML and JSON text to one located value tree.
//!
//! Every key, value and tag keeps its bytes in the file; comments are kept;
//! aliases and merge keys are followed, within a budget. Reading never fails:
//! what could be read comes back, with a diagnostic for each thing that could
//! not. What the values *mean* (intrinsics, references) is not known here.
//!
//! ```
//! use underbelly_source::{Files, Limits};
//! use underbelly_syntax::{Kind, read};
//! let mut files = Files::default();
//! let file = files.add("template.yaml", "Url: !Sub 'https://${Api}'\n");
//! let (documents, diagnostics) = read(&files, file, &Limits::default());
//! assert!(diagnostics.is_empty());
//! let url = documents[0].root().get("Url").unwrap();
//! assert_eq!(url.kind(), Kind::Text);
//! assert_eq!(url.tag().unwrap().name, "!Sub");
//! assert_eq!(files.excerpt(url.inner_span(8..14)), "${Api}");
//! ```

mod builder;
mod comment;
mod document;
mod escape;
mod inner;
mod json;
mod mapping;
mod node;
mod scalar;
mod sniff;
mod syntax_error;
mod template;
mod yaml;

use underbelly_source::{Diagnostic, FileId, Files, Limits, Severity};

pub use comment::Comment;
pub use document::{Document, Format};
pub use node::{Entry, Kind, Node, Tag};

/// The documents of a file and what is wrong with it.
///
/// JSON or YAML is told by content, never by extension. An empty file has no
/// document and no diagnostic. After a syntax error the document holds what
/// came before, with its open collections closed.
pub fn read(files: &Files, file: FileId, limits: &Limits) -> (Vec<Document>, Vec<Diagnostic>) {
    let (documents, mut problems) = read_either(files, file, limits);
    problems.sort_by_key(|problem| problem.span);
    (documents, problems)
}

fn read_either(files: &Files, file: FileId, limits: &Limits) -> (Vec<Document>, Vec<Diagnostic>) {
    let Some(source) = files.get(file) else {
        return (Vec::new(), Vec::new());
    };
    let text = source.text();
    if u32::try_from(text.len()).is_err() {
        let problem = Diagnostic::error("file-too-large", "the file is larger than 4 GiB")
            .in_path(source.path().clone())
            .help("split it");
        return (Vec::new(), vec![problem]);
    }
    if !sniff::looks_like_json(text) {
        return yaml::read(file, text, limits);
    }
    let json = json::read(file, text, limits);
    if json.2 == json::Outcome::Whole {
        return (json.0, json.1);
    }
    // YAML is wider than JSON: unquoted words and tags are at home there.
    let yaml = yaml::read(file, text, limits);
    let failed = |problem: &Diagnostic| problem.severity == Severity::Error;
    if yaml.0.is_empty() || yaml.1.iter().any(failed) {
        (json.0, json.1)
    } else {
        yaml
    }
}
