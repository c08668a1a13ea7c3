//! The last pass: resources get their numbers, values of other stacks come in for
//! references to them, stacks that share values become one system.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use underbelly_expression::{Basis, Cause, Fact, Hole, Known, Piece, Text, Value};
use underbelly_source::{Diagnostic, Place, Span};

use crate::cloudformation::{Deployed, Trail, in_text};
use crate::exports::Exports;
use crate::graph::{
    Origin, Output, Resource, ResourceGraph, ResourceId, Stack, StackId, System, SystemId,
};
use crate::reader::Reader;
use crate::resolve::Whole;
use crate::suggest;

/// Makes the graph from deployed stacks.
pub(crate) fn settle(
    reader: &mut Reader<'_>,
    mut graph: ResourceGraph,
    mut stacks: Vec<Deployed>,
    systems: Vec<Whole>,
) -> ResourceGraph {
    let numbers = number(&stacks);
    let unfilled = unfilled(&stacks, &numbers);
    let system_of = system_of(&systems, stacks.len());
    let children = children(&stacks);
    let outputs: Vec<Vec<Output>> = stacks
        .iter_mut()
        .map(|stack| std::mem::take(&mut stack.outputs))
        .collect();
    let exports = Exports::of(reader, &outputs);
    let mut settling = Settling {
        numbers: &numbers,
        children,
        outputs: &outputs,
        exports,
        settled: HashMap::new(),
        visiting: HashSet::new(),
        joined: Vec::new(),
        stack: 0,
        nesting: reader.limits.nesting,
        circles: Vec::new(),
        unfilled: &unfilled,
        lost: Vec::new(),
    };
    for (index, stack) in stacks.into_iter().enumerate() {
        settling.stack = index;
        let stack_id = StackId(index as u32);
        for draft in stack.drafts {
            let mut resource = Resource {
                stack: stack_id,
                logical_id: draft.logical_id,
                kind: draft.kind,
                written_as: draft.written_as,
                properties: draft.properties,
                guard: draft.guard,
                head: draft.head,
                body: draft.body,
                origin: settling.origin(draft.origin),
                cdk_path: draft.cdk_path,
                metadata: draft.metadata,
                deletion_policy: draft.deletion_policy,
            };
            settling.fact(&mut resource.properties, 0);
            settling.fact(&mut resource.metadata, 0);
            graph.resources.push(resource);
        }
        let mut parameters = stack.parameters;
        for parameter in &mut parameters {
            settling.fact(&mut parameter.value, 0);
        }
        let outputs = settling.own_outputs(index);
        graph.stacks.push(Stack {
            path: stack.path,
            system: SystemId(system_of.get(index).copied().unwrap_or(0) as u32),
            file: stack.file,
            format: stack.format,
            parent: stack.parent.and_then(|(_, id)| settling.number(id)),
            description: stack.description,
            span: stack.span,
            parameters,
            outputs,
        });
    }
    settling.circles.iter().for_each(|(span, name)| {
        reader.report(
            Diagnostic::error(
                "circular-output",
                format!("the output `{name}` depends on itself"),
            )
            .at(*span)
            .note("its value is unknown"),
        );
    });
    let (joined, lost) = (settling.joined, settling.lost);
    report_lost(reader, &graph, &lost, &unfilled);
    join_systems(&mut graph, systems, &joined);
    graph
}

/// The final number of each provisional id; `None` for what never came.
fn number(stacks: &[Deployed]) -> Vec<Option<u32>> {
    let mut numbers: Vec<Option<u32>> = Vec::new();
    let drafts = stacks.iter().flat_map(|stack| &stack.drafts);
    for (number, draft) in drafts.enumerate() {
        set_number(&mut numbers, draft.id, number as u32);
    }
    for stack in stacks {
        for (_, id, _) in stack.names.mentions() {
            let real = stack.names.real(*id);
            if let Some(Some(number)) = numbers.get(real.0 as usize).copied() {
                set_number(&mut numbers, *id, number);
            }
        }
    }
    numbers
}

fn set_number(numbers: &mut Vec<Option<u32>>, id: ResourceId, number: u32) {
    let at = id.0 as usize;
    if numbers.len() <= at {
        numbers.resize(at + 1, None);
    }
    if let Some(slot) = numbers.get_mut(at) {
        slot.get_or_insert(number);
    }
}

