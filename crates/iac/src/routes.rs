//! Routes in one form, whichever notation declares them.
//!
//! A REST route becomes an `AWS::ApiGateway::Method` with its whole path in an
//! extra property `Path`; an HTTP route an `AWS::ApiGatewayV2::Route` with its
//! integration. What authorises a route is decided here, by name, among the
//! schemes the API has.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Guard, Piece, Reason, Text, Value};
use underbelly_source::{Diagnostic, Place, Span};

use crate::ResourceId;
use crate::draft::{Draft, StackDraft, resource_hole};
use crate::graph::Origin;
use crate::implied::{Implied, New};
use crate::make::{Properties, or_else};

/// Which service an API is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// `AWS::ApiGateway`.
    Rest,
    /// `AWS::ApiGatewayV2`.
    Http,
}

/// What a named security scheme is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemeKind {
    /// A key in a header: no authorisation, only a usage plan's key.
    ApiKey,
    /// Signed requests.
    Iam,
    /// An authoriser resource of this authorisation type.
    Authorizer {
        /// `COGNITO_USER_POOLS`, `CUSTOM` or `JWT`.
        kind: &'static str,
        /// The authoriser.
        id: ResourceId,
        /// Its logical id.
        logical_id: Arc<str>,
    },
    /// A scheme the service does not act on.
    Ignored,
    /// Nobody can tell.
    Unknown(Reason),
}

/// A named security scheme of an API.
#[derive(Clone, Debug)]
pub(crate) struct Scheme {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// What it is.
    pub(crate) kind: SchemeKind,
    /// Scopes it asks for unless a route says otherwise.
    pub(crate) scopes: Fact,
}

/// What authorises a route.
#[derive(Clone, Debug)]
pub(crate) struct Attached {
    /// `AuthorizationType`.
    pub(crate) kind: Fact,
    /// `AuthorizerId`.
    pub(crate) authorizer: Fact,
    /// `AuthorizationScopes`.
    pub(crate) scopes: Fact,
    /// `ApiKeyRequired`.
    pub(crate) key: Fact,
}

/// What authorises the routes that do not say so themselves.
#[derive(Clone, Debug)]
pub(crate) struct DefaultScheme {
    /// Its name.
    pub(crate) name: Fact,
    /// Whether preflight routes are meant, too.
    pub(crate) preflight: bool,
}

/// A route to be.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// The method in capitals, `ANY` for all of them.
    pub(crate) method: Fact,
    /// The whole path.
    pub(crate) path: Fact,
    /// When it exists.
    pub(crate) guard: Guard,
    /// The line that declares it.
    pub(crate) head: Span,
    /// The resource that declares it, and the name of the route below that.
    pub(crate) by: (ResourceId, Arc<str>),
    /// What authorises it.
    pub(crate) attached: Attached,
    /// `Integration`, with the names of `AWS::ApiGateway::Method`.
    pub(crate) integration: Fact,
    /// What else it has, under the names of the resource it becomes.
    pub(crate) more: Fact,
}

impl Attached {
    /// Nothing is attached, and nothing says so: the head of the route is the place.
    pub(crate) fn nothing(head: Span) -> Self {
        let place = vec![Place::missing(head)];
        let none = Value::Text("NONE".into());
        Self {
            kind: Fact::known(none, Basis::ProviderDefault, place),
            authorizer: Fact::absent(Some(head)),
            scopes: Fact::absent(Some(head)),
            key: Fact::absent(Some(head)),
        }
    }

    /// Nobody can tell.
    pub(crate) fn unknown(reason: &Reason, head: Span) -> Self {
        let unknown = || Fact::unknown(reason.clone(), Some(head));
        Self {
            kind: unknown(),
            authorizer: unknown(),
            scopes: unknown(),
            key: unknown(),
        }
    }

    /// Something authorises it that nobody can name; it says nothing of keys.
    fn by_unknown(reason: &Reason, at: Span) -> Self {
        let unknown = || Fact::unknown(reason.clone(), Some(at));
        Self {
            kind: unknown(),
            authorizer: unknown(),
            ..Self::nothing(at)
        }
    }

