//! Flows and what follows, from templates.

use crate::testing::check_flows;

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
