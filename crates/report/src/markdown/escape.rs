//! Texts that stay texts in Markdown, as GitHub and others read it: no markup,
//! no HTML, no mention of anybody, no link that was not meant.

use std::fmt::Write as _;

/// A name as code.
pub(crate) fn code(name: &str) -> String {
    if name.is_empty() {
        return String::new();
    }
    if !name.contains(['`', '|', '\\']) && name.trim() == name {
        return format!("`{name}`");
    }
    // Within an element entities are read, and nothing can end a cell or a span.
    let mut code = String::from("<code>");
    for character in name.chars() {
        if character.is_ascii_punctuation() {
            let _ = write!(code, "&#{};", u32::from(character));
        } else {
            code.push(character);
        }
    }
    code + "</code>"
}

/// Prose in which back-ticks mark names. A word that would mention somebody or
/// become a link is code.
pub(crate) fn prose(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((name, after)) = after.split_once('`') else {
            break;
        };
        words(before, &mut out);
        out.push_str(&code(name));
        rest = after;
    }
    words(rest, &mut out);
    first(&out)
}

fn words(text: &str, out: &mut String) {
    for word in text.split_inclusive(' ') {
        let (word, space) = match word.strip_suffix(' ') {
            Some(word) => (word, " "),
            None => (word, ""),
        };
        if links(word) {
            out.push_str(&code(word));
        } else {
            plain(word, out);
        }
        out.push_str(space);
    }
}

/// Whether a word would mention somebody or something, become a link or a picture.
fn links(word: &str) -> bool {
    let numbered = |after: &str| after.starts_with(|c: char| c.is_ascii_digit());
    let after = |mark: &'static str| {
        let found = word.match_indices(mark);
        found.filter_map(move |(at, _)| word.get(at + mark.len()..))
    };
    let issue = ["#", "GH-", "gh-", "Gh-", "gH-"];
    issue.iter().any(|mark| after(mark).any(numbered))
        || ["@", "://", "www."].iter().any(|mark| word.contains(mark))
        // `:name:` is a picture.
        || word.matches(':').nth(1).is_some()
}

fn plain(word: &str, out: &mut String) {
    let mut before = ' ';
    let mut characters = word.chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            // Within a word it marks nothing.
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '#' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
        before = character;
    }
}

/// Without what would begin a list or a rule.
fn first(text: &str) -> String {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = digits.len() < text.len() && digits.starts_with(['.', ')']);
    if number {
        let at = text.len() - digits.len();
        let (before, after) = text.split_at(at);
        return format!("{before}\\{after}");
    }
    if text.starts_with(['-', '+', '=']) {
        return format!("\\{text}");
    }
    text.to_owned()
}

/// Text inside an HTML element, where Markdown is not read but mentions are.
pub(super) fn html(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(' ') {
        if links(word) {
            out.push_str("<code>");
            entities(word.trim_end(), &mut out);
            out.push_str("</code> ");
        } else {
            entities(word, &mut out);
        }
    }
    out.trim_end().to_owned()
}

fn entities(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(character),
        }
    }
}

/// A block of code whatever it holds.
pub(crate) fn block(language: &str, lines: &[String]) -> String {
    let mut fence = String::from("```");
    while lines.iter().any(|line| line.contains(&fence)) {
        fence.push('`');
    }
    format!("{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, TagEnd};

    use super::*;

    const HOSTILE: &[&str] = &[
        "a|b",
        "a\\|b",
        "a`b",
        "``",
        "`code` and `more",
        "<script>alert(1)</script>",
        "</summary></details><img src=x onerror=y>",
        "![x](https://example.com/x.png)",
        "[x](javascript:alert(1))",
        "https://example.com www.example.com",
        "@everyone #1 owner/repo#2",
        "**bold** _it_ ~~no~~ $x$ a_b_c _ a_ # b",
        "- list",
        "1. list",
        "# head",
        "> quote",
        "&lt;b&gt; &amp;",
        "---",
        "===",
        "| --- | --- |",
    ];

    fn shown(markdown: &str) -> String {
        let read = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        let parser = Parser::new_ext(markdown, read);
        let mut said = String::new();
        for event in parser {
            match event {
                Event::Text(text) | Event::Code(text) => said.push_str(&text),
                Event::Html(text) | Event::InlineHtml(text) => {
                    assert!(
                        ["<code>", "</code>"].contains(&&*text),
                        "{text} in {markdown}"
                    );
                }
                Event::End(TagEnd::TableCell) => said.push('\t'),
                Event::SoftBreak | Event::HardBreak | Event::Rule => said.push('\n'),
                _ => {}
            }
        }
        said
    }

    #[test]
    fn hostile_prose_stays_prose() {
        for text in HOSTILE {
            let expected = match text.matches('`').count() {
                0 => (*text).to_owned(),
                _ => continue,
            };
            assert_eq!(
                shown(&format!("x {}", prose(text))),
                format!("x {expected}")
            );
            assert_eq!(shown(&format!("- {}", prose(text))), expected);
            let table = format!("| a | b |\n|---|---|\n| {} | x |\n", prose(text));
            assert_eq!(shown(&table), format!("a\tb\t{expected}\tx\t"));
        }
    }

    #[test]
    fn hostile_names_stay_names() {
        for name in HOSTILE {
            assert_eq!(shown(&format!("x {} y", code(name))), format!("x {name} y"));
            let table = format!("| a | b |\n|---|---|\n| {} | x |\n", code(name));
            assert_eq!(shown(&table), format!("a\tb\t{name}\tx\t"));
        }
    }

    #[test]
    fn nobody_is_mentioned() {
        assert_eq!(prose("ask @security now"), "ask `@security` now");
        assert_eq!(
            prose("it decides `auth` of `a b`"),
            "it decides `auth` of `a b`"
        );
        assert_eq!(
            super::html("</summary> @me now"),
            "&lt;/summary&gt; <code>@me</code> now"
        );
        for word in ["#12", "GH-12", "a/b#12", ":tada:", "x@example.com"] {
            assert_eq!(prose(&format!("a {word} b")), format!("a `{word}` b"));
        }
    }

    #[test]
    fn no_text_ends_its_block() {
        let lines = ["```".to_owned(), "x".to_owned()];
        assert_eq!(block("yaml", &lines), "````yaml\n```\nx\n````\n");
    }
}
