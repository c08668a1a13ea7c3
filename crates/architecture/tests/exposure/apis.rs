//! REST, HTTP and WebSocket APIs.

use crate::{Row, row};

/// An API with properties and one method with others.
fn method(api: &str, method: &str) -> String {
    format!(
        "
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: shop{api}
  List:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {{Type: AWS_PROXY, Uri: !GetAtt Fn.Arn}}{method}
  Fn: {{Type: AWS::Lambda::Function}}
"
    )
}

/// The same with the API's own policy.
fn policy(statement: &str, auth: &str) -> String {
    method(
        &format!("\n      Policy: {{Statement: [{statement}]}}§"),
        auth,
    )
}

const NONE: &str = "\n      AuthorizationType: NONE";
const IAM: &str = "\n      AuthorizationType: AWS_IAM";
const PRIVATE: &str = "\n      EndpointConfiguration:\n        Types: [PRIVATE]§";
const CONDITION: &str = "
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}, Auth: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:";

fn allow(principal: &str, condition: &str) -> String {
    format!(
        "{{Effect: Allow, Principal: {principal}, Action: 'execute-api:Invoke', Resource: 'execute-api:/*'{condition}}}"
    )
}

fn private(statements: &str) -> String {
    let policy = format!("\n      Policy: {{Statement: [{statements}]}}§");
    method(&format!("{PRIVATE}{policy}"), NONE)
}

