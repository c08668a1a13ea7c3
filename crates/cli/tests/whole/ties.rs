//! How many threats share a score: only those with the same factors, and few of a
//! system's.

use std::collections::BTreeMap;

use underbelly_model::{State, Threat, ThreatModel};

/// Systems in which more threats than a tenth are alike in every factor there is, with
/// the size of that group: functions that run the same old runtime or layer, stand
/// equally near to outside and have the same data behind them, which is none.
const ALIKE: &[(&str, usize)] = &[
    ("cdk-json-12-lza-upgrade-cloudformation", 3),
    ("odd-09-translator-input", 6),
    ("sam-yaml-01-template-yaml", 7),
];

/// What is wrong with a model's scores.
pub(crate) fn ties(name: &str, model: &ThreatModel) -> Vec<String> {
    let shown = |threat: &&Threat| threat.state == State::Exposed && threat.absorbed_by().is_none();
    let exposed: Vec<&Threat> = model.threats.iter().filter(shown).collect();
    let mut by_score: BTreeMap<String, Vec<&Threat>> = BTreeMap::new();
    for threat in &exposed {
        let score = format!("{:.9}", threat.risk.value);
        by_score.entry(score).or_default().push(threat);
    }
    let mut problems = Vec::new();
    for alike in by_score.values() {
        let mut factors: Vec<Vec<String>> = alike.iter().map(|threat| factors(threat)).collect();
        factors.dedup();
        if factors.len() > 1 {
            let ids: Vec<String> = alike.iter().map(|threat| threat.id.to_string()).collect();
            problems.push(format!("{name}: one score, other factors: {ids:?}"));
        }
    }
    let largest = by_score.values().map(Vec::len).max().unwrap_or_default();
    let most = 2.max(exposed.len() / 10);
    let known = ALIKE.iter().find(|(system, _)| *system == name);
    match known {
        Some((_, n)) if *n == largest => {}
        None if largest <= most => {}
        Some(_) | None => problems.push(format!(
            "{name}: {largest} of {} exposed threats share a score",
            exposed.len()
        )),
    }
    problems
}

fn factors(threat: &Threat) -> Vec<String> {
    let factors = threat.risk.factors.iter();
    let mut said: Vec<String> = factors
        .map(|factor| format!("{} {:.9}", factor.name, factor.weight))
        .collect();
    said.sort();
    said
}
