//! What follows for single components from the flows that are drawn: consumers and
//! producers, how functions are called, what they use, what only keeps failures.

use std::collections::BTreeMap;

use underbelly_expression::{Basis, Fact, Reason, SubjectId, Value};
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::derived::{Collected, Offer, any, in_words, no};
use crate::draft::Draft;

use super::failures::FAILED;

/// Flows by their ends: indices into the draft's flows.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    into: BTreeMap<SubjectId, Vec<usize>>,
    from: BTreeMap<SubjectId, Vec<usize>>,
}

impl Ends {
    /// Sorts the flows drawn so far.
    pub(crate) fn of(draft: &Draft<'_>) -> Self {
        let mut ends = Self::default();
        for (index, flow) in draft.flows.iter().enumerate() {
            ends.into.entry(flow.destination).or_default().push(index);
            ends.from.entry(flow.source).or_default().push(index);
        }
        ends
    }

    /// Flows that end at a component.
    pub(crate) fn into(&self, component: SubjectId) -> &[usize] {
        self.into.get(&component).map_or(&[], Vec::as_slice)
    }

    /// Flows that start at a component.
    pub(crate) fn from(&self, component: SubjectId) -> &[usize] {
        self.from.get(&component).map_or(&[], Vec::as_slice)
    }
}

/// Whether an access brings data in.
pub(crate) fn writes(label: &str) -> bool {
    label
        .split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| word == "write")
}

/// Sets the facts.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let ends = Ends::of(draft);
    for index in 0..draft.components.len() {
        let component = SubjectId::component(index);
        let kind = draft.kind_of(component).to_owned();
        if draft.library.is(&kind, "feeder") || is_feeder(&kind) {
            feeder(draft, &ends, component);
        }
        match kind.as_str() {
            "function" => function(draft, &ends, component),
            "queue" => queue(draft, &ends, component),
            "workflow" => starters(draft, &ends, component),
            _ => {}
        }
    }
}

/// The kinds with the trait, where the library at hand has no kinds.
fn is_feeder(kind: &str) -> bool {
    matches!(
        kind,
        "queue" | "topic" | "event-bus" | "stream" | "object-store" | "table" | "log-group"
    )
}

fn feeder(draft: &mut Draft<'_>, ends: &Ends, feeder: SubjectId) {
    let head = draft.place_of(feeder);
    let mut consumers = Collected::default();
    let mut producers = Collected::default();
    let mut functions: Vec<Offer> = Vec::new();
    for index in ends.from(feeder) {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        if flow.kind != FlowKind::Trigger {
            continue;
        }
        consumers.component(&flow.guard, flow.destination, &flow.places);
        if draft.kind_of(flow.destination) == "function" {
            functions.push((flow.guard.clone(), true_at(&flow.places, Basis::Written)));
        }
    }
    for index in ends.into(feeder) {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        let brings = match flow.kind {
            FlowKind::Trigger | FlowKind::Call | FlowKind::Delivery => true,
            FlowKind::Access => writes(&flow.label),
        };
        if brings && flow.source != feeder {
            producers.component(&flow.guard, flow.source, &flow.places);
        }
    }
    let otherwise = head.map_or_else(|| Fact::absent(None), no);
    let within = draft.guard_of(feeder);
    let feeds = any(&draft.graph.worlds, &within, &functions, &otherwise);
    draft.set(feeder, "consumers", consumers.set(head));
    draft.set(feeder, "producers", producers.set(head));
    draft.set(feeder, "feeds_function", feeds);
}

fn true_at(places: &[Place], basis: Basis) -> Fact {
    Fact::known(Value::Bool(true), basis, places.to_vec())
}

