//! What can be wrong with climate files.

use std::path::PathBuf;

use super::{ClimateUnit, Element};
use crate::csv_table::CsvTableError;
use crate::{CfError, Month};

/// Why climate files were refused, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClimateError {
    /// What any CF netCDF file can have.
    #[error(transparent)]
    Cf(#[from] CfError),
    /// What any table can have.
    #[error(transparent)]
    Table(#[from] CsvTableError),
    /// No file at all.
    #[error(
        "{place}: expected at least one netCDF file with {element}, found none; check the folder or pattern"
    )]
    NoFiles {
        /// The folder or pattern.
        place: PathBuf,
        /// What for.
        element: Element,
    },
    /// No variable, or more than one, could be the one that is meant.
    #[error(
        "{path}: expected one variable with {element}, found {found}. Name it: {element}_variable = \"...\"; the file \
         has {present}"
    )]
    Variable {
        /// The file.
        path: PathBuf,
        /// What for.
        element: Element,
        /// The candidates, or none.
        found: String,
        /// All variables of the file.
        present: String,
    },
    /// A unit that says too little.
    #[error("{path}, {variable}: expected a unit of {element} ({units}), found {found}. {advice}")]
    Unit {
        /// The file.
        path: PathBuf,
        /// The variable, or the column.
        variable: String,
        /// What for.
        element: Element,
        /// What would be accepted.
        units: &'static str,
        /// What there is.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// Numbers that no place on Earth has.
    #[error(transparent)]
    Magnitude(Box<ClimateMagnitude>),
    /// One month twice.
    #[error(
        "{month} of {element} occurs twice: in {first} and in {second}. Keep one of them; daily files must be \
         averaged to months first"
    )]
    MonthTwice {
        /// What for.
        element: Element,
        /// The month.
        month: Month,
        /// The one file.
        first: PathBuf,
        /// The other, or the same.
        second: PathBuf,
    },
    /// Files on different cells.
    #[error(
        "{first} and {second} have different cells: a series needs one grid. Regrid one of them, or leave it out"
    )]
    Grids {
        /// A file.
        first: PathBuf,
        /// Another file.
        second: PathBuf,
    },
    /// A month that is not in the files.
    #[error("{place}: no {element} of {month}")]
    NoMonth {
        /// The files.
        place: PathBuf,
        /// What for.
        element: Element,
        /// The month.
        month: Month,
    },
    /// A region and month twice in a station table.
    #[error(
        "{path}, line {line}: {region} has {month} twice (first on line {first}); average the stations of a region first"
    )]
    StationTwice {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// The line of the first.
        first: u64,
        /// The region.
        region: String,
        /// The month.
        month: Month,
    },
}

/// Numbers that no place on Earth has: the first of them, and how many.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "{path}, {variable}, {month}: {value} {unit} would be {converted}, and a month's {element} lies within {least} to \
     {largest}; so do {count} of {valid} values. {hint}"
)]
pub struct ClimateMagnitude {
    /// The file.
    pub path: PathBuf,
    /// The variable.
    pub variable: String,
    /// What for.
    pub element: Element,
    /// The month.
    pub month: Month,
    /// The unit it was read with.
    pub unit: ClimateUnit,
    /// The first such number, as stored.
    pub value: f64,
    /// The same in degC or mm a month.
    pub converted: f64,
    /// The least that can be.
    pub least: f64,
    /// The largest that can be.
    pub largest: f64,
    /// How many values are so.
    pub count: usize,
    /// How many values there are.
    pub valid: usize,
    /// What it may be.
    pub hint: String,
}
