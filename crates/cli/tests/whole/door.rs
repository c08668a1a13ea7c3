//! The one way in: the program as a process, and folders to point it at.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

/// The date everything is judged by.
pub(crate) const AS_OF: &str = "2026-11-23";

/// Longer than anything takes, even on a busy machine: what runs on is stuck.
const PATIENCE: Duration = Duration::from_secs(240);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Fails the test unless it ended like this and without a panic.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert!(!self.err.contains("panicked at"), "{}", self.err);
        assert_eq!(self.code, code, "\n{}\n{}", self.out, self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}", self.out))
    }
}

/// The folder of the project.
pub(crate) fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// Runs the program in a folder, 80 columns wide, without colour, and with no
/// more than 2 GB of memory to take.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    run_in_at(80, folder, arguments)
}

/// Runs the program in the folder of the project, so many columns wide.
pub(crate) fn run_at(columns: usize, arguments: &[&str]) -> Ran {
    run_in_at(columns, &root(), arguments)
}

fn run_in_at(columns: usize, folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -v 2000000; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_underbelly"))
        .args(arguments)
        .current_dir(folder)
        .env("COLUMNS", columns.to_string())
        .env("RUST_BACKTRACE", "0")
        .env_remove("NO_COLOR");
    finished(command)
}

/// Runs the program in the folder of the project.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    run_in(&root(), arguments)
}

fn finished(mut command: Command) -> Ran {
    let shown = format!("{command:?}");
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = receiver.recv_timeout(PATIENCE) else {
        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        panic!("still running after {} s: {shown}", PATIENCE.as_secs());
    };
    let output = output.unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What the program says of these paths, for programs.
#[track_caller]
pub(crate) fn model(paths: &[&str]) -> Value {
    let mut arguments = vec!["model", "--format", "json", "--as-of", AS_OF];
    arguments.extend(paths);
    run(&arguments).ended(0).json()
}

/// A folder of files that is gone after the test.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Of these files, by path.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("underbelly-test-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name).join("project"));
        std::fs::create_dir_all(&folder.0).unwrap();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Runs the program inside.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run_in(&self.0, arguments)
    }

    /// The model of everything inside, for programs.
    #[track_caller]
    pub(crate) fn model(&self) -> Value {
        self.run(&["model", ".", "--format", "json", "--as-of", AS_OF])
            .ended(0)
            .json()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind lies in the folder for passing things.
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap_or(&self.0));
    }
}
