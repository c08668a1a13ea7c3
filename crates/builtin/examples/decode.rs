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
        let times = (0..rounds).map(|_| {
            let start = Instant::now();
            decode();
            start.elapsed()
        });
        // The fastest: what else the machine does only ever adds.
        println!("{name}: {:?}", times.min().unwrap_or_default());
    }
}