pub(crate) fn rest() -> Vec<Row> {
    let vpce = ", Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}";
    let outside = "{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}";
    let everybody = allow("'*'", "");
    let mut rows = vec![
        row(
            "a method without authorisation",
            "Api",
            "anyone",
            method("", &format!("{NONE}§")),
        ),
        row(
            "a method that says nothing",
            "Api",
            "anyone",
            method("", "").replace("  List:", "  List:§"),
        ),
        row(
            "its route is as open",
            "Api/GET /",
            "anyone",
            method("", &format!("{NONE}§")),
        ),
        row(
            "a key alone",
            "Api",
            "key_holder",
            method("", &format!("{NONE}\n      ApiKeyRequired: true§")),
        ),
        row(
            "a user pool is asked",
            "Api",
            "signed_in",
            method(
                "",
                "\n      AuthorizationType: COGNITO_USER_POOLS§\n      AuthorizerId: people",
            ),
        ),
        row(
            "a function of ours is asked",
            "Api",
            "signed_in",
            method(
                "",
                "\n      AuthorizationType: CUSTOM§\n      AuthorizerId: check",
            ),
        ),
        row(
            "a sign-in beside a key",
            "Api",
            "signed_in",
            method(
                "",
                "\n      AuthorizationType: CUSTOM§\n      AuthorizerId: check\n      ApiKeyRequired: true",
            ),
        ),
        row(
            "signed calls of our account",
            "Api",
            "account",
            method("", &format!("{IAM}§")),
        ),
        row(
            "signed calls of every account",
            "Api",
            "any_account",
            policy(&everybody, IAM),
        ),
        row(
            "signed calls of one other account",
            "Api",
            "partner",
            policy(&allow("{AWS: '111122223333'}", ""), IAM),
        ),
        row(
            "signed calls of a role of another account",
            "Api",
            "partner",
            policy(
                &allow("{AWS: 'arn:aws:iam::111122223333:role/caller'}", ""),
                IAM,
            ),
        ),
        row(
            "signed calls of an organisation",
            "Api",
            "partner",
            policy(
                &allow(
                    "'*'",
                    ", Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}",
                ),
                IAM,
            ),
        ),
        row(
            "a policy for our own account beside signed calls",
            "Api",
            "account",
            method(
                &format!(
                    "\n      Policy: {{Statement: [{}]}}",
                    allow("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", "")
                ),
                &format!("{IAM}§"),
            ),
        ),
        row(
            "no authorisation, known addresses only",
            "Api",
            "partner",
            policy(
                &allow(
                    "'*'",
                    ", Condition: {IpAddress: {'aws:SourceIp': [192.0.2.0/24]}}",
                ),
                NONE,
            ),
        ),
        row(
            "an address condition that names the whole internet",
            "Api",
            "anyone",
            policy(
                &allow(
                    "'*'",
                    ", Condition: {IpAddress: {'aws:SourceIp': [0.0.0.0/0]}}",
                ),
                NONE,
            )
            .replace(NONE, &format!("{NONE}§")),
        ),
        row(
            "no authorisation, but one endpoint of a network",
            "Api",
            "account",
            policy(&allow("'*'", vpce), NONE),
        ),
        row(
            "a policy that lets nobody in",
            "Api",
            "nobody",
            policy(outside, NONE),
        ),
        row(
            "a policy in the API's document",
            "Api",
            "partner",
            method(
                &format!(
                    "\n      Body:\n        openapi: 3.0.1\n        x-amazon-apigateway-policy: {{Statement: [{}]}}§",
                    allow(
                        "'*'",
                        ", Condition: {IpAddress: {'aws:SourceIp': 192.0.2.1/32}}"
                    )
                ),
                NONE,
            ),
        ),
        row(
            "a private API without a policy",
            "Api",
            "account",
            method(PRIVATE, NONE),
        ),
        row(
            "a private API for one endpoint",
            "Api",
            "account",
            private(&allow("'*'", vpce)),
        ),
        row(
            "a private API that refuses other endpoints",
            "Api",
            "account",
            private(&format!("{everybody}, {outside}")),
        ),
        row(
            "a private API for every network there is",
            "Api",
            "any_account",
            private(&everybody),
        ),
        row(
            "signed calls to a private API",
            "Api",
            "any_account",
            private(&everybody).replace(NONE, IAM),
        ),
        row(
            "certificates on the only way in",
            "Api",
            "partner",
            format!(
                "{}{}",
                method("\n      DisableExecuteApiEndpoint: true§", NONE),
                domain("\n      MutualTlsAuthentication: {TruststoreUri: 's3://trust/store'}")
                    .replace("  Mapping:", "§  Mapping:")
            ),
        ),
        row(
            "certificates on one of two ways in",
            "Api",
            "anyone",
            format!(
                "{}{}",
                method("", &format!("{NONE}§")),
                domain("\n      MutualTlsAuthentication: {TruststoreUri: 's3://trust/store'}")
            ),
        ),
        row(
            "an address of our own in place of the default one",
            "Api",
            "anyone",
            format!(
                "{}{}",
                method(
                    "\n      DisableExecuteApiEndpoint: true",
                    &format!("{NONE}§")
                ),
                domain("")
            ),
        ),
        row(
            "certificates for who signs anyway",
            "Api",
            "account",
            format!(
                "{}{}",
                method(
                    "\n      DisableExecuteApiEndpoint: true",
                    &format!("{IAM}§")
                ),
                domain("\n      MutualTlsAuthentication: {TruststoreUri: 's3://trust/store'}")
            ),
        ),
    ];
    let whole = |text: String| format!("{CONDITION}{text}");
    rows.extend([
        row(
            "an authorisation nobody said",
            "Api",
            "unknown: Auth",
            whole(method("", "\n      AuthorizationType: !Ref Auth§")),
        ),
        row(
            "a key that depends on a value nobody said",
            "Api",
            "unknown: Auth",
            whole(method("", "\n      ApiKeyRequired: !Ref Auth§")),
        ),
        row(
            "a policy from elsewhere",
            "Api",
            "unknown: shop-policy",
            method("\n      Policy: !ImportValue shop-policy§", NONE),
        ),
        row(
            "a private network nobody said",
            "Api",
            "unknown: Auth",
            whole(method(
                "\n      EndpointConfiguration:\n        Types: [!Ref Auth]",
                NONE,
            ))
            .replace("Auth: {Type: String}}", "Auth: {Type: String}}§"),
        ),
        row(
            "a policy for an account nobody said",
            "Api",
            "unknown: Auth",
            whole(policy(&allow("{AWS: !Ref Auth}", ""), IAM)),
        ),
        row(
            "an authorisation in production only",
            "Api",
            "anyone if IsProd is false; account if IsProd is true",
            whole(method(
                "",
                "\n      AuthorizationType: !If [IsProd, AWS_IAM, NONE]§",
            )),
        ),
        row(
            "the weakest of several routes",
            "Api",
            "anyone",
            format!(
                "{}{}",
                method("", IAM),
                more("POST", "\n      AuthorizationType: NONE§")
            ),
        ),
        row(
            "a preflight is no alarm",
            "Api",
            "account",
            format!(
                "{}{}",
                method("", &format!("{IAM}§")),
                more("OPTIONS", NONE).replace("AWS_PROXY", "MOCK")
            ),
        ),
        row(
            "a preflight that a function answers is no alarm",
            "Api",
            "account",
            format!(
                "{}{}",
                method("", &format!("{IAM}§")),
                more("OPTIONS", NONE)
            ),
        ),
    ]);
    rows
}

/// A domain of our own in front of the API.
fn domain(properties: &str) -> String {
    format!(
        "
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: shop.example{properties}
  Mapping: {{Type: AWS::ApiGateway::BasePathMapping, Properties: {{RestApiId: !Ref Api, DomainName: !Ref Domain}}}}
"
    )
}

/// One more method.
fn more(verb: &str, properties: &str) -> String {
    format!(
        "
  More:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: {verb}
      Integration: {{Type: AWS_PROXY, Uri: !GetAtt Fn.Arn}}{properties}
"
    )
}

/// An API of the second version with one route.
fn route(protocol: &str, key: &str, api: &str, properties: &str) -> String {
    format!(
        "
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      ProtocolType: {protocol}{api}
  List:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: {key}
      Target: !Sub 'integrations/${{To}}'{properties}
  To: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}}}
  Fn: {{Type: AWS::Lambda::Function}}
