//! Who can reach what, and whether untrusted data does.

use underbelly_expression::{Basis, Fact, Guard, Item, Set, SubjectId, Value};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{FileId, Span};

use crate::draft::Draft;
use crate::testing::{check_facts, draw_with, facts};

const AT: Span = Span::new(FileId(0), 0, 1);

fn component(draft: &Draft<'_>, name: &str) -> SubjectId {
    let found = draft.components.iter().position(|c| *c.name == *name);
    SubjectId::component(found.unwrap())
}

/// An admission as rights would add it.
fn admit(draft: &mut Draft<'_>, to: &str, principal: &str, abilities: &[&str], narrowed: &[&str]) {
    let to = component(draft, to);
    let part = draft.add_part(to, "admits", "admit", principal, Some(AT), Guard::always());
    let set = |words: &[&str]| {
        let items = words.iter().map(|word| Item {
            guard: Guard::always(),
            fact: Fact::text(*word, AT),
        });
        Value::Set(Set {
            items: items.collect(),
            rest: None,
        })
    };
    let known = |value| Fact::known(value, Basis::Written, Vec::new());
    draft.set(part, "principal", Fact::text(principal, AT));
    draft.set(part, "abilities", known(set(abilities)));
    draft.set(part, "narrowed_by", known(set(narrowed)));
}

fn write(draft: &mut Draft<'_>, from: &str, to: &str, strength: Strength) {
    let (from, to) = (component(draft, from), component(draft, to));
    draft.add_flow(
        from,
        to,
        FlowKind::Access,
        strength,
        "write",
        Guard::always(),
        Vec::new(),
    );
}

const API: &str = r"
  Api: {Type: AWS::ApiGateway::RestApi}
  Check: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: check, Type: TOKEN, AuthorizerUri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Guard.Arn}/invocations'}}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: AWS_PROXY, Uri: !GetAtt ListFn.Arn}
  Place:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Check
      Integration: {Type: AWS_PROXY, Uri: !GetAtt PlaceFn.Arn}
  Admin:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: DELETE
      AuthorizationType: AWS_IAM
      Integration: {Type: AWS_PROXY, Uri: !GetAtt AdminFn.Arn}
  ListFn: {Type: AWS::Lambda::Function}
  PlaceFn: {Type: AWS::Lambda::Function}
  AdminFn: {Type: AWS::Lambda::Function}
  Guard: {Type: AWS::Lambda::Function}
";

#[test]
fn a_function_is_as_open_as_its_routes() {
    check_facts(
        API,
        &[
            "Api.auth = none written 10",
            "Api.open_to = anyone written 10",
            "ListFn.open_to = anyone written 10",
            "PlaceFn.open_to = signed_in written 18",
            "AdminFn.open_to = account written 27",
            "Guard.open_to = anyone written 3",
            "ListFn.serves_many_users = true written 10,4",
            "AdminFn.serves_many_users = false written 27",
        ],
    );
}

#[test]
fn untrusted_data_comes_route_by_route() {
    check_facts(
        API,
        &[
            "ListFn.untrusted_input = true written 10,4",
            "PlaceFn.untrusted_input = true written 18,12",
            "AdminFn.untrusted_input = false provider-default 31",
            "Guard.untrusted_input = true written 10,3",
        ],
    );
}

#[test]
fn private_apis_are_open_to_the_account() {
    let private = |draft: &mut Draft<'_>| {
        let api = component(draft, "Api");
        draft.set(api, "network_scope", Fact::text("private", AT));
    };
    draw_with(API, private, |drawing| {
        facts(
            drawing,
            &[
                "Api.open_to = account written 1",
                "ListFn.open_to = account written 1",
                "ListFn.untrusted_input = false provider-default 29",
            ],
        );
    });
}

const URL: &str = r"
  Fn: {Type: AWS::Lambda::Function}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Fn.Arn}}
";

