//! Roads step by step: each hop with why it is possible and the line that makes
//! it so.

use std::fmt::Write as _;

use underbelly_model::Road;
use underbelly_reach::{Cut, Opening};

use crate::paint::{Paper, clean, columns_of, count, wrap};
use crate::view::{Report, RoadRow};

/// What was asked for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// The roads from outside to what is worth having.
    Data,
    /// The roads from outside to this component.
    To(String),
    /// What somebody could do who has taken this component over.
    From(String),
    /// The roads from one to the other.
    Between(String, String),
}

impl Asked {
    fn title(&self, n: usize) -> String {
        let roads = count(n, "road", "roads");
        match (self, n) {
            (Asked::Data, 0) => "No road leads from outside to data.".to_owned(),
            (Asked::Data, _) => format!("{roads} from outside to data, worst first"),
            (Asked::To(to), 0) => format!("No road leads from outside to {to}."),
            (Asked::To(to), _) => format!("{roads} from outside to {to}, easiest first"),
            (Asked::From(from), 0) => format!("Nothing can be reached from {from}."),
            (Asked::From(from), _) => {
                let things = count(n, "thing", "things");
                match from.contains(" # ") {
                    true => format!("{things} within reach of who calls {from}, easiest first"),
                    false => {
                        format!("{things} within reach of who takes over {from}, easiest first")
                    }
                }
            }
            (Asked::Between(from, to), 0) => format!("No road leads from {from} to {to}."),
            (Asked::Between(from, to), _) => format!("{roads} from {from} to {to}, easiest first"),
        }
    }

    fn starts_inside(&self) -> Option<&str> {
        match self {
            Asked::Data | Asked::To(_) => None,
            Asked::From(from) | Asked::Between(from, _) => Some(from),
        }
    }
}

/// Roads on one screen.
const ROADS: usize = 5;
/// Things within reach on one screen.
const THINGS: usize = 12;

/// The roads as text with a final line break.
pub fn reach(
    report: &Report<'_>,
    asked: &Asked,
    roads: &[Road],
    openings: Option<&Cut<Opening>>,
    all: bool,
    paper: Paper,
) -> String {
    let mut out = String::new();
    let rows = rows(report, asked, roads);
    let title = clean(&asked.title(rows.len())).into_owned();
    let title = wrap(&title, paper.columns(), 0);
    let _ = writeln!(out, "{}", paper.bold(&title));
    let screenful = match asked {
        Asked::From(_) => THINGS,
        Asked::Data | Asked::To(_) | Asked::Between(..) => ROADS,
    };
    let shown = if all { rows.len() } else { screenful };
    for (index, row) in rows.iter().take(shown).enumerate() {
        if matches!(asked, Asked::From(_)) {
            write_thing(&mut out, row, paper);
        } else {
            out.push('\n');
            write_road(&mut out, index + 1, row, paper);
        }
    }
    let more = rows.len().saturating_sub(shown);
    if more > 0 {
        let said = format!("\nand {more} more (--all)");
        let _ = writeln!(out, "{}", paper.dim(&said));
    }
    if let Some(cut) = openings {
        write_openings(&mut out, report, cut, roads, all, paper);
    }
    if !roads.is_empty() {
        let bound = "An upper bound of what the template shows: organisation and session policies \
                     are not in it. Ease is judgement, not measurement; docs/risk.md argues it.";
        let _ = writeln!(out, "\n{}", paper.dim(&wrap(bound, paper.columns(), 0)));
    }
    out
}

/// The roads as they are told; one that is told with another is left out.
fn rows(report: &Report<'_>, asked: &Asked, roads: &[Road]) -> Vec<RoadRow> {
    let mut rows: Vec<RoadRow> = Vec::new();
    for road in roads {
        let mut row = RoadRow::of(report, road);
        if let Some(from) = asked.starts_inside() {
            row.start = clean(from).into_owned();
        }
        if !rows.iter().any(|told| told.tells(&row)) {
            rows.push(row);
        }
    }
    rows
}

/// Settings to change on one screen.
const SETTINGS: usize = 6;

