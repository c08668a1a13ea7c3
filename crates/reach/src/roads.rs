//! The roads from outside to what is worth having, those that matter most first.

use underbelly_model::{Architecture, Held, Road, Target};

use crate::{Graph, Path, Survey, targets};

/// For each component worth having its best road from each entrance, to whatever
/// of it matters most there.
pub fn roads(architecture: &Architecture, graph: &Graph, survey: &Survey) -> Vec<Road> {
    let mut found: Vec<Road> = Vec::new();
    let targets = targets(architecture);
    let mut rest = targets.as_slice();
    while let Some(first) = rest.first() {
        let same = |target: &&Target| target.held.subject == first.held.subject;
        let n = rest.iter().take_while(same).count().max(1);
        let (of_one, others) = rest.split_at(n);
        found.extend(to_one(graph, survey, of_one));
        rest = others;
    }
    found.sort_by(|a, b| {
        b.weight()
            .total_cmp(&a.weight())
            .then(a.target.held.cmp(&b.target.held))
            .then(entrance(a).cmp(&entrance(b)))
    });
    found
}

/// The best road of each entrance to each of these, the easiest first.
pub fn to_holds(graph: &Graph, survey: &Survey, holds: &[Held]) -> Vec<Road> {
    let mut found: Vec<Road> = Vec::new();
    for held in holds {
        let target = Target {
            held: *held,
            worth: 1.0,
            because: "".into(),
        };
        let paths = survey.paths(graph, *held);
        found.extend(paths.iter().map(|path| road(graph, path, &target)));
    }
    // Stable: of equals, as they were asked for.
    found.sort_by(|a, b| b.ease.total_cmp(&a.ease));
    found
}

/// The best road of each entrance to one component.
fn to_one(graph: &Graph, survey: &Survey, targets: &[Target]) -> Vec<Road> {
    let mut best: Vec<Road> = Vec::new();
    for target in targets {
        for path in survey.paths(graph, target.held) {
            let road = road(graph, &path, target);
            match best
                .iter_mut()
                .find(|known| entrance(known) == entrance(&road))
            {
                Some(known) if known.weight() >= road.weight() => {}
                Some(known) => *known = road,
                None => best.push(road),
            }
        }
    }
    best
}

fn road(graph: &Graph, path: &Path, target: &Target) -> Road {
    Road {
        steps: path.walk(graph).cloned().collect(),
        target: target.clone(),
        ease: path.ease,
        guard: path.guard.clone(),
    }
}

fn entrance(road: &Road) -> Option<Held> {
    road.steps.first().map(|step| step.to)
}
