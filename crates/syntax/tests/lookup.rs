//! Names found in small, large and repeated mappings, and what scalars answer.

use underbelly_source::{FileId, Files, Limits};
use underbelly_syntax::{Document, read};

fn document(text: &str) -> Document {
    let mut files = Files::default();
    let file = files.add("input", text);
    let mut documents = read(&files, file, &Limits::default()).0;
    assert_eq!(documents.len(), 1, "{text:?}");
    documents.remove(0)
}

#[track_caller]
fn check(text: &str, path: &[&str], expected: Option<&str>) {
    let document = document(text);
    let found = document.root().find(path).and_then(|node| node.text());
    assert_eq!(found, expected, "{path:?} in {text:?}");
}

#[test]
fn the_last_duplicate_wins() {
    check("a: 1\na: 2\n", &["a"], Some("2"));
    check(r#"{"a": 1, "b": 3, "a": 2}"#, &["a"], Some("2"));
}

#[test]
fn paths_end_where_a_name_is_missing() {
    check("a: {b: {c: x}}\n", &["a", "b", "c"], Some("x"));
    check("a: {b: {c: x}}\n", &["a", "x", "c"], None);
    check("a: text\n", &["a", "b"], None);
    check("a: &a {b: 1}\nc: *a\n", &["c", "b"], Some("1"));
}

#[test]
fn large_mappings_are_looked_up_like_small_ones() {
    let mut text: String = (0..10_000)
        .rev()
        .map(|n| format!("key{n}: {n}\n"))
        .collect();
    text.push_str("key77: last\n");
    let document = document(&text);
    let root = document.root();
    for n in 0..10_000 {
        let expected = if n == 77 {
            "last".to_owned()
        } else {
            n.to_string()
        };
        let found = root.get(&format!("key{n}")).and_then(|node| node.text());
        assert_eq!(found, Some(expected.as_str()));
    }
    assert!(root.get("key").is_none() && root.get("zzz").is_none());
    assert_eq!(root.len(), 10_001);
}

#[test]
fn scalars_answer_quoted_or_not() {
    let document = document("a: 'true'\nb: \"60\"\nc: off\nd: 012345678901\ne: [x]\n");
    let node = |key: &str| document.root().get(key).expect("a key");
    assert_eq!(node("a").boolean(), Some(true));
    assert_eq!(node("b").integer(), Some(60));
    assert_eq!(node("c").boolean(), Some(false));
    assert_eq!(node("d").text(), Some("012345678901"));
    assert_eq!(node("e").text(), None);
    assert!(node("a").is_quoted() && !node("c").is_quoted());
}

#[test]
fn a_file_that_is_not_there_has_no_documents() {
    let (documents, problems) = read(&Files::default(), FileId(3), &Limits::default());
    assert!(documents.is_empty() && problems.is_empty());
}

#[test]
fn documents_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&document("a: 1"));
}
