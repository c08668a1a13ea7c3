//! The schemas for editors are committed as they would be made.

mod common;

use std::path::Path;

use common::built_in;
use underbelly_library::schemas;

#[test]
fn the_committed_schemas_are_up_to_date() {
    let (_, (knowledge, _)) = built_in();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library/schema");
    for (name, text) in schemas(&knowledge) {
        let path = folder.join(format!("{name}.json"));
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed.replace("\r\n", "\n") == text,
            "library/schema/{name}.json is old: run `cargo xtask ready`"
        );
    }
}
