//! Prints the JSON Schema of the threat model's JSON: `docs/schema/model-1.json`.

fn main() {
    print!("{}", underbelly_exchange::schema());
}
