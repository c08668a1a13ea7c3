//! What answers a route: a function, a service called directly, an HTTP address,
//! a fixed answer or something in a private network.

use underbelly_expression::{Fact, Reason, Text, Value};
use underbelly_iac::ResourceId;
use underbelly_source::Span;

use crate::address;
use crate::derived::{at_host, bool_like, by_default, like, unresolved, word};
use crate::draft::{Draft, Target};
use crate::services::{Service, mentions, texts_in};

/// What answers a route.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    /// The sort of thing.
    pub(crate) integration: Fact,
    /// The component.
    pub(crate) target: Fact,
    /// Whether a direct call is fixed but for escaped values.
    pub(crate) template_fixed: Fact,
}

impl Answers {
    /// Nobody can tell, because `from` leads nowhere.
    pub(crate) fn unknown(from: &Fact, head: Span) -> Self {
        let reason = match from {
            Fact::Unknown(unknown) => unknown.reason.clone(),
            Fact::Known(_) | Fact::OneOf(_) | Fact::Absent(_) => {
                Reason::Unsupported("a route without integration".into())
            }
        };
        let unknown = Fact::unknown(reason, Some(from.head(head)));
        Self {
            integration: unknown.clone(),
            target: unknown.clone(),
            template_fixed: unknown,
        }
    }

    fn of(integration: Fact, target: Fact, template_fixed: Fact) -> Self {
        Self {
            integration,
            target,
            template_fixed,
        }
    }
}

/// Chooses by cases of the integration as a whole.
fn by_cases(integration: &Fact, mut of: impl FnMut(&Fact) -> Answers) -> Answers {
    let found: Vec<_> = integration.cases().map(|(g, c)| (g, of(c))).collect();
    let pick = |field: fn(&Answers) -> &Fact| {
        let facts = found
            .iter()
            .map(|(guard, a)| (guard.clone(), field(a).clone()));
        Fact::one_of(facts.collect::<Vec<_>>())
    };
    Answers {
        integration: pick(|a| &a.integration),
        target: pick(|a| &a.target),
        template_fixed: pick(|a| &a.template_fixed),
    }
}

/// What answers a method, from its `Integration`.
pub(crate) fn of_method(
    draft: &mut Draft<'_>,
    integration: &Fact,
    near: ResourceId,
    head: Span,
) -> Answers {
    by_cases(integration, |case| match case {
        Fact::Known(_) => {
            let names = Names {
                kind: "Type",
                uri: "Uri",
            };
            of_case(draft, case, &names, near, head)
        }
        Fact::Unknown(_) | Fact::Absent(_) | Fact::OneOf(_) => Answers::unknown(case, head),
    })
}

/// What answers a route, from the properties of its integration.
pub(crate) fn of_http(
    draft: &mut Draft<'_>,
    properties: &Fact,
    near: ResourceId,
    head: Span,
) -> Answers {
    by_cases(properties, |case| {
        let subtype = case.field("IntegrationSubtype").into_owned();
        if !subtype.is_absent() {
            return of_subtype(draft, case, &subtype, near, head);
        }
        let names = Names {
            kind: "IntegrationType",
            uri: "IntegrationUri",
        };
        of_case(draft, case, &names, near, head)
    })
}

/// What answers where only an address is given.
pub(crate) fn of_uri(draft: &mut Draft<'_>, uri: &Fact, near: ResourceId, head: Span) -> Answers {
    let http = uri
        .as_pattern()
        .is_some_and(|t| t.prefix().starts_with("http"));
    let fixed = word_yes(head);
    match http {
        true => Answers::of(word(uri, "http"), at_host(draft, uri, near, head), fixed),
        false => Answers::of(
            word(uri, "function"),
            draft.reference(uri, &["function"], near),
            fixed,
        ),
    }
}

struct Names {
    kind: &'static str,
    uri: &'static str,
}

