//! What causes a function or a state machine to run: `Events`, dispatched by type,
//! and the types that only functions have. Event-source mappings are in
//! [`super::sources`], rules and schedules in [`super::rules`], API routes in
//! [`super::api_events`].

use std::sync::Arc;

use underbelly_expression::{Fact, Guard};
use underbelly_source::{Diagnostic, Span};

use super::policies::Grants;
use super::{Addition, Expansion, api_events, rules, sources};
use crate::draft::Draft;
use crate::implied::{Implied, New};
use crate::make::{Properties, list, or_else, pseudo, splice};
use underbelly_expression::Text;

/// What an event makes run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Callee {
    /// A function.
    Function,
    /// A state machine.
    StateMachine,
}

/// One event of a function or state machine.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Its name below its owner.
    pub(crate) name: Arc<str>,
    /// What the resources it implies are called: owner and event.
    pub(crate) prefix: String,
    /// Its type.
    pub(crate) kind: String,
    /// Its properties.
    pub(crate) properties: Fact,
    /// When it is there.
    pub(crate) guard: Guard,
    /// The line it begins at.
    pub(crate) head: Span,
}

impl Event {
    /// A resource this event implies.
    pub(crate) fn new_resource<'n>(
        &self,
        logical_id: &'n str,
        sub: &'n str,
        kind: &'n str,
    ) -> New<'n> {
        New {
            logical_id,
            sub,
            kind,
            head: self.head,
        }
    }

    /// A property.
    pub(crate) fn get(&self, name: &str) -> Fact {
        self.properties.field(name).into_owned()
    }
}

/// The events of a resource, each as often as there are cases of it.
pub(crate) fn events_of(expansion: &mut Expansion<'_, '_, '_>, owner: &Draft) -> Vec<Event> {
    let events = owner.properties.field("Events").into_owned();
    let mut found = Vec::new();
    let (entries, _) = events.entries();
    for (outer, entry) in entries {
        let cases = entry.fact.cases();
        for (inner, case) in cases.into_iter().filter(|(_, case)| !case.is_absent()) {
            let Some(guard) = outer.and(&inner) else {
                continue;
            };
            let kind = case.field("Type").into_owned();
            let Some(kind) = kind.as_text() else {
                expansion.stack.report(
                    Diagnostic::warning(
                        "sam-wrong-type",
                        format!("event `{}` has no type that is known", entry.key),
                    )
                    .at(entry.key_span)
                    .note("what it causes is not modelled")
                    .help("an event is a map with `Type` and `Properties`"),
                );
                continue;
            };
            found.push(Event {
                name: entry.key.clone(),
                prefix: format!("{}{}", owner.logical_id, entry.key),
                kind: kind.to_owned(),
                properties: case.field("Properties").into_owned(),
                guard,
                head: entry.key_span,
            });
        }
    }
    found
}

/// Everything the events of a function imply.
pub(crate) fn of_function(
    expansion: &mut Expansion<'_, '_, '_>,
    owner: &Draft,
    implied: &mut Implied<'_>,
    grants: &mut Grants,
) {
    for event in events_of(expansion, owner) {
        match event.kind.as_str() {
            "Api" | "HttpApi" => api_events::of_function(expansion, owner, &event, implied),
            "Schedule" | "CloudWatchEvent" | "EventBridgeRule" => {
                rules::add_rule(expansion, &event, Callee::Function, implied);
            }
            "ScheduleV2" => rules::add_schedule(expansion, &event, Callee::Function, implied),
            "S3" => bucket(expansion, &event, implied),
            "SNS" => topic(expansion, &event, implied, grants),
            "CloudWatchLogs" => logs(expansion, &event, implied),
            "IoTRule" => device_rule(expansion, &event, implied),
            "AlexaSkill" => skill(expansion, &event, implied),
            "Cognito" => user_pool(expansion, &event, implied),
            kind => {
                if !sources::add(expansion, &event, kind, implied, grants) {
                    unknown_type(expansion, &event);
                }
            }
        }
    }
}

/// Everything the events of a state machine imply.
pub(crate) fn of_state_machine(
    expansion: &mut Expansion<'_, '_, '_>,
    owner: &Draft,
    implied: &mut Implied<'_>,
) {
    for event in events_of(expansion, owner) {
        match event.kind.as_str() {
            "Api" => api_events::of_state_machine(expansion, owner, &event, implied),
            "Schedule" | "CloudWatchEvent" | "EventBridgeRule" => {
                rules::add_rule(expansion, &event, Callee::StateMachine, implied);
            }
            "ScheduleV2" => rules::add_schedule(expansion, &event, Callee::StateMachine, implied),
            _ => unknown_type(expansion, &event),
        }
    }
}

