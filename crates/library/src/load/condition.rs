//! Checks conditions and paths in every scope an entry applies to, and
//! underlines what is wrong where it stands in the file.

use underbelly_expression::{
    CheckedPath, Expression, Narrowing, Problem, Schema, ScopeType, UsedFact, check, check_path,
};

use super::raw::Written;
use super::spelling::listed;
use super::strict::Sheet;
use crate::AppliesTo;

/// The conditions of one entry, checked in the order they are judged: what one
/// tells narrows the next.
pub(super) struct Conditions<'c> {
    sheet: &'c mut Sheet,
    schema: &'c Schema,
    scopes: &'c [(AppliesTo, ScopeType)],
    narrowed: Vec<Narrowing>,
    facts: Vec<UsedFact>,
}

impl<'c> Conditions<'c> {
    pub(super) fn new(
        sheet: &'c mut Sheet,
        schema: &'c Schema,
        scopes: &'c [(AppliesTo, ScopeType)],
    ) -> Self {
        Self {
            sheet,
            schema,
            scopes,
            narrowed: vec![Narrowing::default(); scopes.len()],
            facts: Vec::new(),
        }
    }

    /// The condition, ready to be judged; nothing if it is wrong or left out.
    pub(super) fn check(&mut self, written: Option<&Written<'_>>) -> Option<Expression> {
        let written = written?;
        let expression = self.parse(written)?;
        let mut found = None;
        let mut problems = Vec::new();
        for ((applies_to, scope), narrowed) in self.scopes.iter().zip(&mut self.narrowed) {
            match check(&expression, scope, narrowed, self.schema) {
                Ok(typed) => {
                    *narrowed = typed.narrowed;
                    for fact in typed.facts {
                        if !self.facts.contains(&fact) {
                            self.facts.push(fact);
                        }
                    }
                    found.get_or_insert(typed.expression);
                }
                Err(found) => problems.push((applies_to.clone(), found)),
            }
        }
        self.report(written, problems);
        found
    }

    /// The path, ready to be followed; nothing if it is wrong.
    pub(super) fn path(&mut self, written: &Written<'_>) -> Option<CheckedPath> {
        let expression = self.parse(written)?;
        let mut found = None;
        let mut problems = Vec::new();
        for (applies_to, scope) in self.scopes {
            match check_path(&expression, scope, self.schema) {
                Ok(path) => {
                    found.get_or_insert(path);
                }
                Err(found) => problems.push((applies_to.clone(), found)),
            }
        }
        self.report(written, problems);
        found
    }

    /// Whether a text is a path, or a fact, in every scope.
    pub(super) fn is_path(&mut self, text: &str) -> bool {
        let Ok(expression) = Expression::parse(text) else {
            return false;
        };
        self.scopes.iter().all(|(_, scope)| {
            let fact = match scope {
                ScopeType::Component(kind) => self.schema.fact(kind, text),
                ScopeType::Part { part, .. } => self.schema.part_fact(part, text),
                ScopeType::Properties(_) => None,
            };
            fact.is_some() || check_path(&expression, scope, self.schema).is_ok()
        })
    }

    /// The facts used since the last time.
    pub(super) fn take_facts(&mut self) -> Vec<UsedFact> {
        std::mem::take(&mut self.facts)
    }

    fn parse(&mut self, written: &Written<'_>) -> Option<Expression> {
        match Expression::parse(&written.text) {
            Ok(expression) => Some(expression),
            Err(problems) => {
                for problem in problems {
                    self.underline(written, &problem, &[]);
                }
                None
            }
        }
    }

    /// Each problem once, with the scopes it is one in where it is not in all.
    fn report(&mut self, written: &Written<'_>, problems: Vec<(AppliesTo, Vec<Problem>)>) {
        let mut seen: Vec<(Problem, Vec<String>)> = Vec::new();
        for (applies_to, problems) in problems {
            for problem in problems {
                let place = applies_to.to_string();
                match seen.iter_mut().find(|(known, _)| *known == problem) {
                    Some((_, places)) => places.push(place),
                    None => seen.push((problem, vec![place])),
                }
            }
        }
        for (problem, places) in seen {
            let all = places.len() == self.scopes.len();
            self.underline(written, &problem, if all { &[] } else { &places });
        }
    }

    fn underline(&mut self, written: &Written<'_>, problem: &Problem, places: &[String]) {
        let span = written.node.inner_span(problem.range.bytes());
        let report = self.sheet.report("wrong-condition", span, &problem.message);
        report.help.clone_from(&problem.help);
        if !places.is_empty() {
            let places: Vec<&str> = places.iter().map(|place| &**place).collect();
            report.note = Some(format!("that is so on {}", listed(&places)));
        }
    }
}
