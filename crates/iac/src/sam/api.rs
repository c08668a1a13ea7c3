//! `AWS::Serverless::Api` and `AWS::Serverless::HttpApi`: the API, its stage and
//! domain, and its routes from its definition and from the events that name it.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Guard, Reason};
use underbelly_source::{Diagnostic, Span};

use super::api_events::{DeclaredRoute, stage_suffix};
use super::{Expansion, auth, domain};
use crate::draft::{Draft, StackDraft};
use crate::implied::{Implied, New};
use crate::make::{Properties, list, or_else, place_of, present, with};
use crate::openapi;
use crate::routes::{Attached, DefaultScheme, Flavour, Route, Scheme, attach, emit, in_words};

/// What an API's definition turned out to be.
enum Definition {
    /// None is written: the routes are those of the events.
    None,
    /// A document.
    Document(Fact),
    /// One is written that could not be read.
    Unread(Reason),
}

/// Turns an API into what it stands for; the rest is returned.
pub(crate) fn expand(
    expansion: &mut Expansion<'_, '_, '_>,
    draft: &mut Draft,
    flavour: Flavour,
) -> Vec<Draft> {
    let written = draft.clone();
    let from = &written.properties;
    let head = written.head;
    let auth = from.field("Auth").into_owned();
    let mut implied = Implied::by(&written);
    let mut schemes = auth::schemes(expansion, &auth, flavour, &mut implied);
    let definition = definition_of(expansion, &written);
    let stage_id = stage(expansion, flavour, &mut implied);
    domain::add(expansion, flavour, &stage_id, &mut implied);
    auth::usage_plan(expansion, &auth, &stage_id, &mut implied);
    let mut properties = expansion.passed_on(&written);
    properties = match flavour {
        Flavour::Rest => properties
            .set(
                "EndpointConfiguration",
                auth::endpoint_configuration(&from.field("EndpointConfiguration"), head),
            )
            .set("Tags", super::tags(&from.field("Tags"))),
        Flavour::Http => properties
            .text("ProtocolType", "HTTP")
            .set("CorsConfiguration", http_cors(from, head)),
    };
    draft.kind = match flavour {
        Flavour::Rest => "AWS::ApiGateway::RestApi".into(),
        Flavour::Http => "AWS::ApiGatewayV2::Api".into(),
    };
    draft.properties = properties.build();
    if let Definition::Document(body) = &definition {
        draft.properties = openapi::with_settings(&draft.properties, body, flavour, head);
        openapi::read_schemes(expansion.stack, body, flavour, &mut implied, &mut schemes);
    }
    let declared = expansion.take_routes(written.id);
    if flavour == Flavour::Rest {
        add_resource_policy(&mut draft.properties, &auth, &declared, head);
    }
    let mut maker = Routes {
        auth,
        schemes,
        flavour,
        head,
    };
    let mut routes = maker.of_definition(expansion, &definition, &declared, &mut implied);
    if flavour == Flavour::Rest {
        maker.add_preflights(expansion, from, &mut routes, &implied);
    }
    let mut made = implied.made;
    for route in &routes {
        emit(expansion.stack, &written, flavour, route, &mut made);
    }
    made
}

fn definition_of(expansion: &mut Expansion<'_, '_, '_>, written: &Draft) -> Definition {
    let body = written.properties.field("DefinitionBody").into_owned();
    if !body.is_absent() {
        tell_of_two(
            expansion.stack,
            written,
            ("DefinitionBody", "DefinitionUri"),
        );
        let body = openapi::as_tree(expansion.stack, &body, written.head);
        return match &body {
            Fact::Unknown(unknown) => Definition::Unread(unknown.reason.clone()),
            Fact::Known(_) | Fact::OneOf(_) | Fact::Absent(_) => Definition::Document(body),
        };
    }
    let uri = written.properties.field("DefinitionUri").into_owned();
    if uri.is_absent() {
        return Definition::None;
    }
    let span = uri.head(written.head);
    let path = uri.as_text();
    if path.is_none() {
        let reader = &mut expansion.stack.reader;
        reader.report_remote("the API's definition", span);
    }
    match path.and_then(|path| expansion.stack.file(path, span)) {
        Some(body) => Definition::Document(body),
        None => Definition::Unread(Reason::MissingFile(in_words(&uri).as_str().into())),
    }
}