fn unknown_type(expansion: &mut Expansion<'_, '_, '_>, event: &Event) {
    expansion.stack.report(
        Diagnostic::warning(
            "sam-unknown-event",
            format!(
                "event `{}` has the unknown type `{}`",
                event.name, event.kind
            ),
        )
        .at(event.head)
        .note("what it causes is not modelled")
        .help("check its spelling against the list of SAM event types"),
    );
}

/// Adds a permission to invoke the function for a service.
pub(crate) fn permit(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    (principal, suffix): (&str, &str),
    narrowed: Properties,
) {
    let logical_id = format!("{}Permission{suffix}", event.prefix);
    permit_as(
        expansion,
        event,
        implied,
        (principal, &logical_id),
        narrowed,
    );
}

fn permit_as(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    (principal, logical_id): (&str, &str),
    narrowed: Properties,
) {
    let function = function_of(expansion, event, implied, "");
    let properties = narrowed
        .text("Action", "lambda:InvokeFunction")
        .set("FunctionName", function)
        .text("Principal", principal);
    let sub = format!("{} permission", event.name);
    let new = event.new_resource(logical_id, &sub, "AWS::Lambda::Permission");
    implied.add(expansion.stack, new, &event.guard, properties.build());
}

/// A reference to what the event makes run.
pub(crate) fn function_of(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &Implied<'_>,
    attribute: &str,
) -> Fact {
    let owner = &implied.by.logical_id;
    expansion.stack.reference(owner, attribute, event.head)
}

fn bucket(expansion: &mut Expansion<'_, '_, '_>, event: &Event, implied: &mut Implied<'_>) {
    let account = Fact::text(Text::hole(pseudo("AWS::AccountId", event.head)), event.head);
    let narrowed = Properties::at(event.head).set("SourceAccount", account);
    permit(
        expansion,
        event,
        implied,
        ("s3.amazonaws.com", ""),
        narrowed,
    );
    let function = function_of(expansion, event, implied, "Arn");
    let names = event.get("Events");
    let (names, _) = names.items();
    let configurations: Vec<(Guard, Fact)> = names
        .into_iter()
        .map(|(guard, name)| {
            let configuration = Properties::at(event.head)
                .set("Event", name.clone())
                .set("Function", function.clone())
                .copy(&event.properties, "Filter");
            (guard, configuration.build())
        })
        .collect();
    expansion.add_to(
        implied,
        event,
        &event.get("Bucket"),
        Addition::Notifications(configurations),
    );
}

fn topic(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    grants: &mut Grants,
) {
    let topic = event.get("Topic");
    let subscription = Properties::at(event.head)
        .set("TopicArn", topic.clone())
        .copy_all(
            &event.properties,
            &[
                "FilterPolicy",
                "FilterPolicyScope",
                "RedrivePolicy",
                "Region",
            ],
        );
    let through_queue = event.get("SqsSubscription");
    let wants_queue = through_queue.as_map().is_some() || through_queue.as_bool() == Some(true);
    let subscription = if wants_queue {
        let queue = subscribed_queue(expansion, event, implied, grants, &through_queue);
        subscription.text("Protocol", "sqs").set("Endpoint", queue)
    } else {
        let narrowed = Properties::at(event.head).set("SourceArn", topic);
        permit(
            expansion,
            event,
            implied,
            ("sns.amazonaws.com", ""),
            narrowed,
        );
        let function = function_of(expansion, event, implied, "Arn");
        subscription
            .text("Protocol", "lambda")
            .set("Endpoint", function)
    };
    let new = event.new_resource(&event.prefix, &event.name, "AWS::SNS::Subscription");
    implied.add(expansion.stack, new, &event.guard, subscription.build());
}

