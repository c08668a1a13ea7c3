//! `Auth` of an API: its authorisers, its resource policy, its usage plan.

use underbelly_expression::{Fact, Guard, Text};
use underbelly_source::{Diagnostic, Span};

use super::Expansion;
use crate::implied::{Implied, New};
use crate::make::{
    Properties, as_logical_id, guarded_list, list, or_else, place_of, present, splice, texts,
};
use crate::openapi::{add_authorizer, as_list};
use crate::routes::{Flavour, Scheme, SchemeKind};

/// The schemes that `Auth.Authorizers` declares, each with its authoriser.
pub(crate) fn schemes(
    expansion: &mut Expansion<'_, '_, '_>,
    auth: &Fact,
    flavour: Flavour,
    implied: &mut Implied<'_>,
) -> Vec<Scheme> {
    let declared = auth.field("Authorizers").into_owned();
    let mut found = Vec::new();
    let (entries, _) = declared.entries();
    for (outer, entry) in entries {
        let head = entry.key_span;
        for (inner, case) in present(&entry.fact) {
            let Some(guard) = outer.and(&inner) else {
                continue;
            };
            let (kind, properties) = match flavour {
                Flavour::Rest => rest_authorizer(&case, head),
                Flavour::Http => http_authorizer(&case, head),
            };
            if kind.is_none() {
                expansion.stack.report(
                    Diagnostic::warning(
                        "sam-missing-property",
                        format!("authorizer `{}` is of no kind we know", entry.key),
                    )
                    .at(head)
                    .help("give it `UserPoolArn`, `FunctionArn` or `JwtConfiguration`"),
                );
            }
            let logical_id = format!(
                "{}{}Authorizer",
                implied.by.logical_id,
                as_logical_id(&entry.key)
            );
            let properties = properties.text("Name", &entry.key);
            let names = (logical_id.as_str(), &*entry.key, head);
            add_authorizer(expansion.stack, implied, flavour, names, &guard, properties);
            if wants_permission(&case, flavour) {
                permission(expansion, implied, &guard, &entry.key, &case, head);
            }
            found.push(Scheme {
                name: entry.key.clone(),
                kind: SchemeKind::Authorizer {
                    kind: kind.unwrap_or("CUSTOM"),
                    id: expansion.stack.id(&logical_id, head),
                    logical_id: logical_id.as_str().into(),
                },
                scopes: case.field("AuthorizationScopes").into_owned(),
            });
        }
    }
    found
}

fn rest_authorizer(from: &Fact, head: Span) -> (Option<&'static str>, Properties) {
    let identity = from.field("Identity").into_owned();
    let header = or_else(
        &identity.field("Header"),
        &Fact::text("Authorization", head),
    );
    let header = splice(
        "method.request.header.${Header}",
        &[("Header", &header)],
        head,
    );
    let made = Properties::at(head).rename(
        &identity,
        "ValidationExpression",
        "IdentityValidationExpression",
    );
    let pools = from.field("UserPoolArn").into_owned();
    if !pools.is_absent() {
        let made = made
            .text("Type", "COGNITO_USER_POOLS")
            .set("ProviderARNs", as_list(&pools))
            .set("IdentitySource", header);
        return (Some("COGNITO_USER_POOLS"), made);
    }
    let payload = from.field("FunctionPayloadType").into_owned();
    let payload = or_else(&payload, &Fact::text("TOKEN", head));
    let source = if payload.as_text() == Some("REQUEST") {
        joined(request_sources(&identity, "method.request"), head)
    } else {
        header
    };
    let made = made
        .set("Type", payload)
        .set("AuthorizerUri", authorizer_uri(from, head))
        .set("IdentitySource", source)
        .set("AuthorizerCredentials", invoke_role(from))
        .rename(
            &identity,
            "ReauthorizeEvery",
            "AuthorizerResultTtlInSeconds",
        );
    let is_function = !from.field("FunctionArn").is_absent();
    (is_function.then_some("CUSTOM"), made)
}

