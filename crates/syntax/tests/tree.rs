//! What is read from which text, with every place.
//!
//! A tree prints as `key@3..6: "text"@8..14`: a tag before its value, an alias
//! as `*@12..14=` before what it names; a diagnostic as `! code@12..14`.

use std::fmt::Write;

use underbelly_source::{Files, Limits};
use underbelly_syntax::{Kind, Node, read};

#[track_caller]
fn check(text: &str, expected: &str) {
    check_within(text, &Limits::default(), expected);
}

#[track_caller]
fn check_within(text: &str, limits: &Limits, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(
        printed(text, limits).trim_end(),
        expected.join("\n").trim(),
        "{text}"
    );
}

fn printed(text: &str, limits: &Limits) -> String {
    let mut files = Files::default();
    let file = files.add("input", text);
    let (documents, problems) = read(&files, file, limits);
    let mut out = String::new();
    for document in &documents {
        print(document.root(), &mut out);
        for comment in document.comments() {
            let _ = write!(
                out,
                " # {}@{}..{}",
                comment.text, comment.span.start, comment.span.end
            );
        }
        out.push_str(if document.is_whole() { "\n" } else { " …\n" });
    }
    for problem in problems {
        let span = problem.span.expect("every problem in a text has a place");
        let _ = write!(out, "! {}@{}..{}", problem.code, span.start, span.end);
        for (span, _) in &problem.related {
            let _ = write!(out, " +{}..{}", span.start, span.end);
        }
        out.push('\n');
    }
    out
}

fn print(node: Node<'_>, out: &mut String) {
    if node.is_alias() {
        let site = node.site();
        let _ = write!(out, "*@{}..{}=", site.start, site.end);
    }
    if let Some(tag) = node.tag() {
        let _ = write!(out, "{}@{}..{} ", tag.name, tag.span.start, tag.span.end);
    }
    match node.kind() {
        Kind::Null => out.push_str("null"),
        Kind::Bool | Kind::Number => out.push_str(node.text().unwrap_or("?")),
        Kind::Text => {
            let _ = write!(out, "{:?}", node.text().unwrap_or("?"));
        }
        Kind::Sequence => {
            out.push('[');
            for (index, item) in node.items().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                print(item, out);
            }
            out.push(']');
        }
        Kind::Mapping => {
            out.push('{');
            for (index, entry) in node.entries().enumerate() {
                let key = entry.key.span();
                out.push_str(if index > 0 { ", " } else { "" });
                let _ = write!(out, "{}@{}..{}: ", entry.name(), key.start, key.end);
                print(entry.value, out);
            }
            out.push('}');
        }
    }
    let span = node.span();
    let _ = write!(out, "@{}..{}", span.start, span.end);
}

#[test]
fn scalars_and_tags_know_their_place() {
    check(
        "Key: text # right\nSub: !Sub \"a${X}\"\nn: 012\n",
        r#"{Key@0..3: "text"@5..9, Sub@18..21: !Sub@23..27 "a${X}"@28..35, n@36..37: 012@39..42}@0..42 # right@10..17"#,
    );
    check(
        "a: !!str 12\nb: !!int \"12\"\nc: !Ref 12\nd: !<!Sub> x\ne: ! 12\nf: !GetAtt\n  - a\n",
        r#"{a@0..1: !!str@3..8 "12"@9..11, b@12..13: !!int@15..20 12@21..25, c@26..27: !Ref@29..33 "12"@34..36, d@37..38: !Sub@40..47 "x"@48..49, e@50..51: !@53..54 "12"@55..57, f@58..59: !GetAtt@61..68 ["a"@73..74]@71..74}@0..74"#,
    );
    check(
        "a: yes\nb: 'true'\nc: 1_0\nd: 2010-09-09\n",
        r#"{a@0..1: "yes"@3..6, b@7..8: "true"@10..16, c@17..18: "1_0"@20..23, d@24..25: "2010-09-09"@27..37}@0..37"#,
    );
}

#[test]
fn collections_end_where_their_last_value_ends() {
    check(
        "Seq:\n- a\n-\n- !Ref\nFlow: {a: , b, c: [1]}\nnot: 'it''s'\n\n# end\n",
        r#"{Seq@0..3: ["a"@7..8, null@10..10, !Ref@13..17 null@17..17]@7..17, Flow@18..22: {a@25..26: null@26..26, b@30..31: null@31..31, c@33..34: [1@37..38]@36..39}@24..40, not@41..44: "it's"@46..53}@0..53 # end@55..60"#,
    );
    check(
        "Resources:\nOutputs:\n",
        "{Resources@0..9: null@9..9, Outputs@11..18: null@18..18}@0..18",
    );
}

#[test]
fn blocks_stand_at_their_first_line() {
    check(
        "a: |\n  one\n\n    two\n\nb: >-\n  x\n  y\n\n\nc: end\n",
        r#"{a@0..1: "one\n\n  two\n"@7..19, b@21..22: "x y"@29..34, c@37..38: "end"@40..43}@0..43"#,
    );
    check(
        "a: |\n\n\n  x\nb: |\nc: |2\n    y\n",
        r#"{a@0..1: "\n\nx\n"@9..10, b@11..12: ""@15..15, c@16..17: "  y\n"@24..27}@0..27"#,
    );
}

