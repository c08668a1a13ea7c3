//! CPU time of each stage for itself, within one process: read, resolve, map (reach
//! is part of judging), assess, write.

use std::collections::{BTreeMap, BTreeSet};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use underbelly_iac::{Input, IsSecret};
use underbelly_source::{Files, Limits};

const RUNS: usize = 5;
const NAMES: [&str; 5] = [
    "reading",
    "resolving",
    "mapping",
    "judging, with roads",
    "writing JSON",
];
/// The day the analyses are made for.
pub(crate) const DAY: &str = "2026-11-24";

/// The CPU time this process has taken so far.
pub(crate) fn cpu_ms() -> f64 {
    getrusage(UsageWho::RUSAGE_SELF).map_or(0.0, |usage| {
        let micros = |time: TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
        (micros(usage.user_time()) + micros(usage.system_time())) as f64 / 1000.0
    })
}

/// Prints what each stage takes for a hundred of a template's resources.
pub(crate) fn print(template: &str, n_resources: usize) {
    let mut best = [f64::MAX; NAMES.len()];
    for _ in 0..RUNS {
        for (best, taken) in best.iter_mut().zip(measure(template)) {
            *best = best.min(taken);
        }
    }
    let hundreds = n_resources as f64 / 100.0;
    for (name, taken) in NAMES.iter().zip(best) {
        println!(
            "| {name}, each 100 resources | {:.2} ms | | |",
            taken / hundreds
        );
    }
    let after: f64 = best.iter().skip(1).sum();
    println!(
        "| all after reading, each 100 resources | {:.2} ms | | 3 ms |",
        after / hundreds
    );
}

/// Prints what mapping and judging a whole model take: rights, exposure, flows, roads
/// and every entry of the library.
pub(crate) fn print_whole(template: &str, what: &str) {
    let mut best = [f64::MAX; NAMES.len()];
    for _ in 0..RUNS {
        for (best, taken) in best.iter_mut().zip(measure(template)) {
            *best = best.min(taken);
        }
    }
    let [_, _, mapping, judging, _] = best;
    println!("| mapping {what}, rights and flows in it | {mapping:.0} ms | | |");
    println!("| judging {what}, roads in it | {judging:.0} ms | | 100 ms |");
}

fn measure(template: &str) -> [f64; NAMES.len()] {
    let limits = Limits::default();
    let library = &underbelly_builtin::rules();
    let mut files = Files::default();
    let file = files.add("template.json", template);
    let mut marks = vec![cpu_ms()];
    drop(underbelly_syntax::read(&files, file, &limits));
    marks.push(cpu_ms());
    let words = &library.data.words;
    let is_secret =
        |name: &str, value: &str| underbelly_architecture::looks_secret(words, name, value);
    let resolution = underbelly_iac::resolve(
        &files,
        &[Input { file }],
        &underbelly_iac::Options {
            parameters: BTreeMap::new(),
            missing: BTreeMap::new(),
            sam: &library.sam,
            is_secret: IsSecret(&is_secret),
            limits,
        },
    );
    marks.push(cpu_ms());
    let mapping = underbelly_architecture::map(
        &resolution.graph,
        library,
        &underbelly_architecture::Options {
            files: Some(&files),
            said: None,
            as_of: DAY,
            limits,
        },
    );
    drop(resolution);
    marks.push(cpu_ms());
    let assessment = underbelly_engine::assess(
        mapping.architecture,
        library,
        &underbelly_engine::Options {
            as_of: DAY,
            planned: &BTreeSet::new(),
            limits,
        },
    );
    marks.push(cpu_ms());
    let model = &assessment.model;
    let header = underbelly_exchange::Header {
        tool: "speed",
        name_of: &|id| id,
        summaries: &underbelly_report::sentences(&model.architecture, library),
    };
    let document = underbelly_exchange::document(model, &[], &files, &header);
    // Written to nothing: what a disk takes is its own.
    let _ = underbelly_exchange::write_json(&document, std::io::sink());
    marks.push(cpu_ms());
    let mut taken = [0.0; NAMES.len()];
    for (taken, pair) in taken.iter_mut().zip(marks.windows(2)) {
        if let [before, after] = pair {
            *taken = after - before;
        }
    }
    // Resolving reads once more.
    let [read, resolve, ..] = &mut taken;
    *resolve = (*resolve - *read).max(0.0);
    taken
}