fn http_authorizer(from: &Fact, head: Span) -> (Option<&'static str>, Properties) {
    let identity = from.field("Identity").into_owned();
    let jwt = from.field("JwtConfiguration").into_owned();
    let is_function = !from.field("FunctionArn").is_absent();
    if !is_function {
        let configuration = Properties::at(jwt.head(head))
            .set(
                "Issuer",
                or_else(&jwt.field("issuer"), &jwt.field("Issuer")),
            )
            .set(
                "Audience",
                or_else(&jwt.field("audience"), &jwt.field("Audience")),
            );
        let made = Properties::at(head)
            .text("AuthorizerType", "JWT")
            .set("JwtConfiguration", configuration.build_unless_empty())
            .set("IdentitySource", as_list(&from.field("IdentitySource")));
        let is_jwt = !jwt.is_absent() || !from.field("OpenIdConnectUrl").is_absent();
        return (is_jwt.then_some("JWT"), made);
    }
    let sources = request_sources(&identity, "$request");
    let sources = match sources.is_empty() {
        true => Fact::absent(Some(head)),
        false => guarded_list(sources, None, head),
    };
    let made = Properties::at(head)
        .text("AuthorizerType", "REQUEST")
        .set("AuthorizerUri", authorizer_uri(from, head))
        .set("IdentitySource", sources)
        .set("AuthorizerCredentialsArn", invoke_role(from))
        .copy_all(
            from,
            &["AuthorizerPayloadFormatVersion", "EnableSimpleResponses"],
        )
        .rename(
            &identity,
            "ReauthorizeEvery",
            "AuthorizerResultTtlInSeconds",
        );
    (Some("CUSTOM"), made)
}

/// The URI by which an API calls a function.
pub(crate) fn authorizer_uri(from: &Fact, head: Span) -> Fact {
    let function = from.field("FunctionArn").into_owned();
    function.map(|case| {
        if case.is_absent() {
            return case.clone();
        }
        splice(
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations",
            &[("Function", case)],
            case.head(head),
        )
    })
}

fn invoke_role(from: &Fact) -> Fact {
    let role = from.field("FunctionInvokeRole").into_owned();
    role.map(|case| match case.as_text() {
        Some("NONE") => Fact::absent(case.span()),
        _ => case.clone(),
    })
}

/// What identifies the caller of a request authoriser.
fn request_sources(identity: &Fact, prefix: &str) -> Vec<(Guard, Fact)> {
    let (stage, context) = match prefix {
        "$request" => ("$stageVariables", "$context"),
        _ => ("stageVariables", "context"),
    };
    let of_request = |part: &str| format!("{prefix}.{part}");
    let groups = [
        ("Headers", of_request("header")),
        ("QueryStrings", of_request("querystring")),
        ("StageVariables", stage.to_owned()),
        ("Context", context.to_owned()),
    ];
    let mut sources = Vec::new();
    for (property, place) in groups {
        let names = identity.field(property).into_owned();
        let (items, _) = names.items();
        for (guard, name) in items {
            let template = format!("{place}.${{Name}}");
            // A dollar of the notation itself is no substitution.
            let span = name.span();
            let Some(span) = span else { continue };
            sources.push((guard, splice(&template, &[("Name", name)], span)));
        }
    }
    sources
}

fn joined(sources: Vec<(Guard, Fact)>, head: Span) -> Fact {
    if sources.is_empty() {
        return Fact::absent(Some(head));
    }
    let mut text = Text::default();
    for (_, source) in &sources {
        if !text.is_empty() {
            text.push_literal(", ");
        }
        if let Some(part) = source.as_pattern() {
            text.push(part);
        }
    }
    Fact::text(text, head)
}

/// REST APIs let themselves call their authorisers unless told not to; HTTP APIs
/// only when told to.
fn wants_permission(from: &Fact, flavour: Flavour) -> bool {
    if from.field("FunctionArn").is_absent() {
        return false;
    }
    match flavour {
        Flavour::Rest => from.field("DisableFunctionDefaultPermissions").as_bool() != Some(true),
        Flavour::Http => from.field("EnableFunctionDefaultPermissions").as_bool() == Some(true),
    }
}

