//! Along the flows: what is handed on, called, read and written.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_expression::{Fact, Reason, SubjectId};
use underbelly_model::{Architecture, DataFlow, FlowKind, Held, Hold, How, Right, Step, Strength};

use crate::ease;
use crate::holders::{Nature, declared, fact, named, nature};
use crate::step::{Making, step};

pub(super) fn steps(architecture: &Architecture) -> Vec<Step> {
    let parts = parts(architecture);
    let rights = by_ends(architecture);
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
            rights: grants(architecture, &rights, flow),
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

/// The rights of roles by role and target.
type ByEnds<'a> = BTreeMap<(SubjectId, SubjectId), Vec<&'a Right>>;

fn by_ends(architecture: &Architecture) -> ByEnds<'_> {
    let mut found = ByEnds::new();
    for right in &architecture.rights {
        let ends = (right.role, right.target);
        found.entry(ends).or_default().push(right);
    }
    found
}

/// The rights that a flow of code or of a definition rests on.
fn grants<'a>(architecture: &Architecture, rights: &ByEnds<'a>, flow: &DataFlow) -> Vec<&'a Right> {
    let roles = named(architecture, flow.source, "runs_as").into_iter();
    let ends = roles.filter_map(|role| rights.get(&(role, flow.destination)));
    ends.flatten().copied().collect()
}

/// How one may stand before code or a definition: by what others hand on, or as
/// who gets its answers.
const BEFORE: [Hold; 2] = [Hold::Reaches, Hold::Calls];

