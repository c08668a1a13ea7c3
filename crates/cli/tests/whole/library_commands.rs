//! `underbelly library`: list, show, new, test, facts.

use crate::door::{Folder, run};
use crate::facts::{items, s};

#[test]
fn the_library_can_be_looked_at() {
    for (arguments, holds) in [
        (&["library", "list"][..], "function-url-open"),
        (&["library", "list", "function-url"], "function-url-open"),
        (
            &["library", "show", "function-url-open"],
            "function-url-open",
        ),
        (&["library", "show", "function-url-iam"], "function-url-iam"),
        (&["library", "facts"], "function-url"),
        (&["library", "facts", "function-url"], "open_to"),
    ] {
        let ran = run(arguments).ended(0);
        assert!(ran.out.contains(holds), "{arguments:?}: {}", ran.out);
    }
}

#[test]
fn the_examples_of_the_built_in_library_pass() {
    let ran = run(&["library", "test"]).ended(0);
    assert!(ran.out.trim_end().contains(" 0 failed"), "{}", ran.out);
    run(&["library", "test", "function-url-open"]).ended(0);
}

#[test]
fn a_new_entry_is_one_file_to_fill_in() {
    let folder = Folder::of(&[("mine/.keep", "")]);
    for (what, id) in [
        ("threat", "queue-too-loud"),
        ("countermeasure", "queue-hushed"),
    ] {
        folder
            .run(&["library", "new", what, id, "--library", "mine"])
            .ended(0);
        let path = folder.path().join(format!("mine/{what}s/{id}.yaml"));
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for key in [
            format!("id: {id}"),
            "examples:".to_owned(),
            "applies-to:".to_owned(),
        ] {
            assert!(text.contains(&key), "{text}");
        }
        folder
            .run(&["library", "new", what, id, "--library", "mine"])
            .ended(2);
    }
    for wrong in ["Queue", "../up", "a b", ""] {
        folder
            .run(&["library", "new", "threat", wrong, "--library", "mine"])
            .ended(2);
    }
}

const MINE: &str = "\
id: url-without-name
name: Function URL of mine
status: draft
applies-to: function-url
when: \"true\"
exposed: auth == \"none\"
threat: { source: anyone, action: calls {component}, impact: costs money, harms: [availability] }
why: Because.
rate: { likelihood: low, impact: { availability: low } }
stride: [denial-of-service]
standards: { cwe: [CWE-306] }
references: [https://example.com/]
examples:
  - case: open
    expect: EXPECTED
    sam: |
      Resources:
        Resize:
          Type: AWS::Serverless::Function
          Properties: { Handler: a.b, FunctionUrlConfig: { AuthType: NONE } }
  - case: closed
    expect: mitigated
    sam: |
      Resources:
        Resize:
          Type: AWS::Serverless::Function
          Properties: { Handler: a.b, FunctionUrlConfig: { AuthType: AWS_IAM } }
";

#[test]
fn a_folder_of_ones_own_stands_beside_the_built_in_library() {
    let mine = MINE
        .replace("EXPECTED", "exposed")
        .replace("calls {component}", "\"calls {component}\"");
    let folder = Folder::of(&[("mine/threats/access/url-without-name.yaml", &mine)]);
    let ran = folder
        .run(&["library", "test", "url-without-name", "--library", "mine"])
        .ended(0);
    assert!(ran.out.contains("2 passed, 0 failed"), "{}", ran.out);
    let list = folder
        .run(&["library", "list", "function-url", "--library", "mine"])
        .ended(0);
    assert!(list.out.contains("url-without-name") && list.out.contains("function-url-open"));
}

#[test]
fn entries_that_are_switched_off_are_told() {
    let template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties: { Handler: a.b, Runtime: nodejs22.x, InlineCode: x, FunctionUrlConfig: { AuthType: NONE } }\n";
    let folder = Folder::of(&[
        ("app/template.yaml", template),
        (
            "mine/disable.yaml",
            "function-url-open: our webhooks verify signatures\n",
        ),
    ]);
    let told = "switched off: our webhooks verify signatures";
    for arguments in [
        &["library", "list", "function-url", "--library", "mine"][..],
        &["library", "show", "function-url-open", "--library", "mine"],
    ] {
        let ran = folder.run(arguments).ended(0);
        let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(told), "{arguments:?}\n{}", ran.out);
    }
    let screen = folder.run(&["model", "app", "--library", "mine"]).ended(0);
    assert!(
        screen
            .out
            .contains("1 entry of the library is switched off: function-url-open")
    );
    let arguments = ["model", "app", "--library", "mine", "--format", "json"];
    let model = folder.run(&arguments).ended(0).json();
    let diagnostics = items(&model, "diagnostics");
    let off = diagnostics
        .iter()
        .find(|d| s(d, "code") == "entry-disabled");
    let off = off.expect("it is told");
    assert_eq!(s(off, "note"), "our webhooks verify signatures");
    assert!(
        !items(&model, "threats")
            .iter()
            .any(|threat| s(threat, "entry") == "function-url-open")
    );
}

