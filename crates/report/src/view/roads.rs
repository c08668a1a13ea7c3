//! The roads an attacker could walk, in words.

use std::collections::BTreeSet;

use underbelly_expression::{Fact, SubjectId};
use underbelly_model::{Architecture, Hold, How, Road, Step, ThreatModel};

use super::Report;
use super::grants::reads_and_writes;
use super::reasons::{Brief, reason};
use crate::paint::clean;

/// Roads that weigh less are left to those who ask for them.
pub(crate) const LEAST: f64 = 0.05;

/// The best road to each component, those that matter most first.
pub(super) fn to_each(report: &Report<'_>) -> Vec<RoadRow> {
    let mut seen = BTreeSet::new();
    let roads = report.model.roads.iter();
    let likely = roads.filter(|road| road.weight() >= LEAST);
    let best = likely.filter(|road| seen.insert(road.target.held.subject));
    let mut rows: Vec<RoadRow> = Vec::new();
    for road in best {
        let row = RoadRow::of(report, road);
        let name = clean(&report.model.architecture.label(road.target.held.subject)).into_owned();
        // What one road leads to in the same last step is told with it.
        match rows
            .iter_mut()
            .find(|known| known.differs_only_in_its_end(&row))
        {
            Some(known) => known.joined(&row, name),
            None => rows.push(row),
        }
    }
    rows
}

/// The components a road leads over, by their index, from where it starts.
pub(crate) fn stops(model: &ThreatModel, road: &Road) -> Vec<usize> {
    let architecture = &model.architecture;
    let start = road
        .steps
        .first()
        .map(|step| setting_out(architecture, step));
    let start = start.and_then(|start| {
        let mut components = architecture.components.iter();
        components.position(|component| *component.short == *start)
    });
    let steps = road.steps.iter().map(|step| {
        let subject = step.to.subject;
        let part = architecture.part(subject);
        part.map_or(subject, |part| part.owner).index()
    });
    start.into_iter().chain(steps).collect()
}

/// A road, one line for each step.
#[derive(Debug)]
pub(crate) struct RoadRow {
    /// `reads Orders`
    pub gets: String,
    /// What is had of it.
    pub hold: Hold,
    /// Whether it is told to lead to reading and writing alike.
    tells_both: bool,
    /// Who sets out: `internet`.
    pub start: String,
    /// Other components that the last step gets just as well.
    pub also: Vec<String>,
    /// `named like sensitive data`
    pub because: String,
    /// How many of a hundred attackers get there, as far as anybody can say.
    pub ease: f64,
    /// Under which conditions it is open, if not always.
    pub when: Option<String>,
    pub steps: Vec<StepRow>,
}

/// A step.
#[derive(Debug)]
pub(crate) struct StepRow {
    /// What it leads to: a component, or a part of one.
    pub subject: SubjectId,
    /// `ShopApi # GET /orders`, `takes over ListOrders`, `reads Orders`
    pub to: String,
    /// Why it is possible.
    pub why: String,
    /// The same in a few words, if there are some.
    brief: Option<Brief>,
    /// The first line that makes it so, as `file:line`; may be empty.
    pub place: String,
    /// What nobody could tell, if it hangs on that.
    pub unknown: Option<String>,
}

impl RoadRow {
    pub(crate) fn of(report: &Report<'_>, road: &Road) -> Self {
        let architecture = &report.model.architecture;
        let when = &road.guard;
        let when = (!when.is_always()).then(|| architecture.worlds.describe(when));
        RoadRow {
            gets: road
                .steps
                .last()
                .map_or_else(String::new, |step| arrival(architecture, step)),
            hold: road.target.held.hold,
            tells_both: road
                .steps
                .last()
                .is_some_and(|step| reads_and_writes(architecture, step)),
            also: Vec::new(),
            start: road.steps.first().map_or_else(
                || "outside".to_owned(),
                |step| setting_out(architecture, step),
            ),
            because: clean(&road.target.because).into_owned(),
            ease: road.ease,
            when: when.map(|when| clean(&when).into_owned()),
            steps: road
                .steps
                .iter()
                .map(|step| StepRow::of(report, step))
                .collect(),
        }
    }

    /// Another end is told with this one.
    fn joined(&mut self, other: &Self, name: String) {
        self.also.push(name);
        // What is said of one end need not hold for the other.
        let brief = other.steps.last().and_then(|step| step.brief.clone());
        if let Some(last) = self.steps.last_mut().filter(|last| last.brief != brief) {
            last.brief = None;
        }
    }

    /// Whether the other one leads to no more than this, the same way.
    pub(crate) fn tells(&self, other: &Self) -> bool {
        let end = |row: &Self| row.steps.last().map(|step| step.subject);
        self.tells_both
            && other.hold != self.hold
            && matches!(other.hold, Hold::Reads | Hold::Writes)
            && end(self) == end(other)
            && self.start == other.start
            && self.when == other.when
            && self.over() == other.over()
    }

    fn differs_only_in_its_end(&self, other: &RoadRow) -> bool {
        self.hold == other.hold
            && self.start == other.start
            && self.when == other.when
            && self.over() == other.over()
    }

