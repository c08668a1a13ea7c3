//! One threat where it was found: what can happen, why here, how bad, what helps.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use underbelly_expression::{Guard, SubjectId};
use underbelly_library::{CountermeasurePage, Library, Pages, ThreatPage};
use underbelly_model::{
    Architecture, Countermeasure, Decision, Evidence, Point, State, Status, Threat, ThreatModel,
};
use underbelly_source::{Place, Role};

use crate::derivation;
use crate::excerpt::{Mark, Sources};
use crate::paint::{Paper, capital, clean, columns_of, wrap};
use crate::view::words;

/// What an explanation is made from.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    /// The threat model.
    pub model: &'a ThreatModel,
    /// What it was judged by.
    pub library: &'a Library,
    /// What people read of it.
    pub pages: &'a Pages,
    /// The texts.
    pub sources: Sources<'a>,
}

/// A threat explained, as text with a final line break.
pub fn explain(explanation: &Explanation<'_>, threat: &Threat, paper: Paper) -> String {
    let mut out = String::new();
    let writer = Writer { explanation, paper };
    writer.head(threat, &mut out);
    writer.what(threat, &mut out);
    writer.why(threat, &mut out);
    writer.included(threat, &mut out);
    writer.risk(threat, &mut out);
    writer.countermeasures(threat, &mut out);
    writer.more(threat, &mut out);
    out
}

/// Where the rights of a component come from, link by link: those of a role, or of the
/// role it runs under; of this key alone where one is given. Nothing where it has none.
pub fn rights(
    explanation: &Explanation<'_>,
    component: SubjectId,
    key: Option<&str>,
    paper: Paper,
) -> Option<String> {
    let architecture = &explanation.model.architecture;
    let grants = derivation::grants_of(architecture, component).into_iter();
    let grants = grants.filter(|grant| {
        let own = architecture.part(*grant).map(|part| &*part.key);
        key.is_none() || own == key
    });
    let grants: Vec<SubjectId> = grants.collect();
    if grants.is_empty() {
        return None;
    }
    let label = architecture.label(component);
    let mut out = String::new();
    let writer = Writer { explanation, paper };
    let title = format!("The rights of {}", clean(&label));
    let _ = writeln!(out, "{}", paper.bold(&title));
    for grant in grants.iter().take(RIGHTS) {
        writer.right(*grant, &mut out);
    }
    let more = grants.len().saturating_sub(RIGHTS);
    if more > 0 {
        writer.line(2, &format!("and {more} more"), &mut out);
    }
    Some(out)
}

/// What only the code of a component can tell, a line each, with a final line break.
pub fn only_code(explanation: &Explanation<'_>, threats: &[&Threat], paper: Paper) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", paper.bold("What only its code can tell"));
    for threat in threats {
        let def = explanation.library.threat(&threat.entry);
        let name = def.map_or(&*threat.entry, |def| &def.name);
        let _ = writeln!(out, "  {}", wrap(name, paper.columns(), 4));
        let architecture = &explanation.model.architecture;
        let kind = architecture.component(threat.component).map(|c| &c.kind);
        let kind = kind.and_then(|kind| explanation.library.kind(kind));
        let keys = threat.points.iter().flat_map(|point| &point.questions);
        for key in keys {
            let code = kind.into_iter().flat_map(|kind| &kind.code);
            let mut code = code.filter(|code| key.fact.strip_prefix("code.") == Some(&*code.name));
            if let Some(code) = code.next() {
                let ask = format!("{} Look for {}.", code.ask, code.looks_for.join(", "));
                let _ = writeln!(
                    out,
                    "    {} {}",
                    paper.warn("?"),
                    wrap(&ask, paper.columns(), 6)
                );
            }
        }
        let _ = writeln!(out, "    {}", paper.dim(&clean(&threat.id)));
    }
    out
}

