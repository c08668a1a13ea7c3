//! Names cut into words and compared with word lists: hints, never verdicts.
//!
//! How lists are meant stands at the head of `library/data/words.yaml`.

use underbelly_library::Words;

/// Why a name looks as if its value were a secret: the word that says so.
pub(super) fn secret_name(words: &Words, name: &str) -> Option<String> {
    let own = without_count(cut(name));
    if let Some(word) = ending(words, "secret_over_ending", &own) {
        return Some(word);
    }
    let joined = own.concat();
    let named = holding(words, "secret_names", &own);
    let pieces = words.lists.get("secret_pieces").into_iter().flatten();
    let named = named.or_else(|| {
        let mut found = pieces.filter(|piece| joined.contains(&***piece));
        found.next().map(|piece| piece.to_string())
    });
    let harmless = holding(words, "not_secret_names", &own).is_some()
        || ending(words, "not_secret_endings", &own).is_some();
    named.filter(|_| !harmless)
}

/// The word of a list that a name holds.
pub(super) fn word_in(words: &Words, list: &str, name: &str) -> Option<String> {
    holding(words, list, &cut(name))
}

/// What secret a value has the form of.
pub(super) fn secret_shape(words: &Words, value: &str) -> Option<String> {
    let value = value.trim();
    let found = words.secret_shapes.iter().find(|shape| {
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
pub(super) fn cut(name: &str) -> Vec<String> {
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

fn holding(words: &Words, list: &str, own: &[String]) -> Option<String> {
    let list = words.lists.get(list)?;
    let holds = |entry: &str| {
        let entry: Vec<&str> = entry.split('_').collect();
        own.windows(entry.len().max(1))
            .any(|window| window == entry)
    };
    let found = list.iter().find(|entry| holds(entry));
    found.map(|entry| entry.to_string())
}

fn ending(words: &Words, list: &str, own: &[String]) -> Option<String> {
    let list = words.lists.get(list)?;
    let ends = |entry: &str| {
        let entry: Vec<&str> = entry.split('_').collect();
        let from = own.len().checked_sub(entry.len());
        from.and_then(|from| own.get(from..))
            .is_some_and(|end| end == entry)
    };
    let found = list.iter().find(|entry| ends(entry));
    found.map(|entry| entry.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::testing::library;
    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        let words = library().data.words;
        assert_eq!(secret_name(&words, name).as_deref(), expected, "{name}");
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
        let words = library().data.words;
        let shape = |value: &str| secret_shape(&words, value);
        assert!(shape("AKIAIOSFODNN7EXAMPLE").is_some());
        assert!(shape("AKIA-short").is_none());
        assert!(shape("postgres://shop:hunter2@db.internal/shop").is_some());
        assert!(shape("postgres://shop:${Password}@db.internal/shop").is_none());
        assert!(shape("https://shop.example/oauth2/token").is_none());
    }
}
