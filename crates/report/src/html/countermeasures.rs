//! What to do: each countermeasure once, with where it is to be put, how to
//! write it and how to see that it works.

use std::collections::BTreeMap;

use underbelly_expression::SubjectId;
use underbelly_model::{Band, Status};

use super::Page;
use super::findings::references;
use super::markup::Markup;
use crate::paint::{clean, count};
use crate::view::table::{Measure, fixes};
use crate::view::words::{self, prose, spaced};

/// Places and threats named for one countermeasure.
const ROWS: usize = 40;
const NAMES: usize = 12;

/// A countermeasure with the rows that put it somewhere, the most pressing first.
pub(super) struct Doing<'a> {
    entry: &'a str,
    rows: Vec<&'a Measure<'a>>,
}

impl Page<'_> {
    pub(super) fn measures(&self) -> Vec<Doing<'_>> {
        let mut measures: Vec<Doing<'_>> = Vec::new();
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &self.measure_rows {
            let index = *at.entry(row.entry).or_insert_with(|| {
                measures.push(Doing {
                    entry: row.entry,
                    rows: Vec::new(),
                });
                measures.len() - 1
            });
            if let Some(found) = measures.get_mut(index) {
                found.rows.push(row);
            }
        }
        // Stable: within each part the most pressing stays first.
        measures.sort_by_key(|measure| match measure.class() {
            "wanted" => 0,
            "asked" => 1,
            _ => 2,
        });
        measures
    }

    pub(super) fn countermeasures(&self, markup: &mut Markup) {
        markup.raw(
            "<section id=\"countermeasures\" class=\"view\" aria-labelledby=\"countermeasures-title\">\n\
             <h2 id=\"countermeasures-title\">Countermeasures</h2>\n",
        );
        let measures = self.measures();
        if measures.is_empty() {
            markup.classed("p", "nothing", "Nothing to do, and nothing in place.");
        } else {
            markup.classed(
                "p",
                "lead",
                "What answers the worst threats with the least work comes first.",
            );
        }
        let mut part = "";
        for measure in &measures {
            let class = measure.class();
            if class != part {
                part = class;
                markup.classed("h3", &format!("part {class}"), measure.part());
                markup.raw("\n");
            }
            self.measure(measure, markup);
        }
        markup.raw("</section>\n");
    }

    fn measure(&self, measure: &Doing<'_>, markup: &mut Markup) {
        markup.raw("<article class=\"measure ");
        markup.raw(measure.class());
        markup.raw("\"");
        markup.attribute("id", &format!("do-{}", measure.entry));
        markup.raw(">\n<header>");
        if let Some(risk) = measure.worst() {
            let band = Band::of(risk);
            markup.raw("<span class=\"risk ");
            markup.raw(band.word());
            markup.raw("\"><b>");
            markup.number(risk.round() as i64);
            markup.raw("</b> ");
            markup.text(&spaced(band.word()));
            markup.raw("</span> ");
        }
        let def = self.report.library.countermeasure(measure.entry);
        markup.element("h4", def.map_or(measure.entry, |def| &def.name));
        markup.raw(" <p class=\"gist\">");
        markup.text(&measure.gist());
        if let Some(def) = def {
            markup.raw(" · ");
            markup.raw(def.effort.word());
            markup.raw(" effort");
        }
        markup.raw("</p></header>\n<div class=\"body\">\n");
        self.how(measure.entry, markup);
        self.targets(measure, markup);
        markup.raw("</div>\n</article>\n");
    }

    /// What to do, to write, and to try.
    fn how(&self, entry: &str, markup: &mut Markup) {
        let Some(page) = self.index.countermeasure(entry) else {
            return;
        };
        markup.raw("<div class=\"how\">\n");
        markup.told("p", "do", &prose(&page.action));
        for (formats, lines) in fixes(page) {
            markup.raw("<h5>Write in ");
            markup.text(&formats);
            markup.raw("</h5><pre class=\"write\"><code>");
            markup.code(&lines.join("\n"));
            markup.raw("</code></pre>\n");
        }
        if !page.verify.is_empty() {
            markup.raw("<h5>Verify</h5><ol class=\"verify\">");
            for step in steps(&page.verify) {
                markup.told("li", "", &step);
            }
            markup.raw("</ol>\n");
        }
        references(&page.references, markup);
        markup.raw("</div>\n");
    }

    fn targets(&self, measure: &Doing<'_>, markup: &mut Markup) {
        markup.raw(
            "<table class=\"targets\"><thead><tr><th scope=\"col\">Status</th>\
             <th scope=\"col\">On</th><th scope=\"col\">Against</th></tr></thead><tbody>\n",
        );
        let groups = measure.alike();
        for (row, targets) in groups.iter().take(ROWS) {
            markup.raw("<tr class=\"");
            markup.raw(row.status.word());
            markup.raw("\"><td><i>");
            markup.raw(words::status(row.status));
            markup.raw("</i></td><td>");
            let architecture = &self.report.model.architecture;
            let targets = targets.iter().map(|target| {
                let label = architecture.label(*target);
                clean(&label).into_owned()
            });
            names(targets, markup);
            markup.raw("</td><td>");
            names(row.against.iter().map(|name| prose(name)), markup);
            if row.sufficient {
                markup.raw(" <small>settles it alone</small>");
            }
            markup.raw("</td></tr>\n");
        }
        let more = groups.len().saturating_sub(ROWS);
        if more > 0 {
            markup.raw("<tr class=\"more\"><td colspan=\"3\">and ");
            markup.text(&count(more, "more row", "more rows"));
            markup.raw("</td></tr>\n");
        }
        markup.raw("</tbody></table>\n");
    }
}

