//! Roles that functions and state machines get when none is given: the trust, the
//! managed policies and the inline ones, from every form of `Policies`.

use underbelly_expression::{Fact, Guard, Reason, Unknown, Value};
use underbelly_model::{SamKnowledge, TemplateStatement};
use underbelly_source::{Diagnostic, Place, Span};

use crate::draft::{Draft, StackDraft};
use crate::implied::{Implied, New};
use crate::make::{Properties, guarded_list, list, splice, texts};

/// What a role to be grants.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    managed: Vec<(Guard, Fact)>,
    inline: Vec<(Guard, Fact)>,
    rest: Option<Unknown>,
}

impl Grants {
    /// Adds an AWS-managed policy, given with the path before its name.
    pub(crate) fn manage(&mut self, guard: &Guard, policy: &str, span: Span) {
        let arn = format!("arn:aws:iam::aws:policy/{policy}");
        let is_same = |(known, fact): &(Guard, Fact)| {
            known.is_always() && fact.as_text() == Some(arn.as_str())
        };
        if !self.managed.iter().any(is_same) {
            let fact = Fact::text(arn.as_str(), span);
            self.managed.push((guard.clone(), fact));
        }
    }

    /// Adds an inline policy of these statements.
    pub(crate) fn allow(&mut self, guard: &Guard, name: &str, statements: Vec<Fact>, span: Span) {
        let document = Properties::at(span)
            .text("Version", "2012-10-17")
            .set("Statement", list(statements, span));
        self.add_document(guard, name, document.build(), span);
    }

    fn add_document(&mut self, guard: &Guard, name: &str, document: Fact, span: Span) {
        let policy = Properties::at(span)
            .text("PolicyName", name)
            .set("PolicyDocument", document);
        self.inline.push((guard.clone(), policy.build()));
    }

    /// Adds what a `Policies` property grants, in any of its forms. `prefix` is the
    /// role's logical id, from which inline policies get their names.
    pub(crate) fn read(
        &mut self,
        stack: &mut StackDraft<'_, '_>,
        knowledge: &SamKnowledge,
        policies: &Fact,
        prefix: &str,
        head: Span,
    ) {
        let (items, rest) = policies.items();
        self.rest = self.rest.take().or_else(|| rest.cloned());
        for (index, (guard, item)) in items.into_iter().enumerate() {
            let span = item.head(head);
            let name = format!("{prefix}Policy{index}");
            match item {
                Fact::Unknown(unknown) => {
                    self.rest = self.rest.take().or_else(|| Some(unknown.clone()));
                }
                Fact::Known(known) => match &known.value {
                    Value::Text(_) => self.read_name(knowledge, &guard, item),
                    Value::Map(_) => self.read_map(stack, knowledge, &guard, item, &name, span),
                    Value::Bool(_) | Value::Number(_) | Value::Set(_) | Value::Subject(_) => {
                        let message = "an entry of `Policies` is neither text nor a map";
                        stack.report(
                            Diagnostic::warning("sam-wrong-type", message)
                                .at(span)
                                .help("give a policy's name or ARN, a policy document, or a policy template"),
                        );
                        self.cannot_tell(&guard, &name, message, span);
                    }
                },
                Fact::OneOf(_) | Fact::Absent(_) => {}
            }
        }
    }

    /// A policy by name or ARN, or a reference to one.
    fn read_name(&mut self, knowledge: &SamKnowledge, guard: &Guard, item: &Fact) {
        let name = match item.as_text() {
            Some(name) if !name.starts_with("arn:") && !name.is_empty() => name,
            _ => {
                self.managed.push((guard.clone(), item.clone()));
                return;
            }
        };
        let path = knowledge.managed_policies.get(name);
        let path = path.map_or("", String::as_str);
        let mut policy = item.clone();
        if let Fact::Known(known) = &mut policy {
            let arn = format!("arn:aws:iam::aws:policy/{path}{name}");
            known.value = Value::Text(arn.as_str().into());
        }
        // What is written is the better place for what would be granted anyway.
        self.managed
            .retain(|(when, same)| !(when == guard && same.as_text() == policy.as_text()));
        self.managed.push((guard.clone(), policy));
    }

