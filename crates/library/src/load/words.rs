//! Placeholders in prose: `{component}`.

use std::ops::Range;

/// Every `{name}` in a text, with its bytes, brackets included.
pub(crate) fn placeholders(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find('{')) {
        let start = from + open;
        let Some(close) = text.get(start..).and_then(|rest| rest.find('}')) else {
            break;
        };
        let end = start + close + 1;
        let name = text.get(start + 1..end - 1).unwrap_or("");
        found.push((start..end, name.trim().to_owned()));
        from = end;
    }
    found
}
