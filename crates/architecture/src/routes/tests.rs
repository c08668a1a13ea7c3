//! Routes with what is attached to them.

use crate::testing::{check_facts, draw, facts};

const API: &str = r"
  Api: {Type: AWS::ApiGateway::RestApi}
  Pool: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: pool, Type: COGNITO_USER_POOLS}}
  Spare: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Name: spare, Type: REQUEST, AuthorizerResultTtlInSeconds: 600, AuthorizerUri: !GetAtt Fn.Arn}}
  Hook: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: payment-webhook}}
  Send:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Hook, HttpMethod: POST, AuthorizationType: NONE, Integration: {Type: AWS_PROXY, Uri: !GetAtt Fn.Arn}}
  Orders: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Hook, PathPart: '{proxy+}'}}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: ANY
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Pool
      AuthorizationScopes: [orders/read]
      RequestValidatorId: !Ref Validator
      Integration: {Type: AWS_PROXY, Uri: !GetAtt Fn.Arn}
  Keyed:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Orders, HttpMethod: DELETE, ApiKeyRequired: true, Integration: {Type: HTTP, Uri: 'http://x.example.com', ConnectionType: VPC_LINK}}
  Pre:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Orders, HttpMethod: OPTIONS, Integration: {Type: MOCK}}
  Validator: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}}
  Fn: {Type: AWS::Lambda::Function}
";

#[test]
fn a_route_has_what_is_attached_to_it() {
    check_facts(
        API,
        &[
            "Api#POST /payment-webhook.auth = none written 8",
            "Api#POST /payment-webhook.authorizer_defined = true written 3,4",
            "Api#POST /payment-webhook.webhook = true library-assumption 8",
            "Api#POST /payment-webhook.takes_body = true written 8",
            "Api#POST /payment-webhook.validated = false provider-default 6",
            "Api#ANY /payment-webhook/{proxy+}.auth = user_pool written 16",
            "Api#ANY /payment-webhook/{proxy+}.scopes = [orders/read] written 18",
            "Api#ANY /payment-webhook/{proxy+}.validated = true written 27",
            "Api#ANY /payment-webhook/{proxy+}.target = Fn written 20",
            "Api#DELETE /payment-webhook/{proxy+}.auth = api_key written 23",
            "Api#DELETE /payment-webhook/{proxy+}.key_required = true written 23",
            "Api#DELETE /payment-webhook/{proxy+}.integration = private written 23",
            "Api#OPTIONS /payment-webhook/{proxy+}.preflight = true written 26",
            "Api#OPTIONS /payment-webhook/{proxy+}.auth = none provider-default 24",
            "Api#OPTIONS /payment-webhook/{proxy+}.integration = mock written 26",
            "Api.auth = none written 8",
            "Api.targets = [Fn, external:x.example.com] written 8,23",
        ],
    );
}

#[test]
fn authorizers_know_whether_they_are_used() {
    check_facts(
        API,
        &[
            "Api#pool.attached = true written 17",
            "Api#pool.kind = user_pool written 3",
            "Api#pool.whole_identity = true written 3",
            "Api#pool.cache = 300 provider-default 3",
            "Api#spare.attached = false provider-default 4",
            "Api#spare.kind = custom written 4",
            "Api#spare.cache = 600 written 4",
            "Api#spare.function = Fn written 4",
            "Api#spare.whole_identity = unknown code",
        ],
    );
}

#[test]
fn an_api_without_authorizers_defines_none() {
    check_facts(
        r"
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Target: !GetAtt Fn.Arn}}
  Fn: {Type: AWS::Lambda::Function}
",
        &[
            "Api#$default.auth = none provider-default 2",
            "Api#$default.method = ANY provider-default 2",
            "Api#$default.path = $default provider-default 2",
            "Api#$default.authorizer_defined = false written 2",
            "Api#$default.integration = function written 2",
            "Api#$default.target = Fn written 2",
            "Api.throttled = false provider-default 2",
        ],
    );
}

