//! What the user may type, and how the program ends.

use crate::door::{AS_OF, Folder, root, run};
use crate::facts::{items, s};

const OPEN: &str = "\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Auth: { Type: String }
Resources:
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs22.x
      FunctionUrlConfig: { AuthType: !Ref Auth }
";

/// The state of the function URL's threat under these arguments.
#[track_caller]
fn state(folder: &Folder, more: &[&str]) -> String {
    let mut arguments = vec![
        "model",
        "template.yaml",
        "--format",
        "json",
        "--as-of",
        AS_OF,
    ];
    arguments.extend(more);
    let model = folder.run(&arguments).ended(0).json();
    let threats = items(&model, "threats").iter();
    let mut urls = threats.filter(|threat| s(threat, "entry") == "function-url-open");
    urls.next()
        .map_or("none", |threat| s(threat, "state"))
        .to_owned()
}

#[test]
fn usage_is_told_and_ends_with_2() {
    for arguments in [
        &["model"][..],
        &[],
        &["paint", "."],
        &["model", ".", "--format", "poem"],
        &["model", ".", "--as-of", "tomorrow"],
        &["model", ".", "--parameters", "novalue"],
        &["model", ".", "--parameter-file", "not-there.json"],
        &["explain", "no-such-entry"],
        &["explain", "function-url-open@Resize"],
        &["library", "list", "no-such-kind"],
        &["library", "show", "no-such-entry"],
        &["library", "test", "no-such-entry"],
        &["library", "list", "--library", "not-there"],
    ] {
        let ran = run(arguments).ended(2);
        assert!(
            !ran.err.is_empty() && ran.out.is_empty(),
            "{arguments:?}: {ran:?}"
        );
    }
}

