//! The table of threats: those exposed, those in question, those held off.
//!
//! What is exposed or in question is told in [`findings`](super::findings), to
//! which its row leads. What only code tells and what is held off is told in its
//! row, which then has the threat's id.

use underbelly_model::{Countermeasure, Status, Threat};

use super::markup::Markup;
use super::{Page, Standing};
use crate::paint::capital;
use crate::view::ThreatRow;
use crate::view::words::spaced;

/// Points named in a row; the rest is counted.
const POINTS: usize = 3;
/// Facts told in a row.
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
        let mut threats = threats
            .filter(|threat| Standing::of(threat) == Some(standing))
            .peekable();
        let none = threats.peek().is_none();
        if none && standing != Standing::Exposed {
            return;
        }
        markup.raw("<tbody data-s=\"");
        markup.raw(standing.class());
        markup.raw("\">\n<tr class=\"heading\"><th colspan=\"5\" scope=\"rowgroup\">");
        markup.text(&capital(standing.word()));
        markup.raw(" <small>");
        markup.text(standing.about());
        markup.raw("</small></th></tr>\n");
        if none {
            markup.raw("<tr class=\"nothing\"><td colspan=\"5\">");
            markup.text(&self.view.exposed_title());
            markup.raw("</td></tr>\n");
        }
        for threat in threats {
            self.row(threat, standing, markup);
        }
        markup.raw("</tbody>\n");
    }

    fn row(&self, threat: &Threat, standing: Standing, markup: &mut Markup) {
        let row = ThreatRow::of(self.report, threat);
        markup.raw("<tr");
        if !standing.has_finding() {
            markup.attribute("id", &threat.id);
        }
        markup.raw("><td>");
        if standing.is_open() {
            risk(threat, standing, markup);
        }
        markup.raw("</td><th scope=\"row\">");
        if standing.has_finding() {
            markup.link_to(&threat.id, &row.name);
        } else {
            markup.text(&row.name);
        }
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
        if standing.has_finding() {
            step(&row, standing, markup);
        } else {
            self.proof(threat, markup);
        }
        markup.raw("</td><td>");
        self.place(&row.place, markup);
        markup.raw("</td></tr>\n");
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

    /// What is in place, and the first of what shows it.
    fn proof(&self, threat: &Threat, markup: &mut Markup) {
        let there = |one: &&Countermeasure| matches!(one.status, Status::InPlace | Status::Partial);
        for measure in threat.countermeasures.iter().filter(there) {
            let def = self.report.library.countermeasure(&measure.entry);
            let name = def.map_or(&*measure.entry, |def| &def.name);
            markup.raw("<p>");
            markup.link_to(&format!("do-{}", measure.entry), name);
            markup.raw(match measure.status {
                Status::InPlace => " is in place</p>",
                _ => " is partly in place</p>",
            });
        }
        let facts = threat.told_points().flat_map(|point| &point.evidence);
        let facts: Vec<_> = facts.collect();
        for fact in facts.iter().take(FACTS) {
            markup.raw("<p>");
            self.fact(threat, fact, markup);
            markup.raw("</p>");
        }
        let more = facts.len().saturating_sub(FACTS);
        if more > 0 {
            markup.raw("<p>and ");
            markup.number(more);
            markup.raw(" more</p>");
        }
    }
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