    /// What lies between the start and the end: `ShopEvents → Fulfilment`.
    pub(crate) fn over(&self) -> Option<String> {
        let (_, between) = self.steps.split_last()?;
        let names: Vec<&str> = between.iter().map(|step| step.to.as_str()).collect();
        (!names.is_empty()).then(|| names.join(" → "))
    }

    /// `internet → ShopApi # GET /orders (no authoriser) → ListOrders → (dynamodb:* on
    /// every table) → reads Orders`
    pub(crate) fn chain(&self) -> String {
        let mut said = self.start.clone();
        for step in &self.steps {
            match &step.brief {
                None => said.push_str(&format!(" → {}", step.to)),
                Some(Brief::After(brief)) => said.push_str(&format!(" → {} ({brief})", step.to)),
                Some(Brief::Before(brief)) => said.push_str(&format!(" → ({brief}) → {}", step.to)),
            }
        }
        match self.also.as_slice() {
            [] => {}
            [one] => said.push_str(&format!(" and {one}")),
            [one, rest @ ..] => said.push_str(&format!(", {one} and {} more", rest.len())),
        }
        said
    }
}

impl StepRow {
    pub(crate) fn of(report: &Report<'_>, step: &Step) -> Self {
        let architecture = &report.model.architecture;
        let place = step.places.first();
        let reason = reason(report, step);
        StepRow {
            subject: step.to.subject,
            to: arrival(architecture, step),
            why: reason.why,
            brief: reason.brief,
            place: place.map_or_else(String::new, |place| report.at(place.span)),
            unknown: step
                .unknown
                .as_ref()
                .map(|reason| clean(&reason.to_string()).into_owned()),
        }
    }
}

/// Who takes a first step: `internet`, `signed-in user`.
pub fn setting_out(architecture: &Architecture, step: &Step) -> String {
    let who = match &step.how {
        How::Open(who) => match &**who {
            "signed_in" => "signed-in user",
            "key_holder" => "key holder",
            "any_account" => "any account",
            "partner" => "partner",
            "deputy" => "a service for anyone",
            "account" => "our account",
            _ => "internet",
        },
        How::Guest => "internet",
        How::Admitted(admission) => return admitted(architecture, *admission),
        How::HandedOn(_)
        | How::Defined
        | How::Forwarded
        | How::Purpose
        | How::Flaw
        | How::Rights
        | How::Granted(_)
        | How::RunsAs
        | How::SignedIn
        | How::Account
        | How::Escalation(_) => "outside",
    };
    who.to_owned()
}

/// Whom an admission lets in.
fn admitted(architecture: &Architecture, admission: SubjectId) -> String {
    let part = architecture.part(admission);
    let fact = |name: &str| part.and_then(|part| part.facts.get(name));
    let principal = fact("principal").and_then(Fact::as_text);
    match (principal, fact("principal_name").and_then(Fact::as_text)) {
        (Some("anyone"), _) => "internet".to_owned(),
        (Some("service"), Some(service)) => {
            format!("any account, through {}", clean(service))
        }
        (_, Some(name)) => clean(name).into_owned(),
        (_, None) => "another account".to_owned(),
    }
}

/// Where a step leads and what is had there: `Orders` is reached, `reads Orders`.
fn arrival(architecture: &Architecture, step: &Step) -> String {
    let kind = architecture.component(step.to.subject);
    let kind = kind.map_or("", |component| &*component.kind);
    let name = match (kind, step.to.hold) {
        ("account", Hold::Reads | Hold::Writes) => "what else the account holds".to_owned(),
        _ => architecture.label(step.to.subject),
    };
    let name = clean(&name);
    match (step.to.hold, &step.how) {
        (Hold::Reaches | Hold::Calls, _) => name.into_owned(),
        (Hold::Controls, How::RunsAs) => format!("acts as {name}"),
        (Hold::Controls, How::Granted(grant)) if !takes_over(kind) => {
            let facts = architecture.facts(*grant);
            let abilities = facts.and_then(|facts| facts.get("abilities"));
            let items = abilities.map(|fact| fact.items().0).unwrap_or_default();
            let mut abilities = items.iter().filter_map(|(_, item)| item.as_text());
            match abilities.any(|ability| ability == "change_access") {
                true => format!("may change who gets at {name}"),
                false => format!("may change the settings of {name}"),
            }
        }
        (Hold::Controls, _) => format!("takes over {name}"),
        (Hold::Reads | Hold::Writes, _) if reads_and_writes(architecture, step) => {
            format!("reads and writes {name}")
        }
        (Hold::Reads, _) => format!("reads {name}"),
        (Hold::Writes, _) => format!("writes {name}"),
        (Hold::Decrypts, _) => format!("decrypts with {name}"),
    }
}

/// Whether one can act in the place of a component of this kind.
fn takes_over(kind: &str) -> bool {
    let kinds = [
        "function",
        "function-app",
        "cloud-run-function",
        "ai-agent",
        "workflow",
        "pipe",
        "scheduler",
        "role",
        "account",
    ];
    kinds.contains(&kind)
}
