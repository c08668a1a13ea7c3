//! From entry points to what answers.

use crate::testing::{check_facts, check_flows};

#[test]
fn routes_of_an_api_call_functions() {
    check_flows(
        r"
  Api: {Type: AWS::ApiGateway::RestApi}
  Orders: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: GET
      Integration: {Type: AWS_PROXY, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${List.Arn}/invocations'}
  List: {Type: AWS::Lambda::Function}
",
        &["Api -> List (call) GET /orders", "internet -> Api (call)"],
    );
}

#[test]
fn routes_call_services_addresses_and_nothing() {
    check_flows(
        r#"
  Api: {Type: AWS::ApiGateway::RestApi}
  Jobs: {Type: AWS::SQS::Queue}
  Orders: {Type: AWS::DynamoDB::Table}
  Send:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      Integration:
        Type: AWS
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Jobs.QueueName}
  Put:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: PUT
      Integration:
        Type: AWS
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem
        RequestTemplates:
          application/json: !Sub '{"TableName": "${Orders}"}'
  Shop:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {Type: HTTP_PROXY, Uri: 'https://shop.example.com/all'}
  Cors:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: OPTIONS
      Integration: {Type: MOCK}
"#,
        &[
            "Api -> Jobs (call) POST /",
            "Api -> Orders (call) PUT /",
            "Api -> external:shop.example.com (call) GET /",
            "internet -> Api (call)",
        ],
    );
}

#[test]
fn http_routes_lead_through_integrations() {
    check_flows(
        r"
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Get:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /orders, Target: !Sub 'integrations/${ToList}'}
  ToList:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt List.Arn, PayloadFormatVersion: '2.0'}
  Put:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Join [/, [integrations, !Ref ToQueue]]}
  ToQueue:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage, RequestParameters: {QueueUrl: !Ref Jobs, MessageBody: $request.body}}
  Jobs: {Type: AWS::SQS::Queue}
  List: {Type: AWS::Lambda::Function}
",
        &[
            "Api -> Jobs (call) $default",
            "Api -> List (call) GET /orders",
            "internet -> Api (call)",
        ],
    );
}

#[test]
fn function_urls_call_their_function() {
    let resources = r"
  Fn: {Type: AWS::Lambda::Function}
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Fn.Arn}}
";
    check_flows(resources, &["Url -> Fn (call)", "internet -> Url (call)"]);
    check_facts(
        resources,
        &[
            "Url.auth = none written 3",
            "Url.target = Fn written 3",
            "Fn#Url.style = sync written 3",
            "Fn#Url.source = Url written 3",
            "Fn.answers_caller = true written 3",
            "Fn.invoked_async = false provider-default 2",
            "Fn.unused = false written 3",
        ],
    );
}

#[test]
fn load_balancers_call_the_functions_of_their_groups() {
    check_flows(
        r"
  Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Front
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Fn.Arn}]}
  Fn: {Type: AWS::Lambda::Function}
",
        &["Front -> Fn (call)", "internet -> Front (call)"],
    );
}

#[test]
fn resolvers_call_their_data_sources() {
    let resources = r"
  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {AuthenticationType: API_KEY}}
  Orders: {Type: AWS::DynamoDB::Table}
  Fn: {Type: AWS::Lambda::Function}
  FromTable:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: table, Type: AMAZON_DYNAMODB, DynamoDBConfig: {TableName: !Ref Orders}}
  FromFn:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: fn, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Fn.Arn}}
  Order:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: order, DataSourceName: !GetAtt FromTable.Name}
  Buy:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Mutation, FieldName: buy, DataSourceName: fn}
";
    check_flows(
        resources,
        &[
            "Api -> Fn (call) Mutation.buy",
            "Api -> Orders (call) Query.order",
            "internet -> Api (call)",
        ],
    );
    check_facts(
        resources,
        &[
            "Api.auth = api_key written 2",
            "Api#Query.order.auth = api_key written 2",
            "Api#Query.order.key_required = true written 2",
            "Api#Query.order.integration = service written 7",
            "Api#Mutation.buy.target = Fn written 10",
            "Api.open_to = key_holder written 2",
            "Fn.untrusted_input = true written 2,14",
        ],
    );
}
