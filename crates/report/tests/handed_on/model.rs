//! Made-up models: as many threats as asked for, on components of one name.

use std::sync::{Arc, LazyLock};

use underbelly_expression::{Basis, Guard, Reason, SubjectId};
use underbelly_library::{Library, Pages};
use underbelly_model::{
    Architecture, Band, Component, Countermeasure, Counts, DataFlow, Drawn, Evidence, Facts,
    FlowKind, Point, Question, QuestionKey, Risk, State, Status, Strength, System, Threat,
    ThreatModel,
};
use underbelly_report::{Report, Sources};
use underbelly_source::{Diagnostic, Files, Place, Role, Span};

/// Read once: that takes longer than all else.
static LIBRARY: LazyLock<Library> = LazyLock::new(underbelly_builtin::rules);
static PAGES: LazyLock<Pages> = LazyLock::new(underbelly_builtin::pages);

/// A model with all that a report is made from.
pub(crate) struct Made {
    model: ThreatModel,
    files: Files,
    diagnostics: Vec<Diagnostic>,
    counts: Counts,
}

impl Made {
    /// So many threats, ten on each component, everything named `name`.
    pub(crate) fn of(name: &str, n_threats: usize) -> Self {
        Self::with(name, n_threats, n_threats.div_ceil(10))
    }

    /// So many threats and components.
    pub(crate) fn with(name: &str, n_threats: usize, n_components: usize) -> Self {
        let mut made = Self::empty();
        let file = made.files.add(name, "Resources:\n  Orders: x\n");
        let span = Span::new(file, 13, 19);
        let name: Arc<str> = name.into();
        made.model.architecture = architecture(&name, n_components, span);
        let entries = LIBRARY.threats.iter().cycle();
        let threats = entries.take(n_threats).zip(0..).map(|(def, n)| {
            let links = def.countermeasures.iter();
            let countermeasures = links.map(|link| (link.id.clone(), link.sufficient));
            threat(&def.id, n, n_threats, span, countermeasures.collect())
        });
        made.model.threats = threats.collect();
        made.model.questions = vec![question(&name, span)];
        made.diagnostics = vec![
            Diagnostic::error("odd", &*name).at(span).help(&*name),
            Diagnostic::note_only("odd", &*name).in_path(name.clone()),
        ];
        made
    }

    pub(crate) fn empty() -> Self {
        Made {
            model: ThreatModel {
                architecture: Architecture::default(),
                threats: Vec::new(),
                roads: Vec::new(),
                questions: Vec::new(),
                assumptions: Vec::new(),
                as_of: "2026-11-23".into(),
            },
            files: Files::default(),
            diagnostics: Vec::new(),
            counts: Counts::default(),
        }
    }

    fn report(&self) -> Report<'_> {
        Report {
            model: &self.model,
            library: &LIBRARY,
            sources: Sources {
                files: &self.files,
                secrets: &[],
                words: &LIBRARY.data.words,
            },
            diagnostics: &self.diagnostics,
            counts: &self.counts,
        }
    }

    pub(crate) fn xlsx(&self) -> Vec<u8> {
        underbelly_report::xlsx(&self.report(), &PAGES).unwrap()
    }

    pub(crate) fn csv(&self) -> String {
        underbelly_report::csv(&self.report(), &PAGES)
    }

    pub(crate) fn html(&self) -> String {
        underbelly_report::html(&self.report(), &PAGES)
    }

    pub(crate) fn markdown(&self) -> String {
        underbelly_report::markdown(&self.report(), &PAGES)
    }
}

fn architecture(name: &Arc<str>, n_components: usize, span: Span) -> Architecture {
    let component = |_| Component {
        id: name.clone(),
        short: name.clone(),
        name: name.clone(),
        kind: "function".into(),
        zone: "application".into(),
        system: Some(0),
        resource: None,
        place: Some(span),
        guard: Guard::always(),
        outside: false,
        drawn: Drawn::Node,
        facts: Facts::default(),
        parts: Vec::new(),
    };
    let flow = |n| DataFlow {
        id: format!("flow {n}").into(),
        source: SubjectId::component(0),
        destination: SubjectId::component(n),
        kind: FlowKind::Call,
        strength: Strength::Strong,
        label: name.clone(),
        guard: Guard::always(),
        places: vec![here(span)],
    };
    Architecture {
        systems: vec![System {
            name: name.clone(),
            description: None,
            files: Vec::new(),
            n_resources: n_components,
        }],
        components: (0..n_components).map(component).collect(),
        flows: (0..n_components).map(flow).collect(),
        ..Architecture::default()
    }
}

fn threat(
    entry: &Arc<str>,
    n: usize,
    of: usize,
    span: Span,
    countermeasures: Vec<(Arc<str>, bool)>,
) -> Threat {
    let component = SubjectId::component(n / 10);
    let state = match n * 4 / of {
        0 | 1 => State::Exposed,
        2 => State::Question,
        _ => State::Mitigated,
    };
    let value = 99.0 - 99.0 * n as f64 / of as f64;
    let fact = |fact: &str| Evidence {
        subject: component,
        fact: fact.into(),
        value: format!("value {n}").into(),
        basis: Some(Basis::Written),
        unknown: None,
        guard: Guard::always(),
        note: None,
        places: vec![here(span)],
    };
    let evidence = ["open_to", "auth", "kind"].map(|name| Arc::new(fact(name)));
    Threat {
        id: format!("{entry}@{n}").into(),
        entry: entry.clone(),
        component,
        points: vec![Point {
            key: "".into(),
            subject: component,
            state,
            when: Vec::new(),
            by_default: None,
            evidence: evidence.to_vec(),
            questions: Vec::new(),
            absorbed_by: None,
            decision: None,
        }],
        state,
        only_code: false,
        risk: Risk {
            value,
            band: Band::of(value),
            inherent: 0.0,
            projected: 0.0,
            factors: Vec::new(),
        },
        countermeasures: countermeasures
            .into_iter()
            .map(|(entry, sufficient)| Countermeasure {
                id: format!("{entry}@{n}").into(),
                entry,
                targets: vec![component],
                sufficient,
                planned: false,
                status: Status::Missing,
                evidence: Vec::new(),
            })
            .collect(),
        absorbs: Vec::new(),
    }
}

fn question(name: &Arc<str>, span: Span) -> Question {
    Question {
        key: QuestionKey {
            subject: SubjectId::component(0),
            fact: "sensitive".into(),
        },
        ask: format!("What of `{name}`?").into(),
        reason: Reason::Parameter(name.clone()),
        place: Some(here(span)),
        decides: vec![name.clone()],
    }
}

fn here(span: Span) -> Place {
    Place {
        span,
        role: Role::Here,
    }
}
