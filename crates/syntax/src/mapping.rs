//! What becomes of a mapping's keys and values when it closes: merge keys
//! (`<<`) are followed, duplicates reported, large mappings sorted for lookup.

use std::collections::HashSet;

use underbelly_source::{Diagnostic, Span};

use crate::builder::{Builder, shown};
use crate::document::{Document, Format, NodeId, Shape, Style, Text};
use crate::template::RUN_IT;

/// Mappings of more entries than this are looked up by a sorted order.
const FEW: usize = 16;

type Pair = (NodeId, NodeId);

impl Builder {
    /// `children` are key, value, key, value; the last value may be missing
    /// where the text ends early.
    pub(crate) fn finish_mapping(&mut self, mapping: NodeId, children: &[NodeId]) -> Shape {
        if let Some(placeholder) = self.placeholder(mapping) {
            return placeholder;
        }
        let from = self.document.entries.len();
        let mut merges = Vec::new();
        for pair in children.chunks(2) {
            let [key, rest @ ..] = pair else { continue };
            let value = match rest {
                [value] => *value,
                _ => {
                    let end = self.document.data(*key).end;
                    self.push_nothing(end..end)
                }
            };
            match role(&self.document, *key) {
                Role::Name => self.document.entries.push((*key, value)),
                Role::Merge => merges.push((*key, value)),
                Role::Complex => self.complex_key(*key),
            }
        }
        self.report_duplicates(from);
        self.merge(from, &merges);
        let order = self.sort_if_large(from);
        Shape::Mapping {
            from: from as u32,
            to: self.document.entries.len() as u32,
            order,
        }
    }

    fn complex_key(&mut self, key: NodeId) {
        self.problems.push(
            Diagnostic::warning("complex-key", "a list or mapping is used as a key")
                .at(self.span_of(key))
                .note("the key and its value are left out")
                .help("only plain names are understood as keys"),
        );
    }

    /// An unquoted `{{ name }}`, to be filled in by a template engine: to YAML a
    /// mapping as the key of a mapping, to its author a text.
    fn placeholder(&mut self, mapping: NodeId) -> Option<Shape> {
        let data = self.document.data(mapping);
        let written = self.document.source(data.start, data.end);
        let inside = written.strip_prefix("{{")?.strip_suffix("}}")?;
        if self.document.format == Format::Json || inside.contains(['{', '}', '\n', '\r']) {
            return None;
        }
        let text = Text::Written(data.start, data.end);
        self.problems.push(
            Diagnostic::warning(
                "placeholder",
                "`{{…}}` stands for a value that is not known yet",
            )
            .at(self.span_of(mapping))
            .note("it is read as the text it is")
            .help(format!(
                "{RUN_IT}; quote the value if it is meant as it stands"
            )),
        );
        Some(Shape::Scalar {
            style: Style::Plain,
            text,
        })
    }

    fn report_duplicates(&mut self, from: usize) {
        let entries = self.document.entries.get(from..).unwrap_or(&[]);
        let mut names: Vec<(&str, NodeId)> = entries
            .iter()
            .map(|(key, _)| (self.document.name(*key), *key))
            .collect();
        if !may_repeat(&names) {
            return;
        }
        names.sort_by_key(|(name, _)| *name);
        let mut found: Vec<Diagnostic> = names
            .chunk_by(|one, next| one.0 == next.0)
            .filter_map(|same| self.duplicate(same))
            .collect();
        found.sort_by_key(|problem| problem.span);
        self.problems.append(&mut found);
    }

    fn duplicate(&self, same: &[(&str, NodeId)]) -> Option<Diagnostic> {
        let [earlier @ .., (name, last)] = same else {
            return None;
        };
        if earlier.is_empty() {
            return None;
        }
        let message = format!(
            "`{}` is written more than once in the same mapping",
            shown(name)
        );
        let problem = Diagnostic::warning("duplicate-key", message)
            .at(self.span_of(*last))
            .note("the last one counts")
            .help("keep one of them");
        let mention = |problem: Diagnostic, (_, key): &(&str, NodeId)| {
            problem.and(self.span_of(*key), "also written here")
        };
        Some(earlier.iter().fold(problem, mention))
    }

