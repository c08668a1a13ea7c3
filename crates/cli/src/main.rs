//! `underbelly`: threat models of serverless systems, from the terminal.
//!
//! The rim: it reads files, knows the clock and the terminal, and says how it
//! went by its exit code. Everything else is in the crates below.
//!
//! Exit codes: 0 done; 1 a gate the user asked for failed; 2 wrong usage;
//! 3 nothing could be read.

mod arguments;
mod decide;
mod discover;
mod explain;
mod export;
mod gate;
mod given;
mod ignored;
mod knowledge;
mod library;
mod model;
mod outcome;
mod output;
mod progress;
mod reach;
mod render;
mod roots;
mod samconfig;
mod terminal;
mod today;
mod whole;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use outcome::Outcome;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            if error.use_stderr() {
                terminal::complain_plainly(error.to_string().trim_end());
                return Outcome::Usage.into();
            }
            // A closed pipe is no reason to fail: nobody reads it.
            let _ = error.print();
            return Outcome::Done.into();
        }
    };
    let result = match &arguments.command {
        Command::Model(model) => model::run(model),
        Command::Explain(explain) => explain::run(explain),
        Command::Reach(reach) => reach::run(reach),
        Command::Accept(accept) => decide::accept(accept),
        Command::Answer(answer) => decide::answer(answer),
        Command::Library(command) => library::run(command),
    };
    match result {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            terminal::complain_plainly(&format!("error: {error:#}"));
            Outcome::Usage.into()
        }
    }
}
