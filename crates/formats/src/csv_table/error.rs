//! What can be wrong with a table.

use std::path::PathBuf;

/// Why a table was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvTableError {
    /// It cannot be read as a table at all.
    #[error("{path}: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A row of another length than the heading.
    #[error(
        "{path}, line {line}: expected {expected} fields, as many as the heading has, found {found}; is a comma a \
         thousands separator, or a name with a comma without quotes?"
    )]
    Fields {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// Columns of the heading.
        expected: u64,
        /// Fields of the row.
        found: u64,
    },
    /// A column that is needed.
    #[error("{path}: expected one column {expected}, found the columns {found}; name it so")]
    Column {
        /// The file.
        path: PathBuf,
        /// The column, or those of which one is needed.
        expected: String,
        /// The columns there are.
        found: String,
    },
    /// A column that nobody knows.
    #[error(
        "{path}: the column \"{column}\" is not known; known are {known}. Rename it or take it out"
    )]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Those that are known.
        known: String,
    },
    /// A value.
    #[error(
        "{path}, line {line}, column {column}: expected {expected}, found \"{found}\"; {advice}"
    )]
    Value {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// The column.
        column: String,
        /// What was expected.
        expected: String,
        /// What there is.
        found: String,
        /// What to do.
        advice: &'static str,
    },
}
