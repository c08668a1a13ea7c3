//! Roads over hand-made graphs: the search against one that tries everything, and
//! cuts against what they promise.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_expression::{Guard, SubjectId, VariableId};
use underbelly_model::{Held, Hold, How};

use crate::openings::close;
use crate::step::{Making, step};
use crate::{Graph, Path, StepId, Survey, cut};

/// `a` is state `a`; `>` leads from outside.
fn state(name: &str) -> Option<Held> {
    let index = name.bytes().next().filter(u8::is_ascii_lowercase)?;
    let subject = SubjectId::component(usize::from(index - b'a'));
    Some(Held::new(subject, Hold::Reaches))
}

/// Steps such as `>a 1.0` and `ab 0.5 when 0=1`.
fn graph(lines: &[&str]) -> Graph {
    let steps = lines.iter().map(|line| {
        let mut words = line.split(' ');
        let ends = words.next().unwrap();
        let ease: f64 = words.next().unwrap().parse().unwrap();
        let step = step(
            state(&ends[..1]),
            state(&ends[1..]).unwrap(),
            How::Flaw,
            ease,
        );
        match words.nth(1).and_then(|when| when.split_once('=')) {
            Some((variable, value)) => step.when(Guard::when(
                VariableId(variable.parse().unwrap()),
                value.parse().unwrap(),
            )),
            None => step,
        }
    });
    Graph::from_steps(steps.collect())
}

fn show(graph: &Graph, road: &Path) -> String {
    let name = |state: &Held| char::from(b'a' + state.subject.index() as u8);
    let way: String = road.walk(graph).map(|step| name(&step.to)).collect();
    format!("{way} {:.2}", road.ease)
}

#[track_caller]
fn check(lines: &[&str], to: &str, expected: &[&str]) {
    let graph = graph(lines);
    let survey = Survey::from_outside(&graph);
    let roads = survey.paths(&graph, state(to).unwrap());
    let shown: Vec<String> = roads.iter().map(|road| show(&graph, road)).collect();
    assert_eq!(shown, expected, "{lines:?}");
}

#[test]
fn the_easiest_road_comes_first_and_one_for_each_entrance() {
    check(
        &[">a 1", ">b 0.5", "ac 0.5", "bc 1", "cd 0.8", "ad 0.1"],
        "d",
        &["acd 0.40", "bcd 0.40"],
    );
}

#[test]
fn a_longer_road_may_be_easier() {
    check(
        &[">a 1", "ad 0.2", "ab 0.9", "bc 0.9", "cd 0.9"],
        "d",
        &["abcd 0.73"],
    );
}

#[test]
fn circles_end() {
    check(
        &[">a 1", "ab 1", "ba 1", "bc 1", "ca 1"],
        "c",
        &["abc 1.00"],
    );
}

#[test]
fn what_cannot_be_at_once_is_no_road() {
    check(
        &[
            ">a 1 when 0=1",
            "ab 1 when 0=0",
            ">c 0.3",
            "cb 0.5 when 0=0",
        ],
        "b",
        &["cb 0.15"],
    );
}

#[test]
fn a_worse_road_counts_where_the_better_one_is_shut() {
    check(
        &[">a 1", "ab 1 when 0=1", "ab 0.2", "bc 0.5 when 0=0"],
        "c",
        &["abc 0.10"],
    );
}

#[test]
fn nothing_leads_where_no_step_does() {
    check(&[">a 1", "bc 1"], "c", &[]);
    check(&[], "a", &[]);
}

