//! Templates damaged at random, always in the same way: nothing panics, and what
//! comes out keeps its promises.

use underbelly_expression::{Cause, Fact, Guard, Value};
use underbelly_iac::{Origin, Resolution};

const TEMPLATE: &str = include_str!("everything.yaml");
const CHILD: &str = "Parameters:\n  Arn: {Type: String}\nResources:\n  T: {Type: 'AWS::SNS::Topic', Properties: {A: !Ref Arn}}\nOutputs:\n  Topic: {Value: !Ref T}\n";

/// A small generator of numbers, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

fn mangle(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=dice.below(4) {
        let at = dice.below(lines.len());
        let other = lines[dice.below(lines.len())].clone();
        match dice.below(6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, other),
            2 => lines[at] = other,
            3 => lines[at] = lines[at].replace(": ", ":\n"),
            4 => {
                lines[at] = lines[at]
                    .chars()
                    .filter(|c| !"{}[]'".contains(*c))
                    .collect()
            }
            _ => {
                let words = [
                    "!Ref Q",
                    "!If [C, 1, []]",
                    "null",
                    "[{}]",
                    "!Sub [x]",
                    "!GetAtt R.X",
                ];
                let word = words[dice.below(words.len())];
                if let Some((key, _)) = lines[at].split_once(": ") {
                    lines[at] = format!("{key}: {word}");
                }
            }
        }
    }
    lines.join("\n")
}

#[test]
fn damaged_templates_keep_the_promises_of_the_graph() {
    let mut dice = Dice(7);
    for round in 0..400 {
        let text = if round == 0 {
            TEMPLATE.to_owned()
        } else {
            mangle(TEMPLATE, &mut dice)
        };
        let (_, resolution) = crate::resolved(
            &[
                ("t/a.yaml", &text),
                ("t/child.yaml", CHILD),
                ("t/inc.yaml", "K: !Ref Q\n"),
            ],
            &[],
        );
        keeps_promises(&resolution);
    }
}

fn keeps_promises(resolution: &Resolution) {
    let graph = &resolution.graph;
    let n_resources = graph.resources.len() as u32;
    for resource in &graph.resources {
        assert!(graph.stack(resource.stack).is_some());
        known_guard(graph.worlds.len(), &resource.guard);
        known_fact(graph.worlds.len(), n_resources, &resource.properties);
        if let Origin::Implied { by, .. } = &resource.origin {
            assert!(by.0 < n_resources);
        }
    }
    for stack in &graph.stacks {
        assert!(stack.parent.is_none_or(|parent| parent.0 < n_resources));
        let system = &graph.systems[stack.system.0 as usize];
        assert!(system.stacks.iter().any(|id| {
            graph
                .stack(*id)
                .is_some_and(|other| other.path == stack.path)
        }));
        for output in &stack.outputs {
            known_fact(graph.worlds.len(), n_resources, &output.value);
        }
    }
}

fn known_guard(n_variables: usize, guard: &Guard) {
    assert!(
        guard
            .choices()
            .iter()
            .all(|(id, _)| (id.0 as usize) < n_variables)
    );
}

fn known_fact(n_variables: usize, n_resources: u32, fact: &Fact) {
    match fact {
        Fact::Known(known) => match &known.value {
            Value::Text(text) => {
                for hole in text.holes() {
                    if let Cause::Resource { resource, .. } = &hole.cause {
                        assert!(*resource < n_resources, "{hole:?}");
                    }
                }
            }
            Value::Set(set) => {
                for item in &set.items {
                    known_guard(n_variables, &item.guard);
                    known_fact(n_variables, n_resources, &item.fact);
                }
            }
            Value::Map(map) => {
                map.entries
                    .iter()
                    .for_each(|entry| known_fact(n_variables, n_resources, &entry.fact));
            }
            Value::Bool(_) | Value::Number(_) | Value::Subject(_) => {}
        },
        Fact::OneOf(one_of) => {
            assert!(one_of.alternatives.len() > 1);
            for alternative in &one_of.alternatives {
                assert!(!matches!(alternative.fact, Fact::OneOf(_)));
                known_guard(n_variables, &alternative.guard);
                known_fact(n_variables, n_resources, &alternative.fact);
            }
        }
        Fact::Unknown(_) | Fact::Absent(_) => {}
    }
}
