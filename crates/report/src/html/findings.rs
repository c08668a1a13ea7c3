//! Every threat in detail, by entry: what can happen is told once, then each
//! place where it was found with its evidence.

use std::collections::{BTreeMap, BTreeSet};

use underbelly_library::ThreatPage;
use underbelly_model::{Countermeasure, QuestionKey, Status, Threat};

use super::evidence::Excerpts;
use super::markup::{Markup, name};
use super::rows::risk;
use super::{Page, Standing};
use crate::explain::{named, said};
use crate::paint::clean;
use crate::view::ThreatRow;
use crate::view::words::{self, prose, spaced};

/// Points named in a title, facts and components of one countermeasure.
const POINTS: usize = 4;
const SHOWN: usize = 2;
const TARGETS: usize = 4;
/// Findings of one entry told with their lines; what comes after is told in brief.
const WHOLE: usize = 50;

/// What is written once for all findings of an entry that do not say otherwise.
#[derive(Debug, Default)]
struct Shared {
    asks: String,
    factors: String,
    against: String,
}

/// A finding with what may be the same for others.
struct Told<'t> {
    standing: Standing,
    threat: &'t Threat,
    own: Shared,
}

impl Page<'_> {
    pub(super) fn findings(&self, excerpts: &mut Excerpts, markup: &mut Markup) {
        let mut entries: Vec<(&str, Vec<(Standing, &Threat)>)> = Vec::new();
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        for standing in Standing::ALL {
            for threat in &self.report.model.threats {
                if Standing::of(threat) != Some(standing) {
                    continue;
                }
                let index = *at.entry(&threat.entry).or_insert_with(|| {
                    entries.push((&threat.entry, Vec::new()));
                    entries.len() - 1
                });
                if let Some((_, found)) = entries.get_mut(index) {
                    found.push((standing, threat));
                }
            }
        }
        markup.raw(
            "<section id=\"findings\" aria-labelledby=\"findings-title\">\n\
             <h2 id=\"findings-title\">Threats in detail</h2>\n",
        );
        for (entry, found) in &entries {
            self.entry(entry, found, excerpts, markup);
        }
        markup.raw("</section>\n");
    }

    fn entry(
        &self,
        entry: &str,
        found: &[(Standing, &Threat)],
        excerpts: &mut Excerpts,
        markup: &mut Markup,
    ) {
        let best = found.first().map_or("", |(standing, _)| standing.class());
        markup.raw("<article class=\"entry ");
        markup.raw(best);
        markup.raw("\"");
        markup.attribute("data-e", entry);
        let page = self.index.threat(entry);
        let stride: Vec<&str> = page
            .into_iter()
            .flat_map(|page| &page.stride)
            .map(|stride| stride.word())
            .collect();
        markup.attribute("data-stride", &stride.join(" "));
        markup.raw(">\n");
        let def = self.report.library.threat(entry);
        markup.element("h3", def.map_or(entry, |def| &def.name));
        self.about(entry, found, markup);
        self.of_code(entry, found, markup);
        let told = found.iter();
        let told = told.filter(|(standing, _)| standing.has_finding());
        let told: Vec<Told<'_>> = told
            .map(|(standing, threat)| self.told(*standing, threat))
            .collect();
        let shared = Shared {
            asks: most(told.iter().map(|one| &*one.own.asks)),
            factors: most(told.iter().map(|one| &*one.own.factors)),
            against: most(told.iter().map(|one| &*one.own.against)),
        };
        let Shared {
            asks,
            factors,
            against,
        } = &shared;
        if [asks, factors, against].iter().any(|said| !said.is_empty()) {
            markup.raw("<div class=\"shared\"><p>Of each, where nothing else is said:</p>\n");
            markup.raw(asks);
            markup.raw(&shared.factors);
            markup.raw(&shared.against);
            markup.raw("</div>\n");
        }
        for (n, one) in told.iter().enumerate() {
            let excerpts = (n < WHOLE).then_some(&mut *excerpts);
            self.finding(one, &shared, excerpts, markup);
        }
        markup.raw("</article>\n");
    }

    /// What to look for in code, and what would help, where only code can tell.
    fn of_code(&self, entry: &str, found: &[(Standing, &Threat)], markup: &mut Markup) {
        let mut found = found.iter();
        let Some((_, threat)) = found.find(|(standing, _)| *standing == Standing::OnlyCode) else {
            return;
        };
        let keys = threat.points.iter().flat_map(|point| &point.questions);
        let asks: BTreeSet<String> = keys.filter_map(|key| self.ask(threat, key)).collect();
        if !asks.is_empty() {
            markup.raw("<div class=\"code\">");
            for ask in asks {
                markup.told("p", "ask", &ask);
            }
            markup.raw("</div>\n");
        }
        let def = self.report.library.threat(entry);
        markup.raw("<ul class=\"against of-code\">\n");
        for link in def.into_iter().flat_map(|def| &def.countermeasures) {
            if let Some(def) = self.report.library.countermeasure(&link.id) {
                markup.raw("<li>");
                markup.link_to(&format!("do-{}", link.id), &def.name);
                markup.raw(" <small>");
                markup.raw(def.effort.word());
                markup.raw(" effort</small></li>\n");
            }
        }
        markup.raw("</ul>\n");
    }

    /// What the library says of an entry.
    fn about(&self, entry: &str, found: &[(Standing, &Threat)], markup: &mut Markup) {
        let Some(page) = self.index.threat(entry) else {
            return;
        };
        let architecture = &self.report.model.architecture;
        let named = |path: &str| {
            let shown = match (found, path) {
                ([(_, only)], path) => named(architecture, only.component, path),
                (_, "component") => "it".to_owned(),
                (_, path) => format!("its {}", path.replace('_', " ")),
            };
            name(path, &shown)
        };
        markup.raw("<div class=\"about\">\n<p class=\"says\">");
        markup.sentence(&said(page, &named));
        markup.raw("</p>\n");
        if !page.why.is_empty() {
            markup.told("p", "", &prose(&page.why));
        }
        if let Some(hint) = &page.hint {
            markup.told("p", "hint", &prose(hint));
        }
        self.known_as(page, markup);
        references(&page.references, markup);
        markup.raw("</div>\n");
    }

    /// The kinds of threat it is, and the items of standards.
    fn known_as(&self, page: &ThreatPage, markup: &mut Markup) {
        markup.raw("\n<dl class=\"known\">\n<dt>STRIDE</dt><dd>");
        let stride: Vec<String> = page.stride.iter().map(|s| spaced(s.word())).collect();
        markup.text(&stride.join(", "));
        markup.raw("</dd>\n");
        for requirements in &page.standards {
            let mut standards = self.index.pages.standards.iter();
            let standard = standards.find(|found| found.id == requirements.standard);
            let title = standard.map_or(&*requirements.standard, |found| &found.title);
            markup.element("dt", &prose(title));
            markup.raw("<dd>");
            for (at, item) in requirements.items.iter().enumerate() {
                markup.raw(if at == 0 { "" } else { "; " });
                markup.text(item);
                let items = standard.map_or(&[][..], |standard| &standard.items);
                if let Some((_, title)) = items.iter().find(|(id, _)| id == item) {
                    markup.raw(" ");
                    markup.text(&prose(title));
                }
            }
            markup.raw("</dd>\n");
        }
        let def = self.report.library.threat(&page.id);
        if let Some(def) = def.filter(|def| def.status.word() == "draft") {
            markup.element("dt", "Entry");
            markup.element("dd", &format!("{}, a draft", def.id));
        }
        markup.raw("</dl>\n");
    }

    fn told<'t>(&self, standing: Standing, threat: &'t Threat) -> Told<'t> {
        let factors = match standing.is_open() {
            true => factors(threat),
            false => String::new(),
        };
        let against = self.against(threat);
        Told {
            standing,
            threat,
            own: Shared {
                asks: self.asks(threat),
                factors,
                against,
            },
        }
    }

    fn finding(
        &self,
        told: &Told<'_>,
        shared: &Shared,
        excerpts: Option<&mut Excerpts>,
        markup: &mut Markup,
    ) {
        let (standing, threat) = (told.standing, told.threat);
        markup.raw("<section class=\"finding ");
        markup.raw(standing.class());
        markup.raw("\"");
        markup.attribute("id", &threat.id);
        self.names(threat, markup);
        markup.raw(">\n<h4>");
        if standing.is_open() {
            risk(threat, standing, markup);
        } else {
            markup.classed("span", "state", standing.word());
        }
        let row = ThreatRow::of(self.report, threat);
        markup.raw(" <span class=\"on\">");
        markup.text(&row.component);
        markup.raw("</span>");
        for point in row.points.iter().take(POINTS) {
            markup.raw(" <span class=\"point\">");
            markup.text(point);
            markup.raw("</span>");
        }
        markup.raw("</h4>\n");
        if let Some(by) = threat.absorbed_by() {
            markup.raw("<p class=\"by\">Included in ");
            markup.link_to(by, by);
            markup.raw(", which says more.</p>\n");
        }
        markup.raw("<div class=\"why\">\n");
        let brief = excerpts.is_none();
        self.why(threat, excerpts, markup);
        if brief {
            markup.raw(
                "<p class=\"more\">In brief. All of it: <code>underbelly explain</code></p>\n",
            );
        }
        markup.raw("</div>\n");
        if told.own.asks != shared.asks {
            markup.raw(&told.own.asks);
        }
        if told.own.factors != shared.factors {
            markup.raw(&told.own.factors);
        }
        if told.own.against != shared.against {
            markup.raw(&told.own.against);
        }
        markup.raw("</section>\n");
    }

    /// What an answer to would decide it, each question once.
    fn asks(&self, threat: &Threat) -> String {
        let keys = threat.told_points().flat_map(|point| &point.questions);
        let mut asks: Vec<String> = Vec::new();
        for ask in keys.filter_map(|key| self.ask(threat, key)) {
            if !asks.contains(&ask) {
                asks.push(ask);
            }
        }
        if asks.is_empty() {
            return String::new();
        }
        let mut markup = Markup::default();
        markup.raw("<div class=\"asks\">");
        for ask in asks {
            markup.told("p", "ask", &ask);
        }
        markup.raw("</div>\n");
        markup.finish()
    }

    /// The components that take part, and what the paths of its sentence lead to.
    fn names(&self, threat: &Threat, markup: &mut Markup) {
        let architecture = &self.report.model.architecture;
        let mut with = BTreeSet::new();
        let facts = threat.told_points().flat_map(|point| &point.evidence);
        for subject in facts.map(|fact| fact.subject) {
            let owner = architecture
                .part(subject)
                .map_or(subject, |part| part.owner);
            if owner != threat.component && !owner.is_part() {
                with.insert(owner.index());
            }
        }
        if !with.is_empty() {
            let with: Vec<String> = with.iter().map(ToString::to_string).collect();
            markup.attribute("data-with", &with.join(" "));
        }
        let Some(page) = self.index.threat(&threat.entry) else {
            return;
        };
        for path in paths(page) {
            if path != "component" {
                let name = named(architecture, threat.component, path);
                markup.attribute(&format!("data-to-{path}"), &name);
            }
        }
    }

    /// What stands against it, each with whether it is there.
    fn against(&self, threat: &Threat) -> String {
        let mut markup = Markup::default();
        let measures = threat.countermeasures.iter();
        let measures = measures.filter(|one| one.status != Status::NotApplicable);
        let mut measures = measures.peekable();
        if measures.peek().is_none() {
            return String::new();
        }
        markup.raw("<ul class=\"against\">\n");
        for measure in measures {
            self.measure_of(threat, measure, &mut markup);
        }
        markup.raw("</ul>\n");
        markup.finish()
    }

    fn measure_of(&self, threat: &Threat, measure: &Countermeasure, markup: &mut Markup) {
        let def = self.report.library.countermeasure(&measure.entry);
        markup.raw("<li class=\"");
        markup.raw(measure.status.word());
        markup.raw("\"><i>");
        markup.raw(words::status(measure.status));
        markup.raw("</i> ");
        let name = def.map_or(&*measure.entry, |def| &def.name);
        markup.link_to(&format!("do-{}", measure.entry), name);
        let mut about = Vec::new();
        if measure.sufficient {
            about.push("settles it alone".to_owned());
        }
        about.extend(def.map(|def| format!("{} effort", def.effort.word())));
        markup.raw(" <small>");
        markup.text(&about.join(", "));
        let architecture = &self.report.model.architecture;
        let elsewhere = measure.targets.iter();
        let elsewhere = elsewhere.filter(|target| {
            let part = architecture.part(**target);
            part.map_or(**target, |part| part.owner) != threat.component
        });
        let targets: Vec<String> = elsewhere
            .take(TARGETS)
            .map(|target| clean(&architecture.label(*target)).into_owned())
            .collect();
        if !targets.is_empty() {
            markup.raw(", on ");
            markup.text(&targets.join(", "));
        }
        markup.raw("</small>");
        if matches!(measure.status, Status::InPlace | Status::Partial) {
            for fact in measure.evidence.iter().take(SHOWN) {
                markup.raw("<span>");
                self.fact(threat, fact, markup);
                if let Some(at) = fact.places.first() {
                    self.at(at.span, markup);
                }
                markup.raw("</span>");
            }
        }
        markup.raw("</li>\n");
    }

    /// What is asked for a fact, of people or of code.
    pub(super) fn ask(&self, threat: &Threat, key: &QuestionKey) -> Option<String> {
        if let Some(question) = self.asked.get(key) {
            return Some(clean(&question.ask).into_owned());
        }
        let architecture = &self.report.model.architecture;
        let kind = architecture.component(threat.component)?;
        let kind = self.report.library.kind(&kind.kind)?;
        let mut codes = kind.code.iter();
        let code = codes.find(|code| key.fact.strip_prefix("code.") == Some(&*code.name))?;
        let looks_for = code.looks_for.join(", ");
        Some(prose(&format!("{} Look for {looks_for}.", code.ask)))
    }
}

