//! What people say in `underbelly.yaml`: it enters the model, and what it says of
//! nothing is reported.

use serde_json::Value;

use crate::door::{AS_OF, Folder, root};
use crate::facts::{items, s};

/// A function anyone may call, which writes to a table.
const TEMPLATE: &str = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shop.handler
      InlineCode: pass
      FunctionUrlConfig: { AuthType: NONE }
      Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Notes } }]
      Environment: { Variables: { TABLE: !Ref Notes } }
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
";

fn model(said: &str) -> (Folder, Value) {
    let folder = Folder::of(&[("template.yaml", TEMPLATE), ("underbelly.yaml", said)]);
    let arguments = ["model", ".", "--format", "json", "--as-of", AS_OF];
    let ran = folder.run(&arguments).ended(0);
    let json = serde_json::from_str(&ran.out).unwrap();
    (folder, json)
}

fn named<'j>(json: &'j Value, list: &str, key: &str, id: &str) -> &'j Value {
    let mut all = json[list].as_array().unwrap().iter();
    all.find(|item| item[key] == id)
        .unwrap_or_else(|| panic!("no {id} in {list}"))
}

fn diagnostics(json: &Value) -> Vec<String> {
    let all = json["diagnostics"].as_array().unwrap().iter();
    let of_it = all.filter(|d| d["place"]["file"] == "underbelly.yaml");
    let said = of_it.map(|d| {
        let text = |key: &str| d[key].as_str().unwrap_or("").to_owned();
        format!(
            "{} {}: {}",
            d["place"]["line"],
            text("code"),
            text("message")
        )
    });
    said.collect()
}

/// Whether it asks how sensitive `Notes` is.
fn is_about_notes(question: &Value) -> bool {
    let key = question["key"].as_str().unwrap();
    key.starts_with("sensitive @ ") && key.ends_with("/Notes")
}

const OPEN: &str = "function-url-open@Shop:url";

#[test]
fn an_accepted_threat_counts_no_more_until_its_day_has_passed() {
    let accepted = |until: &str| {
        format!("accepted:\n  - {{ threat: '{OPEN}', reason: a demo, until: {until}, by: Ana }}\n")
    };
    let (folder, json) = model(&accepted("2999-01-01"));
    let threat = named(&json, "threats", "id", OPEN);
    assert_eq!(threat["state"], "exposed");
    assert_eq!(threat["decision"]["decided"], "accepted");
    assert_eq!(threat["decision"]["by"], "Ana");
    assert_eq!(threat["decision"]["place"]["line"], 2);
    assert!(diagnostics(&json).is_empty());
    let summary = folder
        .run(&["model", ".", "--as-of", AS_OF, "--all"])
        .ended(0)
        .out;
    assert!(
        summary.contains("People decided: 1 threat accepted"),
        "{summary}"
    );
    assert!(
        !summary.contains("Function URL open to anyone"),
        "{summary}"
    );
    // Its day is part of the term; the day after is not.
    let (_, json) = model(&accepted(AS_OF));
    assert!(named(&json, "threats", "id", OPEN)["decision"].is_object());
    let (_, json) = model(&accepted("2020-02-29"));
    assert!(named(&json, "threats", "id", OPEN)["decision"].is_null());
    assert_eq!(
        diagnostics(&json),
        [format!(
            "2 decision-expired: the acceptance of `{OPEN}` ended on 2020-02-29"
        )]
    );
}

#[test]
fn a_gate_says_what_keeps_it_shut_and_lets_accepted_threats_pass() {
    let (folder, json) = model("");
    let gate = [
        "model",
        ".",
        "--as-of",
        AS_OF,
        "--fail-on",
        "high",
        "--format",
        "csv",
    ];
    let ran = folder.run(&gate).ended(1);
    assert!(ran.err.contains("of high risk or above"), "{ran:?}");
    assert!(ran.err.contains(OPEN), "{ran:?}");
    let high = json["threats"].as_array().unwrap().iter().filter(|threat| {
        let band = threat["risk"]["band"].as_str().unwrap();
        threat["state"] == "exposed" && matches!(band, "high" | "critical")
    });
    for threat in high {
        let id = threat["id"].as_str().unwrap();
        folder
            .run(&[
                "accept",
                id,
                ".",
                "--reason",
                "known",
                "--until",
                "2999-01-01",
            ])
            .ended(0);
    }
    folder.run(&gate).ended(0);
}

