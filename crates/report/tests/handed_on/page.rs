//! The HTML page, read by a parser that is not ours. Every tag of it is closed,
//! so a strict one for XML will do; styles and scripts are looked at apart.

use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};

/// A page, and what a browser would take from it.
#[derive(Debug)]
pub(crate) struct Page {
    markup: String,
    pub styles: Vec<String>,
    pub scripts: Vec<String>,
}

impl Page {
    #[track_caller]
    pub(crate) fn read(html: &str) -> Self {
        let (markup, styles) = without(html, "style");
        let (markup, scripts) = without(&markup, "script");
        let page = Page {
            markup,
            styles,
            scripts,
        };
        page.with(|document| assert_eq!(document.root_element().tag_name().name(), "html"));
        page
    }

    #[track_caller]
    pub(crate) fn with<T>(&self, look: impl FnOnce(&Document<'_>) -> T) -> T {
        let options = ParsingOptions {
            allow_dtd: true,
            nodes_limit: u32::MAX,
            ..ParsingOptions::default()
        };
        match Document::parse_with_options(&self.markup, options) {
            Ok(document) => look(&document),
            Err(error) => panic!("{error}"),
        }
    }

    /// All values of an attribute.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        self.with(|document| {
            let values = document.descendants().filter_map(|n| n.attribute(name));
            values.map(str::to_owned).collect()
        })
    }

    /// The names of elements and attributes.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.with(|document| {
            let elements = document.descendants().filter(Node::is_element);
            let names = elements.flat_map(|element| {
                let attributes = element.attributes().map(|a| a.name().to_owned());
                attributes
                    .chain([element.tag_name().name().to_owned()])
                    .collect::<Vec<_>>()
            });
            names.collect()
        })
    }

    /// The text of every element of this name and class.
    pub(crate) fn texts(&self, name: &str, class: &str) -> Vec<String> {
        self.with(|document| {
            let found = document.descendants().filter(|node| {
                let classes = node.attribute("class").unwrap_or_default();
                node.tag_name().name() == name && classes.split(' ').any(|one| one == class)
            });
            found.map(|node| text(&node)).collect()
        })
    }

    /// The cells of the rows of a table, by the table's id.
    pub(crate) fn rows(&self, id: &str) -> Vec<Vec<String>> {
        self.with(|document| {
            let mut all = document.descendants();
            let Some(table) = all.find(|node| node.attribute("id") == Some(id)) else {
                return Vec::new();
            };
            let rows = table.descendants().filter(|node| {
                let heading = node.attribute("class").is_some();
                node.has_tag_name("tr") && !heading && node.parent().is_some_and(in_body)
            });
            let cells = |row: Node<'_, '_>| {
                let cells = row.children().filter(Node::is_element);
                cells.map(|cell| text(&cell)).collect()
            };
            rows.map(cells).collect()
        })
    }

    /// Everything a reader may see.
    pub(crate) fn text(&self) -> String {
        self.with(|document| text(&document.root_element()))
    }
}

fn in_body(node: Node<'_, '_>) -> bool {
    node.has_tag_name("tbody")
}

fn text(node: &Node<'_, '_>) -> String {
    let texts = node.descendants().filter(Node::is_text);
    texts.filter_map(|node| node.text()).collect()
}

/// The page with these elements emptied, and what was in them.
fn without(html: &str, name: &str) -> (String, Vec<String>) {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut kept = String::new();
    let mut inside = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(&open) {
        let (found, after) = after.split_once(&close).unwrap();
        kept.push_str(before);
        inside.push(found.to_owned());
        rest = after;
    }
    kept.push_str(rest);
    (kept, inside)
}