/// Says that of two ways to give a definition only the first is read. The provider
/// takes neither.
pub(super) fn tell_of_two(
    stack: &mut StackDraft<'_, '_>,
    written: &Draft,
    (read, other): (&str, &str),
) {
    let [first, second] = [read, other].map(|name| written.properties.field(name));
    if first.is_absent() || second.is_absent() {
        return;
    }
    let span = second.head(written.head);
    let name = &written.logical_id;
    let message = format!("`{name}` has both `{read}` and `{other}`; only `{read}` is read");
    stack.report(
        Diagnostic::warning("sam-two-definitions", message)
            .at(span)
            .note("a deployment fails with both")
            .help("leave one out"),
    );
}

/// Makes routes with what authorises them.
struct Routes {
    auth: Fact,
    schemes: Vec<Scheme>,
    flavour: Flavour,
    head: Span,
}

impl Routes {
    fn of_definition(
        &mut self,
        expansion: &mut Expansion<'_, '_, '_>,
        definition: &Definition,
        declared: &[DeclaredRoute],
        implied: &mut Implied<'_>,
    ) -> Vec<Route> {
        let default = self.default_scheme();
        let Definition::Document(body) = definition else {
            let unread = match definition {
                Definition::Unread(reason) => Some(reason),
                Definition::None | Definition::Document(_) => None,
            };
            let made = declared.iter();
            return made
                .map(|route| self.of_event(expansion, route, unread, implied))
                .collect();
        };
        let stack = &mut *expansion.stack;
        let mut routes = openapi::read_routes(
            stack,
            body,
            self.flavour,
            &self.schemes,
            default.as_ref(),
            implied,
        );
        for route in &mut routes {
            self.require_key(route);
        }
        let merges = implied.by.properties.field("MergeDefinitions").as_bool() == Some(true);
        for event in declared {
            let name = openapi::name_of(&event.method, &event.path);
            let known = |route: &Route| openapi::name_of(&route.method, &route.path) == name;
            if routes.iter().any(known) {
                continue;
            }
            if merges {
                routes.push(self.of_event(expansion, event, None, implied));
            } else {
                expansion.stack.report(
                    Diagnostic::warning(
                        "sam-route-not-defined",
                        format!(
                            "`{name}` is not in the API's definition, so the event adds no route"
                        ),
                    )
                    .at(event.head)
                    .help("add the path to the definition, or set `MergeDefinitions: true`"),
                );
            }
        }
        routes
    }

    fn default_scheme(&self) -> Option<DefaultScheme> {
        let name = self.auth.field("DefaultAuthorizer").into_owned();
        let preflight = self.auth.field("AddDefaultAuthorizerToCorsPreflight");
        (!name.is_absent()).then(|| DefaultScheme {
            name,
            preflight: preflight.as_bool() != Some(false),
        })
    }

    /// The route of an event; what authorises it is unknown where the API's
    /// definition could not be read.
    fn of_event(
        &self,
        expansion: &mut Expansion<'_, '_, '_>,
        event: &DeclaredRoute,
        unread: Option<&Reason>,
        implied: &mut Implied<'_>,
    ) -> Route {
        let auth = &event.auth;
        let own = auth.field("Authorizer").into_owned();
        let default = self
            .default_scheme()
            .filter(|default| default.preflight || event.method.as_text() != Some("OPTIONS"));
        let name = match &default {
            Some(default) => or_else(&own, &default.name),
            None => own,
        };
        let scopes = auth.field("AuthorizationScopes").into_owned();
        let mut attached = match unread {
            Some(reason) => openapi::unread(reason, event.head),
            None => {
                let stack = &mut *expansion.stack;
                attach(stack, &name, &scopes, &self.schemes, event.head)
            }
        };
        let key = or_else(
            &auth.field("ApiKeyRequired"),
            &self.auth.field("ApiKeyRequired"),
        );
        attached.key = or_else(&key, &attached.key);
        let integration = self.with_credentials(event, &attached);
        Route {
            method: event.method.clone(),
            path: event.path.clone(),
            guard: event.guard.clone(),
            head: event.head,
            by: event.by.clone(),
            attached,
            integration,
            more: request_checks(expansion, event, implied),
        }
    }

    /// Signed requests reach the target with the caller's rights unless told not to.
    fn with_credentials(&self, event: &DeclaredRoute, attached: &Attached) -> Fact {
        let is_signed = attached.kind.as_text() == Some("AWS_IAM");
        if !is_signed || self.flavour == Flavour::Http {
            return event.integration.clone();
        }
        if !event.integration.field("Credentials").is_absent() {
            return event.integration.clone();
        }
        let role = or_else(
            &event.auth.field("InvokeRole"),
            &self.auth.field("InvokeRole"),
        );
        let span = role.head(event.head);
        let role = match role.as_text() {
            Some("NONE") => return event.integration.clone(),
            Some("CALLER_CREDENTIALS") => Fact::text("arn:aws:iam::*:user/*", span),
            _ if role.is_absent() => Fact::text("arn:aws:iam::*:user/*", event.head),
            _ => role,
        };
        with(&event.integration, "Credentials", role, span)
    }