/// A name that was mentioned and that nothing defines or implies.
struct Unfilled {
    stack: usize,
    name: Arc<str>,
}

/// Unfilled names by id; `Resize.Alias` of a function that is there is none, it
/// only leads nowhere.
fn unfilled(stacks: &[Deployed], numbers: &[Option<u32>]) -> HashMap<u32, Unfilled> {
    let mut unfilled = HashMap::new();
    for (index, stack) in stacks.iter().enumerate() {
        let base = |name: &str| {
            let base = name.split('.').next();
            base.is_some_and(|base| stack.written.contains(base))
        };
        for (name, id, _) in stack.names.mentions() {
            let filled = numbers.get(id.0 as usize).copied().flatten().is_some();
            if !filled && !base(name) {
                let name = name.clone();
                unfilled.insert(id.0, Unfilled { stack: index, name });
            }
        }
    }
    unfilled
}

/// Reports the unfilled names that something really refers to.
fn report_lost(
    reader: &mut Reader<'_>,
    graph: &ResourceGraph,
    lost: &[(u32, Span)],
    unfilled: &HashMap<u32, Unfilled>,
) {
    let mut known: HashMap<usize, Vec<&str>> = HashMap::new();
    for resource in &graph.resources {
        let names = known.entry(resource.stack.0 as usize).or_default();
        names.push(&resource.logical_id);
    }
    for (index, (id, span)) in lost.iter().enumerate() {
        let Some(Unfilled { stack, name }) = unfilled.get(id) else {
            continue;
        };
        let names = known.get(stack).filter(|_| index < MOST_SUGGESTIONS);
        let names = names.into_iter().flatten().copied();
        let otherwise = "define it under `Parameters` or `Resources`";
        let message = format!("there is no parameter or resource `{name}`");
        reader.report(
            Diagnostic::error("unknown-reference", message)
                .at(*span)
                .note("the value is unknown, and so is what it would join")
                .help(suggest::help(name, names, otherwise)),
        );
    }
}

/// Names that get a better spelling looked for.
const MOST_SUGGESTIONS: usize = 50;

fn system_of(systems: &[Whole], n_stacks: usize) -> Vec<usize> {
    let mut of = vec![0; n_stacks];
    for (index, system) in systems.iter().enumerate() {
        for stack in &system.stacks {
            if let Some(slot) = of.get_mut(*stack) {
                *slot = index;
            }
        }
    }
    of
}

/// The stack that each deploying resource deploys.
fn children(stacks: &[Deployed]) -> HashMap<u32, usize> {
    let numbered = stacks.iter().enumerate();
    numbered
        .filter_map(|(index, stack)| Some((stack.parent?.1.0, index)))
        .collect()
}

struct Settling<'x> {
    numbers: &'x [Option<u32>],
    children: HashMap<u32, usize>,
    outputs: &'x [Vec<Output>],
    exports: Exports,
    settled: HashMap<(usize, usize), Fact>,
    visiting: HashSet<(usize, usize)>,
    /// Stacks of which one imports what the other exports.
    joined: Vec<(usize, usize)>,
    stack: usize,
    nesting: usize,
    circles: Vec<(Span, Arc<str>)>,
    unfilled: &'x HashMap<u32, Unfilled>,
    /// Unfilled ids that something refers to, and where.
    lost: Vec<(u32, Span)>,
}