#[test]
fn a_failing_example_is_shown_where_it_stands() {
    let mine = MINE
        .replace("EXPECTED", "mitigated")
        .replace("calls {component}", "\"calls {component}\"");
    let folder = Folder::of(&[("mine/threats/access/url-without-name.yaml", &mine)]);
    let ran = folder
        .run(&["library", "test", "url-without-name", "--library", "mine"])
        .ended(1);
    assert!(ran.out.contains("1 passed, 1 failed"), "{}", ran.out);
    for said in [
        "url-without-name.yaml",
        "open",
        "expected mitigated",
        "got exposed",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
}

#[test]
fn an_entry_that_does_not_check_is_underlined() {
    for (wrong, right, said) in [
        (
            "auth == \"none\"",
            "auth == \"nnoe\"",
            "did you mean `none`",
        ),
        (
            "applies-to: function-url",
            "applies-to: functoin-url",
            "function-url",
        ),
        ("stride:", "strides:", "strides"),
        ("CWE-306", "CWE-0", "CWE-0"),
    ] {
        let mine = MINE
            .replace("EXPECTED", "exposed")
            .replace("calls {component}", "\"calls {component}\"");
        assert!(mine.contains(wrong));
        let folder = Folder::of(&[(
            "mine/threats/access/url-without-name.yaml",
            &mine.replace(wrong, right),
        )]);
        let ran = folder
            .run(&["library", "test", "--library", "mine"])
            .ended(2);
        assert!(
            ran.err.contains(said) && ran.err.contains('^'),
            "{right}: {}",
            ran.err
        );
    }
}

#[test]
fn the_library_is_handed_on_in_every_format() {
    let folder = Folder::of(&[("out/.keep", "")]);
    let mut arguments = vec!["library", "export", "function", "function-url"];
    for file in ["t.xls", "t.xlsx", "t.csv", "t.md", "t.html", "t.json"] {
        arguments.extend(["-o", file]);
    }
    folder.run(&arguments).ended(0);
    let read = |file: &str| std::fs::read(folder.path().join(file)).unwrap();
    // What spreadsheets, old and new, begin with.
    assert!(read("t.xls").starts_with(&[0xD0, 0xCF, 0x11, 0xE0]));
    assert!(read("t.xlsx").starts_with(b"PK"));
    for file in ["t.csv", "t.md", "t.html", "t.json"] {
        let text = String::from_utf8(read(file)).unwrap();
        assert!(text.contains("function-url-open"), "{file}");
        assert!(!text.contains("queue-policy-public"), "{file}");
    }
    let printed = folder
        .run(&[
            "library",
            "export",
            "function",
            "function-url",
            "--format",
            "json",
        ])
        .ended(0);
    assert_eq!(printed.out.as_bytes(), read("t.json"));
    let part = printed.json();
    assert_eq!(s(&part, "version"), "1");
    let threats = items(&part, "threats");
    let open = threats
        .iter()
        .find(|threat| s(threat, "id") == "function-url-open");
    let open = open.expect("it is there");
    let against = items(open, "countermeasures");
    let sufficient = against.iter().filter(|one| one["sufficient"] == true);
    let names: Vec<&str> = sufficient.map(|one| s(one, "id")).collect();
    assert_eq!(names, ["function-url-iam"]);
}

#[test]
fn an_export_that_cannot_be_is_told() {
    for (arguments, said) in [
        (&["functon"][..], "did you mean `function`?"),
        (&["function", "--provider", "oracle"], "all, aws, azure"),
        (
            &["function-url", "--provider", "twilio"],
            "has no threats to function URLs on twilio",
        ),
        (&["-o", "threats.pdf"], "does not tell which format"),
        (&["-o", "threats.xls", "--format", "csv"], "for another"),
        (&["-o", "nowhere/threats.xls"], "there is no folder"),
    ] {
        let folder = Folder::of(&[("x", "")]);
        let all: Vec<&str> = ["library", "export"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let ran = folder.run(&all).ended(2);
        let err = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(err.contains(said), "{arguments:?}: {err}");
        assert!(!folder.path().join("threats.xls").exists());
    }
}

#[test]
fn what_the_library_covers_fits_a_screen() {
    let ran = run(&["library", "coverage"]).ended(0);
    let wide = ran.out.lines().filter(|line| line.chars().count() > 80);
    assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new());
    for said in ["threats to", "function ", "SAS-12", "S10"] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
    let counted = run(&["library", "coverage", "--format", "json"])
        .ended(0)
        .json();
    for standard in items(&counted, "standards") {
        for item in items(standard, "items") {
            let name = s(item, "name");
            assert!(item["threats"].as_u64() > Some(0), "{name} has no threat");
        }
    }
}

/// A library of one's own in which everything is wrong but one entry.
fn wrong_but_one() -> Folder {
    let good = MINE
        .replace("EXPECTED", "exposed")
        .replace("calls {component}", "\"calls {component}\"");
    let named = |id: &str| good.replace("url-without-name", id);
    let large = named("too-large").replace(
        "why: Because.",
        &format!("why: {}", "a b ".repeat(2_600_000)),
    );
    let files = [
        ("wrong-yaml", "id: [".to_owned()),
        (
            "unknown-fact",
            named("unknown-fact").replace("auth ==", "auht =="),
        ),
        ("wrong-type", named("wrong-type").replace("\"none\"", "12")),
        (
            "unknown-measure",
            named("unknown-measure").replace(
                "references:",
                "countermeasures: [function-url-iamm]\nreferences:",
            ),
        ),
        (
            "too-large",
            large.replace("likelihood: low", "likelihood: lo"),
        ),
        ("url-without-name", good.clone()),
        ("again/url-without-name", good.clone()),
        (
            "round-one",
            named("round-one").replace("references:", "absorbs: [round-two]\nreferences:"),
        ),
        (
            "round-two",
            named("round-two").replace("references:", "absorbs: [round-one]\nreferences:"),
        ),
    ];
    let template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties: { Handler: a.b, Runtime: nodejs22.x, InlineCode: x, FunctionUrlConfig: { AuthType: NONE } }\n";
    let folder = Folder::of(&[("app/template.yaml", template)]);
    for (name, text) in files {
        folder.write(&format!("mine/threats/{name}.yaml"), text);
    }
    folder.write("mine/threats/no-text.yaml", [0, 159, 146, 150]);
    folder
}

#[test]
fn what_is_wrong_is_underlined_and_the_rest_of_a_library_stands() {
    let folder = wrong_but_one();
    let arguments = ["model", "app", "--library", "mine", "--format", "json"];
    let ran = folder.run(&arguments).ended(0);
    let model = ran.json();
    let found: Vec<&str> = items(&model, "threats")
        .iter()
        .map(|threat| s(threat, "entry"))
        .collect();
    for entry in [
        "url-without-name",
        "round-one",
        "round-two",
        "function-url-open",
    ] {
        assert!(found.contains(&entry), "{entry}: {found:?}");
    }
    for entry in ["unknown-fact", "wrong-type", "unknown-measure", "too-large"] {
        assert!(!found.contains(&entry), "{entry}");
    }
    let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "the YAML cannot be read on",
        "did you mean `auth`?",
        "there is no countermeasure `function-url-iamm`",
        "did you mean `function-url-iam`?",
        "did you mean `low`?",
        "there are two entries `url-without-name`",
        "`round-one` includes itself by way of `round-two`",
        "a file of the library is not read: it is not text",
        "the rest stands; `--strict` makes it fail",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{}", ran.err);
    }
    assert!(ran.err.matches("^^").count() > 6, "{}", ran.err);
    assert!(
        ran.err.len() < 20_000,
        "a line of ten megabytes is not shown whole"
    );
}

#[test]
fn a_strict_run_fails_where_a_library_is_wrong() {
    let folder = wrong_but_one();
    for arguments in [
        &["model", "app", "--library", "mine", "--strict"][..],
        &["library", "list", "--library", "mine", "--strict"],
        &["library", "test", "--library", "mine"],
    ] {
        let ran = folder.run(arguments).ended(2);
        assert!(
            ran.err.contains("the library in `mine` has errors"),
            "{}",
            ran.err
        );
    }
    let ran = folder
        .run(&["library", "list", "--library", "mine"])
        .ended(0);
    assert!(ran.out.contains("url-without-name"), "{}", ran.out);
}

#[test]
fn two_exports_into_one_file_are_refused() {
    let folder = crate::door::Folder::of(&[]);
    let twice = [
        "library", "export", "function", "-o", "a.csv", "-o", "./a.csv",
    ];
    let ran = folder.run(&twice).ended(2);
    assert!(
        ran.err.contains("named for two outputs") || ran.err.contains("are one file"),
        "{ran:?}"
    );
    assert!(!folder.path().join("a.csv").exists());
}
