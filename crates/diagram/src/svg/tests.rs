//! Hostile names stay text.

use crate::testing::{architecture, of_size};
use crate::{Options, Theme, draw};

const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"/><image/href='x'/onerror=alert(1)>",
    "]]>&lt;\u{202e}evil\u{1b}[2J\u{fffe}",
    "a\"];b[label=\"<br/>#quot;",
    "</title></svg><!--",
];

/// Whether every tag is closed in order, attributes are quoted and nothing
/// but the five named entities is referred to.
fn well_formed(xml: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        entities(&rest[..at])?;
        let end = rest[at..].find('>').ok_or("an open tag")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        entities(tag)?;
        if tag.matches('"').count() % 2 == 1 || tag.contains('<') {
            return Err(format!("a bad tag: {tag}"));
        }
        let name = tag.trim_matches('/').split(' ').next().unwrap_or("");
        if !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(format!("a strange tag: {tag}"));
        }
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) if open.pop().as_deref() == Some(name) => {}
            (true, _) => return Err(format!("closed out of order: {tag}")),
            (false, true) => {}
            (false, false) => open.push(name.to_owned()),
        }
    }
    match open.is_empty() && rest.trim().is_empty() {
        true => Ok(()),
        false => Err(format!("left open: {open:?}")),
    }
}

fn entities(text: &str) -> Result<(), String> {
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    let bad = text
        .split('&')
        .skip(1)
        .find(|rest| !known.iter().any(|k| rest.starts_with(k)));
    bad.map_or(Ok(()), |bad| Err(format!("a strange entity: {bad}")))
}

#[test]
fn every_picture_is_well_formed() {
    for n in [0, 1, 30, 200] {
        let svg = draw(&of_size(n, 3), &Options::default()).svg(Theme::Auto);
        assert_eq!(well_formed(&svg), Ok(()));
    }
}

#[test]
fn hostile_names_stay_text() {
    let mut hostile = architecture(
        &["a x x", "b x x", "c x x", "d x x", "e x x"],
        &["a -> b l", "b -> c l", "c -> d l", "d -> e l"],
    );
    for (component, name) in hostile.components.iter_mut().zip(HOSTILE) {
        component.name = name.into();
        component.id = name.into();
        component.kind = name.into();
        component.zone = name.into();
    }
    for (flow, name) in hostile.flows.iter_mut().zip(HOSTILE) {
        flow.label = name.into();
        flow.id = name.into();
    }
    hostile.systems[0].name = HOSTILE[0].into();
    let diagram = draw(
        &hostile,
        &Options {
            title: HOSTILE[0].into(),
            ..Options::default()
        },
    );
    let svg = diagram.svg(Theme::Auto);
    assert_eq!(well_formed(&svg), Ok(()));
    for bad in [
        "<script", "<image", "<!--", "\u{202e}", "\u{1b}", "\u{fffe}",
    ] {
        assert!(!svg.contains(bad), "{bad:?} is in the picture");
    }
    let mermaid = diagram.mermaid();
    assert!(!mermaid.contains("<script") && !mermaid.contains("\"]["));
    let dot = diagram.dot();
    assert!(dot.contains(r#"a\"];b[label=\"<br/>#quot;"#));
}

#[test]
fn pictures_hold_no_scripts_and_no_inline_styles() {
    let svg = draw(&of_size(50, 3), &Options::default()).svg(Theme::Dark);
    for never in ["<script", "style=\"", "onclick", "http://", "https://"] {
        let svg = svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        assert!(!svg.contains(never), "{never} is in the picture");
    }
}
