//! Several files together: a user's folder over the built-in one, ids that
//! vanish, entries nobody names.

mod common;

use common::render;
use common::small::{MEASURE, THREAT, small};
use underbelly_library::Knowledge;
use underbelly_source::{Files, Limits, Severity};

/// What is said of more files than the small library has; hints of the growing
/// library are left out.
fn said(files: &[(&str, &str)]) -> String {
    let (files, (_, mut problems)) = small(files);
    problems.retain(|problem| problem.code != "kind-without-threat");
    render(&files, &problems)
}

/// The small library with a user's folder over it, and what is said.
fn over(files: &[(&str, &str)]) -> (Knowledge, String) {
    let (_, (below, _)) = small(&[]);
    let mut all = Files::default();
    for (path, text) in files {
        all.add(format!("mine/{path}"), *text);
    }
    let (knowledge, problems) = below.extended_with(&all, "mine", &Limits::default());
    (knowledge, render(&all, &problems))
}

#[test]
fn a_countermeasure_nobody_names_is_an_error() {
    let unused = MEASURE.replace("url-iam", "url-mtls");
    assert_eq!(
        said(&[("countermeasures/url-mtls.yaml", &unused)]),
        "error: no threat names the countermeasure `url-mtls`
 lib/countermeasures/url-mtls.yaml:1:5
  | id: url-mtls
  |     ^^^^^^^^
 help: name it in a threat, or remove it
"
    );
}

#[test]
fn ids_do_not_vanish() {
    assert_eq!(
        said(&[("ids.txt", "# ids\nurl-open\nurl-gone\n")]),
        "error: the entry `url-gone` is gone
 lib/ids.txt:3:1
  | url-gone
  | ^^^^^^^^
 help: ids are for ever: bring it back with `status: { deprecated: … }`
"
    );
}

#[test]
fn an_id_is_given_once() {
    let said = said(&[("threats/more/url-open.yaml", THREAT)]);
    assert!(
        said.starts_with("error: there are two entries `url-open`"),
        "{said}"
    );
}

#[test]
fn files_that_cannot_be_read_blame_nobody_else() {
    assert_eq!(
        said(&[("threats/url-open.yaml", "id: [")]),
        "error: the YAML cannot be read on: `[` is opened and never closed
 lib/threats/url-open.yaml:1:5
  | id: [
  |     ^
 help: close it
"
    );
    assert_eq!(
        said(&[("threats/other.yaml", "")]),
        "error: the file is empty\n in lib/threats/other.yaml\n"
    );
}

#[test]
fn files_that_belong_nowhere_are_said() {
    let said = said(&[("threat/url-open.yaml", THREAT), ("README.md", "hello")]);
    assert!(
        said.starts_with(
            "warning: this file is not part of a library\n in lib/threat/url-open.yaml\n"
        ),
        "{said}"
    );
}

#[test]
fn a_users_entry_takes_the_place_of_the_built_in_one() {
    let mine = THREAT.replace("name: Open URL", "name: Mine");
    let (knowledge, said) = over(&[("threats/url-open.yaml", &mine)]);
    assert_eq!(&*knowledge.library.threats[0].name, "Mine");
    assert_eq!(knowledge.library.threats.len(), 1);
    assert_eq!(knowledge.pages.threats.len(), 1);
    assert_eq!(
        said,
        "note: `url-open` takes the place of the built-in entry
 mine/threats/url-open.yaml:1:5
  | id: url-open
  |     ^^^^^^^^
"
    );
}

#[test]
fn a_users_entry_may_name_built_in_ones() {
    let mine = THREAT.replace("url-open", "url-mine");
    let (knowledge, said) = over(&[("threats/url-mine.yaml", &mine)]);
    assert_eq!(said, "");
    let library = &knowledge.library;
    let applied = library.threats_for("function-url").iter();
    let ids = applied.filter_map(|applied| library.threat_at(applied.threat));
    let ids: Vec<&str> = ids.map(|threat| &*threat.id).collect();
    assert_eq!(ids, ["url-mine", "url-open"]);
}

#[test]
fn entries_can_be_switched_off() {
    let (knowledge, said) = over(&[("disable.yaml", "url-open: ours are meant to be open\n")]);
    assert_eq!(said, "");
    assert!(knowledge.library.threats_for("function-url").is_empty());
    assert!(knowledge.library.threat("url-open").is_some());
    let (_, said) = over(&[("disable.yaml", "url-opne: typed wrongly\nurl-iam:\n")]);
    assert_eq!(
        said,
        "error: there is no entry `url-opne`
 mine/disable.yaml:1:1
  | url-opne: typed wrongly
  | ^^^^^^^^
 help: did you mean `url-open`?
error: `url-iam` must be a text, not nothing
 mine/disable.yaml:2:8
  | url-iam:
  |        ^
"
    );
}

#[test]
fn an_entry_with_an_error_is_left_out_and_the_rest_stands() {
    let mine = THREAT
        .replace("url-open", "url-mine")
        .replace("auth ==", "auht ==");
    let (knowledge, said) = over(&[("threats/url-mine.yaml", &mine)]);
    assert!(said.contains("did you mean `auth`?"), "{said}");
    assert_eq!(knowledge.library.threats.len(), 1);
    assert_eq!(knowledge.pages.threats.len(), 1);
}

#[test]
fn every_kind_without_threat_is_a_warning() {
    let (_, (_, problems)) = small(&[]);
    let warnings: Vec<_> = problems.iter().map(|p| (p.severity, &*p.message)).collect();
    let message = "no threat applies to the kind `function`";
    assert_eq!(warnings, [(Severity::Warning, message)]);
}

#[test]
fn threats_do_not_include_each_other() {
    let first = THREAT.replace("stride:", "absorbs: [url-mine]\nstride:");
    let second = THREAT.replace("url-open", "url-mine");
    let second = second.replace("stride:", "absorbs: [url-open]\nstride:");
    let files = [
        ("threats/url-mine.yaml", second.as_str()),
        ("threats/url-open.yaml", first.as_str()),
    ];
    let (knowledge, said) = over(&files);
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(
        said[..7],
        [
            "error: `url-mine` includes itself by way of `url-open`",
            " mine/threats/url-mine.yaml:14:11",
            "  | absorbs: [url-open]",
            "  |           ^^^^^^^^",
            " note: each of them would be hidden by another",
            " help: let only the more general one include the other",
            "note: `url-open` takes the place of the built-in entry",
        ]
    );
    // The one that closes the circle is out, the other stands.
    let absorbs = |id: &str| knowledge.library.threat(id).unwrap().absorbs.len();
    assert_eq!((absorbs("url-mine"), absorbs("url-open")), (0, 1));
    let itself = THREAT.replace("stride:", "absorbs: [url-open]\nstride:");
    let (_, said) = over(&[("threats/url-open.yaml", &itself)]);
    assert!(
        said.contains("`url-open` includes itself by way of itself"),
        "{said}"
    );
}

#[test]
fn no_entry_takes_its_own_place() {
    let status = |instead: &str| {
        format!(
            "status: {{ deprecated: {{ since: '2026-01-01', instead: {instead}, reason: So }} }}"
        )
    };
    let first = THREAT.replace("status: stable", &status("url-mine"));
    let second = THREAT.replace("url-open", "url-mine");
    let second = second.replace("status: stable", &status("url-open"));
    let files = [
        ("threats/url-mine.yaml", second.as_str()),
        ("threats/url-open.yaml", first.as_str()),
    ];
    let (_, said) = over(&files);
    assert!(
        said.contains("`url-mine` takes its own place by way of `url-open`"),
        "{said}"
    );
}
