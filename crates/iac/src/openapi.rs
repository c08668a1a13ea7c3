//! OpenAPI and Swagger documents of APIs: paths and methods become routes, security
//! schemes become authorisers, the provider's extensions become what they stand for.
//!
//! Extensions: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html>.
//! Models and responses are not read.

use std::sync::Arc;

use underbelly_expression::{Fact, Reason, Value};
use underbelly_source::{Diagnostic, Span};

use crate::draft::{Draft, StackDraft};
use crate::implied::{Implied, New};
use crate::make::{Properties, as_logical_id, list, or_else, place_of};
use crate::routes::{
    Attached, DefaultScheme, Flavour, Route, Scheme, SchemeKind, attach_security, emit,
    in_capitals, in_words,
};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";
const INTEGRATION: &str = "x-amazon-apigateway-integration";
const VALIDATOR: &str = "x-amazon-apigateway-request-validator";
const VALIDATORS: &str = "x-amazon-apigateway-request-validators";
const AUTHORIZER: &str = "x-amazon-apigateway-authorizer";

/// Adds what the `Body` of every plain API of a stack declares.
pub(crate) fn read_bodies(stack: &mut StackDraft<'_, '_>) {
    let drafts = std::mem::take(&mut stack.resources);
    let mut all = Vec::with_capacity(drafts.len());
    for mut draft in drafts {
        let flavour = match &*draft.kind {
            "AWS::ApiGateway::RestApi" => Flavour::Rest,
            "AWS::ApiGatewayV2::Api" => Flavour::Http,
            _ => {
                all.push(draft);
                continue;
            }
        };
        let body = draft.properties.field("Body").into_owned();
        let mut made = Vec::new();
        // What the serverless transform has expanded says so in `written_as`.
        if !body.is_absent() && !draft.written_as.starts_with("AWS::Serverless::") {
            let body = as_tree(stack, &body, draft.head);
            read_body(stack, &mut draft, flavour, &body, &mut made);
        }
        all.push(draft);
        all.extend(made);
    }
    stack.resources = all;
}

/// A body as a tree, where it is a text that holds one.
pub(crate) fn as_tree(stack: &mut StackDraft<'_, '_>, body: &Fact, head: Span) -> Fact {
    match body.as_pattern().cloned() {
        Some(text) => match stack.json_text(&text, body.head(head)) {
            Some(tree) => tree,
            None => body.clone(),
        },
        None => body.clone(),
    }
}

fn read_body(
    stack: &mut StackDraft<'_, '_>,
    draft: &mut Draft,
    flavour: Flavour,
    body: &Fact,
    made: &mut Vec<Draft>,
) {
    draft.properties = with_settings(&draft.properties, body, flavour, draft.head);
    let mut schemes = Vec::new();
    let mut implied = Implied::by(draft);
    read_schemes(stack, body, flavour, &mut implied, &mut schemes);
    let routes = read_routes(stack, body, flavour, &schemes, None, &mut implied);
    made.append(&mut implied.made);
    for route in routes {
        emit(stack, draft, flavour, &route, made);
    }
}

/// The API's properties with what the document's own extensions set, unless the
/// properties set it themselves.
pub(crate) fn with_settings(properties: &Fact, body: &Fact, flavour: Flavour, head: Span) -> Fact {
    let mut made = properties.clone();
    let mut set = |name: &str, value: Fact| {
        if !value.is_absent() && made.field(name).is_absent() {
            let span = value.head(head);
            made = crate::make::with(&made, name, value, span);
        }
    };
    set("Body", body.clone());
    let endpoint = body.field("x-amazon-apigateway-endpoint-configuration");
    let endpoint = or_else(&endpoint, &first_server_endpoint(body));
    let disabled = endpoint.field("disableExecuteApiEndpoint").into_owned();
    set("DisableExecuteApiEndpoint", disabled);
    match flavour {
        Flavour::Rest => {
            set(
                "Policy",
                body.field("x-amazon-apigateway-policy").into_owned(),
            );
            set(
                "ApiKeySourceType",
                body.field("x-amazon-apigateway-api-key-source")
                    .into_owned(),
            );
            set(
                "MinimumCompressionSize",
                body.field("x-amazon-apigateway-minimum-compression-size")
                    .into_owned(),
            );
        }
        Flavour::Http => {
            let cors = body.field("x-amazon-apigateway-cors");
            set("CorsConfiguration", cors_configuration(&cors, head));
        }
    }
    made
}

