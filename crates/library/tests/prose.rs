//! How the built-in library is written: short, in one spelling, naming problems,
//! and praising nobody's product.

mod common;

use common::built_in;

/// A text with where it stands: `function-url-open: why`.
type Said = (String, String);

fn all() -> Vec<Said> {
    let (_, (knowledge, _)) = built_in();
    let mut said: Vec<Said> = Vec::new();
    let mut add = |id: &str, what: &str, text: &str| {
        said.push((format!("{id}: {what}"), text.to_owned()));
    };
    for def in &knowledge.library.threats {
        add(&def.id, "name", &def.name);
    }
    for def in &knowledge.library.countermeasures {
        add(&def.id, "name", &def.name);
    }
    for page in &knowledge.pages.threats {
        let sentence = &page.threat;
        add(&page.id, "source", &sentence.source);
        add(&page.id, "action", &sentence.action);
        add(&page.id, "impact", &sentence.impact);
        add(&page.id, "why", &page.why);
        if let Some(hint) = &page.hint {
            add(&page.id, "hint", hint);
        }
    }
    for page in &knowledge.pages.countermeasures {
        add(&page.id, "do", &page.action);
        add(&page.id, "verify", &page.verify);
    }
    assert!(said.len() > 1_000, "only {} texts", said.len());
    said
}

/// The words of a text, without what stands in back-ticks.
fn words(text: &str) -> Vec<String> {
    let plain = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let words = plain.split(|c: char| !c.is_alphabetic() && c != '-');
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn texts_are_as_long_as_a_reader_stays() {
    let bounds = |what: &str| match what {
        "name" => (8, 72),
        "why" => (90, 700),
        "do" => (20, 420),
        "verify" => (20, 420),
        "hint" => (20, 320),
        _ => (6, 220),
    };
    let mut problems = Vec::new();
    for (at, text) in all() {
        let what = at.rsplit(": ").next().unwrap();
        let (least, most) = bounds(what);
        let length = text.trim().chars().count();
        if !(least..=most).contains(&length) {
            problems.push(format!(
                "{at} has {length} characters, not {least} to {most}"
            ));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn one_spelling_is_used() {
    const ELSEWHERE: &[&str] = &[
        "authorizer",
        "authorizers",
        "authorization",
        "authorize",
        "authorized",
        "behavior",
        "color",
        "encrypt-at-rest",
        "organization",
        "organizations",
        "recognize",
        "serialization",
        "deserialization",
        "center",
        "analyze",
        "analyzed",
        "customize",
        "minimize",
        "catalog",
        "log-in",
        "teh",
        "recieve",
        "seperate",
        "occured",
        "persmission",
        "lamda",
        "its'",
    ];
    check_none(ELSEWHERE);
}

#[test]
fn nothing_is_praised() {
    const PRAISE: &[&str] = &[
        "seamless",
        "seamlessly",
        "robust",
        "leverage",
        "leverages",
        "powerful",
        "best-in-class",
        "cutting-edge",
        "industry-leading",
        "world-class",
        "effortless",
        "effortlessly",
        "comprehensive",
        "next-generation",
        "state-of-the-art",
        "game-changer",
        "utilize",
    ];
    check_none(PRAISE);
}

fn check_none(refused: &[&str]) {
    let mut problems = Vec::new();
    for (at, text) in all() {
        for word in words(&text) {
            if refused.contains(&word.as_str()) {
                problems.push(format!("{at}: `{word}`"));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_threat_names_the_problem_not_the_cure() {
    const CURES: &[&str] = &[
        "use",
        "enable",
        "add",
        "set",
        "encrypt",
        "restrict",
        "require",
        "rotate",
        "limit",
        "turn",
        "configure",
        "ensure",
        "implement",
        "avoid",
    ];
    let (_, (knowledge, _)) = built_in();
    let names = knowledge.library.threats.iter();
    let cures = names.filter(|def| {
        let first = def
            .name
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        CURES.contains(&first.as_str())
    });
    let cures: Vec<_> = cures
        .map(|def| format!("{}: {}", def.id, def.name))
        .collect();
    assert!(cures.is_empty(), "\n{}", cures.join("\n"));
}

#[test]
fn a_countermeasure_says_what_to_do_in_whole_sentences() {
    let (_, (knowledge, _)) = built_in();
    let mut problems = Vec::new();
    for page in &knowledge.pages.countermeasures {
        for (what, text) in [("do", &page.action), ("verify", &page.verify)] {
            let text = text.trim();
            let begins = text
                .chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || c == '`');
            if !begins || !text.ends_with(['.', '`', ')']) {
                problems.push(format!("{}: {what}: {text}", page.id));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
