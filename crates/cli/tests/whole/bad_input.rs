//! Input that is broken, huge or going round in circles: a diagnostic where it
//! is wrong, the rest modelled, an exit code, no panic, bounded memory.

use crate::door::{AS_OF, Folder, Ran};
use crate::facts::{diagnostic, items, s};

const GOOD: &str = "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n";

/// Beside `good.yaml` a file that is wrong: the good one is modelled all the
/// same, and a diagnostic with this code points into the other.
#[track_caller]
fn beside_good(name: &str, bytes: impl AsRef<[u8]>, code: &str) {
    let folder = Folder::of(&[("good.yaml", GOOD)]);
    folder.write(name, bytes);
    let model = folder.model();
    let components = items(&model, "components").iter();
    assert_eq!(
        components.filter(|c| s(c, "name") == "Orders").count(),
        1,
        "{name}"
    );
    let said: Vec<String> = items(&model, "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    let found = said.iter().any(|line| {
        line.split(' ').nth(1) == Some(code) && line.contains(name.rsplit('/').next().unwrap())
    });
    assert!(found, "no `{code}` for {name} in:\n{}", said.join("\n"));
    let screen = folder
        .run(&["model", ".", "--diagnostics", "--as-of", AS_OF])
        .ended(0);
    assert!(
        screen.err.contains(name.rsplit('/').next().unwrap()),
        "{}",
        screen.err
    );
}

/// Alone it gives nothing, and that is said.
#[track_caller]
fn alone(name: &str, bytes: impl AsRef<[u8]>) -> Ran {
    let folder = Folder::of(&[]);
    folder.write(name, bytes);
    let ran = folder.run(&["model", name]).ended(3);
    assert!(ran.err.contains(name), "{}", ran.err);
    ran
}

#[test]
fn broken_files_leave_the_others_alone() {
    for (name, text, code) in [
        (
            "broken.yaml",
            "Resources:\n  A: [1, 2\n  B: }\n",
            "yaml-syntax",
        ),
        ("tabs.yaml", "Resources:\n\tA: 1\n  - x\n", "yaml-syntax"),
        (
            "broken.json",
            "{\"Resources\": {\"A\": {\"Type\": ",
            "json-syntax",
        ),
        ("alias.yaml", "Resources: *nowhere\n", "unknown-anchor"),
    ] {
        beside_good(name, text, code);
        alone(name, text);
    }
}

#[test]
fn a_good_half_is_modelled_and_the_broken_half_told() {
    let text = "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n  Broken: [1, 2\n  }\n";
    let folder = Folder::of(&[("template.yaml", text)]);
    let model = folder.model();
    assert!(
        items(&model, "components")
            .iter()
            .any(|c| s(c, "name") == "Orders")
    );
    assert!(
        items(&model, "diagnostics")
            .iter()
            .any(|d| s(d, "severity") == "error")
    );
}

#[test]
fn what_is_no_text_is_left_out_aloud() {
    beside_good(
        "binary.yaml",
        [0_u8, 159, 146, 150, 0, 1, 2, 255],
        "file-not-read",
    );
    beside_good("zeros.yaml", b"Resources:\n  A: \0\n", "file-not-read");
    beside_good("latin.yaml", b"Resources:\n  caf\xe9: 1\n", "file-not-read");
    alone("binary.json", [0_u8; 4096]);
}

#[test]
fn utf_16_is_told_and_a_byte_order_mark_is_not() {
    let utf_16: Vec<u8> = "Resources:"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    beside_good(
        "wide.yaml",
        [&[0xff, 0xfe][..], &utf_16].concat(),
        "file-not-read",
    );
    let folder = Folder::of(&[(
        "template.yaml",
        &format!("\u{feff}{}", GOOD.replace('\n', "\r\n")),
    )]);
    assert!(
        items(&folder.model(), "components")
            .iter()
            .any(|c| s(c, "name") == "Orders")
    );
}

#[test]
fn empty_and_null_templates_are_told() {
    for (name, text) in [
        ("empty.yaml", ""),
        ("null.yaml", "Resources:\n"),
        ("blank.yaml", "\n# nothing\n"),
        ("scalar.yaml", "hello\n"),
    ] {
        let folder = Folder::of(&[(name, text)]);
        let ran = folder.run(&["model", name]);
        assert!(ran.code == 0 || ran.code == 3, "{ran:?}");
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        assert!((ran.out + &ran.err).contains(name));
    }
}

