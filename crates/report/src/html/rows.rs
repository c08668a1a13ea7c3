//! The table of threats: those exposed, those in question, those held off.
//!
//! What is exposed or in question has a row of its own, which leads to what is
//! told of it in [`findings`](super::findings). What only code tells and what is
//! held off are many and told briefly: one row for all that are told alike, with
//! an item for each component.

use std::collections::BTreeMap;

use underbelly_model::{Countermeasure, Status, Threat};

use super::markup::Markup;
use super::{Page, Standing};
use crate::paint::{capital, count};
use crate::view::ThreatRow;
use crate::view::words::spaced;

/// Points named in a row; the rest is counted.
const POINTS: usize = 3;
/// Facts told of what is held off.
const FACTS: usize = 3;

impl Page<'_> {
    pub(super) fn rows(&self, markup: &mut Markup) {
        markup.raw(
            "<table id=\"threat-rows\" class=\"threats\">\n\
             <caption>Threats, worst first</caption>\n<thead><tr>\
             <th scope=\"col\">Risk</th><th scope=\"col\">Threat</th>\
             <th scope=\"col\">Component</th><th scope=\"col\">First step, or what shows it</th>\
             <th scope=\"col\">Where</th></tr></thead>\n",
        );
        for standing in Standing::ALL {
            self.standing_rows(standing, markup);
        }
        markup.raw("</table>\n");
    }

    fn standing_rows(&self, standing: Standing, markup: &mut Markup) {
        let threats = self.report.model.threats.iter();
        let threats: Vec<&Threat> = threats
            .filter(|threat| Standing::of(threat) == Some(standing))
            .collect();
        if threats.is_empty() && standing != Standing::Exposed {
            return;
        }
        markup.raw("<tbody data-s=\"");
        markup.raw(standing.class());
        markup.raw("\">\n<tr class=\"heading\"><th colspan=\"5\" scope=\"rowgroup\">");
        markup.text(&capital(standing.word()));
        markup.raw(" <small>");
        markup.text(standing.about());
        markup.raw("</small></th></tr>\n");
        if threats.is_empty() {
            markup.raw("<tr class=\"nothing\"><td colspan=\"5\">");
            markup.text(&self.view.exposed_title());
            markup.raw("</td></tr>\n");
        }
        if standing.has_finding() {
            for threat in threats {
                self.row(threat, standing, markup);
            }
        } else {
            for alike in self.alike(&threats) {
                self.listed(&alike, standing, markup);
            }
        }
        markup.raw("</tbody>\n");
    }

    fn row(&self, threat: &Threat, standing: Standing, markup: &mut Markup) {
        let row = ThreatRow::of(self.report, threat);
        markup.raw("<tr><td>");
        if standing.is_open() {
            risk(threat, standing, markup);
        }
        markup.raw("</td><th scope=\"row\">");
        markup.link_to(&threat.id, &row.name);
        if let Some(when) = &row.when {
            markup.raw("<small>when ");
            markup.text(when);
            markup.raw("</small>");
        }
        markup.raw("</th><td>");
        markup.text(&row.component);
        points(&row.points, markup);
        self.system_of(threat, markup);
        markup.raw("</td><td>");
        step(&row, standing, markup);
        markup.raw("</td><td>");
        self.place(&row.place, markup);
        markup.raw("</td></tr>\n");
    }

    /// Threats of one entry and one proof as a list of components.
    fn listed(&self, alike: &Alike<'_>, standing: Standing, markup: &mut Markup) {
        let shown = |threat: &Threat| threat.risk.value.round() as i64;
        let worst = alike.threats.first().filter(|_| standing.is_open());
        let worst = worst.map(|(threat, _)| *threat);
        markup.raw("<tr");
        markup.attribute("data-e", alike.entry);
        markup.raw("><td>");
        if let Some(worst) = worst {
            risk(worst, standing, markup);
        }
        markup.raw("</td><th scope=\"row\">");
        let def = self.report.library.threat(alike.entry);
        markup.text(def.map_or(alike.entry, |def| &def.name));
        markup.raw("</th><td>");
        markup.text(&count(alike.threats.len(), "component", "components"));
        markup.raw("</td><td colspan=\"2\">");
        for line in &alike.proof {
            markup.raw("<p>");
            markup.raw(line);
            markup.raw("</p>");
        }
        markup.raw("<ul class=\"listed\">");
        for (threat, own) in &alike.threats {
            let label = self.report.model.architecture.label(threat.component);
            markup.raw("<li");
            // Its entry and its component are its id.
            if threat.id.split_once('@') != Some((alike.entry, &*label)) {
                markup.attribute("id", &threat.id);
            }
            // Where it is not that of the row.
            if worst.is_some_and(|worst| shown(worst) != shown(threat)) {
                markup.raw(" data-r=\"");
                markup.number(shown(threat));
                markup.raw("\"");
            }
            markup.raw(">");
            markup.text(&label);
            self.system_of(threat, markup);
            for line in own {
                markup.raw(" <span>");
                markup.raw(line);
                markup.raw("</span>");
            }
            markup.raw("</li>\n");
        }
        markup.raw("</ul></td></tr>\n");
    }

    /// The system, where there are several.
    fn system_of(&self, threat: &Threat, markup: &mut Markup) {
        let architecture = &self.report.model.architecture;
        if architecture.systems.len() < 2 {
            return;
        }
        let component = architecture.component(threat.component);
        let system = component.and_then(|component| component.system);
        let system = system.and_then(|index| architecture.systems.get(index as usize));
        if let Some(system) = system {
            markup.classed("small", "system", &system.name);
        }
    }

    /// What is in place and the first of what shows it, a line each.
    fn proof(&self, threat: &Threat) -> Vec<String> {
        let mut lines = Vec::new();
        let there = |one: &&Countermeasure| matches!(one.status, Status::InPlace | Status::Partial);
        for measure in threat.countermeasures.iter().filter(there) {
            let mut markup = Markup::default();
            let def = self.report.library.countermeasure(&measure.entry);
            let name = def.map_or(&*measure.entry, |def| &def.name);
            markup.link_to(&format!("do-{}", measure.entry), name);
            markup.raw(match measure.status {
                Status::InPlace => " is in place",
                _ => " is partly in place",
            });
            lines.push(markup.finish());
        }
        let facts = threat.told_points().flat_map(|point| &point.evidence);
        for fact in facts.take(FACTS) {
            let mut markup = Markup::default();
            self.fact(threat, fact, &mut markup);
            lines.push(markup.finish());
        }
        lines
    }

    /// Threats of one entry with one proof together, in the order of the worst.
    fn alike<'t>(&self, threats: &[&'t Threat]) -> Vec<Alike<'t>> {
        let proofs: Vec<Vec<String>> = threats.iter().map(|one| self.proof(one)).collect();
        let mut n_of: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut n_in: BTreeMap<&str, usize> = BTreeMap::new();
        for (threat, proof) in threats.iter().zip(&proofs) {
            *n_in.entry(&threat.entry).or_default() += 1;
            for line in proof {
                *n_of.entry((&threat.entry, line)).or_default() += 1;
            }
        }
        let mut rows: Vec<Alike<'t>> = Vec::new();
        let mut at: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (threat, proof) in threats.iter().zip(&proofs) {
            let single = n_in.get(&*threat.entry).is_none_or(|n| *n < 2);
            let shared = |line: &&String| {
                let n = n_of.get(&(&*threat.entry, &***line));
                single || n.is_none_or(|n| *n > 1)
            };
            let (proof, own): (Vec<&String>, Vec<&String>) = proof.iter().partition(shared);
            let own = own.into_iter().cloned().collect();
            let of_entry = at.entry(&threat.entry).or_default();
            let alike = |index: &usize| {
                let row = rows.get(*index);
                row.is_some_and(|row| row.proof.iter().eq(proof.iter().copied()))
            };
            let found = of_entry.iter().copied().find(alike);
            if let Some(row) = found.and_then(|index| rows.get_mut(index)) {
                row.threats.push((threat, own));
                continue;
            }
            of_entry.push(rows.len());
            rows.push(Alike {
                entry: &threat.entry,
                proof: proof.into_iter().cloned().collect(),
                threats: vec![(threat, own)],
            });
        }
        rows
    }
}

