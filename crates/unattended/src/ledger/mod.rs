//! The ledger of runs: what ran when, on what, and how it ended. An SQLite file in the folder of
//! runs.
//!
//! Runs are ordered by their number and never by the clock, which may jump.

mod row;

use std::path::{Path, PathBuf};
use std::time::Duration;

use nutag_pipeline::manifest::Input;
use nutag_problem::{Error, Problem};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

pub use row::{Run, State};

use crate::clock::Moment;

/// The file in a folder of runs.
pub const NAME: &str = "ledger.sqlite";
/// The version of the tables below.
const SCHEMA: i64 = 1;

const TABLES: &str = "
CREATE TABLE runs (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  started        TEXT NOT NULL,
  pipeline       TEXT NOT NULL,
  state          TEXT NOT NULL,
  message        TEXT NOT NULL DEFAULT '',
  folder         TEXT,
  fingerprint    TEXT,
  inputs         INTEGER,
  inputs_changed INTEGER,
  numbers_moved  INTEGER,
  duration_ms    INTEGER,
  peak_memory_bytes INTEGER,
  pruned         TEXT
) STRICT;
CREATE TABLE run_inputs (
  run    INTEGER NOT NULL REFERENCES runs(id),
  role   TEXT NOT NULL,
  path   TEXT NOT NULL,
  bytes  INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;
";

/// The ledger of a folder of runs.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    connection: Connection,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ending<'a> {
    /// How.
    pub state: State,
    /// A sentence.
    pub message: &'a str,
    /// The dated folder, by its name in the folder of runs.
    pub folder: Option<&'a str>,
    /// What the run was made of, in one hash.
    pub fingerprint: Option<&'a str>,
    /// The inputs, where they were hashed.
    pub inputs: &'a [Input],
    /// Inputs and rules that differ from the last good run.
    pub inputs_changed: Option<usize>,
    /// Values that moved, and rows that came or went.
    pub numbers_moved: Option<usize>,
    /// How long it took.
    pub duration: Duration,
    /// The most memory held at once.
    pub peak_memory_bytes: Option<u64>,
}

impl Ledger {
    /// Opens the ledger of a folder, and makes it if there is none.
    ///
    /// # Errors
    /// If the system refuses, or it is of a later version of the program.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::connect(path, flags)
    }

    /// Opens the ledger of a folder to read it.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn existing(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        if !path.is_file() {
            return Err(Problem::new("there is no ledger of runs")
                .at(path.display())
                .advice("name a folder that `nutag reassess --runs` has written to")
                .asked());
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::connect(path, flags)
    }

    fn connect(path: PathBuf, flags: OpenFlags) -> Result<Self, Error> {
        nutag_files::check_plain_file(&path).map_err(|error| {
            Problem::new(format!("the ledger of runs cannot be opened: {error}"))
                .at(path.display())
                .advice("or name another folder with --runs")
                .failed()
        })?;
        let connection =
            Connection::open_with_flags(&path, flags).map_err(|e| failed(&path, &e))?;
        let ledger = Self { path, connection };
        ledger.prepare().map_err(|e| failed(&ledger.path, &e))?;
        let version: i64 = ledger.ask(|c| c.query_row("PRAGMA user_version", [], |r| r.get(0)))?;
        if version != SCHEMA {
            return Err(Problem::new(format!(
                "expected a ledger of version {SCHEMA}, found version {version}"
            ))
            .at(ledger.path.display())
            .advice("use the program that wrote it, or another folder with --runs")
            .asked());
        }
        Ok(ledger)
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        let c = &self.connection;
        c.busy_timeout(Duration::from_secs(10))?;
        c.pragma_update(None, "foreign_keys", true)?;
        c.pragma_update(None, "synchronous", "FULL")?;
        let version: i64 = c.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let tables: i64 =
            c.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if version == 0 && tables == 0 {
            c.execute_batch(&format!(
                "BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;"
            ))?;
        }
        Ok(())
    }

    fn ask<T>(&self, act: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        act(&self.connection).map_err(|error| failed(&self.path, &error))
    }

    /// Writes down that a run begins, and gives it its number. Runs that are still said to go on
    /// have died: whoever calls this holds the lock. Returns how many did.
    ///
    /// # Errors
    /// If the ledger cannot be written.
    pub fn begin(&mut self, now: Moment, pipeline: &Path) -> Result<(i64, usize), Error> {
        self.ask(|c| {
            let died = c.execute(
                "UPDATE runs SET state = ?1, message = ?2 WHERE state = ?3",
                params![
                    State::Died.word(),
                    "the process ended without a word: killed, or the machine went down",
                    State::Running.word()
                ],
            )?;
            c.execute(
                "INSERT INTO runs (started, pipeline, state) VALUES (?1, ?2, ?3)",
                params![
                    now.text(),
                    pipeline.display().to_string(),
                    State::Running.word()
                ],
            )?;
            Ok((c.last_insert_rowid(), died))
        })
    }

    /// Writes down how a run ended.
    ///
    /// # Errors
    /// If the ledger cannot be written.
    pub fn end(&mut self, run: i64, ending: &Ending<'_>) -> Result<(), Error> {
        let integer = |n: Option<usize>| n.and_then(|n| i64::try_from(n).ok());
        let path = self.path.clone();
        let mut write = || -> rusqlite::Result<()> {
            let transaction = self.connection.transaction()?;
            transaction.execute(
                "UPDATE runs SET state = ?2, message = ?3, folder = ?4, fingerprint = ?5, inputs = ?6,
                 inputs_changed = ?7, numbers_moved = ?8, duration_ms = ?9, peak_memory_bytes = ?10
                 WHERE id = ?1",
                params![
                    run,
                    ending.state.word(),
                    ending.message,
                    ending.folder,
                    ending.fingerprint,
                    integer((!ending.inputs.is_empty()).then_some(ending.inputs.len())),
                    integer(ending.inputs_changed),
                    integer(ending.numbers_moved),
                    i64::try_from(ending.duration.as_millis()).unwrap_or(i64::MAX),
                    ending.peak_memory_bytes.and_then(|n| i64::try_from(n).ok()),
                ],
            )?;
            let mut insert = transaction.prepare(
                "INSERT OR REPLACE INTO run_inputs (run, role, path, bytes, sha256) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            // Of a run that found nothing new, the inputs are those of the run before.
            for input in ending
                .inputs
                .iter()
                .filter(|_| ending.state != State::Unchanged)
            {
                let bytes = i64::try_from(input.bytes).unwrap_or(i64::MAX);
                insert.execute(params![run, input.role, input.path, bytes, input.sha256])?;
            }
            drop(insert);
            transaction.commit()
        };
        write().map_err(|error| failed(&path, &error))
    }

    /// All runs, the first one first.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>, Error> {
        self.ask(|c| {
            let mut statement = c.prepare(&format!("{} ORDER BY id", row::SELECT))?;
            let runs = statement.query_map([], row::read)?;
            runs.collect()
        })
    }

    /// The last good run of a pipeline file whose folder is still kept.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub fn last_good(&self, pipeline: &Path) -> Result<Option<Run>, Error> {
        self.ask(|c| {
            c.query_row(
                &format!(
                    "{} WHERE pipeline = ?1 AND state IN (?2, ?3) AND pruned IS NULL ORDER BY id DESC LIMIT 1",
                    row::SELECT
                ),
                params![
                    pipeline.display().to_string(),
                    State::First.word(),
                    State::Changed.word()
                ],
                row::read,
            )
            .optional()
        })
    }

    /// The start of the run before.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub fn started_before(&self, run: i64) -> Result<Option<String>, Error> {
        self.ask(|c| {
            c.query_row(
                "SELECT started FROM runs WHERE id < ?1 ORDER BY id DESC LIMIT 1",
                params![run],
                |row| row.get(0),
            )
            .optional()
        })
    }

    /// Writes down that the folder of a run was removed by policy.
    ///
    /// # Errors
    /// If the ledger cannot be written.
    pub fn pruned(&mut self, run: i64, now: Moment) -> Result<(), Error> {
        self.ask(|c| {
            c.execute(
                "UPDATE runs SET pruned = ?2 WHERE id = ?1",
                params![run, now.text()],
            )
        })
        .map(|_| ())
    }
}

