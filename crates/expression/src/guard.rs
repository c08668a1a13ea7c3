//! Guards and worlds: under which choice of conditions and parameters something holds.
//!
//! A [`Guard`] is a conjunction of choices. [`Worlds`] knows every variable a
//! guard may name, what it may be, and which combinations are possible at all:
//! a condition computed from a parameter never takes a value that no allowed
//! value of that parameter gives it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A condition or parameter: an index into [`Worlds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableId(pub u32);

/// A conjunction of choices, sorted by variable; empty means always.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guard {
    choices: Vec<(VariableId, u16)>,
}

impl Guard {
    /// Holds in every world.
    pub const fn always() -> Self {
        Self {
            choices: Vec::new(),
        }
    }

    /// Holds where `variable` takes its value number `value`.
    pub fn when(variable: VariableId, value: u16) -> Self {
        Self {
            choices: vec![(variable, value)],
        }
    }

    /// Whether it holds in every world.
    pub fn is_always(&self) -> bool {
        self.choices.is_empty()
    }

    /// The choices, sorted by variable.
    pub fn choices(&self) -> &[(VariableId, u16)] {
        &self.choices
    }

    /// Both; `None` where they choose differently, so that no world has both.
    pub fn and(&self, other: &Guard) -> Option<Guard> {
        if other.choices.is_empty() {
            return Some(self.clone());
        }
        let mut joined: BTreeMap<VariableId, u16> = self.choices.iter().copied().collect();
        for (variable, value) in &other.choices {
            if *joined.entry(*variable).or_insert(*value) != *value {
                return None;
            }
        }
        Some(Guard {
            choices: joined.into_iter().collect(),
        })
    }

    /// Whether it holds wherever the other does.
    pub fn is_wider_than(&self, other: &Guard) -> bool {
        self.choices.iter().all(|own| other.choices.contains(own))
    }

    /// Whether it holds in a world: `None` where the world leaves a variable
    /// open that matters.
    pub fn holds(&self, world: &BTreeMap<VariableId, u16>) -> Option<bool> {
        let mut open = false;
        for (variable, value) in &self.choices {
            match world.get(variable) {
                Some(chosen) if chosen == value => {}
                Some(_) => return Some(false),
                None => open = true,
            }
        }
        if open { None } else { Some(true) }
    }
}

/// How a condition follows from other variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// A variable takes its value number so and so.
    Is(VariableId, u16),
    /// Known from the start.
    Always(bool),
    /// Not.
    Not(Box<Formula>),
    /// All of them.
    All(Vec<Formula>),
    /// At least one of them.
    Any(Vec<Formula>),
    /// Nothing is known of it: it may go either way.
    Open,
}

/// What a variable is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// A parameter with a closed list of values (the last may stand for "any other").
    Parameter,
    /// A named condition; its values are `false` (0) and `true` (1).
    Condition(Formula),
}

/// A condition or a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name as written.
    pub name: Arc<str>,
    /// What it is.
    pub kind: VariableKind,
    /// The values it may take, as shown to people.
    pub values: Vec<Arc<str>>,
    /// The value that holds by default, if one does.
    pub assumed: Option<u16>,
}

/// Every variable of an analysis, and which combinations are possible.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worlds {
    variables: Vec<Variable>,
}

impl Worlds {
    /// Adds a variable.
    pub fn add(&mut self, variable: Variable) -> VariableId {
        self.variables.push(variable);
        VariableId(self.variables.len() as u32 - 1)
    }

    /// The variable of this id.
    pub fn variable(&self, id: VariableId) -> Option<&Variable> {
        self.variables.get(id.0 as usize)
    }

