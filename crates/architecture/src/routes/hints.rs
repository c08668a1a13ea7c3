//! What a route's method and path suggest. Words are hints, never verdicts.

use underbelly_expression::Fact;
use underbelly_source::Span;

use crate::derived::{bool_like, hint, unresolved};
use crate::draft::Draft;

/// Whether it only answers a browser's preflight question.
pub(crate) fn preflight(method: &Fact) -> Fact {
    method.map(|case| match (case, case.as_text()) {
        (Fact::Known(_), Some(method)) => bool_like(case, method == "OPTIONS"),
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Absent(_), _) => bool_like(case, false),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}

/// Whether requests carry a body: by method, or always where there is none.
pub(crate) fn takes_body(method: &Fact, words: &str) -> Fact {
    let with_body = |method: &str| matches!(method, "ANY" | "POST" | "PUT" | "PATCH");
    method.map(|case| match (case, case.as_text()) {
        (Fact::Known(_), Some(method)) => bool_like(case, with_body(method)),
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Absent(_), _) => bool_like(case, words == "?"),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}

/// Whether its path looks as if another company's system called it.
pub(crate) fn webhook(draft: &Draft<'_>, path: &Fact, place: Span) -> Fact {
    let found = word_of(draft, "webhook_paths", path);
    let note = match &found {
        Some(word) => format!("its path holds the word `{word}`"),
        None => "no word of its path says so".to_owned(),
    };
    hint(found.is_some(), path.head(place), &note)
}

/// Whether it looks as if only monitors called it: it fetches, and the last segment
/// of its path is such a word and nothing else.
pub(crate) fn is_health(draft: &Draft<'_>, method: &Fact, path: &Fact) -> bool {
    let Some(words) = draft.library.data.words.lists.get("health_paths") else {
        return false;
    };
    let fetches = matches!(method.as_text(), Some("GET" | "HEAD" | "ANY"));
    let last = path.as_text().and_then(|path| path.rsplit('/').next());
    let same = |word: &str, last: &str| {
        let words = pieces(word).map(str::to_ascii_lowercase);
        words.eq(pieces(last).map(str::to_ascii_lowercase))
    };
    let found = |last: &str| words.iter().any(|word| same(word, last));
    fetches && last.is_some_and(|last| !last.is_empty() && found(last))
}

/// The word of a list that a path holds between its separators.
fn word_of(draft: &Draft<'_>, list: &str, path: &Fact) -> Option<String> {
    let words = draft.library.data.words.lists.get(list)?;
    let written: Vec<String> = path
        .cases()
        .filter_map(|(_, case)| case.as_pattern())
        .map(|path| path.to_string().to_ascii_lowercase())
        .collect();
    let holds = |word: &str| {
        let word: Vec<&str> = pieces(word).collect();
        written.iter().any(|path| {
            let path: Vec<&str> = pieces(path).collect();
            !word.is_empty() && path.windows(word.len()).any(|window| window == word)
        })
    };
    let found = words.iter().find(|word| holds(word));
    found.map(|word| word.to_string())
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|piece| !piece.is_empty())
}
