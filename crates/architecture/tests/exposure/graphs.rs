//! GraphQL APIs.

use crate::{Row, row};

fn api(properties: &str, resolvers: &str) -> String {
    format!(
        "
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: graph{properties}
  Source: {{Type: AWS::AppSync::DataSource, Properties: {{ApiId: !GetAtt Graph.ApiId, Name: fn, Type: AWS_LAMBDA, LambdaConfig: {{LambdaFunctionArn: !GetAtt Fn.Arn}}}}}}
  Orders: {{Type: AWS::AppSync::Resolver, Properties: {{ApiId: !GetAtt Graph.ApiId, TypeName: Query, FieldName: orders, DataSourceName: !GetAtt Source.Name}}}}
  Fn: {{Type: AWS::Lambda::Function}}
{resolvers}"
    )
}

pub(crate) fn graphql() -> Vec<Row> {
    let only = |mode: &str| api(&format!("\n      AuthenticationType: {mode}§"), "");
    let given = "
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}, Auth: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:";
    vec![
        row("a key", "Graph", "key_holder", only("API_KEY")),
        row(
            "its fields by key",
            "Graph/Query.orders",
            "key_holder",
            only("API_KEY"),
        ),
        row(
            "a user pool",
            "Graph",
            "signed_in",
            only("AMAZON_COGNITO_USER_POOLS"),
        ),
        row(
            "another issuer of tokens",
            "Graph",
            "signed_in",
            only("OPENID_CONNECT"),
        ),
        row(
            "a function of ours",
            "Graph",
            "signed_in",
            only("AWS_LAMBDA"),
        ),
        row("signed calls", "Graph", "account", only("AWS_IAM")),
        row(
            "in private networks only",
            "Graph",
            "account",
            api(
                "\n      AuthenticationType: API_KEY\n      Visibility: PRIVATE§",
                "",
            ),
        ),
        row(
            "a key beside signed calls",
            "Graph",
            "key_holder",
            api(
                "\n      AuthenticationType: AWS_IAM\n      AdditionalAuthenticationProviders:\n        - AuthenticationType: API_KEY§",
                "",
            ),
        ),
        row(
            "a mode nobody said",
            "Graph",
            "unknown: Auth",
            format!("{given}{}", only("!Ref Auth")),
        ),
        row(
            "a mode by condition",
            "Graph",
            "key_holder if IsProd is false; account if IsProd is true",
            format!("{given}{}", only("!If [IsProd, AWS_IAM, API_KEY]")),
        ),
    ]
}
