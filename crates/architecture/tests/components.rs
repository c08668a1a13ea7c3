//! Which components a template becomes: their ids, kinds and zones.

mod common;

use common::{fact, mapped};
use underbelly_expression::SubjectId;

/// The components in order, without the account: id, short id, kind, zone.
fn check(template: &str, expected: &str) {
    let mapping = mapped(template);
    let components = mapping.architecture.components.iter();
    let lines = components
        .filter(|component| &*component.kind != "account")
        .map(|component| {
            let dashed = if component.outside { ", outside" } else { "" };
            format!(
                "{} ({}): {} in {}{dashed}\n",
                component.id, component.short, component.kind, component.zone
            )
        });
    assert_eq!(lines.collect::<String>(), expected);
}

#[test]
fn a_serverless_function_brings_its_role_and_address() {
    check(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      FunctionUrlConfig: { AuthType: NONE }
",
        "\
shop (shop): stack in control
shop/Resize (Resize): function in application
shop/Resize:url (Resize:url): function-url in edge
shop/Resize:role (Resize:role): role in control
internet (internet): actor in internet, outside
",
    );
}

#[test]
fn satellites_are_no_components_and_unknown_types_are_plain_ones() {
    check(
        "Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Rights: { Type: AWS::SQS::QueuePolicy, Properties: { Queues: [!Ref Jobs], PolicyDocument: {} } }
  Odd: { Type: AWS::Nobody::Knows }
  Made: { Type: 'Custom::Thing', Properties: { ServiceToken: 'arn:aws:lambda:eu-west-1:111122223333:function:maker' } }
",
        "\
shop (shop): stack in control
shop/Jobs (Jobs): queue in application
shop/Odd (Odd): external in application
function:maker (maker): function in application, outside
cloudformation.amazonaws.com (cloudformation.amazonaws.com): actor in application, outside
",
    );
    let odd = mapped(
        "Resources:\n  Odd: { Type: AWS::Nobody::Knows }\n  Two: { Type: AWS::Nobody::Knows }\n",
    );
    let messages: Vec<&str> = odd.diagnostics.iter().map(|d| &*d.message).collect();
    assert_eq!(
        messages,
        ["the resource type `AWS::Nobody::Knows` is not known, 2 times"]
    );
}

#[test]
fn types_that_are_left_out_are_told() {
    let people = mapped(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Anna: { Type: AWS::IAM::User }\n  Cap: { Type: AWS::Serverless::CapacityProvider, Properties: { VpcConfig: { SubnetIds: [a] } } }\n  Ben: { Type: AWS::IAM::User }\n",
    );
    let messages: Vec<&str> = people.diagnostics.iter().map(|d| &*d.message).collect();
    assert_eq!(
        messages,
        [
            "the resource type `AWS::IAM::User` is left out, 2 times",
            "the resource type `AWS::Serverless::CapacityProvider` is left out",
        ]
    );
}

#[test]
fn a_property_decides_between_two_kinds() {
    check(
        "Resources:
  Chat: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: chat, ProtocolType: WEBSOCKET } }
  Web: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: web, ProtocolType: HTTP } }
  Nightly: { Type: AWS::Events::Rule, Properties: { ScheduleExpression: rate(1 day) } }
",
        "\
shop (shop): stack in control
shop/Chat (Chat): websocket-api in edge
shop/Web (Web): http-api in edge
shop/Nightly (Nightly): scheduler in application
internet (internet): actor in internet, outside
",
    );
}

#[test]
fn rules_that_name_no_bus_are_parts_of_the_default_one() {
    let mapping = mapped(
        "Resources:
  Started:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.ec2] }
      Targets: [{ Id: work, Arn: !GetAtt Work.Arn }]
  Work: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: x } } }
",
    );
    let all = &mapping.architecture;
    let at = all.components.iter().position(|c| &*c.kind == "event-bus");
    let bus = SubjectId::component(at.unwrap_or_default());
    assert_eq!(&*all.label(bus), "default");
    assert_eq!(fact(all, bus, "rules/Started/targets"), "Work");
    assert_eq!(fact(all, bus, "encrypted"), "true");
}

#[test]
fn every_fact_has_an_answer() {
    let mapping = mapped("Resources:\n  Jobs: { Type: AWS::SQS::Queue }\n");
    let all = &mapping.architecture;
    let at = all.components.iter().position(|c| &*c.kind == "queue");
    let queue = SubjectId::component(at.unwrap_or_default());
    for (name, expected) in [
        ("kind", "queue"),
        ("name", "Jobs"),
        ("provider", "aws"),
        ("stack", "shop"),
        ("account", "account"),
        ("sensitive", "unknown"),
        ("irreplaceable", "true"),
        ("internal_only", "false"),
        ("alarmed", "false"),
    ] {
        assert_eq!(fact(all, queue, name), expected, "{name}");
    }
}
