//! The serverless transform: each `AWS::Serverless::*` resource becomes the
//! CloudFormation resources it stands for, with the logical ids the transform gives
//! them and with the lines that cause them.
//!
//! Order matters in two places: APIs wait for the events that name them, and
//! connectors for the roles of what they join. `AWS::Serverless::Application` is a
//! nested stack and not dealt with here.
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html>

mod api;
mod api_events;
mod auth;
mod connectors;
mod domain;
mod events;
mod function;
mod globals;
mod graphql;
mod policies;
mod rules;
mod shape;
mod sources;
mod state_machine;
mod web_socket;

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, Value};
use underbelly_model::SamKnowledge;
use underbelly_source::{Diagnostic, Span};

use crate::draft::{Draft, StackDraft, empty_map};
use crate::graph::ResourceId;
use crate::implied::{Implied, make_distinct};
use crate::make::{Properties, list, what_it_is, with, with_more};
use crate::routes::Flavour;
use api_events::{DeclaredRoute, HTTP_API, REST_API, api_property, stage_suffix};
use events::Event;

const PREFIX: &str = "AWS::Serverless::";

/// What the expansion of a stack knows while it goes on.
pub(crate) struct Expansion<'e, 's, 'a> {
    stack: &'e mut StackDraft<'s, 'a>,
    knowledge: &'e SamKnowledge,
    /// Routes that events declare, waiting for their API.
    routes: Vec<DeclaredRoute>,
    /// What events add to resources that stand elsewhere in the template.
    additions: BTreeMap<ResourceId, Vec<(Guard, Addition, Span)>>,
    /// The stage of every serverless REST API, as part of logical ids.
    stages: BTreeMap<ResourceId, String>,
}

/// What an event adds to a resource that is not its own.
#[derive(Clone, Debug)]
pub(crate) enum Addition {
    /// To a bucket's `NotificationConfiguration.LambdaConfigurations`.
    Notifications(Vec<(Guard, Fact)>),
    /// To a user pool's `LambdaConfig`.
    Triggers(Vec<(Arc<str>, Fact)>),
}

/// Replaces every serverless draft of a stack by what it stands for.
pub(crate) fn expand(stack: &mut StackDraft<'_, '_>, knowledge: &SamKnowledge) {
    let is_serverless = |draft: &Draft| {
        draft.kind.starts_with(PREFIX) || !draft.attributes.field("Connectors").is_absent()
    };
    if !stack.resources.iter().any(is_serverless) {
        return;
    }
    let mut drafts = std::mem::take(&mut stack.resources);
    let mut expansion = Expansion {
        stack,
        knowledge,
        routes: Vec::new(),
        additions: BTreeMap::new(),
        stages: BTreeMap::new(),
    };
    expansion.merge_globals(&mut drafts);
    let mut drafts = expansion.with_implicit_apis(drafts);
    expansion.note_stages(&drafts);
    let mut implied: Vec<Vec<Draft>> = drafts.iter().map(|_| Vec::new()).collect();
    // APIs come after whatever has events.
    for apis in [false, true] {
        for (draft, made) in drafts.iter_mut().zip(&mut implied) {
            let is_api = matches!(
                &*draft.kind,
                "AWS::Serverless::Api" | "AWS::Serverless::HttpApi"
            );
            if is_api == apis {
                made.extend(expansion.expand_one(draft));
            }
        }
    }
    expansion.make_additions(&mut drafts);
    let connected = connectors::expand(&mut expansion, &drafts);
    expansion.report_lost_routes();
    let mut all = Vec::new();
    for ((draft, made), connected) in drafts.into_iter().zip(implied).zip(connected) {
        if &*draft.kind != "AWS::Serverless::Connector" {
            all.push(draft);
        } else if connected.is_empty() {
            // Nothing came of it: it stays, so that it is not lost.
            all.push(draft);
        }
        all.extend(made);
        all.extend(connected);
    }
    expansion.stack.resources = all;
    make_distinct(stack);
}

impl<'e, 's, 'a> Expansion<'e, 's, 'a> {
    fn merge_globals(&mut self, drafts: &mut [Draft]) {
        let globals = self.stack.globals.clone();
        for draft in drafts {
            let Some(section) = draft.kind.strip_prefix(PREFIX) else {
                continue;
            };
            let of_type = globals.field(section).into_owned();
            let ignored = draft.attributes.field("IgnoreGlobals").into_owned();
            draft.properties = globals::merged(&of_type, &draft.properties, &ignored);
            self.check_shapes(draft);
        }
    }

