//! Prints `library/ids.txt` as it should be: `cargo run -p underbelly-library --example ids`.

#[path = "../tests/common/mod.rs"]
mod common;

fn main() {
    let (files, (knowledge, _)) = common::built_in();
    let old = files.find("library/ids.txt");
    let old = old.map_or("", |file| files.text(file));
    print!("{}", underbelly_library::ids_file(&knowledge, old));
}
