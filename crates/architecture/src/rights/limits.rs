//! What Deny statements and a permissions boundary leave of an Allow.
//!
//! Only what patterns can show is decided: an action that is certainly denied is
//! gone, one that no Deny touches and the boundary certainly lets through stays,
//! and everything between is unknown for that reason.

use underbelly_expression::{Guard, Reason, Worlds};

use super::condition::{self, Narrowed};
use super::pattern::Pattern;
use super::policy::{self, Effect, Statement, Terms};
use super::sources::{Document, Policies, Source};
use crate::worlds::{Variables, World, in_world};

/// What becomes of an allowed action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays as it is.
    Stays,
    /// It is certainly denied.
    Denied,
    /// Some of it may be.
    Unclear(Reason),
}

/// The Denies that hold for an identity or a resource, and its boundary.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    denies: Vec<Deny>,
    boundaries: Vec<Boundary>,
}

/// A Deny in some worlds.
#[derive(Clone, Debug)]
pub(super) struct Deny {
    guard: Guard,
    statement: Statement,
    /// What people call it.
    name: String,
}

#[derive(Clone, Debug)]
struct Boundary {
    guard: Guard,
    allows: Vec<Statement>,
    denies: Vec<Statement>,
    /// Whether all of it is known.
    whole: bool,
}

impl Limits {
    /// Those of a role's policies.
    pub(super) fn of(policies: &Policies, worlds: &Worlds) -> Self {
        let mut limits = Self::default();
        for source in &policies.sources {
            if let Document::Written(document) = &source.document {
                let name = source.name.as_deref().unwrap_or("its policy");
                limits.add(document, &source.guard, name, worlds);
            }
        }
        let boundaries = policies.boundary.iter();
        limits.boundaries = boundaries.map(|one| boundary(one, worlds)).collect();
        limits
    }

    /// Adds what it depends on whether they hold.
    pub(super) fn add_to(&self, variables: &mut Variables) {
        let denies = self.denies.iter().map(|deny| &deny.guard);
        let boundaries = self.boundaries.iter().map(|boundary| &boundary.guard);
        denies
            .chain(boundaries)
            .for_each(|guard| variables.add_guard(guard));
    }

    /// Adds the Denies of a document.
    pub(super) fn add(
        &mut self,
        document: &underbelly_expression::Fact,
        guard: &Guard,
        name: &str,
        worlds: &Worlds,
    ) {
        let (statements, _) = policy::statements(document);
        self.add_statements(&statements, guard, name, worlds);
    }

    /// Adds the Denies among statements.
    pub(super) fn add_statements(
        &mut self,
        statements: &[policy::Draft<'_>],
        guard: &Guard,
        name: &str,
        worlds: &Worlds,
    ) {
        for draft in statements {
            let Some(guard) = guard.and(&draft.guard) else {
                continue;
            };
            let cases = Variables::of(draft.fact).cases(worlds, &guard);
            let cases = cases.unwrap_or_else(|| vec![(Guard::always(), Default::default())]);
            for (case, world) in cases {
                let statement = policy::read(&in_world(draft.fact, &world));
                if statement.effect != Effect::Deny {
                    continue;
                }
                let name = draft.sid.as_deref().unwrap_or(name).to_owned();
                if let Some(guard) = guard.and(&case) {
                    self.denies.push(Deny {
                        guard,
                        statement,
                        name,
                    });
                }
            }
        }
    }

    /// The Denies.
    pub(super) fn denies(&self) -> impl Iterator<Item = (&Guard, &Statement)> {
        self.denies
            .iter()
            .map(|deny| (&deny.guard, &deny.statement))
    }

    /// What becomes of one action of an Allow in one world.
    pub(super) fn fate(&self, action: &str, allow: &Statement, world: &World) -> Fate {
        let mut unclear = None;
        for deny in &self.denies {
            let holds = deny.guard.holds(world);
            // `Deny … unless TLS` takes nothing away; it narrows.
            if holds == Some(false)
                || condition::unless(&deny.statement).is_some()
                || !deny.touches(action, allow)
            {
                continue;
            }
            if holds == Some(true) && deny.takes(action, allow) {
                return Fate::Denied;
            }
            let what = format!("the Deny statement in `{}`", deny.name);
            unclear.get_or_insert(Reason::NotAnalysed(what.into()));
        }
        for boundary in &self.boundaries {
            match boundary.guard.holds(world) {
                Some(false) => {}
                Some(true) => match boundary.fate(action, allow) {
                    Fate::Stays => {}
                    Fate::Denied => return Fate::Denied,
                    Fate::Unclear(reason) => unclear = unclear.or(Some(reason)),
                },
                None => unclear = unclear.or(Some(capped())),
            }
        }
        match unclear {
            Some(reason) => Fate::Unclear(reason),
            None => Fate::Stays,
        }
    }

    /// Adds what `Deny … unless` leaves of an Allow.
    pub(super) fn narrow(&self, allow: &Statement, world: &World, into: &mut Narrowed) {
        for deny in &self.denies {
            let Some(word) = condition::unless(&deny.statement) else {
                continue;
            };
            let whole = allow.actions.items.iter().all(|action| {
                let known = action.text.known();
                known.is_some_and(|action| deny.takes(action, allow))
            });
            let holds = deny.guard.holds(world) == Some(true);
            if whole && holds && !allow.actions.items.is_empty() {
                into.add(
                    word,
                    underbelly_expression::Basis::Written,
                    deny.statement.place,
                );
            }
        }
    }
}

impl Deny {
    /// Whether it may take something of the action away.
    fn touches(&self, action: &str, allow: &Statement) -> bool {
        meets(
            &self.statement.actions,
            self.statement.but_actions,
            &[Pattern::literal(action)],
        ) && meets(
            &self.statement.resources,
            self.statement.but_resources,
            &patterns(&allow.resources),
        ) && self.concerns(allow)
    }

