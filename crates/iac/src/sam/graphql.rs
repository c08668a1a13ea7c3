//! `AWS::Serverless::GraphQLApi`: the API, its schema and keys, its data sources
//! with their roles, functions and resolvers.

use underbelly_expression::{Fact, Guard};
use underbelly_source::Span;

use super::Expansion;
use super::policies::{Grants, add_role, add_small_role, allow};
use crate::draft::Draft;
use crate::implied::{Implied, New};
use crate::make::{Properties, as_logical_id, list, or_else, place_of, present, splice, with};

/// Turns a GraphQL API into what it stands for; the rest is returned.
pub(crate) fn expand(expansion: &mut Expansion<'_, '_, '_>, draft: &mut Draft) -> Vec<Draft> {
    let written = draft.clone();
    let from = &written.properties;
    let head = written.head;
    let auth = from.field("Auth").into_owned();
    let name = or_else(&from.field("Name"), &Fact::text(&*written.logical_id, head));
    let additional = auth.field("Additional").into_owned();
    let mut implied = Implied::by(&written);
    let log = log_role(expansion, logging(from, head), &mut implied);
    draft.kind = "AWS::AppSync::GraphQLApi".into();
    draft.properties = expansion
        .passed_on(&written)
        .set("Name", name)
        .rename(&auth, "Type", "AuthenticationType")
        .rename(&auth, "LambdaAuthorizer", "LambdaAuthorizerConfig")
        .rename(&auth, "OpenIDConnect", "OpenIDConnectConfig")
        .rename(&auth, "UserPool", "UserPoolConfig")
        .set(
            "AdditionalAuthenticationProviders",
            providers(&additional, head),
        )
        .set("LogConfig", log)
        .build();
    let schema = Properties::at(head)
        .rename(from, "SchemaInline", "Definition")
        .rename(from, "SchemaUri", "DefinitionS3Location");
    add(
        expansion,
        &mut implied,
        ("Schema", "schema", head),
        "AWS::AppSync::GraphQLSchema",
        schema,
    );
    api_keys(expansion, from, &mut implied);
    cache(expansion, from, &mut implied);
    data_sources(expansion, from, &mut implied);
    none_source(expansion, from, &mut implied);
    functions(expansion, from, &mut implied);
    resolvers(expansion, from, &mut implied);
    implied.made
}

fn add(
    expansion: &mut Expansion<'_, '_, '_>,
    implied: &mut Implied<'_>,
    (suffix, sub, head): (&str, &str, Span),
    kind: &str,
    properties: Properties,
) {
    let logical_id = format!("{}{suffix}", implied.by.logical_id);
    let api = expansion
        .stack
        .reference(&implied.by.logical_id, "ApiId", head);
    let new = New {
        logical_id: &logical_id,
        sub,
        kind,
        head,
    };
    let properties = properties.set("ApiId", api).build();
    implied.add(expansion.stack, new, &Guard::always(), properties);
}

fn providers(additional: &Fact, head: Span) -> Fact {
    if additional.is_absent() {
        return additional.clone();
    }
    let (items, _) = additional.items();
    let made = items.into_iter().map(|(_, item)| {
        Properties::at(item.head(head))
            .rename(item, "Type", "AuthenticationType")
            .rename(item, "LambdaAuthorizer", "LambdaAuthorizerConfig")
            .rename(item, "OpenIDConnect", "OpenIDConnectConfig")
            .rename(item, "UserPool", "UserPoolConfig")
            .build()
    });
    list(made, additional.head(head))
}

/// The transform logs everything unless told not to.
fn logging(from: &Fact, head: Span) -> Fact {
    let written = from.field("Logging").into_owned();
    let all = || {
        let level = super::policies::by_default(
            "ALL",
            head,
            "the serverless transform turns on logging unless told not to",
        );
        Properties::at(head).set("FieldLogLevel", level).build()
    };
    written.map(|case| match case.as_bool() {
        Some(false) => Fact::absent(case.span()),
        Some(true) => all(),
        None if case.is_absent() => all(),
        None => case.clone(),
    })
}

