//! What a person answers and what the template might have said itself give the same
//! model: facts, flows, roads, threats and risks. Bases and places differ, and so may
//! the facts that only the template's own words carry; each case names them.

use std::collections::BTreeMap;

use underbelly_analysis::{Analysis, Options, Sources, analyze};
use underbelly_expression::{Fact, SubjectId, Value};
use underbelly_iac::Input;
use underbelly_library::{FactDef, Format, Library};
use underbelly_model::{Architecture, QuestionKey};
use underbelly_source::Limits;

use crate::corpus;
use crate::corpus_folder::corpus_folder;
use crate::door::AS_OF;
use crate::golden::difference;

/// What the template leaves open stands as `?`.
struct Case {
    template: &'static str,
    /// What the template's twin says in its place.
    says: &'static str,
    /// What people say instead, in `underbelly.yaml`.
    said: &'static str,
    /// Facts that only the template's own words carry.
    but: &'static [&'static str],
}

#[track_caller]
fn check(case: &Case) {
    let open = case.template.replace('?', "!Ref Open");
    let twin = case.template.replace('?', case.says);
    let answered = analysed(&open, case.said);
    let said: Vec<_> = answered.diagnostics.iter().collect();
    let about = said.iter().filter(|problem| {
        let file = problem.span.map(|span| span.file);
        file == answered.projects.first().copied()
    });
    assert_eq!(about.count(), 0, "{said:#?}");
    // What a policy is called stands in keys.
    let named = |text: String| text.replace("AdministratorAccess", "${Open}");
    let (answered, twin) = (
        named(told(&answered, case.but)),
        named(told(&analysed(&twin, ""), case.but)),
    );
    let difference_ = difference(&twin, &answered);
    assert!(
        difference_.is_empty(),
        "- the template says {}, + people say {}\n{difference_}",
        case.says,
        case.said
    );
    // A test that hears nothing would pass as well.
    let unanswered = told(&analysed(&open, ""), case.but);
    assert_ne!(unanswered, answered, "{}", case.said);
}

fn analysed(template: &str, said: &str) -> Analysis {
    let template = format!("Parameters:\n  Open: {{ Type: String }}\n{template}");
    analysed_by(&underbelly_builtin::rules(), &template, said)
}

fn analysed_by(library: &Library, template: &str, said: &str) -> Analysis {
    let mut sources = Sources::default();
    let file = sources.files.add("shop/template.yaml", template);
    sources.inputs.push(Input { file });
    if !said.is_empty() {
        let file = sources.files.add("shop/underbelly.yaml", said);
        sources.projects.push(file);
    }
    let options = Options {
        as_of: AS_OF.to_owned(),
        parameters: BTreeMap::new(),
        limits: Limits::default(),
    };
    analyze(sources, library, &options, &mut |_| Err("none".into()))
}

/// All a model says but for bases, places and reasons, a line each.
fn told(analysis: &Analysis, but: &[&str]) -> String {
    let model = &analysis.model;
    let architecture = &model.architecture;
    let mut lines = Vec::new();
    let components = (0..architecture.components.len()).map(SubjectId::component);
    let parts = (0..architecture.parts.len()).map(SubjectId::part);
    for subject in components.chain(parts) {
        let label = architecture.label(subject);
        lines.push(label.clone());
        for (name, fact) in architecture.facts(subject).unwrap().iter() {
            if !but.contains(&&**name) {
                lines.push(format!("{label}.{name} = {}", shown(architecture, fact)));
            }
        }
    }
    for flow in &architecture.flows {
        lines.push(format!(
            "flow {} {:?} {:?}",
            flow.id, flow.strength, flow.guard
        ));
    }
    for threat in &model.threats {
        let (risk, id) = (&threat.risk, &threat.id);
        lines.push(format!(
            "threat {id} {} {:.3} {:.3} {:.3}",
            threat.state.word(),
            risk.value,
            risk.inherent,
            risk.projected
        ));
        for point in &threat.points {
            lines.push(format!("point {id} # {} {}", point.key, point.state.word()));
        }
        for one in &threat.countermeasures {
            lines.push(format!("against {id}: {} {}", one.id, one.status.word()));
        }
    }
    for road in &model.roads {
        let steps = road.steps.iter().map(|step| {
            let to = architecture.label(step.to.subject);
            format!(
                "{to} {:?} {:?} {:.4}",
                step.how,
                step.unknown.is_some(),
                step.ease
            )
        });
        let steps: Vec<String> = steps.collect();
        lines.push(format!("road {:.4}: {}", road.ease, steps.join(" > ")));
    }
    for question in &model.questions {
        let label = architecture.label(question.key.subject);
        lines.push(format!("question {} @ {label}", question.key.fact));
    }
    lines.sort();
    lines.join("\n")
}