fn first_server_endpoint(body: &Fact) -> Fact {
    let servers = body.field("servers").into_owned();
    let (items, _) = servers.items();
    let found = items.iter().find_map(|(_, server)| {
        let endpoint = server.field("x-amazon-apigateway-endpoint-configuration");
        (!endpoint.is_absent()).then(|| endpoint.into_owned())
    });
    found.unwrap_or(Fact::absent(body.span()))
}

/// CORS settings under the names of `AWS::ApiGatewayV2::Api`.
fn cors_configuration(cors: &Fact, head: Span) -> Fact {
    if cors.is_absent() {
        return Fact::absent(Some(head));
    }
    cors.map(|cors| {
        Properties::at(cors.head(head))
            .rename(cors, "allowOrigins", "AllowOrigins")
            .rename(cors, "allowMethods", "AllowMethods")
            .rename(cors, "allowHeaders", "AllowHeaders")
            .rename(cors, "exposeHeaders", "ExposeHeaders")
            .rename(cors, "allowCredentials", "AllowCredentials")
            .rename(cors, "maxAge", "MaxAge")
            .build()
    })
}

/// The document's security schemes, with an authoriser resource for each that is one.
pub(crate) fn read_schemes(
    stack: &mut StackDraft<'_, '_>,
    body: &Fact,
    flavour: Flavour,
    implied: &mut Implied<'_>,
    schemes: &mut Vec<Scheme>,
) {
    let swagger = body.field("securityDefinitions").into_owned();
    let openapi = body.path("components.securitySchemes").into_owned();
    for declared in [swagger, openapi] {
        let (entries, _) = declared.entries();
        for (guard, entry) in entries {
            let authorizer = entry.fact.field(AUTHORIZER).into_owned();
            let kind = if authorizer.is_absent() {
                scheme_without_authorizer(&entry.fact)
            } else {
                let (kind, properties) =
                    authorizer_of(&authorizer, &entry.fact, flavour, entry.key_span);
                let name = Fact::text(&*entry.key, entry.key_span);
                let properties = properties.set("Name", name);
                let logical_id = format!(
                    "{}{}Authorizer",
                    implied.by.logical_id,
                    as_logical_id(&entry.key)
                );
                add_authorizer(
                    stack,
                    implied,
                    flavour,
                    (&logical_id, &entry.key, entry.key_span),
                    &guard,
                    properties,
                );
                SchemeKind::Authorizer {
                    kind,
                    id: stack.id(&logical_id, entry.key_span),
                    logical_id: logical_id.into(),
                }
            };
            schemes.push(Scheme {
                name: entry.key.clone(),
                kind,
                scopes: Fact::absent(Some(entry.key_span)),
            });
        }
    }
}

/// Adds an authoriser resource.
pub(crate) fn add_authorizer(
    stack: &mut StackDraft<'_, '_>,
    implied: &mut Implied<'_>,
    flavour: Flavour,
    (logical_id, sub, head): (&str, &str, Span),
    guard: &underbelly_expression::Guard,
    properties: Properties,
) {
    let api = stack.reference(&implied.by.logical_id, "", head);
    let (kind, owner) = match flavour {
        Flavour::Rest => ("AWS::ApiGateway::Authorizer", "RestApiId"),
        Flavour::Http => ("AWS::ApiGatewayV2::Authorizer", "ApiId"),
    };
    let new = New {
        logical_id,
        sub,
        kind,
        head,
    };
    let properties = properties.set(owner, api).build();
    implied.add(stack, new, guard, properties);
}

