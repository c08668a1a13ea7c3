//! The frame of the page: title, what was read, where to go, what is exposed at
//! a glance.

use std::collections::BTreeMap;

use underbelly_model::Band;

use super::markup::Markup;
use super::policy::Assets;
use super::{Page, Standing};
use crate::view::words::spaced;

/// Systems named before they are folded.
const SYSTEMS: usize = 6;

const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
%3Cpath d='M1 8a7 7 0 0 1 14 0z' fill='%23405468'/%3E%3Cpath d='M1 8a7 7 0 0 0 14 0z' fill='%23d4500f'/%3E%3C/svg%3E";

const BANDS: [Band; 5] = [
    Band::Critical,
    Band::High,
    Band::Medium,
    Band::Low,
    Band::VeryLow,
];

impl Page<'_> {
    pub(super) fn head(&self, assets: &Assets, markup: &mut Markup) {
        markup.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        assets.head(markup);
        markup.element("title", &self.title);
        markup.raw(
            "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"color-scheme\" content=\"light dark\"/>\n\
             <meta name=\"referrer\" content=\"no-referrer\"/>\n\
             <meta name=\"generator\" content=\"underbelly\"/>\n<link rel=\"icon\"",
        );
        markup.attribute("href", ICON);
        markup.raw("/>\n</head>\n");
    }

    /// What this is a threat model of.
    pub(super) fn top(&self, markup: &mut Markup) {
        markup.raw("<header class=\"top\" id=\"top\">\n<div class=\"top-words\">\n");
        markup.element("h1", &self.title);
        let systems = &self.view.systems;
        match systems.as_slice() {
            [only] => markup.classed("p", "says", &only.says),
            several if several.len() <= SYSTEMS => self.systems(markup),
            several => {
                markup.raw("<details class=\"systems-fold\"><summary>");
                markup.number(several.len());
                markup.raw(" systems, and what each is made of</summary>\n");
                self.systems(markup);
                markup.raw("</details>\n");
            }
        }
        markup.raw("<p class=\"read\">");
        markup.text(&self.view.read);
        match &self.view.not_understood {
            None => markup.text(" Everything was understood. "),
            Some(what) => {
                markup.text(" ");
                markup.link_to("not-understood", what);
                markup.text(". ");
            }
        }
        markup.text(&self.view.judged);
        if !self.folder.is_empty() {
            markup.raw(" Files lie in ");
            markup.element("code", &self.folder);
            markup.raw(".");
        }
        markup.raw("</p>\n</div>\n</header>\n");
    }

    fn systems(&self, markup: &mut Markup) {
        markup.raw("<dl class=\"systems\">\n");
        for system in &self.view.systems {
            markup.element("dt", &system.name);
            markup.element("dd", &system.says);
            markup.raw("\n");
        }
        markup.raw("</dl>\n");
    }

    pub(super) fn navigation(&self, markup: &mut Markup) {
        let model = self.report.model;
        let n_measures = self.measures().len();
        let n_questions = self.view.questions.len() + self.view.not_analysed.len();
        let views = [
            ("threats", "Threats", self.standing().0[0]),
            ("roads", "Roads", self.view.n_roads),
            ("countermeasures", "Countermeasures", n_measures),
            ("questions", "Questions", n_questions),
            (
                "components",
                "Components",
                model.architecture.components.len(),
            ),
            ("flows", "Flows", model.architecture.flows.len()),
            (
                "not-understood",
                "Not understood",
                self.report.diagnostics.len(),
            ),
        ];
        markup.raw("<nav class=\"views\" aria-label=\"Parts of the report\"><ul>\n");
        for (id, name, n) in views {
            markup.raw("<li><a href=\"#");
            markup.raw(id);
            markup.raw("\">");
            markup.text(name);
            markup.raw(" <span class=\"n\">");
            markup.number(n);
            markup.raw("</span></a></li>\n");
        }
        markup.raw("</ul></nav>\n");
    }

    /// How many threats of each band are exposed, and how the others stand.
    pub(super) fn tally(&self, markup: &mut Markup) {
        let (standing, bands) = self.standing();
        markup.raw(
            "<div class=\"tally\">\n<ul class=\"bands\" aria-label=\"Exposed threats by risk\">\n",
        );
        for band in BANDS {
            let n = bands.get(&band).copied().unwrap_or(0);
            markup.raw("<li data-facet=\"band\" data-value=\"");
            markup.raw(band.word());
            markup.raw("\"><b>");
            markup.number(n);
            markup.raw("</b> <span class=\"risk ");
            markup.raw(band.word());
            markup.raw("\">");
            markup.text(&spaced(band.word()));
            markup.raw("</span></li>\n");
        }
        markup.raw("</ul>\n<ul class=\"standings\" aria-label=\"How threats stand\">\n");
        for (one, n) in Standing::ALL.into_iter().zip(standing) {
            if n == 0 && one != Standing::Exposed {
                continue;
            }
            markup.raw("<li data-facet=\"state\" data-value=\"");
            markup.raw(one.class());
            markup.raw("\" title=\"");
            markup.text(one.about());
            markup.raw("\"><b>");
            markup.number(n);
            markup.raw("</b> <span>");
            markup.text(one.word());
            markup.raw("</span></li>\n");
        }
        markup.raw("</ul>\n</div>\n");
    }

    /// How many threats stand how, and how many of the exposed are in which band.
    fn standing(&self) -> ([usize; Standing::ALL.len()], BTreeMap<Band, usize>) {
        let mut standings = [0; Standing::ALL.len()];
        let mut bands: BTreeMap<Band, usize> = BTreeMap::new();
        for threat in &self.report.model.threats {
            let Some(standing) = Standing::of(threat) else {
                continue;
            };
            if let Some(n) = standings.get_mut(standing as usize) {
                *n += 1;
            }
            if standing == Standing::Exposed {
                *bands.entry(threat.risk.band).or_default() += 1;
            }
        }
        (standings, bands)
    }

    pub(super) fn foot(&self, markup: &mut Markup) {
        markup.raw("<footer class=\"foot\"><p>Made by Underbelly from the templates alone. ");
        markup.text(&self.view.judged);
        markup
            .raw(" A risk from 0 to 100 orders the table; it is not a measurement.</p></footer>\n");
    }
}
