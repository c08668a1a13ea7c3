//! Functions that can start themselves again: by what they write, call or send,
//! directly or through others.
//!
//! Whether they can follows from which components reach one another ([`super::causes`]).
//! The way that is shown is a shortest one, where that is found soon enough.

use std::collections::{BTreeMap, VecDeque};

use underbelly_expression::{Basis, Fact, SubjectId, Value};
use underbelly_model::Strength;
use underbelly_source::Place;

use crate::derived::no;
use crate::draft::Draft;
use crate::worlds::World;

use super::causes::{Group, Steps};

/// A circle is shown by at most so many of its lines.
const MOST_PLACES: usize = 8;

/// For a shortest way round so many flows are looked at; where that is not enough,
/// some way is shown.
const MOST_TRIED: usize = 1_000;

/// Sets `in_cycle` of every function.
pub(crate) fn add(draft: &mut Draft<'_>) {
    let steps = Steps::of(draft);
    let mut found: BTreeMap<SubjectId, Fact> = BTreeMap::new();
    for group in steps.groups() {
        let own = steps.within(&group);
        let variables = own.variables(draft);
        let mut by_world: BTreeMap<World, Circles> = BTreeMap::new();
        for member in group {
            let head = draft.place_of(member);
            let Some(head) = head.filter(|_| draft.kind_of(member) == "function") else {
                continue;
            };
            let within = draft.guard_of(member);
            let fact = variables.by_case(&draft.graph.worlds, &within, |world| {
                let circles = by_world.entry(world.clone());
                let circles = circles.or_insert_with(|| Circles::of(draft, &own, world));
                let around = circles.around(draft, member);
                around.unwrap_or_else(|| no(head))
            });
            found.insert(member, fact);
        }
    }
    for function in draft.of_kind("function") {
        if let Some(head) = draft.place_of(function) {
            let fact = found.remove(&function).unwrap_or_else(|| no(head));
            draft.set(function, "in_cycle", fact);
        }
    }
}

/// What runs in circles in one world.
struct Circles {
    all: Vec<Circle>,
    /// The circle each is in, and its number there.
    of: BTreeMap<SubjectId, (usize, usize)>,
}

impl Circles {
    fn of(draft: &Draft<'_>, steps: &Steps, world: &World) -> Self {
        let there = steps.in_world(draft, world);
        let groups = there.groups();
        let numbered = groups.iter().enumerate().flat_map(|(circle, group)| {
            let members = group.iter().enumerate();
            members.map(move |(number, member)| (*member, (circle, number)))
        });
        Self {
            of: numbered.collect(),
            all: groups
                .iter()
                .map(|group| Circle::of(&there, group))
                .collect(),
        }
    }

    /// A way from a function back to itself, as a fact.
    fn around(&mut self, draft: &Draft<'_>, function: SubjectId) -> Option<Fact> {
        let (circle, number) = self.of.get(&function)?;
        let circle = self.all.get_mut(*circle)?;
        let way = circle.shortest(draft, *number);
        Some(
            way.unwrap_or_else(|| circle.some(draft, *number))
                .fact(draft),
        )
    }
}

/// Components that reach one another, by number.
struct Circle {
    /// For each where its flows lead.
    from: Vec<Vec<Step>>,
    /// For each the last search that came there, and by what.
    came: Vec<(usize, Step)>,
    n_searches: usize,
    /// From the first of them and back to it, once somebody asked.
    spokes: Option<[Spokes; 2]>,
}

/// The member that others go by where their own way is not found soon enough.
const FIRST: usize = 0;

/// A member, and the flow that leads to it or from it.
type Step = (usize, usize);

/// For each member its step on the way to or from the first, and whether all of that
/// way is strong.
type Spokes = Vec<Option<(Step, bool)>>;

/// A way round, beginning with its last flow.
struct Way {
    flows: Vec<usize>,
    is_strong: bool,
}

impl Circle {
    fn of(steps: &Steps, group: &Group) -> Self {
        let numbers: BTreeMap<SubjectId, usize> = group
            .iter()
            .enumerate()
            .map(|(number, member)| (*member, number))
            .collect();
        let from = group.iter().map(|member| {
            let steps = steps.from(*member).iter();
            let steps = steps.filter_map(|(to, flow)| Some((*numbers.get(to)?, *flow)));
            steps.collect()
        });
        Self {
            from: from.collect(),
            came: vec![(0, (0, 0)); group.len()],
            n_searches: 0,
            spokes: None,
        }
    }

