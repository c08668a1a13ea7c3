//! The built-in library, compiled into the program.
//!
//! The YAML in the folder `library` is the only source: it is loaded and checked
//! when this crate is built, so that nothing of it is parsed at run time and a
//! library that does not check cannot be shipped.
//!
//! ```
//! let library = underbelly_builtin::rules();
//! assert!(library.threat("function-url-open").is_some());
//! ```

use underbelly_library::{
    Knowledge, Library, ManagedPolicies, Pages, PublishedActions, ResourceTypes,
};

const WRITTEN_BY_BUILD: &str = "the build wrote this with the same types";

/// What an analysis judges by.
#[expect(clippy::missing_panics_doc, reason = "it cannot: see the message")]
pub fn rules() -> Library {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/rules"));
    let mut library: Library = postcard::from_bytes(bytes).expect(WRITTEN_BY_BUILD);
    // As they are in the folder: they are searched where they lie.
    let actions = include_str!("../../../library/data/aws-actions.txt");
    library.data.actions.published = PublishedActions::new(actions);
    let policies = include_str!("../../../library/data/aws-managed-policies.txt");
    library.data.managed_policies = ManagedPolicies::new(policies);
    library
}

/// What people read: prose, standards, references, examples.
#[expect(clippy::missing_panics_doc, reason = "it cannot: see the message")]
pub fn pages() -> Pages {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/pages"));
    postcard::from_bytes(bytes).expect(WRITTEN_BY_BUILD)
}

/// What the providers publish of their resource types, for checking a catalogue.
#[expect(clippy::missing_panics_doc, reason = "it cannot: see the message")]
pub fn resource_types() -> ResourceTypes {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/resource-types"));
    postcard::from_bytes(bytes).expect(WRITTEN_BY_BUILD)
}

/// All of it: what a user's folder is laid over.
pub fn knowledge() -> Knowledge {
    Knowledge {
        library: rules(),
        pages: pages(),
        resource_types: resource_types(),
    }
}
