//! The entries of a mapping after loops and includes: `Fn::ForEach::…` gives as
//! many entries as its collection has values, `Fn::Transform` with `AWS::Include`
//! those of the file.

use std::sync::Arc;

use underbelly_expression::{Basis, Fact, Value};
use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::{Entry, Kind, Node};

use super::scope::{Loops, Scope};

/// One entry, and the loops it stands in.
#[derive(Debug)]
pub(crate) struct Expanded<'a> {
    pub(crate) name: Arc<str>,
    pub(crate) key_span: Span,
    pub(crate) value: Node<'a>,
    pub(crate) loops: Loops,
}

impl<'a> Scope<'_, 'a> {
    /// The entries of a mapping, loops and includes followed.
    pub(crate) fn expand(&mut self, node: Node<'a>) -> Vec<Expanded<'a>> {
        let mut entries = Vec::new();
        self.expand_into(node, &mut entries);
        entries
    }

    fn expand_into(&mut self, node: Node<'a>, into: &mut Vec<Expanded<'a>>) {
        if self.depth >= self.reader.limits.depth {
            self.exceeded("depth", node.span());
            return;
        }
        self.depth += 1;
        for entry in node.entries() {
            if into.len() >= self.reader.limits.resources {
                self.exceeded("resources", entry.span());
                break;
            }
            if entry.name().starts_with("Fn::ForEach::") {
                self.expand_loop(entry, into);
            } else if entry.name() == "Fn::Transform" {
                if let Some((file, root)) = self.include(entry.value, entry.span()) {
                    self.including.push(file);
                    self.expand_into(root, into);
                    self.including.pop();
                }
            } else {
                into.push(Expanded {
                    name: self.fill(entry.name()).into(),
                    key_span: entry.key.site(),
                    value: entry.value,
                    loops: self.loops.clone(),
                });
            }
        }
        self.depth -= 1;
    }

    fn expand_loop(&mut self, entry: Entry<'a>, into: &mut Vec<Expanded<'a>>) {
        let parts: Vec<Node<'a>> = entry.value.items().collect();
        let [identifier, collection, body] = parts.as_slice() else {
            return self.bad_loop(entry, "wants an identifier, a collection and a mapping");
        };
        let (Some(identifier), Kind::Mapping) = (identifier.text(), body.kind()) else {
            return self.bad_loop(entry, "wants an identifier, a collection and a mapping");
        };
        let identifier: Arc<str> = identifier.into();
        for value in self.loop_values(*collection, entry) {
            self.loops.push((identifier.clone(), value));
            self.expand_into(*body, into);
            self.loops.pop();
        }
    }

    /// The values to go through. Where they cannot be told, one `*` stands for
    /// all of them, so that what the loop makes is there once.
    fn loop_values(&mut self, collection: Node<'a>, entry: Entry<'a>) -> Vec<Arc<str>> {
        let fact = self.evaluate(collection);
        if let Some(values) = known_texts(&fact) {
            if let Fact::Known(known) = &fact
                && known.basis == Basis::ParameterDefault
            {
                self.report(
                    Diagnostic::note_only(
                        "assumed-loop",
                        format!("`{}` goes through a parameter's default", entry.name()),
                    )
                    .at(collection.span())
                    .help("give the parameter a value to have another one read"),
                );
            }
            return values;
        }
        self.report(
            Diagnostic::warning(
                "unknown-loop",
                format!("what `{}` goes through is not known", entry.name()),
            )
            .at(collection.span())
            .note("what it makes is modelled once, with `*` in its names")
            .help("give the parameter a value, or write the list in the template"),
        );
        vec!["*".into()]
    }

    fn bad_loop(&mut self, entry: Entry<'a>, what: &str) {
        self.report(
            Diagnostic::error("wrong-arguments", format!("`{}` {what}", entry.name()))
                .at(entry.span())
                .note("what it makes is missing from the model"),
        );
    }
}

fn known_texts(fact: &Fact) -> Option<Vec<Arc<str>>> {
    let set = fact.as_set().filter(|set| set.rest.is_none())?;
    let text = |fact: &Fact| match &fact.as_known()?.value {
        Value::Number(number) => Some(number.to_string().into()),
        _ => fact.as_text().map(Arc::from),
    };
    set.items.iter().map(|item| text(&item.fact)).collect()
}