#[test]
fn an_answer_decides_what_hangs_on_it() {
    let (folder, json) = model("");
    let asked = json["questions"].as_array().unwrap().iter();
    let mut asked = asked.filter(|q| is_about_notes(q) && q["why"]["reason"] == "people");
    assert!(asked.next().is_some());
    let ran = folder.run(&["answer", "sensitive@Notes", "yes", ".", "--as-of", AS_OF]);
    assert!(ran.ended(0).out.contains("table-no-cmk@Notes is exposed"));
    let (_, json) = model("answers: { sensitive @ Notes: true }\n");
    let threat = named(&json, "threats", "id", "table-no-cmk@Notes");
    assert_eq!(threat["state"], "exposed");
    let evidence = threat["evidence"].as_array().unwrap().iter();
    let mut person = evidence.filter(|fact| fact["basis"] == "person");
    let person = person.next().unwrap();
    assert_eq!(person["places"][0]["file"], "underbelly.yaml");
    let questions = json["questions"].as_array().unwrap().iter();
    assert_eq!(questions.filter(|q| is_about_notes(q)).count(), 0);
}

#[test]
fn an_asset_makes_a_road_to_it_matter() {
    let worth = |said: &str| {
        let (_, json) = model(said);
        let roads = json["roads"].as_array().unwrap().iter();
        let to_notes = roads.filter(|road| road["target"].as_str().unwrap().ends_with("Notes"));
        let worths = to_notes.filter(|road| road["hold"] == "reads");
        worths
            .map(|road| road["worth"].as_f64().unwrap())
            .fold(0.0, f64::max)
    };
    let asset =
        |level: &str| format!("assets:\n  notes: {{ held-by: Notes, confidentiality: {level} }}\n");
    assert_eq!(worth(&asset("critical")), 1.0);
    assert_eq!(worth(&asset("medium")), 0.6);
    assert_eq!(worth(""), 0.45);
}

#[test]
fn what_no_template_shows_is_drawn() {
    let (_, json) = model(
        "components:\n  Courier: { zone: partner, called-by: [Shop] }\nactors:\n  staff: { calls: 'Shop:url' }\nzones:\n  vault: { name: Vault, rating: 95, holds: [Notes] }\n",
    );
    assert!(diagnostics(&json).is_empty(), "{:?}", diagnostics(&json));
    assert_eq!(named(&json, "components", "name", "Notes")["zone"], "vault");
    assert_eq!(
        named(&json, "components", "name", "Courier")["outside"],
        true
    );
    let flows = json["flows"].as_array().unwrap().iter();
    let ends = flows.map(|flow| {
        let end = |key: &str| {
            flow[key]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned()
        };
        (end("source"), end("destination"))
    });
    let ends: Vec<_> = ends.collect();
    assert!(
        ends.contains(&("Shop".to_owned(), "external:Courier".to_owned())),
        "{ends:?}"
    );
    assert!(
        ends.contains(&("staff".to_owned(), "Shop:url".to_owned())),
        "{ends:?}"
    );
}

#[test]
fn what_is_out_of_scope_neither_counts_nor_asks() {
    let (_, json) = model("out-of-scope:\n  - { component: Notes, reason: another team's }\n");
    let threats = json["threats"].as_array().unwrap().iter();
    let on_it = threats.filter(|threat| threat["component"].as_str().unwrap().ends_with("Notes"));
    let open = on_it.filter(|threat| threat["state"] == "exposed" || threat["state"] == "question");
    let mut n = 0;
    for threat in open {
        n += 1;
        assert_eq!(
            threat["decision"]["decided"], "out-of-scope",
            "{}",
            threat["id"]
        );
    }
    assert!(n > 1);
    // What is asked of it still is asked for others' sake.
    let questions = json["questions"].as_array().unwrap().iter();
    let decides = questions.flat_map(|q| q["decides"].as_array().unwrap());
    let on_it = decides.filter(|id| id.as_str().unwrap().ends_with("@Notes"));
    assert_eq!(on_it.count(), 0);
}

#[test]
fn a_plan_lowers_the_projected_risk_alone() {
    let (_, before) = model("");
    let threat = named(&before, "threats", "id", OPEN);
    assert_eq!(threat["risk"]["projected"], threat["risk"]["value"]);
    let all = threat["countermeasures"].as_array().unwrap().iter();
    let mut missing = all.filter(|one| one["status"] == "missing" && one["sufficient"] == true);
    let id = missing.next().unwrap()["id"].as_str().unwrap();
    let (_, after) = model(&format!("planned:\n  - {{ countermeasure: '{id}' }}\n"));
    assert!(diagnostics(&after).is_empty(), "{:?}", diagnostics(&after));
    let then = named(&after, "threats", "id", OPEN);
    assert_eq!(then["risk"]["value"], threat["risk"]["value"]);
    assert_eq!(then["risk"]["projected"], 0);
}