    /// Reports values of the wrong kind, and properties the type does not have.
    fn check_shapes(&mut self, draft: &Draft) {
        let known = shape::properties_of(&draft.kind);
        if known.is_empty() {
            return;
        }
        if let Fact::Known(properties) = &draft.properties
            && !matches!(properties.value, Value::Map(_))
        {
            let is = what_it_is(&properties.value);
            let message = format!(
                "the properties of `{}` are {is}, not a map",
                draft.logical_id
            );
            let diagnostic = Diagnostic::warning("sam-wrong-type", message);
            self.stack.report(diagnostic.at(draft.head));
        }
        let properties = draft.properties.clone();
        let (entries, _) = properties.entries();
        for (_, entry) in entries {
            let Some((_, shape, _)) = known.iter().find(|(name, _, _)| *name == &*entry.key) else {
                let kind = &draft.kind;
                let message = format!("`{kind}` has no property `{}`", entry.key);
                let diagnostic = Diagnostic::warning("sam-unknown-property", message);
                self.stack.report(diagnostic.at(entry.key_span));
                continue;
            };
            self.check_shape(&entry.key, *shape, &entry.fact, entry.key_span);
        }
    }

    fn check_shape(&mut self, name: &str, shape: shape::Shape, fact: &Fact, span: Span) {
        for (_, case) in fact.cases() {
            if let Fact::Known(known) = case
                && !shape::fits(shape, &known.value)
            {
                let is = what_it_is(&known.value);
                let wanted = shape::in_words(shape);
                let message = format!("`{name}` is {is}, not {wanted}");
                let diagnostic = Diagnostic::warning("sam-wrong-type", message);
                self.stack.report(diagnostic.at(case.head(span)));
            }
        }
    }

    /// The properties that are passed on under their names in the new resource.
    pub(crate) fn passed_on(&self, draft: &Draft) -> Properties {
        let known = shape::properties_of(&draft.kind);
        let mut made = Properties::at(draft.properties.head(draft.head));
        let (entries, _) = draft.properties.entries();
        for (_, entry) in entries {
            let name = match known.iter().find(|(name, _, _)| *name == &*entry.key) {
                Some((_, _, "")) => continue,
                Some((_, _, name)) => name,
                None => &*entry.key,
            };
            made = made.put(name, entry.key_span, entry.fact.clone());
        }
        made
    }

    /// Adds the APIs that events without one of their own belong to, right after
    /// the first resource that has such an event.
    fn with_implicit_apis(&mut self, drafts: Vec<Draft>) -> Vec<Draft> {
        let mut causes: BTreeMap<&'static str, (ResourceId, Span, Guard)> = BTreeMap::new();
        for draft in &drafts {
            if !has_events(draft) {
                continue;
            }
            let events = draft.properties.field("Events").into_owned();
            let (entries, _) = events.entries();
            for (_, entry) in entries {
                let Some(name) = implicit_api_of(&entry.fact) else {
                    continue;
                };
                let cause = (draft.id, entry.key_span, draft.guard.clone());
                let known = causes.entry(name).or_insert(cause);
                // Needed in several worlds: it exists in all.
                if known.2 != draft.guard {
                    known.2 = Guard::always();
                }
            }
        }
        let mut all = Vec::with_capacity(drafts.len().saturating_add(causes.len()));
        for draft in drafts {
            for name in [REST_API, HTTP_API] {
                if *draft.logical_id == *name {
                    causes.remove(name);
                }
            }
            all.push(draft);
        }
        for (name, (by, head, guard)) in causes {
            let Some(at) = all.iter().position(|draft| draft.id == by) else {
                continue;
            };
            let Some(owner) = all.get(at) else { continue };
            let made = self.implicit_api(owner, name, head, guard);
            all.insert(at.saturating_add(1), made);
        }
        all
    }

