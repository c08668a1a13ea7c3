//! Several outputs of one run: formats by names, and what cannot be written.

use std::process::Command;

use crate::door::{AS_OF, Folder};

const TEMPLATE: &str = "\
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { BodyS3Location: api.json, Body: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: api.json } } } } }
";

fn project() -> Folder {
    Folder::of(&[
        ("app/template.yaml", TEMPLATE),
        ("app/other.json", "{\"name\": \"no template\"}"),
        ("parameters.json", "[]"),
    ])
}

/// What lies in a folder and below, with how long each file is.
fn listing(folder: &Folder) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.path().to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let size = entry.metadata().map_or(0, |meta| meta.len());
                found.push((entry.path().to_string_lossy().into_owned(), size));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn each_file_gets_the_format_its_name_ends_in() {
    let folder = project();
    let begins = [
        ("model.html", "<!DOCTYPE html>"),
        ("threats.xlsx", "PK"),
        ("threats.CSV", "Risk,Band,"),
        ("summary.md", "<!-- underbelly"),
        ("page.html", "<!DOCTYPE html>"),
        ("diagram.svg", "<svg"),
        ("diagram.mmd", "flowchart"),
        ("diagram.dot", "digraph"),
        ("screen.txt", "app\n"),
        ("model.json", "{\n"),
    ];
    let mut arguments = vec!["model", "app", "--as-of", AS_OF];
    for (name, _) in begins {
        arguments.extend(["-o", name]);
    }
    let ran = folder.run(&arguments).ended(0);
    assert!(ran.out.is_empty() && ran.err.is_empty(), "{ran:?}");
    for (name, begins) in begins {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()), "{name}");
    }
    // Three that were there, and nothing but what was asked for.
    assert_eq!(listing(&folder).len(), 3 + begins.len());
}

#[test]
fn a_file_and_standard_output_get_the_same() {
    let folder = project();
    for format in ["csv", "markdown", "json", "mermaid", "dot", "svg"] {
        let printed = folder
            .run(&["model", "app", "--as-of", AS_OF, "--format", format])
            .ended(0);
        let arguments = ["model", "app", "--as-of", AS_OF, "--format", format, "-o"];
        folder.run(&[&arguments[..], &["out"]].concat()).ended(0);
        let written = std::fs::read_to_string(folder.path().join("out")).unwrap();
        assert_eq!(written, printed.out, "{format}");
    }
}

#[test]
fn a_spreadsheet_may_go_into_a_pipe() {
    let folder = project();
    let status = Command::new("sh")
        .args(["-c", "\"$0\" model app --format xlsx | cat > piped.xlsx"])
        .arg(env!("CARGO_BIN_EXE_underbelly"))
        .current_dir(folder.path())
        .status();
    assert!(status.unwrap().success());
    let bytes = std::fs::read(folder.path().join("piped.xlsx")).unwrap();
    assert!(bytes.starts_with(b"PK"));
}

#[test]
fn what_cannot_be_written_is_told_and_nothing_is() {
    let folder = project();
    folder.write("app/api.json", "{}");
    folder.write("old.csv", "old");
    let long = format!("{}.csv", "x".repeat(300));
    #[cfg(unix)]
    std::os::unix::fs::symlink("/nowhere", folder.path().join("link.csv")).unwrap();
    let before = listing(&folder);
    for (arguments, said) in [
        (&["-o", "x.poem"][..], "does not tell which format"),
        (&["-o", "poem"], "does not tell which format"),
        (&["-o", "."], "is a folder"),
        (&["-o", "app", "--format", "csv"], "is a folder"),
        (&["-o", "x.csv", "--format", "json"], "asks for csv"),
        (
            &["-o", "x.csv", "-o", "y.csv", "--format", "csv"],
            "one output",
        ),
        (&["-o", "x.csv", "-o", "x.csv"], "for two outputs"),
        (&["-o", "x.csv", "-o", "./x.csv"], "for two outputs"),
        (&["-o", "old.csv", "-o", "app/../old.csv"], "are one file"),
        (
            &["-o", "y.md", "-o", "no/folder/x.csv"],
            "no folder `no/folder`",
        ),
        (&["-o", "y.md", "-o", &long], "cannot be written"),
        (
            &["-o", "app/template.yaml", "--format", "csv"],
            "would be written over",
        ),
        (&["-o", "app/other.json"], "would be written over"),
        (&["-o", "app/../app/other.json"], "would be written over"),
        (
            &["-o", "y.md", "-o", "app/api.json"],
            "would be written over",
        ),
        (
            &[
                "-o",
                "parameters.json",
                "--parameter-file",
                "parameters.json",
            ],
            "would be written over",
        ),
        #[cfg(unix)]
        (&["-o", "y.md", "-o", "link.csv"], "is a symbolic link"),
        #[cfg(target_os = "linux")]
        (
            &["-o", "y.md", "-o", "/sys/x.csv"],
            "`/sys/x.csv` could not be written",
        ),
    ] {
        let ran = folder.run(&[&["model", "app"][..], arguments].concat());
        let ran = ran.ended(2);
        assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}: {}", ran.out);
        assert_eq!(listing(&folder), before, "{arguments:?}");
    }
}

#[test]
fn a_file_named_as_input_is_not_written_over() {
    let folder = project();
    let before = listing(&folder);
    for (input, output) in [
        ("app/template.yaml", "app/template.yaml"),
        ("./app/template.yaml", "app/../app/template.yaml"),
        ("app/template.yaml", "./app/template.yaml"),
    ] {
        let ran = folder.run(&["model", input, "--format", "csv", "-o", output]);
        assert!(ran.ended(2).err.contains("would be written over"));
        assert_eq!(listing(&folder), before);
    }
}

#[test]
fn outputs_of_an_earlier_run_are_replaced() {
    let folder = project();
    let arguments = ["model", ".", "-o", "model.json", "-o", "threats.csv"];
    folder.write("threats.csv", "x".repeat(1_000_000));
    for _ in 0..2 {
        folder.run(&arguments).ended(0);
    }
    let csv = std::fs::read_to_string(folder.path().join("threats.csv")).unwrap();
    assert!(csv.starts_with("Risk,") && csv.len() < 1_000_000);
}

#[cfg(unix)]
#[test]
fn who_may_read_a_file_stays_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project();
    folder.write("threats.csv", "");
    let path = folder.path().join("threats.csv");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    folder.run(&["model", "app", "-o", "threats.csv"]).ended(0);
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
    let ran = folder.run(&["model", "app", "-o", "threats.csv"]).ended(2);
    assert!(ran.err.contains("may not be written"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn devices_take_what_comes() {
    let folder = project();
    let written = |device: &str| folder.run(&["model", "app", "--format", "csv", "-o", device]);
    written("/dev/null").ended(0);
    assert!(!std::fs::symlink_metadata("/dev/null").unwrap().is_file());
    #[cfg(target_os = "linux")]
    assert!(written("/dev/full").ended(2).err.contains("disk is full"));
}
