//! The history: every change, appended and never touched again.
//!
//! Each entry holds the SHA-256 of itself with that of the entry before, so
//! that an entry changed, removed or put between later is found.

use nutag_files::sha256_bytes;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::claim::Claim;

/// What the first entry has before it.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Who changes the ledger, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// Person or office.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// An entry of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its number, from 1.
    pub number: i64,
    /// When, in UTC, as `2026-01-31T09:15:00Z`.
    pub at_utc: String,
    /// Who.
    pub by: String,
    /// What: `add`, `record` or `withdraw`.
    pub action: String,
    /// The claim.
    pub claim: String,
    /// Why.
    pub reason: String,
    /// The claim after the change, as JSON.
    pub state: String,
    /// SHA-256 of the entry before.
    pub previous: String,
    /// SHA-256 of this entry.
    pub sha256: String,
}

impl Change {
    /// The hash that the entry must have.
    fn expected_sha256(&self) -> String {
        // JSON text keeps the fields apart whatever is in them.
        let fields = serde_json::json!([
            self.number,
            self.at_utc,
            self.by,
            self.action,
            self.claim,
            self.reason,
            self.state,
            self.previous
        ]);
        sha256_bytes(fields.to_string().as_bytes())
    }
}

/// The text of a claim that the history keeps.
pub(super) fn state(claim: &Claim) -> String {
    serde_json::json!(claim).to_string()
}

/// Appends an entry; inside the transaction that changes the claim.
pub(super) fn append(
    connection: &Connection,
    action: &str,
    claim: &Claim,
    note: &Note,
) -> rusqlite::Result<()> {
    let last = connection
        .query_row(
            "SELECT number, sha256 FROM history ORDER BY number DESC LIMIT 1",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
        )
        .optional()?;
    let (number, previous) = last.map_or((1, BEGINNING.to_owned()), |(n, sha256)| (n + 1, sha256));
    let at_utc =
        connection.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", [], |row| {
            row.get(0)
        })?;
    let mut change = Change {
        number,
        at_utc,
        by: note.by.clone(),
        action: action.to_owned(),
        claim: claim.id.clone(),
        reason: note.reason.clone(),
        state: state(claim),
        previous,
        sha256: String::new(),
    };
    change.sha256 = change.expected_sha256();
    connection.execute(
        "INSERT INTO history (number, at_utc, by, action, claim, reason, state, previous, sha256)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            change.number,
            change.at_utc,
            change.by,
            change.action,
            change.claim,
            change.reason,
            change.state,
            change.previous,
            change.sha256
        ],
    )?;
    Ok(())
}

/// The whole history, oldest first.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<Change>> {
    let mut query = connection.prepare(
        "SELECT number, at_utc, by, action, claim, reason, state, previous, sha256
         FROM history ORDER BY number",
    )?;
    let rows = query.query_map([], |row| {
        Ok(Change {
            number: row.get(0)?,
            at_utc: row.get(1)?,
            by: row.get(2)?,
            action: row.get(3)?,
            claim: row.get(4)?,
            reason: row.get(5)?,
            state: row.get(6)?,
            previous: row.get(7)?,
            sha256: row.get(8)?,
        })
    })?;
    rows.collect()
}

/// What does not hold in a history.
pub(super) fn faults(changes: &[Change]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut previous = BEGINNING;
    for (expected, change) in (1..).zip(changes) {
        if change.number != expected {
            faults.push(format!(
                "history: expected entry {expected}, found entry {}; entries are missing",
                change.number
            ));
            return faults;
        }
        if change.previous != previous {
            faults.push(format!(
                "history: entry {} does not follow the one before it",
                change.number
            ));
        }
        if change.sha256 != change.expected_sha256() {
            faults.push(format!(
                "history: entry {} was changed after it was written",
                change.number
            ));
        }
        previous = &change.sha256;
    }
    faults
}