    fn implicit_api(&mut self, owner: &Draft, name: &str, head: Span, guard: Guard) -> Draft {
        let (section, properties) = match name {
            REST_API => (
                "Api",
                Properties::at(head).text("StageName", "Prod").build(),
            ),
            _ => ("HttpApi", empty_map(head)),
        };
        let globals = self.stack.globals.field(section).into_owned();
        let none = Fact::absent(Some(head));
        let properties = globals::merged(&globals, &properties, &none);
        let id = self.stack.id(name, head);
        let kind = format!("{PREFIX}{section}");
        let mut draft = owner.implies(id, name, "", &kind, properties, head);
        draft.written_as = kind.as_str().into();
        draft.guard = guard;
        draft
    }

    fn note_stages(&mut self, drafts: &[Draft]) {
        for draft in drafts {
            if &*draft.kind == "AWS::Serverless::Api" {
                let stage = draft.properties.field("StageName").into_owned();
                self.stages.insert(draft.id, stage_suffix(&stage));
            }
        }
    }

    /// The stage of an API, as part of the logical id of a permission.
    pub(crate) fn stage_of(&self, api: &Fact) -> String {
        let id = self.referred(api).map(|(id, _)| id);
        let stage = id.and_then(|id| self.stages.get(&id));
        stage.cloned().unwrap_or_else(|| "Stage".to_owned())
    }

    /// The resource a value refers to, where it is nothing but one reference.
    pub(crate) fn referred(&self, fact: &Fact) -> Option<(ResourceId, Arc<str>)> {
        let (id, attribute) = crate::make::referred(fact)?;
        Some((self.stack.names.real(ResourceId(id)), attribute))
    }

    /// An attribute of the resource that a value refers to; the value itself where
    /// it is no plain reference.
    pub(crate) fn attribute_of(&mut self, fact: &Fact, attribute: &str, head: Span) -> Fact {
        fact.map(|case| {
            let Some(hole) = case.as_pattern().and_then(|text| text.only_hole()) else {
                return case.clone();
            };
            match &hole.cause {
                underbelly_expression::Cause::Resource {
                    resource,
                    attribute: plain,
                } if plain.is_empty() => {
                    let id = ResourceId(*resource);
                    let hole = crate::draft::resource_hole(id, &hole.label, attribute, head);
                    Fact::text(underbelly_expression::Text::hole(hole), head)
                }
                _ => case.clone(),
            }
        })
    }

    /// The routes that wait for an API.
    pub(crate) fn take_routes(&mut self, api: ResourceId) -> Vec<DeclaredRoute> {
        let all = std::mem::take(&mut self.routes);
        let (own, others) = all.into_iter().partition(|route| route.api == api);
        self.routes = others;
        own
    }

    /// An event that names something other than a serverless API only gets leave
    /// to call the function; the routes are declared with that API.
    fn report_lost_routes(&mut self) {
        for route in std::mem::take(&mut self.routes) {
            let message =
                "the event's API is not a serverless API of this template, so it adds no route";
            let diagnostic = Diagnostic::note_only("sam-api-elsewhere", message);
            self.stack.report(diagnostic.at(route.head));
        }
    }

    /// Notes what an event adds to a resource it refers to.
    pub(crate) fn add_to(
        &mut self,
        implied: &Implied<'_>,
        event: &Event,
        target: &Fact,
        addition: Addition,
    ) {
        let mut found = false;
        for (guard, case) in target.cases() {
            let guard = event
                .guard
                .and(&guard)
                .and_then(|guard| implied.by.guard.and(&guard));
            if let (Some((id, _)), Some(guard)) = (self.referred(case), guard) {
                found = true;
                let noted = self.additions.entry(id).or_default();
                noted.push((guard, addition.clone(), event.head));
            }
        }
        if !found {
            self.stack.report(
                Diagnostic::warning(
                    "sam-unknown-resource",
                    format!(
                        "event `{}` does not refer to a resource of this template",
                        event.name
                    ),
                )
                .at(target.head(event.head))
                .note("what it causes is not modelled"),
            );
        }
    }

    fn make_additions(&mut self, drafts: &mut [Draft]) {
        let mut additions = std::mem::take(&mut self.additions);
        for draft in drafts {
            for (guard, addition, head) in additions.remove(&draft.id).unwrap_or_default() {
                draft.properties = match addition {
                    Addition::Notifications(items) => {
                        notified(&draft.properties, &guard, items, head)
                    }
                    Addition::Triggers(names) => triggered(&draft.properties, names, head),
                };
            }
        }
        for (guard, _, head) in additions.into_values().flatten() {
            let _: Guard = guard;
            let message = "the event refers to a resource that is not in this template";
            let diagnostic = Diagnostic::warning("sam-unknown-resource", message);
            self.stack.report(diagnostic.at(head));
        }
    }

