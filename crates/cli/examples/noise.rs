//! Prints `docs/noise.md`: how much the library says of real systems, and how much
//! of what was planted it finds. `cargo xtask noise` runs it; the real systems are
//! not part of the project, so without them it ends with 1 and says so.

#![expect(clippy::unwrap_used, reason = "a chore that cannot go on stops")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use underbelly_analysis::{Analysis, Options, Sources, analyze};
use underbelly_expression::SubjectId;
use underbelly_iac::Input;
use underbelly_library::Library;
use underbelly_model::{State, ThreatModel};
use underbelly_source::Limits;

#[path = "../../../tests/corpus_folder.rs"]
mod corpus_folder;

/// The date everything is judged by.
const AS_OF: &str = "2026-11-23";
const FORMATS: [&str; 6] = [
    "sam-yaml", "sam-json", "cfn-yaml", "cfn-json", "cdk-json", "odd",
];

fn main() {
    let Some(corpus) = corpus_folder::corpus_folder() else {
        eprintln!("noise is measured on real systems, and they are not here");
        std::process::exit(1);
    };
    let library = underbelly_builtin::rules();
    let mut systems = Vec::new();
    let mut seen = Seen::default();
    for folder in FORMATS
        .iter()
        .flat_map(|format| children(&corpus.join(format)))
    {
        let model = analysed(&folder, &library).model;
        if functions(&model).next().is_some() {
            systems.push(System::of(&model));
            seen.add(&model);
        }
    }
    print!("{}", page(&library, &systems, &seen, &planted(&library)));
}

/// How much was said of one system.
struct System {
    rows: usize,
    questions: usize,
    /// Of each of its functions.
    per_function: Vec<usize>,
}

impl System {
    fn of(model: &ThreatModel) -> Self {
        let shown = || model.threats.iter().filter(|threat| threat.is_shown());
        let entries: BTreeSet<&Arc<str>> = shown().map(|threat| &threat.entry).collect();
        let per_function = functions(model);
        let per_function = per_function.map(|at| shown().filter(|t| t.component == at).count());
        System {
            rows: entries.len(),
            questions: underbelly_report::n_questions(model),
            per_function: per_function.collect(),
        }
    }
}

fn functions(model: &ThreatModel) -> impl Iterator<Item = SubjectId> {
    let components = model.architecture.components.iter().enumerate();
    let functions = components.filter(|(_, found)| &*found.kind == "function" && !found.outside);
    functions.map(|(at, _)| SubjectId::component(at))
}

/// On how many components an entry was judged, and what came of it.
#[derive(Clone, Copy, Default)]
struct Counts {
    judged: usize,
    exposed: usize,
    asked: usize,
    on_functions: usize,
}

/// All entries over all systems.
#[derive(Default)]
struct Seen {
    entries: BTreeMap<Arc<str>, Counts>,
    n_functions: usize,
}

impl Seen {
    fn add(&mut self, model: &ThreatModel) {
        let functions: BTreeSet<SubjectId> = functions(model).collect();
        self.n_functions += functions.len();
        for threat in &model.threats {
            let counts = self.entries.entry(threat.entry.clone()).or_default();
            counts.judged += 1;
            counts.asked += usize::from(threat.state == State::Question);
            if threat.is_shown() {
                counts.exposed += 1;
                counts.on_functions += usize::from(functions.contains(&threat.component));
            }
        }
    }
}

/// How many planted weaknesses there are, in how many systems, found, and still
/// there once mended.
#[derive(Default)]
struct Planted {
    systems: usize,
    weaknesses: usize,
    found: usize,
    still: usize,
}

fn planted(library: &Library) -> Planted {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/planted");
    let mut planted = Planted::default();
    for system in children(&folder).into_iter().filter(|path| path.is_dir()) {
        planted.systems += 1;
        let exposed = |version: &str| -> BTreeSet<String> {
            let model = analysed(&system.join(format!("{version}.yaml")), library).model;
            let open = |state: State| matches!(state, State::Exposed | State::Question);
            let threats = model.threats.iter().filter(|threat| open(threat.state));
            threats
                .filter(|threat| version == "mended" || threat.state == State::Exposed)
                .map(|threat| threat.id.to_string())
                .collect()
        };
        let (weak, mended) = (exposed("weak"), exposed("mended"));
        let listed = std::fs::read_to_string(system.join("planted.txt")).unwrap();
        for line in listed.lines() {
            planted.weaknesses += 1;
            planted.found += usize::from(weak.contains(&line.replace("{stack}", "weak")));
            planted.still += usize::from(mended.contains(&line.replace("{stack}", "mended")));
        }
    }
    planted
}

fn analysed(path: &Path, library: &Library) -> Analysis {
    let mut sources = Sources::default();
    add(path, &file_name(path), &mut sources);
    let options = Options {
        as_of: AS_OF.to_owned(),
        parameters: BTreeMap::new(),
        limits: Limits::default(),
    };
    let beside = path.parent().unwrap().to_path_buf();
    let mut load = |wanted: &str| -> Result<Arc<str>, String> {
        let text = std::fs::read_to_string(beside.join(wanted));
        text.map(Into::into).map_err(|_| "not found".to_owned())
    };
    analyze(sources, library, &options, &mut load)
}

