//! A flow that is declared, and what it means for a function at its end.

use underbelly_expression::{Fact, Guard, SubjectId, Value};
use underbelly_iac::ResourceId;
use underbelly_model::{FlowKind, Strength};
use underbelly_source::{Place, Span};

use crate::derived::{at_host, like, no, text};
use crate::draft::{Draft, Target};

/// How a function is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// The caller waits.
    Sync,
    /// The caller does not wait.
    Async,
    /// The provider reads a stream for it.
    Stream,
    /// The provider reads a queue for it.
    Queue,
}

impl Style {
    fn word(self) -> &'static str {
        match self {
            Style::Sync => "sync",
            Style::Async => "async",
            Style::Stream => "stream",
            Style::Queue => "queue",
        }
    }
}

/// What a trigger says about failures.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    /// How the function is started.
    pub(crate) style: Style,
    /// How often a failed event is tried again.
    pub(crate) retries: Fact,
    /// Whether a failed batch is split.
    pub(crate) bisects: Fact,
    /// Whether what still fails is kept.
    pub(crate) failure_destination: Fact,
    /// Whether a filter picks events.
    pub(crate) filtered: Fact,
}

impl Trigger {
    /// One without settings of its own.
    pub(crate) fn plain(style: Style, head: Span) -> Self {
        Self {
            style,
            retries: Fact::absent(Some(head)),
            bisects: no(head),
            failure_destination: no(head),
            filtered: no(head),
        }
    }

    /// One with a filter.
    pub(crate) fn filtered(mut self, filtered: Fact) -> Self {
        self.filtered = filtered;
        self
    }
}

/// A flow to be drawn.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Where it starts.
    pub(crate) source: SubjectId,
    /// Where it ends.
    pub(crate) destination: SubjectId,
    /// What it is.
    pub(crate) kind: FlowKind,
    /// Which event or route.
    pub(crate) label: String,
    /// When it exists.
    pub(crate) guard: Guard,
    /// The line that declares it.
    pub(crate) place: Span,
}

impl Link {
    /// Draws it; at a function it is a trigger too.
    pub(crate) fn draw(self, draft: &mut Draft<'_>, trigger: &Trigger) {
        draft.add_flow(
            self.source,
            self.destination,
            self.kind,
            Strength::Strong,
            &self.label,
            self.guard.clone(),
            vec![Place::here(self.place)],
        );
        if draft.kind_of(self.destination) == "function" && self.kind != FlowKind::Delivery {
            self.add_trigger(draft, trigger);
        }
    }

    /// A part of the function; callers that wait have one for all their routes.
    fn add_trigger(self, draft: &mut Draft<'_>, trigger: &Trigger) {
        let mut key = draft.seen_from(self.destination, self.source);
        if trigger.style != Style::Sync && !self.label.is_empty() {
            key = format!("{key} {}", self.label);
        }
        let same = draft.parts_of(self.destination, "triggers");
        for part in same {
            if let Some(part) = draft.parts.get_mut(part.index())
                && *part.key == *key
                && (part.guard == self.guard || part.guard.is_always() || self.guard.is_always())
            {
                if self.guard.is_always() {
                    part.guard = self.guard;
                }
                return;
            }
        }
        let part = draft.add_part(
            self.destination,
            "triggers",
            "trigger",
            &key,
            Some(self.place),
            self.guard,
        );
        let at = Fact::text("", self.place);
        let facts = [
            ("source", like(&at, Value::Subject(self.source))),
            ("style", like(&at, text(trigger.style.word()))),
            ("retries", trigger.retries.clone()),
            ("bisects", trigger.bisects.clone()),
            ("failure_destination", trigger.failure_destination.clone()),
            ("filtered", trigger.filtered.clone()),
        ];
        for (name, fact) in facts {
            draft.set(part, name, fact);
        }
    }
}

/// Functions that call others by right: whether they wait only their code tells.
pub(crate) fn add_calls_by_right(draft: &mut Draft<'_>) {
    let calls: Vec<(SubjectId, SubjectId, Guard, Option<Place>)> = draft
        .flows
        .iter()
        .filter(|flow| flow.kind == FlowKind::Call && flow.strength == Strength::Strong)
        .filter(|flow| draft.kind_of(flow.source) == "function")
        .filter(|flow| draft.kind_of(flow.destination) == "function")
        .map(|flow| {
            let place = flow.places.first().copied();
            (flow.source, flow.destination, flow.guard.clone(), place)
        })
        .collect();
    for (source, function, guard, place) in calls {
        let Some(place) = place.map(|p| p.span).or_else(|| draft.place_of(function)) else {
            continue;
        };
        let link = Link {
            source,
            destination: function,
            kind: FlowKind::Call,
            label: String::new(),
            guard,
            place,
        };
        let before = draft.parts.len();
        link.add_trigger(draft, &Trigger::plain(Style::Sync, place));
        for index in before..draft.parts.len() {
            let style = Fact::unknown(underbelly_expression::Reason::Code, Some(place));
            draft.set(SubjectId::part(index), "style", style);
        }
    }
}

/// A destination that a property names, with the guard and place of the naming.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// When it is named.
    pub(crate) guard: Guard,
    /// The component; outside ones are drawn.
    pub(crate) component: SubjectId,
    /// Where it is named.
    pub(crate) place: Span,
}

impl Draft<'_> {
    /// The id of a component as it is told beside another: within one stack its
    /// name says enough.
    fn seen_from(&self, other: SubjectId, component: SubjectId) -> String {
        let of = |subject: SubjectId| self.components.get(subject.index());
        let id = of(component).map_or("", |component| &*component.id);
        let stack = of(other).and_then(|other| other.resource.as_ref());
        let within = stack.and_then(|resource| {
            let id = id.strip_prefix(&*resource.stack)?;
            id.strip_prefix('/')
        });
        within.unwrap_or(id).to_owned()
    }

    /// The components that a value names; what nothing declares is drawn as an
    /// outside component of the first of `kinds`. A reference that leads nowhere
    /// in what was read gives an outside component named after it.
    pub(crate) fn ends(
        &mut self,
        outer: &Guard,
        value: &Fact,
        kinds: &[&str],
        near: ResourceId,
        head: Span,
    ) -> Vec<End> {
        let mut ends = Vec::new();
        for (guard, case) in value.cases() {
            let Some(outer) = outer.and(&guard) else {
                continue;
            };
            let place = case.head(head);
            for (guard, target) in self.named(kinds, case, near) {
                let kind = kinds.first().copied().unwrap_or("external");
                let component = match &target {
                    Target::Unknown(reason) => self.unclear(kind, case, reason, place),
                    Target::Resource(resource) => self.destination(*resource, place),
                    Target::Component(_) | Target::Outside(_) => self.draw(&target, kind, place),
                };
                if let (Some(component), Some(guard)) = (component, outer.and(&guard)) {
                    ends.push(End {
                        guard,
                        component,
                        place,
                    });
                }
            }
        }
        ends
    }

    /// An address that events are sent to is the host it names.
    fn destination(&mut self, resource: ResourceId, place: Span) -> Option<SubjectId> {
        let found = self.graph.resource(resource)?;
        if &*found.kind != "AWS::Events::ApiDestination" {
            return None;
        }
        let address = found.properties.field("InvocationEndpoint").into_owned();
        let host = at_host(self, &address, resource, place);
        match host.as_known()?.value {
            Value::Subject(subject) => Some(subject),
            _ => None,
        }
    }
}
