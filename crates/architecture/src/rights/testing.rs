//! A small library and the ways to write what a test is about.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Cause, Fact, Hole, Reason, SubjectId, Text, Value};
use underbelly_iac::{Input, ResourceGraph, resolve};
use underbelly_library::{
    AccessLevel, Data, Gives, Kind, Library, ManagedPolicies, PublishedActions, SecretShape,
    ServiceActions, Words,
};
use underbelly_model::{SamKnowledge, Strength};
use underbelly_source::{FileId, Files, Limits, Span};

use crate::draft::Draft;
use crate::few_types;

const AT: Span = Span::new(FileId(0), 0, 1);

/// A text: `<@X.Arn>` is a reference, `<AWS::X>` what the provider fills in,
/// `<&X>` an import, any other `<X>` a parameter.
pub(crate) fn text(written: &str) -> Text {
    let mut text = Text::default();
    for (index, part) in written.split('<').enumerate() {
        let Some((name, rest)) = part.split_once('>').filter(|_| index > 0) else {
            text.push_literal(part);
            continue;
        };
        let cause = match name.split_at(1) {
            ("@", reference) => {
                let (of, attribute) = reference.split_once('.').unwrap_or((reference, ""));
                Cause::Resource {
                    resource: of.len() as u32,
                    attribute: attribute.into(),
                }
            }
            ("&", name) => Cause::Import(name.into()),
            _ if name.starts_with("AWS::") => Cause::Pseudo(name.into()),
            _ => Cause::Parameter(name.into()),
        };
        text.push_hole(Hole {
            cause,
            label: name.trim_start_matches(['@', '&']).into(),
            span: AT,
        });
        text.push_literal(rest);
    }
    text
}

/// What is written, as the property of a resource.
pub(crate) fn fact(written: &str) -> Fact {
    let indented = written.replace('\n', "\n        ");
    let template = format!(
        "Resources:\n  X:\n    Type: Custom::X\n    Properties:\n      Value:\n        {indented}\n"
    );
    let graph = graph(&template);
    let resource = graph.resources.first().unwrap();
    resource.properties.field("Value").into_owned()
}

/// What a template declares.
pub(crate) fn graph(template: &str) -> ResourceGraph {
    let mut files = Files::default();
    let file = files.add("shop.yaml", template);
    let sam = SamKnowledge::default();
    let options = underbelly_iac::Options {
        parameters: BTreeMap::new(),
        missing: BTreeMap::new(),
        sam: &sam,
        is_secret: Default::default(),
        limits: Limits::default(),
    };
    let resolution = resolve(&files, &[Input { file }], &options);
    resolution.graph
}