fn of_case(
    draft: &mut Draft<'_>,
    case: &Fact,
    names: &Names,
    near: ResourceId,
    head: Span,
) -> Answers {
    let kind = case.field(names.kind).into_owned();
    let uri = case.field(names.uri).into_owned();
    let private = case.field("ConnectionType").as_text() == Some("VPC_LINK");
    let written = kind.as_text().map(str::to_ascii_uppercase);
    let fixed = word_yes(kind.head(head));
    match written.as_deref() {
        Some("MOCK") => {
            let nothing = Fact::absent(kind.span());
            Answers::of(word(&kind, "mock"), nothing, fixed)
        }
        Some("HTTP" | "HTTP_PROXY") => {
            let sort = if private { "private" } else { "http" };
            let target = at_host(draft, &uri, near, head);
            Answers::of(word(&kind, sort), target, fixed)
        }
        Some("AWS" | "AWS_PROXY") => match direct_call(&uri) {
            Some(call) if call.service != "lambda" => {
                let named = like(&uri, Value::Text(call.rest.clone()));
                let target = service_target(draft, &call, (case, &named), near, head);
                let fixed = is_fixed(&call, case, head);
                Answers::of(word(&kind, "service"), target, fixed)
            }
            Some(_) | None => {
                let target = draft.reference(&uri, &["function"], near);
                Answers::of(word(&kind, "function"), target, fixed)
            }
        },
        Some(_) | None => {
            let target = draft.reference(&uri, &["function"], near);
            let is_function = |target: &Fact| {
                let subject = target.as_known().map(|known| known.value.clone());
                matches!(subject, Some(Value::Subject(s)) if draft.kind_of(s) == "function")
            };
            match is_function(&target) {
                true => Answers::of(word(&uri, "function"), target, fixed),
                false => Answers::of(unresolved_or_same(&kind, head), target, fixed),
            }
        }
    }
}

fn unresolved_or_same(fact: &Fact, head: Span) -> Fact {
    match fact {
        Fact::Known(_) => unresolved(fact),
        Fact::Unknown(_) | Fact::OneOf(_) => fact.clone(),
        Fact::Absent(_) => Fact::unknown(
            Reason::Unsupported("an integration without type".into()),
            Some(fact.head(head)),
        ),
    }
}

fn word_yes(head: Span) -> Fact {
    by_default(Value::Bool(true), head, "no template decides a direct call")
}

/// A service called directly: `…:apigateway:region:sqs:path/…`.
#[derive(Clone, Debug)]
struct DirectCall {
    service: String,
    rest: Text,
}

fn direct_call(uri: &Fact) -> Option<DirectCall> {
    let text = uri.as_pattern()?;
    let fields = address::split(text, ':', 6);
    let [arn, _, gateway, _, service, rest] = fields.as_slice() else {
        return None;
    };
    if arn.known() != Some("arn") || gateway.known() != Some("apigateway") {
        return None;
    }
    // A subdomain may stand before the service: `bucket.s3`.
    let service = service.suffix().rsplit('.').next()?.to_ascii_lowercase();
    Some(DirectCall {
        service,
        rest: rest.clone(),
    })
}

/// What a direct call works on: named in its path, its parameters or its
/// template; at last any component of the right kind that they refer to.
fn service_target(
    draft: &mut Draft<'_>,
    call: &DirectCall,
    (integration, uri): (&Fact, &Fact),
    near: ResourceId,
    head: Span,
) -> Fact {
    let Some(service) = Service::of(&call.service) else {
        let name = format!("{}.amazonaws.com", call.service);
        let outside = draft.outside("external", &name, head);
        return like(uri, Value::Subject(outside));
    };
    let mut candidates: Vec<Text> = Vec::new();
    if let Some(path) = address::without_prefix(&call.rest, "path/") {
        let segments = address::split(&path, '/', 3);
        let named = match (&*call.service, segments.as_slice()) {
            ("sqs", [_, queue, ..]) => Some(queue),
            ("s3", [bucket, ..]) => Some(bucket),
            _ => None,
        };
        let by_caller = |text: &Text| text.prefix().starts_with('{');
        candidates.extend(named.filter(|text| !by_caller(text)).cloned());
    }
    let templates = integration.field("RequestTemplates").into_owned();
    let parameters = integration.field("RequestParameters").into_owned();
    let texts: Vec<Text> = [&templates, &parameters]
        .iter()
        .flat_map(|fact| texts_in(fact))
        .collect();
    for text in &texts {
        candidates.extend(service.names_in_text(text));
    }
    for candidate in candidates {
        let named = like(uri, Value::Text(candidate));
        let fact = draft.reference(&named, &[service.kind], near);
        if matches!(fact, Fact::Known(_)) {
            return fact;
        }
    }
    referred_of_kind(draft, service.kind, &texts, near).map_or_else(
        || Fact::absent(Some(head)),
        |subject| like(uri, Value::Subject(subject)),
    )
}

