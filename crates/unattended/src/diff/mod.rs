//! Which numbers differ between two run folders, by how much, and because of what.

mod causes;
mod table;
mod write;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::folder::RunFolder;
pub use causes::{Cause, CauseKind};
use nutag_problem::Error;
pub use table::{Move, MoveKind};
pub use write::{changes_csv, changes_markdown};

/// How two run folders differ.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// The one before.
    pub before: PathBuf,
    /// The one after.
    pub after: PathBuf,
    /// Inputs and rules that differ.
    pub causes: Vec<Cause>,
    /// Tables that were compared.
    pub tables: Vec<TableDifference>,
    /// What moved, table by table, in the order of the later one's rows.
    pub moves: Vec<Move>,
}

/// How a table differs.
#[derive(Debug, Clone, Serialize)]
pub struct TableDifference {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// Values that moved in rows that both have.
    pub moved: usize,
    /// Rows that only the later one has.
    pub appeared: usize,
    /// Rows that only the earlier one has.
    pub vanished: usize,
    /// Columns that only one of them has: the earlier with `-` before, the later with `+`.
    pub columns: Vec<String>,
}

impl Difference {
    /// Values that moved, and rows that came or went.
    #[must_use]
    pub fn count(&self) -> usize {
        self.moves.len()
    }
}

/// Compares two run folders, table by table, by their key columns.
///
/// # Errors
/// A folder that is no result of this program or is not whole.
pub fn compare(before: &Path, after: &Path) -> Result<Difference, Error> {
    let (old, new) = (RunFolder::open(before)?, RunFolder::open(after)?);
    let causes = causes::causes(&old, &new)?;
    let why = causes::Why::new(&causes, &new.values()?);
    let mut tables = Vec::new();
    let mut moves = Vec::new();
    for mark in &new.manifest.tables {
        let earlier = old.manifest.tables.iter().find(|t| t.name == mark.name);
        let (table, found) = table::compare(&old, &new, mark, earlier.is_some(), &why)?;
        tables.push(table);
        moves.extend(found);
    }
    for mark in &old.manifest.tables {
        if !new.manifest.tables.iter().any(|t| t.name == mark.name) {
            let (table, found) = table::vanished(&old, mark, &why)?;
            tables.push(table);
            moves.extend(found);
        }
    }
    Ok(Difference {
        before: old.path,
        after: new.path,
        causes,
        tables,
        moves,
    })
}
