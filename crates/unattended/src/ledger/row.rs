//! A run as the ledger has it.

use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It goes on.
    Running,
    /// The first good run of its pipeline file.
    First,
    /// Inputs or rules had changed; there is a new result.
    Changed,
    /// Nothing was new.
    Unchanged,
    /// It failed.
    Failed,
    /// A signal stopped it.
    Stopped,
    /// Its process ended without a word.
    Died,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Running,
        Self::First,
        Self::Changed,
        Self::Unchanged,
        Self::Failed,
        Self::Stopped,
        Self::Died,
    ];

    /// As the ledger has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::First => "first",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Died => "died",
        }
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Its number; a later run has a larger one, whatever the clock says.
    pub id: i64,
    /// When it began, by the clock of then.
    pub started: String,
    /// The pipeline file.
    pub pipeline: String,
    /// How it stands.
    pub state: State,
    /// A sentence.
    pub message: String,
    /// Its dated folder, by its name in the folder of runs.
    pub folder: Option<String>,
    /// What it was made of, in one hash.
    pub fingerprint: Option<String>,
    /// Number of inputs.
    pub inputs: Option<i64>,
    /// Inputs and rules that differed from the last good run.
    pub inputs_changed: Option<i64>,
    /// Values that moved, and rows that came or went.
    pub numbers_moved: Option<i64>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// The most memory held at once.
    pub peak_memory_bytes: Option<i64>,
    /// When its folder was removed by policy.
    pub pruned: Option<String>,
}

pub(super) const SELECT: &str = "SELECT id, started, pipeline, state, message, folder, fingerprint, inputs, \
                                 inputs_changed, numbers_moved, duration_ms, peak_memory_bytes, pruned FROM runs";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    let word: String = row.get(3)?;
    let state = State::ALL.into_iter().find(|state| state.word() == word);
    let state = state.ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            3,
            Type::Text,
            format!("{word:?} is not a state of a run").into(),
        )
    })?;
    Ok(Run {
        id: row.get(0)?,
        started: row.get(1)?,
        pipeline: row.get(2)?,
        state,
        message: row.get(4)?,
        folder: row.get(5)?,
        fingerprint: row.get(6)?,
        inputs: row.get(7)?,
        inputs_changed: row.get(8)?,
        numbers_moved: row.get(9)?,
        duration_ms: row.get(10)?,
        peak_memory_bytes: row.get(11)?,
        pruned: row.get(12)?,
    })
}