    /// Whether it certainly takes all of the action away, its condition aside.
    fn takes(&self, action: &str, allow: &Statement) -> bool {
        let deny = &self.statement;
        let unconditional = deny.conditions.is_empty() && deny.more_conditions.is_none();
        (unconditional || condition::unless(deny).is_some())
            && takes_all(deny, action, allow)
            && (allow.principals.is_empty() || everybody(deny))
    }

    /// Whether it may speak of those whom an Allow speaks of.
    fn concerns(&self, allow: &Statement) -> bool {
        let deny = &self.statement;
        if deny.but_principals || allow.principals.is_empty() || everybody(deny) {
            return true;
        }
        // Somebody denied does not make everybody anybody less.
        deny.more_principals.is_some()
            || deny.principals.iter().any(|denied| {
                let denied = Pattern::of(&denied.term.text);
                let mut allowed = allow.principals.iter();
                allowed.any(|allowed| {
                    denied.overlaps(&Pattern::of(&allowed.term.text))
                        && allowed.term.text.known() != Some("*")
                })
            })
    }
}

/// Whether a Deny is for everybody.
fn everybody(deny: &Statement) -> bool {
    !deny.but_principals
        && deny
            .principals
            .iter()
            .any(|named| named.term.text.known() == Some("*"))
}

impl Boundary {
    fn fate(&self, action: &str, allow: &Statement) -> Fate {
        let asked = [Pattern::literal(action)];
        let mut touching = false;
        let mut whole = false;
        for cap in &self.allows {
            if meets(&cap.actions, cap.but_actions, &asked) {
                touching = true;
                let unconditional = cap.conditions.is_empty() && cap.more_conditions.is_none();
                whole |= unconditional && takes_all(cap, action, allow);
            }
        }
        if !touching && self.whole {
            return Fate::Denied;
        }
        let denied = self
            .denies
            .iter()
            .any(|deny| meets(&deny.actions, deny.but_actions, &asked));
        match whole && !denied {
            true => Fate::Stays,
            false => Fate::Unclear(capped()),
        }
    }
}

fn capped() -> Reason {
    Reason::NotAnalysed("its permissions boundary".into())
}

fn boundary(source: &Source, worlds: &Worlds) -> Boundary {
    let mut boundary = Boundary {
        guard: source.guard.clone(),
        allows: Vec::new(),
        denies: Vec::new(),
        whole: true,
    };
    match &source.document {
        Document::Unknown(_) => boundary.whole = false,
        Document::Managed(policy) => {
            let statements = policy.statements.iter();
            let statements = statements.map(|one| Statement::managed(one, source.place));
            boundary.allows.extend(statements);
            boundary.whole = true;
        }
        Document::Written(document) => {
            let (statements, rest) = policy::statements(document);
            boundary.whole = rest.is_none();
            for draft in statements {
                let cases = Variables::of(draft.fact).cases(worlds, &source.guard);
                let cases = cases.unwrap_or_default();
                // What caps only in some worlds leaves no certainty in any.
                let is_plain = draft.guard.is_always() && cases.len() == 1;
                boundary.whole &= is_plain;
                for (_, world) in cases {
                    let statement = policy::read(&in_world(draft.fact, &world));
                    match statement.effect {
                        Effect::Allow if is_plain => boundary.allows.push(statement),
                        Effect::Allow | Effect::Unknown(_) => boundary.whole = false,
                        Effect::Deny => boundary.denies.push(statement),
                    }
                }
            }
        }
    }
    boundary
}

/// Whether a statement speaks of some of these.
fn meets(terms: &Terms, but: bool, asked: &[Pattern]) -> bool {
    if but || terms.rest.is_some() || asked.is_empty() || terms.items.is_empty() {
        return true;
    }
    let own = patterns(terms);
    own.iter()
        .any(|own| asked.iter().any(|asked| own.overlaps(asked)))
}

/// Whether a statement certainly speaks of all of an action on all resources of
/// another statement.
fn takes_all(statement: &Statement, action: &str, other: &Statement) -> bool {
    if statement.but_actions || statement.but_resources || other.but_resources {
        return false;
    }
    let action = Pattern::literal(action);
    let actions = patterns(&statement.actions);
    let resources = patterns(&statement.resources);
    let asked = patterns(&other.resources);
    actions.iter().any(|own| own.covers(&action))
        && other.resources.rest.is_none()
        && asked
            .iter()
            .all(|asked| resources.iter().any(|own| own.covers(asked)))
}

fn patterns(terms: &Terms) -> Vec<Pattern> {
    terms
        .items
        .iter()
        .map(|term| Pattern::of(&term.text))
        .collect()
}