fn scheme_without_authorizer(scheme: &Fact) -> SchemeKind {
    match scheme {
        Fact::Unknown(unknown) => return SchemeKind::Unknown(unknown.reason.clone()),
        Fact::OneOf(_) => {
            let reason = "a security scheme that depends on conditions";
            return SchemeKind::Unknown(Reason::Unsupported(reason.into()));
        }
        Fact::Known(_) | Fact::Absent(_) => {}
    }
    let authtype = scheme.field("x-amazon-apigateway-authtype");
    if authtype
        .as_text()
        .is_some_and(|text| text.eq_ignore_ascii_case("awsSigv4"))
    {
        return SchemeKind::Iam;
    }
    let is_key = scheme.field("type").as_text() == Some("apiKey");
    let name = scheme.field("name").into_owned();
    match name.as_text() {
        Some(header) if is_key && header.eq_ignore_ascii_case("x-api-key") => SchemeKind::ApiKey,
        _ => SchemeKind::Ignored,
    }
}

/// An authoriser's authorisation type, and its properties under the names of the
/// authoriser resource.
fn authorizer_of(
    authorizer: &Fact,
    scheme: &Fact,
    flavour: Flavour,
    head: Span,
) -> (&'static str, Properties) {
    let written = authorizer.field("type").into_owned();
    let kind = written.as_text().unwrap_or_default().to_ascii_lowercase();
    let shared = Properties::at(head)
        .rename(authorizer, "authorizerUri", "AuthorizerUri")
        .rename(
            authorizer,
            "authorizerResultTtlInSeconds",
            "AuthorizerResultTtlInSeconds",
        );
    match flavour {
        Flavour::Http => {
            let jwt = authorizer.field("jwtConfiguration").into_owned();
            let jwt_properties = Properties::at(jwt.head(head))
                .rename(&jwt, "issuer", "Issuer")
                .rename(&jwt, "audience", "Audience")
                .build_unless_empty();
            let kind = if kind == "jwt" { "JWT" } else { "CUSTOM" };
            let properties = shared
                .set("AuthorizerType", in_capitals(&written))
                .set("JwtConfiguration", jwt_properties)
                .set(
                    "IdentitySource",
                    as_list(&authorizer.field("identitySource")),
                )
                .rename(
                    authorizer,
                    "authorizerCredentials",
                    "AuthorizerCredentialsArn",
                )
                .rename(
                    authorizer,
                    "authorizerPayloadFormatVersion",
                    "AuthorizerPayloadFormatVersion",
                )
                .rename(authorizer, "enableSimpleResponses", "EnableSimpleResponses");
            (kind, properties)
        }
        Flavour::Rest => {
            let pools = kind == "cognito_user_pools";
            let source = or_else(
                &authorizer.field("identitySource"),
                &header_source(scheme, head),
            );
            let properties = shared
                .set("Type", in_capitals(&written))
                .set("IdentitySource", source)
                .rename(authorizer, "providerARNs", "ProviderARNs")
                .rename(authorizer, "authorizerCredentials", "AuthorizerCredentials")
                .rename(
                    authorizer,
                    "identityValidationExpression",
                    "IdentityValidationExpression",
                );
            let kind = if pools {
                "COGNITO_USER_POOLS"
            } else {
                "CUSTOM"
            };
            (kind, properties)
        }
    }
}

/// Where a REST authoriser reads the token unless it says so: the scheme's header.
fn header_source(scheme: &Fact, head: Span) -> Fact {
    let name = scheme.field("name").into_owned();
    if scheme.field("in").as_text() != Some("header") || name.as_text() == Some("Unused") {
        return Fact::absent(Some(head));
    }
    name.map(|case| match case.as_pattern() {
        Some(header) => {
            let mut source: underbelly_expression::Text = "method.request.header.".into();
            source.push(header);
            Fact::text(source, case.head(head))
        }
        None => Fact::absent(Some(head)),
    })
}