/// The architecture of a template, with all that this job adds, shown by `show`.
pub(crate) fn draw<R>(template: &str, show: impl FnOnce(&Draft<'_>) -> R) -> R {
    let graph = graph(template);
    let library = library();
    let mut draft = Draft::new(&graph, &library, "2026-11-23");
    let rights = super::add(&mut draft);
    super::connect(&mut draft, &rights);
    show(&draft)
}

/// The component of this logical id.
pub(crate) fn component(draft: &Draft<'_>, name: &str) -> SubjectId {
    let mut components = draft.components.iter();
    let at = components.position(|component| &*component.name == name);
    SubjectId::component(at.unwrap_or_else(|| panic!("no component `{name}`")))
}

/// The parts of a group, each as `key: fact=value …`.
pub(crate) fn parts(draft: &Draft<'_>, owner: &str, group: &str, facts: &[&str]) -> Vec<String> {
    let owner = component(draft, owner);
    let mut lines = Vec::new();
    for id in &draft.components[owner.index()].parts {
        let part = &draft.parts[id.index()];
        if &*part.group != group {
            continue;
        }
        let facts = facts.iter();
        let facts = facts.map(|name| format!("{name}={}", shown(draft, draft.fact(*id, name))));
        let facts: Vec<String> = facts.collect();
        let guard = match part.guard.is_always() {
            true => String::new(),
            false => format!(" if {}", draft.graph.worlds.describe(&part.guard)),
        };
        lines.push(format!("{}{guard}: {}", part.key, facts.join(" ")));
    }
    lines
}

/// Every flow in words, sorted.
pub(crate) fn flows(draft: &Draft<'_>) -> Vec<String> {
    let name = |id: SubjectId| draft.components[id.index()].name.to_string();
    let flows = draft.flows.iter().map(|flow| {
        let ends = (name(flow.source), name(flow.destination));
        let mut line = format!("{} -> {} ({})", ends.0, ends.1, flow.kind.word());
        if !flow.label.is_empty() {
            line = format!("{line} {}", flow.label);
        }
        match flow.strength {
            Strength::Strong => line,
            Strength::Possible => format!("{line} possible"),
            Strength::NoPermission => format!("{line} no-permission"),
        }
    });
    let mut flows: Vec<String> = flows.collect();
    flows.sort();
    flows
}

/// A fact of a component.
pub(crate) fn of(draft: &Draft<'_>, owner: &str, name: &str) -> String {
    shown(draft, draft.fact(component(draft, owner), name))
}

/// A fact as text.
pub(crate) fn shown(draft: &Draft<'_>, fact: Option<&Fact>) -> String {
    match fact {
        None => "unset".to_owned(),
        Some(Fact::Absent(_)) => "absent".to_owned(),
        Some(Fact::Unknown(unknown)) => reason(&unknown.reason),
        Some(Fact::OneOf(one_of)) => {
            let cases = one_of.alternatives.iter().map(|a| {
                let guard = draft.graph.worlds.describe(&a.guard);
                format!("{} if {guard}", shown(draft, Some(&a.fact)))
            });
            format!("<{}>", cases.collect::<Vec<_>>().join(" | "))
        }
        Some(Fact::Known(known)) => match &known.value {
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Map(_) => "map".to_owned(),
            Value::Subject(subject) if subject.is_part() => {
                draft.parts[subject.index()].key.to_string()
            }
            Value::Subject(subject) => draft.components[subject.index()].name.to_string(),
            Value::Set(set) => {
                let items = set.items.iter().map(|item| {
                    let shown = shown(draft, Some(&item.fact));
                    match item.guard.is_always() {
                        true => shown,
                        false => {
                            format!("{shown} if {}", draft.graph.worlds.describe(&item.guard))
                        }
                    }
                });
                let rest = set.rest.as_ref().map(|rest| reason(&rest.reason));
                format!("[{}]", items.chain(rest).collect::<Vec<_>>().join(", "))
            }
        },
    }
}

fn reason(reason: &Reason) -> String {
    format!("?{reason:?}")
}

/// A library that knows a few types, actions, policies and words.
pub(crate) fn library() -> Library {
    Library {
        catalogue: few_types::catalogue(),
        kinds: kinds(),
        data: Data {
            managed_policies: ManagedPolicies::new(MANAGED),
            words: words(),
            actions: underbelly_library::ActionTable {
                services: services(),
                others: others(),
                misnamed: BTreeMap::from([("ddb".into(), "dynamodb".into())]),
                published: PublishedActions::new(PUBLISHED),
            },
            ..Data::default()
        },
        ..Library::default()
    }
}

fn list(text: &str) -> Vec<Arc<str>> {
    text.split_whitespace().map(Arc::from).collect()
}

fn kinds() -> Vec<Kind> {
    const KINDS: &[(&str, &str)] = &[
        ("database", "store guarded"),
        ("event-bus", "channel feeder guarded"),
        ("function", "guarded"),
        ("function-url", "entry-point"),
        ("identity-pool", ""),
        ("key", "guarded"),
        ("layer", "guarded"),
        ("log-group", "store feeder guarded"),
        ("object-store", "store feeder guarded"),
        ("queue", "channel feeder guarded"),
        ("rest-api", "api entry-point guarded"),
        ("role", "guarded"),
        ("secret", "store guarded"),
        ("stack", ""),
        ("table", "store feeder guarded"),
        ("topic", "channel feeder guarded"),
        ("user-pool", ""),
        ("workflow", ""),
    ];
    let kind = |(id, traits): &(&str, &str)| Kind {
        id: (*id).into(),
        name: (*id).into(),
        traits: list(traits),
        drawn: "node".into(),
        zone: "application".into(),
        ..Kind::default()
    };
    KINDS.iter().map(kind).collect()
}

/// Service, everything it gives, action and abilities, harmless actions.
type Few<'t> = (&'t str, &'t str, &'t [(&'t str, &'t str)], &'t str);

fn services() -> BTreeMap<Arc<str>, ServiceActions> {
    const FEW: &[Few<'_>] = &[
        (
            "dynamodb",
            "read_data write_data delete_data change_access",
            &[
                ("GetItem", "read_data"),
                ("Query", "read_data"),
                ("Scan", "read_data"),
                ("GetRecords", "read_data receive"),
                ("PutItem", "write_data"),
                ("UpdateItem", "write_data"),
                ("DeleteItem", "delete_data"),
            ],
            "Describe* List*",
        ),
        (
            "s3",
            "read_data write_data delete_data list change_access administer",
            &[
                ("GetObject", "read_data"),
                ("ListBucket", "list"),
                ("PutObject", "write_data"),
                ("DeleteObject", "delete_data"),
                ("PutBucketPolicy", "change_access"),
            ],
            "GetObjectTagging GetBucket*",
        ),
        (
            "sqs",
            "send receive change_access",
            &[
                ("SendMessage", "send"),
                ("ReceiveMessage", "receive"),
                ("DeleteMessage", "receive"),
            ],
            "GetQueue*",
        ),
        (
            "sns",
            "publish subscribe",
            &[
                ("Publish", "publish send_to_people"),
                ("Subscribe", "subscribe"),
            ],
            "",
        ),
        ("events", "send", &[("PutEvents", "send")], ""),
        ("sts", "assume", &[("AssumeRole*", "assume")], ""),
        (
            "kms",
            "decrypt",
            &[("Decrypt", "decrypt")],
            "Describe* Encrypt",
        ),
        (
            "secretsmanager",
            "read_secret",
            &[("GetSecretValue", "read_secret")],
            "",
        ),
        ("logs", "tamper_logs", &[], "CreateLog* PutLogEvents"),
        (
            "iam",
            "pass_role change_identity",
            &[
                ("PassRole", "pass_role"),
                ("PutRolePolicy", "change_identity"),
            ],
            "",
        ),
        (
            "lambda",
            "invoke change_code change_config change_access",
            &[
                ("InvokeFunction", "invoke"),
                ("InvokeFunctionUrl", "invoke"),
                ("CreateFunction", "change_code create_compute"),
                ("UpdateFunctionCode", "change_code"),
                ("GetLayerVersion", "read_config"),
            ],
            "",
        ),
    ];
    let service = |(id, everything, actions, harmless): &Few<'_>| {
        let actions = actions.iter();
        let known = ServiceActions {
            name: (*id).into(),
            everything: list(everything),
            actions: actions
                .map(|(name, gives)| ((*name).into(), list(gives)))
                .collect(),
            harmless: list(harmless),
            instead: match *id {
                "sqs" => vec![("SendMessageBatch".into(), "SendMessage".into())],
                _ => Vec::new(),
            },
            former: match *id {
                "sns" => vec!["Receive".into()],
                _ => Vec::new(),
            },
        };
        ((*id).into(), known)
    };
    FEW.iter().map(service).collect()
}

