//! The file read and written, by data.

use underbelly_source::{Files, Limits};

use crate::{Entry, added, read};

/// What is wrong with a file, each with its line.
fn check_problems(text: &str, expected: &[&str]) {
    let mut files = Files::default();
    let file = files.add("shop/underbelly.yaml", text);
    let (project, problems) = read(&files, file, &Limits::default());
    assert_eq!(&*project.folder, "shop/");
    let said = problems.iter().map(|problem| {
        let line = problem.span.map_or(0, |span| files.position(span).line);
        let help = problem.help.as_deref().unwrap_or("");
        format!("{line}: {}; {help}", problem.message)
    });
    assert_eq!(said.collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn what_nobody_knows_is_reported_with_its_line() {
    check_problems("", &[]);
    check_problems("# nothing yet\n", &[]);
    check_problems(
        "answer:\n  sensitive @ Orders: true\n",
        &["1: the file has no `answer`; did you mean `answers`?"],
    );
    check_problems(
        "accepted:\n  - { threat: a@b, reason: so }\n",
        &["2: an accepted threat lacks `until`; "],
    );
    check_problems(
        "dismissed:\n  - { threat: a@b }\nout-of-scope:\n  - component: A\n    reason: theirs\n    until: soon\n",
        &[
            "2: a dismissed threat lacks `reason`; ",
            "6: `soon` is not a day; write it as `2026-01-31`",
        ],
    );
    check_problems(
        "assets:\n  data: { held-by: [A], confidentiality: hi }\nzones:\n  z: { rating: 101 }\n",
        &[
            "2: `confidentiality` cannot be `hi`; it may be `negligible`, `low`, `medium`, `high`, `critical`",
            "4: `rating` is a number from 0 (anyone) to 100; ",
        ],
    );
    check_problems(
        "accepted: x\n- broken",
        &[
            "1: `accepted` must be a list, not a text; ",
            "2: the YAML cannot be read on: a key is expected here; give keys of the same mapping the same indentation; a list needs a key of its own",
        ],
    );
}

fn accepted(threat: &str, reason: &str) -> Entry {
    Entry::Accepted {
        threat: threat.into(),
        points: Vec::new(),
        reason: reason.into(),
        until: "2027-01-31".into(),
        by: None,
    }
}

fn answer(key: &str, value: &str) -> Entry {
    Entry::Answer {
        key: key.into(),
        values: vec![value.into()],
        is_list: false,
    }
}

fn list(key: &str, values: &[&str]) -> Entry {
    Entry::Answer {
        key: key.into(),
        values: values.iter().map(|value| (*value).into()).collect(),
        is_list: true,
    }
}

fn check_added(text: &str, entry: &Entry, expected: Result<&str, &str>) {
    let added = added(text, entry);
    let found = added.as_ref().map(|(text, _)| text.as_str());
    assert_eq!(found.map_err(String::as_str), expected, "{text}");
}

#[test]
fn an_entry_goes_where_it_belongs_and_the_rest_stays() {
    check_added(
        "",
        &accepted("a@b", "so"),
        Ok("accepted:\n  - threat: a@b\n    reason: so\n    until: 2027-01-31\n"),
    );
    check_added(
        "# ours\nanswers:\n    x @ A: true # known\n\n# last\n",
        &answer("y @ A # GET /", "none"),
        Ok("# ours\nanswers:\n    x @ A: true # known\n    \"y @ A # GET /\": none\n\n# last\n"),
    );
    check_added(
        "accepted:\n- threat: x@y\n  reason: >\n    long\n    text\n  until: 2026-01-01\n  # of x\n# of zones\nzones: {}\n",
        &accepted("a@b", "said: so"),
        Ok(
            "accepted:\n- threat: x@y\n  reason: >\n    long\n    text\n  until: 2026-01-01\n- threat: a@b\n  reason: \"said: so\"\n  until: 2027-01-31\n  # of x\n# of zones\nzones: {}\n",
        ),
    );
    check_added(
        "accepted:   # none yet\nzones: {}",
        &accepted("a@b", "so"),
        Ok(
            "accepted:   # none yet\n  - threat: a@b\n    reason: so\n    until: 2027-01-31\nzones: {}",
        ),
    );
    check_added(
        "accepted: []\r\n",
        &accepted("a@b", "so"),
        Ok("accepted:\r\n  - threat: a@b\r\n    reason: so\r\n    until: 2027-01-31\r\n"),
    );
}

#[test]
fn what_is_decided_anew_is_replaced_where_it_stands() {
    check_added(
        "accepted:\n  - threat: a@b # ours\n    until: 2026-01-01 # was short\n  - threat: c@d\n    reason: x\n    until: 2026-01-01\n",
        &accepted("a@b", "so"),
        Ok(
            "accepted:\n  - threat: a@b # ours\n    until: 2027-01-31 # was short\n    reason: so\n  - threat: c@d\n    reason: x\n    until: 2026-01-01\n",
        ),
    );
    check_added(
        "accepted:\n  - { threat: a@b, reason: x, until: 2026-01-01 }\n",
        &accepted("a@b", "so"),
        Ok("accepted:\n  - { threat: a@b, reason: so, until: 2027-01-31 }\n"),
    );
    check_added(
        "answers: # all\n  x @ A: true # sure\n  z @ A: { answer: 1, by: Ana }\n",
        &answer("x @ A", "false"),
        Ok("answers: # all\n  x @ A: false # sure\n  z @ A: { answer: 1, by: Ana }\n"),
    );
    check_added(
        "answers:\n  z @ A: { answer: 1, by: Ana }\n",
        &answer("z @ A", "2"),
        Ok("answers:\n  z @ A: { answer: 2, by: Ana }\n"),
    );
}

#[test]
fn an_unrelated_mistake_does_not_stop_an_entry() {
    check_added(
        "acepted: [] # ours\nanswers:\n  sensitive: true\n",
        &answer("x @ A", "true"),
        Ok("acepted: [] # ours\nanswers:\n  sensitive: true\n  x @ A: true\n"),
    );
}

#[test]
fn an_answer_may_be_a_list() {
    check_added(
        "",
        &list("x @ A", &["a", "b, c"]),
        Ok("answers:\n  x @ A: [a, \"b, c\"]\n"),
    );
    check_added(
        "answers:\n  x @ A: [a] # so far\n",
        &list("x @ A", &[]),
        Ok("answers:\n  x @ A: [] # so far\n"),
    );
    check_added(
        "answers:\n  x @ A:\n    - a\n",
        &list("x @ A", &["b"]),
        Err("the answer to `x @ A` is written over several lines; change it there"),
    );
}

#[test]
fn what_cannot_be_changed_safely_is_left_alone() {
    let one = accepted("a@b", "so");
    check_added(
        "{ accepted: [] }",
        &one,
        Err("it is written in brackets; write the entry there yourself"),
    );
    check_added(
        "accepted: [{ threat: x@y, reason: x, until: 2026-01-01 }]\n",
        &one,
        Err("`accepted` is written in brackets; write it as lines"),
    );
    check_added(
        "accepted: [\n",
        &one,
        Err(
            "it cannot be read: line 1: the YAML cannot be read on: `[` is opened and never closed; mend that first",
        ),
    );
    check_added(
        "accepted: x\n",
        &one,
        Err("`accepted` is no list; mend that first"),
    );
    check_added(
        "answers: [x @ A]\n",
        &answer("x @ A", "true"),
        Err("`answers` is no mapping of questions; mend that first"),
    );
    check_added("a: 1\n---\nb: 2\n", &one, Err("it holds several documents"));
}

#[test]
fn what_is_written_is_read_again_as_it_was_meant() {
    for reason in [
        "a \"b\" \\ c",
        "yes",
        "# x",
        "- x",
        "a: b",
        "ü\u{202e}x",
        "tab\there",
        "line\nbreak",
    ] {
        let (text, line) = added("# ours\n", &accepted("a@b # GET /", reason)).unwrap();
        assert_eq!(line, 4);
        let mut files = Files::default();
        let file = files.add("underbelly.yaml", text.as_str());
        let (project, problems) = read(&files, file, &Limits::default());
        assert!(problems.is_empty(), "{problems:?}");
        let decision = project.decisions.first().unwrap();
        assert_eq!(&*decision.of.name, "a@b # GET /");
        assert_eq!(&*decision.reason, reason, "{text}");
    }
}