#[test]
fn a_model_written_into_the_folder_is_no_source_and_is_written_anew() {
    let folder = Folder::of(&[("good.yaml", GOOD)]);
    let first = folder.run(&["model", ".", "-o", "model.json"]).ended(0);
    assert!(!first.out.contains("other file"), "{}", first.out);
    let again = folder.run(&["model", "."]).ended(0);
    assert!(!again.out.contains("other file"), "{}", again.out);
    let said: Vec<String> = items(&folder.model(), "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    let told = said.iter().filter(|line| line.contains("own-output"));
    assert_eq!(told.count(), 1, "{said:?}");
    folder.run(&["model", ".", "-o", "model.json"]).ended(0);
    folder.run(&["model", "model.json"]).ended(3);
}

#[test]
fn a_file_over_the_limit_is_left_out_aloud() {
    let folder = Folder::of(&[("good.yaml", GOOD)]);
    let large = std::fs::File::create(folder.path().join("large.yaml")).unwrap();
    // A hole: it takes no room on the disk.
    large.set_len(200 << 20).unwrap();
    let said: Vec<String> = items(&folder.model(), "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    assert!(
        said.iter()
            .any(|line| line.contains("large.yaml") && line.contains("200 MiB")),
        "{said:?}"
    );
    folder.run(&["model", "large.yaml"]).ended(3);
}

#[test]
fn deep_nesting_is_cut_off_aloud() {
    let brackets = 100_000;
    let json = format!("{}{}", "[".repeat(brackets), "]".repeat(brackets));
    let maps = 5_000;
    let flow = format!("Resources: {}1{}\n", "{a: ".repeat(maps), "}".repeat(maps));
    let block: String = (0..maps)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    for (name, text) in [
        ("brackets.json", json.clone()),
        ("brackets.yaml", json.clone()),
        ("open.json", "[".repeat(brackets)),
        ("open.yaml", "[".repeat(brackets)),
        ("maps.yaml", flow),
        ("block.yaml", block),
        (
            "maps.json",
            format!("{}1{}", "{\"a\":".repeat(brackets), "}".repeat(brackets)),
        ),
        (
            "tags.yaml",
            format!("Resources: {}x\n", "!Sub [".repeat(maps)),
        ),
        ("dashes.yaml", "- ".repeat(brackets)),
    ] {
        beside_good(name, text, "nested-too-deep");
    }
    let inside = format!(
        "Resources:\n  Orders: {{ Type: 'AWS::DynamoDB::Table' }}\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {{ Handler: {}x{} }}\n",
        "{'Fn::If': [C, ".repeat(150),
        ", 1]}".repeat(150)
    );
    let folder = Folder::of(&[("template.yaml", &inside)]);
    assert!(
        items(&folder.model(), "components")
            .iter()
            .any(|c| s(c, "name") == "Orders")
    );
}

#[test]
fn alias_bombs_do_not_go_off() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let references = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb += &format!("a{level}: &a{level} [{references}]\n");
    }
    bomb += "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table', Properties: { Tags: *a29 } }\n";
    let folder = Folder::of(&[("bomb.yaml", &bomb), ("good.yaml", GOOD)]);
    let model = folder.model();
    assert!(
        items(&model, "diagnostics")
            .iter()
            .any(|d| diagnostic(d).contains("bomb.yaml"))
    );
    let mut merges = String::from("a0: &a0 { k0: 1 }\n");
    for level in 1..30 {
        let below = level - 1;
        merges +=
            &format!("a{level}: &a{level} {{ <<: [*a{below}, *a{below}], k{level}: *a{below} }}\n");
    }
    merges += "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table', Properties: *a29 }\n";
    let folder = Folder::of(&[("merges.yaml", &merges)]);
    folder.run(&["model", "."]).ended(0);
}

#[test]
fn what_grows_by_substitution_is_bounded() {
    // Each condition names the one before twice; each loop multiplies.
    let mut text = String::from(
        "Transform: AWS::LanguageExtensions\nConditions:\n  C0: !Equals [a, !Ref 'AWS::Region']\n",
    );
    for level in 1..60 {
        let below = level - 1;
        text += &format!("  C{level}: !And [!Condition C{below}, !Condition C{below}]\n");
    }
    text += "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table', Condition: C59 }\n";
    for (outer, inner) in [("A", "B"), ("C", "D")] {
        let names: Vec<String> = (0..300).map(|n| format!("{outer}{n}")).collect();
        text += &format!(
            "  Fn::ForEach::{outer}:\n    - X\n    - [{0}]\n    - Fn::ForEach::{inner}:\n        - Y\n        - [{0}]\n        - ${{X}}${{Y}}: {{ Type: 'AWS::SQS::Queue' }}\n",
            names.join(", ")
        );
    }
    let folder = Folder::of(&[("template.yaml", &text)]);
    let ran = folder
        .run(&[
            "model",
            ".",
            "--diagnostics",
            "--format",
            "json",
            "-o",
            "out.json",
        ])
        .ended(0);
    assert!(ran.err.contains("limit"), "{}", ran.err);
}