#[test]
fn help_and_version_end_with_0() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["model", "--help"],
        &["library", "new", "--help"],
    ] {
        assert!(!run(arguments).ended(0).out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn nothing_to_read_ends_with_3_and_says_what_is_wanted() {
    let folder = Folder::of(&[("notes.txt", "hello"), ("empty/.keep", "")]);
    for path in [".", "empty", "notes.txt", "not-there", "not-there.yaml"] {
        let ran = folder.run(&["model", path]).ended(3);
        assert!(ran.err.contains("no template"), "{path}: {}", ran.err);
        assert!(ran.out.is_empty(), "{path}: {}", ran.out);
    }
    let ran = folder.run(&["explain", "@Resize", "."]);
    assert!(ran.code == 3 || ran.code == 2, "{ran:?}");
}

#[test]
fn a_gate_ends_with_1_where_it_fails() {
    let folder = Folder::of(&[("template.yaml", OPEN)]);
    let gate = |band: &str, auth: &str| {
        let given = format!("Auth={auth}");
        folder
            .run(&["model", ".", "--fail-on", band, "--parameters", &given])
            .code
    };
    assert_eq!(gate("very-low", "NONE"), 1);
    let closed = Folder::of(&[(
        "template.yaml",
        "Resources: { T: { Type: 'AWS::CloudFormation::WaitConditionHandle' } }\n",
    )]);
    closed
        .run(&["model", ".", "--fail-on", "critical"])
        .ended(0);
}

#[test]
fn parameters_come_from_the_command_line_and_from_files() {
    let folder = Folder::of(&[
        ("template.yaml", OPEN),
        (
            "list.json",
            r#"[{"ParameterKey":"Auth","ParameterValue":"NONE"}]"#,
        ),
        ("map.json", r#"{"Parameters":{"Auth":"NONE"}}"#),
        (
            "samconfig.toml",
            "version = 0.1\n[prod.deploy.parameters]\nparameter_overrides = 'Auth=NONE'\n",
        ),
    ]);
    assert_eq!(state(&folder, &[]), "question");
    for more in [
        &["--parameters", "Auth=NONE"][..],
        &["--parameter-file", "list.json"],
        &["--parameter-file", "map.json"],
        &["--parameter-file", "samconfig.toml", "--config-env", "prod"],
    ] {
        assert_eq!(state(&folder, more), "exposed", "{more:?}");
    }
    let both = [
        "--parameter-file",
        "list.json",
        "--parameters",
        "Auth=AWS_IAM",
    ];
    assert_eq!(state(&folder, &both), "mitigated");
    folder
        .run(&[
            "model",
            ".",
            "--parameter-file",
            "samconfig.toml",
            "--config-env",
            "none",
        ])
        .ended(2);
}

#[test]
fn where_parameters_come_from_is_told() {
    let folder = Folder::of(&[
        ("template.yaml", OPEN),
        (
            "samconfig.toml",
            "version = 0.1\n[prod.global.parameters]\nparameter_overrides = 'Token=hunter2'\n[prod.deploy.parameters]\nparameter_overrides = 'Auth=NONE'\n",
        ),
        ("x/samconfig.toml", "[broken\npassword = 'hunter2'"),
        (
            "y/samconfig.toml",
            "[default.deploy.parameters]\nstack_name = 'y'\n",
        ),
        (
            "z/samconfig.yaml",
            "default: { deploy: { parameters: { parameter_overrides: [Auth=NONE] } } }\n",
        ),
    ]);
    let said = folder.run(&["model", ".", "--diagnostics"]).ended(0);
    for part in [
        "`samconfig.toml` gives values to parameters, and was not used",
        "`--parameter-file samconfig.toml --config-env prod` takes them",
        "`x/samconfig.toml` is not TOML (line 1)",
        "`--parameter-file z/samconfig.yaml` takes them",
    ] {
        let words: Vec<&str> = said.err.split_whitespace().collect();
        assert!(words.join(" ").contains(part), "{part}\n{}", said.err);
    }
    assert!(!said.err.contains("y/samconfig") && !said.err.contains("hunter2"));
    for (file, environment, told) in [
        (
            "samconfig.toml",
            "prod",
            "Parameters from samconfig.toml, environment prod (global and deploy): Auth, Token.",
        ),
        (
            "z/samconfig.yaml",
            "default",
            "Parameters from z/samconfig.yaml, environment default (deploy): Auth.",
        ),
    ] {
        let arguments = [
            "model",
            ".",
            "--parameter-file",
            file,
            "--config-env",
            environment,
            "--diagnostics",
        ];
        let said = folder.run(&arguments).ended(0);
        let screen = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(screen.contains(told), "{}", said.out);
        assert!(!said.err.contains("was not used"), "{}", said.err);
    }
    let refused = folder
        .run(&["model", ".", "--parameter-file", "x/samconfig.toml"])
        .ended(2);
    assert!(!refused.err.contains("hunter2"), "{}", refused.err);
}

#[test]
fn the_date_of_judgement_is_an_input() {
    let text = "Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: { Runtime: nodejs22.x, Handler: a.b }\n";
    let folder = Folder::of(&[("template.yaml", text)]);
    let of = |date: &str| {
        let arguments = ["model", ".", "--format", "json", "--as-of", date];
        folder.run(&arguments).ended(0).json()
    };
    assert_eq!(s(&of("2024-01-01"), "as_of"), "2024-01-01");
    let exposed = |date: &str| {
        let model = of(date);
        let threats = items(&model, "threats").to_vec();
        threats
            .iter()
            .any(|t| s(t, "entry") == "deprecated-runtime" && s(t, "state") == "exposed")
    };
    assert!(!exposed("2024-12-01"));
    assert!(exposed("2040-01-01"));
    let today = folder.run(&["model", "."]).ended(0);
    assert!(today.out.contains("as of 20"), "{}", today.out);
}

#[test]
fn the_output_goes_to_a_file_when_asked() {
    let folder = Folder::of(&[("template.yaml", OPEN)]);
    let ran = folder
        .run(&["model", ".", "--format", "json", "-o", "model.json"])
        .ended(0);
    assert_eq!(ran.out, "");
    let printed = folder
        .run(&["model", "template.yaml", "--format", "json"])
        .ended(0)
        .out;
    let file = std::fs::read_to_string(folder.path().join("model.json")).unwrap();
    assert_eq!(file, printed);
    folder
        .run(&["model", ".", "-o", "no/such/folder/x.json"])
        .ended(2);
}

#[test]
fn a_pipe_gets_no_colour() {
    for arguments in [
        &["model", "examples/orders"][..],
        &["model", "examples/orders", "--diagnostics"],
        &["explain", "function-url-open"],
        &["library", "list"],
    ] {
        let ran = run(arguments).ended(0);
        assert!(
            !ran.out.contains('\x1b') && !ran.err.contains('\x1b'),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_model_is_not_read_into_the_next_one() {
    let folder = Folder::of(&[("template.yaml", OPEN)]);
    folder
        .run(&["model", ".", "--format", "json", "-o", "model.json"])
        .ended(0);
    let model = folder.model();
    assert_eq!(items(&model, "systems").len(), 1);
}

#[test]
fn every_form_of_explain_is_understood() {
    let page = run(&["explain", "function-url-open"]).ended(0).out;
    assert!(page.contains("function-url-open"), "{page}");
    for id in [
        "function-url-open@PaymentWebhook:url",
        "function-url-open@orders/PaymentWebhook:url",
        "function-url-open",
        "@PaymentWebhook:url",
        "@PaymentWebhook",
    ] {
        let ran = run(&["explain", id, "examples/orders", "--as-of", AS_OF]).ended(0);
        assert!(ran.out.contains("AuthType"), "{id}: {}", ran.out);
        let fits = |line: &str| line.chars().count() <= 80 || line.contains("https://");
        assert!(ran.out.lines().all(fits), "{id}: {}", ran.out);
    }
    for id in [
        "function-url-open@Nowhere",
        "no-such-threat@PaymentWebhook",
        "function-url-open@Orders",
    ] {
        run(&["explain", id, "examples/orders"]).ended(2);
    }
    for (arguments, hint) in [
        (
            &["explain", "function-url-opne"][..],
            "did you mean `function-url-open`?",
        ),
        (
            &[
                "explain",
                "function-url-open@PaymentWebhook",
                "examples/orders",
            ],
            "did you mean `function-url-open@PaymentWebhook:url`?",
        ),
        (
            &["explain", "@PaymentWebhok", "examples/orders"],
            "did you mean `PaymentWebhook`?",
        ),
        (
            &["explain", "PaymentWebhook", "examples/orders"],
            "`@PaymentWebhook` explains its threats",
        ),
        (
            &["explain", "@PaymentWebhook"],
            "underbelly explain @PaymentWebhook PATH",
        ),
        (&["explain", "@", "examples/orders"], "is wanted"),
        (&["explain", "", "examples/orders"], "is wanted"),
    ] {
        let ran = run(arguments).ended(2);
        let words: Vec<&str> = ran.err.split_whitespace().collect();
        assert!(words.join(" ").contains(hint), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn packaged_code_in_cdk_output_is_no_system() {
    let template = "{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"}}}";
    let folder = Folder::of(&[
        (".gitignore", "cdk.out\n"),
        (
            "cdk.out/manifest.json",
            "{\"version\": \"36.0.0\", \"artifacts\": {\"Shop\": {\"type\": \"aws:cloudformation:stack\", \"properties\": {\"templateFile\": \"Shop.template.json\"}}}}",
        ),
        ("cdk.out/Shop.template.json", template),
        ("cdk.out/asset.0815/template.json", template),
    ]);
    for path in [".", "cdk.out"] {
        let arguments = ["model", path, "--format", "json", "--as-of", AS_OF];
        let model = folder.run(&arguments).ended(0).json();
        assert_eq!(items(&model, "systems").len(), 1, "{path}");
    }
}

#[test]
fn secrets_are_not_shown() {
    for arguments in [
        &["model", "examples/orders", "--format", "json"][..],
        &["model", "examples/orders", "--all", "--diagnostics"],
        &["model", "examples/orders", "--format", "csv"],
        &["model", "examples/orders", "--format", "markdown"],
        &["explain", "@PaymentWebhook", "examples/orders"],
    ] {
        let ran = run(arguments).ended(0);
        assert!(
            !(ran.out + &ran.err).contains("whsec_not_a_real_one"),
            "{arguments:?}"
        );
    }
}

#[test]
fn parameters_that_look_secret_are_not_told() {
    let template = "Transform: AWS::Serverless-2016-10-31\nParameters:\n  DbPassword: { Type: String, Default: hunter2-hunter2 }\n  Stage: { Type: String, Default: dev }\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Runtime: !Sub 'python3.9${Stage}'\n      InlineCode: x\n      Environment: { Variables: { DB_PASSWORD: !Ref DbPassword, API_SECRET: !Sub 'x-${DbPassword}' } }\n";
    let folder = Folder::of(&[("template.yaml", template)]);
    for given in ["", "DbPassword=given-hunter2"] {
        for arguments in [
            &["model", ".", "--format", "json"][..],
            &["model", ".", "--all", "--diagnostics"],
            &["explain", "@F", "."],
        ] {
            let given = (!given.is_empty()).then_some(["--parameters", given]);
            let arguments = [arguments, given.as_ref().map_or(&[], |given| &given[..])].concat();
            let ran = folder.run(&arguments).ended(0);
            assert!(!(ran.out + &ran.err).contains("hunter2"), "{arguments:?}");
        }
    }
}

#[test]
fn what_is_used_as_a_secret_is_not_told() {
    let template = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Pw: { Type: String, Default: hunter2-by-name }
  Part: { Type: String, Default: hunter2-in-text }
  Choice: { Type: String, Default: hunter2-one, AllowedValues: [hunter2-one, hunter2-two] }
Conditions:
  Old: !Equals [!Ref Pw, hunter2-compared]
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      # token of old: sk_live_hunter2hunter2hunter2hunter2
      Runtime: !If [Old, python3.9, !Foo "sk_live_hunter2hunter2hunter2hunter2"]
      InlineCode: x
      MemorySize: sk_live_hunter2hunter2hunter2hunter2
      Timeout: !Sub '${Pw}${Part}'
      Environment:
        Variables:
          DB_PASSWORD: !Ref Pw
          STORE: !Sub 'postgres://shop:${Part}@db/x'
          API_TOKEN: !If [Old, !Ref Choice, !Mine 'hunter2-under-a-tag']
      FunctionUrlConfig: { AuthType: !If [Old, NONE, AWS_IAM] }
  G:
    Type: AWS::Serverless::Function
    Condition: Old
    Properties: { Handler: a.b, Runtime: python3.9, InlineCode: x, Description: !Ref Choice }
"#;
    let broken = "Resources:\n  A:\n    Password: hunter2\n   B: [\n";
    let folder = Folder::of(&[("template.yaml", template), ("broken.yaml", broken)]);
    for arguments in [
        &["model", ".", "--format", "json"][..],
        &["model", ".", "--all", "--diagnostics"],
        &["model", ".", "--format", "svg"],
        &["explain", "@F", "."],
        &["explain", "@G", "."],
    ] {
        let ran = folder.run(arguments).ended(0);
        let said = ran.out + &ran.err;
        let told = said.lines().find(|line| line.contains("hunter2"));
        assert_eq!(told, None, "{arguments:?}");
    }
}

#[test]
fn what_others_include_is_told_in_a_line() {
    let included = "rest-api-no-authorizer@ShopApi";
    let told = |id: &str| run(&["explain", id, "examples/orders"]).ended(0).out;
    let all = told("@ShopApi");
    let by = all.find("auth-defined-not-attached@ShopApi · exposed");
    let line = all.find(&format!("({included})"));
    assert!(by.is_some() && by < line, "{all}");
    assert!(!all.contains(&format!("{included} ·")), "{all}");
    let alone = told("rest-api-no-authorizer");
    assert!(
        alone.contains("in auth-defined-not-attached@ShopApi"),
        "{alone}"
    );
    assert!(told(included).contains("What can happen"));
}

#[test]
fn a_name_that_several_have_is_not_guessed() {
    let template = OPEN.replace("Ref Auth", "Ref Auth ");
    let folder = Folder::of(&[
        ("a/template.yaml", &template),
        ("b/template.yaml", &template),
    ]);
    let refused = folder.run(&["explain", "@Resize", "."]).ended(2);
    let said = refused.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("may be any of"), "{}", refused.err);
    folder.run(&["explain", "@a/Resize", "."]).ended(0);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let status = std::process::Command::new("sh")
        .args([
            "-c",
            "\"$0\" model examples/orders --format json | head -c 10 >/dev/null",
        ])
        .arg(env!("CARGO_BIN_EXE_underbelly"))
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        status.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&status.stderr)
    );
}