/// The queue between a topic and a function: the given one, or one made for it.
fn subscribed_queue(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    grants: &mut Grants,
    settings: &Fact,
) -> Fact {
    let given = settings.field("QueueArn").into_owned();
    let mut url = settings.field("QueueUrl").into_owned();
    let mut queue = given.clone();
    if given.is_absent() {
        let logical_id = format!("{}Queue", event.prefix);
        let sub = format!("{} queue", event.name);
        let new = event.new_resource(&logical_id, &sub, "AWS::SQS::Queue");
        let properties = Properties::at(event.head).build();
        implied.add(expansion.stack, new, &event.guard, properties);
        queue = expansion.stack.reference(&logical_id, "Arn", event.head);
        url = expansion.stack.reference(&logical_id, "", event.head);
    }
    let named = settings.field("QueuePolicyLogicalId").into_owned();
    let fallback = format!("{}QueuePolicy", event.prefix);
    let policy_id = named.as_text().unwrap_or(&fallback).to_owned();
    let statement = super::rules::send_statement(&queue, &event.get("Topic"), event.head)
        .text("Principal", "*")
        .build();
    super::rules::add_queue_policy(expansion, event, implied, &policy_id, url, statement);
    sources::add_mapping_of_queue(expansion, event, implied, grants, &queue, settings);
    queue
}

fn logs(expansion: &mut Expansion<'_, '_, '_>, event: &Event, implied: &mut Implied<'_>) {
    let group = event.get("LogGroupName");
    let arn = splice(
        "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*",
        &[("Group", &group)],
        event.head,
    );
    let narrowed = Properties::at(event.head).set("SourceArn", arn);
    permit(
        expansion,
        event,
        implied,
        ("logs.amazonaws.com", ""),
        narrowed,
    );
    let function = function_of(expansion, event, implied, "Arn");
    let properties = Properties::at(event.head)
        .copy_all(&event.properties, &["LogGroupName", "FilterPattern"])
        .set("DestinationArn", function);
    let new = event.new_resource(&event.prefix, &event.name, "AWS::Logs::SubscriptionFilter");
    implied.add(expansion.stack, new, &event.guard, properties.build());
}

fn device_rule(expansion: &mut Expansion<'_, '_, '_>, event: &Event, implied: &mut Implied<'_>) {
    let rule = expansion.stack.reference(&event.prefix, "", event.head);
    let arn = splice(
        "arn:aws:iot:${AWS::Region}:${AWS::AccountId}:rule/${Rule}",
        &[("Rule", &rule)],
        event.head,
    );
    let account = Fact::text(Text::hole(pseudo("AWS::AccountId", event.head)), event.head);
    let narrowed = Properties::at(event.head)
        .set("SourceAccount", account)
        .set("SourceArn", arn);
    permit(
        expansion,
        event,
        implied,
        ("iot.amazonaws.com", ""),
        narrowed,
    );
    let function = function_of(expansion, event, implied, "Arn");
    let lambda = Properties::at(event.head).set("FunctionArn", function);
    let action = Properties::at(event.head).set("Lambda", lambda.build());
    let payload = Properties::at(event.head)
        .copy_all(&event.properties, &["Sql", "AwsIotSqlVersion"])
        .bool("RuleDisabled", false)
        .set("Actions", list([action.build()], event.head));
    let properties = Properties::at(event.head).set("TopicRulePayload", payload.build());
    let new = event.new_resource(&event.prefix, &event.name, "AWS::IoT::TopicRule");
    implied.add(expansion.stack, new, &event.guard, properties.build());
}

fn skill(expansion: &mut Expansion<'_, '_, '_>, event: &Event, implied: &mut Implied<'_>) {
    let token = or_else(&event.get("SkillId"), &Fact::absent(Some(event.head)));
    let narrowed = Properties::at(event.head).set("EventSourceToken", token);
    let principal = "alexa-appkit.amazon.com";
    permit(expansion, event, implied, (principal, ""), narrowed);
}

fn user_pool(expansion: &mut Expansion<'_, '_, '_>, event: &Event, implied: &mut Implied<'_>) {
    let pool = event.get("UserPool");
    let arn = expansion.attribute_of(&pool, "Arn", event.head);
    let narrowed = Properties::at(event.head).set("SourceArn", arn);
    // One permission serves all events of a function.
    let logical_id = format!("{}CognitoPermission", implied.by.logical_id);
    let is_there = implied
        .made
        .iter()
        .any(|draft| *draft.logical_id == *logical_id);
    if !is_there {
        let principal = "cognito-idp.amazonaws.com";
        permit_as(
            expansion,
            event,
            implied,
            (principal, &logical_id),
            narrowed,
        );
    }
    let function = function_of(expansion, event, implied, "Arn");
    let triggers = event.get("Trigger");
    let (triggers, _) = triggers.items();
    let names: Vec<(Arc<str>, Fact)> = triggers
        .iter()
        .filter_map(|(_, name)| Some((name.as_text()?.into(), function.clone())))
        .collect();
    expansion.add_to(implied, event, &pool, Addition::Triggers(names));
}