#[test]
fn what_means_nothing_is_reported_and_the_rest_counts() {
    let (_, json) = model(
        "answers:
  sensitve @ Notes: true
  sensitive @ Note: true
  retention @ Notes: maybe
  kind @ Notes: store
  sensitive: true
dismissed:
  - { threat: function-url-open@Shopp:url, reason: x }
  - { threat: function-url-cors-any@Shop:url, reason: x }
accepted:
  - { threat: 'function-url-open@Shop:url', reason: x, until: 2999-01-01 }
",
    );
    let said = diagnostics(&json);
    let begins = [
        "2 stale-name: `Notes` has no fact `sensitve`; did you mean `sensitive`?",
        "3 stale-name: there is no component `Note`; did you mean `Notes`?",
        "4 stale-name: `Notes` has no fact `retention`",
        "5 answer-not-needed: `kind @ Notes` is shown by the templates",
        "6 wrong-answer: `sensitive` is no question",
        "8 stale-name: there is no threat `function-url-open@Shopp:url`; did you mean `function-url-open@Shop:url`?",
        "9 stale-name: ",
    ];
    assert_eq!(said.len(), begins.len(), "{said:#?}");
    for (said, begins) in said.iter().zip(begins) {
        assert!(said.starts_with(begins), "{said}\n{begins}");
    }
    assert!(named(&json, "threats", "id", OPEN)["decision"].is_object());
}

#[test]
fn commands_refuse_what_means_nothing_and_write_nothing() {
    let (folder, _) = model("");
    let refused = [
        (
            &[
                "accept",
                "function-url-open@Shopp:url",
                ".",
                "--reason",
                "x",
                "--until",
                "2999-01-01",
            ][..],
            "did you mean",
        ),
        (
            &["accept", OPEN, ".", "--reason", "x", "--until", "soon"],
            "not a date",
        ),
        (
            &[
                "accept",
                OPEN,
                ".",
                "--reason",
                "x",
                "--until",
                "2001-01-01",
            ],
            "ended on 2001-01-01",
        ),
        (&["answer", "sensitive", "yes", "."], "is no question"),
        (
            &["answer", "sensitive @ Notes", "perhaps", "."],
            "`true` or `false` is wanted",
        ),
        (
            &["answer", "sensitive @ Nots", "yes", "."],
            "did you mean `Notes`?",
        ),
        (
            &["answer", "sensitive", "@ Notes", "yes"],
            "goes into quotes",
        ),
        (
            &["answer", "runtime @ Shop", "python3.9", "."],
            "shown by the templates (template.yaml:6)",
        ),
        (
            &["answer", "detector @ account", "yes", "."],
            "names are wanted",
        ),
    ];
    for (arguments, expected) in refused {
        let ran = folder.run(arguments).ended(2);
        assert!(ran.err.contains(expected), "{ran:?}");
    }
    let text = std::fs::read_to_string(folder.path().join("underbelly.yaml")).unwrap();
    assert_eq!(text, "");
}

#[test]
fn the_example_of_the_documentation_speaks_of_what_is_there() {
    let page = std::fs::read_to_string(root().join("docs/underbelly-yaml.md")).unwrap();
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    let (said, _) = rest.split_once("```").unwrap();
    let template = std::fs::read_to_string(root().join("examples/orders/template.yaml")).unwrap();
    let folder = Folder::of(&[("template.yaml", &template), ("underbelly.yaml", said)]);
    let arguments = ["model", ".", "--format", "json", "--as-of", AS_OF];
    let json = folder.run(&arguments).ended(0).json();
    assert_eq!(diagnostics(&json), Vec::<String>::new());
    let threats = json["threats"].as_array().unwrap().iter();
    let decided = threats.filter(|threat| threat["decision"].is_object());
    assert!(decided.count() > 2);
}

#[test]
fn an_answer_speaks_before_an_asset() {
    let asset = "assets:\n  notes: { held-by: Notes, confidentiality: high }\n";
    let about = |said: &str| {
        let (_, json) = model(said);
        let threats = json["threats"].as_array().unwrap().iter();
        let mut of_it = threats.filter(|threat| threat["id"] == "table-no-cmk@Notes");
        of_it.next().map(|threat| threat["state"].clone())
    };
    assert_eq!(about(asset), Some("exposed".into()));
    let answer = "answers:\n  sensitive @ Notes: { answer: false, by: Ana }\n";
    assert_eq!(about(&format!("{asset}{answer}")), None);
}

