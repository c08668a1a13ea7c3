//! JSON or YAML, by the first bytes that are not space.

/// Whether the text begins as only JSON commonly does. A YAML flow mapping may
/// too; the JSON reader's refusal then gives it back.
pub(crate) fn looks_like_json(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rest = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    match rest.next() {
        Some(b'{') => matches!(rest.next(), Some(b'"' | b'}' | b'/') | None),
        Some(b'[') => true,
        Some(b'/') => matches!(rest.next(), Some(b'/' | b'*')),
        _ => false,
    }
}
