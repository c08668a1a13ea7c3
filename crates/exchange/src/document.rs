//! From the model to the shape: ids for indexes, words for enums, lines for bytes.

use std::collections::BTreeSet;

use underbelly_expression::{Guard, Reason, SubjectId};
use underbelly_model as model;
use underbelly_source::{self as source, Files, Role};

use crate::shape;

/// What the model itself does not hold.
pub struct Header<'a> {
    /// The tool and its version.
    pub tool: &'a str,
    /// The name of a library entry, threat or countermeasure.
    pub name_of: &'a dyn Fn(&str) -> String,
    /// One sentence on a system, by its index.
    pub summary_of: &'a dyn Fn(usize) -> String,
}

impl std::fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Header").field("tool", &self.tool).finish()
    }
}

/// The model as other programs read it. Threats that do not apply are left out.
pub fn document(
    model: &model::ThreatModel,
    diagnostics: &[source::Diagnostic],
    files: &Files,
    header: &Header<'_>,
) -> shape::Document {
    let writer = Writer {
        architecture: &model.architecture,
        files,
        header,
    };
    let architecture = &model.architecture;
    let threats = model.threats.iter();
    let shown = threats.filter(|threat| threat.state != model::State::NotApplicable);
    shape::Document {
        version: shape::VERSION,
        tool: header.tool.to_owned(),
        as_of: model.as_of.to_string(),
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
        threats: shown.map(|threat| writer.threat(threat)).collect(),
        questions: model
            .questions
            .iter()
            .map(|question| writer.question(question))
            .collect(),
        assumptions: model
            .assumptions
            .iter()
            .map(|text| shape::Assumption {
                text: text.to_string(),
            })
            .collect(),
        diagnostics: diagnostics
            .iter()
            .map(|diagnostic| writer.diagnostic(diagnostic))
            .collect(),
    }
}

struct Writer<'a> {
    architecture: &'a model::Architecture,
    files: &'a Files,
    header: &'a Header<'a>,
}

