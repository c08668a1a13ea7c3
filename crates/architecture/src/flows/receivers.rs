//! Mail, devices, sign-ins, AI agents and deployments: what else starts things.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::{Resource, ResourceId};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::derived::{Collected, no, yes};
use crate::draft::Draft;

use super::link::{Link, Style, Trigger};

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    mail(draft);
    devices(draft);
    sign_ins(draft);
    agents(draft);
    deployments(draft);
}

/// Action, property that names the target, its kind.
const MAIL: [(&str, &str, &str); 5] = [
    ("LambdaAction", "FunctionArn", "function"),
    ("S3Action", "BucketName", "object-store"),
    ("SNSAction", "TopicArn", "topic"),
    ("S3Action", "TopicArn", "topic"),
    ("BounceAction", "TopicArn", "topic"),
];

fn mail(draft: &mut Draft<'_>) {
    for receiver in draft.of_kind("email-receiver") {
        let Some((id, resource)) = draft.resource_of(receiver) else {
            continue;
        };
        from(draft, "internet", receiver, resource);
        let actions = resource.properties.path("Rule.Actions").into_owned();
        let mut found = Collected::default();
        for (guard, action) in actions.items().0 {
            let Some(guard) = resource.guard.and(&guard) else {
                continue;
            };
            for (name, property, kind) in MAIL {
                let settings = action.field(name).into_owned();
                let waits = settings.field("InvocationType").as_text() == Some("RequestResponse");
                let style = if waits { Style::Sync } else { Style::Async };
                let target = settings.field(property);
                let sink = Sink {
                    source: receiver,
                    near: id,
                    place: action.head(resource.head),
                    style,
                };
                sink.draw(draft, &guard, &target, kind, &mut found);
            }
        }
        draft.set(receiver, "targets", found.set(Some(resource.head)));
    }
}

const DEVICES: [(&str, &str); 12] = [
    ("Lambda.FunctionArn", "function"),
    ("Sqs.QueueUrl", "queue"),
    ("Sns.TargetArn", "topic"),
    ("Kinesis.StreamName", "stream"),
    ("Firehose.DeliveryStreamName", "stream"),
    ("DynamoDB.TableName", "table"),
    ("DynamoDBv2.PutItem.TableName", "table"),
    ("S3.BucketName", "object-store"),
    ("StepFunctions.StateMachineName", "workflow"),
    ("CloudwatchLogs.LogGroupName", "log-group"),
    ("Timestream.DatabaseName", "database"),
    ("Http.Url", "external"),
];

fn devices(draft: &mut Draft<'_>) {
    for rule in draft.of_kind("device-rule") {
        let Some((id, resource)) = draft.resource_of(rule) else {
            continue;
        };
        from(draft, "devices", rule, resource);
        let actions = resource
            .properties
            .path("TopicRulePayload.Actions")
            .into_owned();
        let mut found = Collected::default();
        for (guard, action) in actions.items().0 {
            let Some(guard) = resource.guard.and(&guard) else {
                continue;
            };
            for (path, kind) in DEVICES {
                let target = action.path(path);
                let sink = Sink {
                    source: rule,
                    near: id,
                    place: action.head(resource.head),
                    style: Style::Async,
                };
                sink.draw(draft, &guard, &target, kind, &mut found);
            }
        }
        draft.set(rule, "targets", found.set(Some(resource.head)));
    }
}

/// Where something passes on what it received.
struct Sink {
    source: SubjectId,
    near: ResourceId,
    place: Span,
    style: Style,
}

impl Sink {
    fn draw(
        &self,
        draft: &mut Draft<'_>,
        guard: &Guard,
        target: &Fact,
        kind: &str,
        found: &mut Collected,
    ) {
        for end in draft.ends(guard, target, &[kind], self.near, self.place) {
            found.component(&end.guard, end.component, &[Place::here(end.place)]);
            let link = Link {
                source: self.source,
                destination: end.component,
                kind: FlowKind::Trigger,
                label: String::new(),
                guard: end.guard,
                place: self.place,
            };
            link.draw(draft, &Trigger::plain(self.style, self.place));
        }
    }
}

