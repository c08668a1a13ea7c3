//! A first rating from exposure and impact, 0 to 100, every factor shown.
//!
//! `100 × √(likelihood × impact)`, where likelihood is the entry's own times how
//! near an attacker stands, impact is what would be lost times what it is worth
//! here, and countermeasures in place take their share off either. The whole is
//! written down in `docs/risk.md`; the same factors give the same number.

use underbelly_expression::{Fact, SubjectId, Value};
use underbelly_library::{Level, Library, Lowers, ThreatDef};
use underbelly_model::{Architecture, Band, Factor, Risk, State, Status, Threat};

use crate::scope::named;

/// How likely, by the entry's level.
fn likelihood(level: Level) -> f64 {
    match level {
        Level::Negligible => 0.05,
        Level::Low => 0.25,
        Level::Medium => 0.50,
        Level::High => 0.75,
        Level::Critical => 0.95,
    }
}

/// How bad, by the entry's level.
fn loss(level: Level) -> f64 {
    match level {
        Level::Negligible => 0.0,
        Level::Low => 0.20,
        Level::Medium => 0.45,
        Level::High => 0.70,
        Level::Critical => 0.95,
    }
}

pub(crate) fn rate(
    architecture: &Architecture,
    library: &Library,
    def: &ThreatDef,
    threat: &Threat,
) -> Risk {
    if matches!(threat.state, State::Mitigated | State::NotApplicable) {
        return Risk::default();
    }
    let mut factors = Vec::new();
    let mut factor = |name: &str, finding: String, weight: f64| {
        factors.push(Factor {
            name: name.into(),
            finding: finding.into(),
            weight,
        });
        weight
    };
    let level = def.rate.likelihood;
    let mut chance = factor("likelihood", level.word().to_owned(), likelihood(level));
    let (finding, weight) = nearness(architecture, threat.component);
    chance *= factor("attacker", finding, weight);

    let impact = def.rate.impact;
    let mut losses = [
        ("confidentiality", impact.confidentiality),
        ("integrity", impact.integrity),
        ("availability", impact.availability),
    ];
    losses.sort_by_key(|loss| std::cmp::Reverse(loss.1));
    let mut bad = 0.0;
    for ((name, level), share) in losses.into_iter().zip([1.0, 0.2, 0.1]) {
        if level > Level::Negligible {
            let more = share * (1.0 - bad) * loss(level);
            bad += factor(&format!("loss of {name}"), level.word().to_owned(), more);
        }
    }
    let (finding, weight) = worth(architecture, threat.component);
    bad *= factor("data behind it", finding, weight);

    for countermeasure in &threat.countermeasures {
        let share = match countermeasure.status {
            Status::InPlace => 1.0,
            Status::Partial => 0.5,
            Status::Unknown | Status::Missing | Status::NotApplicable => continue,
        };
        let lowers = lowers(library, def, &countermeasure.entry);
        let left = 1.0 - share * f64::from(lowers.likelihood);
        if left < 1.0 {
            chance *= factor("in place", countermeasure.entry.to_string(), left);
        }
        let left = 1.0 - share * f64::from(lowers.impact);
        if left < 1.0 {
            bad *= factor("in place", countermeasure.entry.to_string(), left);
        }
    }
    let value = (100.0 * (chance * bad).max(0.0).sqrt()).clamp(0.0, 100.0);
    Risk {
        value,
        band: Band::of(value),
        factors,
    }
}

fn lowers(library: &Library, def: &ThreatDef, id: &str) -> Lowers {
    let link = def.countermeasures.iter().find(|link| &*link.id == id);
    let own = link.and_then(|link| link.lowers);
    let usual = library.countermeasure(id).map(|known| known.lowers);
    own.or(usual).unwrap_or_default()
}

/// How near an attacker stands to a component: by who may reach it, by whether
/// data from outside does, or for a role by what runs as it.
fn nearness(architecture: &Architecture, component: SubjectId) -> (String, f64) {
    let own = near(architecture, component);
    named(architecture, component, "users")
        .into_iter()
        .map(|user| near(architecture, user))
        .chain([own])
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or_else(|| ("nobody".to_owned(), 0.30))
}

fn near(architecture: &Architecture, component: SubjectId) -> (String, f64) {
    let facts = architecture.facts(component);
    let fact = |name: &str| facts.and_then(|facts| facts.get(name));
    let mut best = match fact("open_to").map(widest) {
        Some(Reach::Word(word)) => {
            let weight = match &*word {
                "anyone" => 1.0,
                "key_holder" => 0.9,
                "signed_in" => 0.8,
                "partner" => 0.7,
                "account" => 0.4,
                _ => 0.3,
            };
            (format!("open to {}", word.replace('_', " ")), weight)
        }
        Some(Reach::Unknown) => ("who may reach it is unknown".to_owned(), 0.55),
        None => ("nobody from outside".to_owned(), 0.3),
    };
    if let Some(fact) = fact("untrusted_input") {
        let found = match fact.as_bool() {
            Some(true) => Some(("takes data from outside", 0.75)),
            Some(false) => None,
            None => Some(("may take data from outside", 0.55)),
        };
        if let Some((finding, weight)) = found
            && weight > best.1
        {
            best = (finding.to_owned(), weight);
        }
    }
    best
}

enum Reach {
    Word(String),
    Unknown,
}

/// The least trusted of the cases.
fn widest(fact: &Fact) -> Reach {
    const ORDER: [&str; 6] = [
        "anyone",
        "key_holder",
        "signed_in",
        "partner",
        "account",
        "nobody",
    ];
    let mut best: Option<usize> = None;
    let mut unknown = false;
    for (_, case) in fact.cases() {
        match case {
            Fact::Known(known) => {
                let Value::Text(text) = &known.value else {
                    continue;
                };
                let at = ORDER.iter().position(|word| text.known() == Some(word));
                best = match (best, at) {
                    (Some(best), Some(at)) => Some(best.min(at)),
                    (best, at) => best.or(at),
                };
            }
            Fact::Unknown(_) => unknown = true,
            Fact::OneOf(_) | Fact::Absent(_) => {}
        }
    }
    match best.and_then(|at| ORDER.get(at)) {
        Some(word) if !unknown || *word == "anyone" => Reach::Word((*word).to_owned()),
        Some(_) | None => Reach::Unknown,
    }
}

/// What the data at or behind a component is worth, as far as anybody said.
fn worth(architecture: &Architecture, component: SubjectId) -> (String, f64) {
    let mut reached = vec![component];
    for path in ["uses", "targets", "target", "consumers"] {
        reached.extend(named(architecture, component, path));
    }
    for user in named(architecture, component, "users") {
        reached.extend(named(architecture, user, "uses"));
    }
    let mut finding = ("none that anybody called sensitive", 0.8);
    for subject in reached {
        let facts = architecture.facts(subject);
        let Some(fact) = facts.and_then(|facts| facts.get("sensitive")) else {
            continue;
        };
        match fact.as_bool() {
            Some(true) => return ("sensitive".to_owned(), 1.0),
            Some(false) => {}
            None => finding = ("perhaps sensitive", 0.9),
        }
    }
    (finding.0.to_owned(), finding.1)
}