fn permission(
    expansion: &mut Expansion<'_, '_, '_>,
    implied: &mut Implied<'_>,
    guard: &Guard,
    name: &str,
    from: &Fact,
    head: Span,
) {
    let api = expansion.stack.reference(&implied.by.logical_id, "", head);
    let arn = splice(
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*",
        &[("Api", &api)],
        head,
    );
    let properties = Properties::at(head)
        .text("Action", "lambda:InvokeFunction")
        .set("FunctionName", from.field("FunctionArn").into_owned())
        .text("Principal", "apigateway.amazonaws.com")
        .set("SourceArn", arn);
    let logical_id = format!(
        "{}{}AuthorizerPermission",
        implied.by.logical_id,
        as_logical_id(name)
    );
    let sub = format!("{name} permission");
    let new = New {
        logical_id: &logical_id,
        sub: &sub,
        kind: "AWS::Lambda::Permission",
        head,
    };
    implied.add(expansion.stack, new, guard, properties.build());
}

/// The statements of a `ResourcePolicy`, for all routes or for those of one event.
pub(crate) fn policy_statements(policy: &Fact, resource: &Fact, head: Span) -> Vec<(Guard, Fact)> {
    let mut statements = Vec::new();
    let custom = policy.field("CustomStatements").into_owned();
    let (items, _) = custom.items();
    statements.extend(items.into_iter().map(|(guard, item)| (guard, item.clone())));
    let base = |effect: &str, span: Span| {
        Properties::at(span)
            .text("Effect", effect)
            .text("Action", "execute-api:Invoke")
            .set("Resource", list([resource.clone()], span))
    };
    let mut everyone = false;
    for (property, effect) in [
        ("AwsAccountWhitelist", "Allow"),
        ("AwsAccountBlacklist", "Deny"),
    ] {
        let accounts = policy.field(property).into_owned();
        if !accounts.is_absent() {
            let span = place_of(policy, property, head);
            let principal = Properties::at(span).set("AWS", as_list(&accounts)).build();
            let statement = base(effect, span).set("Principal", principal).build();
            statements.push((Guard::always(), statement));
        }
    }
    let mut deny = |operator: &str, keys: Fact, span: Span| {
        let condition = Properties::at(span).set(operator, keys).build();
        let statement = base("Deny", span)
            .text("Principal", "*")
            .set("Condition", condition)
            .build();
        statements.push((Guard::always(), statement));
        everyone = true;
    };
    for (property, operator) in [
        ("IpRangeWhitelist", "NotIpAddress"),
        ("IpRangeBlacklist", "IpAddress"),
    ] {
        let ranges = policy.field(property).into_owned();
        if !ranges.is_absent() {
            let span = place_of(policy, property, head);
            let keys = Properties::at(span).set("aws:SourceIp", as_list(&ranges));
            deny(operator, keys.build(), span);
        }
    }
    for (word, operator) in [
        ("Whitelist", "StringNotEquals"),
        ("Blacklist", "StringEquals"),
    ] {
        if let Some((keys, span)) = network_keys(policy, word, head) {
            deny(operator, keys, span);
        }
    }
    if everyone {
        let open = base("Allow", head).text("Principal", "*").build();
        statements.push((Guard::always(), open));
    }
    statements
}

/// The networks and endpoints that a policy lists under a word.
fn network_keys(policy: &Fact, word: &str, head: Span) -> Option<(Fact, Span)> {
    let mut networks = Vec::new();
    let mut endpoints = Vec::new();
    let mut span = None;
    for property in ["SourceVpc", "IntrinsicVpc", "IntrinsicVpce"] {
        let name = format!("{property}{word}");
        let listed = policy.field(&name).into_owned();
        if listed.is_absent() {
            continue;
        }
        span = span.or(Some(place_of(policy, &name, head)));
        let (items, _) = listed.items();
        for (guard, item) in items {
            let prefix = item.as_pattern().map_or("", |text| text.prefix());
            if property == "IntrinsicVpce" || prefix.starts_with("vpce-") {
                endpoints.push((guard, item.clone()));
            } else {
                networks.push((guard, item.clone()));
            }
        }
    }
    let span = span?;
    let listed = |items: Vec<(Guard, Fact)>| match items.is_empty() {
        true => Fact::absent(Some(span)),
        false => guarded_list(items, None, span),
    };
    let keys = Properties::at(span)
        .set("aws:SourceVpc", listed(networks))
        .set("aws:SourceVpce", listed(endpoints));
    Some((keys.build(), span))
}

