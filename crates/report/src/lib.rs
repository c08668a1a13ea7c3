//! The threat model for people: summary, explanation, library pages, diagnostics.
//!
//! Every function takes values and gives text; none prints.

mod coverage;
mod csv;
mod derivation;
mod excerpt;
mod explain;
pub mod extract;
mod html;
mod markdown;
mod mask;
mod page;
mod paint;
mod picture;
mod reach;
mod reference;
mod roads_drawn;
mod sentence;
mod summary;
mod value;
mod view;
mod xlsx;

pub use coverage::coverage;
pub use csv::csv;
pub use excerpt::Sources;
pub use explain::{Explanation, absorbed, explain, only_code, rights};
pub use html::html;
pub use markdown::markdown;
pub use page::{list, page};
pub use paint::{Paper, clean, fit};
pub use picture::picture;
pub use reach::{Asked, reach};
pub use reference::reference;
pub use roads_drawn::picture_of_roads;
pub use sentence::sentences;
pub use summary::{Summary, summary};
pub use view::{Report, n_questions, setting_out};
pub use xlsx::{NoSpreadsheet, xlsx};
