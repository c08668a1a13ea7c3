//! How a run ended, as an exit code.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As asked.
    Done,
    /// A gate the user asked for did not hold.
    GateFailed,
    /// The command line, or a file it names, is wrong.
    Usage,
    /// There was nothing that could be read.
    NothingRead,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::GateFailed => 1,
            Outcome::Usage => 2,
            Outcome::NothingRead => 3,
        })
    }
}
