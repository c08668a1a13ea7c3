//! The roads an attacker could walk, in words.

use std::collections::BTreeSet;

use underbelly_expression::{Fact, SubjectId};
use underbelly_model::{Architecture, Held, Hold, How, Road, Step, ThreatModel};

use super::Report;
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
            Some(known) => known.also.push(name),
            None => rows.push(row),
        }
    }
    rows
}

/// The components a road leads over, by their index, from where it starts.
pub(crate) fn stops(model: &ThreatModel, road: &Road) -> Vec<usize> {
    let architecture = &model.architecture;
    let start = road.steps.first().map(|step| start(architecture, step));
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
            gets: held(architecture, road.target.held),
            hold: road.target.held.hold,
            also: Vec::new(),
            start: road
                .steps
                .first()
                .map_or("outside".to_owned(), |step| start(architecture, step)),
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

    /// `internet → ShopApi # GET /orders → ListOrders → reads Orders`
    pub(crate) fn chain(&self) -> String {
        let mut said = self.start.clone();
        for step in &self.steps {
            said.push_str(" → ");
            said.push_str(&step.to);
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
        StepRow {
            subject: step.to.subject,
            to: match step.how {
                How::RunsAs => format!("acts as {}", clean(&architecture.label(step.to.subject))),
                How::Open(_)
                | How::Admitted(_)
                | How::HandedOn(_)
                | How::Defined
                | How::Forwarded
                | How::Purpose
                | How::Flaw
                | How::Rights
                | How::Granted(_)
                | How::Guest
                | How::SignedIn
                | How::Account
                | How::Escalation(_) => held(architecture, step.to),
            },
            why: why(architecture, step),
            place: place.map_or_else(String::new, |place| report.at(place.span)),
            unknown: step
                .unknown
                .as_ref()
                .map(|reason| clean(&reason.to_string()).into_owned()),
        }
    }
}

/// Who takes the first step.
fn start(architecture: &Architecture, step: &Step) -> String {
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

/// What is had of something: `Orders` is reached, `reads Orders`.
pub(crate) fn held(architecture: &Architecture, held: Held) -> String {
    let component = architecture.component(held.subject);
    let account = component.is_some_and(|component| &*component.kind == "account");
    let name = match (account, held.hold) {
        (true, Hold::Reads | Hold::Writes) => "what else the account holds".to_owned(),
        (true, Hold::Reaches | Hold::Calls | Hold::Controls | Hold::Decrypts) | (false, _) => {
            architecture.label(held.subject)
        }
    };
    let name = clean(&name);
    match held.hold {
        Hold::Reaches | Hold::Calls => name.into_owned(),
        Hold::Controls => format!("takes over {name}"),
        Hold::Reads => format!("reads {name}"),
        Hold::Writes => format!("writes {name}"),
        Hold::Decrypts => format!("decrypts with {name}"),
    }
}

/// Why a step is possible, in a phrase.
fn why(architecture: &Architecture, step: &Step) -> String {
    let said = match &step.how {
        How::Open(who) => format!("open to {}", callers(who)),
        How::Admitted(admission) => {
            let key = architecture.part(*admission).map_or("?", |part| &part.key);
            format!("let in by {key} of its policy")
        }
        How::HandedOn(label) if label.is_empty() => "is handed on".to_owned(),
        How::HandedOn(label) => format!("is handed on: {label}"),
        How::Defined => "it is defined to".to_owned(),
        How::Forwarded => "its code may hand on what it is sent".to_owned(),
        How::Purpose => match step.to.hold {
            Hold::Reads => "its callers get what it reads".to_owned(),
            Hold::Writes | Hold::Reaches | Hold::Calls | Hold::Controls | Hold::Decrypts => {
                "it stores what it is sent".to_owned()
            }
        },
        How::Flaw => "by a flaw in its code, if it has one".to_owned(),
        How::Rights => "its role may".to_owned(),
        How::Granted(grant) => {
            let key = architecture.part(*grant).map_or("?", |part| &part.key);
            format!("by its grant `{key}`")
        }
        How::RunsAs => "the role it runs under".to_owned(),
        How::Guest => "everyone gets the guests' credentials".to_owned(),
        How::SignedIn => "whoever signs in gets its users' credentials".to_owned(),
        How::Account => "it is in the account".to_owned(),
        How::Escalation(way) if &**way == "administer" => "its role may do everything".to_owned(),
        How::Escalation(way) => format!("its role can {}", way.replace('_', " ")),
    };
    clean(&said).into_owned()
}

fn callers(who: &str) -> String {
    match who {
        "anyone" => "anyone".to_owned(),
        "key_holder" => "holders of an API key".to_owned(),
        "signed_in" => "signed-in users".to_owned(),
        "any_account" => "any account at the provider".to_owned(),
        "partner" => "partners".to_owned(),
        "deputy" => "a service for any account".to_owned(),
        "account" => "the account".to_owned(),
        other => other.replace('_', " "),
    }
}
