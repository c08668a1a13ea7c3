//! What takes away from Allows: Deny statements, and what a permissions boundary
//! lets through.
//!
//! Here they are only read, once for an identity or a resource; what they leave of
//! an Allow is for [`super::left`] to say.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use underbelly_expression::{Basis, Guard, Text, Unknown};
use underbelly_library::ActionTable;

use super::actions::{self, Actions, Part, Spoken};
use super::concerns::Principals;
use super::condition::{self, Narrowed};
use super::pattern::Pattern;
use super::policy::{self, Effect, Statement, Term};
use super::sources::{Document, Policies, Source};
use crate::draft::Draft;
use crate::worlds::{Variables, World, in_world};

/// The Denies that hold for an identity or a resource, and its boundary.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    limits: Vec<Limit>,
    /// Those that may speak of a service, by its prefix; `*` for any.
    by_service: BTreeMap<String, Vec<usize>>,
    /// Boundaries: when each holds, and why it may let through more.
    boundaries: Vec<(Guard, Option<Unknown>)>,
    /// What it depends on whether they hold.
    variables: Variables,
    /// Those about some services in a world, as far as somebody asked.
    about: RefCell<BTreeMap<Asked, Rc<[usize]>>>,
    /// How actions are cut by some of them: many Allows name the same.
    cuts: RefCell<BTreeMap<Cut, Rc<[Part]>>>,
}

/// The services that are asked about, and in which world.
type Asked = (BTreeSet<String>, World);

/// An action or pattern, what is left out of it, and the limits by which it is cut.
type Cut = (String, Vec<Arc<str>>, Vec<usize>);

/// A statement that takes away, or one that a boundary lets through.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    /// What it does.
    pub(super) kind: Kind,
    /// When it holds.
    pub(super) guard: Guard,
    /// Of what it speaks.
    pub(super) actions: Spoken,
    /// The resources it speaks of, or does not.
    pub(super) resources: Resources,
    /// Those it is about.
    pub(super) principals: Principals,
    /// What its condition leaves; nothing where it has none.
    pub(super) leaves: Narrowed,
    /// All of it.
    pub(super) statement: Statement,
    /// What people call it.
    pub(super) name: String,
}

/// What a limit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It denies.
    Deny,
    /// A boundary lets it through; the number is that of the boundary.
    Cap(usize),
}

/// Resources as patterns.
#[derive(Clone, Debug)]
pub(super) struct Resources {
    /// The patterns, each as written.
    pub(super) named: Vec<(Pattern, Term)>,
    /// Whether all but those are meant.
    pub(super) but: bool,
    /// Whether there may be more.
    pub(super) unsure: bool,
}

impl Resources {
    fn of(draft: &Draft<'_>, statement: &Statement) -> Self {
        let named = statement.resources.items.iter();
        let named = named.map(|term| (draft.address_pattern(&term.text), term.clone()));
        let mut named: Vec<(Pattern, Term)> = named.collect();
        let resources = &statement.resources;
        // The policy of a resource need not name it again.
        if named.is_empty() && resources.rest.is_none() && !statement.but_resources {
            let everything = Term {
                text: Text::literal("*"),
                basis: Basis::Written,
                place: statement.place,
            };
            named.push((Pattern::literal("*"), everything));
        }
        Self {
            named,
            but: statement.but_resources,
            unsure: statement.resources.rest.is_some(),
        }
    }
}

impl Limits {
    /// Those of a role's policies.
    pub(super) fn of(draft: &Draft<'_>, policies: &Policies) -> Self {
        let mut limits = Self::default();
        for source in &policies.sources {
            if let Document::Written(document) = &source.document {
                let name = source.name.as_deref().unwrap_or("its policy");
                let (statements, _) = policy::statements(document);
                limits.add_statements(draft, &statements, &source.guard, name);
            }
        }
        for source in &policies.boundary {
            limits.add_boundary(draft, source);
        }
        limits
    }