"
    )
}

pub(crate) fn http() -> Vec<Row> {
    let http = |api: &str, properties: &str| route("HTTP", "GET /orders", api, properties);
    let domain = |certificate: &str| {
        format!(
            "
  Domain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties:
      DomainName: shop.example{certificate}
  Mapping: {{Type: AWS::ApiGatewayV2::ApiMapping, Properties: {{ApiId: !Ref Api, DomainName: !Ref Domain, Stage: $default}}}}
"
        )
    };
    let certificate = "\n      MutualTlsAuthentication: {TruststoreUri: 's3://trust/store'}";
    let disabled = "\n      DisableExecuteApiEndpoint: true";
    vec![
        row(
            "a route without authorisation",
            "Api",
            "anyone",
            http("", "\n      AuthorizationType: NONE§"),
        ),
        row(
            "a route that says nothing",
            "Api/GET /orders",
            "anyone",
            http("", "").replace("  List:", "  List:§"),
        ),
        row(
            "a key property that is ignored",
            "Api",
            "anyone",
            http("", "\n      ApiKeyRequired: true").replace("  List:", "  List:§"),
        ),
        row(
            "a route that the API names itself",
            "Api",
            "anyone",
            "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP, Target: !GetAtt Fn.Arn}}§\n  Fn: {Type: AWS::Lambda::Function}\n",
        ),
        row(
            "a token is asked for",
            "Api",
            "signed_in",
            http(
                "",
                "\n      AuthorizationType: JWT§\n      AuthorizerId: people",
            ),
        ),
        row(
            "a function of ours is asked",
            "Api",
            "signed_in",
            http(
                "",
                "\n      AuthorizationType: CUSTOM§\n      AuthorizerId: check",
            ),
        ),
        row(
            "signed calls of our account",
            "Api",
            "account",
            http("", "\n      AuthorizationType: AWS_IAM§"),
        ),
        row(
            "certificates on the only way in",
            "Api",
            "partner",
            format!(
                "{}{}",
                http(&format!("{disabled}§"), ""),
                domain(certificate).replace("  Mapping:", "§  Mapping:")
            ),
        ),
        row(
            "certificates that the default address does not ask for",
            "Api",
            "anyone",
            format!(
                "{}{}",
                http("", "\n      AuthorizationType: NONE§"),
                domain(certificate)
            ),
        ),
        row(
            "an authorisation nobody said",
            "Api",
            "unknown: Auth",
            format!(
                "{CONDITION}{}",
                http("", "\n      AuthorizationType: !Ref Auth§")
            ),
        ),
        row(
            "an authorisation in production only",
            "Api",
            "anyone if IsProd is false; signed_in if IsProd is true",
            format!(
                "{CONDITION}{}",
                http("", "\n      AuthorizationType: !If [IsProd, JWT, NONE]§")
            ),
        ),
        row(
            "a document that is not here",
            "Api",
            "unknown: its API document",
            "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {BodyS3Location: {Bucket: a, Key: b}}}§\n",
        ),
    ]
}

pub(crate) fn websocket() -> Vec<Row> {
    let socket = |properties: &str| route("WEBSOCKET", "$connect", "", properties);
    vec![
        row(
            "anyone may connect",
            "Api",
            "anyone",
            socket("\n      AuthorizationType: NONE§"),
        ),
        row(
            "no route for connections at all",
            "Api/talk",
            "anyone",
            route(
                "WEBSOCKET",
                "talk",
                "",
                "\n      AuthorizationType: AWS_IAM",
            )
            .replace("  List:", "  List:§"),
        ),
        row(
            "a key alone",
            "Api",
            "key_holder",
            socket("\n      ApiKeyRequired: true§"),
        ),
        row(
            "a function of ours is asked",
            "Api",
            "signed_in",
            socket("\n      AuthorizationType: CUSTOM§\n      AuthorizerId: check"),
        ),
        row(
            "signed calls of our account",
            "Api",
            "account",
            socket("\n      AuthorizationType: AWS_IAM§"),
        ),
        row(
            "messages are authorised by their connection",
            "Api/talk",
            "account",
            format!(
                "{}  Talk: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref Api, RouteKey: talk}}}}\n",
                socket("\n      AuthorizationType: AWS_IAM§")
            ),
        ),
        row(
            "an authorisation nobody said",
            "Api",
            "unknown: Auth",
            format!(
                "{CONDITION}{}",
                socket("\n      AuthorizationType: !Ref Auth§")
            ),
        ),
        row(
            "an authorisation in production only",
            "Api",
            "anyone if IsProd is false; account if IsProd is true",
            format!(
                "{CONDITION}{}",
                socket("\n      AuthorizationType: !If [IsProd, AWS_IAM, NONE]§")
            ),
        ),
    ]
}
