//! CPU time of rights, flows, exposure and roads, each for itself, and the peak memory
//! of a process that does nothing else, for models of growing size.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use nix::sys::resource::{UsageWho, getrusage};
use underbelly_expression::SubjectId;
use underbelly_iac::{Input, IsSecret};
use underbelly_reach::Position;
use underbelly_source::{Files, Limits};

use crate::stages::{DAY, cpu_ms};

const SIZES: [usize; 5] = [1_000, 1_600, 6_250, 25_000, 100_000];
const NAMES: [&str; 5] = ["components", "rights", "flows", "exposure", "roads"];

/// What one size took: each stage in turn, all of them, and the peak of memory.
#[derive(Clone, Debug)]
struct Taken {
    n_components: usize,
    n_flows: usize,
    n_roads: usize,
    stages: [f64; NAMES.len()],
    peak_mb: f64,
}

impl Taken {
    /// What the aim is about; components and their own facts are told beside it.
    fn ms(&self) -> f64 {
        self.stages.iter().skip(1).sum()
    }
}

/// A row for each size, each measured in a process of its own.
pub(crate) fn print_all() {
    println!(
        "| components, flows, roads | {} | all but components | for one component | peak memory |",
        NAMES.join(" | ")
    );
    println!("|---|{}---|---|---|", "---|".repeat(NAMES.len()));
    for n_components in SIZES {
        let runs = if n_components < 10_000 { 5 } else { 2 };
        if let Some(taken) = best_of(runs, n_components) {
            let mut stages = String::new();
            for stage in taken.stages {
                let _ = write!(stages, "{stage:.0} ms | ");
            }
            println!(
                "| {}, {}, {} | {stages}{:.0} ms | {:.0} µs | {:.0} MB |",
                taken.n_components,
                taken.n_flows,
                taken.n_roads,
                taken.ms(),
                taken.ms() * 1000.0 / taken.n_components as f64,
                taken.peak_mb
            );
        }
    }
}

fn best_of(runs: usize, n_components: usize) -> Option<Taken> {
    let program = std::env::current_exe().ok()?;
    let n_components = n_components.to_string();
    let measured = (0..runs).filter_map(|_| {
        let arguments = ["permissions", &n_components];
        let output = Command::new(&program).args(arguments).output().ok()?;
        taken(&String::from_utf8_lossy(&output.stdout))
    });
    measured.min_by(|one, other| one.ms().total_cmp(&other.ms()))
}

fn taken(line: &str) -> Option<Taken> {
    let numbers: Option<Vec<f64>> = line.split_whitespace().map(|n| n.parse().ok()).collect();
    let [n_components, n_flows, n_roads, a, b, c, d, e, peak_mb] = *numbers?.as_slice() else {
        return None;
    };
    Some(Taken {
        n_components: n_components as usize,
        n_flows: n_flows as usize,
        n_roads: n_roads as usize,
        stages: [a, b, c, d, e],
        peak_mb,
    })
}

/// Prints the numbers of one size, for the process that asked for them.
pub(crate) fn print_one(n_components: usize) {
    let limits = Limits {
        resources: usize::MAX,
        steps: usize::MAX,
        nodes: usize::MAX,
        file_bytes: usize::MAX,
        ..Limits::default()
    };
    let library = &underbelly_builtin::rules();
    let mut files = Files::default();
    let file = files.add("template.json", cells(n_components / 10));
    let resolution = underbelly_iac::resolve(
        &files,
        &[Input { file }],
        &underbelly_iac::Options {
            parameters: BTreeMap::new(),
            missing: BTreeMap::new(),
            sam: &library.sam,
            is_secret: IsSecret(&|_, _| false),
            limits,
        },
    );
    let options = underbelly_architecture::Options {
        files: Some(&files),
        as_of: DAY,
        said: None,
        limits,
    };
    let mut stages = [0.0; NAMES.len()];
    let mut begun = cpu_ms();
    let mut done = |job: &str| {
        let now = cpu_ms();
        let mut named = NAMES.iter().zip(&mut stages);
        if let Some((_, stage)) = named.find(|(name, _)| **name == job) {
            *stage += now - begun;
        }
        begun = now;
    };
    let mapping =
        underbelly_architecture::map_telling(&resolution.graph, library, &options, &mut done);
    let architecture = mapping.architecture;
    done("components");
    let position = Position::of(&architecture);
    let n_roads = position.roads(&architecture).len();
    for index in 0..architecture.components.len() {
        let subject = SubjectId::component(index);
        let _ = (position.near(&[subject]), position.behind(&[subject]));
    }
    done("roads");
    let peak = getrusage(UsageWho::RUSAGE_SELF).map_or(0, |usage| usage.max_rss());
    print!(
        "{} {} {n_roads}",
        architecture.components.len(),
        architecture.flows.len()
    );
    for stage in stages {
        print!(" {stage}");
    }
    println!(" {}", peak as f64 / 1024.0);
}

