//! A template may come from a stranger: nothing outside the folders given is
//! read, whatever it refers to, and links do not lead out or round in circles.

use crate::door::{AS_OF, Folder};
use crate::facts::{diagnostic, items, s};

const SECRET: &str = "only-for-me-0815";

/// The text of everything the program says of `template.yaml` in a folder that
/// has a secret beside it.
#[track_caller]
fn said_of(reference: &str, prepare: impl Fn(&Folder)) -> String {
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders: {{ Type: 'AWS::DynamoDB::Table' }}\n{reference}"
    );
    let folder = Folder::of(&[
        ("app/template.yaml", &template),
        (
            "secret.yaml",
            &format!(
                "Resources:\n  {SECRET}: {{ Type: 'AWS::SQS::Queue' }}\nQueueName: {SECRET}\n"
            ),
        ),
        (
            "secret.json",
            &format!(
                "{{\"StartAt\": \"{SECRET}\", \"States\": {{\"{SECRET}\": {{\"Type\": \"Succeed\"}}}}}}"
            ),
        ),
    ]);
    prepare(&folder);
    let arguments = ["model", "app", "--format", "json", "--as-of", AS_OF];
    let ran = folder.run(&arguments).ended(0);
    let model = ran.json();
    assert!(
        items(&model, "components")
            .iter()
            .any(|c| s(c, "name") == "Orders"),
        "{}",
        ran.out
    );
    let screen = folder
        .run(&["model", "app", "--all", "--diagnostics"])
        .ended(0);
    assert!(
        !ran.out.contains(SECRET) && !(screen.out + &screen.err).contains(SECRET),
        "{}",
        ran.out
    );
    let said: Vec<String> = items(&model, "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    said.join("\n")
}

/// Every way to refer to a file.
fn references(path: &str) -> Vec<String> {
    vec![
        format!(
            "  N: {{ Type: 'AWS::CloudFormation::Stack', Properties: {{ TemplateURL: '{path}' }} }}\n"
        ),
        format!(
            "  N: {{ Type: 'AWS::Serverless::Application', Properties: {{ Location: '{path}' }} }}\n"
        ),
        format!(
            "  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      Fn::Transform: {{ Name: 'AWS::Include', Parameters: {{ Location: '{path}' }} }}\n"
        ),
        format!(
            "  A: {{ Type: 'AWS::Serverless::Api', Properties: {{ StageName: x, DefinitionUri: '{path}' }} }}\n"
        ),
        format!(
            "  S: {{ Type: 'AWS::Serverless::StateMachine', Properties: {{ DefinitionUri: '{path}' }} }}\n"
        ),
    ]
}

#[test]
fn paths_that_lead_out_are_not_followed() {
    for path in [
        "../secret.yaml",
        "../secret.json",
        "x/../../secret.yaml",
        "./../secret.json",
    ] {
        for reference in references(path) {
            let said = said_of(&reference, |_| ());
            assert!(said.contains("secret"), "{reference}: {said}");
        }
    }
}