fn api_keys(expansion: &mut Expansion<'_, '_, '_>, from: &Fact, implied: &mut Implied<'_>) {
    let keys = from.field("ApiKeys").into_owned();
    let (entries, _) = keys.entries();
    for (_, entry) in entries {
        let properties = Properties::at(entry.key_span)
            .copy(&entry.fact, "Description")
            .rename(&entry.fact, "ExpiresOn", "Expires");
        let suffix = as_logical_id(&entry.key);
        let names = (suffix.as_str(), &*entry.key, entry.key_span);
        add(
            expansion,
            implied,
            names,
            "AWS::AppSync::ApiKey",
            properties,
        );
    }
}

fn cache(expansion: &mut Expansion<'_, '_, '_>, from: &Fact, implied: &mut Implied<'_>) {
    let cache = from.field("Cache").into_owned();
    let head = place_of(from, "Cache", implied.by.head);
    for (_, case) in present(&cache) {
        let properties = Properties::at(head).copy_all(
            &case,
            &[
                "ApiCachingBehavior",
                "Ttl",
                "Type",
                "AtRestEncryptionEnabled",
                "TransitEncryptionEnabled",
            ],
        );
        let names = ("ApiCache", "cache", head);
        add(
            expansion,
            implied,
            names,
            "AWS::AppSync::ApiCache",
            properties,
        );
    }
}

fn data_sources(expansion: &mut Expansion<'_, '_, '_>, from: &Fact, implied: &mut Implied<'_>) {
    let sources = from.field("DataSources").into_owned();
    let tables = sources.field("DynamoDb").into_owned();
    let (entries, _) = tables.entries();
    for (_, entry) in entries {
        let head = entry.key_span;
        let config = Properties::at(head).copy_all(
            &entry.fact,
            &[
                "TableName",
                "UseCallerCredentials",
                "Versioned",
                "DeltaSyncConfig",
            ],
        );
        let properties = Properties::at(head)
            .text("Type", "AMAZON_DYNAMODB")
            .set("DynamoDBConfig", config.build());
        let kinds = entry.fact.field("Permissions").into_owned();
        let (kinds, _) = kinds.items();
        let has = |word: &str| {
            kinds.is_empty() || kinds.iter().any(|(_, kind)| kind.as_text() == Some(word))
        };
        let mut actions = Vec::new();
        if has("Read") {
            actions.extend(READ);
        }
        if has("Write") {
            actions.extend(WRITE);
        }
        let table = entry.fact.field("TableArn").into_owned();
        let indexes = splice("${Table}/index/*", &[("Table", &table)], head);
        let statement = allow(&actions, vec![table, indexes], head);
        data_source(
            expansion,
            implied,
            entry,
            ("DynamoDBDataSource", properties),
            statement,
        );
    }
    let functions = sources.field("Lambda").into_owned();
    let (entries, _) = functions.entries();
    for (_, entry) in entries {
        let head = entry.key_span;
        let config = Properties::at(head).rename(&entry.fact, "FunctionArn", "LambdaFunctionArn");
        let properties = Properties::at(head)
            .text("Type", "AWS_LAMBDA")
            .set("LambdaConfig", config.build());
        let function = entry.fact.field("FunctionArn").into_owned();
        let actions = ["lambda:InvokeAsync", "lambda:InvokeFunction"];
        let versions = splice("${Function}:*", &[("Function", &function)], head);
        let statement = allow(&actions, vec![function, versions], head);
        data_source(
            expansion,
            implied,
            entry,
            ("LambdaDataSource", properties),
            statement,
        );
    }
}

const READ: [&str; 6] = [
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:PartiQLSelect",
];
const WRITE: [&str; 7] = [
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
];

