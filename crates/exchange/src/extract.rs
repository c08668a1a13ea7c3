//! Version 1 of a part of the library as JSON, and of how much it covers.

use std::sync::Arc;

use underbelly_library::{self as library, Decider, Stride, Tally};

use crate::json::{Json, Writer};
use crate::shape::{Text, shape};

/// The version written into every part of a library, and every coverage.
pub const LIBRARY_VERSION: &str = "1";

shape! {
    /// A part of the library: threats, and what stands against them.
    pub struct Extract<'a> {
        /// The version of this shape.
        pub version: &'static str,
        /// The tool that wrote it, with its version.
        pub tool: Text<'a>,
        /// Threats, by id.
        pub threats: Vec<KnownThreat<'a>>,
        /// Countermeasures that one of them names, by id.
        pub countermeasures: Vec<KnownCountermeasure<'a>>,
        /// The standards they are known by.
        pub standards: Vec<Standard<'a>>,
    }

    /// A threat as knowledge.
    pub struct KnownThreat<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// The problem in a few words.
        pub name: Text<'a>,
        /// `draft` or `stable`.
        pub status: &'static str,
        /// What it is judged on: a kind or trait, `/` and the fact that lists parts.
        pub applies_to: Vec<Text<'a>>,
        /// The providers it concerns; none: any.
        pub providers: Vec<Text<'a>>,
        /// Who: `anyone on the internet`. In this and the next two, names in braces
        /// stand for what a system has there.
        pub source: Text<'a>,
        /// Does what.
        pub action: Text<'a>,
        /// With what result.
        pub impact: Text<'a>,
        /// Why that is so.
        pub why: Text<'a>,
        /// When it may be fine after all.
        pub hint: Option<Text<'a>>,
        /// How likely: `negligible`, `low`, `medium`, `high` or `critical`.
        pub likelihood: &'static str,
        /// How bad, in the same words, by what is lost.
        pub loss_of_confidentiality: &'static str,
        /// How bad.
        pub loss_of_integrity: &'static str,
        /// How bad.
        pub loss_of_availability: &'static str,
        /// The situation, as a condition.
        pub when: Text<'a>,
        /// The gap, as a condition; none: that no sufficient countermeasure is in place.
        pub exposed: Option<Text<'a>>,
        /// Who can tell: `template`, `code`, `person`.
        pub decided_by: Vec<&'static str>,
        /// What kinds of threat it is.
        pub stride: Vec<&'static str>,
        /// The items of standards it is known as.
        pub standards: Vec<Named<'a>>,
        /// What stands against it, the best first.
        pub countermeasures: Vec<Against<'a>>,
        /// Where to read more.
        pub references: Vec<Text<'a>>,
    }

    /// A countermeasure as far as one threat is concerned.
    pub struct Against<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// The facts that lead to what it is put on; none: the threat's own component.
        pub on: Option<Text<'a>>,
        /// Whether it alone settles the threat.
        pub sufficient: bool,
        /// The share it takes off the likelihood, 0 to 1.
        pub lowers_likelihood: f64,
        /// The share it takes off the impact, 0 to 1.
        pub lowers_impact: f64,
    }

    /// A countermeasure as knowledge.
    pub struct KnownCountermeasure<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// What it does, in a few words.
        pub name: Text<'a>,
        /// `draft` or `stable`.
        pub status: &'static str,
        /// What it is put on.
        pub applies_to: Vec<Text<'a>>,
        /// What to do.
        pub action: Text<'a>,
        /// `small`, `medium` or `large`.
        pub effort: &'static str,
        /// The share it takes off the likelihood, 0 to 1, unless a threat says other.
        pub lowers_likelihood: f64,
        /// The share it takes off the impact, 0 to 1, unless a threat says other.
        pub lowers_impact: f64,
        /// When it is in place, as a condition.
        pub in_place: Text<'a>,
        /// Who can tell: `template`, `code`, `person`.
        pub decided_by: Vec<&'static str>,
        /// What to write, by format.
        pub fix: Vec<Written<'a>>,
        /// How to see that it works.
        pub verify: Text<'a>,
        /// The items of standards it satisfies.
        pub standards: Vec<Named<'a>>,
        /// Where to read more.
        pub references: Vec<Text<'a>>,
    }

    /// What to write in one format.
    pub struct Written<'a> {
        /// `sam` or `cloudformation`.
        pub format: &'static str,
        /// The lines.
        pub text: Text<'a>,
    }

    /// Items of one standard.
    pub struct Named<'a> {
        /// The standard's id.
        pub standard: Text<'a>,
        /// Its items.
        pub items: Vec<Text<'a>>,
    }

    /// A standard, with the items that are named.
    pub struct Standard<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// Its name.
        pub title: Text<'a>,
        /// Which edition.
        pub edition: Text<'a>,
        /// Where it is published.
        pub source: Text<'a>,
        /// The day it was last compared, `YYYY-MM-DD`.
        pub checked: Text<'a>,
        /// Its items, those named.
        pub items: Vec<Item<'a>>,
    }

    /// An item of a standard.
    pub struct Item<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// Its title.
        pub title: Text<'a>,
    }

    /// How much of serverless threats a library speaks of.
    pub struct Coverage<'a> {
        /// The version of this shape.
        pub version: &'static str,
        /// The tool that wrote it, with its version.
        pub tool: Text<'a>,
        /// The whole library.
        pub all: Counted<'a>,
        /// Countermeasures in use that are stable.
        pub countermeasures: usize,
        /// Countermeasures in use that are drafts.
        pub draft_countermeasures: usize,
        /// Each kind of component.
        pub kinds: Vec<Counted<'a>>,
        /// Each item of the short standards.
        pub standards: Vec<CoveredStandard<'a>>,
        /// Each provider; a threat may count for several.
        pub providers: Vec<Count<'a>>,
    }

    /// The threats to one kind.
    pub struct Counted<'a> {
        /// The kind; empty for the whole library.
        pub kind: Text<'a>,
        /// Why there is none, where that is on purpose.
        pub no_threats: Option<Text<'a>>,
        /// Stable threats.
        pub threats: usize,
        /// Drafts.
        pub drafts: usize,
        /// By kind of threat.
        pub stride: Vec<Count<'a>>,
        /// By who can tell.
        pub decided_by: Vec<Count<'a>>,
    }

    /// The items of a standard.
    pub struct CoveredStandard<'a> {
        /// Its id.
        pub id: Text<'a>,
        /// Its items.
        pub items: Vec<Count<'a>>,
    }

    /// A count.
    pub struct Count<'a> {
        /// Of what.
        pub name: Text<'a>,
        /// Stable threats.
        pub threats: usize,
        /// Drafts.
        pub drafts: usize,
    }
}

