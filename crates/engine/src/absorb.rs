//! Threats that are not shown beside one that includes them.
//!
//! Both must be exposed, at the same point, on the same component, or along a
//! declared path. The general one keeps the special ones' ids, so that nothing
//! is lost.

use std::collections::HashMap;

use underbelly_expression::{Judge, SubjectId};
use underbelly_library::{Absorb, Library};
use underbelly_model::{Architecture, State, Threat};

use crate::scope::Drawing;

pub(crate) fn absorb(threats: &mut [Threat], architecture: &Architecture, library: &Library) {
    let mut at: HashMap<(&str, SubjectId), Vec<usize>> = HashMap::new();
    let keys: Vec<_> = threats
        .iter()
        .map(|threat| (threat.entry.clone(), threat.component))
        .collect();
    for (index, (entry, component)) in keys.iter().enumerate() {
        at.entry((entry, *component)).or_default().push(index);
    }
    let drawing = Drawing(architecture);
    let judge = Judge::new(&drawing, &architecture.worlds);
    let mut found: Vec<(usize, usize, Vec<SubjectId>)> = Vec::new();
    for (index, threat) in threats.iter().enumerate() {
        if threat.state != State::Exposed {
            continue;
        }
        let Some(def) = library.threat(&threat.entry) else {
            continue;
        };
        for absorb in &def.absorbs {
            for (component, covered) in covered(threat, absorb, architecture, &judge) {
                let included = at.get(&(&*absorb.id, component));
                for included in included.into_iter().flatten() {
                    if *included != index {
                        found.push((index, *included, covered.clone()));
                    }
                }
            }
        }
    }
    for (by, included, covered) in found {
        let Some(id) = threats.get(by).map(|threat| threat.id.clone()) else {
            continue;
        };
        let Some(threat) = threats.get_mut(included) else {
            continue;
        };
        let mut took = false;
        for point in &mut threat.points {
            let inside = covered.contains(&point.subject) || covered.contains(&threat.component);
            if point.state == State::Exposed && inside && point.absorbed_by.is_none() {
                point.absorbed_by = Some(id.clone());
                took = true;
            }
        }
        let included = threat.id.clone();
        if took && let Some(threat) = threats.get_mut(by) {
            threat.absorbs.push(included);
        }
    }
}

/// The components on which another threat may be included, each with the points
/// that are; the component itself among them stands for all its points.
fn covered(
    threat: &Threat,
    absorb: &Absorb,
    architecture: &Architecture,
    judge: &Judge<'_, Drawing<'_>>,
) -> Vec<(SubjectId, Vec<SubjectId>)> {
    let exposed = threat.points.iter().filter(|p| p.state == State::Exposed);
    let points: Vec<SubjectId> = exposed.map(|point| point.subject).collect();
    let Some(path) = &absorb.on else {
        return vec![(threat.component, points)];
    };
    let mut covered = Vec::new();
    for point in points {
        for (_, target) in judge.follow(&path.expression, point).subjects {
            let owner = architecture.part(target).map_or(target, |part| part.owner);
            covered.push((owner, vec![target]));
        }
    }
    covered
}
