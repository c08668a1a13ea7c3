//! The library as pages to browse: one for each threat and countermeasure, linked
//! with each other, and indexes by kind, standard and provider.
//!
//! Markdown as GitHub reads it. Nothing is written here; who calls does that.

mod countermeasure;
mod indexes;
mod threat;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use underbelly_library::{
    AppliesTo, CountermeasurePage, EntryStatus, Example, Extract, Library, Pages, Requirements,
    Standard, ThreatPage, Wanted,
};

use crate::markdown::escape::{block, prose as escaped};
use crate::view::table::library::address;
use crate::view::words;

/// Where a page of the reference stands below its folder, and its text.
pub fn reference(library: &Library, pages: &Pages) -> BTreeMap<String, String> {
    let part = Extract::of(library, pages, &Wanted::default());
    let writer = Writer {
        threats: by_id(&pages.threats, |page| &page.id),
        countermeasures: by_id(&pages.countermeasures, |page| &page.id),
        standards: &pages.standards,
        part: &part,
    };
    let mut written = BTreeMap::new();
    for def in &library.threats {
        if let Some(page) = writer.threats.get(&*def.id) {
            let path = format!("threats/{}.md", def.id);
            written.insert(path, writer.threat(def, page));
        }
    }
    for def in &library.countermeasures {
        if let Some(page) = writer.countermeasures.get(&*def.id) {
            let path = format!("countermeasures/{}.md", def.id);
            written.insert(path, writer.countermeasure(def, page));
        }
    }
    written.insert("README.md".to_owned(), writer.front(library, pages));
    written.insert("kinds.md".to_owned(), writer.kinds());
    written.insert("standards.md".to_owned(), writer.by_standard());
    written.insert("providers.md".to_owned(), writer.providers());
    written
}

fn by_id<T>(pages: &[T], id: impl Fn(&T) -> &Arc<str>) -> BTreeMap<&str, &T> {
    pages.iter().map(|page| (&**id(page), page)).collect()
}

struct Writer<'l> {
    part: &'l Extract<'l>,
    threats: BTreeMap<&'l str, &'l ThreatPage>,
    countermeasures: BTreeMap<&'l str, &'l CountermeasurePage>,
    standards: &'l [Standard],
}

impl Writer<'_> {
    /// What an entry applies to, each linked to its kind.
    fn applies(&self, to: &[AppliesTo]) -> String {
        let library = self.part.library;
        let applies = to.iter().map(|to| {
            let said = prose(&library.applies_to_said(to));
            match library.kind(&to.kind) {
                Some(kind) => format!("[{said}](../kinds.md#{})", slug(&kind.name)),
                None => said,
            }
        });
        applies.collect::<Vec<_>>().join(", ")
    }

    /// `Known as CWE-306 Missing Authentication …`, a line for each item.
    fn named(&self, title: &str, requirements: &[Requirements], out: &mut String) {
        if requirements.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n**{title}**\n");
        for one in requirements {
            let standard = self.standards.iter().find(|found| found.id == one.standard);
            let Some(standard) = standard else {
                continue;
            };
            let items = one.items.iter().map(|item| {
                let title = standard.items.iter().find(|(id, _)| id == item);
                let title = title.map_or("", |(_, title)| title);
                format!(
                    "[{}]({}) {}",
                    prose(item),
                    address(standard, item),
                    prose(title)
                )
            });
            let items: Vec<String> = items.collect();
            let link = format!("../standards.md#{}", slug(&standard.title));
            let _ = writeln!(
                out,
                "- [{}]({link}): {}",
                prose(&standard.short),
                items.join("; ")
            );
        }
    }
}

/// What a page begins with where its entry is no longer, or not yet, to be relied on.
fn status(status: &EntryStatus, out: &mut String) {
    match status {
        EntryStatus::Stable => {}
        EntryStatus::Draft => {
            out.push_str("\n> A draft: its form is checked, its examples are not run yet.\n");
        }
        EntryStatus::Deprecated(why) => {
            let _ = writeln!(
                out,
                "\n> No longer judged since {}: {}",
                why.since,
                prose(&why.reason)
            );
        }
    }
}

/// An example's template, folded.
fn example(title: &str, example: Option<&Example>, out: &mut String) {
    let Some(example) = example else {
        return;
    };
    let lines: Vec<String> = example.text.lines().map(str::to_owned).collect();
    let _ = writeln!(
        out,
        "\n<details><summary>{title}: {} ({})</summary>\n\n{}\n</details>",
        prose(&example.case),
        example.format.name(),
        block("yaml", &lines)
    );
}

fn references(references: &[Arc<str>], out: &mut String) {
    if references.is_empty() {
        return;
    }
    out.push_str("\n**Read more**\n\n");
    for reference in references {
        let _ = writeln!(out, "- <{reference}>");
    }
}

/// The file an entry is written in, as a link from its page.
fn source(path: &str, out: &mut String) {
    let _ = writeln!(out, "\n[How it is written](../../../{path})");
}

/// A condition as code.
fn condition(text: &str) -> String {
    let text: Vec<&str> = text.split_whitespace().collect();
    format!("`{}`", text.join(" "))
}

/// Text that stays text.
fn prose(text: &str) -> String {
    escaped(&words::prose(text))
}

/// The name GitHub gives a heading.
fn slug(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    kept.collect()
}