    fn expand_one(&mut self, draft: &mut Draft) -> Vec<Draft> {
        match &*draft.kind {
            "AWS::Serverless::Function" => function::expand(self, draft),
            "AWS::Serverless::Api" => api::expand(self, draft, Flavour::Rest),
            "AWS::Serverless::HttpApi" => api::expand(self, draft, Flavour::Http),
            "AWS::Serverless::WebSocketApi" => web_socket::expand(self, draft),
            "AWS::Serverless::StateMachine" => state_machine::expand(self, draft),
            "AWS::Serverless::GraphQLApi" => graphql::expand(self, draft),
            "AWS::Serverless::CapacityProvider" => function::expand_capacity_provider(self, draft),
            "AWS::Serverless::SimpleTable" => {
                function::expand_table(self, draft);
                Vec::new()
            }
            "AWS::Serverless::LayerVersion" => {
                function::expand_layer(self, draft);
                Vec::new()
            }
            "AWS::Serverless::Connector" => Vec::new(),
            "AWS::Serverless::Application" => {
                draft.kind = "AWS::CloudFormation::Stack".into();
                Vec::new()
            }
            kind if kind.starts_with(PREFIX) => {
                self.stack.report(
                    Diagnostic::warning(
                        "sam-unknown-type",
                        format!("`{kind}` is not a serverless type we know"),
                    )
                    .at(draft.head)
                    .note("it is shown as it is; what it stands for is not modelled"),
                );
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}

fn has_events(draft: &Draft) -> bool {
    matches!(
        &*draft.kind,
        "AWS::Serverless::Function" | "AWS::Serverless::StateMachine"
    )
}

/// The implicit API that an event belongs to, if it does.
fn implicit_api_of(event: &Fact) -> Option<&'static str> {
    event.cases().into_iter().find_map(|(_, case)| {
        let kind = case.field("Type").into_owned();
        let name = match kind.as_text()? {
            "Api" => REST_API,
            "HttpApi" => HTTP_API,
            _ => return None,
        };
        let properties = case.field("Properties").into_owned();
        let api = properties.field(api_property(kind.as_text()?)).into_owned();
        let lacks = api.cases().any(|(_, case)| case.is_absent());
        lacks.then_some(name)
    })
}

/// A bucket with more notifications.
fn notified(bucket: &Fact, guard: &Guard, items: Vec<(Guard, Fact)>, head: Span) -> Fact {
    let configuration = bucket.field("NotificationConfiguration").into_owned();
    let configuration = match configuration.is_absent() {
        true => empty_map(head),
        false => configuration,
    };
    let items = items
        .into_iter()
        .filter_map(|(inner, item)| Some((guard.and(&inner)?, item)));
    let more = with_more(&configuration, "LambdaConfigurations", items, head);
    with(
        &or_empty(bucket, head),
        "NotificationConfiguration",
        more,
        head,
    )
}

/// A user pool with more triggers.
fn triggered(pool: &Fact, names: Vec<(Arc<str>, Fact)>, head: Span) -> Fact {
    let config = pool.field("LambdaConfig").into_owned();
    let mut config = or_empty(&config, head);
    for (name, function) in names {
        config = with(&config, &name, function, head);
    }
    with(&or_empty(pool, head), "LambdaConfig", config, head)
}

fn or_empty(fact: &Fact, head: Span) -> Fact {
    match fact.is_absent() {
        true => empty_map(head),
        false => fact.clone(),
    }
}

/// Tags written as a map, as CloudFormation lists them.
pub(crate) fn tags(written: &Fact) -> Fact {
    written.map(|case| {
        let (Some(map), Some(span)) = (case.as_map(), case.span()) else {
            return case.clone();
        };
        let tags = map.entries.iter().map(|entry| {
            Properties::at(entry.key_span)
                .text("Key", &entry.key)
                .set("Value", entry.fact.clone())
                .build()
        });
        list(tags, span)
    })
}
