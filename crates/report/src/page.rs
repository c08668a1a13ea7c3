//! The library's own pages: a threat or countermeasure apart from any system,
//! lists of entries.

use std::fmt::Write as _;

use underbelly_library::{CountermeasurePage, Library, Pages, Requirements, ThreatPage};

use crate::explain::said;
use crate::paint::{Paper, wrap};

/// An entry's page, threat or countermeasure; `None` if there is none of this id.
pub fn page(library: &Library, pages: &Pages, id: &str, paper: Paper) -> Option<String> {
    let threat = pages.threats.iter().find(|page| &*page.id == id);
    if let Some(page) = threat {
        return Some(threat_page(library, page, paper));
    }
    let countermeasure = pages.countermeasures.iter().find(|page| &*page.id == id);
    countermeasure.map(|page| countermeasure_page(library, page, paper))
}

/// The name, what it is, and why it is switched off, if it is.
fn head(library: &Library, name: &str, about: &str, id: &str, paper: Paper, out: &mut String) {
    let name = wrap(name, paper.columns(), 0);
    let _ = writeln!(out, "{}", paper.bold(&name));
    paragraph(about, paper, out);
    if let Some(reason) = switched_off(library, id) {
        let said = paper.warn(&format!("switched off: {reason}"));
        paragraph(&said, paper, out);
    }
    out.push('\n');
}

fn switched_off<'l>(library: &'l Library, id: &str) -> Option<&'l str> {
    let mut disabled = library.disabled.iter();
    let found = disabled.find(|entry| &*entry.id == id)?;
    Some(&found.reason)
}

fn threat_page(library: &Library, page: &ThreatPage, paper: Paper) -> String {
    let mut out = String::new();
    let Some(def) = library.threat(&page.id) else {
        return out;
    };
    let applies: Vec<String> = def.applies_to.iter().map(ToString::to_string).collect();
    let (status, applies) = (def.status.word(), applies.join(", "));
    let about = format!("{} · {status} · threat to {applies}", def.id);
    head(library, &def.name, &about, &def.id, paper, &mut out);
    paragraph(&sentence(page), paper, &mut out);
    paragraph(&page.why, paper, &mut out);
    if let Some(hint) = &page.hint {
        paragraph(hint, paper, &mut out);
    }
    out.push('\n');
    field("when", def.when.text(), paper, &mut out);
    match &def.exposed {
        Some(exposed) => field("exposed", exposed.text(), paper, &mut out),
        None => field(
            "exposed",
            "unless a sufficient countermeasure is in place",
            paper,
            &mut out,
        ),
    }
    field("likelihood", def.rate.likelihood.word(), paper, &mut out);
    let impact = def.rate.impact;
    let impact = format!(
        "confidentiality {}, integrity {}, availability {}",
        impact.confidentiality.word(),
        impact.integrity.word(),
        impact.availability.word()
    );
    field("impact", &impact, paper, &mut out);
    let stride: Vec<&str> = page.stride.iter().map(|stride| stride.word()).collect();
    field("stride", &stride.join(", "), paper, &mut out);
    standards(&page.standards, paper, &mut out);
    if !def.countermeasures.is_empty() {
        let _ = writeln!(out, "\n{}", paper.bold("Countermeasures"));
        for link in &def.countermeasures {
            let known = library.countermeasure(&link.id);
            let name = known.map_or(&*link.id, |def| &def.name);
            let alone = if link.sufficient {
                ", settles it alone"
            } else {
                ""
            };
            let about = paper.dim(&format!("({}{alone})", link.id));
            let said = wrap(&format!("{name} {about}"), paper.columns(), 4);
            let _ = writeln!(out, "  {said}");
        }
    }
    references(&page.references, paper, &mut out);
    out
}

/// What can happen, apart from any system.
pub(crate) fn sentence(page: &ThreatPage) -> String {
    said(page, &|path| match path {
        "component" => "it".to_owned(),
        path => format!("its {}", path.replace('_', " ")),
    })
}