#[test]
fn an_address_without_authorisation_is_open_if_the_function_lets_anyone_in() {
    draw_with(
        URL,
        |draft| admit(draft, "Fn", "anyone", &["invoke"], &[]),
        |drawing| {
            facts(
                drawing,
                &[
                    "Url.open_to = anyone written 3,1",
                    "Fn.open_to = anyone written 3,1",
                    "Fn.untrusted_input = true written 1",
                ],
            );
        },
    );
    check_facts(
        URL,
        &[
            "Url.open_to = account provider-default 3",
            "Fn.open_to = account provider-default 3",
            "Fn.untrusted_input = false provider-default 2",
        ],
    );
    draw_with(
        URL,
        |draft| admit(draft, "Fn", "anyone", &["invoke"], &["organisation"]),
        |drawing| facts(drawing, &["Url.open_to = partner written 1"]),
    );
    draw_with(
        URL,
        |draft| admit(draft, "Fn", "anyone", &["invoke"], &["function_url"]),
        |drawing| {
            facts(
                drawing,
                &[
                    "Url.open_to = anyone written 3,1",
                    "Fn.open_to = anyone written 3,1",
                ],
            );
        },
    );
}

#[test]
fn an_address_with_an_unknown_authorisation_is_unknown() {
    check_facts(
        r"
Parameters: {Auth: {Type: String}}
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !Ref Auth, TargetFunctionArn: !GetAtt Fn.Arn}}
",
        &[
            "Url.open_to = unknown parameter",
            "Fn.open_to = unknown parameter",
            "Fn.untrusted_input = unknown parameter",
        ],
    );
}

#[test]
fn a_conditional_authorisation_is_decided_world_by_world() {
    let resources = r"
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !If [IsProd, AWS_IAM, NONE], TargetFunctionArn: !GetAtt Fn.Arn}}
";
    draw_with(
        resources,
        |draft| admit(draft, "Fn", "anyone", &["read_data"], &[]),
        |drawing| {
            facts(drawing, &["Url.open_to = account provider-default 7"]);
        },
    );
    draw_with(
        resources,
        |draft| admit(draft, "Fn", "service", &["invoke"], &[]),
        |drawing| facts(drawing, &["Fn.open_to = deputy written 1"]),
    );
}

const CHAIN: &str = r"
  Mail:
    Type: AWS::SES::ReceiptRule
    Properties: {Rule: {Enabled: true, Actions: [{S3Action: {BucketName: !Ref Files}}]}}
  Files:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {QueueConfigurations: [{Event: a, Queue: !GetAtt Jobs.Arn}]}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn}}}
  Lost: {Type: AWS::SQS::Queue}
  Fn: {Type: AWS::Lambda::Function}
  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn}}
  Orders: {Type: AWS::DynamoDB::Table}
  Late: {Type: AWS::Lambda::Function}
  Map2: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Late, EventSourceArn: !GetAtt Orders.StreamArn}}
  Alone: {Type: AWS::Lambda::Function}
";

#[test]
fn untrusted_data_travels_over_any_number_of_hops() {
    draw_with(
        CHAIN,
        |draft| write(draft, "Fn", "Orders", Strength::Strong),
        |drawing| {
            facts(
                drawing,
                &[
                    "Jobs.untrusted_input = true written 4,4,7",
                    "Lost.untrusted_input = true written 4,4,7,8",
                    "Fn.untrusted_input = true written 4,4,7,11",
                    "Orders.untrusted_input = true written 4,4,7,11",
                    "Late.untrusted_input = true written 4,4,7,11,14",
                    "Alone.untrusted_input = false provider-default 15",
                    "Fn.open_to = nobody provider-default 10",
                    "Orders.open_to = nobody provider-default 12",
                ],
            );
        },
    );
    draw_with(
        CHAIN,
        |draft| write(draft, "Fn", "Orders", Strength::Possible),
        |drawing| {
            facts(
                drawing,
                &["Late.untrusted_input = true library-assumption 4,4,7,11,14"],
            )
        },
    );
    draw_with(
        CHAIN,
        |draft| write(draft, "Fn", "Orders", Strength::NoPermission),
        |drawing| {
            facts(
                drawing,
                &["Late.untrusted_input = false provider-default 13"],
            )
        },
    );
}

