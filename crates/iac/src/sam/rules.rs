//! Rules and schedules that make a function or a state machine run, with their
//! permissions or roles and their dead-letter queues.

use underbelly_expression::Fact;
use underbelly_source::Span;

use super::Expansion;
use super::events::{Callee, Event, function_of, permit};
use super::policies::{add_small_role, allow};
use crate::implied::Implied;
use crate::make::{Properties, list, or_else};

/// `Schedule`, `CloudWatchEvent` and `EventBridgeRule`.
pub(crate) fn add_rule(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    callee: Callee,
    implied: &mut Implied<'_>,
) {
    let from = &event.properties;
    let head = event.head;
    let rule = expansion.stack.reference(&event.prefix, "Arn", head);
    let arn = callee_arn(expansion, event, callee, implied);
    let own = event.get("Target").field("Id").into_owned();
    let id = match callee {
        Callee::Function => format!("{}LambdaTarget", event.prefix),
        Callee::StateMachine => format!("{}StepFunctionsTarget", event.prefix),
    };
    let mut target = Properties::at(head)
        .set("Arn", arn.clone())
        .set("Id", or_else(&own, &Fact::text(id.as_str(), head)))
        .copy_all(
            from,
            &["Input", "InputPath", "InputTransformer", "RetryPolicy"],
        )
        .set(
            "DeadLetterConfig",
            dead_letters(expansion, event, implied, &rule),
        );
    match callee {
        Callee::Function => {
            let narrowed = Properties::at(head).set("SourceArn", rule);
            permit(
                expansion,
                event,
                implied,
                ("events.amazonaws.com", ""),
                narrowed,
            );
        }
        Callee::StateMachine => {
            let service = "events.amazonaws.com";
            let role = role_of(expansion, event, callee, implied, service, &arn);
            target = target.set("RoleArn", role);
        }
    }
    let properties = Properties::at(head)
        .rename(from, "Pattern", "EventPattern")
        .rename(from, "Schedule", "ScheduleExpression")
        .rename(from, "RuleName", "Name")
        .copy_all(from, &["Name", "Description", "EventBusName", "State"])
        .set("Targets", list([target.build()], head));
    let properties = match event.get("Enabled").as_bool() {
        Some(true) => properties.text("State", "ENABLED"),
        Some(false) => properties.text("State", "DISABLED"),
        None => properties,
    };
    let new = event.new_resource(&event.prefix, &event.name, "AWS::Events::Rule");
    implied.add(expansion.stack, new, &event.guard, properties.build());
}

/// `ScheduleV2`.
pub(crate) fn add_schedule(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    callee: Callee,
    implied: &mut Implied<'_>,
) {
    let from = &event.properties;
    let head = event.head;
    let schedule = expansion.stack.reference(&event.prefix, "Arn", head);
    let arn = callee_arn(expansion, event, callee, implied);
    let service = "scheduler.amazonaws.com";
    let letters = dead_letters(expansion, event, implied, &schedule);
    let role = role_of(expansion, event, callee, implied, service, &arn);
    let target = Properties::at(head)
        .set("Arn", arn)
        .set("RoleArn", role)
        .copy_all(from, &["Input", "RetryPolicy"])
        .set("DeadLetterConfig", letters);
    let off = Properties::at(head).text("Mode", "OFF").build();
    let properties = Properties::at(head)
        .copy_all(
            from,
            &[
                "ScheduleExpression",
                "ScheduleExpressionTimezone",
                "StartDate",
                "EndDate",
                "State",
                "KmsKeyArn",
                "GroupName",
                "Description",
                "Name",
            ],
        )
        .set(
            "FlexibleTimeWindow",
            or_else(&event.get("FlexibleTimeWindow"), &off),
        )
        .set("Target", target.build());
    let named = Fact::text(event.prefix.as_str(), head);
    let properties = properties.set("Name", or_else(&event.get("Name"), &named));
    let new = event.new_resource(&event.prefix, &event.name, "AWS::Scheduler::Schedule");
    implied.add(expansion.stack, new, &event.guard, properties.build());
}

/// What the rule or schedule calls: a state machine's plain reference is its ARN.
fn callee_arn(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    callee: Callee,
    implied: &Implied<'_>,
) -> Fact {
    let attribute = match callee {
        Callee::Function => "Arn",
        Callee::StateMachine => "",
    };
    function_of(expansion, event, implied, attribute)
}

