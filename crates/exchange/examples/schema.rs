//! Prints the JSON Schema of one of the JSONs: of a threat model
//! (`docs/schema/model-1.json`), or with the argument `library` of a part of the
//! library (`docs/schema/library-1.json`).

fn main() {
    let schema = match std::env::args().nth(1).as_deref() {
        Some("library") => underbelly_exchange::library_schema(),
        _ => underbelly_exchange::schema(),
    };
    print!("{schema}");
}
