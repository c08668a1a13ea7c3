//! Connectors, tables, layers, and what becomes of types nobody knows.

use crate::{check, check_ids, template};

const ENDS: &str = "T: {Type: 'AWS::SNS::Topic'}\nQ: {Type: 'AWS::SQS::Queue'}\n";

#[test]
fn a_connector_puts_its_grant_where_it_belongs() {
    let connector = "C:\n  Type: AWS::Serverless::Connector\n  Properties: {Source: {Id: T}, Destination: {Id: Q}, Permissions: [Write]}\n";
    check(
        &template("", &format!("{ENDS}{connector}")),
        "CQueuePolicy (T:CQueuePolicy) AWS::SQS::QueuePolicy {Queues: ['${Q}'], PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: ['${Q.Arn}'], Condition: {ArnEquals: {aws:SourceArn: ['${T}']}}, Principal: {Service: 'sns.amazonaws.com'}}]}}",
    );
}

#[test]
fn an_embedded_connector_grants_to_the_role_of_its_resource() {
    check(
        &template(
            "",
            "F:\n  Type: AWS::Serverless::Function\n  Connectors:\n    ToTable:\n      Properties:\n        Destination: {Id: D}\n        Permissions: [Read, Write]\nD:\n  Type: AWS::Serverless::SimpleTable\n",
        ),
        "FToTablePolicy (F:FToTablePolicy) AWS::IAM::ManagedPolicy {Roles: ['${FRole}'], PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: ['${D.Arn}']}, {Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: ['${D.Arn}/index/*']}]}}
         D AWS::DynamoDB::Table {AttributeDefinitions: [{AttributeName: 'id'!, AttributeType: 'S'!}], KeySchema: [{AttributeName: 'id'!, KeyType: 'HASH'}], BillingMode: 'PAY_PER_REQUEST'!}",
    );
}

#[test]
fn a_connector_to_a_function_is_a_permission() {
    check(
        &template(
            "",
            &format!(
                "{ENDS}F: {{Type: 'AWS::Serverless::Function', Properties: {{Role: r}}}}\nC:\n  Type: AWS::Serverless::Connector\n  Properties: {{Source: {{Id: T}}, Destination: {{Id: F}}, Permissions: [Write]}}\n"
            ),
        ),
        "CWriteLambdaPermission (T:CWriteLambdaPermission) AWS::Lambda::Permission {Action: 'lambda:InvokeFunction', FunctionName: '${F.Arn}', Principal: 'sns.amazonaws.com', SourceArn: '${T}'}",
    );
}

#[test]
fn a_connector_that_cannot_be_is_said_and_stays() {
    check_ids(
        &template(
            "",
            &format!("{ENDS}C:\n  Type: AWS::Serverless::Connector\n  Properties: {{Source: {{Id: Q}}, Destination: {{Id: T}}, Permissions: [Write]}}\n"),
        ),
        "3 T AWS::SNS::Topic
         4 Q AWS::SQS::Queue
         5 C AWS::Serverless::Connector
         5 sam-unknown-connector: there is no connector from `AWS::SQS::Queue` to `AWS::SNS::Topic`",
    );
}

#[test]
fn a_type_nobody_knows_stays_and_is_said() {
    check_ids(
        &template("", "X:\n  Type: AWS::Serverless::Teapot\n"),
        "3 X AWS::Serverless::Teapot
         3 sam-unknown-type: `AWS::Serverless::Teapot` is not a serverless type we know",
    );
}

#[test]
fn an_implied_name_that_is_taken_loses_neither() {
    check_ids(
        &template(
            "",
            "F: {Type: 'AWS::Serverless::Function'}\nFRole: {Type: 'AWS::IAM::Role'}\n",
        ),
        "3 F AWS::Lambda::Function
         3 FRole2 AWS::IAM::Role
         4 FRole AWS::IAM::Role",
    );
}

#[test]
fn a_graphql_function_may_use_the_source_that_answers_by_itself_in_any_case() {
    check(
        &template(
            "",
            "G:\n  Type: AWS::Serverless::GraphQLApi\n  Properties:\n    Auth: {Type: API_KEY}\n    Logging: false\n    SchemaInline: s\n    Functions:\n      Step: {DataSource: None, Runtime: {Name: APPSYNC_JS, Version: 1.0.0}, InlineCode: x}\n",
        ),
        "G AWS::AppSync::GraphQLApi {Name: 'G', AuthenticationType: 'API_KEY'}
         GNoneDataSource (G:none) AWS::AppSync::DataSource {Name: 'None', Type: 'NONE', ApiId: '${G.ApiId}'}
         GStep (G:Step) AWS::AppSync::FunctionConfiguration {Name: 'Step', DataSourceName: '${GNoneDataSource.Name}', Runtime: {Name: 'APPSYNC_JS', RuntimeVersion: '1.0.0'}, Code: 'x', ApiId: '${G.ApiId}'}",
    );
}