fn countermeasure_page(library: &Library, page: &CountermeasurePage, paper: Paper) -> String {
    let mut out = String::new();
    let Some(def) = library.countermeasure(&page.id) else {
        return out;
    };
    let applies: Vec<String> = def.applies_to.iter().map(ToString::to_string).collect();
    let (status, applies) = (def.status.word(), applies.join(", "));
    let about = format!("{} · {status} · countermeasure on {applies}", def.id);
    head(library, &def.name, &about, &def.id, paper, &mut out);
    paragraph(&page.action, paper, &mut out);
    out.push('\n');
    field("in place", def.in_place.text(), paper, &mut out);
    field("effort", def.effort.word(), paper, &mut out);
    for fix in &page.fix {
        for line in fix.text.lines() {
            field(fix.format.word(), line, paper, &mut out);
        }
    }
    field("verify", &page.verify, paper, &mut out);
    standards(&page.standards, paper, &mut out);
    let against: Vec<&str> = library
        .threats
        .iter()
        .filter(|threat| threat.countermeasures.iter().any(|link| link.id == def.id))
        .map(|threat| &*threat.id)
        .collect();
    if !against.is_empty() {
        let _ = writeln!(out, "\n{}", paper.bold("Against"));
        for id in against {
            let _ = writeln!(out, "  {id}");
        }
    }
    references(&page.references, paper, &mut out);
    out
}

/// Every entry on a line, threats before countermeasures; only those that
/// concern `kind`, where one is given.
pub fn list(library: &Library, kind: Option<&str>, paper: Paper) -> String {
    let mut out = String::new();
    let threats: Vec<_> = library
        .threats
        .iter()
        .filter(|def| concerns(library, kind, def.applies_to.iter().map(|a| &*a.kind)))
        .collect();
    let countermeasures: Vec<_> = library
        .countermeasures
        .iter()
        .filter(|def| concerns(library, kind, def.applies_to.iter().map(|a| &*a.kind)))
        .collect();
    let _ = writeln!(
        out,
        "{}",
        paper.bold(&format!("Threats ({})", threats.len()))
    );
    for def in threats {
        let status = match def.status.word() {
            "stable" => String::new(),
            other => format!(" {}", paper.dim(other)),
        };
        let said = format!("{}{status}", def.name);
        row(library, &def.id, &said, paper, &mut out);
    }
    let title = format!("Countermeasures ({})", countermeasures.len());
    let _ = writeln!(out, "{}", paper.bold(&title));
    for def in countermeasures {
        row(library, &def.id, &def.name, paper, &mut out);
    }
    out
}

/// An entry of a list: its id beside what is said of it, or above where there is no room.
fn row(library: &Library, id: &str, said: &str, paper: Paper, out: &mut String) {
    let off = switched_off(library, id);
    let off = off.map(|reason| paper.warn(&format!(" switched off: {reason}")));
    let said = format!("{said}{}", off.unwrap_or_default());
    if paper.is_narrow() {
        let said = wrap(&said, paper.columns(), 4);
        let _ = writeln!(out, "  {id}\n    {said}");
    } else {
        let said = wrap(&said, paper.columns(), 39);
        let _ = writeln!(out, "  {id:<36} {said}");
    }
}

fn concerns<'a>(
    library: &Library,
    kind: Option<&str>,
    mut applies_to: impl Iterator<Item = &'a str>,
) -> bool {
    kind.is_none_or(|kind| applies_to.any(|wanted| library.is(kind, wanted)))
}

fn standards(standards: &[Requirements], paper: Paper, out: &mut String) {
    for requirements in standards {
        let items: Vec<&str> = requirements.items.iter().map(|item| &**item).collect();
        field(&requirements.standard, &items.join(", "), paper, out);
    }
}

fn references(references: &[std::sync::Arc<str>], paper: Paper, out: &mut String) {
    if references.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", paper.bold("More"));
    for reference in references {
        let _ = writeln!(out, "  {reference}");
    }
}

fn paragraph(text: &str, paper: Paper, out: &mut String) {
    if !text.is_empty() {
        let _ = writeln!(out, "{}", wrap(text, paper.columns(), 0));
    }
}

fn field(name: &str, text: &str, paper: Paper, out: &mut String) {
    if text.is_empty() {
        return;
    }
    if paper.is_narrow() {
        let text = wrap(text, paper.columns(), 2);
        let _ = writeln!(out, "{}\n  {text}", paper.dim(name));
    } else {
        let text = wrap(text, paper.columns(), 18);
        let _ = writeln!(out, "{} {text}", paper.dim(&format!("{name:<17}")));
    }
}