/// A single value as a list of one.
pub(crate) fn as_list(fact: &Fact) -> Fact {
    fact.map(|case| match case {
        Fact::Known(known) if !matches!(known.value, Value::Set(_)) => {
            let span = known.places.first().map(|place| place.span);
            match span {
                Some(span) => list([case.clone()], span),
                None => case.clone(),
            }
        }
        Fact::Known(_) | Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => case.clone(),
    })
}

/// The document's paths and methods, with its request validators beside them.
pub(crate) fn read_routes(
    stack: &mut StackDraft<'_, '_>,
    body: &Fact,
    flavour: Flavour,
    schemes: &[Scheme],
    default: Option<&DefaultScheme>,
    implied: &mut Implied<'_>,
) -> Vec<Route> {
    if flavour == Flavour::Rest {
        add_validators(stack, body, implied);
    }
    let paths = body.field("paths").into_owned();
    report_shape(stack, &paths, "paths");
    let shared_security = body.field("security").into_owned();
    let (entries, _) = paths.entries();
    let mut routes = Vec::new();
    for (outer, path) in entries {
        report_shape(stack, &path.fact, &path.key);
        let (methods, _) = path.fact.entries();
        for (inner, operation) in methods {
            let Some(method) = method_of(&operation.key) else {
                continue;
            };
            let Some(guard) = outer.and(&inner) else {
                continue;
            };
            let head = operation.key_span;
            let security = operation.fact.field("security").into_owned();
            let default = default.filter(|default| default.preflight || method != "OPTIONS");
            // A default is written into every operation and so hides what all share.
            let security = match default {
                Some(_) => security,
                None => or_else(&security, &shared_security),
            };
            let attached = attach_security(stack, &security, schemes, default, head);
            let more = more_of(stack, &operation.fact, body, implied.by, head);
            routes.push(Route {
                method: Fact::text(method.as_str(), head),
                path: Fact::text(&*path.key, path.key_span),
                guard,
                head,
                by: (implied.by.id, format!("{method} {}", path.key).into()),
                attached,
                integration: integration_of(&operation.fact, body, head),
                more,
            });
        }
    }
    routes
}

fn report_shape(stack: &mut StackDraft<'_, '_>, fact: &Fact, what: &str) {
    if let Fact::Known(known) = fact
        && !matches!(known.value, Value::Map(_))
        && let Some(span) = fact.span()
    {
        let is = crate::make::what_it_is(&known.value);
        let message = format!("`{what}` of an API document is {is}, not a map");
        stack.report(Diagnostic::warning("openapi-wrong-type", message).at(span));
    }
}

fn method_of(key: &str) -> Option<String> {
    if key.eq_ignore_ascii_case(ANY_METHOD) {
        return Some("ANY".to_owned());
    }
    METHODS
        .iter()
        .find(|method| key.eq_ignore_ascii_case(method))
        .map(|method| method.to_ascii_uppercase())
}

/// An operation's integration under the names of `AWS::ApiGateway::Method`.
fn integration_of(operation: &Fact, body: &Fact, head: Span) -> Fact {
    let written = operation.field(INTEGRATION).into_owned();
    if written.is_absent() {
        return written;
    }
    written.map(|case| {
        let case = referenced(case, body);
        if case.as_map().is_none() {
            return case;
        }
        Properties::at(place_of(operation, INTEGRATION, head))
            .set("Type", in_capitals(&case.field("type")))
            .rename(&case, "uri", "Uri")
            .rename(&case, "httpMethod", "IntegrationHttpMethod")
            .rename(&case, "credentials", "Credentials")
            .rename(&case, "requestTemplates", "RequestTemplates")
            .rename(&case, "requestParameters", "RequestParameters")
            .rename(&case, "passthroughBehavior", "PassthroughBehavior")
            .rename(&case, "connectionType", "ConnectionType")
            .rename(&case, "connectionId", "ConnectionId")
            .rename(&case, "timeoutInMillis", "TimeoutInMillis")
            .rename(&case, "integrationSubtype", "IntegrationSubtype")
            .rename(&case, "payloadFormatVersion", "PayloadFormatVersion")
            .rename(&case, "tlsConfig", "TlsConfig")
            .rename(&case, "cacheKeyParameters", "CacheKeyParameters")
            .build()
    })
}