#[test]
fn byte_order_marks_and_carriage_returns_are_passed() {
    check(
        "\u{feff}é: xy\r\nb: |\r\n  q\r\n  r\r\n",
        r#"{é@3..5: "xy"@7..9, b@11..12: "q\nr\n"@19..25}@3..25"#,
    );
    check("\u{feff}[{}]", "[{}@4..6]@3..7");
}

#[test]
fn aliases_are_walked_as_what_they_name() {
    check(
        "a: &x {k: v}\nb: *x\nc: *y\nd: &z [*z]\n",
        r#"{a@0..1: {k@7..8: "v"@10..11}@6..12, b@13..14: *@16..18={k@7..8: "v"@10..11}@6..12, c@19..20: null@22..24, d@25..26: [null@32..34]@31..35}@0..35
        ! unknown-anchor@22..24
        ! alias-of-itself@32..34 +31..32"#,
    );
    check(
        "? &k x\n: 2\n*k : 3\n",
        "{x@5..6: 2@9..10, x@5..6: 3@16..17}@0..17
        ! duplicate-key@11..13 +5..6",
    );
}

#[test]
fn merge_keys_bring_what_is_not_written_out() {
    check(
        "base: &b {a: 1, c: 1}\nmore: &m {c: 2, d: 2}\nx:\n  <<: [*b, *m, 7]\n  a: 3\n\"<<\": 4\ny: {<<: *m}\n",
        r#"{base@0..4: {a@10..11: 1@13..14, c@16..17: 1@19..20}@9..21, more@22..26: {c@32..33: 2@35..36, d@38..39: 2@41..42}@31..43, x@44..45: {a@67..68: 3@70..71, c@16..17: 1@19..20, d@38..39: 2@41..42}@49..71, <<@72..76: 4@78..79, y@80..81: {c@32..33: 2@35..36, d@38..39: 2@41..42}@83..91}@0..91
        ! merge-key@62..63 +49..51"#,
    );
}

#[test]
fn duplicates_are_kept_and_shown_together() {
    check(
        "a: 1\nb: 2\na: 3\na: 4\n",
        "{a@0..1: 1@3..4, b@5..6: 2@8..9, a@10..11: 3@13..14, a@15..16: 4@18..19}@0..19
        ! duplicate-key@15..16 +0..1 +10..11",
    );
}

#[test]
fn keys_that_are_no_names_are_left_out() {
    check(
        "? [a]\n: b\nc: d\n",
        r#"{c@10..11: "d"@13..14}@0..14
        ! complex-key@2..5"#,
    );
}

#[test]
fn placeholders_of_template_engines_are_text() {
    check(
        "x: {{ y }}\nz: {{ a: b }: c}\n",
        r#"{x@0..1: "{{ y }}"@3..10, z@11..12: {}@14..27}@0..27
        ! placeholder@3..10
        ! complex-key@15..23"#,
    );
    check(
        "{% if x %}\na: 1\n  {%- else -%}\r\nb: {{ y }}\n",
        r#"{a@11..12: 1@14..15, b@32..33: "{{ y }}"@35..42}@11..42
        ! template-lines@0..10
        ! placeholder@35..42"#,
    );
    check("{% if x\na: 1\n", "! yaml-syntax@1..2");
}

#[test]
fn nothing_to_read_is_no_document() {
    check("", "");
    check("  \n\n", "");
    check("# only\n", "");
    check("---\n", "null@3..3");
}

#[test]
fn every_document_of_a_file_is_read() {
    check(
        "a: 1\n---\n# about\nb: 2\n...\n# last\n",
        "{a@0..1: 1@3..4}@0..4
        {b@17..18: 2@20..21}@17..21 # about@9..16 # last@26..32",
    );
}

#[test]
fn what_stands_before_a_syntax_error_is_read() {
    check(
        "a:\n  b: 1\n  c: [1, 2\nd: 3\n---\ne: 4\n",
        "{a@0..1: {b@5..6: 1@8..9, c@12..13: [1@16..17]@15..17}@5..17}@0..17 …
        {e@30..31: 4@33..34}@30..34
        ! yaml-syntax@22..23",
    );
    check(
        "a: 1\n\tb: 2\n",
        "{a@0..1: null@1..1}@0..1 …
        ! yaml-syntax@3..4",
    );
    check(
        "b: 1\na: \"open\nc: 1\n",
        "{b@0..1: 1@3..4, a@5..6: null@6..6}@0..6 …
        ! yaml-syntax@8..9",
    );
}

