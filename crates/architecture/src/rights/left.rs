//! What Deny statements and a permissions boundary leave of an Allow.
//!
//! An Allow is cut into pieces of actions, each with the resources left to it. The
//! answer is an upper bound: what a limit takes away only in part stays, on the rest.
//! What hangs on a text that is not known stays too, with the reason.

use std::collections::BTreeSet;
use std::rc::Rc;

use underbelly_expression::{Basis, Reason, Text, Unknown};

use super::ability::{self, Abilities};
use super::actions::{Actions, Part};
use super::bearing::Bearing;
use super::concerns::{Concerns, Principals};
use super::condition::{self, Narrowed};
use super::left_out::LeftOut;
use super::limits::{Kind, Limit, Limits, Resources};
use super::pattern::Pattern;
use super::policy::{Effect, Statement, Term};
use super::{facts, reach};
use crate::draft::Draft;
use crate::worlds::{World, too_many};

/// Actions that are left, on what is left of the resources.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// The actions.
    pub(super) actions: Actions,
    /// What is left of the resources.
    pub(super) on: Vec<Remains>,
    /// Why nothing of it may be left.
    pub(super) unsure: Option<Unknown>,
    /// What limits leave it under conditions.
    pub(super) narrowed: Narrowed,
}

/// A resource, or what is left of one.
#[derive(Clone, Debug)]
pub(super) struct Remains {
    /// As written where it is written.
    pub(super) term: Term,
    /// All that it takes in.
    pub(super) pattern: Pattern,
    /// Why it may be taken away.
    pub(super) unsure: Option<Unknown>,
}

/// All that is left of an Allow.
#[derive(Clone, Debug, Default)]
pub(super) struct Left {
    /// The pieces.
    pub(super) pieces: Vec<Piece>,
    /// Why there may be actions that nobody can tell.
    pub(super) open: Option<Unknown>,
    /// What bore on it.
    pub(super) bearing: Bearing,
}

impl Left {
    /// What limits all of it.
    pub(super) fn narrowed(&self) -> Narrowed {
        let mut pieces = self.pieces.iter();
        let Some(first) = pieces.next() else {
            return Narrowed::default();
        };
        let why = |piece: &Piece| piece.narrowed.rest.clone().or_else(|| piece.unsure.clone());
        let mut common = Narrowed {
            rest: why(first),
            ..first.narrowed.clone()
        };
        for piece in pieces {
            common.by.retain(|(word, ..)| piece.narrowed.has(word));
            common.keeps_strangers_out &= piece.narrowed.keeps_strangers_out;
            common.rest = common.rest.filter(|_| why(piece).is_some());
        }
        common
    }

    /// What it lets others do with what it guards, which is of these services: all
    /// actions are all of theirs.
    pub(super) fn abilities(&self, draft: &Draft<'_>, services: &[&str]) -> Abilities {
        let mut abilities = Abilities::default();
        let common = self.narrowed();
        let all = |actions: &Actions| {
            let known = actions.known().map(ability::wildcard);
            known == Some(ability::Wildcard::All) && !services.is_empty()
        };
        for piece in &self.pieces {
            let mut own = match all(&piece.actions) {
                false => piece.actions.abilities(draft, false),
                true => {
                    let mut joined = Abilities::default();
                    for service in services {
                        let actions = piece.actions.only(&format!("{service}:*"));
                        joined.join(&actions.abilities(draft, false));
                    }
                    Rc::new(joined)
                }
            };
            // What only some may do for a condition is not said of all who are let in.
            if !own.items.is_empty() && piece.limit_beyond(&common).is_some() {
                let what = "the condition of a Deny on some of it";
                own = Rc::new(Abilities {
                    rest: Some(Reason::NotAnalysed(what.into())),
                    ..Abilities::default()
                });
            }
            abilities.join(&own);
        }
        let open = self.open.as_ref().map(|open| open.reason.clone());
        abilities.rest = abilities.rest.or(open);
        abilities
    }
}

impl Piece {
    /// Whether the same is left of the resources, on the same terms.
    fn is_like(&self, other: &Piece) -> bool {
        let left = |piece: &Piece| -> Vec<(Pattern, bool)> {
            let on = piece.on.iter();
            on.map(|one| (one.pattern.clone(), one.unsure.is_some()))
                .collect()
        };
        self.unsure == other.unsure && self.narrowed == other.narrowed && left(self) == left(other)
    }

