//! How wide texts are, in hundredths of a digit of the font: the unit that
//! widths of columns are counted in. Not every program that opens a spreadsheet
//! finds out by itself how high a row must be.

use crate::paint::columns_of;

const DIGIT: usize = 100;
const WIDEST: usize = 172;
const SPACE: usize = 48;

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
    let (mut lines, mut used, mut word) = (1, 0, 0);
    for letter in text.chars().chain([' ']) {
        if letter != ' ' {
            word += extent(letter);
            continue;
        }
        if used > 0 && used + SPACE + word > room {
            lines += 1;
            used = 0;
        }
        used += word + if used > 0 { SPACE } else { 0 };
        // A long word goes on over several lines.
        if used > room {
            let over = (used - 1) / room;
            lines += over;
            used -= over * room;
        }
        word = 0;
    }
    lines
}

fn hundredths(text: &str) -> usize {
    text.chars().map(extent).sum()
}

/// The widths of letters that most texts are of.
static ASCII: [u8; 128] = {
    let mut widths = [0; 128];
    let mut at = 0;
    while at < widths.len() {
        widths[at] = ascii(at as u8);
        at += 1;
    }
    widths
};

fn extent(character: char) -> usize {
    match ASCII.get(character as usize) {
        Some(width) => usize::from(*width),
        None if character == '–' => 122,
        None if character == '…' => 140,
        None => {
            let mut buffer = [0; 4];
            columns_of(character.encode_utf8(&mut buffer)) * 115
        }
    }
}

/// Widths in Calibri and in what is made to fit in its place, a little above.
const fn ascii(letter: u8) -> u8 {
    match letter {
        b'i' | b'j' | b'l' | b'\'' | b'|' | b',' | b'.' | b':' | b';' | b' ' | b'`' => 48,
        b'f' | b'r' | b't' | b'I' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'-' | b'!' => 68,
        b'c' | b'k' | b's' | b'v' | b'x' | b'y' | b'z' | b'/' | b'J' | b'L' | b'\\' | b'"' => 88,
        b'm' | b'W' | b'M' | b'@' | b'%' => WIDEST as u8,
        b'w' => 143,
        b'A'..=b'Z' | b'#' | b'&' | b'<' | b'>' | b'=' | b'+' | b'~' => 122,
        b'!'..=b'~' => 103,
        _ => 0,
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