/// A number that follows from the one before, evenly enough spread.
fn next(seed: &mut u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// Small graphs of eight states, with steps at random, some of them open only now
/// and then.
fn random(seed: &mut u64) -> Graph {
    let name = |n: u64| Held::new(SubjectId::component(n as usize), Hold::Reaches);
    let n_steps = 4 + next(seed) % 20;
    let steps = (0..n_steps).map(|_| {
        let from = next(seed) % 9;
        let from = (from < 8).then(|| name(from));
        let ease = (1 + next(seed) % 10) as f64 / 10.0;
        let step = step(from, name(next(seed) % 8), How::Flaw, ease);
        match next(seed) % 12 {
            choice @ 0..4 => {
                let (variable, value) = (choice as u32 / 2, choice as u16 % 2);
                step.when(Guard::when(VariableId(variable), value))
            }
            _ => step,
        }
    });
    Graph::from_steps(steps.collect())
}

/// The best by trying every road that visits no state twice.
fn by_trying(graph: &Graph, to: Held) -> Option<f64> {
    let mut best: Option<f64> = None;
    type Tried = (Option<Held>, Vec<Held>, f64, Guard);
    let mut open: Vec<Tried> = vec![(None, Vec::new(), 1.0, Guard::always())];
    while let Some((at, seen, ease, guard)) = open.pop() {
        if at == Some(to) {
            best = Some(best.unwrap_or(0.0).max(ease));
            continue;
        }
        for (_, step) in graph.steps().filter(|(_, step)| step.from == at) {
            if let Some(guard) = guard.and(&step.guard)
                && !seen.contains(&step.to)
            {
                let mut seen = seen.clone();
                seen.push(step.to);
                open.push((Some(step.to), seen, ease * step.ease, guard));
            }
        }
    }
    best
}

#[test]
fn the_search_finds_what_trying_everything_finds() {
    let mut seed = 7;
    let mut reached = 0;
    for _ in 0..400 {
        let graph = random(&mut seed);
        let survey = Survey::from_outside(&graph);
        for at in 0..8 {
            let to = Held::new(SubjectId::component(at), Hold::Reaches);
            let found = survey.paths(&graph, to);
            let expected = by_trying(&graph, to);
            assert_eq!(found.is_empty(), expected.is_none());
            if let (Some(road), Some(best)) = (found.first(), expected) {
                reached += 1;
                assert!(
                    (road.ease - best).abs() < 0.01,
                    "{} {best}",
                    show(&graph, road)
                );
                let product: f64 = road.walk(&graph).map(|step| step.ease).product();
                assert!((road.ease - product).abs() < 0.01);
                let states: BTreeSet<Held> = road.walk(&graph).map(|step| step.to).collect();
                assert_eq!(states.len(), road.steps.len(), "a state twice");
            }
        }
    }
    assert!(reached > 300, "the graphs lead nowhere: {reached}");
}

#[test]
fn each_state_keeps_the_few_starts_that_count_most_there() {
    let graph = graph(&[
        "ad 0.5", "bd 0.9", "cd 0.1", "ed 0.8", "be 1", "fd 0.7", "gd 0.6", "hd 0.4",
    ]);
    let starts = ["a", "b", "c", "e", "f", "g", "h"].map(|name| (state(name).unwrap(), 1.0));
    let survey = Survey::from_weighted(&graph, &starts);
    let found = survey.starts(&graph, state("d").unwrap());
    let shown = found
        .iter()
        .map(|(held, weight)| format!("{} {weight:.1}", held.subject.index()));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        ["1 0.9", "4 0.8", "5 0.7", "6 0.6", "0 0.5", "7 0.4"]
    );
}

#[test]
fn the_measures_of_a_cut_close_what_they_promise_and_each_is_needed() {
    let mut seed = 11;
    let mut cuts = 0;
    for _ in 0..400 {
        let graph = random(&mut seed);
        let survey = Survey::from_outside(&graph);
        let every = (0..8).map(|at| Held::new(SubjectId::component(at), Hold::Reaches));
        let roads: Vec<Path> = every.flat_map(|to| survey.paths(&graph, to)).collect();
        let mut closes: BTreeMap<u64, BTreeSet<StepId>> = BTreeMap::new();
        for (id, _) in graph.steps().filter(|(id, _)| id.0 % 3 != 0) {
            closes.entry(next(&mut seed) % 6).or_default().insert(id);
        }
        let cut = cut(&roads, &closes);
        assert_eq!(cut.closed + cut.left, roads.len());
        let closed_without = |left_out: Option<u64>| {
            let measures = cut
                .measures
                .iter()
                .map(|(m, _)| *m)
                .filter(|m| Some(*m) != left_out);
            let steps: BTreeSet<StepId> = measures.flat_map(|m| closes[&m].clone()).collect();
            let closed = |road: &&Path| road.steps.iter().any(|step| steps.contains(step));
            roads.iter().filter(closed).count()
        };
        assert_eq!(closed_without(None), cut.closed);
        for (measure, _) in &cut.measures {
            cuts += 1;
            assert!(
                closed_without(Some(*measure)) < cut.closed,
                "{measure} is not needed"
            );
        }
    }
    assert!(cuts > 100, "nothing was cut: {cuts}");
}

#[test]
fn what_is_to_be_closed_leaves_no_road_that_anything_closes() {
    let mut seed = 23;
    let mut measures = 0;
    for _ in 0..400 {
        let graph = random(&mut seed);
        let every = (0..8).map(|at| Held::new(SubjectId::component(at), Hold::Reaches));
        let every: Vec<Held> = every.collect();
        let mut closes: BTreeMap<u64, BTreeSet<StepId>> = BTreeMap::new();
        for (id, _) in graph.steps().filter(|(id, _)| id.0 % 3 != 0) {
            closes.entry(next(&mut seed) % 6).or_default().insert(id);
        }
        let cut = close(&graph, &every, &closes).unwrap();
        let open_without = |left_out: Option<u64>| {
            let chosen = cut.measures.iter().map(|(measure, _)| *measure);
            let chosen = chosen.filter(|measure| Some(*measure) != left_out);
            let taken: BTreeSet<StepId> = chosen.flat_map(|m| closes[&m].clone()).collect();
            let survey = Survey::over(&graph, &|step| !taken.contains(&step));
            let roads = every.iter().flat_map(|end| survey.paths(&graph, *end));
            let can_be_closed = |step: &StepId| closes.values().any(|steps| steps.contains(step));
            roads
                .filter(|road| road.steps.iter().any(can_be_closed))
                .count()
        };
        assert_eq!(open_without(None), 0);
        for (measure, _) in &cut.measures {
            measures += 1;
            assert!(open_without(Some(*measure)) > 0, "{measure} is not needed");
        }
    }
    assert!(measures > 100, "nothing was closed: {measures}");
}
