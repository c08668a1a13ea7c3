//! Architectures for tests: from a few words, or of any size by numbers.

use std::sync::Arc;

use underbelly_expression::{Guard, SubjectId};
use underbelly_model::{
    Architecture, Component, DataFlow, Drawn, Facts, FlowKind, Strength, System, TrustZone,
};

pub(crate) const ZONES: [&str; 6] = [
    "internet",
    "partner",
    "edge",
    "application",
    "data",
    "control",
];

/// Components as `name kind zone`, flows as `from -> to label`.
pub(crate) fn architecture(components: &[&str], flows: &[&str]) -> Architecture {
    let mut architecture = empty();
    for component in components {
        let mut words = component.split(' ');
        let mut word = || words.next().unwrap_or("function");
        let (name, kind, zone) = (word(), word(), word());
        architecture
            .components
            .push(component_of(name, kind, zone, Some(0)));
    }
    for flow in flows {
        let mut words = flow.splitn(4, ' ');
        let (from, _, to) = (words.next(), words.next(), words.next());
        let index = |name: Option<&str>| {
            let components = &architecture.components;
            let found = components.iter().position(|c| Some(&*c.name) == name);
            found.expect("the flow names a component")
        };
        let flow = flow_of(
            &architecture,
            index(from),
            index(to),
            words.next().unwrap_or(""),
        );
        architecture.flows.push(flow);
    }
    architecture
}

/// Numbers that look random and are always the same.
pub(crate) struct Numbers(pub u64);

impl Numbers {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

/// A system of this many components, joined like real ones are.
pub(crate) fn of_size(n: usize, seed: u64) -> Architecture {
    let mut numbers = Numbers(seed);
    let mut architecture = empty();
    for system in 1..1 + n / 120 {
        architecture.systems.push(System {
            name: format!("system-{system}").into(),
            ..architecture.systems[0].clone()
        });
    }
    let n_systems = architecture.systems.len();
    for index in 0..n {
        let (kind, zone) = [
            ("function", "application"),
            ("function", "application"),
            ("function", "application"),
            ("queue", "application"),
            ("table", "data"),
            ("object-store", "data"),
            ("rest-api", "edge"),
            ("external", "partner"),
        ][numbers.below(8)];
        let system = (zone != "partner").then(|| numbers.below(n_systems) as u32);
        let name = format!(
            "{}{index}",
            ["Order", "PaymentNotificationHandler", "x"][index % 3]
        );
        architecture
            .components
            .push(component_of(&name, kind, zone, system));
    }
    for _ in 0..n + n / 2 {
        let (from, to) = (numbers.below(n), numbers.below(n));
        let label = ["", "read", "POST /orders/{id}/items", "write"][numbers.below(4)];
        if n > 0 {
            let mut flow = flow_of(&architecture, from, to, label);
            flow.kind = [
                FlowKind::Trigger,
                FlowKind::Access,
                FlowKind::Call,
                FlowKind::Delivery,
            ][numbers.below(4)];
            flow.id = format!("{} ({})", flow.id, flow.kind.word()).into();
            architecture.flows.push(flow);
        }
    }
    architecture
}

/// The same architecture with its components and flows in another order.
pub(crate) fn shuffled(architecture: Architecture, seed: u64) -> Architecture {
    let mut numbers = Numbers(seed);
    let n = architecture.components.len();
    let mut order: Vec<usize> = (0..n).collect();
    for at in (1..n).rev() {
        order.swap(at, numbers.below(at + 1));
    }
    let mut place = vec![0; n];
    for (new, old) in order.iter().enumerate() {
        place[*old] = new;
    }
    let Architecture {
        mut components,
        mut flows,
        systems,
        zones,
        ..
    } = architecture;
    let moved = |subject: SubjectId| SubjectId::component(place[subject.index()]);
    for flow in &mut flows {
        flow.source = moved(flow.source);
        flow.destination = moved(flow.destination);
    }
    flows.reverse();
    let mut keyed: Vec<(usize, Component)> =
        place.iter().copied().zip(components.drain(..)).collect();
    keyed.sort_by_key(|(new, _)| *new);
    Architecture {
        components: keyed.into_iter().map(|(_, component)| component).collect(),
        flows,
        systems,
        zones,
        ..Architecture::default()
    }
}

fn empty() -> Architecture {
    let zones = ZONES.iter().zip(1..);
    Architecture {
        systems: vec![System {
            name: Arc::from("shop"),
            description: None,
            files: Vec::new(),
            n_resources: 0,
        }],
        zones: zones
            .map(|(id, rating)| TrustZone {
                id: Arc::from(*id),
                name: Arc::from(*id),
                rating,
            })
            .collect(),
        ..Architecture::default()
    }
}

pub(crate) fn component_of(name: &str, kind: &str, zone: &str, system: Option<u32>) -> Component {
    let own = !matches!(zone, "internet" | "partner");
    Component {
        id: name.into(),
        short: name.into(),
        name: name.into(),
        kind: kind.into(),
        zone: zone.into(),
        system: system.filter(|_| own),
        resource: None,
        place: None,
        guard: Guard::always(),
        outside: !own,
        drawn: match kind {
            "role" | "key" => Drawn::Badge,
            _ => Drawn::Node,
        },
        facts: Facts::default(),
        parts: Vec::new(),
    }
}

pub(crate) fn flow_of(of: &Architecture, from: usize, to: usize, label: &str) -> DataFlow {
    let name = |index: usize| &of.components[index].name;
    DataFlow {
        id: format!("{} -> {} {label}", name(from), name(to)).into(),
        source: SubjectId::component(from),
        destination: SubjectId::component(to),
        kind: FlowKind::Call,
        strength: Strength::Strong,
        label: label.into(),
        guard: Guard::always(),
        places: Vec::new(),
    }
}
