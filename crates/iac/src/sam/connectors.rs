//! Connectors, written as resources or embedded in their source: what they let the
//! source do with the destination.

use std::sync::Arc;

use underbelly_expression::{Fact, Guard};
use underbelly_model::{Connector, TemplateStatement};
use underbelly_source::{Diagnostic, Span};

use super::Expansion;
use super::policies::filled;
use crate::draft::Draft;
use crate::graph::Origin;
use crate::implied::{Implied, New};
use crate::make::{Properties, list, or_else, splice};

/// A resource at one end of a connector.
#[derive(Clone, Debug)]
struct End {
    /// Its CloudFormation type.
    kind: Arc<str>,
    /// Its logical id; empty where it is given by ARN.
    logical_id: Arc<str>,
    /// What is written for it.
    written: Fact,
    /// Its role, as a reference or name.
    role: Fact,
}

/// What one connector joins.
struct Join<'j> {
    name: &'j str,
    source: End,
    destination: End,
    guard: Guard,
    head: Span,
}

/// Expands the connectors written as resources and those embedded in others.
/// Everything else is expanded before, so that roles are known.
pub(crate) fn expand(expansion: &mut Expansion<'_, '_, '_>, drafts: &[Draft]) -> Vec<Vec<Draft>> {
    let mut made = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let mut implied = Implied::by(draft);
        if &*draft.kind == "AWS::Serverless::Connector" {
            let source = draft.properties.field("Source").into_owned();
            let name = draft.logical_id.to_string();
            let properties = draft.properties.clone();
            connect(
                expansion,
                drafts,
                &name,
                draft.head,
                &source,
                &properties,
                &mut implied,
            );
            give_to_source(drafts, &source, &mut implied.made);
        }
        let embedded = draft.attributes.field("Connectors").into_owned();
        let (entries, _) = embedded.entries();
        for (guard, entry) in entries {
            let source = Properties::at(entry.key_span).text("Id", &draft.logical_id);
            let reference = entry
                .fact
                .field("Properties")
                .field("SourceReference")
                .into_owned();
            let (more, _) = reference.entries();
            let source = more.into_iter().fold(source, |source, (_, entry)| {
                source.put(&entry.key, entry.key_span, entry.fact.clone())
            });
            let name = format!("{}{}", draft.logical_id, entry.key);
            let properties = entry.fact.field("Properties").into_owned();
            let mut own = Implied::by(draft);
            connect(
                expansion,
                drafts,
                &name,
                entry.key_span,
                &source.build(),
                &properties,
                &mut own,
            );
            for mut draft in own.made {
                if let Some(guard) = draft.guard.and(&guard) {
                    draft.guard = guard;
                    implied.made.push(draft);
                }
            }
        }
        made.push(implied.made);
    }
    made
}

/// A connector stands for nothing itself, so what comes of it belongs to its source.
fn give_to_source(drafts: &[Draft], source: &Fact, made: &mut [Draft]) {
    let id = source.field("Id").into_owned();
    let found = drafts
        .iter()
        .find(|draft| id.as_text() == Some(&*draft.logical_id));
    for draft in made {
        draft.origin = match found {
            Some(source) => Origin::Implied {
                by: source.id,
                sub: draft.logical_id.clone(),
            },
            None => Origin::Written,
        };
    }
}

fn connect(
    expansion: &mut Expansion<'_, '_, '_>,
    drafts: &[Draft],
    name: &str,
    head: Span,
    source: &Fact,
    properties: &Fact,
    implied: &mut Implied<'_>,
) {
    let destinations = properties.field("Destination").into_owned();
    let (destinations, _) = destinations.items();
    if destinations.is_empty() {
        expansion.stack.report(
            Diagnostic::warning(
                "sam-missing-property",
                format!("the connector `{name}` names no `Destination`"),
            )
            .at(properties.head(head))
            .note("what it grants is not modelled"),
        );
    }
    let many = destinations.len() > 1;
    for (index, (guard, destination)) in destinations.into_iter().enumerate() {
        let source = end_of(expansion, drafts, name, (source, "source"), head);
        let destination = end_of(expansion, drafts, name, (destination, "destination"), head);
        let (Some(source), Some(destination)) = (source, destination) else {
            continue;
        };
        let name = match many {
            true => format!("{name}Destination{index}"),
            false => name.to_owned(),
        };
        let join = Join {
            name: &name,
            source,
            destination,
            guard,
            head,
        };
        let permissions = properties.field("Permissions").into_owned();
        join_up(expansion, &join, &permissions, implied);
    }
}