#[test]
fn a_route_whose_authorisation_hangs_on_a_parameter_is_unknown() {
    check_facts(
        r"
Parameters: {Auth: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  One: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /a, AuthorizationType: !Ref Auth}}
",
        &[
            "Api#GET /a.auth = unknown parameter",
            "Api#GET /a.integration = unknown unsupported",
            "Api.auth = unknown parameter",
            "Api.open_to = unknown parameter",
        ],
    );
}

#[test]
fn a_route_whose_authorisation_hangs_on_a_condition_is_conditional() {
    let text = r"
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  One: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /a, AuthorizationType: !If [IsProd, AWS_IAM, !Ref AWS::NoValue]}}
  Two: {Type: AWS::ApiGatewayV2::Route, Condition: IsProd, Properties: {ApiId: !Ref Api, RouteKey: GET /b}}
";
    draw(text, |drawing| {
        facts(
            drawing,
            &[
                "Api#GET /a.auth = iam written 7 if IsProd is true; none provider-default 7 if IsProd is false",
                "Api.routes = [Api#GET /a, Api#GET /b if IsProd is true] written 7,8",
            ],
        );
    });
}

#[test]
fn messages_are_authorised_by_their_connection() {
    let text = r"
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}
  Connect: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: $connect, AuthorizationType: CUSTOM}}
  Send: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: send}}
";
    draw(text, |drawing| {
        facts(
            drawing,
            &[
                "Api#$connect.auth = custom written 3",
                "Api#send.auth = custom written 3",
            ],
        );
    });
}

#[test]
fn limits_come_from_stages_and_plans() {
    check_facts(
        r"
  Api: {Type: AWS::ApiGateway::RestApi}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, Integration: {Type: MOCK}}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: live, MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 50}]}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Stage}], Quota: {Limit: 10, Period: DAY}}
",
        &[
            "Api#GET /.throttled = true written 6",
            "Api.throttled = true written 6",
            "Api.client_quota = true written 9",
        ],
    );
    // A plan counts keys: who need not show one is not held back by it.
    check_facts(
        r"
  Api: {Type: AWS::ApiGateway::RestApi}
  Free: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, Integration: {Type: MOCK}}}
  Keyed: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PUT, ApiKeyRequired: true, Integration: {Type: MOCK}}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Stage}], Throttle: {RateLimit: 10}}
",
        &[
            "Api#PUT /.throttled = true written 8",
            "Api#GET /.throttled = false provider-default 5,3",
            "Api.throttled = false provider-default 5,3",
        ],
    );
    check_facts(
        r"
Parameters: {Rate: {Type: Number}}
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  One: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /a}}
  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: $default, DefaultRouteSettings: {ThrottlingRateLimit: !Ref Rate}}}
",
        &["Api.throttled = true library-assumption 5"],
    );
    check_facts(
        r"
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  One: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /a}}
  Two: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /b}}
  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: $default, RouteSettings: {GET /a: {ThrottlingRateLimit: 5.5}}}}
",
        &[
            "Api#GET /a.throttled = true written 5",
            "Api#GET /b.throttled = false provider-default 5",
            "Api.throttled = false provider-default 5",
        ],
    );
}

#[test]
fn a_plan_limits_only_those_who_show_its_key() {
    let plan = |method: &str, limit: &str| {
        format!(
            r"
  Api: {{Type: AWS::ApiGateway::RestApi}}
  Get: {{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, {method} Integration: {{Type: MOCK}}}}}}
  Stage: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref Api, StageName: live, MethodSettings: [{{ResourcePath: '/*', HttpMethod: '*', MetricsEnabled: true}}]}}}}
  Plan: {{Type: AWS::ApiGateway::UsagePlan, Properties: {{ApiStages: [{{ApiId: !Ref Api, Stage: !Ref Stage, Throttle: {{}}}}], {limit}}}}}
