//! The bodies of the fuzz targets, run on stable: seeds damaged at random,
//! always in the same way, and a bounded number of them.

#[path = "../../../../fuzz/bodies.rs"]
mod fuzz;

use crate::door::root;

/// A small generator of numbers, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

const WORDS: &[&str] = &[
    "!Ref ",
    "!Sub ",
    "!GetAtt ",
    "Fn::If",
    "Fn::ForEach::X",
    "AWS::NoValue",
    "null",
    "&a ",
    "*a ",
    "<<: ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|",
    ">",
    "- ",
    ": ",
    "#",
    "\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{202e}",
    "\0",
    "${",
    "9999999999999999999",
    "-",
    "!!binary ",
    "---\n",
    "? ",
    "\\u0000",
    "arn:aws:",
    "*",
];

/// Some of the bytes gone, doubled, moved, replaced by a word, or joined with another seed.
fn damaged(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let until = (at + dice.below(40)).min(bytes.len());
        match dice.below(6) {
            0 => drop(bytes.drain(at..until)),
            1 => {
                let word = WORDS[dice.below(WORDS.len())];
                bytes.splice(at..at, word.bytes());
            }
            2 => {
                let piece = bytes[at..until].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            3 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = dice.below(256) as u8;
                }
            }
            4 => {
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(200)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            _ => bytes.truncate(at.max(bytes.len() / 2)),
        }
    }
    bytes
}

fn seeds(paths: &[&str]) -> Vec<Vec<u8>> {
    paths
        .iter()
        .map(|path| std::fs::read(root().join(path)).unwrap())
        .collect()
}

fn bombard(seeds: &[Vec<u8>], rounds: usize, body: fn(&[u8])) {
    let mut dice = Dice(42);
    for seed in seeds {
        body(seed);
    }
    for round in 0..rounds {
        let seed = &seeds[round % seeds.len()];
        let other = &seeds[dice.below(seeds.len())];
        body(&damaged(seed, other, &mut dice));
    }
}

const TEMPLATES: &[&str] = &[
    "examples/orders/template.yaml",
    "examples/orders/workflows/fulfilment.asl.json",
    "tests/projects/mistakes/template.yaml",
    "tests/projects/twins/sam/template.yaml",
    "tests/projects/twins/cloudformation-json/template.json",
    "tests/projects/cdk/cdk.out/Shop.template.json",
];

#[test]
fn readers_survive_damage() {
    bombard(&seeds(TEMPLATES), 3_000, fuzz::readers);
}

#[test]
fn the_language_survives_damage() {
    let text = std::fs::read_to_string(root().join("crates/expression/tests/language/refused.txt"))
        .unwrap();
    let conditions = text.lines().map(|line| line.as_bytes().to_vec());
    let mut seeds: Vec<Vec<u8>> = conditions.filter(|line| !line.is_empty()).collect();
    seeds.push(
        b"has(runs_as) && runs_as.grants.exists(g, g.effect == \"allow\" && !(\"x\" in g.actions))"
            .to_vec(),
    );
    bombard(&seeds, 20_000, fuzz::language);
}

#[test]
fn the_pipeline_survives_damage() {
    bombard(&seeds(TEMPLATES), 400, fuzz::pipeline);
}