#[test]
fn a_question_is_answered_as_the_screen_shows_it() {
    let (folder, _) = model("");
    let all = folder
        .run(&["model", ".", "--as-of", AS_OF, "--all"])
        .ended(0)
        .out;
    assert!(all.contains("\n    sensitive @ Notes\n"), "{all}");
    let screen = folder.run(&["model", ".", "--as-of", AS_OF]).ended(0).out;
    let (_, command) = screen.split_once("underbelly answer '").unwrap();
    let (key, rest) = command.split_once("' yes .").unwrap();
    assert!(rest.starts_with('\n'), "{screen}");
    folder.run(&["answer", key, "yes", "."]).ended(0);
}

#[test]
fn an_answer_may_be_a_list_of_words() {
    let (folder, _) = model("");
    let said = || std::fs::read_to_string(folder.path().join("underbelly.yaml")).unwrap();
    let ran = folder
        .run(&["answer", "detector @ account", "none", "."])
        .ended(0);
    assert!(
        ran.out.contains("no-threat-detection@account is exposed"),
        "{}",
        ran.out
    );
    assert!(said().contains("  detector @ account: []\n"), "{}", said());
    let words = "LAMBDA_NETWORK_LOGS, S3_DATA_EVENTS";
    let ran = folder
        .run(&["answer", "detector @ account", words, "."])
        .ended(0);
    assert!(
        ran.out.contains("no-threat-detection@account is held off"),
        "{}",
        ran.out
    );
    assert!(
        said().contains(&format!("  detector @ account: [{words}]\n")),
        "{}",
        said()
    );
}

#[test]
fn an_unrelated_mistake_does_not_stop_an_answer() {
    let (folder, _) = model("acepted: []  # ours\n");
    folder
        .run(&["answer", "sensitive @ Notes", "no", "."])
        .ended(0);
    let said = std::fs::read_to_string(folder.path().join("underbelly.yaml")).unwrap();
    assert_eq!(
        said,
        "acepted: []  # ours\n\nanswers:\n  sensitive @ Notes: false\n"
    );
    folder.write("underbelly.yaml", "answers: {\n");
    let ran = folder
        .run(&["answer", "sensitive @ Notes", "no", "."])
        .ended(2);
    assert!(ran.err.contains("cannot be read: line 1"), "{}", ran.err);
}

#[test]
fn what_is_found_later_was_not_accepted() {
    let api = |routes: &[&str]| {
        let events = routes.iter().map(|path| {
            let name = path.replace('/', "");
            format!(
                "        {name}: {{ Type: Api, Properties: {{ Path: {path}, Method: get }} }}\n"
            )
        });
        format!(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: pass
      Events:
{}",
            events.collect::<String>()
        )
    };
    let threat = "rest-api-no-authorizer@ServerlessRestApi";
    let accept = |folder: &Folder, more: &[&str]| {
        let mut arguments = vec![
            "accept",
            threat,
            ".",
            "--reason",
            "meant so",
            "--until",
            "2999-12-31",
            "--as-of",
            AS_OF,
        ];
        arguments.extend(more);
        folder.run(&arguments).ended(0);
    };
    let open = |folder: &Folder, routes: &[&str]| -> Vec<String> {
        std::fs::write(folder.path().join("template.yaml"), api(routes)).unwrap();
        let arguments = ["model", ".", "--format", "json", "--as-of", AS_OF];
        let json = folder.run(&arguments).ended(0).json();
        let threat = named(&json, "threats", "id", threat);
        let points = items(threat, "points").iter();
        let open = points.filter(|point| point.get("decision").is_none());
        open.map(|point| s(point, "key").to_owned()).collect()
    };
    let folder = Folder::of(&[("template.yaml", &api(&["/a", "/b"]))]);
    accept(&folder, &[]);
    assert!(open(&folder, &["/a", "/b"]).is_empty());
    assert_eq!(open(&folder, &["/a", "/b", "/c"]), ["GET /c"]);
    let json = folder
        .run(&["model", ".", "--format", "json", "--as-of", AS_OF])
        .ended(0)
        .json();
    assert!(diagnostics(&json).is_empty());
    open(&folder, &["/a"]);
    let json = folder
        .run(&["model", ".", "--format", "json", "--as-of", AS_OF])
        .ended(0)
        .json();
    let told = diagnostics(&json);
    assert!(
        told.iter()
            .any(|one| one.contains("# GET /b` is not there")),
        "{told:?}"
    );

    let folder = Folder::of(&[("template.yaml", &api(&["/a", "/b"]))]);
    accept(&folder, &["--future-points"]);
    assert!(open(&folder, &["/a", "/b", "/c"]).is_empty());
}