/// Threats that others include, a line each with what includes it, with a final line
/// break.
pub fn absorbed(explanation: &Explanation<'_>, threats: &[&Threat], paper: Paper) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", paper.bold("Included in others"));
    for threat in threats {
        out.push_str(&one_line(explanation, threat, paper));
        if let Some(by) = threat.absorbed_by() {
            let said = format!("in {}", clean(by));
            let said = wrap(&paper.dim(&said), paper.columns(), 6);
            let _ = writeln!(out, "    {said}");
        }
    }
    out
}

fn one_line(explanation: &Explanation<'_>, threat: &Threat, paper: Paper) -> String {
    let def = explanation.library.threat(&threat.entry);
    let name = def.map_or(&*threat.entry, |def| &def.name);
    let said = format!("{name} {}", paper.dim(&format!("({})", clean(&threat.id))));
    format!("  {}\n", wrap(&said, paper.columns(), 4))
}

struct Writer<'a> {
    explanation: &'a Explanation<'a>,
    paper: Paper,
}

/// Rights followed link by link at one point; the rest is counted.
const GRANTS: usize = 3;

/// Rights of a component followed link by link; the rest is counted.
const RIGHTS: usize = 24;

/// Places whose lines are shown of one fact; of the others it is said where they are.
const PLACES: usize = 3;

/// Points explained one by one; the rest is counted.
const POINTS: usize = 3;

