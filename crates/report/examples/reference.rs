//! Prints the pages of `docs/library`, each after a line `%%% PATH`:
//! `cargo run -p underbelly-report --example reference`.

fn main() {
    let (library, pages) = (underbelly_builtin::rules(), underbelly_builtin::pages());
    for (path, text) in underbelly_report::reference(&library, &pages) {
        print!("%%% {path}\n{text}");
    }
}
