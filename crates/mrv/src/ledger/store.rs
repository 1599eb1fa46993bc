//! The database file: making it, opening it, and what must hold in it.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use nutag_problem::{Error, Problem};

/// Marks the file as a ledger of this program ("Nutg"; `file` and SQLite show it).
const APPLICATION_ID: i32 = 0x4e75_7467;
/// Version of the tables. A ledger of a newer program is refused.
const SCHEMA_VERSION: i32 = 1;
/// How long one process waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(30);

const SCHEMA: &str = "
CREATE TABLE claim (
    id            TEXT    PRIMARY KEY NOT NULL CHECK (length(id) > 0),
    first_year    INTEGER NOT NULL,
    last_year     INTEGER NOT NULL CHECK (last_year >= first_year),
    gas           TEXT    NOT NULL,
    tco2          INTEGER NOT NULL CHECK (tco2 > 0),
    host          TEXT    NOT NULL,
    buyer         TEXT    NOT NULL CHECK (buyer <> host),
    registry      TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    transfer_year INTEGER,
    use_year      INTEGER,
    area_km2      REAL    NOT NULL CHECK (area_km2 > 0),
    west_degrees  REAL    NOT NULL,
    south_degrees REAL    NOT NULL,
    east_degrees  REAL    NOT NULL,
    north_degrees REAL    NOT NULL,
    area_wkb      BLOB    NOT NULL,
    area_sha256   TEXT    NOT NULL
) STRICT;
CREATE TABLE history (
    number   INTEGER PRIMARY KEY NOT NULL,
    at_utc   TEXT    NOT NULL,
    by       TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    claim    TEXT    NOT NULL REFERENCES claim (id),
    reason   TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    previous TEXT    NOT NULL,
    sha256   TEXT    NOT NULL
) STRICT;
CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER history_is_never_removed BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER claims_are_never_removed BEFORE DELETE ON claim
BEGIN SELECT RAISE(ABORT, 'a claim is withdrawn, never removed'); END;
CREATE TRIGGER land_is_never_changed BEFORE UPDATE OF
    id, first_year, last_year, gas, tco2, host, buyer, registry, area_wkb, area_sha256 ON claim
BEGIN SELECT RAISE(ABORT, 'only the status of a claim changes'); END;
";

/// Whether a ledger is opened to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// Makes an empty ledger in a file that does not exist.
pub(super) fn create(path: &Path) -> Result<Connection, Error> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(
                Problem::new("exists already, and a ledger is never replaced")
                    .at(path.display())
                    .advice("use it with `nutag claims add --ledger`, or name another file")
                    .asked(),
            );
        }
        Err(error) => {
            return Err(Problem::new(format!("the ledger cannot be made: {error}"))
                .at(path.display())
                .advice("choose a folder that exists and where you may write")
                .asked());
        }
    }
    let make = || {
        let mut connection = connect(path, Access::Write)?;
        let change = connection.transaction()?;
        change.execute_batch(SCHEMA)?;
        change.pragma_update(None, "application_id", APPLICATION_ID)?;
        change.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        change.commit()?;
        Ok(connection)
    };
    make().map_err(|error: rusqlite::Error| {
        // A half-made ledger helps nobody; it has just been made here.
        let _ = std::fs::remove_file(path);
        failed(path, &error)
    })
}

/// Opens a ledger that exists.
pub(super) fn open(path: &Path, access: Access) -> Result<Connection, Error> {
    nutag_files::check_plain_file(path).map_err(|error| {
        Problem::new(format!("the ledger cannot be opened: {error}"))
            .at(path.display())
            .advice("name the file itself with --ledger")
            .asked()
    })?;
    if !path.is_file() {
        return Err(Problem::new("there is no ledger of this name")
            .at(path.display())
            .advice("check the path, or begin a ledger with `nutag claims init --ledger FILE`")
            .asked());
    }
    let not_one = || {
        Problem::new("is not a ledger of claims of this program")
            .at(path.display())
            .advice("name the file that `nutag claims init` made")
            .asked()
    };
    let read = |connection: &Connection, name: &str| {
        connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0))
    };
    let opened = connect(path, access)
        .and_then(|connection| Ok((read(&connection, "application_id")?, connection)));
    let connection = match opened {
        Ok((APPLICATION_ID, connection)) => connection,
        Ok(_) => return Err(not_one()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            return Err(not_one());
        }
        Err(error) => return Err(failed(path, &error)),
    };
    let version = read(&connection, "user_version").map_err(|error| failed(path, &error))?;
    if version != SCHEMA_VERSION {
        return Err(Problem::new(format!(
            "expected a ledger of version {SCHEMA_VERSION}, found version {version}"
        ))
        .at(path.display())
        .advice("use the program that made it, or a newer one")
        .asked());
    }
    Ok(connection)
}

fn connect(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let flags = match access {
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    // The rollback journal, not WAL: one file, and offices keep it on network drives,
    // where WAL does not work. A change is on the disk when the program says so.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// The message for what SQLite refuses.
pub(super) fn failed(path: &Path, error: &rusqlite::Error) -> Error {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has held the ledger for more than 30 s; try again when it has ended"
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "the file and its folder must be writable"
        }
        Some(ErrorCode::DiskFull) => "the disk is full: free some space and try again",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the file is damaged: go back to the last copy of it"
        }
        _ => "nothing was changed; try again, and check the file with `nutag claims check`",
    };
    Problem::new(format!("the ledger cannot be used: {error}"))
        .at(path.display())
        .advice(advice)
        .failed()
}