fn data_source(
    expansion: &mut Expansion<'_, '_, '_>,
    implied: &mut Implied<'_>,
    entry: &underbelly_expression::Entry,
    (suffix, properties): (&str, Properties),
    statement: Fact,
) {
    let head = entry.key_span;
    let suffix = format!("{}{suffix}", as_logical_id(&entry.key));
    let given = entry.fact.field("ServiceRoleArn").into_owned();
    let role_id = format!("{}{suffix}Role", implied.by.logical_id);
    let role = or_else(&given, &expansion.stack.reference(&role_id, "Arn", head));
    if given.is_absent() {
        let sub = format!("{} role", entry.key);
        let new = New {
            logical_id: &role_id,
            sub: &sub,
            kind: "",
            head,
        };
        let settings = Properties::at(head).build();
        let statements = vec![(format!("{suffix}Policy"), statement)];
        let service = "appsync.amazonaws.com";
        add_small_role(
            expansion.stack,
            implied,
            new,
            service,
            statements,
            &settings,
        );
    }
    let name = Fact::text(&*entry.key, head);
    let properties = properties
        .set("Name", or_else(&entry.fact.field("Name"), &name))
        .copy(&entry.fact, "Description")
        .set("ServiceRoleArn", role);
    let names = (suffix.as_str(), &*entry.key, head);
    add(
        expansion,
        implied,
        names,
        "AWS::AppSync::DataSource",
        properties,
    );
}

/// The source that answers by itself, where something uses it.
fn none_source(expansion: &mut Expansion<'_, '_, '_>, from: &Fact, implied: &mut Implied<'_>) {
    let functions = from.field("Functions").into_owned();
    let types = from.field("Resolvers").into_owned();
    let (mut users, _) = functions.entries();
    let (types, _) = types.entries();
    users.extend(types.iter().flat_map(|(_, fields)| fields.fact.entries().0));
    let is_none = |source: &Fact| source.as_text().is_some_and(is_none_word);
    let found = users
        .iter()
        .find(|(_, user)| is_none(&user.fact.field("DataSource")));
    if let Some((_, user)) = found {
        let properties = Properties::at(user.key_span)
            .text("Name", "None")
            .text("Type", "NONE");
        let names = ("NoneDataSource", "none", user.key_span);
        add(
            expansion,
            implied,
            names,
            "AWS::AppSync::DataSource",
            properties,
        );
    }
}

/// The name of a data source as its functions and resolvers give it.
fn data_source_name(
    expansion: &mut Expansion<'_, '_, '_>,
    from: &Fact,
    api: &Draft,
    wanted: &Fact,
    head: Span,
) -> Fact {
    let Some(name) = wanted.as_text() else {
        return wanted.clone();
    };
    if is_none_word(name) {
        let id = format!("{}NoneDataSource", api.logical_id);
        return expansion.stack.reference(&id, "Name", head);
    }
    let sources = from.field("DataSources").into_owned();
    for (group, suffix) in [
        ("DynamoDb", "DynamoDBDataSource"),
        ("Lambda", "LambdaDataSource"),
    ] {
        if !sources.field(group).field(name).is_absent() {
            let id = format!("{}{}{suffix}", api.logical_id, as_logical_id(name));
            return expansion.stack.reference(&id, "Name", head);
        }
    }
    wanted.clone()
}

fn functions(expansion: &mut Expansion<'_, '_, '_>, from: &Fact, implied: &mut Implied<'_>) {
    let functions = from.field("Functions").into_owned();
    let (entries, _) = functions.entries();
    for (_, entry) in entries {
        let head = entry.key_span;
        let wanted = entry.fact.field("DataSource").into_owned();
        let source = data_source_name(expansion, from, implied.by, &wanted, head);
        let properties = Properties::at(head)
            .text("Name", &entry.key)
            .set("DataSourceName", source)
            .set("Runtime", runtime(&entry.fact, head))
            .rename(&entry.fact, "InlineCode", "Code")
            .rename(&entry.fact, "CodeUri", "CodeS3Location")
            .copy_all(&entry.fact, &["MaxBatchSize", "Sync", "Description"]);
        let suffix = as_logical_id(&entry.key);
        let names = (suffix.as_str(), &*entry.key, head);
        let kind = "AWS::AppSync::FunctionConfiguration";
        add(expansion, implied, names, kind, properties);
    }
}

