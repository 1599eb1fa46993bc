//! What came of a run of the program.

use std::fmt;
use std::process::{ExitStatus, Output};

/// Exit code and output of a run.
#[derive(Debug)]
pub struct Outcome {
    status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it said beside.
    pub stderr: String,
}

impl Outcome {
    pub(crate) fn new(status: ExitStatus, stdout: String, stderr: String) -> Self {
        let outcome = Self {
            status,
            stdout,
            stderr,
        };
        assert!(!outcome.stderr.contains("panicked"), "{outcome}");
        outcome
    }

    /// From the output of a command.
    ///
    /// # Panics
    /// If the output is not text, or the program has panicked.
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is text");
        Self::new(output.status, text(&output.stdout), text(&output.stderr))
    }

    /// Whether it ended well.
    #[must_use]
    pub fn done(&self) -> bool {
        self.status.success()
    }

    /// Its exit code; `None` if a signal ended it.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Asserts the exit code, and that stderr says each of `words`.
    ///
    /// # Panics
    /// If not.
    #[track_caller]
    pub fn expect(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code(), Some(code), "{self}");
        for word in words {
            assert!(
                self.stderr.contains(word),
                "stderr does not say {word:?}\n{self}"
            );
        }
        if code != 0 {
            assert!(
                self.stdout.is_empty(),
                "a failure prints nothing as a result\n{self}"
            );
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\nstdout:\n{}\nstderr:\n{}",
            self.status, self.stdout, self.stderr
        )
    }
}
