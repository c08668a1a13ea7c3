//! Documents: OpenAPI of plain and serverless APIs, definitions of state machines.

use crate::{check, has, print, printed, resolved, template};

const SWAGGER: &str = "swagger: '2.0'\nx-amazon-apigateway-request-validators:\n  body: {validateRequestBody: true}\n\
    securityDefinitions:\n  Key: {type: apiKey, name: x-api-key, in: header}\n  \
    Token:\n    type: apiKey\n    name: Auth\n    in: header\n    x-amazon-apigateway-authorizer: {type: token, authorizerUri: u}\n\
    security: [{Token: []}]\npaths:\n  /a:\n    get:\n      x-amazon-apigateway-request-validator: body\n      \
    x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: u}\n    post: {security: []}\n    \
    put: {security: [{Key: []}]}\n    x-amazon-apigateway-any-method: {security: [{Token: []}, {Key: []}]}\n    \
    parameters: []\n";

const ROUTES: &str = "A GET /a (A:GET /a) AWS::ApiGateway::Method {RestApiId: '${A}', HttpMethod: 'GET', Path: '/a', AuthorizationType: 'CUSTOM', AuthorizerId: '${ATokenAuthorizer}', Integration: {Type: 'AWS_PROXY', Uri: 'u', IntegrationHttpMethod: 'POST'}, RequestValidatorId: '${AbodyValidator}'}
    A POST /a (A:POST /a) AWS::ApiGateway::Method {RestApiId: '${A}', HttpMethod: 'POST', Path: '/a', AuthorizationType: 'NONE'}
    A PUT /a (A:PUT /a) AWS::ApiGateway::Method {RestApiId: '${A}', HttpMethod: 'PUT', Path: '/a', AuthorizationType: 'NONE', ApiKeyRequired: true}
    A ANY /a (A:ANY /a) AWS::ApiGateway::Method {RestApiId: '${A}', HttpMethod: 'ANY', Path: '/a', AuthorizationType: 'CUSTOM', AuthorizerId: '${ATokenAuthorizer}', ApiKeyRequired: true}
    ATokenAuthorizer (A:Token) AWS::ApiGateway::Authorizer {AuthorizerUri: 'u', Type: 'TOKEN', IdentitySource: 'method.request.header.Auth', Name: 'Token', RestApiId: '${A}'}
    AbodyValidator (A:body) AWS::ApiGateway::RequestValidator {RestApiId: '${A}', Name: 'body', ValidateRequestBody: true}";

fn below(document: &str) -> String {
    document
        .lines()
        .map(|line| format!("      {line}\n"))
        .collect()
}

#[test]
fn a_document_reads_the_same_in_a_plain_and_a_serverless_api() {
    let plain = format!(
        "A:\n  Type: AWS::ApiGateway::RestApi\n  Properties:\n    Body:\n{}",
        below(SWAGGER)
    );
    check(
        &format!(
            "Resources:\n{}",
            plain.replace("\n", "\n  ").replacen("A:", "  A:", 1)
        ),
        ROUTES,
    );
    let sam = format!(
        "A:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: prod\n    DefinitionBody:\n{}",
        below(SWAGGER)
    );
    check(&template("", &sam), ROUTES);
}

#[test]
fn a_document_in_a_local_file_is_wanted_and_then_read() {
    let sam = template(
        "",
        "A:\n  Type: AWS::Serverless::Api\n  Properties: {StageName: prod, DefinitionUri: api.yaml}\n",
    );
    has(&printed(&sam), "wanted t/api.yaml");
    let (files, resolution) = resolved(&[("t/a.yaml", &sam), ("t/api.yaml", SWAGGER)]);
    has(&print::resolution(&files, &resolution), ROUTES);
}