fn shown(architecture: &Architecture, fact: &Fact) -> String {
    match fact {
        Fact::Absent(_) => "absent".to_owned(),
        Fact::Unknown(_) => "unknown".to_owned(),
        Fact::OneOf(_) => {
            let cases = fact.cases();
            let cases = cases.map(|(guard, case)| {
                let when = architecture.worlds.describe(&guard);
                format!("{} when {when}", shown(architecture, case))
            });
            cases.collect::<Vec<_>>().join(" or ")
        }
        Fact::Known(known) => match &known.value {
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.to_string(),
            Value::Subject(subject) => architecture.label(*subject),
            Value::Map(_) => "a map".to_owned(),
            Value::Set(set) => {
                let items = set.items.iter();
                let mut items: Vec<String> =
                    items.map(|item| shown(architecture, &item.fact)).collect();
                items.sort();
                let rest = set.rest.as_ref().map_or("", |_| " and more");
                format!("{{{}}}{rest}", items.join(", "))
            }
        },
    }
}

const ROUTE: &str = "\
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
  Orders:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders }
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: POST
      AuthorizationType: ?
      Integration: { Type: AWS_PROXY, Uri: !GetAtt Place.Arn }
  Invoke:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Place, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com }
  Place:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      Code: { ZipFile: pass }
      Role: !GetAtt Role.Arn
      Environment: { Variables: { TABLE: !Ref Customers } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] }
      Policies:
        - PolicyName: data
          PolicyDocument: { Statement: [{ Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt Customers.Arn }] }
  Customers:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: S }] }
";

#[test]
fn whoever_may_call_a_route_is_heard_down_to_the_data() {
    for (says, answer) in [("NONE", "none"), ("AWS_IAM", "iam")] {
        let said = format!("answers: {{ 'auth @ Api # POST /orders': {answer} }}\n");
        check(&Case {
            template: ROUTE,
            says,
            said: said.leak(),
            but: &[],
        });
    }
}

const ADDRESS: &str = "\
Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: shop.handler
      InlineCode: pass
      Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Notes } }]
      Environment: { Variables: { TABLE: !Ref Notes } }
  Url:
    Type: AWS::Lambda::Url
    Properties: { TargetFunctionArn: !Ref Shop, AuthType: ? }
  Anyone:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Shop, Action: lambda:InvokeFunctionUrl, Principal: '*', FunctionUrlAuthType: NONE }
  Notes:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: S }] }
";

#[test]
fn whoever_may_call_an_address_is_heard_down_to_the_data() {
    for (says, answer) in [("NONE", "none"), ("AWS_IAM", "iam")] {
        let said = format!("answers: {{ auth @ Url: {answer} }}\n");
        check(&Case {
            template: ADDRESS,
            says,
            said: said.leak(),
            but: &[],
        });
    }
}

const QUEUE: &str = "\
Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement: [{ Sid: Senders, Effect: Allow, Principal: ?, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn }]
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: pass
      Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } } }
";

#[test]
fn whoever_may_send_to_a_queue_is_heard_where_its_messages_go() {
    check(&Case {
        template: QUEUE,
        says: "'*'",
        said: "answers: { 'principal @ Jobs # Senders': anyone }\n",
        but: &["principal_name"],
    });
}

/// Cases of one template: what its twin says, what people answer.
#[track_caller]
fn check_each(
    template: &'static str,
    but: &'static [&'static str],
    cases: &[(&'static str, &str)],
) {
    for (says, answers) in cases {
        let said = format!("answers:\n  {}\n", answers.replace("; ", "\n  "));
        check(&Case {
            template,
            says,
            said: said.leak(),
            but,
        });
    }
}

const FUNCTION: &str = "\
Resources:
  Place:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: pass
      Policies: [{ DynamoDBCrudPolicy: { TableName: !Ref Notes } }]
      Environment: { Variables: { TABLE: !Ref Notes } }
  Invoke:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Place, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com }
  Notes:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [{ AttributeName: id, KeyType: HASH }], AttributeDefinitions: [{ AttributeName: id, AttributeType: S }] }
";

fn with_function(more: &str) -> &'static str {
    format!("{FUNCTION}{more}").leak()
}

