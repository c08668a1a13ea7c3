//! What a template's expressions are resolved in: its names, parameters,
//! conditions and mappings, and what the analysis has left to spend.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use underbelly_expression::{Fact, Guard, Reason, Worlds};
use underbelly_source::{Diagnostic, Span};
use underbelly_syntax::Node;

use super::conditions::Named;
use super::parameters::Declared;
use crate::draft::Names;
use crate::graph::Format;
use crate::reader::Reader;

/// What the stacks of one system may still cost.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) steps: usize,
    pub(crate) resources: usize,
    told: HashSet<&'static str>,
}

impl Budget {
    /// All of what the limits allow.
    pub(crate) fn new(steps: usize, resources: usize) -> Self {
        Self {
            steps,
            resources,
            told: HashSet::new(),
        }
    }
}

/// The values of loop identifiers, innermost last.
pub(crate) type Loops = Vec<(Arc<str>, Arc<str>)>;

/// See the module.
#[derive(Debug)]
pub(crate) struct Scope<'s, 'a> {
    pub(crate) reader: &'s mut Reader<'a>,
    pub(crate) worlds: &'s mut Worlds,
    pub(crate) budget: &'s mut Budget,
    pub(crate) names: Names,
    /// Logical ids that the template itself defines.
    pub(crate) written: HashSet<Arc<str>>,
    pub(crate) format: Format,
    pub(crate) parameters: BTreeMap<Arc<str>, Declared<'a>>,
    pub(crate) conditions: BTreeMap<Arc<str>, Named<'a>>,
    pub(crate) mappings: HashMap<Arc<str>, Node<'a>>,
    /// Pseudo parameters that conditions compare, as variables.
    pub(crate) pseudo: BTreeMap<Arc<str>, super::parameters::Compared>,
    pub(crate) loops: Loops,
    /// Under which conditions what is being evaluated is there.
    pub(crate) within: Guard,
    pub(crate) depth: usize,
    /// Files being included, outermost first.
    pub(crate) including: Vec<underbelly_source::FileId>,
    /// Places of values to be masked.
    pub(crate) secrets: Vec<Span>,
    /// How many names were looked for a better spelling.
    pub(crate) suggested: usize,
}

impl<'a> Scope<'_, 'a> {
    /// A problem for the user.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.reader.report(diagnostic);
    }

    /// Counts a step; the unknown value to give where there are none left.
    pub(crate) fn step(&mut self, span: Span) -> Result<(), Fact> {
        if self.budget.steps == 0 {
            return Err(self.exceeded("steps", span));
        }
        self.budget.steps -= 1;
        Ok(())
    }

    /// Runs `inner` one level deeper, or gives up where that is too deep.
    pub(crate) fn deeper(&mut self, span: Span, inner: impl FnOnce(&mut Self) -> Fact) -> Fact {
        if self.depth >= self.reader.limits.depth {
            return self.exceeded("depth", span);
        }
        self.depth += 1;
        let fact = inner(self);
        self.depth -= 1;
        fact
    }

    /// Runs `inner` for what is there only under a guard.
    pub(crate) fn inside<T>(&mut self, guard: &Guard, inner: impl FnOnce(&mut Self) -> T) -> T {
        let both = self.within.and(guard).unwrap_or_else(|| guard.clone());
        let outer = std::mem::replace(&mut self.within, both);
        let made = inner(self);
        self.within = outer;
        made
    }

    /// Says once per system that a limit was reached.
    pub(crate) fn exceeded(&mut self, limit: &'static str, span: Span) -> Fact {
        if self.budget.told.insert(limit) {
            self.report(
                Diagnostic::error("limit", format!("the limit of {limit} is reached here"))
                    .at(span)
                    .note("what lies beyond it is unknown")
                    .help("raise the limit, or analyse fewer templates at a time"),
            );
        }
        Fact::unknown(Reason::Limit(limit.into()), Some(span))
    }

    /// The value of a loop identifier.
    pub(crate) fn looped(&self, name: &str) -> Option<Arc<str>> {
        let found = self
            .loops
            .iter()
            .rev()
            .find(|(loop_name, _)| &**loop_name == name);
        found.map(|(_, value)| value.clone())
    }

    /// A text with `${Id}` and `&{Id}` of enclosing loops filled in.
    pub(crate) fn fill<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.loops.is_empty() || !text.contains('{') {
            return Cow::Borrowed(text);
        }
        let mut filled = text.to_owned();
        for (name, value) in self.loops.iter().rev() {
            filled = filled.replace(&format!("${{{name}}}"), value);
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            filled = filled.replace(&format!("&{{{name}}}"), &plain);
        }
        Cow::Owned(filled)
    }
}
