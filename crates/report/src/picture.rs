//! The picture of a threat model: the architecture, each component with the
//! risk of its worst exposed threat.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use underbelly_diagram::{Diagram, Mark, Options, Way, draw};
use underbelly_expression::SubjectId;
use underbelly_library::Library;
use underbelly_model::{Road, Threat, ThreatModel};

use crate::view::{LEAST, stops};

/// Draws a threat model, with the worst road to data standing out.
pub fn picture(model: &ThreatModel, library: &Library) -> Diagram {
    let worst = model.roads.iter().take(1);
    let worst = worst.filter(|road| road.weight() >= LEAST);
    let way = Way {
        name: "worst road to data".into(),
        stops: worst.map(|road| stops(model, road)).collect(),
    };
    drawing(model, library, way, None)
}

/// Draws what some roads lead over, and nothing else; `from` is where they start,
/// if that is inside.
pub fn picture_of_roads(
    model: &ThreatModel,
    library: &Library,
    roads: &[Road],
    from: Option<SubjectId>,
) -> Diagram {
    let from = from.map(SubjectId::index);
    let stops = |road| from.into_iter().chain(stops(model, road)).collect();
    let way = Way {
        name: if roads.len() == 1 { "road" } else { "roads" }.into(),
        stops: roads.iter().map(stops).collect(),
    };
    let only = way.stops.iter().flatten().copied().collect();
    drawing(model, library, way, Some(only))
}

fn drawing(
    model: &ThreatModel,
    library: &Library,
    way: Way,
    only: Option<BTreeSet<usize>>,
) -> Diagram {
    let kinds = library.kinds.iter();
    let systems = model.architecture.systems.iter();
    let names: Vec<&str> = systems.map(|system| &*system.name).collect();
    draw(
        &model.architecture,
        &Options {
            title: format!("Threat model of {}", names.join(", ")).into(),
            marks: marks(model, library),
            way: Some(way),
            only,
            kind_names: kinds
                .map(|kind| (kind.id.clone(), kind.name.clone()))
                .collect(),
            ..Options::default()
        },
    )
}

/// What is exposed on each component, worst first.
fn marks(model: &ThreatModel, library: &Library) -> BTreeMap<usize, Mark> {
    let mut exposed: BTreeMap<usize, Vec<&Threat>> = BTreeMap::new();
    for threat in &model.threats {
        if threat.is_shown() {
            let component = threat.component.index();
            exposed.entry(component).or_default().push(threat);
        }
    }
    let marked = exposed.into_iter().filter_map(|(component, threats)| {
        let worst = threats.first()?;
        let mark = Mark {
            band: worst.risk.band,
            number: worst.risk.value.round() as u32,
            note: note(&threats, library),
            highlight: false,
        };
        Some((component, mark))
    });
    marked.collect()
}

fn note(threats: &[&Threat], library: &Library) -> Arc<str> {
    const NAMED: usize = 8;
    let mut lines: Vec<String> = threats
        .iter()
        .take(NAMED)
        .map(|threat| {
            let name = library.threat(&threat.entry).map(|def| &*def.name);
            let name = name.unwrap_or(&threat.entry);
            format!(
                "{:.0} {} risk: {name}",
                threat.risk.value,
                threat.risk.band.word()
            )
        })
        .collect();
    if threats.len() > NAMED {
        lines.push(format!("and {} more", threats.len() - NAMED));
    }
    lines.join("\n").into()
}
