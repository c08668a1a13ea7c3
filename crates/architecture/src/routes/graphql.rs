//! Resolved fields of GraphQL APIs.

use std::collections::BTreeMap;

use underbelly_expression::{Fact, Reason, Set, SubjectId, Value};
use underbelly_iac::{Resource, ResourceId};
use underbelly_source::Span;

use crate::derived::{by_default, in_words, no, referred, text, unresolved, word};
use crate::draft::Draft;

use super::hints;

/// Adds a route for every resolver.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let by_name = sources(draft);
    let functions = pipeline_functions(draft);
    for (id, resource) in draft.of_type("AWS::AppSync::Resolver") {
        let properties = &resource.properties;
        let head = resource.head;
        let owners = draft.owners((id, resource), "ApiId", "graphql-api");
        for (guard, api) in owners {
            let key = format!(
                "{}.{}",
                in_words(&properties.field("TypeName")),
                in_words(&properties.field("FieldName"))
            );
            let part = draft.add_part(api, "routes", "route", &key, Some(head), guard);
            let path = Fact::text(key.as_str(), head);
            let source = source_of(&functions, properties);
            let (integration, target) = answers(draft, &by_name, &source, (api, id), head);
            let auth = auth(draft, api, head);
            let webhook = hints::webhook(draft, &path, head);
            let set = Value::Set(Set::default());
            let facts = [
                ("method", by_default(text("POST"), head, "")),
                ("path", path),
                ("key_required", is_key(&auth)),
                ("auth", auth),
                ("authorizer_defined", no(head)),
                ("scopes", by_default(set, head, "")),
                ("preflight", no(head)),
                ("webhook", webhook),
                (
                    "takes_body",
                    by_default(Value::Bool(true), head, "queries are sent as a body"),
                ),
                (
                    "validated",
                    by_default(
                        Value::Bool(true),
                        head,
                        "queries are checked against the schema",
                    ),
                ),
                ("throttled", no(head)),
                ("integration", integration),
                ("target", target),
                ("template_fixed", fixed(properties, head)),
            ];
            for (name, fact) in facts {
                draft.set(part, name, fact);
            }
        }
    }
}

/// What a query is authorised by: the API's mode; several modes are chosen among
/// field by field in the schema, which is not read.
pub(crate) fn auth(draft: &Draft<'_>, api: SubjectId, head: Span) -> Fact {
    let Some((_, resource)) = draft.resource_of(api) else {
        return Fact::unknown(Reason::OtherComponent("the API".into()), Some(head));
    };
    let more = resource
        .properties
        .field("AdditionalAuthenticationProviders");
    let (modes, rest) = more.items();
    let mode = main_mode(draft, api, resource);
    if let Some(rest) = rest {
        return Fact::Unknown(rest.clone());
    }
    match modes.first() {
        None => mode,
        Some((guard, first)) if guard.is_always() => word(first, "mixed"),
        Some(_) => Fact::unknown(
            Reason::Unsupported("authorisation modes that depend on conditions".into()),
            more.span(),
        ),
    }
}

/// The mode of queries for which the schema says nothing else: as people say where
/// they say it of the API as a whole, or give its only mode.
pub(crate) fn main_mode(draft: &Draft<'_>, api: SubjectId, resource: &Resource) -> Fact {
    let written = resource.properties.field("AuthenticationType");
    let shown = mode(&written);
    let more = resource
        .properties
        .field("AdditionalAuthenticationProviders");
    if shown.as_known().is_some() || !more.is_absent() {
        return shown;
    }
    if let Some(auth) = draft.given(api, "auth") {
        return auth.clone();
    }
    let modes = draft.given(api, "auth_modes").map(Fact::items);
    match modes.as_ref().map(|(modes, _)| modes.as_slice()) {
        Some([(_, only)]) => mode(only),
        Some(_) | None => shown,
    }
}