impl Settling<'_> {
    fn number(&self, id: ResourceId) -> Option<ResourceId> {
        self.numbers
            .get(id.0 as usize)
            .copied()
            .flatten()
            .map(ResourceId)
    }

    fn origin(&self, origin: Origin) -> Origin {
        match origin {
            Origin::Written => Origin::Written,
            Origin::Implied { by, sub } => match self.number(by) {
                Some(by) => Origin::Implied { by, sub },
                None => Origin::Written,
            },
        }
    }

    fn own_outputs(&mut self, stack: usize) -> Vec<Output> {
        let outputs = self.outputs.get(stack).map_or(&[][..], Vec::as_slice);
        let mut own = Vec::with_capacity(outputs.len());
        for (index, output) in outputs.iter().enumerate() {
            let mut export = output.export.clone();
            if let Some(export) = &mut export {
                self.fact(export, 0);
            }
            own.push(Output {
                name: output.name.clone(),
                span: output.span,
                value: self
                    .output((stack, index), 0)
                    .unwrap_or_else(|| output.value.clone()),
                export,
                guard: output.guard.clone(),
            });
        }
        own
    }

    /// An output's value with everything in it settled; `None` in a circle.
    fn output(&mut self, key: (usize, usize), nesting: usize) -> Option<Fact> {
        if let Some(fact) = self.settled.get(&key) {
            return Some(fact.clone());
        }
        let output = self.outputs.get(key.0)?.get(key.1)?;
        if nesting > self.nesting || !self.visiting.insert(key) {
            self.circles.push((output.span, output.name.clone()));
            return None;
        }
        let mut fact = output.value.clone();
        let outer = std::mem::replace(&mut self.stack, key.0);
        self.fact(&mut fact, nesting + 1);
        self.stack = outer;
        self.visiting.remove(&key);
        self.settled.insert(key, fact.clone());
        Some(fact)
    }

    fn fact(&mut self, fact: &mut Fact, nesting: usize) {
        let whole = match fact {
            Fact::Known(known) => self.known(known, nesting),
            Fact::OneOf(one_of) => {
                one_of
                    .alternatives
                    .iter_mut()
                    .for_each(|a| self.fact(&mut a.fact, nesting));
                let nested = one_of
                    .alternatives
                    .iter()
                    .any(|a| matches!(a.fact, Fact::OneOf(_)));
                let alternatives = one_of.alternatives.iter();
                nested
                    .then(|| Fact::one_of(alternatives.map(|a| (a.guard.clone(), a.fact.clone()))))
            }
            Fact::Unknown(_) | Fact::Absent(_) => None,
        };
        if let Some(whole) = whole {
            *fact = whole;
        }
    }

    /// Settles in place; gives what takes the value's place where it is another's.
    fn known(&mut self, known: &mut Known, nesting: usize) -> Option<Fact> {
        match &mut known.value {
            Value::Text(text) => {
                let refers =
                    |hole: &Hole| matches!(hole.cause, Cause::Resource { .. } | Cause::Import(_));
                if !text.holes().any(refers) {
                    return None;
                }
                return self.text(known, nesting);
            }
            Value::Set(set) => set
                .items
                .iter_mut()
                .for_each(|item| self.fact(&mut item.fact, nesting)),
            Value::Map(map) => {
                map.entries
                    .iter_mut()
                    .for_each(|entry| self.fact(&mut entry.fact, nesting));
            }
            Value::Bool(_) | Value::Number(_) | Value::Subject(_) => {}
        }
        None
    }

    fn text(&mut self, known: &mut Known, nesting: usize) -> Option<Fact> {
        let Value::Text(text) = &known.value else {
            return None;
        };
        let text = text.clone();
        let here = known.places.first().map(|place| place.span);
        if let Some(hole) = text.only_hole()
            && let Some(value) = self.elsewhere(hole, nesting)
        {
            return Some(seen_from(&value, here.unwrap_or(hole.span), known));
        }
        let mut trail = Trail::new(here?);
        trail.add(&Fact::Known(known.clone()));
        let mut settled = Text::default();
        for piece in text.pieces() {
            match piece {
                Piece::Literal(literal) => settled.push_literal(literal),
                Piece::Hole(hole) => match self.elsewhere(hole, nesting) {
                    Some(value) => {
                        trail.add(&value);
                        match in_text(&value, hole.span) {
                            Some(text) => settled.push(&text),
                            None => settled.push_hole(unresolved(hole)),
                        }
                    }
                    None => settled.push_hole(self.hole(hole)),
                },
            }
        }
        match trail.known(Value::Text(settled)) {
            Fact::Known(new) => *known = new,
            Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => {}
        }
        None
    }

    /// The hole with its resource's final number.
    fn hole(&mut self, hole: &Hole) -> Hole {
        let Cause::Resource {
            resource,
            attribute,
        } = &hole.cause
        else {
            return hole.clone();
        };
        match self.number(ResourceId(*resource)) {
            Some(number) => Hole {
                cause: Cause::Resource {
                    resource: number.0,
                    attribute: attribute.clone(),
                },
                ..hole.clone()
            },
            None => {
                if self.unfilled.contains_key(resource) {
                    self.lost.push((*resource, hole.span));
                }
                unresolved(hole)
            }
        }
    }

    /// The value that another stack gives for a hole.
    fn elsewhere(&mut self, hole: &Hole, nesting: usize) -> Option<Fact> {
        match &hole.cause {
            Cause::Resource {
                resource,
                attribute,
            } => {
                let name = attribute.strip_prefix("Outputs.")?;
                let child = *self.children.get(resource)?;
                let outputs = self.outputs.get(child)?;
                let index = outputs.iter().position(|output| &*output.name == name)?;
                self.output((child, index), nesting)
            }
            Cause::Import(name) => {
                let found = self.exports.find(name)?;
                let value = self.output(found.output, nesting)?;
                self.joined.push((self.stack, found.output.0));
                Some(found.weigh(value, name))
            }
            Cause::Parameter(_)
            | Cause::Pseudo(_)
            | Cause::Lookup { .. }
            | Cause::Runtime
            | Cause::Unresolved => None,
        }
    }
}