#[test]
fn json_is_the_same_tree() {
    check(
        "{\"a\": [1, true, null, \"x\\n\\u00e9\"], \"b\": {}}",
        r#"{a@1..4: [1@7..8, true@10..14, null@16..20, "x\né"@22..33]@6..34, b@36..39: {}@41..43}@0..44"#,
    );
    check(
        "{\"a\": ${Seconds}, \"b\": 1}",
        r#"{a@1..4: "${Seconds}"@6..16, b@18..21: 1@23..24}@0..25"#,
    );
    check(
        "{\"a\": 1, // why\n \"a\": 2,}",
        "{a@1..4: 1@6..7, a@17..20: 2@22..23}@0..25 # why@9..15
        ! json-leniency@9..10
        ! duplicate-key@17..20 +1..4",
    );
}

#[test]
fn broken_json_is_read_up_to_where_it_breaks() {
    check(
        "{\"a\": 1 \"b\": 2}",
        "{a@1..4: 1@6..7}@0..7 …\n! json-syntax@8..9 +0..1",
    );
    check(
        "{\"a\": [1, 2",
        "{a@1..4: [1@7..8, 2@10..11]@6..11}@0..11 …\n! json-syntax@11..11 +6..7",
    );
    check(
        "{\"a\": 1} {\"b\": 2}",
        "{a@1..4: 1@6..7}@0..8 …\n! json-syntax@9..10",
    );
}

#[test]
fn yaml_that_begins_like_json_is_yaml() {
    check(
        "{\"a\": !Ref x}",
        r#"{a@1..4: !Ref@6..10 "x"@11..12}@0..13"#,
    );
    check("[a, b]", r#"["a"@1..2, "b"@4..5]@0..6"#);
}

#[test]
fn what_lies_too_deep_is_left_out() {
    let limits = Limits {
        depth: 3,
        ..Limits::default()
    };
    check_within(
        "a: [[[1]], 2]\nb: {c: {d: {e: 1}}}\n",
        &limits,
        "{a@0..1: [[null@5..6]@4..9, 2@11..12]@3..13, b@14..15: {c@18..19: {d@22..23: null@25..26}@21..32}@17..33}@0..33 …
        ! nested-too-deep@5..6",
    );
    check_within(
        "{\"a\": [[[1]], 2]}",
        &limits,
        "{a@1..4: [[null@8..9]@7..12, 2@14..15]@6..16}@0..17 …
        ! nested-too-deep@8..9",
    );
    check_within(
        "a: &a [[1]]\nb: [*a]\n",
        &limits,
        "{a@0..1: [[1@8..9]@7..10]@6..11, b@12..13: [null@16..18]@15..19}@0..19 …
        ! nested-too-deep@16..18",
    );
}

#[test]
fn what_is_too_much_is_left_out() {
    let limits = Limits {
        nodes: 4,
        ..Limits::default()
    };
    check_within(
        "[1, 2, 3, 4, 5]",
        &limits,
        "[1@1..2, 2@4..5, 3@7..8]@0..8 …\n! too-many-values@10..11",
    );
    check_within(
        "- 1\n- 2\n- 3\n- 4\n",
        &limits,
        "[1@2..3, 2@6..7, 3@10..11]@0..11 …\n! too-many-values@14..15",
    );
    let limits = Limits {
        nodes: 9,
        ..Limits::default()
    };
    check_within(
        "a: &a [1, 2]\nb: [*a, *a]\n",
        &limits,
        "{a@0..1: [1@7..8, 2@10..11]@6..12, b@13..14: [null@17..19, null@21..23]@16..24}@0..24 …
        ! too-many-values@17..19",
    );
}

/// Messages are read by people: these are the ones they meet most.
#[test]
fn syntax_errors_say_what_to_do() {
    for (text, message, help) in [
        (
            "a:\n\t- b\n",
            "the YAML cannot be read on: a tab stands where only spaces may",
            "indent with spaces",
        ),
        (
            "a: b: c\n",
            "the YAML cannot be read on: a `:` stands where no key may be",
            "check the indentation",
        ),
        (
            "a: [1\n",
            "the YAML cannot be read on: `[` is opened and never closed",
            "close it",
        ),
        (
            "a: [1}\n",
            "the YAML cannot be read on: `[` is closed by `}`",
            "close brackets",
        ),
        (
            "a: %x\n",
            "the YAML cannot be read on: no value may begin with `%`",
            "put the value in quotes",
        ),
        (
            "a: {{ x }}-{{ y }}\n",
            "the YAML cannot be read on: ",
            "template engine",
        ),
        (
            "{\"a\": \"x\ny\", }{",
            "the JSON cannot be read on: ",
            "close it",
        ),
        (
            "{\"a\": {% x %}}",
            "the JSON cannot be read on: a key in double quotes",
            "template engine",
        ),
    ] {
        let mut files = Files::default();
        let file = files.add("input", text);
        let problems = read(&files, file, &Limits::default()).1;
        let problem = problems.last().expect("a problem");
        let found = (
            problem.message.as_str(),
            problem.help.as_deref().unwrap_or(""),
        );
        assert!(
            found.0.starts_with(message) && found.1.contains(help),
            "{text:?}: {found:?}"
        );
    }
}
