//! Reads one threat: what it says, not yet whether that makes sense.

use underbelly_source::Files;
use underbelly_syntax::Node;

use super::entry;
use super::example;
use super::raw::{RawAbsorb, RawLink, RawThreat, Written};
use super::strict::{Fields, Sheet};
use crate::{Harm, Impact, Level, Outcome, Rate, Sentence, Stride, ThreatPage};

const KEYS: [&str; 17] = [
    "id",
    "name",
    "status",
    "provider",
    "applies-to",
    "when",
    "exposed",
    "absorbs",
    "threat",
    "why",
    "hint",
    "rate",
    "stride",
    "standards",
    "countermeasures",
    "references",
    "examples",
];

/// The threat in a file.
pub(super) fn read<'d>(
    sheet: &mut Sheet,
    files: &Files,
    path: &str,
    root: Node<'d>,
) -> Option<RawThreat<'d>> {
    let fields = sheet.fields(root, "a threat", &KEYS)?;
    let id = entry::id(sheet, fields, path)?;
    let sentence = sheet.need(fields, "threat");
    let page = ThreatPage {
        id: id.clone(),
        path: path.into(),
        threat: sentence
            .and_then(|node| read_sentence(sheet, node))
            .unwrap_or_default(),
        why: sheet.needed_text(fields, "why"),
        hint: sheet.text_of(fields, "hint"),
        decided_by: Vec::new(),
        stride: stride(sheet, fields),
        standards: entry::standards(sheet, fields),
        references: entry::references(sheet, fields),
        examples: example::read(sheet, files, fields, &Outcome::OF_THREATS),
    };
    let rate = sheet.need(fields, "rate");
    Some(RawThreat {
        id,
        root,
        name: sheet.needed_text(fields, "name"),
        status: entry::status(sheet, fields),
        provider: sheet.text_of(fields, "provider"),
        applies_to: entry::applies_to(sheet, fields),
        when: Written::needed(sheet, fields, "when"),
        exposed: Written::of(sheet, fields, "exposed"),
        absorbs: absorbs(sheet, fields),
        rate: rate
            .and_then(|node| read_rate(sheet, node))
            .unwrap_or_default(),
        countermeasures: links(sheet, fields),
        page,
    })
}

fn read_sentence(sheet: &mut Sheet, node: Node<'_>) -> Option<Sentence> {
    let keys = ["source", "action", "impact", "harms"];
    let fields = sheet.fields(node, "`threat`", &keys)?;
    let harms = sheet.items_of(fields, "harms");
    let harms = harms
        .into_iter()
        .filter_map(|item| sheet.choice(item, "harms", &Harm::ALL, Harm::word));
    let harms = harms.collect();
    Some(Sentence {
        source: sheet.needed_text(fields, "source"),
        action: sheet.needed_text(fields, "action"),
        impact: sheet.needed_text(fields, "impact"),
        harms,
    })
}

fn stride(sheet: &mut Sheet, fields: Fields<'_>) -> Vec<Stride> {
    if sheet.need(fields, "stride").is_none() {
        return Vec::new();
    }
    let items = sheet.items_of(fields, "stride");
    let found = items
        .into_iter()
        .filter_map(|item| sheet.choice(item, "stride", &Stride::ALL, Stride::word));
    found.collect()
}

fn read_rate(sheet: &mut Sheet, node: Node<'_>) -> Option<Rate> {
    let fields = sheet.fields(node, "`rate`", &["likelihood", "impact"])?;
    let likelihood = sheet.need(fields, "likelihood")?;
    let impact = sheet.need(fields, "impact")?;
    let kinds = Harm::ALL.map(Harm::word);
    let impact = sheet.fields(impact, "`impact`", &kinds)?;
    let mut level = |harm: Harm| {
        let node = impact.get(harm.word())?;
        sheet.choice(node, harm.word(), &Level::ALL, Level::word)
    };
    let impact = Impact {
        confidentiality: level(Harm::Confidentiality).unwrap_or_default(),
        integrity: level(Harm::Integrity).unwrap_or_default(),
        availability: level(Harm::Availability).unwrap_or_default(),
    };
    let likelihood = sheet.choice(likelihood, "likelihood", &Level::ALL, Level::word)?;
    Some(Rate { likelihood, impact })
}

fn absorbs<'d>(sheet: &mut Sheet, fields: Fields<'d>) -> Vec<RawAbsorb<'d>> {
    let items = sheet.items_of(fields, "absorbs");
    let one = |item: Node<'d>| {
        let (name, settings) = sheet.named(item, "what is absorbed")?;
        let settings = settings.and_then(|settings| sheet.fields(settings, "`absorbs`", &["on"]));
        Some(RawAbsorb {
            name,
            on: settings.and_then(|fields| Written::of(sheet, fields, "on")),
        })
    };
    items.into_iter().filter_map(one).collect()
}

fn links<'d>(sheet: &mut Sheet, fields: Fields<'d>) -> Vec<RawLink<'d>> {
    let items = sheet.items_of(fields, "countermeasures");
    let one = |item: Node<'d>| {
        let (name, settings) = sheet.named(item, "a countermeasure")?;
        let keys = ["on", "sufficient", "any", "lowers"];
        let settings = settings.and_then(|node| sheet.fields(node, "a countermeasure", &keys));
        Some(RawLink {
            name,
            on: settings.and_then(|fields| Written::of(sheet, fields, "on")),
            sufficient: settings.is_some_and(|fields| sheet.flag(fields, "sufficient")),
            any: settings.and_then(|fields| sheet.text_of(fields, "any")),
            lowers: settings.and_then(|fields| entry::lowers(sheet, fields)),
        })
    };
    items.into_iter().filter_map(one).collect()
}