/// Threats that are told alike.
struct Alike<'t> {
    entry: &'t str,
    proof: Vec<String>,
    /// Each with what shows it alone.
    threats: Vec<(&'t Threat, Vec<String>)>,
}

fn step(row: &ThreatRow<'_>, standing: Standing, markup: &mut Markup) {
    if let Some(by) = row.threat.absorbed_by() {
        markup.raw("included in ");
        markup.link_to(by, by);
    }
    if let Some(step) = row.first_step.as_ref().filter(|_| standing.is_open()) {
        markup.text(&step.name);
        markup.raw("<small>");
        markup.raw(step.effort);
        markup.raw(" effort</small>");
    }
}

/// A risk as a number with its band; of a question, what it would be.
pub(super) fn risk(threat: &Threat, standing: Standing, markup: &mut Markup) {
    markup.raw("<span class=\"risk ");
    markup.raw(threat.risk.band.word());
    markup.raw(match standing {
        Standing::Exposed => "\"><b>",
        _ => " perhaps\"><b>",
    });
    markup.number(threat.risk.value.round() as i64);
    markup.raw("</b> ");
    markup.text(&spaced(threat.risk.band.word()));
    markup.raw("</span>");
}

fn points(points: &[String], markup: &mut Markup) {
    if points.is_empty() {
        return;
    }
    markup.raw("<small>");
    for (at, point) in points.iter().take(POINTS).enumerate() {
        if at > 0 {
            markup.raw(", ");
        }
        markup.text(point);
    }
    let more = points.len().saturating_sub(POINTS);
    if more > 0 {
        markup.raw(" and ");
        markup.number(more);
        markup.raw(" more");
    }
    markup.raw("</small>");
}
