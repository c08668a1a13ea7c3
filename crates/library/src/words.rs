//! Names cut into words and compared with word lists: hints, never verdicts.
//!
//! How lists are meant stands at the head of `library/data/words.yaml`.

use std::borrow::Cow;
use std::ops::Range;

use crate::Words;

/// What stands for a secret in a text.
const MASK: &str = "****";

impl Words {
    /// Why a name looks as if its value were a secret: the word that says so.
    pub fn secret_name(&self, name: &str) -> Option<String> {
        let own = without_count(cut(name));
        if let Some(word) = ending(self, "secret_over_ending", &own) {
            return Some(word);
        }
        let joined = own.concat();
        let named = holding(self, "secret_names", &own);
        let pieces = self.lists.get("secret_pieces").into_iter().flatten();
        let named = named.or_else(|| {
            let mut found = pieces.filter(|piece| joined.contains(&***piece));
            found.next().map(|piece| piece.to_string())
        });
        named.filter(|_| {
            holding(self, "not_secret_names", &own).is_none()
                && ending(self, "not_secret_endings", &own).is_none()
        })
    }

    /// The word of a list that a name holds.
    pub fn word_in(&self, list: &str, name: &str) -> Option<String> {
        holding(self, list, &cut(name))
    }

    /// What secret a value has the form of.
    pub fn secret_shape(&self, value: &str) -> Option<String> {
        let value = value.trim();
        let found = self.secret_shapes.iter().find(|shape| {
            let Some(rest) = value.strip_prefix(&*shape.prefix) else {
                return false;
            };
            value.chars().count() >= shape.least as usize
                && (&*shape.alphabet == "any" || rest.chars().all(|c| is_in(&shape.alphabet, c)))
        });
        if let Some(shape) = found {
            return Some(shape.name.to_string());
        }
        has_password(value).then(|| "address with a password in it".to_owned())
    }

    /// Where a text holds what has the form of a secret, in order.
    pub fn secrets_in(&self, text: &str) -> Vec<Range<usize>> {
        let shortest = self.secret_shapes.iter().map(|shape| shape.least).min();
        let shortest = shortest.unwrap_or(u32::MAX) as usize;
        if !may_hold_secret(text, shortest) {
            return Vec::new();
        }
        let mut found: Vec<Range<usize>> = private_keys(text);
        if text.len() < shortest && !text.contains("://") {
            return found;
        }
        let mut from = 0;
        for token in text.split(ends_token) {
            let at = from;
            from += token.len();
            from += text
                .get(from..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            if token.len() < shortest && !token.contains("://") {
                continue;
            }
            // `KEY=value` and `key:value` stand in one piece.
            let starts = token.match_indices([':', '=']).map(|(at, _)| at + 1);
            let mut starts = std::iter::once(0).chain(starts);
            let secret = starts.find(|start| {
                let piece = token.get(*start..).unwrap_or_default();
                self.secret_shape(piece).is_some()
            });
            if let Some(start) = secret {
                found.push(at + start..at + token.len());
            }
        }
        found.sort_by_key(|range| (range.start, range.end));
        found
    }

    /// The text with everything masked that has the form of a secret.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.secrets_in(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = String::new();
        let mut from = 0;
        for range in found {
            if range.start >= from {
                masked.push_str(text.get(from..range.start).unwrap_or_default());
                masked.push_str(MASK);
            }
            from = from.max(range.end);
        }
        masked.push_str(text.get(from..).unwrap_or_default());
        Cow::Owned(masked)
    }
}

/// What cannot stand in a secret written into a longer text.
fn ends_token(c: char) -> bool {
    c.is_whitespace() || ENDS.contains(c)
}

const ENDS: &str = "\"'`,;()[]{}<>|";

/// Whether it is worth a closer look: most texts are short words, and are told
/// apart from secrets at a glance.
fn may_hold_secret(text: &str, shortest: usize) -> bool {
    let mut run = 0_usize;
    let long = text.bytes().any(|byte| {
        let ends = byte.is_ascii_whitespace() || ENDS.as_bytes().contains(&byte);
        run = if ends { 0 } else { run + 1 };
        run >= shortest
    });
    long || text.contains("://") || text.contains(BEGIN)
}

/// How a private key begins.
const BEGIN: &str = "-----BEGIN ";

/// From the first line of each private key to its last, or to the end of the text.
fn private_keys(text: &str) -> Vec<Range<usize>> {
    const END: &str = "-----END ";
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(BEGIN)) {
        let start = from + start;
        let rest = text.get(start + BEGIN.len()..).unwrap_or_default();
        let title = rest.split("-----").next().unwrap_or_default();
        from = start + BEGIN.len();
        if !title.contains("PRIVATE KEY") || title.len() > 40 {
            continue;
        }
        let end = text.get(from..).and_then(|rest| rest.find(END));
        let end = end.map_or(text.len(), |end| {
            let end = from + end + END.len();
            let rest = text.get(end..).unwrap_or_default();
            rest.find("-----").map_or(text.len(), |last| end + last + 5)
        });
        found.push(start..end);
        from = end;
    }
    found
}