    /// What limits it under a condition beyond what limits all of its Allow.
    pub(super) fn limit_beyond(&self, all: &Narrowed) -> Option<Unknown> {
        let mut words = self.narrowed.by.iter();
        let own = words.find(|(word, ..)| {
            // Neither keeps a flaw in the workload itself from using it.
            !all.has(word) && !matches!(*word, "tls" | "network")
        });
        let by_condition = own.map(|(_, _, place)| {
            let what = "the condition of a Deny or a boundary";
            facts::unknown(Reason::NotAnalysed(what.into()), *place)
        });
        let rest = self.narrowed.rest.clone();
        by_condition.or(rest.filter(|_| all.rest.is_none()))
    }
}

/// What is left of an Allow in one world.
pub(super) fn left(
    draft: &Draft<'_>,
    statement: &Statement,
    limits: &Limits,
    world: &World,
) -> Left {
    let (asked, open) = asked(statement);
    let services = asked
        .iter()
        .filter_map(Actions::known)
        .map(ability::service);
    let services: BTreeSet<String> = services.collect();
    let whole = Whole::of(draft, statement);
    let about = about(limits, statement, &whole, &limits.about(services, world));
    let capped = limits.boundaries(world);
    let mut pieces = Vec::new();
    let mut spoke = BTreeSet::new();
    for actions in &asked {
        let by = about.iter().map(|(index, ..)| *index).collect();
        let parts = limits.cut(&draft.library.data.actions, actions, by);
        let mut own: Vec<(&Part, Piece)> = Vec::new();
        for part in parts.iter() {
            let mut piece = Piece {
                actions: actions.clone(),
                on: whole.resources.clone(),
                unsure: whole.unsure.clone(),
                narrowed: Narrowed::default(),
            };
            spoke.extend(part.speaking.keys().copied());
            let taken = Taken::of(part, &about, world);
            if taken.by_boundaries(&capped, &mut piece) && taken.by_denies(&whole, &mut piece) {
                let all = piece.on.iter().all(|remains| remains.unsure.is_some());
                let first = piece.on.iter().find_map(|remains| remains.unsure.clone());
                piece.unsure = piece.unsure.take().or(first.filter(|_| all));
                own.push((part, piece));
            }
        }
        // Where nothing was taken from any part they are one again.
        let alike =
            |pair: &[(&Part, Piece)]| matches!(pair, [(_, one), (_, other)] if one.is_like(other));
        if own.len() == parts.len() && own.windows(2).all(alike) {
            pieces.extend(own.into_iter().map(|(_, piece)| piece).take(1));
            continue;
        }
        for (part, piece) in own {
            let each = part.of(actions).into_iter();
            pieces.extend(each.map(|actions| Piece {
                actions,
                ..piece.clone()
            }));
        }
    }
    let spoke = spoke.iter().filter_map(|index| about.get(*index));
    let bearing = Bearing::of(spoke.map(|(_, limit, _)| *limit), &whole.patterns());
    Left {
        pieces,
        open,
        bearing,
    }
}

/// Of some limits those that may take away from an Allow, each with its number.
fn about<'l>(
    limits: &'l Limits,
    statement: &Statement,
    whole: &Whole,
    some: &[usize],
) -> Vec<(usize, &'l Limit, Concerns)> {
    let allowed = Principals::of(statement);
    let some = some.iter().filter_map(|index| {
        let limit = limits.get(*index)?;
        let concerns = limit.principals.concern(&allowed);
        let is_about = match concerns {
            Concerns::None => false,
            // Most are about other resources.
            Concerns::All => limit.resources.but || limit.resources.touch(&whole.resources),
            Concerns::AllButNamed | Concerns::Unsure => true,
        };
        is_about.then_some((*index, limit, concerns))
    });
    some.collect()
}

