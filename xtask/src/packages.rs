//! Packages on PyPI from which tables of the library are made, fetched by Python's
//! own tool: only chores that people run by hand need it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::root;

/// A package whose data the library holds.
pub(crate) struct Package {
    pub name: &'static str,
    /// A newer one is a change of this line.
    pub version: &'static str,
    /// The line of its description that lets us pass its data on.
    pub licence: &'static str,
}

impl Package {
    /// The folder with its contents.
    pub(crate) fn fetched(&self) -> Result<PathBuf, String> {
        let Package { name, version, .. } = self;
        let folder = root().join("target/packages");
        let into = folder.display().to_string();
        let package = format!("{name}=={version}");
        python(&[
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--dest",
            &into,
            &package,
        ])?;
        let wheel = folder.join(format!("{name}-{version}-py3-none-any.whl"));
        let wheel = wheel.display().to_string();
        python(&["-m", "zipfile", "-e", &wheel, &into])?;
        let about = folder.join(format!("{name}-{version}.dist-info/METADATA"));
        let about = std::fs::read_to_string(&about).map_err(|error| error.to_string())?;
        match about.lines().any(|line| line == self.licence) {
            true => Ok(folder),
            false => Err(format!("{package} no longer says `{}`", self.licence)),
        }
    }
}

/// The day in UTC, as `YYYY-MM-DD`.
pub(crate) fn today() -> Result<String, String> {
    let program = "import time; print(time.strftime('%Y-%m-%d', time.gmtime()))";
    python(&["-c", program])
}

/// What Python says.
fn python(arguments: &[&str]) -> Result<String, String> {
    eprintln!("$ python3 {}", arguments.join(" "));
    let mut command = Command::new("python3");
    let output = command.args(arguments).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("python3: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(format!("python3 ended with {}", output.status)),
    }
}
