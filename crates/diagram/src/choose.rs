//! What is drawn as a box, what as a badge on which box, and in which band.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_expression::{Fact, SubjectId, Value, VariableId};
use underbelly_model::{Architecture, Component, Drawn};

use crate::Options;
use crate::sketch::{Badge, Lane, LaneKind, Line, Look, Node, Sketch, Zone, join};

pub(crate) fn choose(architecture: &Architecture, options: &Options) -> Sketch {
    let badges = badges(architecture);
    let mut boxed: Vec<usize> = (0..architecture.components.len())
        .filter(|&index| match architecture.components[index].drawn {
            Drawn::Node => true,
            // A badge on nothing would not be seen.
            Drawn::Badge => !badges.contains_key(&index),
            Drawn::No => false,
        })
        .collect();
    boxed.sort_by_key(|&index| &architecture.components[index].id);
    let node_of: BTreeMap<usize, usize> = boxed.iter().copied().zip(0..).collect();
    let zones = zones(architecture, &boxed);
    let lines = lines(architecture, &node_of);
    let (lanes, lane_of) = lanes(architecture, &zones, &boxed, &lines);
    let mut nodes: Vec<Node> = boxed
        .iter()
        .zip(lane_of)
        .map(|(&index, lane)| node(architecture, options, &zones, index, lane))
        .collect();
    for (badge, users) in badges {
        for user in users {
            if let Some(node) = node_of.get(&user).and_then(|&node| nodes.get_mut(node)) {
                node.badges.push(as_badge(architecture, options, badge));
            }
        }
    }
    for node in &mut nodes {
        node.badges.sort();
    }
    Sketch {
        zones,
        lanes,
        nodes,
        lines,
    }
}

/// Which boxes a badge is shown on: those that a flow joins it to, whose facts
/// name it, or that its facts name.
fn badges(architecture: &Architecture) -> BTreeMap<usize, BTreeSet<usize>> {
    let drawn = |index: usize| architecture.components.get(index).map(|c| c.drawn);
    let mut users: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut receivers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for flow in &architecture.flows {
        let source = owner(architecture, flow.source);
        let destination = owner(architecture, flow.destination);
        let (Some(source), Some(destination)) = (source, destination) else {
            continue;
        };
        match (drawn(source), drawn(destination)) {
            (Some(Drawn::Node), Some(Drawn::Badge)) => {
                users.entry(destination).or_default().insert(source);
            }
            (Some(Drawn::Badge), Some(Drawn::Node)) => {
                receivers.entry(source).or_default().insert(destination);
            }
            _ => {}
        }
    }
    let mut join = |a: usize, b: usize| match (drawn(a), drawn(b)) {
        (Some(Drawn::Badge), Some(Drawn::Node)) => {
            users.entry(a).or_default().insert(b);
        }
        (Some(Drawn::Node), Some(Drawn::Badge)) => {
            users.entry(b).or_default().insert(a);
        }
        _ => {}
    };
    for (index, component) in architecture.components.iter().enumerate() {
        for (_, fact) in component.facts.iter() {
            for subject in subjects(fact) {
                if !subject.is_part() {
                    join(index, subject.index());
                }
            }
        }
    }
    // What a badge hands on to is not what uses it, unless nothing else is.
    for (badge, receivers) in receivers {
        users.entry(badge).or_insert(receivers);
    }
    users
}

/// The component a flow's end belongs to.
fn owner(architecture: &Architecture, subject: SubjectId) -> Option<usize> {
    let component = match architecture.part(subject) {
        Some(part) => part.owner,
        None => subject,
    };
    (!component.is_part()).then(|| component.index())
}

/// Every component or part a fact names, in any world.
fn subjects(fact: &Fact) -> Vec<SubjectId> {
    let mut found = Vec::new();
    let mut open = vec![fact];
    while let Some(fact) = open.pop() {
        match fact {
            Fact::Known(known) => match &known.value {
                Value::Subject(subject) => found.push(*subject),
                Value::Set(set) => open.extend(set.items.iter().map(|item| &item.fact)),
                Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {}
            },
            Fact::OneOf(one_of) => {
                open.extend(one_of.alternatives.iter().map(|other| &other.fact));
            }
            Fact::Unknown(_) | Fact::Absent(_) => {}
        }
    }
    found
}

/// The zones that hold a box, in the order of trust; unknown ones come last.
fn zones(architecture: &Architecture, boxed: &[usize]) -> Vec<Zone> {
    let used: BTreeSet<&Arc<str>> = boxed
        .iter()
        .map(|&index| &architecture.components[index].zone)
        .collect();
    let mut declared: Vec<_> = architecture.zones.iter().collect();
    declared.sort_by(|a, b| (a.rating, &a.id).cmp(&(b.rating, &b.id)));
    declared.dedup_by(|a, b| a.id == b.id);
    let known = declared.iter().filter(|zone| used.contains(&zone.id));
    let unknown = used
        .iter()
        .filter(|id| !declared.iter().any(|zone| zone.id == ***id));
    known
        .map(|zone| Zone {
            id: zone.id.clone(),
            name: zone.name.clone(),
        })
        .chain(unknown.map(|id| Zone {
            id: (*id).clone(),
            name: (*id).clone(),
        }))
        .collect()
}