/// The actions an Allow speaks of, and why there may be more.
fn asked(statement: &Statement) -> (Vec<Actions>, Option<Unknown>) {
    let mut open = statement.actions.rest.clone();
    if let Effect::Unknown(reason) = &statement.effect {
        let unknown = facts::unknown(reason.clone(), statement.place);
        return (Vec::new(), Some(open.unwrap_or(unknown)));
    }
    let mut known = Vec::new();
    for term in &statement.actions.items {
        match term.text.known() {
            Some(_) => known.push(term.clone()),
            None => open = open.or_else(|| hole(term)),
        }
    }
    if !statement.but_actions {
        return (known.into_iter().map(Actions::all).collect(), open);
    }
    let names = known.iter().filter_map(|term| term.text.known());
    let but = LeftOut::of(names.map(Into::into)).into();
    let first = known.first();
    let term = Term {
        text: Text::literal("*"),
        basis: first.map_or(Basis::Written, |term| term.basis),
        place: first.and_then(|term| term.place).or(statement.place),
    };
    // Of what else may be left out nothing is known; the rest of all is an upper bound.
    (vec![Actions { term, but }], open)
}

/// Why what a text stands for is not known.
fn hole(term: &Term) -> Option<Unknown> {
    let hole = term.text.holes().next()?;
    let reason = reach::reason(&hole.cause, &hole.label);
    Some(facts::unknown(reason, term.place))
}

/// The resources of an Allow before anything is taken away.
struct Whole {
    resources: Vec<Remains>,
    /// What it leaves out itself.
    but: Vec<Pattern>,
    unsure: Option<Unknown>,
}

impl Whole {
    fn of(draft: &Draft<'_>, statement: &Statement) -> Self {
        let resources = &statement.resources;
        let everything = || Remains {
            term: Term {
                text: Text::literal("*"),
                basis: Basis::Written,
                place: statement.place,
            },
            pattern: Pattern::literal("*"),
            unsure: None,
        };
        let named = || {
            resources.items.iter().map(|term| Remains {
                pattern: draft.address_pattern(&term.text),
                term: term.clone(),
                unsure: None,
            })
        };
        if statement.but_resources {
            return Self {
                resources: vec![everything()],
                but: named().map(|remains| remains.pattern).collect(),
                unsure: None,
            };
        }
        // A policy of a resource need not name it again.
        let resources = match resources.items.is_empty() {
            true => vec![everything()],
            false => named().collect(),
        };
        Self {
            resources,
            but: Vec::new(),
            unsure: None,
        }
    }
}

impl Whole {
    fn patterns(&self) -> Vec<&Pattern> {
        self.resources.iter().map(|one| &one.pattern).collect()
    }
}

/// The limits that speak of a piece, each with whether that is certain.
struct Taken<'t> {
    limits: Vec<(&'t Limit, Concerns, bool)>,
}

