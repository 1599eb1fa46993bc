//! What can go wrong, and whose turn it is then.

use std::fmt;
use std::path::Path;

/// One thing that is wrong: what was expected and found, where, and what to
/// do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    what: String,
    place: Option<String>,
    advice: Option<String>,
}

impl Problem {
    /// What was expected, and what was found.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            place: None,
            advice: None,
        }
    }

    /// In which file.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// What to do.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// A place such as `[npp]` is in this pipeline file; say so.
    fn in_pipeline(&mut self, file: &Path) {
        if let Some(section) = self.place.as_mut().filter(|place| place.starts_with('[')) {
            *section = format!("{}, {section}", file.display());
        }
    }

    /// It was asked wrongly: the user changes the question or its inputs.
    #[must_use]
    pub fn asked(self) -> Error {
        Error::Asked(self)
    }

    /// It failed while running.
    #[must_use]
    pub fn failed(self) -> Error {
        Error::Failed(self)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            writeln!(f, "{place}:")?;
        }
        write!(f, "{}", self.what)?;
        if let Some(advice) = &self.advice {
            write!(f, "\n  -> {advice}")?;
        }
        Ok(())
    }
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question or its inputs do not make sense; exit code 2.
    #[error("{0}")]
    Asked(Problem),
    /// The work could not be finished; exit code 1.
    #[error("{0}")]
    Failed(Problem),
    /// The user stopped it; exit code 1.
    #[error(
        "stopped; nothing was written under the name of the result\n  -> the same command goes on from here"
    )]
    Interrupted,
}

impl Error {
    /// The same, where a place such as `[npp]` is one in this pipeline file.
    #[must_use]
    pub fn in_pipeline(mut self, file: &Path) -> Self {
        if let Self::Asked(problem) | Self::Failed(problem) = &mut self {
            problem.in_pipeline(file);
        }
        self
    }

    /// The same, where it is about a task.
    #[must_use]
    pub fn in_task(mut self, id: &str) -> Self {
        if let Self::Asked(problem) | Self::Failed(problem) = &mut self {
            problem.what = format!("task {id}: {}", problem.what);
        }
        self
    }

    /// Whether the user must change the question rather than try again.
    #[must_use]
    pub fn was_asked_wrongly(&self) -> bool {
        matches!(self, Self::Asked(_))
    }
}