    /// How many variables there are.
    pub fn len(&self) -> usize {
        self.variables.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// A guard in words: `IsProd is false and Stage is dev`.
    pub fn describe(&self, guard: &Guard) -> String {
        let mut words = Vec::new();
        for (id, value) in guard.choices() {
            let Some(variable) = self.variable(*id) else {
                continue;
            };
            let value = variable.values.get(*value as usize);
            let value = value.map_or("?", |value| &**value);
            words.push(format!("{} is {value}", variable.name));
        }
        words.join(" and ")
    }

    /// Whether a guard holds by default: `None` where a variable has no default.
    pub fn by_default(&self, guard: &Guard) -> Option<bool> {
        let mut open = false;
        for (id, value) in guard.choices() {
            match self.variable(*id).and_then(|variable| variable.assumed) {
                Some(assumed) if assumed == *value => {}
                Some(_) => return Some(false),
                None => open = true,
            }
        }
        if open { None } else { Some(true) }
    }

    /// Whether no world of a guard has this variable at this value.
    pub fn excludes(&self, guard: &Guard, id: VariableId, value: u16) -> bool {
        guard.choices().iter().any(|(chosen, at)| {
            if *chosen == id {
                return *at != value;
            }
            match self.variable(*chosen).map(|variable| &variable.kind) {
                Some(VariableKind::Condition(formula)) => {
                    let truth = self.truth_where(formula, (id, value), 0);
                    truth.is_some_and(|truth| u16::from(truth) != *at)
                }
                Some(VariableKind::Parameter) | None => false,
            }
        })
    }

    /// What a formula comes to where one variable has a value and nothing else is said.
    fn truth_where(
        &self,
        formula: &Formula,
        known: (VariableId, u16),
        depth: usize,
    ) -> Option<bool> {
        let all = |parts: &[Formula], decisive: bool| {
            let mut parts = parts
                .iter()
                .map(|part| self.truth_where(part, known, depth));
            let mut open = false;
            let found = parts.any(|truth| {
                open |= truth.is_none();
                truth == Some(decisive)
            });
            match (found, open) {
                (true, _) => Some(decisive),
                (false, true) => None,
                (false, false) => Some(!decisive),
            }
        };
        match formula {
            Formula::Is(id, value) if *id == known.0 => Some(*value == known.1),
            Formula::Is(id, value) => match self.variable(*id).map(|variable| &variable.kind) {
                Some(VariableKind::Condition(formula)) if depth < 64 => {
                    let truth = self.truth_where(formula, known, depth + 1)?;
                    Some(u16::from(truth) == *value)
                }
                Some(VariableKind::Condition(_) | VariableKind::Parameter) | None => None,
            },
            Formula::Always(value) => Some(*value),
            Formula::Not(inner) => self.truth_where(inner, known, depth).map(|truth| !truth),
            Formula::All(parts) => all(parts, false),
            Formula::Any(parts) => all(parts, true),
            Formula::Open => None,
        }
    }

    /// The possible combinations of these variables, each once, in order, at
    /// most `limit`; the flag says whether some were left out.
    pub fn combinations(
        &self,
        variables: &BTreeSet<VariableId>,
        limit: usize,
    ) -> (Vec<BTreeMap<VariableId, u16>>, bool) {
        let base = self.base(variables);
        let mut found = BTreeSet::new();
        let mut assignment: BTreeMap<VariableId, u16> = base.iter().map(|id| (*id, 0)).collect();
        // Far more combinations of base variables than wanted worlds may map to
        // few worlds, yet the walk itself must stay bounded.
        for _ in 0..limit.saturating_mul(256) {
            // What is worked out once stays known: conditions may name each other
            // so often that following them all would never end.
            let mut known = assignment.clone();
            let world = variables
                .iter()
                .map(|id| (*id, self.value_of(*id, &mut known, 0)))
                .collect::<BTreeMap<_, _>>();
            found.insert(world);
            if found.len() > limit {
                let mut worlds: Vec<_> = found.into_iter().collect();
                worlds.truncate(limit);
                return (worlds, true);
            }
            if !self.advance(&base, &mut assignment) {
                return (found.into_iter().collect(), false);
            }
        }
        (found.into_iter().collect(), true)
    }

    /// Counts the assignment up by one; false when it is through.
    fn advance(
        &self,
        base: &BTreeSet<VariableId>,
        assignment: &mut BTreeMap<VariableId, u16>,
    ) -> bool {
        for id in base {
            let size = self.variable(*id).map_or(1, |v| v.values.len().max(1)) as u16;
            let Some(value) = assignment.get_mut(id) else {
                continue;
            };
            *value += 1;
            if *value < size {
                return true;
            }
            *value = 0;
        }
        false
    }

    /// The variables that are free and on which these depend.
    fn base(&self, variables: &BTreeSet<VariableId>) -> BTreeSet<VariableId> {
        let mut base = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<VariableId> = variables.iter().copied().collect();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.variable(id).map(|variable| &variable.kind) {
                Some(VariableKind::Condition(formula)) => {
                    if formula.is_open() {
                        base.insert(id);
                    }
                    formula.variables(&mut open);
                }
                Some(VariableKind::Parameter) | None => {
                    base.insert(id);
                }
            }
        }
        base
    }

    /// A variable's value where some are known, those of the base variables at least.
    fn value_of(&self, id: VariableId, known: &mut BTreeMap<VariableId, u16>, depth: usize) -> u16 {
        if let Some(value) = known.get(&id) {
            return *value;
        }
        match self.variable(id).map(|variable| &variable.kind) {
            // A cycle of conditions is broken where it is read; the bound only
            // keeps a defect from becoming a crash.
            Some(VariableKind::Condition(formula)) if depth < 64 => {
                let value = u16::from(self.truth(formula, known, depth));
                known.insert(id, value);
                value
            }
            _ => 0,
        }
    }

