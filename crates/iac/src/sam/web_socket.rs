//! `AWS::Serverless::WebSocketApi`: the API, its stage, and its routes, each with
//! its integration and permission.

use underbelly_expression::{Fact, Guard};
use underbelly_source::Span;

use super::api_events::stage_suffix;
use super::{Expansion, auth};
use crate::draft::Draft;
use crate::implied::{Implied, New};
use crate::make::{Properties, as_logical_id, or_else, place_of, splice};
use crate::openapi::{add_authorizer, as_list};
use crate::routes::Flavour;

/// Turns a WebSocket API into what it stands for; the rest is returned.
pub(crate) fn expand(expansion: &mut Expansion<'_, '_, '_>, draft: &mut Draft) -> Vec<Draft> {
    let written = draft.clone();
    let from = &written.properties;
    draft.kind = "AWS::ApiGatewayV2::Api".into();
    draft.properties = expansion
        .passed_on(&written)
        .text("ProtocolType", "WEBSOCKET")
        .build();
    let mut implied = Implied::by(&written);
    let stage_id = stage(expansion, &mut implied);
    super::domain::add(expansion, Flavour::Http, &stage_id, &mut implied);
    let authorizer = authorizer(expansion, from, &mut implied);
    let routes = from.field("Routes").into_owned();
    let (entries, _) = routes.entries();
    for (guard, entry) in entries {
        let key = (&*entry.key, entry.key_span);
        route(
            expansion,
            key,
            &entry.fact,
            &guard,
            &authorizer,
            &mut implied,
        );
    }
    implied.made
}

fn stage(expansion: &mut Expansion<'_, '_, '_>, implied: &mut Implied<'_>) -> String {
    let from = &implied.by.properties;
    let head = place_of(from, "StageName", implied.by.head);
    let name = or_else(&from.field("StageName"), &Fact::text("default", head));
    let suffix = in_capital(&stage_suffix(&name));
    let suffix = suffix.strip_suffix("Stage").unwrap_or(&suffix);
    let logical_id = format!("{}{suffix}Stage", implied.by.logical_id);
    let api = expansion.stack.reference(&implied.by.logical_id, "", head);
    let properties = Properties::at(head)
        .set("ApiId", api)
        .set("StageName", name)
        .bool("AutoDeploy", true)
        .copy_all(
            from,
            &[
                "AccessLogSettings",
                "DefaultRouteSettings",
                "RouteSettings",
                "StageVariables",
            ],
        );
    let new = New {
        logical_id: &logical_id,
        sub: "stage",
        kind: "AWS::ApiGatewayV2::Stage",
        head,
    };
    implied.add(expansion.stack, new, &Guard::always(), properties.build());
    let id = expansion.stack.id(&logical_id, head);
    let mention = format!("{}.Stage", implied.by.logical_id);
    expansion.stack.names.stands_for(&mention, id, head);
    logical_id
}

/// What `Auth` attaches to `$connect`: the type, and the authoriser if there is one.
fn authorizer(
    expansion: &mut Expansion<'_, '_, '_>,
    from: &Fact,
    implied: &mut Implied<'_>,
) -> (Fact, Fact) {
    let written = from.field("Auth").into_owned();
    let head = place_of(from, "Auth", implied.by.head);
    let kind = written.field("AuthType").into_owned();
    let function = written.field("AuthArn").into_owned();
    if function.is_absent() {
        return (kind, function);
    }
    let logical_id = format!("{}ConnectAuthorizer", implied.by.logical_id);
    let named = Properties::at(head)
        .set("FunctionArn", function.clone())
        .build();
    let properties = Properties::at(head)
        .text("AuthorizerType", "REQUEST")
        .set("AuthorizerUri", auth::authorizer_uri(&named, head))
        .set("IdentitySource", as_list(&written.field("IdentitySource")))
        .rename(&written, "InvokeRole", "AuthorizerCredentialsArn")
        .copy(&written, "Name");
    let names = (logical_id.as_str(), "authorizer", head);
    add_authorizer(
        expansion.stack,
        implied,
        Flavour::Http,
        names,
        &Guard::always(),
        properties,
    );
    let permission_id = format!("{}AuthorizerPermission", implied.by.logical_id);
    let template =
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*";
    permit(
        expansion,
        implied,
        (&permission_id, head),
        template,
        &function,
    );
    let reference = expansion.stack.reference(&logical_id, "", head);
    (or_else(&kind, &Fact::text("CUSTOM", head)), reference)
}

fn permit(
    expansion: &mut Expansion<'_, '_, '_>,
    implied: &mut Implied<'_>,
    (logical_id, head): (&str, Span),
    template: &str,
    function: &Fact,
) {
    let api = expansion.stack.reference(&implied.by.logical_id, "", head);
    let properties = Properties::at(head)
        .text("Action", "lambda:InvokeFunction")
        .set("FunctionName", function.clone())
        .text("Principal", "apigateway.amazonaws.com")
        .set("SourceArn", splice(template, &[("Api", &api)], head));
    let new = New {
        logical_id,
        sub: logical_id,
        kind: "AWS::Lambda::Permission",
        head,
    };
    implied.add(expansion.stack, new, &Guard::always(), properties.build());
}

fn route(
    expansion: &mut Expansion<'_, '_, '_>,
    (key, head): (&str, Span),
    from: &Fact,
    guard: &Guard,
    (kind, authorizer): &(Fact, Fact),
    implied: &mut Implied<'_>,
) {
    let prefix = format!(
        "{}{}",
        implied.by.logical_id,
        in_capital(&as_logical_id(key))
    );
    let api = expansion.stack.reference(&implied.by.logical_id, "", head);
    let integration_id = format!("{prefix}Integration");
    let integration = Properties::at(head)
        .set("ApiId", api.clone())
        .text("IntegrationType", "AWS_PROXY")
        .set("IntegrationUri", auth::authorizer_uri(from, head))
        .rename(from, "IntegrationTimeout", "TimeoutInMillis");
    let sub = format!("{key} integration");
    let new = New {
        logical_id: &integration_id,
        sub: &sub,
        kind: "AWS::ApiGatewayV2::Integration",
        head,
    };
    implied.add(expansion.stack, new, guard, integration.build());
    let reference = expansion.stack.reference(&integration_id, "", head);
    let target = splice("integrations/${Id}", &[("Id", &reference)], head);
    let mut properties = Properties::at(head)
        .set("ApiId", api)
        .text("RouteKey", key)
        .set("Target", target)
        .copy_all(
            from,
            &[
                "ApiKeyRequired",
                "OperationName",
                "ModelSelectionExpression",
                "RequestModels",
                "RequestParameters",
            ],
        );
    if key == "$connect" {
        properties = properties
            .set("AuthorizationType", kind.clone())
            .set("AuthorizerId", authorizer.clone());
    }
    let route_id = format!("{prefix}Route");
    let new = New {
        logical_id: &route_id,
        sub: key,
        kind: "AWS::ApiGatewayV2::Route",
        head,
    };
    implied.add(expansion.stack, new, guard, properties.build());
    let function = from.field("FunctionArn").into_owned();
    let permission_id = format!("{prefix}Permission");
    let template = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*/{key}"
    );
    permit(
        expansion,
        implied,
        (&permission_id, head),
        &template,
        &function,
    );
}

fn in_capital(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}
