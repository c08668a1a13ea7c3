//! From the model to the shape: ids for indexes, words for enums, lines for bytes.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_model as model;
use underbelly_reach::{Cut, Opening};
use underbelly_source::{self as source, Files, Role};

use crate::lists::{Each, Places, Positions};
use crate::once::Once;
use crate::shape::{self, Text};

/// What the model itself does not hold.
pub struct Header<'a> {
    /// The tool and its version.
    pub tool: &'a str,
    /// The name of a library entry, threat or countermeasure.
    pub name_of: &'a dyn Fn(&'a str) -> &'a str,
    /// One sentence on each system.
    pub summaries: &'a [String],
}

impl std::fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Header").field("tool", &self.tool).finish()
    }
}

/// The model as other programs read it. Threats that do not apply are left out.
pub fn document<'a>(
    model: &'a model::ThreatModel,
    diagnostics: &'a [source::Diagnostic],
    files: &'a Files,
    header: &'a Header<'a>,
) -> shape::Document<'a> {
    let writer = Writer {
        architecture: &model.architecture,
        files,
        header,
    };
    let architecture = &model.architecture;
    let threats = move || {
        let threats = model.threats.iter();
        let shown = threats.filter(|threat| threat.state != model::State::NotApplicable);
        shown.map(move |threat| writer.threat(threat))
    };
    shape::Document {
        version: shape::VERSION,
        tool: header.tool.into(),
        as_of: text(&model.as_of),
        systems: writer.systems(),
        zones: writer.zones(),
        components: architecture
            .components
            .iter()
            .map(|component| writer.component(component))
            .collect(),
        flows: architecture
            .flows
            .iter()
            .map(|flow| writer.flow(flow))
            .collect(),
        threats: Each::of(threats),
        roads: model.roads.iter().map(|road| writer.road(road)).collect(),
        questions: model
            .questions
            .iter()
            .map(|question| writer.question(question))
            .collect(),
        assumptions: model
            .assumptions
            .iter()
            .map(|assumption| shape::Assumption {
                text: text(assumption),
            })
            .collect(),
        diagnostics: diagnostics
            .iter()
            .map(|diagnostic| writer.diagnostic(diagnostic))
            .collect(),
    }
}

/// Roads alone, as other programs read them.
pub fn roads<'a>(
    architecture: &'a model::Architecture,
    roads: &'a [model::Road],
    openings: Option<&Cut<Opening>>,
    files: &'a Files,
    header: &'a Header<'a>,
) -> shape::Roads<'a> {
    let writer = Writer {
        architecture,
        files,
        header,
    };
    shape::Roads {
        version: shape::VERSION,
        tool: header.tool.into(),
        roads: roads.iter().map(|road| writer.road(road)).collect(),
        openings: openings
            .into_iter()
            .flat_map(|cut| &cut.measures)
            .map(|(opening, closes)| shape::Opening {
                subject: writer.label(opening.subject),
                fact: opening.fact,
                closes: *closes,
            })
            .collect(),
        always_open: openings.map(|cut| cut.left),
    }
}

#[derive(Clone, Copy)]
struct Writer<'a> {
    architecture: &'a model::Architecture,
    files: &'a Files,
    header: &'a Header<'a>,
}