    fn truth(
        &self,
        formula: &Formula,
        known: &mut BTreeMap<VariableId, u16>,
        depth: usize,
    ) -> bool {
        match formula {
            Formula::Is(id, value) => self.value_of(*id, known, depth + 1) == *value,
            Formula::Always(value) => *value,
            Formula::Not(inner) => !self.truth(inner, known, depth),
            Formula::All(all) => all.iter().all(|f| self.truth(f, known, depth)),
            Formula::Any(any) => any.iter().any(|f| self.truth(f, known, depth)),
            Formula::Open => false,
        }
    }
}

impl Formula {
    /// Whether some part of it is open, so that the condition is free.
    pub fn is_open(&self) -> bool {
        match self {
            Formula::Open => true,
            Formula::Not(inner) => inner.is_open(),
            Formula::All(parts) | Formula::Any(parts) => parts.iter().any(Formula::is_open),
            Formula::Is(..) | Formula::Always(_) => false,
        }
    }

    fn variables(&self, into: &mut Vec<VariableId>) {
        match self {
            Formula::Is(id, _) => into.push(*id),
            Formula::Not(inner) => inner.variables(into),
            Formula::All(parts) | Formula::Any(parts) => {
                parts.iter().for_each(|part| part.variables(into));
            }
            Formula::Always(_) | Formula::Open => {}
        }
    }
}

impl fmt::Display for VariableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "variable {}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage_and_conditions() -> (Worlds, VariableId, VariableId, VariableId) {
        let mut worlds = Worlds::default();
        let stage = worlds.add(Variable {
            name: "Stage".into(),
            kind: VariableKind::Parameter,
            values: vec!["dev".into(), "test".into(), "prod".into()],
            assumed: Some(0),
        });
        let condition = |formula| Variable {
            name: "IsProd".into(),
            kind: VariableKind::Condition(formula),
            values: vec!["false".into(), "true".into()],
            assumed: Some(0),
        };
        let prod = worlds.add(condition(Formula::Is(stage, 2)));
        let not = worlds.add(condition(Formula::Not(Box::new(Formula::Is(prod, 1)))));
        (worlds, stage, prod, not)
    }

    #[test]
    fn correlated_conditions_never_make_an_impossible_world() {
        let (worlds, _, prod, not) = stage_and_conditions();
        let (found, cut) = worlds.combinations(&BTreeSet::from([prod, not]), 64);
        assert!(!cut);
        let pairs: Vec<_> = found.iter().map(|w| (w[&prod], w[&not])).collect();
        assert_eq!(pairs, [(0, 1), (1, 0)]);
    }

    #[test]
    fn a_parameter_and_its_condition_agree() {
        let (worlds, stage, prod, _) = stage_and_conditions();
        let (found, _) = worlds.combinations(&BTreeSet::from([stage, prod]), 64);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|w| (w[&stage] == 2) == (w[&prod] == 1)));
    }

    #[test]
    fn a_condition_rules_out_values_of_its_parameter() {
        let (worlds, stage, prod, not) = stage_and_conditions();
        let excluded = |guard: &Guard| {
            let values = (0..3).filter(|value| worlds.excludes(guard, stage, *value));
            values.collect::<Vec<u16>>()
        };
        assert_eq!(excluded(&Guard::when(prod, 1)), [0, 1]);
        assert_eq!(excluded(&Guard::when(not, 1)), [2]);
        assert_eq!(excluded(&Guard::when(stage, 1)), [0, 2]);
        assert_eq!(excluded(&Guard::always()), [] as [u16; 0]);
    }

    #[test]
    fn the_cap_is_said() {
        let mut worlds = Worlds::default();
        let mut all = BTreeSet::new();
        for index in 0..10 {
            all.insert(worlds.add(Variable {
                name: format!("C{index}").into(),
                kind: VariableKind::Condition(Formula::Open),
                values: vec!["false".into(), "true".into()],
                assumed: None,
            }));
        }
        let (found, cut) = worlds.combinations(&all, 64);
        assert_eq!((found.len(), cut), (64, true));
    }

    #[test]
    fn guards_that_contradict_have_no_world() {
        let a = Guard::when(VariableId(1), 0);
        assert_eq!(a.and(&Guard::when(VariableId(1), 1)), None);
        let both = a.and(&Guard::when(VariableId(0), 1)).unwrap();
        assert_eq!(both.choices(), [(VariableId(0), 1), (VariableId(1), 0)]);
        let (worlds, stage, prod, _) = stage_and_conditions();
        let guard = Guard::when(prod, 0);
        assert_eq!(worlds.describe(&guard), "IsProd is false");
        assert_eq!(worlds.by_default(&guard), Some(true));
        assert_eq!(worlds.by_default(&Guard::when(stage, 1)), Some(false));
    }
}
