//! Texts and whole numbers, as JSON has them.

/// A text in quotation marks.
pub(super) fn put(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    // Nearly every text is plain, so that looking at the whole is quickest.
    if text
        .bytes()
        .fold(true, |plain, byte| plain & is_plain(byte))
    {
        out.extend_from_slice(text.as_bytes());
    } else {
        text.chars()
            .for_each(|character| put_character(out, character));
    }
    out.push(b'"');
}

fn is_plain(byte: u8) -> bool {
    (byte.wrapping_sub(0x20) < 0x5f) & (byte != b'"') & (byte != b'\\')
}

fn put_character(out: &mut Vec<u8>, character: char) {
    let short = match character {
        '"' => b'"',
        '\\' => b'\\',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        _ if steers(character) => {
            // All of them are in the plane where one escape is enough.
            let escape = format!("\\u{:04x}", u32::from(character));
            return out.extend_from_slice(escape.as_bytes());
        }
        _ => {
            let mut bytes = [0; 4];
            return out.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Whether it steers a terminal, or hides or turns other text.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// A number in decimal digits.
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    // As many digits as the greatest has.
    let mut digits = [b'0'; 20];
    let mut begin = digits.len();
    for (at, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' | (number % 10) as u8;
        number /= 10;
        begin = at;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(begin..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        put(&mut out, text);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn plain_text_stands_as_it_is() {
        check("", r#""""#);
        check("orders/Table # GET /é", r#""orders/Table # GET /é""#);
    }

    #[test]
    fn what_ends_a_text_or_steers_a_terminal_is_escaped() {
        check("a\"b\\c\n\t\u{8}", r#""a\"b\\c\n\t\b""#);
        check("\u{1b}[2J\u{7f}\u{9b}", r#""\u001b[2J\u007f\u009b""#);
        check("\u{202e}gpj.exe\u{feff}", r#""\u202egpj.exe\ufeff""#);
    }

    #[test]
    fn numbers_have_all_their_digits_and_no_more() {
        for number in [0, 7, 10, 65_535, u64::MAX] {
            let mut out = Vec::new();
            put_number(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