/// A part of the library as other programs read it.
pub fn extract<'a>(part: &library::Extract<'a>, tool: &'a str) -> Extract<'a> {
    Extract {
        version: LIBRARY_VERSION,
        tool: tool.into(),
        threats: part
            .threats
            .iter()
            .map(|(def, page)| threat(part, def, page))
            .collect(),
        countermeasures: part
            .countermeasures
            .iter()
            .map(|(def, page)| countermeasure(def, page))
            .collect(),
        standards: part
            .standards
            .iter()
            .map(|one| standard(part, one))
            .collect(),
    }
}

fn threat<'a>(
    part: &library::Extract<'a>,
    def: &'a library::ThreatDef,
    page: &'a library::ThreatPage,
) -> KnownThreat<'a> {
    let providers = part.library.providers_of(def).into_iter();
    let impact = def.rate.impact;
    let against = def.countermeasures.iter().filter_map(|link| {
        let (measure, _) = part.countermeasure(&link.id)?;
        let lowers = link.lowers.unwrap_or(measure.lowers);
        Some(Against {
            id: text(&link.id),
            on: link.on.as_ref().map(|path| path.expression.text().into()),
            sufficient: link.sufficient,
            lowers_likelihood: share(lowers.likelihood),
            lowers_impact: share(lowers.impact),
        })
    });
    KnownThreat {
        id: text(&def.id),
        name: text(&def.name),
        status: def.status.word(),
        applies_to: applies_to(&def.applies_to),
        providers: providers.map(Text::from).collect(),
        source: text(&page.threat.source),
        action: text(&page.threat.action),
        impact: text(&page.threat.impact),
        why: text(&page.why),
        hint: page.hint.as_ref().map(text),
        likelihood: def.rate.likelihood.word(),
        loss_of_confidentiality: impact.confidentiality.word(),
        loss_of_integrity: impact.integrity.word(),
        loss_of_availability: impact.availability.word(),
        when: def.when.text().into(),
        exposed: def.exposed.as_ref().map(|exposed| exposed.text().into()),
        decided_by: words(&page.decided_by),
        stride: page.stride.iter().map(|stride| stride.word()).collect(),
        standards: named(&page.standards),
        countermeasures: against.collect(),
        references: page.references.iter().map(text).collect(),
    }
}