fn resolvers(expansion: &mut Expansion<'_, '_, '_>, from: &Fact, implied: &mut Implied<'_>) {
    let types = from.field("Resolvers").into_owned();
    let (types, _) = types.entries();
    for (_, of_type) in types {
        let (fields, _) = of_type.fact.entries();
        for (_, entry) in fields {
            let head = entry.key_span;
            let pipeline = entry.fact.field("Pipeline").into_owned();
            let (steps, _) = pipeline.items();
            let functions: Vec<Fact> = steps
                .into_iter()
                .filter_map(|(_, step)| step.as_text())
                .map(|step| {
                    let id = format!("{}{}", implied.by.logical_id, as_logical_id(step));
                    expansion.stack.reference(&id, "FunctionId", head)
                })
                .collect();
            let wanted = entry.fact.field("DataSource").into_owned();
            let source = data_source_name(expansion, from, implied.by, &wanted, head);
            let kind = match wanted.is_absent() {
                true => "PIPELINE",
                false => "UNIT",
            };
            let config = Properties::at(head).set("Functions", list(functions, head));
            let field = Fact::text(&*entry.key, head);
            let properties = Properties::at(head)
                .text("TypeName", &of_type.key)
                .set("FieldName", or_else(&entry.fact.field("FieldName"), &field))
                .text("Kind", kind)
                .set("DataSourceName", source)
                .set("PipelineConfig", config.build())
                .set("Runtime", runtime(&entry.fact, head))
                .rename(&entry.fact, "InlineCode", "Code")
                .rename(&entry.fact, "CodeUri", "CodeS3Location")
                .copy_all(&entry.fact, &["MaxBatchSize", "Caching", "Sync"]);
            let suffix = format!(
                "{}{}",
                as_logical_id(&of_type.key),
                as_logical_id(&entry.key)
            );
            let sub = format!("{}.{}", of_type.key, entry.key);
            let names = (suffix.as_str(), sub.as_str(), head);
            add(
                expansion,
                implied,
                names,
                "AWS::AppSync::Resolver",
                properties,
            );
        }
    }
}

/// `Runtime` under the names of the resources it is part of.
fn runtime(from: &Fact, head: Span) -> Fact {
    from.field("Runtime").map(|case| match case.as_map() {
        Some(_) => Properties::at(case.head(head))
            .copy(case, "Name")
            .rename(case, "Version", "RuntimeVersion")
            .build(),
        None => case.clone(),
    })
}

/// The role with which the API writes its log, where nothing gives it one.
fn log_role(
    expansion: &mut Expansion<'_, '_, '_>,
    config: Fact,
    implied: &mut Implied<'_>,
) -> Fact {
    let own = config.field("CloudWatchLogsRoleArn").into_owned();
    if config.as_map().is_none() || !own.is_absent() {
        return config;
    }
    let head = config.head(implied.by.head);
    let logical_id = format!("{}CloudWatchRole", implied.by.logical_id);
    let mut grants = Grants::default();
    let policy = "service-role/AWSAppSyncPushToCloudWatchLogs";
    grants.manage(&Guard::always(), policy, head);
    let new = New {
        logical_id: &logical_id,
        sub: "log-role",
        kind: "",
        head,
    };
    let settings = Properties::at(head).build();
    let service = "appsync.amazonaws.com";
    let always = Guard::always();
    add_role(
        expansion.stack,
        implied,
        new,
        &always,
        service,
        grants,
        &settings,
    );
    let role = expansion.stack.reference(&logical_id, "Arn", head);
    with(&config, "CloudWatchLogsRoleArn", role, head)
}

/// The source that answers by itself is named in any case.
fn is_none_word(name: &str) -> bool {
    name.eq_ignore_ascii_case("none")
}
