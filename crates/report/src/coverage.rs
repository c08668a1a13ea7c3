//! How much the library speaks of, on a screen of eighty columns: what is thin
//! shows. A count is of stable threats; `+3` beside it are drafts.

use std::fmt::Write as _;

use underbelly_library::{Coverage, OfKind, Tally};

use crate::paint::{Paper, count, cut, wrap};
use crate::view::words::prose;

/// Columns of a kind's name.
const NAME: usize = 20;
/// So few threats of an item are thin.
const THIN: usize = 3;

/// The screen.
pub fn coverage(coverage: &Coverage<'_>, paper: Paper) -> String {
    let mut out = String::new();
    let all = &coverage.all;
    let drafts = all.all.drafts;
    let said = format!(
        "{}, {}; {} and {} beside them",
        count(all.all.stable, "threat", "threats"),
        count(
            coverage.countermeasures.stable,
            "countermeasure",
            "countermeasures"
        ),
        count(drafts, "draft threat", "draft threats"),
        count(
            coverage.countermeasures.drafts,
            "draft countermeasure",
            "draft countermeasures"
        ),
    );
    let _ = writeln!(out, "{}", wrap(&said, paper.columns(), 0));
    let providers = coverage.providers.iter();
    let providers: Vec<String> = providers
        .map(|(name, tally)| format!("{} {}", prose(name), cell(*tally)))
        .collect();
    let said = format!("By provider: {}", providers.join(", "));
    let _ = writeln!(out, "{}\n", wrap(&said, paper.columns(), 0));
    kinds(coverage, paper, &mut out);
    for of in &coverage.standards {
        let title = format!("{} {}", of.standard.title, of.standard.version);
        let _ = writeln!(out, "\n{}", paper.bold(&prose(&title)));
        for (id, title, tally) in &of.items {
            let thin = match tally.stable {
                0 => paper.bad("none"),
                n if n < THIN => paper.warn("thin"),
                _ => String::new(),
            };
            let title = cut(&prose(title), paper.columns().saturating_sub(25));
            let row = format!("  {:<7} {:>7}  {title}", prose(id), cell(*tally));
            let _ = writeln!(out, "{} {thin}", row.trim_end());
        }
    }
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

/// A row for each kind: threats, kinds of threat by their first letters, who can
/// tell.
fn kinds(coverage: &Coverage<'_>, paper: Paper, out: &mut String) {
    let head = format!(
        "{:<NAME$}{:>8}{:>7}{:>7}{:>6}{:>7}{:>7}{:>7}{:>6}{:>5}",
        "threats to", "all", "S", "T", "R", "I", "D", "E", "code", "ask"
    );
    let _ = writeln!(out, "{}", paper.bold(&head));
    row("all kinds", &coverage.all, out);
    let (some, none): (Vec<&OfKind>, Vec<&OfKind>) =
        coverage.kinds.iter().partition(|of| !is_empty(of.all));
    for of in some {
        row(&of.kind, of, out);
    }
    let (meant, missing): (Vec<&OfKind>, Vec<&OfKind>) =
        none.into_iter().partition(|of| of.no_threats.is_some());
    for (word, kinds) in [("No threat yet to", missing), ("None on purpose to", meant)] {
        if !kinds.is_empty() {
            let names: Vec<String> = kinds.iter().map(|of| prose(&of.kind)).collect();
            let said = format!("{word}: {}", names.join(", "));
            let _ = writeln!(out, "{}", wrap(&said, paper.columns(), 2));
        }
    }
    let said = "S spoofing, T tampering, R repudiation, I information disclosure, D denial of \
                service, E elevation of privilege; code: only code tells, ask: somebody must be asked";
    let _ = writeln!(out, "{}", paper.dim(&wrap(said, paper.columns(), 0)));
}

fn row(name: &str, of: &OfKind, out: &mut String) {
    let [s, t, r, i, d, e] = of.stride.map(cell);
    let [_, code, person] = of.decided_by.map(cell);
    let name = cut(&prose(name), NAME);
    let all = cell(of.all);
    let _ = writeln!(
        out,
        "{name:<NAME$}{all:>8}{s:>7}{t:>7}{r:>6}{i:>7}{d:>7}{e:>7}{code:>6}{person:>5}"
    );
}

fn is_empty(tally: Tally) -> bool {
    tally.stable == 0 && tally.drafts == 0
}

/// `12`, `12+3`, `+3`, or `-` for nothing.
fn cell(tally: Tally) -> String {
    match (tally.stable, tally.drafts) {
        (0, 0) => "-".to_owned(),
        (n, 0) => n.to_string(),
        (0, drafts) => format!("+{drafts}"),
        (n, drafts) => format!("{n}+{drafts}"),
    }
}
