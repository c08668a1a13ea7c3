//! CPU time and memory of the whole program: `cargo xtask measure`.
//!
//! Not a test: it prints what it measures beside what is aimed at. Every case is
//! the real program in a process of its own, fed generated projects; CPU time and
//! peak memory come from the operating system's account of that process.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

#[path = "../tests/corpus_folder.rs"]
mod corpus_folder;
mod permissions;
mod stages;

use corpus_folder::corpus_folder;
use nix::sys::resource::{UsageWho, getrusage};

fn main() {
    // Cargo says `--bench` to every benchmark.
    let arguments = std::env::args().skip(1);
    let mut arguments = arguments.filter(|argument| argument != "--bench");
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("stages"), _) => {
            stages::print(&queues_and_functions(8_000), 8_000);
            stages::print_whole(&functions(250), "1,000 components");
        }
        (Some("permissions"), Some(n_components)) => {
            permissions::print_one(n_components.parse().unwrap_or(1_000));
        }
        (Some("permissions"), None) => permissions::print_all(),
        (Some("pictures"), _) => pictures(&Projects {
            folder: std::env::temp_dir().join(format!("underbelly-speed-{}", std::process::id())),
        }),
        // One case, in a process of its own, so that what its children took can be told.
        (Some("--case"), Some(case)) => {
            let (runs, arguments): (String, Vec<String>) = (case, arguments.collect());
            one(runs.parse().unwrap_or(1), &arguments);
        }
        _ => all(),
    }
}

/// What a run of the program took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    cpu_ms: f64,
    peak_mb: f64,
}