/// The paths that a sentence names; such as can be part of an attribute's name.
fn paths(page: &ThreatPage) -> BTreeSet<&str> {
    let texts = [
        &page.threat.source,
        &page.threat.action,
        &page.threat.impact,
    ];
    let pieces = texts.into_iter().flat_map(|text| text.split('{').skip(1));
    let paths = pieces.filter_map(|piece| piece.split_once('}').map(|(path, _)| path));
    let plain = |path: &&str| {
        let letters = path.chars();
        !path.is_empty()
            && letters
                .into_iter()
                .all(|c| c.is_ascii_lowercase() || c == '_')
    };
    paths.filter(plain).collect()
}

/// What several say, if all say something: the one said most often.
fn most<'t>(said: impl Iterator<Item = &'t str>) -> String {
    let mut n_of: BTreeMap<&str, usize> = BTreeMap::new();
    for one in said {
        *n_of.entry(one).or_default() += 1;
    }
    let most = n_of.iter().max_by_key(|(_, n)| **n);
    match most {
        Some((said, n)) if *n > 1 && !n_of.contains_key("") => (*said).to_owned(),
        Some(_) | None => String::new(),
    }
}

/// What makes a risk as large as it is.
fn factors(threat: &Threat) -> String {
    let mut markup = Markup::default();
    if threat.risk.factors.is_empty() {
        return String::new();
    }
    markup.raw("<ul class=\"factors\">\n");
    for factor in &threat.risk.factors {
        markup.raw("<li>");
        markup.text(&factor.name);
        markup.raw(" <b>");
        markup.text(&factor.finding);
        markup.raw(&format!("</b> {:.2}</li>\n", factor.weight));
    }
    markup.raw("</ul>\n");
    markup.finish()
}

/// Where to read more.
pub(super) fn references(references: &[std::sync::Arc<str>], markup: &mut Markup) {
    if references.is_empty() {
        return;
    }
    markup.raw("<ul class=\"references\">\n");
    for reference in references {
        markup.raw("<li>");
        markup.link_out(reference);
        markup.raw("</li>\n");
    }
    markup.raw("</ul>\n");
}
