//! Files written for a template engine (Jinja, Cookiecutter, Helm) that has not
//! run: what to say of them, and which lines to pass over.

use std::ops::Range;

use underbelly_source::{Diagnostic, FileId, Span};

/// The text with every line that is only `{% … %}` blanked, byte for byte, and
/// where the first one stands; `None` if there is no such line.
pub(crate) fn without_control_lines(text: &str) -> Option<(String, Range<usize>)> {
    let mut blanked = String::with_capacity(text.len());
    let mut first = None;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if !(words.starts_with("{%") && words.ends_with("%}")) {
            blanked.push_str(line);
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let start = blanked.len() + indent;
        first.get_or_insert(start..start + words.len());
        let breaks = line.trim_end_matches(['\r', '\n']).len();
        blanked.extend(std::iter::repeat_n(' ', breaks));
        blanked.push_str(line.get(breaks..).unwrap_or(""));
    }
    first.map(|first| (blanked, first))
}

/// That such lines were passed over.
pub(crate) fn passed_over(file: FileId, first: &Range<usize>) -> Diagnostic {
    let span = Span::new(file, first.start as u32, first.end as u32);
    Diagnostic::warning(
        "template-lines",
        "lines of a template engine, `{% … %}`, are passed over",
    )
    .at(span)
    .note("everything they choose between is read")
    .help(RUN_IT)
}

/// What to do where the line of byte `at` is not yet YAML or JSON.
pub(crate) fn help(text: &str, at: usize) -> Option<String> {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..).unwrap_or("").lines().next().unwrap_or("");
    let marks = ["{{", "{%", "<%"];
    let mark = marks.into_iter().find(|mark| line.contains(mark))?;
    Some(format!(
        "`{mark}` on this line is not filled in yet: {RUN_IT}"
    ))
}

/// The advice for all of them.
pub(crate) const RUN_IT: &str =
    "run the template engine first (Jinja, Cookiecutter, Helm) and read the result";
