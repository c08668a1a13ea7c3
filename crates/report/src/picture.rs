//! The picture of a threat model: the architecture, each component with the
//! risk of its worst exposed threat.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_diagram::{Diagram, Mark, Options, draw};
use underbelly_library::Library;
use underbelly_model::{Threat, ThreatModel};

/// Draws a threat model.
pub fn picture(model: &ThreatModel, library: &Library) -> Diagram {
    let kinds = library.kinds.iter();
    let systems = model.architecture.systems.iter();
    let names: Vec<&str> = systems.map(|system| &*system.name).collect();
    draw(
        &model.architecture,
        &Options {
            title: format!("Threat model of {}", names.join(", ")).into(),
            marks: marks(model, library),
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
