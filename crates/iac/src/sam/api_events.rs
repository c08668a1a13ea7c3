//! API routes declared as events: each waits for its API, which decides what
//! authorises it, and gives the permission or role to call the target.

use std::sync::Arc;

use underbelly_expression::{Fact, Guard, Piece, Text};
use underbelly_source::{Diagnostic, Span};

use super::Expansion;
use super::events::{Callee, Event, function_of, permit};
use super::rules::role_of;
use crate::ResourceId;
use crate::draft::Draft;
use crate::implied::Implied;
use crate::make::{Properties, as_logical_id, or_else, splice};
use crate::routes::{Flavour, in_capitals};

/// The implicit REST API.
pub(crate) const REST_API: &str = "ServerlessRestApi";
/// The implicit HTTP API.
pub(crate) const HTTP_API: &str = "ServerlessHttpApi";

/// A route that an event declares, before its API has decided what authorises it.
#[derive(Clone, Debug)]
pub(crate) struct DeclaredRoute {
    /// The API it belongs to.
    pub(crate) api: ResourceId,
    /// The method in capitals; absent for a default route.
    pub(crate) method: Fact,
    /// The path.
    pub(crate) path: Fact,
    /// When it exists.
    pub(crate) guard: Guard,
    /// The event's line.
    pub(crate) head: Span,
    /// The resource that declares it and the event's name.
    pub(crate) by: (ResourceId, Arc<str>),
    /// The event's `Auth`.
    pub(crate) auth: Fact,
    /// The integration, under the names of `AWS::ApiGateway::Method`.
    pub(crate) integration: Fact,
    /// The event's properties.
    pub(crate) properties: Fact,
}

/// An `Api` or `HttpApi` event of a function.
pub(crate) fn of_function(
    expansion: &mut Expansion<'_, '_, '_>,
    owner: &Draft,
    event: &Event,
    implied: &mut Implied<'_>,
) {
    let flavour = flavour_of(event);
    let head = event.head;
    let function = function_of(expansion, event, implied, "Arn");
    let uri = splice(
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations",
        &[("Function", &function)],
        head,
    );
    let mut integration = Properties::at(head)
        .text("Type", "AWS_PROXY")
        .text("IntegrationHttpMethod", "POST")
        .set("Uri", uri);
    if flavour == Flavour::Http {
        let version = or_else(&event.get("PayloadFormatVersion"), &Fact::text("2.0", head));
        integration = integration
            .set("PayloadFormatVersion", version)
            .copy(&event.properties, "TimeoutInMillis");
    } else {
        let mode = event.get("ResponseTransferMode");
        integration = integration
            .set("ResponseTransferMode", mode)
            .copy(&event.properties, "TimeoutInMillis");
    }
    let api = declare(expansion, owner, event, flavour, integration.build());
    permission(expansion, event, implied, flavour, &api);
}

/// An `Api` event of a state machine.
pub(crate) fn of_state_machine(
    expansion: &mut Expansion<'_, '_, '_>,
    owner: &Draft,
    event: &Event,
    implied: &mut Implied<'_>,
) {
    let head = event.head;
    let machine = function_of(expansion, event, implied, "");
    let service = "apigateway.amazonaws.com";
    let role = role_of(
        expansion,
        event,
        Callee::StateMachine,
        implied,
        service,
        &machine,
    );
    let uri = splice(
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution",
        &[],
        head,
    );
    let template = splice(
        r#"{"input": "$util.escapeJavaScript($input.json('$'))", "stateMachineArn": "${Machine}"}"#,
        &[("Machine", &machine)],
        head,
    );
    let templates = Properties::at(head).set("application/json", template);
    let integration = Properties::at(head)
        .text("Type", "AWS")
        .text("IntegrationHttpMethod", "POST")
        .set("Uri", uri)
        .set("Credentials", role)
        .set("RequestTemplates", templates.build());
    declare(expansion, owner, event, Flavour::Rest, integration.build());
}

fn flavour_of(event: &Event) -> Flavour {
    match event.kind.as_str() {
        "HttpApi" => Flavour::Http,
        _ => Flavour::Rest,
    }
}

/// The property that names the API of an event.
pub(crate) fn api_property(event_kind: &str) -> &'static str {
    match event_kind {
        "HttpApi" => "ApiId",
        _ => "RestApiId",
    }
}