    /// A key that the API asks for on every route.
    fn require_key(&self, route: &mut Route) {
        let key = self.auth.field("ApiKeyRequired").into_owned();
        let preflight = self.auth.field("AddApiKeyRequiredToCorsPreflight");
        if openapi::is_preflight(route) && preflight.as_bool() == Some(false) {
            return;
        }
        route.attached.key = or_else(&key, &route.attached.key);
    }

    /// `Cors` answers preflights on every path that does not do so itself.
    fn add_preflights(
        &self,
        expansion: &mut Expansion<'_, '_, '_>,
        from: &Fact,
        routes: &mut Vec<Route>,
        implied: &Implied<'_>,
    ) {
        let cors = from.field("Cors").into_owned();
        let head = place_of(from, "Cors", self.head);
        let mut paths: BTreeMap<String, (Fact, Guard, bool)> = BTreeMap::new();
        for route in routes.iter() {
            let has_own = openapi::is_preflight(route);
            let path = paths
                .entry(in_words(&route.path))
                .or_insert_with(|| (route.path.clone(), route.guard.clone(), false));
            path.2 |= has_own;
            if path.1 != route.guard {
                path.1 = Guard::always();
            }
        }
        for (outer, cors) in present(&cors) {
            for (name, (path, inner, has_own)) in &paths {
                let Some(guard) = outer.and(inner) else {
                    continue;
                };
                if *has_own {
                    continue;
                }
                let stack = &mut *expansion.stack;
                let none = Fact::absent(Some(head));
                let default = self.default_scheme().filter(|default| default.preflight);
                let attached = match default {
                    Some(default) => attach(stack, &default.name, &none, &self.schemes, head),
                    None => Attached::nothing(head),
                };
                let mut route = Route {
                    method: Fact::text("OPTIONS", head),
                    path: path.clone(),
                    guard,
                    head,
                    by: (implied.by.id, format!("OPTIONS {name}").into()),
                    attached,
                    integration: preflight_integration(&cors, head),
                    more: Properties::at(head).build(),
                };
                self.require_key(&mut route);
                routes.push(route);
            }
        }
    }
}

/// The answer to a preflight, made by the API itself.
fn preflight_integration(cors: &Fact, head: Span) -> Fact {
    let span = cors.head(head);
    let header = |name: &str| format!("method.response.header.Access-Control-{name}");
    let headers = if cors.as_map().is_some() {
        Properties::at(span)
            .rename(cors, "AllowOrigin", &header("Allow-Origin"))
            .rename(cors, "AllowHeaders", &header("Allow-Headers"))
            .rename(cors, "AllowMethods", &header("Allow-Methods"))
            .rename(cors, "AllowCredentials", &header("Allow-Credentials"))
            .rename(cors, "MaxAge", &header("Max-Age"))
    } else {
        Properties::at(span).set(&header("Allow-Origin"), cors.clone())
    };
    let response = Properties::at(span)
        .text("StatusCode", "200")
        .set("ResponseParameters", headers.build());
    Properties::at(head)
        .text("Type", "MOCK")
        .set("IntegrationResponses", list([response.build()], span))
        .build()
}

/// `RequestModel` and `RequestParameters` of an event.
fn request_checks(
    expansion: &mut Expansion<'_, '_, '_>,
    event: &DeclaredRoute,
    implied: &mut Implied<'_>,
) -> Fact {
    let model = event.properties.field("RequestModel").into_owned();
    let flag = |name: &str| model.field(name).as_bool();
    let wanted = (flag("ValidateBody"), flag("ValidateParameters"));
    let (name, body, parameters) = match wanted {
        (Some(true), Some(true)) => ("full", true, true),
        (Some(true), _) => ("body-only", true, false),
        (_, Some(true)) => ("params-only", false, true),
        _ => ("", false, false),
    };
    let head = event.head;
    let mut validator = Fact::absent(Some(head));
    if !name.is_empty() {
        let flags = Properties::at(head)
            .bool("validateRequestBody", body)
            .bool("validateRequestParameters", parameters)
            .build();
        let known = format!(
            "{}{}Validator",
            implied.by.logical_id,
            name.replace('-', "")
        );
        let is_there = implied.made.iter().any(|made| *made.logical_id == *known);
        if !is_there {
            let stack = &mut *expansion.stack;
            openapi::add_validator(stack, implied, (name, head), &Guard::always(), &flags);
        }
        validator = expansion.stack.reference(&known, "", head);
    }
    let models = Properties::at(head).rename(&model, "Model", "application/json");
    let mut parameters = Properties::at(head);
    let written = event.properties.field("RequestParameters").into_owned();
    let (items, _) = written.items();
    for (_, item) in items {
        if let Some(name) = item.as_text() {
            parameters = parameters.bool(name, false);
        }
        let (entries, _) = item.entries();
        for (_, entry) in entries {
            let required = entry.fact.field("Required").as_bool() == Some(true);
            parameters = parameters.bool(&entry.key, required);
        }
    }
    Properties::at(head)
        .set("RequestValidatorId", validator)
        .set("RequestModels", models.build_unless_empty())
        .set("RequestParameters", parameters.build_unless_empty())
        .build()
}