#[test]
fn a_default_authorizer_is_laid_over_a_document() {
    let text = template(
        "",
        "A:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: prod\n    Auth: {DefaultAuthorizer: AWS_IAM}\n    \
         DefinitionBody:\n      swagger: '2.0'\n      paths:\n        /a:\n          get: {security: []}\n          \
         put: {security: [{NONE: []}]}\n          post: {security: [{api_key: []}]}\n",
    );
    check(
        &text,
        "A GET /a (A:GET /a) AWS::ApiGateway::Method {RestApiId: '${A}', HttpMethod: 'GET', Path: '/a', AuthorizationType: 'AWS_IAM'}
         A PUT /a (A:PUT /a) AWS::ApiGateway::Method {RestApiId: '${A}', HttpMethod: 'PUT', Path: '/a', AuthorizationType: 'NONE'}
         A POST /a (A:POST /a) AWS::ApiGateway::Method {RestApiId: '${A}', HttpMethod: 'POST', Path: '/a', AuthorizationType: 'AWS_IAM', ApiKeyRequired: true}",
    );
}

#[test]
fn a_scheme_nobody_defines_makes_the_route_unknown_not_open() {
    check(
        "Resources:\n  A:\n    Type: AWS::ApiGatewayV2::Api\n    Properties:\n      Body: {openapi: 3.0.1, paths: {/a: {get: {security: [{Lost: []}]}}}}\n",
        "# unknown-authorizer at 5: there is no authorizer `Lost` on this API
         A GET /a (A:GET /a) AWS::ApiGatewayV2::Route {ApiId: '${A}', RouteKey: 'GET /a', AuthorizationType: ?the API has no authorizer `Lost`, AuthorizerId: ?the API has no authorizer `Lost`}",
    );
}

const TREE: &str =
    "Definition: {StartAt: 'A', States: {A: {Type: 'Task', Resource: '${F.Arn}', End: true}}}";

fn check_machine(properties: &str, kind: &str) {
    let text = template(
        "",
        &format!(
            "F: {{Type: 'AWS::Lambda::Function'}}\nM:\n  Type: {kind}\n  Properties:\n{properties}"
        ),
    );
    let asl =
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Fn}", "End": true}}}"#;
    let (files, resolution) = resolved(&[("t/a.yaml", &text), ("t/m.asl.json", asl)]);
    let printed = print::resolution(&files, &resolution);
    assert!(printed.contains(TREE), "no\n{TREE}\nin\n{printed}");
}

#[test]
fn a_definition_is_a_tree_however_it_is_written() {
    let sam = "AWS::Serverless::StateMachine";
    let plain = "AWS::StepFunctions::StateMachine";
    let given = "    DefinitionSubstitutions: {Fn: !GetAtt F.Arn}\n";
    let inline = format!(
        "{given}    Definition: {{StartAt: A, States: {{A: {{Type: Task, Resource: '${{Fn}}', End: true}}}}}}\n"
    );
    let string = "    DefinitionString: !Sub '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${F.Arn}\", \"End\": true}}}'\n";
    check_machine(&inline, sam);
    check_machine(&inline, plain);
    check_machine(string, sam);
    check_machine(string, plain);
    check_machine(&format!("{given}    DefinitionUri: m.asl.json\n"), sam);
    check_machine(
        &format!("{given}    DefinitionS3Location: m.asl.json\n"),
        plain,
    );
}