/// Runs the program so often and prints what one run took.
fn one(runs: u32, arguments: &[String]) {
    for _ in 0..runs {
        let status = Command::new(env!("CARGO_BIN_EXE_underbelly"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !status.is_ok_and(|status| status.success()) {
            eprintln!("underbelly {} failed", arguments.join(" "));
        }
    }
    if let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) {
        let (user, system) = (usage.user_time(), usage.system_time());
        let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
        let cpu_ms = (micros(user) + micros(system)) as f64 / 1000.0 / f64::from(runs);
        println!("{cpu_ms} {}", usage.max_rss() as f64 / 1024.0);
    }
}

/// The best of three measurements: what disturbs only ever adds.
fn cost(runs: u32, arguments: &[&str]) -> Cost {
    let mut best = Cost {
        cpu_ms: f64::MAX,
        peak_mb: f64::MAX,
    };
    let Ok(program) = std::env::current_exe() else {
        return best;
    };
    for _ in 0..3 {
        let output = Command::new(&program)
            .args(["--case", &runs.to_string()])
            .args(arguments)
            .output();
        let Ok(output) = output else { continue };
        let text = String::from_utf8_lossy(&output.stdout);
        let mut numbers = text
            .split_whitespace()
            .map_while(|word| word.parse::<f64>().ok());
        if let (Some(cpu_ms), Some(peak_mb)) = (numbers.next(), numbers.next()) {
            best.cpu_ms = best.cpu_ms.min(cpu_ms);
            best.peak_mb = best.peak_mb.min(peak_mb);
        }
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
    }
    best
}

fn all() {
    let folder = std::env::temp_dir().join(format!("underbelly-speed-{}", std::process::id()));
    let made = Projects {
        folder: folder.clone(),
    };
    println!("| case | CPU | peak memory | aim |");
    println!("|---|---|---|---|");

    let small = made.file("one/template.yaml", &one_resource());
    let nothing = cost(40, &["--version"]);
    row("starting the program (`--version`)", nothing, "");
    let tiny = cost(40, &["model", &small]);
    row("one resource", tiny, "20 ms, 15 MB");

    let app = made.file("app/template.yaml", &functions(26));
    let size = fs::metadata(&app).map_or(0, |meta| meta.len()) / 1024;
    let medium = cost(20, &["model", &app, "--format", "json"]);
    row(
        &format!("26 functions, SAM, {size} KiB, JSON"),
        medium,
        "50 ms, 25 MB",
    );

    let plain = made.file("plain/template.json", &queues_and_functions(2_000));
    let larger = made.file("larger/template.json", &queues_and_functions(8_000));
    let (few, many) = (
        cost(3, &["model", &plain, "--format", "json"]),
        cost(1, &["model", &larger, "--format", "json"]),
    );
    row("one stack of 2,000 resources, JSON", few, "");
    row(
        "one stack of 8,000 resources, JSON",
        many,
        "five times the above",
    );
    let per_hundred = (many.cpu_ms - few.cpu_ms) / 60.0;
    println!("| each further 100 resources, reading included | {per_hundred:.2} ms | | |");
    stages::print(&queues_and_functions(8_000), 8_000);
    stages::print_whole(&functions(250), "1,000 components");

    corpus();
    sheets(&made);
    pictures(&made);
    page(&made);

    let separate = |n: usize| {
        let folder = format!("separate-{n}");
        for index in 0..n {
            made.file(
                &format!("{folder}/app{index:05}/template.yaml"),
                &a_few(index),
            );
        }
        cost(1, &["model", &made.path(&folder)])
    };
    let (quarter, whole) = (separate(5_000), separate(20_000));
    row("5,000 separate templates", quarter, "");
    row("20,000 separate templates", whole, "five times the above");
    ratio(quarter, whole);

    let joined = |n: usize| {
        let folder = format!("joined-{n}");
        for index in 0..n {
            made.file(&format!("{folder}/stack{index:05}.yaml"), &linked(index));
        }
        cost(1, &["model", &made.path(&folder)])
    };
    let (quarter, whole) = (joined(500), joined(2_000));
    row("one system of 500 joined stacks", quarter, "");
    row(
        "one system of 2,000 joined stacks",
        whole,
        "five times the above",
    );
    ratio(quarter, whole);

    permissions::print_all();

    // What stays behind lies in the folder for passing things.
    let _ = fs::remove_dir_all(folder);
}

/// What writing a big model down takes, beyond what it takes to tell it in brief.
fn sheets(made: &Projects) {
    let app = made.file("big/template.yaml", &functions(130));
    let path = made.path("threats.csv");
    let brief = cost(3, &["model", &app]);
    for (what, output, aim) in [
        ("CSV", "threats.csv", ""),
        ("Markdown", "threats.md", ""),
        ("XLSX", "threats.xlsx", "200 ms for 5,000 rows"),
    ] {
        let output = made.path(output);
        let whole = cost(3, &["model", &app, "-o", &output]);
        // The CSV comes first, and has a line for each.
        let rows = fs::read_to_string(&path)
            .unwrap_or_default()
            .lines()
            .count();
        let beyond = Cost {
            cpu_ms: whole.cpu_ms - brief.cpu_ms,
            ..whole
        };
        let name = format!(
            "{what} of {} threats, beyond the summary",
            rows.saturating_sub(1)
        );
        row(&name, beyond, aim);
    }
}

/// The HTML page of a thousand components: what it takes beyond the summary, and
/// how large it is.
fn page(made: &Projects) {
    let thousand = made.file("thousand/template.yaml", &functions(250));
    let html = made.path("thousand/model.html");
    let told = cost(3, &["model", &thousand]);
    let shown = cost(3, &["model", &thousand, "-o", &html]);
    let size = fs::metadata(&html).map_or(0, |meta| meta.len());
    println!(
        "| HTML of 1,000 components, beyond the summary: {:.1} MB | {:.1} ms | {:.1} MB | 200 ms, 3 MB of HTML |",
        size as f64 / 1e6,
        shown.cpu_ms - told.cpu_ms,
        shown.peak_mb
    );
}

/// All templates of the corpus in one process, where they are at hand.
fn corpus() {
    let Some(folder) = corpus_folder() else {
        return;
    };
    let formats = ["sam-yaml", "sam-json", "cfn-yaml", "cfn-json", "cdk-json"];
    let paths: Vec<String> = formats
        .iter()
        .map(|format| folder.join(format).to_string_lossy().into_owned())
        .collect();
    let mut arguments = vec!["model", "--format", "json"];
    arguments.extend(paths.iter().map(String::as_str));
    row(
        "all SAM, CloudFormation and CDK templates of the corpus, JSON",
        cost(3, &arguments),
        "1 s",
    );
}

/// Layout alone, within this process: what is read and judged before is not counted.
fn pictures(made: &Projects) {
    for (functions, collapse_above, aim) in [
        (65, 300, "20 ms"),
        (1_660, usize::MAX, "1 s"),
        (1_660, 300, ""),
    ] {
        let project = made.file("picture/template.yaml", &self::functions(functions));
        let Ok(text) = fs::read_to_string(project) else {
            continue;
        };
        let library = underbelly_builtin::rules();
        let mut sources = underbelly_analysis::Sources::default();
        let file = sources.files.add("picture/template.yaml", text);
        sources.inputs.push(underbelly_iac::Input { file });
        let options = underbelly_analysis::Options {
            as_of: "2026-11-23".to_owned(),
            parameters: std::collections::BTreeMap::new(),
            limits: underbelly_source::Limits::default(),
        };
        let mut nothing = |_: &str| Err("absent".to_owned());
        let analysis = underbelly_analysis::analyze(sources, &library, &options, &mut nothing);
        let options = underbelly_diagram::Options {
            collapse_above,
            ..underbelly_diagram::Options::default()
        };
        let architecture = &analysis.model.architecture;
        let mut best = f64::MAX;
        let mut n_boxes = 0;
        for _ in 0..5 {
            let begun = stages::cpu_ms();
            n_boxes = underbelly_diagram::draw(architecture, &options).n_boxes();
            best = best.min(stages::cpu_ms() - begun);
        }
        println!(
            "| layout of {} components as {n_boxes} boxes | {best:.1} ms | | {aim} |",
            architecture.components.len()
        );
    }
}

fn row(name: &str, cost: Cost, aim: &str) {
    println!(
        "| {name} | {:.1} ms | {:.1} MB | {aim} |",
        cost.cpu_ms, cost.peak_mb
    );
}

fn ratio(quarter: Cost, whole: Cost) {
    let (cpu, memory) = (
        whole.cpu_ms / quarter.cpu_ms,
        whole.peak_mb / quarter.peak_mb,
    );
    println!("| four times the work costs | {cpu:.1} times | {memory:.1} times | 5 times |");
}

/// Where generated projects lie.
struct Projects {
    folder: PathBuf,
}

impl Projects {
    fn path(&self, below: &str) -> String {
        self.folder.join(below).to_string_lossy().into_owned()
    }

    fn file(&self, below: &str, text: &str) -> String {
        let path = self.folder.join(below);
        let written = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, text));
        if let Err(error) = written {
            eprintln!("{}: {error}", path.display());
        }
        path.to_string_lossy().into_owned()
    }
}

