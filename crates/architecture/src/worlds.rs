//! Case by case: what depends on conditions is computed once for each consistent
//! choice, from values that no longer depend on anything, and put together again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::{
    Entry, Fact, Guard, Item, Known, Map, Reason, Set, Value, VariableId, Worlds,
};

/// More cases than this are not told apart.
const MOST_CASES: usize = 32;

/// Values nested deeper than this are not looked into.
const DEEPEST: usize = 64;

/// A choice for each variable that matters.
pub(crate) type World = BTreeMap<VariableId, u16>;

/// The variables on which what is computed depends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables(BTreeSet<VariableId>);

impl Variables {
    /// Those of a fact, however deep.
    pub(crate) fn of(fact: &Fact) -> Self {
        let mut variables = Self::default();
        variables.add(fact);
        variables
    }

    /// Adds those of a fact.
    pub(crate) fn add(&mut self, fact: &Fact) {
        self.collect(fact, 0);
    }

    /// Adds those of a guard.
    pub(crate) fn add_guard(&mut self, guard: &Guard) {
        self.0.extend(guard.choices().iter().map(|(id, _)| *id));
    }

    /// Adds others.
    pub(crate) fn join(&mut self, others: &Variables) {
        self.0.extend(&others.0);
    }

    fn collect(&mut self, fact: &Fact, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match fact {
            Fact::OneOf(one_of) => {
                for alternative in &one_of.alternatives {
                    self.add_guard(&alternative.guard);
                    self.collect(&alternative.fact, depth + 1);
                }
            }
            Fact::Known(known) => match &known.value {
                Value::Set(set) => {
                    for item in &set.items {
                        self.add_guard(&item.guard);
                        self.collect(&item.fact, depth + 1);
                    }
                }
                Value::Map(map) => {
                    for entry in &map.entries {
                        self.collect(&entry.fact, depth + 1);
                    }
                }
                Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Subject(_) => {}
            },
            Fact::Unknown(_) | Fact::Absent(_) => {}
        }
    }

    /// What `compute` gives in each world that `within` allows, as one fact.
    pub(crate) fn by_case(
        &self,
        worlds: &Worlds,
        within: &Guard,
        mut compute: impl FnMut(&World) -> Fact,
    ) -> Fact {
        match self.cases(worlds, within) {
            Some(cases) => together(
                worlds,
                cases
                    .into_iter()
                    .map(|(guard, world)| (guard, compute(&world)))
                    .collect(),
            ),
            None => Fact::unknown(too_many(), None),
        }
    }

    /// Each consistent choice that `within` allows, with the guard that says so;
    /// `None` where there are too many.
    pub(crate) fn cases(&self, worlds: &Worlds, within: &Guard) -> Option<Vec<(Guard, World)>> {
        if self.0.is_empty() {
            return Some(vec![(Guard::always(), World::new())]);
        }
        let mut variables = self.0.clone();
        variables.extend(within.choices().iter().map(|(id, _)| *id));
        let (found, cut) = worlds.combinations(&variables, MOST_CASES);
        if cut {
            return None;
        }
        let allowed = found
            .into_iter()
            .filter(|world| within.holds(world) != Some(false));
        Some(
            allowed
                .map(|world| (self.guard_of(&world), world))
                .collect(),
        )
    }

    fn guard_of(&self, world: &World) -> Guard {
        let mut guard = Guard::always();
        for (id, value) in world {
            if self.0.contains(id)
                && let Some(more) = guard.and(&Guard::when(*id, *value))
            {
                guard = more;
            }
        }
        guard
    }
}

/// Why a fact that depends on too many conditions is unknown.
pub(crate) fn too_many() -> Reason {
    Reason::Limit("it depends on too many conditions at once".into())
}

/// The cases as one fact: a single value where all agree.
pub(crate) fn together(worlds: &Worlds, cases: Vec<(Guard, Fact)>) -> Fact {
    let assumed = |guard: &Guard| worlds.by_default(guard) == Some(true);
    let shown = cases.iter().find(|(guard, _)| assumed(guard));
    let shown = shown.or_else(|| cases.first()).map(|(_, fact)| fact);
    if let Some(first) = shown
        && cases.iter().all(|(_, fact)| is_same(first, fact, 0))
    {
        let mut one = first.clone();
        if let Fact::Known(known) = &mut one {
            for (_, fact) in &cases {
                if let Fact::Known(other) = fact {
                    known.basis = known.basis.max(other.basis);
                }
            }
        }
        return one;
    }
    Fact::one_of(cases)
}

