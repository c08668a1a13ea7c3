//! The report as one HTML page that needs nothing else: no network, no server.
//!
//! The page is whole without its script: every table and every finding is
//! written out. The script only moves, filters and shows what is there; what it
//! needs to know stands in `data-` attributes, so there is no second copy of the
//! model and no JSON in the page.

mod countermeasures;
mod evidence;
mod findings;
mod head;
mod markup;
mod places;
mod policy;
mod questions;
mod roads;
mod rows;
mod system;
mod terms;

use std::collections::BTreeMap;

use underbelly_library::Pages;
use underbelly_model::{Question, QuestionKey, State, Threat};

use crate::picture::picture;
use crate::view::table::{Index, Measure, measures};
use crate::view::{Report, View};
use evidence::Excerpts;
pub(crate) use markup::Markup;
use policy::Assets;
use terms::Terms;

/// The report as an HTML document.
pub fn html(report: &Report<'_>, pages: &Pages) -> String {
    let view = View::of(report);
    let page = Page {
        report,
        index: Index::of(pages),
        terms: Terms::of(report),
        folder: places::folder(report.sources.files),
        measure_rows: measures(report),
        asked: report.model.questions.iter().map(|q| (&q.key, q)).collect(),
        title: view.title(),
        view,
    };
    let n_threats = report.model.threats.len();
    let mut markup = Markup::with_room_for(200_000 + 1_200 * n_threats);
    page.write(&mut markup);
    markup.finish()
}

/// What the parts of the page are made from.
struct Page<'a> {
    report: &'a Report<'a>,
    index: Index<'a>,
    terms: Terms<'a>,
    measure_rows: Vec<Measure<'a>>,
    asked: BTreeMap<&'a QuestionKey, &'a Question>,
    /// The folder all files lie in, which places leave out.
    folder: String,
    title: String,
    view: View<'a>,
}

impl Page<'_> {
    fn write(&self, markup: &mut Markup) {
        let assets = Assets::new();
        let mut excerpts = Excerpts::default();
        self.head(&assets, markup);
        markup.raw("<body>\n<a class=\"skip\" href=\"#threats\">Skip to the threats</a>\n");
        self.top(markup);
        self.navigation(markup);
        markup.raw("<main id=\"main\">\n");
        self.threats(markup);
        self.roads(markup);
        self.findings(&mut excerpts, markup);
        self.countermeasures(markup);
        self.questions(markup);
        self.system(markup);
        self.diagnostics(&mut excerpts, markup);
        self.terms.write(markup);
        markup.raw("</main>\n");
        self.foot(markup);
        assets.foot(markup);
        markup.raw("</body>\n</html>\n");
    }

    /// What is exposed at a glance, the diagram, the table.
    fn threats(&self, markup: &mut Markup) {
        markup.raw(
            "<section id=\"threats\" class=\"view current\" aria-labelledby=\"threats-title\">\n",
        );
        markup.raw("<h2 id=\"threats-title\">Threats</h2>\n");
        self.tally(markup);
        self.roads_glanced(markup);
        markup.raw("<figure id=\"diagram\" class=\"diagram\">\n");
        markup.raw(&picture(self.report.model, self.report.library).svg_element());
        markup.raw("</figure>\n");
        self.rows(markup);
        markup.raw("</section>\n");
    }
}

/// How far a threat is settled: what the table is grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Exposed,
    Question,
    OnlyCode,
    Included,
    Decided,
    HeldOff,
}

impl Standing {
    const ALL: [Standing; 6] = [
        Standing::Exposed,
        Standing::Question,
        Standing::OnlyCode,
        Standing::Included,
        Standing::Decided,
        Standing::HeldOff,
    ];

    /// None for a threat whose situation is not there.
    fn of(threat: &Threat) -> Option<Self> {
        if threat.decision().is_some() {
            return Some(Standing::Decided);
        }
        match threat.state {
            State::Exposed if threat.absorbed_by().is_some() => Some(Standing::Included),
            State::Exposed => Some(Standing::Exposed),
            State::Question if threat.only_code => Some(Standing::OnlyCode),
            State::Question => Some(Standing::Question),
            State::Mitigated => Some(Standing::HeldOff),
            State::NotApplicable => None,
        }
    }

    /// Whether something may be to be done about it.
    fn is_open(self) -> bool {
        matches!(
            self,
            Standing::Exposed | Standing::Question | Standing::OnlyCode
        )
    }

    /// Whether it is told in detail beside the table.
    fn has_finding(self) -> bool {
        !matches!(self, Standing::OnlyCode | Standing::HeldOff)
    }

    /// The class of its rows.
    fn class(self) -> &'static str {
        match self {
            Standing::Exposed => "exposed",
            Standing::Question => "question",
            Standing::OnlyCode => "only-code",
            Standing::Included => "included",
            Standing::Decided => "decided",
            Standing::HeldOff => "held-off",
        }
    }

    /// What people call it.
    fn word(self) -> &'static str {
        match self {
            Standing::Exposed => "exposed",
            Standing::Question => "question",
            Standing::OnlyCode => "only code tells",
            Standing::Included => "included",
            Standing::Decided => "decided",
            Standing::HeldOff => "held off",
        }
    }

    /// What it means.
    fn about(self) -> &'static str {
        match self {
            Standing::Exposed => "The situation is there and so is the gap.",
            Standing::Question => "It hangs on something nobody could tell from what was read.",
            Standing::OnlyCode => "Only the code of the component can tell.",
            Standing::Included => "Another exposed threat on the same place says more.",
            Standing::Decided => "People decided on it in underbelly.yaml.",
            Standing::HeldOff => "The gap is closed by what is in place.",
        }
    }
}