    fn of_kind(kind: &str, at: Span) -> Self {
        Self {
            kind: Fact::text(kind, at),
            ..Self::nothing(at)
        }
    }

    /// One of several, each under its guard.
    fn one_of(cases: Vec<(Guard, Attached)>) -> Self {
        let pick = |field: fn(&Attached) -> &Fact| {
            let facts: Vec<(Guard, Fact)> = cases
                .iter()
                .map(|(guard, attached)| (guard.clone(), field(attached).clone()))
                .collect();
            Fact::one_of(facts)
        };
        Self {
            kind: pick(|attached| &attached.kind),
            authorizer: pick(|attached| &attached.authorizer),
            scopes: pick(|attached| &attached.scopes),
            key: pick(|attached| &attached.key),
        }
    }
}

/// What the scheme of this name attaches; nothing where the name is absent.
pub(crate) fn attach(
    stack: &mut StackDraft<'_, '_>,
    name: &Fact,
    scopes: &Fact,
    schemes: &[Scheme],
    head: Span,
) -> Attached {
    let mut cases = Vec::new();
    for (guard, case) in name.cases() {
        cases.push((guard, attach_case(stack, case, scopes, schemes, head)));
    }
    Attached::one_of(cases)
}

fn attach_case(
    stack: &mut StackDraft<'_, '_>,
    name: &Fact,
    scopes: &Fact,
    schemes: &[Scheme],
    head: Span,
) -> Attached {
    let at = name.head(head);
    match name {
        Fact::Absent(_) => Attached::nothing(head),
        Fact::Unknown(unknown) => Attached::by_unknown(&unknown.reason, at),
        Fact::OneOf(_) => Attached::by_unknown(&Reason::Unsupported("authorizer".into()), at),
        Fact::Known(_) => match name.as_text() {
            Some("NONE") => Attached::of_kind("NONE", at),
            Some("AWS_IAM") => Attached::of_kind("AWS_IAM", at),
            Some(known) => {
                let found = schemes.iter().find(|scheme| &*scheme.name == known);
                match found {
                    Some(scheme) => attach_scheme(scheme, scopes, at),
                    None => {
                        stack.report(
                            Diagnostic::warning(
                                "unknown-authorizer",
                                format!("there is no authorizer `{known}` on this API"),
                            )
                            .at(at)
                            .help("name one of the API's `Authorizers`, `AWS_IAM` or `NONE`"),
                        );
                        let reason = format!("the API has no authorizer `{known}`");
                        Attached::by_unknown(&Reason::Unsupported(reason.into()), at)
                    }
                }
            }
            None => {
                let reason = Reason::Unsupported("the authorizer's name is not known".into());
                Attached::by_unknown(&reason, at)
            }
        },
    }
}

/// What a scheme attaches.
fn attach_scheme(scheme: &Scheme, scopes: &Fact, at: Span) -> Attached {
    match &scheme.kind {
        SchemeKind::ApiKey => Attached {
            key: Fact::bool(true, at),
            ..Attached::nothing(at)
        },
        SchemeKind::Iam => Attached::of_kind("AWS_IAM", at),
        SchemeKind::Authorizer {
            kind,
            id,
            logical_id,
        } => {
            let hole = resource_hole(*id, logical_id, "", at);
            Attached {
                authorizer: Fact::text(Text::hole(hole), at),
                scopes: or_else(scopes, &scheme.scopes),
                ..Attached::of_kind(kind, at)
            }
        }
        SchemeKind::Ignored => Attached::nothing(at),
        SchemeKind::Unknown(reason) => Attached::by_unknown(reason, at),
    }
}

/// What a list of security requirements attaches: by cases where the list depends
/// on conditions; the default where it names no authoriser.
pub(crate) fn attach_security(
    stack: &mut StackDraft<'_, '_>,
    security: &Fact,
    schemes: &[Scheme],
    default: Option<&DefaultScheme>,
    head: Span,
) -> Attached {
    let mut cases = Vec::new();
    for (guard, case) in security.cases() {
        let attached = attach_requirements(stack, case, schemes, default, head);
        cases.push((guard, attached));
    }
    Attached::one_of(cases)
}