#[test]
fn whoever_may_call_a_route_of_a_small_api_is_heard() {
    let template = with_function(
        "  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: shop, ProtocolType: HTTP } }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: POST /notes, AuthorizationType: ?, Target: !Sub 'integrations/${Calls}' }
  Calls:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Place.Arn, PayloadFormatVersion: '2.0' }
",
    );
    let cases = [
        ("NONE", "'auth @ Api # POST /notes': none"),
        ("AWS_IAM", "'auth @ Api # POST /notes': iam"),
    ];
    check_each(template, &[], &cases);
}

#[test]
fn a_condition_keeps_what_the_template_shows_of_it() {
    let template = with_function(
        "  Url:
    Type: AWS::Lambda::Url
    Properties: { TargetFunctionArn: !Ref Place, AuthType: !If [IsProd, AWS_IAM, ?] }
  Anyone:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Place, Action: lambda:InvokeFunctionUrl, Principal: '*', FunctionUrlAuthType: NONE }
Conditions: { IsProd: !Equals [!Ref 'AWS::Region', eu-west-1] }
",
    );
    check_each(template, &[], &[("NONE", "auth @ Url: none")]);
}

#[test]
fn what_the_parameter_of_a_permission_would_say_is_heard() {
    let template = with_function(
        "  Whoever:
    Type: AWS::Lambda::Permission
    Properties: { FunctionName: !Ref Place, Action: lambda:InvokeFunction, Principal: ? }
",
    );
    let cases = [("'*'", "'principal @ Place # Whoever': anyone")];
    check_each(template, &["principal_name"], &cases);
}

const BUCKET: &str = "\
Resources:
  Files: { Type: AWS::S3::Bucket, Properties: { PublicAccessBlockConfiguration: { BLOCKS } } }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Statement: [{ Sid: All, Effect: Allow, Principal: WHO, Action: ['s3:GetObject', 's3:PutObject'], Resource: !Sub '${Files.Arn}/*' }]
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: pass
      Events: { New: { Type: S3, Properties: { Bucket: !Ref Files, Events: 's3:ObjectCreated:*' } } }
";

fn bucket(blocks: &str, who: &str) -> &'static str {
    BUCKET.replace("BLOCKS", blocks).replace("WHO", who).leak()
}

#[test]
fn whether_a_bucket_blocks_the_public_is_heard() {
    let off = "BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: ?";
    let cases = [
        ("false", "block_settings @ Files: []"),
        ("true", "block_settings @ Files: [restrict]"),
    ];
    check_each(bucket(off, "'*'"), &[], &cases);
}

#[test]
fn whom_a_bucket_lets_in_is_heard() {
    let off = "BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false";
    let cases = [("'*'", "'principal @ Files # All': anyone")];
    check_each(bucket(off, "?"), &["principal_name"], &cases);
}

#[test]
fn what_whom_a_queue_lets_in_may_do_is_heard() {
    let template = QUEUE.replace("Principal: ?", "Principal: '*'");
    let template = template.replace("sqs:SendMessage", "?");
    let cases = [("'sqs:SendMessage'", "'abilities @ Jobs # Senders': [send]")];
    check_each(template.leak(), &[], &cases);
}

#[test]
fn what_a_role_may_do_is_heard() {
    let template = ROUTE.replace("AuthorizationType: ?", "AuthorizationType: NONE");
    let template = template.replace(
        "{ Statement: [{ Effect: Allow, Action: 'dynamodb:*', Resource: !GetAtt Customers.Arn }] }",
        "{ Statement: [{ Sid: Some, Effect: Allow, Action: ?, Resource: '*' }] }",
    );
    let cases = [("'*'", "'wildcard_actions @ Role # data/Some': all")];
    check_each(template.leak(), &[], &cases);
}

#[test]
fn how_long_a_function_runs_is_heard_by_its_queue() {
    let template = QUEUE.replace("Principal: ?", "Principal: { AWS: !Ref 'AWS::AccountId' }");
    let template = template.replace("InlineCode: pass", "InlineCode: pass\n      Timeout: ?");
    let cases = [("60", "timeout @ Worker: 60")];
    check_each(template.leak(), &[], &cases);
}

#[test]
fn where_an_api_may_be_called_from_is_heard() {
    let template = ROUTE.replace("AuthorizationType: ?", "AuthorizationType: NONE");
    let template = template.replace(
        "{ Name: shop }",
        "{ Name: shop, EndpointConfiguration: { Types: [?] } }",
    );
    let cases = [("REGIONAL", "network_scope @ Api: public")];
    check_each(template.leak(), &[], &cases);
}

