//! Exported outputs by name, found again where they are imported.
//!
//! Names are mostly composed (`${AWS::StackName}-Topic`), and the name of another
//! stack is not known: what cannot be known is compared as `*`.

use std::collections::HashMap;

use underbelly_expression::{Basis, Fact};
use underbelly_source::Diagnostic;

use crate::graph::Output;
use crate::reader::Reader;
use crate::settle::weaker;

/// A stack's number and the place among its outputs.
type Key = (usize, usize);

/// What is exported.
#[derive(Debug, Default)]
pub(crate) struct Exports {
    by_name: HashMap<String, Vec<Key>>,
    /// Of names that begin with one unknown part: what follows it.
    by_ending: HashMap<String, Vec<Key>>,
}

/// An export that an import means.
#[derive(Debug)]
pub(crate) struct Match {
    pub(crate) output: Key,
    exact: bool,
}

impl Match {
    /// The value, resting on the guess that the names mean the same.
    pub(crate) fn weigh(&self, value: Fact, name: &str) -> Fact {
        if self.exact {
            return value;
        }
        let note = format!("the import `{name}` is taken to be the only export that fits it");
        weaker(value, Basis::LibraryAssumption, &note)
    }
}

impl Exports {
    /// The exports of all stacks. A plain name exported twice is told, and means
    /// neither.
    pub(crate) fn of(reader: &mut Reader<'_>, outputs: &[Vec<Output>]) -> Self {
        let mut exports = Exports::default();
        for (stack, outputs) in outputs.iter().enumerate() {
            for (index, output) in outputs.iter().enumerate() {
                let name = output.export.as_ref().and_then(Fact::as_pattern);
                let Some(name) = name.map(|text| starred(&text.to_string())) else {
                    continue;
                };
                let key = (stack, index);
                if let Some(ending) = name.strip_prefix('*')
                    && !ending.is_empty()
                    && !ending.contains('*')
                {
                    exports
                        .by_ending
                        .entry(ending.to_owned())
                        .or_default()
                        .push(key);
                }
                exports.by_name.entry(name).or_default().push(key);
            }
        }
        exports.report_doubles(reader, outputs);
        exports
    }

    fn report_doubles(&self, reader: &mut Reader<'_>, outputs: &[Vec<Output>]) {
        let plain = self
            .by_name
            .iter()
            .filter(|(name, keys)| keys.len() > 1 && !name.contains('*'));
        let mut doubles: Vec<_> = plain.collect();
        doubles.sort();
        for (name, keys) in doubles {
            let spans: Vec<_> = keys
                .iter()
                .filter_map(|key| outputs.get(key.0)?.get(key.1))
                .map(|output| output.span)
                .collect();
            let mut problem = Diagnostic::warning(
                "double-export",
                format!("`{name}` is exported more than once"),
            )
            .note("an import of it means neither");
            if let [first, second, ..] = spans.as_slice() {
                problem = problem.at(*first).and(*second, "exported here too");
            }
            reader.report(problem);
        }
    }

    /// The export of a name as an import writes it, if exactly one fits.
    pub(crate) fn find(&self, name: &str) -> Option<Match> {
        let starred = starred(name);
        if let Some(keys) = self.by_name.get(&starred) {
            return only(keys).map(|output| Match {
                output,
                exact: !starred.contains('*'),
            });
        }
        if starred.contains('*') {
            return None;
        }
        let endings = starred
            .char_indices()
            .skip(1)
            .filter_map(|(at, _)| starred.get(at..));
        let keys = endings
            .filter_map(|ending| self.by_ending.get(ending))
            .next()?;
        only(keys).map(|output| Match {
            output,
            exact: false,
        })
    }
}

fn only(keys: &[Key]) -> Option<Key> {
    match keys {
        [only] => Some(*only),
        _ => None,
    }
}

/// A name with every `${…}` as `*`.
fn starred(name: &str) -> String {
    let mut starred = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("${") {
        starred.push_str(before);
        starred.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    starred.push_str(rest);
    starred
}