fn attach_requirements(
    stack: &mut StackDraft<'_, '_>,
    security: &Fact,
    schemes: &[Scheme],
    default: Option<&DefaultScheme>,
    head: Span,
) -> Attached {
    if let Fact::Unknown(unknown) = security {
        return Attached::unknown(&unknown.reason, security.head(head));
    }
    let (requirements, rest) = security.items();
    let guarded = requirements.iter().any(|(guard, _)| !guard.is_always());
    if guarded || rest.is_some() {
        let reason = Reason::Unsupported("a list of security requirements with conditions".into());
        return Attached::unknown(&reason, security.head(head));
    }
    let mut chosen: Option<Attached> = None;
    let mut key = Fact::absent(Some(head));
    for (_, requirement) in requirements {
        let (names, _) = requirement.entries();
        for (_, entry) in names {
            let kind = schemes.iter().find(|scheme| scheme.name == entry.key);
            match kind.map(|scheme| &scheme.kind) {
                Some(SchemeKind::ApiKey) => key = Fact::bool(true, entry.key_span),
                Some(SchemeKind::Ignored) => {}
                None if &*entry.key == "api_key" => key = Fact::bool(true, entry.key_span),
                None if default.is_some() && !matches!(&*entry.key, "NONE" | "AWS_IAM") => {}
                Some(SchemeKind::Iam | SchemeKind::Authorizer { .. } | SchemeKind::Unknown(_))
                | None => {
                    let name = Fact::text(&*entry.key, entry.key_span);
                    let scopes = scopes_of(&entry.fact);
                    let found = attach_case(stack, &name, &scopes, schemes, entry.key_span);
                    chosen = chosen.or(Some(found));
                }
            }
        }
    }
    let mut attached = match (chosen, default) {
        (Some(chosen), _) => chosen,
        (None, Some(default)) => {
            let none = Fact::absent(Some(head));
            attach(stack, &default.name, &none, schemes, head)
        }
        (None, None) if !security.is_absent() => Attached::of_kind("NONE", security.head(head)),
        (None, None) => Attached::nothing(head),
    };
    attached.key = or_else(&key, &attached.key);
    attached
}

/// The scopes of a requirement; absent where the list is empty.
fn scopes_of(fact: &Fact) -> Fact {
    let (items, rest) = fact.items();
    if items.is_empty() && rest.is_none() {
        return Fact::absent(fact.span());
    }
    fact.clone()
}

/// Makes a route's resources.
pub(crate) fn emit(
    stack: &mut StackDraft<'_, '_>,
    api: &Draft,
    flavour: Flavour,
    route: &Route,
    into: &mut Vec<Draft>,
) {
    let mut implied = Implied::by(api);
    match flavour {
        Flavour::Rest => emit_method(stack, route, &mut implied),
        Flavour::Http => emit_route(stack, route, &mut implied),
    }
    for mut draft in implied.made {
        let (by, sub) = &route.by;
        draft.origin = Origin::Implied {
            by: *by,
            sub: match draft.kind.ends_with("Integration") {
                true => format!("{sub} integration").into(),
                false => sub.clone(),
            },
        };
        into.push(draft);
    }
}

fn emit_method(stack: &mut StackDraft<'_, '_>, route: &Route, implied: &mut Implied<'_>) {
    let api = implied.by;
    let reference = stack.reference(&api.logical_id, "", route.head);
    let properties = Properties::at(route.head)
        .set("RestApiId", reference)
        .set("HttpMethod", route.method.clone())
        .set("Path", route.path.clone())
        .set("AuthorizationType", route.attached.kind.clone())
        .set("AuthorizerId", route.attached.authorizer.clone())
        .set("AuthorizationScopes", route.attached.scopes.clone())
        .set("ApiKeyRequired", route.attached.key.clone())
        .set("Integration", route.integration.clone())
        .copy_all(
            &route.more,
            &[
                "RequestValidatorId",
                "RequestParameters",
                "RequestModels",
                "OperationName",
            ],
        );
    let name = format!(
        "{} {} {}",
        api.logical_id,
        in_words(&route.method),
        in_words(&route.path)
    );
    let new = New {
        logical_id: &name,
        sub: &route.by.1,
        kind: "AWS::ApiGateway::Method",
        head: route.head,
    };
    implied.add(stack, new, &route.guard, properties.build());
}