fn add(path: &Path, key: &str, sources: &mut Sources) {
    if path.is_dir() {
        for child in children(path) {
            add(&child, &format!("{key}/{}", file_name(&child)), sources);
        }
        return;
    }
    let ending = key.rsplit('.').next().unwrap_or_default();
    let is_template = matches!(ending, "yaml" | "yml" | "json" | "template");
    if let (true, Ok(text)) = (is_template, std::fs::read_to_string(path)) {
        let file = sources.files.add(key, text);
        sources.inputs.push(Input { file });
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The value below which so many hundredths of them lie, in the middle of two where
/// it falls between.
fn quantile(values: impl Iterator<Item = usize>, hundredths: usize) -> f64 {
    let mut values: Vec<usize> = values.collect();
    values.sort_unstable();
    let at = values.len().saturating_sub(1) * hundredths;
    let (low, high) = (at / 100, at.div_ceil(100));
    match (values.get(low), values.get(high)) {
        (Some(low), Some(high)) => (low + high) as f64 / 2.0,
        _ => 0.0,
    }
}

fn page(library: &Library, systems: &[System], seen: &Seen, planted: &Planted) -> String {
    let mut out = String::from(
        "# How much it says\n\nA threat model that says everything of everybody is read by nobody, \
         and one that says nothing finds nothing. Both are measured here, by `cargo xtask noise`: \
         what the library says of real systems, and how much of what was planted it finds. Only \
         names of entries and counts are taken from the real systems.\n",
    );
    let rows = || systems.iter().map(|system| system.rows);
    let per_function = systems
        .iter()
        .flat_map(|system| system.per_function.iter().copied());
    let questions = systems.iter().map(|system| system.questions);
    let figures = [
        (
            "exposed rows of a system, median",
            quantile(rows(), 50),
            8.0,
        ),
        (
            "exposed rows of a system, nine of ten below",
            quantile(rows(), 90),
            20.0,
        ),
        (
            "exposed threats of a function, median",
            quantile(per_function, 50),
            3.0,
        ),
        (
            "questions of a system, median",
            quantile(questions, 50),
            5.0,
        ),
    ];
    let _ = writeln!(
        out,
        "\nOver {} systems with {} functions, as of {AS_OF}:\n\n| | measured | at most | |\n|---|--:|--:|---|",
        systems.len(),
        seen.n_functions
    );
    for (what, measured, most) in figures {
        let met = if measured <= most {
            "met"
        } else {
            "**missed**"
        };
        let _ = writeln!(out, "| {what} | {measured} | {most} | {met} |");
    }
    let _ = writeln!(
        out,
        "\nA row is one entry of the library with all the components it is exposed on, as a summary \
         shows it; what another threat includes is not counted.\n\n## What was planted\n\nOf {} \
         weaknesses in {} small systems of our own (`tests/planted`), {} are found; {} of them are \
         still exposed or asked about in the same systems mended. A test holds this. They are \
         written by the hands that wrote the library, so this shows that what is known is found, \
         not that everything is known.",
        planted.weaknesses, planted.systems, planted.found, planted.still
    );
    frequent(library, seen, &mut out);
    by_entry(library, seen, &mut out);
    out
}

/// Entries exposed on more than a third of all functions.
fn frequent(library: &Library, seen: &Seen, out: &mut String) {
    out.push_str("\n## Exposed on more than a third of all functions\n\n");
    let often = seen.entries.iter();
    let often = often.filter(|(_, counts)| 3 * counts.on_functions > seen.n_functions);
    let often: Vec<_> = often.collect();
    if often.is_empty() {
        out.push_str("None.\n");
        return;
    }
    out.push_str("| entry | functions | share | likelihood |\n|---|--:|--:|---|\n");
    for (entry, counts) in often {
        let rate = library.threat(entry).map(|def| def.rate.likelihood.word());
        let _ = writeln!(
            out,
            "| {entry} | {} | {} | {} |",
            counts.on_functions,
            percent(counts.on_functions, seen.n_functions),
            rate.unwrap_or_default()
        );
    }
}

/// Every entry that is exposed somewhere or asks, most often exposed first.
fn by_entry(library: &Library, seen: &Seen, out: &mut String) {
    out.push_str(
        "\n## By entry\n\nOn how many components its situation is there, on how many of these it is \
         exposed or asks, most often exposed first.\n\n\
         | entry | components | exposed | share | asks |\n|---|--:|--:|--:|--:|\n",
    );
    let mut entries: Vec<_> = seen.entries.iter().collect();
    entries.sort_by_key(|(entry, counts)| {
        let share = counts.exposed * 1_000_000 / counts.judged.max(1);
        (std::cmp::Reverse(share), (*entry).clone())
    });
    let silent = entries.iter();
    let silent = silent.filter(|(_, counts)| counts.exposed + counts.asked == 0);
    let n_silent = silent.count();
    entries.retain(|(_, counts)| counts.exposed + counts.asked > 0);
    for (entry, counts) in entries {
        let _ = writeln!(
            out,
            "| {entry} | {} | {} | {} | {} |",
            counts.judged,
            counts.exposed,
            percent(counts.exposed, counts.judged),
            counts.asked
        );
    }
    let unseen = library.threats.iter();
    let unseen = unseen
        .filter(|def| !seen.entries.contains_key(&def.id))
        .count();
    let _ = writeln!(
        out,
        "\n{n_silent} more entries find their situation and are quiet everywhere; of {unseen} it is nowhere there."
    );
}

fn percent(part: usize, whole: usize) -> String {
    format!("{} %", (part * 100 + whole / 2) / whole.max(1))
}