/// Flows between boxes.
fn lines(architecture: &Architecture, node_of: &BTreeMap<usize, usize>) -> Vec<Line> {
    let end = |subject| owner(architecture, subject).and_then(|index| node_of.get(&index));
    let lines = architecture.flows.iter().filter_map(|flow| {
        Some(Line {
            source: *end(flow.source)?,
            destination: *end(flow.destination)?,
            look: Look::of(flow.kind),
            strength: flow.strength,
            kinds: BTreeSet::from([flow.kind]),
            labels: Some(flow.label.clone())
                .filter(|label| !label.is_empty())
                .into_iter()
                .collect(),
            flows: BTreeSet::from([flow.id.clone()]),
            conditional: !flow.guard.is_always(),
        })
    });
    join(lines)
}

/// The bands of rows, and the band of every box.
fn lanes(
    architecture: &Architecture,
    zones: &[Zone],
    boxed: &[usize],
    lines: &[Line],
) -> (Vec<Lane>, Vec<usize>) {
    let components: Vec<&Component> = boxed
        .iter()
        .map(|&index| &architecture.components[index])
        .collect();
    let zone_of = |component: &Component| zones.iter().position(|zone| zone.id == component.zone);
    let own = components.iter().filter(|c| c.system.is_some());
    let first_own = own.filter_map(|c| zone_of(c)).min().unwrap_or(0);
    let mut calls = vec![false; components.len()];
    let mut near: Vec<BTreeSet<Option<u32>>> = vec![BTreeSet::new(); components.len()];
    for line in lines {
        calls[line.source] = true;
        near[line.source].insert(components[line.destination].system);
        near[line.destination].insert(components[line.source].system);
    }
    let name = |system: u32| {
        let system = architecture.systems.get(system as usize);
        system.map_or_else(|| Arc::from(""), |system| system.name.clone())
    };
    let key_of = |(index, component): (usize, &&Component)| {
        let zone = zone_of(component).unwrap_or(0);
        if let Some(system) = component.system {
            return (LaneKind::System, name(system), system as usize);
        }
        if zone < first_own {
            return match calls[index] {
                false => (LaneKind::Called, zones[zone].name.clone(), zone),
                true => (LaneKind::Callers, Arc::from(""), 0),
            };
        }
        let mut systems = near[index].iter();
        match (systems.next(), systems.next()) {
            (Some(Some(system)), None) => (LaneKind::System, name(*system), *system as usize),
            // Where there is but one system nothing is between systems.
            _ if architecture.systems.len() == 1 => (LaneKind::System, name(0), 0),
            _ => (LaneKind::Shared, Arc::from(""), 0),
        }
    };
    let keys: Vec<_> = components.iter().enumerate().map(key_of).collect();
    let mut sorted: Vec<_> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
    sorted.sort();
    let lane_of = keys
        .iter()
        .filter_map(|key| sorted.binary_search(&key).ok());
    let lane_of = lane_of.collect();
    let lanes = sorted.into_iter().map(|(kind, name, _)| Lane {
        kind: *kind,
        name: name.clone(),
    });
    (lanes.collect(), lane_of)
}

fn node(
    architecture: &Architecture,
    options: &Options,
    zones: &[Zone],
    index: usize,
    lane: usize,
) -> Node {
    let component = &architecture.components[index];
    let zone = zones.iter().position(|zone| zone.id == component.zone);
    Node {
        key: component.id.clone(),
        name: component.name.clone(),
        kind: component.kind.clone(),
        kind_name: kind_name(options, &component.kind),
        zone: zone.unwrap_or(0),
        lane,
        outside: component.outside,
        condition: condition(architecture, component),
        mark: options.marks.get(&index).cloned(),
        badges: Vec::new(),
        rows: Vec::new(),
        hidden: Vec::new(),
    }
}

/// When a component exists, in as few words as can be: `IsProd and not IsTest`.
fn condition(architecture: &Architecture, component: &Component) -> Option<Arc<str>> {
    let choice = |(id, value): &(VariableId, u16)| {
        let variable = architecture.worlds.variable(*id)?;
        let value = variable.values.get(usize::from(*value))?;
        Some(match &**value {
            "true" => variable.name.to_string(),
            "false" => format!("not {}", variable.name),
            other => format!("{} = {other}", variable.name),
        })
    };
    let choices: Vec<String> = component
        .guard
        .choices()
        .iter()
        .filter_map(choice)
        .collect();
    (!component.guard.is_always()).then(|| choices.join(" and ").into())
}

fn as_badge(architecture: &Architecture, options: &Options, index: usize) -> Badge {
    let component = &architecture.components[index];
    Badge {
        kind: component.kind.clone(),
        kind_name: kind_name(options, &component.kind),
        key: component.id.clone(),
        name: component.name.clone(),
        outside: component.outside,
        component: index,
    }
}

/// The name given for a kind, or its id as words.
fn kind_name(options: &Options, kind: &Arc<str>) -> Arc<str> {
    let given = options.kind_names.get(kind).cloned();
    given.unwrap_or_else(|| kind.replace('-', " ").into())
}