#[test]
fn absolute_paths_are_not_followed() {
    let folder = Folder::of(&[(
        "secret.yaml",
        &format!("QueueName: {SECRET}\nResources: {{}}\n"),
    )]);
    let path = folder.path().join("secret.yaml");
    for path in [path.to_str().unwrap(), "/etc/passwd", "file:///etc/passwd"] {
        for reference in references(path) {
            said_of(&reference, |_| ());
        }
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_are_not_followed() {
    for target in ["../secret.yaml", "../secret.json"] {
        for reference in references("link.yaml") {
            let said = said_of(&reference, |folder| {
                std::os::unix::fs::symlink(target, folder.path().join("app/link.yaml")).unwrap();
            });
            assert!(said.contains("link.yaml"), "{reference}: {said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    let folder = Folder::of(&[(
        "a/template.yaml",
        "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n",
    )]);
    let link =
        |from: &str, to: &str| std::os::unix::fs::symlink(to, folder.path().join(from)).unwrap();
    link("a/again", "../a");
    link("a/me", "me");
    link("b", "a");
    link("a/one.yaml", "two.yaml");
    link("a/two.yaml", "one.yaml");
    let model = folder.model();
    let named = items(&model, "components")
        .iter()
        .filter(|c| s(c, "name") == "Orders");
    assert_eq!(named.count(), 1);
    let said: Vec<String> = items(&model, "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    assert!(
        said.iter().any(|line| line.contains("one.yaml")),
        "a link that leads nowhere is told: {said:?}"
    );
    assert!(
        said.iter().any(|line| line.contains("a/again")),
        "a link to a folder is told: {said:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_linked_template_inside_is_told() {
    let folder = Folder::of(&[(
        "real/template.yaml",
        "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n",
    )]);
    std::os::unix::fs::symlink("real/template.yaml", folder.path().join("linked.yaml")).unwrap();
    let model = folder.model();
    let n_orders = items(&model, "components")
        .iter()
        .filter(|c| s(c, "name") == "Orders")
        .count();
    let told = items(&model, "diagnostics")
        .iter()
        .any(|d| diagnostic(d).contains("linked.yaml"));
    assert!(n_orders == 2 || told, "neither read nor told");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let good = "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n";
    let folder = Folder::of(&[
        ("good.yaml", good),
        ("closed.yaml", good),
        ("shut/template.yaml", good),
    ]);
    let forbid = |path: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path().join(path), permissions).unwrap();
    };
    forbid("closed.yaml", 0o000);
    forbid("shut", 0o000);
    let may_all_the_same = std::fs::read(folder.path().join("closed.yaml")).is_ok();
    let model = folder.model();
    forbid("shut", 0o755);
    if may_all_the_same {
        println!("skipped: this user may read everything");
        return;
    }
    let said: Vec<String> = items(&model, "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    for name in ["closed.yaml", "shut"] {
        assert!(
            said.iter().any(|line| line.contains(name)),
            "{name}: {said:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_left_out_aloud() {
    let folder = Folder::of(&[(
        "good.yaml",
        "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n",
    )]);
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path().join("pipe.yaml"))
        .status();
    std::fs::create_dir(folder.path().join("folder.yaml")).unwrap();
    if made.is_ok_and(|status| status.success()) {
        assert!(
            items(&folder.model(), "components")
                .iter()
                .any(|c| s(c, "name") == "Orders")
        );
        folder.run(&["model", "pipe.yaml"]).ended(3);
    }
}

#[test]
fn built_copies_are_left_out_and_that_is_stated() {
    let good = "Resources:\n  Orders: { Type: 'AWS::DynamoDB::Table' }\n";
    let folder = Folder::of(&[
        ("template.yaml", good),
        (".aws-sam/build/template.yaml", good),
        ("node_modules/x/template.yaml", good),
    ]);
    let model = folder.model();
    assert_eq!(items(&model, "systems").len(), 1);
    let said: Vec<String> = items(&model, "diagnostics")
        .iter()
        .map(diagnostic)
        .collect();
    for name in [".aws-sam", "node_modules"] {
        assert!(
            said.iter().any(|line| line.contains(name)),
            "{name}: {said:?}"
        );
    }
}

#[test]
fn templates_that_are_ignored_are_told_and_read_when_named() {
    let template = "Resources:\n  Q: { Type: AWS::SQS::Queue }\n";
    let folder = Folder::of(&[
        ("template.yaml", template),
        (".gitignore", "dist/*\npackaged.yaml\n/deep/\n"),
        ("packaged.yaml", template),
        ("dist/out.yaml", template),
        ("deep/down/other.yaml", template),
        ("deep/down/notes.yaml", "a: 1\n"),
        ("dist/node_modules/x/template.yaml", template),
    ]);
    let read = |arguments: &[&str]| {
        let arguments = [&["model", "--format", "json"], arguments].concat();
        let model = folder.run(&arguments).ended(0).json();
        let told = items(&model, "diagnostics").iter();
        let told = told.filter(|d| s(d, "code") == "template-ignored");
        let told: Vec<String> = told.map(|d| s(d, "path").to_owned()).collect();
        (items(&model, "systems").len(), told.join(" "))
    };
    let all = "deep/down/other.yaml dist/out.yaml packaged.yaml";
    assert_eq!(read(&["."]), (1, all.to_owned()));
    assert_eq!(read(&["dist"]), (1, String::new()));
    assert_eq!(read(&["deep/down"]), (1, String::new()));
    let rest = "deep/down/other.yaml dist/out.yaml";
    assert_eq!(read(&[".", "packaged.yaml"]), (2, rest.to_owned()));
}
