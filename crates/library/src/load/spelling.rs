//! Names in messages: the one probably meant, and lists of those there are.

use underbelly_expression::closest;

/// How many names a message lists.
const MOST: usize = 12;

/// `did you mean …?`, where something is near enough.
pub(crate) fn did_you_mean<'c>(
    word: &str,
    among: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    closest(word, among).map(|found| format!("did you mean `{found}`?"))
}

/// Names in back-ticks; a long list is cut.
pub(crate) fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MOST).map(|n| format!("`{n}`")).collect();
    let more = if names.len() > MOST { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