/// What to close first, each with its line and with how many of the roads shown it
/// closes that those before it leave open.
fn write_openings(
    out: &mut String,
    report: &Report<'_>,
    cut: &Cut<Opening>,
    roads: &[Road],
    all: bool,
    paper: Paper,
) {
    let n = cut.measures.len();
    if n == 0 {
        return;
    }
    let settings = count(n, "setting opens", "settings open");
    let these = match (roads.len(), cut.left) {
        (1, 0) => "this road".to_owned(),
        (_, 0) => "these roads".to_owned(),
        (_, left) => format!("these roads, but for {left} that nothing known closes"),
    };
    let first = if n == 1 {
        ""
    } else {
        "; close first what closes most"
    };
    let title = format!("{settings} {these}{first}");
    let _ = writeln!(out, "\n{}", paper.bold(&wrap(&title, paper.columns(), 0)));
    let shown = if all { n } else { SETTINGS };
    let mut open: Vec<&Road> = roads.iter().collect();
    for (opening, _) in cut.measures.iter().take(shown) {
        let before = open.len();
        open.retain(|road| !rests_on(road, opening));
        let closed = match (before - open.len(), roads.len()) {
            (0, _) => "closes what would be open then".to_owned(),
            (_, 1) => "closes it".to_owned(),
            (n, all) => format!("closes {n} of the {all} roads"),
        };
        let label = clean(&report.model.architecture.label(opening.subject)).into_owned();
        let said = format!("{}: {closed}", setting(opening.fact, &label));
        let place = place_of(report, opening, roads);
        with_place(out, 2, &said, &place, paper);
    }
    let more = n.saturating_sub(shown);
    if more > 0 {
        let _ = writeln!(out, "  {}", paper.dim(&format!("and {more} more (--all)")));
    }
    let bound = "With all of them closed no road is left, not even those that are hidden now behind \
                 an easier one. Chosen one after the other: each is needed, but fewer might do.";
    let bound = match cut.left {
        0 if n > 1 => bound,
        0 => {
            "With it closed no road is left, not even one that is hidden now behind an easier one."
        }
        _ => "Chosen one after the other: each is needed, but fewer might do.",
    };
    let _ = writeln!(out, "  {}", paper.dim(&wrap(bound, paper.columns(), 2)));
}

/// Whether a road is gone once this changes.
fn rests_on(road: &Road, opening: &Opening) -> bool {
    let mut facts = road.steps.iter().flat_map(|step| &step.rests_on);
    facts.any(|fact| *fact == (opening.subject, opening.fact))
}

/// What is to be changed, in words.
fn setting(fact: &str, of: &str) -> String {
    match fact {
        "open_to" => format!("who may call {of}"),
        "public_read" => format!("that anyone may read {of}"),
        "public_write" => format!("that anyone may write {of}"),
        "principal" => format!("whom {of} lets in"),
        "guests" => format!("that {of} takes guests"),
        "abilities" => format!("what {of} allows"),
        fact => format!("{} of {of}", fact.replace('_', " ")),
    }
}

/// The line that a fact rests on, as the roads show it or the facts do.
fn place_of(report: &Report<'_>, opening: &Opening, roads: &[Road]) -> String {
    let steps = roads.iter().flat_map(|road| &road.steps);
    let mut resting = steps.filter(|step| {
        let facts = &step.rests_on;
        facts.contains(&(opening.subject, opening.fact))
    });
    let on_road = resting.find_map(|step| step.places.first());
    let facts = report.model.architecture.facts(opening.subject);
    let fact = facts.and_then(|facts| facts.get(opening.fact));
    let mut cases = fact.into_iter().flat_map(|fact| fact.cases());
    let in_fact = cases.find_map(|(_, case)| case.as_known()?.places.first());
    on_road.or(in_fact).map_or_else(String::new, |place| {
        let files = report.sources.files;
        let line = files.position(place.span).line;
        format!("{}:{line}", clean(files.shown(place.span.file)))
    })
}

/// A thing within reach, on two lines.
fn write_thing(out: &mut String, row: &RoadRow, paper: Paper) {
    let Some(last) = row.steps.last() else {
        return;
    };
    with_place(out, 2, &row.gets, &last.place, paper);
    let mut said = last.why.clone();
    if let Some(over) = row.over() {
        let _ = write!(said, ", over {over}");
    }
    let _ = write!(said, " · ease {:.2}", row.ease);
    if let Some(when) = &row.when {
        let _ = write!(said, " · when {when}");
    }
    let _ = writeln!(out, "    {}", paper.dim(&wrap(&said, paper.columns(), 4)));
}

/// Something on the left, its line on the right, or below where both do not fit.
fn with_place(out: &mut String, indent: usize, left: &str, place: &str, paper: Paper) {
    let room = paper.columns().saturating_sub(indent);
    let taken = columns_of(left) + columns_of(place);
    if taken + 2 <= room {
        let gap = " ".repeat(room - taken);
        let _ = writeln!(out, "{:indent$}{left}{gap}{}", "", paper.dim(place));
    } else {
        let left = wrap(left, paper.columns(), indent + 2);
        let _ = writeln!(out, "{:indent$}{left}", "");
        let _ = writeln!(out, "{:indent$}  {}", "", paper.dim(place));
    }
}

fn write_road(out: &mut String, number: usize, row: &RoadRow, paper: Paper) {
    let mut head = row.gets.clone();
    if !row.because.is_empty() {
        let _ = write!(head, " · {}", row.because);
    }
    let _ = write!(head, " · ease {:.2}", row.ease);
    if let Some(when) = &row.when {
        let _ = write!(head, " · when {when}");
    }
    let head = wrap(&head, paper.columns(), 4);
    let _ = writeln!(out, "{:>2}  {}", number, paper.bold(&head));
    let _ = writeln!(out, "    {}", row.start);
    for step in &row.steps {
        let mut why = step.why.clone();
        if let Some(unknown) = &step.unknown {
            let _ = write!(why, "; unknown: {unknown}");
        }
        with_place(out, 4, &format!("→ {}", step.to), &step.place, paper);
        let _ = writeln!(out, "      {}", paper.dim(&wrap(&why, paper.columns(), 6)));
    }
}
