//! Escapes in double quotes: what one says and how many bytes it takes.
//!
//! YAML's are a superset of JSON's. <https://yaml.org/spec/1.2.2/#57-escaped-characters>

/// One escape, from its backslash on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Escape {
    pub(crate) character: char,
    /// Bytes as written, the backslash included.
    pub(crate) len: usize,
    /// Half of a pair whose other half is missing; `character` is U+FFFD.
    pub(crate) broken: bool,
}

/// The escape `raw` begins with; `None` if it is none that JSON knows.
pub(crate) fn json(raw: &str) -> Option<Escape> {
    match raw.as_bytes().get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u' => yaml(raw),
        _ => None,
    }
}

/// The escape `raw` begins with; `None` if it is none that YAML knows. An
/// escaped line break is not one of these.
pub(crate) fn yaml(raw: &str) -> Option<Escape> {
    let say = |character| {
        Some(Escape {
            character,
            len: 2,
            broken: false,
        })
    };
    match raw.as_bytes().get(1)? {
        b'0' => say('\0'),
        b'a' => say('\u{7}'),
        b'b' => say('\u{8}'),
        b't' | b'\t' => say('\t'),
        b'n' => say('\n'),
        b'v' => say('\u{b}'),
        b'f' => say('\u{c}'),
        b'r' => say('\r'),
        b'e' => say('\u{1b}'),
        b' ' => say(' '),
        b'"' => say('"'),
        b'/' => say('/'),
        b'\\' => say('\\'),
        b'N' => say('\u{85}'),
        b'_' => say('\u{a0}'),
        b'L' => say('\u{2028}'),
        b'P' => say('\u{2029}'),
        b'x' => by_number(raw, 2),
        b'u' => by_number(raw, 4),
        b'U' => by_number(raw, 8),
        _ => None,
    }
}

fn by_number(raw: &str, n_digits: usize) -> Option<Escape> {
    let code = hex(raw, 2, n_digits)?;
    let len = n_digits + 2;
    if let Some(character) = char::from_u32(code) {
        return Some(Escape {
            character,
            len,
            broken: false,
        });
    }
    if n_digits == 4 && (0xd800..0xdc00).contains(&code) && raw.get(len..len + 2) == Some("\\u") {
        let low = hex(raw, len + 2, 4).filter(|low| (0xdc00..0xe000).contains(low));
        if let Some(low) = low {
            let pair = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            let character = char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER);
            return Some(Escape {
                character,
                len: len + 6,
                broken: false,
            });
        }
    }
    let character = char::REPLACEMENT_CHARACTER;
    Some(Escape {
        character,
        len,
        broken: true,
    })
}

fn hex(raw: &str, from: usize, n_digits: usize) -> Option<u32> {
    let digits = raw.get(from..from + n_digits)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: Option<(char, usize, bool)>) {
        let read = yaml(raw).map(|found| (found.character, found.len, found.broken));
        assert_eq!(read, expected, "{raw:?}");
    }

    #[test]
    fn escapes_say_one_character() {
        check("\\n rest", Some(('\n', 2, false)));
        check("\\x41", Some(('A', 4, false)));
        check("\\u00e9x", Some(('é', 6, false)));
        check("\\ud83d\\ude00", Some(('😀', 12, false)));
        check("\\ud83dx", Some(('\u{fffd}', 6, true)));
        check("\\q", None);
        check("\\u12", None);
        check("\\u+123", None);
        check("\\", None);
        check("\\é", None);
    }
}