#[test]
fn how_a_graph_is_called_is_heard() {
    let template = with_function(
        "  Graph: { Type: AWS::AppSync::GraphQLApi, Properties: { Name: g, AuthenticationType: ? } }
  Schema: { Type: AWS::AppSync::GraphQLSchema, Properties: { ApiId: !GetAtt Graph.ApiId, Definition: 'type Query { note: String }' } }
  Source: { Type: AWS::AppSync::DataSource, Properties: { ApiId: !GetAtt Graph.ApiId, Name: s, Type: AWS_LAMBDA, LambdaConfig: { LambdaFunctionArn: !GetAtt Place.Arn } } }
  Note: { Type: AWS::AppSync::Resolver, Properties: { ApiId: !GetAtt Graph.ApiId, TypeName: Query, FieldName: note, DataSourceName: !GetAtt Source.Name } }
",
    );
    let cases = [
        (
            "API_KEY",
            "auth @ Graph: api_key; auth_modes @ Graph: [API_KEY]",
        ),
        ("AWS_IAM", "auth_modes @ Graph: [AWS_IAM]"),
    ];
    check_each(template, &[], &cases);
}

#[test]
fn what_a_balancer_faces_is_heard() {
    let template = with_function(
        "  Front: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Type: application, Scheme: ?, Subnets: [a, b] } }
  Port: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Front, Port: 80, Protocol: HTTP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] } }
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: lambda, Targets: [{ Id: !GetAtt Place.Arn }] } }
",
    );
    let cases = [
        ("internet-facing", "open_to @ Front: anyone"),
        ("internal", "open_to @ Front: account"),
    ];
    check_each(template, &[], &cases);
}

#[test]
fn whether_a_route_wants_a_key_is_heard() {
    let template = ROUTE.replace(
        "AuthorizationType: ?",
        "AuthorizationType: NONE\n      ApiKeyRequired: ?",
    );
    let cases = [
        ("true", "'key_required @ Api # POST /orders': true"),
        ("false", "'key_required @ Api # POST /orders': false"),
    ];
    check_each(template.leak(), &[], &cases);
}

#[test]
fn whom_the_policy_of_an_api_lets_in_is_heard() {
    let template = ROUTE.replace("AuthorizationType: ?", "AuthorizationType: NONE");
    let template = template.replace(
        "{ Name: shop }",
        "{ Name: shop, Policy: { Statement: [{ Sid: Some, Effect: Allow, Principal: ?, Action: execute-api:Invoke, Resource: '*' }] } }",
    );
    let cases = [("'*'", "'principal @ Api # Some': anyone")];
    check_each(template.leak(), &["principal_name"], &cases);
}

#[test]
fn whom_a_role_trusts_is_heard() {
    let template = ROUTE.replace("AuthorizationType: ?", "AuthorizationType: NONE");
    let template = template.replace(
        "{ Statement: [{ Effect: Allow, Principal: { Service",
        "{ Statement: [{ Sid: Others, Effect: Allow, Principal: ?, Action: sts:AssumeRole }, { Effect: Allow, Principal: { Service",
    );
    let cases = [("'*'", "'principal @ Role # Others': anyone")];
    check_each(template.leak(), &["principal_name"], &cases);
}

#[test]
fn what_a_list_of_a_bucket_gives_is_heard() {
    let template = bucket(
        "BlockPublicAcls: false, IgnorePublicAcls: false",
        "!Ref 'AWS::AccountId'",
    );
    let template = template.replace(
        "Properties: { PublicAccess",
        "Properties: { AccessControl: ?, OwnershipControls: { Rules: [{ ObjectOwnership: ObjectWriter }] }, PublicAccess",
    );
    let cases = [(
        "PublicReadWrite",
        "public_list @ Files: true; public_write @ Files: true; 'principal @ Files # AccessControl': anyone",
    )];
    check_each(template.leak(), &["principal_name"], &cases);
}

/// Every answer that a question allows, as written.
fn allowed(library: &Library, architecture: &Architecture, key: &QuestionKey) -> Vec<String> {
    let facts = match architecture.part(key.subject) {
        Some(part) => library.part(&part.kind).unwrap().facts.iter().collect(),
        None => {
            let kind = &architecture.component(key.subject).unwrap().kind;
            library.facts_of(kind).map(|(_, fact)| fact).collect()
        }
    };
    let facts: Vec<&FactDef> = facts;
    let def = facts.iter().find(|def| def.name == key.fact).unwrap();
    let (ty, optional) = match def.ty.strip_suffix('?') {
        Some(ty) => (ty, true),
        None => (&*def.ty, false),
    };
    let mut values = match ty.strip_prefix("set<").and_then(|ty| ty.strip_suffix('>')) {
        Some(inner) => {
            let each = of_type(library, inner).into_iter();
            let each: Vec<String> = each.map(|value| format!("[{value}]")).collect();
            match each.is_empty() {
                true => Vec::new(),
                false => [vec!["[]".to_owned()], each].concat(),
            }
        }
        None => of_type(library, ty),
    };
    if optional && !values.is_empty() {
        values.push("none".to_owned());
    }
    values
}