impl<'a> Writer<'a> {
    fn systems(&self) -> Vec<shape::System<'a>> {
        let numbered = self.architecture.systems.iter().enumerate();
        numbered
            .map(|(index, system)| shape::System {
                name: text(&system.name),
                description: system.description.as_ref().map(text),
                summary: self.summary(index),
                files: texts(&system.files),
                resources: system.n_resources,
            })
            .collect()
    }

    fn summary(&self, system: usize) -> Text<'a> {
        let summary = self.header.summaries.get(system);
        summary.map_or(Text::Borrowed(""), Text::from)
    }

    fn zones(&self) -> Vec<shape::Zone<'a>> {
        let zones = self.architecture.zones.iter();
        zones
            .map(|zone| shape::Zone {
                id: text(&zone.id),
                name: text(&zone.name),
                rating: zone.rating,
            })
            .collect()
    }

    fn component(&self, component: &'a model::Component) -> shape::Component<'a> {
        let system = component.system;
        let system = system.and_then(|index| self.architecture.systems.get(index as usize));
        let parts = component.parts.iter();
        shape::Component {
            id: text(&component.id),
            name: text(&component.name),
            kind: text(&component.kind),
            zone: text(&component.zone),
            system: system.map(|system| text(&system.name)),
            resource: component.resource.as_ref().map(|declared| shape::Resource {
                kind: text(&declared.kind),
                logical_id: text(&declared.logical_id),
                stack: text(&declared.stack),
            }),
            place: component.place.map(|span| self.place(span, Role::Here)),
            guard: self.guard(&component.guard),
            outside: component.outside,
            parts: parts.filter_map(|part| self.part(*part)).collect(),
        }
    }

    fn part(&self, subject: SubjectId) -> Option<shape::Part<'a>> {
        let part = self.architecture.part(subject)?;
        Some(shape::Part {
            group: text(&part.group),
            kind: text(&part.kind),
            key: text(&part.key),
            place: part.place.map(|span| self.place(span, Role::Here)),
            guard: self.guard(&part.guard),
        })
    }

    fn flow(&self, flow: &'a model::DataFlow) -> shape::Flow<'a> {
        shape::Flow {
            id: text(&flow.id),
            source: self.id(flow.source),
            destination: self.id(flow.destination),
            kind: flow.kind.word(),
            strength: match flow.strength {
                model::Strength::Strong => "strong",
                model::Strength::Possible => "possible",
                model::Strength::NoPermission => "no-permission",
            },
            label: text(&flow.label),
            guard: self.guard(&flow.guard),
            places: self.places(&flow.places),
        }
    }

    fn threat(&self, threat: &'a model::Threat) -> shape::Threat<'a> {
        let mut guards: BTreeSet<Text<'a>> = BTreeSet::new();
        let worst = threat
            .points
            .iter()
            .filter(|point| point.state == threat.state);
        let mut always = false;
        for point in worst {
            always |= point.when.is_empty();
            guards.extend(self.guards(&point.when));
        }
        let evidence = Once::over(&threat.points);
        let mut places: Vec<source::Place> = Vec::new();
        let mut shown: BTreeSet<source::Place> = BTreeSet::new();
        for fact in &evidence.facts {
            let new = fact.places.iter().filter(|place| shown.insert(**place));
            places.extend(new);
        }
        let questions: BTreeSet<Text<'a>> = threat
            .points
            .iter()
            .flat_map(|point| &point.questions)
            .map(|key| self.question_key(key))
            .collect();
        shape::Threat {
            id: text(&threat.id),
            entry: text(&threat.entry),
            name: (self.header.name_of)(&threat.entry).into(),
            component: self.id(threat.component),
            state: threat.state.word(),
            guard: (!always && !guards.is_empty())
                .then(|| guards.into_iter().collect::<Vec<_>>().join(" or ").into()),
            only_code: threat.only_code,
            decision: threat.decision().map(|decision| self.decision(decision)),
            risk: risk(&threat.risk),
            points: threat
                .points
                .iter()
                .map(|point| self.point(point, &evidence))
                .collect(),
            evidence: evidence.facts.iter().map(|e| self.evidence(e)).collect(),
            countermeasures: threat
                .countermeasures
                .iter()
                .map(|countermeasure| self.countermeasure(threat.component, countermeasure))
                .collect(),
            questions: questions.into_iter().collect(),
            absorbs: texts(&threat.absorbs),
            absorbed_by: threat.absorbed_by().map(text),
            places: self.places(places),
        }
    }

    fn decision(&self, decision: &'a model::Decision) -> shape::Decision<'a> {
        shape::Decision {
            decided: decision.decided.word(),
            reason: text(&decision.reason),
            by: decision.by.as_ref().map(text),
            until: decision.until.as_ref().map(text),
            place: Some(self.place(decision.place.span, decision.place.role)),
        }
    }

    fn point(&self, point: &'a model::Point, evidence: &Once<'a>) -> shape::Point<'a> {
        let guards = self.guards(&point.when);
        shape::Point {
            key: text(&point.key),
            status: point.state.word(),
            guard: (!guards.is_empty()).then(|| guards.join(" or ").into()),
            by_default: point.by_default,
            absorbed_by: point.absorbed_by.as_ref().map(text),
            decision: point
                .decision
                .as_ref()
                .map(|decision| decision.decided.word()),
            evidence: Positions(evidence.positions(point)),
        }
    }

    fn evidence(&self, evidence: &'a model::Evidence) -> shape::Evidence<'a> {
        shape::Evidence {
            subject: self.label(evidence.subject),
            fact: text(&evidence.fact),
            value: text(&evidence.value),
            basis: evidence.basis.map(|basis| basis.word()),
            unknown: evidence.unknown.as_ref().map(unknown),
            guard: self.guard(&evidence.guard),
            assumptions: evidence.note.iter().map(text).collect(),
            places: self.places(&evidence.places),
        }
    }

    fn countermeasure(
        &self,
        component: SubjectId,
        countermeasure: &'a model::Countermeasure,
    ) -> shape::Countermeasure<'a> {
        let targets = match countermeasure.targets.as_slice() {
            [] => &[component],
            targets => targets,
        };
        shape::Countermeasure {
            id: text(&countermeasure.id),
            entry: text(&countermeasure.entry),
            name: (self.header.name_of)(&countermeasure.entry).into(),
            target: targets
                .iter()
                .map(|target| self.label(*target))
                .collect::<Vec<_>>()
                .join(", ")
                .into(),
            status: countermeasure.status.word(),
            sufficient: countermeasure.sufficient,
            planned: countermeasure.planned,
            evidence: countermeasure
                .evidence
                .iter()
                .map(|e| self.evidence(e))
                .collect(),
        }
    }

    fn road(&self, road: &'a model::Road) -> shape::Road<'a> {
        let held = road.target.held;
        let entrance = road.steps.first();
        let entrance = entrance.map_or(Text::Borrowed("?"), |step| self.label(step.to.subject));
        let target = self.label(held.subject);
        shape::Road {
            id: format!("{entrance} -> {target} ({})", held.hold.word()).into(),
            target,
            hold: held.hold.word(),
            ease: rounded(road.ease),
            worth: rounded(road.target.worth),
            guard: self.guard(&road.guard),
            steps: road.steps.iter().map(|step| self.step(step)).collect(),
        }
    }

    fn step(&self, step: &'a model::Step) -> shape::Step<'a> {
        let (how, by) = match &step.how {
            model::How::Open(who) => ("open", text(who)),
            model::How::Admitted(admission) => ("admitted", self.label(*admission)),
            model::How::HandedOn(by) => ("handed-on", text(by)),
            model::How::Defined => ("defined", Text::Borrowed("")),
            model::How::Forwarded => ("forwarded", Text::Borrowed("")),
            model::How::Purpose => ("purpose", Text::Borrowed("")),
            model::How::Flaw => ("flaw", Text::Borrowed("")),
            model::How::Rights => ("rights", Text::Borrowed("")),
            model::How::Granted(grant) => ("granted", self.label(*grant)),
            model::How::RunsAs => ("runs-as", Text::Borrowed("")),
            model::How::Guest => ("guest", Text::Borrowed("")),
            model::How::SignedIn => ("signed-in", Text::Borrowed("")),
            model::How::Account => ("account", Text::Borrowed("")),
            model::How::Escalation(way) => ("escalation", text(way)),
        };
        shape::Step {
            to: self.label(step.to.subject),
            hold: step.to.hold.word(),
            how,
            by,
            ease: rounded(step.ease),
            unknown: step.unknown.as_ref().map(unknown),
            places: self.places(&step.places),
        }
    }

    fn question(&self, question: &'a model::Question) -> shape::Question<'a> {
        shape::Question {
            key: self.question_key(&question.key),
            ask: text(&question.ask),
            why: unknown(&question.reason),
            place: question
                .place
                .map(|place| self.place(place.span, place.role)),
            decides: texts(&question.decides),
        }
    }

    fn diagnostic(&self, diagnostic: &'a source::Diagnostic) -> shape::Diagnostic<'a> {
        let related = diagnostic.related.iter();
        shape::Diagnostic {
            code: diagnostic.code.into(),
            severity: diagnostic.severity.word(),
            message: (&diagnostic.message).into(),
            place: diagnostic.span.map(|span| self.place(span, Role::Here)),
            path: diagnostic.path.as_ref().map(text),
            related: related
                .map(|(span, _)| self.place(*span, Role::Related))
                .collect(),
            note: diagnostic.note.as_ref().map(Text::from),
            help: diagnostic.help.as_ref().map(Text::from),
        }
    }

    fn question_key(&self, key: &'a model::QuestionKey) -> Text<'a> {
        format!("{} @ {}", key.fact, self.label(key.subject)).into()
    }

    /// `stack/logical-id`, or that with ` # key` for a part.
    fn label(&self, subject: SubjectId) -> Text<'a> {
        match self.architecture.part(subject) {
            Some(part) => [&self.id(part.owner), " # ", &part.key].concat().into(),
            None => self.id(subject),
        }
    }

    fn id(&self, component: SubjectId) -> Text<'a> {
        let component = self.architecture.component(component);
        component.map_or(Text::Borrowed("?"), |component| text(&component.id))
    }

    fn guard(&self, guard: &Guard) -> Option<Text<'a>> {
        (!guard.is_always()).then(|| self.architecture.worlds.describe(guard).into())
    }

    fn guards(&self, guards: &[Guard]) -> Vec<Text<'a>> {
        guards
            .iter()
            .filter_map(|guard| self.guard(guard))
            .collect()
    }

    fn places(&self, places: impl Into<Cow<'a, [source::Place]>>) -> Places<'a> {
        Places {
            files: self.files,
            places: places.into(),
        }
    }

    fn place(&self, span: source::Span, role: Role) -> shape::Place<'a> {
        shape::Place::of(span, role, self.files)
    }
}

/// To thousandths: more would only say how numbers are kept.
fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

fn risk(risk: &model::Risk) -> shape::Risk<'_> {
    let factors = risk.factors.iter();
    let whole = |value: f64| value.round().clamp(0.0, 100.0) as u8;
    shape::Risk {
        value: whole(risk.value),
        unrounded: (risk.value * 1e6).round() / 1e6,
        band: risk.band.word(),
        inherent: whole(risk.inherent),
        projected: whole(risk.projected),
        factors: factors
            .map(|factor| shape::Factor {
                name: text(&factor.name),
                finding: text(&factor.finding),
                weight: rounded(factor.weight),
            })
            .collect(),
    }
}

fn unknown(reason: &Reason) -> shape::Unknown<'static> {
    shape::Unknown {
        reason: reason.word(),
        detail: reason.to_string().into(),
    }
}

fn text(text: &Arc<str>) -> Text<'_> {
    Text::Borrowed(text)
}

fn texts(texts: &[Arc<str>]) -> Vec<Text<'_>> {
    texts.iter().map(text).collect()
}