/// The resource at an end: by logical id, or by type and ARN.
fn end_of(
    expansion: &mut Expansion<'_, '_, '_>,
    drafts: &[Draft],
    connector: &str,
    (written, end): (&Fact, &str),
    head: Span,
) -> Option<End> {
    let id = written.field("Id").into_owned();
    if let Some(name) = id.as_text() {
        let Some(draft) = drafts.iter().find(|draft| &*draft.logical_id == name) else {
            expansion.stack.report(
                Diagnostic::warning(
                    "sam-unknown-resource",
                    format!(
                        "the connector `{connector}` names `{name}`, which is not in this template"
                    ),
                )
                .at(id.head(head)),
            );
            return None;
        };
        return Some(End {
            kind: draft.kind.clone(),
            logical_id: draft.logical_id.clone(),
            written: written.clone(),
            role: role_of(draft),
        });
    }
    let kind = written.field("Type").into_owned();
    let Some(kind) = kind.as_text() else {
        expansion.stack.report(
            Diagnostic::warning(
                "sam-missing-property",
                format!("the {end} of the connector `{connector}` says neither `Id` nor `Type`"),
            )
            .at(written.head(head))
            .note("what it grants is not modelled"),
        );
        return None;
    };
    Some(End {
        kind: as_cloudformation(kind).into(),
        logical_id: "".into(),
        written: written.clone(),
        role: written.field("RoleName").into_owned(),
    })
}

/// The role a resource acts with, as it refers to it itself.
fn role_of(draft: &Draft) -> Fact {
    let names = ["Role", "RoleArn", "ServiceRoleArn"];
    let found = names
        .iter()
        .map(|name| draft.properties.field(name).into_owned());
    let first = found
        .into_iter()
        .find(|role| !role.is_absent())
        .unwrap_or(Fact::absent(Some(draft.head)));
    if !first.is_absent() {
        return first;
    }
    let targets = draft.properties.field("Targets").into_owned();
    let (items, _) = targets.items();
    let role = items
        .iter()
        .map(|(_, target)| target.field("RoleArn").into_owned());
    role.into_iter()
        .find(|role| !role.is_absent())
        .unwrap_or(first)
}

/// The CloudFormation type that a serverless one becomes.
fn as_cloudformation(kind: &str) -> &str {
    match kind {
        "AWS::Serverless::Function" => "AWS::Lambda::Function",
        "AWS::Serverless::Api" => "AWS::ApiGateway::RestApi",
        "AWS::Serverless::HttpApi" => "AWS::ApiGatewayV2::Api",
        "AWS::Serverless::SimpleTable" => "AWS::DynamoDB::Table",
        "AWS::Serverless::StateMachine" => "AWS::StepFunctions::StateMachine",
        "AWS::Serverless::GraphQLApi" => "AWS::AppSync::GraphQLApi",
        other => other,
    }
}

fn join_up(
    expansion: &mut Expansion<'_, '_, '_>,
    join: &Join<'_>,
    permissions: &Fact,
    implied: &mut Implied<'_>,
) {
    let knowledge = expansion.knowledge;
    let profile = knowledge
        .connectors
        .get(&*join.source.kind)
        .and_then(|targets| targets.get(&*join.destination.kind));
    let Some(profile) = profile else {
        expansion.stack.report(
            Diagnostic::warning(
                "sam-unknown-connector",
                format!(
                    "there is no connector from `{}` to `{}`",
                    join.source.kind, join.destination.kind
                ),
            )
            .at(join.head)
            .note("what it grants is not modelled"),
        );
        return;
    };
    let (permissions, _) = permissions.items();
    let mut statements = Vec::new();
    for (guard, permission) in permissions {
        let (word, chosen) = match permission.as_text() {
            Some("Read") => ("Read", &profile.read),
            Some("Write") => ("Write", &profile.write),
            _ => {
                expansion.stack.report(
                    Diagnostic::warning(
                        "sam-wrong-type",
                        format!(
                            "a permission of the connector `{}` is neither `Read` nor `Write`",
                            join.name
                        ),
                    )
                    .at(permission.head(join.head)),
                );
                continue;
            }
        };
        let Some(guard) = guard.and(&join.guard) else {
            continue;
        };
        let span = permission.head(join.head);
        for statement in chosen {
            statements.push((guard.clone(), word, statement, span));
        }
    }
    let values = values_of(expansion, join);
    let given: Vec<(&str, &Fact)> = values.iter().map(|(name, fact)| (*name, fact)).collect();
    place(expansion, join, profile, &statements, &given, implied);
}

/// What `${Source.Arn}` and its like stand for.
fn values_of(expansion: &mut Expansion<'_, '_, '_>, join: &Join<'_>) -> Vec<(&'static str, Fact)> {
    let mut of = |end: &End, attribute: &str| attribute_of(expansion, end, attribute, join.head);
    vec![
        ("Source.Arn", of(&join.source, "Arn")),
        ("Source.Id", of(&join.source, "ResourceId")),
        ("Source.Qualifier", of(&join.source, "Qualifier")),
        ("Destination.Arn", of(&join.destination, "Arn")),
        ("Destination.Name", of(&join.destination, "Name")),
        ("Destination.Id", of(&join.destination, "ResourceId")),
    ]
}