/// Notes the route for its API; gives the reference to the API.
fn declare(
    expansion: &mut Expansion<'_, '_, '_>,
    owner: &Draft,
    event: &Event,
    flavour: Flavour,
    integration: Fact,
) -> Fact {
    let head = event.head;
    let implicit = match flavour {
        Flavour::Rest => REST_API,
        Flavour::Http => HTTP_API,
    };
    let written = event.get(api_property(&event.kind));
    // Mentioned only where it is meant, or it would be missed.
    let is_meant = written.cases().any(|(_, case)| case.is_absent());
    let api = match is_meant {
        true => or_else(&written, &expansion.stack.reference(implicit, "", head)),
        false => written,
    };
    let (method, path) = method_and_path(event, flavour);
    for (guard, case) in api.cases() {
        let Some(guard) = event.guard.and(&guard) else {
            continue;
        };
        let Some((id, _)) = expansion.referred(case) else {
            expansion.stack.report(
                Diagnostic::note_only(
                    "sam-api-elsewhere",
                    format!(
                        "event `{}` belongs to an API that is not in this template",
                        event.name
                    ),
                )
                .at(case.head(head)),
            );
            continue;
        };
        let guard = owner.guard.and(&guard).unwrap_or(guard);
        expansion.routes.push(DeclaredRoute {
            api: id,
            method: method.clone(),
            path: path.clone(),
            guard,
            head,
            by: (owner.id, event.name.clone()),
            auth: event.get("Auth"),
            integration: integration.clone(),
            properties: event.properties.clone(),
        });
    }
    api
}

/// Method and path; an HTTP event without them is the default route.
fn method_and_path(event: &Event, flavour: Flavour) -> (Fact, Fact) {
    let method = in_capitals(&event.get("Method"));
    let method = method.map(|case| match case.as_text() {
        Some("X-AMAZON-APIGATEWAY-ANY-METHOD" | "*") => Fact::text("ANY", case.head(event.head)),
        _ => case.clone(),
    });
    let path = event.get("Path");
    if flavour == Flavour::Http && path.is_absent() {
        return (
            Fact::absent(Some(event.head)),
            Fact::text("$default", event.head),
        );
    }
    let any = Fact::text("ANY", event.head);
    let root = Fact::text("/", event.head);
    (or_else(&method, &any), or_else(&path, &root))
}

/// Lets the API call the function.
fn permission(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &Event,
    implied: &mut Implied<'_>,
    flavour: Flavour,
    api: &Fact,
) {
    let (method, path) = method_and_path(event, flavour);
    let method = method.map(|case| match case.as_text() {
        Some("ANY") | None => Fact::text("*", event.head),
        Some(_) => case.clone(),
    });
    let path = path.map(|case| match case.as_pattern() {
        Some(path) => Fact::text(as_resource(path), event.head),
        None => Fact::text("/*", event.head),
    });
    let template = match (flavour, path.as_text()) {
        (Flavour::Http, Some("$default")) => {
            "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*"
        }
        _ => {
            "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/${Method}${Path}"
        }
    };
    let arn = splice(
        template,
        &[("Api", api), ("Method", &method), ("Path", &path)],
        event.head,
    );
    let suffix = match flavour {
        Flavour::Rest => expansion.stage_of(api),
        Flavour::Http => String::new(),
    };
    let narrowed = Properties::at(event.head).set("SourceArn", arn);
    let principal = "apigateway.amazonaws.com";
    permit(expansion, event, implied, (principal, &suffix), narrowed);
}

/// A path as it stands in an ARN: parameters are wildcards.
fn as_resource(path: &Text) -> Text {
    let mut made = Text::default();
    let mut inside = false;
    for piece in path.pieces() {
        match piece {
            Piece::Hole(hole) if !inside => made.push_hole(hole.clone()),
            Piece::Hole(_) => {}
            Piece::Literal(literal) => {
                let mut known = String::new();
                for character in literal.chars() {
                    match character {
                        '{' => inside = true,
                        '}' if inside => {
                            inside = false;
                            known.push('*');
                        }
                        _ if inside => {}
                        _ => known.push(character),
                    }
                }
                made.push_literal(&known);
            }
        }
    }
    made
}

/// A stage's name as part of a logical id: itself where it is known.
pub(crate) fn stage_suffix(stage: &Fact) -> String {
    match stage.as_text() {
        Some(name) => as_logical_id(name),
        None => "Stage".to_owned(),
    }
}
