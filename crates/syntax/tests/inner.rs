//! Pieces of decoded texts found again in the file, in every way to write one.

use underbelly_source::{Files, Limits};
use underbelly_syntax::read;

/// Finds `piece` in the decoded text of the value under `a` and asserts what
/// stands at its place in the file.
#[track_caller]
fn check(text: &str, piece: &str, expected: &str) {
    let mut files = Files::default();
    let file = files.add("input", text);
    let (documents, problems) = read(&files, file, &Limits::default());
    assert!(problems.is_empty(), "{problems:?}");
    let node = documents[0].root().get("a").expect("a key `a`");
    let decoded = node.text().expect("a scalar");
    let at = decoded.find(piece).expect("the piece in the text");
    let span = node.inner_span(at..at + piece.len());
    assert_eq!(files.excerpt(span), expected, "{piece:?} in {decoded:?}");
    assert!(node.span().covers(span));
}

#[test]
fn plain_text_is_found_across_folded_lines() {
    check("a: x ${One}\n", "${One}", "${One}");
    check("a: one\n   two ${X}\n\n   three\n", "${X}", "${X}");
    check("a: one\n   two ${X}\n\n   three\n", "three", "three");
    check("a: one\n   two\n", "one two", "one\n   two");
    check("a: one\r\n   two\r\n", "two", "two");
}

#[test]
fn quoted_text_is_found_behind_escapes() {
    check("a: 'it''s ${X}'\n", "${X}", "${X}");
    check("a: 'it''s ${X}'\n", "'", "''");
    check("a: \"\\t\\u00e9 ${X}\"\n", "${X}", "${X}");
    check("a: \"\\t\\u00e9 ${X}\"\n", "é", "\\u00e9");
    check(
        "a: \"one \\\n   two\n\n   ${X}\"\n",
        "two\n${X}",
        "two\n\n   ${X}",
    );
    check("a: \"é\n   ${X}\"\n", "${X}", "${X}");
    check("{\"a\": \"\\n\\ud83d\\ude00 ${X}\\n\"}", "${X}", "${X}");
    check(
        "{\"a\": \"\\n\\ud83d\\ude00 ${X}\\n\"}",
        "😀",
        "\\ud83d\\ude00",
    );
}

#[test]
fn block_text_is_found_line_by_line() {
    check("a: |\n  x\n\n    ${One}  \n  ${Two}\n", "${One}", "${One}");
    check("a: |\n  x\n\n    ${One}  \n  ${Two}\n", "${Two}", "${Two}");
    check(
        "a: >-\n  x\n  y ${One}\n\n    more\n  ${Two}\n",
        "${One}",
        "${One}",
    );
    check(
        "a: >-\n  x\n  y ${One}\n\n    more\n  ${Two}\n",
        "more",
        "more",
    );
    check(
        "a: >-\n  x\n  y ${One}\n\n    more\n  ${Two}\n",
        "${Two}",
        "${Two}",
    );
    check("a: |2\n    x\r\n   ${One}\r\n", "${One}", "${One}");
    check("a: |\n  one ${A}\n  two\n", "${A}\ntwo", "${A}\n  two");
}

#[test]
fn ranges_that_do_not_fit_give_the_whole_value() {
    let mut files = Files::default();
    let file = files.add("input", "a: 'é'\nb: [1]\n");
    let (documents, _) = read(&files, file, &Limits::default());
    let root = documents[0].root();
    let text = root.get("a").expect("a");
    assert_eq!(files.excerpt(text.inner_span(1..900)), "'é'");
    assert_eq!(files.excerpt(text.inner_span(0..0)), "");
    let list = root.get("b").expect("b");
    assert_eq!(files.excerpt(list.inner_span(0..1)), "[1]");
}
