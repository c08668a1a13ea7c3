//! The picture of roads: every component they lead over as a box, roles and who sets
//! out included, and a line for every step from one box to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_diagram::{Diagram, Way};
use underbelly_expression::{Guard, SubjectId};
use underbelly_library::Library;
use underbelly_model::{
    Architecture, Component, DataFlow, Drawn, Facts, FlowKind, Hold, How, Road, Step, Strength,
    ThreatModel,
};

use crate::picture::{drawing, marks};
use crate::view::setting_out;

/// Draws what some roads lead over, and nothing else; `from` is where they start,
/// if that is inside.
pub fn picture_of_roads(
    model: &ThreatModel,
    library: &Library,
    roads: &[Road],
    from: Option<SubjectId>,
) -> Diagram {
    let mut plan = Plan::of(&model.architecture);
    for road in roads {
        plan.add(road, from);
    }
    let way = Way {
        name: if roads.len() == 1 { "road" } else { "roads" }.into(),
        stops: plan.stops,
    };
    let mut own = marks(model, library);
    let boxes = plan.boxes.iter();
    let marks = boxes.filter_map(|(index, at)| Some((*at, own.remove(index)?)));
    let marks = marks.collect();
    drawing(&plan.drawn, library, marks, way)
}

/// A drawing of roads as it grows.
struct Plan<'a> {
    architecture: &'a Architecture,
    drawn: Architecture,
    /// The boxes of components, by their index.
    boxes: BTreeMap<usize, usize>,
    /// The boxes of those who set out, by what they are called.
    callers: BTreeMap<String, usize>,
    flows: BTreeSet<Arc<str>>,
    stops: Vec<Vec<usize>>,
}

impl<'a> Plan<'a> {
    fn of(architecture: &'a Architecture) -> Self {
        let drawn = Architecture {
            systems: architecture.systems.clone(),
            zones: architecture.zones.clone(),
            worlds: architecture.worlds.clone(),
            ..Architecture::default()
        };
        Self {
            architecture,
            drawn,
            boxes: BTreeMap::new(),
            callers: BTreeMap::new(),
            flows: BTreeSet::new(),
            stops: Vec::new(),
        }
    }

    fn add(&mut self, road: &Road, from: Option<SubjectId>) {
        let Some(first) = road.steps.first() else {
            return;
        };
        let start = match from {
            Some(from) => self.component(from),
            None => Some(self.caller(&setting_out(self.architecture, first))),
        };
        let mut stops: Vec<usize> = start.into_iter().collect();
        for step in &road.steps {
            let before = match step.from {
                Some(from) => self.component(from.subject),
                None => start,
            };
            let Some(to) = self.component(step.to.subject) else {
                continue;
            };
            if let Some(before) = before.filter(|before| *before != to) {
                self.line(before, to, step);
            }
            stops.push(to);
        }
        stops.dedup();
        self.stops.push(stops);
    }

    /// The box of a component, or of the one a part belongs to.
    fn component(&mut self, subject: SubjectId) -> Option<usize> {
        let part = self.architecture.part(subject);
        let subject = part.map_or(subject, |part| part.owner);
        let component = self.architecture.component(subject)?;
        if component.outside && &*component.kind == "actor" {
            return Some(self.caller(&component.short));
        }
        let next = self.drawn.components.len();
        let at = *self.boxes.entry(subject.index()).or_insert(next);
        if at == next {
            self.drawn.components.push(Component {
                id: component.id.clone(),
                short: component.short.clone(),
                name: component.name.clone(),
                kind: component.kind.clone(),
                zone: component.zone.clone(),
                system: component.system,
                resource: None,
                place: component.place,
                guard: component.guard.clone(),
                outside: component.outside,
                drawn: Drawn::Node,
                facts: Facts::default(),
                parts: Vec::new(),
            });
        }
        Some(at)
    }

    /// The box of those who set out.
    fn caller(&mut self, who: &str) -> usize {
        let next = self.drawn.components.len();
        let at = *self.callers.entry(who.to_owned()).or_insert(next);
        if at == next {
            let zones = self.drawn.zones.iter();
            let least = zones.min_by_key(|zone| zone.rating);
            let zone = least.map_or_else(|| "internet".into(), |zone| zone.id.clone());
            self.drawn.components.push(Component {
                id: who.into(),
                short: who.into(),
                name: who.into(),
                kind: "actor".into(),
                zone,
                system: None,
                resource: None,
                place: None,
                guard: Guard::always(),
                outside: true,
                drawn: Drawn::Node,
                facts: Facts::default(),
                parts: Vec::new(),
            });
        }
        at
    }

    fn line(&mut self, from: usize, to: usize, step: &Step) {
        let (kind, strength) = look(step);
        let label = self.label(step);
        let id: Arc<str> = format!("{from} -> {to} ({}) {label}", kind.word()).into();
        if self.flows.insert(id.clone()) {
            self.drawn.flows.push(DataFlow {
                id,
                source: SubjectId::component(from),
                destination: SubjectId::component(to),
                kind,
                strength,
                label,
                guard: step.guard.clone(),
                places: step.places.clone(),
            });
        }
    }

    /// What stands on the line of a step: the route, the event, or what is had.
    fn label(&self, step: &Step) -> Arc<str> {
        let reached = self.architecture.part(step.to.subject);
        match (&step.how, reached) {
            (How::HandedOn(label), _) => label.clone(),
            (How::RunsAs, _) => "acts as".into(),
            (_, Some(part)) => part.key.clone(),
            (_, None) => match step.to.hold {
                Hold::Reaches | Hold::Calls => "".into(),
                Hold::Controls => "takes over".into(),
                Hold::Reads | Hold::Writes | Hold::Decrypts => step.to.hold.word().into(),
            },
        }
    }
}

/// What kind of line a step is, and how sure.
fn look(step: &Step) -> (FlowKind, Strength) {
    let data = matches!(step.to.hold, Hold::Reads | Hold::Writes | Hold::Decrypts);
    let kind = match data {
        true => FlowKind::Access,
        false => FlowKind::Call,
    };
    let strength = match step.unknown {
        Some(_) => Strength::Possible,
        None => Strength::Strong,
    };
    (kind, strength)
}
