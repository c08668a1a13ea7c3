//! What a kind of component does with what reaches it.

use underbelly_expression::{Fact, SubjectId, Value};
use underbelly_model::{Architecture, Component};

/// How a component deals with what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Hands it on to what stands behind it.
    Entrance,
    /// Keeps it until somebody takes it.
    Channel,
    /// Does with it what its code says.
    Code,
    /// Does with it what its definition says.
    Defined,
    /// Keeps it.
    Store,
    /// Takes nothing from anybody.
    Other,
}

/// By kind; kinds nobody told apart here take nothing.
pub(crate) fn nature(kind: &str) -> Nature {
    match kind {
        "rest-api" | "http-api" | "websocket-api" | "graphql-api" | "function-url" | "cdn"
        | "load-balancer" | "user-pool" | "email-receiver" | "device-rule" => Nature::Entrance,
        "queue" | "topic" | "event-bus" | "stream" => Nature::Channel,
        "function" | "function-app" | "cloud-run-function" | "ai-agent" => Nature::Code,
        "workflow" | "pipe" | "scheduler" => Nature::Defined,
        "object-store" | "table" | "database" | "cache" | "file-system" | "secret" => Nature::Store,
        _ => Nature::Other,
    }
}

/// Components of the model that are declared, in order.
pub(crate) fn declared(
    architecture: &Architecture,
) -> impl Iterator<Item = (SubjectId, &Component)> {
    let numbered = architecture.components.iter().enumerate();
    numbered
        .map(|(index, component)| (SubjectId::component(index), component))
        .filter(|(_, component)| !component.outside)
}

/// The fact of this name.
pub(crate) fn fact<'a>(
    architecture: &'a Architecture,
    subject: SubjectId,
    name: &str,
) -> Option<&'a Fact> {
    architecture.facts(subject)?.get(name)
}

/// The components a fact refers to, whatever their guards.
pub(crate) fn named(architecture: &Architecture, of: SubjectId, name: &str) -> Vec<SubjectId> {
    let items = fact(architecture, of, name).map(|fact| fact.items().0);
    let items = items.unwrap_or_default().into_iter();
    items
        .filter_map(|(_, item)| match item {
            Fact::Known(known) => match known.value {
                Value::Subject(subject) => Some(subject),
                Value::Bool(_)
                | Value::Number(_)
                | Value::Text(_)
                | Value::Set(_)
                | Value::Map(_) => None,
            },
            Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => None,
        })
        .collect()
}

/// The words in a set of words, and whether there may be more.
pub(crate) fn words(architecture: &Architecture, of: SubjectId, name: &str) -> (Vec<String>, bool) {
    let Some(fact) = fact(architecture, of, name) else {
        return (Vec::new(), false);
    };
    let (items, rest) = fact.items();
    let words = items.into_iter().filter_map(|(_, item)| item.as_text());
    (words.map(str::to_owned).collect(), rest.is_some())
}
