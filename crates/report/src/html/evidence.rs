//! Facts that decided, with the lines they stand on.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use underbelly_expression::Basis;
use underbelly_model::{Evidence, Point, State, Threat};
use underbelly_source::{FileId, Place, Role, Span};

use super::Page;
use super::markup::Markup;
use crate::excerpt::{Sources, Window};
use crate::paint::clean;
use crate::view::words;

/// Points told one by one, facts of one point, exposed or not, places of one
/// fact; the rest is counted.
const POINTS: usize = 3;
const FACTS: usize = 10;
const FACTS_IF: usize = 4;
const FACTS_IN_BRIEF: usize = 2;
const PLACES: usize = 3;
const NAMED: usize = 12;
/// Bytes that lines of source may take in one page; what comes later is named by
/// file and line.
const MOST_SOURCE: usize = 400_000;
/// Bytes after which the same lines are shown only where they come first.
const MOST_AGAIN: usize = 100_000;
/// About what is written around one excerpt.
const FRAME: usize = 200;

/// The lines of source that were shown, by what is marked in them.
#[derive(Debug, Default)]
pub(super) struct Excerpts {
    bytes: usize,
    numbers: BTreeMap<(Span, bool), usize>,
    secrets: BTreeMap<FileId, Vec<Range<usize>>>,
}

/// How to show lines of source.
enum Shown {
    /// For the first time, under a number by which they are found again.
    First(usize),
    Again,
    /// By name, and under which number they stand.
    There(usize),
    Not,
}

impl Excerpts {
    /// The lines around a span. Each file is searched for secrets once.
    pub(super) fn window(&mut self, sources: Sources<'_>, span: Span) -> Option<Window> {
        let secrets = self.secrets.entry(span.file);
        let secrets = secrets.or_insert_with(|| sources.secrets_of(span.file));
        sources.window_without(span, secrets)
    }

    fn show(&mut self, at: &Place) -> Shown {
        let next = self.numbers.len();
        match self.numbers.entry((at.span, at.role == Role::MissingHere)) {
            Entry::Occupied(number) if self.bytes > MOST_AGAIN => Shown::There(*number.get()),
            Entry::Occupied(_) => Shown::Again,
            Entry::Vacant(_) if self.bytes > MOST_SOURCE => Shown::Not,
            Entry::Vacant(number) => Shown::First(*number.insert(next)),
        }
    }
}