/// An integration kept among the document's components and referred to by `$ref`.
fn referenced(integration: &Fact, body: &Fact) -> Fact {
    let reference = integration.field("$ref").into_owned();
    let Some(path) = reference.as_text() else {
        return integration.clone();
    };
    let Some(name) = path.strip_prefix("#/components/x-amazon-apigateway-integrations/") else {
        return integration.clone();
    };
    let all = body.path("components.x-amazon-apigateway-integrations");
    let found = all.field(name).into_owned();
    if found.is_absent() {
        return integration.clone();
    }
    found
}

fn more_of(
    stack: &mut StackDraft<'_, '_>,
    operation: &Fact,
    body: &Fact,
    api: &Draft,
    head: Span,
) -> Fact {
    let own = operation.field(VALIDATOR).into_owned();
    let validator = or_else(&own, &body.field(VALIDATOR));
    let mut cases = Vec::new();
    for (guard, case) in validator.cases() {
        let reference = match case.as_text() {
            Some(name) => stack.reference(&validator_id(api, name), "", case.head(head)),
            None => case.clone(),
        };
        cases.push((guard, reference));
    }
    Properties::at(head)
        .set("RequestValidatorId", Fact::one_of(cases))
        .set("OperationName", operation.field("operationId").into_owned())
        .build()
}

fn validator_id(api: &Draft, name: &str) -> String {
    format!("{}{}Validator", api.logical_id, as_logical_id(name))
}

fn add_validators(stack: &mut StackDraft<'_, '_>, body: &Fact, implied: &mut Implied<'_>) {
    let validators = body.field(VALIDATORS).into_owned();
    let (entries, _) = validators.entries();
    for (guard, entry) in entries {
        add_validator(
            stack,
            implied,
            (&entry.key, entry.key_span),
            &guard,
            &entry.fact,
        );
    }
}

/// Adds a request validator.
pub(crate) fn add_validator(
    stack: &mut StackDraft<'_, '_>,
    implied: &mut Implied<'_>,
    (name, head): (&str, Span),
    guard: &underbelly_expression::Guard,
    flags: &Fact,
) -> String {
    let logical_id = validator_id(implied.by, name);
    let properties = Properties::at(head)
        .set(
            "RestApiId",
            stack.reference(&implied.by.logical_id, "", head),
        )
        .text("Name", name)
        .rename(flags, "validateRequestBody", "ValidateRequestBody")
        .rename(
            flags,
            "validateRequestParameters",
            "ValidateRequestParameters",
        );
    let new = New {
        logical_id: &logical_id,
        sub: name,
        kind: "AWS::ApiGateway::RequestValidator",
        head,
    };
    implied.add(stack, new, guard, properties.build());
    logical_id
}

/// Whether a route is the preflight of another: its method is `OPTIONS`.
pub(crate) fn is_preflight(route: &Route) -> bool {
    route.method.as_text() == Some("OPTIONS")
}

/// The name of a route, `GET /orders`; a default route has no method.
pub(crate) fn name_of(method: &Fact, path: &Fact) -> Arc<str> {
    let path = in_words(path);
    if path.starts_with('$') || method.is_absent() {
        return path.as_str().into();
    }
    format!("{} {path}", in_words(method)).into()
}

/// What is attached to a route of a document that could not be read.
pub(crate) fn unread(reason: &Reason, head: Span) -> Attached {
    Attached::unknown(reason, head)
}
