//! The command that is told when something changed or failed.

use nutag_problem::{Error, Problem};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a hook may take before it is ended.
const PATIENCE: Duration = Duration::from_secs(600);

/// A program and its arguments. No shell reads them, unless the program is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The program.
    pub program: String,
    /// Its arguments, each as it is.
    pub arguments: Vec<String>,
}

/// What a hook is told, in its environment.
#[derive(Debug)]
pub(crate) struct News<'a> {
    /// `NUTAG_OUTCOME`: first, changed or failed.
    pub outcome: &'a str,
    /// `NUTAG_RUN`: the number of the run.
    pub run: i64,
    /// `NUTAG_MESSAGE`: a sentence.
    pub message: &'a str,
    /// `NUTAG_FOLDER`: the dated folder; empty if there is none.
    pub folder: Option<&'a Path>,
}

impl Hook {
    /// Runs it and waits for its end. What it prints goes to stderr.
    ///
    /// # Errors
    /// If it cannot be started, fails, or does not end.
    pub(crate) fn tell(&self, news: &News<'_>) -> Result<(), Error> {
        let failed = |what: String| {
            Problem::new(what)
                .at(format!("hook {}", self.program))
                .advice("the run itself is in the ledger; repair the hook and run it by hand")
                .failed()
        };
        let folder = news.folder.map(|folder| folder.display().to_string());
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env("NUTAG_OUTCOME", news.outcome)
            .env("NUTAG_RUN", news.run.to_string())
            .env("NUTAG_MESSAGE", news.message)
            .env("NUTAG_FOLDER", folder.unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(std::io::stderr())
            .spawn()
            .map_err(|error| failed(format!("the hook cannot be started: {error}")))?;
        let begun = Instant::now();
        loop {
            let ended = child
                .try_wait()
                .map_err(|error| failed(format!("the hook cannot be waited for: {error}")))?;
            match ended {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(failed(format!("the hook failed: {status}"))),
                None if begun.elapsed() > PATIENCE => {
                    // It may have ended this very moment.
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(failed(format!(
                        "the hook did not end in {} minutes and was ended",
                        PATIENCE.as_secs() / 60
                    )));
                }
                None => sleep(Duration::from_millis(20)),
            }
        }
    }
}