    /// Adds the Denies among statements.
    pub(super) fn add_statements(
        &mut self,
        draft: &Draft<'_>,
        statements: &[policy::Draft<'_>],
        guard: &Guard,
        name: &str,
    ) {
        for one in statements {
            self.add_statement(draft, one, guard, name, &|effect| {
                matches!(effect, Effect::Deny).then_some(Kind::Deny)
            });
        }
    }

    fn add_statement(
        &mut self,
        draft: &Draft<'_>,
        one: &policy::Draft<'_>,
        guard: &Guard,
        name: &str,
        kind: &dyn Fn(&Effect) -> Option<Kind>,
    ) {
        // Most are plain Allows, which need not be read for that.
        let effect = one.fact.field("Effect");
        if effect.as_known().is_some() && kind(&policy::effect(&effect)).is_none() {
            return;
        }
        let Some(guard) = guard.and(&one.guard) else {
            return;
        };
        let cases = Variables::of(one.fact).cases(&draft.graph.worlds, &guard);
        let cases = cases.unwrap_or_else(|| vec![(Guard::always(), World::new())]);
        for (case, world) in cases {
            let statement = policy::read(&in_world(one.fact, &world));
            let Some(kind) = kind(&statement.effect) else {
                continue;
            };
            let name = one.sid.as_deref().unwrap_or(name).to_owned();
            if let Some(guard) = guard.and(&case) {
                self.push(draft, kind, guard, statement, name);
            }
        }
    }

    fn add_boundary(&mut self, draft: &Draft<'_>, source: &Source) {
        let index = self.boundaries.len();
        let name = "its permissions boundary";
        let mut open = None;
        match &source.document {
            Document::Unknown(unknown) => open = Some(unknown.clone()),
            Document::Managed(policy) => {
                for statement in &policy.statements {
                    let statement = Statement::managed(statement, source.place);
                    let kind = Kind::Cap(index);
                    self.push(
                        draft,
                        kind,
                        source.guard.clone(),
                        statement,
                        name.to_owned(),
                    );
                }
            }
            Document::Written(document) => {
                let (statements, rest) = policy::statements(document);
                open = rest;
                for one in &statements {
                    let effect = policy::effect(&one.fact.field("Effect"));
                    if let Effect::Unknown(reason) = effect {
                        open.get_or_insert_with(|| policy::unknown(reason, one.span));
                    }
                    self.add_statement(draft, one, &source.guard, name, &|effect| match effect {
                        Effect::Allow => Some(Kind::Cap(index)),
                        Effect::Deny => Some(Kind::Deny),
                        Effect::Unknown(_) => None,
                    });
                }
            }
        }
        self.variables.add_guard(&source.guard);
        self.boundaries.push((source.guard.clone(), open));
    }

    fn push(
        &mut self,
        draft: &Draft<'_>,
        kind: Kind,
        guard: Guard,
        statement: Statement,
        name: String,
    ) {
        let actions = Spoken::of(&statement.actions, statement.but_actions);
        for service in actions.services() {
            let of = self.by_service.entry(service).or_default();
            of.push(self.limits.len());
        }
        self.variables.add_guard(&guard);
        self.about.get_mut().clear();
        self.cuts.get_mut().clear();
        self.limits.push(Limit {
            kind,
            guard,
            resources: Resources::of(draft, &statement),
            principals: Principals::of(&statement),
            leaves: condition::leaves(&statement),
            actions,
            statement,
            name,
        });
    }

    /// Adds what it depends on whether they hold.
    pub(super) fn add_to(&self, variables: &mut Variables) {
        variables.join(&self.variables);
    }

    /// Whether nothing limits.
    pub(super) fn is_empty(&self) -> bool {
        self.limits.is_empty() && self.boundaries.is_empty()
    }

    /// The Denies.
    pub(super) fn denies(&self) -> impl Iterator<Item = (&Guard, &Statement)> {
        let denies = self.limits.iter();
        let denies = denies.filter(|limit| limit.kind == Kind::Deny);
        denies.map(|deny| (&deny.guard, &deny.statement))
    }

    /// The boundaries that may hold in a world, by number: whether that is certain,
    /// and why each may let through more.
    pub(super) fn boundaries(&self, world: &World) -> Vec<(usize, bool, Option<Unknown>)> {
        let boundaries = self.boundaries.iter().enumerate();
        let there = boundaries.filter_map(|(index, (guard, open))| match guard.holds(world) {
            Some(false) => None,
            holds => Some((index, holds == Some(true), open.clone())),
        });
        there.collect()
    }

    /// The limits that may speak of actions of these services in a world, by number.
    pub(super) fn about(&self, services: BTreeSet<String>, world: &World) -> Rc<[usize]> {
        let key = (services, world.clone());
        if let Some(known) = self.about.borrow().get(&key) {
            return known.clone();
        }
        let all = key.0.contains("*");
        let by_service = self.by_service.iter();
        let about = by_service
            .filter(|(service, _)| all || *service == "*" || key.0.contains(*service))
            .flat_map(|(_, of)| of);
        let about: BTreeSet<usize> = about.copied().collect();
        let there = |index: &usize| {
            let limit = self.limits.get(*index);
            limit.is_some_and(|limit| limit.guard.holds(world) != Some(false))
        };
        let about: Rc<[usize]> = about.into_iter().filter(there).collect();
        self.about.borrow_mut().insert(key, about.clone());
        about
    }

    /// A limit by its number.
    pub(super) fn get(&self, index: usize) -> Option<&Limit> {
        self.limits.get(index)
    }

    /// Actions cut so that each of some limits speaks of all of a part or of nothing of it.
    pub(super) fn cut(&self, table: &ActionTable, actions: &Actions, by: Vec<usize>) -> Rc<[Part]> {
        let known = actions.known().unwrap_or_default();
        let key = (known.to_owned(), actions.but.names().to_vec(), by);
        if let Some(cut) = self.cuts.borrow().get(&key) {
            return cut.clone();
        }
        let limits = key.2.iter().filter_map(|index| self.limits.get(*index));
        let alike = actions::alike(limits.map(|limit| &limit.actions));
        let cut: Rc<[Part]> = actions::cut(table, actions, &alike).into();
        self.cuts.borrow_mut().insert(key, cut.clone());
        cut
    }
}

impl Limit {
    /// Whether it certainly holds in a world, whatever else is so.
    pub(super) fn is_sure_in(&self, world: &World) -> bool {
        let statement = &self.statement;
        self.guard.holds(world) == Some(true)
            && statement.conditions.is_empty()
            && statement.more_conditions.is_none()
    }
}
