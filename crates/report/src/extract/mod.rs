//! A part of the library to hand on: its threats and countermeasures as tables,
//! apart from any system.

mod html;
mod markdown;
mod workbook;

use underbelly_library::{Extract, Wanted};

use crate::paint::{clean, count, listed};
use crate::view::table::library::pairs;

pub use html::html;
pub use markdown::markdown;
pub use workbook::{xls, xlsx};

/// One row for each threat and each countermeasure against it.
pub fn csv(extract: &Extract<'_>) -> String {
    crate::csv::of(&pairs(extract))
}

/// What such a part is called: `Threats to functions and tables on aws`.
pub fn title(extract: &Extract<'_>, wanted: &Wanted<'_>) -> String {
    let names = wanted.kinds.iter().map(|kind| {
        let known = extract.library.kind(kind);
        let name = known.map_or(kind.as_str(), |kind| &kind.names);
        clean(name).into_owned()
    });
    let names: Vec<String> = names.collect();
    let of = match names.is_empty() {
        true => "serverless systems".to_owned(),
        false => listed(&names),
    };
    match wanted.provider {
        Some(provider) => format!("Threats to {of} on {}", clean(provider)),
        None => format!("Threats to {of}"),
    }
}

/// `31 threats (2 drafts), 40 countermeasures`
fn counts(extract: &Extract<'_>) -> String {
    let drafts = extract.threats.iter();
    let drafts = drafts.filter(|(def, _)| def.status.word() == "draft");
    let drafts = match drafts.count() {
        0 => String::new(),
        n => format!(" ({})", count(n, "draft", "drafts")),
    };
    format!(
        "{}{drafts}, {}",
        count(extract.threats.len(), "threat", "threats"),
        count(
            extract.countermeasures.len(),
            "countermeasure",
            "countermeasures"
        )
    )
}