fn emit_route(stack: &mut StackDraft<'_, '_>, route: &Route, implied: &mut Implied<'_>) {
    let api = implied.by;
    let head = route.head;
    let reference = stack.reference(&api.logical_id, "", head);
    let key = route_key(&route.method, &route.path, head);
    let name = format!("{} {}", api.logical_id, in_words(&key));
    let mut target = Fact::absent(Some(head));
    if !route.integration.is_absent() {
        let integration_name = format!("{name} integration");
        let integration =
            http_integration(&route.integration, head).set("ApiId", reference.clone());
        let new = New {
            logical_id: &integration_name,
            sub: &route.by.1,
            kind: "AWS::ApiGatewayV2::Integration",
            head,
        };
        implied.add(stack, new, &route.guard, integration.build());
        let id = stack.id(&integration_name, head);
        let mut text = Text::literal("integrations/");
        text.push_hole(resource_hole(id, &integration_name, "", head));
        target = Fact::text(text, head);
    }
    let properties = Properties::at(head)
        .set("ApiId", reference)
        .set("RouteKey", key)
        .set("AuthorizationType", route.attached.kind.clone())
        .set("AuthorizerId", route.attached.authorizer.clone())
        .set("AuthorizationScopes", route.attached.scopes.clone())
        .set("ApiKeyRequired", route.attached.key.clone())
        .set("Target", target)
        .copy_all(&route.more, &["OperationName"]);
    let new = New {
        logical_id: &name,
        sub: &route.by.1,
        kind: "AWS::ApiGatewayV2::Route",
        head,
    };
    implied.add(stack, new, &route.guard, properties.build());
}

/// An integration under the names of `AWS::ApiGatewayV2::Integration`.
fn http_integration(integration: &Fact, head: Span) -> Properties {
    Properties::at(head)
        .rename(integration, "Type", "IntegrationType")
        .rename(integration, "Uri", "IntegrationUri")
        .rename(integration, "IntegrationHttpMethod", "IntegrationMethod")
        .rename(integration, "Credentials", "CredentialsArn")
        .copy_all(
            integration,
            &[
                "IntegrationSubtype",
                "PayloadFormatVersion",
                "ConnectionType",
                "ConnectionId",
                "RequestParameters",
                "RequestTemplates",
                "PassthroughBehavior",
                "TimeoutInMillis",
                "TlsConfig",
            ],
        )
}

/// `GET /orders`; the path alone for `$default` and where there is no method.
fn route_key(method: &Fact, path: &Fact, head: Span) -> Fact {
    method.map(|method| {
        path.map(|path| {
            let Some(path) = path.as_pattern() else {
                return path.clone();
            };
            if path.prefix().starts_with('$') || method.is_absent() {
                return Fact::text(path.clone(), head);
            }
            let Some(method) = method.as_pattern() else {
                return method.clone();
            };
            let mut key = method.clone();
            key.push_literal(" ");
            key.push(path);
            Fact::text(key, head)
        })
    })
}

/// A fact as part of a name: its text, or `?`.
pub(crate) fn in_words(fact: &Fact) -> String {
    let (cases, _) = fact.items();
    let words: Vec<String> = cases
        .iter()
        .map(|(_, case)| match case.as_pattern() {
            Some(text) => text.to_string(),
            None => "?".to_owned(),
        })
        .collect();
    if words.is_empty() {
        return "?".to_owned();
    }
    words.join("|")
}

/// A text in capitals, holes kept.
pub(crate) fn in_capitals(fact: &Fact) -> Fact {
    fact.map(|case| {
        let Some(text) = case.as_pattern() else {
            return case.clone();
        };
        let mut made = Text::default();
        for piece in text.pieces() {
            match piece {
                Piece::Literal(literal) => made.push_literal(&literal.to_ascii_uppercase()),
                Piece::Hole(hole) => made.push_hole(hole.clone()),
            }
        }
        let mut known = case.clone();
        if let Fact::Known(known) = &mut known {
            known.value = Value::Text(made);
        }
        known
    })
}
