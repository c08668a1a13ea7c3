//! The library as pages: one for each entry, and no link that leads nowhere.

use std::collections::BTreeSet;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use underbelly_report::reference;

/// The names GitHub gives the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut heading, mut inside) = (String::new(), false);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => inside = true,
            Event::Text(text) if inside => heading.push_str(&text),
            Event::End(TagEnd::Heading(_)) => {
                let kept = heading.to_lowercase().replace(' ', "-");
                let kept = kept.chars();
                found.insert(
                    kept.filter(|c| c.is_alphanumeric() || "-_".contains(*c))
                        .collect(),
                );
                heading.clear();
                inside = false;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_link_leads_somewhere() {
    let (library, pages) = (underbelly_builtin::rules(), underbelly_builtin::pages());
    let written = reference(&library, &pages);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut n_links = 0;
    for (path, text) in &written {
        let folder = Path::new(path).parent().unwrap();
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            let Event::Start(Tag::Link { dest_url, .. }) = event else {
                continue;
            };
            if dest_url.starts_with("https://") {
                continue;
            }
            n_links += 1;
            let (file, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let mut at: Vec<&str> = folder.iter().map(|part| part.to_str().unwrap()).collect();
            let mut above = 0;
            for step in file.split('/') {
                match step {
                    ".." if at.pop().is_none() => above += 1,
                    ".." => {}
                    step => at.push(step),
                }
            }
            let target = at.join("/");
            match (above, written.get(&target)) {
                (0, Some(page)) => {
                    let there = anchor.is_empty() || anchors(page).contains(anchor);
                    assert!(there, "{path}: {dest_url}");
                }
                // Two folders up from the reference is the project.
                (2, None) => assert!(root.join(&target).exists(), "{path}: {dest_url}"),
                _ => panic!("{path}: {dest_url}"),
            }
        }
    }
    assert!(n_links > written.len());
    for def in &library.threats {
        assert!(
            written.contains_key(&format!("threats/{}.md", def.id)),
            "{}",
            def.id
        );
    }
    for def in &library.countermeasures {
        assert!(
            written.contains_key(&format!("countermeasures/{}.md", def.id)),
            "{}",
            def.id
        );
    }
}
