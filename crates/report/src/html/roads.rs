//! The roads from outside to data: each at a glance beside the diagram, and step
//! by step with its lines.

use std::collections::BTreeSet;

use super::Page;
use super::markup::Markup;
use crate::view::RoadRow;

/// Roads told beside the diagram, and step by step.
const GLANCED: usize = 4;
const TOLD: usize = 100;

impl Page<'_> {
    /// The worst roads in a line each.
    pub(super) fn roads_glanced(&self, markup: &mut Markup) {
        let Some(title) = self.view.roads_title() else {
            return;
        };
        markup.raw("<section class=\"glance\" aria-labelledby=\"glance-title\">\n");
        markup.raw("<h3 id=\"glance-title\">");
        markup.text(&title);
        markup.raw("</h3>\n<ol>\n");
        for (road, number) in self.view.roads.iter().take(GLANCED).zip(1..) {
            markup.raw("<li");
            self.on_the_way(road, markup);
            markup.raw(">");
            markup.link_to(&format!("road-{number}"), &road.chain());
            when(road, markup);
            markup.raw("</li>\n");
        }
        markup.raw("</ol>\n");
        let more = self.view.roads.len().saturating_sub(GLANCED);
        if more > 0 {
            markup.raw("<p>");
            markup.link_to("roads", &format!("and {more} more"));
            markup.raw("</p>\n");
        }
        markup.raw("</section>\n");
    }

    pub(super) fn roads(&self, markup: &mut Markup) {
        markup.raw(
            "<section id=\"roads\" class=\"view\" aria-labelledby=\"roads-title\">\n\
             <h2 id=\"roads-title\">Roads to the data</h2>\n",
        );
        if let Some(title) = self.view.roads_title() {
            markup.element("p", &format!("{title}."));
        }
        if self.view.n_roads == 0 {
            markup.classed("p", "nothing", "No road from outside to data was found.");
        } else if !self.view.roads.is_empty() {
            markup.classed(
                "p",
                "lead",
                "An upper bound of what the template shows: organisation and session policies \
                 are not in it. Ease, from 0 to 1, is judgement, not measurement.",
            );
        }
        for (road, number) in self.view.roads.iter().take(TOLD).zip(1..) {
            self.road(road, number, markup);
        }
        let more = self.view.roads.len().saturating_sub(TOLD);
        if more > 0 {
            markup.classed("p", "more", &format!("and {more} more, that matter less"));
        }
        markup.raw("</section>\n");
    }

    fn road(&self, road: &RoadRow, number: usize, markup: &mut Markup) {
        markup.raw("<article class=\"road\"");
        markup.attribute("id", &format!("road-{number}"));
        self.on_the_way(road, markup);
        markup.raw(">\n");
        markup.element("h3", &road.chain());
        markup.raw("<p class=\"gist\">");
        if !road.because.is_empty() {
            markup.text(&road.because);
            markup.raw(" · ");
        }
        markup.raw(&format!("ease {:.2}", road.ease));
        when(road, markup);
        markup.raw("</p>\n<ol class=\"steps\">\n<li><b>");
        markup.text(&road.start);
        markup.raw("</b></li>\n");
        for step in &road.steps {
            markup.raw("<li><b>");
            markup.text(&step.to);
            markup.raw("</b> <span>");
            markup.text(&step.why);
            if let Some(unknown) = &step.unknown {
                markup.raw("; unknown: ");
                markup.text(unknown);
            }
            markup.raw("</span> ");
            self.place(&step.place, markup);
            markup.raw("</li>\n");
        }
        markup.raw("</ol>\n</article>\n");
    }

    /// The components a road leads over, by their numbers.
    fn on_the_way(&self, road: &RoadRow, markup: &mut Markup) {
        let architecture = &self.report.model.architecture;
        let mut seen = BTreeSet::new();
        let steps = road.steps.iter();
        let owners = steps.map(|step| {
            let part = architecture.part(step.subject);
            part.map_or(step.subject, |part| part.owner).index()
        });
        let mut components = architecture.components.iter();
        let start = components.position(|component| *component.short == *road.start);
        let all = start.into_iter().chain(owners);
        let fresh = all.filter(|index| seen.insert(*index));
        let indexes: Vec<String> = fresh.map(|index| index.to_string()).collect();
        markup.attribute("data-with", &indexes.join(" "));
    }
}

fn when(road: &RoadRow, markup: &mut Markup) {
    if let Some(when) = &road.when {
        markup.raw(" <small>when ");
        markup.text(when);
        markup.raw("</small>");
    }
}