/// The one component of a kind that these texts refer to.
fn referred_of_kind(
    draft: &Draft<'_>,
    kind: &str,
    texts: &[Text],
    near: ResourceId,
) -> Option<underbelly_expression::SubjectId> {
    let holes = texts.iter().flat_map(|text| text.holes());
    let mut found = holes.flat_map(|hole| {
        let alone = Fact::text(Text::hole(hole.clone()), hole.span);
        draft.targets(&alone, near)
    });
    found.find_map(|(_, target)| match target {
        Target::Component(subject) if draft.kind_of(subject) == kind => Some(subject),
        Target::Component(_) | Target::Resource(_) | Target::Outside(_) | Target::Unknown(_) => {
            None
        }
    })
}

/// Whether the action stands fast and everything from the request is escaped.
fn is_fixed(call: &DirectCall, integration: &Fact, head: Span) -> Fact {
    let templates = integration.field("RequestTemplates").into_owned();
    if let Fact::Unknown(_) = templates {
        return templates;
    }
    let texts = texts_in(&templates);
    let action =
        call.rest.prefix().starts_with("action/") || call.rest.prefix().starts_with("path/");
    if texts.is_empty() {
        // Without a template the caller's own body is passed on.
        let never = integration.field("PassthroughBehavior").as_text() == Some("NEVER");
        let parameters = integration.field("RequestParameters");
        let named = action && texts_in(&parameters).iter().any(|t| mentions(t, "'"));
        let note = "without a template the request's body is passed on as it is";
        return by_default(Value::Bool(never && named), head, note);
    }
    if let Some(text) = texts.iter().find(|text| text.only_hole().is_some()) {
        return unresolved(&Fact::text(text.clone(), templates.head(head)));
    }
    if texts
        .iter()
        .any(|text| mentions(text, "#set") && mentions(text, "$input."))
    {
        let reason = Reason::Unsupported("a mapping template with variables".into());
        return Fact::unknown(reason, templates.span());
    }
    let raw = texts.iter().any(takes_raw);
    bool_like(&templates, action && !raw)
}

/// Whether a mapping template takes something from the request without escaping it.
fn takes_raw(template: &Text) -> bool {
    const ESCAPES: [&str; 3] = [
        "$util.escapeJavaScript(",
        "$util.urlEncode(",
        "$util.base64Encode(",
    ];
    let whole = template.to_string();
    // Whole values as JSON keep their quotes, but not in a form's fields.
    let form = whole.contains("Action=");
    let mut rest = whole.as_str();
    while let Some((before, after)) = rest.split_once("$input.") {
        let before = before.trim_end();
        let escaped = ESCAPES.iter().any(|escape| before.ends_with(escape));
        let json = !form && after.starts_with("json(");
        if !escaped && !json {
            return true;
        }
        rest = after;
    }
    false
}

/// A service called through a named subtype: `SQS-SendMessage`.
fn of_subtype(
    draft: &mut Draft<'_>,
    case: &Fact,
    subtype: &Fact,
    near: ResourceId,
    head: Span,
) -> Answers {
    let name = subtype.as_text().unwrap_or_default();
    let service = match name.split_once('-').map(|(service, _)| service) {
        Some("StepFunctions") => Service::of("states"),
        Some(service) => Service::of(service),
        None => None,
    };
    let parameters = case.field("RequestParameters").into_owned();
    let named = service.and_then(|service| service.names_in(&parameters));
    let by_caller = named.as_ref().is_some_and(from_request);
    let target = match (service, named) {
        (Some(service), Some(named)) if !by_caller => {
            draft.reference(&named, &[service.kind], near)
        }
        (Some(service), _) if service.kind == "event-bus" && !by_caller => {
            let bus = draft.default_bus(head);
            like(subtype, Value::Subject(bus))
        }
        _ => Fact::absent(Some(head)),
    };
    // Values are passed one by one, so nothing needs escaping.
    let fixed = bool_like(subtype, !by_caller);
    Answers::of(word(subtype, "service"), target, fixed)
}

fn from_request(fact: &Fact) -> bool {
    let text = fact.as_pattern().map(Text::prefix).unwrap_or_default();
    text.starts_with("$request.") || text.starts_with("${request.")
}