fn from(draft: &mut Draft<'_>, actor: &str, to: SubjectId, resource: &Resource) {
    let actor = draft.actor(actor);
    draft.add_flow(
        actor,
        to,
        FlowKind::Trigger,
        Strength::Strong,
        "",
        resource.guard.clone(),
        vec![Place::here(resource.head)],
    );
}

/// A user pool calls functions at moments of a sign-up or sign-in, and waits.
fn sign_ins(draft: &mut Draft<'_>) {
    for pool in draft.of_kind("user-pool") {
        let Some((id, resource)) = draft.resource_of(pool) else {
            continue;
        };
        let internet = draft.actor("internet");
        draft.add_flow(
            internet,
            pool,
            FlowKind::Call,
            Strength::Strong,
            "",
            resource.guard.clone(),
            vec![Place::here(resource.head)],
        );
        let moments = resource.properties.field("LambdaConfig").into_owned();
        let (entries, _) = moments.entries();
        for (guard, entry) in entries {
            let Some(guard) = resource.guard.and(&guard) else {
                continue;
            };
            if &*entry.key == "KMSKeyID" {
                continue;
            }
            let nested = entry.fact.field("LambdaArn");
            let function = match nested.is_absent() {
                true => &entry.fact,
                false => &*nested,
            };
            for end in draft.ends(&guard, function, &["function"], id, entry.key_span) {
                let link = Link {
                    source: pool,
                    destination: end.component,
                    kind: FlowKind::Call,
                    label: entry.key.to_string(),
                    guard: end.guard,
                    place: entry.key_span,
                };
                link.draw(draft, &Trigger::plain(Style::Sync, entry.key_span));
            }
        }
    }
}

/// An agent calls the functions of its action groups as tools.
fn agents(draft: &mut Draft<'_>) {
    let mut tools = std::collections::BTreeMap::new();
    for agent in draft.of_kind("ai-agent") {
        let Some((id, resource)) = draft.resource_of(agent) else {
            continue;
        };
        let groups = resource.properties.field("ActionGroups").into_owned();
        let mut found = Collected::default();
        for (guard, group) in groups.items().0 {
            let Some(guard) = resource.guard.and(&guard) else {
                continue;
            };
            let function = group.path("ActionGroupExecutor.Lambda");
            for end in draft.ends(&guard, &function, &["function"], id, resource.head) {
                found.component(&end.guard, end.component, &[Place::here(end.place)]);
                tools.entry(end.component).or_insert(end.place);
                let link = Link {
                    source: agent,
                    destination: end.component,
                    kind: FlowKind::Call,
                    label: String::new(),
                    guard: end.guard,
                    place: end.place,
                };
                link.draw(draft, &Trigger::plain(Style::Sync, end.place));
            }
        }
        draft.set_unless(agent, "tools", found.set(Some(resource.head)));
    }
    mark(draft, "agent_tool", &tools);
}

/// Sets a fact of every function: yes at these places, else no.
fn mark(draft: &mut Draft<'_>, name: &str, places: &std::collections::BTreeMap<SubjectId, Span>) {
    for function in draft.of_kind("function") {
        let fact = match (places.get(&function), draft.place_of(function)) {
            (Some(place), _) => yes(*place),
            (None, Some(head)) => no(head),
            (None, None) => continue,
        };
        draft.set_unless(function, name, fact);
    }
}

/// A template's custom resources are carried out by functions while it is deployed.
fn deployments(draft: &mut Draft<'_>) {
    let graph = draft.graph;
    let custom = graph.iter().filter(|(_, resource)| {
        resource.kind.starts_with("Custom::")
            || &*resource.kind == "AWS::CloudFormation::CustomResource"
    });
    let mut found = std::collections::BTreeMap::new();
    for (id, resource) in custom {
        let token = resource.properties.field("ServiceToken");
        for end in draft.ends(&resource.guard, &token, &["function"], id, resource.head) {
            found.entry(end.component).or_insert(end.place);
            let deployment = draft.actor("cloudformation.amazonaws.com");
            let link = Link {
                source: deployment,
                destination: end.component,
                kind: FlowKind::Trigger,
                label: resource.logical_id.to_string(),
                guard: end.guard,
                place: end.place,
            };
            link.draw(draft, &Trigger::plain(Style::Async, end.place));
        }
    }
    mark(draft, "custom_resource", &found);
}
