//! A line that says what is going on, only where it takes long enough to wonder.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Nothing is shown before this much has passed.
const PATIENCE: Duration = Duration::from_millis(300);

/// A progress line on standard error, gone when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    begun: Instant,
    shown: bool,
    terminal: bool,
}

impl Progress {
    pub(crate) fn begin() -> Self {
        Self {
            begun: Instant::now(),
            shown: false,
            terminal: io::stderr().is_terminal(),
        }
    }

    /// Says how far it is.
    pub(crate) fn say(&mut self, text: &str) {
        if self.terminal && self.begun.elapsed() > PATIENCE {
            self.shown = true;
            // Nobody waits for a line that cannot be written.
            let _ = write!(io::stderr().lock(), "\r\x1b[2K{text} …");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[2K");
        }
    }
}
