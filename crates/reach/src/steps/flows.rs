//! Along the flows: what is handed on, called, read and written.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Fact, SubjectId};
use underbelly_model::{Architecture, DataFlow, FlowKind, Held, Hold, How, Step, Strength};

use crate::ease;
use crate::holders::{Nature, declared, fact, nature};
use crate::step::{Making, step};

pub(super) fn steps(architecture: &Architecture) -> Vec<Step> {
    let parts = parts(architecture);
    let mut steps = flaws(architecture);
    for flow in &architecture.flows {
        if flow.strength == Strength::NoPermission {
            continue;
        }
        let (Some(source), Some(destination)) = (
            architecture.component(flow.source),
            architecture.component(flow.destination),
        ) else {
            continue;
        };
        let along = Along {
            architecture,
            flow,
            source: nature(&source.kind),
            destination: nature(&destination.kind),
            is_cdn: &*source.kind == "cdn",
            part: parts.get(&(flow.source, flow.label.clone())).copied(),
        };
        match flow.kind {
            FlowKind::Trigger | FlowKind::Call => along.onward(&mut steps),
            FlowKind::Access => along.access(&mut steps),
            FlowKind::Delivery => along.delivery(&mut steps),
        }
    }
    steps
}

/// The routes of APIs and the tasks of workflows by their key, which is the label of
/// the flows they make.
fn parts(architecture: &Architecture) -> BTreeMap<(SubjectId, Arc<str>), SubjectId> {
    let numbered = architecture.parts.iter().enumerate();
    numbered
        .filter(|(_, part)| matches!(&*part.group, "routes" | "tasks"))
        .map(|(index, part)| ((part.owner, part.key.clone()), SubjectId::part(index)))
        .collect()
}

/// Code that takes what others send may have a flaw.
fn flaws(architecture: &Architecture) -> Vec<Step> {
    let code =
        declared(architecture).filter(|(_, component)| nature(&component.kind) == Nature::Code);
    code.map(|(subject, component)| {
        let from = Held::new(subject, Hold::Reaches);
        let to = Held::new(subject, Hold::Controls);
        let place = component.place.map(underbelly_source::Place::here);
        step(Some(from), to, How::Flaw, ease::FLAW)
            .when(component.guard.clone())
            .at(place.into_iter().collect())
    })
    .collect()
}

struct Along<'a> {
    architecture: &'a Architecture,
    flow: &'a DataFlow,
    source: Nature,
    destination: Nature,
    is_cdn: bool,
    /// The route or task that makes the flow.
    part: Option<SubjectId>,
}