    /// A policy document, or a policy template.
    fn read_map(
        &mut self,
        stack: &mut StackDraft<'_, '_>,
        knowledge: &SamKnowledge,
        guard: &Guard,
        item: &Fact,
        name: &str,
        span: Span,
    ) {
        if !item.field("Statement").is_absent() {
            self.add_document(guard, name, item.clone(), span);
            return;
        }
        let document = item.field("PolicyDocument").into_owned();
        if !document.is_absent() {
            self.add_document(guard, name, document, span);
            return;
        }
        let (entries, _) = item.entries();
        if entries.is_empty() {
            let message = "an entry of `Policies` has no statements";
            let diagnostic = Diagnostic::warning("sam-missing-property", message);
            stack.report(
                diagnostic
                    .at(span)
                    .note("what it grants is taken as unknown"),
            );
            self.cannot_tell(guard, name, "a policy without statements", span);
        }
        for (_, entry) in entries {
            let at = entry.key_span;
            let Some(template) = knowledge.policy_templates.get(&*entry.key) else {
                let message = format!("`{}` is not a policy template we know", entry.key);
                stack.report(
                    Diagnostic::warning("sam-unknown-policy-template", message.clone())
                        .at(at)
                        .note("what it grants is taken as unknown")
                        .help("check its spelling against the list of SAM policy templates"),
                );
                self.cannot_tell(guard, name, &message, at);
                continue;
            };
            for parameter in &template.parameters {
                if entry.fact.field(parameter).is_absent() {
                    stack.report(
                        Diagnostic::warning(
                            "sam-missing-property",
                            format!("`{}` needs the parameter `{parameter}`", entry.key),
                        )
                        .at(at),
                    );
                }
            }
            let statements = template
                .statements
                .iter()
                .map(|statement| statement_of(statement, &template.parameters, &entry.fact, at))
                .collect();
            self.allow(guard, name, statements, at);
        }
    }

    /// Adds a policy of which nobody knows what it grants.
    fn cannot_tell(&mut self, guard: &Guard, name: &str, why: &str, span: Span) {
        let document = Fact::unknown(Reason::Unsupported(why.into()), Some(span));
        self.add_document(guard, name, document, span);
    }
}

/// A statement of the library as a policy statement, its parameters filled in.
fn statement_of(
    statement: &TemplateStatement,
    parameters: &[String],
    values: &Fact,
    span: Span,
) -> Fact {
    let facts: Vec<(&str, Fact)> = parameters
        .iter()
        .map(|name| (name.as_str(), values.field(name).into_owned()))
        .collect();
    let given: Vec<(&str, &Fact)> = facts.iter().map(|(name, fact)| (*name, fact)).collect();
    filled(statement, &given, None, span)
}

/// A statement of the library with its `${…}` filled in, and a principal where it
/// stands in the policy of a resource.
pub(crate) fn filled(
    statement: &TemplateStatement,
    values: &[(&str, &Fact)],
    principal: Option<&str>,
    span: Span,
) -> Fact {
    let resources = statement.resources.iter();
    let resources = resources.map(|resource| splice(resource, values, span));
    let mut conditions = Properties::at(span);
    for (operator, key, expected) in &statement.conditions {
        let expected = expected.iter().map(|value| splice(value, values, span));
        let keys = Properties::at(span).set(key, list(expected, span));
        conditions = conditions.set(operator, keys.build());
    }
    let mut made = Properties::at(span)
        .text("Effect", "Allow")
        .set(
            "Action",
            texts(statement.actions.iter().map(String::as_str), span),
        )
        .set("Resource", list(resources, span))
        .set("Condition", conditions.build_unless_empty());
    if let Some(service) = principal {
        made = made.set(
            "Principal",
            Properties::at(span).text("Service", service).build(),
        );
    }
    made.build()
}

/// An allowing statement.
pub(crate) fn allow(actions: &[&str], resources: Vec<Fact>, span: Span) -> Fact {
    Properties::at(span)
        .text("Effect", "Allow")
        .set("Action", texts(actions.iter().copied(), span))
        .set("Resource", list(resources, span))
        .build()
}

