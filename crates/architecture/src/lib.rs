//! From what templates declare to what a reviewer draws.
//!
//! [`map`] turns resources into components by the catalogue, then lets each job
//! add what it knows, in this order: catalogue facts and attachments, rights,
//! routes, flows, exposure. Each job reads the graph and the draft and sets
//! facts; none reads another's private values. What people say ([`Said`]) is laid
//! over all that before anything follows from it.

mod address;
mod apply;
mod components;
mod cors;
mod derived;
mod draft;
mod egress;
mod exposure;
#[cfg(test)]
mod few_types;
mod finish;
mod flows;
mod hosting;
mod identity;
mod joins;
mod names;
mod rights;
mod routes;
mod said;
mod sensitivity;
mod services;
#[cfg(test)]
mod testing;
mod worlds;

use underbelly_iac::ResourceGraph;
use underbelly_library::{Library, Words};
use underbelly_model::Architecture;
use underbelly_source::{Diagnostic, Files, Limits};

use draft::Draft;

pub use said::{Call, Held, Said, Undeclared, Whose};

/// What mapping gave.
#[derive(Debug, Default)]
pub struct Mapping {
    /// The drawing's meaning.
    pub architecture: Architecture,
    /// What was not understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// What mapping depends on besides the graph and the library.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The date the analysis is made for, `YYYY-MM-DD`: dated facts depend on it.
    pub as_of: &'a str,
    /// The files that were read: for the paths they are shown by.
    pub files: Option<&'a Files>,
    /// What people say of the system.
    pub said: Option<&'a Said>,
    /// Bounds.
    pub limits: Limits,
}

/// Whether a parameter of this name with this value looks like a secret: what is to
/// be masked before anything is mapped.
pub fn looks_secret(words: &Words, name: &str, value: &str) -> bool {
    rights::looks_secret(words, name, value)
}

/// Maps resources to components, parts and flows with their facts.
pub fn map(graph: &ResourceGraph, library: &Library, options: &Options<'_>) -> Mapping {
    map_telling(graph, library, options, &mut |_| {})
}

/// The same, telling of each job when it is done, so that who has a clock can time it:
/// `components`, `rights`, `flows`, `exposure`.
pub fn map_telling(
    graph: &ResourceGraph,
    library: &Library,
    options: &Options<'_>,
    done: &mut dyn FnMut(&str),
) -> Mapping {
    let mut draft = Draft::new(graph, library, options.as_of);
    draft.files = options.files;
    draft.hear(options.said);
    apply::add(&mut draft);
    hosting::add(&mut draft);
    egress::add(&mut draft);
    cors::add(&mut draft);
    done("components");
    let rights = rights::add(&mut draft);
    done("rights");
    routes::add(&mut draft);
    flows::add(&mut draft);
    done("flows");
    rights::connect(&mut draft, &rights);
    done("rights");
    draft.draw_said();
    flows::conclude(&mut draft);
    done("flows");
    // Stores that only rights or settings name are drawn by now.
    sensitivity::add(&mut draft);
    exposure::add(&mut draft);
    done("exposure");
    draft.finish()
}
