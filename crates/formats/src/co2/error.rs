//! What can be wrong with CO2 files.

use std::path::PathBuf;

use nutag_grid::overlap::CellsError;

use crate::gridded::CfError;

use super::unit::{LARGEST_ERROR_PPM, LARGEST_PPM, LEAST_PPM};
use super::{Field, Month, Unit};

/// Why CO2 files were refused, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Co2Error {
    /// The file cannot be opened or read.
    #[error("{path}: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system or the library says.
        reason: String,
    },
    /// An archive that holds the files.
    #[error(
        "{path}: expected a grid, found a {kind} archive, as the data centre delivers them. Unpack it and point at \
         the files inside: {how} {path}"
    )]
    Archive {
        /// The file.
        path: PathBuf,
        /// `tar`, `gzip`, `zip`, ...
        kind: &'static str,
        /// The command that unpacks it.
        how: &'static str,
    },
    /// A file that ends early.
    #[error(
        "{path}: the file is truncated: its header promises {expected_bytes} bytes, it has {found_bytes}. Download it again"
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes the header promises.
        expected_bytes: u64,
        /// Bytes there are.
        found_bytes: u64,
    },
    /// Something else altogether.
    #[error(
        "{path}: expected GOSAT level 3 (HDF5), CF netCDF or a raster with CO2, found {found}. {advice}"
    )]
    NotRecognised {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// A group, data set or attribute that the layout needs.
    #[error(
        "{path}: expected {what}, found none. The file is damaged or of a version that is not known (V02 and V03 are)"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// Its name inside the file.
        what: String,
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
    /// The field that was asked for is not in this version.
    #[error(
        "{path}: {field} XCO2 was asked for, but version {version} holds only {found}. \
         Ask for the other field (field = \"{other}\"), or use V03 files, which hold both"
    )]
    NoField {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        field: Field,
        /// The version of the file.
        version: String,
        /// What there is.
        found: &'static str,
        /// The field that would be there.
        other: Field,
    },
    /// A netCDF file that does not follow the CF conventions far enough.
    #[error(
        "{path}: a netCDF file without the CF metadata that is needed: {lacking}. Add it (ncatted, ncap2), or pass the \
         file as a raster with `unit` and `month`"
    )]
    NotCf {
        /// The file.
        path: PathBuf,
        /// What is lacking.
        lacking: String,
    },
    /// No variable, or more than one, could be the one that is meant.
    #[error(
        "{path}: expected one variable with the column mean of CO2, found {found}. Name it: variable = \"...\"; the file has {present}"
    )]
    Variable {
        /// The file.
        path: PathBuf,
        /// The candidates, or none.
        found: String,
        /// All variables of the file.
        present: String,
    },
    /// A unit nobody can convert.
    #[error(
        "{path}, {dataset}: expected a unit of CO2 in air (ppm, ppmv, 1e-6, mol mol-1, kg kg-1, or 1 with a standard_name \
         that says mole or mass fraction), found {found}. If you know it, say so: unit = \"ppm\""
    )]
    Unit {
        /// The file.
        path: PathBuf,
        /// The data set.
        dataset: String,
        /// The unit, and the standard name.
        found: String,
    },
    /// Numbers that cannot be the column mean of CO2.
    #[error(transparent)]
    Magnitude(Box<Magnitude>),
    /// A standard error that cannot be one.
    #[error(
        "{path}, {month}: a standard error of {ppm} ppm, and those of a month lie within 0 to {LARGEST_ERROR_PPM} ppm. Does \
         the file declare what stands for nothing, and is the unit of the errors right?"
    )]
    StandardError {
        /// The file.
        path: PathBuf,
        /// The month.
        month: Month,
        /// What the file has, in ppm.
        ppm: f64,
    },
    /// Axes of a CF netCDF file that are no monthly map.
    #[error(transparent)]
    Cf(CfError),
    /// A year and month that are none.
    #[error("{path}: expected a year and a month 1..12 in {place}, found {found}")]
    NoMonth {
        /// The file.
        path: PathBuf,
        /// Where it should be.
        place: &'static str,
        /// What there is.
        found: String,
    },
    /// A month without any value.
    #[error(
        "{path}, {month}: all {cells} cells are masked or missing. Leave the month out (a missing month is allowed), or \
         download the file again"
    )]
    AllMasked {
        /// The file.
        path: PathBuf,
        /// The month.
        month: Month,
        /// Cells of the grid.
        cells: usize,
    },
    /// Two files, or two times of one file, for one month.
    #[error(
        "{month} occurs twice: in {first} and in {second}. Keep one of them (of two productions the newer); daily files \
         must be averaged to months first"
    )]
    MonthTwice {
        /// The month.
        month: Month,
        /// The one file.
        first: PathBuf,
        /// The other, or the same.
        second: PathBuf,
    },
    /// Files of different products or versions.
    #[error(
        "{first} is {first_product}, {second} is {second_product}: products and versions must not be mixed in one series \
         (V01, V02 and V03 of GOSAT do not share a growth rate). Keep one of them"
    )]
    Mixed {
        /// A file.
        first: PathBuf,
        /// What it is.
        first_product: String,
        /// Another file.
        second: PathBuf,
        /// What that is.
        second_product: String,
    },
    /// Files on different cells.
    #[error(
        "{first} has {first_cells} cells, {second} {second_cells}, or they lie elsewhere: a series needs one grid. \
         Regrid one of them, or leave it out"
    )]
    Grids {
        /// A file.
        first: PathBuf,
        /// Its rows and columns.
        first_cells: String,
        /// Another file.
        second: PathBuf,
        /// Its rows and columns.
        second_cells: String,
    },
    /// No file at all.
    #[error(
        "{place}: expected at least one CO2 file (.h5, .nc, .tif, ...), found none; check the folder or pattern"
    )]
    NoFiles {
        /// The folder or pattern; empty when a list of files was given.
        place: PathBuf,
    },
    /// A raster whose place is not plain longitude and latitude.
    #[error(
        "{path}: expected a north-up or south-up raster in longitude and latitude, found {found}. \
             Bring it there: gdalwarp -t_srs EPSG:4326 {path} lonlat.tif"
    )]
    RasterPlace {
        /// The file.
        path: PathBuf,
        /// What there is.
        found: String,
    },
    /// A raster of which nobody said what it is.
    #[error(
        "{path}: a raster says neither its unit nor its month. Say both: unit = \"ppm\" and month = \"2011-04\""
    )]
    RasterUntold {
        /// The file.
        path: PathBuf,
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

impl From<CfError> for Co2Error {
    fn from(error: CfError) -> Self {
        match error {
            CfError::Open { path, reason } => Self::Open { path, reason },
            // Here there is another way out.
            CfError::NotCf { path, lacking } => Self::NotCf { path, lacking },
            CfError::Contradiction {
                path,
                first,
                second,
                advice,
            } => Self::Contradiction {
                path,
                first,
                second,
                advice,
            },
            CfError::Cells { path, source } => Self::Cells { path, source },
            other => Self::Cf(other),
        }
    }
}

/// Numbers that cannot be the column mean of CO2: the first of them, and how many.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "{path}, {dataset}, {month}: {value} {unit} (row {row}, column {col}) would be {ppm} ppm, and a column mean lies within \
     {LEAST_PPM}..{LARGEST_PPM} ppm; so do {count} of {valid} cells with a value. {hint}"
)]
pub struct Magnitude {
    /// The file.
    pub path: PathBuf,
    /// The data set.
    pub dataset: String,
    /// The month.
    pub month: Month,
    /// The unit it was read with.
    pub unit: Unit,
    /// The first such number, as stored.
    pub value: f64,
    /// The same in ppm.
    pub ppm: f64,
    /// Its row in the file.
    pub row: usize,
    /// Its column in the file.
    pub col: usize,
    /// How many cells are so.
    pub count: usize,
    /// How many cells have a value.
    pub valid: usize,
    /// What it may be.
    pub hint: String,
}