impl Doing<'_> {
    /// Whether there is something to do, and about what.
    fn class(&self) -> &'static str {
        let open = self.rows.iter().any(|row| row.status != Status::InPlace);
        match (open, self.worst()) {
            (false, _) => "in-place",
            (true, Some(_)) => "wanted",
            (true, None) => "asked",
        }
    }

    /// The title of those like it.
    fn part(&self) -> &'static str {
        match self.class() {
            "wanted" => "Against what is exposed",
            "asked" => "Against what is in question",
            _ => "In place",
        }
    }

    /// Rows that differ only in what it is on, as one with all of that.
    fn alike(&self) -> Vec<(&Measure<'_>, Vec<SubjectId>)> {
        let mut groups: Vec<(&Measure<'_>, Vec<SubjectId>)> = Vec::new();
        let mut at: BTreeMap<(Status, bool, &[&str]), usize> = BTreeMap::new();
        for row in &self.rows {
            let key = (row.status, row.sufficient, row.against.as_slice());
            let index = *at.entry(key).or_insert_with(|| {
                groups.push((row, Vec::new()));
                groups.len() - 1
            });
            if let Some((_, targets)) = groups.get_mut(index) {
                targets.extend(row.targets);
            }
        }
        groups
    }

    /// The worst exposed threat it is not yet in place against.
    fn worst(&self) -> Option<f64> {
        let open = self.rows.iter();
        let open = open.filter(|row| row.status != Status::InPlace);
        open.filter_map(|row| row.exposed).reduce(f64::max)
    }

    /// `missing on 2, in place on 5`
    fn gist(&self) -> String {
        let mut n_of: BTreeMap<Status, usize> = BTreeMap::new();
        for row in &self.rows {
            *n_of.entry(row.status).or_default() += 1;
        }
        let order = [
            Status::Missing,
            Status::Partial,
            Status::Unknown,
            Status::InPlace,
            Status::NotApplicable,
        ];
        let said = order.into_iter().filter_map(|status| {
            let n = n_of.get(&status)?;
            Some(format!("{} on {n}", words::status(status)))
        });
        said.collect::<Vec<_>>().join(", ")
    }
}

/// The sentences of a text, each a step.
fn steps(text: &str) -> Vec<String> {
    let text = prose(text);
    let mut steps = Vec::new();
    let mut rest = text.as_str();
    while let Some((step, after)) = rest.split_once(". ") {
        if !after.starts_with(char::is_uppercase) {
            break;
        }
        steps.push(format!("{step}."));
        rest = after;
    }
    steps.push(rest.to_owned());
    steps
}

fn names(all: impl Iterator<Item = String>, markup: &mut Markup) {
    let all: Vec<String> = all.collect();
    for (at, one) in all.iter().take(NAMES).enumerate() {
        if at > 0 {
            markup.raw(", ");
        }
        markup.text(one);
    }
    let more = all.len().saturating_sub(NAMES);
    if more > 0 {
        markup.raw(" and ");
        markup.number(more);
        markup.raw(" more");
    }
}
