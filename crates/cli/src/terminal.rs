//! Standard output and error: how wide, whether in colour, and nobody there.

use std::io::{self, IsTerminal, Write};

use underbelly_report::Paper;

/// What standard output is like. `NO_COLOR` is honoured, and so is `COLUMNS`.
pub(crate) fn paper() -> Paper {
    let terminal = io::stdout().is_terminal();
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let measured = || terminal.then(terminal_size::terminal_size).flatten();
    let width = columns.or_else(|| measured().map(|(width, _)| usize::from(width.0)));
    Paper {
        width: width.unwrap_or(100),
        colour: terminal && no_color_is_unset(),
    }
}

/// The same for standard error.
pub(crate) fn error_paper() -> Paper {
    Paper {
        colour: io::stderr().is_terminal() && no_color_is_unset(),
        ..paper()
    }
}

/// Whether standard output goes to somebody's eyes.
pub(crate) fn is_seen() -> bool {
    io::stdout().is_terminal()
}

fn no_color_is_unset() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes to standard output; a reader that went away is not an error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    print_by(|out| out.write_all(text.as_bytes()))
}

/// The same for what comes in pieces.
pub(crate) fn print_by(text: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match text(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes an error in plain words to standard error. What it quotes may come
/// from anybody, so nothing in it steers the terminal.
pub(crate) fn complain_plainly(text: &str) {
    let lines: Vec<_> = text.lines().map(underbelly_report::clean).collect();
    complain(&underbelly_report::fit(&lines.join("\n"), error_paper()));
}

/// Writes a line to standard error.
pub(crate) fn complain(text: &str) {
    // Where nobody listens there is nothing left to do.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
