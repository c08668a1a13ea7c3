//! What an attacker is after, and what it is worth.

use underbelly_expression::{Fact, SubjectId};
use underbelly_model::{Architecture, Component, Held, Hold, Level, Target};

use crate::holders::{Nature, fact, nature, words};

/// The data, those that are only referred to included, what else the account holds,
/// and control over it, in the order of the components.
pub fn targets(architecture: &Architecture) -> Vec<Target> {
    let mut found = Vec::new();
    for (index, component) in architecture.components.iter().enumerate() {
        let subject = SubjectId::component(index);
        let mut target = |hold: Hold, worth: f64, because: &str| {
            found.push(Target {
                held: Held::new(subject, hold),
                worth,
                because: because.into(),
            });
        };
        if &*component.kind == "account" {
            target(Hold::Controls, 1.0, "everything in the account");
            target(Hold::Reads, BEYOND, "all of a service in the account");
            target(
                Hold::Writes,
                BEYOND * CHANGING,
                "all of a service in the account",
            );
        } else if nature(&component.kind) == Nature::Store {
            for hold in [Hold::Reads, Hold::Writes] {
                let (worth, because) = worth(architecture, subject, hold);
                target(hold, worth, because);
            }
        } else if nature(&component.kind) == Nature::Channel && hands_out(architecture, component) {
            target(Hold::Reads, MESSAGES, "messages on their way");
        }
    }
    found
}

/// Whether the policy of a channel lets others than its own consumers take messages.
fn hands_out(architecture: &Architecture, channel: &Component) -> bool {
    let parts = channel.parts.iter().copied();
    let mut admits = parts.filter(|part| {
        let part = architecture.part(*part);
        part.is_some_and(|part| &*part.group == "admits")
    });
    admits.any(|admit| {
        let (abilities, _) = words(architecture, admit, "abilities");
        abilities.iter().any(|ability| ability == "receive")
    })
}

/// What the data of an account are worth that a right on everything gives beyond
/// those of the model: more than one store nobody spoke of.
const BEYOND: f64 = 0.6;

/// What others' messages are worth that one takes out of a queue or stream.
const MESSAGES: f64 = 0.3;

/// Changing data counts this much of reading it.
const CHANGING: f64 = 0.8;

/// What reading or changing the data of a component is worth, as far as anybody said.
pub(crate) fn worth(
    architecture: &Architecture,
    subject: SubjectId,
    hold: Hold,
) -> (f64, &'static str) {
    // Who said how bad its loss would be said more than yes or no.
    let assets = architecture.assets.iter();
    let here = assets.filter(|asset| asset.held_by.contains(&subject));
    let (confidentiality, integrity) = here.fold((None, None), |(read, changed), asset| {
        (
            read.max(asset.confidentiality),
            changed.max(asset.integrity),
        )
    });
    let share = if hold == Hold::Writes { CHANGING } else { 1.0 };
    match (hold, integrity, confidentiality) {
        (Hold::Writes, Some(level), _) => return by_level(level),
        (_, _, Some(level)) => {
            let (worth, because) = by_level(level);
            return (worth * share, because);
        }
        (_, _, None) => {}
    }
    let said = fact(architecture, subject, "sensitive").and_then(Fact::as_bool);
    let hint = fact(architecture, subject, "data_hint").and_then(Fact::as_text);
    let store = fact(architecture, subject, "store_type").and_then(Fact::as_text);
    let secret = fact(architecture, subject, "looks_secret").and_then(Fact::as_bool);
    let setting = store == Some("parameter") && secret != Some(true);
    let hint = if setting { Some("setting") } else { hint };
    let (worth, because) = match (said, hint) {
        (Some(true), _) => (1.0, "sensitive data"),
        (Some(false), _) => (0.3, "data that is not sensitive"),
        (None, Some("sensitive")) => (0.9, "named like sensitive data"),
        (None, Some("setting")) => (0.2, "a plain parameter"),
        (None, Some("logs")) => (0.35, "named like logs"),
        (None, Some("public")) => (0.2, "named like public data"),
        (None, _) => (0.45, "nobody said what it holds"),
    };
    (worth * share, because)
}

/// What an asset is worth to an attacker, by how bad its loss would be.
fn by_level(level: Level) -> (f64, &'static str) {
    match level {
        Level::Negligible => (0.1, "an asset whose loss nobody would notice"),
        Level::Low => (0.3, "an asset of low value"),
        Level::Medium => (0.6, "an asset of medium value"),
        Level::High => (0.9, "an asset of high value"),
        Level::Critical => (1.0, "an asset of critical value"),
    }
}
