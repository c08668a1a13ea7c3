//! The tables as one HTML page that needs nothing else: an overview, then each
//! threat with its countermeasures, then where names of standards come from.

use underbelly_library::{Extract, Requirements, ThreatDef, ThreatPage};

use super::counts;
use crate::html::Markup;
use crate::page::sentence;
use crate::view::table::library::{address, decided_by, lowers, on, provider, removes};
use crate::view::words::prose;

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn html(extract: &Extract<'_>, title: &str) -> String {
    let mut page = Markup::with_room_for(4_000 * extract.threats.len() + 20_000);
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
    page.element("title", title);
    page.raw("\n<style>");
    page.raw(STYLE);
    page.raw("</style>\n</head>\n<body>\n");
    page.element("h1", title);
    page.element("p", &counts(extract));
    overview(extract, &mut page);
    page.raw("\n<h2>Each threat</h2>\n");
    for (def, about) in &extract.threats {
        threat(extract, def, about, &mut page);
    }
    sources(extract, &mut page);
    page.raw("</body>\n</html>\n");
    page.finish()
}

/// A table's heading.
fn heading(titles: &[&str], page: &mut Markup) {
    page.raw("\n<table>\n<thead><tr>");
    for title in titles {
        page.raw("<th scope=\"col\">");
        page.text(title);
        page.raw("</th>");
    }
    page.raw("</tr></thead>\n<tbody>\n");
}

fn overview(extract: &Extract<'_>, page: &mut Markup) {
    page.raw("\n<h2>Threats</h2>");
    heading(
        &[
            "Threat",
            "Likelihood",
            "Impact",
            "Detected by",
            "STRIDE",
            "Known as",
        ],
        page,
    );
    for (def, about) in &extract.threats {
        let stride: Vec<&str> = about.stride.iter().map(|stride| stride.word()).collect();
        page.raw("<tr><th scope=\"row\">");
        page.link_to(&def.id, &def.name);
        page.raw("</th>");
        page.element("td", def.rate.likelihood.word());
        page.element("td", worst(def));
        page.element("td", &decided_by(&about.decided_by));
        page.element("td", &stride.join(", "));
        page.element("td", &named(&about.standards));
        page.raw("</tr>\n");
    }
    page.raw("</tbody>\n</table>\n");
}

fn worst(def: &ThreatDef) -> &'static str {
    let impact = def.rate.impact;
    let worst = impact.confidentiality.max(impact.integrity);
    worst.max(impact.availability).word()
}

fn threat(extract: &Extract<'_>, def: &ThreatDef, about: &ThreatPage, page: &mut Markup) {
    page.raw("<article");
    page.attribute("id", &def.id);
    page.raw(">\n");
    page.element("h3", &def.name);
    let applies = def.applies_to.iter();
    let applies = applies.map(|to| extract.library.applies_to_said(to));
    let applies: Vec<String> = applies.collect();
    let facts = format!(
        "{} · {} · {} · {}",
        def.id,
        applies.join(", "),
        provider(extract, def),
        def.status.word()
    );
    page.classed("p", "dim", &facts);
    page.told("p", "", &prose(&sentence(about)));
    page.told("p", "", &prose(&about.why));
    if let Some(hint) = &about.hint {
        page.told("p", "", &prose(hint));
    }
    if !def.countermeasures.is_empty() {
        heading(
            &["Countermeasure", "Do", "Verify", "Effort", "Removes"],
            page,
        );
        for link in &def.countermeasures {
            let Some((measure, said)) = extract.countermeasure(&link.id) else {
                continue;
            };
            let mut removed = vec![removes(lowers(link, measure))];
            if link.sufficient {
                removed.insert(0, "settles it alone".to_owned());
            }
            removed.retain(|said| !said.is_empty());
            page.raw("<tr><th scope=\"row\">");
            page.text(&measure.name);
            let on = on(extract, link);
            if !on.is_empty() {
                page.classed("span", "dim", &format!(" on {on}"));
            }
            page.raw("</th>");
            page.told("td", "", &prose(&said.action));
            page.told("td", "", &prose(&said.verify));
            page.element("td", measure.effort.word());
            page.element("td", &removed.join("; "));
            page.raw("</tr>\n");
        }
        page.raw("</tbody>\n</table>\n");
    }
    page.raw("<p class=\"dim\">");
    for reference in &about.references {
        page.link_out(reference);
        page.raw("<br/>");
    }
    page.raw("</p>\n</article>\n");
}

fn sources(extract: &Extract<'_>, page: &mut Markup) {
    page.raw("<h2>Sources</h2>");
    heading(
        &["Standard", "Version", "Compared on", "Item", "Address"],
        page,
    );
    for standard in &extract.standards {
        page.raw("<tr><th scope=\"row\">");
        page.text(&standard.title);
        page.raw("</th>");
        page.element("td", &standard.version);
        page.element("td", &standard.checked);
        page.raw("<td></td><td>");
        page.link_out(&standard.source);
        page.raw("</td></tr>\n");
        let items = extract.items(&standard.id);
        for (id, title) in &standard.items {
            if !items.contains(&**id) {
                continue;
            }
            page.raw("<tr><td></td><td></td><td></td>");
            page.element("td", &format!("{id} {title}"));
            page.raw("<td>");
            page.link_out(&address(standard, id));
            page.raw("</td></tr>\n");
        }
    }
    page.raw("</tbody>\n</table>\n");
}

fn named(requirements: &[Requirements]) -> String {
    let items = requirements.iter().flat_map(|one| &one.items);
    items.map(|item| &**item).collect::<Vec<_>>().join(", ")
}