    /// A shortest way from a member back to itself, if it is found soon enough.
    fn shortest(&mut self, draft: &Draft<'_>, start: usize) -> Option<Way> {
        self.n_searches += 1;
        // Others can go by the first of them: that one has to know its own way.
        let most_tried = if start == FIRST {
            usize::MAX
        } else {
            MOST_TRIED
        };
        let mut n_tried = 0;
        let mut open = VecDeque::from([start]);
        while let Some(at) = open.pop_front() {
            for (to, flow) in self.from.get(at)? {
                n_tried += 1;
                let came = self.came.get_mut(*to)?;
                if came.0 != self.n_searches {
                    *came = (self.n_searches, (at, *flow));
                    open.push_back(*to);
                }
                if *to == start {
                    return self.way_back(draft, start);
                }
            }
            if n_tried > most_tried {
                return None;
            }
        }
        None
    }

    fn way_back(&self, draft: &Draft<'_>, start: usize) -> Option<Way> {
        let mut flows = Vec::new();
        let mut at = start;
        while flows.len() <= self.from.len() {
            let (_, (before, flow)) = self.came.get(at)?;
            flows.push(*flow);
            at = *before;
            if at == start {
                break;
            }
        }
        Some(Way {
            is_strong: flows.iter().all(|flow| is_strong(draft, *flow)),
            flows,
        })
    }

    /// Some way from a member back to itself, by the first of them: how it ends and
    /// how it begins.
    fn some(&mut self, draft: &Draft<'_>, start: usize) -> Way {
        let from = &self.from;
        let [out, home] = self.spokes.get_or_insert_with(|| {
            let mut into = vec![Vec::new(); from.len()];
            for (at, steps) in from.iter().enumerate() {
                for (to, flow) in steps {
                    if let Some(into) = into.get_mut(*to) {
                        into.push((at, *flow));
                    }
                }
            }
            [spokes(draft, from), spokes(draft, &into)]
        });
        let (mut flows, out_is_strong) = along(out, start, MOST_PLACES);
        let n_left = MOST_PLACES.saturating_sub(flows.len());
        let (begins, home_is_strong) = along(home, start, n_left);
        flows.extend(begins.into_iter().rev());
        Way {
            is_strong: out_is_strong && home_is_strong,
            flows,
        }
    }
}

/// For each member the step by which a search from the first comes to it.
fn spokes(draft: &Draft<'_>, from: &[Vec<Step>]) -> Spokes {
    let mut spokes: Spokes = vec![None; from.len()];
    let mut open = VecDeque::from([(FIRST, true)]);
    while let Some((at, strong)) = open.pop_front() {
        for (to, flow) in from.get(at).into_iter().flatten() {
            let spoke = spokes.get_mut(*to).filter(|spoke| spoke.is_none());
            if let (Some(spoke), true) = (spoke, *to != FIRST) {
                let strong = strong && is_strong(draft, *flow);
                *spoke = Some(((at, *flow), strong));
                open.push_back((*to, strong));
            }
        }
    }
    spokes
}

/// The flows next to a member on its way, and whether all of that way is strong.
fn along(spokes: &Spokes, start: usize, most: usize) -> (Vec<usize>, bool) {
    let spoke = |at: usize| spokes.get(at).copied().flatten();
    let is_strong = spoke(start).is_none_or(|(_, strong)| strong);
    let steps = std::iter::successors(spoke(start), |((at, _), _)| spoke(*at));
    let flows = steps.map(|((_, flow), _)| flow).take(most);
    (flows.collect(), is_strong)
}

fn is_strong(draft: &Draft<'_>, flow: usize) -> bool {
    let flow = draft.flows.get(flow);
    flow.is_some_and(|flow| flow.strength == Strength::Strong)
}

impl Way {
    fn fact(&self, draft: &Draft<'_>) -> Fact {
        let mut places: Vec<Place> = Vec::new();
        for flow in self.flows.iter().filter_map(|flow| draft.flows.get(*flow)) {
            let first = flow.places.first().filter(|place| !places.contains(place));
            places.extend(first.filter(|_| places.len() < MOST_PLACES));
        }
        places.reverse();
        let basis = match self.is_strong {
            true => Basis::Written,
            false => Basis::LibraryAssumption,
        };
        let mut fact = Fact::known(Value::Bool(true), basis, places);
        if let (Fact::Known(known), false) = (&mut fact, self.is_strong) {
            known.note = Some("what is permitted is taken to happen".into());
        }
        fact
    }
}