/// The role with which a service calls: the given one, or one made for it.
pub(crate) fn role_of(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    callee: Callee,
    implied: &mut Implied<'_>,
    service: &str,
    arn: &Fact,
) -> Fact {
    let given = event.get("RoleArn");
    let given = or_else(&given, &event.get("Role"));
    if !given.is_absent() {
        return given;
    }
    let is_schedule = service.starts_with("scheduler.");
    let (action, policy) = match callee {
        Callee::Function => ("lambda:InvokeFunction", "LambdaPolicy"),
        Callee::StateMachine if is_schedule => ("states:StartExecution", "StartExecutionPolicy"),
        Callee::StateMachine => ("states:StartExecution", "RoleStartExecutionPolicy"),
    };
    let head = event.head;
    let mut statements = vec![(
        format!("{}{policy}", event.prefix),
        allow(&[action], vec![arn.clone()], head),
    )];
    let letters = event.get("DeadLetterConfig").field("Arn").into_owned();
    if is_schedule && !letters.is_absent() {
        let statement = allow(&["sqs:SendMessage"], vec![letters], head);
        statements.push((format!("{}SQSPolicy", event.prefix), statement));
    }
    let logical_id = format!("{}Role", event.prefix);
    let sub = format!("{} role", event.name);
    let new = event.new_resource(&logical_id, &sub, "");
    add_small_role(
        expansion.stack,
        implied,
        new,
        service,
        statements,
        &event.properties,
    );
    expansion.stack.reference(&logical_id, "Arn", head)
}

/// The dead-letter queue: the given one, or one made for it with a policy that lets
/// the rule send.
fn dead_letters(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    source: &Fact,
) -> Fact {
    let config = event.get("DeadLetterConfig");
    if config.is_absent() {
        return config;
    }
    let span = config.head(event.head);
    let given = config.field("Arn").into_owned();
    if !given.is_absent() || config.as_map().is_none() {
        return Properties::at(span).set("Arn", given).build_unless_empty();
    }
    let named = config.field("QueueLogicalId").into_owned();
    let fallback = format!("{}Queue", event.prefix);
    let logical_id = named.as_text().unwrap_or(&fallback).to_owned();
    let sub = format!("{} queue", event.name);
    let new = event.new_resource(&logical_id, &sub, "AWS::SQS::Queue");
    let properties = Properties::at(span).build();
    implied.add(expansion.stack, new, &event.guard, properties);
    let queue = expansion.stack.reference(&logical_id, "Arn", span);
    if event.kind != "ScheduleV2" {
        let service = Properties::at(span).text("Service", "events.amazonaws.com");
        let statement = send_statement(&queue, source, span)
            .set("Principal", service.build())
            .build();
        let url = expansion.stack.reference(&logical_id, "", span);
        let policy_id = format!("{}QueuePolicy", event.prefix);
        add_queue_policy(expansion, event, implied, &policy_id, url, statement);
    }
    Properties::at(span).set("Arn", queue).build()
}

/// A statement that lets something send to a queue on behalf of one source.
pub(crate) fn send_statement(queue: &Fact, source: &Fact, span: Span) -> Properties {
    let arn = Properties::at(span).set("aws:SourceArn", source.clone());
    let condition = Properties::at(span).set("ArnEquals", arn.build());
    Properties::at(span)
        .text("Effect", "Allow")
        .text("Action", "sqs:SendMessage")
        .set("Resource", queue.clone())
        .set("Condition", condition.build())
}

/// Adds a queue policy of one statement.
pub(crate) fn add_queue_policy(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    logical_id: &str,
    url: Fact,
    statement: Fact,
) {
    let head = event.head;
    let document = Properties::at(head)
        .text("Version", "2012-10-17")
        .set("Statement", list([statement], head));
    let properties = Properties::at(head)
        .set("PolicyDocument", document.build())
        .set("Queues", list([url], head));
    let sub = format!("{} queue policy", event.name);
    let new = event.new_resource(logical_id, &sub, "AWS::SQS::QueuePolicy");
    implied.add(expansion.stack, new, &event.guard, properties.build());
}