fn one_resource() -> String {
    "Resources:\n  Orders:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n".to_owned()
}

/// An application as people write them: an API, a table, queues, a function per route.
fn functions(n: usize) -> String {
    let mut text = String::from(
        "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n\
         Description: An application of many functions\n\n\
         Parameters:\n  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }\n\n\
         Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n\n\
         Globals:\n  Function:\n    Runtime: nodejs22.x\n    Timeout: 10\n    Tracing: Active\n    Environment:\n      Variables: { STAGE: !Ref Stage, TABLE: !Ref Things }\n\n\
         Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: !Ref Stage\n      Auth:\n        DefaultAuthorizer: People\n        Authorizers:\n          People: { UserPoolArn: !GetAtt People.Arn }\n\n  People:\n    Type: AWS::Cognito::UserPool\n\n  Things:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: !Sub things-${Stage}\n      BillingMode: PAY_PER_REQUEST\n      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]\n      KeySchema: [{ AttributeName: id, KeyType: HASH }]\n",
    );
    for index in 0..n {
        let _ = write!(
            text,
            "\n  Step{index}Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      VisibilityTimeout: 60\n      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt Step{index}Dead.Arn\n        maxReceiveCount: 5\n\n  Step{index}Dead:\n    Type: AWS::SQS::Queue\n    Condition: IsProd\n    Properties: {{ MessageRetentionPeriod: 1209600 }}\n\n  Step{index}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/step{index}\n      Handler: app.handler\n      MemorySize: !If [IsProd, 512, 256]\n      Environment:\n        Variables:\n          NEXT_QUEUE: !Ref Step{next}Queue\n          BUCKET: !Sub files-${{Stage}}-${{AWS::AccountId}}\n      Policies:\n        - DynamoDBCrudPolicy: {{ TableName: !Ref Things }}\n        - SQSSendMessagePolicy: {{ QueueName: !GetAtt Step{next}Queue.QueueName }}\n        - Statement:\n            - Sid: Files\n              Effect: Allow\n              Action: ['s3:GetObject', 's3:PutObject']\n              Resource: !Sub arn:aws:s3:::files-${{Stage}}-${{AWS::AccountId}}/step{index}/*\n      Events:\n        Http:\n          Type: Api\n          Properties: {{ RestApiId: !Ref Api, Path: /steps/{index}, Method: post }}\n        Work:\n          Type: SQS\n          Properties: {{ Queue: !GetAtt Step{index}Queue.Arn, BatchSize: 5 }}\n",
            next = (index + 1) % n.max(1),
        );
    }
    text
}

