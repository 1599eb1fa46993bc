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
    details: Option<serde_json::Value>,
}

impl Problem {
    /// What was expected, and what was found.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            place: None,
            advice: None,
            details: None,
        }
    }

    /// What an error of another library says, and its causes.
    #[must_use]
    pub fn of(error: &dyn std::error::Error) -> Self {
        Self::new(with_causes(error))
    }

    /// In which file, or where in it.
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

    /// What a program may want to know besides the message.
    #[must_use]
    pub fn details(mut self, details: serde_json::Value) -> Self {
        self.details = Some(details);
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

    /// What a program may want to know besides the message.
    #[must_use]
    pub fn details(&self) -> Option<&serde_json::Value> {
        match self {
            Self::Asked(problem) | Self::Failed(problem) => problem.details.as_ref(),
            Self::Interrupted => None,
        }
    }
}

/// An error of another library as one of this program.
pub trait OrProblem<T> {
    /// The user changes the question or its inputs.
    ///
    /// # Errors
    /// Returns [`Error::Asked`] with what the error and its causes say, if there is one.
    fn or_asked(self) -> Result<T, Error>;

    /// The work could not be finished.
    ///
    /// # Errors
    /// Returns [`Error::Failed`] with what the error and its causes say, if there is one.
    fn or_failed(self) -> Result<T, Error>;

    /// The problem, for a place or an advice of the caller's own.
    ///
    /// # Errors
    /// Returns what the error and its causes say, if there is one.
    fn or_problem(self) -> Result<T, Problem>;
}

impl<T, E: std::error::Error> OrProblem<T> for Result<T, E> {
    fn or_asked(self) -> Result<T, Error> {
        self.or_problem().map_err(Problem::asked)
    }

    fn or_failed(self) -> Result<T, Error> {
        self.or_problem().map_err(Problem::failed)
    }

    fn or_problem(self) -> Result<T, Problem> {
        self.map_err(|error| Problem::of(&error))
    }
}

/// What an error says, and after it what its causes say that it has not said itself.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Outer {
        #[error("the table cannot be read")]
        Silent(#[source] std::io::Error),
        #[error("the table cannot be read: {0}")]
        Said(#[source] std::io::Error),
    }

    fn full() -> std::io::Error {
        std::io::Error::other("no room")
    }

    #[test]
    fn causes_are_told_once() {
        for error in [Outer::Silent(full()), Outer::Said(full())] {
            let error = Err::<(), _>(error).or_failed().unwrap_err();
            assert_eq!(error.to_string(), "the table cannot be read: no room");
            assert!(!error.was_asked_wrongly());
        }
        let asked = Err::<(), _>(full()).or_asked().unwrap_err();
        assert!(asked.was_asked_wrongly());
    }

    #[test]
    fn a_problem_says_where_what_and_what_to_do() {
        let problem = Problem::new("expected a number, found \"x\"")
            .at("[npp] years")
            .advice("write four digits")
            .details(serde_json::json!({ "found": "x" }));
        let error = problem.asked().in_pipeline(Path::new("a.toml"));
        assert_eq!(
            error.to_string(),
            "a.toml, [npp] years:\nexpected a number, found \"x\"\n  -> write four digits"
        );
        assert_eq!(error.details().unwrap()["found"], "x");
    }
}