/// Code that takes what others send may have a flaw.
fn flaws(architecture: &Architecture) -> Vec<Step> {
    let code =
        declared(architecture).filter(|(_, component)| nature(&component.kind) == Nature::Code);
    code.flat_map(|(subject, component)| {
        BEFORE.map(|before| {
            let from = Held::new(subject, before);
            let to = Held::new(subject, Hold::Controls);
            let place = component.place.map(underbelly_source::Place::here);
            step(Some(from), to, How::Flaw, ease::FLAW)
                .when(component.guard.clone())
                .at(place.into_iter().collect())
        })
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
    /// The rights it rests on.
    rights: Vec<&'a Right>,
}

impl Along<'_> {
    fn step(&self, from: Held, hold: Hold, how: How, ease: f64) -> Step {
        let to = Held::new(self.flow.destination, hold);
        step(Some(from), to, how, ease)
            .when(self.flow.guard.clone())
            .at(self.flow.places.clone())
    }

    /// A step that rests on rights: one for each grant that gives it, so that one that
    /// is closed leaves the others.
    fn by_right(&self, steps: &mut Vec<Step>, from: Held, hold: Hold, how: &How, ease: f64) {
        let giving = self.rights.iter().filter(|right| {
            let given = super::rights::given(self.architecture, right);
            given.contains(&hold) || hold == Hold::Reaches && given.contains(&Hold::Calls)
        });
        for right in giving {
            let one = self.step(from, hold, how.clone(), ease);
            steps.push(one.rests_on(right.grant, "abilities"));
        }
        // Nobody knows of rights, and yet it is drawn.
        if self.rights.is_empty() {
            steps.push(self.step(from, hold, how.clone(), ease));
        }
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
                // An authoriser is asked about whoever comes.
                let asked = self.flow.label.starts_with("authorizer");
                if let Some(open) = self.authorizer().filter(|_| asked) {
                    steps.push(open);
                    return;
                }
                for hold in self.of_entrance() {
                    steps.push(self.step(from, hold, self.handed_on(), ease));
                }
            }
            Nature::Channel => {
                let from = self.source(Hold::Reaches);
                let hold = self.taken(Hold::Reaches);
                steps.push(self.step(from, hold, self.handed_on(), ease::HANDED_ON));
            }
            Nature::Store => {
                let from = self.source(Hold::Writes);
                steps.push(self.step(from, Hold::Reaches, self.handed_on(), ease::HANDED_ON));
            }
            Nature::Defined => {
                for before in BEFORE {
                    let (from, hold) = (self.source(before), self.taken(before));
                    let ease = self.defined();
                    self.by_right(steps, from, hold, &self.handed_on(), ease);
                }
            }
            Nature::Code => {
                let hold = self.taken(Hold::Calls);
                let controls = self.source(Hold::Controls);
                self.by_right(steps, controls, hold, &How::Rights, self.rights());
                for before in BEFORE {
                    let (from, hold) = (self.source(before), self.taken(before));
                    self.by_right(steps, from, hold, &How::Forwarded, ease::FORWARDED);
                }
            }
            Nature::Other => {}
        }
    }

    /// From whoever can call the API at all, with nothing to show.
    fn authorizer(&self) -> Option<Step> {
        let scope = fact(self.architecture, self.flow.source, "network_scope");
        let public = scope.and_then(Fact::as_text) == Some("public");
        let to = Held::new(self.flow.destination, Hold::Reaches);
        let open = step(None, to, How::Open("anyone".into()), ease::HANDED_ON);
        public.then(|| {
            open.when(self.flow.guard.clone())
                .at(self.flow.places.clone())
                .rests_on(self.flow.source, "network_scope")
        })
    }

    /// What becomes of data that is sent to the destination by who stands before the
    /// source so.
    fn taken(&self, before: Hold) -> Hold {
        match self.destination {
            Nature::Store => Hold::Writes,
            Nature::Code | Nature::Defined => before,
            Nature::Entrance | Nature::Channel | Nature::Other => Hold::Reaches,
        }
    }

    /// Whether the destination answers what the source hands on.
    fn answers(&self) -> bool {
        let destination = self.architecture.component(self.flow.destination);
        let parts = destination
            .into_iter()
            .flat_map(|c| c.parts.iter().copied());
        let mut triggers = parts.filter(|id| {
            let part = self.architecture.part(*id);
            part.is_some_and(|part| &*part.group == "triggers")
                && named(self.architecture, *id, "source").contains(&self.flow.source)
        });
        triggers.any(|trigger| {
            let style = fact(self.architecture, trigger, "style");
            style.and_then(Fact::as_text) == Some("sync")
        })
    }

    /// A route straight into a store reads or writes it; what a CDN fetches from a
    /// bucket is meant for everyone.
    fn of_entrance(&self) -> Vec<Hold> {
        if self.destination != Nature::Store {
            let answers = self.destination == Nature::Code && self.answers();
            return vec![if answers { Hold::Calls } else { Hold::Reaches }];
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
        // Named by code whose rights nobody could read.
        if self.flow.label.is_empty() && self.source == Nature::Code && store {
            let from = self.source(Hold::Controls);
            let why = Reason::Elsewhere("the rights of its role".into());
            for hold in [Hold::Reads, Hold::Writes] {
                let one = self.step(from, hold, How::Rights, ease::UNUSED_RIGHTS);
                steps.push(one.if_known(Some(why.clone())));
            }
        }
        let mut holds = Vec::new();
        holds.extend((reads && self.destination != Nature::Code).then_some(Hold::Reads));
        holds.extend(writes.then_some(if store { Hold::Writes } else { Hold::Reaches }));
        for hold in holds {
            match self.source {
                Nature::Code => {
                    let controls = self.source(Hold::Controls);
                    self.by_right(steps, controls, hold, &How::Rights, self.rights());
                    for before in BEFORE {
                        // Who does not wait for an answer gets nothing to read.
                        if self.serves(hold) && (hold != Hold::Reads || before == Hold::Calls) {
                            let from = self.source(before);
                            self.by_right(steps, from, hold, &How::Purpose, ease::PURPOSE);
                        }
                    }
                }
                // A definition writes what it is given, and shows nothing it reads.
                Nature::Defined | Nature::Entrance | Nature::Channel => {
                    for before in BEFORE.into_iter().filter(|_| hold != Hold::Reads) {
                        let from = self.source(before);
                        self.by_right(steps, from, hold, &How::Defined, ease::DEFINED);
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
            Hold::Writes | Hold::Reaches | Hold::Calls | Hold::Controls | Hold::Decrypts => !secret,
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
