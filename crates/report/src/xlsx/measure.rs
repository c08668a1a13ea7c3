//! How wide texts are, in hundredths of a digit of the font: the unit that
//! widths of columns are counted in. Not every program that opens a spreadsheet
//! finds out by itself how high a row must be.

use crate::paint::columns_of;

const DIGIT: usize = 100;
const WIDEST: usize = 172;

/// How many digits wide a text is, rounded up.
pub(super) fn width_of(text: &str) -> usize {
    hundredths(text).div_ceil(DIGIT)
}

/// How many lines a text takes in so much room, wrapped at spaces.
pub(super) fn lines_in(text: &str, room: usize) -> usize {
    let room = (room * DIGIT).max(DIGIT);
    // However wide its letters are: none is wider for the bytes it takes.
    if text.len() * WIDEST <= room {
        return 1;
    }
    let space = extent(' ');
    let (mut lines, mut used) = (1, 0);
    for word in text.split(' ') {
        let word = hundredths(word);
        if used > 0 && used + space + word > room {
            lines += 1;
            used = 0;
        }
        used += word + if used > 0 { space } else { 0 };
        // A long word goes on over several lines.
        let over = used.saturating_sub(1) / room;
        lines += over;
        used -= over * room;
    }
    lines
}

fn hundredths(text: &str) -> usize {
    text.chars().map(extent).sum()
}

/// Widths in Calibri and in what is made to fit in its place, a little above.
fn extent(character: char) -> usize {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' | ',' | '.' | ':' | ';' | ' ' | '`' => 48,
        'f' | 'r' | 't' | 'I' | '(' | ')' | '[' | ']' | '{' | '}' | '-' | '!' => 68,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | '/' | 'J' | 'L' | '\\' | '"' => 88,
        'm' | 'W' | 'M' | '@' | '%' => WIDEST,
        'w' => 143,
        'A'..='Z' | '#' | '&' | '<' | '>' | '=' | '+' | '~' | '–' => 122,
        ' '..='~' => 103,
        '…' => 140,
        _ => {
            let mut buffer = [0; 4];
            columns_of(character.encode_utf8(&mut buffer)) * 115
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, room: usize, lines: usize) {
        assert_eq!(lines_in(text, room), lines, "{text} in {room}");
    }

    #[test]
    fn texts_wrap_at_spaces() {
        check("", 10, 1);
        check("one two", 10, 1);
        check("one two three", 7, 2);
        check("one two three", 5, 3);
    }

    #[test]
    fn a_long_word_goes_on_over_several_lines() {
        check(&"0".repeat(30), 40, 1);
        check(&"0".repeat(30), 16, 2);
        check(&"0".repeat(100), 11, 10);
    }

    #[test]
    fn wide_letters_take_more_room() {
        assert!(width_of("WWWW") > width_of("iiii"));
        assert!(width_of("注文") > width_of("ab"));
        assert_eq!(width_of(""), 0);
    }
}