fn countermeasure<'a>(
    def: &'a library::CountermeasureDef,
    page: &'a library::CountermeasurePage,
) -> KnownCountermeasure<'a> {
    let fixes = page.fix.iter().map(|fix| Written {
        format: fix.format.word(),
        text: text(&fix.text),
    });
    KnownCountermeasure {
        id: text(&def.id),
        name: text(&def.name),
        status: def.status.word(),
        applies_to: applies_to(&def.applies_to),
        action: text(&page.action),
        effort: def.effort.word(),
        lowers_likelihood: share(def.lowers.likelihood),
        lowers_impact: share(def.lowers.impact),
        in_place: def.in_place.text().into(),
        decided_by: words(&page.decided_by),
        fix: fixes.collect(),
        verify: text(&page.verify),
        standards: named(&page.standards),
        references: page.references.iter().map(text).collect(),
    }
}

fn standard<'a>(part: &library::Extract<'a>, standard: &'a library::Standard) -> Standard<'a> {
    let named = part.items(&standard.id);
    let items = standard.items.iter();
    let items = items.filter(|(id, _)| named.contains(&**id));
    let items = items.map(|(id, title)| Item {
        id: text(id),
        title: text(title),
    });
    Standard {
        id: text(&standard.id),
        title: text(&standard.title),
        edition: text(&standard.version),
        source: text(&standard.source),
        checked: text(&standard.checked),
        items: items.collect(),
    }
}

/// How much a library covers, as other programs read it.
pub fn coverage<'a>(coverage: &'a library::Coverage<'_>, tool: &'a str) -> Coverage<'a> {
    let standards = coverage.standards.iter().map(|one| CoveredStandard {
        id: text(&one.standard.id),
        items: one
            .items
            .iter()
            .map(|(id, _, tally)| count(text(id), *tally))
            .collect(),
    });
    let providers = coverage.providers.iter();
    let providers = providers.map(|(name, tally)| count(name.as_str().into(), *tally));
    Coverage {
        version: LIBRARY_VERSION,
        tool: tool.into(),
        all: counted(&coverage.all),
        countermeasures: coverage.countermeasures.stable,
        draft_countermeasures: coverage.countermeasures.drafts,
        kinds: coverage.kinds.iter().map(counted).collect(),
        standards: standards.collect(),
        providers: providers.collect(),
    }
}

fn counted(of: &library::OfKind) -> Counted<'_> {
    let stride = Stride::ALL.iter().zip(of.stride);
    let deciders = Decider::ALL.iter().zip(of.decided_by);
    Counted {
        kind: text(&of.kind),
        no_threats: of.no_threats.as_ref().map(text),
        threats: of.all.stable,
        drafts: of.all.drafts,
        stride: stride
            .map(|(one, tally)| count(one.word().into(), tally))
            .collect(),
        decided_by: deciders
            .map(|(one, tally)| count(one.word().into(), tally))
            .collect(),
    }
}

fn count(name: Text<'_>, tally: Tally) -> Count<'_> {
    Count {
        name,
        threats: tally.stable,
        drafts: tally.drafts,
    }
}

fn applies_to(applies_to: &[library::AppliesTo]) -> Vec<Text<'static>> {
    applies_to.iter().map(|to| to.to_string().into()).collect()
}

fn named(requirements: &[library::Requirements]) -> Vec<Named<'_>> {
    let named = requirements.iter().map(|one| Named {
        standard: text(&one.standard),
        items: one.items.iter().map(text).collect(),
    });
    named.collect()
}

fn words(deciders: &[Decider]) -> Vec<&'static str> {
    deciders.iter().map(|decider| decider.word()).collect()
}

/// As it was written, without what a smaller float adds to it.
fn share(share: f32) -> f64 {
    (f64::from(share) * 1_000.0).round() / 1_000.0
}

fn text(text: &Arc<str>) -> Text<'_> {
    Text::Borrowed(text)
}