/// The words for a mode.
pub(crate) fn mode(written: &Fact) -> Fact {
    written.map(|case| match (case, case.as_text()) {
        (_, Some("API_KEY")) => word(case, "api_key"),
        (_, Some("AWS_IAM")) => word(case, "iam"),
        (_, Some("AMAZON_COGNITO_USER_POOLS")) => word(case, "user_pool"),
        (_, Some("OPENID_CONNECT")) => word(case, "jwt"),
        (_, Some("AWS_LAMBDA")) => word(case, "custom"),
        (Fact::Known(_), _) => unresolved(case),
        (Fact::Absent(_), _) => Fact::unknown(
            Reason::Unsupported("a GraphQL API without authentication type".into()),
            case.span(),
        ),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}

fn is_key(auth: &Fact) -> Fact {
    auth.map(|case| match case.as_text() {
        Some(word) => crate::derived::bool_like(case, word == "api_key"),
        None => case.clone(),
    })
}

type ByName = BTreeMap<(SubjectId, String), ResourceId>;

/// Data sources by API and name.
fn sources(draft: &mut Draft<'_>) -> ByName {
    let mut found = ByName::new();
    for (id, resource) in draft.of_type("AWS::AppSync::DataSource") {
        let name = in_words(&resource.properties.field("Name"));
        for (_, api) in draft.owners((id, resource), "ApiId", "graphql-api") {
            found.insert((api, name.clone()), id);
        }
    }
    found
}

/// The data source of each pipeline function.
fn pipeline_functions(draft: &Draft<'_>) -> BTreeMap<ResourceId, Fact> {
    let all = draft.of_type("AWS::AppSync::FunctionConfiguration");
    let source = |resource: &Resource| resource.properties.field("DataSourceName").into_owned();
    all.into_iter()
        .map(|(id, resource)| (id, source(resource)))
        .collect()
}

/// The name of a resolver's data source; of a pipeline that of its last step.
fn source_of(functions: &BTreeMap<ResourceId, Fact>, properties: &Fact) -> Fact {
    let own = properties.field("DataSourceName").into_owned();
    if !own.is_absent() {
        return own;
    }
    let steps = properties.path("PipelineConfig.Functions");
    let (steps, _) = steps.items();
    let last = steps.iter().rev().find_map(|(_, step)| {
        let id = referred(step)?;
        functions.get(&id).cloned()
    });
    last.unwrap_or(own)
}

fn answers(
    draft: &mut Draft<'_>,
    by_name: &ByName,
    source: &Fact,
    (api, near): (SubjectId, ResourceId),
    head: Span,
) -> (Fact, Fact) {
    let none = source
        .as_text()
        .is_some_and(|name| name.eq_ignore_ascii_case("none"));
    if source.is_absent() || (none && !by_name.contains_key(&(api, in_words(source)))) {
        let nothing = Fact::absent(Some(head));
        return (by_default(text("mock"), head, "no data source"), nothing);
    }
    let is_source = |id: &ResourceId| {
        let found = draft.graph.resource(*id);
        found.is_some_and(|found| &*found.kind == "AWS::AppSync::DataSource")
    };
    let by_reference = referred(source).filter(is_source);
    let named = || by_name.get(&(api, in_words(source))).copied();
    let found = by_reference.or_else(named).and_then(|id| {
        let resource = draft.graph.resource(id)?;
        Some((id, resource))
    });
    let Some((id, resource)) = found else {
        let unknown = unresolved(source);
        let _ = near;
        return (unknown.clone(), unknown);
    };
    let properties = &resource.properties;
    let kind = properties.field("Type").into_owned();
    let (sort, path, kinds): (&str, &str, &[&str]) = match kind.as_text() {
        Some("AWS_LAMBDA") => ("function", "LambdaConfig.LambdaFunctionArn", &["function"]),
        Some("AMAZON_DYNAMODB") => ("service", "DynamoDBConfig.TableName", &["table"]),
        Some("AMAZON_EVENTBRIDGE") => ("service", "EventBridgeConfig.EventBusArn", &["event-bus"]),
        Some("RELATIONAL_DATABASE") => (
            "service",
            "RelationalDatabaseConfig.RdsHttpEndpointConfig.DbClusterIdentifier",
            &["database"],
        ),
        Some("AMAZON_OPENSEARCH_SERVICE") => {
            ("service", "OpenSearchServiceConfig.Endpoint", &["external"])
        }
        Some("AMAZON_ELASTICSEARCH") => ("service", "ElasticsearchConfig.Endpoint", &["external"]),
        Some("HTTP") => ("http", "HttpConfig.Endpoint", &["external"]),
        Some("NONE") => return (word(&kind, "mock"), Fact::absent(kind.span())),
        Some(_) | None => {
            let unknown = match &kind {
                Fact::Known(_) => unresolved(&kind),
                Fact::Absent(_) => Fact::unknown(
                    Reason::Unsupported("a data source without type".into()),
                    Some(resource.head),
                ),
                Fact::Unknown(_) | Fact::OneOf(_) => kind.clone(),
            };
            return (unknown.clone(), unknown);
        }
    };
    let value = properties.path(path).into_owned();
    let target = match sort {
        "http" => crate::derived::at_host(draft, &value, id, head),
        _ => draft.reference(&value, kinds, id),
    };
    (word(&kind, sort), target)
}

/// Mapping templates put arguments in through helpers that escape them, unless a
/// template sets them between quotes itself.
fn fixed(properties: &Fact, head: Span) -> Fact {
    let template = properties.field("RequestMappingTemplate").into_owned();
    template.map(|case| match (case, case.as_pattern()) {
        (_, Some(written)) if written.only_hole().is_some() => unresolved(case),
        (_, Some(written)) => {
            let whole = written.to_string();
            let raw = [
                "\"$ctx.arg",
                "\"$context.arg",
                "\"${ctx.arg",
                "\"${context.arg",
            ];
            crate::derived::bool_like(case, !raw.iter().any(|mark| whole.contains(mark)))
        }
        (Fact::Absent(_), _) => {
            let elsewhere = ["RequestMappingTemplateS3Location", "Code", "CodeS3Location"];
            let more = elsewhere
                .iter()
                .find(|name| !properties.field(name).is_absent());
            match more {
                Some(name) => Fact::unknown(Reason::Code, properties.field(name).span()),
                None => by_default(Value::Bool(true), head, "the whole context is passed on"),
            }
        }
        (Fact::Known(_), None) => unresolved(case),
        (Fact::Unknown(_) | Fact::OneOf(_), _) => case.clone(),
    })
}
