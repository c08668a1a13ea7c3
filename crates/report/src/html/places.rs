//! Places by file and line, told from the folder that holds all files.

use underbelly_source::{Files, Span};

use super::Page;
use super::markup::Markup;

impl Page<'_> {
    /// A place by name, after a blank.
    pub(super) fn at(&self, span: Span, markup: &mut Markup) {
        markup.raw(" ");
        self.place(&self.report.at(span), markup);
    }

    /// `template.yaml:152`; nothing where there is no place.
    pub(super) fn place(&self, place: &str, markup: &mut Markup) {
        if !place.is_empty() {
            let short = place.strip_prefix(self.folder.as_str());
            markup.element("code", short.unwrap_or(place));
        }
    }
}

/// The folder all files lie in, with the last `/`; may be empty.
pub(super) fn folder(files: &Files) -> String {
    let mut shown = files.iter().map(|(_, file)| &**file.shown());
    let first = shown.next().unwrap_or("");
    let mut folder = parent(first);
    for path in shown {
        while !path.starts_with(folder) {
            folder = parent(folder.trim_end_matches('/'));
        }
    }
    crate::paint::clean(folder).into_owned()
}

/// The path up to and with its last `/`.
fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |at| path.split_at(at + 1).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_files_share_is_left_out() {
        let check = |paths: &[&str], expected: &str| {
            let mut files = Files::default();
            for path in paths {
                files.add(*path, "");
            }
            assert_eq!(folder(&files), expected, "{paths:?}");
        };
        check(&[], "");
        check(&["template.yaml"], "");
        check(&["a/b/template.yaml"], "a/b/");
        check(&["a/b/one.yaml", "a/b/c/two.yaml"], "a/b/");
        check(&["a/bc/one.yaml", "a/bd/two.yaml"], "a/");
        check(&["a/one.yaml", "b/two.yaml"], "");
        check(&["/x/one.yaml", "/y/two.yaml"], "/");
    }
}
