//! How long decoding takes: `cargo run --release -p underbelly-builtin --example decode`.

use std::time::Instant;

fn main() {
    let rounds = 200;
    for (name, decode) in [
        ("rules", (|| drop(underbelly_builtin::rules())) as fn()),
        ("pages", || drop(underbelly_builtin::pages())),
        ("resource types", || {
            drop(underbelly_builtin::resource_types())
        }),
    ] {
        let start = Instant::now();
        for _ in 0..rounds {
            decode();
        }
        println!("{name}: {:?}", start.elapsed() / rounds);
    }
}