fn failed(path: &Path, error: &rusqlite::Error) -> Error {
    Problem::new(format!("the ledger of runs cannot be used: {error}"))
        .at(path.display())
        .advice("check the disk and the rights of the folder; a damaged ledger can be moved away, and a new one begins")
        .failed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn ending(state: State, folder: Option<&'static str>) -> Ending<'static> {
        Ending {
            state,
            message: "said",
            folder,
            fingerprint: Some("f"),
            inputs: &[],
            inputs_changed: Some(1),
            numbers_moved: Some(2),
            duration: Duration::from_millis(1500),
            peak_memory_bytes: Some(1 << 20),
        }
    }

    #[test]
    fn runs_are_ordered_by_number_and_the_last_good_one_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let pipeline = Path::new("/p.toml");
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let at = |text: &str| Clock::at(text).unwrap().now();
        let (first, died) = ledger.begin(at("2026-02-01T00:00:00Z"), pipeline).unwrap();
        assert_eq!(died, 0);
        ledger
            .end(first, &ending(State::First, Some("0001-a")))
            .unwrap();
        // The clock goes back a month.
        let (second, _) = ledger.begin(at("2026-01-01T00:00:00Z"), pipeline).unwrap();
        ledger
            .end(second, &ending(State::Changed, Some("0002-b")))
            .unwrap();
        let (third, _) = ledger.begin(at("2026-01-02T00:00:00Z"), pipeline).unwrap();
        drop(ledger);

        let mut ledger = Ledger::open(folder.path()).unwrap();
        assert_eq!(
            ledger.started_before(second).unwrap().as_deref(),
            Some("2026-02-01T00:00:00Z")
        );
        let (_, died) = ledger.begin(at("2026-01-03T00:00:00Z"), pipeline).unwrap();
        assert_eq!(died, 1, "the third never ended");
        let runs = ledger.runs().unwrap();
        assert_eq!(runs.iter().map(|r| r.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(runs[2].state, State::Died);
        assert_eq!(runs[2].id, third);
        assert_eq!(ledger.last_good(pipeline).unwrap().unwrap().id, second);
        assert!(
            ledger
                .last_good(Path::new("/other.toml"))
                .unwrap()
                .is_none()
        );
        ledger.pruned(second, at("2026-01-04T00:00:00Z")).unwrap();
        assert_eq!(ledger.last_good(pipeline).unwrap().unwrap().id, first);
    }

    #[test]
    fn what_is_no_ledger_is_refused_and_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            Ledger::existing(folder.path())
                .unwrap_err()
                .was_asked_wrongly()
        );
        std::fs::write(
            folder.path().join(NAME),
            "not a database, but long enough to look like one",
        )
        .unwrap();
        let error = Ledger::open(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("ledger.sqlite") && error.contains("moved away"),
            "{error}"
        );

        let later = tempfile::tempdir().unwrap();
        drop(Ledger::open(later.path()).unwrap());
        let connection = Connection::open(later.path().join(NAME)).unwrap();
        connection.pragma_update(None, "user_version", 9).unwrap();
        let error = Ledger::open(later.path()).unwrap_err().to_string();
        assert!(error.contains("found version 9"), "{error}");
    }
}