impl Writer<'_> {
    fn head(&self, threat: &Threat, out: &mut String) {
        let def = self.explanation.library.threat(&threat.entry);
        let name = def.map_or(&*threat.entry, |def| &def.name);
        let word = words::state(threat.state);
        let state = match threat.state {
            State::Exposed => self.paper.bad(word),
            State::Question => self.paper.warn(word),
            State::Mitigated => self.paper.good(word),
            State::NotApplicable => self.paper.dim(word),
        };
        let name = wrap(name, self.paper.columns(), 0);
        let _ = writeln!(out, "{}", self.paper.bold(&name));
        let mut about = format!("{} · {state}", clean(&threat.id));
        if threat.state == State::Exposed {
            let band = threat.risk.band.word().replace('-', " ");
            let risk = format!("{} {band}", threat.risk.value.round());
            let _ = write!(
                about,
                " · risk {}",
                self.paper.band(threat.risk.band, &risk)
            );
        }
        if let Some(decision) = threat.decision() {
            let word = words::decided(decision.decided);
            let _ = write!(about, " · {}", self.paper.good(word));
        }
        if def.is_some_and(|def| def.status.word() == "draft") {
            let _ = write!(about, " · {}", self.paper.dim("draft entry"));
        }
        let about = wrap(&about, self.paper.columns(), 0);
        let _ = writeln!(out, "{about}");
        if let Some(decision) = threat.decision() {
            self.decision(decision, out);
        }
        if let Some(by) = threat.absorbed_by() {
            let said = format!("included in {}", clean(by));
            let said = wrap(&said, self.paper.columns(), 0);
            let _ = writeln!(out, "{}", self.paper.dim(&said));
        }
    }

    /// `accepted until 2027-01-31 by Ana: a public demo (underbelly.yaml:4)`
    fn decision(&self, decision: &Decision, out: &mut String) {
        let mut said = words::decided(decision.decided).to_owned();
        if let Some(until) = &decision.until {
            let _ = write!(said, " until {until}");
        }
        if let Some(by) = &decision.by {
            let _ = write!(said, " by {by}");
        }
        let files = self.explanation.sources.files;
        let span = decision.place.span;
        let (file, line) = (files.shown(span.file), files.position(span).line);
        let _ = write!(said, ": {} ({file}:{line})", decision.reason);
        let said = wrap(&clean(&said), self.paper.columns(), 0);
        let _ = writeln!(out, "{said}");
    }

    fn what(&self, threat: &Threat, out: &mut String) {
        let Some(page) = self.threat_page(&threat.entry) else {
            return;
        };
        self.title("What can happen", out);
        let said = said(page, &|path| {
            named(&self.explanation.model.architecture, threat.component, path)
        });
        self.paragraph(&said, out);
        if !page.why.is_empty() {
            self.paragraph(&page.why, out);
        }
        if let Some(hint) = &page.hint {
            self.paragraph(hint, out);
        }
    }

    fn why(&self, threat: &Threat, out: &mut String) {
        self.title("Why here", out);
        let mut points: Vec<&Point> = threat.points.iter().collect();
        points.sort_by_key(|point| point.state);
        let told = points.iter().filter(|p| p.state == threat.state).count();
        for point in points.iter().take(told.min(POINTS)) {
            self.point(point, out);
        }
        if told > POINTS {
            let more = points.iter().take(told).skip(POINTS);
            let keys: Vec<String> = more.map(|p| clean(&p.key).into_owned()).collect();
            let said = format!("and likewise {}", keys.join(", "));
            self.paragraph(&said, out);
        }
        let others = points.len() - told;
        if others > 0 {
            let quiet: Vec<String> = points
                .iter()
                .skip(told)
                .map(|p| format!("{} ({})", clean(&p.key), p.state.word()))
                .collect();
            self.paragraph(&format!("not so: {}", quiet.join(", ")), out);
        }
    }

    fn point(&self, point: &Point, out: &mut String) {
        if !point.key.is_empty() {
            self.line(2, &self.paper.bold(&clean(&point.key)), out);
        }
        if let Some(when) = self.when(&point.when) {
            let by_default = match point.by_default {
                Some(true) => " (it is by default)",
                Some(false) => " (it is not by default)",
                None => "",
            };
            let state = point.state.word();
            self.line(2, &format!("{state} when {when}{by_default}"), out);
        }
        for fact in &point.evidence {
            self.evidence(fact, out);
        }
        self.rights(point, out);
        for question in &point.questions {
            let asked = self.explanation.model.questions.iter();
            if let Some(question) = asked.into_iter().find(|q| q.key == *question) {
                let ask = wrap(&clean(&question.ask), self.paper.columns(), 4);
                let _ = writeln!(out, "  {} {ask}", self.paper.warn("?"));
            }
        }
    }

    /// Where the rights come from that a point rests on, link by link.
    fn rights(&self, point: &Point, out: &mut String) {
        let architecture = &self.explanation.model.architecture;
        let grants = derivation::grants(architecture, point);
        for grant in grants.iter().take(GRANTS) {
            self.right(*grant, out);
        }
        if grants.len() > GRANTS {
            let more = grants.len() - GRANTS;
            self.line(2, &format!("and of {more} more"), out);
        }
    }

    /// Where one right comes from.
    fn right(&self, grant: SubjectId, out: &mut String) {
        let architecture = &self.explanation.model.architecture;
        let key = architecture.part(grant).map_or("", |part| &*part.key);
        let title = format!("where the right {} comes from", clean(key));
        self.line(2, &self.paper.bold(&title), out);
        for link in derivation::links(architecture, self.explanation.sources.files, grant) {
            let mut said = format!("{}: {}", link.what, clean(&link.says));
            if !link.at.is_empty() {
                let at = format!("({})", clean(&link.at));
                let _ = write!(said, " {}", self.paper.dim(&at));
            }
            self.line(4, &said, out);
        }
    }

    fn evidence(&self, evidence: &Evidence, out: &mut String) {
        let architecture = &self.explanation.model.architecture;
        let subject = clean(&architecture.label(evidence.subject)).into_owned();
        let value = clean(&evidence.value);
        let basis = words::basis(evidence);
        let mut said = format!(
            "{} of {subject} is {}",
            self.paper.bold(&evidence.fact),
            self.paper.bold(&value)
        );
        if !basis.is_empty() {
            let _ = write!(said, " {}", self.paper.dim(&format!("({basis})")));
        }
        self.line(2, &said, out);
        if let Some(when) = self.when(std::slice::from_ref(&evidence.guard)) {
            self.line(4, &format!("when {when}"), out);
        }
        if let Some(note) = &evidence.note {
            let note = wrap(&clean(note), self.paper.columns(), 4);
            let _ = writeln!(out, "    {}", self.paper.dim(&note));
        }
        let mut seen = BTreeSet::new();
        let places = evidence.places.iter();
        let places: Vec<&Place> = places.filter(|place| seen.insert(place.span)).collect();
        let marks: Vec<Mark> = places
            .iter()
            .take(PLACES)
            .map(|place| Mark {
                span: place.span,
                role: place.role,
                label: match place.role {
                    Role::Here | Role::Related => String::new(),
                    Role::MissingHere => format!("nothing written here gives `{}`", evidence.fact),
                },
            })
            .collect();
        let sources = self.explanation.sources;
        for line in sources.excerpt(self.paper, 4, &marks).lines() {
            let _ = writeln!(out, "    {line}");
        }
        let more = places.iter().skip(PLACES).map(|place| {
            let line = sources.files.position(place.span).line;
            format!("{}:{line}", clean(sources.files.shown(place.span.file)))
        });
        let more: Vec<String> = more.collect();
        if !more.is_empty() {
            self.line(4, &format!("and at {}", more.join(", ")), out);
        }
    }

    /// Threats that are told by this one, a line each.
    fn included(&self, threat: &Threat, out: &mut String) {
        if threat.absorbs.is_empty() {
            return;
        }
        self.title("Includes", out);
        for id in &threat.absorbs {
            let threats = &self.explanation.model.threats;
            let included = threats.iter().find(|threat| threat.id == *id);
            if let Some(included) = included {
                out.push_str(&one_line(self.explanation, included, self.paper));
            }
        }
    }

    fn risk(&self, threat: &Threat, out: &mut String) {
        if threat.risk.factors.is_empty() {
            return;
        }
        self.title("Risk", out);
        for factor in &threat.risk.factors {
            let (name, finding) = (clean(&factor.name), clean(&factor.finding));
            let weight = factor.weight;
            if self.paper.columns() < 74 {
                self.line(2, &format!("{name}: {finding} ({weight:.2})"), out);
            } else {
                // The weights stand below each other; a finding that is longer goes on below.
                let width = self.paper.columns().min(100) - 38;
                let finding = wrap(&finding, width, 0);
                for (index, line) in finding.lines().enumerate() {
                    let weight = match index {
                        0 => format!("{weight:>6.2}"),
                        _ => String::new(),
                    };
                    let name = if index == 0 { &*name } else { "" };
                    let said = format!("  {name:<28} {line:<width$} {weight}");
                    let _ = writeln!(out, "{}", said.trim_end());
                }
            }
        }
    }

    fn countermeasures(&self, threat: &Threat, out: &mut String) {
        if threat.countermeasures.is_empty() {
            return;
        }
        self.title("Countermeasures", out);
        for countermeasure in &threat.countermeasures {
            self.countermeasure(countermeasure, out);
        }
    }

    fn countermeasure(&self, countermeasure: &Countermeasure, out: &mut String) {
        let library = self.explanation.library;
        let def = library.countermeasure(&countermeasure.entry);
        let name = def.map_or(&*countermeasure.entry, |def| &def.name);
        let status = words::status(countermeasure.status);
        let painted = match countermeasure.status {
            Status::InPlace => self.paper.good(status),
            Status::Partial | Status::Unknown => self.paper.warn(status),
            Status::Missing => self.paper.bad(status),
            Status::NotApplicable => self.paper.dim(status),
        };
        let mut about = vec![painted.clone()];
        if countermeasure.sufficient {
            about.push("settles it alone".to_owned());
        }
        if let Some(def) = def {
            about.push(format!("{} effort", def.effort.word()));
        }
        let about = about.join(", ");
        let name = self.paper.bold(name);
        let fits = 5 + columns_of(&name) + columns_of(&about) <= self.paper.columns();
        let between = if fits { " – " } else { "\n    " };
        let name = wrap(&name, self.paper.columns(), 4);
        let about = wrap(&about, self.paper.columns(), 6);
        let _ = writeln!(out, "  {name}{between}{about}");
        let architecture = &self.explanation.model.architecture;
        let targets: Vec<String> = countermeasure
            .targets
            .iter()
            .take(4)
            .map(|target| clean(&architecture.label(*target)).into_owned())
            .collect();
        if !targets.is_empty() {
            self.line(4, &format!("on {}", targets.join(", ")), out);
        }
        if let Some(page) = self.countermeasure_page(&countermeasure.entry) {
            self.field("do", &page.action, out);
            for fix in &page.fix {
                for line in fix.text.lines() {
                    self.field(fix.format.word(), line, out);
                }
            }
            self.field("verify", &page.verify, out);
        }
    }

    fn more(&self, threat: &Threat, out: &mut String) {
        let Some(page) = self.threat_page(&threat.entry) else {
            return;
        };
        if page.references.is_empty() {
            return;
        }
        self.title("More", out);
        for reference in &page.references {
            let _ = writeln!(out, "  {reference}");
        }
    }

    fn title(&self, text: &str, out: &mut String) {
        let _ = writeln!(out, "\n{}", self.paper.bold(text));
    }

    /// A line that goes on a little further in where it is too long.
    fn line(&self, indent: usize, text: &str, out: &mut String) {
        let text = wrap(text, self.paper.columns(), indent + 4);
        let _ = writeln!(out, "{:indent$}{text}", "");
    }

    fn paragraph(&self, text: &str, out: &mut String) {
        let _ = writeln!(out, "  {}", wrap(text, self.paper.columns(), 2));
    }

    fn field(&self, name: &str, text: &str, out: &mut String) {
        if text.is_empty() {
            return;
        }
        let indent = 4 + name.len() + 2;
        let text = wrap(text, self.paper.columns(), indent);
        let _ = writeln!(out, "    {} {text}", self.paper.dim(&format!("{name}:")));
    }

    fn when(&self, guards: &[Guard]) -> Option<String> {
        let worlds = &self.explanation.model.architecture.worlds;
        let said: Vec<String> = guards
            .iter()
            .filter(|guard| !guard.is_always())
            .map(|guard| clean(&worlds.describe(guard)).into_owned())
            .collect();
        (!said.is_empty()).then(|| said.join(" or "))
    }

    fn threat_page(&self, id: &str) -> Option<&ThreatPage> {
        let pages = &self.explanation.pages.threats;
        pages.iter().find(|page| &*page.id == id)
    }

    fn countermeasure_page(&self, id: &str) -> Option<&CountermeasurePage> {
        let pages = &self.explanation.pages.countermeasures;
        pages.iter().find(|page| &*page.id == id)
    }
}

/// What `{component}` or a path such as `{target}` stands for here.
pub(crate) fn named(architecture: &Architecture, component: SubjectId, path: &str) -> String {
    if path == "component" {
        return clean(&architecture.label(component)).into_owned();
    }
    let facts = architecture.facts(component);
    let fact = facts.and_then(|facts| facts.get(path));
    let subjects = fact.map(crate::value::subjects).unwrap_or_default();
    match subjects.as_slice() {
        [] => format!("its {}", path.replace('_', " ")),
        some => some
            .iter()
            .take(3)
            .map(|subject| clean(&architecture.label(*subject)).into_owned())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// The sentence of a threat, with names put in for `{…}`.
pub(crate) fn said(page: &ThreatPage, named: &dyn Fn(&str) -> String) -> String {
    let sentence = &page.threat;
    let text = format!(
        "{} {}. This {}.",
        sentence.source,
        sentence.action.trim_end_matches('.'),
        sentence.impact.trim_end_matches('.')
    );
    let mut said = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        match after.split_once('}') {
            Some((path, after)) => {
                said.push_str(&named(path));
                rest = after;
            }
            None => {
                said.push('{');
                rest = after;
            }
        }
    }
    said.push_str(rest);
    capital(&said)
}
