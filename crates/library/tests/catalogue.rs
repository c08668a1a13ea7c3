//! What is wrong with a catalogue entry is said, at its place.

mod common;

use common::{built_in_with, render};

/// The messages about an entry, in order.
fn check(entry: &str, expected: &[&str]) {
    let path = "library/catalogue/aws/tried.yaml";
    let (files, (_, problems)) = built_in_with(path, entry);
    let shown = |span| files.get(span).is_some_and(|file| &**file.path() == path);
    let ours: Vec<_> = problems
        .into_iter()
        .filter(|problem| problem.span.is_some_and(|span| shown(span.file)))
        .collect();
    let messages: Vec<&str> = ours.iter().map(|problem| &*problem.message).collect();
    assert_eq!(messages, expected, "{}", render(&files, &ours));
}

fn queue(facts: &str) -> String {
    format!(
        "component: queue\nresources: {{ cloudformation: ['AWS::SQS::Queue'] }}\nfacts:\n  {facts}\n"
    )
}

#[test]
fn names_are_those_of_kinds_facts_and_properties() {
    let kind = "component: quue\nresources: { cloudformation: ['AWS::SQS::Queue'] }\n";
    check(kind, &["there is no kind `quue`"]);
    let fact = queue("encryptd: has(KmsMasterKeyId)");
    check(&fact, &["`queue` has no fact `encryptd`"]);
    let property = queue("encrypted: has(KmsMasterKey)");
    check(
        &property,
        &["`AWS::SQS::Queue` has no property `KmsMasterKey`"],
    );
    let inside = queue("redrive: RedrivePolicy.maxReceiveCount == 3");
    check(&inside, &[]);
}

#[test]
fn values_fit_the_facts() {
    let word = queue("encrypted: { always: maybe }");
    check(&word, &["Text(\"maybe\") is no bool"]);
    let condition = queue("name: has(QueueName)");
    check(&condition, &["`name` is text, not a condition"]);
    let nowhere = queue("encrypted: {}");
    check(&nowhere, &["`encrypted` says not where it comes from"]);
    let twice = queue("encrypted: { from: QueueName, expr: has(QueueName) }");
    check(&twice, &["`from` and `expr` exclude each other"]);
}

#[test]
fn an_entry_is_a_component_or_a_satellite_or_left_out() {
    let one = "a catalogue entry has one of `component`, `satellite` and `left-out`";
    check("component: queue\nsatellite: no\nresources: {}\n", &[one]);
    check("satellite: no\nleft-out: no\nresources: {}\n", &[one]);
    check("resources: {}\n", &[one]);
    check("left-out: not drawn\nresources: {}\n", &[]);
}
