//! What a person answers and what the template might have said itself give the same
//! model: facts, flows, roads, threats and risks. Bases and places differ, and so may
//! the facts that only the template's own words carry; each case names them.

use std::collections::BTreeMap;

use underbelly_analysis::{Analysis, Options, Sources, analyze};
use underbelly_expression::{Fact, SubjectId, Value};
use underbelly_iac::Input;
use underbelly_model::Architecture;
use underbelly_source::Limits;

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
    let (answered, twin) = (
        told(&answered, case.but),
        told(&analysed(&twin, ""), case.but),
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
    let mut sources = Sources::default();
    let file = sources.files.add("shop/template.yaml", template);
    sources.inputs.push(Input { file });
    let file = sources.files.add("shop/underbelly.yaml", said);
    sources.projects.push(file);
    let options = Options {
        as_of: AS_OF.to_owned(),
        parameters: BTreeMap::new(),
        limits: Limits::default(),
    };
    let library = underbelly_builtin::rules();
    analyze(sources, &library, &options, &mut |_| Err("none".into()))
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
