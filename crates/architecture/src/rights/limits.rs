//! What takes away from Allows: Deny statements, and what a permissions boundary
//! lets through.
//!
//! Here they are only read, once for an identity or a resource; what they leave of
//! an Allow is for [`super::left`] to say.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::{Basis, Guard, Text, Unknown};

use super::actions::Spoken;
use super::condition::{self, Narrowed};
use super::pattern::Pattern;
use super::policy::{self, Effect, Named, Statement, Term};
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
}

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

/// Whether a Deny is about those whom an Allow lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Concerns {
    /// It is about none of them.
    None,
    /// It is about all of them.
    All,
    /// It is about all but some, who are named.
    AllButNamed,
    /// Nobody can tell.
    Unsure,
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
        self.limits.push(Limit {
            kind,
            guard,
            resources: Resources::of(draft, &statement),
            actions,
            statement,
            name,
        });
    }

    /// Adds what it depends on whether they hold.
    pub(super) fn add_to(&self, variables: &mut Variables) {
        let limits = self.limits.iter().map(|limit| &limit.guard);
        let boundaries = self.boundaries.iter().map(|(guard, _)| guard);
        limits
            .chain(boundaries)
            .for_each(|guard| variables.add_guard(guard));
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

    /// The limits that may speak of actions of these services in a world.
    pub(super) fn about(&self, services: &BTreeSet<String>, world: &World) -> Vec<&Limit> {
        let all = services.contains("*");
        let by_service = self.by_service.iter();
        let about = by_service
            .filter(|(service, _)| all || *service == "*" || services.contains(*service))
            .flat_map(|(_, of)| of);
        let about: BTreeSet<usize> = about.copied().collect();
        let about = about.into_iter();
        about
            .filter_map(|index| self.limits.get(index))
            .filter(|limit| limit.guard.holds(world) != Some(false))
            .collect()
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

    /// What its condition leaves; nothing where it has none.
    pub(super) fn leaves(&self) -> Narrowed {
        condition::leaves(&self.statement)
    }

    /// Whether it is about those whom an Allow lets in: everybody in the policy of
    /// an identity.
    pub(super) fn concerns(&self, allowed: &[Named]) -> Concerns {
        let deny = &self.statement;
        if allowed.is_empty() || deny.principals.is_empty() && deny.more_principals.is_none() {
            return Concerns::All;
        }
        let covers = |named: &Named, one: &Named| {
            let pattern = Pattern::of(&named.term.text);
            pattern.covers(&Pattern::of(&one.term.text)) || is_account_of(named, one)
        };
        let covered = |one: &Named| deny.principals.iter().any(|named| covers(named, one));
        let touched = |one: &Named| {
            let one = Pattern::of(&one.term.text);
            let mut named = deny.principals.iter();
            named.any(|named| Pattern::of(&named.term.text).overlaps(&one))
        };
        let anybody = |one: &&Named| one.term.text.known() == Some("*");
        let unsure = deny.more_principals.is_some();
        match deny.but_principals {
            // Of everybody it leaves those it names.
            true if allowed.iter().any(|one| anybody(&one)) => Concerns::AllButNamed,
            true if allowed.iter().all(covered) => Concerns::None,
            true if unsure || allowed.iter().any(touched) => Concerns::Unsure,
            true => Concerns::All,
            false if allowed.iter().all(covered) => Concerns::All,
            // Somebody denied does not make everybody anybody less.
            false if allowed.iter().all(|one| anybody(&one)) && !unsure => Concerns::None,
            false if unsure || allowed.iter().any(|one| !anybody(&one) && touched(one)) => {
                Concerns::Unsure
            }
            false => Concerns::None,
        }
    }
}

/// Whether a principal is the account in which another one is.
fn is_account_of(account: &Named, one: &Named) -> bool {
    let text = account.term.text.to_string();
    let number = match text.strip_suffix(":root") {
        Some(arn) => arn.rsplit(':').next().unwrap_or_default(),
        None => &text,
    };
    let one = one.term.text.to_string();
    let own = one.split(':').nth(4);
    !number.is_empty() && own == Some(number)
}