#[test]
fn circles_are_told() {
    for (files, code) in [
        (
            &[(
                "template.yaml",
                "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\nResources:\n  Orders: { Type: 'AWS::DynamoDB::Table', Condition: A }\n",
            )][..],
            "circular-condition",
        ),
        (
            &[(
                "template.yaml",
                "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n  Me: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: template.yaml } }\n",
            )],
            "circular-stack",
        ),
        (
            &[
                (
                    "template.yaml",
                    "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n  A: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: a.yaml } }\n",
                ),
                (
                    "a.yaml",
                    "Resources:\n  B: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: b.yaml } }\n",
                ),
                (
                    "b.yaml",
                    "Resources:\n  A: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: a.yaml } }\n",
                ),
            ],
            "circular-stack",
        ),
        (
            &[
                (
                    "template.yaml",
                    "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      Fn::Transform: { Name: AWS::Include, Parameters: { Location: a.yaml } }\n",
                ),
                (
                    "a.yaml",
                    "X:\n  Fn::Transform: { Name: AWS::Include, Parameters: { Location: a.yaml } }\n",
                ),
            ],
            "circular-include",
        ),
    ] {
        let folder = Folder::of(files);
        let model = folder.model();
        let said: Vec<String> = items(&model, "diagnostics")
            .iter()
            .map(diagnostic)
            .collect();
        assert!(
            said.iter().any(|line| line.contains(&format!(" {code} "))),
            "{code}: {said:#?}"
        );
        assert!(
            items(&model, "components")
                .iter()
                .any(|c| s(c, "name") == "Orders")
        );
    }
}

#[test]
fn resources_that_refer_in_a_circle_are_modelled() {
    let text = "Resources:\n  A: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: !GetAtt B.Arn, maxReceiveCount: 3 } } }\n  B: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: !GetAtt A.Arn, maxReceiveCount: 3 } } }\n  R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { AWS: !GetAtt R.Arn }, Action: 'sts:AssumeRole' }] } } }\n";
    let model = Folder::of(&[("template.yaml", text)]).model();
    for name in ["A", "B", "R"] {
        assert!(
            items(&model, "components")
                .iter()
                .any(|c| s(c, "name") == name),
            "{name}"
        );
    }
}

#[test]
fn types_nobody_knows_become_components_and_are_told() {
    let text = "Resources:\n  Odd: { Type: 'AWS::Made::Up', Properties: { A: 1 } }\n  NoType: { Properties: {} }\n  Number: { Type: 5 }\n  Text: hello\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n";
    let model = Folder::of(&[("template.yaml", text)]).model();
    let said: Vec<String> = items(&model, "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    let said = said.join("\n");
    for name in ["Odd", "NoType", "Number", "Text", "Orders"] {
        assert!(
            items(&model, "components")
                .iter()
                .any(|c| s(c, "name") == name),
            "{name}"
        );
    }
    for line in [":2:", ":3:", ":4:", ":5:"] {
        assert!(
            said.contains(&format!("template.yaml{line}")),
            "{line} in\n{said}"
        );
    }
}

#[test]
fn other_formats_are_named() {
    let folder = Folder::of(&[
        ("good.yaml", GOOD),
        ("main.tf", "resource \"aws_sqs_queue\" \"q\" {}\n"),
        ("main.bicep", "param a string\n"),
        (
            "serverless.yml",
            "service: shop\nprovider: { name: aws }\nfunctions: { a: { handler: x.y } }\n",
        ),
        ("cdk.json", "{\"app\": \"node app.js\"}\n"),
        (
            "arm.json",
            "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \"resources\": []}",
        ),
    ]);
    let model = folder.model();
    let said: Vec<String> = items(&model, "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    for name in [
        "main.tf",
        "main.bicep",
        "serverless.yml",
        "cdk.json",
        "arm.json",
    ] {
        assert!(
            said.iter().any(|line| line.contains(name)),
            "{name} in {said:#?}"
        );
    }
}

#[test]
fn every_diagnostic_says_where() {
    let model = crate::door::model(&["tests/projects/mistakes"]);
    for one in items(&model, "diagnostics") {
        let placed = !one["place"].is_null() || !one["path"].is_null();
        assert!(placed, "{}", diagnostic(one));
        assert!(!s(one, "message").ends_with('.'), "{}", diagnostic(one));
    }
}