/// A policy document of statements; absent where there are none.
pub(crate) fn policy_document(statements: Vec<(Guard, Fact)>, head: Span) -> Fact {
    if statements.is_empty() {
        return Fact::absent(Some(head));
    }
    Properties::at(head)
        .text("Version", "2012-10-17")
        .set("Statement", guarded_list(statements, None, head))
        .build()
}

/// The usage plan with its key, as `Auth.UsagePlan` asks for.
pub(crate) fn usage_plan(
    expansion: &mut Expansion<'_, '_, '_>,
    auth: &Fact,
    stage_id: &str,
    implied: &mut Implied<'_>,
) {
    let plan = auth.field("UsagePlan").into_owned();
    let head = place_of(auth, "UsagePlan", implied.by.head);
    for (guard, case) in present(&plan) {
        let wanted = case.field("CreateUsagePlan").into_owned();
        let prefix = match wanted.as_text() {
            Some("PER_API") => implied.by.logical_id.to_string(),
            Some("SHARED") => "Serverless".to_owned(),
            _ => continue,
        };
        let api = expansion.stack.reference(&implied.by.logical_id, "", head);
        let stage = expansion.stack.reference(stage_id, "", head);
        let of_stage = |api_key: &str, stage_key: &str| {
            let one = Properties::at(head)
                .set(api_key, api.clone())
                .set(stage_key, stage.clone());
            list([one.build()], head)
        };
        let ids = ["UsagePlan", "ApiKey", "UsagePlanKey"].map(|name| format!("{prefix}{name}"));
        let [plan_id, key_id, join_id] = &ids;
        let key = expansion.stack.reference(key_id, "", head);
        let own = expansion.stack.reference(plan_id, "", head);
        let made = [
            (
                plan_id,
                "usage-plan",
                "AWS::ApiGateway::UsagePlan",
                Properties::at(head)
                    .set("ApiStages", of_stage("ApiId", "Stage"))
                    .copy_all(
                        &case,
                        &["Description", "Quota", "Throttle", "UsagePlanName"],
                    ),
            ),
            (
                key_id,
                "api-key",
                "AWS::ApiGateway::ApiKey",
                Properties::at(head)
                    .bool("Enabled", true)
                    .set("StageKeys", of_stage("RestApiId", "StageName")),
            ),
            (
                join_id,
                "usage-plan-key",
                "AWS::ApiGateway::UsagePlanKey",
                Properties::at(head)
                    .set("KeyId", key)
                    .text("KeyType", "API_KEY")
                    .set("UsagePlanId", own),
            ),
        ];
        for (logical_id, sub, kind, properties) in made {
            let new = New {
                logical_id,
                sub,
                kind,
                head,
            };
            implied.add(expansion.stack, new, &guard, properties.build());
        }
    }
}

/// `EndpointConfiguration` under the names of `AWS::ApiGateway::RestApi`.
pub(crate) fn endpoint_configuration(written: &Fact, head: Span) -> Fact {
    written.map(|case| {
        let span = case.head(head);
        if let Some(kind) = case.as_text() {
            let types = Properties::at(span).set("Types", texts([kind], span));
            return types.build();
        }
        if case.as_map().is_none() {
            return case.clone();
        }
        let kinds = or_else(&case.field("Types"), &as_list(&case.field("Type")));
        let endpoints = or_else(&case.field("VPCEndpointIds"), &case.field("VpcEndpointIds"));
        Properties::at(span)
            .set("Types", kinds)
            .set("VpcEndpointIds", endpoints)
            .copy(case, "IpAddressType")
            .build()
    })
}
