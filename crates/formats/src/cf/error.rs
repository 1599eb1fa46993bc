//! What can be wrong with a CF netCDF file, whatever it holds.

use std::path::PathBuf;

use nutag_grid::overlap::CellsError;

/// Why a CF netCDF file was refused, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CfError {
    /// The file cannot be opened or read.
    #[error("{path}: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system or the library says.
        reason: String,
    },
    /// A netCDF file that does not follow the CF conventions far enough.
    #[error(
        "{path}: a netCDF file without the CF metadata that is needed: {lacking}. Add it (ncatted, ncap2)"
    )]
    NotCf {
        /// The file.
        path: PathBuf,
        /// What is lacking.
        lacking: String,
    },
    /// Axes that are no monthly map.
    #[error(
        "{path}, {variable}: expected the dimensions (time, latitude, longitude), found ({found}). {advice}"
    )]
    Dimensions {
        /// The file.
        path: PathBuf,
        /// The variable.
        variable: String,
        /// Its dimensions.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// A time axis that cannot be read.
    #[error("{path}, {variable}: expected {expected}, found {found}. {advice}")]
    Time {
        /// The file.
        path: PathBuf,
        /// The time variable.
        variable: String,
        /// What would be accepted.
        expected: &'static str,
        /// What there is.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// Two statements of one file exclude each other.
    #[error("{path}: {first}, but {second}. {advice}")]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// One statement.
        first: String,
        /// The other.
        second: String,
        /// What to do.
        advice: &'static str,
    },
    /// Cells that are no grid.
    #[error("{path}: {source}")]
    Cells {
        /// The file.
        path: PathBuf,
        /// Why.
        source: CellsError,
    },
}