fn unresolved(hole: &Hole) -> Hole {
    Hole {
        cause: Cause::Unresolved,
        ..hole.clone()
    }
}

/// Another stack's value as seen from the reference: the reference comes first.
fn seen_from(value: &Fact, here: Span, reference: &Known) -> Fact {
    value.map(|value| match value {
        Fact::Known(known) => {
            let mut places = vec![Place::here(here)];
            let others = known.places.iter().map(|place| Place::related(place.span));
            places.extend(others.filter(|place| place.span != here));
            Fact::Known(Known {
                value: known.value.clone(),
                basis: known.basis.max(reference.basis),
                places,
                note: known.note.clone().or_else(|| reference.note.clone()),
            })
        }
        Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => value.clone(),
    })
}

/// Systems, with those joined by export and import made one, roots first.
fn join_systems(graph: &mut ResourceGraph, systems: Vec<Whole>, joined: &[(usize, usize)]) {
    let system = |stack: usize| {
        graph
            .stacks
            .get(stack)
            .map_or(0, |stack| stack.system.0 as usize)
    };
    let mut leader: Vec<usize> = (0..systems.len()).collect();
    fn find(leader: &mut [usize], mut at: usize) -> usize {
        while let Some(next) = leader.get(at).copied().filter(|next| *next != at) {
            let after = leader.get(next).copied().unwrap_or(next);
            if let Some(slot) = leader.get_mut(at) {
                *slot = after;
            }
            at = after;
        }
        at
    }
    for (one, other) in joined {
        let (one, other) = (
            find(&mut leader, system(*one)),
            find(&mut leader, system(*other)),
        );
        let (first, second) = (one.min(other), one.max(other));
        if let Some(slot) = leader.get_mut(second) {
            *slot = first;
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..systems.len() {
        members
            .entry(find(&mut leader, index))
            .or_default()
            .push(index);
    }
    for (leader, indices) in members {
        let id = SystemId(graph.systems.len() as u32);
        let mut stacks: Vec<usize> = indices
            .iter()
            .filter_map(|index| systems.get(*index))
            .flat_map(|system| system.stacks.iter().copied())
            .collect();
        stacks.sort_by_key(|stack| {
            (
                graph.stacks.get(*stack).is_some_and(|s| s.parent.is_some()),
                *stack,
            )
        });
        for stack in &stacks {
            if let Some(stack) = graph.stacks.get_mut(*stack) {
                stack.system = id;
            }
        }
        graph.systems.push(System {
            name: systems
                .get(leader)
                .map_or_else(|| "system".into(), |system| system.name.clone()),
            stacks: stacks
                .into_iter()
                .map(|stack| StackId(stack as u32))
                .collect(),
        });
    }
}

/// The weakest of two bases.
pub(crate) fn weaker(fact: Fact, basis: Basis, note: &str) -> Fact {
    fact.map(|fact| match fact {
        Fact::Known(known) => Fact::Known(Known {
            basis: known.basis.max(basis),
            note: Some(note.into()),
            ..known.clone()
        }),
        Fact::OneOf(_) | Fact::Unknown(_) | Fact::Absent(_) => fact.clone(),
    })
}
