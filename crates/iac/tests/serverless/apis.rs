//! APIs: implicit ones, what is attached to each route, policies, stages.

use crate::{check, check_ids, printed, template};

/// What authorises each route, as `route: type authorizer key`.
fn attached(text: &str) -> Vec<String> {
    // A quoted value with its mark (`!` for a default), else up to what comes next.
    let field = |line: &str, name: &str| {
        let from = line.split_once(&format!("{name}: "))?.1;
        match from.strip_prefix('\'') {
            Some(quoted) => {
                let (value, rest) = quoted.split_once('\'')?;
                let mark = if rest.starts_with('!') { "!" } else { "" };
                Some(format!("{value}{mark}"))
            }
            None => Some(from.split([',', '}']).next()?.to_owned()),
        }
    };
    let printed = printed(text);
    let routes = printed.lines().filter(|line| {
        line.contains(" AWS::ApiGateway::Method ") || line.contains(" AWS::ApiGatewayV2::Route ")
    });
    let shown = routes.map(|line| {
        let route = field(line, "RouteKey").unwrap_or_else(|| {
            let method = field(line, "HttpMethod").unwrap_or_default();
            let path = line.split_once("Path: '").map_or("", |(_, rest)| rest);
            format!("{method} {}", path.split('\'').next().unwrap_or_default())
        });
        let kind = field(line, "AuthorizationType").unwrap_or_default();
        let by = field(line, "AuthorizerId").map(|id| format!(" {id}"));
        let key = field(line, "ApiKeyRequired").map(|key| format!(" key {key}"));
        format!(
            "{route}: {kind}{}{}",
            by.unwrap_or_default(),
            key.unwrap_or_default()
        )
    });
    shown.collect()
}

fn events(kind: &str, events: &[(&str, &str)]) -> String {
    let mut text =
        "F:\n  Type: AWS::Serverless::Function\n  Properties:\n    Role: r\n    Events:\n"
            .to_owned();
    for (index, (path, more)) in events.iter().enumerate() {
        text += &format!(
            "      E{index}: {{Type: {kind}, Properties: {{Path: {path}, Method: get{more}}}}}\n"
        );
    }
    text
}

#[test]
fn events_without_an_api_share_an_implicit_one() {
    check_ids(
        &template("", &events("Api", &[("/a", ""), ("/b", "")])),
        "3 F AWS::Lambda::Function
         8 FE0PermissionProd AWS::Lambda::Permission
         9 FE1PermissionProd AWS::Lambda::Permission
         8 ServerlessRestApi AWS::ApiGateway::RestApi
         8 ServerlessRestApiProdStage AWS::ApiGateway::Stage
         8 ServerlessRestApi GET /a AWS::ApiGateway::Method
         9 ServerlessRestApi GET /b AWS::ApiGateway::Method",
    );
    check_ids(
        &template("", &events("HttpApi", &[("/a", "")])),
        "3 F AWS::Lambda::Function
         8 FE0Permission AWS::Lambda::Permission
         8 ServerlessHttpApi AWS::ApiGatewayV2::Api
         8 ServerlessHttpApiApiGatewayDefaultStage AWS::ApiGatewayV2::Stage
         8 ServerlessHttpApi GET /a integration AWS::ApiGatewayV2::Integration
         8 ServerlessHttpApi GET /a AWS::ApiGatewayV2::Route",
    );
}

