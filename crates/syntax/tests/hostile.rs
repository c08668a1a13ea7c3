//! Input meant to hurt: deep, expanding, endless, and mutated at random.

use underbelly_source::{Files, Limits};
use underbelly_syntax::{Document, Node, read};

fn codes(text: &str) -> (Vec<Document>, Vec<&'static str>) {
    let mut files = Files::default();
    let file = files.add("input", text);
    let (documents, problems) = read(&files, file, &Limits::default());
    (
        documents,
        problems.iter().map(|problem| problem.code).collect(),
    )
}

/// Every node met by walking, aliases followed, each with a place in the text.
fn count(document: &Document, text: &str) -> usize {
    let mut open = vec![document.root()];
    let mut n_nodes = 0;
    while let Some(node) = open.pop() {
        n_nodes += 1;
        for span in [node.span(), node.site()] {
            assert!(
                text.get(span.start as usize..span.end as usize).is_some(),
                "{span:?}"
            );
        }
        check_inside(node, text);
        open.extend(node.items());
        for entry in node.entries() {
            assert!(node.get(entry.name()).is_some());
            open.push(entry.key);
            open.push(entry.value);
        }
    }
    n_nodes
}

/// Each word of a decoded text stands in the file as it is, or escaped.
fn check_inside(node: Node<'_>, file: &str) {
    let Some(text) = node.text() else { return };
    for (at, character) in text.char_indices() {
        let span = node.inner_span(at..at + character.len_utf8());
        let found = file.get(span.start as usize..span.end as usize);
        let found = found.expect("inner spans fit the file");
        let same = found.chars().eq([character]) || found.starts_with(['\\', '\'']);
        assert!(
            character.is_whitespace() || same,
            "{character:?} found as {found:?} in {text:?}"
        );
        if text.len() > 300 {
            break;
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (documents, codes) = codes(text);
    assert_eq!(codes, expected);
    for document in &documents {
        assert!(count(document, text) <= Limits::default().nodes);
    }
}

#[test]
fn deep_nesting_is_cut_not_followed() {
    check(&"[".repeat(100_000), &["nested-too-deep", "json-syntax"]);
    check(
        &format!("a: {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        &["nested-too-deep"],
    );
    check(
        &"{\"a\":".repeat(100_000),
        &["nested-too-deep", "json-syntax"],
    );
    check(&"- ".repeat(100_000), &["nested-too-deep"]);
    let maps: String = (0..5_000)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect();
    check(&maps, &["nested-too-deep"]);
}

#[test]
fn an_alias_bomb_stays_small() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..13 {
        let alias = format!("*a{}", n - 1);
        text.push_str(&format!(
            "a{n}: &a{n} [{}]\n",
            [alias.as_str(); 9].join(", ")
        ));
    }
    let (documents, codes) = codes(&text);
    assert_eq!(codes, ["too-many-values"]);
    let mut open = vec![documents[0].root()];
    let mut n_nodes = 0;
    while let Some(node) = open.pop() {
        n_nodes += 1;
        open.extend(node.items());
        open.extend(node.entries().flat_map(|entry| [entry.key, entry.value]));
    }
    assert!(n_nodes <= Limits::default().nodes, "{n_nodes}");
}

#[test]
fn a_merge_bomb_stays_small() {
    let mut text = "m0: &m0 {k: 1}\n".to_owned();
    for n in 1..40 {
        let before = n - 1;
        text.push_str(&format!(
            "m{n}: &m{n} {{<<: [*m{before}, *m{before}], k{n}: 1}}\n"
        ));
    }
    let (documents, codes) = codes(&text);
    assert_eq!(codes.first(), Some(&"too-many-values"));
    assert!(documents[0].root().find(&["m5", "k"]).is_some());
}

#[test]
fn mutated_input_neither_panics_nor_points_outside() {
    const SAMPLES: [&str; 5] = [
        "Resources:\n  Queue: &q\n    Type: AWS::SQS::Queue # why\n    Tags: [!Ref A, 'it''s', \"\\u00e9${X}\"]\n  Other: *q\n",
        "a: |\n  one ${X}\n\n    two\nb: >-\n  three\n  four\n? x\n: <<: {k: v}\n---\n{c: [1, {d: e}]}\n",
        "{\"a\": [1, -2.5e3, true, null, \"x\\n\\ud83d\\ude00\"], \"b\": {\"c\": {}}} // end\n",
        "base: &b {a: 1}\nx:\n  <<: [*b, *b]\n  <<: *b\n  a: 2\n  a: 3\nmulti: plain text\n  over ${lines}\r\n\r\n  and more\n",
        "\u{feff}%YAML 1.2\n---\n!tag\n- !!str 1\n- é: {{ ü }}\n- \"a\\\n  b\"\n...\n",
    ];
    const PIECES: [&str; 24] = [
        "\n", "  ", "\t", ":", ": ", "- ", "[", "]", "{", "}", "\"", "'", "\\", "|", ">", "&b ",
        "*b", "<<: ", "#", "!x ", "\r", "é", "---\n", ",",
    ];
    let mut seed: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    for round in 0..4_000 {
        let mut text = SAMPLES[round % SAMPLES.len()].to_owned();
        for _ in 0..=random(4) {
            let at = text.floor_char_boundary(random(text.len() + 1));
            let end = text
                .floor_char_boundary((at + random(6)).min(text.len()))
                .max(at);
            match random(3) {
                0 => text.replace_range(at..end, ""),
                1 => text.insert_str(at, PIECES[random(PIECES.len())]),
                _ => text.replace_range(at..end, PIECES[random(PIECES.len())]),
            }
        }
        let mut files = Files::default();
        let file = files.add("input", text.as_str());
        let (documents, problems) = read(&files, file, &Limits::default());
        for document in &documents {
            count(document, &text);
        }
        for problem in &problems {
            let span = problem.span.expect("a place");
            assert!(
                text.get(span.start as usize..span.end as usize).is_some(),
                "{problem:?} in {text:?}"
            );
        }
    }
}