impl Page<'_> {
    /// Why a threat is as it is, point by point; without excerpts, in brief: the facts
    /// that count most and where they stand.
    pub(super) fn why(
        &self,
        threat: &Threat,
        mut excerpts: Option<&mut Excerpts>,
        markup: &mut Markup,
    ) {
        let told: Vec<&Point> = threat.told_points().collect();
        let mut seen: Vec<Span> = Vec::new();
        for point in told.iter().take(POINTS) {
            let shown = excerpts.as_deref_mut().map(|all| (all, &mut seen));
            self.point(threat, point, shown, markup);
        }
        let likewise = told.iter().skip(POINTS);
        keys("And likewise", likewise.map(|point| &*point.key), markup);
        let others = threat.points.iter();
        let others = others.filter(|point| point.state != threat.state);
        let others: Vec<String> = others
            .map(|point| format!("{} ({})", point.key, words::state(point.state)))
            .collect();
        keys("Not so:", others.iter().map(String::as_str), markup);
    }

    fn point(
        &self,
        threat: &Threat,
        point: &Point,
        mut shown: Option<(&mut Excerpts, &mut Vec<Span>)>,
        markup: &mut Markup,
    ) {
        if !point.key.is_empty() {
            markup.classed("p", "key", &point.key);
        }
        self.when(point, markup);
        if !point.evidence.is_empty() {
            markup.raw("<ul class=\"facts\">\n");
            let most = match point.state {
                _ if shown.is_none() => FACTS_IN_BRIEF,
                State::Exposed => FACTS,
                State::Question | State::Mitigated | State::NotApplicable => FACTS_IF,
            };
            let mut facts: Vec<_> = point.evidence.iter().collect();
            if point.state == State::Question {
                // What is unknown makes the question.
                facts.sort_by_key(|fact| fact.unknown.is_none());
            }
            for fact in facts.into_iter().take(most) {
                markup.raw("<li>");
                self.fact(threat, fact, markup);
                match &mut shown {
                    Some((excerpts, seen)) => self.places(fact, (excerpts, seen), markup),
                    None => {
                        if let Some(at) = fact.places.first() {
                            self.at(at.span, markup);
                        }
                    }
                }
                markup.raw("</li>\n");
            }
            let more = point.evidence.len().saturating_sub(most);
            if more > 0 {
                markup.raw("<li class=\"more\">and ");
                markup.number(more);
                markup.raw(" more of the kind</li>\n");
            }
            markup.raw("</ul>\n");
        }
    }

    fn when(&self, point: &Point, markup: &mut Markup) {
        let worlds = &self.report.model.architecture.worlds;
        let guards = point.when.iter().filter(|guard| !guard.is_always());
        let said: Vec<String> = guards.map(|guard| worlds.describe(guard)).collect();
        if said.is_empty() {
            return;
        }
        let by_default = match point.by_default {
            Some(true) => " (it is by default)",
            Some(false) => " (it is not by default)",
            None => "",
        };
        let state = words::state(point.state);
        let when = format!("{state} when {}{by_default}", said.join(" or "));
        markup.classed("p", "when", &when);
    }

    /// `auth of GET /orders is none`, what that rests on, what was taken as given.
    pub(super) fn fact(&self, threat: &Threat, fact: &Evidence, markup: &mut Markup) {
        let architecture = &self.report.model.architecture;
        self.terms.link(architecture, fact, markup);
        if let Some(subject) = words::subject(architecture, threat, fact) {
            markup.raw(" of <b>");
            markup.text(&subject);
            markup.raw("</b>");
        }
        markup.raw(" is <b>");
        markup.text(&fact.value);
        markup.raw("</b>");
        let basis = words::basis(fact);
        if !basis.is_empty() {
            let written = fact.unknown.is_none() && basis == Basis::Written.word();
            markup.raw(if written {
                " <i>"
            } else {
                " <i class=\"taken\">"
            });
            markup.text(&basis);
            markup.raw("</i>");
        }
        if !fact.guard.is_always() {
            let when = architecture.worlds.describe(&fact.guard);
            markup.classed("span", "when", &format!(" when {when}"));
        }
        if let Some(note) = &fact.note {
            markup.raw(" ");
            markup.told("span", "note", note);
        }
    }

    /// The lines a fact stands on; those this threat has shown only by name.
    fn places(
        &self,
        fact: &Evidence,
        (excerpts, seen): (&mut Excerpts, &mut Vec<Span>),
        markup: &mut Markup,
    ) {
        for at in fact.places.iter().take(PLACES) {
            if seen.contains(&at.span) {
                self.at(at.span, markup);
                continue;
            }
            seen.push(at.span);
            self.excerpt(fact, at, excerpts, markup);
        }
        let more = fact.places.len().saturating_sub(PLACES);
        if more > 0 {
            markup.raw(" <span class=\"more\">and ");
            markup.number(more);
            markup.raw(" more places</span>");
        }
    }

    fn excerpt(&self, fact: &Evidence, at: &Place, excerpts: &mut Excerpts, markup: &mut Markup) {
        let number = match excerpts.show(at) {
            Shown::First(number) => Some(number),
            Shown::Again => None,
            Shown::There(number) => return self.lines_at(at, number, markup),
            Shown::Not => return self.at(at.span, markup),
        };
        let window = excerpts.window(self.report.sources, at.span);
        let Some(window) = window else {
            return self.at(at.span, markup);
        };
        excerpts.bytes = excerpts.bytes.saturating_add(window.text.len() + FRAME);
        markup.raw("<figure class=\"source\"");
        if let Some(number) = number {
            markup.raw(" id=\"lines-");
            markup.number(number);
            markup.raw("\"");
        }
        markup.raw("><figcaption>");
        self.place(&self.report.at(at.span), markup);
        match at.role {
            Role::Here => {}
            Role::Related => markup.raw(" <span>also counts</span>"),
            Role::MissingHere => {
                markup.raw(" <span>nothing written here gives ");
                markup.text(&fact.fact);
                markup.raw("</span>");
            }
        }
        markup.raw("</figcaption>");
        self.window(at.role, &window, markup);
        markup.raw("</figure>");
    }

    /// A place whose lines stand elsewhere on the page; the script brings them.
    fn lines_at(&self, at: &Place, number: usize, markup: &mut Markup) {
        markup.raw(" <span data-lines=\"");
        markup.number(number);
        markup.raw("\">");
        self.place(&self.report.at(at.span), markup);
        markup.raw("</span>");
    }

    /// Lines with their numbers and something underlined.
    pub(super) fn window(&self, role: Role, window: &Window, markup: &mut Markup) {
        let mark = match role {
            Role::Here | Role::Related => "mark",
            Role::MissingHere => "mark class=\"missing\"",
        };
        let text = window.text.trim_end();
        let indent = indent(text);
        markup.raw("<pre><code>");
        let mut start = 0;
        for (line, number) in text.split('\n').zip(window.line..) {
            if start > 0 {
                markup.raw("\n");
            }
            markup.raw("<i>");
            markup.number(number);
            markup.raw("</i>");
            let end = start + line.len();
            let from = window.marked.start.clamp(start, end);
            let to = window.marked.end.clamp(start, end);
            let begin = (start + indent).min(end);
            let piece = |from: usize, to: usize| text.get(from..to).unwrap_or("");
            let marked = piece(from.max(begin), to);
            markup.code(piece(begin, from.max(begin)));
            if !marked.is_empty() {
                markup.raw("<");
                markup.raw(mark);
                markup.raw(">");
                markup.code(marked);
                markup.raw("</mark>");
            }
            markup.code(piece(to.max(begin), end));
            start = end + 1;
        }
        markup.raw("</code></pre>");
    }
}

/// Blanks that all lines begin with.
fn indent(text: &str) -> usize {
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    let blanks = lines.map(|line| line.len() - line.trim_start_matches(' ').len());
    blanks.min().unwrap_or(0)
}

/// Keys on one line; nothing if there are none.
fn keys<'a>(title: &str, keys: impl Iterator<Item = &'a str>, markup: &mut Markup) {
    let keys: Vec<&str> = keys.collect();
    if keys.is_empty() {
        return;
    }
    markup.raw("<p class=\"likewise\">");
    markup.text(title);
    markup.raw(" ");
    for (at, key) in keys.iter().take(NAMED).enumerate() {
        if at > 0 {
            markup.raw(", ");
        }
        markup.element("b", &clean(key));
    }
    let more = keys.len().saturating_sub(NAMED);
    if more > 0 {
        markup.raw(" and ");
        markup.number(more);
        markup.raw(" more");
    }
    markup.raw("</p>\n");
}
