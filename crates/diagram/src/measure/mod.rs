//! How wide a text is, and texts cut to fit.

mod widths;

/// How heavy a text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    SemiBold,
}

/// The width of a text set at `size`.
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    text.chars().map(|c| advance(c, weight)).sum::<f64>() * size / 1000.0
}

/// The width of a character, in thousandths of the size.
pub(crate) fn advance(character: char, weight: Weight) -> f64 {
    let table = match weight {
        Weight::Regular => &widths::REGULAR,
        Weight::SemiBold => &widths::SEMI_BOLD,
    };
    let index = (character as u32).checked_sub(widths::FIRST);
    let known = index.and_then(|index| table.get(index as usize));
    match known {
        Some(width) => f64::from(*width),
        None if character == '…' && weight == Weight::Regular => 864.0,
        None if character == '…' => 956.0,
        // Wide scripts and pictures take a full em, and a little for safety.
        None if character as u32 >= 0x1100 => 1050.0,
        None => 720.0,
    }
}

/// The text, or as much of its start and end as fits, with `…` between.
pub(crate) fn fit(text: &str, room: f64, size: f64, weight: Weight) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let units = room * 1000.0 / size - advance('…', weight);
    let (mut start, mut end) = (0, characters.len());
    let mut used = 0.0;
    // Two characters of the start for one of the end: starts tell more.
    for turn in 0..characters.len() {
        let from_end = turn % 3 == 2;
        let next = if from_end { end.wrapping_sub(1) } else { start };
        let Some(character) = characters.get(next) else {
            break;
        };
        used += advance(*character, weight);
        if used > units || start >= end {
            break;
        }
        if from_end {
            end -= 1;
        } else {
            start += 1;
        }
    }
    let head: String = characters.iter().take(start).collect();
    let tail: String = characters.iter().skip(end).collect();
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

/// The text on one line, or broken where its words meet over two.
pub(crate) fn wrap(text: &str, room: f64, size: f64, weight: Weight) -> Vec<String> {
    if width(text, size, weight) <= room {
        return vec![text.to_owned()];
    }
    let fits = |at: usize| width(&text[..at], size, weight) <= room;
    // The last break that still fits keeps the first line full.
    match breaks(text).into_iter().take_while(|&at| fits(at)).last() {
        Some(at) => {
            let rest = text[at..].trim_start();
            vec![
                text[..at].trim_end().to_owned(),
                fit(rest, room, size, weight),
            ]
        }
        None => vec![fit(text, room, size, weight)],
    }
}

/// Where words meet: after a separator, before a capital after a small letter.
fn breaks(text: &str) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut before = None;
    for (at, character) in text.char_indices() {
        let separated =
            before.is_some_and(|c| matches!(c, '-' | '_' | ':' | '/' | '.' | ' ' | '*'));
        let risen = before.is_some_and(char::is_lowercase) && character.is_uppercase();
        if separated || risen {
            breaks.push(at);
        }
        before = Some(character);
    }
    breaks
}

/// The text with what steers or reorders it, or is no text in XML, shown as `�`.
pub fn clean(text: &str) -> String {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
            || matches!(
                c,
                '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{61c}' | '\u{180e}'
            )
    };
    text.chars()
        .map(|c| if hostile(c) { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, room: f64) -> Vec<String> {
        wrap(text, room, 13.0, Weight::SemiBold)
    }

    #[test]
    fn a_short_name_stays_whole() {
        assert_eq!(lines("Orders", 120.0), ["Orders"]);
    }

    #[test]
    fn a_long_name_breaks_where_its_words_meet() {
        assert_eq!(
            lines("PaymentWebhookHandler", 120.0),
            ["PaymentWebhook", "Handler"]
        );
    }

    #[test]
    fn what_does_not_fit_is_cut_in_the_middle() {
        let cut = fit(&"abcdefghij".repeat(9), 100.0, 12.0, Weight::Regular);
        assert!(cut.starts_with("abc") && cut.ends_with("ij") && cut.contains('…'));
        assert!(width(&cut, 12.0, Weight::Regular) <= 100.0);
    }

    #[test]
    fn marks_that_reorder_text_are_shown() {
        assert_eq!(clean("a\u{202e}b\u{1b}c"), "a\u{fffd}b\u{fffd}c");
    }
}
