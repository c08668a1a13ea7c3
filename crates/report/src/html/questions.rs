//! What is not known and what was taken as given: questions with what each
//! decides, what only code tells, assumptions, and what was not understood.

use std::collections::BTreeMap;

use underbelly_model::Threat;
use underbelly_source::{Diagnostic, Role, Severity};

use super::Page;
use super::evidence::Excerpts;
use super::markup::Markup;
use crate::paint::{clean, count};
use crate::view::QuestionRow;
use crate::view::words;

/// Threats and components named under one question, diagnostics with their lines.
const NAMES: usize = 12;
const WITH_LINES: usize = 300;

impl Page<'_> {
    pub(super) fn questions(&self, markup: &mut Markup) {
        markup.raw(
            "<section id=\"questions\" class=\"view\" aria-labelledby=\"questions-title\">\n\
             <h2 id=\"questions-title\">Questions</h2>\n",
        );
        let threats = self.report.model.threats.iter();
        let by_id: BTreeMap<&str, &Threat> = threats.map(|one| (&*one.id, one)).collect();
        match self.view.questions_title() {
            Some(title) => markup.classed("p", "lead", &format!("{title}.")),
            None => markup.classed("p", "nothing", "No question is open."),
        }
        if !self.view.questions.is_empty() {
            markup.raw("<ol class=\"questions\">\n");
            for row in &self.view.questions {
                self.question(row, &by_id, markup);
            }
            markup.raw("</ol>\n");
        }
        self.only_code(markup);
        self.not_analysed(&by_id, markup);
        self.assumptions(markup);
        markup.raw("</section>\n");
    }

    fn question(
        &self,
        row: &QuestionRow<'_>,
        by_id: &BTreeMap<&str, &Threat>,
        markup: &mut Markup,
    ) {
        markup.raw("<li>");
        markup.told("p", "ask", &row.ask());
        markup.raw("<p class=\"because\">Asked because: ");
        markup.text(&row.why());
        let places = row.questions.iter().filter_map(|question| question.place);
        if let Some(at) = places.into_iter().next() {
            self.at(at.span, markup);
        }
        markup.raw("</p>");
        let subjects = row.questions.iter().skip(1);
        let architecture = &self.report.model.architecture;
        let subjects: Vec<String> = subjects
            .map(|question| clean(&architecture.label(question.key.subject)).into_owned())
            .collect();
        if !subjects.is_empty() {
            markup.raw("<p class=\"also\">Also of ");
            list(
                subjects.into_iter(),
                |name, markup| markup.text(&name),
                markup,
            );
            markup.raw("</p>");
        }
        let decides = row.decides();
        markup.raw("<p class=\"decides\">Decides ");
        let ids = decides.iter().filter_map(|id| by_id.get(&***id));
        list(
            ids,
            |threat, markup| {
                let def = self.report.library.threat(&threat.entry);
                let name = def.map_or(&*threat.entry, |def| &def.name);
                markup.link_to(&threat.id, name);
                markup.raw(" <small>");
                markup.text(&architecture.label(threat.component));
                markup.raw("</small>");
            },
            markup,
        );
        markup.raw("</p></li>\n");
    }

    fn only_code(&self, markup: &mut Markup) {
        let Some(title) = self.view.only_code.title() else {
            return;
        };
        markup.raw("<h3>What only code can tell</h3>\n");
        markup.classed("p", "lead", &format!("{title}."));
        markup.raw("<p class=\"names\">");
        let components = self.view.only_code.components.iter();
        list(components, |name, markup| markup.text(name), markup);
        markup.raw("</p>\n<p><a href=\"#threats\" data-only=\"only-code\">Show them in the table</a></p>\n");
    }

    fn not_analysed(&self, by_id: &BTreeMap<&str, &Threat>, markup: &mut Markup) {
        if self.view.not_analysed.is_empty() {
            return;
        }
        markup.raw("<h3>What is not looked at yet</h3>\n<ol class=\"questions\">\n");
        for row in &self.view.not_analysed {
            self.question(row, by_id, markup);
        }
        markup.raw("</ol>\n");
    }

    fn assumptions(&self, markup: &mut Markup) {
        let assumptions = words::assumptions(self.report.model, words::plainly);
        markup.raw("<h3 id=\"assumptions\">Taken as given</h3>\n");
        if assumptions.is_empty() {
            markup.classed("p", "nothing", "Nothing was taken as given.");
            return;
        }
        markup.raw("<ul class=\"assumptions\">\n");
        for assumption in assumptions {
            markup.told("li", "", &assumption);
            markup.raw("\n");
        }
        markup.raw("</ul>\n");
    }

    /// What was not understood or left out.
    pub(super) fn diagnostics(&self, excerpts: &mut Excerpts, markup: &mut Markup) {
        markup.raw(
            "<section id=\"not-understood\" class=\"view\" aria-labelledby=\"diagnostics-title\">\n\
             <h2 id=\"diagnostics-title\">Not understood</h2>\n",
        );
        let diagnostics = self.report.diagnostics;
        if diagnostics.is_empty() {
            markup.classed("p", "nothing", "Everything was understood.");
        } else {
            markup.raw("<ul class=\"diagnostics\">\n");
            for (at, diagnostic) in diagnostics.iter().enumerate() {
                let excerpts = (at < WITH_LINES).then_some(&mut *excerpts);
                self.diagnostic(diagnostic, excerpts, markup);
            }
            markup.raw("</ul>\n");
        }
        markup.raw("</section>\n");
    }

    fn diagnostic(&self, one: &Diagnostic, excerpts: Option<&mut Excerpts>, markup: &mut Markup) {
        let severity = one.severity.word();
        markup.raw("<li class=\"");
        markup.raw(match one.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note-only",
        });
        markup.raw("\"><p><span class=\"severity\">");
        markup.raw(severity);
        markup.raw("</span> ");
        markup.prose(&one.message);
        markup.raw(" <code class=\"code\">");
        markup.text(one.code);
        markup.raw("</code></p>");
        let window = excerpts
            .zip(one.span)
            .and_then(|(excerpts, span)| excerpts.window(self.report.sources, span));
        match (one.span, &one.path, window) {
            (Some(span), _, Some(window)) => {
                markup.raw("<figure class=\"source\"><figcaption>");
                self.place(&self.report.at(span), markup);
                markup.raw("</figcaption>");
                self.window(Role::Here, &window, markup);
                markup.raw("</figure>");
            }
            (Some(span), _, None) => self.at(span, markup),
            (None, Some(path), _) => {
                markup.raw(" ");
                self.place(&clean(path), markup);
            }
            (None, None, _) => {}
        }
        if let Some(note) = &one.note {
            markup.told("p", "note", note);
        }
        if let Some(help) = &one.help {
            markup.told("p", "help", help);
        }
        markup.raw("</li>\n");
    }
}

/// Some of these, and how many more there are.
fn list<T>(all: impl Iterator<Item = T>, each: impl Fn(T, &mut Markup), markup: &mut Markup) {
    let mut n_more = 0;
    for (at, one) in all.enumerate() {
        if at >= NAMES {
            n_more += 1;
            continue;
        }
        if at > 0 {
            markup.raw(", ");
        }
        each(one, markup);
    }
    if n_more > 0 {
        markup.raw(" and ");
        markup.text(&count(n_more, "more", "more"));
    }
}