/// Whether two facts say the same, wherever they stand.
fn is_same(one: &Fact, other: &Fact, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    match (one, other) {
        (Fact::Known(one), Fact::Known(other)) => is_same_value(one, other, depth),
        (Fact::Unknown(one), Fact::Unknown(other)) => one.reason == other.reason,
        (Fact::Absent(_), Fact::Absent(_)) => true,
        (Fact::Known(_) | Fact::Unknown(_) | Fact::Absent(_) | Fact::OneOf(_), _) => false,
    }
}

fn is_same_value(one: &Known, other: &Known, depth: usize) -> bool {
    let (Value::Set(one), Value::Set(other)) = (&one.value, &other.value) else {
        return one.value == other.value;
    };
    let rest = |set: &Set| set.rest.as_ref().map(|rest| rest.reason.clone());
    one.items.len() == other.items.len()
        && rest(one) == rest(other)
        && one
            .items
            .iter()
            .zip(&other.items)
            .all(|(a, b)| a.guard == b.guard && is_same(&a.fact, &b.fact, depth + 1))
}

/// The fact as it is in one world: without alternatives and guarded items. Most
/// are the same in every world, and are not copied.
pub(crate) fn in_world<'f>(fact: &'f Fact, world: &World) -> Cow<'f, Fact> {
    if is_settled(fact, 0) {
        Cow::Borrowed(fact)
    } else {
        Cow::Owned(specialise(fact, world, 0))
    }
}

/// Whether nothing in it depends on anything, or is said to be absent.
fn is_settled(fact: &Fact, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let inner = |fact: &Fact| !fact.is_absent() && is_settled(fact, depth + 1);
    match fact {
        Fact::OneOf(_) => false,
        Fact::Known(known) => match &known.value {
            Value::Set(set) => {
                let mut items = set.items.iter();
                items.all(|item| item.guard.is_always() && inner(&item.fact))
            }
            Value::Map(map) => map.entries.iter().all(|entry| inner(&entry.fact)),
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Subject(_) => true,
        },
        Fact::Unknown(_) | Fact::Absent(_) => true,
    }
}

fn specialise(fact: &Fact, world: &World, depth: usize) -> Fact {
    if depth > DEEPEST {
        return Fact::unknown(Reason::Limit("it is nested too deeply".into()), fact.span());
    }
    match fact {
        Fact::OneOf(one_of) => {
            let mut alternatives = one_of.alternatives.iter();
            match alternatives.find(|a| a.guard.holds(world) != Some(false)) {
                Some(alternative) => specialise(&alternative.fact, world, depth + 1),
                None => Fact::absent(fact.span()),
            }
        }
        Fact::Known(known) => match &known.value {
            Value::Set(set) => {
                let items = set
                    .items
                    .iter()
                    .filter(|item| item.guard.holds(world) != Some(false));
                let items = items
                    .map(|item| specialise(&item.fact, world, depth + 1))
                    .filter(|fact| !fact.is_absent())
                    .map(|fact| Item {
                        guard: Guard::always(),
                        fact,
                    });
                with_value(
                    known,
                    Value::Set(Set {
                        items: items.collect(),
                        rest: set.rest.clone(),
                    }),
                )
            }
            Value::Map(map) => {
                let entries = map.entries.iter().map(|entry| Entry {
                    key: entry.key.clone(),
                    key_span: entry.key_span,
                    fact: specialise(&entry.fact, world, depth + 1),
                });
                with_value(
                    known,
                    Value::Map(Map {
                        entries: entries.filter(|entry| !entry.fact.is_absent()).collect(),
                        rest: map.rest.clone(),
                    }),
                )
            }
            Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Subject(_) => fact.clone(),
        },
        Fact::Unknown(_) | Fact::Absent(_) => fact.clone(),
    }
}

/// The same with another value.
pub(crate) fn with_value(known: &Known, value: Value) -> Fact {
    Fact::Known(Known {
        value,
        basis: known.basis,
        places: known.places.clone(),
        note: known.note.clone(),
    })
}
