//! The rating from exposure and impact, 0 to 100, every factor shown.
//!
//! `100 × √(likelihood × impact)`, where likelihood is the entry's own times how
//! near an attacker stands, impact is what would be lost times what it is worth
//! here, and countermeasures in place take their share off either. Without those it
//! is the inherent risk, with those that are planned too the projected one. The whole
//! is written down in `docs/risk.md`; the same factors give the same number.

use underbelly_expression::SubjectId;
use underbelly_library::{Level, Library, Lowers, ThreatDef};
use underbelly_model::{Architecture, Band, Factor, How, Risk, State, Status, Threat};
use underbelly_reach::Position;

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
    position: &Position,
    def: &ThreatDef,
    threat: &Threat,
) -> Risk {
    if threat.state == State::NotApplicable {
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
    let (finding, weight) = nearness(architecture, position, threat);
    chance *= factor("attacker", finding, weight);

    let impact = def.rate.impact;
    // What was read cannot be called back; what was changed can be restored, and what
    // stands still goes on.
    let mut losses = [
        ("confidentiality", impact.confidentiality, 1.0),
        ("integrity", impact.integrity, 0.98),
        ("availability", impact.availability, 0.96),
    ];
    losses.sort_by_key(|loss| std::cmp::Reverse(loss.1));
    let mut bad = 0.0;
    for ((name, level, lasting), share) in losses.into_iter().zip(SHARES) {
        if level > Level::Negligible {
            let more = share * (1.0 - bad) * lasting * loss(level);
            bad += factor(&format!("loss of {name}"), level.word().to_owned(), more);
        }
    }
    let (finding, weight) = worth(architecture, position, threat);
    bad *= factor("data behind it", finding, weight);

    let inherent = scale(chance, bad);
    let mut planned = threat.state == State::Mitigated;
    let (mut chance_then, mut bad_then) = (chance, bad);
    for countermeasure in &threat.countermeasures {
        let lowers = lowers(library, def, &countermeasure.entry);
        let share = share(countermeasure.status);
        let then = if countermeasure.planned { 1.0 } else { share };
        chance_then *= 1.0 - then * f64::from(lowers.likelihood);
        bad_then *= 1.0 - then * f64::from(lowers.impact);
        planned |= countermeasure.planned && countermeasure.sufficient;
        let left = 1.0 - share * f64::from(lowers.likelihood);
        if left < 1.0 {
            chance *= factor("in place", countermeasure.entry.to_string(), left);
        }
        let left = 1.0 - share * f64::from(lowers.impact);
        if left < 1.0 {
            bad *= factor("in place", countermeasure.entry.to_string(), left);
        }
    }
    // What is held off is no risk now, whatever it would be without.
    if threat.state == State::Mitigated {
        return Risk {
            inherent,
            ..Risk::default()
        };
    }
    let value = scale(chance, bad);
    Risk {
        value,
        band: Band::of(value),
        inherent,
        projected: if planned {
            0.0
        } else {
            scale(chance_then, bad_then)
        },
        factors,
    }
}

/// 0 to 100.
fn scale(chance: f64, loss: f64) -> f64 {
    (100.0 * (chance * loss).max(0.0).sqrt()).clamp(0.0, 100.0)
}

/// How much of what a countermeasure takes off it takes off now.
fn share(status: Status) -> f64 {
    match status {
        Status::InPlace => 1.0,
        Status::Partial => 0.5,
        Status::Unknown | Status::Missing | Status::NotApplicable => 0.0,
    }
}

fn lowers(library: &Library, def: &ThreatDef, id: &str) -> Lowers {
    let link = def.countermeasures.iter().find(|link| &*link.id == id);
    let own = link.and_then(|link| link.lowers);
    let usual = library.countermeasure(id).map(|known| known.lowers);
    own.or(usual).unwrap_or_default()
}

/// How near an attacker stands to a threat: by the easiest road to where it was
/// found, or for a role to what runs under it, and a share of the next ones.
fn nearness(architecture: &Architecture, position: &Position, threat: &Threat) -> (String, f64) {
    let users = named(architecture, threat.component, "users");
    let subjects: Vec<SubjectId> = places(threat).chain(users).collect();
    // Insiders and people with a foothold nobody can see here are never far.
    let Some(near) = position.near(&subjects) else {
        return ("no road from outside".to_owned(), INSIDER);
    };
    let who = match near.entrance.map(|step| &step.how) {
        Some(How::Open(who)) => format!("open to {}", who.replace('_', " ")),
        Some(How::Admitted(_)) => "let in by a policy".to_owned(),
        Some(How::Guest) => "open to guests".to_owned(),
        Some(
            How::HandedOn(_)
            | How::Defined
            | How::Forwarded
            | How::Purpose
            | How::Flaw
            | How::Rights
            | How::Granted(_)
            | How::RunsAs
            | How::SignedIn
            | How::Account
            | How::Escalation(_),
        )
        | None => "reached from outside".to_owned(),
    };
    let mut finding = match near.n_steps {
        0 | 1 => who,
        2 => format!("1 step behind what is {who}"),
        n => format!("{} steps behind what is {who}", n - 1),
    };
    let certain = near.eases.first().is_some_and(|ease| *ease >= 1.0);
    match near.eases.len() {
        0 | 1 => {}
        _ if certain => {}
        2 => finding.push_str("; 1 more way in"),
        n => finding.push_str(&format!("; {} more ways in", n - 1)),
    }
    (finding, INSIDER + (1.0 - INSIDER) * together(&near.eases))
}

/// What those can do who are inside already.
const INSIDER: f64 = 0.3;

/// What lies behind a threat, as far as roads lead and anybody said what it is worth:
/// the best of it, and of what that leaves over a share of the next ones.
fn worth(architecture: &Architecture, position: &Position, threat: &Threat) -> (String, f64) {
    // What a role may do is had by taking over what runs under it.
    let users = named(architecture, threat.component, "users");
    let subjects: Vec<SubjectId> = places(threat).chain(users).collect();
    let behind = position.behind(&subjects);
    let Some(best) = behind.first() else {
        return ("no road leads on to data".to_owned(), NOTHING_BEHIND);
    };
    let weights: Vec<f64> = behind.iter().map(|behind| behind.weight).collect();
    let target = best.target;
    let name = architecture.label(target.held.subject);
    let mut finding = format!("{} {name}: {}", target.held.hold.word(), target.because);
    if let Some(others @ 1..) = behind.len().checked_sub(1) {
        finding.push_str(&format!("; {others} more"));
    }
    let all = together(&weights);
    (finding, NOTHING_BEHIND + (1.0 - NOTHING_BEHIND) * all)
}

/// What the largest counts, and the next ones of what those before leave over: of
/// losses, of ways in, and of what lies behind.
const SHARES: [f64; 6] = [1.0, 0.2, 0.1, 0.05, 0.025, 0.0125];

/// Shares of one whole taken together, the largest first.
fn together(largest_first: &[f64]) -> f64 {
    let shares = largest_first.iter().zip(SHARES);
    shares.fold(0.0, |all, (one, share)| all + share * (1.0 - all) * one)
}

/// What is at stake where no road leads on: the component itself.
const NOTHING_BEHIND: f64 = 0.6;

/// Where a threat was found: its worst points, or the component.
fn places(threat: &Threat) -> impl Iterator<Item = SubjectId> {
    let worst = threat.points.iter().filter(|p| p.state == threat.state);
    let subjects = worst.map(|point| point.subject);
    subjects.chain([threat.component])
}
