//! What can be wrong with climate files.

use std::path::PathBuf;

use crate::Month;
use crate::csv_table::CsvTableError;
use crate::gridded::GriddedError;

/// Why climate files were refused, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClimateError {
    /// What any grid of a quantity can have.
    #[error(transparent)]
    Grid(#[from] GriddedError),
    /// What any table can have.
    #[error(transparent)]
    Table(#[from] CsvTableError),
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
