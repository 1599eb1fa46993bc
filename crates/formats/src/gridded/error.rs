//! What can be wrong with a CF netCDF file, whatever it holds.

use std::path::PathBuf;

use nutag_grid::overlap::CellsError;

use super::quantity::{Quantity, QuantityUnit};
use super::series::Step;

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
    /// Stored numbers of which the attributes do not say what they mean.
    #[error("{path}, {variable}: {found}. {advice}")]
    Packing {
        /// The file.
        path: PathBuf,
        /// The variable.
        variable: String,
        /// What the attributes say.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// Axes that are no map.
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

/// Why files of a quantity were refused, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GriddedError {
    /// What any CF netCDF file can have.
    #[error(transparent)]
    Cf(#[from] CfError),
    /// No file at all.
    #[error(
        "{place}: expected at least one netCDF file with {quantity}, found none; check the folder or pattern"
    )]
    NoFiles {
        /// The folder or pattern.
        place: PathBuf,
        /// What for.
        quantity: &'static Quantity,
    },
    /// No variable, or more than one, could be the one that is meant.
    #[error(
        "{path}: expected one variable with {} ({quantity}), found {found}. Name it: {quantity}_variable = \"...\"; the \
         file has {present}",
        quantity.about
    )]
    Variable {
        /// The file.
        path: PathBuf,
        /// What for.
        quantity: &'static Quantity,
        /// The candidates, or none.
        found: String,
        /// All variables of the file.
        present: String,
    },
    /// The variable that was named can never be the quantity.
    #[error(
        "{path}, {variable}: this is not {}: {found}. Name another variable: {quantity}_variable = \"...\"",
        quantity.about
    )]
    Other {
        /// The file.
        path: PathBuf,
        /// The variable.
        variable: String,
        /// What for.
        quantity: &'static Quantity,
        /// What it says that it is.
        found: String,
    },
    /// A unit that says too little.
    #[error(
        "{path}, {variable}: expected a unit of {quantity} ({}), found {found}. {advice}",
        quantity.unit_names()
    )]
    Unit {
        /// The file.
        path: PathBuf,
        /// The variable, or the column.
        variable: String,
        /// What for.
        quantity: &'static Quantity,
        /// What there is.
        found: String,
        /// What to do.
        advice: String,
    },
    /// Numbers that no place on Earth has.
    #[error(transparent)]
    Magnitude(Box<GriddedMagnitude>),
    /// One step twice.
    #[error(
        "{step} of {quantity} occurs twice: in {first} and in {second}. Keep one of them; shorter steps must be averaged \
         first"
    )]
    StepTwice {
        /// What for.
        quantity: &'static Quantity,
        /// The step.
        step: Step,
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
    /// A step that is not in the files.
    #[error("{place}: no {quantity} of {step}")]
    NoStep {
        /// The files.
        place: PathBuf,
        /// What for.
        quantity: &'static Quantity,
        /// The step.
        step: Step,
    },
}

/// Numbers that no place on Earth has: the first of them, and how many.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "{path}, {variable}, {step}: {value} {unit} would be {converted}, and {quantity} lies within {} to {}; so do {count} \
     of {valid} values. {hint}",
    quantity.plausible.0, quantity.plausible.1
)]
pub struct GriddedMagnitude {
    /// The file.
    pub path: PathBuf,
    /// The variable.
    pub variable: String,
    /// What for.
    pub quantity: &'static Quantity,
    /// The step.
    pub step: Step,
    /// The unit it was read with.
    pub unit: &'static QuantityUnit,
    /// The first such number, as the file has it.
    pub value: f64,
    /// The same in the first unit of the quantity.
    pub converted: f64,
    /// How many values are so.
    pub count: usize,
    /// How many values there are.
    pub valid: usize,
    /// What it may be.
    pub hint: String,
}
