//! What a caller may say about a picture.

use std::collections::BTreeMap;
use std::sync::Arc;

use underbelly_model::Band;

/// How a picture is drawn, and what it says beside the architecture.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its title, read out to those who cannot see it; may be empty.
    pub title: Arc<str>,
    /// Marks on components, by their index.
    pub marks: BTreeMap<usize, Mark>,
    /// A way through the picture that stands out.
    pub way: Option<Way>,
    /// Names of kinds for people: `rest-api` is `REST API`.
    pub kind_names: BTreeMap<Arc<str>, Arc<str>>,
    /// With more boxes than this they are drawn together by zone.
    pub collapse_above: usize,
    /// With more boxes than this flows are not labelled.
    pub label_up_to: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: Arc::from(""),
            marks: BTreeMap::new(),
            way: None,
            kind_names: BTreeMap::new(),
            collapse_above: 300,
            label_up_to: 60,
        }
    }
}

/// A way through the picture, or several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// What the legend calls it.
    pub name: Arc<str>,
    /// For each, the components it leads over, by their index.
    pub stops: Vec<Vec<usize>>,
}

/// A number with its band of risk, on a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The band: colour and pattern.
    pub band: Band,
    /// The number shown.
    pub number: u32,
    /// What it means, for the title of the component.
    pub note: Arc<str>,
    /// Drawn with a ring around it.
    pub highlight: bool,
}