/// All there is of these services.
const PUBLISHED: &str = "\
# checked: 2026-11-23
atlas Atlas
 = map=map/*
 L - DescribeMap ListMaps
 R map GetMap GetMapCredentials
 W map DrawMap
 P map PutMapPolicy
 T map TagMap
dynamodb DynamoDB
 = table=table/* index=table/*/index/* stream=table/*/stream/*
 L - ListTables
 R - DescribeLimits
 R table DescribeTable GetItem Query Scan
 R stream GetRecords DescribeStream
 W table PutItem UpdateItem DeleteItem
events EventBridge
 = event-bus=event-bus/* rule=rule/*
 W event-bus PutEvents
iam IAM
 = role=@iam::*:role/* user=@iam::*:user/*
 P role PassRole PutRolePolicy
kms KMS
 = key=key/*
 R key DescribeKey
 W key Decrypt Encrypt
lambda Lambda
 = function=function:* layer=layer:*:*
 R layer GetLayerVersion
 W function InvokeFunction InvokeFunctionUrl UpdateFunctionCode
 W - CreateFunction
logs CloudWatch Logs
 = log-group=log-group:* log-stream=log-group:*:log-stream:*
 W log-group CreateLogGroup CreateLogStream
 W log-stream PutLogEvents
s3 S3
 = bucket=@s3:::* object=@s3:::*/* job=job/*
 L bucket ListBucket
 L - DescribeJob
 R bucket GetBucketPolicy GetBucketAcl
 R object GetObject GetObjectTagging
 W object PutObject DeleteObject
 P bucket PutBucketPolicy
secretsmanager Secrets Manager
 = Secret=secret:*
 R Secret GetSecretValue
sns SNS
 = topic=*
 W topic Publish Subscribe
sqs SQS
 = queue=*
 R queue GetQueueUrl ReceiveMessage
 W queue SendMessage DeleteMessage
sts STS
 = role=@iam::*:role/*
 W role AssumeRole AssumeRoleWithWebIdentity
";

fn others() -> BTreeMap<AccessLevel, Vec<Gives>> {
    const OTHERS: &[(AccessLevel, &[(&str, &str)])] = &[
        (AccessLevel::List, &[("*", "")]),
        (
            AccessLevel::Read,
            &[
                ("*", "read_data"),
                ("Get*", "read_config"),
                ("*Credentials*", "read_secret"),
            ],
        ),
        (AccessLevel::Write, &[("*", "change_config")]),
        (AccessLevel::Permissions, &[("*", "change_access")]),
        (AccessLevel::Tagging, &[("*", "")]),
    ];
    let others = OTHERS.iter().map(|(level, names)| {
        let names = names.iter();
        let names = names.map(|(name, gives)| ((*name).into(), list(gives)));
        (*level, names.collect())
    });
    others.collect()
}

const MANAGED: &str = "\
AWSLambdaBasicExecutionRole service-role/ v1 2015-04-10
 allow
  do logs: CreateLogGroup CreateLogStream PutLogEvents
  on *
AdministratorAccess - v1 2015-02-06
 allow
  do *
  on *
AmazonS3FullAccess - v2 2021-09-27
 allow
  do s3: *
  on *
";

fn words() -> Words {
    let lists = [
        ("secret_names", "password secret token api_key"),
        ("secret_pieces", "password"),
        ("not_secret_endings", "arn name id url ttl"),
        ("not_secret_names", "public max_tokens"),
        ("secret_over_ending", "database_url"),
        ("role_like_attributes", "role is_admin tenant"),
    ];
    let lists = lists
        .into_iter()
        .map(|(name, words)| (name.into(), list(words)));
    Words {
        lists: lists.collect(),
        secret_shapes: vec![SecretShape {
            name: "AWS access key id".into(),
            prefix: "AKIA".into(),
            least: 20,
            alphabet: "A-Z0-9".into(),
        }],
    }
}