fn function(draft: &mut Draft<'_>, ends: &Ends, function: SubjectId) {
    let Some(head) = draft.place_of(function) else {
        return;
    };
    let styled = |wanted: &str| -> Vec<Offer> {
        let triggers = draft.parts_of(function, "triggers").into_iter();
        let found = triggers.filter_map(|part| {
            let part = draft.parts.get(part.index())?;
            let style = part.facts.get("style")?;
            let places: Vec<Place> = part.place.map(Place::here).into_iter().collect();
            match style.as_text() {
                Some(style) if style == wanted => {
                    Some((part.guard.clone(), true_at(&places, Basis::Written)))
                }
                Some(_) => None,
                None => Some((part.guard.clone(), style.clone())),
            }
        });
        found.collect()
    };
    let worlds = &draft.graph.worlds;
    let within = draft.guard_of(function);
    let asynchronous = any(worlds, &within, &styled("async"), &no(head));
    let answers = any(worlds, &within, &styled("sync"), &no(head));
    let unused = unused(draft, ends, function, head);
    let (uses, kinds) = uses(draft, ends, function, head);
    draft.set(function, "invoked_async", asynchronous);
    draft.set(function, "answers_caller", answers);
    draft.set(function, "unused", unused);
    draft.set(function, "uses", uses);
    draft.set(function, "kinds_used", kinds);
}

fn uses(draft: &Draft<'_>, ends: &Ends, function: SubjectId, head: Span) -> (Fact, Fact) {
    let mut uses = Collected::default();
    let mut kinds = Collected::default();
    for index in ends.from(function) {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        if flow.kind == FlowKind::Delivery {
            continue;
        }
        uses.component(&flow.guard, flow.destination, &flow.places);
        let kind = Value::Text(draft.kind_of(flow.destination).into());
        let fact = Fact::known(kind, Basis::Written, flow.places.clone());
        kinds.fact(&flow.guard, &fact);
    }
    (uses.set(Some(head)), kinds.set(Some(head)))
}

/// Nothing in the model starts it. Unknown where something outside may.
fn unused(draft: &Draft<'_>, ends: &Ends, function: SubjectId, head: Span) -> Fact {
    let mut used: Vec<Offer> = Vec::new();
    for index in ends.into(function) {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        let starts = match flow.kind {
            FlowKind::Trigger | FlowKind::Call => true,
            FlowKind::Access => flow.strength != Strength::NoPermission,
            FlowKind::Delivery => false,
        };
        if starts {
            let known = Fact::known(Value::Bool(false), Basis::Written, flow.places.clone());
            used.push((flow.guard.clone(), known));
        }
    }
    let otherwise = match known_outside(draft, function) {
        Some(unknown) => unknown,
        None => Fact::default(
            Value::Bool(true),
            Basis::LibraryAssumption,
            Some(head),
            "nothing that was read starts it",
        ),
    };
    crate::derived::all(
        &draft.graph.worlds,
        &draft.guard_of(function),
        &used,
        &otherwise,
    )
}

/// Why something that was not read may start a function.
fn known_outside(draft: &Draft<'_>, function: SubjectId) -> Option<Fact> {
    if let Some(admit) = draft.parts_of(function, "admits").first() {
        let place = draft.parts.get(admit.index()).and_then(|part| part.place);
        let reason = Reason::Elsewhere("who is let in by its policy".into());
        return Some(Fact::unknown(reason, place));
    }
    let (id, resource) = draft.resource_of(function)?;
    let stack = draft.graph.stack(resource.stack)?;
    let output = stack.outputs.iter().find(|output| {
        crate::derived::referred(&output.value) == Some(id)
            || in_words(&output.value).contains(&*resource.logical_id)
                && draft
                    .targets(&output.value, id)
                    .iter()
                    .any(|(_, target)| *target == crate::draft::Target::Component(function))
    })?;
    let reason = Reason::Elsewhere("who uses this output".into());
    Some(Fact::unknown(reason, Some(output.span)))
}