#[test]
fn a_state_machine_with_policies_gets_a_role_and_its_events_another() {
    check(
        &template(
            "",
            "M:\n  Type: AWS::Serverless::StateMachine\n  Properties:\n    Definition: {}\n    Policies: [CloudWatchPutMetricPolicy: {}]\n    \
             Events:\n      Tick: {Type: Schedule, Properties: {Schedule: rate(1 day)}}\n      \
             Start: {Type: Api, Properties: {Path: /s, Method: post}}\n",
        ),
        "MTickRole (M:Tick role) AWS::IAM::Role {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: {Service: ['events.amazonaws.com']}}]}, Policies: [{PolicyName: 'MTickRoleStartExecutionPolicy', PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['states:StartExecution'], Resource: ['${M}']}]}}]}
         MTick (M:Tick) AWS::Events::Rule {ScheduleExpression: 'rate(1 day)', Targets: [{Arn: '${M}', Id: 'MTickStepFunctionsTarget', RoleArn: '${MTickRole.Arn}'}]}
         MRole (M:role) AWS::IAM::Role {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: {Service: ['states.amazonaws.com']}}]}, Policies: [{PolicyName: 'MRolePolicy0', PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['cloudwatch:PutMetricData'], Resource: ['*']}]}}]}
         ServerlessRestApi POST /s (M:Start) AWS::ApiGateway::Method {RestApiId: '${ServerlessRestApi}', HttpMethod: 'POST', Path: '/s', AuthorizationType: 'NONE'!, Integration: {Type: 'AWS', IntegrationHttpMethod: 'POST', Uri: 'arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution', Credentials: '${MStartRole.Arn}', RequestTemplates: {application/json: '{\"input\": \"$util.escapeJavaScript($input.json('$'))\", \"stateMachineArn\": \"${M}\"}'}}}",
    );
}

#[test]
fn a_definition_that_is_not_at_hand_is_told() {
    for (kind, property, value) in [
        (
            "StepFunctions::StateMachine",
            "DefinitionS3Location",
            "{Bucket: b, Key: k}",
        ),
        ("Serverless::StateMachine", "DefinitionUri", "s3://b/k"),
        (
            "Serverless::StateMachine",
            "DefinitionUri",
            "{Bucket: b, Key: k}",
        ),
        (
            "ApiGateway::RestApi",
            "BodyS3Location",
            "{Bucket: b, Key: k}",
        ),
        ("ApiGatewayV2::Api", "BodyS3Location", "{Bucket: b, Key: k}"),
        ("Serverless::Api", "DefinitionUri", "s3://b/k"),
        (
            "Serverless::HttpApi",
            "DefinitionUri",
            "{Bucket: b, Key: k}",
        ),
    ] {
        let text = template(
            "",
            &format!("R:\n  Type: AWS::{kind}\n  Properties: {{ {property}: {value} }}\n"),
        );
        let (_, resolution) = resolved(&[("t.yaml", &text)]);
        let told = resolution.diagnostics.iter();
        let told: Vec<_> = told.filter(|one| one.code == "remote-file").collect();
        assert_eq!(told.len(), 1, "{kind} {property} {value}");
    }
}

#[test]
fn a_name_without_substitution_is_told_and_unknown() {
    let text = template(
        "",
        "M:\n  Type: AWS::Serverless::StateMachine\n  Properties:\n    Role: r\n    DefinitionSubstitutions: {Other: x}\n    \
         Definition: {StartAt: A, States: {A: {Type: Task, Resource: '${Fn}', End: true}}}\n",
    );
    let printed = crate::printed(&text);
    let said = "# state-machine-substitution at 8: `${Fn}` has no value among the `DefinitionSubstitutions`";
    assert!(printed.lines().any(|line| line.trim() == said), "{printed}");
    assert!(!printed.contains("Resource: '${Fn}'"), "{printed}");
}

#[test]
fn of_two_definitions_one_is_read_and_that_is_told() {
    check(
        &template(
            "",
            "A:\n  Type: AWS::Serverless::Api\n  Properties:\n    StageName: s\n    DefinitionUri: s3://bucket/api\n    \
             DefinitionBody: {openapi: 3.0.1, paths: {}}\n\
             M:\n  Type: AWS::Serverless::StateMachine\n  Properties:\n    Role: r\n    DefinitionUri: m.json\n    \
             Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}\n",
        ),
        "# sam-two-definitions at 7: `A` has both `DefinitionBody` and `DefinitionUri`; only `DefinitionBody` is read
         # sam-two-definitions at 13: `M` has both `Definition` and `DefinitionUri`; only `Definition` is read",
    );
}
