//! What pages and readers rely on; hostile names stay text.

use std::collections::BTreeSet;

use roxmltree::Document;

use crate::testing::{architecture, of_size};
use crate::{Options, Theme, draw, style};

const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"/><image/href='x'/onerror=alert(1)>",
    "]]>&lt;\u{202e}evil\u{1b}[2J\u{fffe}",
    "a\"];b[label=\"<br/>#quot;",
    "</title></svg><!--",
];

/// The document, read by a parser that is not ours.
fn read(svg: &str) -> Document<'_> {
    Document::parse(svg).unwrap_or_else(|error| panic!("{error}:\n{svg}"))
}

/// All values of an attribute.
fn values(svg: &str, attribute: &str) -> BTreeSet<String> {
    let document = read(svg);
    let values = document
        .descendants()
        .filter_map(|node| node.attribute(attribute));
    values.map(str::to_owned).collect()
}

#[test]
fn every_picture_is_well_formed() {
    for n in [0, 1, 30, 200] {
        let diagram = draw(&of_size(n, 3), &Options::default());
        read(&diagram.svg(Theme::Auto));
        read(&diagram.svg_element());
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
    let document = read(&svg);
    let names = [
        "svg", "title", "desc", "style", "defs", "pattern", "g", "rect", "circle", "path", "text",
    ];
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(names.contains(&element.tag_name().name()), "{element:?}");
    }
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
fn every_component_and_flow_can_be_found() {
    for (n, collapse_above) in [(40, 300), (300, 100), (1000, 300)] {
        let architecture = of_size(n, 3);
        let options = Options {
            collapse_above,
            ..Options::default()
        };
        let svg = draw(&architecture, &options).svg_element();
        let drawn = values(&svg, "data-component");
        for component in &architecture.components {
            assert!(drawn.contains(&*component.id), "{} of {n}", component.id);
        }
        let drawn = values(&svg, "data-flow");
        let within = architecture
            .flows
            .iter()
            .filter(|flow| !drawn.contains(&*flow.id));
        // Those inside a box are not drawn.
        assert!(n > 40 || within.count() == 0);
        assert!(values(&svg, "data-box").is_superset(&values(&svg, "data-from")));
        assert!(values(&svg, "data-box").is_superset(&values(&svg, "data-to")));
    }
}

#[test]
fn everything_that_means_something_has_a_title() {
    let svg = draw(&of_size(60, 3), &Options::default()).svg_element();
    assert!(
        !svg.contains('\u{fffd}'),
        "lines of titles are taken for marks"
    );
    let document = read(&svg);
    let pictures = document
        .descendants()
        .filter(|node| node.attribute("role") == Some("img"));
    for picture in pictures {
        let title = picture.children().find(|child| child.has_tag_name("title"));
        assert!(
            title.is_some_and(|title| title.text().is_some()),
            "{picture:?}"
        );
    }
}

#[test]
fn ids_and_classes_are_ours_alone() {
    let svg = draw(&of_size(60, 3), &Options::default()).svg(Theme::Auto);
    let classes = values(&svg, "class");
    let classes = classes.iter().flat_map(|class| class.split(' '));
    let ids = values(&svg, "id");
    for name in classes.chain(ids.iter().map(String::as_str)) {
        assert!(name == "ub" || name.starts_with("ub-"), "{name}");
    }
}

#[test]
fn a_page_holds_the_style_itself() {
    let diagram = draw(&of_size(5, 3), &Options::default());
    assert!(!diagram.svg_element().contains("<style"));
    assert!(diagram.svg(Theme::Auto).contains(&style(Theme::Auto)));
}

#[test]
fn pictures_hold_no_scripts_and_no_inline_styles() {
    let svg = draw(&of_size(50, 3), &Options::default()).svg(Theme::Dark);
    for never in ["<script", "style=\"", "onclick", "http://", "https://"] {
        let svg = svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        assert!(!svg.contains(never), "{never} is in the picture");
    }
}