/// A trust policy that lets a service assume the role.
pub(crate) fn trust(service: &str, span: Span) -> Fact {
    let principal = Properties::at(span).set("Service", texts([service], span));
    let statement = Properties::at(span)
        .text("Effect", "Allow")
        .set("Action", texts(["sts:AssumeRole"], span))
        .set("Principal", principal.build());
    Properties::at(span)
        .text("Version", "2012-10-17")
        .set("Statement", list([statement.build()], span))
        .build()
}

/// Adds a role of these grants. `settings` are the properties of what it is for:
/// its own trust policy, path and boundary.
pub(crate) fn add_role(
    stack: &mut StackDraft<'_, '_>,
    implied: &mut Implied<'_>,
    new: New<'_>,
    guard: &Guard,
    service: &str,
    grants: Grants,
    settings: &Fact,
) {
    let span = new.head;
    let own_trust = settings.field("AssumeRolePolicyDocument").into_owned();
    let trust = crate::make::or_else(&own_trust, &trust(service, span));
    let mut properties = Properties::at(span)
        .set("AssumeRolePolicyDocument", trust)
        .rename(settings, "RolePath", "Path")
        .copy(settings, "PermissionsBoundary");
    if !grants.managed.is_empty() || grants.rest.is_some() {
        let rest = grants.rest.clone();
        let managed = guarded_list(grants.managed, rest, span);
        properties = properties.set("ManagedPolicyArns", managed);
    }
    if !grants.inline.is_empty() || grants.rest.is_some() {
        let inline = guarded_list(grants.inline, grants.rest, span);
        properties = properties.set("Policies", inline);
    }
    let new = New {
        kind: "AWS::IAM::Role",
        ..new
    };
    implied.add(stack, new, guard, properties.build());
}

/// Adds a role that a service assumes to act on one thing.
pub(crate) fn add_small_role(
    stack: &mut StackDraft<'_, '_>,
    implied: &mut Implied<'_>,
    new: New<'_>,
    service: &str,
    statements: Vec<(String, Fact)>,
    settings: &Fact,
) {
    let mut grants = Grants::default();
    for (name, statement) in statements {
        grants.allow(&Guard::always(), &name, vec![statement], new.head);
    }
    let boundary = Properties::at(new.head)
        .copy(settings, "PermissionsBoundary")
        .build();
    add_role(
        stack,
        implied,
        new,
        &Guard::always(),
        service,
        grants,
        &boundary,
    );
}

/// The `Role` of what may be given one: as written, else a reference to the implied
/// role. Also the guard under which that is needed, if it is.
pub(crate) fn role_or_implied(
    stack: &mut StackDraft<'_, '_>,
    draft: &Draft,
    role_id: &str,
) -> (Fact, Vec<Guard>) {
    let written = draft.properties.field("Role").into_owned();
    let mut implied = Vec::new();
    let mut cases = Vec::new();
    for (guard, case) in written.cases() {
        if case.is_absent() {
            implied.push(guard.clone());
            cases.push((guard, stack.reference(role_id, "Arn", draft.head)));
        } else {
            cases.push((guard, case.clone()));
        }
    }
    let policies = draft.properties.field("Policies");
    if implied.is_empty() && !policies.is_absent() {
        stack.report(
            Diagnostic::warning(
                "sam-ignored-property",
                format!(
                    "the `Policies` of `{}` are not attached, because it has a `Role` of its own",
                    draft.logical_id
                ),
            )
            .at(policies.head(draft.head))
            .help("attach them to that role, or leave `Role` out"),
        );
    }
    (Fact::one_of(cases), implied)
}

/// A value that holds because nothing is written.
pub(crate) fn by_default(value: &str, head: Span, note: &str) -> Fact {
    let known = Fact::default(
        Value::Text(value.into()),
        underbelly_expression::Basis::ProviderDefault,
        Some(head),
        note,
    );
    debug_assert!(known.span() == Some(Place::missing(head).span));
    known
}