fn of_type(library: &Library, ty: &str) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    if let Some(members) = ty.strip_prefix("enum{") {
        return words(&members.trim_end_matches('}').split('|').collect::<Vec<_>>());
    }
    if let Some(vocabulary) = library.vocabularies.iter().find(|known| *known.id == *ty) {
        let each = vocabulary.words.iter();
        return each.map(|word| word.id.to_string()).collect();
    }
    match ty {
        "bool" => words(&["true", "false"]),
        "text" => words(&["said"]),
        _ if ty.starts_with("num<") => words(&["0", "30"]),
        // Which component is meant only a template can say.
        _ => Vec::new(),
    }
}

/// Answers all questions of a system in rounds, each with other values, and says
/// what came of it that should not.
fn answered_in_rounds(
    library: &Library,
    name: &str,
    analysed: &dyn Fn(&str) -> Analysis,
    n_answered: &mut usize,
) -> Vec<String> {
    let asked = analysed("");
    let architecture = &asked.model.architecture;
    let questions = asked.model.questions.iter();
    let questions = questions.filter_map(|question| {
        let label = architecture.label(question.key.subject);
        let key = format!("{} @ {label}", question.key.fact);
        let values = allowed(library, architecture, &question.key);
        (!values.is_empty()).then_some((key, values))
    });
    let questions: Vec<(String, Vec<String>)> = questions.collect();
    let mut problems = Vec::new();
    if questions.is_empty() {
        return problems;
    }
    for round in 0..ROUNDS {
        let answers = questions.iter().enumerate().map(|(index, (key, values))| {
            let value = &values[(index + round) % values.len()];
            format!("  {key:?}: {value}\n")
        });
        let said = format!("answers:\n{}", answers.collect::<String>());
        *n_answered += questions.len();
        let answered = analysed(&said);
        let wrong = answered.diagnostics.iter().filter(|problem| {
            let file = problem.span.map(|span| span.file);
            file.is_some() && file == answered.projects.first().copied()
        });
        problems.extend(wrong.map(|wrong| format!("{name}: {} in\n{said}", wrong.message)));
        let still = answered.model.questions.iter().map(|question| {
            let label = answered.model.architecture.label(question.key.subject);
            format!("{} @ {label}", question.key.fact)
        });
        let still = still.filter(|key| questions.iter().any(|(known, _)| known == key));
        problems.extend(still.map(|key| format!("{name}: still asks {key} in\n{said}")));
    }
    problems
}

#[test]
fn every_question_of_real_systems_takes_every_answer() {
    let Some(corpus) = corpus_folder() else {
        return;
    };
    let library = underbelly_builtin::rules();
    let mut n_answered = 0;
    let mut problems = Vec::new();
    for folder in corpus::folders(&corpus) {
        let analysed = |said: &str| corpus::analysed_with(&folder, &library, said).1;
        let name = folder.display().to_string();
        problems.extend(answered_in_rounds(
            &library,
            &name,
            &analysed,
            &mut n_answered,
        ));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(n_answered > 100, "{n_answered}");
}

#[test]
fn every_question_of_the_librarys_examples_takes_every_answer() {
    let library = underbelly_builtin::rules();
    let pages = underbelly_builtin::pages();
    let mut n_answered = 0;
    let mut problems = Vec::new();
    for page in &pages.threats {
        let alone = library.with_only(&page.id);
        for example in &page.examples {
            let template = match example.format {
                Format::Sam => format!("{}\nTransform: AWS::Serverless-2016-10-31\n", example.text),
                Format::CloudFormation => example.text.to_string(),
            };
            let analysed = |said: &str| analysed_by(&alone, &template, said);
            let name = format!("{}, {}", page.id, example.case);
            problems.extend(answered_in_rounds(
                &alone,
                &name,
                &analysed,
                &mut n_answered,
            ));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(n_answered > 100, "{n_answered}");
}

/// How often all questions of a system are answered, each time with other values.
const ROUNDS: usize = 3;