"
        )
    };
    let check = |method: &str, limit: &str, expected: &str| {
        check_facts(
            &plan(method, limit),
            &[&format!("Api.throttled = {expected}")],
        );
    };
    let rate = "Throttle: {RateLimit: 5}";
    check("ApiKeyRequired: true,", rate, "true written 5");
    check("", rate, "false provider-default 4,3");
    check(
        "ApiKeyRequired: true,",
        "Description: no limit",
        "false provider-default 4,5",
    );
}

#[test]
fn one_limited_route_does_not_limit_the_others() {
    check_facts(
        r"
  Api: {Type: AWS::ApiGateway::RestApi}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, Integration: {Type: MOCK}}}
  Put: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PUT, Integration: {Type: MOCK}}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live, MethodSettings: [{ResourcePath: /, HttpMethod: PUT, ThrottlingRateLimit: 5}]}}
",
        &[
            "Api#PUT /.throttled = true written 5",
            "Api.throttled = false provider-default 5,3",
        ],
    );
    check_facts(
        r"
  Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
  Send: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Chat, RouteKey: send}}
  Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Chat, StageName: live, DefaultRouteSettings: {ThrottlingRateLimit: 5}}}
",
        &["Chat.throttled = true written 4"],
    );
}

#[test]
fn direct_calls_are_fixed_if_what_they_take_is_escaped() {
    let method = |template: &str| {
        format!(
            r#"
  Api: {{Type: AWS::ApiGateway::RestApi}}
  Jobs: {{Type: AWS::SQS::Queue}}
  Put:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: PUT
      Integration:
        Type: AWS
        Uri: !Sub arn:aws:apigateway:${{AWS::Region}}:sqs:path/${{AWS::AccountId}}/${{Jobs.QueueName}}
        {template}
"#
        )
    };
    let check = |written: &str, expected: &str| {
        draw(&method(written), |drawing| {
            let found = drawing.fact("Api#PUT /", "template_fixed");
            assert_eq!(found, expected, "{written}");
            assert_eq!(
                drawing.fact("Api#PUT /", "integration"),
                "service written 11"
            );
            assert_eq!(drawing.fact("Api#PUT /", "target"), "Jobs written 12");
        });
    };
    let escaped = "RequestTemplates: {application/json: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)'}";
    check(escaped, "true written 13");
    let raw = "RequestTemplates: {application/json: 'Action=SendMessage&MessageBody=$input.body'}";
    check(raw, "false written 13");
    let named = "RequestTemplates: {application/json: '#set($b = $input.body) Action=SendMessage&MessageBody=$b'}";
    check(named, "unknown unsupported");
    let elsewhere = "RequestTemplates: {application/json: !ImportValue template}";
    check(elsewhere, "unknown import");
    check(
        "PassthroughBehavior: WHEN_NO_MATCH",
        "false provider-default 4",
    );
}

#[test]
fn the_serverless_notation_gives_the_same_routes() {
    check_facts(
        r"
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {Authorizers: {Users: {UserPoolArn: !GetAtt Pool.Arn}}}
  Pool: {Type: AWS::Cognito::UserPool}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs22.x
      Events:
        Open: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /open, Method: get}}
        Closed: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /closed, Method: post, Auth: {Authorizer: Users}}}
        Web: {Type: HttpApi, Properties: {Path: /web, Method: get}}
",
        &[
            "Shop#GET /open.auth = none provider-default 15",
            "Shop#GET /open.authorizer_defined = true written 7",
            "Shop#POST /closed.auth = user_pool written 16",
            "Shop#POST /closed.target = Fn written 16",
            "Shop#Users.attached = true written 16",
            "ServerlessHttpApi#GET /web.auth = none provider-default 17",
            "ServerlessHttpApi#GET /web.integration = function written 17",
            "Fn.open_to = anyone provider-default 15,17",
            "Fn.unused = false written 15,16,17",
        ],
    );
}