/// CloudFormation as a program would write it: n resources, a quarter functions
/// with a role, a queue and a mapping each.
fn queues_and_functions(n: usize) -> String {
    let mut resources = Vec::new();
    for index in 0..n / 4 {
        resources.push(format!(
            r#""Q{index}":{{"Type":"AWS::SQS::Queue","Properties":{{"VisibilityTimeout":60}}}},
"R{index}":{{"Type":"AWS::IAM::Role","Properties":{{"AssumeRolePolicyDocument":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"lambda.amazonaws.com"}},"Action":"sts:AssumeRole"}}]}},"Policies":[{{"PolicyName":"p","PolicyDocument":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:DeleteMessage"],"Resource":{{"Fn::GetAtt":["Q{index}","Arn"]}}}}]}}}}]}}}},
"F{index}":{{"Type":"AWS::Lambda::Function","Properties":{{"Runtime":"nodejs22.x","Handler":"app.handler","Role":{{"Fn::GetAtt":["R{index}","Arn"]}},"Code":{{"S3Bucket":"code","S3Key":"f{index}.zip"}},"Environment":{{"Variables":{{"QUEUE":{{"Ref":"Q{index}"}}}}}}}}}},
"M{index}":{{"Type":"AWS::Lambda::EventSourceMapping","Properties":{{"EventSourceArn":{{"Fn::GetAtt":["Q{index}","Arn"]}},"FunctionName":{{"Ref":"F{index}"}}}}}}"#
        ));
    }
    format!("{{\"Resources\":{{\n{}\n}}}}\n", resources.join(",\n"))
}

/// A small application of its own.
fn a_few(index: usize) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Work:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      Runtime: python3.13\n      CodeUri: src/\n      Policies:\n        - SQSSendMessagePolicy: {{ QueueName: !GetAtt Out.QueueName }}\n      Events:\n        Get: {{ Type: HttpApi, Properties: {{ Path: /a{index}, Method: get }} }}\n  Out:\n    Type: AWS::SQS::Queue\n"
    )
}

/// A stack that exports a queue and imports that of the one before.
fn linked(index: usize) -> String {
    let event = match index.checked_sub(1) {
        Some(before) => {
            format!("Take: {{ Type: SQS, Properties: {{ Queue: !ImportValue queue-{before} }} }}")
        }
        None => "Begin: { Type: Schedule, Properties: { Schedule: rate(1 hour) } }".to_owned(),
    };
    format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Work:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: app.handler\n      Runtime: python3.13\n      CodeUri: src/\n      Policies:\n        - SQSSendMessagePolicy: {{ QueueName: !GetAtt Out.QueueName }}\n      Events:\n        {event}\n  Out:\n    Type: AWS::SQS::Queue\nOutputs:\n  Queue: {{ Value: !GetAtt Out.Arn, Export: {{ Name: queue-{index} }} }}\n"
    )
}