#[test]
fn a_route_says_its_whole_path_and_what_it_calls() {
    check(
        &template("", &events("Api", &[("'/orders/{id}'", "")])),
        "ServerlessRestApi GET /orders/{id} (F:E0) AWS::ApiGateway::Method {RestApiId: '${ServerlessRestApi}', HttpMethod: 'GET', Path: '/orders/{id}', AuthorizationType: 'NONE'!, Integration: {Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations'}}
         FE0PermissionProd (F:E0 permission) AWS::Lambda::Permission {SourceArn: 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ServerlessRestApi}/*/GET/orders/*', Action: 'lambda:InvokeFunction', FunctionName: '${F}', Principal: 'apigateway.amazonaws.com'}",
    );
}

#[test]
fn globals_reach_the_implicit_api() {
    let text = template(
        "Globals:\n  Api: {Auth: {DefaultAuthorizer: AWS_IAM, ApiKeyRequired: true}}\n",
        &events("Api", &[("/a", ""), ("/b", ", Auth: {Authorizer: NONE}")]),
    );
    assert_eq!(
        attached(&text),
        ["GET /a: AWS_IAM key true", "GET /b: NONE key true"]
    );
}

const REST: &str = "A:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: prod\n    Auth:\n      \
    DefaultAuthorizer: Pool\n      Authorizers:\n        Pool: {UserPoolArn: pool}\n        \
    Check: {FunctionArn: f, Identity: {ReauthorizeEvery: 0}}\n";

#[test]
fn an_authorizer_is_attached_by_default_by_name_or_not_at_all() {
    let own = ", RestApiId: !Ref A";
    let named = format!("{own}, Auth: {{Authorizer: Check}}");
    let none = format!("{own}, Auth: {{Authorizer: NONE}}");
    let signed = format!("{own}, Auth: {{Authorizer: AWS_IAM}}");
    let wrong = format!("{own}, Auth: {{Authorizer: Chekc}}");
    let all = [
        ("/a", own),
        ("/b", &named),
        ("/c", &none),
        ("/d", &signed),
        ("/e", &wrong),
    ];
    let text = template("", &format!("{REST}{}", events("Api", &all)));
    assert_eq!(
        attached(&text),
        [
            "GET /a: COGNITO_USER_POOLS ${APoolAuthorizer}",
            "GET /b: CUSTOM ${ACheckAuthorizer}",
            "GET /c: NONE",
            "GET /d: AWS_IAM",
            "GET /e: ?the API has no authorizer `Chekc` ?the API has no authorizer `Chekc`",
        ]
    );
    check(
        &text,
        "# unknown-authorizer at 21: there is no authorizer `Chekc` on this API
         ACheckAuthorizer (A:Check) AWS::ApiGateway::Authorizer {Type: 'TOKEN', AuthorizerUri: 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/f/invocations', IdentitySource: 'method.request.header.Authorization', AuthorizerResultTtlInSeconds: 0, Name: 'Check', RestApiId: '${A}'}",
    );
}

#[test]
fn an_authorizer_defined_but_attached_to_nothing_stays_that() {
    let api = REST.replace("      DefaultAuthorizer: Pool\n", "");
    let own = [("/a", ", RestApiId: !Ref A")];
    let text = template("", &format!("{api}{}", events("Api", &own)));
    assert_eq!(attached(&text), ["GET /a: NONE!"]);
    assert!(printed(&text).contains("APoolAuthorizer (A:Pool) AWS::ApiGateway::Authorizer"));
}

#[test]
fn a_default_authorizer_that_depends_on_a_condition_does_so_on_every_route() {
    let before = "Parameters:\n  S: {Type: String}\nConditions:\n  Prod: !Equals [!Ref S, prod]\n";
    let api = REST.replace(
        "Authorizer: Pool",
        "Authorizer: !If [Prod, Pool, !Ref AWS::NoValue]",
    );
    let own = [("/a", ", RestApiId: !Ref A")];
    let printed = printed(&template(before, &format!("{api}{}", events("Api", &own))));
    let wanted = "AuthorizationType: <Prod is true: 'COGNITO_USER_POOLS' | Prod is false: 'NONE'!>";
    assert!(printed.contains(wanted), "{printed}");
}

#[test]
fn cors_answers_preflights_with_the_default_authorizer_unless_told_not_to() {
    let own = [("/a", ", RestApiId: !Ref A")];
    let with = |more: &str| {
        let api = REST.replace(
            "    Auth:\n",
            &format!("    Cors: \"'*'\"\n    Auth:\n{more}"),
        );
        attached(&template("", &format!("{api}{}", events("Api", &own))))
    };
    assert_eq!(
        with(""),
        [
            "GET /a: COGNITO_USER_POOLS ${APoolAuthorizer}",
            "OPTIONS /a: COGNITO_USER_POOLS ${APoolAuthorizer}",
        ]
    );
    assert_eq!(
        with("      AddDefaultAuthorizerToCorsPreflight: false\n"),
        [
            "GET /a: COGNITO_USER_POOLS ${APoolAuthorizer}",
            "OPTIONS /a: NONE!"
        ]
    );
}

#[test]
fn an_http_api_asks_for_tokens() {
    let api = "A:\n  Type: AWS::Serverless::HttpApi\n  Properties:\n    Auth:\n      DefaultAuthorizer: Jwt\n      \
        Authorizers:\n        Jwt:\n          IdentitySource: $request.header.Authorization\n          \
        AuthorizationScopes: [read]\n          JwtConfiguration: {issuer: i, audience: [a]}\n";
    let own = [
        ("/a", ", ApiId: !Ref A"),
        ("/b", ", ApiId: !Ref A, Auth: {Authorizer: NONE}"),
    ];
    let text = template("", &format!("{api}{}", events("HttpApi", &own)));
    assert_eq!(
        attached(&text),
        ["GET /a: JWT ${AJwtAuthorizer}", "GET /b: NONE"]
    );
    check(
        &text,
        "A GET /a (F:E0) AWS::ApiGatewayV2::Route {ApiId: '${A}', RouteKey: 'GET /a', AuthorizationType: 'JWT', AuthorizerId: '${AJwtAuthorizer}', AuthorizationScopes: ['read'], Target: 'integrations/${A GET /a integration}'}
         AJwtAuthorizer (A:Jwt) AWS::ApiGatewayV2::Authorizer {AuthorizerType: 'JWT', JwtConfiguration: {Issuer: 'i', Audience: ['a']}, IdentitySource: ['$request.header.Authorization'], Name: 'Jwt', ApiId: '${A}'}",
    );
}

#[test]
fn a_resource_policy_becomes_a_policy_document() {
    let api = "A:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: prod\n    EndpointConfiguration: PRIVATE\n    \
        Auth:\n      ResourcePolicy: {IpRangeWhitelist: [192.0.2.1]}\n";
    check(
        &template("", api),
        "A AWS::ApiGateway::RestApi {EndpointConfiguration: {Types: ['PRIVATE']}, Policy: {Version: '2012-10-17', Statement: [{Effect: 'Deny', Action: 'execute-api:Invoke', Resource: ['execute-api:/*'], Principal: '*', Condition: {NotIpAddress: {aws:SourceIp: ['192.0.2.1']}}}, {Effect: 'Allow', Action: 'execute-api:Invoke', Resource: ['execute-api:/*'], Principal: '*'}]}}",
    );
}

#[test]
fn routes_of_a_definition_that_could_not_be_read_are_unknown_in_what_authorises_them() {
    let api = "A:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: prod\n    DefinitionUri: s3://b/k\n";
    let own = [("/a", ", RestApiId: !Ref A")];
    let text = template("", &format!("{api}{}", events("Api", &own)));
    let found = attached(&text);
    assert!(found[0].starts_with("GET /a: ?MissingFile"), "{found:?}");
}

#[test]
fn sockets_have_routes_with_what_connect_asks_for() {
    let api = "W:\n  Type: AWS::Serverless::WebSocketApi\n  Properties:\n    Auth: {AuthType: AWS_IAM}\n    \
        Routes:\n      $connect: {FunctionArn: f}\n      send: {FunctionArn: g}\n";
    check_ids(
        &template("", api),
        "3 W AWS::ApiGatewayV2::Api
         3 WDefaultStage AWS::ApiGatewayV2::Stage
         8 WConnectIntegration AWS::ApiGatewayV2::Integration
         8 WConnectRoute AWS::ApiGatewayV2::Route
         8 WConnectPermission AWS::Lambda::Permission
         9 WSendIntegration AWS::ApiGatewayV2::Integration
         9 WSendRoute AWS::ApiGatewayV2::Route
         9 WSendPermission AWS::Lambda::Permission",
    );
    assert_eq!(
        attached(&template("", api)),
        ["$connect: AWS_IAM", "send: "]
    );
}

#[test]
fn a_plain_method_gets_its_path_from_the_resources_above() {
    let text = "Resources:\n  A: {Type: 'AWS::ApiGateway::RestApi'}\n  \
        O: {Type: 'AWS::ApiGateway::Resource', Properties: {ParentId: !GetAtt A.RootResourceId, PathPart: orders}}\n  \
        I: {Type: 'AWS::ApiGateway::Resource', Properties: {ParentId: !Ref O, PathPart: '{id}'}}\n  \
        M: {Type: 'AWS::ApiGateway::Method', Properties: {ResourceId: !Ref I, HttpMethod: GET}}\n  \
        R: {Type: 'AWS::ApiGateway::Method', Properties: {ResourceId: !GetAtt A.RootResourceId, HttpMethod: GET}}\n  \
        C: {Type: 'AWS::ApiGateway::Resource', Properties: {ParentId: !Ref C, PathPart: c}}\n  \
        L: {Type: 'AWS::ApiGateway::Method', Properties: {ResourceId: !Ref C, HttpMethod: GET}}\n";
    check(
        text,
        "M AWS::ApiGateway::Method {ResourceId: '${I}', HttpMethod: 'GET', Path: '/orders/{id}'}
         R AWS::ApiGateway::Method {ResourceId: '${A.RootResourceId}', HttpMethod: 'GET', Path: '/'}",
    );
}
