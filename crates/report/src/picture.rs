//! The picture of a threat model: the architecture, each component with the
//! risk of its worst exposed threat.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_diagram::{Diagram, Mark, Options, Way, draw};
use underbelly_library::Library;
use underbelly_model::{Architecture, Threat, ThreatModel};

use crate::view::{LEAST, stops};

/// Draws a threat model, with the worst road to data standing out.
pub fn picture(model: &ThreatModel, library: &Library) -> Diagram {
    let worst = model.roads.iter().take(1);
    let worst = worst.filter(|road| road.weight() >= LEAST);
    let way = Way {
        name: "worst road to data".into(),
        stops: worst.map(|road| stops(model, road)).collect(),
    };
    drawing(&model.architecture, library, marks(model, library), way)
}

/// A drawing with what stands out of it.
pub(crate) fn drawing(
    architecture: &Architecture,
    library: &Library,
    marks: BTreeMap<usize, Mark>,
    way: Way,
) -> Diagram {
    let kinds = library.kinds.iter();
    let names: Vec<&str> = architecture.systems.iter().map(|s| &*s.name).collect();
    draw(
        architecture,
        &Options {
            title: format!("Threat model of {}", names.join(", ")).into(),
            marks,
            way: Some(way),
            kind_names: kinds
                .map(|kind| (kind.id.clone(), kind.name.clone()))
                .collect(),
            ..Options::default()
        },
    )
}

/// What is exposed on each component, worst first.
pub(crate) fn marks(model: &ThreatModel, library: &Library) -> BTreeMap<usize, Mark> {
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
