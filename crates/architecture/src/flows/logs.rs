//! What is written to logs, and who reads along. Access logs that a bucket keeps are
//! flows of the catalogue.

use underbelly_expression::{Fact, Guard, SubjectId};
use underbelly_iac::ResourceId;
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::address;
use crate::derived::{is_written, like};
use crate::draft::Draft;

use super::link::{Link, Style, Trigger};

/// Draws them.
pub(crate) fn add(draft: &mut Draft<'_>) {
    subscriptions(draft);
    access_logs(draft);
    workflow_logs(draft);
    function_logs(draft);
}

fn subscriptions(draft: &mut Draft<'_>) {
    for (id, filter) in draft.of_type("AWS::Logs::SubscriptionFilter") {
        let properties = &filter.properties;
        let group = properties.field("LogGroupName");
        let groups = draft.ends(&filter.guard, &group, &["log-group"], id, filter.head);
        let destination = properties.field("DestinationArn");
        let pattern = properties.field("FilterPattern");
        // An empty pattern lets everything through.
        let picks = is_written(&pattern, filter.head);
        let picks = match pattern.as_text() {
            Some("") => like(&pattern, underbelly_expression::Value::Bool(false)),
            Some(_) | None => picks,
        };
        for group in groups {
            let ends = draft.ends(&group.guard, &destination, &["external"], id, filter.head);
            for end in ends {
                let trigger = Trigger::plain(Style::Async, filter.head).filtered(picks.clone());
                let link = Link {
                    source: group.component,
                    destination: end.component,
                    kind: FlowKind::Trigger,
                    label: String::new(),
                    guard: end.guard,
                    place: filter.head,
                };
                link.draw(draft, &trigger);
            }
        }
    }
}

fn access_logs(draft: &mut Draft<'_>) {
    for (kind, owner, api, setting) in [
        (
            "AWS::ApiGateway::Stage",
            "RestApiId",
            "rest-api",
            "AccessLogSetting",
        ),
        (
            "AWS::ApiGatewayV2::Stage",
            "ApiId",
            "http-api",
            "AccessLogSettings",
        ),
    ] {
        for (id, stage) in draft.of_type(kind) {
            let group = stage
                .properties
                .field(setting)
                .field("DestinationArn")
                .into_owned();
            for (guard, api) in draft.owners((id, stage), owner, api) {
                deliver(draft, api, &guard, &group, (id, stage.head), "access log");
            }
        }
    }
}

fn workflow_logs(draft: &mut Draft<'_>) {
    for workflow in draft.of_kind("workflow") {
        let Some((id, resource)) = draft.resource_of(workflow) else {
            continue;
        };
        let list = resource
            .properties
            .path("LoggingConfiguration.Destinations");
        for (guard, item) in list.items().0 {
            let group = item.path("CloudWatchLogsLogGroup.LogGroupArn").into_owned();
            if let Some(guard) = resource.guard.and(&guard) {
                deliver(draft, workflow, &guard, &group, (id, resource.head), "log");
            }
        }
    }
}

/// The provider writes a function's log to the group named after it, or to the
/// one that its settings name.
fn function_logs(draft: &mut Draft<'_>) {
    for group in draft.of_kind("log-group") {
        let Some((id, resource)) = draft.resource_of(group) else {
            continue;
        };
        let name = resource.properties.field("LogGroupName").into_owned();
        for (guard, case) in name.cases() {
            let function = case
                .as_pattern()
                .and_then(|name| address::without_prefix(name, "/aws/lambda/"));
            let (Some(function), Some(guard)) = (function, resource.guard.and(&guard)) else {
                continue;
            };
            let function = like(case, underbelly_expression::Value::Text(function));
            for (inner, target) in draft.named(&["function"], &function, id) {
                let (Some(guard), crate::draft::Target::Component(function)) =
                    (guard.and(&inner), target)
                else {
                    continue;
                };
                log(
                    draft,
                    function,
                    group,
                    guard,
                    case.head(resource.head),
                    "log",
                );
            }
        }
    }
    for function in draft.of_kind("function") {
        let Some((id, resource)) = draft.resource_of(function) else {
            continue;
        };
        let group = resource
            .properties
            .path("LoggingConfig.LogGroup")
            .into_owned();
        deliver(
            draft,
            function,
            &resource.guard,
            &group,
            (id, resource.head),
            "log",
        );
    }
}

fn deliver(
    draft: &mut Draft<'_>,
    source: SubjectId,
    guard: &Guard,
    group: &Fact,
    (near, head): (ResourceId, Span),
    label: &str,
) {
    for end in draft.ends(guard, group, &["log-group"], near, head) {
        log(draft, source, end.component, end.guard, end.place, label);
    }
}

fn log(
    draft: &mut Draft<'_>,
    source: SubjectId,
    group: SubjectId,
    guard: Guard,
    place: Span,
    label: &str,
) {
    draft.add_flow(
        source,
        group,
        FlowKind::Delivery,
        Strength::Strong,
        label,
        guard,
        vec![Place::here(place)],
    );
}
