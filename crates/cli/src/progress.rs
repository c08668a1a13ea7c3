//! A line that says what is going on, only where it takes long enough to wonder.
//!
//! A thread of its own shows it, so that it appears in the middle of long work too.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// Nothing is shown before this much has passed.
const PATIENCE: Duration = Duration::from_millis(300);

/// How often the line is renewed.
const PACE: Duration = Duration::from_millis(100);

/// A progress line on standard error, gone when dropped. Where nobody looks at a
/// terminal there is none.
#[derive(Debug)]
pub(crate) struct Progress {
    text: Arc<Mutex<String>>,
    shower: Option<Shower>,
}

#[derive(Debug)]
struct Shower {
    thread: JoinHandle<()>,
    /// The work is done when this is dropped.
    working: mpsc::Sender<()>,
}

impl Progress {
    pub(crate) fn begin() -> Self {
        let text: Arc<Mutex<String>> = Arc::default();
        let shower = io::stderr().is_terminal().then(|| {
            let (working, done) = mpsc::channel();
            let shown = text.clone();
            let thread = std::thread::spawn(move || show(&shown, &done));
            Shower { thread, working }
        });
        Self { text, shower }
    }

    /// Says how far it is.
    pub(crate) fn say(&self, text: &str) {
        if self.shower.is_some() {
            let mut shown = self.text.lock().unwrap_or_else(PoisonError::into_inner);
            text.clone_into(&mut shown);
        }
    }
}

fn show(text: &Mutex<String>, done: &mpsc::Receiver<()>) {
    let mut wait = PATIENCE;
    while done.recv_timeout(wait) == Err(mpsc::RecvTimeoutError::Timeout) {
        let text = text.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Nobody waits for a line that cannot be written.
        let _ = write!(io::stderr().lock(), "\r\x1b[2K{text} …");
        wait = PACE;
    }
    if wait == PACE {
        let _ = write!(io::stderr().lock(), "\r\x1b[2K");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(shower) = self.shower.take() {
            drop(shower.working);
            // A thread that failed has shown all it could.
            let _ = shower.thread.join();
        }
    }
}