/// Whether an address names a user and a password before its host.
fn has_password(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let Some((user, _)) = authority.rsplit_once('@') else {
        return false;
    };
    let password = user.split_once(':').map_or("", |(_, password)| password);
    let is_scheme = !scheme.is_empty()
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '+');
    // A hole in its place is shown as `${…}`: that is no password in the open.
    is_scheme && !password.is_empty() && !password.contains("${")
}

/// A character class as in a regular expression; a hyphen that stands last is itself.
fn is_in(class: &str, letter: char) -> bool {
    let letters: Vec<char> = class.chars().collect();
    let mut at = 0;
    while let Some(first) = letters.get(at) {
        match (letters.get(at + 1), letters.get(at + 2)) {
            (Some('-'), Some(last)) => {
                if (*first..=*last).contains(&letter) {
                    return true;
                }
                at += 3;
            }
            _ => {
                if *first == letter {
                    return true;
                }
                at += 1;
            }
        }
    }
    false
}

/// The words of a name, in lower case.
pub(crate) fn cut(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        // `dbPassword`, `APIKey`.
        let begins = letter.is_uppercase()
            && (before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
                || (before.is_some_and(|c| c.is_uppercase())
                    && after.is_some_and(|c| c.is_lowercase())));
        if (begins || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Without a last word that only counts, such as `2` or `v2`.
fn without_count(mut words: Vec<String>) -> Vec<String> {
    let counts = |word: &String| {
        let digits = word.strip_prefix('v').unwrap_or(word);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    if words.len() > 1 && words.last().is_some_and(counts) {
        words.pop();
    }
    words
}

/// The word of a list that a name holds anywhere.
fn holding(words: &Words, list: &str, own: &[String]) -> Option<String> {
    let tails = || (0..own.len()).filter_map(|from| own.get(from..));
    let mut list = words.lists.get(list)?.iter();
    let found = list.find(|entry| tails().any(|tail| begins(tail, entry)));
    found.map(|entry| entry.to_string())
}

/// The word of a list with which a name ends.
fn ending(words: &Words, list: &str, own: &[String]) -> Option<String> {
    let ends = |entry: &str| {
        let from = own.len().checked_sub(entry.split('_').count());
        let tail = from.and_then(|from| own.get(from..));
        tail.is_some_and(|tail| begins(tail, entry))
    };
    let mut list = words.lists.get(list)?.iter();
    let found = list.find(|entry| ends(entry));
    found.map(|entry| entry.to_string())
}

/// Whether words begin with an entry such as `api_key`, which is two of them.
fn begins(own: &[String], entry: &str) -> bool {
    let mut own = own.iter();
    entry
        .split('_')
        .all(|word| own.next().is_some_and(|own| own == word))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::SecretShape;

    fn words() -> Words {
        let list = |text: &str| text.split(' ').map(Arc::from).collect();
        let shape = |prefix: &str, least| SecretShape {
            name: "key".into(),
            prefix: prefix.into(),
            least,
            alphabet: "A-Za-z0-9".into(),
        };
        Words {
            lists: [
                ("secret_names", "password api_key database_url token secret"),
                ("secret_pieces", "password"),
                ("not_secret_endings", "arn ttl url name"),
                ("not_secret_names", "public"),
                ("secret_over_ending", "database_url"),
            ]
            .into_iter()
            .map(|(name, text)| (name.into(), list(text)))
            .collect(),
            secret_shapes: vec![shape("AKIA", 20), shape("sk_live_", 32)],
        }
    }

    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(words().secret_name(name).as_deref(), expected, "{name}");
    }

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(cut("dbPassword").join(" "), "db password");
        assert_eq!(cut("STRIPE_API_KEY").join(" "), "stripe api key");
        assert_eq!(cut("APIKey").join(" "), "api key");
        assert_eq!(cut("/shop/db-password.v2").join(" "), "shop db password v2");
    }

    #[test]
    fn a_name_may_look_secret() {
        check("DB_PASSWORD", Some("password"));
        check("ApiKey_2", Some("api_key"));
        check("dbpassword", Some("password"));
        check("DATABASE_URL", Some("database_url"));
        check("PASSWORD_TTL", None);
        check("TOKEN_URL", None);
        check("SECRET_ARN", None);
        check("PUBLIC_TOKEN", None);
        check("TABLE_NAME", None);
        check("", None);
    }

    #[test]
    fn a_value_may_have_the_form_of_a_secret() {
        let words = words();
        let shape = |value: &str| words.secret_shape(value);
        assert!(shape("AKIAIOSFODNN7EXAMPLE").is_some());
        assert!(shape("AKIA-short").is_none());
        assert!(shape("postgres://shop:hunter2@db.internal/shop").is_some());
        assert!(shape("postgres://shop:${Password}@db.internal/shop").is_none());
        assert!(shape("https://shop.example/oauth2/token").is_none());
    }

    #[test]
    fn secrets_within_a_text_are_masked() {
        let words = words();
        for (text, expected) in [
            ("nothing to hide", "nothing to hide"),
            ("`AKIAIOSFODNN7EXAMPLE` is no size", "`****` is no size"),
            ("KEY=AKIAIOSFODNN7EXAMPLE next", "KEY=**** next"),
            ("a://b:c@d, e", "****, e"),
            (
                "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- é",
                "**** é",
            ),
            ("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII", "****"),
        ] {
            assert_eq!(words.masked(text), expected);
        }
    }
}
