//! What can go wrong, and whose turn it is then.

use std::fmt;

use crate::ledger::Overlap;

/// One thing that is wrong: what was expected and found, where, and what to
/// do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    what: String,
    place: Option<String>,
    advice: Option<String>,
}

impl Message {
    /// What was expected, and what was found.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            place: None,
            advice: None,
        }
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

    /// It was asked wrongly: the user changes the question or its inputs.
    #[must_use]
    pub fn asked(self) -> MrvError {
        MrvError::Asked(self)
    }

    /// It failed while running.
    #[must_use]
    pub fn failed(self) -> MrvError {
        MrvError::Failed(self)
    }
}

impl fmt::Display for Message {
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

/// Why there is no workbook, or no entry in the ledger.
#[derive(Debug, thiserror::Error)]
pub enum MrvError {
    /// The question or its inputs do not make sense; exit code 2.
    #[error("{0}")]
    Asked(Message),
    /// The work could not be finished; exit code 1.
    #[error("{0}")]
    Failed(Message),
    /// A claim shares ground, time and gas with others; exit code 2.
    #[error("{message}")]
    DoubleClaim {
        /// The same in words.
        message: Message,
        /// Every claim it overlaps, by id.
        overlaps: Vec<Overlap>,
    },
}

impl MrvError {
    /// Whether the user must change the question rather than try again.
    #[must_use]
    pub fn was_asked_wrongly(&self) -> bool {
        !matches!(self, Self::Failed(_))
    }

    /// What a program may want to know besides the message.
    #[must_use]
    pub fn details(&self) -> Option<serde_json::Value> {
        match self {
            Self::DoubleClaim { overlaps, .. } => Some(serde_json::json!({ "overlaps": overlaps })),
            Self::Asked(_) | Self::Failed(_) => None,
        }
    }
}