fn attribute_of(
    expansion: &mut Expansion<'_, '_, '_>,
    end: &End,
    attribute: &str,
    head: Span,
) -> Fact {
    let written = end.written.field(attribute).into_owned();
    if !written.is_absent() || end.logical_id.is_empty() {
        return written;
    }
    if attribute == "Qualifier" {
        return Fact::text("*", head);
    }
    let by_reference = match attribute {
        // A plain reference to these is their ARN.
        "Arn" => matches!(
            &*end.kind,
            "AWS::SNS::Topic" | "AWS::StepFunctions::StateMachine" | "AWS::AppSync::GraphQLApi"
        ),
        "ResourceId" => &*end.kind != "AWS::AppSync::GraphQLApi",
        _ => false,
    };
    let name = match attribute {
        _ if by_reference => "",
        "ResourceId" => "ApiId",
        other => other,
    };
    expansion.stack.reference(&end.logical_id, name, head)
}

type Granted<'g> = (Guard, &'static str, &'g TemplateStatement, Span);

/// Puts the statements where they belong: on a role, or on the destination's policy.
fn place(
    expansion: &mut Expansion<'_, '_, '_>,
    join: &Join<'_>,
    profile: &Connector,
    statements: &[Granted<'_>],
    values: &[(&str, &Fact)],
    implied: &mut Implied<'_>,
) {
    if statements.is_empty() {
        return;
    }
    let principal = profile.principal.as_deref();
    let url = expansion
        .stack
        .reference(&join.destination.logical_id, "", join.head);
    let (suffix, kind, properties) = match (principal, &*join.destination.kind) {
        (Some(service), "AWS::Lambda::Function") => {
            permit(expansion, join, service, statements, values, implied);
            return;
        }
        (Some(_), "AWS::SQS::Queue") => (
            "QueuePolicy",
            "AWS::SQS::QueuePolicy",
            Properties::at(join.head).set("Queues", list([url], join.head)),
        ),
        (Some(_), "AWS::SNS::Topic") => (
            "TopicPolicy",
            "AWS::SNS::TopicPolicy",
            Properties::at(join.head).set("Topics", list([url], join.head)),
        ),
        _ => {
            let role = match profile.on_destination {
                true => &join.destination.role,
                false => &join.source.role,
            };
            (
                "Policy",
                "AWS::IAM::ManagedPolicy",
                Properties::at(join.head).set("Roles", list([role_name(role)], join.head)),
            )
        }
    };
    let principal = match kind {
        "AWS::IAM::ManagedPolicy" => None,
        _ => principal,
    };
    let statements = statements
        .iter()
        .map(|(guard, _, statement, span)| {
            (guard.clone(), filled(statement, values, principal, *span))
        })
        .collect();
    let document = super::auth::policy_document(statements, join.head);
    let logical_id = format!("{}{suffix}", join.name);
    let new = New {
        logical_id: &logical_id,
        sub: &logical_id,
        kind,
        head: join.head,
    };
    let properties = properties.set("PolicyDocument", document).build();
    implied.add(expansion.stack, new, &Guard::always(), properties);
}

/// A reference to a role by name, where there is one to its ARN.
fn role_name(role: &Fact) -> Fact {
    role.map(|case| {
        let Some(hole) = case.as_pattern().and_then(|text| text.only_hole()) else {
            return case.clone();
        };
        let mut hole = hole.clone();
        if let underbelly_expression::Cause::Resource { attribute, .. } = &mut hole.cause
            && &**attribute == "Arn"
        {
            *attribute = "".into();
            let label = hole.label.strip_suffix(".Arn").unwrap_or(&hole.label);
            hole.label = label.into();
        }
        let span = hole.span;
        Fact::text(underbelly_expression::Text::hole(hole), span)
    })
}

/// Lets a service call the destination function on behalf of the source.
fn permit(
    expansion: &mut Expansion<'_, '_, '_>,
    join: &Join<'_>,
    service: &str,
    statements: &[Granted<'_>],
    values: &[(&str, &Fact)],
    implied: &mut Implied<'_>,
) {
    let head = join.head;
    let function = attribute_of(expansion, &join.destination, "Arn", head);
    for (guard, word, statement, span) in statements {
        let narrowed = |wanted: &str| {
            let condition = statement.conditions.iter();
            let mut found = condition.filter(|(_, key, _)| key.eq_ignore_ascii_case(wanted));
            let value = found.next().and_then(|(_, _, values)| values.first());
            match value {
                Some(value) => splice(value, values, *span),
                None => Fact::absent(Some(*span)),
            }
        };
        let source = or_else(
            &narrowed("aws:SourceArn"),
            &splice("${Source.Arn}", values, *span),
        );
        let action = statement.actions.first();
        let properties = Properties::at(*span)
            .text(
                "Action",
                action.map_or("lambda:InvokeFunction", String::as_str),
            )
            .set("FunctionName", function.clone())
            .text("Principal", service)
            .set("SourceArn", source)
            .set("SourceAccount", narrowed("aws:SourceAccount"));
        let logical_id = format!("{}{word}LambdaPermission", join.name);
        let new = New {
            logical_id: &logical_id,
            sub: &logical_id,
            kind: "AWS::Lambda::Permission",
            head,
        };
        implied.add(expansion.stack, new, guard, properties.build());
    }
}