impl Along<'_> {
    fn step(&self, from: Held, hold: Hold, how: How, ease: f64) -> Step {
        let to = Held::new(self.flow.destination, hold);
        step(Some(from), to, how, ease)
            .when(self.flow.guard.clone())
            .at(self.flow.places.clone())
    }

    fn source(&self, hold: Hold) -> Held {
        Held::new(self.flow.source, hold)
    }

    fn handed_on(&self) -> How {
        How::HandedOn(self.flow.label.clone())
    }

    fn rights(&self) -> f64 {
        match self.flow.strength {
            Strength::Strong => ease::RIGHTS,
            Strength::Possible | Strength::NoPermission => ease::UNUSED_RIGHTS,
        }
    }

    /// As a definition says, after the tasks that come before.
    fn defined(&self) -> f64 {
        let before = self
            .part
            .and_then(|task| fact(self.architecture, task, "tasks_before"));
        let before = before.and_then(Fact::as_number).unwrap_or_default();
        let before = i32::try_from(before).unwrap_or_default();
        ease::DEFINED * ease::PER_TASK.powi(before.clamp(0, ease::MOST_TASKS))
    }

    /// Triggers and calls.
    fn onward(&self, steps: &mut Vec<Step>) {
        match self.source {
            Nature::Entrance => {
                let (from, ease) = match self.part {
                    Some(route) => (
                        Held::new(route, Hold::Reaches),
                        ease::of_route(&self.flow.label),
                    ),
                    None => (self.source(Hold::Reaches), ease::HANDED_ON),
                };
                for hold in self.of_entrance() {
                    steps.push(self.step(from, hold, self.handed_on(), ease));
                }
            }
            Nature::Channel => {
                let from = self.source(Hold::Reaches);
                let hold = self.taken();
                steps.push(self.step(from, hold, self.handed_on(), ease::HANDED_ON));
            }
            Nature::Store => {
                let from = self.source(Hold::Writes);
                steps.push(self.step(from, Hold::Reaches, self.handed_on(), ease::HANDED_ON));
            }
            Nature::Defined => {
                let from = self.source(Hold::Reaches);
                steps.push(self.step(from, self.taken(), self.handed_on(), self.defined()));
            }
            Nature::Code => {
                let (reaches, controls) = (self.source(Hold::Reaches), self.source(Hold::Controls));
                let hold = self.taken();
                steps.push(self.step(controls, hold, How::Rights, self.rights()));
                steps.push(self.step(reaches, hold, How::Forwarded, ease::FORWARDED));
            }
            Nature::Other => {}
        }
    }

    /// What becomes of data that is sent to the destination.
    fn taken(&self) -> Hold {
        match self.destination {
            Nature::Store => Hold::Writes,
            Nature::Entrance | Nature::Channel | Nature::Code | Nature::Defined | Nature::Other => {
                Hold::Reaches
            }
        }
    }

    /// A route straight into a store reads or writes it; what a CDN fetches from a
    /// bucket is meant for everyone.
    fn of_entrance(&self) -> Vec<Hold> {
        if self.destination != Nature::Store {
            return vec![Hold::Reaches];
        }
        let label = &*self.flow.label;
        let fetches = ["GET ", "HEAD ", "Query."];
        if self.is_cdn {
            Vec::new()
        } else if fetches.iter().any(|start| label.starts_with(start)) {
            vec![Hold::Reads]
        } else {
            vec![Hold::Writes]
        }
    }

    fn access(&self, steps: &mut Vec<Step>) {
        let store = self.destination == Nature::Store;
        let reads = self.flow.label.contains("read");
        let writes = self.flow.label.contains("write");
        let mut holds = Vec::new();
        holds.extend((reads && self.destination != Nature::Code).then_some(Hold::Reads));
        holds.extend(writes.then_some(if store { Hold::Writes } else { Hold::Reaches }));
        for hold in holds {
            match self.source {
                Nature::Code => {
                    let (reaches, controls) =
                        (self.source(Hold::Reaches), self.source(Hold::Controls));
                    steps.push(self.step(controls, hold, How::Rights, self.rights()));
                    if self.serves(hold) {
                        steps.push(self.step(reaches, hold, How::Purpose, ease::PURPOSE));
                    }
                }
                // A definition writes what it is given, and shows nothing it reads.
                Nature::Defined | Nature::Entrance | Nature::Channel => {
                    if hold != Hold::Reads {
                        let from = self.source(Hold::Reaches);
                        steps.push(self.step(from, hold, How::Defined, ease::DEFINED));
                    }
                }
                Nature::Store | Nature::Other => {}
            }
        }
    }

    /// Whether code gives its caller what it reads, or writes what it is sent.
    fn serves(&self, hold: Hold) -> bool {
        if self.flow.strength != Strength::Strong {
            return false;
        }
        let secret = self.architecture.component(self.flow.destination);
        let secret = secret.is_some_and(|component| &*component.kind == "secret");
        let answers = fact(self.architecture, self.flow.source, "answers_caller");
        match hold {
            Hold::Reads => !secret && answers.and_then(Fact::as_bool) == Some(true),
            Hold::Writes | Hold::Reaches | Hold::Controls | Hold::Decrypts => !secret,
        }
    }

    /// Failed messages arrive where they are kept; logs go nowhere from there.
    fn delivery(&self, steps: &mut Vec<Step>) {
        if self.destination == Nature::Channel {
            let from = self.source(Hold::Reaches);
            steps.push(self.step(from, Hold::Reaches, self.handed_on(), ease::FAILED));
        }
    }
}