impl Writer<'_> {
    fn systems(&self) -> Vec<shape::System> {
        let numbered = self.architecture.systems.iter().enumerate();
        numbered
            .map(|(index, system)| shape::System {
                name: system.name.to_string(),
                description: system.description.as_ref().map(ToString::to_string),
                summary: (self.header.summary_of)(index),
                files: system.files.iter().map(ToString::to_string).collect(),
                resources: system.n_resources,
            })
            .collect()
    }

    fn zones(&self) -> Vec<shape::Zone> {
        let zones = self.architecture.zones.iter();
        zones
            .map(|zone| shape::Zone {
                id: zone.id.to_string(),
                name: zone.name.to_string(),
                rating: zone.rating,
            })
            .collect()
    }

    fn component(&self, component: &model::Component) -> shape::Component {
        let system = component.system;
        let system = system.and_then(|index| self.architecture.systems.get(index as usize));
        let parts = component.parts.iter();
        shape::Component {
            id: component.id.to_string(),
            name: component.name.to_string(),
            kind: component.kind.to_string(),
            zone: component.zone.to_string(),
            system: system.map(|system| system.name.to_string()),
            resource: component.resource.as_ref().map(|declared| shape::Resource {
                r#type: declared.kind.to_string(),
                logical_id: declared.logical_id.to_string(),
                stack: declared.stack.to_string(),
            }),
            place: component.place.map(|span| self.place(span, Role::Here)),
            guard: self.guard(&component.guard),
            outside: component.outside,
            parts: parts.filter_map(|part| self.part(*part)).collect(),
        }
    }

    fn part(&self, subject: SubjectId) -> Option<shape::Part> {
        let part = self.architecture.part(subject)?;
        Some(shape::Part {
            group: part.group.to_string(),
            kind: part.kind.to_string(),
            key: part.key.to_string(),
            place: part.place.map(|span| self.place(span, Role::Here)),
            guard: self.guard(&part.guard),
        })
    }

    fn flow(&self, flow: &model::DataFlow) -> shape::Flow {
        shape::Flow {
            id: flow.id.to_string(),
            source: self.id(flow.source),
            destination: self.id(flow.destination),
            kind: flow.kind.word(),
            strength: match flow.strength {
                model::Strength::Strong => "strong",
                model::Strength::Possible => "possible",
                model::Strength::NoPermission => "no-permission",
            },
            label: flow.label.to_string(),
            guard: self.guard(&flow.guard),
            places: self.places(&flow.places),
        }
    }

    fn threat(&self, threat: &model::Threat) -> shape::Threat {
        let mut guards: BTreeSet<String> = BTreeSet::new();
        let worst = threat
            .points
            .iter()
            .filter(|point| point.state == threat.state);
        let mut always = false;
        for point in worst {
            always |= point.when.is_empty();
            guards.extend(self.guards(&point.when));
        }
        let mut evidence: Vec<shape::Evidence> = Vec::new();
        let mut places: Vec<shape::Place> = Vec::new();
        for fact in threat.points.iter().flat_map(|point| &point.evidence) {
            let fact = self.evidence(fact);
            for place in &fact.places {
                if !places.contains(place) {
                    places.push(place.clone());
                }
            }
            if !evidence.contains(&fact) {
                evidence.push(fact);
            }
        }
        let questions: BTreeSet<String> = threat
            .points
            .iter()
            .flat_map(|point| &point.questions)
            .map(|key| self.question_key(key))
            .collect();
        shape::Threat {
            id: threat.id.to_string(),
            entry: threat.entry.to_string(),
            name: (self.header.name_of)(&threat.entry),
            component: self.id(threat.component),
            state: threat.state.word(),
            guard: (!always && !guards.is_empty())
                .then(|| guards.into_iter().collect::<Vec<_>>().join(" or ")),
            only_code: threat.only_code,
            decision: None,
            risk: risk(&threat.risk),
            points: threat
                .points
                .iter()
                .map(|point| self.point(point))
                .collect(),
            evidence,
            countermeasures: threat
                .countermeasures
                .iter()
                .map(|countermeasure| self.countermeasure(countermeasure))
                .collect(),
            questions: questions.into_iter().collect(),
            absorbs: threat.absorbs.iter().map(ToString::to_string).collect(),
            absorbed_by: threat.absorbed_by().map(ToString::to_string),
            places,
        }
    }

    fn point(&self, point: &model::Point) -> shape::Point {
        let guards = self.guards(&point.when);
        shape::Point {
            key: point.key.to_string(),
            state: point.state.word(),
            guard: (!guards.is_empty()).then(|| guards.join(" or ")),
            by_default: point.by_default,
            absorbed_by: point.absorbed_by.as_ref().map(ToString::to_string),
            evidence: point.evidence.iter().map(|e| self.evidence(e)).collect(),
        }
    }

    fn evidence(&self, evidence: &model::Evidence) -> shape::Evidence {
        shape::Evidence {
            subject: self.label(evidence.subject),
            fact: evidence.fact.to_string(),
            value: evidence.value.to_string(),
            basis: evidence.basis.map(|basis| basis.word()),
            unknown: evidence.unknown.as_ref().map(unknown),
            guard: self.guard(&evidence.guard),
            assumptions: evidence.note.iter().map(ToString::to_string).collect(),
            places: self.places(&evidence.places),
        }
    }

    fn countermeasure(&self, countermeasure: &model::Countermeasure) -> shape::Countermeasure {
        let targets = countermeasure.targets.iter();
        shape::Countermeasure {
            id: countermeasure.id.to_string(),
            entry: countermeasure.entry.to_string(),
            name: (self.header.name_of)(&countermeasure.entry),
            target: targets
                .map(|target| self.label(*target))
                .collect::<Vec<_>>()
                .join(", "),
            status: countermeasure.status.word(),
            sufficient: countermeasure.sufficient,
            evidence: countermeasure
                .evidence
                .iter()
                .map(|e| self.evidence(e))
                .collect(),
        }
    }

    fn question(&self, question: &model::Question) -> shape::Question {
        shape::Question {
            key: self.question_key(&question.key),
            ask: question.ask.to_string(),
            why: unknown(&question.reason),
            place: question
                .place
                .map(|place| self.place(place.span, place.role)),
            decides: question.decides.iter().map(ToString::to_string).collect(),
        }
    }

    fn diagnostic(&self, diagnostic: &source::Diagnostic) -> shape::Diagnostic {
        let related = diagnostic.related.iter();
        shape::Diagnostic {
            code: diagnostic.code.to_owned(),
            severity: diagnostic.severity.word(),
            message: diagnostic.message.clone(),
            place: diagnostic.span.map(|span| self.place(span, Role::Here)),
            path: diagnostic.path.as_ref().map(ToString::to_string),
            related: related
                .map(|(span, _)| self.place(*span, Role::Related))
                .collect(),
            note: diagnostic.note.clone(),
            help: diagnostic.help.clone(),
        }
    }

    fn question_key(&self, key: &model::QuestionKey) -> String {
        format!("{} @ {}", key.fact, self.label(key.subject))
    }

    /// `stack/logical-id`, or that with ` # key` for a part.
    fn label(&self, subject: SubjectId) -> String {
        match self.architecture.part(subject) {
            Some(part) => format!("{} # {}", self.id(part.owner), part.key),
            None => self.id(subject),
        }
    }

    fn id(&self, component: SubjectId) -> String {
        let component = self.architecture.component(component);
        component.map_or_else(|| "?".to_owned(), |component| component.id.to_string())
    }

    fn guard(&self, guard: &Guard) -> Option<String> {
        (!guard.is_always()).then(|| self.architecture.worlds.describe(guard))
    }

    fn guards(&self, guards: &[Guard]) -> Vec<String> {
        guards
            .iter()
            .filter_map(|guard| self.guard(guard))
            .collect()
    }

    fn places(&self, places: &[source::Place]) -> Vec<shape::Place> {
        places
            .iter()
            .map(|place| self.place(place.span, place.role))
            .collect()
    }

    fn place(&self, span: source::Span, role: Role) -> shape::Place {
        let start = self.files.position(span);
        let end = self.files.end_position(span);
        shape::Place {
            file: self.files.shown(span.file).to_owned(),
            line: start.line,
            column: start.column,
            end: shape::End {
                line: end.line,
                column: end.column,
            },
            role: match role {
                Role::Here => "here",
                Role::MissingHere => "missing-here",
                Role::Related => "related",
            },
        }
    }
}

fn risk(risk: &model::Risk) -> shape::Risk {
    let factors = risk.factors.iter();
    shape::Risk {
        value: risk.value.round().clamp(0.0, 100.0) as u8,
        band: risk.band.word(),
        factors: factors
            .map(|factor| shape::Factor {
                name: factor.name.to_string(),
                finding: factor.finding.to_string(),
                weight: factor.weight,
            })
            .collect(),
    }
}

fn unknown(reason: &Reason) -> shape::Unknown {
    shape::Unknown {
        reason: reason.word(),
        detail: reason.to_string(),
    }
}
