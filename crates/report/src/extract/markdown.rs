//! The tables as Markdown, with what fits beside each other: the full columns are
//! in the spreadsheet.

use std::fmt::Write as _;

use underbelly_library::{Extract, Requirements};

use super::counts;
use crate::markdown::escape::{code, prose};
use crate::page::sentence;
use crate::view::table::library::removes;
use crate::view::words;

/// The threats, the countermeasures and their sources.
pub fn markdown(extract: &Extract<'_>, title: &str) -> String {
    let mut out = format!("# {}\n\n{}\n", clean(title), counts(extract));
    let _ = writeln!(
        out,
        "\n## Threats\n\n| threat | what can happen | likelihood, impact | detected by | known as | countermeasures |\n|---|---|---|---|---|---|"
    );
    for (def, page) in &extract.threats {
        let impact = def.rate.impact;
        let worst = impact
            .confidentiality
            .max(impact.integrity)
            .max(impact.availability);
        let measures = def.countermeasures.iter().map(|link| code(&link.id));
        let measures: Vec<String> = measures.collect();
        let deciders = page.decided_by.iter().map(|decider| decider.word());
        let deciders: Vec<&str> = deciders.collect();
        let _ = writeln!(
            out,
            "| {}<br>{} | {} | {}, {} | {} | {} | {} |",
            clean(&def.name),
            code(&def.id),
            clean(&sentence(page)),
            def.rate.likelihood.word(),
            worst.word(),
            deciders.join(", "),
            named(&page.standards),
            measures.join(", "),
        );
    }
    let _ = writeln!(
        out,
        "\n## Countermeasures\n\n| countermeasure | do | effort | removes | verify | satisfies |\n|---|---|---|---|---|---|"
    );
    for (def, page) in &extract.countermeasures {
        let _ = writeln!(
            out,
            "| {}<br>{} | {} | {} | {} | {} | {} |",
            clean(&def.name),
            code(&def.id),
            clean(&page.action),
            def.effort.word(),
            removes(def.lowers),
            clean(&page.verify),
            named(&page.standards),
        );
    }
    let _ = writeln!(
        out,
        "\n## Sources\n\n| standard | version | compared on | address |\n|---|---|---|---|"
    );
    for standard in &extract.standards {
        let _ = writeln!(
            out,
            "| {} | {} | {} | <{}> |",
            clean(&standard.title),
            clean(&standard.version),
            clean(&standard.checked),
            standard.source,
        );
    }
    out
}

fn named(requirements: &[Requirements]) -> String {
    let items = requirements.iter().flat_map(|one| &one.items);
    let items: Vec<String> = items.map(|item| clean(item)).collect();
    items.join(", ")
}

/// Text that stays text.
fn clean(text: &str) -> String {
    prose(&words::prose(text))
}
