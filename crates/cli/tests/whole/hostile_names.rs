//! Names are a stranger's words: whatever they hold, a terminal gets no
//! commands, nobody is misled by direction marks, and the JSON stays JSON.

use crate::door::{AS_OF, Folder, Ran};
use crate::facts::items;

const NAMES: &[&str] = &[
    "it's",
    "say \\\"hi\\\"",
    "<script>alert(1)</script>",
    "a`b",
    "line\\nbreak",
    "carriage\\rreturn",
    "tab\\there",
    "red\\u001b[31mtext\\u001b[0m",
    "title\\u001b]0;owned\\u0007",
    "csi\\u009b31m",
    "back\\b\\b\\bspace",
    "null\\u0000byte",
    "delete\\u007f",
    "\\u202eevil\\u202c",
    "\\u2066isolate\\u2069",
    "\\u200fmark\\u200e",
    "zero\\u200bwidth",
    "join\\u200ded",
    "bom\\ufeff",
    "line\\u2028sep\\u2029",
    "\\ud83d\\ude00",
    "${Sub}",
    "%s%n",
    "a/b/c",
    "../../x",
    "a@b # c",
    "--format",
    "",
    " ",
];

/// A template with a name in every place where one may stand.
fn template(name: &str) -> String {
    format!(
        r#"{{
  "Transform": "AWS::Serverless-2016-10-31",
  "Description": "{name}",
  "Parameters": {{ "{name}": {{ "Type": "String" }} }},
  "Conditions": {{ "{name}": {{ "Fn::Equals": [{{ "Ref": "{name}" }}, "{name}"] }} }},
  "Resources": {{
    "{name}": {{
      "Type": "AWS::Serverless::Function",
      "Condition": "{name}",
      "Properties": {{
        "FunctionName": "{name}", "Handler": "{name}", "Runtime": "{name}",
        "Environment": {{ "Variables": {{ "{name}": "{name}", "API_SECRET": "{name}" }} }},
        "FunctionUrlConfig": {{ "AuthType": "NONE" }},
        "Policies": [{{ "Statement": [{{ "Sid": "{name}", "Effect": "Allow", "Action": "*", "Resource": "{name}" }}] }}],
        "Events": {{ "{name}": {{ "Type": "Api", "Properties": {{ "Path": "/{name}", "Method": "get" }} }} }}
      }}
    }},
    "Other{name}": {{ "Type": "{name}", "Properties": {{ "{name}": {{ "Fn::GetAtt": ["{name}", "{name}"] }} }} }},
    "Table": {{ "Type": "AWS::DynamoDB::Table", "Properties": {{ "TableName": "{name}", "Odd{name}": {{ "Ref": "nowhere{name}" }} }} }}
  }},
  "Outputs": {{ "{name}": {{ "Value": {{ "Ref": "{name}" }}, "Export": {{ "Name": "{name}" }} }} }}
}}"#
    )
}

/// Characters a terminal or a reader would take for more than a character.
fn dangerous(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[track_caller]
fn harmless(name: &str, ran: &Ran) {
    for text in [&ran.out, &ran.err] {
        if let Some(at) = text.find(dangerous) {
            let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
            panic!(
                "{name}: {:?}",
                text[start..].lines().next().unwrap_or_default()
            );
        }
    }
}

#[test]
fn names_are_only_shown() {
    for name in NAMES {
        let folder = Folder::of(&[("template.json", &template(name))]);
        for arguments in [
            &["model", ".", "--all", "--diagnostics", "--as-of", AS_OF][..],
            &["model", ".", "--format", "markdown", "--as-of", AS_OF],
            &["explain", "function-url-open", ".", "--as-of", AS_OF],
            &["explain", "role-wildcard-action", ".", "--as-of", AS_OF],
        ] {
            let ran = folder.run(arguments);
            assert!(ran.code == 0 || ran.code == 2, "{name}: {ran:?}");
            assert!(!ran.err.contains("panicked"), "{name}: {}", ran.err);
            harmless(name, &ran);
        }
        assert!(!items(&folder.model(), "components").is_empty(), "{name}");
    }
}

#[test]
fn json_holds_no_terminal_commands() {
    for name in NAMES {
        let folder = Folder::of(&[("template.json", &template(name))]);
        let ran = folder.run(&["model", ".", "--format", "json"]).ended(0);
        let raw = ran.out.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(raw, None, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn file_names_and_arguments_are_only_shown() {
    let good = "Resources:\n  F: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs22.x' } }\n";
    for name in [
        "red\u{1b}[31m",
        "\u{202e}lmay.",
        "line\nbreak",
        "quote'\"`",
        "csi\u{9b}31m",
    ] {
        let folder = Folder::of(&[
            (&format!("{name}/{name}.yaml"), good),
            (&format!("{name}.json"), "{"),
            (&format!("{name}.tf"), ""),
        ]);
        for path in [
            ".",
            name,
            &format!("{name}/{name}.yaml"),
            &format!("no{name}"),
        ] {
            let ran = folder.run(&["model", path, "--all", "--diagnostics"]);
            assert!(ran.code == 0 || ran.code == 3, "{ran:?}");
            harmless(name, &ran);
        }
        for arguments in [
            &["explain", name][..],
            &["explain", name, "."],
            &["explain", &format!("@{name}"), "."],
            &["model", ".", "--as-of", name],
            &["model", ".", "--parameters", name],
            &["model", ".", "--parameter-file", name],
            &["library", "show", name],
            &["library", "list", name],
            &["library", "facts", name],
            &["library", "test", name],
            &["library", "list", "--library", name],
        ] {
            let ran = folder.run(arguments);
            assert!(matches!(ran.code, 0 | 2), "{arguments:?}: {ran:?}");
            harmless(name, &ran);
        }
    }
}