/// CloudFormation of cells of ten components each: three functions with a role each,
/// an address of one, a queue, a table, a bucket. All three functions may use what is
/// in their cell and in the next; the last cell's next is the first.
pub(crate) fn cells(n: usize) -> String {
    let mut resources: Vec<String> = Vec::new();
    for cell in 0..n {
        let next = (cell + 1) % n.max(1);
        let after = (cell + 2) % n.max(1);
        let auth = if cell % 4 == 0 { "NONE" } else { "AWS_IAM" };
        resources.push(format!(
            r#""Q{cell}":{{"Type":"AWS::SQS::Queue","Properties":{{"VisibilityTimeout":60}}}},
"T{cell}":{{"Type":"AWS::DynamoDB::Table","Properties":{{"BillingMode":"PAY_PER_REQUEST"}}}},
"B{cell}":{{"Type":"AWS::S3::Bucket","Properties":{{"NotificationConfiguration":{{"LambdaConfigurations":[{{"Event":"s3:ObjectCreated:*","Function":{{"Fn::GetAtt":["F{cell}c","Arn"]}}}}]}}}}}},
"P{cell}":{{"Type":"AWS::Lambda::Permission","Properties":{{"Action":"lambda:InvokeFunction","FunctionName":{{"Ref":"F{cell}c"}},"Principal":"s3.amazonaws.com","SourceAccount":{{"Ref":"AWS::AccountId"}}}}}},
"U{cell}":{{"Type":"AWS::Lambda::Url","Properties":{{"AuthType":"{auth}","TargetFunctionArn":{{"Fn::GetAtt":["F{cell}a","Arn"]}}}}}},
"M{cell}":{{"Type":"AWS::Lambda::EventSourceMapping","Properties":{{"EventSourceArn":{{"Fn::GetAtt":["Q{cell}","Arn"]}},"FunctionName":{{"Ref":"F{cell}b"}}}}}}"#
        ));
        for (one, called) in [("a", "b"), ("b", "c"), ("c", "a")] {
            let mut statements = vec![
                r#"{"Sid":"Never","Effect":"Deny","Action":["dynamodb:DeleteTable","s3:DeleteBucket"],"Resource":"*"}"#.to_owned(),
                format!(r#"{{"Effect":"Allow","Action":["sqs:ReceiveMessage","sqs:DeleteMessage","sqs:GetQueueAttributes"],"Resource":{{"Fn::GetAtt":["Q{cell}","Arn"]}}}}"#),
                format!(r#"{{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":{{"Fn::GetAtt":["F{next}{called}","Arn"]}}}}"#),
            ];
            for at in [cell, next, after] {
                statements.push(format!(r#"{{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query"],"Resource":{{"Fn::GetAtt":["T{at}","Arn"]}}}}"#));
                statements.push(format!(r#"{{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":{{"Fn::Sub":"${{B{at}.Arn}}/*"}}}}"#));
            }
            for at in [next, after] {
                statements.push(format!(r#"{{"Effect":"Allow","Action":"sqs:SendMessage","Resource":{{"Fn::GetAtt":["Q{at}","Arn"]}}}}"#));
            }
            resources.push(format!(
                r#""R{cell}{one}":{{"Type":"AWS::IAM::Role","Properties":{{"AssumeRolePolicyDocument":{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"lambda.amazonaws.com"}},"Action":"sts:AssumeRole"}}]}},"ManagedPolicyArns":["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],"Policies":[{{"PolicyName":"p","PolicyDocument":{{"Version":"2012-10-17","Statement":[{}]}}}}]}}}},
"F{cell}{one}":{{"Type":"AWS::Lambda::Function","Properties":{{"Runtime":"nodejs22.x","Handler":"app.handler","Role":{{"Fn::GetAtt":["R{cell}{one}","Arn"]}},"Code":{{"S3Bucket":"code","S3Key":"{cell}{one}.zip"}},"Environment":{{"Variables":{{"TABLE":{{"Ref":"T{cell}"}},"QUEUE":{{"Ref":"Q{next}"}}}}}}}}}}"#,
                statements.join(",")
            ));
        }
    }
    format!("{{\"Resources\":{{\n{}\n}}}}\n", resources.join(",\n"))
}