/// The stage, and what refers to it.
fn stage(
    expansion: &mut Expansion<'_, '_, '_>,
    flavour: Flavour,
    implied: &mut Implied<'_>,
) -> String {
    let written = implied.by;
    let from = &written.properties;
    let head = place_of(from, "StageName", written.head);
    let api = expansion.stack.reference(&written.logical_id, "", head);
    let name = from.field("StageName").into_owned();
    let (logical_id, kind, properties) = match flavour {
        Flavour::Rest => {
            let suffix = stage_suffix(&name);
            let suffix = suffix.strip_suffix("Stage").unwrap_or(&suffix);
            let properties = Properties::at(head).set("RestApiId", api).copy_all(
                from,
                &[
                    "StageName",
                    "AccessLogSetting",
                    "CacheClusterEnabled",
                    "CacheClusterSize",
                    "CanarySetting",
                    "MethodSettings",
                    "TracingEnabled",
                    "Variables",
                ],
            );
            (
                format!("{}{suffix}Stage", written.logical_id),
                "AWS::ApiGateway::Stage",
                properties,
            )
        }
        Flavour::Http => {
            let is_default = name.is_absent() || name.as_text() == Some("$default");
            let logical_id = match is_default {
                true => format!("{}ApiGatewayDefaultStage", written.logical_id),
                false => {
                    let suffix = stage_suffix(&name);
                    let suffix = suffix.strip_suffix("Stage").unwrap_or(&suffix);
                    format!("{}{suffix}Stage", written.logical_id)
                }
            };
            let default = Fact::text("$default", head);
            let properties = Properties::at(head)
                .set("ApiId", api)
                .set("StageName", or_else(&name, &default))
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
            (logical_id, "AWS::ApiGatewayV2::Stage", properties)
        }
    };
    let sub = match name.as_text() {
        Some(name) => format!("stage {name}"),
        None => "stage".to_owned(),
    };
    let new = New {
        logical_id: &logical_id,
        sub: &sub,
        kind,
        head,
    };
    implied.add(expansion.stack, new, &Guard::always(), properties.build());
    let id = expansion.stack.id(&logical_id, head);
    let names = &mut *expansion.stack.names;
    names.stands_for(&format!("{}.Stage", written.logical_id), id, head);
    let deployment = format!("{}.Deployment", written.logical_id);
    names.stands_for(&deployment, written.id, head);
    logical_id
}

/// `CorsConfiguration` of an HTTP API; `true` allows every origin.
fn http_cors(from: &Fact, head: Span) -> Fact {
    let written = from.field("CorsConfiguration").into_owned();
    written.map(|case| match case.as_bool() {
        Some(true) => {
            let span = case.head(head);
            Properties::at(span)
                .set("AllowOrigins", list([Fact::text("*", span)], span))
                .build()
        }
        Some(false) => Fact::absent(case.span()),
        None => case.clone(),
    })
}

/// The resource policy: the API's own and those of its events.
fn add_resource_policy(properties: &mut Fact, auth: &Fact, declared: &[DeclaredRoute], head: Span) {
    let policy = auth.field("ResourcePolicy").into_owned();
    let span = place_of(auth, "ResourcePolicy", head);
    let everything = Fact::text("execute-api:/*", span);
    let mut statements = auth::policy_statements(&policy, &everything, span);
    for event in declared {
        let policy = event.auth.field("ResourcePolicy").into_owned();
        let span = place_of(&event.auth, "ResourcePolicy", event.head);
        let resource = format!(
            "execute-api:/*/{}{}",
            in_words(&event.method),
            in_words(&event.path)
        );
        let resource = Fact::text(resource.as_str(), span);
        statements.extend(auth::policy_statements(&policy, &resource, span));
    }
    let document = auth::policy_document(statements, span);
    if !document.is_absent() && properties.field("Policy").is_absent() {
        *properties = with(properties, "Policy", document, span);
    }
}