impl<'t> Taken<'t> {
    fn of(part: &Part, about: &[(usize, &'t Limit, Concerns)], world: &World) -> Self {
        let speaking = part.speaking.iter();
        let limits = speaking.filter_map(|(at, sure)| {
            let (_, limit, concerns) = about.get(*at)?;
            let holds = limit.guard.holds(world) == Some(true);
            Some((*limit, *concerns, *sure && holds))
        });
        Self {
            limits: limits.collect(),
        }
    }

    fn limits(&self) -> impl Iterator<Item = (&'t Limit, Concerns, bool)> {
        self.limits.iter().copied()
    }

    /// Takes away what the boundaries do not let through; whether something is left.
    fn by_boundaries(&self, capped: &[(usize, bool, Option<Unknown>)], piece: &mut Piece) -> bool {
        for (index, certain, rest) in capped {
            let caps = self
                .limits()
                .filter(|(limit, ..)| limit.kind == Kind::Cap(*index));
            let mut through: Vec<Remains> = Vec::new();
            let mut conditions: Vec<Narrowed> = Vec::new();
            let mut free = false;
            for (cap, _, sure) in caps {
                let met = meeting(&piece.on, cap, sure);
                if met.is_empty() {
                    continue;
                }
                match cap.is_conditional() {
                    true => conditions.push(condition::narrowed(&cap.statement, &|_| false)),
                    false => free = true,
                }
                through.extend(met);
            }
            let unclear = match certain {
                true => rest.clone(),
                false => Some(facts::unknown(too_many(), None)),
            };
            if through.is_empty() && unclear.is_none() {
                return false;
            }
            if let Some(unclear) = unclear {
                let covered = |one: &Remains| {
                    let mut through = through.iter();
                    through.any(|by| by.unsure.is_none() && by.pattern.covers(&one.pattern))
                };
                let open = piece.on.iter().filter(|one| !covered(one));
                let open: Vec<Remains> = open
                    .map(|one| Remains {
                        unsure: Some(unclear.clone()),
                        ..one.clone()
                    })
                    .collect();
                through.extend(open);
            }
            if let (false, [one]) = (free, conditions.as_slice()) {
                piece.narrowed.join(one.clone());
            } else if !free && !conditions.is_empty() {
                let place = piece.actions.term.place;
                piece.narrowed.add("other", Basis::Written, place);
            }
            piece.on = without_doubles(through);
        }
        true
    }

    /// Takes away what Denies take away; whether something is left.
    fn by_denies(&self, whole: &Whole, piece: &mut Piece) -> bool {
        let denies = || self.limits().filter(|(limit, ..)| limit.kind == Kind::Deny);
        // What leaves only some resources first: others then take those away whole.
        for (deny, concerns, sure) in denies().filter(|(deny, ..)| deny.resources.but) {
            if deny.is_conditional() {
                condition(deny, sure, piece);
                continue;
            }
            match concerns {
                Concerns::All if sure => {
                    piece.on = meeting_but(&piece.on, deny);
                }
                Concerns::AllButNamed => strangers_out(deny, piece),
                Concerns::All | Concerns::Unsure => doubt(deny, piece),
                Concerns::None => {}
            }
        }
        let mut partly: Vec<&Pattern> = whole.but.iter().collect();
        for (deny, concerns, sure) in denies().filter(|(deny, ..)| !deny.resources.but) {
            if deny.is_conditional() {
                condition(deny, sure, piece);
                continue;
            }
            match concerns {
                Concerns::All => {
                    if !deny.resources.touch(&piece.on) {
                        continue;
                    }
                    take(deny, sure && !deny.resources.unsure, piece);
                    if sure && !deny.resources.unsure {
                        let named = deny.resources.named.iter();
                        partly.extend(named.map(|(pattern, _)| pattern));
                    }
                }
                Concerns::AllButNamed => strangers_out(deny, piece),
                Concerns::Unsure => doubt(deny, piece),
                Concerns::None => {}
            }
        }
        // Several may take away together what none takes away alone.
        if !partly.is_empty() {
            piece.on.retain(|remains| {
                let samples = remains.pattern.samples();
                remains.pattern.has_holes()
                    || samples
                        .iter()
                        .any(|sample| !partly.iter().any(|taken| taken.covers(sample)))
            });
        }
        !piece.on.is_empty()
    }
}

impl Resources {
    /// Whether any of these may be among them, as far as can be told at a glance.
    fn touch(&self, on: &[Remains]) -> bool {
        let touches = |(pattern, _): &(Pattern, Term)| {
            let mut on = on.iter();
            on.any(|one| !pattern.parts_from(&one.pattern))
        };
        self.unsure || self.named.iter().any(touches)
    }
}

/// What is left of resources where only those stay that are let through.
fn meeting(on: &[Remains], cap: &Limit, sure: bool) -> Vec<Remains> {
    let (cap, why) = match cap.resources.but || cap.resources.touch(on) {
        true => (&cap.resources, &cap.why()),
        false => return Vec::new(),
    };
    let unclear = |one: &Remains, is: bool| one.unsure.clone().or_else(|| is.then(|| why.clone()));
    if cap.but {
        let left = on.iter().filter(|one| {
            let mut named = cap.named.iter();
            !named.any(|(pattern, _)| pattern.covers(&one.pattern))
        });
        let left = left.map(|one| Remains {
            unsure: unclear(one, !sure || cap.unsure),
            ..one.clone()
        });
        return left.collect();
    }
    let mut met = Vec::new();
    for one in on {
        if cap.unsure {
            met.push(Remains {
                unsure: unclear(one, true),
                ..one.clone()
            });
        }
        for (pattern, term) in &cap.named {
            met.extend(both(one, pattern, term, unclear(one, !sure), why));
        }
    }
    met
}

/// What is left where a Deny takes all but what it names.
fn meeting_but(on: &[Remains], deny: &Limit) -> Vec<Remains> {
    let (deny, why) = (&deny.resources, &deny.why());
    let mut left = Vec::new();
    for one in on {
        if deny.unsure {
            left.push(Remains {
                unsure: Some(one.unsure.clone().unwrap_or_else(|| why.clone())),
                ..one.clone()
            });
        }
        for (pattern, term) in &deny.named {
            left.extend(both(one, pattern, term, one.unsure.clone(), why));
        }
    }
    without_doubles(left)
}

/// What two resources have in common.
fn both(
    one: &Remains,
    pattern: &Pattern,
    term: &Term,
    unsure: Option<Unknown>,
    why: &Unknown,
) -> Option<Remains> {
    if pattern.covers(&one.pattern) {
        return Some(Remains {
            unsure,
            ..one.clone()
        });
    }
    if one.pattern.covers(pattern) {
        return Some(Remains {
            term: term.clone(),
            pattern: pattern.clone(),
            unsure,
        });
    }
    let common = one.pattern.meet(pattern)?;
    let has_holes = one.pattern.has_holes() || pattern.has_holes();
    // The narrower of both names what is left.
    let wide =
        |term: &Term| reach::covered(&term.text).map_or(reach::Reach::Everything, |c| c.reach);
    let narrower = match wide(term) < wide(&one.term) {
        true => term,
        false => &one.term,
    };
    Some(Remains {
        term: narrower.clone(),
        pattern: common,
        unsure: unsure.or_else(|| has_holes.then(|| why.clone())),
    })
}

/// Each once, and none that another takes in.
fn without_doubles(remains: Vec<Remains>) -> Vec<Remains> {
    let mut kept: Vec<Remains> = Vec::new();
    for one in remains {
        let again = |known: &Remains| {
            (known.unsure.is_none() || one.unsure.is_some()) && known.pattern.covers(&one.pattern)
        };
        if !kept.iter().any(again) {
            kept.push(one);
        }
    }
    kept
}

/// Takes away the resources a Deny covers.
fn take(deny: &Limit, sure: bool, piece: &mut Piece) {
    let mut left = Vec::new();
    for mut one in piece.on.drain(..) {
        let mut named = deny.resources.named.iter();
        let covered = named.any(|(pattern, _)| pattern.covers(&one.pattern));
        if covered && sure {
            continue;
        }
        let may = covered
            || deny.resources.unsure
            || deny.resources.named.iter().any(|(pattern, _)| {
                pattern.overlaps(&one.pattern) && pattern.may_cover(&one.pattern)
            });
        if may {
            one.unsure = one
                .unsure
                .or_else(|| hole(&one.term).filter(|_| !deny.has_holes()));
            one.unsure = one.unsure.or_else(|| Some(deny.why()));
        }
        left.push(one);
    }
    piece.on = left;
}

/// Notes what the condition of a Deny leaves of what it takes away otherwise.
fn condition(deny: &Limit, sure: bool, piece: &mut Piece) {
    let resources = &deny.resources;
    let covers = |one: &Remains| {
        let mut named = resources.named.iter();
        match resources.but {
            true => !named.any(|(pattern, _)| pattern.overlaps(&one.pattern)),
            false => named.any(|(pattern, _)| pattern.covers(&one.pattern)),
        }
    };
    if !piece.on.iter().all(covers) {
        return;
    }
    match sure {
        true => piece.narrowed.join(deny.leaves.clone()),
        false => {
            piece.narrowed.rest.get_or_insert_with(|| deny.why());
        }
    }
}

/// A Deny of all but some leaves nobody else.
fn strangers_out(deny: &Limit, piece: &mut Piece) {
    piece
        .narrowed
        .add("other", Basis::Written, deny.statement.place);
    piece.narrowed.keeps_strangers_out = true;
}

fn doubt(deny: &Limit, piece: &mut Piece) {
    piece.unsure.get_or_insert_with(|| deny.why());
}

impl Limit {
    fn is_conditional(&self) -> bool {
        !self.statement.conditions.is_empty() || self.statement.more_conditions.is_some()
    }

    fn has_holes(&self) -> bool {
        let mut named = self.resources.named.iter();
        named.any(|(pattern, _)| pattern.has_holes())
    }

    /// Why it is not known what it takes away, where it is not.
    fn why(&self) -> Unknown {
        let statement = &self.statement;
        let open = [&statement.actions, &statement.resources];
        let rest = open.iter().find_map(|terms| terms.rest.clone());
        let mut items = open.iter().flat_map(|terms| &terms.items);
        rest.or_else(|| items.find_map(hole)).unwrap_or_else(|| {
            let what = format!("all that the statement in `{}` is about", self.name);
            facts::unknown(Reason::Unsupported(what.into()), statement.place)
        })
    }
}