fn queue(draft: &mut Draft<'_>, ends: &Ends, queue: SubjectId) {
    let Some(head) = draft.place_of(queue) else {
        return;
    };
    let mut failed: Vec<Offer> = Vec::new();
    let mut other = None;
    for index in ends.into(queue) {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        match flow.kind {
            FlowKind::Delivery if &*flow.label == FAILED => {
                failed.push((flow.guard.clone(), true_at(&flow.places, Basis::Written)));
            }
            FlowKind::Trigger | FlowKind::Call => other = Some(flow),
            FlowKind::Access if writes(&flow.label) && flow.strength == Strength::Strong => {
                other = Some(flow);
            }
            FlowKind::Access | FlowKind::Delivery => {}
        }
    }
    let only = match other {
        Some(flow) => Fact::known(Value::Bool(false), Basis::Written, flow.places.clone()),
        None => any(
            &draft.graph.worlds,
            &draft.guard_of(queue),
            &failed,
            &no(head),
        ),
    };
    draft.set(queue, "is_dead_letter", only);
    let short = visibility_short(draft, ends, queue, head);
    draft.set(queue, "visibility_short", short);
}

/// A message should stay hidden for six times as long as its function may run:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>.
fn visibility_short(draft: &Draft<'_>, ends: &Ends, queue: SubjectId, head: Span) -> Fact {
    let Some((_, resource)) = draft.resource_of(queue) else {
        return Fact::unknown(Reason::OtherComponent("the queue".into()), Some(head));
    };
    let written = resource.properties.field("VisibilityTimeout");
    let mut offers: Vec<Offer> = Vec::new();
    for index in ends.from(queue) {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        let Some((_, consumer)) = draft.resource_of(flow.destination) else {
            continue;
        };
        if flow.kind != FlowKind::Trigger || draft.kind_of(flow.destination) != "function" {
            continue;
        }
        let timeout = consumer.properties.field("Timeout");
        let timeout = draft.given(flow.destination, "timeout").unwrap_or(&timeout);
        let short = written.map(|hidden| timeout.map(|runs| compare(hidden, runs, head)));
        offers.push((flow.guard.clone(), short));
    }
    any(
        &draft.graph.worlds,
        &draft.guard_of(queue),
        &offers,
        &no(head),
    )
}

fn compare(hidden: &Fact, runs: &Fact, head: Span) -> Fact {
    let number = |fact: &Fact, otherwise: i64| match (fact, fact.as_number()) {
        (_, Some(number)) => Some(number),
        (Fact::Absent(_), None) => Some(otherwise),
        (Fact::Known(_) | Fact::Unknown(_) | Fact::OneOf(_), None) => None,
    };
    let places: Vec<Place> = [hidden, runs]
        .iter()
        .filter_map(|fact| fact.as_known()?.places.first().copied())
        .collect();
    let written = match (hidden.as_known(), runs.as_known()) {
        (Some(one), Some(other)) => one.basis.max(other.basis),
        (Some(_), None) | (None, Some(_)) | (None, None) => Basis::ProviderDefault,
    };
    match (number(hidden, 30), number(runs, 3)) {
        (Some(hidden), Some(runs)) => {
            let short = Value::Bool(hidden < runs.saturating_mul(6));
            match places.is_empty() {
                true => Fact::default(short, written, Some(head), "30 seconds unless set"),
                false => Fact::known(short, written, places),
            }
        }
        (None, _) => crate::derived::unresolved_or(hidden),
        (_, None) => crate::derived::unresolved_or(runs),
    }
}

fn starters(draft: &mut Draft<'_>, ends: &Ends, workflow: SubjectId) {
    let mut starters = Collected::default();
    for index in ends.into(workflow) {
        let Some(flow) = draft.flows.get(*index) else {
            continue;
        };
        let starts = match flow.kind {
            FlowKind::Trigger | FlowKind::Call => true,
            FlowKind::Access => writes(&flow.label),
            FlowKind::Delivery => false,
        };
        if starts && flow.source != workflow {
            starters.component(&flow.guard, flow.source, &flow.places);
        }
    }
    let head = draft.place_of(workflow);
    draft.set(workflow, "starters", starters.set(head));
}
