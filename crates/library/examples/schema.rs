//! Prints a schema: `cargo run -p underbelly-library --features schema --example schema -- threat`.

#[path = "../tests/common/mod.rs"]
mod common;

fn main() {
    let wanted = std::env::args().nth(1);
    let (_, (knowledge, _)) = common::built_in();
    let schemas = underbelly_library::schemas(&knowledge);
    for (_, text) in schemas
        .iter()
        .filter(|(name, _)| wanted.as_deref() == Some(name))
    {
        print!("{text}");
    }
}
