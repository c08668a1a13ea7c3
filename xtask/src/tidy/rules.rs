//! `layers.toml` as values.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub impure: BTreeSet<String>,
    pub documented: BTreeSet<String>,
    /// Highest first.
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
    #[serde(default, rename = "never")]
    pub nevers: Vec<Never>,
    #[serde(default, rename = "same-row")]
    pub same_rows: Vec<SameRow>,
    #[serde(default, rename = "word")]
    pub words: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[expect(dead_code, reason = "for the reader of the file")]
    name: String,
    /// Each with the outside crates it may import.
    pub crates: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Never {
    pub from: String,
    pub to: BTreeSet<String>,
    pub reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SameRow {
    pub from: String,
    pub to: String,
    #[expect(dead_code, reason = "for the reader of the file")]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    pub text: String,
    #[serde(default)]
    pub except: BTreeSet<String>,
}

impl Rules {
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Which row a crate is in, the highest being 0.
    pub(super) fn row(&self, name: &str) -> Option<usize> {
        self.rows
            .iter()
            .position(|row| row.crates.contains_key(name))
    }

    /// The outside crates a crate may import.
    pub(super) fn outside(&self, name: &str) -> Option<&BTreeSet<String>> {
        self.rows.iter().find_map(|row| row.crates.get(name))
    }
}
