//! Files, places in them, and what is wrong with them.
//!
//! The only words every other crate shares. Nothing here reads a disk: a file
//! is a path to show and a text, handed in by the rim.
//!
//! ```
//! use underbelly_source::{Files, Span};
//! let mut files = Files::default();
//! let id = files.add("template.yaml", "Resources:\n  Orders:\n");
//! let span = Span::new(id, 13, 19);
//! assert_eq!(files.excerpt(span), "Orders");
//! assert_eq!(files.position(span).to_string(), "2:3");
//! ```

#![warn(missing_docs)]

mod diagnostic;
mod files;
mod limits;
mod lines;
mod span;

pub use diagnostic::{Diagnostic, Severity};
pub use files::{Files, SourceFile};
pub use limits::Limits;
pub use lines::Position;
pub use span::{FileId, Place, Role, Span};
