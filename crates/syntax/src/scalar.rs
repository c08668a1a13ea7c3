//! What the text of a scalar says: nothing, yes or no, a number.
//!
//! The core schema of YAML 1.2 decides the kind. The older words (`yes`, `off`)
//! stay text, and are still understood when a yes or no is asked for, because
//! CloudFormation understands them.
//! <https://yaml.org/spec/1.2.2/#103-core-schema>

use crate::node::Kind;

/// The kind of an unquoted scalar.
pub(crate) fn kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Kind::Bool,
        _ if is_number(text) => Kind::Number,
        _ => Kind::Text,
    }
}

/// Yes or no, however it is spelled.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    const WORDS: [(&str, bool); 6] = [
        ("true", true),
        ("false", false),
        ("yes", true),
        ("no", false),
        ("on", true),
        ("off", false),
    ];
    let said = |word: &str| text.eq_ignore_ascii_case(word);
    WORDS.iter().find(|word| said(word.0)).map(|word| word.1)
}

/// The number a text spells.
pub(crate) fn number(text: &str) -> Option<f64> {
    if let Some(integer) = integer(text) {
        return Some(integer as f64);
    }
    match text.strip_prefix(['+', '-']).unwrap_or(text) {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        _ if is_decimal(text) => text.parse().ok(),
        _ => None,
    }
}

/// The whole number a text spells, if it fits.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let radix = |digits: &str, radix| {
        let plain = !digits.starts_with(['+', '-']);
        plain.then(|| i64::from_str_radix(digits, radix).ok())?
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    text.parse().ok()
}

fn is_number(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    starts && (is_decimal(text) || number_of_another_shape(text))
}

fn number_of_another_shape(text: &str) -> bool {
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// `[-+]? ( . [0-9]+ | [0-9]+ ( . [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Kind, bool: Option<bool>, as_number: Option<f64>) {
        assert_eq!(kind(text), expected, "kind of {text:?}");
        assert_eq!(boolean(text), bool, "boolean of {text:?}");
        assert_eq!(number(text), as_number, "number of {text:?}");
    }

    #[test]
    fn plain_words_mean_what_the_core_schema_says() {
        check("", Kind::Null, None, None);
        check("~", Kind::Null, None, None);
        check("null", Kind::Null, None, None);
        check("True", Kind::Bool, Some(true), None);
        check("false", Kind::Bool, Some(false), None);
        check("yes", Kind::Text, Some(true), None);
        check("Off", Kind::Text, Some(false), None);
        check("n", Kind::Text, None, None);
    }

    #[test]
    fn numbers_are_told_from_what_only_looks_like_them() {
        check("60", Kind::Number, None, Some(60.0));
        check("-0.5e3", Kind::Number, None, Some(-500.0));
        check("012345678901", Kind::Number, None, Some(12345678901.0));
        check("0x1F", Kind::Number, None, Some(31.0));
        check("0o17", Kind::Number, None, Some(15.0));
        check(".5", Kind::Number, None, Some(0.5));
        check("5.", Kind::Number, None, Some(5.0));
        check("-.inf", Kind::Number, None, Some(f64::NEG_INFINITY));
        check("99999999999999999999", Kind::Number, None, Some(1e20));
        for text in [
            "2010-09-09",
            "1.2.3",
            "1_000",
            "10:30",
            "inf",
            "nan",
            ".",
            "-",
            "+",
            "e5",
            "1e",
            "0x",
            "12 h",
            "0x-1",
            "١",
            "--.inf",
        ] {
            assert_eq!(kind(text), Kind::Text, "kind of {text:?}");
        }
    }
}