    /// Adds what merge keys bring: names written out win over merged ones, and
    /// earlier merged ones over later. <https://yaml.org/type/merge.html>
    fn merge(&mut self, from: usize, merges: &[Pair]) {
        for (key, value) in merges {
            let (sources, strangers) = self.merge_sources(*value);
            let brought = self.brought(from, &sources);
            self.document.entries.extend(brought);
            for stranger in strangers {
                self.problems.push(
                    Diagnostic::warning("merge-key", "`<<` merges only mappings")
                        .at(self.span_of(stranger))
                        .and(self.span_of(*key), "merged here")
                        .note("it is left out")
                        .help(
                            "name an anchored mapping, such as `<<: *defaults`, or a list of them",
                        ),
                );
            }
        }
    }

    /// The mappings a merge key names, and what it names that is none.
    fn merge_sources(&self, value: NodeId) -> (Vec<NodeId>, Vec<NodeId>) {
        let document = &self.document;
        let is_mapping = |id: &NodeId| {
            matches!(
                document.data(document.resolve(*id)).shape,
                Shape::Mapping { .. }
            )
        };
        match document.data(document.resolve(value)).shape {
            Shape::Sequence { from, to } => {
                let items = document.items.get(from as usize..to as usize);
                items.unwrap_or(&[]).iter().partition(|id| is_mapping(id))
            }
            _ => [value].iter().partition(|id| is_mapping(id)),
        }
    }

    fn brought(&self, from: usize, sources: &[NodeId]) -> Vec<Pair> {
        let document = &self.document;
        let written = document.entries.get(from..).unwrap_or(&[]);
        let mut names: HashSet<&str> = written.iter().map(|pair| document.name(pair.0)).collect();
        let mut brought = Vec::new();
        for source in sources {
            let Shape::Mapping { from, to, .. } = document.data(document.resolve(*source)).shape
            else {
                continue;
            };
            let pairs = document
                .entries
                .get(from as usize..to as usize)
                .unwrap_or(&[]);
            // Of duplicates inside the merged mapping the last one counts too.
            let mut fresh: Vec<Pair> = Vec::new();
            for pair in pairs.iter().rev() {
                if names.insert(document.name(pair.0)) {
                    fresh.push(*pair);
                }
            }
            brought.extend(fresh.into_iter().rev());
        }
        brought
    }

    fn sort_if_large(&mut self, from: usize) -> Option<u32> {
        let document = &mut self.document;
        let entries = document.entries.len();
        if entries.saturating_sub(from) <= FEW {
            return None;
        }
        let start = document.order.len();
        let mut order: Vec<u32> = (from as u32..entries as u32).collect();
        let name = |at: &u32| {
            let pair = document.entries.get(*at as usize);
            pair.map_or("", |pair| document.name(pair.0))
        };
        order.sort_by(|one, other| name(one).cmp(name(other)));
        document.order.extend(order);
        Some(start as u32)
    }

    fn span_of(&self, id: NodeId) -> Span {
        let data = self.document.data(id);
        self.span(data.start..data.end)
    }
}

impl Document {
    fn name(&self, key: NodeId) -> &str {
        self.scalar(self.data(self.resolve(key))).unwrap_or("")
    }
}

enum Role {
    Name,
    Merge,
    Complex,
}

fn role(document: &Document, key: NodeId) -> Role {
    let data = document.data(document.resolve(key));
    match data.shape {
        Shape::Scalar { style, .. } => {
            let plain = style == Style::Plain && document.format == Format::Yaml;
            if plain && document.scalar(data) == Some("<<") {
                Role::Merge
            } else {
                Role::Name
            }
        }
        Shape::Sequence { .. } | Shape::Mapping { .. } | Shape::Alias(_) => Role::Complex,
    }
}

/// Cheap for the common small mapping; `true` for a large one.
fn may_repeat(names: &[(&str, NodeId)]) -> bool {
    names.len() > FEW
        || names.iter().enumerate().any(|(index, (name, _))| {
            let earlier = names.iter().take(index);
            earlier.into_iter().any(|other| other.0 == *name)
        })
}