#[test]
fn what_a_stranger_fills_is_unknown() {
    check_facts(
        r"
Parameters: {Elsewhere: {Type: String}}
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Fn, EventSourceArn: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs'}}
",
        &["Fn.untrusted_input = unknown other-component"],
    );
}

#[test]
fn policies_open_channels_and_stores() {
    let resources = r"
  Jobs: {Type: AWS::SQS::Queue}
  Fn: {Type: AWS::Lambda::Function}
  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref Fn, EventSourceArn: !GetAtt Jobs.Arn}}
";
    draw_with(
        resources,
        |draft| admit(draft, "Jobs", "foreign_account", &["send"], &[]),
        |drawing| {
            facts(
                drawing,
                &[
                    "Jobs.open_to = partner written 1",
                    "Jobs.foreign_producers = true written 1",
                    "Jobs.untrusted_input = true written 1",
                    "Fn.untrusted_input = true written 1,4",
                    "Fn.open_to = nobody provider-default 3",
                ],
            );
        },
    );
    draw_with(
        resources,
        |draft| admit(draft, "Jobs", "service", &["send"], &["source_arn"]),
        |drawing| {
            facts(
                drawing,
                &[
                    "Jobs.open_to = nobody written 1",
                    "Jobs.foreign_producers = false provider-default 2",
                    "Jobs.untrusted_input = false provider-default 2",
                ],
            );
        },
    );
}

#[test]
fn buckets_take_uploads_by_policy_or_from_browsers() {
    check_facts(
        r"
  Files: {Type: AWS::S3::Bucket, Properties: {CorsConfiguration: {CorsRules: [{AllowedMethods: [PUT], AllowedOrigins: ['https://shop.example.com']}]}}}
  Plain: {Type: AWS::S3::Bucket}
",
        &[
            "Files.accepts_uploads = true library-assumption 2",
            "Files.untrusted_input = true library-assumption 2",
            "Files.open_to = nobody provider-default 2",
            "Plain.accepts_uploads = false provider-default 3",
        ],
    );
    draw_with(
        "  Files: {Type: AWS::S3::Bucket}",
        |draft| admit(draft, "Files", "anyone", &["write_data"], &[]),
        |drawing| {
            facts(
                drawing,
                &[
                    "Files.accepts_uploads = true written 1",
                    "Files.open_to = anyone written 1",
                ],
            );
        },
    );
}

#[test]
fn health_routes_bring_nothing_in() {
    check_facts(
        r"
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Ping: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /health, Target: !Sub 'integrations/${To}'}}
  To: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}
  Fn: {Type: AWS::Lambda::Function}
",
        &[
            "Fn.open_to = anyone provider-default 3",
            "Fn.untrusted_input = false provider-default 5",
        ],
    );
}

#[test]
fn origins_may_be_open_beside_their_cdn() {
    let resources = r"
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins:
          - {Id: files, DomainName: !GetAtt Files.DomainName}
          - {Id: fn, DomainName: !Sub '${Api}.execute-api.eu-west-1.amazonaws.com'}
  Files: {Type: AWS::S3::Bucket}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Any: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: $default}}
";
    let public = |value: bool| {
        move |draft: &mut Draft<'_>| {
            let files = component(draft, "Files");
            draft.set(files, "public_read", Fact::bool(value, AT));
        }
    };
    draw_with(resources, public(true), |drawing| {
        facts(
            drawing,
            &[
                "Front#files.open_directly = true written 1",
                "Front#fn.open_directly = true provider-default 11",
                "Files.open_to = anyone written 1",
            ],
        );
    });
    draw_with(resources, public(false), |drawing| {
        facts(drawing, &["Front#files.open_directly = false written 1"]);
    });
}
